"""A file is read to its end as it was, or one sentence says what is wrong; nothing is unpacked beyond measure."""

import os
import tarfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptft_gui.core.errors import DataError
from ptft_gui.data import bytesource, compression
from ptft_gui.data.bytesource import ByteSource, source_of
from ptft_gui.data.encoding import scan_file
from ptft_gui.data.sources import find_files
from tests.data.nasty_files import PACKERS, TEXT, bomb, tar_of, zip_of

LONG = (TEXT * 5000).encode()


def only(path: Path) -> ByteSource:
    """The one file that a path stands for."""
    (source,) = find_files(path).train
    return source


def read(source: ByteSource) -> bytes:
    with source.open() as stream:
        return stream.read()


class Length(bytearray):
    """Keeps only how much was added."""

    length = 0

    def __iadd__(self, data: Any) -> Any:
        self.length += len(data)
        return self


def read_into(got: bytearray, source: ByteSource, count: int) -> None:
    with source.open() as stream:
        while block := stream.read1(count):
            got += block


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("name", ["a.txt.{}", "A.TXT.{}", "wrong.txt", "none"])
def test_compressed_files_are_unpacked_whatever_their_ending(tmp_path: Path, kind: str, name: str) -> None:
    ending = kind.upper() if name.isupper() else kind
    path = tmp_path / name.format(ending)
    path.write_bytes(PACKERS[kind](LONG))
    assert read(source_of(path)) == LONG


def test_a_file_whose_ending_promises_too_much_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(LONG)
    assert read(source_of(path)) == LONG
    assert source_of(path).suffix == ".txt"


@pytest.mark.parametrize(
    ("name", "suffix", "stem"),
    [
        ("Reviews.CSV.GZ", ".csv", "Reviews"),
        ("train.all.bmes", ".bmes", "train.all"),
        ("54164", "", "54164"),
        ("chapter.12", "", "chapter.12"),
        (".hidden", "", ".hidden"),
        (
            "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2",
            ".xml",
            "enwiki-latest-pages-articles1",
        ),
    ],
)
def test_endings_are_told_apart(tmp_path: Path, name: str, suffix: str, stem: str) -> None:
    source = ByteSource(str(tmp_path / name), 0, 0)
    assert (source.suffix, source.stem) == (suffix, stem)


