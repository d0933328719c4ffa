"""The data column of the New run page with a table of one's own: roles, reading, decisions, library, network."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.data_request import DataRequest, ReadOptions
from ptft_gui.core.datasets import bundled_tables
from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.language_starts import starter_folder
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from ptft_gui.gui.widgets.rows_dialog import RowsDialog
from tests.gui.fake_asker import FakeAsker


class TableAsker(FakeAsker):
    """Also tells what the words of the text are, as far as the page needs it."""

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        if kind == "inspect_dataset":
            self.asked.append((kind, dict(arguments)))
            on_result(
                {
                    "facts": {"tokens": 43_593, "types": 5_812},
                    "is_exact": True,
                    "preview": ["more cycle paths"],
                }
            )
            return str(len(self.asked))
        return super().ask(kind, arguments, on_result, on_problem, on_progress)


@pytest.fixture
def asker() -> TableAsker:
    return TableAsker()


@pytest.fixture
def page(qtbot: QtBot, asker: TableAsker, tmp_path: Path) -> NewRunPage:
    page = NewRunPage(asker, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    return page


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey 2026 final (2).csv"
    path.write_text("resp_id;Q17_open;v23_rec\n1;More trees;green\n", encoding="utf-8")
    return path


def studied(qtbot: QtBot, page: NewRunPage, path: Path) -> None:
    """The data is looked at as plain text, although it has labels."""
    page.set_dataset(str(path))
    page.goal.goals.set_value("related_words")
    qtbot.waitUntil(lambda: page.data.details.look.studied_data is not None)


def start_button(page: NewRunPage) -> QPushButton:
    return page.findChild(QPushButton, "startButton")


def shown_text(page: NewRunPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    return label.text() if label is not None and label.isVisibleTo(page) else ""


def started(qtbot: QtBot, page: NewRunPage) -> RunSpec:
    with qtbot.waitSignal(page.run_requested) as blocker:
        qtbot.mouseClick(start_button(page), Qt.MouseButton.LeftButton)
    return blocker.args[0]


def test_a_dropped_table_is_ready_to_start_at_once(qtbot: QtBot, page: NewRunPage, survey: Path) -> None:
    page.data.own.area.path_dropped.emit(str(survey))
    page.goal.goals.set_value("related_words")
    assert start_button(page).isEnabled()
    spec = started(qtbot, page)
    assert (spec.data.dataset, spec.data.roles, spec.data.read) == (str(survey), {}, ReadOptions())
    assert spec.task is None


def test_a_table_with_labels_is_for_sorting_texts_once_it_was_seen(
    qtbot: QtBot, page: NewRunPage, survey: Path
) -> None:
    page.data.own.area.path_dropped.emit(str(survey))
    qtbot.waitUntil(lambda: page.data.details.look.studied_data is not None)
    assert page.goal.goal() == "sort_texts"
    assert not start_button(page).isEnabled()
    assert "83 cells hold two labels" in page.problems()[0].message
    page.data.details.decisions.decided.emit("several_labels", "leave_out")
    assert page.problems()[0].message == "The data is still being looked at."
    qtbot.waitUntil(start_button(page).isEnabled)
    assert shown_text(page, "goalSentence").startswith(f"Chosen because {survey.name} has labels")
    spec = started(qtbot, page)
    assert (spec.stage, spec.task) == ("finetune", "classification")
    has_starter = starter_folder() is not None
    assert (spec.method, spec.init) == (("frozen", "starter") if has_starter else ("full", None))


def test_who_chose_a_goal_keeps_it_whatever_the_data_holds(
    qtbot: QtBot, page: NewRunPage, survey: Path
) -> None:
    page.goal.goals.set_value("sort_texts")
    page.goal.goals.set_value("related_words")
    page.set_dataset(str(survey))
    qtbot.waitUntil(lambda: page.data.details.look.studied_data is not None)
    assert page.goal.goal() == "related_words"


def test_what_was_guessed_is_shown_with_its_reason(qtbot: QtBot, page: NewRunPage, survey: Path) -> None:
    studied(qtbot, page, survey)
    head = page.data.details.columns.head("text")
    assert head.full_text() == "Text: Q17_open"
    assert "nearly all different" in head.accessibleDescription()
    assert shown_text(page, "roleReason_text").startswith("Text: Q17_open, because its cells are long")
    assert shown_text(page, "dataRowsFacts") == "3,963 texts, 11 words each"
    assert shown_text(page, "dataSums") == "4,000 rows = 3,963 used + 37 without text."
    assert shown_text(page, "dataSuits") == "This data also suits: Sort texts into classes."


def test_the_next_best_column_is_one_click_away_and_goes_into_the_run(
    qtbot: QtBot, page: NewRunPage, asker: TableAsker, survey: Path
) -> None:
    studied(qtbot, page, survey)
    qtbot.mouseClick(page.findChild(QPushButton, "runnerUp_text"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.data.details.look.studied_data is not None)
    assert page.data.details.columns.head("text").full_text() == "Text: interviewer_remark_long_form"
    assert shown_text(page, "roleReason_text") == "Text: interviewer_remark_long_form, chosen by you."
    assert started(qtbot, page).data.roles == {"text": "interviewer_remark_long_form"}
    assert asker.questions("inspect_dataset")[-1]["request"]["roles"] == {
        "text": "interviewer_remark_long_form"
    }


def test_every_column_stands_in_the_menu_of_a_head(qtbot: QtBot, page: NewRunPage, survey: Path) -> None:
    studied(qtbot, page, survey)
    actions = page.data.details.columns.head("text").menu().actions()
    assert [action.text() for action in actions if action.isChecked()] == ["Q17_open"]
    next(action for action in actions if action.text() == "v12_note").trigger()
    qtbot.waitUntil(lambda: page.data.details.request_parts() == {"roles": {"text": "v12_note"}})


def test_a_doubtful_reading_is_open_and_shows_what_another_would_give(
    qtbot: QtBot, page: NewRunPage, asker: TableAsker, survey: Path
) -> None:
    studied(qtbot, page, survey)
    reading = page.data.details.reading
    assert reading.is_open
    assert shown_text(page, "dataReadAs") == "How it was read: CSV, Windows-1252, semicolon."
    box = reading.box("encoding")
    box.highlighted.emit(1)
    assert "\ufffd" in shown_text(page, "encodingSample")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert page.spec().data.read.encoding == "utf-8"
    qtbot.waitUntil(lambda: shown_text(page, "dataReadAs") == "How it was read: CSV, UTF-8, semicolon.")
    assert asker.questions("open_data")[-1]["request"]["read"]["encoding"] == "utf-8"


def test_a_decision_is_asked_for_again_and_goes_into_the_run(
    qtbot: QtBot, page: NewRunPage, asker: TableAsker, survey: Path
) -> None:
    studied(qtbot, page, survey)
    opened = len(asker.questions("open_data"))
    choice = page.data.details.decisions.row("copies").choice
    assert choice.currentText() == "Keep copies on one side (usual)"
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    qtbot.waitUntil(
        lambda: asker.questions("study_data")[-1]["request"]["decisions"] == {"copies": "leave_out"}
    )
    assert len(asker.questions("open_data")) == opened  # its rows are the same
    assert started(qtbot, page).data.decisions == {"copies": "leave_out"}


def test_the_rows_of_a_finding_can_be_looked_at(qtbot: QtBot, page: NewRunPage, survey: Path) -> None:
    studied(qtbot, page, survey)
    qtbot.mouseClick(page.findChild(QPushButton, "showRows_copies"), Qt.MouseButton.LeftButton)
    dialog = page.findChild(RowsDialog)
    assert dialog.table.cells.cell(2, 0) == "<b>Nothing</b> to complain about & everybody is friendly"
    assert (
        dialog.findChild(QLabel, "findingRowsNote").text()
        == "The first 8 of 140, with their number in the file."
    )
    dialog.accept()


def test_data_that_cannot_serve_keeps_start_off_and_says_why(
    qtbot: QtBot, page: NewRunPage, tmp_path: Path
) -> None:
    only_yes = tmp_path / "only-yes.csv"
    only_yes.write_text("text,label\na,yes\n", encoding="utf-8")
    studied(qtbot, page, only_yes)
    assert not start_button(page).isEnabled()
    assert "This column has only one class." in shown_text(page, "startReason")
    assert 'All 3,105 labels are "yes".' in shown_text(page, "studyProblem")


def test_a_file_that_cannot_be_read_says_which_row(qtbot: QtBot, page: NewRunPage, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text('a,b\n"c\n', encoding="utf-8")
    page.set_dataset(str(broken))
    qtbot.waitUntil(lambda: not start_button(page).isEnabled())
    assert "Row 1,204 of broken.csv cannot be read." in shown_text(page, "startReason")


def test_another_dataset_ends_the_look_at_the_first(
    qtbot: QtBot, page: NewRunPage, asker: TableAsker, survey: Path, tmp_path: Path
) -> None:
    asker.holds.add("study_data")
    page.set_dataset(str(survey))
    qtbot.waitUntil(lambda: len(asker.held) == 1)
    other = tmp_path / "other.csv"
    other.write_text("a\nb\n", encoding="utf-8")
    page.set_dataset(str(other))
    qtbot.waitUntil(lambda: len(asker.held) == 2)
    asker.held[0]()  # the answer about the first comes all the same
    assert page.data.details.look.studied_data is None
    asker.held[1]()
    assert page.data.details.look.studied_data is not None


def test_progress_of_the_count_is_shown(qtbot: QtBot, page: NewRunPage, survey: Path) -> None:
    page.data.details.look.progressed.emit("Counting rows: 1,200,000 of 9,000,000", 0.13)
    bar = page.findChild(QWidget, "studyProgress")
    assert bar.isVisibleTo(page.data.details)
    studied(qtbot, page, survey)
    assert not bar.isVisibleTo(page.data.details)


def test_a_run_is_repeated_with_the_roles_it_had(qtbot: QtBot, page: NewRunPage, survey: Path) -> None:
    studied(qtbot, page, survey)
    page.data.details.columns.role_chosen.emit("text", "v12_note")
    first = page.spec()
    page.start_afresh()
    page.fill_from(first)
    assert page.spec().data == first.data


def test_a_dataset_comes_over_from_its_page_with_all_that_was_chosen(page: NewRunPage, survey: Path) -> None:
    request = DataRequest(
        dataset=str(survey),
        read=ReadOptions(delimiter=","),
        roles={"text": "v12_note"},
        decisions={"copies": "leave_out"},
    )
    page.set_request(request, {"preparation": "none"})
    data = page.spec().data
    assert (data.read, data.roles, data.decisions, data.preparation) == (
        request.read,
        request.roles,
        request.decisions,
        "none",
    )


# --- the library and the network ---------------------------------------------------------------------------------


def test_datasets_of_the_library_stand_under_the_bundled_ones(page: NewRunPage) -> None:
    assert page.data.ready.own_group.values() == ["survey-2026", "letters", "old-reviews"]
    card = page.data.ready.own_group.card("letters")
    assert "2.1 MB longer" in card.accessibleDescription()
    assert not page.data.ready.own_group.card("old-reviews").isEnabled()
    page.data.ready.own_group.card("survey-2026").click()
    assert page.data.dataset() == "survey-2026"
    page.data.ready.group.card("news").click()
    assert page.data.dataset() == "news"
    assert page.data.ready.own_group.value() == ""


def test_a_table_that_comes_with_the_program_can_be_chosen(qtbot: QtBot, page: NewRunPage) -> None:
    table = bundled_tables()[0]
    page.set_request(DataRequest(dataset=table.id), {})
    assert page.data.tabs.currentIndex() == 0
    assert page.data.ready.own_group.value() == table.id
    qtbot.waitUntil(page.data.ready.own_group.card(table.id).isVisible)
    page.data.ask_for_library()
    assert page.data.ready.own_group.value() == table.id
    assert page.spec().data.dataset == table.id


def test_a_task_is_offered_its_examples_in_place_of_running_text(qtbot: QtBot, page: NewRunPage) -> None:
    ready = page.data.ready
    assert ready.group.isVisible()
    assert ready.table_group.values() == []
    page.goal.tasks.task_chosen.emit("question-answering")
    wanted = [table.id for table in bundled_tables() if table.task == "question-answering"]
    assert ready.table_group.values() == wanted
    qtbot.waitUntil(ready.table_group.card(wanted[0]).isVisible)
    assert not ready.group.isVisible()
    ready.table_group.card(wanted[0]).click()
    assert page.data.dataset() == wanted[0]
    ready.show_task("")
    qtbot.waitUntil(ready.group.isVisible)
    assert ready.table_group.values() == []
    assert ready.own_group.value() == wanted[0]
    ready.choose("")
    assert not ready.own_group.card(wanted[0]).isVisible()


def test_size_and_licence_are_said_before_a_download(
    qtbot: QtBot, page: NewRunPage, asker: TableAsker
) -> None:
    page.data.tabs.setCurrentIndex(2)
    qtbot.mouseClick(page.findChild(QWidget, "gallery_stanfordnlp/imdb"), Qt.MouseButton.LeftButton)
    facts = shown_text(page, "hubFacts")
    assert "Size: 84.0 MB" in facts
    assert "Licence: research use" in facts
    assert "Parts: train 25,000, test 25,000" in facts
    assert asker.questions("download_dataset") == []
    qtbot.mouseClick(page.findChild(QPushButton, "hubDownloadButton"), Qt.MouseButton.LeftButton)
    assert asker.questions("download_dataset")[0]["dataset"] == "stanfordnlp/imdb"
    assert page.data.dataset() == "imdb"


def test_without_a_network_it_says_so(qtbot: QtBot, page: NewRunPage) -> None:
    page.data.tabs.setCurrentIndex(2)
    qtbot.keyClicks(page.data.network.name, "someone/something")
    qtbot.keyClick(page.data.network.name, Qt.Key.Key_Return)
    assert page.data.network.state_text().startswith("There is no network.")
    assert not page.findChild(QPushButton, "hubDownloadButton").isVisible()


def test_a_download_can_be_given_up(qtbot: QtBot, page: NewRunPage, asker: TableAsker) -> None:
    asker.holds.add("download_dataset")
    page.data.tabs.setCurrentIndex(2)
    page.data.network.name.setText("stanfordnlp/imdb")
    qtbot.mouseClick(page.findChild(QPushButton, "hubLookUpButton"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.findChild(QPushButton, "hubDownloadButton"), Qt.MouseButton.LeftButton)
    assert page.data.network.state_text() == "Downloading stanfordnlp/imdb ..."
    qtbot.mouseClick(page.findChild(QPushButton, "hubCancelButton"), Qt.MouseButton.LeftButton)
    assert page.data.network.state_text() == ""
    assert page.findChild(QPushButton, "hubDownloadButton").isEnabled()


def test_an_answer_that_fails_later_leaves_the_page_usable(page: NewRunPage, survey: Path) -> None:
    page.set_dataset(str(survey))
    page.data.details.look.failed.emit(PtftError("The question could not be answered.", hint="Ask again."))
    assert not start_button(page).isEnabled()
    page.set_dataset("news")
    assert start_button(page).isEnabled()
