"""A model folder in the form of Hugging Face, judged before anything large is opened.

A folder from somewhere else may be damaged or made to harm: a pickle runs code when it is opened, and a configuration
can ask for more memory than there is. Here only JSON and the heads of safetensors files are read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.engine.model_folder import (
    CONFIG_FILE,
    FACTS_FILE,
    INDEX_FILE,
    WEIGHTS_FILE,
    check_sizes,
    damaged,
    read_json,
    shapes_in,
    weight_files,
)
from ptft_gui.engine.vectors import VECTORS_FILE
from ptft_gui.inspection.model import no_model_yet

Kind = Literal["causal", "masked"]

LANGUAGE_FAMILIES: dict[str, Kind] = {"gpt": "causal", "bert": "masked"}

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

    @property
    def step(self) -> int | None:
        """The step of training at which it stood; None for a model whose training is over."""
        return None


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
    if is_run(place) and not folder.is_dir():
        from ptft_gui.inspection.language.moment import checkpoint_stamp

        return checkpoint_stamp(place)
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".safetensors"))
        return ";".join(f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files) or None
    except OSError:
        return None


def look_into(place: Path | RunDir) -> LanguageFolder:
    """Judge the folder of a run's model, or a folder. Raises :class:`ModelError` where it is not fit to be opened.

    Of a run of GPT or BERT that has no model, because it is still trained or ended badly, the newest checkpoint counts.
    """
    source = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    folder = source
    if is_run(source):
        folder = RunDir(source).model
        if not folder.is_dir():
            return _without_model(RunDir(source))
    if not folder.is_dir():
        raise ModelError(f"{folder} is not a model folder.", hint="Give the folder of a run or of a model.")
    facts = read_json(folder / FACTS_FILE) if (folder / FACTS_FILE).is_file() else {}
    files = weight_files(folder)
    config = read_json(folder / CONFIG_FILE)
    kind = _kind(folder, config, facts)
    shapes = [shape for file in files for shape in shapes_in(file)]
    weights = sum(map(math.prod, shapes))
    check_sizes(folder, config, weights, len(shapes))
    size = sum(file.stat().st_size for file in files)
    return LanguageFolder(folder, source, config, kind, weights, len(shapes), size, facts)


def _without_model(run: RunDir) -> LanguageFolder:
    if run.state() == "finished" or run.read_spec().family not in LANGUAGE_FAMILIES:
        raise no_model_yet(run)
    from ptft_gui.inspection.language.moment import look_at_checkpoint

    return look_at_checkpoint(run)


def _kind(folder: Path, config: dict[str, Any], facts: dict[str, Any]) -> Kind:
    if (family := facts.get("family")) in LANGUAGE_FAMILIES:
        return LANGUAGE_FAMILIES[family]
    model_type = config.get("model_type")
    if not isinstance(model_type, str) or not model_type:
        raise damaged(folder / CONFIG_FILE, "It does not say which kind of model this is (model_type).")
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
