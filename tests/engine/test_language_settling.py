"""What is measured before a language model trains, how it is looked at, and what a person asks of it meanwhile."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from ptft_gui.core.errors import PtftError
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.engine.control import Question
from ptft_gui.engine.language.looking import (
    EARLY_CHECKS,
    FEWEST_CHECKS,
    MOST_CHECKS,
    answers_cost,
    checks_until,
    plan_looks,
)
from ptft_gui.engine.reporter import Reporter
from ptft_gui.inspection.language.blanks import fill_mask
from ptft_gui.inspection.language.opening import open_language_model
from tests.engine.conftest import FinishedRun, Train, write_text

SMALL: dict[str, Any] = {
    "layers": 1, "width": 32, "heads": 2, "block_size": 24, "global_batch_size": 8, "precision": "float32",
    "learning_rate": 0.01, "dropout": 0.0, "tokenizer": "characters",
}  # fmt: skip
Learn = Callable[..., FinishedRun]


@pytest.fixture
def learn(train_here: Train, tmp_path: Path) -> Learn:
    text = write_text(tmp_path / "plain.txt", sentences=500)
    return lambda **more: train_here(text, **{"family": "gpt", **SMALL, **more})


# --- looks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("checks", [FEWEST_CHECKS, MOST_CHECKS])
def test_looks_come_early_and_then_evenly(checks: int) -> None:
    passed = [checks_until(done / 1000, checks) for done in range(1001)]
    assert passed[0] == 0
    assert passed[-1] == checks + len(EARLY_CHECKS)
    assert passed[50] == len(EARLY_CHECKS)
    assert all(later - earlier in (0, 1) for earlier, later in itertools.pairwise(passed))


def test_all_looks_of_ten_minutes_cost_less_than_two_hundredths() -> None:
    tokens, answers = 600 * 8000, answers_cost(32, "cpu")
    for is_timed in (False, True):
        looks = plan_looks(tokens, answers, is_timed)
        assert looks.checks == MOST_CHECKS
        assert 0.013 * tokens < looks.cost(answers) < 0.02 * tokens


def test_a_short_run_has_fewer_looks_and_leaves_nothing_out() -> None:
    answers = answers_cost(32, "cpu")
    planned = [plan_looks(tokens, answers) for tokens in (1e4, 1e6, 1.5e6, 2e6, 1e8)]
    assert planned[0] == plan_looks(0, answers)
    assert planned[0].checks == FEWEST_CHECKS
    assert [looks.checks for looks in planned] == sorted(looks.checks for looks in planned)
    assert planned[-1].checks == MOST_CHECKS
    assert planned[0].read < planned[-1].read
    assert all(
        looks.cost(answers) < 0.03 * tokens
        for looks, tokens in zip(planned[1:], (1e6, 1.5e6, 2e6, 1e8), strict=True)
    )


@pytest.mark.parametrize("length", [{"max_steps": 40}, {"max_minutes": 0.05}])
def test_every_probe_is_answered_at_every_look(
    train_here: Train, tmp_path: Path, length: dict[str, Any]
) -> None:
    text = write_text(tmp_path / "plain.txt", sentences=300)
    probes = ("ship ", "wave harbour", "the fish swims")
    spec = new_spec("gpt", str(text), preset="tiny", settings={**SMALL, **length}, probes=probes)
    done = train_here("", run=create_run(tmp_path / "runs", spec))
    looks = [event.step for event in done.named("evaluated")]
    assert looks[0] == 0
    assert len(looks) == len(set(looks)) >= (1 + FEWEST_CHECKS if "max_steps" in length else 1)
    for probe in probes:
        assert [event.step for event in done.named("probe") if event.name == probe] == looks
    assert done.named("resolved")[0].values["checks"] >= FEWEST_CHECKS


def test_blanks_that_are_filled_together_get_the_answers_of_each_alone(
    train_here: Train, tmp_path: Path
) -> None:
    text = write_text(tmp_path / "plain.txt", sentences=300)
    probes = ("ship [MASK]", "the wave ___ the old harbour and the fish", "[MASK] swims")
    settings = {**SMALL, "tokenizer": "wordpiece", "vocab_size": 120, "max_steps": 30}
    spec = new_spec("bert", str(text), preset="tiny", settings=settings, probes=probes)
    done = train_here("", run=create_run(tmp_path / "runs", spec))
    model = open_language_model(done.run)
    last = {event.name: event.answer for event in done.named("probe") if event.step == 30}
    assert tuple(last) == probes
    for probe, answer in last.items():
        alone = fill_mask(model, probe, len(answer)).blanks[0]
        assert [share for _, share in answer] == pytest.approx([share for _, share in alone], abs=2e-4)


# --- compiling ---------------------------------------------------------------------------------------------------


def test_compiling_that_fails_is_left_out_quietly(learn: Learn, monkeypatch: pytest.MonkeyPatch) -> None:
    def compile_nothing(body: torch.nn.Module, **_: Any) -> Callable[..., Any]:
        def fail(*_: Any, **__: Any) -> Any:
            raise RuntimeError("no compiler was found\nand more")

        return fail

    monkeypatch.setattr(torch, "compile", compile_nothing)
    done = learn(max_steps=3, compile="on")
    resolved = done.named("resolved")[0]
    assert resolved.values["compile"] == "off"
    assert resolved.reasons["compile"].endswith("RuntimeError: no compiler was found")
    assert done.outcome.step == 3


def test_a_compiled_body_learns_the_same_and_is_saved_under_its_own_names(
    learn: Learn, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = learn(max_steps=4)
    traced: list[int] = []
    compile_really = torch.compile

    def compile_here(body: torch.nn.Module, **more: Any) -> Any:
        traced.append(1)
        return compile_really(body, backend="eager", **more)

    monkeypatch.setattr(torch, "compile", compile_here)
    done = learn(max_steps=4, compile="on")
    assert traced == [1]
    assert done.named("resolved")[0].values["compile"] == "on"
    assert done.outcome.metrics["val/loss"] == pytest.approx(usual.outcome.metrics["val/loss"], rel=1e-4)
    from transformers import AutoModelForCausalLM

    AutoModelForCausalLM.from_pretrained(done.run.model)


# --- questions while it trains -----------------------------------------------------------------------------------


class Asker:
    """Asks at the fifth step, pauses the run, asks again while it is paused, and lets it go on."""

    def __init__(self, *questions: tuple[str, dict[str, Any]]) -> None:
        self.questions, self.found = questions, []  # type: ignore[var-annotated]
        self._said: list[str] = []

    def __call__(self, reporter: Reporter) -> None:
        step = reporter.step

        def ask_at_five(number: int, **values: float | None) -> None:
            step(number, **values)
            if number == 5:
                reporter.control.pause()
                threading.Thread(target=self._ask, args=(reporter,)).start()

        reporter.step = ask_at_five  # type: ignore[method-assign]

    def _ask(self, reporter: Reporter) -> None:
        for name, argument in self.questions:
            answered = threading.Event()

            def on_done(answer: Any, problem: PtftError | None, answered: threading.Event = answered) -> None:
                self.found.append(problem.as_sentence() if problem else answer)
                answered.set()

            assert reporter.control.ask(Question(name, argument, on_done))
            assert answered.wait(60)
        reporter.control.resume()


def test_a_probe_is_added_while_it_is_paused_and_answered_from_then_on(learn: Learn) -> None:
    asker = Asker(("add_probe", {"text": "storm "}), ("add_probe", {"text": " "}))
    done = learn(max_steps=40, on_start=asker)
    assert asker.found[0] is None
    assert asker.found[1].startswith("This cannot be a probe. It is empty.")
    steps = [event.step for event in done.named("probe") if event.input == "storm "]
    assert steps[0] == 5
    assert steps[-1] == 40
    assert len(steps) == len(set(steps)) > 1


def test_more_than_five_probes_are_refused(learn: Learn) -> None:
    asker = Asker(*(("add_probe", {"text": word}) for word in ("a", "b", "c", "d", "e", "f")))
    learn(max_steps=10, on_start=asker)
    assert asker.found[-1].startswith("5 probes are the most.")


def test_a_running_model_goes_on_with_a_text(learn: Learn) -> None:
    asker = Asker(
        ("ask", {"generate": "ship", "length": 5, "temperature": 0}),
        ("ask", {"next": "shi", "topn": 3}),
        ("ask", {"fill": "ship [MASK]"}),
        ("ask", {"similar": "ship"}),
    )
    done = learn(max_steps=10, on_start=asker)
    written, following, filled, similar = asker.found
    assert written["generate"].startswith("ship")
    assert len(following["next"]) == 3
    assert "cannot fill a blank" in filled or "fill" in filled
    assert "answers no such question" in similar
    assert done.outcome.step == 10


def test_nothing_is_taken_once_the_run_has_ended(learn: Learn) -> None:
    kept: list[Reporter] = []
    learn(max_steps=2, on_start=kept.append)
    assert not kept[0].control.ask(Question("ask", {}, lambda answer, problem: None))


def test_bert_guesses_what_follows_too_and_plain_transformers_open_it(
    train_here: Train, tmp_path: Path
) -> None:
    from transformers import AutoModelForMaskedLM, BertForPreTraining

    text = write_text(tmp_path / "plain.txt", sentences=500)
    settings = {**SMALL, "tokenizer": "wordpiece", "vocab_size": 120, "next_sentence": True}
    whole = train_here(text, family="bert", max_steps=6, **settings)
    pieces = train_here(text, family="bert", max_steps=6, micro_batch_size=3, **settings)
    assert pieces.outcome.metrics["val/loss"] == pytest.approx(whole.outcome.metrics["val/loss"], rel=1e-3)
    assert all(0 <= (event.metrics["val/next_sentence"] or 0) <= 1 for event in whole.named("evaluated"))
    assert whole.named("probe")[-1].answer
    model = BertForPreTraining.from_pretrained(whole.run.model)
    assert model.cls.seq_relationship.weight.abs().sum() > 0
    AutoModelForMaskedLM.from_pretrained(whole.run.model)


# --- what is told ------------------------------------------------------------------------------------------------


def test_a_text_that_the_tokenizer_cannot_write_is_told(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "signs.txt"
    many = "".join(chr(0x4E00 + number) for number in range(3000))
    text.write_text("\n".join(many[start : start + 30] for start in range(0, 3000, 30)) * 3, encoding="utf-8")
    settings = {**SMALL, "vocab_size": 200, "max_steps": 1}
    notices = train_here(text, family="gpt", **settings).named("notice")
    (told,) = [event for event in notices if event.key == "unknown_tokens"]
    assert told.level == "warning"
    assert "of this text" in told.message
    assert "BPE" in told.hint


def test_a_vocabulary_that_the_text_cannot_fill_is_told(train_here: Train, tmp_path: Path) -> None:
    text = write_text(tmp_path / "plain.txt", sentences=500)
    settings = {**SMALL, "tokenizer": "bpe", "vocab_size": 5000, "max_steps": 1}
    notices = train_here(text, family="gpt", **settings).named("notice")
    assert any("instead of the 5,000 that were asked for" in event.message for event in notices)
