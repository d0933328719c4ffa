"""What a dataset's page tells of its columns and rows, read by the library ``datasets``.

The page is a person's own writing: whatever the library does not understand counts as not told.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

_NOT_UNDERSTOOD = (AttributeError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class HubColumn:
    """A column: its kind as the hub calls it, and the names of its classes."""

    name: str
    kind: str
    labels: tuple[str, ...] = ()


def described(card: Mapping[str, Any], config: str) -> Mapping[str, Any]:
    """What the page says of one configuration."""
    told = card.get("dataset_info")
    several = told if isinstance(told, list) else [told]
    known = [one for one in several if isinstance(one, dict)]
    if len(known) == 1 and not known[0].get("config_name"):
        return known[0]
    return next((one for one in known if one.get("config_name", "default") == config), {})


def columns_of(told: Mapping[str, Any]) -> tuple[HubColumn, ...]:
    """The columns of a configuration; none where the page does not tell."""
    info = _read(told, "features")
    features = info.features if info is not None and info.features else {}
    return tuple(HubColumn(str(name), *_kind(feature)) for name, feature in features.items())


def rows_of(told: Mapping[str, Any]) -> dict[str, int]:
    """Split -> rows, as far as the page tells."""
    info = _read(told, "splits")
    splits = info.splits if info is not None and info.splits else {}
    counts = {str(name): split.num_examples for name, split in splits.items()}
    return {
        name: count for name, count in counts.items() if isinstance(count, int) and count > 0
    }  # 0: not told


def class_names(schema: pa.Schema) -> dict[str, list[str]]:
    """Column -> names of its classes, from the head of a parquet file as the library writes it."""
    from datasets import Features  # type: ignore[import-untyped]

    try:
        features = Features.from_arrow_schema(schema)
    except _NOT_UNDERSTOOD:
        return {}
    named = {str(name): _kind(feature)[1] for name, feature in features.items()}
    return {name: list(labels) for name, labels in named.items() if labels}


def _read(told: Mapping[str, Any], key: str) -> Any:
    """One part of the description, alone: another that is written badly does not spoil it."""
    # a second of imports, pandas and pyarrow, beside a question to the hub
    from datasets.info import DatasetInfosDict  # type: ignore[import-untyped]
    from huggingface_hub import DatasetCardData

    if not told.get(key):
        return None
    logging.getLogger("datasets.info").setLevel(logging.ERROR)  # it warns of pages that are written badly
    try:
        card = DatasetCardData(dataset_info={key: told[key]})
        return next(iter(DatasetInfosDict.from_dataset_card_data(card).values()), None)
    except _NOT_UNDERSTOOD:
        return None


def _kind(feature: Any) -> tuple[str, tuple[str, ...]]:
    """Kind and labels of a column: "string", "label" with its names, "list of label", "record", "image"."""
    from datasets import ClassLabel, LargeList, List, Sequence, Value

    if isinstance(feature, ClassLabel):
        return "label", tuple(str(name) for name in feature.names or ())
    if isinstance(feature, Value):
        return str(feature.dtype), ()
    if isinstance(feature, (List, LargeList, Sequence)):
        kind, labels = _kind(feature.feature)
        return f"list of {kind}", labels
    return ("record", ()) if isinstance(feature, dict) else (type(feature).__name__.lower(), ())
