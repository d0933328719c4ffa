"""Opening a language model to ask it something. Weights are read from safetensors only; no foreign code is run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError, PtftError, StoppedByPerson
from ptft_gui.core.rundir import RunDir
from ptft_gui.engine.foreign_parts import be_quiet
from ptft_gui.inspection.foreign import (
    check_memory,
    check_they_belong_together,
    in_place,
    open_network,
    open_tokenizer,
)
from ptft_gui.inspection.language.folder import Kind, LanguageFolder, look_into
from ptft_gui.inspection.language.moment import CheckpointFolder, open_parts
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

_USUAL_WINDOW = 1024
_LONGEST_WINDOW = 4096
_TRIES = 4


@dataclass(frozen=True)
class LanguageModel:
    """A network that reads tokens, and the tokenizer that makes them.

    ``network``: a transformers module in evaluation mode; ``tokenizer``: the one saved beside it.
    """

    folder: LanguageFolder
    network: Any
    tokenizer: Any

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def kind(self) -> Kind:
        return self.folder.kind

    @property
    def step(self) -> int | None:
        """The step of training at which it stands; None where its training is over."""
        return self.folder.step

    @property
    def device(self) -> Any:
        return self.network.device

    @cached_property
    def window(self) -> int:
        """How many tokens the network reads at once."""
        config = self.network.config
        limits = [getattr(config, key, None) for key in ("n_positions", "max_position_embeddings")]
        if "roberta" in self.folder.model_type and isinstance(limits[1], int):
            limits[1] -= (config.pad_token_id or 0) + 1  # its positions begin behind the padding's
        limits += [self.folder.facts.get("block_size"), self.tokenizer.model_max_length]
        known = [limit for limit in limits if isinstance(limit, int) and 0 < limit <= 1 << 30]
        return min([*known, _LONGEST_WINDOW]) if known else _USUAL_WINDOW

    @cached_property
    def forbidden(self) -> Any:
        """Which rows of the vocabulary are never an answer, shape (V,) of bool: padding rows and special tokens."""
        import torch

        rows = int(self.network.get_output_embeddings().weight.shape[0])
        forbidden = torch.zeros(rows, dtype=torch.bool, device=self.device)
        forbidden[len(self.tokenizer) :] = True
        special = [number for number in self.tokenizer.all_special_ids if 0 <= number < rows]
        forbidden[special] = True
        return forbidden

    @cached_property
    def tokenizer_print(self) -> str:
        """The same for two models that cut text into the same tokens: only their perplexities may be compared."""
        told = sorted(self.tokenizer.get_vocab().items())
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, with the signs of its beginning where the model knows such, not those of its end."""
        ids: list[int] = self.tokenizer(text, verbose=False)["input_ids"]
        end = self.tokenizer.eos_token_id
        if (
            self.kind == "causal"
            and len(ids) > 1
            and ids[-1] == end
            and not text.endswith(str(self.tokenizer.eos_token))
        ):
            ids = ids[:-1]
        return ids

    def decode(self, ids: list[int], keeps_special: bool = False) -> str:
        text: str = self.tokenizer.decode(
            ids, skip_special_tokens=not keeps_special, clean_up_tokenization_spaces=False
        )
        return text

    def shown(self, number: int) -> str:
        """A token as a person reads it; a piece that goes on with a word keeps the mark that says so."""
        token = str(self.tokenizer.convert_ids_to_tokens(number))
        if token.startswith("##"):
            return token
        text = self.decode([number], keeps_special=True)
        return token if not text or "\ufffd" in text else text

    def needs(self, kind: Kind, what: str, instead: str) -> None:
        """Raise :class:`ModelError` where a question is for the other kind of model."""
        if self.kind != kind:
            made_for = "goes on with a text" if self.kind == "causal" else "fills blanks"
            raise ModelError(f"{self.name} cannot {what}.", f"It is a model that {made_for}.", instead)


def open_language_model(
    place: Path | RunDir, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> LanguageModel:
    """Open a run's model or a model folder.

    Raises :class:`ModelError` for a folder that is damaged, is no language model, asks for more than there is, or
    keeps its weights as a pickle; :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    folder = look_into(place)
    check_memory(folder)
    progress("Opening the model", None)
    be_quiet()
    if isinstance(folder, CheckpointFolder):
        return _open_checkpoint(place, folder)
    tokenizer = open_tokenizer(folder)
    if should_stop():
        raise StoppedByPerson
    opener = "AutoModelForCausalLM" if folder.kind == "causal" else "AutoModelForMaskedLM"
    network = open_network(folder, opener, "Give a model that was saved with its language head.")
    check_they_belong_together(folder, tokenizer, network)
    return LanguageModel(folder, in_place(folder, network), tokenizer)


def _open_checkpoint(place: Path | RunDir, folder: CheckpointFolder) -> LanguageModel:
    """Open a checkpoint; one that made room for a newer one meanwhile is no fault."""
    for tries_left in range(_TRIES, 0, -1):
        try:
            network, tokenizer = open_parts(folder)
        except PtftError:
            if folder.path.is_dir() or tries_left == 1:
                raise
            newer = look_into(place)
            if not isinstance(newer, CheckpointFolder):  # the run has just ended with a model
                return open_language_model(place)
            folder = newer
        else:
            return LanguageModel(folder, in_place(folder, network), tokenizer)
    raise AssertionError("the last try returns or raises")
