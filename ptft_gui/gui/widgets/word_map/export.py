"""The map as a picture and as a drawing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from ptft_gui.core.atomic import write_bytes_atomically
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, current_theme

if TYPE_CHECKING:
    from ptft_gui.gui.widgets.word_map.surface import MapSurface

_PICTURE_SCALE = 2


def png_bytes(surface: MapSurface) -> bytes:
    """What is shown as the bytes of a PNG file with twice the pixels of the screen."""
    image = QImage(surface.size() * _PICTURE_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_PICTURE_SCALE)
    painter = QPainter(image)
    painter.fillRect(surface.rect(), current_theme().colour(Role.SURFACE))
    surface.draw(painter, is_vector=False)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def svg_bytes(surface: MapSurface) -> bytes:
    """What is shown as the bytes of an SVG file: words as text, points as circles, or as one embedded picture where
    they are very many."""
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(surface.size())
    generator.setViewBox(QRectF(surface.rect()))
    generator.setTitle(surface.accessibleName())
    generator.setDescription(surface.accessibleDescription())
    painter = QPainter(generator)
    painter.fillRect(surface.rect(), current_theme().colour(Role.SURFACE))
    surface.draw(painter, is_vector=True)
    painter.end()
    return bytes(buffer.data().data())


def export_picture(surface: MapSurface, path: Path) -> None:
    """Write ``path`` whole or not at all; its ending says as what."""
    makers = {".png": png_bytes, ".svg": svg_bytes}
    maker = makers.get(path.suffix.lower())
    if maker is None:
        raise PtftError(
            _tr("{name} does not say what kind of picture to write.").format(name=path.name),
            _tr('Its name ends in "{ending}".').format(ending=path.suffix),
            _tr("Choose a name that ends in .png or .svg."),
        )
    try:
        write_bytes_atomically(path, maker(surface))
    except OSError as failure:
        raise PtftError(
            _tr("{name} could not be written.").format(name=path.name),
            failure.strerror or "",
            _tr("Choose another folder, or free some space."),
        ) from failure


def _tr(text: str) -> str:
    return QCoreApplication.translate("MapPicture", text)
