"""What five runs that test a fifth of the rows each found together, in words; and when that can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.gui.panels.run.shown_run import ShownRun

translate = QCoreApplication.translate
_GIVEN_TEST = "for the final score (as you gave them)"
"""How the data room says that the rows brought their own test part."""


def folds_words(folds: Any) -> str:
    """``folds``: as ``token_report`` gives them; empty for none."""
    if not isinstance(folds, Mapping) or "scores" not in folds:
        return ""
    if folds["done"] < folds["of"]:
        words = translate("TaskFolds", "Repeated: {done} of {of} parts are tested so far.")
        return words.format(done=folds["done"], of=folds["of"])
    part = translate("TaskFolds", "{name} {mean} (from {low} to {high})")
    told = [
        part.format(name=_names().get(name, name), mean=f"{mean:.2f}", low=f"{low:.2f}", high=f"{high:.2f}")
        for name, mean, low, high in folds["scores"]
    ]
    words = translate(
        "TaskFolds", "Repeated {of} times on {rows} rows, each tested once. Mean of the parts: {scores}."
    )
    return words.format(of=folds["of"], rows=f"{folds['rows']:,}", scores=", ".join(told))


def _names() -> dict[str, str]:
    return {
        "micro_f1": translate("TaskFolds", "micro F1"),
        "macro_f1": translate("TaskFolds", "macro F1"),
        "spearman": translate("TaskFolds", "order"),
        "pearson": translate("TaskFolds", "straight line"),
        "entity_f1": translate("TaskFolds", "F1 of whole names"),
        "exact_match": translate("TaskFolds", "exact match"),
        "f1": translate("TaskFolds", "F1"),
        "perplexity": translate("TaskFolds", "perplexity"),
    }


def may_repeat(shown: ShownRun) -> bool:
    """Whether the rows of a run can be tested fifth by fifth: not where they bring their own test part."""
    spec = shown.summary.spec
    if spec is None or shown.is_recorded or shown.is_live:
        return False
    return spec.data.fold is None and not brings_test_part(shown)


def brings_test_part(shown: ShownRun) -> bool:
    """Whether a test part was given, by an option, a column, or a folder with a file for it."""
    spec = shown.summary.spec
    told = str(shown.summary.resolved_value("split_sentence") or "")
    return spec is not None and bool(spec.data.test or spec.data.roles.get("split") or _GIVEN_TEST in told)


def why_not_repeated(shown: ShownRun) -> str:
    """Why *Repeat 5 times* is not there, where a person may miss it."""
    if shown.is_recorded or shown.is_live or not brings_test_part(shown):
        return ""
    return translate(
        "TaskFolds",
        "Repeat 5 times is not offered: this data brings its own test part, and a score on it can be compared with "
        "others.",
    )
