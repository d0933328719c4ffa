"""What a text looks like, and which preparation it needs: a value for every switch, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from ptft_gui.core.family.data_options import LANGUAGES
from ptft_gui.data.preparation.chinese import HAN, KANA
from ptft_gui.data.preparation.copies import percent, repeated_in
from ptft_gui.data.preparation.markup import count_markup
from ptft_gui.data.preparation.prepare import Preparation
from ptft_gui.data.preparation.switches import USUAL, PreparationName

SAMPLE_CHARACTERS = 1 << 18
"""How much of a text is looked at; repeated lines show only in a longer stretch."""

_NAME_CHARACTERS = 1 << 16
_OF_FURTHER_FILES = 1 << 14
_LONE_MARKS = frozenset(".,;:!?")
_HAN_SIGN, _KANA_SIGN = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")
_LETTER = re.compile(r"[^\W\d_]")
_CHINESE_FROM = 0.05
_JAPANESE_FROM = 0.05
_REPEATED_FROM = 0.05
_FEWEST_ORIGINALS = 100
_MARKUP_EVERY = 2_000
_FEWEST_MARKUP = 3
_YOU_CHOSE = "You chose it."


@dataclass(frozen=True)
class Proposal:
    """A value and the reason for it, as one plain sentence."""

    value: str | None
    reason: str


@dataclass(frozen=True)
class PreparationProposal:
    """A preparation and the reasons for it.

    ``switches``: every other value with its own reason. ``automatic``: what each value, and ``preparation`` itself,
    is or would be where nothing is chosen.
    """

    value: PreparationName
    reason: str
    switches: Mapping[str, Proposal]
    automatic: Mapping[str, Proposal]

    @property
    def preparation(self) -> Preparation:
        values = {key: proposal.value for key, proposal in self.switches.items() if proposal.value}
        return Preparation.from_record({"name": self.value, **values})

    def to_facts(self) -> dict[str, object]:
        """For ``facts.json``: the name and its reason, all values, the same in words, and why each was chosen."""
        preparation = self.preparation
        return {
            "value": self.value,
            "reason": self.reason,
            "record": preparation.to_record(),
            "sentence": preparation.describe(),
            "switches": {key: asdict(proposal) for key, proposal in self.switches.items()},
        }


def sample_of(texts: Iterable[str]) -> str:
    """The beginning of a text of one or several files, as :func:`propose_preparation` wants it."""
    parts: list[str] = []
    left = SAMPLE_CHARACTERS
    for text in texts:
        parts.append(text[: min(left, _OF_FURTHER_FILES) if parts else left])
        left -= len(parts[-1]) + 2
        if left <= 0:
            break
    return "\n\n".join(parts)


def choose_preparation(
    name: Literal["auto", "words", "none"],
    chosen: Mapping[str, str],
    sample: str,
    keeps_copies: bool = False,
) -> PreparationProposal:
    """What a person chose, completed by what the text looks like.

    ``chosen``: switch to value. ``keeps_copies``: the text is known to repeat itself on purpose, so that nothing is
    left out unless that was chosen.
    """
    automatic = _propose_name(sample[:_NAME_CHARACTERS])
    value, reason = automatic if name == "auto" else (name, _YOU_CHOSE)
    proposed = _propose_switches(value, sample, chosen, keeps_copies)
    given = {key: Proposal(choice, _YOU_CHOSE) for key, choice in chosen.items()}
    everything = {"preparation": Proposal(*automatic), **proposed}
    return PreparationProposal(value, reason, {**proposed, **given}, everything)


def propose_preparation(sample: str) -> PreparationProposal:
    """Say how a text should be prepared, judged from its beginning."""
    return choose_preparation("auto", {}, sample)


def _propose_name(sample: str) -> tuple[PreparationName, str]:
    """Whether a text looks as if a program had already cut it into words.

    It does when it is lower case throughout and either free of punctuation or with its marks standing alone.
    """
    tokens = sample.split()
    if _HAN_SIGN.search(sample) or _KANA_SIGN.search(sample):
        return "words", "The text is cut into words and lower-cased."
    attached = sum(len(token) > 1 and token[-1] in ".,;:!?" and token[-2].isalnum() for token in tokens)
    is_lower = sum(map(str.islower, tokens)) > len(tokens) / 2 and not any(map(str.isupper, sample))
    if len(tokens) < 20 or attached * 200 > len(tokens) or not is_lower:
        return "words", "The text is cut into words and lower-cased."
    if any(token in _LONE_MARKS for token in tokens):
        return (
            "none",
            "Punctuation already stands alone between spaces, so the text is cut at spaces only.",
        )
    return "none", "The text is already lower case and free of punctuation, so it is cut at spaces only."


def _propose_switches(
    name: PreparationName, sample: str, chosen: Mapping[str, str], keeps_copies: bool
) -> dict[str, Proposal]:
    usual = USUAL[name]
    found = {key: Proposal(value, _USUAL_REASONS[name][key]) for key, value in usual.items()}
    if chosen.get("stop_words") == "drop":
        found["language"] = _propose_language(sample)
    if name == "none":
        return found
    found["chinese"] = _propose_chinese(sample)
    found["markup"] = _propose_markup(sample)
    found["copies"] = Proposal("keep", _ON_PURPOSE) if keeps_copies else _propose_copies(sample)
    return found


_LEFT = "The text is left as it stands."
_ON_PURPOSE = "This text repeats itself on purpose."
_USUAL_REASONS: Mapping[str, Mapping[str, str]] = {
    "words": {
        "case": 'So that "The" and "the" are one word.',
        "digits": "Numbers are words like others.",
        "punctuation": "Marks say little about the meaning of words.",
        "stop_words": "Frequent words are thinned out while the model trains.",
        "sentences": "Words of two sentences are no neighbours.",
        "chinese": "The text holds hardly any Chinese.",
        "markup": "The text holds hardly any HTML.",
        "copies": "Hardly any line of the text is repeated.",
    },
    "none": dict.fromkeys(USUAL["none"], _LEFT) | {"sentences": "Each line is taken as it stands."},
}


def _propose_chinese(sample: str) -> Proposal:
    """Words where Chinese is more than a trace; Japanese, which writes Chinese signs too, is told by its kana."""
    han, kana = len(_HAN_SIGN.findall(sample)), len(_KANA_SIGN.findall(sample))
    if kana > _JAPANESE_FROM * max(han, 1):
        return Proposal("characters", "The text is Japanese: each of its signs is a word.")
    letters = len(_LETTER.findall(sample))
    if han <= _CHINESE_FROM * letters or not han:
        return Proposal("characters", _USUAL_REASONS["words"]["chinese"])
    holds = "is mainly Chinese" if han > letters / 2 else "holds much Chinese"
    return Proposal(
        "words", f"The text {holds}, which is written without spaces: a dictionary tells its words apart."
    )


def _propose_markup(sample: str) -> Proposal:
    count = count_markup(sample)
    if count < max(_FEWEST_MARKUP, len(sample) / _MARKUP_EVERY):
        return Proposal("keep", _USUAL_REASONS["words"]["markup"])
    return Proposal("drop", f"The beginning of the text holds {count:,} HTML tags or signs.")


def _propose_copies(sample: str) -> Proposal:
    found = repeated_in(sample)
    if found.share <= _REPEATED_FROM:
        return Proposal("keep", _USUAL_REASONS["words"]["copies"])
    if found.originals < _FEWEST_ORIGINALS:
        return Proposal(
            "keep", "The text is a few lines again and again: without copies little would be left."
        )
    return Proposal("drop", f"Repeated lines: {percent(found.share)} of the beginning of the text.")


def _propose_language(sample: str) -> Proposal:
    """The language whose stop words are meant, as py3langid tells it from the text's letters."""
    from py3langid.langid import classify

    code = str(classify(sample[:_NAME_CHARACTERS])[0])
    code = {"nb": "no", "nn": "no"}.get(code, code)
    if code not in LANGUAGES:
        return Proposal(None, "There is no list of stop words for the language of this text.")
    return Proposal(code, f"The text looks {LANGUAGES[code]}.")
