"""The likeliest encoding of text that is not Unicode.

Three kinds are told apart in three ways. Chinese, Japanese and Korean: a few hundred signs make up most of any text, so
the right encoding is the one in which they abound. Other scripts (Cyrillic, Greek, Hebrew ...): charset-normalizer
tells them well, asked about several stretches, so that one damaged place spoils one vote only. Latin: the encodings
differ in a handful of letters, and the language whose letters are found decides; Windows-1252, by far the commonest,
wins a tie.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

_EAST_ASIAN = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
_OTHER_SCRIPTS = [
    "cp1251",
    "koi8_r",
    "koi8_u",
    "cp866",
    "iso8859_5",
    "cp1253",
    "cp1255",
    "cp1256",
    "cp874",
    "cp1252",
]
_FEWEST_COMMON_SIGNS = 0.14  # other scripts reach a tenth at most
_MOST_BAD_SIGNS = 0.05
_LETTERS = (
    ("cp1252", "àâæçéèêëîïôœùûüÿ"),  # French
    ("cp1252", "äöüßé"),  # German
    ("cp1252", "áéíñóúü"),  # Spanish
    ("cp1252", "àèéìíòóùú"),  # Italian
    ("cp1252", "ãáàâçéêíóôõúü"),  # Portuguese
    ("cp1252", "àçèéíïòóúü"),  # Catalan
    ("cp1252", "åäöéæø"),  # Scandinavian
    ("cp1252", "áéíóúýðþæö"),  # Icelandic
    ("cp1250", "ąćęłńóśźż"),  # Polish
    ("iso8859_2", "ąćęłńóśźż"),
    ("cp1250", "áčďéěíňóřšťúůýž"),  # Czech
    ("iso8859_2", "áčďéěíňóřšťúůýž"),
    ("cp1250", "áäčďéíĺľňóôŕšťúýž"),  # Slovak
    ("iso8859_2", "áäčďéíĺľňóôŕšťúýž"),
    ("cp1250", "áéíóöőúüű"),  # Hungarian
    ("cp1250", "čćđšž"),  # Croatian, Slovene
    ("iso8859_2", "čćđšž"),
    ("cp1250", "ăâîşţ"),  # Romanian
    ("cp1254", "çğıöşüâîi̇"),  # Turkish
    ("cp1257", "ąčęėįšųūž"),  # Lithuanian
    ("cp1257", "āčēģīķļņšūž"),  # Latvian
    ("cp1257", "äõöüšž"),  # Estonian
)
_BEST_BY = 0.05
# Letters that are never absent from a language, where its others would pass for those of another (Hungarian).
_NEVER_ABSENT = {"ãáàâçéêíóôõúü": "ãç"}
_TYPOGRAPHIC = frozenset("‘’‚“”„–—…•«»‹›¿¡ªº°§©®™€£ \u00a0")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SHORTEST_MEAN_RUN = 2.0
_STRETCHES = 9
_STRETCH_BYTES = 4096

# The commonest signs of Chinese (simplified, then those that traditional writing has of its own), of Japanese where
# it has forms of its own, and syllables of Korean.
_COMMON_HAN = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去"
    "法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点"
    "正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿"
    "原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德"
    "资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交"
    "规万取拉格望觉术领共确传师观清今切院让识候带导争运曰兵曹引城操备军云飞马玄德张酒店房间服务京股网价元奖招考考吃吗呢啊吧钱买卖"
    "這個們來為國時說會對過發後裡裏種經麼學現當沒動還進樣開實從軍無與長機業將兩間問戰頭體見產應話門題東聲員論處義認幾條氣變總電數報結"
    "務場計資許統區隊決馬書聽達強難權設記類據邊張該規萬術領確傳師觀導爭運讓識帶點關給並別沒於歸風雲飛山花春秋夜江長青草落葉歲何處君"
    "発対会気学実円県続広価応単図売読帰画当区関経済党議員連協選総改済朝社様食駅新店京私見思言"
)
_COMMON_HANGUL = (
    "이다는의에을가고지로하사기한리자어인도대나라시은를서으아들게해그정수있전보제일과여장원부스니주러성조상만구선오내동습마면없세신우거관실"
    "경국미것생안소치분모비공말음입문드용계발당트려위무중연심학유방교되영히던저행요적더운집터울계금결차초회반물든갈명두양단식민속될했었겠습"
    "까왔난날때른점카먹맛정말좋너무영화"
)
_MARKS = frozenset("，。、！？：；“”‘’（）《》「」『』…—·　．・〈〉【】ー")


def guess_encoding(sample: bytes) -> str:
    """The likeliest encoding of text that is not UTF-8, as a Python codec; ``cp1252`` where nothing speaks for any."""
    east_asian = max(_EAST_ASIAN, key=lambda encoding: _east_asian_score(sample, encoding))
    if _east_asian_score(sample, east_asian) >= _FEWEST_COMMON_SIGNS:
        return east_asian
    other = _vote(sample) if _has_foreign_words(sample) else None
    if other is not None and not _is_latin(sample.decode(other, "replace")):
        return other
    return _latin_encoding(sample)


def bad_share(sample: bytes, encoding: str) -> float:
    """Which part of the signs outside ASCII cannot be read in an encoding."""
    text = sample.decode(encoding, "replace")
    outside = sum(not sign.isascii() for sign in text)
    # The last sign may have been cut in the middle.
    return max(text.count("\ufffd") - (text[-1:] == "\ufffd"), 0) / max(outside, 1)


@lru_cache(maxsize=16)
def _east_asian_score(sample: bytes, encoding: str) -> float:
    """Which part of the signs outside ASCII is common where the encoding is at home."""
    if bad_share(sample, encoding) > _MOST_BAD_SIGNS:
        return 0.0
    signs = [sign for sign in sample.decode(encoding, "ignore") if not sign.isascii()]
    if not signs:
        return 0.0
    common = _common_signs(encoding)
    # Pairs of two bytes leave half as many signs as single bytes would be; each must be good.
    return sum(sign in common for sign in signs) / len(signs)


@cache
def _common_signs(encoding: str) -> frozenset[str]:
    kana = {chr(point) for point in range(0x3041, 0x30FE)}
    if encoding == "cp949":
        return frozenset(_COMMON_HANGUL) | _MARKS
    if encoding in ("cp932", "euc_jp"):
        return frozenset(_COMMON_HAN) | _MARKS | kana
    return frozenset(_COMMON_HAN) | _MARKS


def _has_foreign_words(sample: bytes) -> bool:
    """Whether bytes outside ASCII stand in words of their own, not singly between Latin letters."""
    runs = _HIGH_RUN.findall(sample)
    return sum(map(len, runs)) >= _SHORTEST_MEAN_RUN * max(len(runs), 1)


def _vote(sample: bytes) -> str | None:
    """The encoding most stretches of a text are likely to be in, by charset-normalizer."""
    from charset_normalizer import from_bytes

    votes: Counter[str] = Counter()
    for stretch in _stretches(sample):
        best = from_bytes(stretch, cp_isolation=_OTHER_SCRIPTS).best()
        if best is not None:
            votes[best.encoding] += 1
    return votes.most_common(1)[0][0] if votes else None


def _stretches(sample: bytes) -> list[bytes]:
    """Some runs of whole lines."""
    lines, size = sample.splitlines(keepends=True), max(len(sample) // _STRETCHES, 1)
    stretches, held = [], b""
    for line in lines:
        held += line[:_STRETCH_BYTES]
        if len(held) >= min(size, _STRETCH_BYTES):
            stretches.append(held)
            held = b""
    stretches.append(held)
    step = max(len(stretches) // _STRETCHES, 1)
    return [stretch for stretch in stretches[::step] if _HIGH_RUN.search(stretch)]


def _is_latin(text: str) -> bool:
    letters = [sign for sign in text if not sign.isascii() and sign.isalpha()]
    return sum("LATIN" in unicodedata.name(sign, "") for sign in letters) * 2 >= len(letters)


def _latin_encoding(sample: bytes) -> str:
    scores: dict[str, float] = {}
    for encoding, letters in _LETTERS:
        scores[encoding] = max(scores.get(encoding, 0.0), _letter_score(sample, encoding, letters))
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] > scores["cp1252"] + _BEST_BY else "cp1252"


@lru_cache(maxsize=64)
def _letter_score(sample: bytes, encoding: str, letters: str) -> float:
    """Which part of the signs outside ASCII are letters of a language, typographic marks aside."""
    text = sample.decode(encoding, "replace")
    if (never_absent := _NEVER_ABSENT.get(letters)) and not set(never_absent) & set(text.lower()):
        return 0.0
    signs = [sign for sign in text.lower() if not sign.isascii() and sign not in _TYPOGRAPHIC]
    return sum(sign in letters for sign in signs) / len(signs) if signs else 1.0
