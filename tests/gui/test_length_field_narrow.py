"""The length of a run fits into the third column, whatever it is measured in."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core.family.options import OptionValue
from ptft_gui.gui.panels.new_run.length_field import LENGTH_KEYS, LengthField
from ptft_gui.gui.theme import Theme

_COLUMN = 320
"""Pixels in a window of 1280."""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("epochs", 10),
        ("epochs", None),
        ("max_steps", 2_000_000),
        ("max_minutes", 5.0),
        ("finish_by", "08:00"),
    ],
)
def test_no_length_makes_the_column_wider(qtbot: QtBot, theme: Theme, key: str, value: OptionValue) -> None:
    field = LengthField()
    qtbot.addWidget(field)
    field.set_values({key: value})
    field.resize(_COLUMN, field.heightForWidth(_COLUMN))
    field.show()
    assert field.minimumSizeHint().width() <= _COLUMN
    shown = [k for k in LENGTH_KEYS if field.field(k).isVisible()]
    assert shown == [key]
    assert field.field(key).geometry().right() < _COLUMN
