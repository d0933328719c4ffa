"""What keeps a fine-tuning from starting where it is to start, told from a glance at the start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ptft_gui.core.errors import Remedy, SpecError
from ptft_gui.core.family.language_starts import (
    FAMILY_TITLES,
    STARTER,
    LanguageStart,
    glance_at_language,
    starter_folder,
)
from ptft_gui.core.family.options import OptionValue

STARTER_FAMILY = "bert"
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")


def problems_of_task_start(
    family: str, init_from: str, init: str | None, options: Mapping[str, OptionValue]
) -> list[SpecError]:
    """What keeps a model from learning a task from this start; one sentence each."""
    if init_from == "scratch" or not init:
        return [_no_start(family)]
    try:
        start = glance_at_language(init)
    except SpecError as problem:
        return [problem]
    if start.family != family:
        mine, its = FAMILY_TITLES[family], FAMILY_TITLES[start.family]
        return [
            _problem(f"{start.name} is a {its} model, and {mine} is to be fine-tuned.", hint=f"Choose {its}.")
        ]
    return [*_problems_of_files(start), *_problems_of_length(start, options)]


def _no_start(family: str) -> SpecError:
    title = FAMILY_TITLES[family]
    if family != STARTER_FAMILY:
        return SpecError(
            f"No start is chosen: a {title} that already writes is to learn the job.",
            hint=f"Choose a run of {title} or a model folder under Start from, or pre-train one here first.",
            key="init",
        )
    remedies: tuple[Remedy, ...] = ()
    if starter_folder() is not None:
        remedies = (Remedy("new_run_with", "Use the starter model", {"init": STARTER}),)
    return SpecError(
        "No start is chosen: what shall the job be taught to?",
        hint="Choose a run of this kind, a model folder in the form of Hugging Face, or the starter.",
        remedies=remedies,
        key="init",
    )


def _problems_of_files(start: LanguageStart) -> list[SpecError]:
    """A folder of pickles is refused, with the reason and the way out."""
    if any(start.model.glob("*.safetensors")):
        return []
    pickles = sorted(path.name for pattern in _PICKLES for path in start.model.glob(pattern))
    if not pickles:
        return [
            _problem(
                f"{start.name} holds no weights.",
                f"There is no model.safetensors in {start.model}.",
                "Copy the whole folder of the model here.",
            )
        ]
    return [
        _problem(
            f"{start.name} keeps its numbers in {pickles[0]}, which is not opened here.",
            "Files of that kind (pickles) can run hidden programs when they are opened.",
            f"Ask for a safetensors version, or convert it where you trust it: {conversion_command(start.model)}",
        )
    ]


def conversion_command(folder: Path) -> str:
    """What a person runs, where they trust a pickle, to get the same model as safetensors."""
    return (
        'python -c "from transformers import AutoModel as M, AutoTokenizer as T; '
        f"f={str(folder)!r}; [X.from_pretrained(f).save_pretrained(f + '-safe') for X in (M, T)]\""
    )


def _problems_of_length(start: LanguageStart, options: Mapping[str, OptionValue]) -> list[SpecError]:
    asked = options.get("block_size")
    if not start.positions or not isinstance(asked, int) or asked <= start.positions:
        return []
    label = f"Use {start.positions:,} tokens"
    return [
        SpecError(
            f"{start.name} reads at most {start.positions:,} tokens at once; {asked:,} are asked for.",
            hint=f"Set the text length (block_size) to {start.positions:,} or less.",
            remedies=(Remedy("new_run_with", label, {"block_size": start.positions}),),
            key="block_size",
        )
    ]


def _problem(message: str, detail: str = "", hint: str = "") -> SpecError:
    return SpecError(message, detail, hint, key="init")
