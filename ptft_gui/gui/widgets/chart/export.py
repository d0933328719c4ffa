"""A chart as a picture, as a drawing and as numbers."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from ptft_gui.core.atomic import sync_folder
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.chart.curve import Curve
from ptft_gui.gui.widgets.chart.view import ChartView

_PICTURE_SCALE = 2
_ROWS_A_TURN = 10_000


def _draw(painter: QPainter, view: ChartView, title: str) -> None:
    """Title above, chart below, on the theme's surface."""
    theme = current_theme()
    size = picture_size(view)
    painter.fillRect(0, 0, size.width(), size.height(), theme.colour(Role.SURFACE))
    painter.setFont(theme.font(TextStyle.STRONG))
    painter.setPen(theme.colour(Role.TEXT))
    head = size.height() - view.height()
    painter.drawText(
        QRectF(Space.MEDIUM, 0, size.width() - 2 * Space.MEDIUM, head),
        int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
        title,
    )
    view.render(painter, QRectF(0, head, view.width(), view.height()), view.viewport().rect())


def picture_size(view: ChartView) -> QSize:
    """Width and height of an exported chart in device-independent pixels."""
    return QSize(view.width(), view.height() + current_theme().pixels(TextStyle.STRONG) * 2 + Space.SMALL)


def as_image(view: ChartView, title: str) -> QImage:
    """The chart as a picture with twice the pixels of the screen's."""
    image = QImage(picture_size(view) * _PICTURE_SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_PICTURE_SCALE, _PICTURE_SCALE)
    view.set_picture_scale(_PICTURE_SCALE)
    _draw(painter, view, title)
    view.set_picture_scale(None)
    painter.end()
    return image


def png_bytes(view: ChartView, title: str) -> bytes:
    """The picture as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    as_image(view, title).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def svg_bytes(view: ChartView, title: str) -> bytes:
    """The chart as the bytes of an SVG file, text as text."""
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(picture_size(view))
    generator.setViewBox(QRectF(0, 0, picture_size(view).width(), picture_size(view).height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    _draw(painter, view, title)
    painter.end()
    return bytes(buffer.data().data())


def csv_lines(curves: Sequence[Curve], x_title: str) -> Iterator[str]:
    """Every point of every curve: metric, step or what else ``x_title`` counts, value; what is missing is empty."""
    yield f"metric,{x_title},value\n"
    for curve in curves:
        for step, value in zip(curve.x.tolist(), curve.y.tolist(), strict=True):
            yield f"{curve.name},{step:.10g},{'' if value != value else repr(value)}\n"


def _remove(path: Path, *_: object) -> None:
    path.unlink(missing_ok=True)


class CsvWriter(QObject):
    """Writes a CSV file a few thousand rows at a time, so that a curve of a million points blocks nothing.

    ``written`` carries the path when the file is there whole; ``write_failed`` an OSError when it cannot be.
    """

    written = Signal(str)
    write_failed = Signal(object)

    def __init__(
        self, path: Path, curves: Sequence[Curve], x_title: str = "step", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
        # a live curve goes on growing in buffers that may be written over; the file shows this moment
        still = [Curve(c.name, c.label, c.x.copy(), c.y.copy()) for c in curves]
        self._lines = csv_lines(still, x_title)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_turn)
        self.destroyed.connect(partial(_remove, self._temporary))

    def start(self) -> None:
        try:
            self._file = self._temporary.open("w", encoding="utf-8", newline="")
        except OSError as failure:
            self.write_failed.emit(failure)
            return
        self._timer.start(0)

    @Slot()
    def _on_turn(self) -> None:
        try:
            rows = [line for _, line in zip(range(_ROWS_A_TURN), self._lines, strict=False)]
            self._file.writelines(rows)
            if len(rows) < _ROWS_A_TURN:
                self._finish()
        except OSError as failure:
            self._timer.stop()
            self._temporary.unlink(missing_ok=True)
            self.write_failed.emit(failure)

    def _finish(self) -> None:
        self._timer.stop()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._temporary.replace(self._path)
        sync_folder(self._path.parent)
        self.written.emit(str(self._path))
