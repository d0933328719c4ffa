"""The loss of a run as curves: what it trains on, what is held out, guessing, the best moment."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS, Point, RunSummary
from ptft_gui.core.telling.narrator_language import hover_note
from ptft_gui.core.wording import score_word
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.language_charts import before
from ptft_gui.gui.theme import Role
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.chart.training_curve import step_title, training_curve
from ptft_gui.gui.widgets.curve_plot import Curve, CurvePlot, VerticalMark

_SECONDS_BETWEEN = 0.4
"""From one drawing to the next while only steps were taken."""


class LossCard(Card):
    """The chart of the loss (objectName lossPlot)."""

    exported = Signal(str)
    export_failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._showing: object = None
        self._is_decisive = True
        self._steps, self._drawn_at = 0, float("-inf")
        self.plot = CurvePlot(self.tr("Loss"))
        self.plot.setObjectName("lossPlot")
        self.plot.set_help(
            self.tr(
                "How wrong the model still is: lower is better. Training is the text it learns from, held-out is text "
                "it does not train on. Guessing is what a model reaches that has learned nothing."
            )
        )
        self.plot.exported.connect(self.exported)
        self.plot.export_failed.connect(self.export_failed)
        self.body.addWidget(self.plot, 1)

    def show_run(self, shown: ShownRun) -> None:
        """Show another run from its beginning; the scale a person chose stays."""
        self._showing = None
        with self.plot.view.drawn_once():
            self.plot.view.follow()
            self.refresh(shown)

    def refresh(self, shown: ShownRun) -> bool:
        """Draw what is new; whether there was anything."""
        summary = shown.summary
        showing = (summary.evaluation_count, len(summary.marks), summary.guessing(), summary.attempt)
        if showing == self._showing:
            self._show_steps(shown)
            return False
        self._showing = showing
        self._is_decisive = shown.family is None or shown.family.is_held_out_decisive
        self.set_caption(self._held_out_sentence(summary))
        self.plot.set_axis_titles(step_title(summary, shown.family), self._unit(shown))
        self.plot.set_note(self._hover_note(summary))
        with self.plot.view.drawn_once():
            self._annotate(summary)
            self.plot.set_curves(self._curves(shown))
        return True

    def _show_steps(self, shown: ShownRun) -> None:
        """Go on with the loss of every step between two checks, a few times a second."""
        curve = training_curve(shown.summary, self.tr("training"))
        if (
            curve is None
            or len(curve.x) == self._steps
            or time.monotonic() - self._drawn_at < _SECONDS_BETWEEN
        ):
            return
        self.plot.set_curves(self._curves(shown))

    def _unit(self, shown: ShownRun) -> str:
        return shown.family.loss_unit if shown.family else self.tr("loss")

    def _annotate(self, summary: RunSummary) -> None:
        """Guessing, marks and the best moment."""
        best = summary.best()
        is_told = best is not None and best.step > 0 and self._is_decisive
        role = Role.HELD_OUT if summary.main_metric == VAL_LOSS else Role.TRAINING
        self.plot.set_guessing(summary.guessing(), self.tr("guessing"))
        self.plot.set_before(before(summary))
        self.plot.set_marks([VerticalMark(mark.step, mark.caption) for mark in summary.marks])
        point = (float(best.step), best.value) if is_told and best is not None else None
        self.plot.set_best(point, role, self._kept_words(summary, best))

    def _kept_words(self, summary: RunSummary, best: Point | None) -> str:
        """A moment kept by a score need not have the lowest loss; then its mark says by what it is the best."""
        kept_by, series = summary.resolved_value("kept_by"), summary.series.get(summary.main_metric)
        lowest = series.lowest() if series is not None else None
        if not kept_by or best is None or lowest is None or best.value <= lowest[1]:
            return ""
        return self.tr("kept: best by {score}").format(score=score_word(str(kept_by)))

    def _curves(self, shown: ShownRun) -> list[Curve]:
        """Of held-out text, which is measured on all of it, the points say it, and the best one stands on its line."""
        held_out = shown.summary.series.get(VAL_LOSS)
        curves = []
        if held_out is not None and len(held_out):
            label = self.tr("held-out")
            curves.append(Curve(VAL_LOSS, label, held_out.steps, held_out.values, Role.HELD_OUT))
        training = training_curve(shown.summary, self.tr("training"))
        self._steps = 0 if training is None else len(training.x)
        self._drawn_at = time.monotonic()
        if training is not None:
            curves.append(training)
        return curves

    def _held_out_sentence(self, summary: RunSummary) -> str:
        share = summary.resolved_value("val_fraction")
        is_told = share == 0 or summary.resolved_value("val_sentences") == 0
        if summary.last(VAL_LOSS) is None and is_told:
            return self.tr("No text is held out, so nothing here tells how it does on text it has not seen.")
        return ""

    def _hover_note(self, summary: RunSummary) -> str:
        if summary.last(VAL_LOSS) is None:
            return ""
        usual = self.tr("Held-out is usually above training: the model has not seen that text.")
        return f"{usual} {hover_note(summary)}".strip()

    def sizeHint(self) -> QSize:
        return QSize(648, 340)


def is_drawable(summary: RunSummary) -> bool:
    """Whether there is at least one finite loss to draw."""
    losses = (summary.last(TRAIN_LOSS), summary.last(VAL_LOSS))
    return any(loss is not None and math.isfinite(loss) for loss in losses)
