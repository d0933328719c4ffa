"""The map in motion on the Train page: real runs, and what the slider does with their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QSlider, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.eventlog import EventReader, EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import RunSummary
from ptft_gui.engine.registry import TrainingRequest, trainer_of
from ptft_gui.engine.reporter import Reporter
from ptft_gui.gui.companion import CompanionClient
from ptft_gui.gui.panels.run import RunPage
from ptft_gui.gui.panels.run.train import motion as motion_module
from ptft_gui.gui.panels.run.train.motion import MotionCard
from ptft_gui.gui.widgets.word_grid import WordGrid
from ptft_gui.inspection.motion import Films, motion
from tests.engine.conftest import TOPICS, write_text
from tests.gui.fake_asker import FakeAsker
from tests.gui.learning_runs import language_summary, make_language_run
from tests.gui.run_pages import open_run

WATCHED = ("ship", "cow", "moon")
NEWEST = 10**9


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunDir]:
    """A run of each family on a small text of three topics."""
    folder = tmp_path_factory.mktemp("motion")
    text = write_text(folder / "topics.txt")
    few = {"vector_size": 12, "workers": 1, "min_count": 1}
    settings: dict[str, dict[str, Any]] = {
        "word2vec": {**few, "epochs": 8, "batch_words": 500},
        "glove": {**few, "epochs": 12},
    }
    trained = {family: train(folder / "runs", text, family, values) for family, values in settings.items()}
    ten = tuple(word for topic in TOPICS.values() for word in topic)[:10]
    return {**trained, "ten words": train(folder / "runs", text, "word2vec", settings["word2vec"], ten)}


def train(
    folder: Path, text: Path, family: str, values: dict[str, Any], words: tuple[str, ...] = WATCHED
) -> RunDir:
    spec = new_spec(family, str(text), preset="tiny", settings=values, watched_words=words)
    run = create_run(folder, spec)
    writer = EventWriter(run.events_file)
    reporter = Reporter(writer)
    try:
        trainer_of(family)(TrainingRequest(run), reporter)
        reporter.flush()
    finally:
        writer.close()
    return run


@dataclass
class RealFilms(FakeAsker):
    """Answers ``motion`` as the companion does, at once; all else from the tables."""

    films = Films()

    def ask(self, kind: str, arguments: dict[str, Any], on_result: Any, on_problem: Any, *rest: Any) -> str:
        if kind != "motion":
            return super().ask(kind, arguments, on_result, on_problem, *rest)
        self.asked.append((kind, dict(arguments)))

        def answer() -> None:
            on_result(motion(self.films.open(Path(arguments["run"]), arguments["words"])))

        if kind in self.holds:
            self.held.append(answer)
        else:
            answer()
        return str(len(self.asked))

    def questions(self) -> list[dict[str, Any]]:
        return [arguments for kind, arguments in self.asked if kind == "motion"]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting from one question to the next."""
    monkeypatch.setattr(motion_module, "_SECONDS_BETWEEN", 0.0)


def told_until(run: RunDir, step: int) -> RunSummary:
    """The summary of a run whose log is known up to a step."""
    summary = RunSummary(spec=run.read_spec())
    events = [event for event in EventReader(run.events_file).read_all() if _step_of(event) <= step]
    summary.fold(coalesce(events))
    return summary


def _step_of(event: Any) -> int:
    step = getattr(event, "step", 0)
    return int(step[-1] if isinstance(step, list) else step)


class Page:
    """A run's page with its map, 1040 x 696 as in a window of 1280 x 800."""

    def __init__(self, qtbot: QtBot, run: RunDir, step: int = NEWEST, *, is_recorded: bool = False) -> None:
        self.asker, self.run = RealFilms(), run
        self.page = RunPage(self.asker)
        qtbot.addWidget(self.page)
        self.page.resize(1040, 696)
        self.page.show()
        self.state: Any = "finished" if step == NEWEST else "running"
        self.page.show_run(run, told_until(run, step), self.state)
        self.page.tab_row.choose("train")
        self.card: MotionCard = self.page.train.motion
        self.slider = self.find(QSlider, "motionSlider")

    def find(self, kind: Any, name: str) -> Any:
        found = self.page.findChild(kind, name)
        assert found is not None
        return found

    def label(self) -> str:
        return str(self.find(QWidget, "motionMoment").text())

    def tell(self, step: int) -> None:
        """The run goes on to ``step``."""
        self.page.refresh(told_until(self.run, step), "running")

    def places(self) -> np.ndarray:
        return self.card.map.places().copy()

    def film(self) -> Any:
        assert self.card._film is not None
        return self.card._film

    def settle(self, qtbot: QtBot) -> None:
        """Wait until the words have arrived."""
        qtbot.waitUntil(lambda: not self.card.map.is_gliding)


