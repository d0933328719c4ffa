"""Text in any common encoding is read as it was meant, and the guess is said."""

from pathlib import Path

import pytest

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.corpus import prepare_corpus
from ptft_gui.data.encoding import candidates, scan_file
from ptft_gui.data.reading import read_blocks
from ptft_gui.data.request import CorpusRequest

TEXTS = {
    "zh": "今天北京的天气很好，我们在新开的饭店吃了午饭，大家都说那里的菜非常好吃。\n",
    "zht": "今天台北的天氣很好，我們在新開的飯店吃了午飯，大家都說那裡的菜非常好吃。\n",
    "ja": "今日の東京は晴れです。新しい駅前の店で、昼食にカレーを食べました。とても美味しかったです。\n",
    "ko": "오늘 서울의 날씨는 맑습니다. 새로 생긴 가게에서 점심으로 카레를 먹었어요.\n",
    "ru": "Сегодня в Москве хорошая погода. Мы обедали в новом кафе, и всё было очень вкусно.\n",
    "el": "Σήμερα ο καιρός στην Αθήνα είναι καλός. Φάγαμε μεσημεριανό σε ένα νέο εστιατόριο.\n",
    "he": "היום מזג האוויר בירושלים נאה. אכלנו צהריים במסעדה חדשה, והכול היה טעים מאוד.\n",
    "fr": "Il fait beau à Paris aujourd’hui. Nous avons déjeuné là où le café était fermé hier.\n",
    "pl": "Dziś w Łodzi jest ładna pogoda. Zjedliśmy obiad w nowej restauracji, było świetnie.\n",
    "cs": "Dnes je v Plzni hezké počasí. Obědvali jsme v nové restauraci a všechno bylo výborné.\n",
    "hu": "Ma szép idő van Győrben. Egy új étteremben ebédeltünk, és minden nagyon ízlett nekünk, főleg a sült hús.\n",
    "tr": "Bugün İzmir'de hava çok güzel. Yeni açılan lokantada öğle yemeği yedik, hoş bir gündü, ışıl ışıl.\n",
    "lt": "Šiandien Vilniuje gražus oras. Pietavome naujoje kavinėje, ir viskas buvo labai skanu, ačiū jūsų.\n",
}
CASES = [
    ("zh", "gb18030", "GB18030"),
    ("zht", "big5", "Big5"),
    ("ja", "cp932", "Shift-JIS"),
    ("ja", "euc_jp", "EUC-JP"),
    ("ko", "euc_kr", "EUC-KR"),
    ("ru", "cp1251", "Windows-1251"),
    ("ru", "koi8_r", "KOI8-R"),
    ("ru", "cp866", "DOS Cyrillic (866)"),
    ("el", "cp1253", "Windows-1253"),
    ("he", "cp1255", "Windows-1255"),
    ("fr", "cp1252", "Windows-1252"),
    ("pl", "cp1250", "Windows-1250"),
    ("pl", "iso8859_2", "ISO-8859-2"),
    ("cs", "cp1250", "Windows-1250"),
    ("hu", "cp1250", "Windows-1250"),
    ("tr", "cp1254", "Windows-1254"),
    ("lt", "cp1257", "Windows-1257"),
]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def text_of(path: Path, encoding: str | None = None) -> str:
    return "".join(read_blocks(scan_file(path, encoding=encoding)))


@pytest.mark.parametrize("repeat", [1, 500])
@pytest.mark.parametrize(("language", "encoding", "name"), CASES)
def test_texts_of_many_countries_are_read(
    tmp_path: Path, language: str, encoding: str, name: str, repeat: int
) -> None:
    text = TEXTS[language] * repeat
    path = write(tmp_path / "a.txt", text.encode(encoding))
    assert text_of(path) == text
    assert scan_file(path).notices()[0].startswith(f"a.txt was read as {name}, because it is not UTF-8.")


@pytest.mark.parametrize(("language", "encoding", "name"), CASES)
def test_damage_does_not_hide_the_encoding(tmp_path: Path, language: str, encoding: str, name: str) -> None:
    lines = (TEXTS[language] * 300).encode(encoding).split(b"\n")
    lines[150] = b"\xff\x81\xff" + lines[150]
    assert scan_file(write(tmp_path / "a.txt", b"\n".join(lines))).encoding_name == name


