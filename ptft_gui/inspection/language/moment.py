"""A language model as it stood at a checkpoint: of a run that is still trained, or that ended without a model.

A checkpoint holds nothing but weights; what network they belong to stands in the run's log, the tokenizer in its
folder.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptft_gui.core import events as ev
from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.core.rundir import LIVE_STATES, RunDir, events_from_end
from ptft_gui.engine.checkpoint import Checkpoint, find_checkpoints, read_state
from ptft_gui.engine.model_folder import shapes_in
from ptft_gui.inspection.language.folder import LANGUAGE_FAMILIES, LanguageFolder
from ptft_gui.inspection.vector_table import never_stop

CHECKPOINT_WEIGHTS = "weights.safetensors"
_TOKENIZER_FOLDER = "tokenizer"
_TRIES = 3


@dataclass(frozen=True)
class CheckpointFolder(LanguageFolder):
    """A checkpoint of a run, judged as a model folder is. ``values``: what the run trains with, from its log."""

    checkpoint: Checkpoint | None = None
    values: dict[str, Any] | None = None

    @property
    def step(self) -> int | None:
        return self.checkpoint.step if self.checkpoint is not None else None


def newest_checkpoint(run: RunDir) -> Checkpoint | None:
    """The newest checkpoint of a run of GPT or BERT, as far as names and sizes tell; None without one."""
    return next(iter(find_checkpoints(run.checkpoints)), None)


def look_at_checkpoint(run: RunDir) -> LanguageFolder:
    """The newest checkpoint that can be read. Raises :class:`ModelError` where there is none."""
    problem: PtftError = no_moment_yet(run)
    for _ in range(_TRIES):  # while the run goes on, the newest takes the place of an older one
        for checkpoint in find_checkpoints(run.checkpoints):
            try:
                return _judged(run, checkpoint)
            except PtftError as found:
                problem = found
    raise problem


def _judged(run: RunDir, checkpoint: Checkpoint) -> LanguageFolder:
    spec = run.read_spec()
    shapes = shapes_in(checkpoint.path / CHECKPOINT_WEIGHTS)
    values = last_values(run)
    facts = {
        "family": spec.family,
        "name": run.title(),
        "dataset": spec.data.dataset,
        "block_size": values.get("block_size"),
        "tokenizer": values.get("tokenizer"),
        "characters_per_token": values.get("characters_per_token"),
    }
    return CheckpointFolder(
        path=checkpoint.path,
        source=run.path,
        config={"model_type": {"gpt": "gpt2"}.get(spec.family, spec.family)},
        kind=LANGUAGE_FAMILIES[spec.family],
        weights=sum(map(math.prod, shapes)),
        tensors=len(shapes),
        weight_bytes=(checkpoint.path / CHECKPOINT_WEIGHTS).stat().st_size,
        facts=facts,
        checkpoint=checkpoint,
        values=values,
    )


def last_values(run: RunDir) -> dict[str, Any]:
    """What the run decided at its start, as it was last told in its log. Raises :class:`ModelError`."""
    told = (event.values for event in events_from_end(run.events_file) if isinstance(event, ev.Resolved))
    values = next(told, None)
    if not values or "tokenizer_plan" not in values:
        raise ModelError(
            f"The checkpoints of {run.title()} cannot be asked.",
            "Its log does not tell what network they belong to.",
            "Wait for the end of the run, or resume it.",
        )
    return values


def open_parts(folder: CheckpointFolder) -> tuple[Any, Any]:
    """The network with the weights of the checkpoint, and the tokenizer, both as transformers knows them.

    Raises :class:`~ptft_gui.core.errors.PtftError`.
    """
    from ptft_gui.engine.language.known import build_network, read_known
    from ptft_gui.engine.language.state import restore
    from ptft_gui.engine.language.tokenizer import as_transformers, open_tokenizer, plan_from_record
    from ptft_gui.engine.position import STATE_FILE

    checkpoint, values, run = folder.checkpoint, folder.values or {}, RunDir(folder.source)
    assert checkpoint is not None
    plan = plan_from_record(values["tokenizer_plan"])
    tokenizer = open_tokenizer(run.path / _TOKENIZER_FOLDER, plan)
    kind, config = _network_kind(folder.kind, values, tokenizer)
    known = read_known(run.read_spec(), run, values, True, never_stop)
    network = build_network(kind, config, known).network
    restore(checkpoint, network, None, str(read_state(checkpoint, STATE_FILE).get("stamp")))
    if folder.kind != "causal" and values.get("next_sentence"):
        from ptft_gui.engine.language.bert import filling_part

        network = filling_part(network)
    return network, as_transformers(tokenizer.tokenizer, plan, int(values["block_size"]))


def _network_kind(kind: str, values: dict[str, Any], tokenizer: Any) -> tuple[Any, Any]:
    """The class of the network and its configuration, as the run itself chose them."""
    if kind == "causal":
        from transformers import GPT2LMHeadModel

        from ptft_gui.engine.language.gpt import gpt_config

        return GPT2LMHeadModel, gpt_config(values, tokenizer)
    from ptft_gui.engine.language.bert import bert_class, bert_config

    return bert_class(values), bert_config(values, tokenizer)


def no_moment_yet(run: RunDir) -> ModelError:
    """Why a run of a language model cannot be asked, and what to do about it."""
    state, title = run.state(), run.title()
    if state in LIVE_STATES:
        return ModelError(
            f"{title} cannot be asked yet.",
            f"It is {state}, and no checkpoint has been saved so far.",
            "Save a checkpoint now, or wait for the first one.",
        )
    return ModelError(
        f"{title} has no model.",
        "It ended before a checkpoint was saved.",
        "Start it again as a new run.",
    )


def checkpoint_stamp(run: Path) -> str | None:
    """Names the newest checkpoint of a run that has no model; None without one."""
    found = newest_checkpoint(RunDir(run))
    return f"{found.path}:{found.size_bytes}" if found is not None else None
