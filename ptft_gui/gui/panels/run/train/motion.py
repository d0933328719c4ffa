"""The map in motion: the watched words and their neighbours, live while a run learns, and played again after it."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.panels.run.probe_history import watched_words
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.motion_film import MotionFilm
from ptft_gui.gui.panels.run.train.motion_map import MotionMap
from ptft_gui.gui.panels.run.train.time_row import TimeRow
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.one_question import OneQuestion

_SECONDS_BETWEEN, _PATIENCE_S = 1.0, 5.0
"""From one question to the next; and how long one is waited for while newer pictures come."""
_SHARE = 0.04
"""Of one core: more is not taken from the training for its map."""
_GLIDE_MS = 700
_WAKING = "waking"
"""Asked for before there is anything to see, so that what answers is awake when the first picture comes."""
_TURN_MS = 400


class MotionCard(Card):
    """Follows a run while it learns, unless a person looks back; plays what was (motionMap, motionSlider, motionPlay).

    It has any size. ``word_activated`` carries a word that was clicked; ``size_requested`` whether the card is wanted
    large; ``step_shown`` the step that is looked back at, None for the newest. ``row_changed``: see ``has_time_row``.
    """

    word_activated = Signal(str)
    size_requested = Signal(bool)
    step_shown = Signal(object)
    row_changed = Signal()

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("motionCard")
        self._question = OneQuestion(asker)
        self._shown: ShownRun | None = None
        self._film: MotionFilm | None = None
        self._problem = ""
        self._pause_s = _SECONDS_BETWEEN
        self._asked_for: object = None
        self._asked_at = float("-inf")
        self._is_following = True
        self._is_large = self._is_folded = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._ask_if_due)
        self.map = MotionMap()
        self.map.word_activated.connect(self.word_activated)
        self.row = TimeRow()
        self.row.moment_changed.connect(self._on_moment_changed)
        self.row.held.connect(self._on_held)
        self.row.live_requested.connect(self.follow)
        self.larger = QuietButton(self.tr("Larger"))
        self.larger.setObjectName("motionLarger")
        self.larger.clicked.connect(self._on_larger)
        self.set_title(self.tr("Map of meaning"))
        self.setToolTip(
            self.tr(
                "Every dot is a word. Words that are used alike come together as the model learns; a line shows the "
                "way a watched word came. The shape is what counts: near is alike, directions mean nothing."
            )
        )
        self.add_to_title_row(self.larger)
        self.body.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        self.body.setSpacing(Space.HALF)
        self.body.addWidget(self.map, 1)
        self.body.addWidget(self.row)
        self._show_what_there_is()

    # size

    def set_large(self, is_large: bool) -> None:
        """Whether there is room for a sentence that explains the map."""
        self._is_large = is_large
        self.larger.setText(self.tr("Smaller") if is_large else self.tr("Larger"))
        self.set_caption(
            self.tr(
                "Words that are used alike come together as the model learns. Each watched word has a colour, its "
                "nearest words have the same one; grey are other frequent words."
            )
            if is_large
            else ""
        )
        self._show_what_there_is()

    def set_folded(self, is_folded: bool) -> None:
        """Where there is little room only the title stays, with the way to the large map."""
        self._is_folded = is_folded
        self._show_what_there_is()

    @property
    def is_large(self) -> bool:
        return self._is_large

    @property
    def has_time_row(self) -> bool:
        """Whether a person can go through the moments of the run here."""
        is_open = self._is_large or not self._is_folded
        return is_open and self._film is not None and len(self._film) > 1

    def _show_parts(self) -> None:
        is_open = self._is_large or not self._is_folded
        vertical = QSizePolicy.Policy.Preferred if is_open else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        self.map.setVisible(is_open)
        self.row.setVisible(self.has_time_row)

    @Slot()
    def _on_larger(self) -> None:
        self.size_requested.emit(not self._is_large)

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run at its newest moment; one that is told again from an earlier moment keeps its film."""
        is_same = self._shown is not None and self._shown.run.path == shown.run.path
        if not is_same:
            self._question.drop()
            self._film, self._problem = None, ""
            self._asked_for, self._asked_at = None, float("-inf")
            self.map.show_nothing("")
        self._is_following = True
        self.row.pause()
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Follow the run, unless a person looks back; cheap while there is nothing new."""
        self._shown = shown
        self._ask_if_due()
        self._show_frames()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._shown is not None:
            self.refresh(self._shown)

    def _show_frames(self, milliseconds: int = _GLIDE_MS) -> None:
        """As many frames as have happened, and while following the newest of them."""
        count = self._count()
        if count != self.row.count:
            self.row.show_count(count)
            if self._is_following and count:
                self.row.show_moment(count - 1)
                self.map.show_moment(count - 1, milliseconds)
        self._show_what_there_is()

    def _count(self) -> int:
        """Frames up to what the run has told of: one that is played back has told less than is there."""
        if self._film is None or self._shown is None:
            return 0
        told = self._shown.summary.snapshots
        return max(1, self._film.count_until(told[-1].step)) if told else 0

    def _show_what_there_is(self) -> None:
        self._show_parts()
        if self._film is None:
            self.map.show_nothing(self._nothing_yet())
            self.row_changed.emit()
            return
        self.row.live.setVisible(not self._is_following and self._is_live())
        self.row.label.setText(self._moment_text())
        self.row_changed.emit()
        self._tell_step()

    def _tell_step(self) -> None:
        film, count = self._film, self.row.count
        if film is not None and count:
            is_newest = self._is_following or self.row.moment >= count - 1
            self.step_shown.emit(None if is_newest else film.steps[min(round(self.row.moment), count - 1)])

    def _is_live(self) -> bool:
        return self._shown is not None and self._shown.is_live

    def _nothing_yet(self) -> str:
        if self._shown is None:
            return ""
        summary = self._shown.summary
        if not self._shown.is_live and not summary.snapshots:
            return self.tr("This run kept no pictures of its words.")
        if summary.snapshots and not _words_of(summary):
            return self.tr("No words are watched in this run.")
        if self._problem:
            return self._problem
        if summary.snapshots:
            return self.tr("Drawing the map ...")
        return self.tr("The map of meaning appears when the first picture of the words is saved.")

    def _moment_text(self) -> str:
        film, count = self._film, self.row.count
        if film is None or not count:
            return ""
        frame = min(round(self.row.moment), count - 1)
        if frame == 0 and film.steps[0] == 0:
            return self.tr("untrained")
        if frame == count - 1 and self._is_up_to_date(film):
            words = self.tr("now, step {step}") if self._is_live() else self.tr("end, step {step}")
            return words.format(step=f"{film.steps[frame]:,}")
        return self.tr("step {step}, epoch {epoch}").format(
            step=f"{film.steps[frame]:,}", epoch=f"{film.epochs[frame]:.1f}"
        )

    def _is_up_to_date(self, film: MotionFilm) -> bool:
        assert self._shown is not None
        told = self._shown.summary.snapshots
        return self._shown.is_live or not told or film.steps[-1] >= told[-1].step

    # asking

    @Slot()
    def _ask_if_due(self) -> None:
        if self._shown is None or not self.map.isVisible():
            return
        wanted = self._wanted()
        if wanted is None or wanted == self._asked_for:
            return
        wait_s = self._asked_at + self._patience_s() - time.monotonic()
        if wait_s > 0:
            if not self._again.isActive():
                self._again.start(round(1000 * wait_s) + 1)
            return
        self._again.stop()
        self._asked_for, self._asked_at = wanted, time.monotonic()
        arguments: dict[str, object] = {
            "run": str(self._shown.run.path),
            "words": _words_of(self._shown.summary),
        }
        self._question.ask("motion", arguments, self._on_answer, self._on_problem)

    def _patience_s(self) -> float:
        """From one question to the next; none once nothing trains any more that a question could slow down."""
        if not self._is_live():
            return 0.0
        return _PATIENCE_S if self._question.is_waiting else self._pause_s

    def _wanted(self) -> object:
        """What another answer would differ by; None while there is nothing to ask for."""
        assert self._shown is not None
        summary = self._shown.summary
        words = tuple(_words_of(summary))
        if not words or not (summary.snapshots or self._shown.is_live):
            return None
        if not summary.snapshots:
            return _WAKING
        newest = None if self._shown.is_recorded else summary.snapshots[-1].step
        return str(self._shown.run.path), words, newest, self._shown.is_live

    def _on_answer(self, answer: dict[str, Any]) -> None:
        before, film = self._film, MotionFilm.from_answer(answer)
        self._film, self._problem = film, ""
        self._pause_s = max(_SECONDS_BETWEEN, min(_PATIENCE_S, float(answer.get("seconds", 0.0)) / _SHARE))
        count = self._count()
        if self._is_following or before is None:
            moment = float(count - 1)
        else:
            moment = float(film.moment_of(before.steps[round(self.row.moment)]))
            moment = self.row.moment if film.steps[: len(before)] == before.steps else moment
        self.row.show_count(count)
        self.row.show_moment(moment)
        self._show_parts()
        self.map.show_film(film, moment, _GLIDE_MS if self._is_following else _TURN_MS)
        self._show_what_there_is()

    def _on_problem(self, problem: PtftError) -> None:
        if self._asked_for == _WAKING:
            self._asked_at = float("-inf")
        else:
            self._problem = problem.as_sentence()
            self._show_what_there_is()

    # looking back

    @Slot()
    def follow(self) -> None:
        """Go to the newest moment and follow from there."""
        self._is_following = True
        self.row.pause()
        count = self._count()
        if count:
            self.row.show_moment(count - 1)
            self.map.show_moment(count - 1, _TURN_MS)
        self._show_what_there_is()

    @Slot()
    def _on_held(self) -> None:
        self._is_following = False
        self._show_what_there_is()

    @Slot(float)
    def _on_moment_changed(self, moment: float) -> None:
        self.map.show_moment(moment)
        self._show_what_there_is()

    def play(self) -> None:
        """Play the run from its beginning."""
        self.row.show_moment(0.0)
        self.row.play()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.row.toggle()
        elif event.key() == Qt.Key.Key_Escape and self._is_large:
            self.size_requested.emit(False)
        else:
            super().keyPressEvent(event)


def _words_of(summary: RunSummary) -> list[str]:
    return watched_words(summary) or list(summary.resolved_value("watched_words", []))
