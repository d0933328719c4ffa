"""Builds the one style sheet of the window out of colour roles and type sizes."""

from __future__ import annotations

from functools import cache
from string import Template

from ptft_gui.core.resources import resource_path
from ptft_gui.gui.theme.roles import Role
from ptft_gui.gui.theme.sizes import CARD_RADIUS, CONTROL_HEIGHT, CONTROL_RADIUS, TextStyle


@cache
def _template() -> Template:
    return Template(resource_path("style", "window.qss").read_text(encoding="utf-8"))


def build_style_sheet(scheme: str, colours: dict[Role, str], pixels: dict[TextStyle, int]) -> str:
    """The sheet for one scheme ("light" or "dark"). Raises :class:`KeyError` for a role the sheet misspells."""
    body = pixels[TextStyle.BODY]
    sizes = {
        **{f"{style.value}_px": f"{size}px" for style, size in pixels.items()},
        "control_height": f"{round(CONTROL_HEIGHT * body / 13)}px",
        "inner_height": f"{round(CONTROL_HEIGHT * body / 13) - 10}px",
        "spin_height": f"{round(CONTROL_HEIGHT * body / 13) - 13}px",
        "icon": f"{round(16 * body / 13)}px",
        "large_icon": f"{round(20 * body / 13)}px",
        "radio_radius": f"{round(16 * body / 13) // 2 + 1}px",
        "indicator": f"{round(16 * body / 13)}px",
        "control_radius": f"{CONTROL_RADIUS}px",
        "card_radius": f"{CARD_RADIUS}px",
        # Qt wants forward slashes in a style sheet on every system
        "controls": resource_path("icons", "controls", scheme).as_posix(),
    }
    return _template().substitute({role.value: colour for role, colour in colours.items()}, **sizes)
