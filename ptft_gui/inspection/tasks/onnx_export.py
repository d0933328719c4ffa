"""A model that has learned a job as ONNX: one file that runs without torch, in many languages and on phones.

The exporter of torch follows the network once and writes down what it does; the file is then run beside the network
on texts of other lengths, and is kept only where both give the same numbers.
"""

from __future__ import annotations

import io
import logging
import shutil
import warnings
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.export import Exported, Format
from ptft_gui.inspection.new_folder import new_folder
from ptft_gui.inspection.tasks.folder import QUESTION_ANSWERING, REPLY, token_task_of
from ptft_gui.inspection.tasks.opening import TaskModel, open_task_model
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

ONNX = Format(
    "onnx",
    "ONNX",
    "Of a model that sorts or compares texts, marks names or answers questions: model.onnx with its tokenizer, for "
    "ONNX Runtime. Needs the extra packages of ptft-gui[onnx].",
    "",
)
ONNX_FILE = "model.onnx"
MOST_DIFFERENCE = 1e-4
_NEEDED = ("onnx", "onnxscript", "onnxruntime")
_LARGEST_NUMBERS = 450_000_000
"""One file of ONNX holds at most 2 GB."""
_OPSET = 18
_KEPT_ENDINGS = frozenset(".json .txt .jinja".split())
_TRIED = ((2, 9), (3, 17), (1, 5))
"""Texts and tokens with which both are compared."""


