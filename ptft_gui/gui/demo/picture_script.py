"""Goes through every page and dialog of the window and takes pictures of each, in all sizes, light and dark."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from PySide6.QtGui import QAction

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.rundir import LIVE_STATES, RunDir
from ptft_gui.core.telling.narrator import Action, narrate
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.demo.driver import DemoDriver, DemoProblem, Script, Wait
from ptft_gui.gui.demo.picture_camera import Camera
from ptft_gui.gui.demo.picture_list import (
    COMPARED,
    DATASET_TABS,
    DIALOGS,
    NEW_RUNS,
    RACE_RUNS,
    RUN_TABS,
    WORD_VIEWS,
)
from ptft_gui.gui.demo.picture_runs import (
    finished_runs,
    is_possible,
    live_spec,
    memorising_spec,
    missing_runs,
)
from ptft_gui.gui.panels.run import RunPage

_TRAINING_SECONDS = 1800.0
_ANSWER_S = 180.0
_UNTIL_CHECKED_S = 1.5
"""Whether a run fits is asked a second after the last change of its request."""
_MEMORISING = 8
"""The rule of the narrator."""


class PictureScript:
    """Goes through every screen once in each theme. ``left_out`` says which could not be shown, and why."""

    def __init__(self, driver: DemoDriver, opened: OpenWindow, camera: Camera) -> None:
        self._driver, self._opened, self._camera = driver, opened, camera
        self._wanted = camera.wanted
        self._window, self._pages = opened.window, opened.window.pages
        self.left_out: list[str] = []

    def play(self) -> Script:
        first, *others = self._camera.themes
        self._camera.keep_to(first)
        yield 1.0
        yield from self._play(
            self._take_from_the_first_page,
            self._train_what_is_missing,
            self._take_a_living_run,
            self._take_a_memorising_run,
        )
        yield from self._play_what_stays()
        for theme in others:
            self._camera.keep_to(theme)
            yield from self._play(self._take_from_the_first_page)
            yield from self._play_what_stays()
        self._camera.keep_to(first)
        missing = self._wanted.missing_from(self._camera.taken)
        if missing:
            self.left_out.append(f"These screens have no pictures: {', '.join(missing)}.")

    def _play_what_stays(self) -> Script:
        """All that can be shown a second time as it was the first."""
        yield from self._play(self._take_runs, self._take_new_run, self._take_other_pages, self._take_dialogs)

    def _play(self, *parts: Callable[[], Script]) -> Script:
        for part in parts:
            yield from self._unless_it_fails(part)

    def _unless_it_fails(self, part: Callable[[], Script]) -> Script:
        """A screen that cannot be shown is named at the end; the others are still taken."""
        try:
            yield from part()
        except DemoProblem as problem:
            self.left_out.append(str(problem))

    # --- runs --------------------------------------------------------------------------------------------------

    def _train_what_is_missing(self) -> Script:
        runs, needed = self._opened.controller.runs, self._wanted.runs()
        wanted = [run for run in missing_runs(runs) if run.key in needed and is_possible(run, runs)]
        self._opened.controller.queue([run.spec(runs) for run in wanted])
        yield 2.0 if wanted else 0.0  # until they are seen to live
        yield Wait(
            lambda: needed <= finished_runs(runs).keys() or not self._opened.controller.live_runs(),
            "the small runs",
            _TRAINING_SECONDS,
        )
        for key in sorted(needed - finished_runs(runs).keys()):
            self.left_out.append(f"The run {key} did not come to its end.")

    def _take_a_living_run(self) -> Script:
        """Training at its beginning, in its middle and presented; then its worker dies, as in a power cut."""
        if not self._wanted.has_any("train-early", "train-half", "present", "train-lost", "away"):
            return
        self._opened.controller.start(live_spec())
        yield Wait(lambda: self._progress() > 0.0, "the run to begin", 120.0)
        for share, name in ((0.05, "train-early"), (0.5, "train-half")):
            yield Wait(lambda share=share: self._progress() >= share, name, _TRAINING_SECONDS)  # type: ignore[misc]
            yield from self._camera.take(name, in_every_theme=True)
        self._window.present()
        yield from self._camera.take("present", in_every_theme=True)
        self._window.present()
        run = self._run()
        pid = run.worker_pid()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        yield Wait(lambda: self._state() not in LIVE_STATES, "the end of the run", 60.0)
        if self._state() != "lost":
            raise DemoProblem("The run came to its end before it could be interrupted.")
        yield from self._camera.take("train-lost", in_every_theme=True)
        self._pages.show_home()
        yield from self._look_back()
        yield from self._camera.take("away", in_every_theme=True)
        self._driver.click("awayClose")

    def _take_a_memorising_run(self) -> Script:
        """A model that learns a short text by heart, at the moment when the window says so."""
        if not self._wanted.has("train-memorising"):
            return
        self._opened.controller.start(memorising_spec(self._opened.controller.runs))
        yield Wait(lambda: self._progress() > 0.0, "the run to begin", 120.0)
        yield Wait(
            lambda: self._memorises() or self._state() not in LIVE_STATES,
            "the run to memorise its text",
            _TRAINING_SECONDS,
        )
        if not self._memorises():
            raise DemoProblem("The run came to its end and did not memorise its text.")
        yield from self._camera.take("train-memorising", in_every_theme=True)
        self._opened.controller.discard(self._run().name)
        yield Wait(lambda: not self._opened.controller.live_runs(), "the end of that run", 60.0)

    def _memorises(self) -> bool:
        opened = self._opened.controller.opened()
        return opened is not None and narrate(opened.summary, opened.state).rule == _MEMORISING

    def _look_back(self) -> Script:
        """As if nobody had looked for an hour."""
        self._opened.settings.keep_last_look(time.time() - 3600)
        self._window.away.begin(True)
        yield Wait(lambda: self._driver.has("awayCard"), "the card of what was missed", 10.0)

    def _run(self) -> RunDir:
        opened = self._opened.controller.opened()
        if opened is None:
            raise DemoProblem("No run is open.")
        return opened.run

    def _progress(self) -> float:
        opened = self._opened.controller.opened()
        return opened.summary.progress if opened is not None else 0.0

    def _state(self) -> str:
        opened = self._opened.controller.opened()
        return opened.state if opened is not None else "lost"

    @property
    def _page(self) -> RunPage:
        return self._pages.run_desk().page

    def _take_runs(self) -> Script:
        found = finished_runs(self._opened.controller.runs)
        for key, run in found.items():
            if self._wanted.has_any(*(f"{key}-{tab}" for tab in RUN_TABS.get(key, ()))):
                yield from self._unless_it_fails(lambda key=key, run=run: self._take_run(key, run))  # type: ignore[misc]
        if {"kingdom", "kingdom-short"} <= found.keys() and self._wanted.has_any("compare-"):
            yield from self._unless_it_fails(lambda: self._compare(found))
        if found.keys() >= set(RACE_RUNS) and self._wanted.has("compare-race"):
            yield from self._unless_it_fails(lambda: self._compare_lanes([found[key] for key in RACE_RUNS]))

    def _take_run(self, key: str, run: RunDir) -> Script:
        self._pages.open_run(run.name)
        yield Wait(
            lambda: bool(self._page.tab_row.current()) and self._is_read(run), f"the log of {key}", 60.0
        )
        for name in RUN_TABS[key]:
            tab = name.replace("-", "_")
            if not self._wanted.has_any(f"{key}-{name}") or not self._page.tab_row.is_offered(tab):
                continue
            self._page.show_tab(tab)
            if tab == "train":
                yield from self._wait_for_map()
            yield from self._ask(key, tab)
            yield from self._camera.take(f"{key}-{name}")

    def _is_read(self, run: RunDir) -> bool:
        opened = self._opened.controller.opened()
        return opened is not None and opened.run == run and opened.is_whole

    def _wait_for_map(self) -> Script:
        motion = self._page.train.motion
        if motion.isVisible() and not motion.map.isHidden():
            yield Wait(lambda: motion.row.count > 0 or not motion.map.isVisible(), "the map", _ANSWER_S)

    def _ask(self, key: str, tab: str) -> Script:
        """A question that belongs on the tab."""
        asked = {
            "gpt": "The queen wears the",
            "bert": "The king wears the golden [MASK].",
            "sorting": "The battery lasts for days and the screen is a joy.",
            "names": "Mira Sand took the night train to Vienna , and Tom Reed stayed in Oslo .",
        }
        if tab == "try_it" and key in asked:
            self._page.act(Action("try_it", "", {"text": asked[key]}))
        elif tab == "try_it":
            if self._driver.has("exampleChip"):
                self._driver.click("exampleChip")
        elif tab == "explore" and key == "kingdom":
            yield from self._explore_words()

    def _explore_words(self) -> Script:
        explore = self._page.explore
        yield from self._driver.enter("neighbourQuery", "king")
        yield Wait(lambda: bool(explore.map._drawn), "the map of all words", _ANSWER_S)
        for view in WORD_VIEWS:
            explore.choose(view)
            if view == "analogy":
                yield from self._driver.enter("analogyInput", "king - man + woman")
            if view == "axes":
                explore.axes._on_example("man - woman / king - queen")
            yield from self._camera.take(f"kingdom-explore-{view}")
        explore.choose("map")

    def _compare(self, found: dict[str, RunDir]) -> Script:
        compare = self._pages.compare
        compare.compare([found["kingdom"].name, found["kingdom-short"].name])
        yield Wait(lambda: all(run.summary.final for run in compare.page.runs()), "the compared runs", 30.0)
        for view in COMPARED:
            compare.page.choice.set_value(view)
            yield from self._camera.take(f"compare-{view}")
        if "gpt" in found:
            compare.page.choice.set_value(COMPARED[0])
            compare.compare([found["kingdom"].name, found["gpt"].name])
            yield from self._camera.take("compare-refused")

    def _compare_lanes(self, lanes: list[RunDir]) -> Script:
        compare = self._pages.compare
        compare.page.choice.set_value(COMPARED[0])
        compare.compare([lane.name for lane in lanes])
        yield Wait(lambda: all(run.summary.final for run in compare.page.runs()), "the race", 30.0)
        yield from self._camera.take("compare-race")

    # --- pages -------------------------------------------------------------------------------------------------

    def _take_from_the_first_page(self) -> Script:
        self._pages.show_home()
        yield from self._camera.take("home")
        self._pages.data.forget_new_run()
        self._pages.data.show_new_run()
        yield from self._camera.take("new-run-empty")

    def _take_new_run(self) -> Script:
        """The New run page as it was when each of the runs was asked for, and its steps in a narrow window."""
        runs = self._opened.controller.runs
        for key, run in finished_runs(runs).items():
            if key not in NEW_RUNS or not self._wanted.has(f"new-run-{key}"):
                continue
            self._pages.data.forget_new_run()
            self._pages.data.show_new_run_like(run.read_spec(), {})
            yield from self._camera.wait_for_answers()
            yield Wait(lambda: not self._driver.has("dataProgress"), f"the text of {key}", _ANSWER_S)
            yield _UNTIL_CHECKED_S
            yield from self._camera.take(f"new-run-{key}")
            yield from self._take_steps(key)
        if "bert" in finished_runs(runs) and self._wanted.has("new-run-go-on"):
            self._pages.data.forget_new_run()
            self._pages.data.show_new_run()
            self._pages.data.new_run_page().go_on_from(str(finished_runs(runs)["bert"].path), "bert")
            self._pages.data.new_run_page().set_dataset("news")
            yield _UNTIL_CHECKED_S
            yield from self._camera.take("new-run-go-on")

    def _take_steps(self, key: str) -> Script:
        narrow = [look for look in self._camera.looks if look.width < 1280]
        for step in (1, 2) if narrow else ():
            self._camera.show(narrow[0])
            self._pages.data.new_run_page().columns.open_step(step)
            yield from self._camera.take_at_rest(f"new-run-{key}-step-{step + 1}-{narrow[0].name}")
        self._camera.show(self._camera.looks[0])

    def _take_other_pages(self) -> Script:
        if self._wanted.has_any("dataset-"):
            yield from self._unless_it_fails(self._take_datasets)
        self._pages.disk.show()
        yield from self._camera.take("disk")
        self._pages.show_home()
        self._window.lessons.begin("words-become-points")
        yield from self._camera.take("lesson")
        self._window.lessons.begin("learning-a-job")
        yield from self._camera.take("lesson-new-run")
        self._window.lessons.leave()

    def _take_datasets(self) -> Script:
        self._pages.data.show_datasets()
        page = self._pages.data.datasets_page()
        page.show_request(DataRequest(dataset="opinions-en"))
        yield Wait(lambda: page.details.look.studied_data is not None, "the numbers of a dataset", _ANSWER_S)
        for tab, name in enumerate(DATASET_TABS):
            page.details.tabs.setCurrentIndex(tab)
            yield from self._camera.take(f"dataset-{name}")

    # --- dialogs -----------------------------------------------------------------------------------------------

    def _take_dialogs(self) -> Script:
        found = finished_runs(self._opened.controller.runs)
        for needed, keys in (("kingdom", DIALOGS), ("sorting", ("race",))):
            wanted = [key for key in keys if self._wanted.has(f"dialog-{key}")]
            if wanted and needed in found:
                self._pages.open_run(found[needed].name)
                yield 1.5
            for key in wanted:
                yield from self._take_dialog_of(key)

    def _take_dialog_of(self, key: str) -> Script:
        action = self._window.findChild(QAction, f"{key}Action")
        if action is not None and action.isEnabled():
            yield from self._unless_it_fails(lambda: self._camera.take_dialog(key, action.trigger))
