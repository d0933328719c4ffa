"""Word vectors from a table whose rows say themselves which part they belong to."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ptft_gui.core.errors import DataError
from ptft_gui.core.paths import cache_folder
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.request import CorpusRequest


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "letters.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["letter", "part"])
        for number in range(400):
            part = ("train", "Train ", "dev", "test", "")[number % 5]
            out.writerow(
                [f"Letter number{number} from the {part.strip().lower() or 'odd'} part of the town.", part]
            )
    return path


def prepared(path: Path, **more: object) -> PreparedCorpus:
    return prepare_corpus(CorpusRequest(str(path), **more), cache_folder())  # type: ignore[arg-type]


def test_the_column_says_what_is_held_out(table: Path) -> None:
    corpus = prepared(table)
    train, val = list(corpus.train_sentences()), list(corpus.val_sentences())
    assert (len(train), len(val)) == (160, 80)
    assert {sentence[4] for sentence in train} == {"train"}
    assert {sentence[4] for sentence in val} == {"dev"}
    assert (
        "The column part says what is learned from: 160 rows, and 80 held out. "
        "160 of the test part or of none were left aside." in corpus.facts["notices"]
    )
    assert corpus.facts["split"]["kind"] == "given"


@pytest.mark.parametrize("other", [{"split_column": ""}, {"val_fraction": 0.25}, {"split": "tail"}])
def test_another_way_to_divide_wins(table: Path, other: dict[str, object]) -> None:
    corpus = prepared(table, **other)
    sentences = corpus.facts["train"]["sentences"] + corpus.facts["val"]["sentences"]
    assert sentences in (400, 401)  # a cut by characters may fall into a sentence


def test_a_column_without_training_rows_is_told(table: Path) -> None:
    table.write_text(table.read_text(encoding="utf-8").lower().replace("train", "test"), encoding="utf-8")
    with pytest.raises(DataError, match=r"No row of letters\.csv is meant to be learned from"):
        prepared(table, split_column="part")
