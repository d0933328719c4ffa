"""Questions and answers, many at once: how many answers stand in their context, and where they are said to stand."""

from __future__ import annotations

import polars as pl

_ANSWERS, _STARTS, _CONTEXT = "answer", "answer_start", "context"


def check_questions(context: pl.Series, answers: pl.Series, starts: pl.Series | None) -> pl.DataFrame:
    """One row a question: ``answers`` (how many that are not blank), ``misplaced`` (how many do not stand at their
    start) and ``absent`` (how many stand nowhere in the context).

    Answers and starts are lists of texts, or texts where a question has one answer. A start that is missing or no
    number counts as misplaced; without a column of starts nothing does.
    """
    columns = {_CONTEXT: context, _ANSWERS: _as_list(answers)}
    if starts is not None:
        columns[_STARTS] = _as_list(starts)
    questions = pl.DataFrame(columns).with_row_index("question")
    if starts is not None:
        questions = questions.with_columns(pl.col(_STARTS).list.gather(_places(), null_on_oob=True))
    one_each = (
        questions.explode(*columns.keys() - {_CONTEXT}, empty_as_null=True)
        .filter(pl.col(_ANSWERS).str.contains(r"\S"))
        .with_columns(absent=~_contains())
        .with_columns(misplaced=~_stands_there() if starts is not None else pl.lit(False))
    )
    counted = one_each.group_by("question").agg(
        pl.len().alias("answers"), pl.col("misplaced").sum(), pl.col("absent").sum()
    )
    return questions.select("question").join(counted, "question", "left", maintain_order="left").fill_null(0)


def _as_list(column: pl.Series) -> pl.Series:
    """Lists of texts; an empty cell is a list of none."""
    cells = pl.all() if isinstance(column.dtype, pl.List) else pl.concat_list(pl.all())
    none = pl.lit([], dtype=pl.List(pl.String))
    return column.to_frame().select(cells.fill_null(none)).to_series()


def _places() -> pl.Expr:
    """0, 1, 2 ... for each answer: a start too many is dropped, one too few becomes null."""
    return pl.int_ranges(pl.col(_ANSWERS).list.len())


def _contains() -> pl.Expr:
    return pl.col(_CONTEXT).str.contains(pl.col(_ANSWERS), literal=True).fill_null(False)


def _stands_there() -> pl.Expr:
    start = pl.col(_STARTS).str.strip_chars().cast(pl.Int64, strict=False)
    answer = pl.col(_ANSWERS)
    found = pl.col(_CONTEXT).str.slice(start, answer.str.len_chars())
    return (found == answer).fill_null(False) & (start >= 0).fill_null(False)
