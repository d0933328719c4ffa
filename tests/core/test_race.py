"""The race as data: specs that differ in their lane alone, and one sentence about what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core import events as ev
from ptft_gui.core.errors import SpecError
from ptft_gui.core.label_count import (
    SHARES,
    are_parts_of_one,
    label_count,
    label_point,
    label_specs,
    parts_of,
)
from ptft_gui.core.race import (
    ALL_LANES,
    LANES,
    USUAL_LANES,
    are_one_race,
    can_race,
    check_lanes,
    is_same_request,
    lane_result,
    possible_lanes,
    race_of,
    race_result,
    race_specs,
    race_title,
)
from ptft_gui.core.rundir import RunDir, create_run, list_runs
from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.core.summary import RunSummary


def asked(**settings: int) -> RunSpec:
    return new_spec(
        "bert",
        "reviews.csv",
        stage="finetune",
        task="classification",
        method="full",
        init_from="folder",
        init="starter",
        name="Reviews",
        settings={"seed": 7, **settings},
    )


def ended(spec: RunSpec, accuracy: float, trained: int = 100, **resolved: Any) -> RunSummary:
    summary = RunSummary(spec=spec)
    summary.fold(
        [
            ev.Resolved(values={"trained_parameters": trained, "parameters": 1000, **resolved}),
            ev.Resources(rss_bytes=900),
            ev.Resources(rss_bytes=400),
            ev.Evaluated(step=9, epoch=1.0, metrics={"val/accuracy": 0.5, "test/accuracy": accuracy}),
            ev.Finished(step=9),
        ]
    )
    return summary


def test_lanes_share_everything_but_how_they_learn() -> None:
    spec = asked(epochs=9)
    lanes = race_specs(spec, [lane.key for lane in LANES])
    assert [(each.method, each.options["start_weights"]) for each in lanes] == [
        ("full", "random"),
        ("frozen", "kept"),
        ("lora", "kept"),
        ("full", "kept"),
    ]
    assert {each.options["seed"] for each in lanes} == {7}
    assert all(each.data == spec.data for each in lanes)
    assert lanes[0].name == "Reviews - No pre-training"
    assert [each.method for each in race_specs(spec, ["lora"])] == ["lora"]


def test_each_lane_learns_as_long_as_suits_it_unless_a_person_fixed_the_length() -> None:
    def lengths(spec: RunSpec) -> list[object]:
        return [each.options["epochs"] for each in race_specs(spec, ALL_LANES)]

    def told(spec: RunSpec) -> str:
        return race_result(ended(each, 0.8) for each in race_specs(spec, ALL_LANES)).length

    own = "Each lane learns as long as suits its method; its best moment on held-out rows counts."
    assert lengths(asked()) == [None, None, None, None]
    assert told(asked(early_stopping=1)) == own
    assert lengths(asked(epochs=9)) == [9, None, 9, 9], "an epoch of a frozen model costs next to nothing"
    assert told(asked(epochs=9)) == (
        "Each lane goes through the rows at most 9 times, as was asked, but Frozen as often as suits it."
    )
    frozen = asked(epochs=60).model_copy(update={"method": "frozen"})
    assert lengths(frozen) == [None, 60, None, None], "sixty epochs of all weights would take a day"
    assert told(frozen).startswith("Frozen goes through the rows at most 60 times")
    short = asked(max_steps=40)
    assert {each.options["max_steps"] for each in race_specs(short, ALL_LANES)} == {40}
    assert told(short) == "The length was fixed for every lane: 40 steps. A longer race may end otherwise."
    assert are_one_race(race_specs(asked(epochs=9), ALL_LANES))
    assert all(each.options["learning_rate"] is None for each in race_specs(asked(epochs=9), ALL_LANES))


def test_lanes_always_come_in_the_same_order() -> None:
    keys = ["full", "no-pretraining", "lora", "frozen"]
    assert [each.name for each in race_specs(asked(), keys)] == [
        "Reviews - No pre-training",
        "Reviews - Frozen",
        "Reviews - LoRA",
        "Reviews - Full",
    ]


def test_the_sentence_says_what_pre_training_was_worth() -> None:
    lanes = race_specs(asked(), ["no-pretraining", "frozen", "full"])
    scores = zip(lanes, (0.61, 0.8, 0.85), (1000, 10, 1000), strict=True)
    result = race_result(ended(spec, score, trained) for spec, score, trained in scores)
    assert result.sentence == "Pre-training was worth +24 points: 0.61 without, 0.85 with."
    frozen = result.lane("frozen")
    assert frozen is not None
    assert (frozen.trained_share, frozen.file_bytes, frozen.score_name) == (0.01, 40, "accuracy")


def test_a_race_that_proves_nothing_says_so() -> None:
    lanes = race_specs(asked(), ["no-pretraining", "full"])
    equal = race_result([ended(lanes[0], 0.8), ended(lanes[1], 0.804)])
    assert equal.sentence.startswith("Pre-training was worth nothing here")
    harmful = race_result([ended(lanes[0], 0.8), ended(lanes[1], 0.7)])
    assert harmful.sentence == "Pre-training did harm here: 0.80 without, 0.70 with."
    assert race_result([ended(lanes[1], 0.7)]).sentence == "Full did best: 0.70."
    assert race_result([RunSummary(spec=lanes[0])]).sentence == "No lane has reached its end yet."


def test_parts_of_the_rows_come_smallest_first() -> None:
    found = label_specs(asked(), (1.0, 0.1))
    assert [each.options["train_share"] for each in found] == [0.1, 1.0]
    assert found[0].name == "Reviews - 10% of the rows"


def test_a_race_is_named_once_however_often_it_is_raced() -> None:
    (lora,) = race_specs(asked(), ["lora"])
    assert race_title(lora) == "Reviews"
    assert race_specs(lora, ["full"])[0].name == "Reviews - Full"
    assert is_same_request(race_specs(lora, ["full"])[0], race_specs(asked(learning_rate=1), ["full"])[0])
    assert not is_same_request(lora, race_specs(asked(), ["full"])[0])


def test_lanes_belong_together_when_nothing_but_the_lane_differs() -> None:
    lanes = race_specs(asked(), ALL_LANES)
    assert are_one_race(lanes)
    assert are_one_race(lanes[1:3])
    assert not are_one_race(lanes[:1])
    assert not are_one_race([lanes[1], lanes[1]]), "twice the same lane is no race"
    assert not are_one_race(
        [lanes[0], race_specs(asked(), ["full"])[0].model_copy(update={"preset": "tiny"})]
    )
    other_seed = race_specs(new_spec("bert", "reviews.csv", stage="finetune", task="classification",
                                     method="full", init_from="folder", init="starter"), ["lora"])  # fmt: skip
    assert not are_one_race([lanes[0], *other_seed])
    on_a_card = lanes[1].model_copy(update={"options": {**lanes[1].options, "device": "cuda", "workers": 3}})
    assert are_one_race([lanes[0], on_a_card]), "the computer is no part of what is learned"


def test_a_race_is_found_again_among_the_runs(tmp_path: Path) -> None:
    lanes = race_specs(asked(), ALL_LANES)
    older = create_run(tmp_path, lanes[3])
    runs = [create_run(tmp_path, spec) for spec in lanes]
    create_run(tmp_path, asked().model_copy(update={"preset": "tiny"}))
    (tmp_path / "20200101-000000-broken").mkdir()
    (tmp_path / "20200101-000000-broken" / "spec.json").write_text("{", encoding="utf-8")
    assert [run.name for run in race_of(runs[1], list_runs(tmp_path))] == [run.name for run in runs]
    assert race_of(older, list_runs(tmp_path))[3] == RunDir(older.path), (
        "the run that is asked for is its lane"
    )
    top = asked().model_copy(update={"method": "top-layers"})
    alone = create_run(tmp_path, top)
    assert race_of(alone, list_runs(tmp_path)) == [alone]


def test_only_language_models_that_learn_a_task_race() -> None:
    assert can_race(asked())
    assert [lane.key for lane in possible_lanes(asked())] == list(ALL_LANES)
    assert not can_race(new_spec("bert", "wikipedia"))
    words = new_spec("word2vec", "rows.csv", stage="finetune", task="classification", method="full")
    assert not can_race(words)
    with pytest.raises(SpecError, match="Only language models"):
        check_lanes(words, USUAL_LANES)
    replies = new_spec("gpt", "rows.csv", stage="finetune", task="reply", method="full")
    assert [lane.key for lane in possible_lanes(replies)] == ["no-pretraining", "lora", "full"]
    with pytest.raises(SpecError, match='no lane "frozen" for this task'):
        check_lanes(replies, USUAL_LANES)


def test_a_lane_on_its_way_counts_for_nothing_yet() -> None:
    lanes = race_specs(asked(), ALL_LANES)
    running = RunSummary(spec=lanes[3])
    running.fold([ev.Running(), ev.Evaluated(step=1, metrics={"val/accuracy": 0.99})])
    result = race_result([ended(lanes[0], 0.6), ended(lanes[1], 0.8), RunSummary(spec=lanes[2]), running])
    assert result.sentence == (
        "2 of 4 lanes have ended. So far: pre-training was worth +20 points: 0.60 without, 0.80 with."
    )
    assert not result.is_over
    only = race_result([ended(lanes[0], 0.6), running])
    assert only.sentence == "1 of 2 lanes have ended. So far: without pre-training it is 0.60."


def test_a_lane_that_failed_is_told_and_the_others_count() -> None:
    lanes = race_specs(asked(), ALL_LANES)
    failed = RunSummary(spec=lanes[3])
    failed.fold([ev.Running(), ev.Failed(message="The disk is full.")])
    result = race_result([ended(lanes[0], 0.6), ended(lanes[1], 0.8), failed])
    assert result.is_over
    assert result.sentence.startswith("Pre-training was worth +20 points")
    full = result.lane("full")
    assert full is not None
    assert (full.state, full.problem, full.final_score) == ("failed", "The disk is full.", None)
    assert race_result([failed]).sentence == "No lane reached a score."


def test_a_score_has_its_interval_and_the_most_memory_there_was() -> None:
    lanes = race_specs(asked(), ALL_LANES)
    lane = lane_result(ended(lanes[1], 0.8, parts={"test": 45}))
    assert lane is not None
    assert lane.interval == pytest.approx((0.662, 0.891), abs=0.001)
    assert lane.peak_memory_bytes == 900
    measured = lane_result(ended(lanes[1], 0.8), "finished", {"test": {"accuracy_interval": [0.7, 0.9]}})
    assert measured is not None
    assert measured.interval == (0.7, 0.9)
    replies = ended(lanes[1].model_copy(update={"task": "reply", "family": "gpt"}), 0.8)
    of_tokens = lane_result(replies)
    assert of_tokens is not None
    assert of_tokens.interval is None, "its accuracy is a share of tokens, not of rows"
    damaged = lane_result(ended(lanes[1], 0.8), "finished", {"test": {"accuracy_interval": ["x"]}})
    assert damaged is not None
    assert damaged.interval is None
    few = race_result(
        ended(spec, score, parts={"test": 45}) for spec, score in zip(lanes, (0.7, 0.8), strict=False)
    )
    assert few.caution.startswith("The two intervals overlap")
    many = race_result(
        ended(spec, score, parts={"test": 4500}) for spec, score in zip(lanes, (0.7, 0.8), strict=False)
    )
    assert many.caution == ""


def parts(*scores: float) -> list[RunSummary]:
    specs = label_specs(asked(), SHARES)
    rows = (21, 63, 210)
    return [ended(spec, score, train_examples=n) for spec, score, n in zip(specs, scores, rows, strict=False)]


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ((0.5, 0.71, 0.8), "More labels still help: 63 rows reach 0.71, 210 reach 0.80."),
        ((0.5, 0.79, 0.8), "More labels would hardly help: 63 rows reach 0.79, 210 reach 0.80."),
        ((0.5, 0.8, 0.7), "More labels did not help here: 63 rows reach 0.80, 210 reach 0.70."),
        ((0.5, 0.8), "More labels still help: 21 rows reach 0.50, 63 reach 0.80."),
        ((0.5,), "No two parts have reached their end yet."),
    ],
)
def test_how_many_labels_is_read_in_one_sentence(scores: tuple[float, ...], sentence: str) -> None:
    assert label_count(label_point(each) for each in parts(*scores)).sentence == sentence


def test_parts_of_the_same_rows_belong_together(tmp_path: Path) -> None:
    specs = label_specs(asked(), SHARES)
    assert are_parts_of_one(specs)
    assert not are_one_race(specs)
    assert not are_parts_of_one([specs[0], specs[0]])
    assert not are_parts_of_one(race_specs(asked(), ALL_LANES))
    whole = create_run(tmp_path, asked())
    tenth, third = (create_run(tmp_path, spec) for spec in label_specs(asked(), (0.1, 0.3)))
    assert [run.name for run in parts_of(third, list_runs(tmp_path))] == [tenth.name, third.name, whole.name]
    assert label_specs(specs[0], (0.3,))[0].name == "Reviews - 30% of the rows"


def test_a_step_in_labels_is_doubted_where_the_intervals_overlap() -> None:
    def caution(*scores: float) -> str:
        specs = label_specs(asked(), SHARES)[1:]
        told = [
            ended(spec, score, train_examples=n, parts={"test": 45})
            for spec, score, n in zip(specs, scores, (63, 210), strict=True)
        ]
        return label_count(label_point(each) for each in told).caution

    assert caution(0.7, 0.8).startswith("The last two intervals overlap")
    assert caution(0.3, 0.9) == ""
    assert caution(0.8, 0.8) == "", "where there is no step none can be chance"
