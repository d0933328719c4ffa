"""A sentence before and after its preparation, for people who want to see what a switch does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any

from ptft_gui.data.documents import Passage
from ptft_gui.data.preparation.copies import KeepOne
from ptft_gui.data.preparation.cutting import Chunks, everything, is_mark, is_number, without_signs_around
from ptft_gui.data.preparation.markup import traced_without_markup
from ptft_gui.data.preparation.prepare import Preparation
from ptft_gui.data.preparation.sentence_ends import sentence_starts

LONGEST_LINE = 400
PHRASES_NOTE = "Phrases are joined once the whole text is counted; they are not shown here."
_CHUNK = re.compile(r"\S+")
_PLAIN_SIGNS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u2010": "-", "\u2011": "-"})

Origins = list[tuple[int, int]]
Span = dict[str, Any]


def before_and_after(
    lines: Iterable[str], preparation: Preparation, limit: int = 8, phrases: bool = False
) -> list[dict[str, Any]]:
    """The first sentences of some lines as they stand and as they become; plain data, ready for JSON.

    Each record holds ``raw`` (a sentence as it stands, of a line cut at 400 signs), ``words`` (what becomes of it; none
    where it is left out), ``note`` (a sentence, mostly empty) and ``spans``: stretches of ``raw`` that are dropped or
    changed, in order and apart, each with ``start end text``, ``kind`` (``dropped`` or ``changed``), ``word`` (what it
    becomes) and ``why``: ``case``, ``spelling``, ``number``, ``punctuation``, ``stop word``, ``markup`` or ``copy``.
    At most ``limit`` sentences; lines that hold nothing are passed over.
    """
    shown: list[dict[str, Any]] = []
    keep_one = KeepOne() if preparation.copies == "drop" else None
    note = PHRASES_NOTE if phrases else ""
    for line in lines:
        if len(shown) >= limit:
            break
        raw = line[:LONGEST_LINE].rstrip("\n")
        if not raw.strip():
            continue
        if keep_one and not keep_one.passage(Passage(line, ends_document=True)).text:
            shown.append(_copy(raw))
            continue
        shown += _sentences(raw, preparation, note)
    return shown[:limit]


def _copy(raw: str) -> dict[str, Any]:
    note = "This line is a copy of an earlier one."
    return {"raw": raw, "words": [], "note": note, "spans": [_span(raw, 0, len(raw), "dropped", "", "copy")]}


def _span(raw: str, start: int, end: int, kind: str, word: str, why: str) -> Span:
    return {"start": start, "end": end, "text": raw[start:end], "kind": kind, "word": word, "why": why}


def _sentences(line: str, preparation: Preparation, note: str) -> Iterator[dict[str, Any]]:
    """The sentences of one line; together they hold all of its signs but white space between them."""
    text, origins = _without_markup(line, preparation)
    places = [place for place in _sentence_places(text, preparation) if text[slice(*place)].strip()]
    places = places or [(0, len(text))]
    begins = [0, *(origins[_first_sign(text, start)][0] for start, _ in places[1:]), len(line)]
    for (start, end), (begin, stop) in zip(places, pairwise(begins), strict=True):
        raw, sentence = line[begin:stop].rstrip(), text[start:end]
        moved = [(first - begin, last - begin) for first, last in origins[start:end]]
        spans = _spans(raw, sentence, moved, preparation)
        yield {"raw": raw, "words": preparation.cut(sentence), "note": note, "spans": spans}


def _without_markup(line: str, preparation: Preparation) -> tuple[str, Origins]:
    if preparation.markup == "drop":
        return traced_without_markup(line, preparation.sentences == "split")
    return line, [(place, place + 1) for place in range(len(line))]


def _sentence_places(text: str, preparation: Preparation) -> list[tuple[int, int]]:
    breaks = {0, *(match.end() for match in re.finditer("\n", text))}
    if preparation.sentences == "split":
        breaks.update(sentence_starts(text))
    starts = sorted(breaks)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _first_sign(text: str, start: int) -> int:
    while text[start].isspace():
        start += 1
    return start


def _spans(raw: str, sentence: str, origins: Origins, preparation: Preparation) -> list[Span]:
    """What is dropped or changed in one sentence; ``origins`` lead from its signs to those of ``raw``."""
    spans: list[Span] = []
    is_seen = [False] * len(raw)
    own = Chunks(preparation)
    for chunk in _CHUNK.finditer(sentence):
        for start, end, piece in _places(_pieces(chunk[0], own), chunk[0]):
            stretches = origins[chunk.start() + start : chunk.start() + end]
            first, last = stretches[0][0], stretches[-1][1]
            is_seen[first:last] = [True] * (last - first)
            is_plain = last - first == end - start
            change = _change(raw[first:last], piece, own, is_plain)
            if change:
                spans.append(_span(raw, first, last, *change))
    spans += [_span(raw, *place, "dropped", "", "markup") for place in _unseen(raw, is_seen, origins)]
    return sorted(spans, key=lambda span: int(span["start"]))


def _pieces(chunk: str, own: Chunks) -> list[str]:
    """What a chunk falls into when nothing is dropped or changed."""
    pieces = everything(own.switches).pieces(chunk)
    if own.switches.name == "words" or own.switches.punctuation == "keep":
        return pieces
    return [part for piece in pieces for part in _partition(piece, without_signs_around(piece)) if part]


def _partition(token: str, bare: str) -> tuple[str, ...]:
    return token.partition(bare) if bare else (token,)


def _places(pieces: list[str], chunk: str) -> Iterator[tuple[int, int, str]]:
    """Where each piece stands in its chunk; one that is spelt otherwise there takes all that is left of the chunk."""
    place = 0
    folded = chunk.translate(_PLAIN_SIGNS)
    for piece in pieces:
        start = folded.find(piece, place)
        if start < 0:
            yield place, len(chunk), piece
            return
        place = start + len(piece)
        yield start, place, piece


def _change(raw: str, piece: str, own: Chunks, is_plain: bool) -> tuple[str, str, str] | None:
    """Kind, word and why of what becomes of a piece; None when it stays as it is."""
    switches = own.switches
    if switches.punctuation == "drop" and is_mark(piece):
        return "dropped", "", "punctuation"
    word = own.word_of(piece)
    if not word:
        return "dropped", "", "number" if switches.digits == "drop" and is_number(piece) else "stop word"
    if word == raw:
        return None
    return "changed", word, _why(raw, word, switches.digits == "zero", is_plain)


def _why(raw: str, word: str, is_zero: bool, is_plain: bool) -> str:
    if not is_plain:
        return "markup"
    if is_zero and any(map(str.isdigit, raw)):
        return "number"
    return "case" if raw.lower() == word else "spelling"


def _unseen(raw: str, is_seen: list[bool], origins: Origins) -> Iterator[tuple[int, int]]:
    """Stretches that nothing of the sentence comes from: tags."""
    for first, last in origins:
        if last - first == 1 and 0 <= first < len(is_seen):
            is_seen[first] = True
    for is_gap, places in groupby(range(len(raw)), key=is_seen.__getitem__):
        stretch = list(places)
        if not is_gap and raw[stretch[0] : stretch[-1] + 1].strip():
            yield stretch[0], stretch[-1] + 1
