"""Says on the desktop that something has ended, for a person who looks elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QProcess
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from ptft_gui.core.desktop_note import note_command
from ptft_gui.gui.icons import icon_pixmap
from ptft_gui.gui.theme import Role, current_theme

_tray: list[QSystemTrayIcon] = []


def announce(window: QWidget, title: str, text: str) -> None:
    """Show a note on the desktop and mark the window while it is not in use; a desktop without notes stays quiet."""
    if not window.isActiveWindow():
        QApplication.alert(window)
    command = note_command(title, text)
    if command is not None:
        QProcess.startDetached(command[0], command[1:])
    elif QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
        _tray_icon(window).showMessage(title, text)


def _tray_icon(window: QWidget) -> QSystemTrayIcon:
    """The window's place in the tray, made when it is first needed: only from there can such a note come."""
    if not _tray:
        pixmap = icon_pixmap("play", current_theme().hex(Role.ACCENT), 32)
        icon = QSystemTrayIcon(QIcon(pixmap), window)
        icon.setToolTip(window.windowTitle())
        icon.activated.connect(window.raise_)
        window.destroyed.connect(_tray.clear)
        _tray.append(icon)
    _tray[0].show()
    return _tray[0]
