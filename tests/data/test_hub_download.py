"""Datasets of the hub, with the real libraries against a small hub on loopback that misbehaves on order."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core import library
from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.hub import download, fetching, hub_info, info
from ptft_gui.data.library import check_dataset, resolve_dataset_request
from tests.data.hub_server import EXPORT, LoopbackHub, Repository, loopback_hub

ID = "people/opinions"
LABELS = ["against", "for"]


def _parquet(rows: list[tuple[str, int]], repeat: int = 1) -> bytes:
    """A parquet file as the hub's own export writes it, its classes as numbers named in the head."""
    import datasets

    features = datasets.Features(
        {
            "text": datasets.Value("string"),
            "label": datasets.ClassLabel(names=LABELS),
            "tags": datasets.List(datasets.ClassLabel(names=["O", "B"])),
        }
    )
    told = [(f"{text} {number}", label) for number in range(repeat) for text, label in rows]
    datasets.disable_progress_bars()
    table = datasets.Dataset.from_dict(
        {"text": [t for t, _ in told], "label": [n for _, n in told], "tags": [[0, 1]] * len(told)}, features
    )
    written = io.BytesIO()
    table.to_parquet(written)
    return written.getvalue()


@pytest.fixture(scope="module")
def shards() -> dict[str, bytes]:
    """Two files of train, one of validation, a test whose labels are kept secret, and a part nobody asked for."""
    return {
        "default/train/0000.parquet": _parquet([("I liked it", 1), ("I did not", 0)], 2000),
        "default/train/0001.parquet": _parquet([("Once more", 1)], 10),
        "default/validation/0000.parquet": _parquet([("It was good", 1)], 5),
        "default/test/0000.parquet": _parquet([("Was it good", -1)], 5),
        "default/unsupervised/0000.parquet": _parquet([("Nobody knows", -1)], 50),
    }


@pytest.fixture
def hub(shards: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    from huggingface_hub import close_session

    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(fetching, "WAIT_S", 0.0)
    with loopback_hub() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
        card = {
            "license": "cc-by-4.0",
            "language": ["en"],
            "pretty_name": "Opinions",
            "dataset_info": {
                "features": [
                    {"name": "text", "dtype": "string"},
                    {"name": "label", "dtype": {"class_label": {"names": {"0": "against", "1": "for"}}}},
                    {"name": "tags", "sequence": {"class_label": {"names": {"0": "O", "1": "B"}}}},
                ],
                "splits": [
                    {"name": "train", "num_examples": 4010, "num_bytes": 1},
                    {"name": "test", "num_examples": 5, "num_bytes": 1},
                ],
            },
        }
        server.repositories[ID] = Repository(
            {"main": {"README.md": b"# Opinions", "load.py": b"raise SystemExit"}, EXPORT: dict(shards)}, card
        )
        yield server
        close_session()


def _rows(stored: library.StoredDataset, part: str) -> Any:
    import polars as pl

    return pl.read_parquet(stored.path / f"{part}.parquet")


def test_size_licence_parts_and_columns_are_told_before_anything_is_fetched(
    hub: LoopbackHub, shards: dict[str, bytes], home_of_its_own: Path
) -> None:
    info = hub_info(f"hub:{ID}")
    assert (info.title, info.licence, info.languages) == ("Opinions", "cc-by-4.0", ("en",))
    assert [(part.name, part.rows, len(part.files)) for part in info.parts] == [
        ("train", 4010, 2),
        ("validation", None, 1),
        ("test", 5, 1),
        ("unsupervised", None, 1),
    ]
    assert info.size_bytes == sum(map(len, shards.values()))
    assert [(column.name, column.kind, column.labels) for column in info.columns] == [
        ("text", "string", ()),
        ("label", "label", ("against", "for")),
        ("tags", "list of label", ("O", "B")),
    ]
    assert all(path.startswith("/api/datasets/people/opinions") for path in hub.paths())
    assert not (home_of_its_own / "datasets").exists()


def test_a_download_becomes_a_dataset_of_the_library(hub: LoopbackHub, home_of_its_own: Path) -> None:
    seen: list[tuple[str, float | None]] = []
    stored = download(f"hub:{ID}", progress=lambda text, fraction: seen.append((text, fraction)))
    assert stored.name == "opinions"
    assert stored.origin == library.Origin(
        kind="hub", source=ID, config="default", revision=hub.sha(EXPORT), licence="cc-by-4.0"
    )
    assert sorted(file.name for file in stored.path.iterdir()) == [
        "test.parquet",
        "train.parquet",
        "validation.parquet",
    ]
    train = _rows(stored, "train")
    assert train.height == 4010
    assert train.row(0) == ("I liked it 0", "for", ["O", "B"])
    assert train.row(-1)[0] == "Once more 9"
    assert _rows(stored, "test")["label"].null_count() == 5
    assert stored.facts["rows"] == 4020
    assert any('The part "unsupervised"' in notice for notice in stored.facts["notices"])
    fractions = [
        fraction for text, fraction in seen if text.startswith("Downloading") and fraction is not None
    ]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert check_dataset("opinions").kind == "unchanged"
    assert resolve_dataset_request(f"hub:{ID}").dataset == str(stored.path)
    hidden = {path.name for path in (home_of_its_own / "datasets").iterdir()}
    assert hidden == {".lock", "opinions"}
    assert hub.paths().count("/datasets/people/opinions/resolve/main/load.py") == 0


def test_nothing_is_asked_of_the_hub_beside_what_is_needed(hub: LoopbackHub) -> None:
    download(ID)
    assert {path.split("/")[1] for path in hub.paths()} == {"api", "datasets"}
    assert not any("agent" in path or "telemetry" in path for path in hub.paths())
    agents = {asked.headers["user-agent"] for asked in hub.asked}
    assert all(agent.startswith("ptft-gui/") and "torch" not in agent for agent in agents)


@pytest.mark.parametrize("cuts", [[1000], [1, 2, 3], [20_000, 10, 5000]])
def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    hub: LoopbackHub, shards: dict[str, bytes], cuts: list[int]
) -> None:
    path = "default/train/0000.parquet"
    hub.cut_after[path] = list(cuts)
    stored = download(ID)
    assert _rows(stored, "train").height == 4010
    ranges = [asked.headers.get("range") for asked in hub.asked if asked.path.endswith(path)]
    places = [sum(cuts[: n + 1]) for n in range(len(cuts))]
    assert ranges == [None, *(f"bytes={place}-" for place in places)]
    assert hub.sent[path] == len(shards[path])


