"""The Details tab: settings in words, the command and the lines that repeat and open a run, files, log."""

import json
import shlex
import subprocess
import sys

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from ptft_gui.core.spec import new_spec, parse_settings
from ptft_gui.gui.panels.run.python_lines import python_lines
from ptft_gui.gui.panels.run.rows_card import RowsCard
from ptft_gui.gui.panels.run.run_files import log_tail, look
from ptft_gui.gui.panels.run.settings_words import command_of, setting_rows
from tests.gui.fixtures_runs import make_run, make_spec, summary_of
from tests.gui.run_pages import open_run


def spec_of_command(command):
    """Read a train command back by the meaning of its flags alone."""
    words = shlex.split(command)
    assert words[:2] == ["ptft-gui", "train"]
    flags, settings = {}, []
    for flag, value in zip(words[2::2], words[3::2], strict=True):
        if flag == "--set":
            settings.append(value)
        else:
            flags[flag] = value
    return new_spec(
        flags["--family"],
        flags["--dataset"],
        preset=flags["--preset"],
        settings=parse_settings(flags["--family"], settings),
        watched_words=flags["--watch"].split(",") if "--watch" in flags else (),
        name=flags["--name"],
        val=flags.get("--val"),
        test=flags.get("--test"),
    )


@pytest.mark.parametrize(
    "spec",
    [
        make_spec(),
        new_spec("word2vec", "news"),
        new_spec(
            "word2vec",
            "/data/my $texts & 'more'/a b.txt",
            preset="tiny",
            settings={
                "objective": "cbow",
                "hs": True,
                "cbow_mean": False,
                "learning_rate": 0.03,
                "epochs": 3,
                "finish_by": "08:00",
                "preparation": "none",
                "val_fraction": 0.0,
                "sample": 1e-05,
            },
            watched_words=("über", "naïve"),
            name='Say "hi"; rm -rf',
            val="/data/held out.txt",
        ),
    ],
)
def test_the_command_asks_for_an_equal_run(spec):
    assert spec_of_command(command_of(spec)) == spec


def test_settings_stand_changed_first_then_decided_then_the_rest(tmp_path):
    rows = setting_rows(summary_of(make_run(tmp_path, "finished")))
    assert [row.key for row in rows[:2]] == ["window", "seed"]
    by_key = {row.key: row for row in rows}
    assert by_key["vector_size"].value == "100"
    assert by_key["vector_size"].reason == "Fits a text of 433,985 words."
    assert by_key["objective"].value == "Skip-gram"
    assert by_key["hs"].value == "off"
    assert by_key["max_steps"].value == "not set"
    assert len(rows) == len({row.key for row in rows})


def test_the_lines_of_python_open_the_result(tmp_path):
    run = make_run(tmp_path / "it's here", "finished")
    lines = python_lines(run.model)
    assert len(lines.splitlines()) == 3
    check = "print(json.dumps([list(vectors.shape), str(vectors.dtype), words[:2], len(words)]))"
    done = subprocess.run(
        [sys.executable, "-c", f"{lines}\n{check}"], capture_output=True, text=True, check=True, timeout=60
    )
    shape, kind, words, count = json.loads(done.stdout)
    assert shape == [count, 16]
    assert kind == "float32"
    assert words == ["music", "film"]


def test_the_tab_shows_files_versions_and_log(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.tab_row.choose("details")
    files = opened.find(RowsCard, "runFiles")
    qtbot.waitUntil(lambda: bool(files.rows()))
    names = [row.name for row in files.rows()]
    assert {"model/", "events.jsonl", "spec.json"} <= set(names)
    assert "epoch 10 of 10" in opened.find(QPlainTextEdit, "workerLog").toPlainText()
    assert ("gensim", "4.4.0") in [
        (row.name, row.value) for row in opened.find(RowsCard, "runVersions").rows()
    ]


def test_the_command_is_copied(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.tab_row.choose("details")
    opened.click("commandTextCopyButton")
    assert spec_of_command(QGuiApplication.clipboard().text()) == opened.run.read_spec()
    opened.click("pythonTextCopyButton")
    assert QGuiApplication.clipboard().text() == python_lines(opened.run.model)
    assert [request[0] for request in opened.requests] == ["said", "said"]


def test_a_run_without_a_model_has_no_lines_to_open_it(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "failed")
    opened.page.tab_row.choose("details")
    assert not opened.page.details.python.isVisible()


def test_the_log_of_a_live_run_grows(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    opened.page.tab_row.choose("details")
    log = opened.find(QPlainTextEdit, "workerLog")
    qtbot.waitUntil(lambda: bool(log.toPlainText()))
    with opened.run.log_file.open("a", encoding="utf-8") as file:
        file.write("one more line\n")
    qtbot.waitUntil(lambda: log.toPlainText().endswith("one more line"), timeout=8000)


def test_notices_and_their_hints_are_told(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "nothing_held_out")
    opened.page.tab_row.choose("details")
    rows = opened.find(RowsCard, "runNotices").rows()
    assert [(row.value, row.note) for row in rows] == [("No text is held out.", "The share was set to 0.")]


def test_only_the_end_of_a_long_log_is_read(tmp_path):
    run = make_run(tmp_path, "finished")
    run.log_file.write_text("".join(f"line {n}\n" for n in range(50_000)), encoding="utf-8")
    lines = log_tail(run.log_file).splitlines()
    assert lines[-1] == "line 49999"
    assert len(lines) == 200
    run.log_file.unlink()
    assert look(run).log == ""
