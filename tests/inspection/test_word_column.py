"""A column of a person's own file beside the words of a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.errors import ModelError, PtftError, StoppedByPerson
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.word_column import MOST_CATEGORIES, OTHERS, read_word_column


def _written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    return path


def _told(model: OpenedModel, path: Path, **chosen: str) -> dict[str, float]:
    found = read_word_column(model, path, **chosen)
    return {
        model.vectors.words[row]: value
        for row, value in zip(found.rows.tolist(), found.values.tolist(), strict=True)
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", "id,term,valence\n1,king,7.5\n2,War,-2\n3,nothing,4\n4,music,8\n"),
        ("r.tsv", "id\tterm\tvalence\r\n1\tking\t7.5\r\n2\tWar\t-2\r\n3\tnothing\t4\r\n4\tmusic\t8\r\n"),
    ],
)
def test_the_words_are_found_in_whichever_column_they_stand(
    model: OpenedModel, tmp_path: Path, name: str, text: str
) -> None:
    path = _written(tmp_path, name, text)
    found = read_word_column(model, path)
    assert (found.word_column, found.column, found.kind) == ("term", "valence", "number")
    assert found.columns == ["id", "valence"]
    assert found.sentence == f"3 of the 4 words in {name} have a value and are in this vocabulary."
    assert _told(model, path) == {"king": 7.5, "war": -2.0, "music": 8.0}
    assert _told(model, path, column="id") == {"king": 1, "war": 2, "music": 4}


def test_lines_of_a_word_and_a_value_are_read(model: OpenedModel, tmp_path: Path) -> None:
    path = _written(tmp_path, "ratings.txt", "king 7.5\nwar -2\nqueen 8\nnothing at all 3\n" * 2)
    assert _told(model, path) == {"king": 7.5, "war": -2.0, "queen": 8.0}


def test_names_become_groups_the_most_frequent_first(model: OpenedModel, tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        "g.csv",
        "word,group\nking,royal\nparis,town\nqueen,royal\nrome,town\nman,\nfilm,art\nwar,royal\n",
    )
    found = read_word_column(model, path)
    assert (found.kind, found.categories) == ("category", ["royal", "town", "art"])
    assert _told(model, path) == {"king": 0, "paris": 1, "queen": 0, "rome": 1, "film": 2, "war": 0}


def test_many_groups_end_in_others(model: OpenedModel, tmp_path: Path) -> None:
    words = list(model.vectors.words)
    lines = [f"{word}\tgroup {number}" for number, word in enumerate(words)]
    found = read_word_column(model, _written(tmp_path, "g.tsv", "word\tname\n" + "\n".join(lines)))
    assert len(found.categories) == MOST_CATEGORIES
    assert found.categories[-1] == OTHERS
    assert sum(found.values == MOST_CATEGORIES - 1) == len(words) - MOST_CATEGORIES + 1


def test_what_cannot_be_used_is_said_in_words(model: OpenedModel, tmp_path: Path) -> None:
    strangers = _written(tmp_path, "s.csv", "word,value\nxx,1\nyy,2\n")
    with pytest.raises(ModelError, match=r"knows none of the words in s\.csv") as caught:
        read_word_column(model, strangers)
    assert caught.value.detail == 'Its column "word" begins with xx, yy.'
    with pytest.raises(ModelError, match="words, but no value"):
        read_word_column(model, _written(tmp_path, "w.csv", "word,value\nking,\nqueen,\n"))
    with pytest.raises(ModelError, match='no column "size"'):
        read_word_column(model, strangers, column="size")
    with pytest.raises(PtftError):
        read_word_column(model, tmp_path / "absent.csv")
    with pytest.raises(StoppedByPerson):
        read_word_column(model, strangers, should_stop=lambda: True)
