"""Chinese novels, cut into words by a real worker."""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path

import pytest

from ptft_gui.inspection.model import open_model
from ptft_gui.inspection.similarity import most_similar
from tests.worker.conftest import Start

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set"),
]


def test_neighbours_of_a_chinese_word_are_words(start: Start, tmp_path: Path) -> None:
    novel = Path(os.environ["PTFT_REAL_DATA"], "chinese_classics", "hongloumeng.txt")
    text = tmp_path / "novel.txt"
    with open(novel, encoding="utf-8") as lines:
        text.write_text("".join(islice((line for line in lines if len(line) > 20), 500)), encoding="utf-8")
    worker = start(text, chinese="words", vector_size=32, epochs=20, min_count=5, sample=0.001)
    assert worker.end() == 0
    assert worker.log == ""
    model = open_model(worker.run.path)
    record = json.loads((worker.run.model / "config.json").read_text(encoding="utf-8"))["preparation"]
    assert record["chinese"] == "words"
    for asked in ("宝玉", "黛玉"):
        neighbours = [found.word for found in most_similar(model, asked, 10).neighbours]
        assert sum(len(word) == 2 for word in neighbours) >= 7
    assert most_similar(model, "宝玉黛玉", 3).positive == ("宝玉", "黛玉")
