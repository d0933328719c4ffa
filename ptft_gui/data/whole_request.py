"""From what a person named to the whole request for it: a stored dataset brings its choices, theirs are laid over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ptft_gui.core.data_request import DataRequest, ReadOptions, SplitRequest
from ptft_gui.core.family.data_options import PREPARATION_KEYS
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.core.fingerprints import files_under, print_file
from ptft_gui.core.library import find_dataset
from ptft_gui.core.paths import home_folder
from ptft_gui.core.spec import DataSpec
from ptft_gui.data.library import resolve_dataset_request
from ptft_gui.data.library.checking import BytesWatch
from ptft_gui.data.request import CorpusRequest, Progress, ShouldStop, never_stop, no_progress

NOTED_FILES = 200


def whole_request(asked: DataRequest) -> DataRequest:
    """The request with the dataset's own path and choices wherever the person chose nothing else.

    Raises DataError for a name that stands for nothing.
    """
    stored = resolve_dataset_request(asked.dataset)
    return DataRequest(
        dataset=stored.dataset,
        val=asked.val or stored.val,
        test=asked.test or stored.test,
        read=_read_over(stored.read, asked.read),
        task=asked.task or stored.task,
        roles={**stored.roles, **asked.roles},
        decisions={**stored.decisions, **asked.decisions},
        split=stored.split if asked.split == SplitRequest() else asked.split,
        corrections=asked.corrections or stored.corrections,
    )


def _read_over(stored: ReadOptions, asked: ReadOptions) -> ReadOptions:
    return stored.model_copy(update=asked.model_dump(exclude_none=True))


def corpus_request(data: DataSpec, seed: int = 1) -> CorpusRequest:
    """What a run on this text asks of the data room. Raises DataError for a name that stands for nothing."""
    whole = whole_request(data.request(PLAIN_TEXT))
    kept = _kept_preparation(data.dataset)
    return CorpusRequest(
        dataset=whole.dataset,
        val=whole.val,
        preparation=data.preparation or kept.pop("preparation", None) or "auto",  # type: ignore[arg-type]
        split=data.split or "auto",
        val_fraction=data.val_fraction,
        seed=seed,
        switches={**kept, **_copies_decided(whole.decisions), **data.switches()},
        read=whole.read,
        text_column=whole.roles.get("text"),
        split_column=whole.roles.get("split"),
    )


def _copies_decided(decisions: Mapping[str, str]) -> dict[str, str]:
    """Of running text a copy is a line or a document that came before: what was decided about rows holds for them."""
    chosen = {decisions.get(finding) for finding in ("repeated_lines", "equal_texts")}
    if "keep_one" in chosen:
        return {"copies": "drop"}
    return {"copies": "keep"} if decisions.get("repeated_lines") == "keep" else {}


def fingerprints(
    data: DataSpec, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> list[dict[str, Any]]:
    """What the files of a run's text are now, so that a later change is noticed; none for a bundled text.

    Of a folder the first :data:`NOTED_FILES`. Raises DataError, StoppedByPerson.
    """
    whole = whole_request(data.request(PLAIN_TEXT))
    paths = [Path(path).expanduser() for path in (whole.dataset, whole.val) if path]
    files = [file.absolute() for path in paths if path.exists() for file in files_under(path)][:NOTED_FILES]
    watch = BytesWatch("Noting what the files are", sum(file.stat().st_size for file in files), progress)
    return [print_file(file, watch, should_stop).model_dump() for file in files]


def _kept_preparation(dataset: str) -> dict[str, str]:
    """What a person chose once for a dataset of the library, and keeps for every run on it."""
    if Path(dataset).expanduser().exists():
        return {}
    stored = find_dataset(home_folder(), dataset)
    found = stored.preparation if stored else {}
    return {key: str(found[key]) for key in PREPARATION_KEYS if found.get(key) is not None}
