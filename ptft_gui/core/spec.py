"""RunSpec: the complete request for a run.

A RunSpec says everything that a person chose, in words that a file can hold; it never changes once the run exists.
What the program decided or measured on top of it (a value left ``automatic``, the dtype, the dataset's fingerprint)
is recorded in the run's ``resolved`` event instead. The window and the command line build the same RunSpec.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ptft_gui.core.corrections import Correction
from ptft_gui.core.data_request import FOLDS, DataRequest, ReadOptions, SplitRequest
from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.data_options import SWITCH_KEYS
from ptft_gui.core.family.definition import FINETUNE, GO_ON, LATER_OPTIONS
from ptft_gui.core.family.methods import METHODS
from ptft_gui.core.family.options import Option, OptionValue, unknown_name_problem
from ptft_gui.core.family.registry import (
    Family,
    data_options_of,
    family_of,
    find_setting,
    is_setting_of_other_job,
)
from ptft_gui.core.probes import problems_of_probes
from ptft_gui.core.spec_checks import MAX_WATCHED_WORDS as MAX_WATCHED_WORDS
from ptft_gui.core.spec_checks import problems_between_options, problems_of_watched_words

SCHEMA_VERSION = 1
MethodKey = Literal["frozen", "top-layers", "lora", "full"]


class DataSpec(BaseModel):
    """Which text, how it is read, and how it is cut. ``None`` and empty mean automatic.

    ``dataset`` is the name of a dataset or a path; an existing path wins. ``read``, ``roles``, ``decisions`` and
    ``corrections`` are as in :class:`~ptft_gui.core.data_request.DataRequest`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = ""
    val: str | None = None
    test: str | None = None
    read: ReadOptions = ReadOptions()
    roles: dict[str, str] = {}
    decisions: dict[str, str] = {}
    preparation: Literal["words", "none"] | None = None
    case: Literal["lower", "keep"] | None = None
    digits: Literal["keep", "drop", "zero"] | None = None
    punctuation: Literal["drop", "keep"] | None = None
    stop_words: Literal["keep", "drop"] | None = None
    language: str | None = None
    sentences: Literal["split", "lines"] | None = None
    chinese: Literal["words", "characters"] | None = None
    markup: Literal["keep", "drop"] | None = None
    copies: Literal["keep", "drop"] | None = None
    split: Literal["documents", "tail"] | None = None
    val_fraction: float | None = None
    test_fraction: float | None = None
    fold: int | None = Field(default=None, ge=1, le=FOLDS)
    corrections: tuple[Correction, ...] = ()

    def switches(self) -> dict[str, str]:
        """What was chosen of the preparation of text beside its name; see :mod:`ptft_gui.core.family.data_options`."""
        chosen = self.model_dump(include=set(SWITCH_KEYS))
        return {key: value for key, value in chosen.items() if value is not None}

    def request(self, task: str | None = None) -> DataRequest:
        """The same as what is asked of the data room."""
        return DataRequest(
            dataset=self.dataset,
            val=self.val,
            test=self.test,
            read=self.read,
            task=task,
            roles=self.roles,
            decisions=self.decisions,
            corrections=self.corrections,
            split=SplitRequest(
                kind="column" if self.roles.get("split") else "automatic",
                val_fraction=self.val_fraction,
                test_fraction=self.test_fraction,
                fold=self.fold,
            ),
        )


class RunSpec(BaseModel):
    """One run, asked for. Build it with :func:`new_spec`, which fills in every option."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = SCHEMA_VERSION
    name: str = ""
    family: str
    stage: Literal["pretrain", "finetune"] = "pretrain"
    init_from: Literal["scratch", "run", "folder", "hub"] = "scratch"
    init: str | None = None
    task: str | None = None
    method: MethodKey | None = None
    preset: str = "quick"
    data: DataSpec
    options: dict[str, int | float | bool | str | None]
    watched_words: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()

    def to_json(self) -> str:
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def changed_options(self) -> dict[str, OptionValue]:
        """The options that differ from the family's defaults: what a person changed."""
        family = family_of(self.family, self.task)
        chosen = {o.key: self.options.get(o.key, o.default) for o in family.options}
        return {o.key: chosen[o.key] for o in family.options if chosen[o.key] != o.default}


