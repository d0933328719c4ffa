"""A small sweep: one option, up to six values, and a run for each of them; everything else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.methods import method_of_option
from ptft_gui.core.family.options import Option, OptionValue
from ptft_gui.core.family.registry import family_of
from ptft_gui.core.spec import RunSpec, check_spec
from ptft_gui.core.telling.settings_words import value_text

MOST_VALUES, LEAST_VALUES = 6, 2
_BETWEEN = re.compile(r"[,;\s]+")


def sweep_options(spec: RunSpec) -> tuple[Option, ...]:
    """The options of a run of which several values can be tried: numbers, choices and switches that change it."""
    family = family_of(spec.family, spec.task)
    return tuple(option for option in family.options if option.kind != "text" and _changes(spec, option))


def _changes(spec: RunSpec, option: Option) -> bool:
    """Whether the run would be another one: not by a setting of another method, or of a start that it has not."""
    owner = method_of_option(option.key)
    is_of_a_start = option.key == "initial_words"
    return (owner is None or owner.key == spec.method) and (bool(spec.init) or not is_of_a_start)


def parse_values(option: Option, text: str) -> tuple[OptionValue, ...]:
    """The values that ``text`` lists, apart by commas or spaces. Raises :class:`SpecError`."""
    words = [word for word in _BETWEEN.split(text.strip()) if word]
    values = [option.parse(word) for word in words]
    if len({str(value) for value in values}) != len(values):
        raise SpecError(
            f"{option.label} has the same value twice.", hint="Write each value once.", key=option.key
        )
    if not LEAST_VALUES <= len(values) <= MOST_VALUES:
        raise SpecError(
            f"{len(values)} value{'s' if len(values) != 1 else ''} of {option.label} "
            f"{'cannot be compared' if len(values) < LEAST_VALUES else 'are too many'}.",
            hint=f"Write {LEAST_VALUES} to {MOST_VALUES} values with commas between them.",
            key=option.key,
        )
    return tuple(values)


def proposed_values(option: Option, value: OptionValue) -> tuple[OptionValue, ...]:
    """Values around the present one that are worth a comparison, in rising order; none where nothing can be said."""
    if option.kind == "bool":
        return (False, True)
    if option.kind == "choice":
        return tuple(key for key, _ in option.choices[:MOST_VALUES])
    if not isinstance(value, int | float) or isinstance(value, bool) or not value:
        return ()
    around = [value * factor for factor in (0.25, 0.5, 1, 2, 4)]
    rounded = [max(1, round(one)) if option.kind == "int" else float(f"{one:.3g}") for one in around]
    within = [one for one in rounded if _is_allowed(option, one)]
    return tuple(one for one, following in pairwise([*within, None]) if one != following)


def _is_allowed(option: Option, value: OptionValue) -> bool:
    try:
        option.check(value)
    except SpecError:
        return False
    return True


def sweep_specs(spec: RunSpec, option: Option, values: Sequence[OptionValue]) -> list[RunSpec]:
    """A run for each value, named after it. Raises :class:`SpecError` for one that cannot be carried out."""
    specs = []
    for value in values:
        name = f"{spec.name}, {_in_a_name(option.label)} {value_text(option, value)}"
        changed = spec.model_copy(update={"name": name, "options": {**spec.options, option.key: value}})
        check_spec(changed)
        specs.append(changed)
    return specs


def _in_a_name(label: str) -> str:
    """Small at its beginning, unless its first word has capitals of its own, as LoRA and CBOW."""
    has_capitals = any(letter.isupper() for letter in label.split(" ")[0][1:])
    return label if has_capitals else label[:1].lower() + label[1:]


def values_text(values: Sequence[OptionValue]) -> str:
    """Values as a person would write them into the field."""
    return ", ".join(_typed(value) for value in values)


def _typed(value: OptionValue) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
