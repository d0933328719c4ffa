"""The race as data: specs that differ in their lane alone, and one sentence about what came of them."""

from __future__ import annotations

from ptft_gui.core import events as ev
from ptft_gui.core.race import LANES, label_specs, race_result, race_specs
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


def ended(spec: RunSpec, accuracy: float, trained: int = 100) -> RunSummary:
    summary = RunSummary(spec=spec)
    summary.fold(
        [
            ev.Resolved(values={"trained_parameters": trained, "parameters": 1000}),
            ev.Evaluated(step=9, epoch=1.0, metrics={"val/accuracy": 0.5, "test/accuracy": accuracy}),
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
    assert all(each.options["epochs"] is None for each in lanes)
    assert lanes[0].name == "Reviews - No pre-training"
    assert [each.method for each in race_specs(spec, ["lora"])] == ["lora"]


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