def test_a_download_that_failed_goes_on_in_the_next_one(
    hub: LoopbackHub, shards: dict[str, bytes], home_of_its_own: Path
) -> None:
    path = "default/train/0000.parquet"
    hub.cut_after[path] = [10_000, 0, 0, 0, 0]
    with pytest.raises(DataError) as told:
        download(ID)
    assert told.value.message == "There is no network."
    assert told.value.detail.startswith('"opinions" is not on this computer (')
    assert "a download goes on where it broke off" in told.value.hint
    assert library.list_datasets(home_of_its_own) == []
    hub.cut_after.clear()
    assert download(ID).facts["rows"] == 4020
    assert hub.sent[path] == len(shards[path])


def test_a_server_that_cannot_go_on_sends_the_whole_file_again(hub: LoopbackHub) -> None:
    hub.cut_after["default/train/0000.parquet"] = [10_000]
    hub.ignores_ranges = True
    assert _rows(download(ID), "train").height == 4010


def test_a_person_stops_a_slow_download_and_goes_on_later(
    hub: LoopbackHub, shards: dict[str, bytes], home_of_its_own: Path
) -> None:
    path = "default/train/0000.parquet"
    hub.pause[path] = threading.Event()
    stopped = False

    def progress(text: str, fraction: float | None) -> None:
        nonlocal stopped
        stopped = stopped or (text.startswith("Downloading") and bool(fraction))
        if stopped:
            hub.pause[path].set()

    with pytest.raises(StoppedByPerson):
        download(ID, progress=progress, should_stop=lambda: stopped)
    assert library.list_datasets(home_of_its_own) == []
    begun = len(hub.asked)
    assert download(ID).facts["rows"] == 4020
    again = next(asked for asked in hub.asked[begun:] if asked.path.endswith(path))
    assert again.headers["range"].startswith("bytes=")
    assert int(again.headers["range"][6:-1]) >= len(shards[path]) // 2 - (1 << 16)