def new_spec(
    family: str,
    dataset: str,
    *,
    preset: str | None = None,
    settings: Mapping[str, OptionValue] | None = None,
    watched_words: Iterable[str] = (),
    probes: Iterable[str] = (),
    name: str = "",
    val: str | None = None,
    test: str | None = None,
    stage: Literal["pretrain", "finetune"] = "pretrain",
    init_from: Literal["scratch", "run", "folder", "hub"] = "scratch",
    init: str | None = None,
    task: str | None = None,
    method: MethodKey | None = None,
    read: ReadOptions | None = None,
    roles: Mapping[str, str] | None = None,
    decisions: Mapping[str, str] | None = None,
    corrections: Iterable[Correction] = (),
) -> RunSpec:
    """A complete RunSpec: every option of the family stands in it, the given ``settings`` over the defaults.

    ``settings`` may hold options of the family and of the text (``preparation``, ``val_fraction``, ``split``).
    ``init`` is the run, folder or file that training goes on from; ``task`` and ``method`` say what is learned from
    labelled data, and how. ``read``, ``roles``, ``decisions`` and ``corrections`` say how the
    dataset is understood, where a person knows better. Raises :class:`SpecError` for what cannot be used.
    """
    model = family_of(family, task)
    options: dict[str, OptionValue] = {option.key: option.default for option in model.options}
    data: dict[str, Any] = {
        "dataset": dataset,
        "val": val,
        "test": test,
        "read": read or ReadOptions(),
        "roles": dict(roles or {}),
        "decisions": dict(decisions or {}),
        "corrections": tuple(corrections),
    }
    data_keys = {option.key for option in data_options_of(model)}
    for key, value in (settings or {}).items():
        option = find_setting(model, key, task)
        option.check(value)
        (data if option.key in data_keys else options)[option.key] = value
    return RunSpec(
        name=name or default_name(model, dataset),
        family=model.key,
        stage=stage,
        init_from=init_from,
        init=init,
        task=task,
        method=method,
        preset=preset or model.default_preset,
        data=DataSpec(**data),
        options=options,
        watched_words=tuple(watched_words),
        probes=tuple(probes),
    )


def stage_of(spec: RunSpec) -> str:
    """The key of the stage as a person chooses it: going on is a pre-training that does not begin from nothing."""
    if spec.stage == FINETUNE:
        return FINETUNE
    goes_on = spec.init_from in ("run", "folder", "hub")
    return GO_ON if goes_on else spec.stage if spec.init_from == "scratch" else spec.init_from


def default_name(family: Family, dataset: str) -> str:
    """A readable name: the last part of the dataset's path or id, and the family."""
    stem = Path(dataset).stem if dataset else "no text"
    return f"{stem} - {family.title}"


def parse_settings(
    family: str, assignments: Iterable[str], task: str | None = None
) -> dict[str, OptionValue]:
    """Decode ``key=value`` texts as given to ``--set``; raises :class:`SpecError`."""
    model = family_of(family, task)
    settings: dict[str, OptionValue] = {}
    for assignment in assignments:
        key, sign, text = assignment.partition("=")
        if not sign:
            raise SpecError(
                f'"{assignment}" is not a setting.', hint="Write it as key=value, for example epochs=5."
            )
        option = find_setting(model, key.strip(), task)
        if option.key == "tokenizer" and _names_a_place(text, option):
            option = find_setting(model, "tokenizer_from", task)
        settings[option.key] = option.parse(text)
    return settings


def _names_a_place(text: str, option: Option) -> bool:
    """Whether a tokenizer is given as the run or folder that it is to be taken from."""
    known = {*dict(option.choices), *dict(option.spellings)}
    return text.strip().lower() not in known and ("/" in text or Path(text.strip()).expanduser().is_dir())


def problems_of(spec: RunSpec) -> list[SpecError]:
    """Everything that keeps this run from starting, one sentence each, in the order of the page."""
    family = family_of(spec.family, spec.task)
    problems: list[SpecError] = []
    problems += _problems_of_choices(spec, family)
    problems += _problems_of_task(spec, family)
    problems += _problems_of_values(spec, family)
    problems += problems_between_options(spec)
    problems += problems_of_watched_words(spec)
    problems += problems_of_probes(spec.probes, family)
    return problems


def _problems_of_choices(spec: RunSpec, family: Family) -> list[SpecError]:
    problems = []
    if not spec.data.dataset.strip():
        problems.append(
            SpecError("No text is chosen yet.", hint="Choose a dataset in step 2.", key="dataset")
        )
    if stage_of(spec) not in family.stages:
        problems.append(
            SpecError(
                f"{family.title} cannot be trained in this way here.",
                hint="Choose From nothing or Go on pre-training.",
                key="stage",
            )
        )
    else:
        problems += _problems_of_start(spec, family)
    presets = [preset.key for preset in family.presets]
    if spec.preset not in presets:
        problems.append(unknown_name_problem("preset", spec.preset, presets))
    return problems


