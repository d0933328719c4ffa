"""What a room sees: the headline, one large view at a time, the narrator, and two large buttons."""

from __future__ import annotations

import time
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.telling.headline import headline
from ptft_gui.core.telling.narrator import Narrator
from ptft_gui.gui.panels.run.explore.analogy import AnalogyCard
from ptft_gui.gui.panels.run.explore.axes_card import AxesCard
from ptft_gui.gui.panels.run.explore.neighbours import NeighboursCard
from ptft_gui.gui.panels.run.probe_history import watched_words
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.loss_card import LossCard
from ptft_gui.gui.panels.run.train.motion import MotionCard
from ptft_gui.gui.panels.run.train.probes import ProbeCard
from ptft_gui.gui.panels.run.train.watched import WatchedCard
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel

ROUND = ("chart", "map", "words", "neighbours")
"""The views that follow one another; others are reached only by a lesson."""
LANGUAGE_ROUND = ("probes", "chart")
"""The same for a run that learns a language or a task: what it answers comes first."""
CHART_ALONE = ("chart",)
"""For a task without probes."""
_ASKING = ("neighbours", "analogy", "axes")
_Button = TypeVar("_Button", bound=QPushButton)
_NARRATION_SECONDS = 1.0
_ROOM_FOR_BOTH = 1400
"""Width in pixels from which the curve stands beside the answers."""


