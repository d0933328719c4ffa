"""The companion's answers about meaning, as the window gets them: a real process, real files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.engine.vectors import WordVectors, save_word_vectors
from tests.worker.companion_process import PATIENCE_S, Companion

WORDS = "the of king queen man woman music folk dance kings kingdom caf\u00e9".split()
WORDS += [f"w{number}" for number in range(60)]


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    started = Companion(tmp_path / "companion.log")
    assert started.replies.get(timeout=PATIENCE_S).kind == "ready"
    yield started
    started.close()


@pytest.fixture
def models(tmp_path: Path) -> tuple[str, str]:
    folders = []
    for seed in (1, 2):
        numbers = np.random.default_rng(seed).standard_normal((len(WORDS), 8)).astype(np.float32)
        counts = np.arange(len(WORDS), 0, -1, dtype=np.int64) + 50
        config = {"name": f"model {seed}", "preparation": "words", "min_count": 1}
        folders.append(tmp_path / f"model{seed}")
        save_word_vectors(folders[-1], WordVectors(WORDS, counts, numbers, config))
    return str(folders[0]), str(folders[1])


def _array(told: dict[str, Any]) -> np.ndarray[Any, Any]:
    return np.load(told["npy"], allow_pickle=False)


def test_a_map_travels_as_lines_and_arrays(companion: Companion, models: tuple[str, str]) -> None:
    told = companion.result("map", model=models[0], sample=20, words=["w59", "nothing"], dimensions=3)
    words = Path(told["words"]["lines"]).read_text(encoding="utf-8").split("\n")
    assert words[-1] == ""
    assert words[:2] == ["the", "of"]
    assert words[-2] == "w59"
    assert (told["shown"], told["of"], told["unknown"]) == (20, 72, ["nothing"])
    assert _array(told["positions"]).shape == (20, 3)
    assert _array(told["counts"]).tolist()[-1] == 51
    assert _array(told["clusters"]).max() == 7
    assert len(told["cluster_names"][0]) == 3
    assert (told["method"], told["dimensions"]) == ("pca", 3)
    assert 0 < told["explained"] < 1


def test_axes_planes_and_comparisons_are_answered(companion: Companion, models: tuple[str, str]) -> None:
    axes = [{"negative": ["man"], "positive": ["woman", "queen"]}]
    placed = companion.result("axes", model=models[0], axes=axes, words=["king", "music"])
    assert placed["words"] == ["man", "woman", "queen", "king", "music"]
    assert _array(placed["values"]).shape == (5, 1)
    assert placed["names"] == [["man", "woman, queen"]]
    plane = companion.result("plane", model=models[0], text="king - man + woman")
    assert [point[0] for point in plane["points"][:3]] == ["king", "woman", "man"]
    assert plane["points"][3][3] == "answer"
    assert plane["arrows"] == [[2, 0], [1, 3]]
    assert len(plane["target"]) == 2
    both = companion.result("compare_models", model=models[0], other=models[1], text="king", topn=5)
    assert (len(both["here"]), len(both["there"]), both["missing"]) == (5, 5, None)
    changes = companion.result("changes", model=models[0], other=models[1], topn=3)
    assert [len(row) for row in changes["rows"]] == [5, 5, 5]
    assert (changes["common"], changes["only_here"]) == (72, 0)


def test_wrong_arguments_are_named(companion: Companion, models: tuple[str, str]) -> None:
    for kind, arguments, told in (
        ("map", {"method": "magic"}, "one of pca, tsne, umap"),
        ("map", {"dimensions": 4}, "4 dimensions"),
        ("axes", {"axes": [{"negative": "man", "positive": ["x"]}]}, "a list of words"),
        ("axes", {"axes": "man - woman"}, "a list of records"),
        ("changes", {"other": models[1], "sort": "worst"}, "one of most, least"),
    ):
        reply = companion.last_reply(companion.ask(kind, model=models[0], **arguments))
        assert reply.kind == "error"
        assert told in reply.problem().message


def test_a_long_picture_is_given_up_at_once(companion: Companion, models: tuple[str, str]) -> None:
    asked = companion.ask("map", model=models[0], method="tsne")
    companion.write(b'{"id": "%s", "kind": "cancel"}\n' % asked.encode())
    assert companion.last_reply(asked).kind == "cancelled"
    assert companion.result("map", model=models[0])["method"] == "pca"
