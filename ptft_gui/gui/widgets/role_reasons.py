"""Why each column was given its role, a line each, and the second-best column one click away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.data_answers import GuessedRole
from ptft_gui.gui.widgets.head_button import ElidedButton
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.role_look import role_title

_NAME_SIGNS = 28
_SIDE_BY_SIDE = 520
"""From this width on a reason and the second-best column stand in one line."""


class RoleReasons(QWidget):
    """``role_chosen`` carries a role and the second-best column, which a person preferred."""

    role_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[QBoxLayout] = []
        self._is_wide = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.HALF)

    def show_guesses(self, guesses: Sequence[GuessedRole], chosen: Mapping[str, str]) -> None:
        """Say why; the roles in ``chosen`` a person gave by hand."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = []
        for guess in guesses:
            self._add(guess, is_chosen=guess.role in chosen)

    def _add(self, guess: GuessedRole, is_chosen: bool) -> None:
        label = PlainLabel(self._sentence(guess, is_chosen), TextStyle.CAPTION, Role.QUIET_TEXT)
        label.setObjectName(f"roleReason_{guess.role}")
        row = QBoxLayout(self._direction())
        row.setSpacing(Space.SMALL if self._is_wide else 0)
        row.addWidget(label, 2)
        line = QWidget()
        line.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self._rows.append(row)
        self._column.addWidget(line)
        if guess.runner_up and not is_chosen:
            button = ElidedButton()
            button.show_text(
                self.tr("Use {column} instead").format(column=guess.runner_up), guess.runner_up_reason
            )
            button.setObjectName(f"runnerUp_{guess.role}")
            button.setProperty("role", guess.role)
            button.setProperty("column", guess.runner_up)
            button.clicked.connect(self._on_runner_up)
            row.addWidget(button, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_wide = self.width() >= _SIDE_BY_SIDE
        for row in self._rows:
            row.setDirection(self._direction())
            row.setSpacing(Space.SMALL if self._is_wide else 0)

    def _direction(self) -> QBoxLayout.Direction:
        directions = QBoxLayout.Direction
        return directions.LeftToRight if self._is_wide else directions.TopToBottom

    def _sentence(self, guess: GuessedRole, is_chosen: bool) -> str:
        """The reason as it came, if it names the column itself, else as the end of a sentence."""
        column = shortened(guess.column)
        if is_chosen:
            return self.tr("{role}: {column}, chosen by you.").format(
                role=role_title(guess.role), column=column
            )
        if guess.column in guess.reason:
            sentence = ended(guess.reason)
            return sentence[:1].upper() + sentence[1:]
        words = (
            self.tr("{role}: {column}, because {reason}") if guess.reason else self.tr("{role}: {column}.")
        )
        return words.format(role=role_title(guess.role), column=column, reason=ended(guess.reason))

    @Slot()
    def _on_runner_up(self) -> None:
        button = self.sender()
        self.role_chosen.emit(button.property("role"), button.property("column"))


def shortened(text: str, most: int = _NAME_SIGNS) -> str:
    """``text`` in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def ended(sentence: str) -> str:
    """``sentence`` with one full stop."""
    return sentence.strip().rstrip(".") + "."
