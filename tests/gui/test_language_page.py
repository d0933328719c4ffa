"""The page of a run of GPT or BERT: Try it, Explore and Evaluate, with real models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.panels.run import RunPage
from ptft_gui.gui.panels.run.language_tabs import LanguageTabs
from tests.gui.asked_language_runs import PROBES, LanguageAsker, make_language_run
from tests.gui.fixtures_runs import make_run, summary_of
from tests.inspection.language_models import SENTENCES, save_tiny_bert, save_tiny_gpt


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_gpt(tmp_path_factory.mktemp("gpt"))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("bert"))


@pytest.fixture
def asker() -> Iterator[LanguageAsker]:
    asker = LanguageAsker()
    yield asker
    asker.answers.close()


def opened(qtbot: QtBot, asker: LanguageAsker, run: RunDir, state: str = "finished") -> RunPage:
    page = RunPage(asker)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    page.show_run(run, summary_of(run), state)  # type: ignore[arg-type]
    return page


@pytest.fixture
def writer(qtbot: QtBot, asker: LanguageAsker, gpt: Path, tmp_path: Path) -> RunPage:
    return opened(qtbot, asker, make_language_run(tmp_path / "runs", "gpt", gpt, tmp_path / "text.txt"))


@pytest.fixture
def filler(qtbot: QtBot, asker: LanguageAsker, bert: Path, tmp_path: Path) -> RunPage:
    return opened(qtbot, asker, make_language_run(tmp_path / "runs", "bert", bert, tmp_path / "text.txt"))


def tabs(page: RunPage) -> LanguageTabs:
    made = page._made[LanguageTabs]
    assert isinstance(made, LanguageTabs)
    return made


def told(page: RunPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert label is not None, name
    return label.text()


def test_a_run_of_gpt_opens_where_it_can_be_tried(writer: RunPage) -> None:
    assert writer.tab_row.current() == "try_it"
    assert all(
        writer.tab_row.is_offered(key) for key in ("train", "try_it", "explore", "evaluate", "details")
    )
    room = tabs(writer).try_it.writing
    assert room.prompt.toPlainText() == PROBES["gpt"]
    assert room.answer_card.findChild(QLabel) is not None
    captions = [label.text() for label in room.answer_card.findChildren(QLabel)]
    assert "It may repeat passages of your text word for word." in captions


def test_it_writes_marks_what_it_repeats_and_tells_what_else_was_likely(writer: RunPage) -> None:
    room = tabs(writer).try_it.writing
    room.settings.temperature.setValue(0)
    room.ask("the queen wears")
    assert room.after.text.text() == SENTENCES[1]
    assert told(writer, "afterStatus").endswith("the model ended the text.")
    assert room.after.text.seen() == [SENTENCES[1]]
    assert "One passage of 12 or more words stands word for word" in told(writer, "afterSeen")
    choices = room.after.choices()
    assert "".join(SENTENCES[1][c.start : c.end] for c in choices) == SENTENCES[1][len("the queen wears") :]
    room.after.text.pointed.emit(SENTENCES[1].index("golden") + 1)
    assert room.bars.choices()[0][1] > 0.5
    assert room.bars_card.accessibleName().startswith("Where it wrote")
    assert room.asked.texts() == ["the queen wears"]


def test_another_token_can_be_taken_instead(writer: RunPage) -> None:
    room = tabs(writer).try_it.writing
    room.settings.temperature.setValue(0)
    room.ask("the queen wears")
    room.after.text.chosen.emit(SENTENCES[1].index("golden"))
    other = room.bars.choices()[1][0]
    room.bars.row(1).click()
    start = room.prompt.toPlainText()
    assert start.endswith(other)
    assert start.startswith("the queen wears the")
    assert room.after.text.text().startswith(start)


def test_the_text_streams_and_can_be_stopped(writer: RunPage, asker: LanguageAsker) -> None:
    room = tabs(writer).try_it.writing
    asker.holds.add("generate")
    room.ask("the queen")
    assert not room.write_button.isEnabled()
    asker.progress["generate"]("the queen wears", 0.1)
    asker.progress["generate"]("the queen wears the", 0.2)
    assert room.after.text.text() == "the queen wears the"
    room.stop_button.click()
    assert asker.cancelled
    assert told(writer, "afterStatus") == "10 signs; you stopped it."
    assert room.write_button.isEnabled()
    assert not room.stop_button.isEnabled()
    assert room.after.choices()  # what stands there can be looked into all the same


def test_the_next_tokens_follow_the_beginning(writer: RunPage, qtbot: QtBot) -> None:
    room = tabs(writer).try_it.writing
    room.prompt.setPlainText("the queen wears the golden")
    qtbot.waitUntil(lambda: bool(room.bars.choices()))
    assert room.bars.choices()[0][1] > 0.5
    assert room.bars_card.accessibleName() == "What could come next after your beginning"


def test_what_cannot_be_answered_is_told_in_words(writer: RunPage) -> None:
    room = tabs(writer).try_it.writing
    room.ask("queen " * 5_000)
    assert room.after.problem.text().startswith("The beginning is too long to be typed in.")
    assert room.write_button.isEnabled()


def test_before_stands_beside_after_where_the_run_started_from_a_model(
    qtbot: QtBot, asker: LanguageAsker, gpt: Path, tmp_path: Path
) -> None:
    start = save_tiny_gpt(tmp_path / "start", steps=1)
    run = make_language_run(tmp_path / "runs", "gpt", gpt, tmp_path / "text.txt", init=start)
    page = opened(qtbot, asker, run)
    room = tabs(page).try_it.writing
    room.settings.temperature.setValue(0)
    room.ask("the queen wears")
    assert room.before.isVisible()
    assert room.after.text.text() == SENTENCES[1]
    assert room.before.text.text().startswith("the queen wears")
    assert room.before.text.text() != SENTENCES[1]
    assert [question["model"] for question in asker.questions("generate")] == [str(run.path), str(start)]
    page.tab_row.choose("evaluate")
    own = tabs(page).evaluate.own
    own.input.setPlainText(SENTENCES[0])
    own.measure()
    assert told(page, "measured_perplexity_beside").startswith("before, Tiny gpt: ")


def test_a_blank_is_filled_and_a_candidate_put_in(filler: RunPage, asker: LanguageAsker) -> None:
    room = tabs(filler).try_it.filling
    assert room.blanks()[0].after.choices()[0][0] == "golden"
    assert room.asked.texts() == []
    room.ask(SENTENCES[1].replace("golden", "___").replace(" old ", " [MASK] "))
    first, second = room.blanks()
    assert first.title.full_text().startswith("the queen wears the ____ crown in the ... castle")
    assert second.after.choices()[0][0] == "old"
    assert sum(share for _, share in first.after.choices()) <= 1 + 1e-6
    second.after.row(0).click()
    assert room.input.toPlainText() == SENTENCES[1].replace("golden", "___")
    assert len(room.blanks()) == 1
    room.blanks()[0].after.row(0).click()
    assert room.input.toPlainText() == SENTENCES[1]
    assert room.blanks() == []
    assert "No blank is left" in told(filler, "fillHint")
    room.undo_button.click()
    assert "___" in room.input.toPlainText()


def test_a_piece_of_a_word_joins_the_word_before_its_blank(filler: RunPage) -> None:
    room = tabs(filler).try_it.filling
    room.ask("\U0001f600 the queen ___ wears")
    room._fill_in(0, "##s")
    assert room.input.toPlainText() == "\U0001f600 the queens wears"


def test_tokens_are_explored(filler: RunPage) -> None:
    filler.find_word()
    explore = tabs(filler).explore
    pieces = explore.cut.pieces.pieces()
    assert (pieces[0].token, pieces[0].what, pieces[-1].token) == ("[CLS]", "special", "[SEP]")
    words = [piece.text for piece in pieces if piece.what == "text"]
    assert (
        told(filler, "tokenHeading") == f"Nearest to {max(words, key=len).lower()}"
    )  # something to begin with
    explore.cut.input.setPlainText("the queen")
    explore.cut.ask_first()
    assert [piece.label for piece in explore.cut.pieces.pieces()][1:-1] == ["the", "queen"]
    assert told(filler, "cutSentence").startswith("9 signs become 4 tokens; the model knows ")
    explore.cut.pieces.chosen.emit("queen")
    assert told(filler, "tokenHeading") == "Nearest to queen"
    assert len(explore.near.table.rows()) == 12
    explore.near.ask("queenlike")
    assert explore.near.problem.text().startswith('"queenlike" is not one token of Tiny bert.')
    explore.choice.set_value("context")
    explore.context.word.setText("old")
    explore.context.first.setText(SENTENCES[1])
    explore.context.second.setText(SENTENCES[2])
    explore.context.ask()
    assert told(filler, "contextAnswer").startswith("In the two sentences the word is ")
    assert len(explore.context.bars.layers()) == 3
    explore.context.word.setText("bank")
    explore.context.ask()
    assert explore.context.problem.text().startswith('"bank" does not stand in the sentence.')


def test_gpt_has_no_view_of_a_word_in_two_sentences(writer: RunPage) -> None:
    writer.tab_row.choose("explore")
    assert not tabs(writer).explore.choice.isVisibleTo(writer)


def test_the_held_out_card_tells_of_guessing_too(filler: RunPage) -> None:
    filler.tab_row.choose("evaluate")
    card = tabs(filler).evaluate.held_out
    assert told(filler, "heldOutNumber1") == "7.39"  # exp(2), the best moment, not the last
    assert told(filler, "heldOutNumber2") == "0.72"
    assert "guessing: 54.6" in card.text()
    assert "step 40, the best moment, kept" in card.text()
    assert "the text on both sides seen" in card.text()


def test_a_pasted_text_is_measured_token_by_token(writer: RunPage) -> None:
    writer.tab_row.choose("evaluate")
    own = tabs(writer).evaluate.own
    own.input.setPlainText(SENTENCES[0])
    own.measure_button.click()
    assert float(told(writer, "measured_perplexity")) < 5
    assert told(writer, "measuredSentence").startswith("At each token the model was as unsure as between")
    own.marked.pointed.emit(SENTENCES[0].index("white"))
    assert "Expected:" in told(writer, "measuredToken")
    own.input.setPlainText("   ")
    own.measure()
    assert own.problem.text().startswith("No text was given.")
    assert not own.marked.isVisible()


def test_a_run_without_a_checkpoint_says_what_to_do(
    qtbot: QtBot, asker: LanguageAsker, tmp_path: Path
) -> None:
    run = make_language_run(tmp_path / "runs", "gpt", None, tmp_path / "text.txt")
    page = opened(qtbot, asker, run, "running")
    page.tab_row.choose("try_it")
    empty = tabs(page).try_it._empty
    assert empty.sentence().startswith("The model is still learning. Save a checkpoint now")
    with qtbot.waitSignal(page.save_requested):
        empty.button.click()
    summary = summary_of(run)
    summary.fold([ev.Checkpoint(step=40, path="checkpoints/step-00000040")])
    page.refresh(summary, "running")
    assert (
        tabs(page)
        .try_it.moment.words.text()
        .startswith("Still learning, now at step 40. What you ask is answered by the newest")
    )
    room = tabs(page).try_it.writing
    room.write()  # its folder holds no such checkpoint: the sentence tells so
    assert "no checkpoint has been saved so far" in room.after.problem.text() or room.after.problem.text()


def test_a_paused_and_a_recorded_run_say_what_they_are(
    qtbot: QtBot, asker: LanguageAsker, tmp_path: Path
) -> None:
    run = make_language_run(tmp_path / "runs", "bert", None, tmp_path / "text.txt")
    page = opened(qtbot, asker, run, "paused")
    summary = summary_of(run)
    summary.fold([ev.Checkpoint(step=40, path="checkpoints/step-00000040")])
    page.tab_row.choose("explore")
    page.refresh(summary, "paused")
    assert tabs(page).explore.moment.words.text().startswith("Paused at step 40.")
    page.show_run(run, summary, "finished", is_recorded=True)
    page.tab_row.choose("try_it")
    assert tabs(page).try_it._empty.sentence() == (
        "This is a recorded run. What it was asked is kept, the model itself is not."
    )


def test_other_runs_have_their_own_tabs_again(writer: RunPage, tmp_path: Path) -> None:
    room = tabs(writer).try_it.writing
    room.ask("the queen wears")
    gpt_run = writer.shown_run()
    assert gpt_run is not None
    words = make_run(tmp_path / "more", "finished")
    writer.show_run(words, summary_of(words), "finished")
    assert writer.tab_row.current() == "explore"
    assert writer._stack.currentWidget() is writer.explore
    assert not writer.tab_row.is_offered("try_it")
    writer.show_run(gpt_run, summary_of(gpt_run), "finished")
    assert room.after.text.text() == ""
    assert room.asked.texts() == ["the queen wears"]  # what was asked in this session can be asked again


def test_every_control_has_a_name(writer: RunPage, filler: RunPage) -> None:
    for page in (writer, filler):
        for key in ("try_it", "explore", "evaluate"):
            page.tab_row.choose(key)
            for button in page._stack.currentWidget().findChildren(QAbstractButton):
                if button.isVisible():
                    assert button.accessibleName() or button.text(), button.objectName()
