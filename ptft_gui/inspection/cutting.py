"""How a text would be cut into tokens for a language model, told before any run: the same tokenizers, learned now.

Small texts are prepared whole, and a run then finds that done. Of a large one the first million characters are cut,
and the rest is foretold from their share.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ptft_gui.core.datasets import bundled_dataset, dataset_title
from ptft_gui.core.family.language_starts import glance_at_language
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.language_proposals import LanguageFacts, propose_cutting
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.proposals import resolve
from ptft_gui.core.spec import DataSpec
from ptft_gui.data.beginnings import beginning_of
from ptft_gui.data.cache import build_whole
from ptft_gui.data.corpus import resolve_dataset, with_given_val
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.sources import find_files
from ptft_gui.data.whole_request import corpus_request
from ptft_gui.engine.language.documents import MOST_HELD_CHARACTERS, RawText, prepare_raw_text, read_pieces
from ptft_gui.engine.language.tokenizer import (
    BPE,
    CHARACTERS,
    WORDPIECE,
    TextTokenizer,
    TokenizerPlan,
    learn_tokenizer,
)
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

WHOLE_BYTES = 3_000_000
"""Texts up to this size are prepared whole; of larger ones the beginning is looked at."""
SAMPLE_CHARACTERS = 1 << 20
_SHOWN_CHARACTERS, _LONGEST_SENTENCE = 160, 2000
_SHOWN_LINES, _LONGEST_LINE = 8, 400
_CUT_CHARACTERS = 1 << 18
_HELD_SHARE = 0.1
_MOST_PROBES = 5
_PROMPT_CHARACTERS, _FEWEST_CHARACTERS = 24, 8
_SENTENCE = re.compile(
    r"(?:^|(?<=[.!?] )|(?<=[。！？\n]))(?=[^\sa-z”])[^.!?。！？\n]{12,160}[.!?。！？]", re.M
)
_MASK = "[MASK]"
_JUDGED_CHARACTERS = 1 << 16
_MANY_UNKNOWN, _SHORT_TOKENS, _CHINESE = 0.05, 1.8, 0.3
"""Of a text that a tokenizer was made for next to nothing is unknown, and a token is some characters long."""


@dataclass(frozen=True)
class TextLook:
    """A text as far as it was looked at. ``raw``: all of it, or its beginning, with numbers for the whole.

    ``characters``: of the whole text; ``train_characters``: of the part that a run learns from.
    """

    raw: RawText
    characters: int
    train_characters: int
    is_estimate: bool
    notices: tuple[str, ...]

    def facts(self) -> LanguageFacts:
        """What proposals are made from."""
        sample = next(iter(read_pieces(self.raw.train_path)), ("", True))[0]
        chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in sample)
        return LanguageFacts(self.train_characters, chinese / max(len(sample), 1))

    def beginning(self) -> str:
        """The first characters of it."""
        with self.raw.train_path.open(encoding="utf-8", newline="") as stream:
            return stream.read(_CUT_CHARACTERS).replace("\0", "\n\n")


def look_at_text(
    data: DataSpec, seed: int = 1, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> TextLook:
    """Read a small text, or the beginning of a large one. Raises DataError, StoppedByPerson."""
    request = corpus_request(data, seed)
    root = resolve_dataset(request.dataset, cache_folder(), progress, should_stop)
    files = with_given_val(find_files(root), request.val)
    if files.work_bytes <= WHOLE_BYTES:
        raw = prepare_raw_text(request, cache_folder(), progress, should_stop)
        notices = tuple(raw.facts["notices"])
        return TextLook(raw, int(raw.facts["characters"]), raw.train_characters, False, notices)
    seen = beginning_of(files, request, 1.0)
    characters = round(len(seen.text) / max(seen.share, 1e-9))
    raw = _sample(seen.text[:SAMPLE_CHARACTERS])
    notices = tuple(note for note in seen.told.get("notices", ()) if "word vectors" not in note)
    return TextLook(raw, characters, _learned_from(characters, request), True, notices)


def _learned_from(characters: int, request: CorpusRequest) -> int:
    """How much is left when the held-out part is taken away; a held-out text of its own takes nothing."""
    if request.val is not None:
        return characters
    share = _HELD_SHARE if request.val_fraction is None else request.val_fraction
    return characters - min(round(characters * share), MOST_HELD_CHARACTERS)


def _sample(text: str) -> RawText:
    """The beginning of a text as a run's engine reads it, kept in the cache."""
    folder = (
        cache_folder()
        / "language"
        / f"sample-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:24]}"
    )
    raw = RawText(folder, {"train": {"characters": len(text)}, "val": {"characters": 0}})

    def write(target: Path) -> None:
        (target / "train.txt").write_text(text, encoding="utf-8", errors="replace", newline="")

    if not raw.train_path.is_file():
        build_whole(folder, write, lambda there: (there / "train.txt").is_file())
    return raw


