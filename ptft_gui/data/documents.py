"""Cuts a stream of text into documents and passages, with flat memory however long a line is.

What a document is decides what is held out together:

* in a folder of 20 files or more, each file is a document;
* else a file whose paragraphs are separated by blank lines holds one document a paragraph;
* else a file whose lines each read as a text of their own (one review, one article a line) holds one document a line;
* else the file is one document: a single long line, or a text broken into lines of equal width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Shape = Literal["whole", "paragraphs", "lines"]

LONGEST_LINE_CHARACTERS = 1 << 20
FILES_THAT_ARE_DOCUMENTS = 20
_BLANK_LINES = re.compile(r"(?:\A|\n)(?:[^\S\n]*\n)+")
_ENDING_MARKS = frozenset(".!?…\"'”’»)。！？।؟")


@dataclass(frozen=True)
class Passage:
    """A stretch of one document: whole lines, or a part of a very long one.

    ``is_open``: its last sentence goes on in the next passage. ``ends_document``: the next passage begins another.
    """

    text: str
    is_open: bool = False
    ends_document: bool = False


@dataclass(frozen=True)
class _Chunk:
    text: str
    ends_line: bool
    is_open: bool = False


def sniff_shape(sample: str) -> Shape:
    """How a file separates its documents, judged from its beginning."""
    lines = [line.strip() for line in sample.strip().split("\n")]
    filled = [line for line in lines if line]
    if len(filled) < 3:
        return "whole"
    if len(lines) - len(filled) >= max(2, len(filled) // 50):
        return "paragraphs"
    return "whole" if _is_wrapped(filled) else "lines"


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines were broken at a width: most nearly as long as the longest, few ending where a sentence does."""
    lengths = sorted(map(len, lines))
    usual = lengths[len(lengths) * 9 // 10]
    full = sum(length > usual * 0.75 for length in lengths)
    ended = sum(line[-1] in _ENDING_MARKS for line in lines)
    return usual <= 160 and full > 0.7 * len(lines) and ended < 0.5 * len(lines)


def read_passages(
    blocks: Iterable[str],
    shape: Shape,
    last_break: Callable[[str], int] = lambda _line: 0,
    longest_line: int = LONGEST_LINE_CHARACTERS,
) -> Iterator[Passage]:
    """Cut the text of one file into passages; the last one ends a document.

    ``last_break(line)`` tells where the last sentence of an unfinished line begins (0: nowhere after its start); a
    line longer than ``longest_line`` characters is cut there, else at white space.
    """
    chunks = _chunks(blocks, last_break, longest_line)
    if shape == "lines":
        yield from _line_documents(chunks)
    elif shape == "paragraphs":
        yield from _paragraph_documents(chunks)
    else:
        yield from (Passage(chunk.text, chunk.is_open) for chunk in chunks)
    yield Passage("", ends_document=True)


def _chunks(blocks: Iterable[str], last_break: Callable[[str], int], longest_line: int) -> Iterator[_Chunk]:
    """Runs of whole lines; parts of a line only where it is too long to be held."""
    held = ""
    for block in blocks:
        held += block
        cut = held.rfind("\n") + 1
        if cut:
            yield _Chunk(held[:cut], ends_line=True)
            held = held[cut:]
        elif len(held) >= longest_line:
            chunk, held = _cut_line(held, last_break)
            yield chunk
    if held:
        yield _Chunk(held, ends_line=True)


def _cut_line(line: str, last_break: Callable[[str], int]) -> tuple[_Chunk, str]:
    """The part of an endless line that can be given on, and the rest that must wait for what follows."""
    cut = last_break(line)
    if cut:
        return _Chunk(line[:cut], ends_line=False), line[cut:]
    # The last word stays behind: whether it ends a sentence shows only with the next one.
    stripped = line.rstrip()
    cut = max(stripped.rfind(" "), stripped.rfind("\t"), stripped.rfind("\u3000")) + 1 or len(line)
    return _Chunk(line[:cut], ends_line=False, is_open=True), line[cut:]


def _line_documents(chunks: Iterable[_Chunk]) -> Iterator[Passage]:
    is_inside = False
    for chunk in chunks:
        if not chunk.ends_line:
            yield Passage(chunk.text, chunk.is_open)
            is_inside = True
            continue
        first, *others = chunk.text.split("\n")
        if is_inside or first:
            yield Passage(first, ends_document=True)
        yield from (Passage(line, ends_document=True) for line in others if line)
        is_inside = False


def _paragraph_documents(chunks: Iterable[_Chunk]) -> Iterator[Passage]:
    for chunk in chunks:
        if not chunk.ends_line:
            yield Passage(chunk.text, chunk.is_open)
            continue
        *ended, last = _BLANK_LINES.split(chunk.text)
        yield from (Passage(text, ends_document=True) for text in ended)
        if last:
            yield Passage(last)
