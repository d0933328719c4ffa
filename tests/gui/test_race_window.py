"""The race and the count of labels: the card as lanes end, the way there from the window, and what goes wrong."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.label_count import SHARES, label_specs
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.race import ALL_LANES, race_specs
from ptft_gui.core.rundir import RunDir, create_run, list_runs
from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.dialogs.race import RaceDialog
from ptft_gui.gui.panels.compare import ComparedRun, ComparePage
from ptft_gui.gui.panels.new_run.method_field import MethodField
from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.curve_plot import CurvePlot
from ptft_gui.gui.widgets.race_lanes import RaceLanes
from ptft_gui.gui.widgets.race_offer import RaceOffer
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import summary_of
from tests.gui.test_main_window import SilentAsker, finish, page_name
from tests.gui.workers import Launches

PATIENCE_MS = 30_000


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """A model folder as far as a window looks at it."""
    folder = tmp_path / "tiny-bert"
    folder.mkdir()
    config = {"model_type": "bert", "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1}
    config |= {"num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 64}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for name in ("model.safetensors", "tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


def asked(start: Path, name: str = "Topics") -> RunSpec:
    return new_spec(
        "bert", "news-topics-en", stage="finetune", task="classification", method="full", init_from="folder",
        init=str(start), name=name, preset="tiny",
    )  # fmt: skip


def end_run(runs: Path, spec: RunSpec, accuracy: float | None, rows: int = 210) -> RunDir:
    """A run that came to its end with this score on 45 test rows, or that failed."""
    run = create_run(runs, spec)
    parts = {"train": rows, "val": 45, "test": 45}
    told: list[ev.AnyEvent] = [
        ev.Started(attempt=1),
        ev.Resolved(
            values={"parameters": 1000, "trained_parameters": 10, "parts": parts, "train_examples": rows}
        ),
        ev.Resources(rss_bytes=1_200_000_000),
        ev.Evaluated(step=10, epoch=1.0, metrics={"val/loss": 0.7, "val/accuracy": 0.5}),
    ]
    if accuracy is None:
        told.append(ev.Failed(message="The disk is full."))
    else:
        told.append(ev.Evaluated(step=20, epoch=2.0, metrics={"val/loss": 0.6, "val/accuracy": 0.6}))
        told.append(ev.Evaluated(step=20, epoch=2.0, metrics={"test/accuracy": accuracy}))
        told.append(ev.Finished(step=20))
        run.model.mkdir()
    log = EventWriter(run.events_file)
    for event in told:
        log.write(event)
    log.close()
    return run


def seen(runs: Sequence[RunDir]) -> list[ComparedRun]:
    return [ComparedRun(run.name, run.title(), run.path, summary_of(run), run.state()) for run in runs]


@pytest.fixture
def page(qtbot: QtBot) -> ComparePage:
    page = ComparePage(FakeAsker())
    qtbot.addWidget(page)
    page.resize(1040, 700)
    page.show()
    return page


def button(widget: QWidget, name: str) -> QAbstractButton:
    found = widget.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton), f"There is no {name}."
    return found


def chart(widget: QWidget, name: str) -> CurvePlot:
    found = widget.findChild(CurvePlot, name)
    assert isinstance(found, CurvePlot), f"There is no {name}."
    return found


def label(widget: QWidget, name: str) -> str:
    found = widget.findChild(QLabel, name)
    assert isinstance(found, QLabel), f"There is no {name}."
    return found.text()


# --- the card ----------------------------------------------------------------------------------------------------


def test_the_card_says_what_pre_training_was_worth(page: ComparePage, start: Path, tmp_path: Path) -> None:
    specs = race_specs(asked(start), ALL_LANES)
    runs = [end_run(tmp_path, spec, score) for spec, score in zip(specs, (0.4, 0.8, 0.9, 0.91), strict=True)]
    page.show_runs(seen(runs[::-1]))
    assert page.race.isVisible()
    assert not page.labels.isVisible()
    assert label(page, "compareTitle") == "Race: Topics"
    assert label(page, "raceSentence") == "Pre-training was worth +51 points: 0.40 without, 0.91 with."
    assert "accuracy on 45 test rows" in label(page, "raceCaption")
    table = page.race.table.cells
    assert [table.cell(row, 0) for row in range(4)] == ["No pre-training", "Frozen", "LoRA", "Full"]
    assert [table.cell(row, 2) for row in range(4)] == ["0.40", "0.80", "0.90", "0.91"]
    assert [table.cell(2, column) for column in (1, 3, 5, 6, 7)] == [
        "finished", "0.77 to 0.95", "1.2 GB", "1 %", "40 bytes",
    ]  # fmt: skip
    assert not page.race.notes.isVisible()
    plot = chart(page, "comparePlot")
    assert [curve.label for curve in plot.curves()] == ["No pre-training", "Frozen", "LoRA", "Full"]
    assert plot.title() == "Score on held-out rows: accuracy"
    assert not page.choice.isVisible(), "no lane has words to watch"


def test_the_card_fills_in_while_lanes_end(page: ComparePage, start: Path, tmp_path: Path) -> None:
    specs = race_specs(asked(start), ALL_LANES)
    first = end_run(tmp_path, specs[0], 0.4)
    waiting = [
        ComparedRun(f"w{n}", spec.name, tmp_path / f"w{n}", RunSummary(spec=spec), "queued")
        for n, spec in enumerate(specs[1:])
    ]
    waiting[0].summary.fold([ev.Running(), ev.Steps(step=[4], columns={"progress": [0.41]})])
    waiting[0] = replace(waiting[0], state="running")
    page.show_runs([*seen([first]), *waiting])
    assert label(page, "raceSentence") == "1 of 4 lanes have ended. So far: without pre-training it is 0.40."
    table = page.race.table.cells
    assert [table.cell(row, 1) for row in range(4)] == ["finished", "running, 41 %", "waiting", "waiting"]
    plot = chart(page, "comparePlot")
    assert [curve.label for curve in plot.curves()] == ["No pre-training"], "what is there is drawn"
    done = [first, *(end_run(tmp_path, spec, 0.9) for spec in specs[1:])]
    page.show_runs(seen(done))
    assert label(page, "raceSentence").startswith("Pre-training was worth +50 points")
    assert len(plot.curves()) == 4


def test_a_lane_that_failed_is_told_and_those_not_raced_are_named(
    page: ComparePage, start: Path, tmp_path: Path
) -> None:
    specs = race_specs(asked(start), ALL_LANES)
    page.show_runs(seen([end_run(tmp_path, specs[1], 0.8), end_run(tmp_path, specs[2], None)]))
    assert label(page, "raceSentence") == "Frozen did best: 0.80."
    assert label(page, "raceNotes").splitlines() == [
        "LoRA failed: The disk is full. The others were not held up by it.",
        "Not in this race: No pre-training, Full. No such run was started, or it was deleted.",
    ]
    assert page.race.table.cells.cell(1, 2) == "0.50", "the last score there was"


def test_how_many_labels_is_one_picture_and_one_sentence(
    page: ComparePage, start: Path, tmp_path: Path
) -> None:
    parts = zip(label_specs(asked(start), SHARES), (0.5, 0.7, 0.9), (21, 63, 210), strict=True)
    runs = [end_run(tmp_path, spec, score, rows) for spec, score, rows in parts]
    page.show_runs(seen(runs[::-1]))
    assert [run.name for run in page.runs()] == [run.name for run in runs], "the smallest part first"
    assert page.labels.isVisible()
    assert not page.race.isVisible()
    assert label(page, "compareTitle") == "Labels: Topics"
    assert label(page, "labelSentence") == "More labels still help: 63 rows reach 0.70, 210 reach 0.90."
    plot = chart(page, "labelPlot")
    (curve,) = plot.curves()
    assert (list(curve.x), list(curve.y)) == ([21, 63, 210], [0.5, 0.7, 0.9])
    assert [page.labels.table.cells.cell(row, 0) for row in range(3)] == ["21", "63", "210"]


# --- choosing lanes ----------------------------------------------------------------------------------------------


def test_a_race_keeps_two_lanes(qtbot: QtBot) -> None:
    lanes = RaceLanes()
    qtbot.addWidget(lanes)
    assert lanes.lanes() == ("frozen", "lora", "full"), "without pre-training only where it is wished"
    ticks = {key: button(lanes, f"raceLane_{key}") for key in ALL_LANES}
    ticks["frozen"].click()
    assert lanes.lanes() == ("lora", "full")
    assert not ticks["lora"].isEnabled()
    assert ticks["lora"].toolTip() == "A race needs two lanes at least."
    ticks["no-pretraining"].click()
    assert ticks["lora"].isEnabled()
    lanes.offer({"full", "lora"})
    assert "frozen" not in lanes.lanes()


def test_the_race_takes_the_place_of_the_methods(qtbot: QtBot) -> None:
    field = MethodField()
    qtbot.addWidget(field)
    field.offer(("frozen", "top-layers", "lora", "full"))
    field.choose("frozen")
    field.show()
    changed: list[str] = []
    field.changed.connect(lambda: changed.append(field.value()))
    field.race.switch.click()
    assert changed == ["full"], "what fits the dearest lane fits them all"
    assert not field.picker.isVisible()
    assert field.race.lane_keys() == ("frozen", "lora", "full")
    field.race.switch.click()
    assert (field.value(), field.race.lane_keys()) == ("frozen", ())
    field.race.switch.click()
    field.offer(("frozen", "full"))
    assert field.race.lane_keys() == (), "word vectors do not race"
    assert not field.race.isVisible()
    assert field.picker.isVisible()


# --- the whole window --------------------------------------------------------------------------------------------


@pytest.fixture
def launches() -> Iterator[Launches]:
    launches = Launches("queued")
    yield launches
    launches.end_all()


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, launches: Launches, theme: Theme) -> Iterator[OpenWindow]:
    (tmp_path / "runs").mkdir()
    opened = OpenWindow(tmp_path / "runs", launches, SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    finish(opened)


def press(qtbot: QtBot, opened: OpenWindow, action: str) -> None:
    found = opened.window.findChild(QAction, f"{action}Action")
    assert isinstance(found, QAction)
    qtbot.waitUntil(found.isEnabled, timeout=PATIENCE_MS)
    found.trigger()


def compared_names(opened: OpenWindow) -> list[str]:
    return [run.title for run in opened.window.pages.compare.page.runs()]


def specs_of(opened: OpenWindow, *but: RunDir) -> list[RunSpec]:
    runs = list_runs(opened.controller.runs)
    return [run.read_spec() for run in reversed(runs) if run.name not in {each.name for each in but}]


def test_a_finished_run_races_with_its_settings_and_is_a_lane_itself(
    qtbot: QtBot, opened: OpenWindow, start: Path, launches: Launches
) -> None:
    run = end_run(opened.controller.runs, asked(start), 0.9)
    opened.window.open_run(run.name)
    press(qtbot, opened, "race")
    dialog = opened.window.findChild(RaceDialog, "raceDialog")
    assert isinstance(dialog, RaceDialog)
    assert label(dialog, "raceOutcome") == "2 runs will be started; this run is one of the lanes."
    told = [each.text() for each in dialog.findChildren(QLabel)]
    assert any("the same rows of News topics," in text for text in told), "the rows are those of the data"
    button(dialog, "raceLane_no-pretraining").click()
    button(dialog, "raceStart").click()
    qtbot.waitUntil(lambda: page_name(opened.window) == "comparePage", timeout=PATIENCE_MS)
    started = specs_of(opened, run)
    assert [spec.name for spec in started] == ["Topics - No pre-training", "Topics - Frozen", "Topics - LoRA"]
    assert len({(spec.data.dataset, spec.options["seed"], spec.init) for spec in started}) == 1
    qtbot.waitUntil(lambda: len(compared_names(opened)) == 4, timeout=PATIENCE_MS)
    page = opened.window.pages.compare.page
    assert page.race.isVisible()
    assert compared_names(opened)[3] == "Topics"
    qtbot.waitUntil(
        lambda: label(page, "raceSentence") == "1 of 4 lanes have ended. So far: full did best: 0.90.",
        timeout=PATIENCE_MS,
    )


def test_labels_are_counted_from_a_finished_run(
    qtbot: QtBot, opened: OpenWindow, start: Path, launches: Launches
) -> None:
    run = end_run(opened.controller.runs, asked(start), 0.9)
    opened.window.open_run(run.name)
    press(qtbot, opened, "count_labels")
    qtbot.waitUntil(lambda: page_name(opened.window) == "comparePage", timeout=PATIENCE_MS)
    assert [spec.options["train_share"] for spec in specs_of(opened, run)] == [0.1, 0.3]
    qtbot.waitUntil(lambda: len(compared_names(opened)) == 3, timeout=PATIENCE_MS)
    assert opened.window.pages.compare.page.labels.isVisible()


def test_a_race_is_found_again_and_loses_a_deleted_lane(
    qtbot: QtBot, opened: OpenWindow, start: Path
) -> None:
    specs = race_specs(asked(start), ALL_LANES)
    runs = [end_run(opened.controller.runs, spec, 0.5 + n / 10) for n, spec in enumerate(specs)]
    opened.window.open_run(runs[1].name)
    press(qtbot, opened, "show_race")
    qtbot.waitUntil(lambda: page_name(opened.window) == "comparePage", timeout=PATIENCE_MS)
    page = opened.window.pages.compare.page
    qtbot.waitUntil(lambda: "+30 points" in label(page, "raceSentence"), timeout=PATIENCE_MS)
    opened.controller.delete(runs[3].name)
    qtbot.waitUntil(lambda: "Topics - Full was deleted" in label(page, "raceNotes"), timeout=PATIENCE_MS)
    assert "+20 points" in label(page, "raceSentence")
    for run in runs[1:3]:
        opened.controller.delete(run.name)
    qtbot.waitUntil(lambda: len(page.runs()) == 1, timeout=PATIENCE_MS)
    assert label(page, "raceSentence") == "Without pre-training it is 0.50."


def race_offered(opened: OpenWindow) -> bool:
    found = opened.window.findChild(QAction, "show_raceAction")
    assert isinstance(found, QAction)
    return found.isEnabled()


def test_a_race_is_offered_to_be_shown_where_there_was_one(
    qtbot: QtBot, opened: OpenWindow, start: Path
) -> None:
    """Under *Evaluate* and in the menu; the race itself is offered in any case."""
    specs = race_specs(asked(start), ("frozen", "full"))
    lane, other = (end_run(opened.controller.runs, spec, 0.9) for spec in specs)
    alone = end_run(opened.controller.runs, asked(start, "Alone").model_copy(update={"preset": "best"}), 0.9)
    page = opened.window.pages.run_desk().page
    looked: list[tuple[str, bool]] = []
    opened.window.pages.race.race_looked.connect(lambda name, has_race: looked.append((name, has_race)))
    opened.window.open_run(lane.name)
    qtbot.waitUntil(lambda: race_offered(opened), timeout=PATIENCE_MS)
    page.tab_row.choose("evaluate")
    offer = button(page, "offer_show_race")
    assert not offer.isHidden()
    opened.window.open_run(alone.name)
    assert not race_offered(opened)
    qtbot.waitUntil(lambda: (alone.name, False) in looked, timeout=PATIENCE_MS)
    assert not race_offered(opened)
    page.tab_row.choose("evaluate")
    assert offer.isHidden()
    assert not button(page, "offer_race").isHidden()
    opened.controller.delete(other.name)
    opened.window.open_run(lane.name)
    qtbot.waitUntil(lambda: (lane.name, False) in looked, timeout=PATIENCE_MS)
    assert not race_offered(opened)


def test_a_run_that_never_raced_says_so(qtbot: QtBot, opened: OpenWindow, start: Path) -> None:
    """A page that was seen before the other lanes were deleted may still ask."""
    run = end_run(opened.controller.runs, asked(start), 0.9)
    told: list[Any] = []
    opened.controller.failed.connect(told.append)
    opened.window.open_run(run.name)
    opened.window.pages.race.act("show_race", run)
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    assert told[0].message == "Topics has not raced."
    assert page_name(opened.window) == "runPage"


def test_a_race_that_cannot_start_is_told_in_one_sentence(
    qtbot: QtBot, opened: OpenWindow, start: Path
) -> None:
    told: list[Any] = []
    opened.controller.failed.connect(told.append)
    race = opened.window.pages.race
    race.start_race(new_spec("bert", "wikipedia"), ALL_LANES)
    race.start_race(asked(start).model_copy(update={"init": str(start / "nowhere")}), ALL_LANES)
    assert [problem.message for problem in told] == [
        "Only language models that learn a task race.",
        told[1].message,
    ]
    assert "nowhere" in told[1].message
    assert specs_of(opened) == []


def test_the_new_run_page_starts_the_race_that_is_switched_on(
    qtbot: QtBot, opened: OpenWindow, start: Path
) -> None:
    page = opened.window.pages.data.new_run_page()
    race = page.how.method.race
    race.offer({"frozen", "lora", "full"})
    page.run_requested.emit(asked(start, "Alone"))
    qtbot.waitUntil(lambda: len(specs_of(opened)) == 1, timeout=PATIENCE_MS)
    assert page_name(opened.window) != "comparePage"
    race.switch.click()
    page.run_requested.emit(asked(start))
    qtbot.waitUntil(lambda: page_name(opened.window) == "comparePage", timeout=PATIENCE_MS)
    names = [spec.name for spec in specs_of(opened)]
    assert names == ["Alone", "Topics - Frozen", "Topics - LoRA", "Topics - Full"]
    page.run_requested.emit(new_spec("word2vec", "little-kingdom", name="Words"))
    qtbot.waitUntil(lambda: len(specs_of(opened)) == 5, timeout=PATIENCE_MS)
    assert specs_of(opened)[4].name == "Words", "what cannot race is one run"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_real_race_fills_its_card(
    qtbot: QtBot, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.inspection.language_models import save_tiny_bert

    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    (tmp_path / "runs").mkdir()
    spec = asked(save_tiny_bert(tmp_path / "bert", steps=1))
    options = {**spec.options, "max_steps": 20, "workers": 1, "precision": "float32", "device": "cpu"}
    workers: list[subprocess.Popen[bytes]] = []

    def launch(
        run: RunDir, is_resuming: bool, changes: Mapping[str, float] | None
    ) -> subprocess.Popen[bytes]:
        workers.append(launch_worker(run, is_resuming, changes))
        return workers[-1]

    opened = OpenWindow(tmp_path / "runs", launch, SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    try:
        race = opened.window.pages.race
        race.start_race(spec.model_copy(update={"options": options}), ("no-pretraining", "frozen"))
        qtbot.waitUntil(lambda: page_name(opened.window) == "comparePage", timeout=PATIENCE_MS)
        page = opened.window.pages.compare.page
        qtbot.waitUntil(
            lambda: len(page.runs()) == 2 and not any(run.is_live for run in page.runs()), timeout=500_000
        )
        qtbot.waitUntil(lambda: label(page, "raceSentence").startswith("Pre-training"), timeout=PATIENCE_MS)
        rows = [[page.race.table.cells.cell(row, column) for column in range(8)] for row in range(2)]
    finally:
        finish(opened)
        for worker in workers:
            worker.wait(60)
    assert [row[:2] for row in rows] == [["No pre-training", "finished"], ["Frozen", "finished"]]
    assert all("-" not in row[2:] for row in rows), "every lane has its score, its interval and its cost"
    assert rows[0][6] == "100 %"
    assert "45 test rows" in label(page, "raceCaption")


def test_the_offer_names_the_lanes_that_there_are(qtbot: QtBot, start: Path) -> None:
    offer = RaceOffer()
    qtbot.addWidget(offer)
    replies = new_spec("gpt", "rows.csv", stage="finetune", task="reply", method="full", init=str(start))
    told = {}
    for name, spec in (("classes", asked(start)), ("replies", replies)):
        offer.show_for(spec, is_recorded=False)
        told[name] = " ".join(each.text() for each in offer.findChildren(QLabel))
    assert "with the model frozen" in told["classes"]
    assert "frozen" not in told["replies"]
    assert "with small added pieces, in full" in told["replies"]