def cut_text(
    data: DataSpec,
    family: str,
    chosen: Mapping[str, OptionValue],
    sentence: str | None = None,
    start: str | None = None,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> dict[str, Any]:
    """What the New run page tells of a text for a language model; see :mod:`ptft_gui.core.companion_protocol`.

    ``chosen``: ``tokenizer vocab_size tokenizer_from`` where a person set them; ``sentence``: what to show cut, else
    the first line of the text; ``start``: what is gone on from, which brings its own tokens. Raises
    :class:`~ptft_gui.core.errors.PtftError`, ``StoppedByPerson``.
    """
    seen = look_at_text(data, 1, progress, should_stop)
    place = start or chosen.get("tokenizer_from")
    tokenizer = (
        tokenizer_from(str(place), family)
        if place
        else tokenizer_of(seen, data, family, chosen, progress, should_stop)
    )
    text = seen.beginning()
    tokens = tokenizer.encode(text)
    a_token = len(text) / max(len(tokens), 1)
    lines = [line.strip()[:_LONGEST_LINE] for line in text.split("\n") if line.strip()]
    shown = sentence[:_LONGEST_SENTENCE] if sentence else _first_sentence(lines)
    card = bundled_dataset(data.dataset)
    facts = seen.facts()
    return {
        "title": dataset_title(data.dataset),
        "sentence": card.sentence if card else "",
        "characters": seen.characters,
        "train_characters": seen.train_characters,
        "is_estimate": seen.is_estimate,
        "chinese_share": facts.chinese_share,
        "tokenizer": tokenizer.plan.kind,
        "vocabulary": tokenizer.size,
        "characters_per_token": a_token,
        "tokens": round(seen.train_characters / a_token),
        "cut": {"text": shown, "pieces": _pieces(tokenizer, shown)},
        "preview": lines[:_SHOWN_LINES],
        "notices": list(seen.notices),
        "probes": _proposed_probes(family, tokenizer, text),
        "start": _fit_of_start(start, tokenizer, text, facts.chinese_share) if start else None,
    }


def tokenizer_of(
    seen: TextLook,
    data: DataSpec,
    family: str,
    chosen: Mapping[str, OptionValue],
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> TextTokenizer:
    """The tokenizer that a run would learn, from as much of the text as was looked at."""
    values, _ = resolve(chosen, propose_cutting(family, "quick", seen.facts(), chosen))
    kind = str(values["tokenizer"])
    is_lower = (data.case or ("lower" if kind == WORDPIECE else "keep")) == "lower"
    plan = TokenizerPlan(kind, int(values["vocab_size"] or 0), is_lower, family == "bert")
    return learn_tokenizer(seen.raw, plan, cache_folder(), progress, should_stop)


def tokenizer_from(place: str, family: str) -> TextTokenizer:
    """The tokenizer that a run or model folder brings along. Raises ModelError."""
    from ptft_gui.engine.language.taken import take_tokenizer

    with tempfile.TemporaryDirectory(prefix="ptft-tokenizer-") as folder:
        return take_tokenizer(place, family == "bert", Path(folder) / "tokenizer", checks_rows=False)


def _fit_of_start(start: str, tokenizer: TextTokenizer, text: str, chinese_share: float) -> dict[str, Any]:
    """Whether the tokens of a start are made for such text: what it has never read it cannot know."""
    sample = text[:_JUDGED_CHARACTERS]
    tokens = tokenizer.encode(sample)
    names = [name for name in tokenizer.plan.special if "unk" in name.lower()]
    unknown = {tokenizer.tokenizer.token_to_id(name) for name in names}
    share = sum(token in unknown for token in tokens) / max(len(tokens), 1)
    each = len(sample) / max(len(tokens), 1)
    glance, is_chinese = glance_at_language(start), chinese_share > _CHINESE
    name, is_foreign = glance.name, is_chinese and glance.has_read("zh") is False
    fits = share < _MANY_UNKNOWN and (
        each >= _SHORT_TOKENS or is_chinese or tokenizer.plan.kind == CHARACTERS
    )
    fits = fits and not is_foreign
    if fits:
        sentence = f"Fits: its tokens are made for such text ({each:.1f} characters each)."
        return {"fits": True, "sentence": sentence, "unknown_share": share}
    what = (
        f"{'read English' if glance.languages == ('en',) else 'has read no Chinese'}; your texts look Chinese"
        if is_foreign
        else "has not read such text"
    )
    seen = (
        f"{100 * share:.0f} % of your text is unknown to it"
        if share >= _MANY_UNKNOWN
        else f"it needs a token for every {each:.1f} characters"
    )
    sentence = (
        f"{name} {what}: {seen}. Expect a weak result; better: From nothing, or a model of your language."
    )
    return {"fits": False, "sentence": sentence, "unknown_share": share}


def _first_sentence(lines: list[str]) -> str:
    """The first line that is long enough to show something, cut at a word."""
    line = next((line for line in lines if len(line) > 40), lines[0] if lines else "")
    if len(line) <= _SHOWN_CHARACTERS:
        return line
    return line[:_SHOWN_CHARACTERS].rsplit(" ", 1)[0]


def _pieces(tokenizer: TextTokenizer, text: str) -> list[list[Any]]:
    """``[[start, end, token], ...]`` in characters of ``text``."""
    found = tokenizer.tokenizer.encode(text, add_special_tokens=False)
    return [[start, end, token] for (start, end), token in zip(found.offsets, found.tokens, strict=True)]


# --- probes --------------------------------------------------------------------------------------------------------


def _proposed_probes(family: str, tokenizer: TextTokenizer, text: str) -> list[str]:
    """Beginnings to go on from, or sentences with a blank, of this very text; of its end first."""
    propose = _blanks if family == "bert" else _prompts
    _, _, second_half = text[len(text) // 2 :].partition("\n")
    return propose(tokenizer, second_half) or propose(tokenizer, text)


def _prompts(_tokenizer: TextTokenizer, text: str) -> list[str]:
    lines = [found.strip() for found in text.split("\n")]
    begins = [_first_words(line) for line in lines if _is_prompt(line)]
    return _spread(list(dict.fromkeys(begins)))


def _is_prompt(line: str) -> bool:
    """Whether a line is long enough to go on from a part of it, and begins a sentence."""
    is_chinese = any("\u4e00" <= sign <= "\u9fff" for sign in line[:4])
    return len(line) >= (_FEWEST_CHARACTERS if is_chinese else _PROMPT_CHARACTERS) and not line[0].islower()


def _first_words(line: str) -> str:
    """About the first third of a line, so that it can be compared how it goes on."""
    most = min(_PROMPT_CHARACTERS, max(_FEWEST_CHARACTERS // 2, len(line) // 2))
    cut = line[:most]
    return cut if len(line) <= most or line[most].isspace() else (cut.rsplit(" ", 1)[0] or cut)


def _blanks(tokenizer: TextTokenizer, text: str) -> list[str]:
    """A blank is one token, so what it hides is one, too."""
    sentences = [" ".join(found.split()) for found in islice(_SENTENCE.findall(text), 400)]
    blanked = (_with_blank(tokenizer, sentence) for sentence in sentences)
    return _spread(list(dict.fromkeys(found for found in blanked if found)))


def _with_blank(tokenizer: TextTokenizer, sentence: str) -> str:
    half = len(sentence) // 2
    if tokenizer.plan.kind == CHARACTERS:
        place = next((place for place in range(half, len(sentence)) if sentence[place].isalnum()), None)
        return "" if place is None else f"{sentence[:place]}{_MASK}{sentence[place + 1 :]}"
    begin = " " if tokenizer.plan.kind == BPE else ""
    words = [found for found in re.finditer(r"\b\w{4,}\b", sentence) if found.start() > half // 2]
    whole = [found for found in words if len(tokenizer.encode(begin + found[0])) == 1]
    if not whole:
        return ""
    word = max(whole, key=lambda found: len(found[0]))
    return f"{sentence[: word.start()]}{_MASK}{sentence[word.end() :]}"


def _spread(found: list[str]) -> list[str]:
    """At most five of them, evenly drawn."""
    if len(found) <= _MOST_PROBES:
        return found
    return [found[round(place * (len(found) - 1) / (_MOST_PROBES - 1))] for place in range(_MOST_PROBES)]
