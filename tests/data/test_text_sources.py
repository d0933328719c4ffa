"""Texts train alike whatever they came in: packed, in a table, as articles of Wikipedia; and bad ones are named."""

import bz2
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.preview import inspect_text
from ptft_gui.data.request import CorpusRequest
from tests.data.nasty_files import PACKERS, zip_of

LINES = [
    f"The {name} of number {n} rides over the hill, and it rains. " for n, name in enumerate(["king"] * 300)
]
TEXT = "\n".join(LINES).encode()


def prepare(path: Path, cache: Path, **settings: object) -> PreparedCorpus:
    return prepare_corpus(CorpusRequest(str(path), **settings), cache)  # type: ignore[arg-type]


def all_sentences(corpus: PreparedCorpus) -> list[list[str]]:
    return sorted([*corpus.train_sentences(), *corpus.val_sentences()])


@pytest.mark.parametrize("kind", PACKERS)
def test_packed_texts_train_and_show_like_plain_ones(tmp_path: Path, kind: str) -> None:
    plain, packed = tmp_path / "a.txt", tmp_path / f"a.txt.{kind}"
    plain.write_bytes(TEXT)
    packed.write_bytes(PACKERS[kind](TEXT))
    one, other = prepare(plain, tmp_path / "cache"), prepare(packed, tmp_path / "cache")
    assert list(one.train_sentences()) == list(other.train_sentences())
    assert one.facts["files"][0]["sha256"] == other.facts["files"][0]["sha256"]
    seen = inspect_text(str(packed))
    assert seen["words"] == inspect_text(str(plain))["words"] == one.facts["tokens"]
    assert not seen["is_estimate"]


def test_a_packed_held_out_text_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "val.txt.gz").write_bytes(PACKERS["gz"](b"A duke sleeps.\nA duchess wakes.\n"))
    corpus = prepare(tmp_path / "a.txt", tmp_path / "cache", val=str(tmp_path / "val.txt.gz"))
    assert list(corpus.val_sentences()) == [["a", "duke", "sleeps"], ["a", "duchess", "wakes"]]


def test_an_endless_line_inside_gz_takes_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    words = [os.urandom(500).hex().encode() + b" " for _ in range(100)]
    path.write_bytes(PACKERS["gz"](b"".join(words * 400)))
    tracemalloc.start()
    corpus = prepare(path, tmp_path / "cache", preparation="none")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert corpus.facts["tokens"] == 40_000
    assert peak < 40 << 20