def test_a_killed_download_leaves_no_dataset_and_goes_on(hub: LoopbackHub, home_of_its_own: Path) -> None:
    path = "default/train/0000.parquet"
    hub.pause[path] = threading.Event()
    script = (
        "from ptft_gui.data.hub import download\n"
        "def progress(text, fraction):\n"
        "    if fraction: print('begun', flush=True)\n"
        f"download('{ID}', progress=progress)\n"
    )
    environment = {**os.environ, "PTFT_HOME": str(home_of_its_own)}
    with subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        with pytest.raises(DataError, match='"people/opinions" is being downloaded already'):
            download(ID)
        process.kill()
    hub.pause.pop(path).set()
    assert library.list_datasets(home_of_its_own) == []
    assert library.unreadable_names(home_of_its_own) == []
    assert download(ID).facts["rows"] == 4020


def test_a_file_that_is_not_what_the_hub_announced_is_thrown_away(
    hub: LoopbackHub, home_of_its_own: Path
) -> None:
    hub.repositories[ID].wrong_sha256 = True
    with pytest.raises(DataError, match=r"train-0000\.parquet arrived damaged\."):
        download(ID)
    assert list((home_of_its_own / "datasets").rglob("*.part*")) == []
    assert library.list_datasets(home_of_its_own) == []


def test_half_fetched_files_that_are_of_no_use_any_more_are_cleared(
    hub: LoopbackHub, home_of_its_own: Path
) -> None:
    folder = home_of_its_own / "datasets"
    other_state = folder / ".download-people-opinions-default-0123456789ab"
    given_up = folder / ".download-people-novels-default-0123456789ab"
    begun = folder / ".download-people-letters-default-0123456789ab"
    for left in (other_state, given_up, begun):
        left.mkdir(parents=True)
        (left / "train-0000.parquet.part").write_bytes(b"PAR1")
    os.utime(given_up, (1, 1))
    download(ID)
    assert [left.exists() for left in (other_state, given_up, begun)] == [False, False, True]


def test_a_file_that_is_no_table_is_told(hub: LoopbackHub, home_of_its_own: Path) -> None:
    hub.repositories[ID].branches[EXPORT] = {"default/train/0000.parquet": b"PAR1 but nothing more PAR1"}
    with pytest.raises(DataError, match=r"train\.parquet cannot be put together from what the hub sent\."):
        download(ID)
    assert library.list_datasets(home_of_its_own) == []


def test_pictures_are_left_out_and_a_dataset_of_nothing_else_is_refused(
    hub: LoopbackHub, home_of_its_own: Path
) -> None:
    import polars as pl

    picture = pl.Series("picture", [{"bytes": b"\x89PNG", "path": "a.png"}] * 40)
    caption = pl.Series("caption", [f"A house with {number} windows." for number in range(40)])
    for columns in ([picture], [picture, caption]):
        written = io.BytesIO()
        pl.DataFrame(columns).write_parquet(written)
        hub.repositories[ID].branches[EXPORT] = {"default/train/0000.parquet": written.getvalue()}
        if len(columns) == 1:
            with pytest.raises(DataError, match=r"train\.parquet would hold no text\."):
                download(ID)
            (kept,) = (home_of_its_own / "datasets").glob(".download-*-*[!k]")
            for file in kept.iterdir():
                file.unlink()
        else:
            assert _rows(download(ID), "train").columns == ["caption"]


def test_a_disk_that_takes_no_more_is_told_and_the_download_goes_on(
    hub: LoopbackHub, shards: dict[str, bytes], home_of_its_own: Path
) -> None:
    path = "default/train/0000.parquet"
    script = (
        "import resource\n"
        "from ptft_gui.core.errors import DataError\n"
        "from ptft_gui.data.hub import download\n"
        "import ptft_gui.data.examples.examine, pyarrow.parquet, huggingface_hub\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        f"try:\n    download('{ID}')\nexcept DataError as problem: print(problem.as_sentence())\n"
    )
    environment = {**os.environ, "PTFT_HOME": str(home_of_its_own), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith('"people/opinions" cannot be written to this computer. File too large.')
    assert library.list_datasets(home_of_its_own) == []
    begun = len(hub.asked)
    assert download(ID).facts["rows"] == 4020
    again = next(asked for asked in hub.asked[begun:] if asked.path.endswith(path))
    assert again.headers["range"] == "bytes=10000-"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("hub:people/opinion", 'There is no dataset "people/opinion" on the hub.'),
        (f"hub:{ID}:french", f'"{ID}" has no configuration "french". It has default.'),
        ("hub:../up", '"../up" is not the name of a dataset on the hub.'),
        ("hub:a b", '"a b" is not the name of a dataset on the hub.'),
    ],
)
def test_what_is_not_there_is_named(hub: LoopbackHub, wanted: str, said: str) -> None:
    with pytest.raises(DataError) as told:
        hub_info(wanted)
    assert told.value.as_sentence().startswith(said)


