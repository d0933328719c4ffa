"""A model of the network under *Start from*: what it costs is said first, then it is chosen, and stays on offer."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.errors import DataError
from ptft_gui.core.hub.model_gallery import MODEL_GALLERY
from ptft_gui.core.hub.models import HubModel, folder_of, write_hub_file
from ptft_gui.gui.panels.new_run.hub_start import HubStart, ModelPicker
from ptft_gui.gui.panels.new_run.language_start_from import LanguageStartFrom
from ptft_gui.gui.widgets.action_card import ActionCard
from tests.data.hub_models import BERT_ID, bert_files
from tests.gui.new_run_asker import FileAsker

Kind = TypeVar("Kind", bound=QWidget)
REVISION = "a" * 40
REFERENCE = f"hub:{BERT_ID}@{REVISION}"
INFO = {
    "id": BERT_ID,
    "reference": REFERENCE,
    "size_bytes": 331_000,
    "licence": "apache-2.0",
    "languages": ["en"],
    "family": "bert",
    "numbers": 117_000,
    "is_here": False,
    "notices": ["It is only given to people who agreed to its terms."],
}


class Page(QWidget):
    """The picker with its button, as the page of a new run holds them."""

    def __init__(self, qtbot: QtBot, family: str = "bert") -> None:
        super().__init__()
        self.asker = FileAsker()
        self.picker = LanguageStartFrom(self)
        self.button = HubStart(self.asker, self.picker)
        self.picker.show_family(family)
        self.picker.show_runs()
        qtbot.addWidget(self)
        self.show()

    def open_dialog(self) -> QDialog:
        self.button.click()
        dialog = self.findChild(QDialog, "hubModelDialog")
        assert dialog is not None
        assert dialog.isVisible()
        return dialog

    def look_up(self, dialog: QDialog, name: str) -> None:
        _child(dialog, QLineEdit, "hubModelName").setText(name)
        _child(dialog, QPushButton, "hubModelLookUpButton").click()


def _child(dialog: QWidget, kind: type[Kind], name: str) -> Kind:
    found = dialog.findChild(kind, name)
    assert found is not None
    return found


def _store(home: Path) -> None:
    """As a download leaves it."""
    folder = folder_of(home, BERT_ID, REVISION)
    folder.mkdir(parents=True)
    for path, data in bert_files().items():
        (folder / path).write_bytes(data)
    write_hub_file(folder, HubModel(BERT_ID, REVISION, folder, "apache-2.0", ("en",), 331_000, "2026"))


def test_what_a_model_costs_is_said_and_what_was_fetched_is_chosen(
    qtbot: QtBot, home_of_its_own: Path
) -> None:
    page = Page(qtbot)
    dialog = page.open_dialog()
    page.look_up(dialog, BERT_ID)
    asked = page.asker.others[-1]
    assert (asked.kind, asked.arguments) == ("hub_model_info", {"model": BERT_ID})
    found = _child(dialog, QWidget, "hubModelFound")
    assert not found.isVisible()
    asked.on_result(INFO)
    told = _child(dialog, QWidget, "hubModelFacts").property("text")
    assert told.splitlines() == [
        "Size: 331 kB",
        "Licence: apache-2.0",
        "Language: English",
        "BERT with 117 k parameters",
        "It is only given to people who agreed to its terms.",
    ]
    _child(dialog, QPushButton, "hubModelDownloadButton").click()
    fetching = page.asker.others[-1]
    assert (fetching.kind, fetching.arguments) == ("download_model", {"model": REFERENCE})
    assert fetching.on_progress is not None
    fetching.on_progress("Downloading people/bert-mini: 100 kB of 331 kB", 0.3)
    state = _child(dialog, QWidget, "hubModelState")
    assert state.property("text") == "Downloading people/bert-mini: 100 kB of 331 kB"
    assert _child(dialog, QPushButton, "hubModelCancelButton").isVisible()
    _store(home_of_its_own)
    fetching.on_result({"reference": REFERENCE})
    start = page.picker.start()
    assert start is not None
    assert (start.init_from, start.init, page.picker.path()) == ("hub", REFERENCE, REFERENCE)
    assert not dialog.isVisible()


def test_a_fetched_model_is_offered_to_its_family_without_asking_anybody(
    qtbot: QtBot, home_of_its_own: Path
) -> None:
    _store(home_of_its_own)
    page = Page(qtbot)
    assert REFERENCE in page.picker.group.values()
    page.picker.choose(REFERENCE)
    assert page.picker.path() == REFERENCE
    assert page.asker.others == []
    page.picker.show_family("gpt")
    assert REFERENCE not in page.picker.group.values()


def test_being_offline_is_told_in_the_dialog(qtbot: QtBot) -> None:
    page = Page(qtbot)
    dialog = page.open_dialog()
    page.look_up(dialog, BERT_ID)
    page.asker.others[-1].on_problem(
        DataError("There is no network.", '"bert-mini" is not on this computer.')
    )
    state = _child(dialog, QWidget, "hubModelState")
    assert state.property("text") == 'There is no network. "bert-mini" is not on this computer.'
    assert not _child(dialog, QWidget, "hubModelFound").isVisible()
    page.look_up(dialog, " ")
    assert state.property("text") == "Write the name of a model, as in owner/name."
    dialog.reject()


@pytest.mark.parametrize("family", ["bert", "gpt"])
def test_the_gallery_offers_models_of_the_family(qtbot: QtBot, family: str) -> None:
    picker = ModelPicker(FileAsker(), family)
    qtbot.addWidget(picker)
    offered = {card.property("hubId") for card in picker.findChildren(ActionCard)}
    assert offered == {card.id for card in MODEL_GALLERY if card.family == family}


def test_a_model_of_the_other_family_is_told_before_it_is_fetched(qtbot: QtBot) -> None:
    page = Page(qtbot, "gpt")
    dialog = page.open_dialog()
    page.look_up(dialog, BERT_ID)
    page.asker.others[-1].on_result(INFO)
    told = _child(dialog, QWidget, "hubModelFacts").property("text")
    assert "It is a BERT model: choose BERT as the model to go on from it." in told
    dialog.reject()
