"""What is asked of a dataset: how its files are read, what its columns are for, how it is cleaned and divided.

One record for everybody: the New run page, the Datasets page, ``ptft-gui data`` and a run's spec all hold it, and the
data room carries it out. ``None`` and empty mean "as found out by looking".
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ptft_gui.core.corrections import Correction

FOLDS = 5
"""Into so many parts rows are divided where a score is measured again and again."""


class ReadOptions(BaseModel):
    """How the files of a dataset are read, where a person knows better than the program.

    ``encoding`` is a Python codec name, ``delimiter`` one character, ``sheet`` the name of a sheet of a workbook (or of
    a list inside a JSON file), ``has_header`` whether the first row names the columns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    has_header: bool | None = None


class SplitRequest(BaseModel):
    """How rows become training, validation and test.

    ``kind``: ``automatic`` takes the splits that the data brings and cuts what is missing from the rest; ``column``
    reads the part of each row in the column of the role ``split``; ``none`` trains on everything. Fractions are of all
    rows, None is the usual one (labelled data 0.15 each). ``fold``: all rows are divided into FOLDS equal parts, of
    which this one, counted from 1, gives the score; of FOLDS runs every row is tested once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["automatic", "column", "none"] = "automatic"
    val_fraction: float | None = None
    test_fraction: float | None = None
    seed: int = 1
    fold: int | None = Field(default=None, ge=1, le=FOLDS)


class DataRequest(BaseModel):
    """One dataset, asked for.

    ``dataset`` is the name of a dataset or a path (an existing path wins), ``val`` and ``test`` are paths of a person's
    own held-out files. ``roles`` maps a role to a column (see :mod:`ptft_gui.core.family.tasks`), ``decisions`` a
    finding to the chosen way to deal with it; ``corrections`` are labels that a person corrected, and rows left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    val: str | None = None
    test: str | None = None
    read: ReadOptions = ReadOptions()
    task: str | None = None
    roles: dict[str, str] = {}
    decisions: dict[str, str] = {}
    split: SplitRequest = SplitRequest()
    corrections: tuple[Correction, ...] = ()
