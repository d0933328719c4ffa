"""From the hub's parquet files to one file a split, its labels as words.

The hub cuts large splits into many files and keeps classes as numbers whose names stand in the file's head; here a
split becomes one file, named as the split is, and ``2`` becomes ``Business``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.fingerprints import ShouldStop
from ptft_gui.data.hub.described import class_names

_BATCH_ROWS = 4096


def assemble(
    sources: Sequence[Path],
    target: Path,
    on_rows: Callable[[int], None],
    should_stop: ShouldStop,
) -> int:
    """Write the rows of ``sources`` to ``target``, in order, classes by name; returns the number of rows.

    Raises DataError when a file is not the table it should be, StoppedByPerson, :class:`OSError`.
    """
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    rows = 0
    try:
        schema = pq.read_schema(sources[0])
        names = class_names(schema)
        shown = _named_schema(schema, names)
        if not len(shown):
            raise DataError(
                f"{target.name} would hold no text.",
                f"Its columns are {', '.join(schema.names[:8])}: pictures or sounds.",
                "Choose a dataset of texts.",
            )
        with pq.ParquetWriter(target, shown) as writer:
            for source in sources:
                with pq.ParquetFile(source) as table:
                    for batch in table.iter_batches(_BATCH_ROWS, use_threads=False):
                        if should_stop():
                            raise StoppedByPerson
                        writer.write_batch(_named(batch, shown, names))
                        rows += batch.num_rows
                        on_rows(batch.num_rows)
    except (pa.ArrowException, KeyError) as problem:
        raise DataError(
            f"{target.name} cannot be put together from what the hub sent.",
            f"{str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__}.",
            "Choose another dataset, or download its files by hand.",
        ) from problem
    return rows


def _named_schema(schema: Any, names: Mapping[str, list[str]]) -> Any:
    """The same columns, those with named classes as text, without pictures and sounds; the head's notes are dropped."""
    import pyarrow as pa

    fields = []
    for column in schema:
        kind = column.type
        if _holds_bytes(kind):
            continue
        if column.name in names and pa.types.is_integer(kind):
            kind = pa.string()
        elif column.name in names and _is_list_of_integers(kind):
            kind = pa.list_(pa.string())
        fields.append(pa.field(column.name, kind))
    return pa.schema(fields)


def _holds_bytes(kind: Any) -> bool:
    """Whether a column holds pictures, sounds or other bytes, alone or inside records."""
    import pyarrow as pa

    types = pa.types
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return True
    return any(_holds_bytes(kind.field(place).type) for place in range(kind.num_fields))


def _is_list_of_integers(kind: Any) -> bool:
    import pyarrow as pa

    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return bool(is_list and pa.types.is_integer(kind.value_type))


def _named(batch: Any, shown: Any, names: Mapping[str, list[str]]) -> Any:
    import pyarrow as pa

    columns = []
    for column in shown:
        values = batch.column(column.name)
        if column.name in names and column.type == pa.string():
            values = _words(values, names[column.name])
        elif column.name in names and column.type == pa.list_(pa.string()):
            values = _lists_of_words(values, names[column.name])
        columns.append(values.cast(column.type))
    return pa.record_batch(columns, schema=shown)


def _words(numbers: Any, names: Sequence[str]) -> Any:
    """Class numbers as words; -1, which the hub writes where a label is not given away, and others become empty."""
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    index = numbers.cast(pa.int64())
    is_known = pc.and_(pc.greater_equal(index, 0), pc.less(index, len(names)))
    index = pc.if_else(is_known, index, pa.scalar(None, pa.int64()))
    return pc.take(pa.array(names, pa.string()), index)


def _lists_of_words(lists: Any, names: Sequence[str]) -> Any:
    """The same for lists of class numbers, as tags are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = _words(lists.flatten(), names)
    lengths = pc.list_value_length(lists)
    ends = pc.cumulative_sum(pc.fill_null(lengths, 0)).cast(pa.int32())
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    return pa.ListArray.from_arrays(offsets, words, mask=lists.is_null())
