"""The paragraph for the methods section of a paper: only what the run itself recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ptft_gui.core.families import FAMILIES
from ptft_gui.core.methods import METHODS
from ptft_gui.core.summary import RunSummary

_NAMED_SOFTWARE = ("ptft-gui", "torch", "transformers", "numpy")


def methods_paragraph(summary: RunSummary, report: Mapping[str, Any]) -> str:
    """What was done and what came of it, in sentences that may be printed; ``report``: of ``evaluation.json``.

    Empty for a run that scored no test rows: held-out rows chose the best moment, so their score is not to be printed.
    """
    test = report.get("test")
    if not isinstance(test, Mapping) or not test.get("rows") or summary.spec is None:
        return ""
    parts: Mapping[str, int] = summary.resolved_value("parts") or {}
    sentences = [
        _what_was_trained(summary, len(report.get("labels") or ())),
        _which_rows(summary, parts),
        _how_divided(summary, parts),
        _what_came_of_it(test),
        _looked_at(report),
        _fold_by_fold(report),
        _software(summary),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _what_was_trained(summary: RunSummary, classes: int) -> str:
    assert summary.spec is not None
    family = FAMILIES[summary.spec.family].title if summary.spec.family in FAMILIES else summary.spec.family
    start = _start_of(summary, family)
    best = summary.best()
    epochs = (
        f"best of up to {summary.resolved_value('epochs')} epochs" if summary.resolved_value("epochs") else ""
    )
    chosen = (
        f"{epochs}: epoch {best.epoch:.0f}" if epochs and best is not None and best.epoch >= 1 else epochs
    )
    rate = summary.resolved_value("learning_rate")
    facts = [
        chosen,
        f"learning rate {rate:g}" if isinstance(rate, int | float) else "",
        f"batches of {summary.resolved_value('global_batch_size')}",
        f"seed {summary.resolved_value('seed')}",
        "classes weighted equally" if summary.resolved_value("weigh_classes") else "",
    ]
    told = ", ".join(fact for fact in facts if fact)
    what = _WHAT.get(summary.spec.task or "", "Texts were classified into {classes} classes").format(
        classes=classes
    )
    return f"{what} with {start} ({told})."


_WHAT = {
    "multilabel": "Texts were given any of {classes} labels",
    "pair-classification": "Pairs of texts were classified into {classes} classes",
    "pair-similarity": "The likeness of pairs of texts was estimated",
}


def _start_of(summary: RunSummary, family: str) -> str:
    assert summary.spec is not None
    initial = summary.resolved_value("initial") or {}
    name = initial.get("name") if isinstance(initial, Mapping) else None
    method = next((choice.title for choice in METHODS if choice.key == summary.spec.method), "").lower()
    if name and initial.get("model_type"):
        if initial.get("is_random"):
            return f"a {family} of the shape of {name}, trained from random weights without pre-training"
        return f"a fine-tuned {name} ({family}; {_HOW.get(summary.spec.method or '', method)})"
    if name:
        return f"a linear layer on the averaged word vectors of {name} ({family}; {method})"
    return "a linear layer on averaged word vectors that were learned from these texts alone"


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
    return f"Rows: {sums}.{left}" if sums else left.strip()


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
    low, high = folds["accuracy_range"]
    f1_low, f1_high = folds["macro_f1_range"]
    return (
        f"Five-fold cross-validation on {folds['rows']:,} rows, each tested once: accuracy was "
        f"{folds['accuracy']:.3f}, macro F1 {folds['macro_f1']:.3f} on average; the five folds ranged from "
        f"{low:.3f} to {high:.3f} ({f1_low:.3f} to {f1_high:.3f})."
    )


def _interval(pair: Any) -> str:
    return f" (95 % CI {pair[0]:.3f}-{pair[1]:.3f})" if pair and pair[0] != pair[1] else ""


def _software(summary: RunSummary) -> str:
    named = [f"{name} {summary.versions[name]}" for name in _NAMED_SOFTWARE if name in summary.versions]
    return f"Software: {', '.join(named)}." if named else ""
