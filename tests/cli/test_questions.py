"""Asking, evaluating, exporting, listing and looking at text from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gensim.models import KeyedVectors

from .conftest import CommandLine, Finished, Trained

Here = Callable[..., Finished]


def test_neighbours_are_those_of_gensim(trained: Trained, here: Here, tmp_path: Path) -> None:
    target = str(tmp_path / "v.txt")
    done = here("export", str(trained.run), "--format", "word2vec-text", "--to", target)
    assert done.code == 0, done.err
    assert "Wrote v.txt" in done.out
    native = KeyedVectors.load_word2vec_format(target)
    for asked in (str(trained.run), str(trained.run / "model"), target):
        told = json.loads(here("ask", asked, "--similar", "king", "--topn", "5", "--json").out)
        assert [word for word, _ in told["similar"]] == [
            word for word, _ in native.most_similar("king", topn=5)
        ]
    summed = json.loads(here("ask", target, "--analogy", "king - queen + prince", "--json").out)
    expected = native.most_similar(positive=["king", "prince"], negative=["queen"])
    assert [word for word, _ in summed["analogy"]] == [word for word, _ in expected]


def test_neighbours_line_up(trained: Trained, here: Here) -> None:
    lines = here("ask", str(trained.run), "--similar", "The KING", "--topn", "3").out.splitlines()
    assert len(lines) == 3
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize("named", ["The castle", "castle"])
def test_a_run_is_found_by_title_or_a_part_of_its_name(trained: Trained, here: Here, named: str) -> None:
    assert here("ask", named, "--similar", "king", "--runs", str(trained.ptft.runs)).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--similar", "kingg"), '"kingg" is not among the'),
        (("--analogy", "king - "), "A word is missing beside a sign."),
        (("--similar", "king", "--topn", "none"), '--topn cannot be "none".'),
        (("--similar", "king", "--analogy", "a + b"), "cannot be given together."),
        (("--similar",), "--similar needs a value after it."),
        ((), "is needed."),
        (("--classify", "text"), "has not learned to sort texts into classes."),
        (("--tag", "text"), "has learned no job"),
        (("--tug", "text"), 'There is no option "--tug".'),
        (("--similar", "king", "more"), '"more" is one word too many.'),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_sentence(
    trained: Trained, here: Here, arguments: tuple[str, ...], said: str
) -> None:
    done = here("ask", str(trained.run), *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_an_unknown_word_comes_with_close_ones(trained: Trained, here: Here) -> None:
    done = here("ask", str(trained.run), "--similar", "princes")
    assert "prince" in done.err.partition("Close: ")[2]


@pytest.mark.parametrize("target", ["nothing", "no/such/file.txt"])
def test_a_target_that_is_not_there_is_named(here: Here, target: str) -> None:
    done = here("ask", target, "--similar", "king")
    assert done.code == 2
    assert target in done.err


def test_models_that_can_run_programs_are_not_opened(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "w2v.model"
    path.write_bytes(b"\x80\x04.")
    done = here("ask", str(path), "--similar", "king")
    assert done.code == 2
    assert "can run hidden programs" in done.err


def test_an_evaluation_tells_its_coverage(trained: Trained, here: Here, tmp_path: Path) -> None:
    pairs, questions = tmp_path / "pairs.txt", tmp_path / "questions.txt"
    pairs.write_text("king queen 9\nking garden 2\nhorse song 1\nzebra lion 5\n", encoding="utf-8")
    questions.write_text(": royal\nking queen prince princess\nking queen zebra lion\n", encoding="utf-8")
    told = here(
        "evaluate", str(trained.run), "--similarity", str(pairs), "--analogy", str(questions), "--json"
    )
    assert told.code == 0, told.err
    found = json.loads(told.out)
    assert (found["similarity"][0]["pairs_known"], found["similarity"][0]["pairs"]) == (3, 4)
    assert (found["analogy"][0]["questions_known"], found["analogy"][0]["questions"]) == (1, 2)
    words = here("evaluate", str(trained.run), "--similarity", str(pairs)).out
    assert "3 of 4 pairs are in this vocabulary; below 100 pairs the number means little." in words
    assert here("evaluate", str(trained.run), "--similarity", "absent.txt").code == 2


def test_all_bundled_gold_sets_are_used_when_none_is_named(trained: Trained, here: Here) -> None:
    found = json.loads(here("evaluate", str(trained.run), "--json").out)
    assert [result["gold"] for result in found["similarity"]] == ["wordsim353", "simlex999"]
    assert [result["gold"] for result in found["analogy"]] == ["questions-words"]


def test_runs_are_listed(trained: Trained, here: Here, tmp_path: Path) -> None:
    rows = json.loads(here("runs", "--runs", str(trained.ptft.runs), "--json").out)
    assert [(row["title"], row["state"], row["path"]) for row in rows] == [
        ("The castle", "finished", str(trained.run))
    ]
    assert trained.run.name in here("runs", "--runs", str(trained.ptft.runs)).out
    assert (
        here("--runs", str(trained.ptft.runs), "runs").out
        == here("runs", "--runs", str(trained.ptft.runs)).out
    )
    empty = here("runs", "--runs", str(tmp_path / "none"))
    assert empty.code == 0
    assert "There are no runs" in empty.out


def test_a_finished_run_is_not_resumed(trained: Trained, here: Here) -> None:
    done = here("resume", str(trained.run))
    assert done.code == 2
    assert "The castle has come to its end." in done.err


def test_an_unknown_format_is_named_before_the_model_is_opened(here: Here, trained: Trained) -> None:
    done = here("export", "nothing", "--format", "word2vec", "--to", "x")
    assert done.code == 2
    assert 'There is no export format "word2vec". Perhaps word2vec-text' in done.err
    done = here("export", str(trained.run), "--format", "onnx", "--to", "x")
    assert "Word vectors cannot be written as onnx." in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("data",), "What to do with data is missing."),
        (("data", "inspct"), 'There is no data command "inspct". Perhaps inspect'),
        (("data", "inspect"), "PATH is missing."),
        (("data", "inspect", "absent.txt"), "There is no file or folder named absent.txt."),
        (("trian",), 'There is no command "trian". Perhaps train?'),
        (("--vresion",), 'There is no option "--vresion". Perhaps --version'),
        (("export", "x"), "--format, --to is missing."),
        (("runs", "--jsn"), 'There is no option "--jsn". Perhaps --json'),
    ],
)
def test_a_command_that_is_none_is_one_sentence(here: Here, arguments: tuple[str, ...], said: str) -> None:
    done = here(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_help_and_version(here: Here) -> None:
    assert here("--version").out.startswith("ptft-gui ")
    told = here("--help")
    assert told.code == 0
    for command in ("train", "resume", "ask", "evaluate", "runs", "export", "data", "doctor", "demo"):
        assert f"\n  {command} " in told.out


@pytest.mark.parametrize(
    "command", ["train", "resume", "ask", "evaluate", "runs", "export", "doctor", "demo"]
)
def test_every_command_explains_itself(here: Here, capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        here(command, "--help")
    assert ended.value.code == 0
    assert f"ptft-gui {command}" in capsys.readouterr().out


def test_without_a_screen_the_window_is_refused_in_words(ptft: CommandLine) -> None:
    environment = {
        key: value
        for key, value in ptft.environment().items()
        if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "ptft_gui"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "There is no screen" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_way_to_the_window_imports_nothing_heavy(ptft: CommandLine) -> None:
    script = (
        "import sys, types\n"
        "app = types.ModuleType('ptft_gui.gui.app'); app.run_window = lambda runs: print(runs) or 7\n"
        "sys.modules['ptft_gui.gui.app'] = app\n"
        "from ptft_gui.__main__ import main\n"
        "assert main(['--runs', 'here']) == 7\n"
        "heavy = {'argparse', 'rich', 'gensim', 'numpy', 'torch', 'ptft_gui.cli', 'ptft_gui.engine', 'scipy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    environment = ptft.environment() | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "here\n"


def test_a_reader_that_leaves_early_is_no_failure(trained: Trained) -> None:
    command = f"{sys.executable} -m ptft_gui train --list-settings | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=trained.ptft.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stderr == ""


def test_a_fault_of_the_program_is_one_sentence_and_kept_for_a_report(
    here: Here, monkeypatch: pytest.MonkeyPatch, home_of_its_own: Path
) -> None:
    import ptft_gui.cli.runs as command

    def broken(_arguments: object) -> int:
        raise ValueError("two\nlines")

    monkeypatch.setattr(command, "main", broken)
    done = here("runs")
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "ValueError: two lines" in done.err
    assert "Traceback" in (home_of_its_own / "command-line.log").read_text(encoding="utf-8")


def test_what_was_noticed_in_a_vector_file_is_told_beside_the_answer(here: Here, tmp_path: Path) -> None:
    vectors = tmp_path / "v.txt"
    vectors.write_text("a 1 2\nb 2 1\na 3 3\n", encoding="utf-8")
    done = here("ask", str(vectors), "--similar", "a")
    assert (done.code, done.out.split()[0]) == (0, "b")
    assert "more than once; the first of each is used." in done.err
