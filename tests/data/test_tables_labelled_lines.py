"""Lines that begin with their labels, as fastText reads them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ptft_gui.core.errors import DataError
from ptft_gui.data import bundled_tables
from ptft_gui.data.bundled_tables import find_bundled_table
from ptft_gui.data.examples.examine import study_data
from ptft_gui.data.library import library_records, resolve_dataset_request
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import ROW

LINES = (
    "__label__neg a dull film , twice too long",
    "",
    "__label__pos __label__short  what a joy",
    "no label here",
    "__label__neg",
    *(f"__label__pos it is number {n}" for n in range(100)),
)


def test_labels_and_texts_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "train.txt.gz"
    path.write_bytes(gzip.compress("\n".join(LINES).encode()))
    table = open_table_path(path)
    assert table.facts.given_roles == {"text": "text", "label": "label"}
    first = table.head(4)
    assert first["label"].to_list() == ["neg", "pos; short", None, "neg"]
    assert first["text"].to_list() == [
        "a dull film , twice too long",
        "what a joy",
        "no label here",
        None,
    ]
    assert first[ROW].to_list() == [1, 3, 4, 5]
    assert sum(frame.height for frame in table.batches()) == 104


def test_a_text_that_speaks_of_labels_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "manual.txt"
    path.write_text("__label__ is the mark of a label.\nIt stands before a text.\nNothing else does.\n" * 5)
    assert open_table_path(path).facts.kind == "text"


def test_the_reviews_that_travel_inside_gensim_are_what_their_card_says(tmp_path: Path) -> None:
    card = find_bundled_table("film-reviews")
    assert card is not None
    request = resolve_dataset_request("film-reviews", home=tmp_path)
    studied = study_data(request, cache_dir=tmp_path)
    assert studied["task"] == card.task
    assert studied["rows"] == {"train": card.rows}
    assert studied["tokens"] == card.words
    counts = [dict(counts) for counts in studied["classes"].values()]
    assert {label: sum(part[label] for part in counts) for label in ("neg", "pos")} == {
        "neg": 100,
        "pos": 100,
    }


def test_reviews_that_gensim_left_out_are_told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundled_tables, "gensim_texts", lambda: tmp_path)
    with pytest.raises(DataError, match="The dataset Film reviews is not available here"):
        open_table_path("film-reviews")
    record = next(r for r in library_records(tmp_path, tmp_path) if r["name"] == "film-reviews")
    assert record["state"] == "missing"