def export_onnx(
    place: Path | RunDir,
    target: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Exported:
    """Write a fine-tuned model as ``target/model.onnx``, with its tokenizer, its classes and a card.

    Inputs ``input_ids attention_mask`` and, where the model knows them, ``token_type_ids``, int64 (texts, tokens);
    outputs ``logits``, or ``start_logits end_logits``. Raises :class:`ModelError` for a model without a job, missing
    packages, a network that the exporter cannot follow, or numbers that differ from those of torch;
    :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    _check_task(place)
    _check_packages()
    model = open_task_model(place, progress, should_stop)
    if model.folder.weights > _LARGEST_NUMBERS:
        raise ModelError(
            f"{model.name} is too large for one file of ONNX.",
            f"It has {model.folder.weights:,} numbers; {_LARGEST_NUMBERS:,} fit.",
            "Write it as huggingface.",
        )
    if should_stop():
        raise StoppedByPerson
    progress("Following the network (up to a minute or two)", None)
    target = Path(target).expanduser().absolute()
    with new_folder(target, model.folder.path) as building:
        _write(model, building / ONNX_FILE)
        if should_stop():
            raise StoppedByPerson
        progress("Comparing the numbers", None)
        _compare(model, building / ONNX_FILE)
        for path in sorted(model.folder.path.iterdir()):
            if path.is_file() and path.suffix in _KEPT_ENDINGS and not path.name.endswith(".index.json"):
                shutil.copyfile(path, building / path.name)
        (building / "README.md").write_text(_card(model), encoding="utf-8")
        written = sum(path.stat().st_size for path in building.iterdir())
    return Exported((target,), written, 0)


def _check_task(place: Path | RunDir) -> None:
    task = token_task_of(place)
    if task is None or task == REPLY:
        what = "It writes replies, token after token." if task == REPLY else "It has learned no job yet."
        name = place.title() if isinstance(place, RunDir) else Path(place).name
        raise ModelError(
            f"{name} cannot be written as ONNX.",
            what,
            "ONNX is for models that sort or compare texts, mark names or answer questions; write it as huggingface.",
        )


def _check_packages() -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ModelError(
            "Writing ONNX needs packages that are not installed.",
            f"Missing: {', '.join(missing)}.",
            'Install them: pip install "ptft-gui[onnx]"',
        )


def _plain(model: TaskModel) -> Any:
    """The network as a module of plain tensors in and out, on the processor."""
    from torch import nn

    network, answers = model.network.to("cpu").eval(), model.folder.task == QUESTION_ANSWERING

    def told(**given: Any) -> Any:
        found = network(**given)
        return (found.start_logits, found.end_logits) if answers else found.logits

    class WithSegments(nn.Module):  # type: ignore[misc]  # torch is not looked into
        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            return told(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)

    class WithoutSegments(nn.Module):  # type: ignore[misc]  # as above
        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return told(input_ids=input_ids, attention_mask=attention_mask)

    plain: Any = WithSegments() if _has_segments(model) else WithoutSegments()
    plain.network = network  # so that its weights are found
    return plain.eval()


def _has_segments(model: TaskModel) -> bool:
    return int(getattr(model.network.config, "type_vocab_size", 0) or 0) > 1


def _names(model: TaskModel) -> tuple[list[str], list[str]]:
    """What goes in and what comes out."""
    given = ["input_ids", "attention_mask", *(["token_type_ids"] if _has_segments(model) else [])]
    return given, ["start_logits", "end_logits"] if model.folder.task == QUESTION_ANSWERING else ["logits"]


def _inputs(model: TaskModel, texts: int, tokens: int) -> tuple[Any, ...]:
    """Made-up texts, the first filled up at its end: int64 (texts, tokens)."""
    import torch

    made = torch.Generator().manual_seed(texts)
    ids = torch.randint(0, len(model.task.tokenizer), (texts, tokens), generator=made)
    padding, mask = model.task.tokenizer.pad_token_id or 0, torch.ones_like(ids)
    ids[ids == padding] = padding + 1
    if texts > 1:
        ids[0, -2:], mask[0, -2:] = padding, 0
    return (ids, mask, torch.zeros_like(ids)) if _has_segments(model) else (ids, mask)


def _write(model: TaskModel, path: Path) -> None:
    import torch

    given, told = _names(model)
    inputs = _inputs(model, *_TRIED[0])
    speaking = logging.getLogger("torch.onnx")
    before = speaking.level
    speaking.setLevel(
        logging.CRITICAL
    )  # it writes long reports to the terminal; what matters is said in our words
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            written: Any = torch.onnx.export(
                _plain(model),
                inputs,
                dynamo=True,
                opset_version=_OPSET,
                input_names=given,
                output_names=told,
                dynamic_shapes=tuple({0: "texts", 1: "tokens"} for _ in inputs),
                external_data=False,
                verbose=False,
            )
            written.save(str(path), external_data=False)
    except OSError:
        raise
    except Exception as problem:  # whatever of the network the exporter does not know
        kind = str(model.folder.config.get("model_type"))
        raise ModelError(
            f"The exporter of torch cannot follow {model.name}.",
            f"It is a network of the kind {kind}; the exporter gave up: {type(problem).__name__}.",
            "Write it as huggingface, which every program of transformers opens.",
        ) from problem
    finally:
        speaking.setLevel(before)


def _compare(model: TaskModel, path: Path) -> None:
    """Raise ModelError where the file gives other numbers than the network."""
    import numpy as np
    import onnxruntime  # type: ignore[import-untyped]
    import torch

    given, told = _names(model)
    network = _plain(model)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for texts, tokens in _TRIED:
        inputs = _inputs(model, texts, min(tokens, model.task.longest))
        with torch.no_grad():
            right = network(*inputs)
        mine = session.run(told, {name: each.numpy() for name, each in zip(given, inputs, strict=True)})
        for one, other in zip(right if isinstance(right, tuple) else (right,), mine, strict=True):
            worst = max(worst, float(np.abs(one.numpy() - other).max()))
    if not worst <= MOST_DIFFERENCE:
        raise ModelError(
            f"The ONNX file of {model.name} does not give the numbers of the model.",
            f"They differ by up to {worst:.3g}.",
            "Write it as huggingface.",
        )


def _card(model: TaskModel) -> str:
    given, told = _names(model)
    classes = f"Classes, in the order of the numbers: {', '.join(model.folder.labels[:40])}.\n" * bool(
        model.folder.labels and model.folder.task != QUESTION_ANSWERING
    )
    return f"""# {model.name} as ONNX

Task: {model.folder.task}. {classes}
Inputs: {", ".join(given)}, int64 (texts, tokens), at most {model.task.longest:,} tokens. Outputs: {", ".join(told)}.

```python
import onnxruntime
from transformers import AutoTokenizer

folder = "path of this folder"
session = onnxruntime.InferenceSession(folder + "/{ONNX_FILE}")
read = AutoTokenizer.from_pretrained(folder)(["a text"], padding=True, truncation=True, return_tensors="np")
wanted = {{put.name: read[put.name] for put in session.get_inputs()}}
print(session.run(None, wanted))
```
"""
