"""The Details tab: settings in words, the command and the lines that repeat and open a run, files, log."""

import json
import shlex
import subprocess
import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from ptft_gui.cli.request import spec_of, train_parser
from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.panels.run.details.python_lines import python_lines
from ptft_gui.gui.panels.run.details.rows_card import RowsCard
from ptft_gui.gui.panels.run.details.settings_words import command_of, setting_rows
from ptft_gui.gui.panels.run.run_files import log_tail, look
from tests.gui.fixtures_runs import make_run, make_spec, summary_of
from tests.gui.run_pages import open_run


def spec_of_command(command):
    """What the program's own command line makes of it."""
    words = shlex.split(command)
    assert words[:2] == ["ptft-gui", "train"]
    return spec_of(train_parser().parse_args(words[2:]))


def test_the_command_asks_for_an_equal_run():
    for spec in (make_spec(), new_spec("word2vec", "news")):
        assert spec_of_command(command_of(spec)) == spec


def test_the_command_survives_every_setting_and_odd_names(tmp_path):
    text, held_out = tmp_path / "my $texts & 'more'" / "a b.txt", tmp_path / "held out.txt"
    text.parent.mkdir()
    for path in (text, held_out):
        path.write_text("the king saw the queen\nthe queen saw the king\n", encoding="utf-8")
    settings = {
        "objective": "cbow", "hs": True, "cbow_mean": False, "learning_rate": 0.03, "epochs": 3, "sample": 1e-05,
        "finish_by": "08:00", "preparation": "none", "val_fraction": 0.0, "max_minutes": 1.5,
    }  # fmt: skip
    spec = new_spec(
        "word2vec",
        str(text),
        preset="tiny",
        settings=settings,
        watched_words=("über", "naïve"),
        name='- say "hi"; rm -rf',
        val=str(held_out),
    )
    assert spec_of_command(command_of(spec)) == spec


def test_the_command_says_how_a_table_is_understood(tmp_path):
    table = tmp_path / "survey.csv"
    table.write_text(
        "nr;Q17 open;v23\n1;the king saw the queen;good\n2;the queen saw him;bad\n", encoding="latin-1"
    )
    spec = new_spec(
        "word2vec",
        str(table),
        read=ReadOptions(encoding="cp1252", delimiter=";", has_header=True),
        roles={"text": "Q17 open", "id": "nr"},
        decisions={"repeated_lines": "keep_one"},
    )
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
