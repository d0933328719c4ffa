"""The curves of several runs in one chart, where they are the same kind of number: losses, and the score of a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from ptft_gui.core.race import SCORES
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.gui.panels.compare.compared_run import (
    DASHES,
    SERIES,
    ComparedRun,
    curve_of,
    drawn_metrics,
    has_curve,
    short_titles,
    why_not_overlaid,
)
from ptft_gui.gui.panels.compare.over import axis_title, choices, places
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.chart.curve import Curve
from ptft_gui.gui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from ptft_gui.gui.widgets.curve_plot import CurvePlot

translate = QCoreApplication.translate

_HEIGHT = 272


class LossesCard(Card):
    """A curve for each run (comparePlot), or one sentence why not (compareRefusal)."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.plot: CurvePlot | None = None
        self._runs: tuple[ComparedRun, ...] = ()
        self._showing: object = None
        self.which = QComboBox()
        self.which.setObjectName("compareMetric")
        self.which.setAccessibleName(self.tr("Which curve is drawn"))
        self.which.currentIndexChanged.connect(self._draw)
        self.over = QComboBox()
        self.over.setObjectName("compareOver")
        self.over.setAccessibleName(self.tr("What the curves are drawn over"))
        self.over.setToolTip(
            self.tr(
                "By step: after as many corrections. By time: after training as long on this computer, pauses left "
                "out. By what was read: after as much text."
            )
        )
        self.over.currentIndexChanged.connect(self._draw)
        for choice in (self.which, self.over):  # what they offer changes with the runs
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.set_title(self.tr("Losses"))
        self.add_to_title_row(self.which)
        self.add_to_title_row(self.over)
        self._refusal = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._refusal.setObjectName("compareRefusal")
        self.body.addWidget(self._refusal)

    def show_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Draw these runs; cheap while nothing is new."""
        showing = [_shown_of(run) for run in runs]
        if showing == self._showing:
            return
        self._showing, self._runs = showing, tuple(runs)
        self._offer_metrics()
        _offer(self.over, choices(self._runs))
        self._draw()

    def _offer_metrics(self) -> None:
        names = {VAL_LOSS: self.tr("held-out"), TRAIN_LOSS: self.tr("training")}
        names |= {f"val/{name}": score_words(name) for name in SCORES}
        metrics = drawn_metrics(self._runs)
        has_scores = any(metric not in (VAL_LOSS, TRAIN_LOSS) for metric in metrics)
        self.set_title(self.tr("Scores and losses") if has_scores else self.tr("Losses"))
        _offer(self.which, [(metric, names[metric]) for metric in metrics])

    @Slot()
    def _draw(self) -> None:
        why_not = why_not_overlaid(self._runs)
        if not why_not and not self.which.count():
            why_not = self.tr("There is no loss yet that all of these runs have measured.")
        self._refusal.setText(why_not)
        self._refusal.setVisible(bool(why_not))
        for choice in (self.which, self.over):
            choice.setVisible(not why_not and choice.count() > 1)
        if why_not:
            if self.plot is not None:
                self.plot.hide()
            self.set_caption("")
            return
        self.set_caption(self._caution())
        plot = self._made_plot()
        plot.set_title(self._plot_title())
        plot.set_help(self._plot_help())
        plot.set_guessing(*self._guessing())
        plot.set_curves(self._curves())
        plot.show()

    def _guessing(self) -> tuple[float | None, str]:
        """What a model that learned nothing would reach, where that is the same for all of these runs."""
        metric = str(self.which.currentData())
        found = [run.summary.baselines[metric] for run in self._runs if metric in run.summary.baselines]
        if not found or len({round(each.value, 6) for each in found}) > 1:
            return None, ""
        return found[0].value, "" if metric == VAL_LOSS else found[0].label

    def _plot_title(self) -> str:
        metric = self.which.currentData()
        if metric == VAL_LOSS:
            return self.tr("Loss on held-out text")
        if metric == TRAIN_LOSS:
            return self.tr("Loss while training")
        return self.tr("Score on held-out rows: {score}").format(score=self.which.currentText())

    def _plot_help(self) -> str:
        if self.which.currentData() in (VAL_LOSS, TRAIN_LOSS):
            return self.tr("How wrong each model still is: lower is better.")
        return self.tr("How well each model does on rows that it does not learn from: higher is better.")

    def _caution(self) -> str:
        waiting = [
            title
            for run, title in zip(self._runs, short_titles(self._runs), strict=True)
            if not has_curve(run, str(self.which.currentData()))
        ]
        words = (
            self.tr("Without a curve so far: {runs}.")
            if any(run.is_live for run in self._runs)
            else self.tr("Without a curve: {runs}.")
        )
        told = words.format(runs=", ".join(waiting)) if waiting else ""
        return " ".join(part for part in (self._caution_of_texts(), told) if part)

    def _caution_of_texts(self) -> str:
        if len({run.dataset for run in self._runs}) > 1:
            return self.tr(
                "They read different texts, so compare the shapes of the curves, not their heights."
            )
        return ""

    def _curves(self) -> list[Curve]:
        metric, over = str(self.which.currentData()), str(self.over.currentData())
        curves = []
        for place, (run, title) in enumerate(zip(self._runs, short_titles(self._runs), strict=True)):
            curve = curve_of(run, metric)
            if curve is None:
                continue
            x = places(self._runs, run, over, curve.x)
            name = f"{metric} {title}"
            curves.append(
                replace(curve, name=name, label=title, x=x, role=SERIES[place], dashes=DASHES[place])
            )
        return curves

    def _made_plot(self) -> CurvePlot:
        """The chart with the titles of its axes; made when it is first needed."""
        if self.plot is None:
            from ptft_gui.gui.widgets.curve_plot import CurvePlot

            self.plot = CurvePlot("")
            self.plot.setObjectName("comparePlot")
            scale_with_type(self.plot, self.plot.setFixedHeight, _HEIGHT)
            self.plot.exported.connect(self._on_exported)
            self.plot.export_failed.connect(self.failed)
            self.body.addWidget(self.plot, 1)
        family = self._runs[0].family
        is_loss = self.which.currentData() in (VAL_LOSS, TRAIN_LOSS)
        y = (family.loss_unit if family else self.tr("loss")) if is_loss else self.which.currentText()
        self.plot.set_axis_titles(axis_title(self._runs, str(self.over.currentData())), y)
        return self.plot

    @Slot(str)
    def _on_exported(self, path: str) -> None:
        self.said.emit(self.tr("Saved as {name}").format(name=path))


def _shown_of(run: ComparedRun) -> tuple[object, ...]:
    """What a drawing of the run depends on: its checks, and of a live one each hundredth of the way."""
    summary = run.summary
    far = int(100 * summary.progress)
    return run.name, run.title, run.is_live, run.objective(), summary.evaluation_count, far


def _offer(choice: QComboBox, offers: Sequence[tuple[str, str]]) -> None:
    """Put (key, words) into ``choice``, in which what a person chose stays chosen where it is still offered."""
    if offers == [(choice.itemData(row), choice.itemText(row)) for row in range(choice.count())]:
        return
    chosen = choice.currentData()
    choice.blockSignals(True)
    choice.clear()
    for key, words in offers:
        choice.addItem(words, key)
    choice.setCurrentIndex(max(choice.findData(chosen), 0))
    choice.blockSignals(False)


def score_words(name: str) -> str:
    """What a score of a task is called, :data:`~ptft_gui.core.race.SCORES` and those measured beside them."""
    return {
        "loss": translate("Compare", "loss"),
        "macro_f1": translate("Compare", "macro F1"),
        "pearson": translate("Compare", "Pearson's correlation"),
        "exact_match": translate("Compare", "exact match"),
        "most_answered": translate("Compare", "share of its commonest answer"),
        "accuracy": translate("Compare", "accuracy"),
        "micro_f1": translate("Compare", "micro F1"),
        "spearman": translate("Compare", "Spearman's correlation"),
        "entity_f1": translate("Compare", "F1 of whole names"),
        "f1": translate("Compare", "F1"),
    }.get(name, name.replace("_", " "))
