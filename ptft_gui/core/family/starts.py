"""Where a run starts when it does not start from nothing: what a glance tells of a run, a model folder, a vector file.

A glance reads a few lines of JSON and no numbers; a vector file tells nothing before it is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ptft_gui.core.errors import Remedy, SpecError
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.family.registry import FAMILIES
from ptft_gui.core.rundir import LIVE_STATES, RunDir, is_run

CONFIG_FILE, VECTORS_FILE = "config.json", "vectors.safetensors"
FREE, FROZEN = "free", "frozen"
GOING_ON_RATES = {"word2vec": 0.0125, "glove": 0.02}
"""What is proposed where known words are free to move. Measured with Word2Vec from the text8 prefix to WikiText-2: of
the ten nearest words of a known word 26 % stay with the usual rate, 35 % with half of it and 47 % with a quarter, while
the agreement with people's judgements (MEN) is 0.33, 0.30 and 0.27. Frozen words cannot be spoilt: there the usual rate
teaches the new ones best. With GloVe (15 epochs) 32 % stay with the usual rate and 38 % with 0.02, at a lower held-out
cost; WordSim-353 is 0.29 and 0.35, MEN 0.28 and 0.27."""
GOING_ON_REASON = (
    "Half the usual or less: the words that are known keep more of what they mean while new ones are learned."
)
ENOUGH_KNOWN = 1 / 3
"""A start that knows less of a text's words can hardly help."""
_MOST_CONFIG_BYTES = 4 << 20
_PREPARATION_NAME = "name"
_WHICH_WORDS = ("case", "digits", "punctuation", "stop_words", "language", "chinese")
_PHRASES = ("phrases", "phrase_threshold", "phrase_min_count")


@dataclass(frozen=True)
class Start:
    """A start as far as a glance tells. ``model``: the folder or file with the vectors; None and empty are unknown.

    ``words`` and ``size``: how many words, how many numbers each; ``read_words``: length of the text it has read.
    ``preparation``: how its text was cut, by the names of a run's settings; ``options``: what it was trained with.
    """

    path: Path
    model: Path
    kind: Literal["run", "folder", "file"]
    name: str
    family: str = ""
    words: int | None = None
    size: int | None = None
    dataset_title: str = ""
    read_words: int | None = None
    preparation: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def init_from(self) -> Literal["run", "folder"]:
        """As a RunSpec says it."""
        return "run" if self.kind == "run" else "folder"


def glance_at(place: str | Path) -> Start:
    """What is to be started from. Raises :class:`SpecError` for what is missing, unfinished or something else."""
    path = Path(place).expanduser()
    if is_run(path):
        return _glance_at_run(RunDir(path))
    if path.is_dir():
        return _glance_at_folder(path, path, "folder", path.name)
    if path.name == VECTORS_FILE and (path.parent / CONFIG_FILE).is_file():
        return _glance_at_folder(path.parent, path.parent, "folder", path.parent.name)
    if path.is_file():
        return Start(path, path, "file", path.name)
    raise SpecError(
        f"There is no run, model folder or vector file named {path.name or place}.",
        f"Looked for {path.absolute()}.",
        "Choose another start, or From nothing.",
        key="init",
    )


def _glance_at_run(run: RunDir) -> Start:
    title, state = run.title(), run.state()
    if state in LIVE_STATES:
        raise SpecError(
            f"{title} is still {state}, so nothing can start from it yet.",
            "Its model is saved when it ends.",
            "Wait for its end, or choose Stop and keep there.",
            key="init",
        )
    if not (run.model / CONFIG_FILE).is_file():
        raise SpecError(
            f"{title} has no model to start from.",
            "It ended before one was saved, or its model folder was deleted.",
            "Choose another start.",
            key="init",
        )
    return _glance_at_folder(run.path, run.model, "run", title)


