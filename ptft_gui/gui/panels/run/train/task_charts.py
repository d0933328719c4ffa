"""The score of a run that learns a task, as a small chart: which curves, what it is called, what it means."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.summary import MACRO_F1, SPEARMAN
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role

Named = tuple[str, str, Role]
translate = QCoreApplication.translate


@dataclass(frozen=True)
class TaskScores:
    """``curves``: metric, the name at its end, colour."""

    title: str
    help: str
    curves: tuple[Named, ...]


def task_scores(shown: ShownRun) -> TaskScores | None:
    """Of a run that learns something else than one class a text; None for any other."""
    spec = shown.summary.spec
    makers = {
        "question-answering": _answers,
        "tagging": _names,
        "reply": _replies,
        "pair-similarity": _likeness,
        "multilabel": _labels,
    }
    maker = makers.get(str(spec.task)) if spec is not None else None
    return None if maker is None else maker()


def _answers() -> TaskScores:
    return TaskScores(
        translate("TaskCharts", "Held-out questions answered"),
        translate(
            "TaskCharts",
            "Exact match: the share answered with the very words of a right answer. F1: how many words an answer has "
            "in common with the best right one. Both from 0 to 1; higher is better.",
        ),
        (
            ("val/f1", translate("TaskCharts", "F1"), Role.SERIES_1),
            ("val/exact_match", translate("TaskCharts", "exact match"), Role.SERIES_4),
        ),
    )


def _names() -> TaskScores:
    return TaskScores(
        translate("TaskCharts", "Held-out names found"),
        translate(
            "TaskCharts",
            "F1 of whole names: between the share of names found and the share of marked ones that are right. A name "
            "counts when its kind, its first and its last word are right. From 0 to 1; higher is better.",
        ),
        (("val/entity_f1", translate("TaskCharts", "F1"), Role.SERIES_1),),
    )


def _replies() -> TaskScores:
    return TaskScores(
        translate("TaskCharts", "First guess right, held-out replies"),
        translate(
            "TaskCharts",
            "How often the model's first guess is the next token of the true reply. From 0 to 1; higher is better.",
        ),
        (("val/accuracy", translate("TaskCharts", "share"), Role.SERIES_1),),
    )


def _likeness() -> TaskScores:
    return TaskScores(
        translate("TaskCharts", "Agreement on likeness"),
        translate(
            "TaskCharts",
            "Whether held-out pairs stand in the same order by the model's scores as by the given ones (Spearman). "
            "1 is the same order, 0 no order in common.",
        ),
        ((SPEARMAN, translate("TaskCharts", "order"), Role.SERIES_1),),
    )


def _labels() -> TaskScores:
    return TaskScores(
        translate("TaskCharts", "Held-out labels found"),
        translate(
            "TaskCharts",
            "F1: between the share of labels found and the share of named ones that are right. Micro counts every "
            "label given, macro lets every kind of label count alike. Higher is better.",
        ),
        (
            ("val/micro_f1", translate("TaskCharts", "micro F1"), Role.SERIES_1),
            (MACRO_F1, translate("TaskCharts", "macro F1"), Role.SERIES_4),
        ),
    )
