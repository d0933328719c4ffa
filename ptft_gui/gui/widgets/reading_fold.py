"""How a file was read, and where a person corrects it: encoding with a live sample, separator, sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.data_answers import OpenedData
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.option_fields import CalmComboBox

_SAMPLE_SIGNS = 120


class ReadingFold(QWidget):
    """A line such as "How it was read: CSV, UTF-8, comma." and, folded below it, what may be corrected.

    ``changed`` carries the :class:`ReadOptions` wanted.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataReading")
        self._how = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._how.setObjectName("dataReadAs")
        self._fold = CollapsibleSection(self.tr("Correct how it is read"))
        self._fold.setObjectName("dataReadingFold")
        self._data = OpenedData()
        self._rows: dict[str, tuple[QWidget, QComboBox]] = {}
        self._sample = PlainLabel("", TextStyle.CAPTION)
        self._sample.setObjectName("encodingSample")
        self._make_row("encoding", self.tr("Encoding: how signs are stored"))
        self._rows["encoding"][1].highlighted.connect(self._show_sample)
        self._fold.body.addWidget(self._sample)
        self._make_row("delimiter", self.tr("What stands between columns"))
        self._make_row("sheet", self.tr("Sheet or list"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._how)
        column.addWidget(self._fold)
        self.hide()

    def _make_row(self, key: str, title: str) -> None:
        box = CalmComboBox()
        box.setObjectName(f"reading_{key}")
        box.setAccessibleName(title)
        box.activated.connect(self._on_activated)
        label = PlainLabel(title, TextStyle.CAPTION, Role.QUIET_TEXT)
        label.setBuddy(box)
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addWidget(label)
        column.addWidget(box)
        self._rows[key] = (row, box)
        self._fold.body.addWidget(row)

    def show_data(self, data: OpenedData) -> None:
        """Show how ``data`` was read; open by itself where that may be wrong. Without a choice nothing is shown."""
        was_shown = not self.isHidden() and data.path == self._data.path
        self._data = data
        self._fill("encoding", [(e.key, e.name) for e in data.encodings], data.encoding)
        self._fill("delimiter", [(d, delimiter_name(d)) for d in data.delimiters], data.delimiter)
        self._fill("sheet", [(sheet, sheet) for sheet in data.sheets], data.sheet)
        self._how.setText(self.tr("How it was read: {how}.").format(how=reading_words(data)))
        self._show_sample(self._rows["encoding"][1].currentIndex())
        has_choice = any(box.count() > 1 for _, box in self._rows.values())
        if not was_shown:
            self._fold.set_open(has_choice and data.is_reading_doubtful())
        self._fold.setVisible(has_choice)
        self.setVisible(has_choice or data.is_table)

    def box(self, key: str) -> QComboBox:
        """The choice of ``encoding``, ``delimiter`` or ``sheet``."""
        return self._rows[key][1]

    @property
    def is_open(self) -> bool:
        return self._fold.is_open

    def set_open(self, is_open: bool) -> None:
        self._fold.set_open(is_open)

    def _fill(self, key: str, choices: Sequence[tuple[str, str]], current: str) -> None:
        row, box = self._rows[key]
        with QSignalBlocker(box):
            box.clear()
            for value, name in choices:
                box.addItem(name, value)
            box.setCurrentIndex(max(box.findData(current), 0))
        row.setVisible(box.count() > 1)

    @Slot(int)
    def _show_sample(self, index: int) -> None:
        """A line of the file as this encoding reads it: the wrong one is seen at once."""
        encodings = self._data.encodings
        text = encodings[index].sample if len(encodings) > 1 and 0 <= index < len(encodings) else ""
        self._sample.setText(" ".join(text.split())[:_SAMPLE_SIGNS])
        self._sample.setVisible(bool(text))

    @Slot()
    def _on_activated(self) -> None:
        wanted = {key: box.currentData() for key, (_, box) in self._rows.items() if box.count() > 1}
        found = {
            "encoding": self._data.encoding,
            "delimiter": self._data.delimiter,
            "sheet": self._data.sheet,
        }
        self._show_sample(self.box("encoding").currentIndex())
        if any(value != found[key] for key, value in wanted.items()):
            self.changed.emit(ReadOptions(**wanted))


def delimiter_name(delimiter: str) -> str:
    """A separator in words."""
    translate = QCoreApplication.translate
    names = {
        ",": translate("Reading", "comma"),
        ";": translate("Reading", "semicolon"),
        "\t": translate("Reading", "tab"),
        "|": translate("Reading", "upright bar"),
        " ": translate("Reading", "space"),
        ":": translate("Reading", "colon"),
    }
    return names.get(delimiter, delimiter)


def reading_words(data: OpenedData) -> str:
    """As in "Values separated by comma, UTF-8": the separator only where the format does not name it."""
    separator = delimiter_name(data.delimiter)
    parts = [data.format_name, data.encoding_name, separator, data.sheet]
    if separator and separator in data.format_name:
        parts.remove(separator)
    return ", ".join(part for part in parts if part)