@pytest.mark.parametrize("family", ["word2vec", "glove"])
def test_after_a_run_the_slider_moves_the_words_and_says_the_step(
    qtbot: QtBot, runs: dict[str, RunDir], family: str
) -> None:
    page = Page(qtbot, runs[family])
    film = page.film()
    page.settle(qtbot)
    assert len(film) >= 8
    assert film.watched == WATCHED
    assert page.label() == f"end, step {film.steps[-1]:,}"
    np.testing.assert_allclose(page.places(), film.positions[-1], atol=1e-5)
    page.slider.setValue(0)
    assert page.label() == "untrained"
    np.testing.assert_allclose(page.places(), film.positions[0], atol=1e-5)
    page.slider.setValue(3 * page.slider.singleStep())
    assert page.label().startswith(f"step {film.steps[3]:,}, epoch ")
    halfway = round(3.5 * page.slider.singleStep())
    page.slider.setValue(halfway)
    between = film.positions[3:5].mean(axis=0)
    np.testing.assert_allclose(page.places(), between, atol=1e-5)


@pytest.mark.parametrize("family", ["word2vec", "glove"])
def test_words_of_one_topic_end_closer_together_than_they_began(
    qtbot: QtBot, runs: dict[str, RunDir], family: str
) -> None:
    film = Page(qtbot, runs[family]).film()
    topics = [("ship", "sail", "harbour"), ("cow", "barn", "milk"), ("moon", "star", "comet")]
    rows = [[film.words.index(word) for word in topic] for topic in topics]

    def apart(frame: int) -> float:
        """How far the topics lie apart beside how wide each of them is."""
        places = film.positions[frame]
        centres = np.stack([places[topic].mean(axis=0) for topic in rows])
        width = np.mean(
            [np.linalg.norm(places[topic] - places[topic].mean(axis=0), axis=1) for topic in rows]
        )
        return float(np.linalg.norm(centres - centres.mean(axis=0), axis=1).mean() / width)

    assert apart(-1) > 3 * apart(0)


def test_one_slider_leads_the_map_and_the_watched_words(qtbot: QtBot, runs: dict[str, RunDir]) -> None:
    page = Page(qtbot, runs["word2vec"])
    grid = page.find(WordGrid, "watchedWords")
    assert not page.find(QSlider, "lookBackSlider").isVisible()
    newest = grid.cells()
    page.slider.setValue(0)
    assert grid.cells() != newest
    first = told_until(page.run, NEWEST).probes["ship"][0].answer
    assert grid.cells()[0][1].word == first[0][0]
    page.slider.setValue(page.slider.maximum())
    assert grid.cells() == newest


