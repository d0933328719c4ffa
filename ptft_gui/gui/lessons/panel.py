"""The lesson beside the pages: where it stands, one sentence, what to do, Back and Next."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ptft_gui.core.lessons import Lesson
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import IconButton, PrimaryButton, SecondaryButton
from ptft_gui.gui.widgets.labels import Divider, PlainLabel
from ptft_gui.gui.widgets.restyle import set_style_property
from ptft_gui.gui.widgets.scroll_area import PageScroll

WIDTH = 320


class LessonPanel(QFrame):
    """320 wide, at the right (objectName lessonPanel). It only shows; what its buttons ask for comes as signals."""

    back_requested = Signal()
    next_requested = Signal()
    action_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonPanel")
        self.setProperty("ground", "surface")
        self.setAccessibleName(self.tr("Lesson"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = _label("lessonTitle", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._place = _label("lessonPlace", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._step = _label("lessonStep", TextStyle.TITLE, Role.TEXT)
        self._sentence = _label("lessonSentence", TextStyle.BODY, Role.TEXT)
        self._try = _label("lessonTry", TextStyle.BODY, Role.QUIET_TEXT)
        self._state = _label("lessonState", TextStyle.STRONG, Role.QUIET_TEXT)
        self._close = IconButton("cross", self.tr("Leave the lesson"))
        self._close.setObjectName("lessonClose")
        self._close.clicked.connect(self.close_requested)
        self.action = SecondaryButton("", "play")
        self.action.setObjectName("lessonAction")
        self.action.clicked.connect(self.action_requested)
        self._back = SecondaryButton(self.tr("Back"))
        self._back.setObjectName("lessonBack")
        self._back.clicked.connect(self.back_requested)
        self._next = PrimaryButton(self.tr("Next"))
        self._next.setObjectName("lessonNext")
        self._next.clicked.connect(self.next_requested)
        self._lay_out()
        scale_with_type(self, self.setFixedWidth, WIDTH)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        for widget in (self._place, self._step, self._sentence, self.action, self._state, self._try):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = PageScroll(words)
        scroll.viewport().setAutoFillBackground(False)
        words.setAutoFillBackground(False)
        foot = QHBoxLayout()
        foot.setSpacing(Space.SMALL)
        for button in (self._back, self._next):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            foot.addWidget(button, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        whole.setSpacing(Space.SMALL)
        whole.addLayout(head)
        whole.addWidget(Divider())
        whole.addSpacing(Space.SMALL)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width(), 320)

    # showing

    def show_step(self, lesson: Lesson, place: int) -> None:
        """Show the step number ``place``, counted from 0."""
        step = lesson.steps[place]
        count = len(lesson.steps)
        self._title.setText(self.tr("Lesson: {title}").format(title=lesson.title))
        self._place.setText(self.tr("step {number} of {count}").format(number=place + 1, count=count))
        self._step.setText(step.title)
        self._sentence.setText(step.sentence)
        self._try.setText(step.try_it)
        self._try.setVisible(bool(step.try_it))
        self._back.setEnabled(place > 0)
        self._next.setText(self.tr("Next") if place + 1 < count else self.tr("Finish"))
        self.setAccessibleDescription(f"{self._place.text()}. {step.title}. {step.sentence}")

    def show_action(self, words: str, icon: str = "play", reason: str = "") -> None:
        """Offer one button, or none for ""; with a reason it cannot be pressed, and the state says why."""
        self.action.setVisible(bool(words))
        self.action.setText(words)
        self.action.set_icon_name(icon)
        self.action.setEnabled(not reason)
        self.action.setAccessibleDescription(reason)

    def show_state(self, sentence: str, ink: Role = Role.QUIET_TEXT) -> None:
        """What came of it; "" says nothing."""
        self._state.setText(sentence)
        self._state.set_ink(ink)
        self._state.setVisible(bool(sentence))

    def state(self) -> str:
        return self._state.text()

    def next_words(self) -> str:
        """What stands on the button that goes on."""
        return self._next.text()

    def set_next_filled(self, is_filled: bool) -> None:
        """The page has one filled button: Next, unless the page has its own."""
        set_style_property(self._next, "kind", "primary" if is_filled else "secondary")


def _label(name: str, style: TextStyle, ink: Role) -> PlainLabel:
    label = PlainLabel("", style, ink)
    label.setObjectName(name)
    return label
