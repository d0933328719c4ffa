"""What LoRA added, alone: a small folder that peft opens on the model that the run started from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.core.methods import LORA
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.engine.model_folder import FACTS_FILE, read_json
from ptft_gui.inspection.export import Exported, Format
from ptft_gui.inspection.model import no_model_yet
from ptft_gui.inspection.new_folder import new_folder
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

ADAPTER = Format(
    "adapter",
    "LoRA adapter",
    "Of a run with LoRA: only the added pieces, a few per cent of the size. peft opens them on the model that the run "
    "started from.",
    "",
)
ADAPTER_FOLDER, CARD_FILE = "adapter", "README.md"
_CONFIG, _HEAD = "adapter_config.json", "head.safetensors"
_ADAPTER_FILES = (_CONFIG, "adapter_model.safetensors", _HEAD)
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
    """Copy a run's added pieces, its head and its tokenizer to ``target``, with a card.

    Raises :class:`ModelError` where there are none, or for a target that cannot be written.
    """
    source = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    run = _run_with_adapter(source)
    facts = read_json(run.model / FACTS_FILE)
    target = Path(target).expanduser().absolute()
    with new_folder(target, run.path) as building:
        progress("Writing the added pieces", None)
        for name in _ADAPTER_FILES:
            shutil.copyfile(run.path / ADAPTER_FOLDER / name, building / name)
        for name in _TOKENIZER_FILES:
            if (run.model / name).is_file():
                shutil.copyfile(run.model / name, building / name)
        (building / FACTS_FILE).write_text(
            json.dumps(facts, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8"
        )
        (building / CARD_FILE).write_text(_card(facts, read_json(building / _CONFIG)), encoding="utf-8")
        written = sum(path.stat().st_size for path in building.iterdir())
    return Exported((target,), written, 0)


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


def _card(facts: dict[str, Any], config: dict[str, Any]) -> str:
    start: dict[str, Any] = facts.get("initial") or {}
    name = str(start.get("name") or "the start")
    added = int(facts.get("trained_parameters") or 0)
    return f"""---
library_name: peft
---

# {facts.get("name") or "Added pieces"}

The pieces that LoRA added to {name} while it learned the task {facts.get("task")} (rank {config.get("r")}, \
{added:,} numbers were trained, with the head). The model itself is not in this folder.

## How to open it

`head.safetensors` holds the layers that turn what the model says into an answer; ptft.json says which classes there
are and how the texts are read (block_size, pooling).

```python
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModel, AutoTokenizer

base = AutoModel.from_pretrained("path of {name}")
model = PeftModel.from_pretrained(base, "path of this folder")
head = load_file("path of this folder/{_HEAD}")
tokenizer = AutoTokenizer.from_pretrained("path of this folder")
```

The merged model (`ptft-gui export RUN --format merged`) needs none of this: transformers opens it as it is.
"""