def test_a_dataset_of_several_sets_asks_which(hub: LoopbackHub, shards: dict[str, bytes]) -> None:
    file = shards["default/validation/0000.parquet"]
    hub.repositories[ID].branches[EXPORT] = {
        "mrpc/train/0000.parquet": file,
        "mnli/train/0000.parquet": file,
        "mnli/validation_matched/0000.parquet": file,
        "mnli/validation_mismatched/0000.parquet": file,
    }
    assert hub_info(ID).notices == ("It holds 2 sets; choose one: mnli, mrpc.",)
    with pytest.raises(DataError, match=r'"people/opinions" holds 2 sets\.') as told:
        download(ID)
    assert told.value.hint == "Choose one, for example hub:people/opinions:mnli."
    stored = download(f"hub:{ID}:mnli")
    assert stored.name == "opinions-mnli"
    assert sorted(file.name for file in stored.path.iterdir()) == ["train.parquet", "validation.parquet"]


def test_a_dataset_without_the_hubs_export_is_read_from_its_own_files(
    hub: LoopbackHub, shards: dict[str, bytes]
) -> None:
    file = shards["default/validation/0000.parquet"]
    hub.repositories[ID].branches = {
        "main": {"data/train-00000-of-00002.parquet": file, "data/train-00001-of-00002.parquet": file}
    }
    assert download(ID).facts["rows_of_parts"] == {"train": 10}


def test_a_dataset_that_needs_a_program_is_refused(hub: LoopbackHub) -> None:
    hub.repositories[ID].branches = {"main": {"load.py": b"import os"}}
    with pytest.raises(DataError, match=r'"people/opinions" cannot be used here\.') as told:
        hub_info(ID)
    assert "none is run" in told.value.detail


def test_paths_that_lead_elsewhere_are_not_taken(hub: LoopbackHub, shards: dict[str, bytes]) -> None:
    file = shards["default/validation/0000.parquet"]
    hub.repositories[ID].branches[EXPORT] = {
        "default/train/0000.parquet": file,
        "../../up/train/0000.parquet": file,
        "/elsewhere/train/0000.parquet": file,
    }
    assert hub_info(ID).configs == ("default",)


def test_a_gated_dataset_tells_where_its_terms_stand(hub: LoopbackHub) -> None:
    hub.repositories[ID].is_gated = True
    with pytest.raises(DataError, match="is only given to people who agreed to its terms") as told:
        download(ID)
    assert told.value.detail == f"They stand at {hub.endpoint}/datasets/{ID}."


# The token: from HF_TOKEN, to the hub alone, and never shown.

TOKEN = "hf_AbCdEf0123456789"


