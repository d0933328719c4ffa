"""Settings of the text rather than of the model; they live in ``RunSpec.data`` and every family has them.

What each value does stands in :mod:`ptft_gui.data.preparation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from ptft_gui.core.data_request import FOLDS
from ptft_gui.core.family.options import Option

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "af": "Afrikaans", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "br": "Breton", "ca": "Catalan",
        "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "eo": "Esperanto",
        "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French",
        "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi",
        "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian",
        "ja": "Japanese", "ko": "Korean", "ku": "Kurdish", "la": "Latin", "lt": "Lithuanian", "lv": "Latvian",
        "mr": "Marathi", "ms": "Malay", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
        "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "st": "Sotho",
        "sv": "Swedish", "sw": "Swahili", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian",
        "ur": "Urdu", "vi": "Vietnamese", "yo": "Yoruba", "zh": "Chinese", "zu": "Zulu",
    }
)  # fmt: skip
"""The languages with a list of stop words: ISO 639-1 code to name."""


def _switch(key: str, label: str, text: str, *choices: tuple[str, str]) -> Option:
    return Option(key, label, text, "choice", default=None, automatic=True, choices=choices, advanced=True)


PREPARATION_OPTIONS = (
    Option(
        "preparation",
        "Text preparation",
        "How text is cut into words. Words: lower case, punctuation dropped, digits kept, unless set otherwise below. "
        "None: cut at spaces only, for text that is already prepared. Automatic looks at the text.",
        "choice",
        default=None,
        automatic=True,
        choices=(("words", "Words"), ("none", "None: cut at spaces only")),
    ),
    _switch(
        "case",
        "Capital letters",
        'Whether capitals are kept. In lower case "The" and "the" are one word, seen more often; kept, "Apple" and '
        '"apple" are two, each with less to learn from. Usual: lower case.',
        ("lower", "All in lower case"),
        ("keep", "Kept"),
    ),
    _switch(
        "digits",
        "Numbers",
        "What becomes of digits. Left out, words such as 1999 and 3.14 vanish, and mp3 stays; as zeros, all numbers of "
        "one length are one word, so that they are seen often enough. Usual: kept.",
        ("keep", "Kept"),
        ("drop", "Numbers left out"),
        ("zero", "Every digit becomes 0"),
    ),
    _switch(
        "punctuation",
        "Punctuation",
        "Whether marks such as commas stay. Kept, each is a word of its own and takes a place among the neighbours; "
        "left out, words stand next to words. Usual: left out.",
        ("drop", "Left out"),
        ("keep", "Kept, as words of their own"),
    ),
    _switch(
        "stop_words",
        "Stop words",
        'Words that stand in every text, such as "the" and "of". Left out, windows reach further and vectors follow '
        "topics more than grammar; nobody can ask for these words later. Usual: kept.",
        ("keep", "Kept"),
        ("drop", "Left out"),
    ),
    _switch(
        "language",
        "Language",
        "Whose stop words are left out. Another language's list leaves yours untouched. Automatic finds the language "
        "from the text; without stop words to leave out it is not used.",
        *LANGUAGES.items(),
    ),
    _switch(
        "sentences",
        "Sentences",
        "Where a sentence ends. At full stops and line ends, words of two sentences are no neighbours; at line ends "
        "only, a whole line is one sentence. Usual: at full stops.",
        ("split", "At full stops and line ends"),
        ("lines", "At line ends only"),
    ),
    _switch(
        "chinese",
        "Chinese text",
        "How Chinese, written without spaces, is cut. Words come from a dictionary and carry clearer meanings; "
        "characters need less text to be learned and miss no word. Usual: words, where the text is Chinese.",
        ("words", "Words"),
        ("characters", "Characters"),
    ),
    _switch(
        "markup",
        "HTML",
        "Whether tags such as <br /> and signs such as &amp; are taken out. Kept, they become words; taken out, a line "
        "break ends a sentence. Usual: removed where the text holds many.",
        ("keep", "Kept"),
        ("drop", "Removed"),
    ),
    _switch(
        "copies",
        "Repeated lines",
        "What becomes of lines that stand in the text again and again, such as signatures. Keep one of each, and they "
        "no longer outweigh the rest; short lines stay. Usual: keep one of each where they are above 5 % of the text.",
        ("keep", "Kept"),
        ("drop", "Keep one of each"),
    ),
)
"""How text becomes words."""

PREPARATION_KEYS = tuple(option.key for option in PREPARATION_OPTIONS)
SWITCH_KEYS = PREPARATION_KEYS[1:]

DATA_OPTIONS = (
    *PREPARATION_OPTIONS,
    Option(
        "val_fraction",
        "Held-out share",
        "How much of the text is kept out of training to check what was learned. More gives a steadier check and "
        "less to learn from; 0 trains on everything and shows no held-out curve. Usual: 0.1.",
        "float",
        default=None,
        automatic=True,
        minimum=0.0,
        maximum=0.5,
        advanced=True,
    ),
    Option(
        "split",
        "What is held out",
        "Which part is held out. Documents keeps whole documents out where there are at least 20; tail cuts off the "
        "end of the text. Automatic chooses by the number of documents.",
        "choice",
        default=None,
        automatic=True,
        choices=(("documents", "Whole documents"), ("tail", "The end of the text")),
        advanced=True,
    ),
)
"""Everything that is set about a text."""

ROW_OPTIONS = (
    Option(
        "val_fraction",
        "Held-out share",
        "How many of the rows choose the best moment and are never trained on. More chooses more surely and leaves "
        "less to learn from. Usual: 0.15.",
        "float",
        default=None,
        automatic=True,
        minimum=0.0,
        maximum=0.5,
        advanced=True,
    ),
    Option(
        "test_fraction",
        "Test share",
        "How many of the rows are kept for the final score, which is read once at the end. More makes the score surer "
        "and leaves less to learn from. Usual: 0.15.",
        "float",
        default=None,
        automatic=True,
        minimum=0.0,
        maximum=0.5,
        advanced=True,
    ),
    Option(
        "fold",
        "Tested fifth",
        "Which fifth of the rows gives the final score, instead of a share drawn once: five runs, one for each, test "
        "every row once and show how much of a score is luck. Usual: not set.",
        "int",
        default=None,
        minimum=1,
        maximum=FOLDS,
        advanced=True,
    ),
)
"""What is set about labelled rows for a model whose tokenizer cuts the text: into which parts they are divided."""

EXAMPLE_OPTIONS = (*PREPARATION_OPTIONS, *ROW_OPTIONS)
"""The same for a model that reads words, and how text becomes them."""

_CASE = next(option for option in PREPARATION_OPTIONS if option.key == "case")

RAW_TEXT_OPTIONS = (
    replace(
        _CASE,
        help='Whether capitals are kept. In lower case "The" and "the" are one word, seen more often; kept, the model '
        "learns to write them. Usual: kept, and lower case with WordPiece.",
    ),
    *DATA_OPTIONS[len(PREPARATION_OPTIONS) :],
)
"""The same for a model that reads text as it stands."""
