"""Settings and scores of several runs as tables: a row for each, a column for each run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.core.wording import duration_text, three_digits
from ptft_gui.gui.panels.compare.compared_run import (
    ComparedRun,
    curve_of,
    short_titles,
    why_not_overlaid,
)
from ptft_gui.gui.panels.compare.losses import score_words
from ptft_gui.gui.panels.compare.whole_cells import WholeCells
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.chart.bold_line import end_of
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable
from ptft_gui.gui.widgets.state_badge import state_word

translate = QCoreApplication.translate
Row = tuple[str, ...]
"""What it is, then its value in each run."""

_LOSSES = (TRAIN_LOSS, VAL_LOSS)
_NOTHING = "-"


class RunsTable(Card):
    """A card with one table; the table is filled anew only when its rows change."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(title, "", parent)
        self.setObjectName(f"{name}Card")
        self._name = name
        self._heads: tuple[str, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._note = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.cells = WholeCells(title)
        self.cells.setObjectName(name)
        self.export = ExportButton(f"{name}Export", self.table)
        self.export.said.connect(self.said)
        self.export.failed.connect(self.failed)
        self.add_to_title_row(self.export)
        self.body.addWidget(self._note)
        self.body.addWidget(self.cells)
        self.body.addStretch(1)

    def set_title(self, title: str) -> None:
        """The table is called as its card is."""
        super().set_title(title)
        if hasattr(self, "cells"):  # the card sets its title before the table is there
            self.cells.setAccessibleName(title)

    def rows(self) -> tuple[Row, ...]:
        return self._rows

    def show_rows(self, heads: Sequence[str], rows: Sequence[Row], nothing: str = "") -> None:
        """Show ``rows`` under ``heads``; ``nothing`` is said where there are none."""
        new = (tuple(heads), tuple(rows))
        self._note.setText(nothing)
        self._note.setVisible(not rows and bool(nothing))
        self.cells.setVisible(bool(rows))
        self.export.setEnabled(bool(rows))
        if new == (self._heads, self._rows):
            return
        self._heads, self._rows = new
        self.cells.show_cells(heads, rows)

    def table(self) -> ListTable:
        return ListTable(self._name, ("", *self._heads), self._rows)


class SettingsTable(RunsTable):
    """The settings that differ, or all of them (allSettings)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "settingDifferences", parent)
        self._runs: tuple[ComparedRun, ...] = ()
        self.set_title(self.tr("Settings that differ"))
        self.all = QCheckBox(self.tr("Show all settings"))
        self.all.setObjectName("allSettings")
        self.all.toggled.connect(self._show)
        self.body.insertWidget(1, self.all)

    def show_runs(self, runs: Sequence[ComparedRun]) -> None:
        self._runs = tuple(runs)
        self._show()

    @Slot()
    def _show(self) -> None:
        rows = setting_rows(self._runs, differences_only=not self.all.isChecked())
        self.set_title(self.tr("Settings") if self.all.isChecked() else self.tr("Settings that differ"))
        nothing = self.tr("All settings are the same: what differs came about by chance.")
        self.show_rows(short_titles(self._runs), rows, nothing)


class ScoresTable(RunsTable):
    """What came out: losses, scores, words, time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "compareScores", parent)
        self.set_title(self.tr("What came out"))

    def show_runs(self, runs: Sequence[ComparedRun]) -> None:
        self.show_rows(short_titles(runs), score_rows(runs))


def setting_rows(runs: Sequence[ComparedRun], differences_only: bool) -> list[Row]:
    """Each setting with its value in every run; one that a run does not have is "-"."""
    labels = {setting.key: setting.label for run in runs for setting in run.settings}
    values = [{setting.key: setting.value for setting in run.settings} for run in runs]
    rows = [(label, *(value.get(key, _NOTHING) for value in values)) for key, label in labels.items()]
    rows = [_text_row(runs), _family_row(runs), *rows]
    return [row for row in rows if not differences_only or len(set(row[1:])) > 1]


