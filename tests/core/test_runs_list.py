"""The rows of the runs list: at once also for thousands of runs, kept for the next window, never stale."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ptft_gui.cli.runs import main as runs_command
from ptft_gui.core import runs_list
from ptft_gui.core.kept_rows import ROWS_FILE, read_kept_rows
from ptft_gui.core.overview import READING
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.runs_list import RunsList
from tests.gui.fixtures_runs import make_run


def read_whole(rows: RunsList) -> runs_list.RunsSeen:
    seen = rows.read()
    while not seen.is_whole:
        seen = rows.read((), False)
    return seen


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the runs whose logs are read from now on."""
    read: list[str] = []
    real = runs_list.overview

    def overview(run: RunDir) -> object:
        read.append(run.name)
        return real(run)

    monkeypatch.setattr(runs_list, "overview", overview)
    return read


def test_what_is_not_read_yet_stands_there_by_its_name_and_comes_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [make_run(tmp_path, "finished").name for _ in range(5)]
    monkeypatch.setattr(runs_list, "AT_FIRST_S", 0.0)
    rows = RunsList(tmp_path)
    seen = rows.read()
    assert not seen.is_whole
    assert [row.name for row in seen.rows] == sorted(made, reverse=True)
    assert [row.state for row in seen.rows].count(READING) >= 3
    seen = read_whole(rows)
    assert {row.state for row in seen.rows} == {"finished"}


def test_the_next_window_reads_no_log_that_has_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_run(tmp_path, "finished"), make_run(tmp_path, "failed")
    before = read_whole(RunsList(tmp_path))
    read = counted(monkeypatch)
    assert RunsList(tmp_path).read() == before
    assert read == []
    second.rename("Called otherwise")
    os.utime(second.title_file, (9e9, 9e9))
    seen = RunsList(tmp_path).read()
    assert read == [second.name]
    assert [row.title for row in seen.rows if row.name == second.name] == ["Called otherwise"]
    assert first.name in {row.name for row in seen.rows}


@pytest.mark.parametrize("harm", ["", "[]", "{nonsense", '{"version": "0", "rows": {}}', "[" * 100_000])
def test_a_damaged_file_of_rows_is_read_anew(tmp_path: Path, harm: str) -> None:
    make_run(tmp_path, "finished")
    before = read_whole(RunsList(tmp_path))
    (tmp_path / ROWS_FILE).write_text(harm)
    assert read_kept_rows(tmp_path) == {}
    assert read_whole(RunsList(tmp_path)) == before


def test_a_row_that_says_more_than_a_row_can_is_not_believed(tmp_path: Path) -> None:
    run = make_run(tmp_path, "finished")
    read_whole(RunsList(tmp_path))
    record = json.loads((tmp_path / ROWS_FILE).read_text())
    assert list(record["rows"]) == [run.name]
    record["rows"][run.name][1]["number"] = {"not": "text"}
    (tmp_path / ROWS_FILE).write_text(json.dumps(record))
    assert read_kept_rows(tmp_path) == {}


def test_in_eight_quiet_looks_every_change_is_seen(tmp_path: Path) -> None:
    made = [make_run(tmp_path, "finished") for _ in range(3)]
    rows = RunsList(tmp_path)
    read_whole(rows)
    for run in made:
        run.rename("Called otherwise")
    seen = [rows.read((), False) for _ in range(8)][-1]
    assert {row.title for row in seen.rows} == {"Called otherwise"}


def test_a_run_that_went_and_one_that_came_are_seen_at_the_next_look(tmp_path: Path) -> None:
    gone = make_run(tmp_path, "finished")
    rows = RunsList(tmp_path)
    read_whole(rows)
    gone.path.rename(tmp_path.parent / "elsewhere")
    come = make_run(tmp_path, "stopped", dataset="news")
    assert [row.name for row in rows.read((), False).rows] == [come.name]


def test_a_terminal_and_a_window_keep_the_rows_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [make_run(tmp_path, "finished"), make_run(tmp_path, "failed")]
    monkeypatch.setattr(runs_list, "AT_FIRST_S", 0.0)
    monkeypatch.setattr(runs_list, "AT_A_TIME_S", 0.0)
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(runs_list, "AT_A_TIME_S", 60.0)
        assert runs_command(["--runs", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(row["state"], row["path"]) for row in told] == [
        ("failed", str(made[1].path)),
        ("finished", str(made[0].path)),
    ]
    read = counted(monkeypatch)
    assert [row.state for row in RunsList(tmp_path).read().rows] == ["failed", "finished"]
    assert runs_command(["--runs", str(tmp_path)]) == 0
    assert read == []
