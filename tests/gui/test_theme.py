"""Colours, type sizes and icons."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton

from ptft_gui.core.resources import resource_path
from ptft_gui.gui.icons import icon_pixmap, set_icon
from ptft_gui.gui.theme import Role, TextStyle, Theme, contrast_ratio, current_theme
from ptft_gui.gui.theme.roles import SCHEMES, TEXT_PAIRS, blend, text_role
from ptft_gui.gui.theme.sizes import TEXT_SCALES

ICONS = sorted(path.stem for path in resource_path("icons").glob("*.svg"))
CHECKOUT = Path(__file__).resolve().parents[2]


def test_contrast_is_the_ratio_of_wcag() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast_ratio("#123456", "#123456") == 1.0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read(scheme: str) -> None:
    colours = SCHEMES[scheme]
    ratios = {(ink, ground): contrast_ratio(colours[ink], colours[ground]) for ink, ground in TEXT_PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_role_has_a_text_role_that_can_be_read(scheme: str) -> None:
    inks = {ink for ink, _ in TEXT_PAIRS}
    drawn = [Role.TRAINING, Role.HELD_OUT, Role.GOOD, Role.WARNING, Role.BAD, Role.SERIES_1, Role.SERIES_5]
    assert all(text_role(role) in inks for role in drawn)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_controls_and_curves_stand_out(scheme: str) -> None:
    """WCAG asks 3:1 of what is not text."""
    colours = SCHEMES[scheme]
    for role in (Role.CONTROL_BORDER, Role.TRAINING, Role.HELD_OUT, Role.GOOD, Role.WARNING, Role.BAD):
        assert contrast_ratio(colours[role], colours[Role.SURFACE]) >= 3.0, role


def test_blend_lies_between() -> None:
    assert blend("#FFFFFF", "#000000", 0.0) == "#000000"
    assert blend("#FFFFFF", "#000000", 1.0) == "#FFFFFF"
    assert blend("#FF0000", "#0000FF", 0.5) == "#800080"


def test_colours_are_written_down_in_one_file_only() -> None:
    colour = re.compile(r"#[0-9A-Fa-f]{6}\b")
    sources = [*(CHECKOUT / "ptft_gui" / "gui").rglob("*.py"), resource_path("style", "window.qss")]
    others = [
        path.name for path in sources if path.name != "roles.py" and colour.search(path.read_text("utf-8"))
    ]
    assert others == []


def test_one_theme_an_application(theme: Theme) -> None:
    assert current_theme() is theme
    assert theme.scheme == "light"  # the offscreen system does not say


def test_change_of_scheme_reaches_palette_and_listeners(qapp: QApplication, theme: Theme, qtbot) -> None:
    with qtbot.waitSignal(theme.theme_changed, timeout=1000):
        theme.set_preference("dark")
    assert theme.is_dark
    window = qapp.palette().color(QPalette.ColorRole.Window)
    assert window == QColor(SCHEMES["dark"][Role.WINDOW])
    assert SCHEMES["dark"][Role.SURFACE] in qapp.styleSheet()
    assert SCHEMES["light"][Role.SURFACE] not in qapp.styleSheet()


def test_text_grows_in_steps_and_stays_in_range(theme: Theme) -> None:
    assert [theme.pixels(style) for style in TextStyle] == [11, 13, 13, 18, 24]
    theme.make_text_larger()
    assert theme.text_scale == 1.15
    for _ in range(20):
        theme.make_text_larger()
    assert theme.text_scale == TEXT_SCALES[-1]
    for _ in range(20):
        theme.make_text_smaller()
    assert theme.text_scale == TEXT_SCALES[0]


def test_presenting_is_half_as_large_again_and_never_small(theme: Theme) -> None:
    theme.set_presenting(True)
    assert theme.pixels(TextStyle.HEADLINE) == 36
    assert min(theme.pixels(style) for style in TextStyle) == 20


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    image = icon_pixmap(name, "#3B5BDB", 48).toImage()
    pixels = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    opaque = [p for p in pixels if p.alpha() == 255]
    assert len(opaque) > 20
    assert all(abs(p.red() - 0x3B) < 6 and abs(p.blue() - 0xDB) < 6 for p in opaque)


def test_an_icon_follows_the_theme(theme: Theme, qtbot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    set_icon(button, "stop", Role.TEXT)
    before = button.icon().pixmap(32, 32).toImage()
    theme.set_preference("dark")
    assert button.icon().pixmap(32, 32).toImage() != before
    set_icon(button, "play", Role.TEXT)
    assert (
        len(
            button.findChildren(type(button.children()[0]), options=Qt.FindChildOption.FindDirectChildrenOnly)
        )
        == 1
    )


def test_pictures_in_controls_have_todays_colours() -> None:
    path = CHECKOUT / "packaging" / "tint_controls.py"
    spec = importlib.util.spec_from_file_location("tint_controls", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for file, svg in tool.tinted_controls().items():
        assert file.read_text("utf-8") == svg, f"{file}: run packaging/tint_controls.py"
