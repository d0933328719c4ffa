"""Whether a text holds words enough to learn from."""

from __future__ import annotations

from collections.abc import Mapping

from ptft_gui.core.errors import DataError, Remedy


def check_vocabulary(counts: Mapping[str, int], min_count: int) -> None:
    """Raise DataError, with the way out, where fewer than two words occur ``min_count`` times."""
    kept = [word for word, count in counts.items() if count >= min_count]
    if len(kept) >= 2:
        return
    if not kept:
        message = "No word occurs often enough."
        detail = f"The text has {sum(counts.values()):,} words; none occurs {min_count:,} times."
    elif len(counts) == 1:
        message = "The text holds only one word."
        detail = f'It is "{kept[0]}", again and again; a word is learned from the other words beside it.'
    else:
        message = "Only one word occurs often enough."
        detail = f'Only "{kept[0]}" occurs {min_count} times; a word is learned from the words beside it.'
    raise DataError(message, detail, *_way_out(counts, min_count))


def _way_out(counts: Mapping[str, int], min_count: int) -> tuple[str, tuple[Remedy, ...]]:
    if min_count > 1 and len(counts) >= 2:
        remedy = Remedy("new_run_with", "Lower the minimum count to 1", {"min_count": 1})
        return "Lower the minimum count to 1, or add more text.", (remedy,)
    return "Add more text.", ()


def no_neighbours() -> DataError:
    """The failure of a text in which no known word stands beside another."""
    return DataError(
        "No word of this text has a neighbour to learn from.",
        "Every sentence holds at most one word that occurs often enough.",
        "Add more text, or lower the minimum count.",
    )
