"""Training from the command line: what is printed, what is left, and how it can be stopped."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ptft_gui.cli.request import spec_of, train_parser
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import read_spec
from ptft_gui.gui.panels.run.details.settings_words import command_of

from .conftest import QUICK, SENTENCES, CommandLine, Finished, Trained

_PATIENCE_S = 90.0


def test_a_run_ends_in_words_with_the_next_command(trained: Trained) -> None:
    lines = trained.printed.out.splitlines()
    assert lines[0] == f"The castle: {trained.run}"
    assert any(line.startswith("Learned ") and "loss" in line for line in lines)
    assert any(line.split()[0] == "king" for line in lines if line.strip())
    assert f"Model: {trained.run / 'model'}" in lines
    assert lines[-1] == f"Ask it: ptft-gui ask {trained.run.name} --similar king"
    assert trained.printed.err == ""


def test_the_run_is_what_was_asked_for(trained: Trained) -> None:
    spec = read_spec(trained.run / "spec.json")
    assert spec.options["epochs"] == 3
    assert spec.options["vector_size"] == 8
    assert spec.watched_words == ("king", "queen")
    assert spec.name == "The castle"
    assert spec.preset == "tiny"
    assert Path(spec.data.dataset).is_absolute()
    assert RunDir(trained.run).state() == "finished"


def test_json_is_one_last_line_and_a_spec_file_runs_again(trained: Trained) -> None:
    again = trained.ptft(
        "train", str(trained.run / "spec.json"), "--runs", str(trained.ptft.home / "again"), "--json"
    )
    assert again.code == 0, again.err
    assert len(again.out.splitlines()) == 1
    told = json.loads(again.out)
    assert told["state"] == "finished"
    assert Path(told["run"]).parent == trained.ptft.home / "again"
    assert told["metrics"]["train/loss"] > 0
    first, second = (run / "model" / "vectors.safetensors" for run in (trained.run, Path(told["run"])))
    assert first.read_bytes() == second.read_bytes()


def test_the_smallest_text_trains_and_says_that_nothing_is_held_out(
    ptft: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "three.txt"
    path.write_text("king rules land\nqueen rules land\nking loves queen\n", encoding="utf-8")
    settings = ("vector_size=3", "window=1", "min_count=1", "workers=1", "epochs=2")
    done = ptft("train", "--dataset", str(path), "--set", *settings)
    assert done.code == 0, done.err
    assert "too small to hold a part out" in done.out
    asked = ptft("ask", "three", "--similar", "king", "--json")
    assert {word for word, _ in json.loads(asked.out)["similar"]} == {"queen", "rules", "land", "loves"}


def test_a_terminal_gets_a_bar(ptft: CommandLine, text_file: Path) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "ptft_gui", "train", "--dataset", str(text_file), "--set", *QUICK]
    with subprocess.Popen(
        command, env=ptft.environment() | {"TERM": "xterm"}, stdout=follower, stderr=follower
    ) as process:
        os.close(follower)
        shown = _read_all(leader)
    os.close(leader)
    assert process.returncode == 0
    assert "Epoch" in shown
    assert "100%" in shown
    assert "Learned" in shown


def _read_all(descriptor: int) -> str:
    parts = []
    while True:
        try:
            part = os.read(descriptor, 65_536)
        except OSError:  # how Linux says that the other side was closed
            part = b""
        if not part:
            return b"".join(parts).decode("utf-8", "replace")
        parts.append(part)


@pytest.fixture
def long_run(ptft: CommandLine, tmp_path: Path) -> Callable[[], subprocess.Popen[str]]:
    """Starts a run that would last for long; returns once it trains."""

    def start() -> subprocess.Popen[str]:
        path = tmp_path / "long.txt"
        path.write_text("\n".join(SENTENCES * 40) + "\n", encoding="utf-8")
        settings = ("epochs=5000", "workers=1", "min_count=1", "vector_size=50")
        process = ptft.start("train", "--dataset", str(path), "--set", *settings, "--json")
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and process.poll() is None:
            found = [
                run
                for run in ptft.runs.glob("*/events.jsonl")
                if '"event":"steps"' in run.read_text(encoding="utf-8")
            ]
            if found:
                return process
            time.sleep(0.05)
        process.kill()
        raise AssertionError(process.communicate())

    return start


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_and_keeps(
    ptft: CommandLine, long_run: Callable[[], subprocess.Popen[str]], number: signal.Signals
) -> None:
    process = long_run()
    process.send_signal(number)
    out, err = process.communicate(timeout=_PATIENCE_S)
    assert process.returncode == 0, err
    told = json.loads(out)
    assert told["state"] == "stopped"
    assert "saving the model" in err
    assert ptft("ask", told["run"], "--similar", "king").code == 0


def test_a_killed_worker_is_told_and_can_be_resumed(
    ptft: CommandLine, long_run: Callable[[], subprocess.Popen[str]]
) -> None:
    process = long_run()
    run = RunDir(next(path for path in ptft.runs.iterdir() if (path / "spec.json").exists()))
    deadline = time.monotonic() + _PATIENCE_S
    while not any(run.checkpoints.glob("step-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    worker = run.worker_pid()
    assert worker is not None
    asked = ptft("ask", run.name, "--similar", "king", "--topn", "2", "--json")
    assert len(json.loads(asked.out)["similar"]) == 2
    assert ptft("resume", run.name).code == 2  # it is being trained
    os.kill(worker, signal.SIGKILL)
    out, err = process.communicate(timeout=_PATIENCE_S)
    assert process.returncode == 1
    assert json.loads(out)["state"] == "lost"
    assert (
        err.rstrip()
        .splitlines()[-1]
        .startswith("The run ended without a word. Its process ended with signal 9.")
    )
    assert f"ptft-gui resume {run.name}" in err
    resumed = ptft.start("resume", run.name, "--json")
    while not any('"resumed"' in line for line in run.events_file.read_text(encoding="utf-8").splitlines()):
        assert resumed.poll() is None, resumed.communicate()
        time.sleep(0.05)
    resumed.send_signal(signal.SIGINT)
    out, err = resumed.communicate(timeout=_PATIENCE_S)
    assert json.loads(out)["state"] == "stopped", err


def test_a_run_that_cannot_learn_fails_in_words(ptft: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "few.txt"
    path.write_text("every word here is different\n", encoding="utf-8")
    done = ptft("train", "--dataset", str(path), "--set", "min_count=50", "--json")
    assert done.code == 2
    assert json.loads(done.out)["state"] == "start_failed"
    assert "No word occurs often enough." in done.err
    assert "Traceback" not in done.err


def test_a_dry_run_measures_and_leaves_nothing(ptft: CommandLine, text_file: Path) -> None:
    done = ptft(
        "train", "--dataset", str(text_file), "--dry-run", "--json", "--set", "batch_words=100", *QUICK
    )
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["measured_steps"] >= 3
    assert told["parameters"] == 2 * 8 * told["vocabulary_size"]
    assert told["seconds_per_step"] > 0
    assert told["peak_memory_bytes"] > 10_000_000
    assert told["minutes"] > 0
    assert told["epochs"] == 3
    assert not ptft.runs.exists() or not list(ptft.runs.iterdir())


def test_settings_are_listed(here: Callable[..., Finished]) -> None:
    listed = here("train", "--list-settings", "--family", "word2vec")
    assert listed.code == 0
    assert "min_count  whole number 1..1,000,000  default automatic" in listed.out
    records = json.loads(here("train", "--list-settings", "--json").out)
    assert {"epochs", "window", "val_fraction"} <= {record["key"] for record in records}
    assert all(record["help"] for record in records)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "No text is chosen."),
        (("--dataset", "wikipedai"), 'There is no dataset, file or folder "wikipedai". Perhaps wikipedia?'),
        (("--dataset", "/nowhere/at/all.txt"), "There is no file or folder named all.txt."),
        (("--dataset", "news", "--set", "epohcs=3"), 'There is no setting "epohcs". Perhaps epochs'),
        (("--dataset", "news", "--set", "epochs=0"), "Epochs cannot be 0."),
        (("--dataset", "news", "--set", "epochs"), '"epochs" is not a setting.'),
        (("--dataset", "news", "--learning-rate=0.1"), "Write --set learning_rate=0.1."),
        (("--dataset", "news", "--epochs", "3"), "epochs is a setting, and settings are given after --set."),
        (("--dataset", "news", "--preset", "tinny"), 'There is no preset "tinny". Perhaps tiny?'),
        (
            ("--dataset", "news", "--family", "word2vek"),
            'There is no model family "word2vek". Perhaps word2vec?',
        ),
        (("--dataset", "news", "--stage", "finetuned"), 'There is no stage "finetuned".'),
        (("--datset", "news"), 'There is no option "--datset". Perhaps --dataset'),
        (("--dataset",), "--dataset needs a value after it."),
        (("--dataset", "news", "--watch", *"abcdefghijk"), "11 words are watched; 10 is the most."),
        (("absent.json",), "absent.json does not exist."),
        (("absent.json", "--set", "a=1"), "--set cannot be given with it."),
        (("--json=yes", "--dataset", "news"), "--json takes no value"),
    ],
)
def test_bad_input_is_one_plain_sentence(
    here: Callable[..., Finished], home_of_its_own: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = here("train", *arguments)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""
    assert not (home_of_its_own / "runs").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "empty.txt is empty."),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "picture.txt is not a text file."),
    ],
)
def test_text_that_is_none_is_refused_before_a_run_exists(
    here: Callable[..., Finished], tmp_path: Path, home_of_its_own: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = here("train", "--dataset", str(tmp_path / name))
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (home_of_its_own / "runs").exists()


def test_a_spec_from_a_newer_program_is_named(
    trained: Trained, here: Callable[..., Finished], tmp_path: Path
) -> None:
    record = json.loads((trained.run / "spec.json").read_text(encoding="utf-8"))
    path = tmp_path / "spec.json"
    path.write_text(json.dumps({**record, "schema_version": 99}), encoding="utf-8")
    done = here("train", str(path))
    assert done.code == 2
    assert "was written by a newer ptft-gui" in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_runs_folder_that_cannot_be_written_is_named(
    ptft: CommandLine, text_file: Path, tmp_path: Path
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    done = ptft("train", "--dataset", str(text_file), "--runs", str(locked / "runs"))
    assert done.code == 2
    assert "cannot be written" in done.err


def test_a_runs_folder_that_is_a_file_is_named(here: Callable[..., Finished], text_file: Path) -> None:
    done = here("train", "--dataset", str(text_file), "--runs", str(text_file))
    assert done.code == 2
    assert "cannot be written" in done.err
    assert len(done.err.splitlines()) == 1


def test_the_command_that_the_window_copies_asks_for_the_same_run(trained: Trained) -> None:
    spec = read_spec(trained.run / "spec.json")
    altered = spec.model_copy(
        update={
            "name": 'it\'s "mine" $HOME',
            "options": {**spec.options, "phrases": True, "negative": 0, "hs": True, "sample": 0.0},
            "watched_words": ("king", "new york"),
        }
    )
    words = shlex.split(command_of(altered))
    assert words[:2] == ["ptft-gui", "train"]
    assert spec_of(train_parser().read(words[2:])) == altered
