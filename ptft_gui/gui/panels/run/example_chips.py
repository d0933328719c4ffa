"""Examples to press: words or questions that are true for the text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ptft_gui.gui.panels.run.rows_to_try import BETWEEN, in_a_line
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel, as_plain_tooltip

_LONGEST, _LONGEST_OF_TWO = 42, 26
_ALL = 1_000


class ExampleChips(QWidget):
    """A caption and a flow of texts; ``chosen`` carries the text that was pressed."""

    chosen = Signal(str)

    def __init__(self, caption: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._texts: tuple[str, ...] = ()
        self._most = _ALL
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, Space.HALF)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        self._caption = PlainLabel(caption, TextStyle.CAPTION, Role.QUIET_TEXT)
        column.addWidget(self._caption)
        column.addWidget(self._chips)
        self.hide()

    def texts(self) -> tuple[str, ...]:
        return self._texts

    def set_caption(self, caption: str) -> None:
        """Say what the texts are."""
        self._caption.setText(caption)

    def show_texts(self, texts: Sequence[str]) -> None:
        """Offer ``texts`` instead of those before; none hides the whole."""
        self.setVisible(bool(texts))
        if tuple(texts) == self._texts:
            return
        self._texts = tuple(texts)
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for text in texts:
            shown = in_a_line(text, _LONGEST_OF_TWO if BETWEEN in text else _LONGEST)
            chip = QPushButton(shown.replace("&", "&&"))
            chip.setToolTip(as_plain_tooltip(text.replace(BETWEEN, "\n\n")) if shown != text else "")
            chip.setObjectName(self._name)
            chip.setProperty("kind", "chip")
            chip.setProperty("example", text)
            chip.setAccessibleName(self.tr("Ask: {text}").format(text=text))
            chip.clicked.connect(self._on_clicked)
            self._flow.addWidget(chip)
        self._show_most()

    def show_at_most(self, count: int | None) -> None:
        """Show only the first ``count`` where there is little room; None shows all."""
        most = _ALL if count is None else count
        if most != self._most:
            self._most = most
            self._show_most()

    def _show_most(self) -> None:
        for place in range(self._flow.count()):
            item = self._flow.itemAt(place)
            if item is not None and (chip := item.widget()) is not None:
                chip.setVisible(place < self._most)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(str(self.sender().property("example")))
