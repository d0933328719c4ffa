"""Language models from nothing, seen through their run's log, their checkpoints and the folder they leave."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from ptft_gui.core.errors import DataError, PtftError, SpecError
from ptft_gui.core.events import Metrics
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec, problems_of
from ptft_gui.engine.checkpoint import find_checkpoints, newest_whole
from ptft_gui.engine.control import StopRequest
from ptft_gui.engine.language import training
from ptft_gui.engine.language.watch import Watch
from ptft_gui.engine.reporter import Reporter
from tests.engine.conftest import FinishedRun, Train, write_text

TINY: dict[str, Any] = {
    "layers": 1,
    "width": 32,
    "heads": 2,
    "global_batch_size": 8,
    "precision": "float32",
    "learning_rate": 0.01,
    "dropout": 0.0,
}
FAMILIES = ("gpt", "bert")
Learn = Callable[..., FinishedRun]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_text(tmp_path / "plain.txt", sentences=900)


@pytest.fixture
def learn(train_here: Train, tmp_path: Path, text: Path) -> Learn:
    """``learn(family, probes=..., request=..., on_start=..., **settings)`` trains a very small model."""

    def train(
        family: str, *, probes: tuple[str, ...] = (), run: RunDir | None = None, **more: Any
    ) -> FinishedRun:
        special = {key: more.pop(key) for key in ("request", "on_start") if key in more}
        if run is None:
            kind = (
                {"tokenizer": "characters"}
                if family == "gpt"
                else {"tokenizer": "wordpiece", "vocab_size": 120}
            )
            settings = {**TINY, **kind, "block_size": 24, "workers": 1, "max_steps": 40, **more}
            spec = new_spec(family, str(text), preset="tiny", settings=settings, probes=probes)
            assert not problems_of(spec)
            run = create_run(tmp_path / "runs", spec)
        return train_here("", run=run, **special)

    return train


def weights_of(run: RunDir) -> dict[str, torch.Tensor]:
    found = newest_whole(run.checkpoints)
    assert found is not None
    return {
        **load_file(found.path / "weights.safetensors"),
        **load_file(found.path / "optimizer.safetensors"),
    }


def losses_of(done: FinishedRun) -> dict[int, float]:
    return {
        step: loss
        for event in done.named("steps")
        for step, loss in zip(event.step, event.columns["loss"], strict=True)
    }


@pytest.mark.parametrize(("family", "probe"), [("gpt", "ship "), ("bert", "ship wave [MASK] harbour")])
def test_it_learns_and_answers_its_probes_as_it_does(learn: Learn, family: str, probe: str) -> None:
    more = {} if family == "gpt" else {"global_batch_size": 32, "learning_rate": 0.02, "mlm_probability": 0.3}
    steps = 120 if family == "gpt" else 240
    done = learn(family, probes=(probe,), max_steps=steps, **more)

    guessing = done.named("baseline")[0].value
    assert (done.outcome.metrics["val/loss"] or 99) < guessing - (0.3 if family == "gpt" else 0.8)
    checks = [event.step for event in done.named("evaluated")]
    assert checks[0] == 0
    assert checks[-1] == steps
    assert len(checks) == 9  # of so short a run: before the first step, six times evenly, and twice early
    probes = done.named("probe")
    assert {event.kind for event in probes} == {"continue" if family == "gpt" else "fill"}
    assert {probes[0].step, probes[-1].step} == {0, steps}
    if family == "bert":
        assert all(0 <= share <= 1 for _, share in probes[-1].answer)
    assert done.outcome.metrics["val/perplexity"] == pytest.approx(
        math.exp(done.outcome.metrics["val/loss"] or 0)
    )
    assert done.outcome.reason == "length"


@pytest.mark.parametrize("family", FAMILIES)
def test_the_folder_opens_in_plain_transformers_with_the_same_numbers(learn: Learn, family: str) -> None:
    from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

    done = learn(family)
    kind = AutoModelForCausalLM if family == "gpt" else AutoModelForMaskedLM
    model = kind.from_pretrained(done.run.model)
    tokenizer = AutoTokenizer.from_pretrained(done.run.model)
    saved = weights_of(done.run)
    for name, weight in model.named_parameters():
        assert torch.equal(weight, saved[name]), name
    facts = json.loads((done.run.model / "ptft.json").read_text())
    assert facts["family"] == family
    assert facts["block_size"] == model.config.max_position_embeddings == 24
    assert model.config.vocab_size % 64 == 0
    assert len(tokenizer) == facts["tokens_in_vocabulary"] <= model.config.vocab_size
    ids = tokenizer("ship wave sail").input_ids
    assert tokenizer.decode(ids, skip_special_tokens=True) == "ship wave sail"
    if family == "bert":
        assert tokenizer.convert_ids_to_tokens(ids)[0] == "[CLS]"
        assert tokenizer.convert_ids_to_tokens(ids)[-1] == "[SEP]"
        assert tokenizer.mask_token == "[MASK]"
    else:
        val = np.memmap(next((done.run.path.parents[1] / "home").rglob("val.bin")), np.uint16, "r")
        rows = torch.tensor(np.array(val[: len(val) // 24 * 24]).reshape(-1, 24).astype(np.int64))
        with torch.no_grad():
            assert abs(float(model(rows, labels=rows).loss) - (done.outcome.metrics["val/loss"] or 0)) < 0.1
    card = (done.run.model / "README.md").read_text()
    assert "AutoTokenizer" in card
    assert "val/loss" in card


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_a_resumed_run_ends_bit_for_bit_as_the_undisturbed_one(
    learn: Learn, monkeypatch: pytest.MonkeyPatch, family: str, optimizer: str
) -> None:
    settings = {"optimizer": optimizer, "dropout": 0.2, "micro_batch_size": 3, "epochs": 2, "max_steps": None}
    whole = learn(family, **settings)

    class PulledPlug(BaseException):
        """Nothing is tidied up after it, as after a kill."""

    train_step = training.LanguageTraining._train_step

    def pull_the_plug(self: training.LanguageTraining, *rest: Any) -> None:
        if self._position.step == whole.outcome.step * 2 // 3 + 1:
            raise PulledPlug
        train_step(self, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(training.LanguageTraining, "_train_step", pull_the_plug)
        cut_run: list[RunDir] = []
        patch.setattr(
            training.LanguageTraining,
            "_begin",
            lambda self, begin=training.LanguageTraining._begin: (cut_run.append(self._run), begin(self))[1],
        )
        with pytest.raises(PulledPlug):
            learn(family, **settings)
    run = cut_run[0]
    checkpoint = newest_whole(run.checkpoints)
    assert checkpoint is not None
    assert 0 < checkpoint.step < whole.outcome.step
    resolved = json.loads(
        next(line for line in run.events_file.read_text().splitlines() if '"resolved"' in line)
    )["values"]
    done = learn(family, run=run, request={"checkpoint": checkpoint, "resolved": resolved})

    assert done.outcome.step == whole.outcome.step
    expected, found = weights_of(whole.run), weights_of(run)
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    assert losses_of(done) == losses_of(whole)
    assert done.outcome.metrics == whole.outcome.metrics


@pytest.mark.parametrize("family", FAMILIES)
def test_smaller_pieces_of_a_batch_give_the_same_model(learn: Learn, family: str) -> None:
    whole = learn(family, max_steps=12, micro_batch_size=8)
    pieces = learn(family, max_steps=12, micro_batch_size=3)
    assert losses_of(pieces) == pytest.approx(losses_of(whole), rel=1e-4)


def test_what_does_not_fit_into_memory_is_halved_and_told(
    learn: Learn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ptft_gui.engine.language.gpt import GptLearner

    loss_sum = GptLearner.loss_sum

    def too_much(self: GptLearner, batch: Any) -> torch.Tensor:
        if torch.is_grad_enabled() and len(batch.inputs) > 2:
            raise RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory")
        return loss_sum(self, batch)

    usual = learn("gpt", max_steps=10)
    monkeypatch.setattr(GptLearner, "loss_sum", too_much)
    done = learn("gpt", max_steps=10)
    changes = [event for event in done.named("resolved") if event.why]
    assert [event.values["micro_batch_size"] for event in changes] == [4, 2]
    assert "memory" in changes[0].why
    assert losses_of(done) == pytest.approx(losses_of(usual), rel=1e-4)


def test_numbers_that_explode_end_the_run_with_a_remedy_and_the_last_good_state(
    learn: Learn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ptft_gui.engine.language.gpt import GptLearner

    loss_sum = GptLearner.loss_sum
    calls = []

    def explode(self: GptLearner, batch: Any) -> torch.Tensor:
        if torch.is_grad_enabled():
            calls.append(1)
        return loss_sum(self, batch) * (float("nan") if len(calls) > 25 else 1.0)

    runs: list[RunDir] = []
    begin = training.LanguageTraining._begin
    monkeypatch.setattr(GptLearner, "loss_sum", explode)
    monkeypatch.setattr(
        training.LanguageTraining, "_begin", lambda self: (runs.append(self._run), begin(self))[1]
    )
    with pytest.raises(PtftError, match="exploded at step 26") as caught:
        learn("gpt")
    assert caught.value.remedies[0].action == "resume_half_rate"
    found = newest_whole(runs[0].checkpoints)
    assert found is not None
    assert found.step <= 25
    assert all(
        torch.isfinite(weight).all() for weight in load_file(found.path / "weights.safetensors").values()
    )


def test_stopping_early_keeps_the_best_moment(learn: Learn) -> None:
    done = learn("gpt", epochs=40, max_steps=None, early_stopping=2, learning_rate=0.03, schedule="constant")
    assert done.outcome.reason == "early_stopping"
    scores = {event.step: event.metrics["val/loss"] for event in done.named("evaluated")}
    assert done.outcome.metrics["val/loss"] == pytest.approx(min(scores.values()), rel=0.006)


def test_a_person_stops_it_and_keeps_the_model(learn: Learn) -> None:
    def stop_soon(reporter: Reporter) -> None:
        step = reporter.step

        def stop_at_ten(number: int, **values: float | None) -> None:
            step(number, **values)
            if number == 10:
                reporter.control.stop(StopRequest())

        reporter.step = stop_at_ten  # type: ignore[method-assign]

    done = learn("gpt", on_start=stop_soon)
    assert done.outcome.reason == "stopped"
    assert done.outcome.step == 10
    assert (done.run.model / "model.safetensors").is_file()
    assert find_checkpoints(done.run.checkpoints)[0].step == 10


def test_minutes_limit_a_run_and_the_rate_falls_to_its_end(learn: Learn) -> None:
    done = learn("gpt", max_minutes=0.05, max_steps=None)
    rates = [rate for event in done.named("steps") for rate in event.columns["lr"]]
    assert rates[-1] < 0.2 * max(rates)
    assert done.outcome.reason == "length"


def test_minutes_are_counted_from_the_first_step(learn: Learn, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow computer the measuring before it took all of them, and nothing was learned."""
    measure = Watch._measure

    def slowly(watch: Watch, step: int) -> Metrics:
        if step == 0:
            time.sleep(4.0)
        return measure(watch, step)

    monkeypatch.setattr(Watch, "_measure", slowly)
    done = learn("gpt", max_minutes=0.05, max_steps=None)
    assert done.outcome.reason == "length"
    assert done.outcome.step > 10


