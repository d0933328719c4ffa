"""Folders, archives and texts as tables: parts, classes, tagged words, and files that do not agree."""

import gzip
import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.data.tables.opening import open_table, open_table_path
from ptft_gui.data.tables.table import ROW, PartKey, Table


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def zipped(folder: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(folder / "data.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return folder / "data.zip"


def all_rows(table: Table, part: PartKey = "train") -> pl.DataFrame:
    return pl.concat([table.head(0), *table.batches(part)])


def heights(table: Table) -> dict[str, int]:
    return {part.key: all_rows(table, part.key).height for part in table.parts}


def lines(count: int, start: int = 0, separator: str = "\t") -> str:
    return "".join(
        f"a sentence about number {i} and more{separator}{'good' if i % 2 else 'bad'}\n"
        for i in range(start, start + count)
    )


@pytest.mark.parametrize("make", [write, zipped])
def test_files_named_train_dev_and_test_are_parts(tmp_path: Path, make: object) -> None:
    files = {
        "d/train.tsv": lines(30),
        "d/dev.tsv": lines(6),
        "d/test.tsv": lines(8),
        "d/README.md": "About it.",
    }
    table = open_table_path(make(tmp_path, files))  # type: ignore[operator]
    assert heights(table) == {"train": 30, "val": 6, "test": 8}
    assert [part.name for part in table.parts] == ["Training", "Validation", "Test"]


def test_texts_that_are_tables_are_told_from_prose(tmp_path: Path) -> None:
    write(tmp_path, {"train.txt": lines(30), "test.txt": lines(9), "class.txt": "bad\ngood\n"})
    table = open_table_path(tmp_path)
    assert (table.facts.kind, heights(table)) == ("table", {"train": 30, "test": 9})
    prose = "It was late, and cold.\nHe came home, tired; she slept.\nNothing, he said, would change that.\n"
    table = open_table_path(write(tmp_path / "prose", {"story.txt": prose * 5}) / "story.txt")
    assert (table.facts.kind, heights(table)) == ("text", {"train": 15})


def test_verse_whose_lines_end_in_commas_is_no_table(tmp_path: Path) -> None:
    verse = "Roses are red,\nviolets are blue,\nsugar is sweet,\nand so are you,\n" * 4
    assert open_table_path(write(tmp_path, {"verse.txt": verse}) / "verse.txt").facts.kind == "text"


def test_a_part_with_other_columns_is_fitted_to_the_first_by_what_stands_in_it(tmp_path: Path) -> None:
    texts = [line.split("\t")[0] for line in lines(9).splitlines()]
    test = "qid\ttext_a\n" + "".join(f"{i}\t{text}\n" for i, text in enumerate(texts))
    table = open_table_path(write(tmp_path, {"train.tsv": lines(30), "test.tsv": test}))
    frame = all_rows(table, "test")
    assert frame["Column 1"].to_list() == texts
    assert frame["Column 2"].null_count() == 9
    assert table.facts.notices == (
        'test.tsv has other columns than train.tsv; "text_a" as "Column 1" is read there, '
        '"Column 2" is empty there, "qid" is left aside.',
    )


def test_parts_are_fitted_by_the_names_of_their_columns(tmp_path: Path) -> None:
    files = {
        "train.csv": "text,label\n" + lines(20, separator=","),
        "test.csv": "id,Label,text\n" + "".join(f"{i},good,a sentence\n" for i in range(5)),
    }
    table = open_table_path(write(tmp_path, files))
    assert all_rows(table, "test").row(0) == ("a sentence", "good", 2)
    assert table.facts.notices == ('"id" of test.csv is left aside, because train.csv has no such column.',)


def test_a_persons_own_test_file_wins(tmp_path: Path) -> None:
    write(tmp_path, {"d/train.tsv": lines(30), "d/test.tsv": lines(8), "own.tsv": lines(4, 100)})
    request = DataRequest(dataset=str(tmp_path / "d"), test=str(tmp_path / "own.tsv"))
    table = open_table(request)
    assert heights(table) == {"train": 30, "test": 4}
    assert all_rows(table, "test")["Column 1"][0].startswith("a sentence about number 100")


@pytest.mark.parametrize("make", [write, zipped])
def test_a_folder_of_classes(tmp_path: Path, make: object) -> None:
    files = {
        f"d/{name}/{i}.txt": f"This is {name}.\n\nNumber {i}." for name in ("pos", "neg") for i in range(4)
    }
    table = open_table_path(make(tmp_path, files))  # type: ignore[operator]
    assert (table.facts.kind, table.facts.given_roles) == ("classes", {"text": "text", "label": "label"})
    frame = all_rows(table)
    assert frame["label"].to_list() == ["neg"] * 4 + ["pos"] * 4
    assert frame["text"][0] == "This is neg.\n\nNumber 0."


def test_a_file_of_each_class_holds_a_text_a_line(tmp_path: Path) -> None:
    write(tmp_path, {"reviews.pos": "fine\nvery fine\n", "reviews.neg": "bad\n\nworse\nworst"})
    frame = all_rows(open_table_path(tmp_path))
    assert frame.rows() == [
        ("bad", "neg", 1),
        ("worse", "neg", 3),
        ("worst", "neg", 4),
        ("fine", "pos", 1),
        ("very fine", "pos", 2),
    ]


CONLL = "-DOCSTART- -X- O O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\nhere\n\nx NN B-NP O\n"


def test_tagged_words(tmp_path: Path) -> None:
    table = open_table_path(write(tmp_path, {"a.conll": CONLL + "y NN I-NP O\n" * 90}) / "a.conll")
    assert (table.facts.kind, table.facts.given_roles) == ("tags", {"tokens": "tokens", "tags": "tags"})
    frame = all_rows(table)
    assert frame[ROW].to_list() == [3, 9]
    assert frame.row(0, named=True) | {"Column 2": 0, "Column 3": 0} == {
        "tokens": ["EU", "rejects"],
        "tags": ["B-ORG", "O"],
        "Column 2": 0,
        "Column 3": 0,
        ROW: 3,
    }
    assert [bad.sentence for bad in table.bad_rows] == [
        "Row 6 of a.conll cannot be read. Line 7 of its sentence has 1 column, the others have 4."
    ]


def test_tagged_words_are_found_under_any_ending(tmp_path: Path) -> None:
    text = "EU\tB-ORG\nrejects\tO\n\nPeter\tB-PER\nHill\tI-PER\n\n" * 5
    for name in ("ner.txt", "ner.tsv", "ner.bmes"):
        table = open_table_path(write(tmp_path, {name: text}) / name)
        assert (table.facts.kind, heights(table)) == ("tags", {"train": 10})


def test_comments_between_tagged_words_are_passed_over(tmp_path: Path) -> None:
    text = "# made by hand\nEU\tB-ORG\n#\tO\n# O, this is one more\nrejects\tO\n\nPeter\tB-PER\nHill\tI-PER\n"
    frame = all_rows(open_table_path(write(tmp_path, {"ner.tsv": text}) / "ner.tsv"))
    assert frame.rows() == [
        (["EU", "#", "rejects"], ["B-ORG", "O", "O"], 2),
        (["Peter", "Hill"], ["B-PER", "I-PER"], 7),
    ]


def test_universal_dependencies_give_words_and_parts_of_speech(tmp_path: Path) -> None:
    def line(number: str, word: str, tag: str) -> str:
        return f"{number}\t{word}\t{word}\t{tag}\tX\t_\t0\tdep\t_\t_\n"

    text = f"# text = Vamos al mar\n{line('1', 'Vamos', 'VERB')}{line('2-3', 'al', '_')}{line('2', 'a', 'ADP')}\n"
    table = open_table_path(write(tmp_path, {"es.conllu": text * 3}) / "es.conllu")
    assert all_rows(table).select("tokens", "tags", ROW).rows() == [
        (["Vamos", "a"], ["VERB", "ADP"], number) for number in (2, 7, 12)
    ]


def test_an_endless_line_becomes_several_texts(tmp_path: Path) -> None:
    text = "word " * 500_000
    table = open_table_path(write(tmp_path, {"long.txt": text}) / "long.txt")
    frame = all_rows(table)
    assert frame["text"].str.len_chars().max() <= 1 << 20  # type: ignore[operator]
    assert " ".join(frame["text"].to_list()).split() == text.split()
    assert set(frame[ROW]) == {1}


def test_a_text_of_paragraphs_has_a_row_for_each(tmp_path: Path) -> None:
    text = "One line.\nAnother one.\n\n\nA second.\n\nA third\nthat goes on.\n\nA fourth.\n"
    frame = all_rows(open_table_path(write(tmp_path, {"a.md": text}) / "a.md"))
    assert frame.rows() == [
        ("One line.\nAnother one.", 1),
        ("A second.", 5),
        ("A third\nthat goes on.", 7),
        ("A fourth.", 10),
    ]


def test_compressed_tables_are_read_and_broken_ones_refused(tmp_path: Path) -> None:
    packed = gzip.compress(("text,label\n" + lines(20_000, separator=",")).encode())
    (tmp_path / "whole.csv.gz").write_bytes(packed)
    told: list[int] = []
    table = open_table_path(tmp_path / "whole.csv.gz")
    assert sum(frame.height for frame in table.batches(on_bytes=told.append)) == 20_000
    assert sum(told) == len(packed)
    (tmp_path / "short.csv.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DataError) as caught:
        list(open_table_path(tmp_path / "short.csv.gz").batches())
    assert caught.value.message == "short.csv.gz is not complete: it breaks off in the middle."


def test_a_file_that_vanishes_or_grows_while_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, {"a.tsv": lines(50)}) / "a.tsv"
    table = open_table_path(path)
    with open(path, "a", encoding="utf-8") as stream:
        stream.write(lines(50))
    assert all_rows(table).height == 50
    path.unlink()
    with pytest.raises(DataError) as caught:
        list(table.batches())
    assert caught.value.message == "There is no file a.tsv any more."


def test_a_parquet_file_inside_an_archive_is_unpacked_and_cleared_away(tmp_path: Path) -> None:
    pl.DataFrame({"text": ["a", "b"]}).write_parquet(tmp_path / "a.parquet")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.parquet", "a.parquet")
    assert all_rows(open_table_path(tmp_path / "a.zip"))["text"].to_list() == ["a", "b"]


def test_a_folder_of_files_in_one_encoding_is_told_of_once(tmp_path: Path) -> None:
    for name in ("体育", "财经"):
        (tmp_path / name).mkdir()
        for number in range(12):
            text = f"今天的{name}新闻第{number}条，我们看到了很多变化，大家都说好。"
            (tmp_path / name / f"{number}.txt").write_bytes(text.encode("gb18030"))
    facts = open_table_path(tmp_path).facts
    assert facts.notices == (
        "0.txt, 1.txt and other files were read as GB18030, because they are not UTF-8. "
        "If letters look wrong, choose another encoding, or save them as UTF-8 and choose them again.",
    )
