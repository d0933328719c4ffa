"""A list of classes beside a dataset names the numbers in its column of labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.class_list import find_class_list, name_numbers
from ptft_gui.data.examples.examine import study_data
from ptft_gui.data.examples.prepared import prepare_examples


def _news(folder: Path, first: int) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "news.csv"
    rows = [f"Story {n} about what happened in town {n % 19}.,{first + n % 4}" for n in range(200)]
    path.write_text("text,label\n" + "\n".join(rows))
    return path


@pytest.mark.parametrize(("first", "name"), [(0, "class.txt"), (1, "Classes.txt")])
def test_numbers_get_their_names_in_all_that_is_shown(tmp_path: Path, first: int, name: str) -> None:
    path = _news(tmp_path / "news", first)
    (path.parent / name).write_text("World\nSports\nBusiness\nScience")
    studied = study_data(DataRequest(dataset=str(path)), cache_dir=tmp_path / "cache")
    assert {label for label, _ in studied["classes"]["train"]} == {"World", "Sports", "Business", "Science"}
    assert (
        f"{name} names the labels: {first} is World, {first + 1} is Sports, {first + 2} is Business"
        in (studied["notices"][0])
    )
    examples = prepare_examples(DataRequest(dataset=str(path)), tmp_path / "cache")
    assert set(examples.labels) == {"World", "Sports", "Business", "Science"}
    row = next(row for row in examples.rows("train") if row["text"].startswith("Story 5 "))
    assert row["label"] == "Sports"


def test_another_list_is_another_answer(tmp_path: Path) -> None:
    path = _news(tmp_path / "news", 0)
    (path.parent / "classes.txt").write_text("a\nb\nc\nd")
    study_data(DataRequest(dataset=str(path)), cache_dir=tmp_path / "cache")
    (path.parent / "classes.txt").write_text("e\nf\ng\nh")
    studied = study_data(DataRequest(dataset=str(path)), cache_dir=tmp_path / "cache")
    assert {label for label, _ in studied["classes"]["train"]} == {"e", "f", "g", "h"}


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["0", "1", "2"], ["a", "b"]),
        (["1", "2"], ["a", "b", "c"]),
        (["2", "3"], ["a", "b"]),
        (["a", "1"], ["x", "y"]),
        (["²", "1"], ["x", "y"]),
        ([], ["x", "y"]),
    ],
)
def test_a_list_that_does_not_fit_names_nothing(labels: list[str], names: list[str]) -> None:
    assert name_numbers(labels, names) == {}


@pytest.mark.parametrize("content", [b"", b"one", b"a\na\n", b"1\n2\n", b"\0\1\2" * 300, b"x" * 70_000])
def test_what_is_no_list_of_names_is_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "classes.txt").write_bytes(content)
    assert find_class_list(tmp_path / "news.csv") is None


def test_names_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "class.txt").write_bytes(
        "财经新闻\n体育新闻\n科技新闻\n时政要闻\n娱乐新闻\n".encode("gb18030")
    )
    found = find_class_list(tmp_path)
    assert found is not None
    assert found.names[:2] == ("财经新闻", "体育新闻")
