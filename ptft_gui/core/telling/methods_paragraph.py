"""The paragraph for the methods section of a paper: only what the run itself recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ptft_gui.core.family.methods import METHODS
from ptft_gui.core.family.registry import FAMILIES
from ptft_gui.core.summary import RunSummary

_ALL_USED = re.compile(r"([\d,]+) rows = \1 used")
_NAMED_SOFTWARE = ("ptft-gui", "torch", "transformers", "numpy")


def methods_paragraph(summary: RunSummary, report: Mapping[str, Any]) -> str:
    """What was done and what came of it, in sentences that may be printed; ``report``: of ``evaluation.json``.

    Empty for a run that scored no test rows: held-out rows chose the best moment, so their score is not to be printed.
    """
    test = report.get("test")
    task = summary.spec.task if summary.spec is not None else None
    if not isinstance(test, Mapping) or not test.get("rows") or summary.spec is None:
        return ""
    if task not in _OUTCOMES and test.get("accuracy") is None:
        return ""
    parts: Mapping[str, int] = summary.resolved_value("parts") or {}
    sentences = [
        _what_was_trained(summary, len(report.get("labels") or ())),
        _which_rows(summary, parts),
        _what_was_corrected(summary),
        _how_divided(summary, parts),
        _OUTCOMES.get(task or "", _what_came_of_it)(test),
        _looked_at(report),
        _fold_by_fold(report),
        _software(summary),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _what_was_trained(summary: RunSummary, classes: int) -> str:
    assert summary.spec is not None
    family = FAMILIES[summary.spec.family].title if summary.spec.family in FAMILIES else summary.spec.family
    start, how = _start_of(summary, family)
    best = summary.best()
    epochs = (
        f"best of up to {summary.resolved_value('epochs')} epochs" if summary.resolved_value("epochs") else ""
    )
    chosen = (
        f"{epochs}: epoch {best.epoch:.0f}" if epochs and best is not None and best.epoch >= 1 else epochs
    )
    rate = summary.resolved_value("learning_rate")
    length = summary.resolved_value("block_size")
    facts = [
        how,
        chosen,
        f"learning rate {rate:g}" if isinstance(rate, int | float) else "",
        f"batches of {summary.resolved_value('global_batch_size')}",
        f"seed {summary.resolved_value('seed')}",
        "classes weighted equally" if summary.resolved_value("weigh_classes") else "",
        f"texts cut off after {length} tokens" if length and summary.spec.task in _CUT_OFF else "",
    ]
    told = ", ".join(fact for fact in facts if fact)
    what = _WHAT.get(summary.spec.task or "", "Texts were classified into {classes} classes").format(
        classes=classes
    )
    return f"{what} with {start} ({told})."


_CUT_OFF = ("classification", "multilabel", "pair-classification", "pair-similarity")
"""Tasks whose long texts are cut off; those of questions and names are read piece by piece."""
_WHAT = {
    "multilabel": "Texts were given any of {classes} labels",
    "pair-classification": "Pairs of texts were classified into {classes} classes",
    "pair-similarity": "The likeness of pairs of texts was estimated",
    "tagging": "Names were marked in texts",
    "question-answering": "Questions were answered with passages of given texts",
    "reply": "Replies to prompts were learned",
}


def _start_of(summary: RunSummary, family: str) -> tuple[str, str]:
    """What learned, and which part of it."""
    assert summary.spec is not None
    initial = summary.resolved_value("initial") or {}
    name = initial.get("name") if isinstance(initial, Mapping) else None
    method = next((choice.title for choice in METHODS if choice.key == summary.spec.method), "").lower()
    if name and initial.get("model_type"):
        if initial.get("is_random"):
            return f"a {family} of the shape of {name}, trained from random weights without pre-training", ""
        bare = str(name).replace(" (", " ").replace(")", "")
        return f"a fine-tuned {bare}", f"{family}; {_HOW.get(summary.spec.method or '', method)}"
    if name:
        return f"a linear layer on the averaged word vectors of {name}", f"{family}; {method}"
    return "a linear layer on averaged word vectors that were learned from these texts alone", ""


_HOW = {
    "full": "all weights trained",
    "frozen": "backbone frozen, a linear layer trained",
    "top-layers": "the uppermost layers trained",
    "lora": "LoRA",
}


def _which_rows(summary: RunSummary, parts: Mapping[str, int]) -> str:
    sums = str(summary.resolved_value("sum_sentence") or "").rstrip(".")
    unlabelled = int(parts.get("unlabelled") or 0)
    left = (
        f" {unlabelled:,} rows without a label were not used." if unlabelled and "label" not in sums else ""
    )
    if (whole := _ALL_USED.fullmatch(sums)) is not None:
        return f"All {whole[1]} rows were used.{left}"
    return f"Rows: {sums}.{left}" if sums else left.strip()


def _what_was_corrected(summary: RunSummary) -> str:
    corrected = summary.resolved_value("corrections") or {}
    told = str(corrected.get("sentence") or "") if isinstance(corrected, Mapping) else ""
    return told and f"{told} Scores are against the corrected labels."


def _how_divided(summary: RunSummary, parts: Mapping[str, int]) -> str:
    if not parts:
        return ""
    kept = (
        "; equal texts were kept in the same part" if summary.resolved_value("split") == "automatic" else ""
    )
    return (
        f"{parts.get('train', 0):,} rows were used for training, {parts.get('val', 0):,} for choosing the best epoch "
        f"and {parts.get('test', 0):,}, not used for either, for testing{kept}."
    )


def _what_came_of_it(test: Mapping[str, Any]) -> str:
    accuracy = f"Accuracy was {test['accuracy']:.3f}{_interval(test.get('accuracy_interval'))}"
    f1 = test.get("macro_f1")
    macro = f", macro F1 {f1:.3f}{_interval(test.get('macro_f1_interval'))}" if f1 is not None else ""
    majority = test.get("majority")
    plain = f"; always answering the most frequent class gives {majority:.3f}" if majority is not None else ""
    bag = test.get("bag_of_vectors")
    averaged = (
        f", averaged word vectors learned from these texts alone {bag:.3f}"
        if plain and bag is not None
        else ""
    )
    return f"{accuracy}{macro}{plain}{averaged}."


def _what_came_of_labels(test: Mapping[str, Any]) -> str:
    told = [
        _scored("micro F1", test, "micro_f1"),
        _scored("macro F1", test, "macro_f1"),
        _scored("the share of texts with all labels right", test, "accuracy"),
    ]
    threshold = test.get("threshold", 0.5)
    plain = ""
    if (majority := test.get("majority")) is not None:
        plain = f"; always answering the most frequent label alone gives micro F1 {majority:.3f}"
    return f"{_listed(told)} (a label is given from a share of {threshold:g} on){plain}."


def _what_came_of_likeness(test: Mapping[str, Any]) -> str:
    told = [
        _scored("Spearman's rank correlation with the given scores", test, "spearman"),
        _scored("Pearson's correlation", test, "pearson"),
    ]
    apart, plain = test.get("mean_error"), test.get("always_mean")
    error = f"; the mean absolute difference was {apart:.3f}" if apart is not None else ""
    always = f", that of always answering their mean {plain:.3f}" if error and plain is not None else ""
    return f"{_listed(told)}{error}{always}."


def _what_came_of_tags(test: Mapping[str, Any]) -> str:
    told = [
        _scored("entity-level F1 (CoNLL)", test, "entity_f1"),
        _scored("precision", test, "entity_precision"),
        _scored("recall", test, "entity_recall"),
        _scored("macro F1 over the kinds", test, "macro_f1"),
    ]
    return f"{_listed(told)}, on {test.get('entities', 0):,} names in {test['rows']:,} sentences."


def _what_came_of_answers(test: Mapping[str, Any]) -> str:
    official = "CMRC 2018" if test.get("definition") == "cmrc" else "SQuAD"
    told = [_scored("exact match", test, "exact_match"), _scored("F1", test, "f1")]
    silent = test.get("unanswered") or {}
    plain = ""
    if silent.get("rows") and test.get("always_none") is not None:
        plain = (
            f"; {silent['rows']:,} of the questions have no answer in their text, and always saying so gives exact "
            f"match {test['always_none']:.3f}"
        )
    chosen = silence_sentence(test)
    return f"By the definition of {official}, {_listed(told, capital=False)}{plain}.{chosen and ' '}{chosen}"


def silence_sentence(scores: Mapping[str, Any]) -> str:
    """From which margin on a question was answered with nothing, and how that was chosen; ``scores``: of one part.

    Empty where every question is answered.
    """
    threshold = scores.get("no_answer_threshold")
    if not isinstance(threshold, int | float) or isinstance(threshold, bool):
        return ""
    nats = f"{abs(threshold):.3g} nats"
    where = f"more than {nats} above" if threshold >= 0 else f"less than {nats} below"
    return (
        f"A question counts as having no answer where saying nothing scores {where} the best passage; this threshold "
        "was chosen on the validation rows, by F1."
    )


def _what_came_of_replies(test: Mapping[str, Any]) -> str:
    told = [_scored("perplexity of the true replies", test, "perplexity")]
    told.append(_scored("the share of tokens guessed first", test, "accuracy"))
    return f"{_listed(told)}, over {test.get('tokens', 0):,} tokens."


_OUTCOMES = {
    "multilabel": _what_came_of_labels,
    "pair-similarity": _what_came_of_likeness,
    "tagging": _what_came_of_tags,
    "question-answering": _what_came_of_answers,
    "reply": _what_came_of_replies,
}


def _scored(name: str, test: Mapping[str, Any], key: str) -> str:
    value = test.get(key)
    if value is None:
        return ""
    return f"{name} was {value:.3f}{_interval(test.get(f'{key}_interval'))}"


def _listed(told: list[str], capital: bool = True) -> str:
    words = ", ".join(each for each in told if each)
    return words[:1].upper() + words[1:] if capital else words


def _looked_at(report: Mapping[str, Any]) -> str:
    looks = report.get("looks")
    return (
        f"The test set was consulted {looks} times during development."
        if isinstance(looks, int) and looks > 1
        else ""
    )


def _fold_by_fold(report: Mapping[str, Any]) -> str:
    """What the five runs of a five-fold test found together, once all of them have ended."""
    folds = report.get("folds")
    if not isinstance(folds, Mapping) or folds.get("done") != folds.get("of"):
        return ""
    if "scores" in folds:
        told = [
            f"{_FOLD_NAMES.get(name, name)} {mean:.3f} ({low:.3f} to {high:.3f})"
            for name, mean, low, high in folds["scores"]
        ]
        return (
            f"Five-fold cross-validation on {folds['rows']:,} rows, each tested once; means of the five folds, and "
            f"their range: {', '.join(told)}."
        )
    low, high = folds["accuracy_range"]
    f1_low, f1_high = folds["macro_f1_range"]
    return (
        f"Five-fold cross-validation on {folds['rows']:,} rows, each tested once: accuracy was "
        f"{folds['accuracy']:.3f}, macro F1 {folds['macro_f1']:.3f} on average; the five folds ranged from "
        f"{low:.3f} to {high:.3f} ({f1_low:.3f} to {f1_high:.3f})."
    )


_FOLD_NAMES = {
    "micro_f1": "micro F1",
    "macro_f1": "macro F1",
    "spearman": "Spearman's rank correlation",
    "pearson": "Pearson's correlation",
    "entity_f1": "entity-level F1",
    "exact_match": "exact match",
    "f1": "F1",
}


def _interval(pair: Any) -> str:
    return f" (95 % CI {pair[0]:.3f}-{pair[1]:.3f})" if pair and pair[0] != pair[1] else ""


def _software(summary: RunSummary) -> str:
    named = [f"{name} {summary.versions[name]}" for name in _NAMED_SOFTWARE if name in summary.versions]
    return f"Software: {', '.join(named)}." if named else ""
