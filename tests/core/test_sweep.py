"""A small sweep: the values a person writes, those proposed, and the runs that come of them."""

import pytest

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.registry import FAMILIES
from ptft_gui.core.spec import new_spec, problems_of
from ptft_gui.core.sweep import parse_values, proposed_values, sweep_options, sweep_specs, values_text

SPEC = new_spec("word2vec", "little-kingdom", name="Kingdom")


def option(key):
    return next(option for option in sweep_options(SPEC) if option.key == key)


@pytest.mark.parametrize("text", ["2, 5, 8", "2 5 8", " 2;5,8, "])
def test_values_are_told_apart_by_commas_or_spaces(text):
    assert parse_values(option("window"), text) == (2, 5, 8)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0 values of Window cannot be compared"),
        ("5", "1 value of Window cannot be compared"),
        ("5, 5", "has the same value twice"),
        ("1 2 3 4 5 6 7", "7 values of Window are too many"),
        ("2, five", "is a whole number"),
        ("2, -5", "cannot be -5"),
    ],
)
def test_what_cannot_be_tried_is_said(text, said):
    with pytest.raises(SpecError, match=said):
        parse_values(option("window"), text)


def test_each_value_becomes_a_run_named_after_it_and_nothing_else_changes():
    specs = sweep_specs(SPEC, option("window"), (2, 8))
    assert [spec.name for spec in specs] == ["Kingdom, window 2", "Kingdom, window 8"]
    assert [spec.options["window"] for spec in specs] == [2, 8]
    assert specs[0].model_copy(update={"name": SPEC.name, "options": SPEC.options}) == SPEC


def test_a_value_that_the_rest_of_the_run_does_not_allow_is_refused_before_anything_starts():
    gensim = new_spec("word2vec", "little-kingdom", settings={"objective": "cbow"})
    for one in sweep_options(gensim):
        for value in proposed_values(one, one.default):
            one.check(value)
    with pytest.raises(SpecError):
        sweep_specs(new_spec("word2vec", "", name="x"), option("window"), (2, 8))


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_proposed_values_are_allowed_and_can_be_written_back(family):
    spec = new_spec(family, "little-kingdom")
    for one in sweep_options(spec):
        present = 8 if one.kind == "int" and one.default is None else one.default
        values = proposed_values(one, present)
        if len(values) > 1:
            assert parse_values(one, values_text(values)) == values
            assert len(set(values)) == len(values)


def test_a_switch_is_tried_both_ways():
    switches = [one for one in sweep_options(SPEC) if one.kind == "bool"]
    assert switches
    for spec in sweep_specs(SPEC, switches[0], proposed_values(switches[0], True)):
        assert not problems_of(spec)


def test_a_run_is_named_in_the_words_of_the_page_not_of_the_files():
    specs = sweep_specs(SPEC, option("objective"), ("skip_gram", "cbow"))
    assert [spec.name for spec in specs] == ["Kingdom, objective Skip-gram", "Kingdom, objective CBOW"]
    assert sweep_specs(SPEC, option("cbow_mean"), (True,))[0].name == "Kingdom, CBOW takes the mean on"


@pytest.mark.parametrize(
    ("method", "own"), [("full", None), ("top-layers", "top_layers"), ("lora", "lora_rank")]
)
def test_a_setting_of_another_method_is_not_offered(method, own):
    spec = new_spec("bert", "opinions-en", stage="finetune", task="classification", method=method)
    offered = {one.key for one in sweep_options(spec)}
    assert offered & {"top_layers", "lora_rank"} == ({own} if own else set())


def test_words_of_the_start_are_only_offered_where_there_is_a_start():
    assert "initial_words" not in {one.key for one in sweep_options(SPEC)}
    going_on = SPEC.model_copy(update={"init_from": "run", "init": "/somewhere"})
    assert "initial_words" in {one.key for one in sweep_options(going_on)}
