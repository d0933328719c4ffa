"""What the demo does: two short runs on bundled text, and questions to what they learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QModelIndex
from PySide6.QtWidgets import QAbstractItemView, QTabBar

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.rundir import LIVE_STATES, State
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.demo.driver import DemoDriver, DemoProblem, Script, Wait
from ptft_gui.gui.demo.pictures import Pictures

TEXT, LESSON, TABLE = "wikipedia", "little-kingdom", "opinions-en"
_TRAINING_SECONDS = 600.0
Opened = Callable[[], tuple[RunSummary, State] | None]


@dataclass
class Learned:
    """What one run of the demo came to."""

    title: str
    summary: RunSummary
    questions: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)


def tr(text: str) -> str:
    return QCoreApplication.translate("Demo", text)


class DemoScript:
    """The story. ``opened`` gives the summary and the state of the run that the window shows."""

    def __init__(self, driver: DemoDriver, pictures: Pictures, opened: Opened) -> None:
        self._driver = driver
        self._pictures = pictures
        self._opened = opened
        self.learned: list[Learned] = []

    def play(self) -> Script:
        driver = self._driver
        driver.say(tr("This is Home: start from a text of your own, or from one that is ready."))
        yield driver.pause(3.0)
        self._pictures.take("home")
        yield from self._open_a_lesson()
        yield from self._train(TEXT, "wikipedia")
        yield from self._ask_for_neighbours()
        yield from self._show_other_tabs()
        yield from self._train(LESSON, "little-kingdom")
        yield from self._ask_for_an_analogy()
        yield from self._look_at_a_dataset()
        driver.say(tr("That was the demo. The window is yours: press New run and choose your own text."))
        yield driver.pause(4.0)

    def _open_a_lesson(self) -> Script:
        driver = self._driver
        driver.say(tr("A lesson stands beside the pages: a sentence for the class, and what to do."))
        driver.click("lesson_words-become-points")
        yield Wait(lambda: driver.has("lessonPanel"), "the lesson")
        yield driver.pause(4.0) + 0.3
        self._pictures.take("lesson")
        driver.click("lessonClose")

    # --- training ----------------------------------------------------------------------------------------------

    def _train(self, dataset: str, name: str) -> Script:
        yield from self._fill_in_the_page(dataset)
        self._pictures.take(f"new-run-{name}")
        self._driver.click("startButton")
        yield from self._start_anyway()
        yield Wait(self._is_training, "the run to begin training")
        self._driver.say(tr("It learns. The loss falls, and the watched words find their neighbours."))
        yield Wait(lambda: self._progress() >= 0.4 or self._has_ended(), "40 % of the run", _TRAINING_SECONDS)
        self._pictures.take(f"train-{name}")
        yield Wait(self._has_ended, "the end of the run", _TRAINING_SECONDS)
        yield self._driver.pause(1.0) + 0.3  # the last batch has to be drawn
        summary, state = self._run()
        if state != "finished":
            raise DemoProblem(summary.failure.message if summary.failure else f"The run ended as {state}.")
        self.learned.append(Learned(self._title_of(dataset), summary))
        self._driver.click("tab_train")
        yield self._driver.pause(2.0)
        self._pictures.take(f"trained-{name}")

    def _start_anyway(self) -> Script:
        """On battery, or with a disk that is nearly full, the window asks; what the demo trains is over in seconds."""
        asked = "startAnywayDialog"
        yield Wait(lambda: self._is_training() or self._driver.has(asked), "the run to start")
        if self._driver.has(asked):
            yield self._driver.pause(3.0)
            self._driver.click("startChoice")

    def _fill_in_the_page(self, dataset: str) -> Script:
        driver = self._driver
        driver.say(tr("A new run: choose a text, and how thorough to be."))
        driver.click("newRunButton")
        yield driver.pause(1.5)
        driver.click(f"choice_{dataset}")
        yield driver.pause(1.0)
        driver.click("preset_tiny")
        yield Wait(lambda: driver.find("startButton").isEnabled(), "the Start button")
        yield Wait(lambda: not driver.has("dataProgress"), "the preview of the text", 60.0)
        driver.say(tr("{title}, preset Tiny. Start.").format(title=self._title_of(dataset)))
        yield driver.pause(2.5)

    def _title_of(self, dataset: str) -> str:
        card = bundled_dataset(dataset)
        return card.title if card else dataset

    # --- asking ------------------------------------------------------------------------------------------------

    def _ask_for_neighbours(self) -> Script:
        driver = self._driver
        driver.click("tab_explore")
        yield driver.pause(1.0)
        driver.say(tr("Which words are near music? Double-click a word to walk on."))
        yield from driver.enter("neighbourQuery", "music")
        yield from self._wait_for_rows("neighbourTable")
        self._note_answer("neighbourTable", "music")
        yield driver.pause(4.0)
        self._pictures.take("explore-neighbours")

    def _ask_for_an_analogy(self) -> Script:
        driver = self._driver
        driver.click("tab_explore")
        yield driver.pause(1.0)
        driver.click("segment_analogy")
        driver.say(
            tr("Little Kingdom is a made-up language, so that one second is enough: king - man + woman.")
        )
        yield from driver.enter("analogyInput", "king - man + woman")
        yield from self._wait_for_rows("analogyTable")
        self._note_answer("analogyTable", "king - man + woman")
        yield driver.pause(4.0)
        self._pictures.take("explore-analogy")

    def _show_other_tabs(self) -> Script:
        driver = self._driver
        for tab, text in (
            ("evaluate", tr("Evaluate compares the vectors with what people said about pairs of words.")),
            (
                "details",
                tr("Details: every setting in words, the files, and the command that repeats this run."),
            ),
        ):
            driver.say(text)
            driver.click(f"tab_{tab}")
            yield driver.pause(3.0) + 0.5
            self._pictures.take(tab)

    # --- data --------------------------------------------------------------------------------------------------

    def _look_at_a_dataset(self) -> Script:
        driver = self._driver
        driver.say(tr("Datasets: what a table holds, which column is what, and what is odd in it."))
        driver.click("datasetsButton")
        title = self._title_of(TABLE)
        yield Wait(lambda: self._row_of("datasetsList", title) is not None, "the list of datasets")
        self._choose("datasetsList", title)
        yield Wait(lambda: driver.has("datasetRows"), "the rows of a dataset")
        yield Wait(lambda: not driver.has("studyProgress"), "the numbers of a dataset", 60.0)
        yield driver.pause(3.0) + 0.3
        self._pictures.take("dataset-rows")
        for tab, name, wanted in (
            (1, "facts", "fact_classes"),
            (2, "decisions", "datasetSums"),
            (3, "cleaning", ""),
        ):
            self._tabs("datasetTabs").setCurrentIndex(tab)
            if wanted:
                yield Wait(lambda wanted=wanted: driver.has(wanted), f"the {name} of a dataset", 60.0)  # type: ignore[misc]
            yield driver.pause(3.0) + 0.7  # the preview of the preparation comes a moment later
            self._pictures.take(f"dataset-{name}")

    def _tabs(self, name: str) -> QTabBar:
        tabs = self._driver.find(name)
        if not isinstance(tabs, QTabBar):
            raise DemoProblem(f"{name} is no row of tabs.")
        return tabs

    def _row_of(self, view: str, text: str) -> QModelIndex | None:
        model = self._view(view).model()
        rows = (model.index(row, 0) for row in range(model.rowCount()))
        return next((index for index in rows if index.data() == text), None)

    def _choose(self, view: str, text: str) -> None:
        index = self._row_of(view, text)
        assert index is not None
        self._view(view).setCurrentIndex(index)
        self._view(view).clicked.emit(index)

    def _wait_for_rows(self, table: str) -> Script:
        yield Wait(
            lambda: self._driver.has(table) and self._rows_of(table) > 0, f"an answer in {table}", 60.0
        )
        yield 0.3

    def _view(self, table: str) -> QAbstractItemView:
        view = self._driver.find(table)
        if not isinstance(view, QAbstractItemView):
            raise DemoProblem(f"{table} is not a table.")
        return view

    def _rows_of(self, table: str) -> int:
        model = self._view(table).model()
        return model.rowCount() if model is not None else 0

    def _note_answer(self, table: str, question: str) -> None:
        model = self._view(table).model()
        rows = [
            (str(model.index(row, 0).data() or ""), str(model.index(row, 1).data() or ""))
            for row in range(min(8, model.rowCount()))
        ]
        self.learned[-1].questions.append((question, rows))

    # --- the run that is open ----------------------------------------------------------------------------------

    def _run(self) -> tuple[RunSummary, State]:
        opened = self._opened()
        if opened is None:
            raise DemoProblem("The run did not open.")
        return opened

    def _is_training(self) -> bool:
        opened = self._opened()
        return opened is not None and (opened[0].step > 0 or opened[1] not in LIVE_STATES)

    def _progress(self) -> float:
        return self._run()[0].progress

    def _has_ended(self) -> bool:
        return self._run()[1] not in LIVE_STATES
