"""Questions to a language model from the command line, and its export."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.inspection.language_models import SENTENCES, save_tiny_bert, save_tiny_gpt

from .conftest import CommandLine, Finished

Here = Callable[..., Finished]


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_gpt(tmp_path_factory.mktemp("gpt")))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_bert(tmp_path_factory.mktemp("bert")))


def test_a_text_goes_on(here: Here, gpt: str) -> None:
    asked = ("ask", gpt, "--generate", "the queen wears", "--temperature", "0")
    done = here(*asked)
    assert (done.code, done.out) == (0, SENTENCES[1] + "\n")
    assert "the model ended the text" in done.err
    assert json.loads(here(*asked, "--json").out) == {"generate": SENTENCES[1]}
    assert here(*asked, "--length", "3").out.startswith("the queen wears the")
    assert (
        here(*asked, "--stop", " castle", "--stop", " old").out == "the queen wears the golden crown in the\n"
    )


def test_the_same_seed_gives_the_same_text(here: Here, gpt: str) -> None:
    asked = ("ask", gpt, "--generate", "the", "--temperature", "4", "--top-k", "0", "--top-p", "1", "--seed")
    assert here(*asked, "7").out == here(*asked, "7").out != here(*asked, "8").out


def test_what_stands_in_the_training_text_is_told(here: Here, gpt: str, tmp_path: Path) -> None:
    text, folder = tmp_path / "four.txt", tmp_path / "model"
    text.write_text("".join(f"{sentence}.\n" for sentence in SENTENCES), encoding="utf-8")
    shutil.copytree(gpt, folder)
    facts = json.loads((folder / "ptft.json").read_text("utf-8")) | {"dataset": str(text)}
    (folder / "ptft.json").write_text(json.dumps(facts), "utf-8")
    asked = ("ask", str(folder), "--generate", "the queen wears", "--temperature", "0", "--seen")
    lines = here(*asked).out.splitlines()
    assert lines[1] == "One passage of 12 or more words stands word for word in the training text."
    assert lines[2].strip() == SENTENCES[1]
    assert json.loads(here(*asked, "--json").out)["seen"] == [[0, len(SENTENCES[1])]]


def test_a_blank_is_filled(here: Here, bert: str) -> None:
    text = SENTENCES[1].replace("castle", "[MASK]")
    rows = json.loads(here("ask", bert, "--fill", text, "--topn", "4", "--json").out)["fill"]
    assert rows[0][0] == "castle"
    assert len(rows) == 4
    assert here("ask", bert, "--fill", text).out.splitlines()[-1] == SENTENCES[1]
    two = json.loads(here("ask", bert, "--fill", "the ___ wears the ___ crown", "--json").out)
    assert len(two["blanks"]) == 2
    assert two["blanks"][0] == two["fill"]


def test_a_text_is_measured(here: Here, gpt: str, bert: str) -> None:
    for model in (gpt, bert):
        known = json.loads(here("ask", model, "--perplexity", SENTENCES[0], "--json").out)
        strange = json.loads(here("ask", model, "--perplexity", "wall old the a horse", "--json").out)
        assert 1 <= known["perplexity"] < strange["perplexity"]
        assert known["bits_per_character"] < strange["bits_per_character"]
    assert "bits per character" in here("ask", gpt, "--perplexity", SENTENCES[0]).out


def test_what_comes_next_and_what_is_near(here: Here, gpt: str, bert: str) -> None:
    rows = json.loads(here("ask", gpt, "--next", "the queen wears", "--topn", "3", "--json").out)["next"]
    assert len(rows) == 3
    assert rows[0][1] > 0.9
    near = json.loads(here("ask", bert, "--similar", "queen", "--topn", "3", "--json").out)["similar"]
    assert len(near) == 3
    assert len(here("ask", bert, "--similar", "queen", "--topn", "3").out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--fill", "the ___"), "cannot fill a blank"),
        (("--generate", "the", "--temperature", "hot"), '--temperature cannot be "hot"'),
        (("--generate", "the", "--length", "0"), '--length cannot be "0"'),
        (("--analogy", "king - man + woman"), "does not answer --analogy"),
        (("--perplexity", " "), "No text was given"),
        ((), "is needed."),
    ],
)
def test_questions_that_cannot_be_answered(
    here: Here, gpt: str, arguments: tuple[str, ...], words: str
) -> None:
    done = here("ask", gpt, *arguments)
    assert done.code == 2
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_word_vectors_do_not_generate(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_text("1 2\nking 1 2\n", encoding="utf-8")
    done = here("ask", str(path), "--generate", "the")
    assert done.code == 2
    assert "is not a model folder" in done.err


def test_a_folder_is_written_for_transformers(here: Here, gpt: str, tmp_path: Path) -> None:
    target = tmp_path / "exported"
    done = here("export", gpt, "--format", "huggingface", "--to", str(target))
    assert done.code == 0
    assert done.out.startswith("Wrote exported")
    assert here("ask", str(target), "--generate", "a baker", "--temperature", "0").out == SENTENCES[2] + "\n"
    done = here("export", gpt, "--format", "glove-text", "--to", str(tmp_path / "x"))
    assert done.code == 2
    assert "Choose one of: huggingface" in done.err


def test_it_streams_in_a_process_of_its_own_and_prints_nothing_else(ptft: CommandLine, gpt: str) -> None:
    done = ptft("ask", gpt, "--generate", "the little", "--temperature", "0", "--json")
    assert (done.code, json.loads(done.out)) == (0, {"generate": SENTENCES[3]})
    assert done.err == ""
