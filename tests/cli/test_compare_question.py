"""The neighbours of a word in two models, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from .conftest import Finished, Trained

Here = Callable[..., Finished]


def test_two_models_are_asked_side_by_side(trained: Trained, here: Here, tmp_path: Path) -> None:
    other = str(tmp_path / "v.txt")
    assert here("export", str(trained.run), "--format", "word2vec-text", "--to", other).code == 0
    told = json.loads(here("ask", str(trained.run), "--similar", "king", "--compare", other, "--json").out)
    assert told["shared"] == 10
    assert [word for word, _ in told["similar"]] == [word for word, _ in told["compared"]]
    done = here("ask", str(trained.run), "--similar", "king", "--compare", other, "--topn", "3")
    lines = done.out.splitlines()
    assert "v.txt" in lines[0]
    assert len(lines) == 5
    assert lines[-1] == "3 of 3 neighbours are the same."


def test_only_neighbours_are_compared(trained: Trained, here: Here) -> None:
    done = here("ask", str(trained.run), "--analogy", "king - man + woman", "--compare", str(trained.run))
    assert done.code == 2
    assert "Only the neighbours of a word can be compared." in done.err
