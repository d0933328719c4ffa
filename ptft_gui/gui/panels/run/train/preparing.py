"""What stands where the curves will be, before there are any."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from ptft_gui.gui.icons import icon_pixmap
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.labels import PlainLabel

_LEAST_WIDTH, _WIDTH = 240, 420
_ICON_PIXELS = 20
_STAGES = ("preparing", "vocabulary", "training")
_TOKEN_SENTENCES = {
    "Learning which tokens the text is made of": "vocabulary",
    "Turning the text into tokens": "vocabulary",
    "Cutting the texts into tokens": "vocabulary",
    "Looking the words up": "vocabulary",
}
"""Stages that a phase of preparing goes through, by what it says."""
_STAGE_OF_PHASE = {
    "phrases": "vocabulary",
    "building": "vocabulary",
    "compiling": "vocabulary",
    "counting": "vocabulary",
    "shuffling": "vocabulary",
    "features": "vocabulary",
    "saving": "training",
}
_FIRST_OF_TASK = "building"
"""A model that learns a task is opened before its rows are read."""


class PreparingView(QWidget):
    """The stages before the first point of a curve: which are done, which one is at work, how far it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preparingView")
        self._showing: object = None
        self._title = PlainLabel("", TextStyle.TITLE)
        self._sentence = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._bar = QProgressBar()
        self._bar.setObjectName("preparingBar")
        self._bar.setAccessibleName(self.tr("How far the preparation is"))
        self._bar.setTextVisible(False)
        self._stages = QWidget()
        self._marks: dict[str, tuple[QLabel, PlainLabel]] = {}
        stages = QVBoxLayout(self._stages)
        stages.setContentsMargins(0, Space.SMALL, 0, 0)
        stages.setSpacing(Space.SMALL)
        for key in _STAGES:
            stages.addLayout(self._make_stage(key))
        middle = QWidget()
        middle.setMinimumWidth(_LEAST_WIDTH)
        middle.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(middle)
        column.setSpacing(Space.SMALL)
        for widget in (self._title, self._sentence, self._bar, self._stages):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 1000)  # not aligned: an aligned widget gets no height for its wrapped lines
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(1)
        whole.addLayout(row)
        whole.addStretch(1)
        current_theme().theme_changed.connect(self._draw_marks)

    def _stage_words(self, shown: ShownRun) -> tuple[str, str, str]:
        if shown.reads_language:
            return (
                self.tr("Read the text and hold a part of it out"),
                self.tr("Learn which tokens it is made of, and cut it into them"),
                self.tr("Train; the curve and the first answers begin here"),
            )
        if shown.task:
            return (
                self.tr("Open the model and read the rows"),
                self.tr("Cut the rows into words")
                if shown.places_words
                else self.tr("Cut the rows into tokens"),
                self.tr("Train; the curve begins here"),
            )
        return (
            self.tr("Read the text and cut it into words"),
            self.tr("Count the words"),
            self.tr("Train; the curve begins here"),
        )

    def _make_stage(self, key: str) -> QHBoxLayout:
        mark, label = QLabel(), PlainLabel("")
        mark.setFixedWidth(_ICON_PIXELS)
        self._marks[key] = (mark, label)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(mark)
        row.addWidget(label, 1)
        return row

    def refresh(self, shown: ShownRun) -> None:
        """Show the present stage, or why there is no curve."""
        phase = shown.summary.phase
        showing = (shown.state, phase)
        if showing == self._showing:
            return
        self._showing = showing
        words = self._stage_words(shown)
        for (_, label), text in zip(self._marks.values(), words, strict=True):
            label.setText(text)
        is_at_work = shown.is_live and shown.state != "queued"
        self._title.setText(self._title_text(shown))
        self._sentence.setText(self._sentence_text(shown))
        self._bar.setVisible(is_at_work)
        self._stages.setVisible(is_at_work)
        fraction = phase.fraction if phase else None
        self._bar.setRange(0, 1000 if fraction is not None else 0)
        if fraction is not None:
            self._bar.setValue(round(1000 * fraction))
        is_first = phase is None or (bool(shown.task) and phase.name == _FIRST_OF_TASK)
        self._stage = _STAGES[0] if phase is None or is_first else _stage_of(phase.name, phase.text)
        self._draw_marks()

    def _title_text(self, shown: ShownRun) -> str:
        if shown.state == "queued":
            return self.tr("Waiting for its turn")
        if shown.ended_badly:
            return self.tr("There is no curve")
        return self.tr("Preparing") if shown.is_live else self.tr("Nothing was measured")

    def _sentence_text(self, shown: ShownRun) -> str:
        if shown.state == "queued":
            return self.tr("Another run is using this computer. The curve appears here when this one begins.")
        if shown.ended_badly:
            return self.tr("The run ended before the first loss was measured.")
        if not shown.is_live:
            return self.tr("The run was ended before the first loss was measured.")
        phase = shown.summary.phase
        text = phase.text if phase and phase.text else self.tr("starting the training process")
        return text[:1].upper() + text[1:] + "."

    def _draw_marks(self) -> None:
        stage = getattr(self, "_stage", _STAGES[0])
        reached = _STAGES.index(stage) if stage in _STAGES else 0
        ratio = self.devicePixelRatioF()
        for place, (mark, label) in enumerate(self._marks.values()):
            icon, role = _look(place, reached)
            pixmap = icon_pixmap(icon, current_theme().hex(role), round(_ICON_PIXELS * ratio))
            pixmap.setDevicePixelRatio(ratio)
            mark.setPixmap(pixmap)
            label.set_ink(Role.TEXT if place <= reached else Role.QUIET_TEXT)
            label.set_text_style(TextStyle.STRONG if place == reached else TextStyle.BODY)


def _stage_of(name: str, text: str) -> str:
    """The stage that a phase belongs to."""
    return _TOKEN_SENTENCES.get(text) or _STAGE_OF_PHASE.get(name, name)


def _look(place: int, reached: int) -> tuple[str, Role]:
    """Shape and colour of a stage: done, at work, or still to come."""
    if place < reached:
        return "check", Role.GOOD
    return ("play", Role.ACCENT) if place == reached else ("dot", Role.CONTROL_BORDER)
