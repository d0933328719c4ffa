"""The records of the library: names, renaming, removing and bringing back."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core import dataset_names, library
from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.fingerprints import FilePrint
from ptft_gui.core.library import StoredDataset
from ptft_gui.core.locks import try_lock


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "library home"


def _stored(name: str, path: str = "/texts/a.txt", **more: object) -> StoredDataset:
    request = DataRequest(dataset=path, task="classification", roles={"text": "said"})
    return StoredDataset(name=name, title="a.txt", request=request, **more)  # type: ignore[arg-type]


def test_all_that_is_known_comes_back(home: Path) -> None:
    one = _stored(
        "reviews",
        facts={"rows": 12, "language": "German"},
        fingerprints=(FilePrint(path="/texts/a.txt", size=3, mtime_ns=4, sha256="ab"),),
        added="2026-11-26T10:00:00+00:00",
    )
    library.write_dataset(home, one)
    library.write_dataset(home, _stored("\u65b0\u95fb 2026", added="2026-11-27T10:00:00+00:00"))
    assert library.read_dataset(home, "reviews") == one
    assert [found.name for found in library.list_datasets(home)] == ["\u65b0\u95fb 2026", "reviews"]
    assert library.list_datasets(home / "elsewhere") == []


def test_a_card_of_a_later_version_may_say_more(home: Path) -> None:
    library.write_dataset(home, _stored("reviews"))
    card = home / "datasets" / "reviews" / "dataset.json"
    record = json.loads(card.read_text(encoding="utf-8"))
    card.write_text(json.dumps({**record, "colour": "green"}), encoding="utf-8")
    assert library.read_dataset(home, "reviews").title == "a.txt"
    card.write_text(json.dumps({**record, "format_version": 99}), encoding="utf-8")
    with pytest.raises(DataError, match="was stored by a newer ptft-gui"):
        library.read_dataset(home, "reviews")


@pytest.mark.parametrize("damage", ["{", "[1]", "{}", '{"format_version": "x"}', "\ud83d"])
def test_a_damaged_card_hides_no_other_and_can_be_removed(home: Path, damage: str) -> None:
    library.write_dataset(home, _stored("reviews"))
    library.write_dataset(home, _stored("broken"))
    card = home / "datasets" / "broken" / "dataset.json"
    card.write_bytes(damage.encode("utf-8", "surrogatepass"))
    assert [found.name for found in library.list_datasets(home)] == ["reviews"]
    assert library.unreadable_names(home) == ["broken"]
    with pytest.raises(DataError, match=r"The dataset broken cannot be read\."):
        library.get_dataset(home, "broken")
    library.remove(home, "broken")
    assert library.unreadable_names(home) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        ".hidden",
        "../up",
        "a/b",
        "a\\b",
        "nul",
        "COM1.txt",
        "end.",
        "x" * 61,
        "a\nb",
        "hub:imdb",
        "news",
    ],
)
def test_a_name_that_no_dataset_can_have_is_refused(home: Path, name: str) -> None:
    with pytest.raises(DataError) as told:
        library.write_dataset(home, _stored(name))
    assert told.value.message.endswith(".")
    assert not (home / "datasets").exists()


@given(st.text(max_size=80))
def test_any_file_gets_a_name_that_a_dataset_can_have(stem: str) -> None:
    path = Path("/texts") / (stem.replace("/", "").replace("\0", "") + ".csv.gz")
    name = dataset_names.proposed_name(path)
    assert dataset_names.check_name(name) == name
    assert "/" not in name
    assert len(name) <= dataset_names.LONGEST_NAME


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Survey 2026 (final).csv", "Survey-2026-(final)"),
        ("imdb_train.csv.gz", "imdb_train"),
        ("\u7ea2\u697c\u68a6.txt", "\u7ea2\u697c\u68a6"),
        ("news.txt", "my-news"),
        ("___.txt", "my-data"),
        (".txt", "txt"),
    ],
)
def test_a_name_is_made_from_the_files(file: str, name: str) -> None:
    assert dataset_names.proposed_name(Path(file)) == name


def test_a_taken_name_is_refused_whatever_its_case(home: Path) -> None:
    library.write_dataset(home, _stored("Reviews"))
    with pytest.raises(DataError, match='There is a dataset named "reviews" already'):
        library.check_free(home, "reviews")
    assert library.free_name(home, "reviews") == "reviews-2"


def test_a_renamed_dataset_is_found_under_both_names(home: Path) -> None:
    library.write_dataset(home, _stored("reviews"))
    assert library.rename(home, "reviews", "Reviews").name == "Reviews"
    assert library.rename(home, "Reviews", "opinions").former_names == ("reviews", "Reviews")
    assert [found.name for found in library.list_datasets(home)] == ["opinions"]
    for name in ("reviews", "Reviews", "opinions"):
        found = library.find_dataset(home, name)
        assert found is not None
        assert found.name == "opinions"
    library.write_dataset(home, _stored("reviews"))
    assert library.get_dataset(home, "reviews").name == "reviews"
    with pytest.raises(DataError, match='There is a dataset named "reviews" already'):
        library.rename(home, "opinions", "reviews")
    with pytest.raises(DataError, match='There is no dataset in the library "opinion"') as told:
        library.rename(home, "opinion", "x")
    assert told.value.hint == "Perhaps opinions?"


def test_what_was_removed_comes_back_and_is_gone_after_a_week(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = home / "datasets" / "reviews" / "files" / "a.txt"
    text.parent.mkdir(parents=True)
    text.write_text("A text.", encoding="utf-8")
    library.write_dataset(home, _stored("reviews", str(text), is_copy=True))
    trashed = library.remove(home, "reviews")
    assert library.list_datasets(home) == []
    assert library.list_trash(home) == [trashed]
    assert library.restore(home, trashed).path.read_text(encoding="utf-8") == "A text."
    trashed = library.remove(home, "reviews")
    library.write_dataset(home, _stored("reviews"))
    with pytest.raises(DataError, match="already"):
        library.restore(home, trashed)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 86_400)
    library.empty_trash(home)
    assert library.list_trash(home) == []
    library.remove(home, "reviews")
    with pytest.raises(DataError, match="cannot be brought back"):
        library.restore(home, trashed)


def test_removing_a_reference_leaves_the_file(home: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("A text.", encoding="utf-8")
    library.write_dataset(home, _stored("reviews", str(text)))
    library.remove(home, "reviews")
    library.empty_trash(home, older_than_days=-1)
    assert library.list_trash(home) == []
    assert text.read_text(encoding="utf-8") == "A text."


def test_runs_that_used_a_dataset_are_counted(home: Path, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    for number, dataset in enumerate(["reviews", "opinions", "/texts/a.txt", "other", None]):
        (runs / f"run-{number}").mkdir(parents=True)
        spec = {"data": {"dataset": dataset}} if dataset else []
        (runs / f"run-{number}" / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    library.write_dataset(home, _stored("reviews"))
    assert library.used_in(runs, library.rename(home, "reviews", "opinions")) == 3
    assert library.used_in(tmp_path / "none", library.get_dataset(home, "opinions")) == 0


def test_a_copy_that_a_run_trains_on_is_not_taken_away(home: Path, tmp_path: Path) -> None:
    run = tmp_path / "runs" / "run-1"
    run.mkdir(parents=True)
    (run / "spec.json").write_text(json.dumps({"data": {"dataset": "reviews"}}), encoding="utf-8")
    library.write_dataset(home, _stored("reviews", is_copy=True))
    held = try_lock(run / "worker.lock")
    assert held is not None
    with pytest.raises(DataError, match='The dataset "reviews" is in use') as told:
        library.remove(home, "reviews", tmp_path / "runs")
    assert told.value.detail == 'The run "run-1" is training on it.'
    held.release()
    (run / "events.jsonl").write_text('{"event": "finished", "metrics": {}}\n', encoding="utf-8")
    library.remove(home, "reviews", tmp_path / "runs")
    assert library.list_datasets(home) == []
