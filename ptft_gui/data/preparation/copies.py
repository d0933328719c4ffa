"""Lines and documents that stand in a text more than once, found by 64-bit hashes in bounded memory.

Only what is long enough to be no accident counts as repeated: "Yes.", a speaker's name or a heading may well come
again, a signature or a disclaimer of the same words is a copy.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ptft_gui.data.documents import Passage, read_passages, sniff_shape

SHORTEST_BYTES = 24
"""Of the UTF-8 of a line: two dozen Latin letters, a dozen Cyrillic ones, eight Chinese characters."""

_RECENT = 1 << 18
_MOST_REMEMBERED = 1 << 24


class SeenHashes:
    """Remembers 64-bit numbers: the newest in a set, the others sorted in an array of eight bytes each.

    After ``most`` numbers it learns no new ones, so that memory stays flat.
    """

    def __init__(self, most: int = _MOST_REMEMBERED, recent: int = _RECENT) -> None:
        self._recent: set[int] = set()
        self._older: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._most, self._most_recent = most, recent

    def is_new(self, number: int) -> bool:
        """Whether the number was not seen before; from now on it was."""
        if number in self._recent or self._is_older(number):
            return False
        if len(self._recent) + len(self._older) < self._most:
            self._recent.add(number)
        if len(self._recent) >= self._most_recent:
            newest = np.fromiter(self._recent, np.uint64, len(self._recent))
            self._older = np.union1d(self._older, newest)
            self._recent = set()
        return True

    def _is_older(self, number: int) -> bool:
        if not len(self._older):
            return False
        place = int(np.searchsorted(self._older, np.uint64(number)))
        return place < len(self._older) and int(self._older[place]) == number


@dataclass
class Repeated:
    """What was found: ``copies`` lines and documents were left out, ``characters`` signs of ``all_characters``.

    ``originals``: lines and documents long enough to be compared that were there for the first time.
    """

    copies: int = 0
    originals: int = 0
    characters: int = 0
    all_characters: int = 0

    @property
    def share(self) -> float:
        return self.characters / max(self.all_characters, 1)


class KeepOne:
    """Passes passages on without the lines and whole documents that were there before."""

    def __init__(self) -> None:
        self.found = Repeated()
        self._seen = SeenHashes()
        self._begins_document = self._begins_line = True

    def passage(self, passage: Passage) -> Passage:
        """The passage without copies; pieces of one endless line are never compared."""
        is_whole_document = self._begins_document and passage.ends_document
        can_compare = self._begins_line and not passage.is_open
        self._begins_document = passage.ends_document
        self._begins_line = not passage.is_open and (passage.ends_document or passage.text.endswith("\n"))
        self.found.all_characters += len(passage.text)
        if not can_compare:
            return passage
        text = self._kept(passage.text) if is_whole_document else passage.text
        if not is_whole_document or "\n" in text:
            text = "\n".join(map(self._kept, text.split("\n")))
        return replace(passage, text=text)

    def _kept(self, text: str) -> str:
        data = text.strip().encode("utf-8", "replace")
        if len(data) < SHORTEST_BYTES:
            return text
        number = int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")
        if self._seen.is_new(number):
            self.found.originals += 1
            return text
        self.found.copies += 1
        self.found.characters += len(text)
        return ""


def repeated_in(sample: str) -> Repeated:
    """What would be left out of a text, judged from its beginning."""
    keep_one = KeepOne()
    for passage in read_passages([sample], sniff_shape(sample)):
        keep_one.passage(passage)
    return keep_one.found


def copies_sentence(found: Repeated) -> str:
    """The decision in words: how many copies, how much of the text, what was done."""
    count = "1 repeated line was" if found.copies == 1 else f"{found.copies:,} repeated lines were"
    return f"{count} left out ({percent(found.share)} of the text); one of each is kept."


def percent(share: float) -> str:
    """A share as people read it; never "0 %" for something that is there."""
    return "under 1 %" if share < 0.005 else f"{share:.0%}".replace("%", " %")
