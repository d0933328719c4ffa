"""From a text to the words that are averaged: the same in training and when a person asks."""

from __future__ import annotations

from collections.abc import Container, Iterator

from ptft_gui.data.preparation import Preparation


def words_of(
    text: str, preparation: Preparation, known: Container[str] = (), delimiter: str | None = None
) -> list[str]:
    """The words of a text, its sentences joined; two that are known together as a phrase become one."""
    words = [word for sentence in preparation.apply(text) for word in sentence]
    return words if delimiter is None else list(_with_phrases(words, known, delimiter))


def _with_phrases(words: list[str], known: Container[str], delimiter: str) -> Iterator[str]:
    place = 0
    while place < len(words):
        phrase = delimiter.join(words[place : place + 2])
        is_phrase = place + 1 < len(words) and phrase in known
        yield phrase if is_phrase else words[place]
        place += 2 if is_phrase else 1
