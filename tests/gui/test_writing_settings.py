"""How freely a model writes: the length counts what the model's tokens are, as a person calls them."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ptft_gui.gui.panels.run.try_it.writing_settings import WritingSettings
from ptft_gui.gui.theme import Theme


def test_the_length_counts_characters_of_a_model_that_reads_characters(qtbot: QtBot, theme: Theme) -> None:
    settings = WritingSettings()
    qtbot.addWidget(settings)
    assert (settings.values()["length"], settings.length.accessibleDescription()) == (
        120,
        "words or pieces of words at most",
    )
    settings.show_tokens(are_characters=True)
    assert (settings.values()["length"], settings.length.accessibleDescription()) == (
        400,
        "characters at most",
    )
    settings.show_tokens(are_characters=False)
    assert settings.values()["length"] == 120


def test_a_length_that_was_chosen_stays(qtbot: QtBot, theme: Theme) -> None:
    settings = WritingSettings()
    qtbot.addWidget(settings)
    settings.length.setValue(77)
    settings.show_tokens(are_characters=True)
    assert settings.values()["length"] == 77
