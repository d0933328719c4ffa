"""The request for a run: complete, validated with sentences for people, refused when it cannot be understood."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.registry import DATA_OPTIONS, FAMILIES, WORD2VEC, settings_of
from ptft_gui.core.spec import (
    check_spec,
    new_spec,
    parse_settings,
    problems_of,
    read_spec,
    spec_from_json,
)


def test_new_spec_holds_every_option_and_has_no_problem():
    spec = new_spec("word2vec", "wikipedia")
    assert set(spec.options) == {option.key for option in WORD2VEC.options}
    assert problems_of(spec) == []


def test_spec_survives_json():
    spec = new_spec(
        "word2vec",
        "/texts/a b.txt",
        settings={"alpha": 0.05, "preparation": "none", "val_fraction": 0, "epochs": 3},
        watched_words=["music", "war"],
    )
    assert spec_from_json(spec.to_json()) == spec
    assert spec.changed_options() == {"learning_rate": 0.05, "epochs": 3}
    assert spec.data.preparation == "none"


@pytest.mark.parametrize(
    ("assignment", "key", "value"),
    [
        ("sg=1", "objective", "skip_gram"),
        ("sg=0", "objective", "cbow"),
        ("alpha=0.05", "learning_rate", 0.05),
        ("hs=yes", "hs", True),
        ("epochs=auto", "epochs", None),
        ("preparation=none", "preparation", "none"),
        ("preparation=automatic", "preparation", None),
        ("workers=1", "workers", 1),
        ("sample=1e-4", "sample", 1e-4),
        ("max_final_vocab=none", "max_final_vocab", None),
    ],
)
def test_settings_are_parsed_as_people_type_them(assignment, key, value):
    assert parse_settings("word2vec", [assignment]) == {key: value}


@pytest.mark.parametrize(
    ("assignment", "sentence"),
    [
        ("windw=3", "Perhaps window"),
        ("window", "key=value"),
        ("window=0", "between 1 and 1000"),
        ("window=2.5", "whole number"),
        ("window=many", "whole number"),
        ("window=nan", "whole number"),
        ("objective=glove", "Choose one of"),
        ("hs=perhaps", "yes or no"),
        ("learning_rate=inf", "cannot be inf"),
        ("learning_rate=nan", "cannot be nan"),
    ],
)
def test_a_wrong_setting_is_met_with_a_sentence_that_names_it(assignment, sentence):
    with pytest.raises(SpecError) as caught:
        parse_settings("word2vec", [assignment])
    assert sentence in caught.value.as_sentence()
    name = assignment.partition("=")[0]
    assert caught.value.key == name or f'"{name}"' in caught.value.message


def test_unknown_family_names_those_that_exist():
    with pytest.raises(SpecError, match='no model family "word2vek"') as caught:
        new_spec("word2vek", "x")
    assert "word2vec" in caught.value.hint


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"negative": 0}, "negative"),
        ({"min_learning_rate": 0.5}, "min_learning_rate"),
        ({"finish_by": "25:00"}, "finish_by"),
        ({"early_stopping": 3, "val_fraction": 0.0}, "early_stopping"),
    ],
)
def test_options_that_contradict_each_other_are_named(settings, key):
    problems = problems_of(new_spec("word2vec", "wikipedia", settings=settings))
    assert [problem.key for problem in problems] == [key]


def test_no_text_and_too_many_watched_words_are_problems():
    spec = new_spec("word2vec", "", watched_words=[f"w{i}" for i in range(11)])
    assert [problem.key for problem in problems_of(spec)] == ["dataset", "watched_words"]
    with pytest.raises(SpecError, match="No text is chosen"):
        check_spec(spec)


def test_a_spec_of_a_newer_version_is_refused_with_the_way_out():
    record = json.loads(new_spec("word2vec", "wikipedia").to_json()) | {"schema_version": 99, "brand_new": 1}
    with pytest.raises(SpecError, match="newer ptft-gui") as caught:
        spec_from_json(json.dumps(record))
    assert "Update" in caught.value.hint


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "null", '{"family": "word2vec"}', "12"])
def test_garbage_is_not_a_spec(text):
    with pytest.raises(SpecError):
        spec_from_json(text)


def test_an_edited_spec_names_the_field(tmp_path):
    record = json.loads(new_spec("word2vec", "wikipedia").to_json())
    record["data"]["val_fraction"] = "lots"
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(SpecError, match=r"data\.val_fraction"):
        read_spec(path)
    with pytest.raises(SpecError, match="does not exist"):
        read_spec(tmp_path / "absent.json")


@given(st.text(max_size=30))
def test_any_text_as_a_setting_gives_a_value_or_a_sentence(text):
    for option in settings_of(WORD2VEC):
        with contextlib.suppress(SpecError):
            option.check(option.parse(text))


def test_every_option_explains_itself_and_its_default_is_allowed():
    for family in FAMILIES.values():
        options = settings_of(family)
        keys = [name for option in options for name in (option.key, *option.aliases)]
        assert len(keys) == len(set(keys))
        for option in (*options, *DATA_OPTIONS):
            option.check(option.default)
            assert len(option.help) > 40
            assert option.help.lower() != option.label.lower()


def test_limits_are_written_as_people_write_numbers():
    memory = next(option for option in FAMILIES["glove"].options if option.key == "memory_mb")
    with pytest.raises(SpecError) as caught:
        memory.check(5_000_000)
    assert caught.value.message == "Memory for counting cannot be 5,000,000."
    assert caught.value.hint == "Choose a number between 1 and 4,000,000."
