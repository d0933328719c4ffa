"""How the roles of columns are told apart: a colour each, beside the word that names it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.family.tasks import ROLES, get_role
from ptft_gui.gui.theme import Role

_COLOURS = {
    "text": Role.SERIES_1,
    "tokens": Role.SERIES_1,
    "question": Role.SERIES_1,
    "prompt": Role.SERIES_1,
    "text_pair": Role.SERIES_2,
    "context": Role.SERIES_2,
    "reply": Role.SERIES_2,
    "label": Role.SERIES_3,
    "tags": Role.SERIES_3,
    "answer": Role.SERIES_3,
    "score": Role.SERIES_4,
    "answer_start": Role.SERIES_4,
    "split": Role.SERIES_5,
}
_KNOWN = {role.key for role in ROLES}


def role_colour(role: str) -> Role:
    """The colour in which a column of this role is headed."""
    return _COLOURS.get(role, Role.QUIET_TEXT)


def role_title(role: str) -> str:
    """What a role is called; "Not used" for none."""
    if not role:
        return QCoreApplication.translate("Roles", "Not used")
    return get_role(role).title if role in _KNOWN else role


def role_sentence(role: str) -> str:
    """What a role is for."""
    return get_role(role).sentence if role in _KNOWN else ""
