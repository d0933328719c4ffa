"""A model folder in the form of Hugging Face, judged before anything large is opened.

A folder from somewhere else may be damaged or made to harm: a pickle runs code when it is opened, and a configuration
can ask for more memory than there is. Here only JSON and the heads of safetensors files are read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.engine.vectors import VECTORS_FILE
from ptft_gui.inspection.model import no_model_yet

Kind = Literal["causal", "masked"]

CONFIG_FILE, FACTS_FILE = "config.json", "ptft.json"
WEIGHTS_FILE, INDEX_FILE = "model.safetensors", "model.safetensors.index.json"
LANGUAGE_FAMILIES: dict[str, Kind] = {"gpt": "causal", "bert": "masked"}

_LONGEST_JSON_BYTES = 16 << 20
_MOST_EXPERTS = 1024
_LAYERS = frozenset("num_hidden_layers n_layer n_layers num_layers encoder_layers decoder_layers".split())
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")
_MASKED_TYPES = frozenset(
    "albert bert camembert convbert data2vec-text deberta deberta-v2 distilbert electra ernie modernbert mpnet "
    "nystromformer roberta roformer xlm-roberta".split()
)


@dataclass(frozen=True)
class LanguageFolder:
    """What a folder says about itself. ``facts``: our own ``ptft.json``, empty for a folder from elsewhere.

    ``weights``: how many numbers its safetensors files hold; ``tensors``: in how many arrays.
    """

    path: Path
    source: Path
    config: dict[str, Any]
    kind: Kind
    weights: int
    tensors: int
    weight_bytes: int
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.facts.get("name") or self.source.name)

    @property
    def model_type(self) -> str:
        return str(self.config.get("model_type") or "")


def is_language_model(place: Path | RunDir) -> bool:
    """Whether a run, or a folder, holds or will hold a language model rather than word vectors."""
    path = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    if not is_run(path):
        return _looks_like_one(path)
    run = RunDir(path)
    try:
        return run.read_spec().family in LANGUAGE_FAMILIES or _looks_like_one(run.model)
    except PtftError:
        return _looks_like_one(run.model)


def _looks_like_one(folder: Path) -> bool:
    if not folder.is_dir() or (folder / VECTORS_FILE).exists():
        return False
    if (folder / FACTS_FILE).is_file():
        return True
    try:
        return "model_type" in read_json(folder / CONFIG_FILE)
    except ModelError:
        return any((folder / name).exists() for name in (WEIGHTS_FILE, INDEX_FILE, "tokenizer.json"))


def language_stamp(place: Path) -> str | None:
    """Changes when the model behind a run or folder does; None where there is none."""
    folder = RunDir(place).model if is_run(place) else place
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".safetensors"))
        return ";".join(f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files) or None
    except OSError:
        return None


def look_into(place: Path | RunDir) -> LanguageFolder:
    """Judge the folder of a run's model, or a folder. Raises :class:`ModelError` where it is not fit to be opened."""
    source = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    folder = source
    if is_run(source):
        folder = RunDir(source).model
        if not folder.is_dir():
            raise no_model_yet(RunDir(source))
    if not folder.is_dir():
        raise ModelError(f"{folder} is not a model folder.", hint="Give the folder of a run or of a model.")
    facts = read_json(folder / FACTS_FILE) if (folder / FACTS_FILE).is_file() else {}
    files = _weight_files(folder)
    config = read_json(folder / CONFIG_FILE)
    kind = _kind(folder, config, facts)
    shapes = [shape for file in files for shape in _shapes(file)]
    weights = sum(map(math.prod, shapes))
    _check_sizes(folder, config, weights, len(shapes))
    size = sum(file.stat().st_size for file in files)
    return LanguageFolder(folder, source, config, kind, weights, len(shapes), size, facts)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file that holds one record. Raises :class:`ModelError`."""
    try:
        if path.stat().st_size > _LONGEST_JSON_BYTES:
            raise _damaged(path, f"It is larger than {_LONGEST_JSON_BYTES:,} bytes.")
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{path.parent} is not a whole model folder.",
            f"{path.name} is missing.",
            "Copy the whole folder of the model here.",
        ) from None
    except OSError as problem:
        raise ModelError(f"{path} cannot be read.", f"The system said: {problem.strerror}.") from None
    except (ValueError, RecursionError) as problem:
        raise _damaged(path, f"{problem}.") from None
    if not isinstance(record, dict):
        raise _damaged(path, "It does not hold a record.")
    return record


def _weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a folder. Raises :class:`ModelError` for a folder of pickles, with the reason."""
    if (folder / WEIGHTS_FILE).is_file():
        return [folder / WEIGHTS_FILE]
    if (folder / INDEX_FILE).is_file():
        named = read_json(folder / INDEX_FILE).get("weight_map")
        names = sorted({str(name) for name in named.values()}) if isinstance(named, dict) else []
        if not names or any(Path(name).name != name or not name.endswith(".safetensors") for name in names):
            raise _damaged(folder / INDEX_FILE, "It does not name safetensors files of this folder.")
        return [folder / name for name in names]
    pickles = [path.name for pattern in _PICKLES for path in folder.glob(pattern)]
    if pickles:
        raise ModelError(
            f"{folder.name} keeps its numbers in {pickles[0]}, which is not opened here.",
            "Files of that kind can run program code when they are opened.",
            "Get the same model as safetensors.",
        )
    raise ModelError(
        f"{folder} holds no language model.",
        f"{WEIGHTS_FILE} is missing.",
        "Give the folder of a model: config.json, model.safetensors and the tokenizer's files.",
    )


def _kind(folder: Path, config: dict[str, Any], facts: dict[str, Any]) -> Kind:
    if (family := facts.get("family")) in LANGUAGE_FAMILIES:
        return LANGUAGE_FAMILIES[family]
    model_type = config.get("model_type")
    if not isinstance(model_type, str) or not model_type:
        raise _damaged(folder / CONFIG_FILE, "It does not say which kind of model this is (model_type).")
    named = config.get("architectures")
    architecture = str(named[0]) if isinstance(named, list) and named else ""
    masked = model_type in _MASKED_TYPES
    if not architecture or architecture.endswith(("Model", "ForPreTraining")):
        return "masked" if masked else "causal"
    if architecture.endswith("ForMaskedLM"):
        return "masked"
    if architecture.endswith("ForCausalLM") and not masked:
        return "causal"
    raise ModelError(
        f"{folder.name} is no model that goes on with a text or fills a blank.",
        f"Its configuration calls it {architecture[:80]}.",
        "Give a model made for one of these two.",
    )


def _shapes(file: Path) -> list[list[int]]:
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
        raise _damaged(file, f"{problem}.") from None


def _check_sizes(folder: Path, config: dict[str, Any], weights: int, tensors: int) -> None:
    """Refuse a configuration that asks for more than the weights beside it hold.

    Every layer has arrays of its own, so there are no more layers than arrays; no side of an array is longer than all
    numbers together.
    """
    for key, value in _whole_numbers(config):
        limit = weights
        if key in _LAYERS:
            limit = tensors
        elif "expert" in key:
            limit = _MOST_EXPERTS
        elif not any(part in key for part in ("size", "dim", "embd", "inner", "n_positions", "head")):
            continue
        if value > max(limit, 1):
            raise _damaged(
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


def _damaged(path: Path, detail: str) -> ModelError:
    return ModelError(
        f"{path} is damaged or made by another kind of program.", detail, "Copy the model here again."
    )
