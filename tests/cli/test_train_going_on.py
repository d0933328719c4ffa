"""Going on from the command line: from a run by its name, from a vector file, and what cannot be a start."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.rundir import RunDir
from ptft_gui.engine.vectors import load_word_vectors

from .conftest import CommandLine, Finished, Trained


@pytest.fixture
def castle(ptft: CommandLine, trained: Trained) -> Path:
    """The castle's run in a home of this test's own."""
    return shutil.copytree(trained.run, ptft.home / "runs" / trained.run.name)


@pytest.fixture
def more(tmp_path: Path) -> Path:
    path = tmp_path / "more.txt"
    lines = ["the king and the queen ride a dragon", "a dragon guards the crown of the king"]
    path.write_text("\n".join(lines * 60) + "\n", encoding="utf-8")
    return path


def test_a_run_is_gone_on_from_by_its_name(ptft: CommandLine, castle: Path, more: Path) -> None:
    done = ptft(
        "train", "--dataset", str(more), "--init", "The castle", "--json",
        "--set", "initial_words=frozen", "epochs=3", "workers=1", "min_count=1",
    )  # fmt: skip
    assert done.code == 0, done.err
    run = RunDir(Path(json.loads(done.out.splitlines()[-1])["run"]))
    spec = run.read_spec()
    assert (spec.init_from, spec.init) == ("run", str(castle))
    assert spec.options["learning_rate"] == 0.025  # frozen words cannot be spoilt
    before, after = load_word_vectors(castle / "model"), load_word_vectors(run.model)
    assert "dragon" in after.index
    assert "dragon" not in before.index
    for word, row in before.index.items():
        assert (after.vectors[after.index[word]] == before.vectors[row]).all()
    assert after.config["initial"]["name"] == "The castle"
    assert after.config["initial"]["kept"] == "frozen"


@pytest.mark.parametrize("family", ["word2vec", "glove"])
def test_a_vector_file_is_gone_on_from(
    ptft: CommandLine, castle: Path, more: Path, tmp_path: Path, family: str
) -> None:
    file = tmp_path / "vectors.bin"
    exported = ptft("export", str(castle), "--format", "word2vec-binary", "--to", str(file))
    assert exported.code == 0, exported.err
    done = ptft(
        "train", "--family", family, "--stage", "pretrain", "--dataset", str(more), "--init", str(file), "--json",
        "--set", "epochs=3", "workers=1", "min_count=1",
    )  # fmt: skip
    assert done.code == 0, done.err
    run = RunDir(Path(json.loads(done.out.splitlines()[-1])["run"]))
    after = load_word_vectors(run.model)
    assert {"dragon", "king", "queen"} <= after.index.keys()
    resolved = next(e for e in EventReader(run.events_file).read_all() if e.event == "resolved")
    assert resolved.values["learning_rate"] == {"word2vec": 0.0125, "glove": 0.02}[family]
    assert "keep more of what they mean" in resolved.reasons["learning_rate"]
    assert after.config["initial"]["source"] == str(file)


def test_what_cannot_be_a_start_is_one_sentence(
    here: Callable[..., Finished], more: Path, tmp_path: Path, castle: Path
) -> None:
    missing = here("train", "--dataset", str(more), "--init", str(tmp_path / "nothing.vec"))
    assert missing.code != 0
    assert "There is no run, model folder or vector file named nothing.vec." in missing.err
    folder = here("train", "--dataset", str(more), "--init", str(tmp_path))
    assert "holds no word vectors. There is no config.json in it." in folder.err
    size = here("train", "--dataset", str(more), "--init", str(castle), "--set", "vector_size=7")
    assert "so the vector size cannot be 7." in size.err


def test_the_setting_is_listed(here: Callable[..., Finished]) -> None:
    for family in ("word2vec", "glove"):
        assert (
            "initial_words  one of free, frozen  default free"
            in here("train", "--list-settings", "--family", family).out
        )
