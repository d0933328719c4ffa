"""*How many labels do I need?*: the score against the rows that were learned from, and one sentence of reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QWidget

from ptft_gui.core.label_count import LabelCount, LabelPoint, label_count, label_point
from ptft_gui.gui.panels.compare.compared_run import ComparedRun
from ptft_gui.gui.panels.compare.losses import score_words
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.chart.curve import Curve
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.state_badge import state_word

if TYPE_CHECKING:
    from ptft_gui.gui.widgets.curve_plot import CurvePlot

translate = QCoreApplication.translate
_NOTHING = "-"
_HEIGHT = 272


class LabelCard(Card):
    """The card of a count of labels (labelCard): labelSentence, labelPlot, labelTable."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("labelCard")
        self._showing: object = None
        self.plot: CurvePlot | None = None
        self.set_title(self.tr("How many labels do I need?"))
        self.sentence = PlainLabel("", TextStyle.TITLE)
        self.sentence.setObjectName("labelSentence")
        self.explanation = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.explanation.setObjectName("labelCaption")
        self.table = CellTable(self.tr("Score for each share of the rows"))
        self.table.setObjectName("labelTable")
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for widget in (self.sentence, self.explanation, self.table):
            self.body.addWidget(widget)

    def show_parts(self, runs: Sequence[ComparedRun], gone: Sequence[str] = ()) -> None:
        """``runs``: one for each share of the rows; ``gone``: the titles of those that were deleted meanwhile."""
        points = [label_point(run.summary, run.state, run.evaluation) for run in runs]
        if (points, tuple(gone)) == self._showing:
            return
        self._showing = (points, tuple(gone))
        count = label_count(points)
        self.sentence.setText(count.sentence)
        self.explanation.setText(self._told(count, gone))
        heads = (
            self.tr("Rows learned from"), self.tr("Share"), self.tr("State"), self.tr("Score"),
            self.tr("95 % interval"),
        )  # fmt: skip
        self.table.show_cells(heads, [("", *_row(point)) for point in count.points])
        self.table.fit_height()
        self._draw(count)

    def _told(self, count: LabelCount, gone: Sequence[str]) -> str:
        told = [
            self.tr(
                "The same settings with a part of the rows each; the rows that choose and test stay the same."
            )
        ]
        told += [
            self.tr("The run with {share} of the rows failed: {problem}").format(
                share=f"{point.share:.0%}", problem=point.problem
            )
            for point in count.points
            if point.problem
        ]
        told += [self.tr("{title} was deleted meanwhile.").format(title=title) for title in gone]
        return " ".join(part for part in (*told, count.caution) if part)

    def _draw(self, count: LabelCount) -> None:
        """Score against rows; a picture from two parts on."""
        scored = count.scored
        if len(scored) < 2:
            if self.plot is not None:
                self.plot.hide()
            return
        x = np.array([float(point.rows) for point in scored])
        y = np.array([float(point.score or 0.0) for point in scored])
        name = score_words(scored[-1].score_name)
        plot = self._made_plot()
        plot.set_title(self.tr("Score against rows learned from"))
        plot.set_axis_titles(self.tr("rows learned from"), name)
        plot.set_curves([Curve("labels", name, x, y, Role.SERIES_1)])
        plot.show()

    def _made_plot(self) -> CurvePlot:
        if self.plot is None:
            from ptft_gui.gui.widgets.curve_plot import CurvePlot

            self.plot = CurvePlot("", self.tr("rows learned from"), self.tr("score"))
            self.plot.setObjectName("labelPlot")
            scale_with_type(self.plot, self.plot.setFixedHeight, _HEIGHT)
            self.plot.set_help(
                self.tr(
                    "The score that each part of the rows reached. Where it goes flat, more labels help little."
                )
            )
            self.plot.exported.connect(self._on_exported)
            self.plot.export_failed.connect(self.failed)
            self.body.insertWidget(self.body.indexOf(self.table), self.plot)
        return self.plot

    @Slot(str)
    def _on_exported(self, path: str) -> None:
        self.said.emit(self.tr("Saved as {name}").format(name=path))

    def text(self) -> str:
        """The card in words."""
        return f"{self.sentence.text()} {self.explanation.text()}"


def _row(point: LabelPoint) -> tuple[str, ...]:
    interval = f"{point.interval[0]:.2f} to {point.interval[1]:.2f}" if point.interval else _NOTHING
    score = _NOTHING if point.final_score is None else f"{point.final_score:.2f}"
    rows = f"{point.rows:,}" if point.rows else _NOTHING
    return rows, f"{100 * point.share:.0f} %", state_word(point.state), score, interval
