"""Counted pairs are kept and found again by what decides them; a torn or other copy is never taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ptft_gui.core.paths import cache_folder
from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.glove import observer, pair_cache
from ptft_gui.engine.glove.kernel import PAIR
from ptft_gui.engine.glove.pairs import TrainingPairs
from tests.engine.conftest import Train, write_text
from tests.engine.test_going_on_word2vec import stop_at_step_9


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_text(tmp_path / "topics.txt", sentences=1500)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Everything is kept; holds one entry for each counting."""
    monkeypatch.setattr(pair_cache, "LEAST_SECONDS", 0.0)
    done: list[bool] = []
    count = observer.count_pairs

    def counting(*arguments: object, **named: object) -> object:
        done.append(True)
        return count(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(observer, "count_pairs", counting)
    return done


def test_a_run_that_goes_on_does_not_count_again_and_ends_alike(
    train_here: Train, text: Path, counted: list[bool]
) -> None:
    settings = {"family": "glove", "epochs": 15, "vector_size": 12}
    half = train_here(text, on_start=stop_at_step_9, **settings)
    assert len(counted) == 2
    request = {
        "checkpoint": newest_whole(half.run.checkpoints),
        "resolved": half.named("resolved")[0].values,
    }
    again = train_here(text, run=half.run, request=request)
    assert len(counted) == 2
    for folder in (cache_folder() / "pairs").iterdir():
        (folder / "records.npy").write_bytes(b"torn")
    whole = train_here(text, **settings)
    assert len(counted) == 4
    assert np.array_equal(again.vectors.vectors, whole.vectors.vectors)


@pytest.mark.parametrize("change", [{"window": 4}, {"min_count": 405}, {"seed": 2}, {"val_fraction": 0.3}])
def test_other_pairs_are_counted(
    train_here: Train, text: Path, counted: list[bool], change: dict[str, object]
) -> None:
    settings = {"family": "glove", "epochs": 1, "vector_size": 8}
    train_here(text, **settings)
    train_here(text, **{**settings, **change})
    assert len(counted) == 4


def test_what_decides_nothing_lets_the_counts_be(train_here: Train, text: Path, counted: list[bool]) -> None:
    train_here(text, family="glove", epochs=1, vector_size=8)
    train_here(text, family="glove", epochs=2, vector_size=12, learning_rate=0.02, x_max=5.0)
    assert len(counted) == 2


def test_only_the_newest_few_are_kept_and_nothing_large(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = TrainingPairs(np.zeros(10, PAIR), True, False, 20)
    for number in range(pair_cache.MOST_KEPT + 2):
        pair_cache.keep_pairs(f"key{number}", pairs)
    assert len(list((cache_folder() / "pairs").iterdir())) == pair_cache.MOST_KEPT
    monkeypatch.setattr(pair_cache, "_MOST_BYTES", 100)
    pair_cache.keep_pairs("large", pairs)
    assert pair_cache.open_pairs("large") is None


def test_a_disk_that_may_not_suffice_is_told_before_counting(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observer, "_BYTES_A_PAIR_ON_DISK", 1 << 50)
    done = train_here(text, family="glove", epochs=1, vector_size=8)
    told = [notice for notice in done.named("notice") if notice.key == "disk"]
    assert [notice.message for notice in told] == ["The counts of word pairs may not fit on the disk."]
    assert told[0].detail.startswith("There are at most 300 pairs")