def test_a_file_that_vanishes_while_it_is_prepared_is_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / "texts").mkdir(exist_ok=True)
        (tmp_path / "texts" / name).write_bytes(TEXT)

    def progress(_sentence: str, _fraction: float | None) -> None:
        (tmp_path / "texts" / "b.txt").unlink(missing_ok=True)

    with pytest.raises(DataError, match=r"^There is no file b\.txt any more\.$"):
        prepare_corpus(CorpusRequest(str(tmp_path / "texts")), tmp_path / "cache", progress)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_truncated_text_leaves_no_corpus(tmp_path: Path) -> None:
    packed = PACKERS["gz"](os.urandom(400_000).hex().encode())
    (tmp_path / "a.txt.gz").write_bytes(packed[:200_000])
    with pytest.raises(DataError, match=r"^a\.txt\.gz is not complete"):
        prepare(tmp_path / "a.txt.gz", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


DUMP = b"""<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/">
<page><title>King</title><ns>0</ns><revision><text>'''King''' is a [[title|title given]] to a male monarch.

He often lives in a castle, and he wears a crown.&lt;ref&gt;Book&lt;/ref&gt;</text></revision></page>
<page><title>Talk:King</title><ns>1</ns><revision><text>I do not agree with this at all.</text></revision></page>
<page><title>Queen</title><ns>0</ns><revision><text>{{Infobox}}A queen is a woman who rules a country.
</text></revision></page></mediawiki>"""


@pytest.mark.parametrize("name", ["dump.xml", "dump.xml.bz2", "wiki-pages-articles1.xml-p1p30302.bz2"])
def test_articles_of_an_export_are_the_documents(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(bz2.compress(DUMP) if name.endswith("bz2") else DUMP)
    told: list[float | None] = []
    corpus = prepare_corpus(
        CorpusRequest(str(path)), tmp_path / "cache", lambda _sentence, fraction: told.append(fraction)
    )
    assert [" ".join(words) for words in corpus.train_sentences()] == [
        "king is a title given to a male monarch",
        "he often lives in a castle and he wears a crown",
        "a queen is a woman who rules a country",
    ]
    assert corpus.facts["documents"] == 2
    assert told[-1] == 1.0
    assert inspect_text(str(path))["raw_lines"][0] == "King is a title given to a male monarch."


def test_a_stop_is_heard_while_an_export_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml.bz2"
    path.write_bytes(bz2.compress(DUMP))
    with pytest.raises(StoppedByPerson):
        prepare_corpus(CorpusRequest(str(path)), tmp_path / "cache", should_stop=lambda: True)


def test_an_export_that_was_cut_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_bytes(DUMP[:-40])
    with pytest.raises(DataError, match=r"^dump\.xml cannot be read as an export of Wikipedia"):
        prepare(path, tmp_path / "cache")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    rows = [f'{n},"The {n}th film, ""good"" or not, was long.",{n % 2},Title {n} here' for n in range(400)]
    path.write_text("\n".join(["id,review,label,heading", *rows, "400,,1,Empty"]) + "\n", encoding="utf-8")
    return path


def test_each_row_of_a_table_is_a_document(tmp_path: Path, table: Path) -> None:
    corpus = prepare(table, tmp_path / "cache")
    assert corpus.facts["documents"] == 400
    assert ["the", "7th", "film", "good", "or", "not", "was", "long"] in all_sentences(corpus)
    decisions = {found["finding"]: found["sentence"] for found in corpus.facts["decisions"]}
    assert decisions["rows"] == "401 rows = 400 with text + 1 without."
    seen = inspect_text(str(table))
    assert (seen["text_column"], seen["columns"]) == ("review", ["id", "review", "label", "heading"])
    assert seen["raw_lines"][0] == 'The 0th film, "good" or not, was long.'


def test_a_person_chooses_the_column(tmp_path: Path, table: Path) -> None:
    guessed = prepare(table, tmp_path / "cache")
    chosen = prepare(table, tmp_path / "cache", text_column="heading")
    assert chosen.folder != guessed.folder
    assert ["title", "7", "here"] in all_sentences(chosen)
    with pytest.raises(DataError) as caught:
        prepare(table, tmp_path / "cache", text_column="reviews")
    assert caught.value.message == "reviews.csv has no column called reviews."
    assert caught.value.hint == "Did you mean review?"


def test_a_column_chosen_for_running_text_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.replace(b", and", b" and"))
    plain = prepare(tmp_path / "a.txt", tmp_path / "cache")
    chosen = prepare(tmp_path / "a.txt", tmp_path / "cache", text_column="text")
    assert all_sentences(chosen) == all_sentences(plain)
    assert len(all_sentences(plain)) == 300
    with pytest.raises(DataError, match=r"^a\.txt has no column called review\.$"):
        prepare(tmp_path / "a.txt", tmp_path / "cache", text_column="review")


def test_a_text_file_that_is_a_table_gives_the_chosen_column(tmp_path: Path) -> None:
    rows = "".join(f"King {n} rides far away.\t{n % 2}\n" for n in range(50))
    (tmp_path / "a.txt").write_text("review\tlabel\n" + rows, encoding="utf-8")
    corpus = prepare(tmp_path / "a.txt", tmp_path / "cache", text_column="review")
    assert ["king", "7", "rides", "far", "away"] in all_sentences(corpus)
    assert corpus.facts["documents"] == 50


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "a.jsonl",
            "\n".join(json.dumps({"verses": ["Kings ride far.", "Queens read on."]}) for _ in range(9)),
        ),
        ("a.conll", "\n\n".join("Kings\tB-PER\nride\tO\nfar\tO" for _ in range(9))),
    ],
)
def test_lists_become_running_text(tmp_path: Path, name: str, rows: str) -> None:
    (tmp_path / name).write_text(rows + "\n", encoding="utf-8")
    corpus = prepare(tmp_path / name, tmp_path / "cache", switches={"copies": "keep"})
    assert all_sentences(corpus).count(["kings", "ride", "far"]) == 9


def test_a_table_in_a_chosen_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,label\n" + "Король едет домой.,x\n".encode("koi8_r") * 9)
    corpus = prepare(
        path, tmp_path / "cache", read=ReadOptions(encoding="koi8_r"), switches={"copies": "keep"}
    )
    assert corpus.word_counts()["король"] == 9


