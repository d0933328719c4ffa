"""Scores, learning rate and speed: small charts that fold away where there is little room."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ptft_gui.core.summary import ACCURACY, MACRO_F1, SPEARMAN, SPEED_COLUMNS
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.language_charts import measure_curves, measure_help, measure_title
from ptft_gui.gui.panels.run.train.task_charts import TaskScores, task_scores
from ptft_gui.gui.theme import Role, Space
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.curve_plot import COMPACT_HEIGHT, Curve, CurvePlot

_SECONDS_BETWEEN, _SECONDS_WHEN_BUSY = 0.25, 1.0
"""From one of these to the next: they say nothing that a person waits for."""


_WIDE = 880
"""Width in pixels from which three charts find room."""


class SmallCharts(CollapsibleSection):
    """What a run tells beside its loss, over the steps.

    scorePlot: how far the words agree with what people said, seen only where that is measured; learningRatePlot, which
    makes room for it where three find none; speedPlot.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", is_open=True, parent=parent)
        self.set_title(self.tr("Learning rate and speed"))
        self.setObjectName("smallCharts")
        self._showing, self._drawn_at, self._next = -1, float("-inf"), 0
        self._turns = QTimer(self)
        self._turns.setInterval(0)
        self._turns.timeout.connect(self._draw_next)
        self._left = 0
        self._newest: ShownRun | None = None
        self._has_scores = self._sorts_texts = False
        self._language_title = ""
        self._task_scores: TaskScores | None = None
        self._scores = CurvePlot(self.tr("Agreement with people"), is_compact=True)
        self._scores.setObjectName("scorePlot")
        self._agreement_help = self.tr(
            "How far the words agree with what people said about them; higher is better, 1 is full agreement. "
            "Pairs: the order of how related two words are. Analogies: the share of questions such as Athens is "
            "to Greece as Baghdad is to what, answered as expected. Only words of this text can be asked for."
        )
        self._rate = CurvePlot(self.tr("Learning rate"), is_compact=True)
        self._rate.setObjectName("learningRatePlot")
        self._speed = CurvePlot(self.tr("Speed"), is_compact=True)
        self._speed.setObjectName("speedPlot")
        self._cards: dict[CurvePlot, Card] = {}
        self._row = row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        for plot in (self._scores, self._rate, self._speed):
            card = Card()
            scale_with_type(card, card.setFixedHeight, COMPACT_HEIGHT)
            scale_with_type(plot, plot.setFixedHeight, COMPACT_HEIGHT - 2 * Space.SMALL)
            card.body.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
            card.body.addWidget(plot)
            row.addWidget(card, 1)
            self._cards[plot] = card
        column = self.layout()
        assert column is not None
        column.setSpacing(Space.HALF)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(row)
        self.toggled.connect(self._on_toggled_open)

    def show_run(self, shown: ShownRun) -> None:
        """Show another run from its beginning."""
        self._showing, self._drawn_at, self._next = -1, float("-inf"), 0
        for plot in self._cards:
            plot.view.follow()
        self._name_scores(shown)
        unit = shown.family.speed_unit if shown.family else ""
        self._speed.set_title(self.tr("Speed, {unit}").format(unit=unit) if unit else self.tr("Speed"))
        if shown.family is not None:
            self._rate.set_help(shown.family.rate_help)
            self._speed.set_help(shown.family.speed_help)
        self._newest = shown
        if self.is_open:
            self._showing = shown.summary.step
            self._draw_all()  # a run that holds still reports nothing that would draw them later

    @property
    def is_drawn(self) -> bool:
        """Whether no chart waits for its turn."""
        return self._left == 0

    def refresh(self, shown: ShownRun, is_busy: bool = False) -> None:
        """Draw what is new, of a live run one chart at a time; nothing while folded.

        ``is_busy``: more important things are being drawn now, so these may wait a little longer.
        """
        self._newest = shown
        if not self.is_open and not self._has_scores:
            self._note_scores(shown)
        if not self.is_open or shown.summary.step == self._showing:
            return
        if not shown.is_live:
            self._showing = shown.summary.step
            self._draw_all()
        elif time.monotonic() - self._drawn_at >= (_SECONDS_WHEN_BUSY if is_busy else _SECONDS_BETWEEN):
            self._drawn_at = time.monotonic()
            self._draw_one(shown)

    def _draw_all(self) -> None:
        """Every chart, each in a turn of the event loop of its own: a long history keeps nothing waiting."""
        self._left = len(self._cards)
        self._turns.start()

    @Slot()
    def _draw_next(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._turns.stop()
        if self._newest is not None:
            self._draw_one(self._newest)

    def _draw_one(self, shown: ShownRun) -> None:
        draws = (self._draw_rate, self._draw_speed, self._draw_scores)
        draws[self._next](shown)
        self._next = (self._next + 1) % len(draws)

    def _name_scores(self, shown: ShownRun) -> None:
        """What is scored: words held against people's judgements, or answers held against labels."""
        is_task = self._sorts_texts = shown.sorts_texts
        self._language_title = measure_title(shown) if shown.reads_language else ""
        self._task_scores = task_scores(shown)
        self._row.setStretchFactor(self._cards[self._scores], 2 if is_task else 1)
        self._scores.set_title(self._score_title())
        self._scores.set_guessing(None)
        self._scores.set_help(self._score_help(shown))
        self._note_scores(shown)

    def _note_scores(self, shown: ShownRun) -> None:
        """The title names the scores as soon as there are any, folded or not."""
        self._has_scores = bool(self._curves_of_scores(shown))
        self._give_room()

    def _score_help(self, shown: ShownRun) -> str:
        if shown.reads_language:
            return measure_help(shown)
        if self._task_scores is not None:
            return self._task_scores.help
        return (
            self.tr(
                "How many held-out texts are answered as they are labelled. Macro F1 lets every class count alike. "
                "The dashed line is what always answering the commonest class would reach."
            )
            if self._sorts_texts
            else self._agreement_help
        )

    def _score_title(self) -> str:
        if self._language_title:
            return self._language_title
        if self._task_scores is not None:
            return self._task_scores.title
        return (
            self.tr("Held-out texts answered right")
            if self._sorts_texts
            else self.tr("Agreement with people")
        )

    def _draw_scores(self, shown: ShownRun) -> None:
        """The scores, where there are any; their chart then takes a place of its own."""
        baseline = shown.summary.baselines.get(ACCURACY) if self._sorts_texts else None
        if baseline is not None:
            self._scores.set_guessing(baseline.value, self.tr("commonest class"))
        self._note_scores(shown)
        self._scores.set_curves(self._curves_of_scores(shown))

    def _curves_of_scores(self, shown: ShownRun) -> list[Curve]:
        if shown.reads_language:
            return measure_curves(shown)
        named: tuple[tuple[str, str, Role], ...] = (
            (
                (ACCURACY, self.tr("accuracy"), Role.SERIES_1),
                (MACRO_F1, self.tr("macro F1"), Role.SERIES_4),
            )
            if self._sorts_texts
            else (
                (SPEARMAN, self.tr("pairs"), Role.SERIES_1),
                (ACCURACY, self.tr("analogies"), Role.SERIES_4),
            )
        )
        if self._task_scores is not None:
            named = self._task_scores.curves
        return self._score_curves(shown, named)

    @staticmethod
    def _score_curves(shown: ShownRun, named: tuple[tuple[str, str, Role], ...]) -> list[Curve]:
        series = shown.summary.series
        return [
            Curve(name, label, series[name].steps, series[name].values, role)
            for name, label, role in named
            if name in series and len(series[name])
        ]

    def _draw_rate(self, shown: ShownRun) -> None:
        self._draw(self._rate, shown, "lr", Role.SERIES_3, is_noisy=False)

    def _draw_speed(self, shown: ShownRun) -> None:
        name = next((name for name in SPEED_COLUMNS if name in shown.summary.series), SPEED_COLUMNS[0])
        self._draw(self._speed, shown, name, Role.SERIES_2, is_noisy=True)

    @staticmethod
    def _draw(plot: CurvePlot, shown: ShownRun, name: str, role: Role, is_noisy: bool) -> None:
        series = shown.summary.series.get(name)
        if series is None or not len(series):
            plot.set_curves([])
            return
        steps, values = series.steps, series.values
        if name in SPEED_COLUMNS:  # nothing is measured of the first moments; what follows stays a view
            is_measured = values > 0
            begin = int(is_measured.argmax()) if is_measured.any() else len(values)
            steps, values = steps[begin:], values[begin:]
        plot.set_curves([Curve(name, "", steps, values, role, is_noisy, is_noisy)] if len(values) else [])

    def _give_room(self) -> None:
        """Two charts where there is room for two: the learning rate says least beside scores and speed."""
        has_rate = not self._has_scores or self.width() >= _WIDE
        self._cards[self._scores].setVisible(self._has_scores)
        self._cards[self._rate].setVisible(has_rate)
        if not self._has_scores:
            self.set_title(self.tr("Learning rate and speed"))
        else:
            words = self.tr("{scores}, learning rate and speed") if has_rate else self.tr("{scores}, speed")
            self.set_title(words.format(scores=self._score_title()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    @Slot(bool)
    def _on_toggled_open(self, is_open: bool) -> None:
        if is_open and self._newest is not None:
            self._draw_all()
