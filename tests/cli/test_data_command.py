"""``ptft-gui data``: a look at a dataset, and the library, as a person uses them from a terminal."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from ptft_gui.cli.parser import PlainParser
from ptft_gui.core.data_request import DataRequest, ReadOptions, SplitRequest
from ptft_gui.core.library import read_dataset
from tests.data.hub_server import EXPORT, Repository, loopback_hub

from .conftest import CommandLine, Finished

Here = Callable[..., Finished]

_OPENINGS = (
    "The room was",
    "Breakfast was",
    "The bed was",
    "Our street was",
    "The garden was",
    "The pool was",
)
_GOOD = ("clean and bright", "lovely from the first day", "better than we had hoped")
_BAD = ("dirty and dark", "awful from the first day", "worse than we had feared")


def _survey_rows() -> list[tuple[str, str, str]]:
    rows = []
    for number in range(20):
        for opening in _OPENINGS:
            good, bad = _GOOD[number % 3], _BAD[number % 3]
            rows.append((str(len(rows)), f"{opening} {good}, guest {number} said at the desk", "satisfied"))
            rows.append((str(len(rows)), f"{opening} {bad}, guest {number} said at the desk", "angry"))
    return rows


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "Survey 2026.csv"
    lines = ["case;Q17_open;v23_rec", *(f"{case};{text};{label}" for case, text, label in _survey_rows())]
    lines += ["998;The bill was wrong twice in one week;", "999;;angry"]
    path.write_text("\n".join(lines) + "\n", encoding="cp1252")
    return path


# Looking.


def test_running_text_is_told_as_before_a_run(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "caf\u00e9.txt"
    path.write_bytes("Le caf\u00e9 est ferm\u00e9. Le th\u00e9 aussi.\n".encode("latin-1") * 30)
    found = json.loads(here("data", "inspect", str(path), "--json").out)
    assert found["facts"]["tokens"] == 210
    assert found["facts"]["encodings"] == ["Windows-1252"]
    assert found["kind"] == "text"
    words = here("data", "inspect", str(path))
    assert "Windows-1252" in words.out
    assert "le caf\u00e9 est ferm\u00e9" in words.out
    assert "min_count" in words.out
    assert "Words to watch:" in here("data", "inspect", "little-kingdom").out


def test_a_table_is_told_in_the_order_a_person_asks(here: Here, survey: Path) -> None:
    done = here("data", "inspect", str(survey))
    assert done.code == 0, done.err
    places = [
        done.out.index(part)
        for part in (
            "Survey 2026.csv: ",
            "semicolon",
            "Columns:\n",
            "Q17_open  Text",
            "v23_rec   Label",
            "Suits:\n",
            "classification (proposed): ",
            "not tagging",
            "242 rows, 3,160 words",
            "Language: The texts look English.",
            "Classes: ",
            "Decisions about your data:\n",
            "Rows: 242 rows = ",
            "Parts: ",
            "First rows as they stand:\n",
            "The room was clean and bright",
        )
    ]
    assert places == sorted(places)
    assert "because" in done.out


def test_a_bundled_table_is_told_by_its_title(here: Here) -> None:
    done = here("data", "inspect", "opinions-en")
    assert done.code == 0, done.err
    assert done.out.startswith("Opinions: JSON lines")
    assert "Classes: negative 150, positive 150." in done.out


def test_json_holds_what_the_data_room_answers(here: Here, survey: Path) -> None:
    from ptft_gui.data.examples.examine import open_data, study_data

    told = json.loads(here("data", "inspect", str(survey), "--json").out)
    request = DataRequest(dataset=str(survey))
    study = told.pop("study")
    assert told == json.loads(json.dumps(open_data(request)))
    assert study == json.loads(json.dumps(study_data(request)))


def test_the_guess_may_be_helped_and_the_reading_corrected(here: Here, survey: Path) -> None:
    helped = here(
        *("data", "inspect", str(survey), "--json"),
        *("--text", "Q17_open", "--label", "case", "--task", "classification"),
        *("--encoding", "windows-1252", "--delimiter", "semicolon"),
    )
    found = json.loads(helped.out)
    assert {role["role"]: role["column"] for role in found["roles"]}["label"] == "case"
    assert found["task"] == "classification"
    assert found["encoding"] == "cp1252"
    one_column = json.loads(here("data", "inspect", str(survey), "--json", "--delimiter", "|").out)
    assert len(one_column.get("columns", [])) < 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--text", "Q18"), "Survey 2026.csv has no column called Q18."),
        (("--delimiter", "ab"), '"ab" cannot separate columns.'),
        (("--encoding", "klingon"), 'There is no encoding "klingon".'),
        (("--task", "clasification"), 'There is no task "clasification". Perhaps classification'),
        (("--decide", "equal_texts"), '"equal_texts" is not a decision.'),
        (("--decide", "nonsense=1"), "nonsense"),
        (("--header", "--no-header"), "--no-header and --header cannot be given together."),
        (("--sheet",), "--sheet needs a value after it."),
    ],
)
def test_an_option_that_cannot_be_used_is_one_sentence(
    here: Here, survey: Path, options: tuple[str, ...], said: str
) -> None:
    done = here("data", "inspect", str(survey), *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_signs_that_command_a_terminal_are_not_printed(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "evil.csv"
    rows = [
        f'"\x1b[2J\u202etext number {number} of many",{"yes" if number % 2 else "no"}' for number in range(40)
    ]
    path.write_text("text,la\x1bbel\n" + "\n".join(rows) + "\n", encoding="utf-8")
    done = here("data", "inspect", str(path))
    assert done.code == 0, done.err
    assert not {"\x1b", "\u202e"} & set(done.out)
    assert "text number 0 of many" in done.out


# The library, in processes of its own as in a terminal.


def test_a_dataset_is_added_used_renamed_removed_and_brought_back(ptft: CommandLine, survey: Path) -> None:
    added = ptft("data", "add", str(survey), "--label", "v23_rec", "--decide", "equal_texts=keep_one")
    assert added.code == 0, added.err
    assert added.out.startswith(f"Added Survey-2026: 242 rows, it stays at {survey}.\n")
    stored = read_dataset(ptft.home, "Survey-2026")
    assert stored.request.roles == {"label": "v23_rec"}
    assert stored.request.decisions == {"equal_texts": "keep_one"}
    listed = ptft("data", "list").out
    assert listed.startswith("Your library:\n  Survey-2026  242 rows  English  your file\n")
    assert "\nReady to use:\n  wikipedia: " in listed
    assert "Survey 2026.csv: " in ptft("data", "inspect", "Survey-2026").out
    assert ptft("data", "rename", "Survey-2026", "guests").out == "Survey-2026 is now called guests.\n"
    removed = ptft("data", "remove", "guests")
    assert removed.out == (
        "Removed guests. The file itself was not touched. "
        "Within a week it can be brought back: ptft-gui data restore guests\n"
    )
    assert survey.exists()
    assert ptft("data", "inspect", "guests").code == 2
    assert ptft("data", "restore", "guests").out == "guests is back in the library.\n"
    assert ptft("data", "inspect", "guests", "--json").code == 0


def test_an_import_that_is_broken_off_leaves_nothing(ptft: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = (
        f"text number {number} of a long survey,{'yes' if number % 2 else 'no'}\n"
        for number in range(300_000)
    )
    path.write_text("text,label\n" + "".join(rows), encoding="utf-8")
    with ptft.start("data", "add", str(path), "--copy") as process:
        while not list((ptft.home / "datasets").glob(".adding-*")):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, "Broken off.\n")
    assert [entry.name for entry in (ptft.home / "datasets").iterdir()] == [".lock"]


def test_the_list_says_what_changed_and_what_is_gone(here: Here, survey: Path, tmp_path: Path) -> None:
    assert here("data", "add", str(survey), "--name", "guests").code == 0
    copy = here("data", "add", str(survey), "--name", "kept", "--copy", "--json")
    assert json.loads(copy.out)["origin"] == "copied from your file"
    with survey.open("a", encoding="cp1252") as file:
        file.write("1000;One more;angry\n")
    records = {record["id"]: record for record in json.loads(here("data", "list", "--json").out)}
    assert records["guests"]["state"] == "changed"
    assert records["guests"]["reason"].startswith("Since it was added, Survey 2026.csv is now ")
    assert records["kept"]["state"] == "unchanged"
    assert {"wikipedia", "news", "little-kingdom"} <= set(records)
    assert records["wikipedia"]["is_bundled"]
    assert records["wikipedia"]["is_available"]
    assert "Since it was added, Survey 2026.csv is now " in here("data", "list").out
    survey.unlink()
    assert "Survey 2026.csv is no longer where it was" in here("data", "list").out
    gone = here("data", "inspect", "guests")
    assert (gone.code, gone.out) == (2, "")
    assert 'The dataset "guests" is there, but its file is not.' in gone.err
    assert "It was used in" not in here("data", "remove", "kept").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add",), "PATH is missing."),
        (("add", "absent.csv"), "There is no file or folder named absent.csv."),
        (("add", "SURVEY", "--name", "a/b"), 'A dataset cannot be named "a/b".'),
        (("add", "SURVEY", "--name", "news"), '"news" is the name of a dataset that comes with the program.'),
        (("remove", "nothing"), 'There is no dataset "nothing" in the library.'),
        (("restore", "nothing"), 'There is no removed dataset "nothing".'),
        (("rename", "nothing", "x"), 'There is no dataset "nothing" in the library.'),
        (("inspect", "hub:people/opinions"), '"people/opinions" is not on this computer.'),
        (("info", "hub:"), "The name of a dataset on the hub is missing."),
        (("list", "--jsn"), 'There is no option "--jsn". Perhaps --json'),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    here: Here, survey: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = here("data", *(str(survey) if word == "SURVEY" else word for word in arguments))
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_folder_of_texts_named_by_class_is_added_as_it_is(here: Here, tmp_path: Path) -> None:
    for label, texts in (("good", _GOOD), ("bad", _BAD)):
        for number, text in enumerate(texts * 8):
            file = tmp_path / "reviews" / label / f"{number:02}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"Guest {number} found the house {text} of the week.\n", encoding="utf-8")
    added = json.loads(here("data", "add", str(tmp_path / "reviews"), "--copy", "--json").out)
    assert (added["kind"], added["task"], added["rows"]) == ("classes", "classification", 48)


def test_every_action_explains_itself(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    overview = here("data", "--help").out
    for action in ("list", "inspect", "add", "remove", "restore", "rename", "gallery", "info", "download"):
        assert f"\n  ptft-gui data {action} " in overview
        with pytest.raises(SystemExit) as ended:
            here("data", action, "--help")
        assert ended.value.code == 0
        assert f"ptft-gui data {action}" in capsys.readouterr().out


# The network.


def test_a_dataset_of_the_network_is_told_of_and_then_fetched(
    ptft: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import polars as pl

    rows = _survey_rows()
    written = io.BytesIO()
    pl.DataFrame({"text": [row[1] for row in rows], "label": [row[2] for row in rows]}).write_parquet(written)
    monkeypatch.setenv("HF_TOKEN", "hf_SecretSecret1")
    with loopback_hub() as hub:
        hub.repositories["people/opinions"] = Repository(
            {"main": {}, EXPORT: {"default/train/0000.parquet": written.getvalue()}},
            {"license": "mit", "pretty_name": "Opinions", "language": ["en"]},
        )
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        info = ptft("data", "info", "hub:people/opinions")
        assert info.code == 0, info.err
        assert info.out.startswith("Opinions (hub:people/opinions). Licence: mit. Language: en.\n")
        assert not any("/resolve/" in path for path in hub.paths())
        fetched = ptft("data", "download", "hub:people/opinions")
        assert fetched.code == 0, fetched.err
        assert fetched.out.startswith("Added opinions: 240 rows, ")
        assert "Licence: mit." in fetched.out
    offline = ptft("data", "download", "hub:people/opinions", "--name", "again")
    assert (offline.code, offline.out) == (2, "")
    assert offline.err.startswith('There is no network. "opinions" is not on this computer.')
    seen = ptft("data", "inspect", "hub:people/opinions")
    assert seen.code == 0, seen.err
    assert seen.out.startswith("opinions: Parquet")
    assert "classification (proposed)" in seen.out
    everything = "".join(done.out + done.err for done in (info, fetched, offline, seen))
    everything += "".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in ptft.home.rglob("*")
        if path.is_file() and path.suffix in (".json", ".log")
    )
    assert "hf_SecretSecret1" not in everything


def test_the_gallery_asks_no_network(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        cards = json.loads(here("data", "gallery", "--json").out)
        told = here("data", "gallery").out
        assert hub.asked == []
    assert 8 <= len(cards) <= 12
    assert all(card["id"].startswith("hub:") and card["rows"] and card["licence"] for card in cards)
    assert "hub:stanfordnlp/imdb:plain_text" in told


# The options that train shares.


def test_options_become_a_request() -> None:
    from ptft_gui.cli.data_options import add_role_options, add_task_option, request_from_options

    parser = PlainParser("train", "")
    parser.add_argument("--dataset")
    add_task_option(parser)
    add_role_options(parser)
    options = parser.read(
        "--dataset a.csv --text body --text-pair second --label v23 --split-column part --id-column nr "
        "--answer-start at --task pair-classification --encoding UTF8 --delimiter tab --sheet Answers "
        "--no-header --decide equal_texts=keep_one leaks=keep".split()
    )
    assert request_from_options(options) == DataRequest(
        dataset="a.csv",
        task="pair-classification",
        read=ReadOptions(encoding="utf-8", delimiter="\t", sheet="Answers", has_header=False),
        roles={
            "text": "body",
            "text_pair": "second",
            "label": "v23",
            "answer_start": "at",
            "split": "part",
            "id": "nr",
        },
        decisions={"equal_texts": "keep_one", "leaks": "keep"},
        split=SplitRequest(kind="column"),
    )
    assert request_from_options(parser.read([])) == DataRequest(dataset="")


@pytest.mark.real_data
@pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set")
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("mrpc", ("pair-classification (proposed)", "5,801 rows")),
        ("sst2", ("classification (proposed)", "9,613 rows")),
        ("weibo_ner", ("tagging (proposed)", "1,890 rows")),
        ("xquad/xquad.zh.json", ("question-answering (proposed)", "1,190 rows", "Chinese")),
        ("instruction/alpaca_gpt4_zh_1000.json", ("reply (proposed)", "1,000 rows")),
        ("20newsgroups/raw_folder", ("classification (proposed)", "123 rows")),
    ],
)
def test_real_collections_are_told(here: Here, path: str, said: tuple[str, ...]) -> None:
    done = here("data", "inspect", str(Path(os.environ["PTFT_REAL_DATA"], path)))
    assert done.code == 0, done.err
    assert [part for part in said if part not in done.out] == []
