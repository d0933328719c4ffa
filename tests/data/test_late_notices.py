"""What only reading everything tells: a file that grew meanwhile, and files far behind in another encoding."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.examples.examine import study_data
from ptft_gui.data.examples.prepared import prepare_examples
from ptft_gui.data.tables.opening import open_table


def _rows(count: int) -> str:
    return "".join(f"the text of row {n} about houses,{'yes' if n % 2 else 'no'}\n" for n in range(count))


def test_a_table_that_grows_while_it_is_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("text,label\n" + _rows(3_000))
    size = path.stat().st_size
    table = open_table(DataRequest(dataset=str(path)))
    rows = 0
    for frame in table.batches():
        rows += frame.height
        with path.open("a") as file:
            file.write("a row of later,no\n")
    assert rows == 3_000
    now = path.stat().st_size
    assert table.late_notices() == [
        f"survey.csv grew while it was read: its first {size:,} bytes were used, it has {now:,} now. "
        "Choose it again when nothing writes to it any more."
    ]


def test_growth_is_told_on_the_page_and_in_the_run(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("text,label\n" + _rows(4_000))
    grows = [0]

    def grow(_words: str, _share: float | None) -> None:
        with path.open("a") as file:
            file.write("a row of later,no\n")
        grows[0] += 1

    request = DataRequest(dataset=str(path), task="classification")
    warnings = study_data(request, grow, cache_dir=tmp_path / "one")["warnings"]
    assert grows[0]
    told = [each for each in warnings if each["key"] == "reading"]
    assert [each["sentence"].startswith("survey.csv grew while it was read") for each in told] == [True]
    assert told[0]["hint"] == "Choose it again when nothing writes to it any more."
    assert not [
        each
        for each in study_data(request, cache_dir=tmp_path / "one")["warnings"]
        if each["key"] == "reading"
    ]  # read anew, as it is now
    notices = prepare_examples(request, tmp_path / "two", grow).facts["notices"]
    assert any("grew while it was read" in notice for notice in notices)


def test_files_behind_the_first_twenty_tell_their_encoding_too(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(40):
        text = f"Ein Brief über Straßen und Häuser, Nummer {number}. Größe und Übung.\n" * 20
        (folder / f"letter {number:02}.txt").write_text(text, encoding="cp1252" if number == 30 else "utf-8")
    request = DataRequest(dataset=str(folder))
    assert not ask(request).table.facts.notices
    warnings = study_data(request, cache_dir=tmp_path / "cache")["warnings"]
    told = [each for each in warnings if each["key"] == "reading"]
    assert [each["sentence"] for each in told] == [
        "letter 30.txt was read as Windows-1252, because it is not UTF-8."
    ]
    assert told[0]["hint"].startswith("If letters look wrong")
