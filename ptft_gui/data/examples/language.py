"""In which language the texts of a column are written, from a bounded sample of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ptft_gui.data.examples.copies import EMPTY, Hashes

SAMPLE_TEXTS = 400
SAMPLE_CHARACTERS = 400
SMALLEST_SHARE = 0.03
_ROUNDS = 25
_LEAST_LETTERS = 20
"""A sample with fewer letters says nothing."""
_ENOUGH_LETTERS = 10
"""A text with fewer letters counts for less."""

# What belongs together for the reader: dialects and second codes of one language.
_SAME = {
    "wuu": "zh", "yue": "zh", "nn": "no", "pcm": "en", "ary": "ar", "arz": "ar", "uzs": "uz", "sdh": "ku",
    "gug": "gn", "hbo": "he", "gcf": "ht", "gcr": "ht", "ext": "es", "ltg": "lv",
}  # fmt: skip
_NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "az": "Azerbaijani", "be": "Belarusian",
    "bg": "Bulgarian", "bn": "Bengali", "br": "Breton", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "fy": "Frisian", "ga": "Irish",
    "gd": "Scottish Gaelic", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "ig": "Igbo",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "jv": "Javanese", "ka": "Georgian", "kk": "Kazakh",
    "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "la": "Latin", "lg": "Ganda",
    "ln": "Lingala", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mg": "Malagasy", "mk": "Macedonian",
    "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "my": "Burmese", "ne": "Nepali",
    "nl": "Dutch", "no": "Norwegian", "om": "Oromo", "or": "Odia", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto",
    "pt": "Portuguese", "qu": "Quechua", "ro": "Romanian", "ru": "Russian", "sa": "Sanskrit", "si": "Sinhala",
    "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "ug": "Uyghur",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "xh": "Xhosa", "yo": "Yoruba", "zh": "Chinese",
    "zu": "Zulu", "ace": "Acehnese", "bcl": "Bikol", "dz": "Dzongkha", "gn": "Guarani", "gom": "Konkani",
    "grc": "Ancient Greek", "kik": "Kikuyu", "nso": "Northern Sotho", "rw": "Kinyarwanda", "se": "Northern Sami",
    "sn": "Shona", "st": "Sotho", "an": "Aragonese", "crh": "Crimean Tatar", "fo": "Faroese", "fuv": "Fulfulde",
    "guw": "Gun", "kab": "Kabyle", "lb": "Luxembourgish", "lij": "Ligurian", "wa": "Walloon", "ba": "Bashkir",
    "mt": "Maltese", "oc": "Occitan", "tg": "Tajik", "tk": "Turkmen", "tt": "Tatar", "vec": "Venetian", "vo": "Volapük",
}  # fmt: skip
_NO_LANGUAGE = "zxx"
_WITHOUT_SPACES = frozenset({"zh", "ja"})


@dataclass(frozen=True)
class Language:
    """One language of a sample: its code (ISO 639), English name, and share of the texts."""

    code: str
    name: str
    share: float


class TextSample:
    """A bounded sample, spread evenly over a whole column: the texts whose hashes are smallest. Which ones they are
    does not depend on how the column came in batches; copies are in it once."""

    def __init__(self, size: int = SAMPLE_TEXTS) -> None:
        self._size = size
        self._hashes: Hashes = np.empty(0, np.uint64)
        self._texts: npt.NDArray[np.object_] = np.empty(0, object)
        self._languages: tuple[Language, ...] | None = None

    def add(self, hashes: Hashes, texts: pl.Series) -> None:
        """Texts (``pl.String``) and their hashes, by :mod:`ptft_gui.data.examples.copies`."""
        is_candidate = hashes != EMPTY
        if len(self._hashes) == self._size:
            is_candidate &= hashes < self._hashes[-1]
        if not is_candidate.any():
            return
        new = texts.filter(pl.Series(is_candidate)).str.slice(0, SAMPLE_CHARACTERS).to_numpy()
        merged, first = np.unique(np.concatenate([self._hashes, hashes[is_candidate]]), return_index=True)
        self._texts = np.concatenate([self._texts, new])[first[: self._size]]
        self._hashes = merged[: self._size].copy()
        self._languages = None

    def texts(self) -> list[str]:
        return list(self._texts)

    def languages(self) -> tuple[Language, ...]:
        """As `languages_of` the texts held; found out again only after the sample has changed."""
        if self._languages is None:
            self._languages = languages_of(self.texts())
        return self._languages


def languages_of(texts: Iterable[str]) -> tuple[Language, ...]:
    """The languages of these texts, the most frequent first; those below three in a hundred are passed over.

    Short texts are hard to tell one by one, so they help each other: what is likely for all of them weighs on what each
    one is taken for (the shares of a mixture, found by expectation and maximisation). Empty when the texts hold too few
    letters to tell.
    """
    sample = [_joined(text[:SAMPLE_CHARACTERS]) for text in texts if text and any(map(str.isalpha, text))]
    letters = np.array([sum(map(str.isalpha, text)) for text in sample], float)
    if letters.sum() < _LEAST_LETTERS and not any(map(_is_spaceless, sample)):
        return ()
    codes, scores = _scores(sample)
    shares = _mixture(scores, np.minimum(letters, _ENOUGH_LETTERS))
    if np.median(letters) < _ENOUGH_LETTERS and shares.max() < 0.5:
        return ()  # single names and the like; they belong to many languages at once
    kept = [(codes[index], float(shares[index])) for index in np.argsort(-shares)]
    kept = [(code, share) for code, share in kept if share >= SMALLEST_SHARE and code != _NO_LANGUAGE]
    total = sum(share for _, share in kept)
    return tuple(Language(code, _NAMES.get(code, code), share / total) for code, share in kept)


def _joined(text: str) -> str:
    """White space folded; Chinese and Japanese signs that stand between spaces, as tagged text has them, joined."""
    words = text.split()
    return ("" if sum(map(_is_spaceless, words)) * 2 > len(words) else " ").join(words)


def _is_spaceless(text: str) -> bool:
    return any("\u3040" <= sign <= "\u9fff" for sign in text)


def _scores(texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Codes, and the logarithm of each text's likelihood under each, shape (texts, codes).

    The program's own likelihoods treat every run of letters as independent and are far too sure; divided by the square
    root of the length they are about right.
    """
    import py3langid  # it takes a while, and not everybody asks

    rows: list[dict[str, float]] = []
    for text in texts:
        row: dict[str, float] = {}
        for label, score in py3langid.rank(text):
            code = _SAME.get(label, label)
            row[code] = max(score, row.get(code, score))
        rows.append(row)
    codes = sorted(rows[0])
    scores = np.array([[row[code] for code in codes] for row in rows], np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    lengths = np.array([len(text.encode()) for text in texts], np.float64)
    return codes, scores / np.sqrt(lengths)[:, None]


def _mixture(scores: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The share of each column, shape (codes,), that makes these texts likeliest; it begins with equal shares."""
    shares = np.full(scores.shape[1], 1 / scores.shape[1])
    for _ in range(_ROUNDS):
        with np.errstate(divide="ignore", under="ignore"):
            logs = scores + np.log(shares)
        logs -= logs.max(axis=1, keepdims=True)
        with np.errstate(under="ignore"):
            each = np.exp(logs)
        each /= each.sum(axis=1, keepdims=True)
        shares = weights @ each / weights.sum()
    return shares


def join_languages(groups: Iterable[tuple[Sequence[Language], float]]) -> tuple[Language, ...]:
    """The languages of several groups of texts together, each group with its weight (the number of its texts)."""
    groups = [(languages, weight) for languages, weight in groups if languages and weight]
    total = sum(weight for _, weight in groups)
    shares: dict[str, float] = {}
    for languages, weight in groups:
        for language in languages:
            shares[language.code] = shares.get(language.code, 0.0) + language.share * weight / total
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Language(code, _NAMES.get(code, code), share) for code, share in ordered)


def languages_sentence(languages: Sequence[Language]) -> str:
    """ "The texts look German." or "The texts are mixed: English 70 %, Chinese 30 %." """
    if not languages:
        return "The texts are too short to tell their language."
    if languages[0].share >= 0.9:
        return f"The texts look {languages[0].name}."
    named = ", ".join(
        f"{language.name} {language.share:.0%}".replace("%", " %") for language in languages[:4]
    )
    return f"The texts are mixed: {named}."


def needs_word_cutting(languages: Sequence[Language]) -> bool:
    """Whether a part worth caring about (a tenth) is Chinese or Japanese, which are written without spaces."""
    return sum(language.share for language in languages if language.code in _WITHOUT_SPACES) >= 0.1


def languages_facts(languages: Sequence[Language]) -> dict[str, Any]:
    """For people and for JSON: ``languages`` (code, name, share), ``sentence``, ``needs_word_cutting``."""
    return {
        "languages": [
            {"code": language.code, "name": language.name, "share": round(language.share, 3)}
            for language in languages
        ],
        "sentence": languages_sentence(languages),
        "needs_word_cutting": needs_word_cutting(languages),
    }