def test_playing_goes_steadily_from_the_untrained_cloud_to_the_end(
    qtbot: QtBot, runs: dict[str, RunDir], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ptft_gui.gui.panels.run.train import time_row

    monkeypatch.setattr(time_row, "_WHOLE_S", 0.4)
    page = Page(qtbot, runs["word2vec"])
    moments: list[float] = []
    page.card.row.moment_changed.connect(moments.append)
    qtbot.keyClick(page.card.map, Qt.Key.Key_Space)
    assert page.card.row.is_playing
    assert page.label() == "untrained"
    qtbot.waitUntil(lambda: not page.card.row.is_playing)
    assert moments[0] == 0
    assert moments[-1] == page.card.row.count - 1
    assert len(moments) > 3
    assert moments == sorted(moments)
    assert page.label().startswith("end")
    page.card.play()
    qtbot.mouseClick(page.find(QWidget, "motionPlay"), Qt.MouseButton.LeftButton)
    assert not page.card.row.is_playing


def test_live_the_map_follows_until_a_person_looks_back(qtbot: QtBot, runs: dict[str, RunDir]) -> None:
    steps = [event.step for event in told_until(runs["word2vec"], NEWEST).snapshots]
    page = Page(qtbot, runs["word2vec"], steps[3])
    live = page.find(QWidget, "motionLive")
    assert page.label() == f"now, step {steps[3]:,}"
    assert not live.isVisible()
    page.tell(steps[5])
    assert page.label() == f"now, step {steps[5]:,}"
    page.settle(qtbot)
    np.testing.assert_allclose(page.places(), page.film().positions[5], atol=1e-5)
    page.slider.setValue(0)
    assert live.isVisible()
    page.tell(steps[7])
    assert page.label() == "untrained"
    assert page.card.row.count == 8
    page.settle(qtbot)
    np.testing.assert_allclose(page.places(), page.film().positions[0], atol=1e-5)
    qtbot.mouseClick(live, Qt.MouseButton.LeftButton)
    assert page.label() == f"now, step {steps[7]:,}"
    assert not live.isVisible()


@pytest.mark.parametrize("is_waiting", [False, True])
def test_the_map_stands_at_the_end_as_soon_as_a_run_ends(
    qtbot: QtBot, runs: dict[str, RunDir], monkeypatch: pytest.MonkeyPatch, is_waiting: bool
) -> None:
    steps = [event.step for event in told_until(runs["word2vec"], NEWEST).snapshots]
    page = Page(qtbot, runs["word2vec"], steps[3])
    page.card._pause_s = 3600.0
    if is_waiting:
        page.card._pause_s, page.asker.holds = 0.0, {"motion"}
    page.tell(steps[4])
    monkeypatch.setattr(motion_module, "_PATIENCE_S", 3600.0)
    page.tell(steps[5])
    asked = len(page.asker.questions())
    page.asker.holds = set()
    page.page.refresh(told_until(runs["word2vec"], NEWEST), "finished")
    assert len(page.asker.questions()) == asked + 1
    assert page.label() == f"end, step {steps[-1]:,}"
    page.settle(qtbot)
    np.testing.assert_allclose(page.places(), page.film().positions[-1], atol=1e-5)


def test_the_slider_held_at_its_right_end_follows_only_after_live(
    qtbot: QtBot, runs: dict[str, RunDir]
) -> None:
    steps = [event.step for event in told_until(runs["word2vec"], NEWEST).snapshots]
    page = Page(qtbot, runs["word2vec"], steps[3])
    page.slider.setSliderDown(True)
    page.slider.setSliderDown(False)
    page.tell(steps[6])
    assert page.card.row.moment == 3
    page.card.follow()
    assert page.card.row.moment == 6


def test_nothing_is_asked_while_nothing_is_new_or_nobody_looks(qtbot: QtBot, runs: dict[str, RunDir]) -> None:
    steps = [event.step for event in told_until(runs["word2vec"], NEWEST).snapshots]
    page = Page(qtbot, runs["word2vec"], steps[3])
    assert page.asker.questions() == [{"run": str(page.run.path), "words": list(WATCHED)}]
    for _ in range(5):
        page.tell(steps[3])
    assert len(page.asker.questions()) == 1
    page.page.tab_row.choose("details")
    page.tell(steps[5])
    assert len(page.asker.questions()) == 1
    page.page.tab_row.choose("train")

    def is_asked_again() -> bool:
        page.tell(steps[5])  # some time after the question before: asking must not cost the training
        return len(page.asker.questions()) == 2

    qtbot.waitUntil(is_asked_again)


def test_what_answers_is_woken_before_the_first_picture(qtbot: QtBot, tmp_path: Path) -> None:
    opened = open_run(qtbot, tmp_path, "early")
    assert [kind for kind, _ in opened.asker.asked].count("motion") == 1
    card = opened.page.train.motion
    assert card.map.describe() == "The map of meaning appears when the first picture of the words is saved."
    assert not opened.find(QWidget, "motionSlider").isVisible()
    assert opened.find(QSlider, "lookBackSlider").isVisible()


def test_a_run_without_pictures_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.tab_row.choose("train")
    assert opened.page.train.motion.map.describe() == "This run kept no pictures of its words."
    assert "motion" not in [kind for kind, _ in opened.asker.asked]


def test_pictures_that_went_missing_are_told_in_place_of_the_map(
    qtbot: QtBot, runs: dict[str, RunDir], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RealFilms, "ask", FakeAsker.ask)
    page = Page(qtbot, runs["word2vec"])
    assert page.card.map.describe().startswith("This run has no pictures of its words.")


def test_larger_takes_the_place_of_the_chart_and_gives_it_back(qtbot: QtBot, runs: dict[str, RunDir]) -> None:
    page = Page(qtbot, runs["word2vec"])
    small = page.card.map.size()
    chart = page.find(QWidget, "lossPlot")
    qtbot.mouseClick(page.find(QWidget, "motionLarger"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.card.map.width() > 1.5 * small.width())
    assert not chart.isVisible()
    assert not page.find(QWidget, "smallCharts").isVisible()
    page.page.refresh(told_until(page.run, NEWEST), "finished")
    assert not chart.isVisible()
    qtbot.keyClick(page.card.map, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.card.map.width() == small.width())
    assert chart.isVisible()
    assert page.find(QWidget, "smallCharts").isVisible()


def test_a_large_map_is_no_empty_place_of_another_run(
    qtbot: QtBot, runs: dict[str, RunDir], tmp_path: Path
) -> None:
    """What a person made larger for one run stands in the way of no run that has nothing to show there."""
    page = Page(qtbot, runs["word2vec"])
    qtbot.mouseClick(page.find(QWidget, "motionLarger"), Qt.MouseButton.LeftButton)
    written = make_language_run(tmp_path, "finished")
    page.page.show_run(written, language_summary(written), "finished")
    page.page.tab_row.choose("train")
    assert page.find(QWidget, "lossPlot").isVisible()
    assert not page.card.isVisible()
    beginning = RunSummary(spec=page.run.read_spec())
    page.page.show_run(page.run, beginning, "starting")
    assert page.find(QWidget, "preparingView").isVisible(), "before there is a map, what is being prepared"
    page.page.show_run(page.run, told_until(page.run, NEWEST), "finished")
    page.page.tab_row.choose("train")
    assert page.card.isVisible()
    assert not page.find(QWidget, "lossPlot").isVisible()


def test_in_a_low_window_the_map_folds_to_its_title(qtbot: QtBot, runs: dict[str, RunDir]) -> None:
    page = Page(qtbot, runs["word2vec"])
    page.page.resize(968, 596)
    qtbot.waitUntil(lambda: not page.card.map.isVisible())
    assert page.find(QSlider, "lookBackSlider").isVisible()
    larger = page.find(QWidget, "motionLarger")
    assert larger.isVisible()
    qtbot.mouseClick(larger, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.card.map.isVisible)
    assert page.slider.isVisible()
    page.page.resize(1040, 696)
    qtbot.mouseClick(larger, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.slider.isVisible)


@pytest.mark.parametrize("step", [20, NEWEST])
@pytest.mark.parametrize("size", [(1040, 696), (1680, 976), (968, 596)])
def test_the_train_page_needs_no_scroll_bar(
    qtbot: QtBot, runs: dict[str, RunDir], size: tuple[int, int], step: int
) -> None:
    page = Page(qtbot, runs["ten words"], step)
    page.page.refresh(told_until(page.run, step), page.state)
    page.page.resize(*size)
    qtbot.waitUntil(lambda: (page.page.width(), page.page.height()) == size)
    grid = page.find(WordGrid, "watchedWords")
    qtbot.waitUntil(lambda: grid.verticalScrollBar().maximum() == 0)
    for part in (page.card, page.page.train.watched, page.page.train.narrator_bar):
        corner = part.mapTo(page.page, QPoint(part.width(), part.height()))
        assert corner.x() <= page.page.width()
        assert corner.y() <= page.page.height()


def test_another_run_shows_nothing_of_the_one_before(qtbot: QtBot, runs: dict[str, RunDir]) -> None:
    page = Page(qtbot, runs["word2vec"])
    page.asker.holds.add("motion")
    page.page.show_run(runs["glove"], told_until(runs["glove"], NEWEST), "finished")
    page.page.tab_row.choose("train")
    assert page.card.map.describe() == "Drawing the map ..."
    page.asker.release()
    assert page.film().steps[-1] == told_until(runs["glove"], NEWEST).snapshots[-1].step


def test_a_run_that_is_played_back_shows_only_what_has_happened(
    qtbot: QtBot, runs: dict[str, RunDir]
) -> None:
    steps = [event.step for event in told_until(runs["word2vec"], NEWEST).snapshots]
    page = Page(qtbot, runs["word2vec"], steps[2])
    for step, count in ((steps[2], 3), (steps[6], 7), (steps[1], 2)):
        shown = replace(page.page._shown, summary=told_until(page.run, step), is_recorded=True)  # type: ignore[type-var]
        if count == 2:
            page.page.train.show_run(shown)
        page.page.train.refresh(shown)
        assert page.card.row.count == count
        assert page.label() == f"now, step {steps[count - 1]:,}"
    assert len(page.asker.questions()) <= 2


@pytest.fixture
def companion() -> Iterator[CompanionClient]:
    client = CompanionClient()
    yield client
    client.close()


def test_the_companion_answers_with_a_film(
    qtbot: QtBot, runs: dict[str, RunDir], companion: CompanionClient
) -> None:
    answers: list[dict[str, Any]] = []
    arguments: dict[str, object] = {"run": str(runs["glove"].path), "words": list(WATCHED)}
    companion.ask("motion", arguments, answers.append, lambda problem: pytest.fail(problem.message))
    qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    film = motion_module.MotionFilm.from_answer(answers[0])
    assert film.positions.shape == (len(film), len(film.words), 2)
    assert film.steps[0] == 0
    assert answers[0]["sentence"].startswith(f"{len(film)} pictures of the words, from before training")