def _text_row(runs: Sequence[ComparedRun]) -> Row:
    return (translate("Compare", "Text"), *(run.dataset or _NOTHING for run in runs))


def _family_row(runs: Sequence[ComparedRun]) -> Row:
    families = (run.family.title if run.family else _NOTHING for run in runs)
    return (translate("Compare", "Model family"), *families)


def score_rows(runs: Sequence[ComparedRun]) -> list[Row]:
    """State, losses, further scores, words learned, time and speed."""
    rows: list[Row] = [
        (translate("Compare", "State"), *(state_word(run.state) for run in runs)),
        *([] if why_not_overlaid(runs) else _losses(runs)),
        *_further_scores(runs),
        (translate("Compare", "Words learned"), *(_words_learned(run) for run in runs)),
        (translate("Compare", "Words in the text"), *(_count(run, "total_words") for run in runs)),
        (
            translate("Compare", "Time"),
            *(duration_text(run.summary.active_seconds) for run in runs),
        ),
        (translate("Compare", "Speed"), *(_speed(run) for run in runs)),
    ]
    return [row for row in rows if any(cell != _NOTHING for cell in row[1:])]


def _losses(runs: Sequence[ComparedRun]) -> list[Row]:
    """Losses that measure the same; of others a person is told that they cannot be compared."""
    bests = ((run.summary.best() if run.summary.main_metric == VAL_LOSS else None) for run in runs)
    found = (_NOTHING if best is None else three_digits(best.value) for best in bests)
    return [
        (translate("Compare", "Held-out loss, best"), *found),
        (translate("Compare", "Training loss, end of its curve"), *(_end(run, TRAIN_LOSS) for run in runs)),
    ]


def _words_learned(run: ComparedRun) -> str:
    """Of word vectors; what a language model knows are pieces of words."""
    has_words = run.family is not None and run.family.saves_word_vectors
    return _count(run, "vocabulary_size") if has_words else _NOTHING


def _further_scores(runs: Sequence[ComparedRun]) -> list[Row]:
    """What was measured on top of the losses as training went on, such as agreement with people."""
    names = sorted(
        {
            name
            for run in runs
            for check in run.summary.evaluations[-2 if run.task else -1 :]
            for name in check.metrics
            if name not in _LOSSES
        }
    )
    is_task = all(run.task for run in runs)
    return [(_score_words(name, is_task), *(_last(run, name) for run in runs)) for name in names]


def _score_words(name: str, is_task: bool) -> str:
    """What a metric is called; one that is not known by its own name. ``is_task``: they score what labels say."""
    part, _, last = name.rpartition("/")
    if is_task:
        parts = {"val": translate("Compare", "held-out rows"), "test": translate("Compare", "test rows")}
        words = score_words(last)
        return f"{words[:1].upper()}{words[1:]}, {parts.get(part, part)}"
    known = {
        "spearman": translate("Compare", "Agreement with people (Spearman)"),
        "accuracy": translate("Compare", "Analogies answered right"),
    }
    words = last.replace("_", " ")
    return known.get(last, f"{words[:1].upper()}{words[1:]}")


def _last(run: ComparedRun, metric: str) -> str:
    value = run.summary.last(metric)
    return _NOTHING if value is None else three_digits(value)


def _end(run: ComparedRun, metric: str) -> str:
    """What the chart writes at the end of the curve: of a restless one the smoothed value."""
    curve = curve_of(run, metric)
    value = end_of(curve) if curve is not None else None
    return _NOTHING if value is None else three_digits(value)


def _count(run: ComparedRun, key: str) -> str:
    value = run.summary.resolved_value(key)
    return f"{value:,}" if isinstance(value, int) else _NOTHING


def _speed(run: ComparedRun) -> str:
    speed, family = run.summary.speed(), run.family
    if speed is None or family is None:
        return _NOTHING
    return f"{three_digits(speed)} {family.speed_unit}"
