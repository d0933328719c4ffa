"""What LoRA added, for peft: a folder that it opens as it is, with the model that the pieces belong to beside them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.family.methods import LORA
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.core.wording import bytes_text
from ptft_gui.engine.finetune.start import MEAN_LAYER, stamp_of
from ptft_gui.engine.model_folder import (
    CONFIG_FILE,
    FACTS_FILE,
    INDEX_FILE,
    WEIGHTS_FILE,
    read_json,
    weight_files,
)
from ptft_gui.inspection.export import Exported, Format
from ptft_gui.inspection.model import no_model_yet
from ptft_gui.inspection.new_folder import new_folder
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

ADAPTER = Format(
    "adapter",
    "LoRA adapter",
    "Of a run with LoRA: the added pieces, a few per cent of the size, and beside them, in base, the model that the "
    "run started from. peft opens the folder as it is; README.md inside says how.",
    "",
)
ADAPTER_FOLDER, CARD_FILE = "adapter", "README.md"
BASE_FOLDER = "base"
_CONFIG, _PIECES = "adapter_config.json", "adapter_model.safetensors"
_ADAPTER_FILES = (_CONFIG, _PIECES)
_OUTER = "base_model.model."
"""What peft puts before the name of every weight."""
_PREFIXES = {"bert": "bert.", "gpt2": "transformer."}
_HEADS = ("classifier", "score", "qa_outputs")
_TASK_TYPES = {
    "ForSequenceClassification": "SEQ_CLS",
    "ForTokenClassification": "TOKEN_CLS",
    "ForQuestionAnswering": "QUESTION_ANS",
}
_PLAIN = {"QUESTION_ANS": ".merge_and_unload()  # peft 0.21 does not pass token_type_ids on to such a model"}
_OPENERS = {
    "SEQ_CLS": "AutoPeftModelForSequenceClassification",
    "TOKEN_CLS": "AutoPeftModelForTokenClassification",
    "QUESTION_ANS": "AutoPeftModelForQuestionAnswering",
    "CAUSAL_LM": "AutoPeftModelForCausalLM",
}
_TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
)


def export_adapter(
    place: Path | RunDir,
    target: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Exported:
    """Write a run's added pieces with its head and tokenizer to ``target``, with a card, so that peft alone opens it.

    peft asks for the model that was added to; ``base`` inside is the start with the configuration of the result: its
    classes, and room for its head. Its weights are those of the start under a second name, and take no space where
    both are on one disk. Raises :class:`ModelError` where there are no added pieces, where the start has gone or
    changed, or for a target that cannot be written.
    """
    source = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    run = _run_with_adapter(source)
    facts = read_json(run.model / FACTS_FILE)
    start = _start_of(run, facts)
    target = Path(target).expanduser().absolute()
    with new_folder(target, run.path) as building:
        progress("Writing the added pieces", None)
        config = _write_pieces(run, facts, building, target / BASE_FOLDER)
        for name in _TOKENIZER_FILES:
            if (run.model / name).is_file():
                shutil.copyfile(run.model / name, building / name)
        (building / FACTS_FILE).write_text(_json(facts), encoding="utf-8")
        (building / CARD_FILE).write_text(_card(facts, config), encoding="utf-8")
        pieces = (building / _PIECES).stat().st_size
        written = sum(path.stat().st_size for path in building.iterdir())
        if should_stop():
            raise StoppedByPerson
        progress("Adding the model that they belong to", None)
        written += _write_base(run, start, building / BASE_FOLDER)
        base = sum(path.stat().st_size for path in (building / BASE_FOLDER).iterdir())
    return Exported((target,), written, 0, _opening(facts, pieces, base))


def _opening(facts: Mapping[str, Any], pieces: int, base: int) -> str:
    """What stands where, and what opens it. ``pieces`` and ``base``: how large both are, in bytes."""
    start: Mapping[str, Any] = facts.get("initial") or {}
    return (
        f"{_PIECES} ({bytes_text(pieces)}) is what was added; {BASE_FOLDER} beside it ({bytes_text(base)}) is "
        f"{start.get('name') or 'the start'}, to which it belongs: give both away together. Python with peft and "
        f"transformers opens the folder; {CARD_FILE} in it has the lines, and what to change when it was moved."
    )


def _start_of(run: RunDir, facts: Mapping[str, Any]) -> Path:
    """The folder that the run started from, unchanged since. Raises ModelError."""
    initial: Mapping[str, Any] = facts.get("initial") or {}
    folder, merged = Path(str(initial.get("source"))), "Write the merged model instead (merged)."
    if initial.get("is_random"):
        raise ModelError(
            f"The added pieces of {run.title()} belong to random numbers, which are not kept.",
            "The run began without pre-training.",
            merged,
        )
    if not folder.is_dir():
        raise ModelError(
            f"The model that {run.title()} started from has gone.",
            f"The added pieces belong to it; it was in {folder}.",
            f"Bring it back. {merged}",
        )
    if stamp_of(folder) != initial.get("fingerprint"):
        raise ModelError(
            f"The model that {run.title()} started from has changed since.",
            f"The added pieces belong to what it was; it is in {folder}.",
            merged,
        )
    return folder


def _write_pieces(run: RunDir, facts: Mapping[str, Any], building: Path, base: Path) -> dict[str, Any]:
    """``adapter_config.json`` and ``adapter_model.safetensors`` for the class of transformers that knows the task;
    returns the former."""
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    config = read_json(run.path / ADAPTER_FOLDER / _CONFIG)
    pieces = load_file(run.path / ADAPTER_FOLDER / _PIECES)
    plain = read_json(run.model / CONFIG_FILE)
    prefix = _PREFIXES[str(plain["model_type"])]
    named = {
        f"{_OUTER}{prefix}{name.removeprefix(_OUTER).removeprefix(prefix)}": tensor
        for name, tensor in pieces.items()
    }
    with safe_open(run.model / WEIGHTS_FILE, framework="pt") as opened:
        names = list(opened.keys())
        whole = _whole_modules(names, prefix, plain, facts)
        for module in whole:
            inside = (name for name in names if name.startswith(f"{module}."))
            named |= {f"{_OUTER}{name}": opened.get_tensor(name) for name in inside}
    save_file(named, building / _PIECES, metadata={"format": "pt"})
    config |= {
        "task_type": _task_type(plain),
        "base_model_name_or_path": str(base),
        "modules_to_save": whole or None,
        # by their whole names, or the layer that stands for the head would get pieces of its own
        "target_modules": sorted(
            {name.removeprefix(_OUTER).partition(".lora_")[0] for name in named if ".lora_" in name}
        ),
    }
    (building / _CONFIG).write_text(_json(config), encoding="utf-8")
    return config


def _whole_modules(
    names: Sequence[str], prefix: str, plain: Mapping[str, Any], facts: Mapping[str, Any]
) -> list[str]:
    """What of the result is no part of the start: its head, and what of its body stands for one."""
    wanted = [*_HEADS, f"{prefix}pooler"]
    if facts.get(MEAN_LAYER):
        wanted.append(f"{prefix}encoder.layer.{int(plain['num_hidden_layers']) - 1}")
    return [module for module in wanted if any(name.startswith(f"{module}.") for name in names)]


def _task_type(plain: Mapping[str, Any]) -> str:
    """What peft calls the task of a configuration of transformers."""
    architecture = str((plain.get("architectures") or [""])[0])
    return next((kind for ending, kind in _TASK_TYPES.items() if architecture.endswith(ending)), "CAUSAL_LM")


def _write_base(run: RunDir, start: Path, base: Path) -> int:
    """The start with the configuration of the result; returns how many bytes that took."""
    base.mkdir()
    shutil.copyfile(run.model / CONFIG_FILE, base / CONFIG_FILE)
    written = (base / CONFIG_FILE).stat().st_size
    index = [start / INDEX_FILE] if not (start / WEIGHTS_FILE).is_file() else []
    for path in (*weight_files(start), *index):
        try:
            os.link(path.resolve(), base / path.name)
        except OSError:  # another disk, or one that knows no second names
            shutil.copyfile(path, base / path.name)
            written += path.stat().st_size
    return written


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _run_with_adapter(source: Path) -> RunDir:
    if not is_run(source):
        raise ModelError(
            f"{source.name} is no run, so it has no added pieces of its own.",
            hint="Give the name or the folder of a run that was fine-tuned with LoRA.",
        )
    run = RunDir(source)
    method = run.read_spec().method
    if method != LORA:
        how = f"It was trained with the method {method}." if method else "It was pre-trained."
        raise ModelError(
            f"{run.title()} has no added pieces.",
            how,
            "Only a run with LoRA has some; write this one as huggingface.",
        )
    if not run.model.is_dir():
        raise no_model_yet(run)
    missing = [name for name in _ADAPTER_FILES if not (run.path / ADAPTER_FOLDER / name).is_file()]
    if missing:
        raise ModelError(
            f"The added pieces of {run.title()} are not whole.",
            f"{ADAPTER_FOLDER}/{missing[0]} is missing in the run's folder.",
            "Write the merged model instead (merged).",
        )
    return run


def _card(facts: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    start: Mapping[str, Any] = facts.get("initial") or {}
    name = str(start.get("name") or "the start")
    added = int(facts.get("trained_parameters") or 0)
    opener = _OPENERS[str(config["task_type"])]
    return f"""---
library_name: peft
---

# {facts.get("name") or "Added pieces"}

The pieces that LoRA added to {name} while it learned the task {facts.get("task")} (rank {config.get("r")}, \
{added:,} numbers were trained, with the head).

## How to open it

```python
from peft import {opener}
from transformers import AutoTokenizer

folder = "path of this folder"
model = {opener}.from_pretrained(folder){_PLAIN.get(str(config["task_type"]), "")}
tokenizer = AutoTokenizer.from_pretrained(folder)
```

`base` holds the model that the pieces were added to, with the names of the classes. peft looks for it where \
`base_model_name_or_path` in {_CONFIG} says: after this folder was moved, write its new place there. Transformers says \
that some weights of the base are new; those are in {_PIECES} and are put in after that.

The merged model (`ptft-gui export RUN --format merged`) needs none of this: transformers opens it as it is.
"""
