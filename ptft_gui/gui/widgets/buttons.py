"""The kinds of button there are. A page has exactly one primary button; what destroys is never filled."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from ptft_gui.gui.icons import set_icon
from ptft_gui.gui.theme import Role
from ptft_gui.gui.widgets.restyle import set_style_property


class _KindButton(QPushButton):
    _kind = "secondary"
    _icon_role = Role.TEXT

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self._kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if icon:
            self.set_icon_name(icon)

    def setMenu(self, menu: QMenu) -> None:
        super().setMenu(menu)
        set_style_property(self, "hasMenu", True)

    def set_icon_name(self, icon: str) -> None:
        """Show one of the program's icons before the text."""
        set_icon(self, icon, self._icon_role)


class PrimaryButton(_KindButton):
    """The one filled button of a page: what the page is for."""

    _kind = "primary"
    _icon_role = Role.ON_ACCENT


class SecondaryButton(_KindButton):
    """An outlined button."""


class QuietButton(_KindButton):
    """A button without an outline, for what is rarely needed."""

    _kind = "quiet"
    _icon_role = Role.ACCENT


class DangerButton(_KindButton):
    """Throws something away: outlined in red, never filled, never the default."""

    _kind = "danger"
    _icon_role = Role.BAD_TEXT


class IconButton(QToolButton):
    """A button that is only an icon; ``name`` is what a screen reader says and the tooltip shows."""

    def __init__(
        self, icon: str, name: str, role: Role = Role.QUIET_TEXT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setIconSize(QSize(20, 20))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_icon(self, icon, role)