def _problems_of_start(spec: RunSpec, family: Family) -> list[SpecError]:
    # imported here, because a start may be a run, and a run is read with this module
    if not family.saves_word_vectors and spec.stage == FINETUNE:
        from ptft_gui.core.family.task_starts import problems_of_task_start

        return problems_of_task_start(family.key, spec.init_from, spec.init, spec.options)
    if family.reads_raw_text:
        from ptft_gui.core.family.language_starts import problems_of_language_start

        return problems_of_language_start(family.key, spec.init_from, spec.init, spec.options)
    from ptft_gui.core.family.starts import problems_of_start

    return problems_of_start(spec.init_from, spec.init, spec.options.get("vector_size"))


def _problems_of_task(spec: RunSpec, family: Family) -> list[SpecError]:
    """A fine-tuning needs a task and a method, a pre-training has neither."""
    if spec.stage != FINETUNE:
        unused = SpecError(
            "A task is given, but the run is to learn from plain text.",
            hint="Choose Fine-tune for a task, or leave the task out.",
            key="task",
        )
        return [unused] if spec.task or spec.method else []
    if spec.task is None:
        return [SpecError("No task is chosen yet.", hint="Choose what the model shall learn.", key="task")]
    if spec.method not in family.methods:
        known = {choice.key: choice.title for choice in METHODS}
        names = " or ".join(known[method] for method in family.methods)
        return [SpecError("No method is chosen yet.", hint=f"Choose {names}.", key="method")]
    if spec.method == "frozen" and spec.init_from == "scratch":
        return [
            SpecError(
                "From nothing there is nothing to keep frozen: the vectors would stay random.",
                hint="Choose a start, or the method Full.",
                key="method",
            )
        ]
    return []


def _problems_of_values(spec: RunSpec, family: Family) -> list[SpecError]:
    problems = []
    known = {option.key for option in family.options}
    problems += [
        unknown_name_problem("setting", key, known)
        for key in spec.options
        if key not in known and not (spec.task and is_setting_of_other_job(family, key))
    ]
    missing = sorted(known - set(spec.options) - LATER_OPTIONS)
    problems += [
        SpecError(f"The setting {key} is missing from the run's settings.", key=key) for key in missing
    ]
    of_data = data_options_of(family)
    values = {**spec.options, **spec.data.model_dump(include={option.key for option in of_data})}
    for option in (*family.options, *of_data):
        if option.key in values:
            try:
                option.check(values[option.key])
            except SpecError as problem:
                problems.append(problem)
    return problems


def check_spec(spec: RunSpec) -> None:
    """Raise the first of :func:`problems_of`."""
    for problem in problems_of(spec):
        raise problem


def spec_from_json(text: str, where: str = "spec.json") -> RunSpec:
    """Decode a RunSpec; raises :class:`SpecError` naming ``where`` and what is wrong in it."""
    try:
        record = json.loads(text)
    except ValueError as problem:
        raise SpecError(f"{where} is not a run's settings.", detail=f"It is not JSON: {problem}.") from None
    if not isinstance(record, dict):
        raise SpecError(f"{where} is not a run's settings.", detail="It holds a list or a single value.")
    _refuse_newer(record, where)
    try:
        return RunSpec.model_validate(record)
    except ValidationError as problem:
        raise _spec_problem(problem, where) from None


def read_spec(path: Path) -> RunSpec:
    """Read a RunSpec from a file; raises :class:`SpecError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SpecError(f"{path} does not exist.", hint="Give the path of a run's spec.json.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise SpecError(f"{path} cannot be read.", detail=str(problem)) from None
    return spec_from_json(text, str(path))


def _refuse_newer(record: dict[str, Any], where: str) -> None:
    version = record.get("schema_version", SCHEMA_VERSION)
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise SpecError(
            f"{where} was written by a newer ptft-gui.",
            detail=f"Its format is number {version}; this program reads up to number {SCHEMA_VERSION}.",
            hint="Update this program and try again.",
            key="schema_version",
        )


def _spec_problem(problem: ValidationError, where: str) -> SpecError:
    first = problem.errors()[0]
    field = ".".join(str(part) for part in first["loc"] if part not in ("int", "float", "bool", "str"))
    if first["type"] == "extra_forbidden":
        return SpecError(f'{where} holds a setting "{field}" that this program does not know.', key=field)
    if first["type"] == "missing":
        return SpecError(f'{where} lacks "{field}".', hint="Make the run again from the window.", key=field)
    return SpecError(
        f'"{field}" in {where} cannot be used.',
        detail=f"It is {first['input']!r}: {first['msg']}.",
        key=field,
    )
