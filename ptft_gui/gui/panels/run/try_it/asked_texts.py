"""The last texts that a model was asked about in this session, to be asked again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ptft_gui.gui.panels.run.example_chips import ExampleChips
from ptft_gui.gui.panels.run.rows_to_try import in_a_line
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel, as_plain_tooltip

_MOST, _MOST_MODELS = 10, 50
_KEPT_AFTER_MS = 1_200
"""A text counts as asked when it was not changed for so long: not every letter on the way is worth keeping."""
_SHOWN_SIGNS = 120


class AskedTexts(QWidget):
    """Examples, and the last ten texts with their answers; ``chosen`` carries a text.

    ``pattern``: how a text and its answer stand in a line.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, pattern: str = "{label}: {text}") -> None:
        super().__init__(parent)
        self._pattern = pattern
        self._pending: tuple[str, str] | None = None
        self._key = ""
        self._left: dict[str, list[tuple[str, str]]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_KEPT_AFTER_MS)
        self._timer.timeout.connect(self.keep_now)
        self._examples = ExampleChips(self.tr("For example:"), "classifyExample")
        self._examples.chosen.connect(self.chosen)
        self._nothing = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._nothing.setObjectName("whatToType")
        self._title = PlainLabel(self.tr("Asked before"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self.list = QListWidget()
        self.list.setObjectName("askedTexts")
        self.list.setAccessibleName(self.tr("Texts asked before"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemActivated.connect(self._on_activated)
        self.list.itemClicked.connect(self._on_activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        for widget in (self._examples, self._nothing, self._title, self.list):
            column.addWidget(widget)
        self._fit()

    def offer(self, examples: Sequence[str], are_rows: bool = False, nothing: str = "") -> None:
        """Texts to begin with; ``are_rows``: they stand in the data of the run, among the rows that it did not learn
        from. ``nothing``: what to say in their place where there are none."""
        own = self.tr("Try one of these rows, which it did not learn from:")
        self._examples.set_caption(own if are_rows else self.tr("For example:"))
        self._examples.show_texts(examples)
        self._nothing.setText("" if examples else nothing)
        self._nothing.setVisible(bool(self._nothing.text()))

    def turn_to(self, key: str) -> None:
        """Show what was asked of the model ``key`` in this session; what was asked of the one before is kept."""
        self.keep_now()
        if self._key:
            self._left.pop(self._key, None)
            self._left[self._key] = self._rows()
            while len(self._left) > _MOST_MODELS:
                del self._left[next(iter(self._left))]
        self._key = key
        self.clear()
        for text, line in reversed(self._left.get(key, ())):
            self._insert(text, line)
        self._fit()

    def clear(self) -> None:
        """Another model: nothing was asked of it."""
        self._timer.stop()
        self._pending = None
        self.list.clear()
        self._fit()

    def note(self, text: str, label: str) -> None:
        """``text`` was answered with ``label``; it is kept once a person stops typing."""
        self._pending = (text, label)
        self._timer.start()

    @Slot()
    def keep_now(self) -> None:
        """Keep what was asked last."""
        self._timer.stop()
        if self._pending is None:
            return
        text, label = self._pending
        self._pending = None
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == text:
                self.list.takeItem(row)
                break
        shown = in_a_line(text, _SHOWN_SIGNS)
        self._insert(text, self._pattern.format(label=label, text=shown))

    def _insert(self, text: str, line: str) -> None:
        item = QListWidgetItem(line)
        item.setData(Qt.ItemDataRole.UserRole, text)
        item.setToolTip(as_plain_tooltip(text[:1000]))
        self.list.insertItem(0, item)
        while self.list.count() > _MOST:
            self.list.takeItem(self.list.count() - 1)
        self._fit()

    def texts(self) -> list[str]:
        """What was asked, the newest first."""
        return [text for text, _ in self._rows()]

    def _rows(self) -> list[tuple[str, str]]:
        """Each text with its line, the newest first."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [(str(item.data(Qt.ItemDataRole.UserRole)), item.text()) for item in items]

    def _fit(self) -> None:
        """As high as its lines, and not there without any."""
        rows = self.list.count()
        self._title.setVisible(rows > 0)
        self.list.setVisible(rows > 0)
        height = self.list.sizeHintForRow(0) if rows else 0
        self.list.setFixedHeight(max(rows, 1) * max(height, 1) + 2 * self.list.frameWidth())

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem) -> None:
        self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