def test_the_token_is_sent_to_the_hub_and_not_beyond(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.token = TOKEN
    with pytest.raises(DataError, match="There is no dataset") as told:
        hub_info(ID)
    assert "Or it is private" in told.value.detail
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with loopback_hub() as storage:
        storage.repositories = hub.repositories
        hub.forward_to = storage
        assert download(ID).facts["rows"] == 4020
        assert {asked.headers.get("authorization") for asked in hub.asked[1:]} == {f"Bearer {TOKEN}"}
        assert {asked.headers.get("authorization") for asked in storage.asked} == {None}


def test_a_token_that_is_not_accepted_is_told_without_showing_it(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.token = "another"
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with pytest.raises(DataError, match="does not accept the token in HF_TOKEN") as told:
        download(ID)
    assert TOKEN not in told.value.as_sentence()
    assert told.value.__cause__ is None


def test_a_token_that_lies_in_a_file_is_not_used(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    (tmp_path / "token").write_text("hf_fromafile", encoding="utf-8")
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    hub_info(ID)
    assert {asked.headers.get("authorization") for asked in hub.asked} == {None}


# A network that is not there, or that is not the hub's.

Break = Callable[[LoopbackHub, pytest.MonkeyPatch], None]


def _nobody_listens(_hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{free.getsockname()[1]}")


def _told_to_stay_offline(_hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


def _a_sign_in_page(hub: LoopbackHub, _monkeypatch: pytest.MonkeyPatch) -> None:
    hub.answer_with = (200, {"Content-Type": "text/html"}, b"<html>Welcome to the hotel</html>")


def _too_often(hub: LoopbackHub, _monkeypatch: pytest.MonkeyPatch) -> None:
    hub.answer_with = (429, {}, b"")


def _out_of_order(hub: LoopbackHub, _monkeypatch: pytest.MonkeyPatch) -> None:
    hub.answer_with = (503, {}, b"")


def _round_in_circles(hub: LoopbackHub, _monkeypatch: pytest.MonkeyPatch) -> None:
    hub.answer_with = (302, {"Location": "/api/datasets/people/opinions"}, b"")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (
            _nobody_listens,
            'There is no network. "opinions" is not on this computer. The hub cannot be reached.',
        ),
        (
            _told_to_stay_offline,
            'There is no network. "opinions" is not on this computer. This program was told',
        ),
        (_a_sign_in_page, "does not answer as a hub does."),
        (_too_often, "The hub asks for a pause."),
        (_out_of_order, "The hub has a problem of its own. It answered with number 503."),
        (_round_in_circles, 'There is no network. "opinions" is not on this computer.'),
    ],
)
def test_a_network_that_fails_is_told_in_words(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, break_it: Break, said: str
) -> None:
    break_it(hub, monkeypatch)
    with pytest.raises(DataError) as told:
        download(ID)
    assert said in told.value.as_sentence()


def test_a_hub_that_does_not_answer_is_not_waited_for_long(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.stalled = threading.Event()
    monkeypatch.setattr(info, "TIMEOUT_S", 0.2)
    with pytest.raises(DataError) as told:
        hub_info(ID)
    assert told.value.detail.endswith("The hub did not answer in time.")


def test_a_well_known_dataset_says_its_size_where_there_is_no_network(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    _nobody_listens(hub, monkeypatch)
    with pytest.raises(DataError) as told:
        hub_info("hub:stanfordnlp/imdb")
    assert told.value.message == "There is no network."
    assert told.value.detail == '"imdb" is not on this computer (41.5 MB). The hub cannot be reached.'


def test_an_address_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "hub dot example")
    with pytest.raises(DataError):
        hub_info(ID)


def test_nothing_of_the_network_is_loaded_to_find_a_text_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.\n", encoding="utf-8")
    script = (
        "import sys\n"
        "from ptft_gui.data.library import resolve_dataset_request\n"
        f"resolve_dataset_request({str(tmp_path / 'a.txt')!r})\n"
        "try:\n    resolve_dataset_request('hub:people/opinions')\nexcept Exception as problem: print(problem)\n"
        "loaded = {'huggingface_hub', 'datasets', 'pyarrow', 'polars', 'httpx2'} & set(sys.modules)\n"
        "print(sorted(loaded))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ['"people/opinions" is not on this computer.', "[]"]


@pytest.mark.parametrize(
    "broken",
    [
        {"features": 3},
        {"features": [{"nam": "text"}]},
        {"features": [{"name": "text", "dtype": "weird"}]},
        {"features": [{"name": 3}]},
        {"features": "string"},
    ],
)
def test_columns_that_a_page_describes_badly_are_not_told_and_its_rows_are(
    hub: LoopbackHub, broken: dict[str, Any]
) -> None:
    hub.repositories[ID].card["dataset_info"] |= broken
    info = hub_info(ID)
    assert info.columns == ()
    assert info.parts[0].rows == 4010


@pytest.mark.parametrize("broken", ["x", [{"name": "train"}], [{"nam": "train"}], [3], {"train": 4}])
def test_rows_that_a_page_describes_badly_are_not_told_and_its_columns_are(
    hub: LoopbackHub, broken: Any
) -> None:
    hub.repositories[ID].card["dataset_info"]["splits"] = broken
    info = hub_info(ID)
    assert [part.rows for part in info.parts] == [None] * 4
    assert [column.name for column in info.columns] == ["text", "label", "tags"]