def _glance_at_folder(path: Path, model: Path, kind: Literal["run", "folder"], name: str) -> Start:
    config = _read_config(model, name)
    family = str(config.get("family") or "")
    known = FAMILIES.get(family)
    if not (model / VECTORS_FILE).is_file() or (known is not None and not known.saves_word_vectors):
        raise SpecError(
            f"{name} holds no word vectors.",
            f"There is no {VECTORS_FILE} in it." if known is None else f"It holds a {known.title} model.",
            "Choose a run or a model folder with word vectors, or a vector file.",
            key="init",
        )
    record = config.get("preparation")
    preparation = {_PREPARATION_NAME: record} if isinstance(record, str) else dict(record or {})
    if _PREPARATION_NAME in preparation:
        preparation["preparation"] = preparation.pop(_PREPARATION_NAME)
    return Start(
        path,
        model,
        kind,
        str(config.get("name") or name) if kind == "folder" else name,
        family,
        _number(config, "words"),
        _number(config, "size"),
        str(config.get("dataset_title") or ""),
        _number(config, "total_words"),
        preparation,
        dict(config.get("options") or {}),
    )


def _read_config(model: Path, name: str) -> dict[str, Any]:
    path = model / CONFIG_FILE
    try:
        if path.stat().st_size > _MOST_CONFIG_BYTES:
            raise ValueError("it is too long")
        config = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(config, dict) or not isinstance(config.get("options") or {}, dict):
            raise ValueError("it is not as this program writes it")
        if not isinstance(config.get("preparation") or {}, dict | str):
            raise ValueError("it is not as this program writes it")
    except FileNotFoundError:
        raise SpecError(
            f"{name} holds no word vectors.",
            f"There is no {CONFIG_FILE} in it.",
            "Choose a run or a model folder with word vectors, or a vector file.",
            key="init",
        ) from None
    except (OSError, ValueError) as problem:
        raise SpecError(
            f"The model in {name} cannot be used.",
            f"{CONFIG_FILE}: {problem}.",
            "Choose another.",
            key="init",
        ) from None
    return config


def _number(config: Mapping[str, Any], key: str) -> int | None:
    value = config.get(key)
    return value if isinstance(value, int) and value > 0 else None


def settings_from_start(start: Start, family: str, kept: OptionValue = FREE) -> dict[str, OptionValue]:
    """What is proposed where a person chose nothing: phrases as the start has them; for free words a lower rate."""
    known = {option.key for option in FAMILIES[family].options}
    phrases = {key: start.options[key] for key in _PHRASES if key in start.options and key in known}
    rate = {} if kept == FROZEN else {"learning_rate": GOING_ON_RATES.get(family, 0.01)}
    return {**(phrases if phrases.get("phrases") else {}), **rate}


def cut_like_start(chosen: Mapping[str, Any], preparation: Mapping[str, Any]) -> dict[str, Any]:
    """How a text is cut so that its words are those of the start; empty where a person chose the way of cutting.

    ``chosen``: what a person set, None for automatic; ``preparation``: the start's, as in :class:`Start`. Taken over is
    what decides which words there are. How a text is cleaned is that text's own affair, and one that is not cut at
    spaces yet cannot be cut at spaces only, whatever the start's was.
    """
    if chosen.get("preparation") is not None or not preparation:
        return {}
    taken = {key: preparation[key] for key in _WHICH_WORDS if preparation.get(key)}
    if preparation.get("preparation") == "words":
        taken["preparation"] = "words"
    return {key: value for key, value in taken.items() if chosen.get(key) is None}


def size_problem(asked: OptionValue, size: int, name: str) -> SpecError | None:
    """The problem of a vector size that is not that of the start, which fixes it; None where there is none."""
    if asked is None or asked == size:
        return None
    return SpecError(
        f"The words of {name} have {size:,} numbers each, so the vector size cannot be {asked:,}.",
        hint=f"Leave the vector size automatic, or set it to {size:,}.",
        remedies=(Remedy("new_run_with", f"Use vector size {size:,}", {"vector_size": size}),),
        key="vector_size",
    )


def problems_of_start(init_from: str, init: str | None, vector_size: OptionValue) -> list[SpecError]:
    """What keeps a run from starting where it is to start."""
    if init_from == "scratch":
        unused = SpecError(
            "A start is given, but the run is to begin from nothing.",
            hint="Choose Go on pre-training, or leave the start out.",
            key="init",
        )
        return [unused] if init else []
    if not init:
        return [
            SpecError(
                "No start is chosen yet.", hint="Choose what to go on from under Start from.", key="init"
            )
        ]
    try:
        start = glance_at(init)
    except SpecError as problem:
        return [problem]
    of_size = size_problem(vector_size, start.size, start.name) if start.size else None
    return [of_size] if of_size else []
