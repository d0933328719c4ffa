"""Going on from an earlier model: its shape, its numbers, its tokenizer, judged before anything of it is used.

Weights are read from safetensors only and no code of the folder is run. What a start lacks is told: an encoder without
a head that guesses gets a new one; one that lacks more, or holds arrays of another shape, is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ptft_gui.core.errors import ModelError, PtftError, RunFolderError
from ptft_gui.core.family.language_starts import CONFIG_FILE, LanguageStart, glance_at_language
from ptft_gui.core.fingerprints import print_file
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.engine.model_folder import check_sizes, shapes_in, weight_files

START_FOLDER = "start"
"""In the run's folder: the configuration of what it goes on from, so that resuming needs nothing else of it."""
_FILLING_HEAD = "cls.predictions.transform."
_HEADS = ("cls.", "lm_head.", "bert.pooler.")
_USUAL_EXTRAS = ("bert.pooler.", "pooler.", "cls.seq_relationship.")
_NEVER_LEARNED = (".attn.bias", ".attn.masked_bias", "position_ids", "cls.predictions.decoder.")
_MOST_NAMED = 3


@dataclass(frozen=True)
class Known:
    """What is gone on from. Without a ``folder`` only its shape counts: a checkpoint brings the numbers."""

    name: str
    config: Mapping[str, Any]
    folder: Path | None
    fingerprint: str = ""
    start: LanguageStart | None = None


def read_known(
    spec: RunSpec, run: RunDir, earlier: Mapping[str, Any], has_checkpoint: bool, should_stop: ShouldStop
) -> Known | None:
    """The start of a run, None for one from nothing. Raises :class:`PtftError`, StoppedByPerson.

    ``earlier``: what an earlier attempt decided; a start that is read again must still be what it was.
    """
    if spec.init_from == "scratch" or not spec.init:
        return None
    kept = run.path / START_FOLDER / CONFIG_FILE
    told = earlier.get("initial") or {}
    if has_checkpoint and kept.is_file():
        return Known(str(told.get("name") or spec.init), _read_config(kept), None)
    try:
        start = glance_at_language(spec.init)
        fingerprint = judge(start, should_stop)
    except PtftError as problem:
        if not told:
            raise
        raise RunFolderError(
            f"What this run started from, {told.get('name') or spec.init}, can no longer be read.",
            problem.as_sentence(),
            "Bring it back to its place to go on, or start a new run.",
        ) from problem
    if told and told.get("fingerprint") != fingerprint:
        raise RunFolderError(
            f"{start.name}, which this run started from, has changed since.",
            "Its numbers or its tokens are not those that the run began with.",
            "Bring it back as it was, or start a new run from what it is now.",
        )
    config = _read_config(start.model / CONFIG_FILE)
    kept.parent.mkdir(exist_ok=True)
    shutil.copyfile(start.model / CONFIG_FILE, kept)
    return Known(start.name, config, start.model, fingerprint, start)


def judge(start: LanguageStart, should_stop: ShouldStop = never_stop) -> str:
    """SHA-256 of what is read of a start. Raises :class:`ModelError` for a folder that is not fit to be opened."""
    weights = weight_files(start.model)
    shapes = [shape for file in weights for shape in shapes_in(file)]
    check_sizes(
        start.model, _read_config(start.model / CONFIG_FILE), sum(map(math.prod, shapes)), len(shapes)
    )
    files = sorted(
        path
        for path in start.model.iterdir()
        if path.suffix == ".safetensors" or path.name in (CONFIG_FILE, "tokenizer.json", "vocab.txt")
    )
    prints = [print_file(file, should_stop=should_stop).sha256 for file in files]
    return hashlib.sha256("\n".join(prints).encode()).hexdigest()


