"""*Explain this*: the sentence of the control that has the focus, as far as it has one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QWidget


@dataclass(frozen=True)
class Explanation:
    """``title``: what the control is called; ``text``: its sentences."""

    title: str
    text: str


def explain_focus() -> Explanation:
    """What the focused control, or the nearest thing around it that says something, is for."""
    widget = QApplication.focusWidget()
    while widget is not None:
        text = _sentences(widget)
        if text:
            return Explanation(widget.accessibleName() or _nothing_chosen().title, text)
        widget = widget.parentWidget()
    return _nothing_chosen()


def _sentences(widget: QWidget) -> str:
    """Description, longer help and tooltip without repetition; markup is turned into plain text."""
    parts = (widget.accessibleDescription(), widget.whatsThis(), widget.toolTip())
    plain = (QTextDocumentFragment.fromHtml(part).toPlainText().strip() for part in parts if part)
    return "\n\n".join(dict.fromkeys(part for part in plain if part and part != widget.accessibleName()))


def _nothing_chosen() -> Explanation:
    translate = QCoreApplication.translate
    return Explanation(
        translate("Explain", "Explain this"),
        translate(
            "Explain",
            "Go to a field or a button with the Tab key or a click, then press F1: it says what it is for, what more "
            "or less of it does, and what is usual. Words you do not know stand in Help > Words used here.",
        ),
    )
