"""*Explain this*: the sentence of the control that has the focus, as far as it has one."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from ptft_gui.core.resources import read_json_resource


@dataclass(frozen=True)
class Explanation:
    """``title``: what the control is called; ``text``: its sentences."""

    title: str
    text: str


def explain_focus() -> Explanation:
    """What the focused control, or the nearest thing around it that says something, is for."""
    widget = QApplication.focusWidget()
    title = _title_of(widget)
    while widget is not None:
        if text := explanation_of(widget):
            return Explanation(title or _title_of(widget) or _nothing_chosen().title, text)
        widget = widget.parentWidget()
    return _nothing_chosen()


def explanation_of(widget: QWidget) -> str:
    """Description, longer help and tooltip without repetition, in plain text; "" for a control that says nothing."""
    longer = _longer_form(widget.objectName())
    parts = (longer, widget.accessibleDescription(), widget.whatsThis(), widget.toolTip())
    plain = (QTextDocumentFragment.fromHtml(part).toPlainText().strip() for part in parts if part)
    return "\n\n".join(dict.fromkeys(part for part in plain if part and part != widget.accessibleName()))


def _title_of(widget: QWidget | None) -> str:
    """What a control is called: its name for screen readers, else what stands on it."""
    if widget is None:
        return ""
    shown = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or shown.replace("&", "")


def _longer_form(name: str) -> str:
    """The longer sentence that is kept for a control of this name, or for all whose names are of its form."""
    exact, forms = _explanations()
    return exact.get(name) or next((text for form, text in forms if name and fnmatchcase(name, form)), "")


@cache
def _explanations() -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Sentences by name, and by form of a name, the most particular form first."""
    kept: dict[str, str] = read_json_resource("explanations.json")
    forms = [(name, text) for name, text in kept.items() if "*" in name]
    exact = {name: text for name, text in kept.items() if "*" not in name}
    return exact, sorted(forms, key=lambda form: -len(form[0]))


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
