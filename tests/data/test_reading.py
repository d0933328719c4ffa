"""Any text file or folder is read, or met with one sentence that names it."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptft_gui.core.errors import DataError
from ptft_gui.data.encoding import scan_file, scan_sample
from ptft_gui.data.reading import read_blocks
from ptft_gui.data.sources import find_files

FRENCH = "Le café était fermé, où êtes-vous allés à Noël ?\n" * 30
POLISH = "Zażółć gęślą jaźń. Wszystkie ludzie rodzą się wolni i równi pod względem godności.\n" * 30
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах.\n" * 30


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def text_of(path: Path) -> str:
    return "".join(read_blocks(scan_file(path)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_without_a_word(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.txt", FRENCH.encode(encoding))
    assert text_of(path) == FRENCH
    assert scan_file(path).notices() == []


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (FRENCH, "cp1252", "Windows-1252"),
        ("un café", "latin-1", "Windows-1252"),
        (POLISH, "cp1250", "Windows-1250"),
        (RUSSIAN, "cp1251", "Windows-1251"),
    ],
)
def test_other_encodings_are_guessed_and_said(tmp_path: Path, text: str, encoding: str, name: str) -> None:
    path = write(tmp_path / "survey.txt", text.encode(encoding))
    assert text_of(path) == text
    assert f"survey.txt was read as {name}" in scan_file(path).notices()[0]


def test_a_few_damaged_places_do_not_make_it_another_encoding(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", FRENCH.encode() + b"\xff\xfe kaputt \xff\n" + FRENCH.encode())
    file = scan_file(path)
    assert (file.encoding, file.bad_signs) == ("utf-8", 3)
    assert file.notices() == ["3 places in a.txt cannot be read as UTF-8 and became the sign \ufffd."]
    assert text_of(path).count("é") == FRENCH.count("é") * 2


def test_line_ends_of_all_systems_are_one(tmp_path: Path) -> None:
    assert text_of(write(tmp_path / "a.txt", b"a\r\nb\rc\nd")) == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"some text \x00\x01\x02 more", "zero bytes"),
        (bytes(range(1, 32)) * 20 + b"abc", "control signs"),
        (b"%PDF-1.7 text follows", "PDF"),
        (b"PK\x03\x04 docx", "ZIP"),
        (b"\x89PNG\r\n", "picture"),
    ],
)
def test_a_binary_file_is_refused_in_one_sentence(tmp_path: Path, data: bytes, seen: str) -> None:
    with pytest.raises(DataError) as caught:
        scan_file(write(tmp_path / "thing.txt", data))
    assert caught.value.message == "thing.txt is not a text file."
    assert seen in caught.value.detail
    assert caught.value.hint


def test_weights_of_a_model_are_not_to_be_saved_as_text(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        scan_file(write(tmp_path / "model.safetensors", b"\x10\0\0\0\0\0\0\0{}" + bytes(400)))
    assert caught.value.hint.startswith(
        "Files like this mostly hold a trained model: open it from the File menu"
    )


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^empty\.txt is empty\.$"):
        scan_file(write(tmp_path / "empty.txt", b""))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no file or folder named nowhere\.txt"):
        find_files(tmp_path / "nowhere.txt")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_forbidden_file_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.txt", b"secret")
    path.chmod(0)
    with pytest.raises(DataError, match=r"mine\.txt may not be read"):
        scan_file(path)


@given(st.binary(min_size=1, max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path / "any.txt", data)
    try:
        assert isinstance(text_of(path), str)
        assert scan_sample(path, [data], len(data)).encoding == scan_file(path).encoding
    except DataError as problem:
        assert problem.as_sentence().startswith("any.txt")  # noqa: PT017 - either is right


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("places", [(0, 101, 333), (0, 500, 501)])
def test_samples_may_begin_inside_a_sign(tmp_path: Path, encoding: str, places: tuple[int, ...]) -> None:
    data = FRENCH.encode(encoding)
    file = scan_sample(write(tmp_path / "a.txt", data), [data[at : at + 99] for at in places], len(data))
    assert (file.encoding, file.bad_signs) == (encoding, 0)


@given(st.text(min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_utf8_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    if "\0" in text:
        return  # zero bytes are another encoding, damage, or no text
    try:
        read = text_of(write(tmp_path / "any.txt", text.encode()))
    except DataError:
        return  # control signs, or it begins like another kind of file
    assert read == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def test_a_folder_is_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.TXT", "a.txt", "sub/c.md", ".hidden.txt", ".git/x.txt", "d.pdf", "e.text"):
        write(tmp_path / name, b"text")
    found = find_files(tmp_path)
    assert [source.path.relative_to(tmp_path).as_posix() for source in found.train] == [
        "a.txt",
        "b.TXT",
        "e.text",
        "sub/c.md",
    ]


def test_a_folder_without_text_says_what_it_holds(tmp_path: Path) -> None:
    write(tmp_path / "photo.jpg", b"x")
    with pytest.raises(DataError) as caught:
        find_files(tmp_path)
    assert "holds no text file" in caught.value.message
    assert ".jpg" in caught.value.detail


@pytest.mark.parametrize("name", ["dev", "val", "valid", "validation"])
def test_a_folder_brings_its_splits(tmp_path: Path, name: str) -> None:
    for stem in ("train", name, "test", "readme"):
        write(tmp_path / f"{stem}.txt", b"text")
    found = find_files(tmp_path)
    assert [[source.stem for source in part] for part in (found.train, found.val, found.test)] == [
        ["train"],
        [name],
        ["test"],
    ]
    assert "test.txt was left aside" in found.notices()[0]


def test_a_lone_train_file_is_an_ordinary_text(tmp_path: Path) -> None:
    write(tmp_path / "train.txt", b"text")
    write(tmp_path / "more.txt", b"text")
    assert len(find_files(tmp_path).train) == 2
