"""Words worth watching: frequent ones that stand for a topic, and that the whole text knows.

A word such as "give" is spread evenly over a text; a word such as "castle" comes in bursts, where the text speaks of
castles. Residual IDF (K. Church and W. Gale, Poisson mixtures, 1995) measures that: how much fewer stretches of the
text hold the word than chance would spread it over. It needs no list of stop words and no knowledge of the language.
Names of one chapter come in bursts too, so a word counts for more the more sections of the text it stands in.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

TELLING_WORDS = 30
_STRETCH_TOKENS = 200
_SECTIONS = 20
_LOOKED_AT_TOKENS = 2_000_000
_TOO_FREQUENT, _FREQUENT = 60, 600
_LEAST_COUNT = 10


def telling_words(
    counts: Mapping[str, int], sentences: Iterable[list[str]], limit: int = TELLING_WORDS
) -> list[str]:
    """At most ``limit`` words, the most telling first.

    ``counts``: of all words of the text; ``sentences``: the text, of which the first two million tokens are looked at.
    """
    tokens = min(sum(counts.values()), _LOOKED_AT_TOKENS)
    spread = _spread(sentences, _candidates(counts), max(tokens // _SECTIONS, 1))
    scores = {word: spread.score(word) for word in spread.occurrences}
    chosen = [word for word, score in scores.items() if score > 0]
    return sorted(chosen, key=lambda word: (-scores[word], word))[:limit]


@dataclass
class _Spread:
    """How each candidate lies in the text; ``stretches`` are short, ``sections`` long pieces of it."""

    stretches: int = 0
    occurrences: Counter[str] = field(default_factory=Counter)
    stretches_with: Counter[str] = field(default_factory=Counter)
    sections_with: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add_stretch(self, words: list[str], section: int) -> None:
        self.stretches += 1
        self.occurrences.update(words)
        self.stretches_with.update(set(words))
        for word in set(words):
            self.sections_with[word].add(section)

    def score(self, word: str) -> float:
        """Residual IDF in bits, weighted by how much of the text knows the word and how often it occurs."""
        count = self.occurrences[word]
        expected = 1.0 - math.exp(-count / self.stretches)
        residual = math.log2(expected) - math.log2(self.stretches_with[word] / self.stretches)
        breadth = len(self.sections_with[word]) / _SECTIONS
        return residual * breadth**2 * math.log(count)


def _candidates(counts: Mapping[str, int]) -> set[str]:
    """Frequent words, but for the very most frequent, which are the language's own, numbers and short words.

    In scripts without spaces every word is short.
    """
    frequent = Counter({word: count for word, count in counts.items() if count >= _LEAST_COUNT})
    skipped = min(_TOO_FREQUENT, len(frequent) // 4)
    words = (word for word, _ in frequent.most_common(_FREQUENT)[skipped:])
    return {word for word in words if word.isalpha() and (len(word) > 3 or not word.isascii())}


def _spread(sentences: Iterable[list[str]], candidates: set[str], section_tokens: int) -> _Spread:
    """Cut the text into stretches at sentence ends and note where the candidates stand."""
    spread = _Spread()
    here: list[str] = []
    tokens = size = 0
    for sentence in sentences:
        here += [word for word in sentence if word in candidates]
        size += len(sentence)
        if size >= _STRETCH_TOKENS:
            spread.add_stretch(here, tokens // section_tokens)
            here, tokens, size = [], tokens + size, 0
            if tokens >= _LOOKED_AT_TOKENS:
                break
    return spread