class _AnswersView(QWidget):
    """What a language model answers, and on a wide screen its curve beside it."""

    def __init__(self, probes: ProbeCard) -> None:
        super().__init__()
        self._probes, self._loss = probes, LossCard()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.LARGE)
        row.addWidget(self._loss, 1)
        row.addWidget(probes, 1)

    def show_run(self, shown: ShownRun) -> None:
        for card in (self._loss, self._probes):
            card.show_run(shown)

    def refresh(self, shown: ShownRun) -> None:
        for card in (self._loss, self._probes):
            card.refresh(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._loss.setVisible(self.width() >= _ROOM_FOR_BOTH)


class PresentPage(QWidget):
    """Shows a :class:`ShownRun` (objectName presentPage); its buttons and keys come as signals."""

    next_requested = Signal()
    back_requested = Signal()
    pause_requested = Signal()
    action_requested = Signal()
    probe_requested = Signal(str)
    leave_requested = Signal()

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presentPage")
        self.setProperty("isPage", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._shown: ShownRun | None = None
        self._asked_model = ""
        self._narrator, self._narrated_at = Narrator(), float("-inf")
        self._lesson_sentence = ""
        self._wanted = "chart"
        self.loss, self.motion, self.watched = LossCard(), MotionCard(asker), WatchedCard()
        self.probes = ProbeCard()
        self.probes.field.set_only_while_learning()
        self.probes.add_requested.connect(self.probe_requested)
        self._answers = _AnswersView(self.probes)
        self.neighbours, self.analogy, self.axes = NeighboursCard(asker), AnalogyCard(asker), AxesCard(asker)
        self._views: dict[str, QWidget] = {
            "chart": self.loss,
            "map": self.motion,
            "words": self.watched,
            "probes": self._answers,
            "neighbours": self.neighbours,
            "analogy": self.analogy,
            "axes": self.axes,
        }
        self.motion.set_large(True)
        self.motion.larger.hide()
        self.motion.size_requested.connect(self.leave_requested)
        self._stage = QStackedWidget()
        self._stage.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        for view in self._views.values():
            self._stage.addWidget(view)
        self._build_words()
        self._build_buttons()
        self._lay_out()
        self._add_keys()

    def _build_words(self) -> None:
        self.ribbon = PlainLabel(self.tr("Recorded"), TextStyle.STRONG, Role.WARNING_TEXT)
        self.ribbon.setObjectName("presentRibbon")
        self.ribbon.setProperty("ground", "ribbon")
        self.ribbon.setWordWrap(False)
        self._title = ElidedLabel("", TextStyle.TITLE)
        self._title.setObjectName("presentTitle")
        self._headline = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._headline.setObjectName("presentHeadline")
        self._sentence = PlainLabel("", TextStyle.BODY)
        self._sentence.setObjectName("presentSentence")
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _build_buttons(self) -> None:
        self._leave = QuietButton(self.tr("Leave (Esc)"), "cross")
        self._leave.setObjectName("presentLeave")
        self._leave.clicked.connect(self.leave_requested)
        self.action = _big(SecondaryButton("", "play"), "presentAction")
        self.action.clicked.connect(self.action_requested)
        self.pause = _big(SecondaryButton(self.tr("Pause"), "pause"), "presentPause")
        self.pause.clicked.connect(self.pause_requested)
        self.next = _big(PrimaryButton(self.tr("Next")), "presentNext")
        self.next.clicked.connect(self.next_requested)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(Space.HALF)
        words.addWidget(self._title)
        words.addWidget(self._headline)
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(self.ribbon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(self._leave, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(Space.MEDIUM)
        foot.addWidget(self._sentence, 1)
        for button in (self.action, self.pause, self.next):
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        whole.setSpacing(Space.MEDIUM)
        whole.addLayout(head)
        whole.addWidget(self._stage, 1)
        whole.addLayout(foot)

    def _add_keys(self) -> None:
        """Those that also a remote control for slides sends; Esc always leaves, wherever the focus is."""
        for keys, signal in (
            ("Esc", self.leave_requested),
            ("PgDown", self.next_requested),
            ("PgUp", self.back_requested),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(signal)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        signals = {
            Qt.Key.Key_Right: self.next_requested,
            Qt.Key.Key_Left: self.back_requested,
            Qt.Key.Key_Space: self.pause_requested,
        }
        signal = signals.get(Qt.Key(event.key()))
        if signal is None:
            super().keyPressEvent(event)
        else:
            signal.emit()

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, or the same from an earlier moment."""
        self._shown = shown
        self._narrator, self._narrated_at = Narrator(), float("-inf")
        self._title.setText(shown.run.title())
        self.ribbon.setVisible(shown.is_recorded)
        for card in (self.loss, self.motion, self.watched, self._answers):
            card.show_run(shown)
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Show what is new; cheap enough for ten times a second."""
        self._shown = shown
        sentence = headline(shown.summary, shown.state)
        if sentence != self._headline.text():
            self._headline.setText(sentence)
        view = self._views[self.view()]
        if isinstance(view, LossCard | MotionCard | WatchedCard | _AnswersView):
            view.refresh(shown)
        self._show_model(shown)
        self._narrate(shown)
        if self._possible(self._wanted) != self.view():  # its log has been read, or it has ended
            self.choose(self._wanted)

    def _show_model(self, shown: ShownRun) -> None:
        path = str(shown.run.path)
        if not self.has_model or path == self._asked_model or not shown.places_words:
            return
        self._asked_model = path
        card = bundled_dataset(shown.summary.spec.data.dataset) if shown.summary.spec else None
        total = shown.summary.resolved_value("total_words")
        questions = [str(q["text"]) for q in card.questions if q.get("kind") == "analogy"] if card else []
        self.neighbours.show_model(path, watched_words(shown.summary))
        self.analogy.show_model(path, int(total) if total else None, questions)
        self.axes.show_model(path, [])

    @property
    def has_model(self) -> bool:
        return self._shown is not None and self._shown.has_model and self._shown.run.model.is_dir()

    def _narrate(self, shown: ShownRun) -> None:
        """The lesson speaks where there is one, else the narrator."""
        now = (shown.summary.newest_time or 0.0) if shown.is_recorded else time.monotonic()
        if self._lesson_sentence:
            self._say(self._lesson_sentence)
        elif not 0 <= now - self._narrated_at < _NARRATION_SECONDS:
            self._narrated_at = now
            self._say(self._narrator.say(shown.summary, shown.state, now).sentence)

    def _say(self, sentence: str) -> None:
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)

    def say(self, sentence: str) -> None:
        """Let the lesson speak; "" gives the word back to the narrator."""
        self._lesson_sentence, self._narrated_at = sentence, float("-inf")
        if sentence:
            self._say(sentence)

    def show_action(self, words: str, is_enabled: bool = True) -> None:
        """Offer what the lesson's step does; "" offers nothing."""
        self.action.setVisible(bool(words))
        self.action.setText(words)
        self.action.setEnabled(is_enabled)

    def show_pause(self, words: str, icon: str = "pause") -> None:
        """What the large button beside Next does; "" hides it."""
        self.pause.setVisible(bool(words))
        if words and words != self.pause.text():
            self.pause.setText(words)
            self.pause.set_icon_name(icon)

    # views

    def view(self) -> str:
        return next(key for key, view in self._views.items() if view is self._stage.currentWidget())

    def views(self) -> tuple[str, ...]:
        """The views that follow one another for this run."""
        if (few := self._few_views()) is not None:
            return few
        return tuple(key for key in ROUND if key != "neighbours" or self.has_model)

    def _few_views(self) -> tuple[str, ...] | None:
        """Those of a run that places no words; None for one that does."""
        shown = self._shown
        if shown is None:
            return None
        if shown.answers_probes:
            return LANGUAGE_ROUND
        return CHART_ALONE if shown.sorts_texts or not shown.places_words else None

    def choose(self, view: str) -> None:
        """Show a view, or what stands in for it where this run has nothing of the kind yet."""
        self._wanted = view
        shown = self._possible(view)
        self._stage.setCurrentWidget(self._views[shown])
        if self._shown is not None:
            self.refresh(self._shown)
        self._ask_first_question(shown)

    def _possible(self, view: str) -> str:
        """While there is no model to ask, the map stands in for what asks one; a language has its answers instead."""
        if (few := self._few_views()) is not None:
            return view if view in few else few[0]
        if view == "probes":
            return "words"
        return "map" if view in _ASKING and not self.has_model else view

    def _ask_first_question(self, view: str) -> None:
        """Nobody has to type before there is something to see."""
        if view == "neighbours" and not self.neighbours.word() and (words := self.neighbours.examples()):
            self.neighbours.ask(words[0])


def _big(button: _Button, name: str) -> _Button:
    button.setObjectName(name)
    button.setProperty("isBig", True)
    return button
