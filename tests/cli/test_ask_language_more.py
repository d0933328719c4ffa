"""Further questions to language models from the command line: tokens, one word twice, another model, a living run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ptft_gui.core.commands import send_command
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.rundir import RunDir, list_runs
from tests.inspection.language_models import SENTENCES, save_tiny_bert, save_tiny_gpt

from .conftest import CommandLine, Finished

Here = Callable[..., Finished]
_PATIENCE_S = 120.0


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_gpt(tmp_path_factory.mktemp("gpt")))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_bert(tmp_path_factory.mktemp("bert")))


def test_a_text_is_cut_into_tokens(here: Here, bert: str) -> None:
    told = json.loads(here("ask", bert, "--tokens", "the queens", "--json").out)["tokens"]
    assert [token for token, _ in told] == ["[CLS]", "the", "queen", "##s", "[SEP]"]
    assert all(isinstance(number, int) for _, number in told)
    assert (
        here("ask", bert, "--tokens", "the queens")
        .out.splitlines()[-1]
        .startswith("10 signs become 5 tokens")
    )


def test_one_word_is_compared_in_two_sentences(here: Here, bert: str) -> None:
    asked = ("ask", bert, "--word", "old", SENTENCES[1], SENTENCES[2])
    told = json.loads(here(*asked, "--json").out)["word"]
    assert len(told["layers"]) == 3
    assert told["layers"][-1] == told["similarity"]
    assert here(*asked).out.splitlines()[-1].startswith("In the two sentences the word is ")
    refused = here("ask", bert, "--word", "bank", *SENTENCES[:2])
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        f'"bank" does not stand in the sentence. The sentence begins: {SENTENCES[0][:60]}. '
        "Choose a word that stands in both sentences.",
    )


def test_another_model_answers_below(here: Here, gpt: str, tmp_path: Path) -> None:
    other = save_tiny_gpt(tmp_path / "other", steps=1)
    done = here("ask", gpt, "--generate", "the queen wears", "--temperature", "0", "--compare", str(other))
    lines = done.out.splitlines()
    assert lines[0] == SENTENCES[1]
    assert lines[1].startswith("the queen wears")
    assert lines[1] != lines[0]
    assert "other:" in done.err


@pytest.mark.slow
def test_a_run_that_trains_answers_as_it_is_at_that_moment(ptft: CommandLine, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("".join(f"{sentence}.\n" for sentence in SENTENCES * 200), encoding="utf-8")
    settings = (
        "layers=1 width=32 heads=2 block_size=16 max_steps=1000000 epochs=10000 tokenizer=characters".split()
    )
    with ptft.start(
        "train", "--family", "gpt", "--dataset", str(text), "--preset", "tiny", "--set", *settings
    ) as training:
        run = _trains(ptft.runs)
        try:
            done = ptft("ask", run.name, "--next", "the quee", "--topn", "3", "--json")
            assert done.err == "As it is at this moment; training goes on.\n"
            assert len(json.loads(done.out)["next"]) == 3
            assert ptft("ask", run.name, "--generate", "the", "--length", "5").out.startswith("the")
            send_command(run.commands_file, "save", run.attempt())
            _until(lambda: any(run.checkpoints.glob("step-????????")))
            measured = ptft("ask", run.name, "--perplexity", SENTENCES[0], "--json")
            assert measured.err.startswith("As it stood at step ")
            assert json.loads(measured.out)["perplexity"] > 1
        finally:
            send_command(run.commands_file, "discard", run.attempt())
            training.communicate(timeout=_PATIENCE_S)


def _trains(runs: Path) -> RunDir:
    """The one run, as soon as its first step is done."""

    def has_begun() -> bool:
        found = list_runs(runs) if runs.is_dir() else []
        return bool(found) and any(e.event == "steps" for e in EventReader(found[0].events_file).read_all())

    _until(has_begun)
    return list_runs(runs)[0]


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)
