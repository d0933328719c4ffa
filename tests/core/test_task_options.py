"""What may be set is what changes something: each task has its own settings, and is told of those of others."""

from __future__ import annotations

import pytest

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.registry import FAMILIES, family_of, settings_of, tasks_of
from ptft_gui.core.spec import MethodKey, RunSpec, new_spec, parse_settings, problems_of
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.settings_words import command_of, setting_rows

POOLING, WEIGHTS = "pooling", "weigh_classes"


def keys_of(family: str, task: str) -> set[str]:
    return {option.key for option in settings_of(family_of(family, task))}


@pytest.mark.parametrize(
    ("family", "task", "shown"),
    [
        ("bert", "classification", {POOLING, WEIGHTS}),
        ("bert", "pair-classification", {POOLING, WEIGHTS}),
        ("bert", "multilabel", {POOLING}),
        ("bert", "pair-similarity", {POOLING}),
        ("bert", "tagging", set()),
        ("bert", "question-answering", set()),
        ("gpt", "classification", {WEIGHTS}),
        ("gpt", "multilabel", set()),
        ("gpt", "reply", set()),
    ],
)
def test_a_task_has_the_settings_that_change_something(family: str, task: str, shown: set[str]) -> None:
    assert keys_of(family, task) & {POOLING, WEIGHTS} == shown
    assert not keys_of(family, task) & {"preparation", "stop_words", "case"}, "the tokenizer cuts the text"
    assert {"test_fraction", "learning_rate", "early_stopping"} < keys_of(family, task)


def test_averaged_words_are_cut_as_a_person_says() -> None:
    assert {"preparation", "stop_words", "case", WEIGHTS} < keys_of("word2vec", "classification")


@pytest.mark.parametrize("family", ["bert", "gpt"])
@pytest.mark.parametrize(
    "written", ["pooling=mean", "weigh_classes=yes", "class_weights=1", "stop_words=drop"]
)
def test_a_setting_of_another_task_is_refused_in_words(family: str, written: str) -> None:
    for task in tasks_of(family):
        if parse_or_none(family, written, task) is not None:
            continue
        with pytest.raises(SpecError, match=r'changes nothing for the task "[A-Z].*" \(') as told:
            parse_settings(family, [written], task)
        assert "Leave it out" in told.value.hint


def parse_or_none(family: str, written: str, task: str) -> dict[str, object] | None:
    key = written.partition("=")[0]
    known = [
        option for option in settings_of(family_of(family, task)) if key in (option.key, *option.aliases)
    ]
    return dict(parse_settings(family, [written], task)) if known else None


def test_learning_from_plain_text_has_no_classes() -> None:
    with pytest.raises(SpecError, match="changes nothing for learning from plain text"):
        parse_settings("bert", ["weigh_classes=yes"])
    with pytest.raises(SpecError, match='There is no setting "weight_classes"'):
        parse_settings("bert", ["weight_classes=yes"], "tagging")


def test_a_request_of_an_earlier_version_holds_more_and_is_taken(tmp_path) -> None:  # type: ignore[no-untyped-def]
    start = tmp_path / "start"
    spec = new_spec(
        "bert", "a.csv", stage="finetune", task="tagging", method="full", init_from="folder", init=str(start)
    )
    told = {problem.key for problem in problems_of(_with(spec, pooling=None, weigh_classes=True))}
    assert not told & {POOLING, WEIGHTS}
    unknown = [problem.message for problem in problems_of(_with(spec, weighing=True))]
    assert any('There is no setting "weighing"' in message for message in unknown)


def _with(spec: RunSpec, **options: bool | None) -> RunSpec:
    return spec.model_copy(update={"options": {**spec.options, **options}})


@pytest.mark.parametrize(
    ("method", "shown"),
    [("full", set()), ("lora", {"lora_rank", "lora_targets"}), ("top-layers", {"top_layers"})],
)
def test_a_run_shows_and_repeats_the_settings_of_its_method(method: MethodKey, shown: set[str]) -> None:
    spec = new_spec(
        "bert", "a.csv", stage="finetune", task="tagging", method=method, settings={"lora_rank": 4, "top_layers": 1}
    )  # fmt: skip
    rows = {row.key for row in setting_rows(RunSummary(spec=spec))}
    assert rows & {"lora_rank", "lora_targets", "top_layers"} == shown
    command = command_of(spec)
    assert ("lora_rank=4" in command, "top_layers=1" in command) == (method == "lora", method == "top-layers")


def test_every_setting_of_every_task_explains_itself() -> None:
    for family in FAMILIES:
        for task in tasks_of(family):
            options = settings_of(family_of(family, task))
            names = [name for option in options for name in (option.key, *option.aliases)]
            assert len(names) == len(set(names))
            for option in options:
                option.check(option.default)
                assert len(option.help) > 40
