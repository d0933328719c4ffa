"""What is asked of the data room when a run needs text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.preparation.switches import check_switches

Progress = Callable[[str, float | None], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class CorpusRequest:
    """Which text, and how it is prepared and divided.

    ``dataset``: id of a bundled dataset or a path; an existing path wins. ``val``: path of held-out text.
    ``preparation`` ``"auto"`` looks at the text. ``switches`` are the values chosen for the parts of the preparation
    (see :mod:`ptft_gui.data.preparation`); those left out are found by looking too. ``split``: ``"documents"`` holds
    out whole documents, ``"tail"`` cuts exactly by characters, ``"auto"`` takes documents where there are enough, else
    the end of the text. ``val_fraction``: None is a tenth, capped; 0 holds nothing out. ``read``: how the files are
    read. ``text_column`` of a table holds the text, ``split_column`` says which part a row belongs to; None takes the
    likeliest, an empty name none.
    """

    dataset: str
    val: str | None = None
    preparation: Literal["auto", "words", "none"] = "auto"
    split: Literal["auto", "documents", "tail"] = "auto"
    val_fraction: float | None = None
    seed: int = 1
    switches: dict[str, str] = field(default_factory=dict)
    read: ReadOptions = field(default_factory=ReadOptions)
    text_column: str | None = None
    split_column: str | None = None

    def check(self) -> None:
        """Raise DataError for a request that no text can meet."""
        if not self.dataset.strip():
            raise DataError("No text is chosen yet.", hint="Choose a dataset, a file or a folder.")
        check_switches(self.switches)
        if self.val_fraction is not None and not 0 <= self.val_fraction <= 0.9:
            raise DataError(
                "The held-out part must be between 0 and 0.9 of the text.",
                f"It was set to {self.val_fraction:g}.",
                "Set val_fraction to 0.1, to 0 for none, or leave it automatic.",
            )


def no_progress(_text: str, _fraction: float | None) -> None:
    """For callers that do not watch."""


def never_stop() -> bool:
    """For callers that cannot be stopped."""
    return False
