"""Which colour means which kind of name: a line of kinds, those that were found marked as they are in the text."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def marked_kinds(
    lead: str, kinds: Sequence[str], shown: Sequence[str], seen: Collection[str], unnamed: str
) -> tuple[str, list[tuple[int, int, int]]]:
    """The line and its marks, as ColouredText takes them.

    ``kinds``: all that the model knows, whose order gives the colours; ``shown``: those that are named; ``unnamed``:
    what a kind without a name is called.
    """
    words, places = lead, []
    for place, kind in enumerate(kinds):
        if kind not in shown:
            continue
        words += "  "
        named = kind or unnamed
        if kind in seen:
            places.append((len(words), len(words) + len(named), place))
        words += named
    return words, places
