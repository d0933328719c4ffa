"""The questions the window asks, each with a default that loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ptft_gui.core.rundir import RunDir, folder_bytes
from ptft_gui.core.wording import bytes_text, duration_text, percent_text
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel

_WIDTH = 480


@dataclass(frozen=True)
class Choice:
    """One answer: ``key`` is what ``chosen`` carries, ``kind`` is default, plain or danger."""

    key: str
    label: str
    kind: str = "plain"


translate = QCoreApplication.translate

_BUTTONS: dict[str, type[QPushButton]] = {
    "default": PrimaryButton,
    "plain": SecondaryButton,
    "danger": DangerButton,
}


class QuestionDialog(QDialog):
    """A question, a quiet line, and its answers; Esc chooses none. ``chosen`` carries the answer's key."""

    chosen = Signal(str)

    def __init__(
        self, name: str, question: str, detail: str, choices: Sequence[Choice], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle("ptft")
        self.setAccessibleName(question)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        scale_with_type(self, self.setMinimumWidth, _WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addWidget(PlainLabel(question, TextStyle.TITLE))
        if detail:
            column.addWidget(PlainLabel(detail, TextStyle.BODY, Role.QUIET_TEXT))
        column.addSpacing(Space.MEDIUM)
        column.addLayout(self._make_buttons(choices))

    def _make_buttons(self, choices: Sequence[Choice]) -> QHBoxLayout:
        """What destroys stands at the left, away from the default at the right."""
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        ordered = sorted(choices, key=lambda choice: ("danger", "plain", "default").index(choice.kind))
        for choice in ordered:
            if choice.kind != "danger" and row.count() == sum(c.kind == "danger" for c in ordered):
                row.addStretch(1)
            button = _BUTTONS[choice.kind](choice.label)
            button.setObjectName(f"{choice.key}Choice")
            button.setProperty("key", choice.key)
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
            if choice.kind == "default":
                button.setDefault(True)
                button.setFocus()
        return row

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.sender().property("key"))
        self.accept()


def close_dialog(live: Sequence[FollowedRun], parent: QWidget) -> QuestionDialog:
    """Asked when the window is closed while runs live: ``keep_training``, ``stop_and_keep`` or ``cancel``."""
    choices = (
        Choice("keep_training", translate("Dialogs", "Keep training in the background"), "default"),
        Choice("stop_and_keep", translate("Dialogs", "Stop and keep")),
        Choice("cancel", translate("Dialogs", "Cancel")),
    )
    return QuestionDialog("closeDialog", close_sentence(live), _afterwards(live), choices, parent)


def _afterwards(live: Sequence[FollowedRun]) -> str:
    """What becomes of them without a window."""
    if len(live) == 1:
        return translate(
            "Dialogs", "The next window shows it again, with everything that happened meanwhile."
        )
    told = translate("Dialogs", "The next window shows them again, with everything that happened meanwhile.")
    if any(run.state == "queued" for run in live):
        told = " ".join(
            (translate("Dialogs", "Those that wait begin by themselves, one after the other."), told)
        )
    return told


def close_sentence(live: Sequence[FollowedRun]) -> str:
    """What is still going on."""
    if len(live) > 1:
        return translate("Dialogs", "{count} runs are still training or waiting.").format(count=len(live))
    run = live[0]
    left = run.summary.seconds_left()
    facts = percent_text(run.summary.progress)
    if left is not None and run.state == "running":
        facts = translate("Dialogs", "{share}, about {time} left").format(
            share=facts, time=duration_text(left)
        )
    sentences = {
        "paused": translate("Dialogs", "A run is paused ({facts})."),
        "queued": translate("Dialogs", "A run is waiting for its turn."),
    }
    return sentences.get(run.state, translate("Dialogs", "A run is still training ({facts}).")).format(
        facts=facts
    )


def discard_dialog(run: RunDir, parent: QWidget) -> QuestionDialog:
    """Asked before a run is thrown away: ``discard`` or ``keep``."""
    choices = (
        Choice("discard", translate("Dialogs", "Discard"), "danger"),
        Choice("keep", translate("Dialogs", "Keep it"), "default"),
    )
    return QuestionDialog("discardDialog", discard_sentence(run), _undo_sentence(), choices, parent)


def discard_sentence(run: RunDir) -> str:
    """What will be gone."""
    count = sum(1 for path in run.checkpoints.glob("step-*") if path.is_dir())
    checkpoints = (
        translate("Dialogs", "1 checkpoint")
        if count == 1
        else translate("Dialogs", "{count} checkpoints").format(count=count)
    )
    size = bytes_text(folder_bytes(run.path))
    what = (
        translate("Dialogs", "The model and {checkpoints} ({size}) will be deleted.")
        if count
        else translate("Dialogs", "{size} will be deleted.")
    )
    return (
        translate("Dialogs", "Throw this run away?") + " " + what.format(checkpoints=checkpoints, size=size)
    )


def delete_dialog(run: RunDir, parent: QWidget) -> QuestionDialog:
    """Asked before an ended run is deleted: ``delete`` or ``keep``."""
    question = translate("Dialogs", "Delete {title} ({size})?").format(
        title=run.title(), size=bytes_text(folder_bytes(run.path))
    )
    choices = (
        Choice("delete", translate("Dialogs", "Delete"), "danger"),
        Choice("keep", translate("Dialogs", "Keep it"), "default"),
    )
    return QuestionDialog("deleteDialog", question, _undo_sentence(), choices, parent)


def _undo_sentence() -> str:
    return translate("Dialogs", "For seven days it can be brought back: View, What uses the disk.")


_LOW, _HIGH = 260, 440
_FEW_LINES, _SIGNS_A_LINE = 8, 80


class TextDialog(QDialog):
    """Something to read, and to copy; the text may come in pieces."""

    def __init__(self, name: str, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lines = len(text.splitlines()) + len(text) // _SIGNS_A_LINE
        self.resize(640, _LOW if text and lines < _FEW_LINES else _HIGH)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setObjectName(f"{name}Text")
        copy = SecondaryButton(translate("Dialogs", "Copy"), "copy")
        copy.clicked.connect(self._on_copy)
        close = PrimaryButton(translate("Dialogs", "Close"))
        close.clicked.connect(self.accept)
        close.setDefault(True)
        close.setFocus()
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        self._title = PlainLabel("", TextStyle.TITLE)
        column.addWidget(self._title)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        self.set_title(title)

    def set_title(self, title: str) -> None:
        self.setWindowTitle(title)
        self._title.setText(title)
        self.text.setAccessibleName(title)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
