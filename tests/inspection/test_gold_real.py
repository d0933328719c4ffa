"""The gold sets that people really use, each read whole: tabs, spaces, CRLF, English and Chinese."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ptft_gui.engine.gold.sets import find_gold_set, read_pairs, read_sections

DATA = Path(os.environ.get("PTFT_REAL_DATA", "absent"))

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="PTFT_REAL_DATA names no folder"),
]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("EN-WS-353-ALL.txt", 353),
        ("EN-WS-353-SIM.txt", 203),
        ("EN-WS-353-REL.txt", 252),
        ("EN-SIMLEX-999.txt", 999),
        ("EN-MEN-TR-3k.txt", 3000),
        ("EN-RG-65.txt", 65),
        ("EN-MTurk-287.txt", 287),
        ("EN-RW-STANFORD.txt", 2034),
        ("ZH-wordsim-240.txt", 240),
    ],
)
def test_every_pair_is_read(name: str, count: int) -> None:
    path = DATA / "word_similarity" / name
    assert find_gold_set(str(path)).kind == "similarity"
    pairs, notice = read_pairs(path)
    assert (len(pairs), notice) == (count, "")


@pytest.mark.parametrize(
    ("name", "questions", "sections"),
    [
        ("questions-words.txt", 19_544, 14),
        ("zh_ca_translated.txt", 953, 3),
        ("zh_ca8_semantic.txt", 7_636, 4),
    ],
)
def test_every_question_is_read(name: str, questions: int, sections: int) -> None:
    path = DATA / "word_analogy" / name
    assert find_gold_set(str(path)).kind == "analogy"
    found, notice = read_sections(path)
    assert (sum(len(section.questions) for section in found), len(found), notice) == (questions, sections, "")
