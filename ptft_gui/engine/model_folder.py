"""The files of a model folder in the form of Hugging Face, judged before anything large is opened.

A folder from somewhere else may be damaged or made to harm: a pickle runs code when it is opened, and a configuration
can ask for more memory than there is. Here only JSON and the heads of safetensors files are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError

CONFIG_FILE, FACTS_FILE = "config.json", "ptft.json"
WEIGHTS_FILE, INDEX_FILE = "model.safetensors", "model.safetensors.index.json"

_LONGEST_JSON_BYTES = 16 << 20
_MOST_EXPERTS = 1024
_LAYERS = frozenset("num_hidden_layers n_layer n_layers num_layers encoder_layers decoder_layers".split())
_COUNTS = frozenset(
    "vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size n_embd n_layer n_head".split()
)
"""What every network of their kinds has at least one of."""
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file that holds one record. Raises :class:`ModelError`."""
    try:
        if path.stat().st_size > _LONGEST_JSON_BYTES:
            raise damaged(path, f"It is larger than {_LONGEST_JSON_BYTES:,} bytes.")
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{path.parent} is not a whole model folder.",
            f"{path.name} is missing.",
            "Copy the whole folder of the model here.",
        ) from None
    except OSError as problem:
        raise ModelError(f"{path} cannot be read.", f"The system said: {problem.strerror}.") from None
    except json.JSONDecodeError as problem:
        raise damaged(path, f"It is no readable JSON from line {problem.lineno} on.") from None
    except (ValueError, RecursionError) as problem:
        raise damaged(path, f"{problem}.") from None
    if not isinstance(record, dict):
        raise damaged(path, "It does not hold a record.")
    return record


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a folder. Raises :class:`ModelError` for a folder of pickles, with the reason."""
    if (folder / WEIGHTS_FILE).is_file():
        return [folder / WEIGHTS_FILE]
    if (folder / INDEX_FILE).is_file():
        named = read_json(folder / INDEX_FILE).get("weight_map")
        names = sorted({str(name) for name in named.values()}) if isinstance(named, dict) else []
        if not names or any(Path(name).name != name or not name.endswith(".safetensors") for name in names):
            raise damaged(folder / INDEX_FILE, "It does not name safetensors files of this folder.")
        return [folder / name for name in names]
    pickles = [path.name for pattern in _PICKLES for path in folder.glob(pattern)]
    if pickles:
        raise ModelError(
            f"{folder.name} keeps its numbers in {pickles[0]}, which is not opened here.",
            "Files of that kind can run program code when they are opened.",
            "Get the same model as safetensors. Where you trust it, transformers writes one: load it there with "
            "from_pretrained and keep it with save_pretrained.",
        )
    raise ModelError(
        f"{folder} holds no language model.",
        f"{WEIGHTS_FILE} is missing.",
        "Give the folder of a model: config.json, model.safetensors and the tokenizer's files.",
    )


def shapes_in(file: Path) -> list[list[int]]:
    """The shapes of all arrays in a safetensors file; only its head is read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="np") as opened:
            return [opened.get_slice(key).get_shape() for key in opened.keys()]  # noqa: SIM118
    except FileNotFoundError:
        raise ModelError(
            f"{file.parent} is not a whole model folder.",
            f"{file.name} is missing.",
            "Copy the whole folder of the model here.",
        ) from None
    except (SafetensorError, OSError) as problem:
        raise damaged(file, _what_is_wrong(str(problem))) from None


def _what_is_wrong(told: str) -> str:
    """What the reader of safetensors says of a file, in plain words where it is a usual case."""
    if "incomplete metadata" in told or "not fully covered" in told:
        return "It is shorter or longer than its first lines say: a copy or download was probably broken off."
    if "header" in told.lower():
        return "Its first lines, which say what stands where, cannot be read."
    return f"{told}."


def check_sizes(folder: Path, config: dict[str, Any], weights: int, tensors: int) -> None:
    """Refuse a configuration that asks for more than the weights beside it hold.

    Sizes that are no numbers are refused too. Every layer has arrays of its own, so there are no more layers than
    arrays; no side of an array is longer than all numbers together.
    """
    for key in _COUNTS & config.keys():
        value = config[key]
        is_count = isinstance(value, int) and not isinstance(value, bool) and value > 0
        if value is not None and not is_count:
            raise damaged(
                folder / CONFIG_FILE,
                f"It says {key} = {json.dumps(value)[:40]}, where a whole number from 1 on belongs.",
            )
    for key, value in _whole_numbers(config):
        limit = weights
        if key in _LAYERS:
            limit = tensors
        elif "expert" in key:
            limit = _MOST_EXPERTS
        elif not any(part in key for part in ("size", "dim", "embd", "inner", "n_positions", "head")):
            continue
        if value > max(limit, 1):
            raise damaged(
                folder / CONFIG_FILE,
                f"It asks for {key} = {value:,}, but the weights beside it hold {weights:,} numbers "
                f"in {tensors:,} arrays.",
            )


def _whole_numbers(config: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for key, value in config.items():
        if isinstance(value, int) and not isinstance(value, bool):
            yield key, value
        elif isinstance(value, dict):
            yield from _whole_numbers(value)


def damaged(path: Path, detail: str) -> ModelError:
    return ModelError(
        f"{path} is damaged or made by another kind of program.", detail, "Copy the model here again."
    )