def test_without_held_out_text_it_says_so_and_trains_on_all(train_here: Train, text: Path) -> None:
    done = train_here(text, family="gpt", val_fraction=0.0, max_steps=5, block_size=16, **TINY)
    assert "nothing_held_out" in {event.key for event in done.named("notice")}
    assert set(done.outcome.metrics) == {"train/loss", "train/perplexity", "train/bits_per_character"}


def test_a_text_too_short_for_one_block_is_refused_in_words(train_here: Train, tmp_path: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text("Hello there.\n")
    with pytest.raises(DataError, match="too short for blocks of 64 tokens") as caught:
        train_here(short, family="gpt", **TINY)
    assert "block_size" in caught.value.hint


def test_heads_that_do_not_divide_the_width_are_refused(train_here: Train, text: Path) -> None:
    with pytest.raises(SpecError, match="shared evenly"):
        train_here(text, family="gpt", layers=1, width=30, heads=4, block_size=16)


@pytest.mark.parametrize(
    ("family", "probes", "told"),
    [
        ("bert", ("no blank here",), "no blank"),
        ("gpt", ("a",) * 6, "5 is the most"),
        ("gpt", ("  ",), "is empty"),
        ("word2vec", ("ship",), "answers no probes"),
    ],
)
def test_probes_that_cannot_be_answered_are_told_before_the_start(
    family: str, probes: tuple[str, ...], told: str
) -> None:
    problems = problems_of(new_spec(family, "text.txt", probes=probes))
    assert [told in problem.message for problem in problems] == [True]


def test_a_text_that_changed_is_not_gone_on_with(learn: Learn, text: Path) -> None:
    done = learn("gpt", max_steps=12)
    resolved = done.named("resolved")[0].values
    text.write_text(text.read_text().replace("ship", "boat"))
    with pytest.raises(PtftError, match="text has changed"):
        learn(
            "gpt",
            run=done.run,
            request={"checkpoint": newest_whole(done.run.checkpoints), "resolved": resolved},
        )
