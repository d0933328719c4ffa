"""What the name of a dataset stands for: a path, a name of the library, a bundled dataset, the hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.resources import resource_path
from ptft_gui.data.library import add_dataset, resolve_dataset_request


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "songs.txt"
    path.write_text("An old song in the garden.\n" * 20, encoding="utf-8")
    return path


def test_an_existing_path_wins_over_a_name(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_dataset(DataRequest(dataset=str(text)), "news-2026", is_copy=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news-2026").write_text("Another text.\n", encoding="utf-8")
    assert resolve_dataset_request("news-2026").dataset == str(tmp_path / "news-2026")
    (tmp_path / "news-2026").unlink()
    assert resolve_dataset_request("news-2026").dataset.endswith("datasets/news-2026/files/songs.txt")


def test_a_bundled_text_keeps_its_id() -> None:
    assert resolve_dataset_request("little-kingdom") == DataRequest(dataset="little-kingdom")


def test_a_bundled_table_is_the_file_of_its_rows() -> None:
    found = resolve_dataset_request("opinions-en")
    assert found == DataRequest(
        dataset=str(resource_path("datasets", "opinions-en", "rows.jsonl")),
        task="classification",
        roles={"text": "text", "label": "label"},
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "No dataset is chosen yet."),
        ("litle-kingdom", 'There is no dataset, file or folder "litle-kingdom". Perhaps little-kingdom?'),
        ("no/such/file.csv", "There is no file or folder named file.csv."),
        ("x" * 5000, "There is no dataset, file or folder"),
        ("nul\x00.txt", "There is no file or folder named"),
        ("hub:stanfordnlp/imdb", '"stanfordnlp/imdb" is not on this computer.'),
        ("hub:", "The name of a dataset on the hub is missing."),
        ("hub:../../etc", '"../../etc" is not the name of a dataset on the hub.'),
    ],
)
def test_what_is_not_there_is_one_sentence(asked: str, said: str) -> None:
    with pytest.raises(DataError) as told:
        resolve_dataset_request(asked)
    assert told.value.as_sentence().startswith(said)


def test_a_dataset_whose_file_is_gone_says_where_it_was(text: Path) -> None:
    add_dataset(DataRequest(dataset=str(text)), "songs")
    text.unlink()
    with pytest.raises(DataError, match='The dataset "songs" is there, but its file is not') as told:
        resolve_dataset_request("songs")
    assert str(text) in told.value.detail
