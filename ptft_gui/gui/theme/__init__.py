"""The visual language: colour roles, sizes, and the theme that dresses the application in them."""

from ptft_gui.gui.theme.roles import Role, contrast_ratio, text_role
from ptft_gui.gui.theme.sizes import Space, TextStyle
from ptft_gui.gui.theme.theme import Preference, Scheme, Theme, current_theme

__all__ = [
    "Preference",
    "Role",
    "Scheme",
    "Space",
    "TextStyle",
    "Theme",
    "contrast_ratio",
    "current_theme",
    "text_role",
]
