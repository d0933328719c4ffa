"""Every widget at once, as the gallery shows them: named, whole, and without a light spot in the dark."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from ptft_gui.gui.theme import Role, Theme, current_theme

CHECKOUT = Path(__file__).resolve().parents[3]


def load_gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "widget_gallery", CHECKOUT / "packaging" / "widget_gallery.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def gallery(qtbot, theme: Theme) -> Iterator[QWidget]:
    gallery = load_gallery().Gallery()
    qtbot.addWidget(gallery)
    gallery.show()
    yield gallery
    gallery.hide()


def visible_on_every_tab(gallery: QWidget) -> Iterator[QWidget]:
    for index in range(gallery.tabs.count()):
        gallery.tabs.setCurrentIndex(index)
        QApplication.processEvents()
        yield from (w for w in gallery.findChildren(QWidget) if w.isVisible())


def test_whatever_takes_the_focus_has_a_name(gallery: QWidget) -> None:
    own_parts = ("qt_", "QComboBoxPrivate")  # inside Qt's own controls
    nameless = {
        f"{type(w).__name__} {w.objectName()} in {type(w.parent()).__name__}"
        for w in visible_on_every_tab(gallery)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not w.objectName().startswith(own_parts)
        and w.focusProxy() is None
        and not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
        and type(w).__module__.startswith(("ptft_gui", "widget_gallery"))
    }
    assert nameless == set()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_sentence_is_cut(gallery: QWidget, theme: Theme, scale: float) -> None:
    theme.set_text_scale(scale)
    gallery.resize(round(1280 * scale), round(1000 * scale))
    cut = [
        label.text()
        for label in visible_on_every_tab(gallery)
        if isinstance(label, QLabel) and label.wordWrap() and label.text()
        if label.height() < label.heightForWidth(label.width())
    ]
    assert cut == []


def test_the_dark_has_no_light_surface(gallery: QWidget, theme: Theme) -> None:
    """Light pixels are strokes of letters and curves: never a patch of 8 by 8."""
    theme.set_preference("dark")
    for index in range(gallery.tabs.count()):
        gallery.tabs.setCurrentIndex(index)
        QApplication.processEvents()
        image = gallery.grab().toImage()
        brightest = QColor(current_theme().hex(Role.ACCENT)).lightness() + 10
        for x in range(0, image.width() - 8, 8):
            for y in range(0, image.height() - 8, 8):
                corners = [QColor(image.pixel(x + dx, y + dy)) for dx in (0, 4, 7) for dy in (0, 4, 7)]
                assert min(colour.lightness() for colour in corners) < brightest, (index, x, y)
