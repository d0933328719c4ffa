"""The Datasets page: what is shown of a dataset, what a person changes, and what the library is asked to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.data_request import DataRequest, ReadOptions
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.datasets import DatasetsPage
from ptft_gui.gui.panels.datasets.dialogs import NameDialog, NetworkDialog
from ptft_gui.gui.panels.datasets.list_model import NEW
from ptft_gui.gui.widgets.rows_dialog import RowsDialog
from ptft_gui.gui.widgets.toast import Message
from tests.gui.fake_asker import FakeAsker


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
def told() -> list[Message]:
    return []


@pytest.fixture
def page(qtbot: QtBot, asker: FakeAsker, told: list[Message]) -> DatasetsPage:
    page = DatasetsPage(asker)
    qtbot.addWidget(page)
    page.told.connect(told.append)
    page.resize(1040, 696)
    page.show()
    return page


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey 2026.csv"
    path.write_text("resp_id;Q17_open;v23_rec\n1;More trees;green\n", encoding="utf-8")
    return path


def show(qtbot: QtBot, page: DatasetsPage, what: str | Path) -> None:
    page.show_path(str(what)) if isinstance(what, Path) else page.show_named(what)
    qtbot.waitUntil(lambda: page.details.look.studied_data is not None)


def text_of(page: DatasetsPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    return label.text() if label is not None and label.isVisibleTo(page) else ""


def click(qtbot: QtBot, page: QWidget, name: str) -> None:
    qtbot.mouseClick(page.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def last(asker: FakeAsker, kind: str) -> dict[str, Any]:
    return asker.questions(kind)[-1]


# --- the list ----------------------------------------------------------------------------------------------------


def rows(page: DatasetsPage) -> list[str]:
    model = page.panel.model
    return [str(model.data(model.index(row))) for row in range(model.rowCount())]


def test_datasets_stand_in_groups(page: DatasetsPage) -> None:
    assert rows(page) == [
        "YOUR DATASETS",
        "survey-2026",
        "letters",
        "old-reviews",
        "COME WITH THE PROGRAM",
        "Wikipedia extract",
        "Little Kingdom",
        "News articles",
    ]


def test_what_a_screen_reader_says_of_one(page: DatasetsPage) -> None:
    model = page.panel.model
    said = model.data(model.index(model.row_of("survey-2026")), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "survey-2026, Table \N{MIDDLE DOT} 4,000 rows \N{MIDDLE DOT} English, used in 3 runs"
    said = model.data(model.index(model.row_of("letters")), Qt.ItemDataRole.AccessibleTextRole)
    assert said.endswith("The file has changed since it was added: it is 2.1 MB longer.")


def test_a_dataset_is_chosen_by_keyboard(qtbot: QtBot, page: DatasetsPage) -> None:
    view = page.panel.list
    page.panel.choose("letters")
    view.activated.emit(view.currentIndex())
    assert page.shown() == "letters"
    assert text_of(page, "datasetState").startswith("The file has changed since it was added")


def test_a_search_leaves_out_what_does_not_fit(page: DatasetsPage) -> None:
    page.panel.model.seek("germ")
    assert rows(page) == ["YOUR DATASETS", "letters"]
    page.panel.model.seek("")
    assert len(rows(page)) == 8


def test_without_datasets_of_ones_own_it_says_what_will_be_here(qtbot: QtBot, page: DatasetsPage) -> None:
    page._on_library({"datasets": []})
    texts = [label.text() for label in page.panel.findChildren(QLabel) if label.isVisibleTo(page)]
    assert "Your own datasets will stand here: add one, or drop a file on the window." in texts
    assert page.findChild(QPushButton, "datasetsOpenFileButton").isVisible()


# --- what is shown -----------------------------------------------------------------------------------------------


def test_first_rows_are_there_before_anything_was_counted(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    asker.holds.add("study_data")
    page.show_path(str(survey))
    assert page.details.rows.table.cells.rowCount() == 8
    assert not page.details.tabs.isTabEnabled(1)
    qtbot.waitUntil(lambda: bool(asker.held))
    asker.release()
    assert page.details.tabs.isTabEnabled(1)
    assert text_of(page, "datasetCaption").startswith("3,105 texts, 6 classes, 11 words each")


def test_cells_are_shown_as_text_with_the_number_of_their_row(
    qtbot: QtBot, page: DatasetsPage, survey: Path
) -> None:
    show(qtbot, page, survey)
    cells = page.details.rows.table.cells
    assert cells.data(cells.index(2, 1)) == "<b>Nothing</b> to complain about & everybody is friendly"
    assert "&lt;b&gt;" in cells.data(cells.index(2, 1), Qt.ItemDataRole.ToolTipRole)
    assert cells.headerData(2, Qt.Orientation.Vertical) == "4"


def test_facts_are_in_words_too(qtbot: QtBot, page: DatasetsPage, survey: Path) -> None:
    show(qtbot, page, survey)
    facts = page.details.facts
    assert facts.lengths.accessibleDescription() == (
        "Half of the texts have at most 11 words, 95 % at most 34; the longest has 86."
    )
    assert facts.classes.accessibleDescription().startswith("transport 1,210; housing 804")
    assert page.findChild(QWidget, "fact_language").accessibleName() == "Language: English"
    texts = [label.text() for label in page.findChild(QWidget, "datasetWarnings").findChildren(QLabel)]
    assert "Leave them out, or expect weaker results on them." in texts


def test_rows_of_a_warning_can_be_looked_at(qtbot: QtBot, page: DatasetsPage, survey: Path) -> None:
    show(qtbot, page, survey)
    page.details.tabs.setCurrentIndex(1)
    click(qtbot, page, "warningRows_other_language")
    dialog = page.findChild(RowsDialog)
    assert dialog.table.cells.rowCount() == 8
    dialog.accept()


def test_a_decision_that_must_be_made_is_counted_on_the_tab(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    show(qtbot, page, survey)
    assert page.details.tabs.tabText(2) == "Decisions (1)"
    choice = page.details.decisions.decisions.row("several_labels").choice
    assert choice.currentIndex() == -1
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    qtbot.waitUntil(lambda: page.details.tabs.tabText(2) == "Decisions")
    assert last(asker, "study_data")["request"]["decisions"] == {"several_labels": "first"}
    assert len(asker.questions("open_data")) == 1


def test_data_that_cannot_be_read_says_so_and_the_next_one_is_shown(
    qtbot: QtBot, page: DatasetsPage, tmp_path: Path, survey: Path
) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text('a\n"b\n', encoding="utf-8")
    page.show_path(str(broken))
    assert text_of(page, "datasetOpenProblem").startswith("Row 1,204 of broken.csv cannot be read.")
    assert not page.details.tabs.isVisible()
    show(qtbot, page, survey)
    assert text_of(page, "datasetOpenProblem") == ""


def test_another_dataset_ends_the_look_at_the_first(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    asker.holds.add("study_data")
    page.show_path(str(survey))
    qtbot.waitUntil(lambda: len(asker.held) == 1)
    page.show_named("letters")
    asker.held[0]()
    assert page.details.look.studied_data is None
    assert text_of(page, "datasetTitle") == "letters"


def test_a_dataset_that_is_asked_for_before_the_library_answers_is_shown_then(
    qtbot: QtBot, asker: FakeAsker
) -> None:
    asker.holds.add("datasets")
    page = DatasetsPage(asker)
    qtbot.addWidget(page)
    page.show()
    page.show_named("letters")
    assert text_of(page, "datasetTitle") == ""
    asker.held[0]()
    assert text_of(page, "datasetTitle") == "letters"


# --- what a person changes ---------------------------------------------------------------------------------------


def test_a_column_gets_another_role_from_its_head(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    show(qtbot, page, survey)
    header = page.details.rows.header
    menu = header.make_menu("v12_note")
    assert [action.text() for action in menu.actions()] == [
        "Text",
        "Label",
        "Verdict",
        "Part",
        "Name of the row",
        "Not used",
    ]
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Not used"]
    next(action for action in menu.actions() if action.text() == "Text").trigger()
    assert last(asker, "open_data")["request"]["roles"] == {"text": "v12_note"}
    assert header.column_name(3) == "v12_note"


def test_a_column_can_be_left_without_a_role(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    show(qtbot, page, survey)
    page.details.rows.header.role_chosen.emit("v23_rec", "")
    assert last(asker, "open_data")["request"]["roles"] == {"label": ""}


def test_heads_are_used_by_keyboard(qtbot: QtBot, page: DatasetsPage, survey: Path) -> None:
    show(qtbot, page, survey)
    header = page.details.rows.header
    header.setFocus()
    qtbot.keyClick(header, Qt.Key.Key_Right)
    assert header.accessibleDescription() == "Q17_open: Text"
    qtbot.keyClick(header, Qt.Key.Key_Right)
    assert header.accessibleDescription() == "v23_rec: Label"


def test_a_task_the_data_does_not_suit_says_why(qtbot: QtBot, page: DatasetsPage, survey: Path) -> None:
    show(qtbot, page, survey)
    task = page.details.rows.task
    assert task.itemText(2) == "Compare two texts (does not suit)"
    task.setCurrentIndex(2)
    task.activated.emit(2)
    assert text_of(page, "taskSentence") == "Only one column holds texts; comparing needs two."
    assert page.details.edits.task == "pair-classification"


def test_shares_go_with_the_sliders(qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path) -> None:
    show(qtbot, page, survey)
    shares = page.details.decisions.shares
    assert shares.bar.accessibleName() == "training 70%, validation 15%, test 15%"
    page.details.tabs.setCurrentIndex(2)
    qtbot.keyClick(shares.val, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: last(asker, "study_data")["request"]["split"]["val_fraction"] == 0.16)
    assert last(asker, "study_data")["request"]["split"]["test_fraction"] == 0.15
    assert text_of(page, "splitSentence").startswith("84% of the rows are learned from")


def test_cleaning_shows_before_and_after(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    show(qtbot, page, survey)
    page.details.tabs.setCurrentIndex(3)
    qtbot.waitUntil(lambda: text_of(page, "preparationState").startswith("Of 12 words"))
    page.details.cleaning.form.set_values({"case": "keep"})
    qtbot.waitUntil(lambda: last(asker, "prepare_preview")["preparation"] == {"case": "keep"})


def test_a_run_takes_over_all_that_was_chosen(qtbot: QtBot, page: DatasetsPage, survey: Path) -> None:
    show(qtbot, page, survey)
    page.details.rows.runner_up_chosen.emit("label", "age_gr")
    page.details.cleaning.form.set_values({"digits": "zero"})
    with qtbot.waitSignal(page.new_run_requested) as blocker:
        click(qtbot, page, "newRunWithThisButton")
    request, settings = blocker.args
    assert (request.dataset, request.roles, settings) == (
        str(survey),
        {"label": "age_gr"},
        {"digits": "zero"},
    )


def test_what_the_new_run_page_chose_is_shown_here(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    request = DataRequest(dataset=str(survey), read=ReadOptions(delimiter=","), task="plain-text")
    page.show_request(request)
    assert last(asker, "open_data")["request"]["read"]["delimiter"] == ","
    assert page.shown() == str(survey)


# --- the library -------------------------------------------------------------------------------------------------


def test_a_file_is_added_under_a_name_with_what_was_chosen(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path, told: list[Message]
) -> None:
    show(qtbot, page, survey)
    assert page.details.dataset is not None
    assert page.details.dataset.state == NEW
    page.details.rows.role_chosen.emit("v12_note", "text")
    page.findChild(QLineEdit, "newDatasetName").setText("survey-2026")
    page.details.bar.copy.setChecked(True)
    click(qtbot, page, "addToLibraryButton")
    asked = last(asker, "add_dataset")
    assert (asked["name"], asked["is_copy"]) == ("survey-2026", True)
    assert asked["request"]["roles"] == {"text": "v12_note"}
    assert page.shown() == "survey-2026"
    assert "NOT IN YOUR LIBRARY YET" not in rows(page)
    assert told[-1].text == "survey-2026 is in the library now."


def test_an_addition_shows_its_progress_and_can_be_given_up(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    asker.holds.add("add_dataset")
    show(qtbot, page, survey)
    click(qtbot, page, "addToLibraryButton")
    page.details.bar.show_adding("Reading 400 of 900 MB", 0.44)
    assert page.details.bar.progress.text() == "Reading 400 of 900 MB"
    click(qtbot, page, "cancelAddButton")
    assert not page.details.bar.progress.isVisible()
    assert page.findChild(QPushButton, "addToLibraryButton").isVisible()


def test_a_removed_dataset_can_be_brought_back(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, told: list[Message]
) -> None:
    show(qtbot, page, "letters")
    qtbot.keyClick(page.findChild(QListView, "datasetsList"), Qt.Key.Key_Delete)
    assert last(asker, "remove_dataset") == {"name": "letters"}
    assert page.shown() == ""
    note = told[-1]
    assert (note.action, note.action_label) == ("restore_dataset/letters", "Undo")
    assert "Your own files stay where they are." in note.detail
    page.restore("letters")
    assert last(asker, "restore_dataset") == {"name": "letters"}
    assert page.shown() == "letters"


def test_what_was_removed_days_ago_is_offered_where_datasets_are_added(
    page: DatasetsPage, asker: FakeAsker, home_of_its_own: Path
) -> None:
    add = page.panel.add.menu()
    offered = page.findChild(QMenu, "bringBackDataset")
    assert offered is not None
    add.aboutToShow.emit()
    assert not offered.menuAction().isVisible()
    for name in ("letters~1000", "letters~3000", "survey~2000"):
        (home_of_its_own / "datasets" / ".trash" / name).mkdir(parents=True)
    add.aboutToShow.emit()
    assert offered.menuAction().isVisible()
    assert [action.text() for action in offered.actions()] == ["letters", "survey"]
    offered.actions()[0].trigger()
    assert last(asker, "restore_dataset") == {"name": "letters"}


def test_a_column_is_as_wide_as_its_role(qtbot: QtBot, page: DatasetsPage, survey: Path) -> None:
    show(qtbot, page, survey)
    rows = page.details.rows
    data = page.details.look.opened_data
    assert data is not None
    number = replace(data.roles[0], role="id", column="resp_id")
    others = tuple(role for role in data.roles if role.column != "resp_id")
    rows.show_data(replace(data, roles=(*others, number)), {})
    for section in range(rows.header.count()):
        wanted = rows.header.sectionSizeFromContents(section).width()
        assert rows.header.sectionSize(section) >= wanted, rows.header.column_name(section)


def test_what_comes_with_the_program_is_not_removed(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker
) -> None:
    show(qtbot, page, "news")
    page.remove("news")
    assert asker.questions("remove_dataset") == []
    assert not page.details.more.isVisible()


def test_a_dataset_is_renamed(qtbot: QtBot, page: DatasetsPage, asker: FakeAsker) -> None:
    show(qtbot, page, "letters")
    qtbot.keyClick(page.findChild(QListView, "datasetsList"), Qt.Key.Key_F2)
    dialog = page.findChild(NameDialog)
    dialog.name.setText("letters 1850-1900")
    click(qtbot, dialog, "renameDatasetButton")
    assert last(asker, "rename_dataset") == {"name": "letters", "new_name": "letters 1850-1900"}


def test_changes_are_kept_or_undone(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, told: list[Message]
) -> None:
    show(qtbot, page, "survey-2026")
    keep = page.findChild(QWidget, "keepBar")
    assert not keep.isVisible()
    page.details.cleaning.form.set_values({"case": "keep"})
    assert keep.isVisible()
    click(qtbot, page, "undoChangesButton")
    assert not keep.isVisible()
    assert page.details.cleaning.settings() == {}
    page.details.cleaning.form.set_values({"case": "keep"})
    click(qtbot, page, "keepChangesButton")
    asked = last(asker, "change_dataset")
    assert (asked["name"], asked["preparation"]) == ("survey-2026", {"case": "keep"})
    assert not keep.isVisible()
    assert told[-1].text == "The changes of survey-2026 are kept."


def test_a_failure_of_the_library_is_told(
    page: DatasetsPage, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    page._tell_failure(PtftError('There is a dataset named "survey" already.', hint="Choose another name."))
    assert told[-1] == Message('There is a dataset named "survey" already.', "bad", "Choose another name.")


def test_a_dataset_comes_from_the_network(qtbot: QtBot, page: DatasetsPage, asker: FakeAsker) -> None:
    page.panel.add_requested.emit("network")
    dialog = page.findChild(NetworkDialog)
    dialog.picker.name.setText("stanfordnlp/imdb")
    click(qtbot, dialog, "hubLookUpButton")
    click(qtbot, dialog, "hubDownloadButton")
    assert last(asker, "download_dataset")["dataset"] == "stanfordnlp/imdb"
    assert not dialog.isVisible()


def test_coming_back_to_the_page_goes_on_with_an_unfinished_look(
    qtbot: QtBot, page: DatasetsPage, asker: FakeAsker, survey: Path
) -> None:
    asker.holds.add("study_data")
    page.show_path(str(survey))
    qtbot.waitUntil(lambda: len(asker.held) == 1)
    page.hide()
    asker.held.clear()  # the companion gave it up
    page.show()
    assert len(asker.held) == 1
    asker.release()
    assert page.details.look.studied_data is not None
