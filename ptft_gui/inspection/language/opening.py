"""Opening a language model to ask it something. Weights are read from safetensors only; no foreign code is run."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from ptft_gui.core.errors import ModelError, PtftError, StoppedByPerson
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.wording import bytes_text
from ptft_gui.engine.device import has_graphics_card
from ptft_gui.inspection.language.folder import Kind, LanguageFolder, look_into
from ptft_gui.inspection.language.moment import CheckpointFolder, open_parts
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

_BYTES_A_NUMBER = 4  # float32
_USUAL_WINDOW = 1024
_LONGEST_WINDOW = 4096
_LONGEST_TOKENIZER_BYTES = 256 << 20
_SMALL_PART = 1 << 20
_SMALL_NETWORK = 3_000_000
_MOST_SPARE = 1 << 28
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
    _check_memory(folder)
    progress("Opening the model", None)
    _be_quiet()
    if isinstance(folder, CheckpointFolder):
        return _open_checkpoint(place, folder)
    tokenizer = _open_tokenizer(folder)
    if should_stop():
        raise StoppedByPerson
    network = _in_place(folder, _open_network(folder))
    rows = int(network.get_input_embeddings().weight.shape[0])
    if len(tokenizer) > rows:
        raise ModelError(
            f"The tokenizer in {folder.path} does not belong to the model beside it.",
            f"It knows {len(tokenizer):,} tokens, the model {rows:,}.",
            "Copy the tokenizer that was saved with this model.",
        )
    return LanguageModel(folder, network, tokenizer)


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
            return LanguageModel(folder, _in_place(folder, network), tokenizer)
    raise AssertionError("the last try returns or raises")


def _check_memory(folder: LanguageFolder) -> None:
    needed, free = folder.weights * _BYTES_A_NUMBER, psutil.virtual_memory().available
    if needed * 1.1 > free:
        raise ModelError(
            f"{folder.name} is too large for this computer.",
            f"It needs {bytes_text(needed)} of memory; {bytes_text(free)} are free.",
            "Close other programs, or ask a smaller model.",
        )


def _be_quiet() -> None:
    """transformers writes bars and remarks to the terminal; what matters is said in our own words."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _open_tokenizer(folder: LanguageFolder) -> Any:
    from transformers import AutoTokenizer

    for name in ("tokenizer.json", "vocab.json", "vocab.txt", "merges.txt"):
        path = folder.path / name
        if path.is_file() and path.stat().st_size > _LONGEST_TOKENIZER_BYTES:
            raise _not_opened(folder, "tokenizer", f"{name} has {path.stat().st_size:,} bytes.")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder.path, local_files_only=True, trust_remote_code=False)
    except Exception as problem:  # whatever a foreign file makes the library stumble over
        raise _not_opened(folder, "tokenizer", str(problem)) from problem
    if len(tokenizer) <= len(tokenizer.all_special_ids):
        raise _not_opened(folder, "tokenizer", "It knows no tokens; its files are missing.")
    return tokenizer


def _in_place(folder: LanguageFolder, network: Any) -> Any:
    """The network ready to answer, on the graphics card where there is one."""
    import torch

    # Of a small network several threads only wait for each other, most of all beside a run that trains.
    torch.set_num_threads(1 if folder.weights < _SMALL_NETWORK else psutil.cpu_count(logical=False) or 1)
    return network.eval().to("cuda" if has_graphics_card() else "cpu")


def _open_network(folder: LanguageFolder) -> Any:
    """The network with its weights in float32."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM

    auto: Any = AutoModelForCausalLM if folder.kind == "causal" else AutoModelForMaskedLM
    try:
        config = AutoConfig.from_pretrained(folder.path, local_files_only=True, trust_remote_code=False)
        with torch.device("meta"):  # shapes without memory
            planned = auto.from_config(config, trust_remote_code=False)
        _check_plan(folder, planned)
        network, seen = auto.from_pretrained(
            folder.path,
            config=config,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except ModelError:
        raise
    except Exception as problem:  # as above
        raise _not_opened(folder, "model", str(problem)) from problem
    if missing := sorted(seen["missing_keys"]):
        raise ModelError(
            f"{folder.name} lacks parts that this question needs.",
            f"Its weights hold no {missing[0]}.",
            "Give a model that was saved with its language head.",
        )
    return network


def _check_plan(folder: LanguageFolder, planned: Any) -> None:
    """Refuse a network far larger than the weights in the folder; a missing part alone is named later."""
    wanted = sum(parameter.numel() for parameter in planned.parameters())
    spare = sum(buffer.numel() for buffer in planned.buffers())
    if wanted > 2 * folder.weights + _SMALL_PART or spare > _MOST_SPARE:
        raise _not_opened(
            folder,
            "model",
            f"Its configuration asks for {wanted:,} numbers; its weights hold {folder.weights:,}.",
        )


def _not_opened(folder: LanguageFolder, what: str, reason: str) -> ModelError:
    said = " ".join(reason.split())[:300]
    return ModelError(
        f"The {what} in {folder.path} cannot be opened.",
        said if said.endswith(".") else f"{said}.",
        "Copy the whole folder of the model here again.",
    )
