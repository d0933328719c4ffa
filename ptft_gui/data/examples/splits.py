"""Which rows the model learns from, which choose its best moment, and which give the final score.

Parts that a person brings win, and a given test part is never touched. What is missing is cut from the rest: seeded,
stratified by label, equal texts on one side; for questions all of a context and of the document that it comes from, for
pairs all that share a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ptft_gui.core.data_request import FOLDS, SplitRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.data.examples.decided import WITH_LABELS, Decided
from ptft_gui.data.examples.group_deal import GroupDeal, GroupKeys, Parts, group_keys
from ptft_gui.data.examples.number_files import Mask
from ptft_gui.data.examples.survey import NO_PART, PARTS, TEST, TRAIN, VAL, Survey

UNLABELLED = 3
LABELLED_FRACTION = 0.15
PLAIN_FRACTION = 0.1
MOST_PLAIN_EXAMPLES = 5_000
MOST_PLAIN_TOKENS = 1_000_000
FEWEST_ROWS = 10
FEWEST_OF_A_CLASS = 3
FEW_TEST_ROWS = 100
_LARGEST_SHARE = 0.2
_HELD_OUT_SHARE = 0.5
"""Of the rows: so many must stand in documents small enough to be held out, or only contexts are kept whole."""
_ANSWERING = "question-answering"
_FIRST_FOLD = 100
"""Above the numbers of all parts: what groups are dealt to for a moment."""


@dataclass
class Division:
    """``part`` has shape (rows,): TRAIN, VAL, TEST, UNLABELLED, or NO_PART for rows that are not used."""

    part: Parts
    sentence: str
    notices: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        names = (*PARTS, "unlabelled")
        return {name: int((self.part == place).sum()) for place, name in enumerate(names)}


def check_split(split: SplitRequest, roles: Mapping[str, str] | None = None) -> None:
    """Raise DataError for fractions that leave nothing to learn from, and for a column that is not there."""
    val, test = split.val_fraction or 0.0, split.test_fraction or 0.0
    if min(val, test) < 0 or val + test > 0.9:
        raise DataError(
            "The held-out parts must be between 0 and 0.9 of the rows together.",
            f"They were set to {val:g} and {test:g}.",
            "Set val_fraction and test_fraction to 0.15 each, or leave them automatic.",
        )
    if split.kind == "column" and roles is not None and "split" not in roles:
        raise DataError(
            "No column is chosen that names the part of each row.",
            "The rows shall be divided by a column.",
            "Choose the column for the role split, or let the rows be divided automatically.",
        )


def divide(survey: Survey, decided: Decided, split: SplitRequest) -> Division:
    """Give every used row its part. Raises DataError for impossible fractions."""
    check_split(split)
    part = np.where(decided.used, survey.given, NO_PART).astype(np.int8)
    has_val, has_test = bool((part == VAL).any()), bool((part == TEST).any())
    rest = decided.used & (part != VAL)
    rest &= part != TEST
    part[rest] = TRAIN
    notices: list[str] = []
    if split.fold is not None:
        _check_folds(survey, rest, split.kind, has_test)
        _cut_fold(survey, decided, rest, part, split, 0.0 if has_val else _val_fraction(split), notices)
    elif split.kind == "automatic" and rest.any():
        fractions = _fractions(survey, rest, split, has_val, has_test)
        _cut(survey, decided, rest, part, fractions, split.seed, notices)
    part[decided.set_aside] = UNLABELLED
    division = Division(part, "", notices)
    division.sentence = _sentence(division, has_val, has_test) + _sides(
        survey, division, has_val and has_test
    )
    if split.fold is not None:
        division.sentence += f" The rows are divided into {FOLDS} parts; part {split.fold} is tested."
    return division


def _val_fraction(split: SplitRequest) -> float:
    return LABELLED_FRACTION if split.val_fraction is None else split.val_fraction


def _check_folds(survey: Survey, rest: Mask, kind: str, has_test: bool) -> None:
    if has_test or kind == "column":
        raise DataError(
            "Rows that bring their own test part are not tested part by part.",
            "A test part that was brought is read by nothing else, and every row would be tested once.",
            "Leave the setting fold out, or bring all rows without a test part.",
        )
    if survey.task == PLAIN_TEXT or int(rest.sum()) < FEWEST_ROWS:
        raise DataError(
            f"There are no {FEWEST_ROWS} rows with answers to be divided into {FOLDS} parts.",
            f"{int(rest.sum()):,} rows can be used.",
            "Leave the setting fold out, or use more rows.",
        )


def _fractions(
    survey: Survey, rest: Mask, split: SplitRequest, has_val: bool, has_test: bool
) -> tuple[float, float]:
    usual_val, usual_test = LABELLED_FRACTION, LABELLED_FRACTION
    if survey.task == PLAIN_TEXT:
        rows = int(rest.sum())
        tokens = sum(int(each[rest[piece]].sum(dtype=np.int64)) for piece, each in survey.tokens.pieces())
        usual_val = min(PLAIN_FRACTION, MOST_PLAIN_EXAMPLES / rows, MOST_PLAIN_TOKENS / max(tokens, 1))
        usual_test = 0.0
    val = 0.0 if has_val else usual_val if split.val_fraction is None else split.val_fraction
    test = 0.0 if has_test else usual_test if split.test_fraction is None else split.test_fraction
    return val, test


def _cut(
    survey: Survey,
    decided: Decided,
    rest: Mask,
    part: Parts,
    fractions: tuple[float, float],
    seed: int,
    notices: list[str],
) -> None:
    """Give the rows ``rest`` their parts in ``part``, shape (rows,)."""
    rows = int(rest.sum())
    if sum(fractions) == 0:
        return
    if rows < FEWEST_ROWS:
        few = "1 row is" if rows == 1 else f"{rows:,} rows are"
        notices.append(f"{few} too few to hold some out: the model learns from all.")
        return
    keys = _keys(survey, rest, notices)
    of_cell = _strata(decided)
    deal = GroupDeal(keys, rest, lambda piece: of_cell[survey.label[piece]], int(of_cell.max()) + 1)
    wanted = deal.wanted(lambda before, count: _targets(before, count, fractions))
    deal.shuffle(np.random.default_rng(seed))
    for place in (TEST, VAL):
        deal.hold_out(place, [each[1 if place == TEST else 0] for each in wanted])
    for piece in keys.pieces():
        own = rest[piece]
        part[piece][own] = deal.part_of_group[keys.of(piece)[own]]


def _cut_fold(
    survey: Survey,
    decided: Decided,
    rest: Mask,
    part: Parts,
    split: SplitRequest,
    val_fraction: float,
    notices: list[str],
) -> None:
    """Divide ``rest`` into FOLDS parts alike in their labels, the same for each fold: one is tested, of the others
    some choose the best moment."""
    assert split.fold is not None
    keys = _keys(survey, rest, notices)
    of_cell = _strata(decided)
    deal = GroupDeal(keys, rest, lambda piece: of_cell[survey.label[piece]], int(of_cell.max()) + 1)
    deal.shuffle(np.random.default_rng(split.seed))
    for fold in range(1, FOLDS):  # what is left is the last one
        deal.hold_out(_FIRST_FOLD + fold, _rows_of_fold(deal, fold))
    place = TRAIN if split.fold == FOLDS else _FIRST_FOLD + split.fold
    is_tested = deal.part_of_group == place
    deal.part_of_group[:] = TRAIN
    deal.part_of_group[is_tested] = TEST
    wanted = deal.wanted(lambda before, count: _targets(before, count, (val_fraction, 0.0)))
    deal.hold_out(VAL, [each[0] for each in wanted])
    for piece in keys.pieces():
        own = rest[piece]
        part[piece][own] = deal.part_of_group[keys.of(piece)[own]]


def _rows_of_fold(deal: GroupDeal, fold: int) -> list[int]:
    """How many rows of each stratum belong to a fold, so that all folds are alike."""
    wanted = deal.wanted(lambda before, count: (_of_fold(before, fold), _of_fold(before + count, fold)))
    return [after - before for before, after in wanted]


def _of_fold(rows: int, fold: int) -> int:
    """How many of the first ``rows`` belong to a fold where they are dealt in turns."""
    return (rows - fold) // FOLDS + 1 if rows >= fold else 0


def _keys(survey: Survey, rest: Mask, notices: list[str]) -> GroupKeys:
    keys = group_keys(survey.groups, rest)
    if survey.task == _ANSWERING:
        if len(survey.groups) == 1 or keys.share_that_may_be_held_out(rest) >= _HELD_OUT_SHARE:
            return keys
        notices.append(_LARGE_DOCUMENTS)
        return group_keys(survey.groups[:1], rest)
    if len(survey.groups) > 1 and keys.largest(rest) > _LARGEST_SHARE * int(rest.sum()):
        notices.append(
            "The same sentences come in so many pairs that they cannot be kept apart: "
            "only equal pairs stay on one side."
        )
        return group_keys((survey.copies,), rest)
    return keys


_LARGE_DOCUMENTS = (
    "The documents are too few and too large to be kept whole: questions about one text stay on one side, other texts "
    "of its document may stand on the other."
)


def _sides(survey: Survey, division: Division, is_given: bool) -> str:
    """What of questions is kept together; nothing where the person brought all parts."""
    if survey.task != _ANSWERING or is_given or not (division.part == VAL).any():
        return ""
    has_documents = len(survey.groups) > 1 and _LARGE_DOCUMENTS not in division.notices
    whole = "document" if has_documents else "text"
    return f" All questions about one {whole} stand in the same part."


def _strata(decided: Decided) -> npt.NDArray[np.int32]:
    """A number for each cell, the last one for an empty cell; rows of one number are divided in like shares.

    Of several labels the rarest counts.
    """
    if decided.task not in WITH_LABELS:
        return np.zeros(1 + len(decided.names), np.int32)
    rank = {name: place for place, (name, _) in enumerate(decided.classes)}
    of_cell = [max((rank.get(name, 0) for name in names), default=0) for names in decided.names]
    return np.array([*of_cell, len(rank)], np.int32)


def _targets(before: int, rows: int, fractions: tuple[float, float]) -> tuple[int, int]:
    """How many rows of a stratum go to validation and test, so that all strata together hit the fractions.

    A class of at least three rows stands in each part that is cut.
    """
    after = np.subtract(_held(before + rows, fractions), _held(before, fractions))
    val, test = int(after[0]), int(after[1])
    if rows < FEWEST_OF_A_CLASS:
        return 0, 0
    return max(val, int(fractions[0] > 0)), max(test, int(fractions[1] > 0))


def _held(rows: int, fractions: tuple[float, float]) -> tuple[int, int]:
    """Rows for validation and test out of the first ``rows``; an odd one goes to validation."""
    val, test = (Fraction(str(each)) for each in fractions)
    held = rows - round((1 - val - test) * rows)
    in_val = -(-held * val // (val + test)) if val else 0
    return int(in_val), held - int(in_val)


def _sentence(division: Division, has_val: bool, has_test: bool) -> str:
    """ "3,105 rows: 2,174 to learn from, 466 to choose the best moment, 465 for the final score." """
    counts = division.counts()
    used = counts["train"] + counts["val"] + counts["test"]
    said = [f"{counts['train']:,} to learn from"]
    if counts["val"]:
        said.append(
            f"{counts['val']:,} to choose the best moment" + (" (as you gave them)" if has_val else "")
        )
    if counts["test"]:
        said.append(f"{counts['test']:,} for the final score" + (" (as you gave them)" if has_test else ""))
    if len(said) == 1:
        all_of = "1 row" if used == 1 else f"{used:,} rows, all"
        return f"{all_of} to learn from: nothing is held out, so there is no held-out curve and no score."
    if counts["test"] and counts["test"] < FEW_TEST_ROWS and not has_test:
        division.notices.append(f"With only {counts['test']:,} rows for the final score, the score is rough.")
    return f"{used:,} rows: {', '.join(said)}."
