"""A run's settings in words: what a person changed, what was decided for them and why, and all the rest."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core.family.methods import method_of_option
from ptft_gui.core.family.options import Option, OptionValue
from ptft_gui.core.family.registry import data_options_of, family_of, settings_of
from ptft_gui.core.family.tasks import get_role
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary

_PROPOSED_WITH_START = ("learning_rate", "phrases")
"""What the command line would choose otherwise for word vectors that go on from others, so it is always said."""


@dataclass(frozen=True)
class SettingRow:
    """One setting as it is read: ``key`` as in files, ``reason`` where the program decided."""

    key: str
    label: str
    value: str
    reason: str
    is_changed: bool


def setting_rows(summary: RunSummary) -> list[SettingRow]:
    """Every setting of the run: the changed ones first, then those decided by the program, then the rest."""
    spec = summary.spec
    if spec is None:
        return []
    options = settings_of(family_of(spec.family, spec.task))
    if not spec.init:
        options = tuple(option for option in options if option.key != "initial_words")
    options = tuple(option for option in options if _has_a_say(spec, option))
    rows = [*_start_row(summary, spec), *(_row(summary, spec, option) for option in options)]
    return sorted(rows, key=lambda row: (not row.is_changed, not row.reason))


def _has_a_say(spec: RunSpec, option: Option) -> bool:
    """Whether a setting belongs to the method of the run, as far as one method alone has it."""
    owner = method_of_option(option.key)
    return owner is None or owner.key == spec.method


def _start_row(summary: RunSummary, spec: RunSpec) -> list[SettingRow]:
    """What the run goes on from, and how many words came from there."""
    if not spec.init:
        return []
    facts = (summary.resolved.values.get("initial") if summary.resolved else None) or {}
    name = str(facts.get("name") or Path(spec.init).name)
    reason = "" if facts.get("kind") == "starter" else spec.init
    if "words" in facts and "new" in facts:
        reason = f"{facts['words']:,} words came from it, {facts['new']:,} new ones joined. {spec.init}"
    return [SettingRow("init", "Starts from", name, reason, True)]


def _row(summary: RunSummary, spec: RunSpec, option: Option) -> SettingRow:
    asked = _asked(spec, option)
    is_automatic = asked is None and option.automatic
    value = summary.resolved_value(option.key) if is_automatic else asked
    reasons = summary.resolved.reasons if summary.resolved else {}
    reason = reasons.get(option.key, "") if is_automatic or spec.init else ""
    text = "automatic" if is_automatic and value is None else value_text(option, value)
    return SettingRow(option.key, option.label, text, reason, asked != option.default)


def _asked(spec: RunSpec, option: Option) -> OptionValue:
    if option in data_options_of(family_of(spec.family, spec.task)):
        return getattr(spec.data, option.key)  # type: ignore[no-any-return]
    return spec.options.get(option.key, option.default)


def value_text(option: Option, value: OptionValue) -> str:
    """A value as a person reads it: words for choices and switches, the unit behind a number."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "on" if value else "off"
    if value == 0 and option.zero_word:
        return option.zero_word
    if option.kind == "choice":
        return dict(option.choices).get(str(value), str(value))
    number = f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else value
    return f"{number} {option.unit}".strip()


def command_of(spec: RunSpec, spec_file: str = "spec.json") -> str:
    """The command that asks for the same run again, quoted for a shell; what was automatic stays automatic.

    ``spec_file``: where the request lies, for what no command line holds: a person's corrections.
    """
    words = ["ptft-gui", "train", "--family", spec.family, *_flag("--dataset", spec.data.dataset)]
    for flag, path in (("--val", spec.data.val), ("--test", spec.data.test)):
        words += _flag(flag, path) if path else []
    words += _task_flags(spec)
    words += _flag("--init", spec.init) if spec.init else []
    words += _reading_flags(spec)
    words += _flag("--corrections", spec_file) if spec.data.corrections else []
    words += ["--preset", spec.preset]
    family = family_of(spec.family, spec.task)
    said = _PROPOSED_WITH_START if spec.init and spec.task is None and family.saves_word_vectors else ()
    for option in settings_of(family):
        asked = _asked(spec, option)
        if _has_a_say(spec, option) and (asked != option.default or option.key in said):
            words += ["--set", f"{option.key}={_as_typed(asked)}"]
    words += _flag("--watch", ",".join(spec.watched_words)) if spec.watched_words else []
    for probe in spec.probes:
        words += _flag("--probe", probe)
    words += _flag("--name", spec.name)
    return " ".join(shlex.quote(word) for word in words)


def _task_flags(spec: RunSpec) -> list[str]:
    """What is learned from labels, and how."""
    if spec.task is None:
        return []
    words = ["--stage", spec.stage, *_flag("--task", spec.task)]
    return [*words, *(_flag("--method", spec.method) if spec.method else [])]


def _reading_flags(spec: RunSpec) -> list[str]:
    """How the dataset is understood, where a person said more than its path."""
    data, words = spec.data, []
    for key in ("encoding", "delimiter", "sheet"):
        if value := getattr(data.read, key):
            words += _flag(f"--{key}", value)
    if data.read.has_header is not None:
        words.append("--header" if data.read.has_header else "--no-header")
    for role, column in data.roles.items():
        words += _flag(get_role(role).flag, column)
    decisions = [f"{finding}={choice}" for finding, choice in data.decisions.items()]
    return [*words, *(["--decide", *decisions] if decisions else [])]


def _flag(flag: str, value: str) -> list[str]:
    """A flag with its value, joined where the value would be taken for a flag itself."""
    return [f"{flag}={value}"] if value.startswith("-") else [flag, value]


def _as_typed(value: OptionValue) -> str:
    if value is None:
        return "auto"
    return str(value).lower() if isinstance(value, bool) else str(value)
