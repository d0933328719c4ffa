"""Words that stand in every text and say little about it ("the", "of"), by language, as stopwords-iso lists them."""

from __future__ import annotations

from functools import cache


@cache
def stop_words_of(language: str | None) -> frozenset[str]:
    """The stop words of a language (ISO 639-1); none for a language without a list.

    The lists hold marks and digits too, which have switches of their own.
    """
    if not language:
        return frozenset()
    import stopwordsiso

    return frozenset(word for word in stopwordsiso.stopwords(language) if any(map(str.isalpha, word)))
