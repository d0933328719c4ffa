"""Opening tokenizer and network out of a folder that anybody may have made.

Weights come from safetensors only, no code of a folder is ever run, and a configuration that asks for more than the
weights beside it hold is refused before memory is taken for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import psutil

from ptft_gui.core.errors import ModelError
from ptft_gui.core.wording import bytes_text
from ptft_gui.engine.device import has_graphics_card
from ptft_gui.engine.foreign_parts import check_tokens_fit, not_opened, read_tokenizer

_BYTES_A_NUMBER = 4  # float32
_SMALL_PART, _MOST_SPARE = 1 << 20, 1 << 28
_SMALL_NETWORK = 3_000_000


class ModelFolder(Protocol):
    """What a folder says about itself; ``weights``: how many numbers its safetensors files hold."""

    @property
    def path(self) -> Path: ...

    @property
    def name(self) -> str: ...

    @property
    def weights(self) -> int: ...


def check_memory(folder: ModelFolder) -> None:
    """Raise :class:`ModelError` for a network that does not fit into the memory that is free."""
    needed, free = folder.weights * _BYTES_A_NUMBER, psutil.virtual_memory().available
    if needed * 1.1 > free:
        raise ModelError(
            f"{folder.name} is too large for this computer.",
            f"It needs {bytes_text(needed)} of memory; {bytes_text(free)} are free.",
            "Close other programs, or ask a smaller model.",
        )


def open_tokenizer(folder: ModelFolder) -> Any:
    """The tokenizer as transformers opens it. Raises :class:`ModelError`."""
    return read_tokenizer(folder.path)


def open_network(folder: ModelFolder, model_class: str, way_out: str) -> Any:
    """The network with its weights in float32, as ``model_class`` of transformers (``AutoModelFor...``) opens it.

    Raises :class:`ModelError`; ``way_out``: what to do where the folder holds no weights for a part of it.
    """
    import torch
    import transformers

    auto: Any = getattr(transformers, model_class)
    try:
        config = transformers.AutoConfig.from_pretrained(
            folder.path, local_files_only=True, trust_remote_code=False
        )
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
            ignore_mismatched_sizes=True,  # told below, in words
        )
    except ModelError:
        raise
    except Exception as problem:  # as above
        raise not_opened(folder.path, "model", str(problem)) from problem
    if mismatched := sorted(seen["mismatched_keys"]):
        raise _misshapen(folder, *mismatched[0])
    if missing := sorted(seen["missing_keys"]):
        raise ModelError(
            f"{folder.name} lacks parts that this question needs.",
            f"Its weights hold no {missing[0]}.",
            way_out,
        )
    return network


def _misshapen(folder: ModelFolder, name: str, found: Iterable[int], wanted: Iterable[int]) -> ModelError:
    """An array of another shape than the configuration asks for."""
    shapes = (" x ".join(map(str, shape)) for shape in (found, wanted))
    return ModelError(
        f"The weights of {folder.name} do not fit its configuration.",
        f"{name} is {next(shapes)}, and {next(shapes)} is wanted.",
        "Copy config.json and the weights of one and the same model here.",
    )


def _check_plan(folder: ModelFolder, planned: Any) -> None:
    """Refuse a network far larger than the weights in the folder; a missing part alone is named later."""
    wanted = sum(parameter.numel() for parameter in planned.parameters())
    spare = sum(buffer.numel() for buffer in planned.buffers())
    if wanted > 2 * folder.weights + _SMALL_PART or spare > _MOST_SPARE:
        raise not_opened(
            folder.path,
            "model",
            f"Its configuration asks for {wanted:,} numbers; its weights hold {folder.weights:,}.",
        )


def in_place(folder: ModelFolder, network: Any) -> Any:
    """The network ready to answer, on the graphics card where there is one."""
    import torch

    # Of a small network several threads only wait for each other, most of all beside a run that trains.
    torch.set_num_threads(1 if folder.weights < _SMALL_NETWORK else psutil.cpu_count(logical=False) or 1)
    return network.eval().to("cuda" if has_graphics_card() else "cpu")


def check_they_belong_together(folder: ModelFolder, tokenizer: Any, network: Any) -> None:
    """Raise :class:`ModelError` for a tokenizer that knows more tokens than the network."""
    check_tokens_fit(folder.path, tokenizer, int(network.get_input_embeddings().weight.shape[0]))
