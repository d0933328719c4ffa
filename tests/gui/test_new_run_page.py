"""The New run page: what a person chooses becomes a RunSpec, and what keeps it from starting is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.datasets import bundled_dataset, bundled_datasets
from ptft_gui.core.errors import DataError, Remedy
from ptft_gui.core.family.options import Option, OptionValue
from ptft_gui.core.family.registry import WORD2VEC, settings_of
from ptft_gui.core.spec import RunSpec, new_spec, problems_of
from ptft_gui.gui.panels.new_run import NewRunPage
from tests.gui.new_run_asker import FileAsker

NIGHT = "the owl sees the moon over the hill\nthe fox hears the owl in the wood\n"


@pytest.fixture
def asker() -> FileAsker:
    return FileAsker()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def page(qtbot: QtBot, asker: FileAsker, settings: QSettings) -> NewRunPage:
    page = NewRunPage(asker, settings)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    return page


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.txt"
    path.write_text(NIGHT * 3, encoding="utf-8")
    return path


def choose_and_look(qtbot: QtBot, page: NewRunPage, asker: FileAsker, path: Path) -> None:
    asked = len(asker.asked)
    page.set_dataset(str(path))
    qtbot.waitUntil(lambda: len(asker.asked) > asked)
    asker.answer()


def start_button(page: NewRunPage) -> QPushButton:
    return page.findChild(QPushButton, "startButton")


def reason(page: NewRunPage) -> str:
    return page.findChild(QLabel, "startReason").text()


def started_spec(qtbot: QtBot, page: NewRunPage) -> RunSpec:
    with qtbot.waitSignal(page.run_requested) as blocker:
        qtbot.mouseClick(start_button(page), Qt.MouseButton.LeftButton)
    return blocker.args[0]


# --- what keeps it from starting ---------------------------------------------------------------------------------


def test_an_empty_page_says_what_is_missing_and_asks_nothing(page: NewRunPage, asker: FileAsker) -> None:
    assert not start_button(page).isEnabled()
    assert reason(page) == "No text is chosen yet. Choose a dataset in step 2."
    assert start_button(page).accessibleDescription() == reason(page)
    assert asker.asked == []


def test_start_is_never_asked_for_while_it_is_off(qtbot: QtBot, page: NewRunPage) -> None:
    with qtbot.assertNotEmitted(page.run_requested):
        page.start()
        qtbot.keyClick(page.footer.name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_start_does_not_wait_for_the_text_to_be_looked_at(
    qtbot: QtBot, page: NewRunPage, night: Path
) -> None:
    page.set_dataset(str(night))
    assert started_spec(qtbot, page).data.dataset == str(night)


def test_a_started_run_ends_the_look_at_its_text(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    page.set_dataset(str(night))
    qtbot.waitUntil(lambda: len(asker.asked) == 1)
    started_spec(qtbot, page)
    assert asker.cancelled == [asker.asked[0].id]
    page.how.preset.set_value("best")
    qtbot.waitUntil(lambda: len(asker.asked) == 2)


def test_a_text_that_cannot_be_used_keeps_start_off_until_another_is_chosen(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, tmp_path: Path, night: Path
) -> None:
    photo = tmp_path / "photo.txt"
    photo.write_bytes(b"\x89PNG\0\0\0")
    choose_and_look(qtbot, page, asker, photo)
    assert not start_button(page).isEnabled()
    assert reason(page) == "photo.txt is not a text file. Choose a file of plain text."
    assert page.data.preview.problem_label.text() == "photo.txt is not a text file."
    choose_and_look(qtbot, page, asker, night)
    assert start_button(page).isEnabled()
    assert not page.data.preview.problem_label.isVisibleTo(page)


def test_another_window_with_these_runs_keeps_start_off(qtbot: QtBot, page: NewRunPage, night: Path) -> None:
    page.set_dataset(str(night))
    page.set_read_only("Another window is using this runs folder.")
    assert not start_button(page).isEnabled()
    assert reason(page) == "Another window is using this runs folder."
    page.set_read_only(None)
    assert start_button(page).isEnabled()


def test_a_minimum_count_that_leaves_no_words_is_said_before_the_start(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    night.write_text(NIGHT, encoding="utf-8")
    choose_and_look(qtbot, page, asker, night)
    assert start_button(page).isEnabled()
    page.how.advanced.form("min_count").set_values({"min_count": 2})
    assert start_button(page).isEnabled()
    page.how.advanced.form("min_count").set_values({"min_count": 5})
    assert not start_button(page).isEnabled()
    assert reason(page).startswith("No word occurs often enough.")


def test_a_problem_between_two_options_stands_beside_its_field_and_goes_with_its_cause(
    page: NewRunPage, night: Path
) -> None:
    page.set_dataset(str(night))
    form = page.how.advanced.form("negative")
    form.set_values({"negative": 0})
    assert "nothing to learn from" in form.problems()["negative"]
    assert "nothing to learn from" in reason(page)
    form.set_values({"hs": True})
    assert form.problems() == {}
    assert start_button(page).isEnabled()


def test_a_number_that_is_none_is_said_beside_the_field(page: NewRunPage, night: Path) -> None:
    page.set_dataset(str(night))
    form = page.how.advanced.form("learning_rate")
    field = form.field("learning_rate").control
    assert isinstance(field, QLineEdit)
    field.setText("fast")
    assert "learning_rate" in form.problems()
    assert "Learning rate" in reason(page)
    field.setText("0.05")
    assert page.spec().options["learning_rate"] == 0.05


# --- what is chosen becomes a RunSpec ----------------------------------------------------------------------------


def test_the_defaults_with_a_bundled_dataset_make_the_spec_the_command_line_makes(
    qtbot: QtBot, page: NewRunPage
) -> None:
    card = bundled_dataset("little-kingdom")
    assert card is not None
    qtbot.mouseClick(page.data.ready.group.card("little-kingdom"), Qt.MouseButton.LeftButton)
    spec = started_spec(qtbot, page)
    assert spec == new_spec(
        "word2vec",
        "little-kingdom",
        watched_words=card.watched_words[:5],
        name="Little Kingdom - Word2Vec",
    )
    assert problems_of(spec) == []


def test_control_return_starts_from_wherever_the_keyboard_is(
    qtbot: QtBot, page: NewRunPage, night: Path
) -> None:
    page.set_dataset(str(night))
    for widget in (page.footer.name, page.how.preset.card("tiny"), page.how.watched.input):
        with qtbot.waitSignal(page.run_requested):
            qtbot.keyClick(widget, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_name_written_by_a_person_stays(qtbot: QtBot, page: NewRunPage, night: Path) -> None:
    page.set_dataset("little-kingdom")
    page.footer.name.clear()
    qtbot.keyClicks(page.footer.name, "first try")
    page.set_dataset(str(night))
    assert page.spec().name == "first try"
    page.footer.name.clear()
    page.footer.name.textEdited.emit("")
    page.set_dataset("news")
    assert page.spec().name == "News articles - Word2Vec"


@pytest.mark.parametrize(
    ("meaning", "value", "expected"),
    [
        ("epochs", 7, {"epochs": 7}),
        ("max_steps", 250, {"max_steps": 250}),
        ("max_minutes", 2.5, {"max_minutes": 2.5}),
        ("finish_by", "17:30", {"finish_by": "17:30"}),
    ],
)
def test_the_length_is_one_field_with_four_meanings(
    page: NewRunPage, night: Path, meaning: str, value: OptionValue, expected: dict[str, OptionValue]
) -> None:
    page.set_dataset(str(night))
    page.how.length.set_values({meaning: value})
    options = page.spec().options
    given = {key: options[key] for key in ("epochs", "max_steps", "max_minutes", "finish_by")}
    assert {key: value for key, value in given.items() if value is not None} == expected


def test_a_repeated_run_keeps_all_its_limits_until_another_is_chosen(page: NewRunPage, night: Path) -> None:
    limits = {"epochs": 3, "max_steps": 40, "max_minutes": 2.0}
    page.fill_from(new_spec("word2vec", str(night), settings=limits, name="night"))
    options = page.spec().options
    assert {key: options[key] for key in limits} == limits
    assert "Whichever comes first: this, or steps 40, epochs 3." in _texts(page.how.length)
    page.how.length.set_values({"epochs": 5})
    options = page.spec().options
    assert [options[key] for key in limits] == [5, None, None]


def test_a_time_of_day_that_is_none_is_said_beside_the_length(page: NewRunPage, night: Path) -> None:
    page.set_dataset(str(night))
    page.how.length.set_values({"finish_by": "tomorrow"})
    assert '"tomorrow" is not a time of day.' in reason(page)
    page.how.length.set_values({"finish_by": "08:00"})
    assert start_button(page).isEnabled()
    assert "at 08:00" in page.how.length.note().text()


def _another_value(option: Option) -> OptionValue:
    """A value that differs from the default and can be used."""
    if option.kind == "choice":
        return next(value for value, _ in option.choices if value != option.default)
    if option.kind == "bool":
        return not option.default
    if option.kind == "int":
        more = int(option.default or 0) + 2
        return more if option.maximum is None or more <= option.maximum else more - 4
    return "pairs.tsv" if option.kind == "text" else 0.25


_LENGTHS = ("max_steps", "max_minutes", "finish_by")


def test_every_option_can_be_set_and_comes_back(page: NewRunPage, night: Path) -> None:
    wanted = {
        option.key: _another_value(option) for option in settings_of(WORD2VEC) if option.key not in _LENGTHS
    }
    original = new_spec(
        "word2vec",
        str(night),
        preset="best",
        settings=wanted,
        watched_words=("owl", "fox"),
        name="night",
        val=str(night),
    )
    page.fill_from(original)
    shown = page.spec()
    assert shown == original.model_copy(update={"name": "night, again"})
    assert page.how.advanced.changed_count() == len(wanted) - len(("objective", "epochs", "initial_words"))
    page.how.advanced.show_defaults()
    assert page.spec().changed_options().keys() == {"objective", "epochs", "initial_words"}


def test_a_remedy_is_filled_in_over_the_settings_of_the_run(page: NewRunPage, night: Path) -> None:
    original = new_spec("word2vec", str(night), settings={"window": 3}, name="night")
    page.fill_from(original, {"min_count": 2})
    shown = page.spec()
    assert (shown.options["window"], shown.options["min_count"]) == (3, 2)
    assert shown.name == "night, minimum count 2"
    assert shown.watched_words == ()


def test_a_remedy_for_the_text_is_carried_out(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    page.set_dataset(str(night))
    qtbot.waitUntil(lambda: bool(asker.asked))
    remedy = Remedy("new_run_with", "Cut at spaces only", {"preparation": "none"})
    asker.asked[-1].on_problem(DataError("night.txt holds no words.", remedies=(remedy,)))
    button = page.findChild(QPushButton, "dataRemedy")
    assert button.text() == "Cut at spaces only"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.spec().data.preparation == "none"


def test_start_afresh_forgets_everything(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    page.fill_from(
        new_spec("word2vec", str(night), preset="best", settings={"window": 9}, watched_words=("owl",))
    )
    page.start_afresh()
    assert page.data.dataset() == ""
    assert page.footer.name.text() == ""
    page.set_dataset("news")
    card = bundled_dataset("news")
    assert card is not None
    assert page.spec() == new_spec(
        "word2vec", "news", watched_words=card.watched_words[:5], name="News articles - Word2Vec"
    )


# --- what is shown of the text -----------------------------------------------------------------------------------


def test_the_text_is_shown_as_the_model_will_see_it(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    choose_and_look(qtbot, page, asker, night)
    preview = page.data.preview
    assert preview.facts_line.text() == "6 sentences, 48 words, 10 different"
    assert "the owl sees the moon over the hill" in _texts(preview)
    assert preview.notices.text() == "night.txt was read as UTF-8."
    assert "moon" in page.model.picture.accessibleName()


def test_an_estimate_is_called_one(page: NewRunPage, qtbot: QtBot, asker: FileAsker, night: Path) -> None:
    page.set_dataset(str(night))
    qtbot.waitUntil(lambda: bool(asker.asked))
    asker.asked[-1].on_result({"facts": {"tokens": 1_200_000}, "is_exact": False})
    assert page.data.preview.facts_line.text() == "About 1,200,000 words"


def test_the_facts_of_a_bundled_dataset_stand_there_at_once(page: NewRunPage) -> None:
    for card in bundled_datasets():
        page.set_dataset(card.id)
        assert f"{card.words:,} words" in page.data.preview.facts_line.text()
        assert page.how.watched.words() == list(card.watched_words[:5])


def test_only_the_newest_choice_is_looked_at(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    page.set_dataset("news")
    qtbot.waitUntil(lambda: len(asker.asked) == 1)
    page.set_dataset("wikipedia")
    page.set_dataset(str(night))
    qtbot.waitUntil(lambda: len(asker.asked) == 2)
    assert asker.cancelled == [asker.asked[0].id]
    assert [question.arguments["dataset"] for question in asker.asked] == ["news", str(night)]
    assert {question.kind for question in asker.asked} == {"inspect_dataset"}


def test_another_preparation_is_a_new_look(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    choose_and_look(qtbot, page, asker, night)
    page.how.preset.set_value("tiny")
    page.how.advanced.form("preparation").set_values({"preparation": "none"})
    qtbot.waitUntil(lambda: len(asker.asked) == 2)
    assert asker.asked[-1].arguments == {"dataset": str(night), "preset": "tiny", "preparation": "none"}


def test_progress_of_a_long_look_is_shown(qtbot: QtBot, page: NewRunPage, asker: FileAsker) -> None:
    page.set_dataset("wikipedia")
    qtbot.waitUntil(lambda: bool(asker.asked))
    on_progress = asker.asked[-1].on_progress
    assert on_progress is not None
    on_progress("Making the text of Wikipedia extract readable", 0.4)
    assert "Making the text of Wikipedia extract readable" in _texts(page.data.preview)
    assert start_button(page).isEnabled()


def test_words_a_person_chose_outlive_another_text(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    choose_and_look(qtbot, page, asker, night)
    assert page.how.watched.words()[0] == "the"
    page.how.watched.add_word("badger")
    chosen = page.how.watched.words()
    page.set_dataset("news")
    assert page.how.watched.words() == chosen


# --- what the program would choose, and what it costs ------------------------------------------------------------


def test_automatic_values_are_shown_with_their_reason(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    choose_and_look(qtbot, page, asker, night)
    page.how.advanced.set_open(True)
    texts = "\n".join(_texts(page.how.advanced))
    assert "Automatic: 1" in texts  # min_count
    assert "This text is small: with the usual limit of 5 only" in texts
    page.how.advanced.form("min_count").set_values({"min_count": 2})
    assert "This text is small" not in "\n".join(_texts(page.how.advanced))


def test_no_time_is_told_before_a_speed_was_measured(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path
) -> None:
    page.set_dataset("little-kingdom")
    assert _chip(page, "chipWordsRead").endswith("M words")
    assert not page.findChild(QWidget, "chipTime").isVisibleTo(page)
    page.set_measured_speeds({"fast": 400_000.0})
    assert _chip(page, "chipTime").startswith("Takes: about ")
    short, full = (
        page.how.preset.card("best").accessibleDescription(),
        page.how.preset.card("best").toolTip(),
    )
    assert short.startswith("about ")
    assert "epochs" in full
    assert "words" in full
    page.how.advanced.form("trainer").set_values({"trainer": "gensim"})  # whose speed is not known
    assert not page.findChild(QWidget, "chipTime").isVisibleTo(page)
    page.set_measured_speeds({"fast": 400_000.0, "gensim": 100_000.0})
    assert _chip(page, "chipTime").startswith("Takes: about ")


def test_a_more_thorough_preset_reads_more(page: NewRunPage) -> None:
    page.set_dataset("wikipedia")
    chips = []
    for preset in ("tiny", "quick", "balanced", "best"):
        page.how.preset.set_value(preset)
        chips.append(_chip(page, "chipWordsRead"))
    assert len(set(chips)) == 4


def test_advanced_counts_what_was_changed(page: NewRunPage) -> None:
    fold = page.how.advanced.findChild(QPushButton)
    assert fold.text() == "Advanced"
    page.how.advanced.form("window").set_values({"window": 3})
    page.how.advanced.form("hs").set_values({"hs": True})
    assert fold.text() == "Advanced (2 changed)"
    page.findChild(QPushButton, "resetOptionsButton").click()
    assert fold.text() == "Advanced"


def test_the_picture_draws_what_is_guessed(page: NewRunPage) -> None:
    page.how.advanced.form("window").set_values({"window": 1})
    assert len(page.model.picture.joined_words()) == 2
    page.how.objective.button("cbow").click()
    assert "is guessed from" in page.model.picture.accessibleName()


def _texts(widget: QWidget) -> list[str]:
    """Every text that can be seen in ``widget``."""
    shown = [w for w in widget.findChildren(QWidget) if w.isVisibleTo(widget) and hasattr(w, "text")]
    return [w.text() for w in shown]


def _chip(page: NewRunPage, name: str) -> str:
    return page.findChild(QWidget, name).accessibleName()
