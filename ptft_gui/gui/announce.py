"""Says on the desktop that something has ended, for a person who looks elsewhere."""

from __future__ import annotations

import shutil

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication, QWidget


def announce(window: QWidget, title: str, text: str) -> None:
    """Mark the window and, where the desktop has a notifier, show a note; nothing while the window is in use."""
    if window.isActiveWindow():
        return
    QApplication.alert(window)
    notifier = shutil.which("notify-send")
    if notifier is not None:
        QProcess.startDetached(notifier, ["--app-name=ptft", "--", title, text])
