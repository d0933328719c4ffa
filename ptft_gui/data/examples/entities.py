"""Names marked in text, counted from the tags of their words."""

from __future__ import annotations

import polars as pl

_OUTSIDE = "O"
# A letter before a hyphen says where in a name a word stands: Begin, Inside, End, Last, Middle, Single, Unit.
_TAG = r"^([BIELMSU])[-_](.+)$"


def entity_starts(tags: pl.Series) -> pl.Series:
    """The kind of every name that begins, in order (``pl.String``), from lists of tags.

    Reads BIO in both forms, BIOES, BMES, BILOU and tags without a place. A name begins at B, S and U, and at any other
    tagged word that follows a word outside or one of another kind.
    """
    return (
        tags.alias("tag")
        .to_frame()
        .with_row_index("sentence")
        .explode("tag", empty_as_null=False)
        .drop_nulls("tag")
        .with_columns(
            place=pl.col("tag").str.extract(_TAG, 1).fill_null("I"),
            kind=pl.when(pl.col("tag") != _OUTSIDE).then(pl.col("tag").str.replace(_TAG, "$2")),
        )
        .with_columns(before=pl.col("kind").shift(1).over("sentence"))
        .filter(
            pl.col("kind").is_not_null()
            & (pl.col("place").is_in(["B", "S", "U"]) | pl.col("before").ne_missing(pl.col("kind")))
        )
        .select("kind")
        .to_series()
    )
