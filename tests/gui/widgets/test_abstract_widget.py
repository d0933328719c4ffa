"""A widget that lacks what its kind has to say is never made, and says what is missing."""

from __future__ import annotations

from abc import abstractmethod

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.widgets.abstract import AbstractWidget


class _Picker(QWidget, metaclass=AbstractWidget):
    @abstractmethod
    def words(self) -> str:
        """What it says."""


class _Whole(_Picker):
    def words(self) -> str:
        return "a name"


def test_what_lacks_a_method_is_not_made(qtbot: QtBot) -> None:
    with pytest.raises(TypeError, match="_Picker does not say words"):
        _Picker()
    whole = _Whole()
    qtbot.addWidget(whole)
    assert whole.words() == "a name"
