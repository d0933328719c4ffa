"""How freely a model goes on with a text: the few numbers that decide it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QGridLayout, QSpinBox, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.labels import PlainLabel

_WIDTH = 100
_LONGEST = 5_000
_USUAL_PIECES, _USUAL_CHARACTERS = 120, 400
"""A few lines either way."""
_SEEDS = 2**31 - 1


class _Whole(QSpinBox):
    """Turning the wheel over the page scrolls the page; only a box in use counts."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _Real(QDoubleSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class WritingSettings(QWidget):
    """Length, temperature, the two limits and the seed (writing_<name>), each with its sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.length = _whole(1, _LONGEST, _USUAL_PIECES)
        self.temperature = _real(0.0, 3.0, 0.8, 0.1)
        self.top_k = _whole(0, 1_000_000, 50)
        self.top_k.setSpecialValueText(self.tr("all"))
        self.top_p = _real(0.05, 1.0, 0.95, 0.05)
        self.seed = _whole(0, _SEEDS, 1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.SMALL)
        self._grid.setVerticalSpacing(Space.HALF)
        self._grid.setColumnStretch(2, 1)
        self._length_help = self._add("length", self.tr("Length"), self.length, "")
        self._add(
            "temperature", self.tr("Temperature"), self.temperature,
            self.tr("how daring; 0 always takes the likeliest"),
        )  # fmt: skip
        self._add("top_k", self.tr("Top-k"), self.top_k, self.tr("only so many of the likeliest"))
        self._add("top_p", self.tr("Top-p"), self.top_p, self.tr("only the likeliest that reach this share"))
        self._add("seed", self.tr("Seed"), self.seed, self.tr("same seed, same text"))
        self.new_seed = QuietButton(self.tr("Another seed"))
        self.new_seed.setObjectName("writing_new_seed")
        self.new_seed.clicked.connect(self.take_next_seed)
        self._grid.addWidget(self.new_seed, 5, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
        self.show_tokens(are_characters=False)

    def show_tokens(self, are_characters: bool) -> None:
        """Say what the length counts; a length that nobody changed becomes the usual one of such tokens."""
        usual, other = (_USUAL_PIECES, _USUAL_CHARACTERS)[:: -1 if are_characters else 1]
        if self.length.value() == other:
            self.length.setValue(usual)
        words = (
            self.tr("characters at most") if are_characters else self.tr("words or pieces of words at most")
        )
        self._length_help.setText(words)
        self.length.setAccessibleDescription(words)

    def _add(self, name: str, label: str, box: QAbstractSpinBox, help_text: str) -> PlainLabel:
        row = self._grid.rowCount() if self._grid.count() else 0
        box.setObjectName(f"writing_{name}")
        box.setAccessibleName(label)
        box.setAccessibleDescription(help_text)
        title = PlainLabel(label)
        title.setWordWrap(False)
        help_label = PlainLabel(help_text, TextStyle.CAPTION, Role.QUIET_TEXT)
        self._grid.addWidget(title, row, 0)
        self._grid.addWidget(box, row, 1)
        self._grid.addWidget(help_label, row, 2)
        return help_label

    @Slot()
    def take_next_seed(self) -> None:
        """Another luck, that can be had again by its number."""
        self.seed.setValue(self.seed.value() % _SEEDS + 1)

    def values(self) -> dict[str, Any]:
        """As the companion's ``generate`` takes them."""
        return {
            "length": self.length.value(),
            "temperature": round(self.temperature.value(), 2),
            "top_k": self.top_k.value(),
            "top_p": round(self.top_p.value(), 2),
            "seed": self.seed.value(),
        }


def _ready(box: QAbstractSpinBox) -> None:
    scale_with_type(box, box.setFixedWidth, _WIDTH)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setKeyboardTracking(False)


def _whole(low: int, high: int, usual: int) -> QSpinBox:
    box = _Whole()
    box.setRange(low, high)
    box.setValue(usual)
    _ready(box)
    return box


def _real(low: float, high: float, usual: float, step: float) -> QDoubleSpinBox:
    box = _Real()
    box.setRange(low, high)
    box.setDecimals(2)
    box.setSingleStep(step)
    box.setValue(usual)
    _ready(box)
    return box