@pytest.mark.parametrize("kind", PACKERS)
def test_files_of_several_streams_are_read_to_the_end(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.txt.{kind}"
    path.write_bytes(PACKERS[kind](b"one ") + PACKERS[kind](b"two"))
    assert read(source_of(path)) == b"one two"


@pytest.mark.parametrize("kind", PACKERS)
def test_a_file_that_was_cut_off_says_how_much_could_be_read(tmp_path: Path, kind: str) -> None:
    data = os.urandom(300_000)
    packed = PACKERS[kind](data)
    path = tmp_path / f"a.txt.{kind}"
    path.write_bytes(packed[: len(packed) // 2])
    got = bytearray()
    with pytest.raises(DataError) as caught:
        read_into(got, source_of(path), 1000)
    assert caught.value.message == f"a.txt.{kind} is not complete: it breaks off in the middle."
    assert "bytes could be unpacked" in caught.value.detail
    assert data.startswith(bytes(got))


@pytest.mark.parametrize("kind", PACKERS)
def test_a_damaged_file_is_named(tmp_path: Path, kind: str) -> None:
    packed = bytearray(PACKERS[kind](os.urandom(100_000)))
    packed[1000:1100] = b"\xff" * 100
    packed[-10:] = bytes(10)
    path = tmp_path / f"a.txt.{kind}"
    path.write_bytes(packed)
    with pytest.raises(DataError, match=rf"^a\.txt\.{kind} is (damaged|not complete)"):
        read(source_of(path))


@pytest.mark.parametrize("kind", PACKERS)
def test_a_bomb_is_stopped_early_and_in_flat_memory(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "RATIO_FREE_BYTES", 10 << 20)
    path = tmp_path / f"bomb.txt.{kind}"
    path.write_bytes(bomb(kind, 50))
    tracemalloc.start()
    with pytest.raises(DataError) as caught:
        read_into(got := Length(), source_of(path), 1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.message == f"bomb.txt.{kind} unpacks to more than is safe to read."
    assert got.length <= 11 << 20
    assert peak < 70 << 20


def test_many_small_bombs_are_one_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "RATIO_FREE_BYTES", 10 << 20)
    packed = PACKERS["gz"](bytes(9 << 20))
    path = zip_of(tmp_path / "many.zip", {f"{number}.txt.gz": packed for number in range(3)})
    sources = find_files(path).train
    with pytest.raises(DataError, match=r"^many\.zip unpacks to more than is safe"):
        list(map(read, sources))


def test_there_is_a_limit_to_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "RATIO_FREE_BYTES", 1000)
    monkeypatch.setattr(compression, "MOST_UNPACKED_BYTES", 50_000)
    path = tmp_path / "a.txt.gz"
    path.write_bytes(PACKERS["gz"](os.urandom(60_000)))
    with pytest.raises(DataError, match="unpacks to more than is safe"):
        read(source_of(path))


def test_a_file_that_vanishes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    source = source_of(path)
    path.unlink()
    with pytest.raises(DataError, match=r"^There is no file a\.txt any more\.$"):
        source.open()


def test_a_file_that_grows_is_read_to_the_size_it_had(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    source = source_of(path)
    with open(path, "a") as more:
        more.write("More.\n")
    assert read(source) == TEXT.encode()
    assert source.has_changed()
    assert scan_file(source).notices() == [
        f"a.txt grew while it was read; its first {len(TEXT)} bytes were used."
    ]


@pytest.mark.parametrize("change", ["shorter", "other"])
def test_a_file_that_is_another_by_now_is_not_read(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    source = source_of(path)
    path.write_text(TEXT[:-10] if change == "shorter" else TEXT.upper())
    os.utime(path, ns=(1, 1))
    with pytest.raises(DataError, match=r"^a\.txt was changed while it was read\.$"):
        source.open()


def test_a_file_cut_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(LONG * 4)
    with source_of(path).open() as stream:
        stream.read(10)
        os.truncate(path, len(LONG))
        with pytest.raises(DataError, match=r"^a\.txt was changed while it was read\.$"):
            stream.read()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (tmp_path / "pipe.txt", Path(os.devnull)):
        with pytest.raises(DataError, match="is not a file that can be read"):
            find_files(path)


def test_a_real_file_is_made_where_one_is_needed(tmp_path: Path) -> None:
    plain = tmp_path / "a.csv"
    plain.write_bytes(LONG)
    assert source_of(plain).as_file(tmp_path / "cache") == plain
    packed = only(zip_of(tmp_path / "a.zip", {"deep/Table.CSV.gz": PACKERS["gz"](LONG)}))
    made = packed.as_file(tmp_path / "cache")
    assert made.read_bytes() == LONG
    assert made.suffix == ".csv"
    assert packed.as_file(tmp_path / "cache") == made
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [made.name]


def test_nothing_half_written_stays_of_a_real_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(PACKERS["gz"](os.urandom(3 << 20))[: 2 << 20])
    with pytest.raises(DataError, match="not complete"):
        source_of(path).as_file(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_full_disk_is_told_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytesource, "_FREE_BYTES_LEFT", 1 << 62)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(PACKERS["gz"](LONG))
    with pytest.raises(DataError, match=r"not enough room on the disk to unpack a\.csv\.gz"):
        source_of(path).as_file(tmp_path / "cache")


def test_how_far_a_file_has_been_read_is_told_in_bytes_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(PACKERS["gz"](os.urandom(3 << 20)))
    source = source_of(path)
    with source.open() as stream:
        stream.read(1 << 20)
        assert 0.25 < stream.passed_bytes / source.size_bytes < 0.5
        stream.read()
        assert stream.passed_bytes == source.size_bytes


@given(
    st.binary(max_size=400),
    st.sampled_from(["a.txt", "a.txt.gz", "a.bz2", "a.xz", "a.zst", "a.zip", "a.tar", "a.tgz"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_under_any_name_are_read_or_refused_in_words(
    tmp_path: Path, data: bytes, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    try:
        for source in find_files(path).train:
            assert len(read(source)) >= 0
    except DataError as problem:
        assert name in problem.as_sentence()  # noqa: PT017 - either is right


@given(st.sampled_from(sorted(PACKERS)), st.integers(0, 10_000), st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
def test_a_wrong_byte_anywhere_ends_in_text_or_words(
    tmp_path: Path, kind: str, place: int, value: int
) -> None:
    packed = bytearray(PACKERS[kind]((TEXT * 20).encode()))
    packed[place % len(packed)] = value
    path = tmp_path / f"a.txt.{kind}"
    path.write_bytes(packed)
    try:
        assert isinstance(read(source_of(path)), bytes)
    except DataError as problem:
        assert f"a.txt.{kind}" in problem.message  # noqa: PT017 - either is right


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_members_can_be_read_in_any_order_and_side_by_side(tmp_path: Path, mode: str) -> None:
    members = {f"{number}.txt": f"text {number} ".encode() * 1000 for number in range(5)}
    files = find_files(tar_of(tmp_path / "a.tar", members, mode))
    sources = {source.file_name: source for source in files.train}
    for name in ("3.txt", "0.txt", "4.txt"):
        assert read(sources[name]) == members[name]
    with sources["1.txt"].open() as first, sources["2.txt"].open() as second:
        assert first.read(7) == b"text 1 "
        assert second.read() == members["2.txt"]
        assert first.read() == members["1.txt"][7:]


def test_a_tar_in_zst_is_an_archive(tmp_path: Path) -> None:
    tar = tar_of(tmp_path / "a.tar", {"x/a.txt": LONG})
    packed = tmp_path / "a.tar.zst"
    packed.write_bytes(PACKERS["zst"](tar.read_bytes()))
    assert read(only(packed)) == LONG
    assert only(packed).name == "x/a.txt in a.tar.zst"
    assert tarfile.is_tarfile(tar)
