"""The scores of a report: with their intervals, beside what little effort would score, and who was taken for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ptft_gui.core.report.facts import ReportFacts
from ptft_gui.core.report.markup import STACK, folded, paragraph, section, table
from ptft_gui.core.resources import read_json_resource
from ptft_gui.core.telling.held_out import held_out_of
from ptft_gui.core.telling.methods_paragraph import methods_paragraph, silence_sentence
from ptft_gui.core.wording import three_digits

_MOST_CLASSES_IN_MATRIX = 40
_SCORES = {
    "perplexity": "Perplexity",
    "micro_f1": "Micro F1",
    "exact_match": "Exact match",
    "f1": "F1",
    "entity_f1": "F1 of whole names",
    "entity_precision": "Precision",
    "entity_recall": "Recall",
    "accuracy": "Accuracy",
    "macro_f1": "Macro F1",
    "spearman": "Spearman's correlation",
    "pearson": "Pearson's correlation",
    "mean_error": "Mean difference, in points of the scale",
    "always_mean": "Mean difference if their mean is always answered",
    "loss": "Loss, in nats",
}
_ACCURACY_OF = {"multilabel": "Texts with all labels right", "reply": "First guess right, of all tokens"}
"""What the share of right answers is a share of, where it is not rows."""
_EXPLAINED = {
    "accuracy": "Accuracy",
    "micro_f1": "Micro F1",
    "exact_match": "Exact match",
    "f1": "F1",
    "entity_f1": "F1",
    "entity_precision": "Precision",
    "entity_recall": "Recall",
    "macro_f1": "Macro F1",
    "spearman": "Spearman's correlation",
    "perplexity": "Perplexity",
    "loss": "Nats",
}
"""The entry of the glossary that says what a score is."""


def scores(facts: ReportFacts) -> str:
    """The score to report, with its interval, beside what little effort would score; then the matrix."""
    test, val = facts.evaluation.get("test"), facts.evaluation.get("val")
    methods = methods_paragraph(facts.summary, facts.evaluation)
    shown = test if isinstance(test, Mapping) else val
    chosen = silence_sentence(shown) if isinstance(shown, Mapping) else ""
    task = facts.spec.task if facts.spec is not None else None
    if shown is None and task is None and _reads_language(facts):
        return _of_language(facts)
    return section(
        "Score to report" if isinstance(test, Mapping) else "Scores",
        _score_table(test, "test rows, read once at the end", _baselines(facts.evaluation, "test"), task),
        _meanings(shown, task),
        paragraph(chosen if not methods else "", "quiet"),
        paragraph(methods, "methods"),
        _matrix(facts.evaluation, "test" if isinstance(test, Mapping) else "val"),
        _classes(test if isinstance(test, Mapping) else val),
        folded(
            "Scores on the rows that chose the best moment; not to report",
            _score_table(val, "held-out rows", _baselines(facts.evaluation, "val"), task),
        ),
        _mistakes(facts),
    )


def _reads_language(facts: ReportFacts) -> bool:
    return facts.spec is not None and facts.spec.family in ("bert", "gpt")


def _of_language(facts: ReportFacts) -> str:
    """Perplexity and bits per character of the kept moment, beside guessing and what it started from."""
    found = held_out_of(facts.summary, bool(facts.spec and facts.spec.init))
    if found is None:
        return ""
    measured = [("Model", found.result), ("Guessing by how common a token is", found.guessing)]
    measured.append(("What it started from", found.start))
    size = found.characters_per_token
    rows = [
        (
            name,
            three_digits(each.perplexity),
            three_digits(each.bits(size)) if size else "",
            three_digits(each.nats),
        )
        for name, each in measured
        if each is not None
    ]
    where = (
        "On text that was held out, at the moment that is kept."
        if found.is_held_out
        else "On the text it learned from, for none was held out: this says nothing about other text."
    )
    return section(
        "Scores",
        paragraph(where, "quiet"),
        table(rows, ("", "Perplexity", "Bits per character", "Loss, in nats"), "numbers"),
        paragraph(_in_words(("Perplexity", "Bits per character", "Nats")), "quiet"),
    )


_Rows = list[tuple[str, str, str]]


def _baselines(evaluation: Mapping[str, Any], part: str) -> _Rows:
    """What plainer ways scored on the same rows."""
    kept = evaluation.get("baselines")
    found = kept.get(part) if isinstance(kept, Mapping) else None
    return [
        (f"Accuracy of {entry.get('name', 'a plainer way')}", three_digits(entry["accuracy"]), "")
        for entry in (found if isinstance(found, list) else ())
        if isinstance(entry, Mapping) and isinstance(entry.get("accuracy"), int | float)
    ]


def _is_score(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _score_table(part: Any, where: str, plainer: _Rows, task: str | None) -> str:
    if not isinstance(part, Mapping):
        return ""
    named = {**_SCORES, "accuracy": _ACCURACY_OF.get(task or "", _SCORES["accuracy"])}
    rows = [
        (name, three_digits(part[key]), _interval(part.get(f"{key}_interval")))
        for key, name in named.items()
        if _is_score(part.get(key))
    ]
    of = "Micro F1" if task == "multilabel" else "Accuracy"
    if isinstance(part.get("majority"), int | float):
        label = str(part.get("majority_label", ""))
        rows.append((f'{of} of always answering "{label}"', three_digits(part["majority"]), ""))
    if isinstance(part.get("always_none"), int | float):
        rows.append(("Always answering that there is no answer", three_digits(part["always_none"]), ""))
    threshold = part.get("no_answer_threshold")
    if isinstance(threshold, int | float) and not isinstance(threshold, bool):
        rows.append(("No answer from a margin of, in nats (chosen on validation)", f"{threshold:.4g}", ""))
    if isinstance(part.get("bag_of_vectors"), int | float):
        rows.append(
            (
                "Accuracy of averaged word vectors of these texts alone",
                three_digits(part["bag_of_vectors"]),
                "",
            )
        )
    rows += plainer if rows else []
    count = part.get("rows")
    known = f"On {count:,} {where}." if isinstance(count, int) else ""
    return paragraph(known, "quiet") + table(rows, ("", "Score", "95 % interval"), "numbers") if rows else ""


def _meanings(part: Any, task: str | None) -> str:
    """What each score in the table says, in the words of the glossary."""
    if not isinstance(part, Mapping):
        return ""
    words = [
        word
        for key, word in _EXPLAINED.items()
        if _is_score(part.get(key)) and not (key == "accuracy" and task in _ACCURACY_OF)
    ]
    words += ["Interval"] if any(_interval(part.get(f"{key}_interval")) for key in _SCORES) else []
    return paragraph(_in_words(words), "quiet")


def _in_words(words: Sequence[str]) -> str:
    """What the glossary says of each."""
    sentences = {str(entry["word"]): str(entry["sentence"]) for entry in read_json_resource("glossary.json")}
    return " ".join(f"{word}: {sentences[word]}" for word in dict.fromkeys(words) if word in sentences)


def _interval(pair: Any) -> str:
    is_pair = (
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(end, int | float) for end in pair)
    )
    return f"{pair[0]:.3f} to {pair[1]:.3f}" if is_pair else ""


def _matrix(evaluation: Mapping[str, Any], part_name: str) -> str:
    """Counts in cells, coloured by their share of the row; true classes down, answers across."""
    labels, part = evaluation.get("labels"), evaluation.get(part_name)
    matrix = part.get("matrix") if isinstance(part, Mapping) else None
    if (
        not isinstance(labels, list)
        or not isinstance(matrix, list)
        or not 1 < len(labels) <= _MOST_CLASSES_IN_MATRIX
    ):
        return ""
    if len(matrix) != len(labels) or any(
        not isinstance(row, list) or len(row) != len(labels) for row in matrix
    ):
        return ""
    heads = "".join(f'<th scope="col">{escape(str(label))}</th>' for label in labels)
    lines = [
        _matrix_row(str(label), row, place)
        for place, (label, row) in enumerate(zip(labels, matrix, strict=True))
    ]
    return (
        '<h3>Which class was taken for which</h3><div class="wide"><table class="matrix"><thead>'
        f'<tr><th scope="col">true \\ answered</th>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    )


def _matrix_row(label: str, row: Sequence[Any], place: int) -> str:
    counts = [int(count) if isinstance(count, int | float) else 0 for count in row]
    total = sum(counts) or 1
    cells = "".join(
        f'<td class="{"right" if column == place else "wrong"}" style="--share:{count / total:.2f}">{count:,}</td>'
        for column, count in enumerate(counts)
    )
    return f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>'


def _classes(part: Any) -> str:
    found = (part.get("classes") or part.get("kinds")) if isinstance(part, Mapping) else None
    if not isinstance(found, list):
        return ""
    keys = (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1"))
    rows = [
        (
            str(entry.get("label", "")),
            *(_score_text(entry.get(key)) for key, _ in keys),
            f"{entry.get('support', '')}",
        )
        for entry in found
        if isinstance(entry, Mapping)
    ]
    title, one, many = "Each class by itself", "Class", "Rows"
    if isinstance(part, Mapping) and not part.get("classes"):
        title, one, many = "Each kind by itself", "Kind", "Names"
    return folded(title, table(rows, (one, *(name for _, name in keys), many), "numbers"))


def _score_text(value: Any) -> str:
    return three_digits(value) if isinstance(value, int | float) else ""


def _mistakes(facts: ReportFacts) -> str:
    rows = [(m.text, m.label, m.predicted, f"{m.score:.2f}") for m in facts.mistakes]
    body = table(rows, ("Text", "True", "Answered", "How sure"), STACK)
    return folded("Test rows answered wrongly with the most certainty", body)
