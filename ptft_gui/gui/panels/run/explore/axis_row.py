"""Where the two ends of an axis are typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ptft_gui.gui.panels.run.explore.word_input import WordInput
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.labels import PlainLabel

_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Axis:
    """The words at both ends."""

    negative: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return bool(self.negative and self.positive)

    @classmethod
    def from_text(cls, text: str) -> Axis:
        """An axis as people write it: ``man boy - woman girl``."""
        low, _, high = text.partition(" - ")
        return cls(tuple(words_in(low)), tuple(words_in(high)))


def words_in(text: str) -> list[str]:
    """The words of a field, in order and each once."""
    return list(dict.fromkeys(word for word in _BETWEEN.split(text) if word))


class AxisRow(QWidget):
    """Two fields with "to" between them; ``submitted`` when Enter is pressed in one."""

    submitted = Signal()

    def __init__(self, asker: Asker, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.low, self.high = WordInput(asker), WordInput(asker)
        sides = (
            (self.low, "Negative", self.tr("Words at one end"), self.tr("for example bad")),
            (self.high, "Positive", self.tr("Words at the other end"), self.tr("for example good")),
        )
        for field, side, words, example in sides:
            field.setObjectName(f"{name}{side}")
            field.setAccessibleName(words)
            field.setToolTip(words)
            field.setPlaceholderText(example)
            field.returnPressed.connect(self.submitted)
        to = PlainLabel(self.tr("to"), TextStyle.BODY, Role.QUIET_TEXT)
        to.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.low, 1)
        row.addWidget(to)
        row.addWidget(self.high, 1)

    def set_model(self, path: str) -> None:
        """Complete from this model."""
        for field in (self.low, self.high):
            field.set_model(path)
            field.clear()

    def axis(self) -> Axis:
        return Axis(tuple(words_in(self.low.text())), tuple(words_in(self.high.text())))

    def show_axis(self, axis: Axis) -> None:
        self.low.setText(" ".join(axis.negative))
        self.high.setText(" ".join(axis.positive))

    def clear(self) -> None:
        self.show_axis(Axis())

    def replace(self, word: str, by: str) -> None:
        """Put ``by`` in the place of ``word``."""
        axis = self.axis()
        ends = (axis.negative, axis.positive)
        low, high = (tuple(by if one == word else one for one in end) for end in ends)
        self.show_axis(Axis(low, high))
