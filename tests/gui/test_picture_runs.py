"""The small runs that pictures are taken of: their requests can be started, and none is trained twice."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.race import are_one_race
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import problems_of
from ptft_gui.gui.demo.picture_list import RACE_RUNS
from ptft_gui.gui.demo.picture_runs import finished_runs, is_possible, live_spec, missing_runs, wanted_runs
from tests.gui.fixtures_runs import make_run


def test_every_request_can_be_started(tmp_path: Path) -> None:
    specs = [wanted.spec(tmp_path) for wanted in wanted_runs()]
    assert all(is_possible(wanted, tmp_path) for wanted in wanted_runs())
    assert [
        (spec.name, problem.message) for spec in (*specs, live_spec()) for problem in problems_of(spec)
    ] == []
    assert len({spec.name for spec in specs}) == len(specs)


def test_the_lanes_are_one_race(tmp_path: Path) -> None:
    assert are_one_race([wanted.spec(tmp_path) for wanted in wanted_runs() if wanted.key in RACE_RUNS])


def test_what_is_there_is_not_trained_again(tmp_path: Path) -> None:
    names = make_run(tmp_path, "finished")
    names.rename("Names marked")
    create_run(tmp_path, wanted_runs()[0].spec(tmp_path))  # asked for, and not ended
    missing = [wanted.key for wanted in missing_runs(tmp_path)]
    assert "names" not in missing
    assert {"gpt", "bert", "sorting", "answers"} <= set(missing)
    assert finished_runs(tmp_path) == {"names": names}
