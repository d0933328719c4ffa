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
from ptft_gui.engine.control import Question
from ptft_gui.engine.language.resolve import CHECKS, checks_until, looked_at_in
from ptft_gui.engine.reporter import Reporter
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


def test_looks_come_early_and_then_evenly() -> None:
    passed = [checks_until(done / 1000) for done in range(1001)]
    assert passed[0] == 0
    assert passed[-1] == CHECKS + 2
    assert passed[50] == 2
    assert all(later - earlier in (0, 1) for earlier, later in itertools.pairwise(passed))


def test_a_longer_run_in_minutes_reads_more_at_each_look() -> None:
    minute, hour = looked_at_in(60, 20_000), looked_at_in(3600, 20_000)
    assert minute < hour
    looks = CHECKS + 2
    assert looks * minute * 1.5 / 20_000 <= max(0.02 * 60, looks * 1024 * 1.5 / 20_000)
    assert looks * hour * 1.5 / 20_000 <= 0.02 * 3600


def test_a_run_of_minutes_is_looked_at_a_dozen_times(learn: Learn) -> None:
    done = learn(max_minutes=0.25)
    checks = done.named("evaluated")
    assert len(checks) >= 10
    resolved = done.named("resolved")[0].values
    assert resolved["planned_seconds"] == 15.0


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
