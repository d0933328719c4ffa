"""From the options of ``train`` to a RunSpec, everything a person can get wrong told before a run exists."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from ptft_gui.cli.data_options import request_from_options
from ptft_gui.cli.hub_start import fetched_reference
from ptft_gui.cli.output import print_table
from ptft_gui.cli.parser import one_of
from ptft_gui.cli.targets import find_target
from ptft_gui.cli.train_options import train_parser as train_parser
from ptft_gui.core.corrections import CORRECTIONS_FILE, Correction, read_corrections
from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.family.definition import Family
from ptft_gui.core.family.language_starts import STARTER, LanguageStart, glance_at_language
from ptft_gui.core.family.methods import get_method, method_of_option
from ptft_gui.core.family.options import Option
from ptft_gui.core.family.registry import FINETUNE, family_of, settings_of, tasks_of
from ptft_gui.core.family.starts import FREE, Start, glance_at, settings_from_start
from ptft_gui.core.hub.names import is_hub_name
from ptft_gui.core.race import ALL_LANES, LABELS, LANES
from ptft_gui.core.run_corrections import corrections_of_run
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import MethodKey, RunSpec, check_spec, new_spec, parse_settings, read_spec

_OF_A_NEW_SPEC = (
    "task",
    "method",
    "test",
    "dataset",
    "val",
    "preset",
    "set",
    "watch",
    "probe",
    "name",
    "stage",
    "init",
    "corrections",
)


def spec_of(options: argparse.Namespace) -> RunSpec:
    """The RunSpec that was asked for, checked. Raises :class:`~ptft_gui.core.errors.PtftError`."""
    spec = _spec_from_file(options) if options.spec else _spec_from_options(options)
    if spec.init_from == "hub" and spec.init:
        spec = spec.model_copy(update={"init": fetched_reference(spec.init)})
    spec = _with_whole_paths(spec)
    check_spec(spec)
    _check_text(spec)
    return spec


def _spec_from_file(options: argparse.Namespace) -> RunSpec:
    doubled = [name for name in _OF_A_NEW_SPEC if getattr(options, name)]
    if doubled:
        raise PtftError(
            f"{options.spec} holds all settings of a run, so --{doubled[0]} cannot be given with it.",
            hint="Leave one of the two out.",
        )
    return read_spec(Path(options.spec).expanduser())


def _spec_from_options(options: argparse.Namespace) -> RunSpec:
    if not options.dataset:
        raise SpecError(
            "No text is chosen.",
            hint="Add --dataset and a text file, a folder, or one of: ptft-gui data list",
            key="dataset",
        )
    stage: Literal["pretrain", "finetune"] = options.stage or ("finetune" if options.task else "pretrain")
    task = options.task or (_only_task(options.family) if stage == FINETUNE else None)
    family = family_of(options.family, task)
    asked = request_from_options(options)
    preset = one_of("preset", [preset.key for preset in family.presets])(
        options.preset or family.default_preset
    )
    settings = parse_settings(family.key, options.set or (), task)
    start = _start_of(options, is_language=not family.saves_word_vectors) if options.init else None
    method = options.method or _usual_method(family, task, start is not None)
    _refuse_options_of_other_methods(settings, _methods_learned(options, family, method))
    if isinstance(start, Start) and task is None:
        kept = settings.get("initial_words", FREE)
        settings = {**settings_from_start(start, family.key, kept), **settings}
    return new_spec(
        family.key,
        options.dataset,
        preset=preset,
        settings=settings,
        watched_words=_watched_words(options.watch or ()),
        probes=tuple(options.probe or ()),
        name=options.name or f"{dataset_title(options.dataset)} - {family.title}",
        val=options.val,
        test=options.test,
        stage=stage,
        task=task,
        method=method,
        init_from=start.init_from if start is not None else "scratch",
        init=_init_of(start),
        read=asked.read,
        roles=asked.roles,
        decisions=asked.decisions,
        corrections=_corrections(options, task),
    )


def _corrections(options: argparse.Namespace, task: str | None) -> tuple[Correction, ...]:
    """What ``--corrections`` names: a side file, the run that was looked at, or a request. Raises PtftError."""
    if options.corrections is None:
        return ()
    if task is None:
        raise SpecError(
            "Corrections belong to labelled rows, and this run is to learn from plain text.",
            hint="Add --task and what the rows are for, or leave --corrections out.",
            key="corrections",
        )
    found = find_target(options.runs, options.corrections)
    if isinstance(found, RunDir):
        return corrections_of_run(found)
    if not found.is_file():
        raise SpecError(
            f"There are no corrections in {found}.",
            hint=f"Name a run, or the file {CORRECTIONS_FILE} in its folder.",
            key="corrections",
        )
    if found.suffix == ".json":
        return read_spec(found).data.corrections
    return tuple(correction for _, correction in sorted(read_corrections(found).items()))


def _only_task(family: str) -> str | None:
    """The task of a family that knows one only, so that nobody must name it."""
    tasks = tasks_of(family)
    return tasks[0] if len(tasks) == 1 else None


def _usual_method(family: Family, task: str | None, has_start: bool) -> MethodKey | None:
    if task is None:
        return None
    return "frozen" if has_start and family.saves_word_vectors else "full"


def _methods_learned(options: argparse.Namespace, family: Family, method: str | None) -> tuple[str, ...]:
    """The method of the run, or those of the lanes where several are raced."""
    if options.race is None or list(options.race) == [LABELS]:
        return (method,) if method is not None else ()
    lanes = options.race or ALL_LANES
    return tuple(lane.method for lane in LANES if lane.key in lanes and lane.method in family.methods)


def _refuse_options_of_other_methods(settings: Iterable[str], methods: Sequence[str]) -> None:
    """Raise SpecError for a setting that none of ``methods`` looks at."""
    for key in settings:
        owner = method_of_option(key)
        if owner is None or not methods or owner.key in methods:
            continue
        chosen = " and ".join(get_method(method).title for method in dict.fromkeys(methods))
        raise SpecError(
            f"The setting {key} changes nothing here: it belongs to the method {owner.title}, chosen is {chosen}.",
            hint=f"Add --method {owner.key}, or leave {key} out.",
            key=key,
        )


def _start_of(options: argparse.Namespace, is_language: bool) -> Start | LanguageStart:
    """What ``--init`` names: a path, or a run by its name or title. Raises PtftError for what cannot be a start."""
    if is_language and options.init == STARTER:
        return glance_at_language(STARTER)
    if is_language and is_hub_name(options.init):
        return glance_at_language(fetched_reference(options.init))
    found = find_target(options.runs, options.init)
    place = (found.path if isinstance(found, RunDir) else found).absolute()
    return glance_at_language(place) if is_language else glance_at(place)


def _init_of(start: Start | LanguageStart | None) -> str | None:
    if start is None:
        return None
    return start.init if isinstance(start, LanguageStart) else str(start.path)


def _watched_words(given: Sequence[str]) -> tuple[str, ...]:
    """``--watch king,queen war`` -> king, queen, war."""
    words = [word.strip() for group in given for word in group.split(",")]
    return tuple(dict.fromkeys(word for word in words if word))


def _with_whole_paths(spec: RunSpec) -> RunSpec:
    """The same with absolute paths: a run may be resumed from another folder."""
    changes = {
        key: str(Path(value).expanduser().resolve())
        for key in ("dataset", "val", "test")
        if (value := getattr(spec.data, key)) and Path(value).expanduser().exists()
    }
    init = Path(spec.init).expanduser() if spec.init and spec.init != STARTER else None
    start: dict[str, object] = {"init": str(init.resolve())} if init is not None and init.exists() else {}
    taken = spec.options.get("tokenizer_from")
    if isinstance(taken, str) and Path(taken).expanduser().exists():
        start["options"] = {**spec.options, "tokenizer_from": str(Path(taken).expanduser().resolve())}
    return spec.model_copy(update={"data": spec.data.model_copy(update=changes), **start})


def _check_text(spec: RunSpec) -> None:
    """Raise :class:`~ptft_gui.core.errors.DataError` for text that is missing, empty or no text."""
    if spec.task is not None:
        _check_examples(spec)
        return
    from ptft_gui.data.preview import inspect_text
    from ptft_gui.data.whole_request import corpus_request

    request = corpus_request(spec.data)
    inspect_text(request.dataset, request=request)


def _check_examples(spec: RunSpec) -> None:
    """Raise DataError for a table that cannot be read or does not suit the task."""
    from ptft_gui.data.examples.asking import ask
    from ptft_gui.data.whole_request import whole_request

    ask(whole_request(spec.data.request(spec.task))).check()


def print_settings(family: str, task: str | None = None) -> None:
    """Every ``--set`` key with its values, its default and what it means."""
    for option in settings_of(family_of(family, task)):
        print_table([(option.key, _values(option), f"default {_default(option)}")])
        print(f"    {option.help}")


def _values(option: Option) -> str:
    if option.kind == "choice":
        return "one of " + ", ".join(dict(option.choices))
    if option.kind == "bool":
        return "yes or no"
    kind = {"int": "whole number", "float": "number", "text": "text"}[option.kind]
    if option.minimum is None and option.maximum is None:
        return kind
    return f"{kind} {_limit(option.minimum)}..{_limit(option.maximum)}"


def _limit(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def _default(option: Option) -> str:
    if option.default is None:
        return "automatic" if option.automatic else "not set"
    return ("yes" if option.default else "no") if isinstance(option.default, bool) else str(option.default)


def settings_as_data(family: str, task: str | None = None) -> list[dict[str, object]]:
    """The same as plain data, for ``--list-settings --json``."""
    return [
        {
            "key": option.key,
            "type": option.kind,
            "default": option.default,
            "automatic": option.automatic,
            "minimum": option.minimum,
            "maximum": option.maximum,
            "choices": [key for key, _ in option.choices],
            "aliases": list(option.aliases),
            "label": option.label,
            "help": option.help,
        }
        for option in settings_of(family_of(family, task))
    ]
