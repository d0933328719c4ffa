"""From what a person typed to rows of the model, prepared as the model's own text was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ptft_gui.core.errors import ModelError, Remedy, UnknownWordError
from ptft_gui.data.preparation import Preparation, is_number
from ptft_gui.engine.vectors import MOST_RARE_WORDS
from ptft_gui.inspection.model import OpenedModel

PHRASE_SIGN = "_"
_LONGEST_QUESTION = 1000
_LONGEST_PHRASE = 5


def rows_of(model: OpenedModel, text: str) -> list[int]:
    """Rows of the words in ``text``, in order and each once.

    A word of the vocabulary is taken as it stands. Anything else is prepared as the model's text was, neighbouring
    words are joined where the model knows them as a phrase, and a word that is still unknown is tried with its case
    folded. Raises :class:`UnknownWordError` for the first that the model does not know.
    """
    asked = text.strip()
    _check_length(asked)
    if (row := model.vectors.index.get(asked)) is not None:
        return [row]
    words = _prepared(model, asked)
    if not words:
        raise _nothing_left(model, asked)
    return list(dict.fromkeys(_rows_in_order(model, words)))


def known_rows(model: OpenedModel, texts: Iterable[str]) -> tuple[list[int], list[str]]:
    """Rows of all words in ``texts``, in order and each once, and those texts that hold a word the model lacks."""
    rows: list[int] = []
    unknown: list[str] = []
    for text in texts:
        try:
            rows += rows_of(model, text)
        except ModelError:
            unknown.append(text)
    return list(dict.fromkeys(rows)), list(dict.fromkeys(unknown))


def find_row(model: OpenedModel, word: str | None) -> int | None:
    """The row of one word as it stands in a file, its case folded where the model does that; None for others."""
    if not word:
        return None
    index = model.vectors.index
    return next((index[spelling] for spelling in _spellings(model, word.strip()) if spelling in index), None)


def _check_length(asked: str) -> None:
    if not asked:
        raise ModelError("No word was given.", hint="Type a word, for example music.")
    if len(asked) > _LONGEST_QUESTION:
        raise ModelError(
            "The question is too long.",
            f"It has {len(asked):,} signs; {_LONGEST_QUESTION:,} is the most.",
            "Ask about one word or a few.",
        )


def _prepared(model: OpenedModel, asked: str) -> list[str]:
    if model.preparation is None:
        return asked.split()
    return model.preparation.words_asked(asked, model.vectors.index)


def _nothing_left(model: OpenedModel, asked: str) -> ModelError:
    """Why nothing of what was typed is a word for this model."""
    as_usual = Preparation("words").words_asked(asked)
    if not as_usual or model.preparation is None:
        return ModelError(f'"{asked}" holds no word.', "Only letters and digits make words.", "Type a word.")
    left_out = "Numbers" if is_number(as_usual[0]) else "Stop words"
    return ModelError(
        f'"{asked}" was left out of the text this model learned from.',
        f"{left_out} were left out when the text was prepared.",
        "Ask for another word.",
    )


def _rows_in_order(model: OpenedModel, words: list[str]) -> Iterator[int]:
    position = 0
    while position < len(words):
        row, length = _longest_known(model, words[position : position + _LONGEST_PHRASE])
        if row is None:
            raise unknown_word(model, words[position])
        yield row
        position += length


def _longest_known(model: OpenedModel, words: list[str]) -> tuple[int | None, int]:
    """The row of the longest phrase that the words begin with, and how many words it takes."""
    for length in range(len(words), 0, -1):
        for spelling in _spellings(model, PHRASE_SIGN.join(words[:length])):
            if (row := model.vectors.index.get(spelling)) is not None:
                return row, length
    return None, 1


def _spellings(model: OpenedModel, word: str) -> tuple[str, ...]:
    """How a word may stand in the vocabulary: with its case folded too, unless the model keeps capitals apart."""
    folds = model.preparation is None or model.preparation.folds_case
    return (word, word.lower(), word.casefold()) if folds else (word,)


def unknown_word(model: OpenedModel, word: str) -> UnknownWordError:
    """The sentence for a word that the model does not know: why, what is close, and what would make it known."""
    suggestions = tuple(model.vectors.words[row] for row in model.vocabulary.close(word))
    reason, remedies = _why_unknown(model, word)
    close = f" Close: {', '.join(suggestions)}." if suggestions else ""
    hint = (
        "Ask for one of the close words." if suggestions else "Check the spelling, or ask for another word."
    )
    return UnknownWordError(
        f'"{word}" is not among the {len(model.vectors):,} words this model knows.',
        f"{reason}{close}".strip(),
        hint,
        remedies,
        word,
        suggestions,
    )


def _why_unknown(model: OpenedModel, word: str) -> tuple[str, tuple[Remedy, ...]]:
    limit = model.setting("min_count")
    if not isinstance(limit, int):
        return "", ()  # a vector file does not tell
    rare = model.vectors.rare_counts
    count = next((rare[spelling] for spelling in _spellings(model, word) if spelling in rare), 0)
    if count:
        times = "once" if count == 1 else f"{count} times"
        remedy = Remedy("new_run_with", f"Train again with limit {count}", {"min_count": count})
        return f"It occurs {times}; the limit was {limit}.", (remedy,)
    if len(rare) >= MOST_RARE_WORDS:  # not all of them were kept
        return f"It occurs fewer than {limit} times in the text, or never.", ()
    return "It never occurs in the text.", ()
