"""A question beside its context, as the network reads both: windows that overlap where the context is long.

After Devlin et al. 2019, https://arxiv.org/abs/1810.04805, and its programs for SQuAD: each window holds the whole
question and a piece of the context; the pieces overlap, so that an answer cut by one window stands whole in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError

MOST_WINDOWS = 256
"""Of one context. What lies behind is not read; it is counted as cut."""
_MOST_OVERLAP = 128
_CHARACTERS_A_TOKEN = 16
_LONGEST_QUESTION = 20_000

Places = NDArray[np.int32]


@dataclass(frozen=True)
class Window:
    """``ids`` and ``segments`` as the network takes them; ``offsets``: int32 (L, 2), where each token of the context
    stands in it, (-1, -1) for all others; ``row``: whose window; ``start``: the place that stands for "no answer"."""

    ids: Places
    segments: Places | None
    offsets: Places
    row: int
    start: int

    @property
    def in_context(self) -> NDArray[np.bool_]:
        """Shape (L,): which tokens belong to the context."""
        return self.offsets[:, 0] >= 0


def fast_tokenizer(tokenizer: Any) -> Any:
    """The same; raises :class:`ModelError` for one that does not tell where its tokens stand in a text."""
    if not getattr(tokenizer, "is_fast", False):
        raise ModelError(
            "The tokenizer of this model does not tell where its tokens stand in a text.",
            "Answers and names could not be found again in the text.",
            "Save the model with its fast tokenizer (tokenizer.json).",
        )
    return tokenizer


def make_windows(
    tokenizer: Any, questions: Sequence[str], contexts: Sequence[str], longest: int
) -> tuple[list[Window], list[int]]:
    """The windows of all questions, in order, none longer than ``longest`` tokens; and how many tokens of each
    question and context no window holds.

    A question may fill half of a window; the rest of it is cut.
    """
    fast_tokenizer(tokenizer)
    asked = [_shortened(tokenizer, question, longest // 2) for question in questions]
    most = longest * MOST_WINDOWS * _CHARACTERS_A_TOKEN
    read = tokenizer(
        [question for question, _ in asked],
        [context[:most] for context in contexts],
        truncation="only_second",
        max_length=longest,
        stride=min(_MOST_OVERLAP, longest // 4),
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        verbose=False,
    )
    windows: list[Window] = []
    cut = [lost for _, lost in asked]
    counts = [0] * len(questions)
    for number, ids in enumerate(read["input_ids"]):
        row = int(read["overflow_to_sample_mapping"][number])
        counts[row] += 1
        if counts[row] > MOST_WINDOWS:
            cut[row] += sum(part == 1 for part in read.sequence_ids(number))
            continue
        windows.append(_window(tokenizer, read, number, ids, row))
    return windows, cut


def _shortened(tokenizer: Any, question: str, most: int) -> tuple[str, int]:
    """The question, cut to ``most`` tokens, and how many were cut off."""
    question = question[:_LONGEST_QUESTION]
    offsets = tokenizer(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
        "offset_mapping"
    ]
    if len(offsets) <= most:
        return question, 0
    return question[: offsets[most - 1][1]], len(offsets) - most


def _window(tokenizer: Any, read: Any, number: int, ids: list[int], row: int) -> Window:
    offsets = np.array(read["offset_mapping"][number], np.int32).reshape(-1, 2)
    parts = np.array([-1 if part is None else part for part in read.sequence_ids(number)], np.int32)
    offsets[parts != 1] = -1
    segments = read["token_type_ids"][number] if "token_type_ids" in read else None
    first = tokenizer.cls_token_id
    return Window(
        np.array(ids, np.int32),
        None if segments is None else np.array(segments, np.int32),
        offsets,
        row,
        ids.index(first) if first in ids else 0,
    )
