"""A file sorted by its label that is too slow to look into: the pass over all rows finds the label."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples import later_label
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.examples.examine import open_data, study_data
from ptft_gui.data.examples.later_label import LaterLabel
from ptft_gui.data.tables import combined

_CLASSES = ("alpha", "beta", "gamma")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three classes one after the other, of which nothing further on is looked at before the pass."""
    monkeypatch.setattr(combined, "_FURTHER_SECONDS", -1)
    text = "".join(
        f"north,The {n * 7 % 991} people of street {n} walked to house {n % 83}.,{_CLASSES[n // 10_000]}\n"
        for n in range(30_000)
    )
    path = tmp_path / "sorted.csv.gz"
    path.write_bytes(gzip.compress(f"c1,c2,c3\n{text}".encode()))
    return path


def _warnings(request: DataRequest, cache: Path) -> dict[str, str]:
    return {each["key"]: each["sentence"] for each in study_data(request, cache_dir=cache)["warnings"]}


def test_the_label_is_told_after_all_rows_were_read(table: Path, tmp_path: Path) -> None:
    request = DataRequest(dataset=str(table))
    assert open_data(request)["task"] == "plain-text"
    told = _warnings(request, tmp_path / "cache")
    assert told["later_label"] == (
        "After reading all rows, “c3” looks like labels: it holds several values, which the first rows do not show."
    )
    assert _warnings(request, tmp_path / "cache") == told


def test_who_starts_from_plain_text_is_told_too(table: Path, tmp_path: Path) -> None:
    """As the page for a new run does, whose goal is to find related words until labels are seen."""
    request = DataRequest(dataset=str(table), task="plain-text")
    told = [
        each for each in study_data(request, cache_dir=tmp_path)["warnings"] if each["key"] == "later_label"
    ]
    assert [each["column"] for each in told] == ["c3"]


def test_nothing_is_told_to_who_chose(table: Path, tmp_path: Path) -> None:
    for request in (
        DataRequest(dataset=str(table), task="classification", roles={"text": "c2", "label": "c1"}),
        DataRequest(dataset=str(table), roles={"text": "c2"}),
        DataRequest(dataset=str(table), roles={"text": "c2", "label": "c3"}),
    ):
        assert "later_label" not in _warnings(request, tmp_path / "cache")


def test_few_cells_are_kept_of_very_many_batches(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later_label, "_MOST_FRAMES", 4)
    asked = ask(DataRequest(dataset=str(table)))
    later = LaterLabel(asked)
    for frame in asked.table.batches():
        for piece in frame.iter_slices(100):
            later.add(piece)
    assert len(later._kept) <= 4
    found = later.found()
    assert found is not None
    assert found["column"] == "c3"
