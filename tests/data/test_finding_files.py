"""What a path stands for: files, the parts and classes that names tell, and what was left aside."""

import gc
import os
from pathlib import Path

import pytest

from ptft_gui.core.errors import DataError
from ptft_gui.data import entries
from ptft_gui.data.naming import part_of_name
from ptft_gui.data.sources import DataFiles, find_files
from tests.data.nasty_files import PACKERS, zip_of


def make(folder: Path, *names: str, data: bytes = b"Some text.\n") -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def parts(found: DataFiles) -> list[list[str]]:
    return [[source.file_name for source in found.of(part)] for part in ("train", "val", "test")]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("wiki.train.tokens", "train"),
        ("emerging.dev.conll", "val"),
        ("emerging.test.annotated", "test"),
        ("sts-train.csv", "train"),
        ("train_subset.csv", "train"),
        ("msr_paraphrase_test.txt", "test"),
        ("imdb_train.csv.gz", "train"),
        ("wnut17train.conll", "train"),
        ("TrainData.csv", "train"),
        ("testset.tsv", "test"),
        ("train-00000-of-00002.parquet", "train"),
        ("VALIDATION.jsonl", "val"),
        ("latest.csv", None),
        ("training_vs_test.csv", None),
        ("devotion.txt", None),
    ],
)
def test_parts_are_told_by_a_word_of_the_name(name: str, part: str | None) -> None:
    assert part_of_name(name) == part


@pytest.mark.parametrize(
    ("names", "kind", "expected"),
    [
        (("wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens"), "text", 3),
        (("train.all.bmes", "dev.all.bmes", "test.all.bmes"), "tags", 3),
        (("wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated"), "tags", 3),
        (("sts-train.csv", "sts-dev.csv", "sts-test.csv", "LICENSE.txt", "readme.txt"), "table", 3),
        (("a/train.JSONL", "a/dev.JSONL", "a/test.JSONL"), "table", 3),
        (("train/a.txt", "train/b.txt", "validation/a.txt", "test/a.txt"), "text", 4),
        (("big-train/x/1", "big-train/y/2", "big-dev/x/3", "big-test/y/4"), "classes", 4),
    ],
)
def test_a_folder_brings_its_parts(tmp_path: Path, names: tuple[str, ...], kind: str, expected: int) -> None:
    found = find_files(make(tmp_path, *names))
    assert found.kind == kind
    assert len(found.files) == expected
    assert all(parts(found))
    zipped = find_files(zip_of(tmp_path / "all.zip", {f"top/{name}": b"Some text.\n" for name in names}))
    assert (zipped.kind, parts(zipped)) == (kind, parts(found))


def test_texts_that_speak_of_trains_and_tests_are_one_text(tmp_path: Path) -> None:
    found = find_files(make(tmp_path, "my train journey.txt", "the test.txt", "summer.txt"))
    assert [len(part) for part in parts(found)] == [3, 0, 0]


def test_folders_named_by_class_bring_labels(tmp_path: Path) -> None:
    names = [
        f"{part}/{label}/{n}.txt" for part in ("train", "test") for label in ("neg", "pos") for n in (1, 2)
    ]
    found = find_files(make(tmp_path, *names, "train/unsup/9.txt", "README", "train/urls_pos.txt"))
    assert (found.kind, found.labels) == ("classes", ("neg", "pos"))
    assert [file.label for file in found.files if file.part == "test"] == ["neg", "neg", "pos", "pos"]
    assert [file.label for file in found.files if file.source.file_name == "9.txt"] == [None]
    assert found.remarks == ("urls_pos.txt was left aside: the other files are of another kind.",)


