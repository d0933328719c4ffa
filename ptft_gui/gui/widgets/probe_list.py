"""Up to five inputs for a language model, a line each: prompts to go on from, or sentences with a blank to fill."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ptft_gui.core.probes import LONGEST_PROBE, MOST_PROBES
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.clear_button import add_clear_button
from ptft_gui.gui.widgets.labels import PlainLabel

PROPOSED = 3
"""So many of what is proposed are taken unless a person writes others; more answers take more time."""


class ProbeList(QWidget):
    """One empty line follows those that are filled, as long as there is room for one. ``changed`` follows a person's
    and the program's changes."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probesField")
        self.setAccessibleName(self.tr("Probes"))
        self._is_own, self._is_setting, self._fills_blanks = False, False, False
        self._note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        self._lines = [self._make_line(number) for number in range(1, MOST_PROBES + 1)]
        for line in self._lines:
            column.addWidget(line)
        column.addWidget(self._note)
        self.set_kind(fills_blanks=False)
        self._show_lines()

    def _make_line(self, number: int) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(f"probe_{number}")
        line.setAccessibleName(self.tr("Probe {number}").format(number=number))
        line.setMaxLength(LONGEST_PROBE)
        add_clear_button(line)
        line.textChanged.connect(self._on_text)
        line.editingFinished.connect(self._close_gaps)
        return line

    def set_kind(self, fills_blanks: bool) -> None:
        """Ask for sentences with a blank, or for beginnings; those of the other kind are taken away."""
        if fills_blanks != self._fills_blanks:
            self._is_own = False
            self._write(())
        self._fills_blanks = fills_blanks
        empty = (
            self.tr("A sentence with ___ for a word")
            if fills_blanks
            else self.tr("A beginning to go on from")
        )
        for line in self._lines:
            line.setPlaceholderText(empty)
        self._note.setText(
            self.tr(
                "It fills these blanks before it has learned anything, and again and again while it learns."
            )
            if fills_blanks
            else self.tr(
                "It goes on from these before it has learned anything, and again and again while it learns."
            )
        )

    def probes(self) -> tuple[str, ...]:
        """What is written, without empty lines and equal ones."""
        return tuple(dict.fromkeys(text for line in self._lines if (text := line.text().strip())))

    def propose(self, probes: Sequence[str]) -> None:
        """Write the first of ``probes``, unless a person wrote others."""
        if not self._is_own:
            self._write(probes[:PROPOSED])

    def choose(self, probes: Sequence[str]) -> None:
        """Write what a person chose for another run."""
        self._is_own = bool(probes)
        self._write(probes)

    def _write(self, probes: Sequence[str]) -> None:
        self._is_setting = True
        for place, line in enumerate(self._lines):
            line.setText(probes[place] if place < len(probes) else "")
            line.setCursorPosition(0)
        self._is_setting = False
        self._show_lines()
        self.changed.emit()

    def _show_lines(self) -> None:
        filled = max((place + 1 for place, line in enumerate(self._lines) if line.text()), default=0)
        for place, line in enumerate(self._lines):
            line.setVisible(place <= filled)

    @Slot()
    def _on_text(self) -> None:
        if self._is_setting:
            return
        self._is_own = True
        self._show_lines()
        self.changed.emit()

    @Slot()
    def _close_gaps(self) -> None:
        texts = [line.text() for line in self._lines]
        filled = [text for text in texts if text.strip()]
        if texts[: len(filled)] != filled:
            self._write(filled)
