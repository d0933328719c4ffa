"""Archives are read where they lie; those that could do harm are refused, with the member that shows it."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptft_gui.core.errors import DataError
from ptft_gui.data import archives
from ptft_gui.data.corpus import prepare_corpus
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.sources import find_files
from tests.data.nasty_files import (
    PACKERS,
    TEXT,
    encrypted_zip,
    tar_of,
    tar_with,
    zip_of,
    zip_with_link,
)

TEXT_BYTES = TEXT.encode()


def refusal(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        find_files(path)
    assert caught.value.hint
    return caught.value


def texts(path: Path) -> dict[str, bytes]:
    found = {}
    for source in find_files(path).train:
        with source.open() as stream:
            found[source.name] = stream.read()
    return found


@pytest.mark.parametrize("mode", ["zip", "w", "w:gz", "w:bz2", "w:xz"])
def test_texts_inside_archives_are_found_and_read(tmp_path: Path, mode: str) -> None:
    members = {
        "poems/b.txt": b"Second text.",
        "poems/a.txt": TEXT_BYTES,
        "poems/.hidden.txt": b"no",
        "__MACOSX/poems/._a.txt": b"no",
        "poems/cover.jpg": b"\xff\xd8\xff",
    }
    path = tmp_path / "my.archive"
    (zip_of(path, members) if mode == "zip" else tar_of(path, members, mode))
    assert texts(path) == {
        "poems/a.txt in my.archive": TEXT_BYTES,
        "poems/b.txt in my.archive": b"Second text.",
    }
    assert find_files(path).remarks == ("cover.jpg was left aside: the other files are of another kind.",)


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_members_that_point_outside_are_refused(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    members = {"good.txt": TEXT_BYTES, name: b"bad"}
    (zip_of(path, members) if kind == "zip" else tar_of(path, members))
    problem = refusal(path)
    assert problem.message == f"a.{kind} was not opened: a member of it points outside of it."
    assert "out.txt" in problem.detail
    assert list(tmp_path.parent.glob("out.txt")) == []


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    problem = refusal(tar_with(tmp_path / "a.tar", "odd.txt", kind, "/etc/passwd"))
    assert problem.as_sentence().startswith(
        "a.tar was not opened: a member of it is a link or a device, not a file. The member is odd.txt."
    )


def test_links_in_a_zip_are_refused(tmp_path: Path) -> None:
    assert "link.txt" in refusal(zip_with_link(tmp_path / "a.zip")).detail


def test_an_encrypted_zip_says_the_way_out(tmp_path: Path) -> None:
    problem = refusal(encrypted_zip(tmp_path / "a.zip"))
    assert problem.message == "a.zip is protected by a password."
    assert "secret.txt" in problem.detail
    assert "Unpack it with its password" in problem.hint


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_an_empty_archive_is_empty(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    (zip_of(path, {}) if kind == "zip" else tar_of(path, {}))
    assert refusal(path).message == f"a.{kind} is empty."


def test_an_archive_of_pictures_holds_no_text(tmp_path: Path) -> None:
    problem = refusal(zip_of(tmp_path / "a.zip", {"1.jpg": b"\xff\xd8\xff", "2.png": b"\x89PNG"}))
    assert problem.as_sentence().startswith("a.zip holds no text file. It holds files ending in .jpg, .png.")


def test_archives_inside_archives_are_named_not_opened(tmp_path: Path) -> None:
    inner = zip_of(tmp_path / "inner.zip", {"a.txt": TEXT_BYTES}).read_bytes()
    problem = refusal(zip_of(tmp_path / "outer.zip", {"inner.zip": inner}))
    assert "It holds inner.zip, and archives inside archives are not opened." in problem.as_sentence()
    path = zip_of(tmp_path / "both.zip", {"inner.zip": inner, "b.txt": TEXT_BYTES})
    assert find_files(path).remarks == ("inner.zip was left aside: the other files are of another kind.",)


def test_a_zip_that_claims_to_hold_too_much_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.txt", "w") as out:
        for _ in range(120):
            out.write(bytes(1 << 20))
    assert refusal(path).message == "bomb.zip unpacks to more than is safe to read."


def test_a_tar_that_claims_to_hold_too_much_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED_BYTES", 100)
    path = tar_of(tmp_path / "a.tar", {"a.txt": TEXT_BYTES, "b.txt": TEXT_BYTES})
    assert refusal(path).message == "a.tar unpacks to more than is safe to read."


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_too_many_members_are_refused(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    path = tmp_path / f"a.{kind}"
    members = {f"{number}.txt": b"x" for number in range(4)}
    (zip_of(path, members) if kind == "zip" else tar_of(path, members))
    assert refusal(path).message == f"a.{kind} holds more files than can be read from an archive."


def test_a_header_of_endless_length_is_not_believed(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 4 << 30
    path = tmp_path / "a.tar"
    path.write_bytes(info.tobuf(tarfile.USTAR_FORMAT) + bytes(1 << 20))
    assert refusal(path).message == "a.tar is damaged and cannot be unpacked."


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_archives_that_were_cut_off_are_refused(tmp_path: Path, name: str, share: float) -> None:
    path, members = tmp_path / name, {f"{number}.txt": bytes(range(32, 127)) * 99 for number in range(9)}
    if name == "a.zip":
        zip_of(path, members, zipfile.ZIP_STORED)
    else:
        tar_of(path, members, "w:gz" if name.endswith("gz") else "w")
    data = path.read_bytes().rstrip(b"\0")
    path.write_bytes(data[: int(len(data) * share)])
    assert name in refusal(path).message


def test_a_damaged_member_is_named_when_it_is_read(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"a.txt": TEXT_BYTES * 9}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"queen", b"quean", 1))
    with pytest.raises(DataError) as caught:
        texts(path)
    assert caught.value.message == "a.txt in a.zip is damaged and cannot be unpacked."


def test_documents_that_are_zip_archives_inside_are_no_archives(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "table.xlsx", {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    found = find_files(path)
    assert (found.kind, found.archive) == ("table", None)
    letter = zip_of(tmp_path / "letter.txt", {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    with pytest.raises(DataError, match=r"^letter\.txt is not a text file\.$"):
        prepare_corpus(CorpusRequest(str(letter)), tmp_path / "cache")


def test_separators_among_the_bytes_of_a_document_make_no_table_of_it(tmp_path: Path) -> None:
    lines = b"".join(b"a,b,%d\n" % number for number in range(50))
    members = {"[Content_Types].xml": b"<x/>", "word/document.xml": lines}
    letter = zip_of(tmp_path / "letter.txt", members, zipfile.ZIP_STORED)
    with pytest.raises(DataError, match=r"^letter\.txt is not a text file\.$"):
        prepare_corpus(CorpusRequest(str(letter)), tmp_path / "cache")


def test_names_of_old_programs_are_read_in_their_encoding(tmp_path: Path) -> None:
    raw = "诗歌.txt".encode("gb18030")
    path = tmp_path / "a.zip"
    info = zipfile.ZipInfo("xxxx.txt")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, TEXT)
    path.write_bytes(path.read_bytes().replace(b"xxxx.txt", raw))
    assert list(texts(path)) == ["诗歌.txt in a.zip"]


def test_a_name_cannot_disturb_the_line_it_stands_in(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"a\n\x1b[31m\u202ered.txt": TEXT_BYTES})
    assert list(texts(path)) == ["a\ufffd\ufffd[31m\ufffdred.txt in a.zip"]


@given(st.integers(0, 4000), st.integers(0, 255), st.sampled_from(["zip", "tar", "tgz"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
def test_a_wrong_byte_anywhere_ends_in_texts_or_words(
    tmp_path: Path, place: int, value: int, kind: str
) -> None:
    path, members = tmp_path / f"a.{kind}", {"d/a.txt": TEXT_BYTES, "d/b.txt.gz": PACKERS["gz"](TEXT_BYTES)}
    if kind == "zip":
        zip_of(path, members)
    else:
        tar_of(path, members, "w:gz" if kind == "tgz" else "w")
    data = bytearray(path.read_bytes())
    data[place % len(data)] = value
    path.write_bytes(data)
    try:
        assert isinstance(texts(path), dict)
    except DataError as problem:
        assert f"a.{kind}" in problem.as_sentence()  # noqa: PT017 - either is right


def test_a_zip_trains_like_its_folder(tmp_path: Path) -> None:
    members = {f"{number:02}.txt": f"Text number {number}. {TEXT}".encode() for number in range(30)}
    for name, data in members.items():
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(data)
    archive = zip_of(tmp_path / "a.zip", {f"folder/{name}": data for name, data in members.items()})
    packed = tar_of(tmp_path / "a.tgz", {f"folder/{name}": data for name, data in members.items()}, "w:gz")
    plain, *others = (
        prepare_corpus(CorpusRequest(str(path)), tmp_path / "cache")
        for path in (tmp_path / "folder", archive, packed)
    )
    for corpus in others:
        assert list(corpus.train_sentences()) == list(plain.train_sentences())
        assert corpus.facts["documents"] == plain.facts["documents"] == 30
        assert corpus.folder != plain.folder


def test_a_tar_of_the_oldest_kind_is_known(tmp_path: Path) -> None:
    """A tar without any mark is told by its name and the sum in its header."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo("old.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT_BYTES))
    header = bytearray(out.getvalue())
    header[257:265] = bytes(8)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    (tmp_path / "old.tar").write_bytes(header)
    assert texts(tmp_path / "old.tar") == {"old.txt in old.tar": TEXT_BYTES}


def test_a_member_without_a_name_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"name.txt": TEXT_BYTES})
    path.write_bytes(path.read_bytes().replace(b"name.txt", b"\0ame.txt"))
    assert refusal(path).message == "a.zip was not opened: a member of it has a name that no file can have."