def test_files_without_endings_are_read_where_they_look_like_text(tmp_path: Path) -> None:
    make(tmp_path, "alt.atheism/53177", "alt.atheism/53178", "sci.space/60001", "sci.space/60002")
    found = find_files(tmp_path)
    assert (found.kind, found.labels) == ("classes", ("alt.atheism", "sci.space"))
    make(tmp_path / "other", "core", data=b"\x7fELF\0\0")
    with pytest.raises(DataError, match="holds no text file"):
        find_files(tmp_path / "other")


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("rt-polarity.neg", "rt-polarity.pos"), ("neg", "pos")),
        (("negative.txt", "positive.txt"), ("negative", "positive")),
        (("spam.txt.gz", "ham.txt.gz"), ("ham", "spam")),
    ],
)
def test_files_named_by_class_bring_labels(
    tmp_path: Path, names: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    found = find_files(make(tmp_path, *names))
    assert (found.kind, found.labels) == ("classes", labels)


def test_of_several_kinds_the_largest_is_taken_and_the_rest_told(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.txt", data=b"text " * 1000)
    make(tmp_path, "index.csv", "x.pdf", "y.pdf", "z.pdf", "README.md", "LICENSE")
    found = find_files(tmp_path)
    assert (found.kind, parts(found)[0]) == ("text", ["a.txt", "b.txt"])
    assert found.remarks == (
        "index.csv, x.pdf, y.pdf and 1 more were left aside: the other files are of another kind.",
    )
    assert {source.file_name for source in found.beside} >= {"index.csv", "README.md"}


def test_a_list_of_classes_is_kept_beside(tmp_path: Path) -> None:
    found = find_files(make(tmp_path, "train.csv", "test.csv", "classes.txt"))
    assert [source.file_name for source in found.beside] == ["classes.txt"]
    assert found.remarks == ()


def test_a_lone_readme_is_a_text(tmp_path: Path) -> None:
    assert parts(find_files(make(tmp_path, "README.md"))) == [["README.md"], [], []]


@pytest.mark.skipif(os.name != "posix", reason="links need rights on other systems")
def test_links_that_leave_the_folder_are_skipped_and_told(tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", "secret.txt", "deep/other.txt")
    folder = make(tmp_path / "folder", "a.txt")
    (folder / "inner.txt").symlink_to(folder / "a.txt")
    (folder / "leak.txt").symlink_to(outside / "secret.txt")
    (folder / "leaks").symlink_to(outside / "deep")
    (folder / "loop").symlink_to(folder)
    (folder / "broken.txt").symlink_to(folder / "nothing.txt")
    found = find_files(folder)
    assert parts(found)[0] == ["a.txt", "inner.txt"]
    assert found.remarks == (
        "leaks, loop, leak.txt were skipped: links are not followed out of the folder.",
    ) or set(found.remarks[0].split(" were ")[0].split(", ")) == {"leaks", "loop", "leak.txt"}


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST_FILES", 2)
    with pytest.raises(DataError, match="holds too many files to be one dataset"):
        find_files(make(tmp_path, "1.txt", "2.txt", "3.txt"))


def test_an_archive_in_a_folder_is_named(tmp_path: Path) -> None:
    zip_of(tmp_path / "data.zip", {"a.txt": b"x"})
    with pytest.raises(DataError) as caught:
        find_files(tmp_path)
    assert "It holds data.zip" in caught.value.detail
    assert caught.value.hint == "Unpack it, or choose data.zip itself."


@pytest.mark.parametrize("ending", ["", ".gz", ".bz2", ".xz", ".zst"])
def test_an_export_of_wikipedia_is_known_by_its_first_element(tmp_path: Path, ending: str) -> None:
    data = b'<mediawiki xml:lang="en"><page><title>A</title><ns>0</ns><text>x</text></page></mediawiki>'
    path = tmp_path / f"dump.xml{ending}"
    path.write_bytes(PACKERS[ending[1:]](data) if ending else data)
    assert find_files(path).kind == "wikipedia"
    assert find_files(tmp_path).kind == "wikipedia"


def test_other_xml_is_plain_text_and_said_to_be(tmp_path: Path) -> None:
    found = find_files(make(tmp_path, "poems.xml", data=b"<poem>Rain</poem>") / "poems.xml")
    assert found.kind == "text"
    assert found.remarks == ("poems.xml is read as plain text, line by line; its marks are not told apart.",)


def test_files_and_folders_stand_in_the_order_of_their_whole_paths(tmp_path: Path) -> None:
    names = ["b/2.txt", "b/10.txt", "b.txt", "a/z/1.txt", "a/b.txt", "a-b/1.txt", "a.b/1.txt", "c.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("A line of text.\n")
    found = [source.path.relative_to(tmp_path).as_posix() for source in find_files(tmp_path).train]
    assert found == sorted(names, key=lambda name: name.split("/"))


def test_looking_for_garbage_goes_on_afterwards_even_where_nothing_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        find_files(tmp_path / "absent")
    assert gc.isenabled()


def test_links_that_lead_round_in_a_circle_are_skipped_and_told_of(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("A line of text.\n")
    (tmp_path / "texts" / "again").symlink_to("..")
    (tmp_path / "texts" / "ring.txt").symlink_to("ring.txt")
    (tmp_path / "first.txt").symlink_to("second.txt")
    (tmp_path / "second.txt").symlink_to("first.txt")
    found = find_files(tmp_path)
    assert [source.file_name for source in found.train] == ["a.txt"]
    assert found.remarks == (
        "first.txt, second.txt, again and 1 more were skipped: links are not followed out of the folder.",
    )