def _read_config(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it does not hold a record")
    except (OSError, ValueError) as problem:
        raise ModelError(
            f"{path} cannot be read.", f"{problem}.", "Bring it back, or start a new run."
        ) from None
    return found


class Built(NamedTuple):
    """A ``network`` of transformers, what to tell of it, and whether a start brought no part that guesses tokens."""

    network: Any
    notes: tuple[str, ...] = ()
    has_new_head: bool = False


def build_network(kind: Any, own_config: Any, known: Known | None) -> Built:
    """A network of transformers' class ``kind``: from random numbers, or from what is known.

    ``own_config``: what a run from nothing would have; of it a start takes the dropout. Raises :class:`ModelError`.
    """
    if known is None:
        return Built(kind(own_config))
    from transformers.utils import logging

    config = _config_of(own_config, known)
    if known.folder is None:
        return Built(kind(config))
    logging.disable_progress_bar()
    before = logging.get_verbosity()
    logging.set_verbosity_error()  # what is missing is told to the person, in words
    try:
        network, found = kind.from_pretrained(
            str(known.folder),
            config=config,
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            attn_implementation="sdpa",
            dtype=config.dtype,
        )
    except Exception as problem:  # transformers, safetensors and torch each have failures of their own
        raise _cannot_open(known, f"{type(problem).__name__}: {problem}"[:400]) from None
    finally:
        logging.set_verbosity(before)
    has_new_head, notes = _judge_loading(known, found)
    _check_finite(known, network)
    return Built(network, notes, has_new_head)


def _config_of(own_config: Any, known: Known) -> Any:
    import torch

    try:
        config = type(own_config).from_dict(dict(known.config))
    except Exception as problem:
        raise _cannot_open(known, f"{CONFIG_FILE}: {problem}"[:400]) from None
    for key, value in own_config.to_dict().items():
        if key.endswith(("dropout_prob", "_pdrop")):
            setattr(config, key, value)
    config.dtype = torch.float32  # learning needs wide numbers, however the start was saved
    config._attn_implementation = "sdpa"
    return config


def _judge_loading(known: Known, found: Mapping[str, Any]) -> tuple[bool, tuple[str, ...]]:
    """Raise for what is missing or misshapen; whether the head that fills blanks is new, and what to tell."""
    missing = [key for key in found["missing_keys"] if not any(part in key for part in _NEVER_LEARNED)]
    body = [key for key in missing if not key.startswith(_HEADS)]
    misshapen = [str(entry[0]) for entry in found.get("mismatched_keys") or ()]
    if misshapen:
        raise _cannot_open(known, f"{_named(misshapen)}: of another shape than its {CONFIG_FILE} says.")
    if body:
        raise _cannot_open(known, f"It lacks {_named(body)}.")
    notes = []
    if missing:
        notes.append(
            f"{known.name} has no part that guesses tokens: it gets a new one, which has learned nothing yet. "
            "So its first guesses tell little more than how frequent the tokens are, however much the model knows."
        )
    unused = [
        key
        for key in found["unexpected_keys"]
        if not key.startswith(_USUAL_EXTRAS) and not any(part in key for part in _NEVER_LEARNED)
    ]
    if unused:
        notes.append(f"{known.name} holds more than this kind of model has; {_named(unused)}: not used.")
    return any(key.startswith(_FILLING_HEAD) for key in missing), tuple(notes)


def _named(keys: Sequence[str]) -> str:
    shown = ", ".join(sorted(keys)[:_MOST_NAMED])
    return shown if len(keys) <= _MOST_NAMED else f"{shown} and {len(keys) - _MOST_NAMED:,} more"


def _check_finite(known: Known, network: Any) -> None:
    import torch

    spoilt = [name for name, weight in network.named_parameters() if not torch.isfinite(weight).all()]
    if spoilt:
        raise _cannot_open(known, f"{_named(spoilt)}: not all of its numbers are finite.")


def _cannot_open(known: Known, detail: str) -> ModelError:
    return ModelError(
        f"{known.name} cannot be gone on with.",
        detail,
        "Copy the whole folder of the model again, or choose another start.",
    )
