"""Snapshots: which moments of a run are kept, and what happens to them when it is gone on with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.checkpoint import find_checkpoints
from ptft_gui.engine.snapshots import (
    MOST_SNAPSHOTS,
    SnapshotAlbum,
    read_snapshot,
    snapshot_paths,
    spread_steps,
)
from tests.engine.conftest import Train, write_text

WORDS = "ship wave sail harbour".split()
VECTORS = np.arange(20, dtype=np.float32).reshape(4, 5)


def steps_in(folder: Path) -> list[int]:
    return [read_snapshot(path).step for path in snapshot_paths(folder)]


def album_of(folder: Path) -> SnapshotAlbum:
    return SnapshotAlbum(folder, WORDS, [], 5)


def fill(album: SnapshotAlbum, steps: range) -> int:
    """Offer every step; how many were taken."""
    return sum(album.offer(step, step / 100, VECTORS) is not None for step in steps)


def test_a_long_run_keeps_at_most_sixty_and_its_first_and_newest_moment(tmp_path: Path) -> None:
    album = album_of(tmp_path)
    fill(album, range(5_000))
    kept = steps_in(tmp_path)
    assert MOST_SNAPSHOTS // 2 <= len(kept) <= MOST_SNAPSHOTS
    assert kept[0] == 0
    assert kept[-1] >= 4_800


def test_what_is_kept_lies_closer_together_at_the_beginning(tmp_path: Path) -> None:
    fill(album_of(tmp_path), range(5_000))
    distances = np.diff(steps_in(tmp_path))
    third = len(distances) // 3
    assert distances[:third].mean() < 0.7 * distances[-third:].mean()
    assert distances.max() < 5_000 / 10


def test_few_pictures_are_written_only_to_be_dropped(tmp_path: Path) -> None:
    assert fill(album_of(tmp_path), range(20_000)) < 6 * MOST_SNAPSHOTS


def test_the_last_moment_is_kept_whatever_lies_before_it(tmp_path: Path) -> None:
    album = album_of(tmp_path)
    fill(album, range(1_000))
    step = steps_in(tmp_path)[-1] + 1
    assert album.offer(step, 9.0, VECTORS) is None
    assert album.offer(step, 9.0, VECTORS, is_last=True) is not None
    assert album.offer(step, 9.0, VECTORS, is_last=True) is None
    assert steps_in(tmp_path)[-1] == step


def test_the_very_first_steps_are_asked_for_one_by_one(tmp_path: Path) -> None:
    album = album_of(tmp_path)
    album.offer(0, 0.0, VECTORS)
    assert [step for step in range(200) if album.wants_early(step)] == [1, 2, 4, 8, 16, 32, 64]


def test_a_run_that_is_gone_on_with_drops_later_moments_and_keeps_its_distances(tmp_path: Path) -> None:
    fill(album_of(tmp_path), range(3_000))
    album = album_of(tmp_path)
    album.forget_after(2_000)
    kept = steps_in(tmp_path)
    assert kept[-1] <= 2_000
    assert fill(album, range(2_001, 3_001)) < 40
    assert len(steps_in(tmp_path)) <= MOST_SNAPSHOTS


def test_the_words_of_a_snapshot_are_the_frequent_and_the_watched_ones(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(5_010)]
    vectors = (np.arange(5_010 * 400, dtype=np.float32) % 999).reshape(-1, 400)
    path = SnapshotAlbum(tmp_path, words, [7, 5_008], 400).offer(3, 0.5, vectors)
    assert path is not None
    snapshot = read_snapshot(path)
    assert len(snapshot.words) == 5_001
    assert snapshot.words[-1] == "word5008"
    assert snapshot.vectors[-1].tolist() == vectors[5_008].astype(np.float16).tolist()


def test_of_short_vectors_more_words_are_kept(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(12_000)]
    vectors = np.zeros((12_000, 100), dtype=np.float32)
    path = SnapshotAlbum(tmp_path, words, [], 100).offer(0, 0.0, vectors)
    assert path is not None
    assert len(read_snapshot(path).words) == 10_000
    assert path.stat().st_size < 2_300_000


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "step-notes.safetensors").write_text("not ours")
    fill(album_of(tmp_path), range(200))
    album_of(tmp_path).forget_after(0)
    assert steps_in(tmp_path) == [0]
    assert (tmp_path / "step-notes.safetensors").read_text() == "not ours"


def test_a_torn_snapshot_says_which_one(tmp_path: Path) -> None:
    path = album_of(tmp_path).offer(5, 0.1, VECTORS)
    assert path is not None
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(ModelError, match=r"step-00000005\.safetensors"):
        read_snapshot(path)


@pytest.mark.parametrize("steps", [[0], [0, 1], list(range(61)), [0, 1, 2, 4, 8, 16, 500]])
def test_spread_steps_keeps_both_ends(steps: list[int]) -> None:
    kept = spread_steps(steps)
    assert kept[0] == steps[0]
    assert kept[-1] == steps[-1]
    assert len(kept) <= 40
    assert kept == sorted(set(kept))


@pytest.mark.parametrize("family", ["word2vec", "glove"])
def test_a_run_of_a_few_steps_shows_how_it_began_and_how_it_ended(
    family: str, train_here: Train, tmp_path: Path
) -> None:
    small = {"batch_words": 250} if family == "word2vec" else {}
    done = train_here(write_text(tmp_path / "t.txt"), family=family, max_steps=21, vector_size=8, **small)
    steps = [event.step for event in done.named("snapshot")]
    assert steps[:3] == [0, 1, 2]
    assert len(steps) >= 5
    assert steps[-1] == done.outcome.step
    last = read_snapshot(snapshot_paths(done.run.snapshots)[-1])
    rows = [done.vectors.index[word] for word in last.words]
    assert np.allclose(last.vectors, done.vectors.vectors[rows], atol=2e-3)


@pytest.mark.parametrize("family", ["word2vec", "glove"])
def test_a_run_resumed_from_a_checkpoint_takes_the_later_pictures_anew(
    family: str, train_here: Train, tmp_path: Path
) -> None:
    small = {"batch_words": 250} if family == "word2vec" else {}
    done = train_here(write_text(tmp_path / "t.txt"), family=family, epochs=6, vector_size=8, **small)
    before = steps_in(done.run.snapshots)
    checkpoint = find_checkpoints(done.run.checkpoints)[-1]
    assert before[-1] > checkpoint.step
    later = [
        path for path in snapshot_paths(done.run.snapshots) if read_snapshot(path).step > checkpoint.step
    ]
    written = {path.name: path.stat().st_mtime_ns for path in later}
    request = {"checkpoint": checkpoint, "resolved": done.named("resolved")[-1].values}
    again = train_here(tmp_path / "t.txt", run=done.run, request=request)
    assert steps_in(again.run.snapshots)[-1] == again.outcome.step == before[-1]
    assert [
        path
        for path in snapshot_paths(again.run.snapshots)
        if path.stat().st_mtime_ns == written.get(path.name)
    ] == []
