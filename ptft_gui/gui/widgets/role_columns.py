"""The first rows of a table as far as the model uses them: one column a role, its head a menu of the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QGridLayout, QMenu, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.data_answers import GuessedRole, OpenedData
from ptft_gui.gui.widgets.head_button import HeadButton
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.role_look import role_colour, role_sentence, role_title
from ptft_gui.gui.widgets.role_reasons import RoleReasons, shortened

_JOIN = " + "
_MOST_COLUMNS = 40
"""So many columns stand in a menu; a table of thousands is better searched on the Datasets page."""


class RoleColumns(QWidget):
    """``role_chosen`` carries a role and the column that a person gave it."""

    role_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("roleGuess")
        self.setAccessibleName(self.tr("What the columns are for"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self._heads: dict[str, HeadButton] = {}
        self._parts: list[QWidget] = []

    def show_data(self, data: OpenedData, roles: Sequence[str], chosen: Mapping[str, str]) -> None:
        """Show the columns of ``roles``, the first rows below each, and why each was guessed.

        ``chosen`` are the roles a person gave by hand: they need no reason.
        """
        self._clear()
        guesses = {guess.role: guess for guess in data.roles}
        self._add(self._make_grid(data, roles, guesses))
        reasons = RoleReasons()
        reasons.show_guesses([guesses[role] for role in roles if role in guesses], chosen)
        reasons.role_chosen.connect(self.role_chosen)
        self._add(reasons)

    def head(self, role: str) -> HeadButton:
        """The head of the column of ``role``; raises :class:`KeyError` for one that is not shown."""
        return self._heads[role]

    def _clear(self) -> None:
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts, self._heads = [], {}

    def _add(self, part: QWidget) -> None:
        self._parts.append(part)
        self._column.addWidget(part)

    def _make_grid(
        self, data: OpenedData, roles: Sequence[str], guesses: Mapping[str, GuessedRole]
    ) -> QWidget:
        grid_widget = QWidget()
        grid = QGridLayout(grid_widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.HALF)
        for place, role in enumerate(roles, start=1):
            grid.addWidget(self._make_head(data, role, guesses.get(role)), 0, place)
            grid.setColumnStretch(place, 3 if role in ("text", "context", "tokens", "reply") else 2)
        rows = data.rows if any(role in guesses for role in roles) else ()
        for line, row in enumerate(rows, start=1):
            number = PlainLabel(row[0] if row else "", TextStyle.CAPTION, Role.QUIET_TEXT)
            number.setWordWrap(False)
            grid.addWidget(number, line, 0)
            for place, role in enumerate(roles, start=1):
                cell = ElidedLabel(data.cell(row, data.column_of(role)), TextStyle.CAPTION)
                grid.addWidget(cell, line, place)
        return grid_widget

    def _make_head(self, data: OpenedData, role: str, guess: GuessedRole | None) -> HeadButton:
        head = self._heads[role] = HeadButton()
        head.setObjectName(f"roleHead_{role}")
        text = self.tr("{role}: {column}") if guess else self.tr("{role}: choose a column")
        colour = role_colour(role) if guess else Role.WARNING_TEXT
        reason = guess.reason if guess else ""
        sentence = "\n".join(part for part in (role_sentence(role), reason) if part)
        head.show_role(
            text.format(role=role_title(role), column=guess.column if guess else ""), colour, sentence
        )
        head.setMenu(self._make_menu(head, data, role, guess))
        return head

    def _make_menu(self, head: HeadButton, data: OpenedData, role: str, guess: GuessedRole | None) -> QMenu:
        menu = QMenu(head)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        examples = {column.name: column.examples for column in data.columns[:_MOST_COLUMNS]}
        joined = [name for name in (guess.column, guess.runner_up) if _JOIN in name] if guess else []
        for name in (*joined, *examples):
            action = menu.addAction(shortened(name).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(guess is not None and name == guess.column)
            action.setProperty("column", name)
            action.setProperty("role", role)
            if examples.get(name):
                action.setToolTip(
                    self.tr("For example: {cell}").format(cell=shortened(examples[name][0], 80))
                )
            group.addAction(action)
        group.triggered.connect(self._on_action)
        return menu

    @Slot(QAction)
    def _on_action(self, action: QAction) -> None:
        self.role_chosen.emit(action.property("role"), action.property("column"))