def test_the_parts_of_a_folder_of_tables_are_kept_apart(tmp_path: Path) -> None:
    for name, word in (("train", "king"), ("dev", "duke"), ("test", "pope")):
        rows = "".join(f"A {word} rides over hill {n}.\tx\n" for n in range(30))
        (tmp_path / "set").mkdir(exist_ok=True)
        (tmp_path / "set" / f"{name}.tsv").write_text("text\tlabel\n" + rows, encoding="utf-8")
    corpus = prepare(tmp_path / "set", tmp_path / "cache")
    assert {words[1] for words in corpus.train_sentences()} == {"king"}
    assert {words[1] for words in corpus.val_sentences()} == {"duke"}
    assert any("test.tsv was left aside" in notice for notice in corpus.facts["notices"])


def test_a_zip_of_a_packed_table(tmp_path: Path, table: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"deep/reviews.csv.gz": PACKERS["gz"](table.read_bytes())})
    assert prepare(path, tmp_path / "cache").facts["documents"] == 400


def test_a_set_of_examples_of_the_program_is_a_text_too(tmp_path: Path) -> None:
    corpus = prepare_corpus(CorpusRequest("opinions-en"), tmp_path / "cache")
    assert corpus.facts["documents"] > 100
    assert inspect_text("opinions-en")["text_column"] == "text"


def test_a_plain_text_needs_no_reader_of_tables(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(PACKERS["gz"](TEXT))
    program = (
        "import sys; from pathlib import Path\n"
        "from ptft_gui.data.corpus import prepare_corpus; from ptft_gui.data.preview import inspect_text\n"
        "from ptft_gui.data.request import CorpusRequest\n"
        f"inspect_text({str(tmp_path / 'a.txt.gz')!r})\n"
        f"prepare_corpus(CorpusRequest({str(tmp_path / 'a.txt.gz')!r}), Path({str(tmp_path / 'cache')!r}))\n"
        "print({'polars', 'pandas', 'pyarrow', 'datasets', 'mwparserfromhell'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know names in Unicode only")
def test_a_name_that_is_no_unicode_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "texts")
    os.mkdir(folder)
    Path(os.fsdecode(folder + b"/caf\xe9.txt")).write_bytes(TEXT)
    corpus = prepare(tmp_path / "texts", tmp_path / "cache")
    assert corpus.facts["files"][0]["name"] == "caf\ufffd.txt"
    json.dumps(inspect_text(str(tmp_path / "texts")), ensure_ascii=False).encode()
    alone = prepare(Path(os.fsdecode(folder + b"/caf\xe9.txt")), tmp_path / "cache")
    assert alone.facts["tokens"] == corpus.facts["tokens"]


def test_a_mark_is_no_word_whatever_encoding_was_chosen(tmp_path: Path) -> None:
    for encoding, chosen in (("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("utf-8-sig", None)):
        (tmp_path / "a.txt").write_bytes("King and queen.".encode(encoding))
        corpus = prepare(
            tmp_path / "a.txt", tmp_path / "cache", preparation="none", read=ReadOptions(encoding=chosen)
        )
        assert list(corpus.train_sentences()) == [["King", "and", "queen."]]


def test_hopeless_markup_is_cut_out_roughly_and_soon(tmp_path: Path) -> None:
    page = "The king rode out of the old city today.\n" + "[[" * 60_000 + "\n" + ":" * 90_000 + "x\n"
    (tmp_path / "a.xml").write_text(
        f"<mediawiki><page><title>A</title><ns>0</ns><text>{page}</text></page></mediawiki>", encoding="utf-8"
    )
    assert prepare(tmp_path / "a.xml", tmp_path / "cache").word_counts()["king"] == 1


@pytest.mark.parametrize("inside", [b"<page " + b"a" * (20 << 20) + b">", b"<!DOCTYPE x><page>"])
def test_an_export_that_no_wiki_wrote_is_refused(tmp_path: Path, inside: bytes) -> None:
    (tmp_path / "a.xml").write_bytes(b"<mediawiki>" + inside + b"</page></mediawiki>")
    with pytest.raises(DataError, match=r"^a\.xml cannot be read as an export of Wikipedia"):
        prepare(tmp_path / "a.xml", tmp_path / "cache")
