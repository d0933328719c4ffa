"""Draws the small pictures inside check boxes, combo boxes and menus in the colours of both schemes.

A style sheet can only name files, so these few stand ready in ``resources/icons/controls/<scheme>``; everything else
is tinted when it is drawn. Run it after changing a colour role or an icon: ``python packaging/tint_controls.py``.
A test compares the files with what this would write.
"""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.resources import resource_path
from ptft_gui.gui.icons import read_icon, tint
from ptft_gui.gui.theme.roles import SCHEMES, Role

# file name -> (icon, colour role)
CONTROLS = {
    "check": ("check", Role.ON_ACCENT),
    "check-accent": ("check", Role.ACCENT),
    "check-disabled": ("check", Role.DISABLED_TEXT),
    "dot": ("dot", Role.ON_ACCENT),
    "chevron-up": ("chevron-up", Role.QUIET_TEXT),
    "chevron-down": ("chevron-down", Role.QUIET_TEXT),
    "chevron-right": ("chevron-right", Role.QUIET_TEXT),
}


def tinted_controls() -> dict[Path, str]:
    """Every file and its text."""
    return {
        resource_path("icons", "controls", scheme, f"{name}.svg"): tint(read_icon(icon), colours[role])
        for scheme, colours in SCHEMES.items()
        for name, (icon, role) in CONTROLS.items()
    }


if __name__ == "__main__":
    for path, svg in tinted_controls().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, encoding="utf-8")
