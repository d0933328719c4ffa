"""The settings of a text: said once, known everywhere."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.data_options import DATA_OPTIONS, LANGUAGES, PREPARATION_OPTIONS, SWITCH_KEYS
from ptft_gui.core.family.registry import FAMILIES, settings_of
from ptft_gui.core.spec import DataSpec, check_spec, new_spec, parse_settings, problems_of, spec_from_json


@pytest.mark.parametrize("option", DATA_OPTIONS, ids=lambda option: option.key)
def test_an_option_explains_itself(option) -> None:  # type: ignore[no-untyped-def]
    assert option.automatic
    assert option.default is None
    assert option.help.count(".") >= 2
    assert option.label.lower() not in ("", option.help.lower())
    assert option.key in DataSpec.model_fields


def test_every_family_has_the_settings_of_the_text() -> None:
    for family in FAMILIES.values():
        keys = [option.key for option in settings_of(family)]
        if family.reads_raw_text:
            assert keys[-3:] == ["case", "val_fraction", "split"]
            continue
        assert set(SWITCH_KEYS) < set(keys)
        assert len(keys) == len(set(keys))


def test_the_spec_allows_what_the_options_offer() -> None:
    for option in PREPARATION_OPTIONS:
        if option.key == "language":
            continue
        literal, _none = get_args(DataSpec.model_fields[option.key].annotation)
        assert set(get_args(literal)) == set(dict(option.choices))


def test_switches_are_set_like_any_other_setting() -> None:
    settings = parse_settings("word2vec", ["case=keep", "chinese=words", "copies=automatic", "language=de"])
    spec = new_spec("word2vec", "a.txt", settings=settings)
    assert spec.data.switches() == {"case": "keep", "chinese": "words", "language": "de"}
    assert not problems_of(spec)
    assert spec_from_json(spec.to_json()) == spec


@pytest.mark.parametrize("assignment", ["case=upper", "digits=none of them", "language=xx", "chinese=pinyin"])
def test_a_value_that_does_not_exist_is_refused_with_those_that_do(assignment: str) -> None:
    with pytest.raises(SpecError) as told:
        parse_settings("word2vec", [assignment])
    assert "Choose one of" in told.value.hint


def test_a_spec_of_an_earlier_version_still_loads() -> None:
    record = json.loads(new_spec("word2vec", "a.txt").to_json())
    for key in SWITCH_KEYS:
        del record["data"][key]
    spec = spec_from_json(json.dumps(record))
    check_spec(spec)
    assert spec.data.switches() == {}


def test_a_language_in_a_file_is_checked_too() -> None:
    record = json.loads(new_spec("word2vec", "a.txt", settings={"language": "de"}).to_json())
    record["data"]["language"] = "klingon"
    assert [problem.key for problem in problems_of(spec_from_json(json.dumps(record)))] == ["language"]
    assert "Chinese" in LANGUAGES.values()
