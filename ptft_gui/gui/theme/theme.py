"""The theme of one application: which scheme holds, what its colours are, how large its type is."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from ptft_gui.gui.theme.roles import SCHEMES, Role
from ptft_gui.gui.theme.sizes import TEXT_SCALES, TextStyle, text_pixels
from ptft_gui.gui.theme.style_sheet import build_style_sheet

Scheme = Literal["light", "dark"]
Preference = Literal["system", "light", "dark"]

_FALLBACK_FAMILIES = ("Noto Sans", "DejaVu Sans", "Noto Sans CJK SC")

_PALETTE_ROLES = {
    QPalette.ColorRole.Window: Role.WINDOW,
    QPalette.ColorRole.WindowText: Role.TEXT,
    QPalette.ColorRole.Base: Role.SURFACE,
    QPalette.ColorRole.AlternateBase: Role.HOVER,
    QPalette.ColorRole.Text: Role.TEXT,
    QPalette.ColorRole.Button: Role.SURFACE,
    QPalette.ColorRole.ButtonText: Role.TEXT,
    QPalette.ColorRole.BrightText: Role.BAD_TEXT,
    QPalette.ColorRole.ToolTipBase: Role.TOOLTIP,
    QPalette.ColorRole.ToolTipText: Role.ON_TOOLTIP,
    QPalette.ColorRole.PlaceholderText: Role.DISABLED_TEXT,
    QPalette.ColorRole.Highlight: Role.ACCENT,
    QPalette.ColorRole.HighlightedText: Role.ON_ACCENT,
    QPalette.ColorRole.Accent: Role.ACCENT,
    QPalette.ColorRole.Link: Role.ACCENT,
    QPalette.ColorRole.LinkVisited: Role.ACCENT,
    QPalette.ColorRole.Light: Role.SURFACE,
    QPalette.ColorRole.Midlight: Role.HOVER,
    QPalette.ColorRole.Mid: Role.BORDER,
    QPalette.ColorRole.Dark: Role.CONTROL_BORDER,
    QPalette.ColorRole.Shadow: Role.BORDER,
}
_DISABLED_PALETTE_ROLES = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)


class Theme(QObject):
    """Colours and type of an application; a child of the application, which it dresses.

    Widgets ask :func:`current_theme` for it, paint with :meth:`colour` and :meth:`font`, and paint again on
    ``theme_changed``, which follows every change of scheme and of text size.
    """

    theme_changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.setObjectName("theme")
        self._application = application
        self._preference: Preference = "system"
        self._text_scale = 1.0
        self._is_presenting = False
        self._presented: QWidget | None = None
        self._family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._apply()

    # what holds now

    @property
    def preference(self) -> Preference:
        return self._preference

    @property
    def scheme(self) -> Scheme:
        """The scheme shown; a system that does not say is light."""
        if self._preference != "system":
            return self._preference
        is_dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "dark" if is_dark else "light"

    @property
    def is_dark(self) -> bool:
        return self.scheme == "dark"

    @property
    def text_scale(self) -> float:
        return self._text_scale

    @property
    def is_presenting(self) -> bool:
        return self._is_presenting

    def hex(self, role: Role) -> str:
        """The colour of ``role`` as ``#RRGGBB``."""
        return SCHEMES[self.scheme][role]

    def colour(self, role: Role) -> QColor:
        return QColor(self.hex(role))

    def pixels(self, style: TextStyle) -> int:
        """Height of the type of ``style`` in device-independent pixels."""
        return text_pixels(style, self._text_scale, self._is_presenting)

    def font(self, style: TextStyle = TextStyle.BODY) -> QFont:
        """The font of ``style``, for painting; widgets get theirs from the style sheet."""
        font = QFont([self._family, *_FALLBACK_FAMILIES])
        font.setPixelSize(self.pixels(style))
        if style in (TextStyle.STRONG, TextStyle.TITLE, TextStyle.HEADLINE):
            font.setWeight(QFont.Weight.DemiBold)
        return font

    # what a person changes

    def set_preference(self, preference: Preference) -> None:
        """Show light, dark, or what the system shows."""
        if preference == self._preference:
            return
        self._preference = preference
        hints = self._application.styleHints()
        if preference == "system":
            hints.unsetColorScheme()
        else:  # the frame and native dialogs follow
            hints.setColorScheme(Qt.ColorScheme.Dark if preference == "dark" else Qt.ColorScheme.Light)
        self._apply()

    def set_text_scale(self, scale: float) -> None:
        """Show all type ``scale`` times as large, within the steps there are."""
        scale = min(max(scale, TEXT_SCALES[0]), TEXT_SCALES[-1])
        if scale != self._text_scale:
            self._text_scale = scale
            self._apply()

    @Slot()
    def make_text_larger(self) -> None:
        self.set_text_scale(min((s for s in TEXT_SCALES if s > self._text_scale), default=TEXT_SCALES[-1]))

    @Slot()
    def make_text_smaller(self) -> None:
        self.set_text_scale(max((s for s in TEXT_SCALES if s < self._text_scale), default=TEXT_SCALES[0]))

    def set_presenting(self, is_presenting: bool, on: QWidget | None = None) -> None:
        """Half as much again, for a room.

        With ``on`` only that page is dressed anew: what is hidden meanwhile need not be, which takes seconds in a
        window of many widgets. What paints itself follows in either case.
        """
        if is_presenting == self._is_presenting:
            return
        self._is_presenting = is_presenting
        before, self._presented = self._presented, on if is_presenting else None
        if before is None and self._presented is None:
            self._apply()
            return
        self._dress_presented(before)
        self.theme_changed.emit()

    # dressing the application

    @Slot()
    def _on_system_scheme_changed(self) -> None:
        if self._preference == "system":
            self._apply()

    def _apply(self) -> None:
        palette = self._palette()
        is_large = self._is_presenting and self._presented is None
        pixels = {style: text_pixels(style, self._text_scale, is_large) for style in TextStyle}
        font = self.font()
        font.setPixelSize(pixels[TextStyle.BODY])
        self._application.setFont(font)
        self._application.setPalette(palette)
        QToolTip.setPalette(palette)
        # Qt takes five times as long to put one sheet over another as to take one off and another on.
        self._application.setStyleSheet("")
        self._application.setStyleSheet(build_style_sheet(self.scheme, SCHEMES[self.scheme], pixels))
        self._dress_presented()
        self.theme_changed.emit()

    def _dress_presented(self, before: QWidget | None = None) -> None:
        """The page that is presented in its large type; the one ``before`` it as all others."""
        if before is not None:
            before.setStyleSheet("")
        if self._presented is not None:
            pixels = {style: self.pixels(style) for style in TextStyle}
            self._presented.setStyleSheet(build_style_sheet(self.scheme, SCHEMES[self.scheme], pixels))

    def _palette(self) -> QPalette:
        palette = QPalette()
        for palette_role, role in _PALETTE_ROLES.items():
            palette.setColor(palette_role, self.colour(role))
        for palette_role in _DISABLED_PALETTE_ROLES:
            palette.setColor(QPalette.ColorGroup.Disabled, palette_role, self.colour(Role.DISABLED_TEXT))
        return palette


def current_theme() -> Theme:
    """The theme of the running application; the first call dresses it.

    Raises :class:`RuntimeError` when no QApplication runs: a colour cannot be asked for before there is a window.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("The theme belongs to a QApplication, and none is running.")
    theme = application.findChild(Theme, "theme", Qt.FindChildOption.FindDirectChildrenOnly)
    return theme if theme is not None else Theme(application)
