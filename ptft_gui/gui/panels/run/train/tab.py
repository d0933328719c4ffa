"""The Train tab: curves at the left, watched words or probes at the right, narrator and progress at the foot."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.narrator import Action, Narrator, is_getting_ready_again
from ptft_gui.core.wording import count_text, duration_text
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.facts import RunFacts
from ptft_gui.gui.panels.run.train.loss_card import LossCard, is_drawable
from ptft_gui.gui.panels.run.train.motion import MotionCard
from ptft_gui.gui.panels.run.train.preparing import PreparingView
from ptft_gui.gui.panels.run.train.probes import ProbeCard
from ptft_gui.gui.panels.run.train.small_charts import SmallCharts
from ptft_gui.gui.panels.run.train.watched import WatchedCard
from ptft_gui.gui.theme import Space
from ptft_gui.gui.theme.scaled import scaled
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.narrator_bar import NarratorBar
from ptft_gui.gui.widgets.progress_line import ProgressLine
from ptft_gui.gui.widgets.tab_order import order_tab_stops

_NARRATION_SECONDS = 1.0
_LEFT_SHARE, _RIGHT_SHARE = 648, 336
_WATCHED_SHARE, _MOTION_SHARE = 5, 4
_NARRATOR_HEIGHT = 48
_NARROW = 760
"""Width in pixels, at the usual type, below which the answers of a language model take half of the page, and the facts
make room."""
_LOW = 520
"""Height in pixels, at the usual type, below which the small charts are folded."""


class TrainTab(QWidget):
    """``action_requested`` carries the :class:`Action` of the narrator; ``word_activated`` a watched word."""

    action_requested = Signal(object)
    word_activated = Signal(str)
    chart_exported = Signal(str)
    chart_export_failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrator = Narrator()
        self._narrated_at = float("-inf")
        self._narrated_state = ""
        self._offered: tuple[Action, ...] = ()
        self._reason = ""
        self._is_low = False
        self._newest: ShownRun | None = None
        self.loss = LossCard()
        self.loss.exported.connect(self.chart_exported)
        self.loss.export_failed.connect(self.chart_export_failed)
        self._preparing = PreparingView()
        self._curves = self._make_curves()
        self._small = SmallCharts()
        self.watched = WatchedCard()
        self.watched.word_activated.connect(self.word_activated)
        self.watched.add_requested.connect(self._on_probe_added)
        self.motion = MotionCard(asker)
        self.motion.word_activated.connect(self.word_activated)
        self.motion.size_requested.connect(self._on_motion_size_requested)
        self.motion.step_shown.connect(self.watched.show_step)
        self.motion.row_changed.connect(self._on_motion_row_changed)
        self.probes = ProbeCard()
        self.probes.add_requested.connect(self._on_probe_added)
        self.probes.try_requested.connect(self._on_try_requested)
        self._facts = RunFacts()
        self.narrator_bar = NarratorBar()
        self.narrator_bar.setMinimumHeight(_NARRATOR_HEIGHT)
        self.narrator_bar.action_requested.connect(self._on_narrator_action)
        self.progress = ProgressLine()
        self._lay_out()

    def _make_curves(self) -> QStackedWidget:
        stack = QStackedWidget()
        self._before = Card()
        self._before.body.addWidget(self._preparing)
        stack.addWidget(self._before)
        stack.addWidget(self.loss)
        return stack

    def _lay_out(self) -> None:
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.SMALL)
        left, right = QVBoxLayout(), QVBoxLayout()
        self._right = right
        self._small.add_to_title_row(self._facts)
        left.addWidget(self._curves, 1)
        left.addWidget(self._small)
        right.addWidget(self.watched, _WATCHED_SHARE)
        right.addWidget(self.motion, _MOTION_SHARE)
        right.addWidget(self.probes, 1)
        for column in (left, right):
            column.setSpacing(Space.SMALL)
        grid.addLayout(left, 0, 0)
        grid.addLayout(right, 0, 1)
        grid.setColumnStretch(0, _LEFT_SHARE)
        grid.setColumnStretch(1, _RIGHT_SHARE)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        whole.setSpacing(Space.SMALL)
        whole.addLayout(grid, 1)
        whole.addWidget(self.narrator_bar)
        whole.addWidget(self.progress)

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run from its beginning."""
        self._narrator, self._narrated_at, self._narrated_state = Narrator(), float("-inf"), ""
        self.loss.show_run(shown)
        self._small.show_run(shown)
        self.watched.show_run(shown)
        self.motion.show_run(shown)
        self.probes.show_run(shown)
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Show what is new."""
        self._newest = shown
        has_words = shown.places_words and not shown.sorts_texts and _is_worth_watching(shown)
        self._show_right(has_words, shown.answers_probes)
        has_curve = is_drawable(shown.summary)
        has_map = self.motion.is_large and has_words and has_curve  # before, there is nothing to see in a map
        self._curves.setCurrentWidget(self.motion if has_map else self.loss if has_curve else self._before)
        is_busy = has_curve and self.loss.refresh(shown)
        if not has_curve:
            self._preparing.refresh(shown)
        self._small.setVisible(has_curve and not has_map)
        self._small.refresh(shown, is_busy)
        self.watched.refresh(shown)
        self.motion.refresh(shown)
        if shown.answers_probes:
            self.probes.refresh(shown)
        self._facts.refresh(shown)
        self._narrate(shown)
        self._show_progress(shown)

    def _show_right(self, has_words: bool, has_probes: bool) -> None:
        """Words are watched where they find their places, probes where a language is learned; a run that learns from
        labels gives their room to its curves."""
        if (has_words, has_probes) == (not self.watched.isHidden(), not self.probes.isHidden()):
            return
        self.watched.setVisible(has_words)
        if not self.motion.is_large:  # else it stands among the curves, which show one of them
            self.motion.setVisible(has_words)
        self.probes.setVisible(has_probes)
        has_right = has_words or has_probes
        self._grid.setHorizontalSpacing(Space.LARGE if has_right else 0)
        self._share_width()

    def _share_width(self) -> None:
        """The chart gets two thirds; on a narrow page what a language model writes still needs its lines."""
        has_probes = not self.probes.isHidden()
        has_right = has_probes or not self.watched.isHidden()
        is_narrow = self.width() < scaled(_NARROW)
        right = _LEFT_SHARE if has_probes and is_narrow else _RIGHT_SHARE
        self._grid.setColumnStretch(1, right if has_right else 0)
        self._facts.setVisible(not is_narrow)

    def set_read_only(self, reason: str) -> None:
        """Offer nothing that changes the run."""
        self._reason = reason
        self._narrated_at = float("-inf")
        self.probes.set_read_only(reason)
        self.watched.set_read_only(reason)

    def _narrate(self, shown: ShownRun) -> None:
        """At most once a second, and at once when the state changes; what is played back has a time of its own."""
        now = (shown.summary.newest_time or 0.0) if shown.is_recorded else time.monotonic()
        if now - self._narrated_at < _NARRATION_SECONDS and shown.state == self._narrated_state:
            return
        self._narrated_at, self._narrated_state = now, shown.state
        narration = self._narrator.say(shown.summary, shown.state, now)
        self._offered = () if self._reason else narration.actions
        actions = [(str(place), action.label) for place, action in enumerate(self._offered)]
        self.narrator_bar.set_message(narration.sentence, actions)
        self.narrator_bar.setVisible(bool(narration.sentence))

    @Slot(str)
    def _on_narrator_action(self, place: str) -> None:
        action = self._offered[int(place)]
        if action.key == "dismiss":
            self._narrator.dismiss()
            self._narrated_at = float("-inf")
            return
        self.action_requested.emit(action)

    def _show_progress(self, shown: ShownRun) -> None:
        is_training = shown.is_live and shown.summary.step > 0
        self.progress.setVisible(is_training)
        if is_training:
            self.progress.set_progress(
                shown.summary.progress, self._counted(shown.summary), self._left(shown)
            )

    def _counted(self, summary: RunSummary) -> str:
        return self.tr("step {step}").format(step=f"{summary.step:,}")

    def _left(self, shown: ShownRun) -> str:
        """Time left and speed in one line."""
        summary, parts = shown.summary, []
        left = summary.seconds_left()
        if shown.state == "running" and left is not None:
            parts.append(self.tr("{time} left").format(time=duration_text(left)))
        speed = None if is_getting_ready_again(summary) else summary.speed()
        if shown.state == "running" and speed is not None:
            unit = shown.family.speed_unit if shown.family else ""
            parts.append(f"{count_text(speed)} {unit}".strip())
        if shown.state == "paused":
            parts.append(self.tr("paused"))
        return " - ".join(parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the small charts when the page becomes low, unfold them when it is high again."""
        super().resizeEvent(event)
        self._share_width()
        is_low = self.height() < scaled(_LOW)
        if is_low != self._is_low:
            self._is_low = is_low
            self._small.set_open(not is_low)
            self.motion.set_folded(is_low)

    @Slot(str)
    def _on_probe_added(self, text: str) -> None:
        self.action_requested.emit(Action("add_probe", "", {"text": text}))

    @Slot(str)
    def _on_try_requested(self, text: str) -> None:
        self.action_requested.emit(Action("try_it", "", {"text": text}))

    @Slot()
    def _on_motion_row_changed(self) -> None:
        """One slider for both: the moment of the map is that of the words beside it."""
        self.watched.set_led(self.motion.has_time_row)

    @Slot(bool)
    def _on_motion_size_requested(self, is_large: bool) -> None:
        """Let the map take the place of the chart, or give it back."""
        self.motion.set_large(is_large)
        if is_large:
            self._small.hide()
            self._curves.addWidget(self.motion)
            self._curves.setCurrentWidget(self.motion)
        else:
            self._curves.removeWidget(self.motion)
            self._right.addWidget(self.motion, _MOTION_SHARE)
            self.motion.setVisible(not self.watched.isHidden())
        order_tab_stops(self)
        if self._newest is not None:
            self.refresh(self._newest)
        self.motion.larger.setFocus()


def _is_worth_watching(shown: ShownRun) -> bool:
    """Whether there is, or may still be, anything to say of watched words: not where a run ended before it began."""
    return shown.is_live or shown.summary.step > 0
