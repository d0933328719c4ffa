"""Taking along what is on the screen: any list as CSV or on the clipboard, any picture as PNG or SVG."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from ptft_gui.core.atomic import write_bytes_atomically, write_text_atomically
from ptft_gui.core.errors import PtftError
from ptft_gui.core.spreadsheets import harmless
from ptft_gui.gui.theme import Role, current_theme
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.file_dialog import FileDialog

CellValue = str | int | float | None

_MARK = "\ufeff"
"""Spreadsheets take a file for UTF-8 only when it begins with this; without it Chinese words come out garbled."""
_PICTURE_SCALE = 2


@dataclass(frozen=True)
class ListTable:
    """A list as it leaves the program: ``heads`` over ``rows``; ``name`` is what its file is called at first."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]


def csv_text(table: ListTable) -> str:
    """The list as CSV with a line of heads, marked as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([harmless(head) for head in table.heads])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return _MARK + _writable(text.getvalue())


def tsv_text(table: ListTable) -> str:
    """The list for the clipboard of a spreadsheet: lines parted by tabs, without heads."""
    return _writable("\n".join("\t".join(_cell(value) for value in row) for row in table.rows))


def _cell(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return harmless(value) if isinstance(value, str) else str(value)


def _writable(text: str) -> str:
    """``text`` without halves of signs, which a damaged file may bring and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def save_table(table: ListTable, path: Path) -> None:
    """Write the list in one step. Raises :class:`OSError`."""
    write_text_atomically(path, csv_text(table))


def words_table(name: str, head: str, words: Iterable[str]) -> ListTable:
    """A plain list of words."""
    return ListTable(name, (head,), tuple((word,) for word in words))


# --- pictures ------------------------------------------------------------------------------------------------------

Draw = Callable[[QPainter], None]


def save_picture(draw: Draw, size: QSize, path: Path, title: str = "") -> None:
    """Write what ``draw`` paints in ``size``: as SVG where the name ends so, else as PNG. Raises :class:`OSError`."""
    make = _svg_bytes if path.suffix.lower() == ".svg" else _png_bytes
    write_bytes_atomically(path, make(draw, size, title))


def _png_bytes(draw: Draw, size: QSize, _title: str) -> bytes:
    """With twice the pixels of the screen's."""
    image = QImage(size * _PICTURE_SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_PICTURE_SCALE, _PICTURE_SCALE)
    _paint(painter, draw, size)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _svg_bytes(draw: Draw, size: QSize, title: str) -> bytes:
    from PySide6.QtSvg import QSvgGenerator  # loaded with the first drawing

    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    _paint(painter, draw, size)
    painter.end()
    return bytes(buffer.data().data())


def _paint(painter: QPainter, draw: Draw, size: QSize) -> None:
    painter.fillRect(0, 0, size.width(), size.height(), current_theme().colour(Role.SURFACE))
    draw(painter)


# --- the button ----------------------------------------------------------------------------------------------------


class ExportButton(QuietButton):
    """A small menu: copy the list, save it as CSV, save the picture as PNG or SVG, as far as there are such.

    ``table`` gives the list at the moment it is asked for, ``picture`` writes the picture to a path (its ending says
    the form; it may raise OSError or PtftError). ``said`` carries a sentence, ``failed`` a :class:`PtftError`.
    """

    said = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        name: str,
        table: Callable[[], ListTable] | None = None,
        picture: Callable[[Path], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", "", parent)
        self.setText(self.tr("Export"))
        self.setObjectName(name)
        self._table, self._picture = table, picture
        menu = QMenu(self)
        if table is not None:
            menu.addAction(self.tr("Copy the list"), self.copy)
            menu.addAction(self.tr("List as table (CSV)..."), self._ask_for_csv)
        if picture is not None:
            menu.addAction(self.tr("Picture (PNG)..."), self._ask_for_png)
            menu.addAction(self.tr("Drawing (SVG)..."), self._ask_for_svg)
        self.setMenu(menu)

    @Slot()
    def copy(self) -> None:
        """Put the list on the clipboard."""
        if self._table is not None:
            QGuiApplication.clipboard().setText(tsv_text(self._table()))
            self.said.emit(self.tr("The list is on the clipboard."))

    @Slot()
    def _ask_for_csv(self) -> None:
        self._ask(self.tr("Save the list"), self.tr("Table (*.csv)"), ".csv")

    @Slot()
    def _ask_for_png(self) -> None:
        self._ask(self.tr("Save the picture"), self.tr("Picture (*.png)"), ".png")

    @Slot()
    def _ask_for_svg(self) -> None:
        self._ask(self.tr("Save the picture"), self.tr("Drawing (*.svg)"), ".svg")

    def _ask(self, title: str, kind: str, suffix: str) -> None:
        stem = self._table().name if self._table is not None else self.objectName().removesuffix("Export")
        dialog = FileDialog(self, title, f"{stem or 'list'}{suffix}", kind)
        dialog.setObjectName("exportListDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix[1:])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save)
        dialog.open()

    @Slot(str)
    def save(self, name: str) -> None:
        """Write to ``name``, the list or the picture by its ending; the outcome is told by signals."""
        path = Path(name)
        try:
            if path.suffix.lower() in (".png", ".svg") and self._picture is not None:
                self._picture(path)
            elif self._table is not None:
                save_table(self._table(), path)
        except OSError as failure:
            self.failed.emit(not_written(name, failure))
            return
        except PtftError as problem:
            self.failed.emit(problem)
            return
        self.said.emit(self.tr("Saved as {name}").format(name=name))


def not_written(name: str, failure: OSError) -> PtftError:
    """The sentence for a file that could not be written."""
    translate = QGuiApplication.translate
    return PtftError(
        translate("Export", "{name} cannot be written.").format(name=name),
        failure.strerror or str(failure),
        translate("Export", "Choose another folder, or make room."),
    )
