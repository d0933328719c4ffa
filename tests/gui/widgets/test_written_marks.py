"""What a model wrote: its beginning is grey and what it repeats is underlined, also where the two touch."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QTextCursor
from pytestqt.qtbot import QtBot

from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.widgets.written_text import WrittenText

_TEXT = "The queen wears the golden crown and she smooths her silk dress."
_BEGINNING = len("The queen wears the")


@pytest.fixture
def text(qtbot: QtBot, theme: Theme) -> WrittenText:
    widget = WrittenText()
    qtbot.addWidget(widget)
    widget.resize(600, 120)
    widget.show()
    widget.show_text(_TEXT, _BEGINNING)
    return widget


def ink(widget: WrittenText, place: int) -> tuple[str, bool]:
    """Colour of a sign, and whether it is underlined."""
    cursor = QTextCursor(widget.document())
    cursor.setPosition(place + 1)
    look = cursor.charFormat()
    return look.foreground().color().name(), look.fontUnderline()


def colours(widget: WrittenText) -> set[str]:
    image = widget.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("start", [0, 4, _BEGINNING])
def test_what_is_repeated_is_underlined_and_seen(text: WrittenText, theme: Theme, start: int) -> None:
    assert ink(text, 0) == (theme.colour(Role.QUIET_TEXT).name(), False)

    text.mark_seen([(start, len(_TEXT))])

    warning = theme.colour(Role.WARNING_TEXT).name()
    assert ink(text, start) == ink(text, len(_TEXT) - 1) == (warning, True)
    assert warning in colours(text), "nothing of that colour is drawn"


def test_a_text_that_grows_keeps_its_beginning_alone_grey(text: WrittenText, theme: Theme) -> None:
    text.mark_seen([(0, len(_TEXT))])

    text.show_text(f"{_TEXT} More.", _BEGINNING)

    quiet = theme.colour(Role.QUIET_TEXT).name()
    assert ink(text, 0) == (quiet, False)
    assert ink(text, _BEGINNING + 3) == ink(text, len(_TEXT) + 3)
    assert ink(text, _BEGINNING + 3)[0] != quiet
    assert not text.seen()


def test_what_is_added_to_a_beginning_takes_none_of_its_grey(text: WrittenText, theme: Theme) -> None:
    beginning = _TEXT[:_BEGINNING]
    text.show_text(beginning, _BEGINNING)
    changed: list[int] = []
    text.document().contentsChange.connect(lambda place, *_counts: changed.append(place))

    for end in (_BEGINNING + 7, len(_TEXT)):  # token by token
        text.show_text(_TEXT[:end], _BEGINNING)

    quiet = theme.colour(Role.QUIET_TEXT).name()
    assert ink(text, _BEGINNING - 1) == (quiet, False)
    assert ink(text, _BEGINNING)[0] == ink(text, len(_TEXT) - 1)[0] != quiet
    assert min(changed) >= _BEGINNING, "what stood there before was coloured again"


def test_another_theme_draws_it_anew(text: WrittenText, theme: Theme) -> None:
    text.mark_seen([(_BEGINNING, len(_TEXT))])
    before = ink(text, _BEGINNING + 3)

    theme.set_preference("light" if theme.is_dark else "dark")

    assert ink(text, _BEGINNING + 3) == (theme.colour(Role.WARNING_TEXT).name(), True) != before
