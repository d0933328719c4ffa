"""The New run page for GPT and BERT: what it asks, shows and makes of a text for a language model."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.registry import FAMILIES, data_options_of
from ptft_gui.core.fit import Estimate
from ptft_gui.core.language_proposals import LanguageFacts, propose_cutting
from ptft_gui.core.spec import RunSpec, new_spec, problems_of
from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.panels.new_run.advanced import SHOWN_ELSEWHERE
from ptft_gui.gui.panels.new_run.fit_words import fit_lines
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult

PROBES = {
    "gpt": ["Once upon", "The king", "In winter", "Nobody"],
    "bert": ["The [MASK] sleeps.", "A king [MASK] gold."],
}
GIGABYTE = 1 << 30


class LanguageAsker:
    """Answers ``cut_text`` with a text of so many characters, and keeps trials until they are answered."""

    def __init__(self, characters: int = 1_000_000) -> None:
        self.characters = characters
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.trials: dict[str, tuple[dict[str, Any], OnResult, OnProblem]] = {}
        self.cancelled: list[str] = []
        self.fits: bool | None = None

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        number = f"{kind} {len(self.asked)}"
        self.asked.append((kind, dict(arguments)))
        if kind == "cut_text":
            answer = self.cut(arguments)
            QTimer.singleShot(0, lambda: None if number in self.cancelled else on_result(answer))
        if kind == "dry_run":
            self.trials[number] = (dict(arguments), on_result, on_problem)
        return number

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [arguments for asked, arguments in self.asked if asked == kind]

    def cut(self, arguments: dict[str, Any]) -> dict[str, Any]:
        family = str(arguments["family"])
        kind = propose_cutting(family, "quick", LanguageFacts(self.characters), arguments)["tokenizer"].value
        each = 1.0 if (arguments.get("tokenizer") or kind) == "characters" else 4.0
        text = str(arguments.get("text") or "The king")
        return {
            "title": "story.txt",
            "characters": self.characters,
            "train_characters": self.characters,
            "is_estimate": False,
            "chinese_share": 0.0,
            "tokenizer": kind,
            "vocabulary": 60 if each == 1.0 else 4000,
            "characters_per_token": each,
            "tokens": round(self.characters / each),
            "cut": {"text": text, "pieces": [[0, 3, text[:3]], [4, len(text), text[4:]]]},
            "preview": ["Once upon a time."],
            "notices": [],
            "probes": PROBES[family],
            "start": None if self.fits is None else {"fits": self.fits, "sentence": "So it fits."},
        }

    def answer_trial(self, **changes: Any) -> None:
        _, on_result, _ = self.trials.pop(next(reversed(self.trials)))
        on_result(measured(**changes).as_dict())


def measured(**changes: Any) -> Estimate:
    usual: dict[str, Any] = {
        "parameters": 818_000,
        "vocabulary_size": 60,
        "seconds_per_step": 0.05,
        "words_per_second": None,
        "pairs_per_second": None,
        "peak_memory_bytes": GIGABYTE,
        "epochs": 2.0,
        "minutes": 12.0,
        "micro_batch_size": 16,
        "measured_steps": 20,
        "tokens_per_second": 20_000.0,
        "global_batch_size": 64,
        "disk_bytes": 30_000_000,
        "free_memory_bytes": 8 * GIGABYTE,
        "free_disk_bytes": 50 * GIGABYTE,
        "text_tokens": 1_000_000,
    }
    return Estimate(**{**usual, **changes})


@pytest.fixture
def asker() -> LanguageAsker:
    return LanguageAsker()


@pytest.fixture
def page(qtbot: QtBot, asker: LanguageAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewRunPage:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    page = NewRunPage(asker, settings)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    return page


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story.txt"
    path.write_text("Once upon a time there was a king.\n" * 40, encoding="utf-8")
    return str(path)


def press(page: NewRunPage, name: str) -> None:
    button = page.findChild(QAbstractButton, name)
    assert button is not None, name
    button.click()


def shown(page: NewRunPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert label is not None, name
    return label.text() if label.isVisibleTo(page) else ""


def choose(qtbot: QtBot, page: NewRunPage, goal: str, story: str) -> None:
    press(page, f"segment_{goal}")
    page.set_dataset(story)
    qtbot.waitUntil(lambda: page.data.tokens.text.text() != "")


def started(qtbot: QtBot, page: NewRunPage) -> RunSpec:
    with qtbot.waitSignal(page.run_requested) as blocker:
        qtbot.mouseClick(page.findChild(QPushButton, "startButton"), Qt.MouseButton.LeftButton)
    spec: RunSpec = blocker.args[0]
    return spec


# --- goals, families, the spec -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("goal", "family"), [("write_text", "gpt"), ("teach_field", "bert")])
def test_a_goal_chooses_its_family_and_the_run_is_made_as_it_is_shown(
    qtbot: QtBot, page: NewRunPage, story: str, goal: str, family: str
) -> None:
    choose(qtbot, page, goal, story)
    assert page.model.families.card(family).isChecked()
    spec = started(qtbot, page)
    expected = new_spec(family, story, preset="tiny", probes=PROBES[family][:3])
    assert spec.model_copy(update={"name": expected.name}) == expected
    assert problems_of(spec) == []


def test_a_family_brings_its_goal_and_takes_back_what_it_alone_knows(page: NewRunPage) -> None:
    page.model.families.set_value("gpt")
    assert page.goal.goal() == "write_text"
    assert page.how.probes.isVisibleTo(page)
    assert not page.how.watched.isVisibleTo(page)
    page.model.families.set_value("word2vec")
    assert page.goal.goal() == "related_words"
    assert page.how.watched.isVisibleTo(page)
    assert not page.how.probes.isVisibleTo(page)


def test_going_on_with_gpt_is_teaching_it_a_field_too(page: NewRunPage) -> None:
    press(page, "segment_write_text")
    page.how.stage.set_value("go_on")
    assert page.goal.goal() == "write_text"
    press(page, "segment_teach_field")
    assert (page.model.family(), page.how.stage.value()) == ("gpt", "go_on")


@pytest.mark.parametrize("family", ["gpt", "bert"])
def test_every_option_has_its_place(page: NewRunPage, family: str) -> None:
    page.model.families.set_value(family)
    all_keys = {option.key for option in (*FAMILIES[family].options, *data_options_of(FAMILIES[family]))}
    assert set(page.how.advanced.option_keys()) | set(SHOWN_ELSEWHERE) >= all_keys


def test_a_run_comes_back_as_it_was(qtbot: QtBot, page: NewRunPage, story: str) -> None:
    spec = new_spec(
        "bert",
        story,
        preset="quick",
        settings={"mlm_probability": 0.3, "max_minutes": 4.0, "case": "keep"},
        probes=("A [MASK].",),
        name="mine",
    )
    page.fill_from(spec)
    again = page.spec()
    assert again.model_copy(update={"name": "mine"}) == spec
    qtbot.waitUntil(lambda: page.data.tokens.text.text() != "")
    assert page.spec().probes == ("A [MASK].",)
    assert page.how.preset.value() == "quick"


# --- what suits the text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("characters", "preset"),
    [(100_000, "tiny"), (60_000_000, "tiny"), (130_000_000, "quick"), (600_000_000, "balanced")],
)
def test_the_largest_size_that_suits_the_text_is_chosen(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str, characters: int, preset: str
) -> None:
    asker.characters = characters
    choose(qtbot, page, "teach_field", story)
    qtbot.waitUntil(lambda: page.how.preset.value() == preset)
    told = shown(page, "presetNote")
    assert told.startswith("Your text (")
    assert told.endswith("larger ones start to memorise it.")


def test_a_person_s_own_size_stays(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str, tmp_path: Path
) -> None:
    choose(qtbot, page, "write_text", story)
    qtbot.mouseClick(page.how.preset.card("best"), Qt.MouseButton.LeftButton)
    other = tmp_path / "other.txt"
    other.write_text("Another story, much the same.\n" * 40, encoding="utf-8")
    asked = len(asker.of_kind("cut_text"))
    page.set_dataset(str(other))
    qtbot.waitUntil(lambda: len(asker.of_kind("cut_text")) > asked)
    assert page.how.preset.value() == "best"


def test_each_card_says_how_large_its_model_is(qtbot: QtBot, page: NewRunPage, story: str) -> None:
    choose(qtbot, page, "write_text", story)
    told = [
        page.how.preset.card(key).accessibleDescription() for key in ("tiny", "quick", "balanced", "best")
    ]
    assert [line.split(" parameters")[0].strip() for line in told] == ["810 k", "3.2 M", "19.1 M", "85.5 M"]


# --- probes and tokens -------------------------------------------------------------------------------------------


def test_probes_are_those_of_the_text_until_a_person_writes_others(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str
) -> None:
    choose(qtbot, page, "write_text", story)
    assert page.how.probes.probes() == tuple(PROBES["gpt"][:3])
    line = page.findChild(QLineEdit, "probe_4")
    assert line.isVisibleTo(page)
    line.setText("My own beginning")
    page.how.advanced.form("tokenizer").set_values({"tokenizer": "bpe"})
    qtbot.waitUntil(lambda: asker.of_kind("cut_text")[-1].get("tokenizer") == "bpe")
    assert page.how.probes.probes() == (*PROBES["gpt"][:3], "My own beginning")
    page.model.families.set_value("bert")  # its probes have blanks
    qtbot.waitUntil(lambda: page.how.probes.probes() == tuple(PROBES["bert"]))


def test_a_probe_without_a_blank_is_told_beside_it(qtbot: QtBot, page: NewRunPage, story: str) -> None:
    choose(qtbot, page, "teach_field", story)
    page.findChild(QLineEdit, "probe_1").setText("The king sleeps.")
    assert not page.footer.start.isEnabled()
    assert "no blank to fill" in page.footer.reason.text()
    page.findChild(QLineEdit, "probe_1").setText("The ___ sleeps.")
    assert page.footer.start.isEnabled()


def test_a_sentence_of_one_s_own_is_cut(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str
) -> None:
    choose(qtbot, page, "teach_field", story)
    assert page.data.tokens.text.text() == "The king"
    page.findChild(QLineEdit, "tokensInput").setText("An owl & <b>a fox</b>")
    qtbot.waitUntil(lambda: page.data.tokens.text.text() == "An owl & <b>a fox</b>")
    assert len(page.data.tokens.text.tokens()) == 2
    assert "2 tokens" in shown(page, "tokensNumbers")
    assert page.how.probes.probes() == tuple(PROBES["bert"])


def test_word_vectors_show_no_tokens(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str
) -> None:
    choose(qtbot, page, "write_text", story)
    page.model.families.set_value("word2vec")
    qtbot.waitUntil(lambda: asker.asked[-1][0] == "inspect_dataset")
    assert not page.data.tokens.isVisibleTo(page)
    assert not page.fit_card.isVisibleTo(page)


# --- the fit check -----------------------------------------------------------------------------------------------


def test_the_run_is_measured_by_itself_and_start_does_not_wait(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str
) -> None:
    choose(qtbot, page, "write_text", story)
    assert page.footer.start.isEnabled()
    assert "measuring ..." in page.how.preset.card("tiny").accessibleDescription()
    qtbot.waitUntil(lambda: len(asker.trials) == 1)
    assert asker.of_kind("dry_run")[0]["spec"]["family"] == "gpt"
    asker.answer_trial()
    lines = page.fit_card.lines()
    assert {key: line.value for key, line in lines.items() if key != "end"} == {
        "memory": "1.1 GB of 8.6 GB free",
        "speed": "20.0 k tokens/s",
        "disk": "30.0 MB",
        "batch": "16 x 4",
    }
    assert all(line.is_good for line in lines.values())
    assert "about 12 min" in page.how.preset.card("tiny").accessibleDescription()
    assert not page.findChild(QPushButton, "fitRemedy").isVisibleTo(page)


def test_what_was_measured_is_not_measured_again(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str
) -> None:
    choose(qtbot, page, "write_text", story)
    qtbot.waitUntil(lambda: len(asker.trials) == 1)
    asker.answer_trial()
    page.how.preset.set_value("quick")
    qtbot.waitUntil(lambda: len(asker.trials) == 1)
    asker.answer_trial(minutes=100.0)
    page.how.preset.set_value("tiny")
    assert page.fit_card.lines()["speed"].value == "20.0 k tokens/s"
    assert not page.fit.is_measuring
    assert "about 1 h 40 min" in page.how.preset.card("quick").accessibleDescription()


def test_a_start_ends_the_trial(qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str) -> None:
    choose(qtbot, page, "write_text", story)
    qtbot.waitUntil(lambda: len(asker.trials) == 1)
    started(qtbot, page)
    assert list(asker.trials) == [number for number in asker.cancelled if number.startswith("dry_run")]


def test_a_trial_that_fails_is_told_and_can_be_repeated(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str
) -> None:
    choose(qtbot, page, "write_text", story)
    qtbot.waitUntil(lambda: len(asker.trials) == 1)
    _, _, on_problem = asker.trials.pop(next(iter(asker.trials)))
    on_problem(PtftError("The other one is being trained now.", hint="Try again when it has ended."))
    assert "The other one" in page.fit_card.sentence.full_text()
    assert page.footer.start.isEnabled()
    press(page, "measureAgainButton")
    qtbot.waitUntil(lambda: len(asker.trials) == 1)


def test_what_does_not_fit_has_one_remedy(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str
) -> None:
    choose(qtbot, page, "write_text", story)
    qtbot.waitUntil(lambda: len(asker.trials) == 1)
    asker.answer_trial(peak_memory_bytes=9 * GIGABYTE)
    assert not page.fit_card.lines()["memory"].is_good
    remedy = page.findChild(QPushButton, "fitRemedy")
    assert remedy.text() == "Smaller steps (same result, slower)"
    remedy.click()
    assert page.spec().options["micro_batch_size"] == 8
    assert page.how.preset.value() == "tiny"


NOW = datetime(2026, 11, 26, 21, 0)


def test_a_run_of_days_can_be_made_to_end_in_the_morning() -> None:
    lines = {line.key: line for line in fit_lines(measured(minutes=60 * 50), {}, NOW, "quick")}
    assert (lines["end"].value, lines["end"].is_good) == ("in 2 days", False)
    remedy = lines["end"].remedy
    assert remedy is not None
    assert remedy.argument["finish_by"] == "08:00"
    by = {line.key: line for line in fit_lines(measured(minutes=3000), {"finish_by": "08:00"}, NOW, None)}
    assert (by["end"].value, by["end"].is_good) == ("tomorrow 08:00", True)


def test_a_disk_without_room_asks_for_a_smaller_model() -> None:
    lines = {line.key: line for line in fit_lines(measured(disk_bytes=60 * GIGABYTE), {}, NOW, "quick")}
    remedy = lines["disk"].remedy
    assert remedy is not None
    assert (remedy.action, remedy.argument) == ("choose_preset", {"preset": "quick"})
    smallest = {line.key: line for line in fit_lines(measured(disk_bytes=60 * GIGABYTE), {}, NOW, None)}
    assert smallest["disk"].remedy is None
    assert not smallest["disk"].is_good


def test_a_run_that_ends_today_says_when() -> None:
    lines = {line.key: line for line in fit_lines(measured(minutes=30), {}, NOW, None)}
    assert lines["end"].value == (NOW + timedelta(minutes=30)).strftime("%H:%M")


# --- going on ----------------------------------------------------------------------------------------------------


def test_going_on_asks_for_a_start_and_says_how_it_fits(
    qtbot: QtBot, page: NewRunPage, asker: LanguageAsker, story: str, tmp_path: Path
) -> None:
    choose(qtbot, page, "write_text", story)
    page.how.stage.set_value("go_on")
    picker = page.findChild(QWidget, "startFromPicker")
    assert picker.isVisibleTo(page)
    assert "No start is chosen yet." in page.footer.reason.text()
    folder = save_start(tmp_path / "start", "gpt2")
    asker.fits = False
    page.model.start.choose(str(folder))
    assert page.footer.reason.text() == ""
    qtbot.waitUntil(lambda: shown(page, "languageStartFit") == "So it fits.")
    assert asker.of_kind("cut_text")[-1]["start"] == str(folder)
    spec = page.spec()
    assert (spec.stage, spec.init_from, spec.init) == ("pretrain", "folder", str(folder))
    assert "parameters" not in page.how.preset.card("tiny").accessibleDescription()
    assert shown(page, "presetNote") == ""


def test_a_start_of_the_other_family_is_told(page: NewRunPage, tmp_path: Path) -> None:
    page.model.families.set_value("bert")
    page.how.stage.set_value("go_on")
    page.model.start.choose(str(save_start(tmp_path / "start", "gpt2")))
    assert "is a GPT model, and BERT is to be trained" in shown(page, "languageStartFit")


def save_start(folder: Path, model_type: str) -> Path:
    """The configuration of a model; a glance reads no numbers."""
    folder.mkdir()
    shape = '"n_positions": 64, "n_layer": 2, "n_embd": 32, "n_head": 2, "vocab_size": 100'
    (folder / "config.json").write_text(f'{{"model_type": "{model_type}", {shape}}}', encoding="utf-8")
    return folder


# --- learning a task ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "task", "family"),
    [
        ("sort_texts", "classification", "bert"),
        ("answer_questions", "question-answering", "bert"),
        ("mark_names", "tagging", "bert"),
    ],
)
def test_a_goal_brings_its_task_with_methods_and_a_start(
    page: NewRunPage, tmp_path: Path, goal: str, task: str, family: str
) -> None:
    if goal == "sort_texts":
        page.model.families.set_value("bert")  # word vectors learn that, too
    press(page, f"segment_{goal}")
    assert (page.model.family(), page.how.task()) == (family, task)
    assert page.how.method.isVisibleTo(page)
    assert not page.how.probes.isVisibleTo(page)
    spec = page.spec()
    assert (spec.stage, spec.task, spec.method) == ("finetune", task, "frozen")
    press(page, "segment_write_text")
    assert (page.model.family(), page.how.stage.value(), page.how.task()) == ("gpt", "pretrain", None)


def test_another_family_learns_what_it_can(page: NewRunPage) -> None:
    press(page, "segment_mark_names")
    page.model.families.set_value("word2vec")
    assert (page.how.task(), page.goal.goal()) == ("classification", "sort_texts")
    assert not page.how.method.picker.button("lora").isVisibleTo(page)
    page.model.families.set_value("bert")
    assert page.how.method.picker.button("lora").isVisibleTo(page)


def test_each_method_says_what_it_trains_of_the_start(page: NewRunPage, tmp_path: Path) -> None:
    page.model.families.set_value("bert")
    page.how.stage.set_value("finetune")
    page.model.start.choose(str(save_bert(tmp_path / "start")))
    picture = page.findChild(QWidget, "anatomyPicture")
    told = {}
    for method in ("frozen", "top-layers", "lora", "full"):
        page.how.method.picker.set_value(method)
        assert picture.isVisibleTo(page)
        told[method] = shown(page, "methodNumbers")
    trained = {method: int(line.split()[1].replace(",", "")) for method, line in told.items()}
    assert 0 < trained["frozen"] < trained["lora"] < trained["top-layers"] < trained["full"]
    assert "(100 %)" in told["full"]
    page.how.advanced.form("lora_rank").set_values({"lora_rank": 16})
    page.how.method.picker.set_value("lora")
    assert int(shown(page, "methodNumbers").split()[1].replace(",", "")) > trained["lora"]


def test_a_run_that_learned_a_task_comes_back(page: NewRunPage, story: str, tmp_path: Path) -> None:
    start = save_bert(tmp_path / "start")
    spec = new_spec(
        "bert",
        story,
        stage="finetune",
        task="tagging",
        method="lora",
        init_from="folder",
        init=str(start),
        settings={"lora_rank": 4},
        name="names",
    )
    page.fill_from(spec)
    assert page.goal.goal() == "mark_names"
    assert page.spec().model_copy(update={"name": "names"}) == spec


def save_bert(folder: Path) -> Path:
    folder.mkdir()
    shape = (
        '"max_position_embeddings": 64, "num_hidden_layers": 4, "hidden_size": 64, "num_attention_heads": 2'
    )
    record = f'{{"model_type": "bert", {shape}, "vocab_size": 500}}'
    (folder / "config.json").write_text(record, encoding="utf-8")
    return folder
