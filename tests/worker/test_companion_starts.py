"""What the companion tells of a start: facts, how much of a text it knows, and why it cannot be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.errors import PtftError
from ptft_gui.core.spec import DataSpec
from ptft_gui.inspection.model import open_model
from ptft_gui.inspection.vector_starts import start_facts


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    path = tmp_path / "v.txt"
    path.write_text("the 1 2\nowl 3 4\nmoon 5 6\n", encoding="utf-8")
    return path


def text_of(tmp_path: Path, sentence: str) -> DataSpec:
    path = tmp_path / "text.txt"
    path.write_text((sentence + "\n") * 20, encoding="utf-8")
    return DataSpec(dataset=str(path))


def test_a_start_that_fits_says_how_much_it_knows(vectors: Path, tmp_path: Path) -> None:
    facts = start_facts(open_model(vectors), text_of(tmp_path, "The owl sees the moon."))
    assert (facts["words"], facts["size"], facts["kind"]) == (3, 2, "file")
    assert facts["known_share"] == pytest.approx(0.8)
    assert facts["fits"] is True
    assert facts["sentence"] == "Fits: it knows 80 % of this text's words; 3 words of 2 numbers come along."


def test_a_text_in_another_language_is_warned_of(vectors: Path, tmp_path: Path) -> None:
    facts = start_facts(open_model(vectors), text_of(tmp_path, "\u6708\u4eae\u5f88\u5706"))
    assert facts["fits"] is False
    assert facts["sentence"].startswith("This start knows 0 % of this text's words.")


def test_without_a_text_only_the_facts_are_told(vectors: Path) -> None:
    facts = start_facts(open_model(vectors), None)
    assert facts["known_share"] is None
    assert facts["sentence"] == ""


def test_a_missing_text_is_told(vectors: Path, tmp_path: Path) -> None:
    with pytest.raises(PtftError, match="nowhere"):
        start_facts(open_model(vectors), DataSpec(dataset=str(tmp_path / "nowhere.txt")))