@pytest.mark.parametrize("language", ["zh", "ja", "ru", "fr"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark_are_known_by_their_zeros(
    tmp_path: Path, language: str, encoding: str
) -> None:
    path = write(tmp_path / "a.txt", (TEXTS[language] * 3).encode(encoding))
    assert text_of(path) == TEXTS[language] * 3
    assert "was read as UTF-" in scan_file(path).notices()[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_settles_it(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.txt", TEXTS["zh"].encode(encoding))
    assert text_of(path) == TEXTS["zh"]
    assert scan_file(path).notices() == []


def test_single_foreign_signs_in_english_are_windows_1252(tmp_path: Path) -> None:
    for number, data in enumerate(
        [b"a caf\xe9\n", b"\xff\n", b"wait \x85 what\n", b" \xfe Blue Wave \xfe\n"]
    ):
        assert scan_file(write(tmp_path / f"{number}.txt", data)).encoding == "cp1252"
    assert text_of(tmp_path / "2.txt") == "wait … what\n"


def test_zero_bytes_here_and_there_are_counted_and_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", b"\0" + TEXTS["fr"].encode() * 20 + b"the\0end\n")
    assert scan_file(path).notices() == [
        "2 zero bytes in a.txt, which text never holds, became the sign \ufffd."
    ]
    assert text_of(path) == "\ufffd" + TEXTS["fr"] * 20 + "the\ufffdend\n"


def test_zero_bytes_far_behind_the_start_are_found(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", b"text " * 300_000 + bytes(100_000))
    with pytest.raises(DataError, match=r"^a\.txt is not a text file\.$"):
        scan_file(path)


def test_a_mixture_of_encodings_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXTS["fr"].encode() * 40 + TEXTS["fr"].encode("cp1252") * 10)
    file = scan_file(path)
    assert file.encoding == "utf-8"
    assert "cannot be read as UTF-8 and became the sign \ufffd. The file mixes encodings" in file.notices()[0]


def test_what_a_guess_cannot_read_is_counted_when_the_text_is_prepared(tmp_path: Path) -> None:
    lines = [*[TEXTS["zh"].encode("gb18030")] * 50, b"\xff\xff \xff\n"]
    path = write(tmp_path / "a.txt", b"".join(lines))
    notices = prepare_corpus(CorpusRequest(str(path)), tmp_path / "cache").facts["notices"]
    assert any("places in a.txt cannot be read as GB18030" in notice for notice in notices)


def test_the_encoding_a_person_chose_wins(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXTS["ru"].encode("koi8_r") * 10)
    assert text_of(path, "cp1251") == TEXTS["ru"].encode("koi8_r").decode("cp1251") * 10
    request = CorpusRequest(str(path), read=ReadOptions(encoding="koi8-r"))
    corpus = prepare_corpus(request, tmp_path / "cache")
    assert "москве" in corpus.word_counts()
    assert corpus.facts["files"][0]["encoding"] == "KOI8-R"
    other = prepare_corpus(CorpusRequest(str(path), read=ReadOptions(encoding="cp1251")), tmp_path / "cache")
    assert other.folder != corpus.folder
    assert "москве" not in other.word_counts()


def test_a_chosen_encoding_that_does_not_fit_says_how_much_is_lost(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "un café\n".encode("cp1252"))
    assert scan_file(path, encoding="utf8").notices() == [
        "1 place in a.txt cannot be read as UTF-8 and became the sign \ufffd."
    ]


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "", "utf-8\0"])
def test_an_encoding_that_does_not_exist_is_named(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.txt", b"text")
    if not name:
        assert scan_file(path, encoding=name).encoding == "utf-8"
        return
    with pytest.raises(DataError, match=r"^There is no encoding named"):
        scan_file(path, encoding=name)


@pytest.mark.parametrize(("language", "encoding", "name"), CASES)
def test_the_likeliest_encodings_are_shown_with_what_they_make_of_the_text(
    language: str, encoding: str, name: str
) -> None:
    found = candidates(b"An ASCII beginning.\n" * 100 + (TEXTS[language] * 9).encode(encoding))
    assert found[0].name == name
    assert found[0].beginning.startswith(TEXTS[language])
    assert 2 <= len(found) <= 8
    assert len({candidate.beginning for candidate in found}) == len(found)


def test_plain_ascii_has_one_candidate() -> None:
    assert [candidate.name for candidate in candidates(b"Only ASCII.\n")] == ["UTF-8"]
    assert [candidate.name for candidate in candidates(b"")] == ["UTF-8"]
    assert candidates(bytes(100))[0].name


def test_files_of_two_encodings_joined_in_equal_parts_are_told_as_a_mixture(tmp_path: Path) -> None:
    path = tmp_path / "joined.txt"
    lines = [f"Für uns war Tag {n} größer als sonst.\n" for n in range(40)]
    path.write_bytes("".join(lines).encode() + "".join(lines).encode("latin-1"))
    found = scan_file(path)
    assert found.encoding == "utf-8"
    assert found.notices() == [
        "120 places in joined.txt cannot be read as UTF-8 and became the sign \ufffd. "
        "The file mixes encodings: save all of it as UTF-8 to keep them."
    ]
