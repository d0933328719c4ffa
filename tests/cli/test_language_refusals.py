"""What keeps a language model from being trained is one plain sentence on the command line, and never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ptft_gui.__main__ import main
from tests.cli.conftest import CommandLine, Finished

_CONFIG = {
    "model_type": "bert", "max_position_embeddings": 64, "num_hidden_layers": 2, "hidden_size": 32,
    "num_attention_heads": 2, "vocab_size": 100,
}  # fmt: skip


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    folder = tmp_path / "encoder"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(_CONFIG), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("family", "settings", "told"),
    [
        ("bert", ("block_size=65",), "Blocks of 65 tokens are longer than encoder can read."),
        ("bert", ("layers=3",), "encoder brings its own layers, so layers cannot be chosen."),
        ("gpt", (), "encoder is a BERT model, so GPT cannot go on from it."),
    ],
)
def test_what_does_not_fit_the_start_is_refused_before_anything_runs(
    here: Callable[..., Finished],
    text_file: Path,
    encoder: Path,
    family: str,
    settings: tuple[str, ...],
    told: str,
) -> None:
    chosen = ("--set", *settings) if settings else ()
    asked = here("train", "--family", family, "--dataset", str(text_file), "--init", str(encoder), *chosen)
    assert asked.code == 2
    assert told in asked.err
    assert "Traceback" not in asked.err


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("family", "written", "hint"),
    [
        ("gpt", "Hello there.\n", "Choose a longer text, or set the block size (block_size) to 8 or less."),
        ("bert", "Hello.\n", "to learn from. Choose a longer text."),
    ],
)
def test_a_text_too_short_for_one_block_is_one_sentence(
    ptft: CommandLine, tmp_path: Path, family: str, written: str, hint: str
) -> None:
    short = tmp_path / "short.txt"
    short.write_text(written, encoding="utf-8")
    done = ptft("train", "--family", family, "--dataset", str(short), "--preset", "tiny")
    assert done.code == 2
    assert "The text is too short for blocks of 64 tokens." in done.err
    assert done.err.rstrip().endswith(hint)
    assert "Traceback" not in done.err


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_numbers_that_explode_are_one_sentence_with_what_to_do(ptft: CommandLine, text_file: Path) -> None:
    settings = (
        "layers=1", "width=32", "heads=2", "block_size=16", "max_steps=200", "learning_rate=10", "clip=0", "warm_up=0",
        "weight_decay=10", "optimizer=adamw", "workers=1", "precision=float32",
    )  # fmt: skip
    done = ptft(
        "train", "--family", "gpt", "--dataset", str(text_file), "--preset", "tiny", "--set", *settings
    )
    assert done.code == 1
    assert "The numbers exploded at step" in done.err
    assert "half the learning rate" in done.err
    assert "Traceback" not in done.err


def test_writing_is_learned_by_gpt_alone_and_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "a.txt"
    text.write_text("The queen wears the crown.\n" * 20, encoding="utf-8")
    asked = ["train", "--task", "writing", "--dataset", str(text), "--runs", str(tmp_path / "runs")]
    assert main([*asked, "--family", "bert"]) == 2
    assert capsys.readouterr().err.startswith("bert learns no writing. Only GPT does")
    assert main([*asked, "--family", "gpt", "--method", "frozen"]) == 2
    assert capsys.readouterr().err.startswith("Writing is not learned with the method frozen.")


@pytest.mark.parametrize(
    ("task", "method", "setting", "told"),
    [
        ("tagging", "full", "pooling=mean", 'changes nothing for the task "Mark names in text" (tagging)'),
        ("question-answering", "full", "weigh_classes=yes", "changes nothing for the task"),
        ("classification", "full", "stop_words=drop", "changes nothing for the task"),
        ("classification", "full", "lora_rank=4", "it belongs to the method LoRA, chosen is Full."),
        ("classification", "frozen", "top_layers=1", "it belongs to the method Top layers, chosen is Frozen"),
    ],
)
def test_a_setting_that_would_change_nothing_is_refused(
    here: Callable[..., Finished],
    text_file: Path,
    encoder: Path,
    task: str,
    method: str,
    setting: str,
    told: str,
) -> None:
    asked = here(
        "train", "--family", "bert", "--dataset", str(text_file), "--init", str(encoder), "--stage", "finetune",
        "--task", task, "--method", method, "--set", setting,
    )  # fmt: skip
    assert asked.code == 2
    assert told in asked.err
    assert "eave" in asked.err, "it is said what to do"


def test_a_race_looks_at_the_settings_of_its_lanes(here: Callable[..., Finished], encoder: Path) -> None:
    def told(*lanes: str) -> str:
        return here(
            "train", "--family", "bert", "--dataset", "absent.csv", "--init", str(encoder), "--stage", "finetune",
            "--task", "classification", "--race", *lanes, "--set", "lora_rank=4",
        ).err  # fmt: skip

    assert "changes nothing here" in told("frozen", "full")
    assert "changes nothing here" not in told("frozen", "lora")
    assert "changes nothing here" not in told()
