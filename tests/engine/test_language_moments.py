"""A run of GPT or BERT that left no model is asked as it stood at its newest checkpoint."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from ptft_gui.core import events as ev
from ptft_gui.core.errors import ModelError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.engine.checkpoint import find_checkpoints
from ptft_gui.inspection.language import moment, opening
from ptft_gui.inspection.language.blanks import fill_mask
from ptft_gui.inspection.language.folder import language_stamp
from ptft_gui.inspection.language.opening import open_language_model
from tests.engine.conftest import Train, write_text

FAMILIES = ("gpt", "bert")
TINY: dict[str, Any] = {
    "layers": 1, "width": 32, "heads": 2, "global_batch_size": 8, "precision": "float32", "learning_rate": 0.01,
    "dropout": 0.0, "block_size": 24, "workers": 1, "max_steps": 24,
}  # fmt: skip


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_text(tmp_path / "plain.txt", sentences=300)


def trained(
    train_here: Train, runs: Path, text: Path, family: str, init: Path | None = None, **more: Any
) -> RunDir:
    kind = {"tokenizer": "characters"} if family == "gpt" else {"tokenizer": "wordpiece", "vocab_size": 120}
    settings = TINY if init is not None else {**TINY, **kind, **more}
    if init is not None:
        settings = {key: value for key, value in TINY.items() if key not in ("layers", "width", "heads")}
    spec = new_spec(
        family,
        str(text),
        preset="tiny",
        settings=settings,
        init_from="folder" if init is not None else "scratch",
        init=str(init) if init is not None else None,
    )
    return train_here("", run=create_run(runs, spec)).run


def cut_short(run: RunDir) -> None:
    """As a failure leaves it: checkpoints, but no model."""
    shutil.rmtree(run.model)
    writer = EventWriter(run.events_file)
    writer.write(ev.Failed(message="The disk is gone."))
    writer.close()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_newest_checkpoint_answers_with_the_very_numbers_of_the_run(
    train_here: Train, tmp_path: Path, text: Path, family: str
) -> None:
    run = trained(train_here, tmp_path / "runs", text, family)
    ended = open_language_model(run)
    assert ended.step is None
    cut_short(run)
    assert run.state() == "failed"
    asked = open_language_model(run)
    newest = find_checkpoints(run.checkpoints)[0]
    assert (asked.step, asked.kind, asked.window) == (newest.step, ended.kind, 24)
    assert asked.tokenizer_print == ended.tokenizer_print
    assert not asked.network.training
    for (name, before), (_, after) in zip(
        ended.network.named_parameters(), asked.network.named_parameters(), strict=True
    ):
        assert torch.equal(before, after), name
    stamp = language_stamp(run.path)
    shutil.rmtree(newest.path)
    assert language_stamp(run.path) != stamp


def test_a_checkpoint_that_also_guesses_what_follows_fills_blanks(
    train_here: Train, tmp_path: Path, text: Path
) -> None:
    run = trained(train_here, tmp_path / "runs", text, "bert", next_sentence=True)
    sentence = "the ___ sleeps."
    ended = fill_mask(open_language_model(run), sentence, 5)
    cut_short(run)
    asked = open_language_model(run)
    assert asked.step == 24
    assert not asked.network.training
    assert fill_mask(asked, sentence, 5).blanks == ended.blanks


def test_a_run_that_went_on_from_a_model_keeps_its_shape(
    train_here: Train, tmp_path: Path, text: Path
) -> None:
    start = trained(train_here, tmp_path / "first", text, "gpt").model
    run = trained(train_here, tmp_path / "runs", text, "gpt", init=start)
    cut_short(run)
    assert open_language_model(run).network.config.n_embd == 32


def test_a_checkpoint_that_makes_room_meanwhile_is_no_fault(
    train_here: Train, tmp_path: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(train_here, tmp_path / "runs", text, "gpt")
    cut_short(run)
    steps = [checkpoint.step for checkpoint in find_checkpoints(run.checkpoints)]
    assert len(steps) > 1
    real = moment.open_parts
    gone: list[int | None] = []

    def open_late(folder: Any) -> Any:
        if not gone:
            gone.append(folder.step)
            shutil.rmtree(folder.path)
        return real(folder)

    monkeypatch.setattr(opening, "open_parts", open_late)
    assert open_language_model(run).step == steps[1]
    assert gone == [steps[0]]


def test_a_damaged_checkpoint_gives_way_to_the_one_before(
    train_here: Train, tmp_path: Path, text: Path
) -> None:
    run = trained(train_here, tmp_path / "runs", text, "bert")
    cut_short(run)
    newest, before = find_checkpoints(run.checkpoints)[:2]
    weights = newest.path / "weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(b"\xff" * 64 + whole[64:])  # as long as before: only its head is damaged
    assert open_language_model(run).step == before.step


def test_without_a_checkpoint_the_sentence_says_what_to_do(
    train_here: Train, tmp_path: Path, text: Path
) -> None:
    run = trained(train_here, tmp_path / "runs", text, "gpt")
    cut_short(run)
    shutil.rmtree(run.checkpoints)
    with pytest.raises(ModelError) as told:
        open_language_model(run)
    assert told.value.as_sentence() == (
        f"{run.title()} has no model. It ended before a checkpoint was saved. Start it again as a new run."
    )
