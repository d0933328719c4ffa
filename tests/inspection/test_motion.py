"""The map in motion: what moves is meaning, and what does not change its neighbours stays where it is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.engine.snapshots import SnapshotAlbum, snapshot_paths
from ptft_gui.inspection.film import Film, turn_between
from ptft_gui.inspection.motion import CLOUD, LEFT, NEAR, WATCHED, Films, motion

GROUPS, IN_GROUP, CLOUD_WORDS, SIZE = 3, 6, 400, 20
WATCHED_WORDS = [f"group{group}-0" for group in range(GROUPS)]


def make_words() -> list[str]:
    named = [f"group{group}-{number}" for number in range(IN_GROUP) for group in range(GROUPS)]
    return [*(f"cloud{number}" for number in range(CLOUD_WORDS)), *named]


WORDS = make_words()


def make_space(seed: int = 3) -> np.ndarray:
    """Three tight groups of words in a wide cloud, shape (418, 20)."""
    rng = np.random.default_rng(seed)
    centres = 3 * np.linalg.qr(rng.standard_normal((SIZE, GROUPS)))[0].T
    cloud = rng.standard_normal((CLOUD_WORDS, SIZE))
    named = [
        centres[group] + 0.2 * rng.standard_normal(SIZE) for _ in range(IN_GROUP) for group in range(GROUPS)
    ]
    return np.concatenate([cloud, named]).astype(np.float32)


def a_turn(seed: int = 0) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((SIZE, SIZE)))[0].astype(np.float32)


def write(run: Path, spaces: dict[int, np.ndarray], words: list[str] = WORDS) -> None:
    """Snapshots of a run at these steps."""
    (run / "snapshots").mkdir(parents=True, exist_ok=True)
    album = SnapshotAlbum(run / "snapshots", words, [], SIZE)
    for step, vectors in spaces.items():
        assert album.offer(step, step / 10, vectors) is not None


def film_of(run: Path) -> Film:
    return Films().open(run, WATCHED_WORDS)


def moved(answer: dict[str, Any], first: int = 0, second: int = -1) -> dict[str, float]:
    """How far each word moved between two frames."""
    positions = answer["positions"]
    distances = np.linalg.norm(positions[second] - positions[first], axis=1)
    return dict(zip(answer["words"], distances.tolist(), strict=True))


def test_a_turned_mirrored_and_shifted_copy_of_the_same_words_does_not_move(tmp_path: Path) -> None:
    space = make_space()
    mirrored = space @ a_turn() * np.where(np.arange(SIZE) == 2, -1, 1).astype(np.float32)
    write(tmp_path, {0: space, 10: mirrored, 20: space @ a_turn(1), 30: space * 3})
    answer = motion(film_of(tmp_path))
    assert answer["positions"].shape == (4, len(answer["words"]), 2)
    assert np.abs(answer["positions"]).max() > 0.5
    for frame in (1, 2, 3):
        assert max(moved(answer, 0, frame).values()) < 0.01


def test_small_turns_that_add_up_are_taken_out_too(tmp_path: Path) -> None:
    space = make_space()
    generator = np.random.default_rng(1).standard_normal((SIZE, SIZE)) * 0.005
    small = np.linalg.qr(np.eye(SIZE) + generator - generator.T)[0]
    small = (small * np.sign(np.diag(small))).astype(np.float32)
    spaces = {0: space}
    for step in range(1, 30):
        spaces[step] = spaces[step - 1] @ small
    assert np.linalg.norm(spaces[29] - space) > 0.5 * np.linalg.norm(space)
    write(tmp_path, spaces)
    assert max(moved(motion(film_of(tmp_path))).values()) < 0.05


def test_a_word_that_goes_to_another_group_moves_and_the_others_stay(tmp_path: Path) -> None:
    space = make_space()
    later = space.copy()
    later[WORDS.index("group0-3")] = space[WORDS.index("group1-2")]
    write(tmp_path, {0: space, 10: later @ a_turn()})
    answer = motion(film_of(tmp_path))
    distances = moved(answer)
    assert distances.pop("group0-3") > 0.5
    assert max(distances.values()) < 0.05


def test_a_cloud_that_has_learned_nothing_gets_no_shape_from_the_words_that_come_after(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(8)
    space = make_space()
    write(tmp_path, {0: rng.standard_normal(space.shape).astype(np.float32), 10: space})
    film = film_of(tmp_path)
    answer = motion(film)
    assert film.frames[1].turn is None
    groups, kinds = answer["groups"], answer["kinds"]

    def spread_of_groups(frame: int) -> float:
        places = answer["positions"][frame]
        centres = [places[(groups == group) & (kinds != CLOUD)].mean(axis=0) for group in range(GROUPS)]
        return float(np.std(centres))

    assert spread_of_groups(0) < 0.4 * spread_of_groups(1)


def test_the_words_are_the_watched_the_near_those_that_left_and_the_cloud(tmp_path: Path) -> None:
    space = make_space()
    early = space.copy()
    early[WORDS.index("cloud7")] = space[WORDS.index("group2-0")] * 0.9
    write(tmp_path, {0: make_space(5), 5: early, 10: early, 15: early, 20: space})
    answer = motion(film_of(tmp_path), neighbours=IN_GROUP - 1)
    found = {
        word: (kind, group)
        for word, kind, group in zip(
            answer["words"], answer["kinds"].tolist(), answer["groups"].tolist(), strict=True
        )
    }
    assert [word for word, (kind, _) in found.items() if kind == WATCHED] == WATCHED_WORDS
    assert {word for word, place in found.items() if place == (NEAR, 1)} == {
        f"group1-{n}" for n in range(1, 6)
    }
    assert found["cloud7"] == (LEFT, 2)
    assert found["cloud0"] == (CLOUD, -1)
    assert len(answer["words"]) == len(set(answer["words"]))


def test_a_picture_that_comes_later_extends_the_film_and_leaves_the_earlier_ones_in_place(
    tmp_path: Path,
) -> None:
    space, rng = make_space(), np.random.default_rng(2)
    spaces = {
        step: space + 0.02 * step * rng.standard_normal(space.shape).astype(np.float32) for step in range(12)
    }
    films = Films()
    write(tmp_path, {step: spaces[step] for step in range(11)})
    before = motion(films.open(tmp_path, WATCHED_WORDS))
    write(tmp_path, {11: spaces[11]})
    film = films.open(tmp_path, WATCHED_WORDS)
    kept = film.frames[:]
    after = motion(film)
    assert all(one is other for one, other in zip(kept, film.frames, strict=False))
    assert after["steps"] == [*before["steps"], 11]
    shared = [word for word in before["words"] if word in after["words"]]
    assert len(shared) > 300
    old = before["positions"][:, [before["words"].index(word) for word in shared]]
    new = after["positions"][:-1, [after["words"].index(word) for word in shared]]
    jumps = np.linalg.norm(old - new, axis=2)
    assert np.median(jumps) < 0.1
    assert jumps.max() < 0.4


def test_the_same_pictures_give_the_same_answer(tmp_path: Path) -> None:
    write(tmp_path, {0: make_space(1), 10: make_space(2), 20: make_space(3)})
    one, other = motion(film_of(tmp_path)), motion(film_of(tmp_path))
    assert one["words"] == other["words"]
    np.testing.assert_array_equal(one["positions"], other["positions"])


def test_pictures_dropped_or_torn_meanwhile_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, {step: make_space() for step in range(0, 60, 10)})
    films = Films()
    motion(films.open(tmp_path, WATCHED_WORDS))
    paths = snapshot_paths(tmp_path / "snapshots")
    paths[1].unlink()
    paths[3].write_bytes(paths[3].read_bytes()[:200])
    answer = motion(films.open(tmp_path, WATCHED_WORDS))
    assert answer["steps"] == [0, 20, 40, 50]
    assert (
        answer["sentence"]
        == "4 pictures of the words, from before training to step 50. One more cannot be read."
    )
    film = films.open(tmp_path, WATCHED_WORDS)
    kept = film.frames[:]
    motion(film)
    assert film.frames == kept  # a damaged file is not tried again and again


def test_a_run_gone_on_with_has_the_new_pictures_instead_of_the_old(tmp_path: Path) -> None:
    films, space = Films(), make_space()
    write(tmp_path, {0: make_space(1), 10: space, 20: make_space(4), 30: make_space(5)})
    motion(films.open(tmp_path, WATCHED_WORDS))
    SnapshotAlbum(tmp_path / "snapshots", WORDS, [], SIZE).forget_after(10)
    write(tmp_path, {20: space @ a_turn(), 25: space})
    for path in snapshot_paths(tmp_path / "snapshots"):
        os.utime(path, ns=(1, int(path.stem[-8:]) + 7))
    answer = motion(films.open(tmp_path, WATCHED_WORDS))
    assert answer["steps"] == [0, 10, 20, 25]
    assert max(moved(answer, 1, 3).values()) < 0.01


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_a_handful_of_words_is_shown_as_well(tmp_path: Path, count: int, dimensions: int) -> None:
    words = [f"word{number}" for number in range(count)]
    rng = np.random.default_rng(count)
    spaces = {step: rng.standard_normal((count, SIZE)).astype(np.float32) for step in (0, 4)}
    write(tmp_path, spaces, words)
    answer = motion(Films().open(tmp_path, ["word0"]), dimensions=dimensions)
    assert sorted(answer["words"]) == words
    assert answer["positions"].shape == (2, count, dimensions)
    assert np.isfinite(answer["positions"]).all()


def test_one_picture_is_a_film_too_and_unknown_words_are_named(tmp_path: Path) -> None:
    write(tmp_path, {0: make_space()})
    answer = motion(Films().open(tmp_path, [*WATCHED_WORDS, "absent"]))
    assert answer["unknown"] == ["absent"]
    assert answer["sentence"] == "One picture of the words, from before training."
    assert len(answer["positions"]) == 1


def test_numbers_that_are_no_directions_stay_out_of_the_way(tmp_path: Path) -> None:
    space = make_space()
    space[:5] = 0
    space[5:8] = np.inf
    space[8] = np.nan
    write(tmp_path, {0: space, 10: space * 2})
    assert np.isfinite(motion(film_of(tmp_path))["positions"]).all()


def test_without_watched_words_the_cloud_alone_is_seen(tmp_path: Path) -> None:
    write(tmp_path, {0: make_space(1), 10: make_space(2)})
    answer = motion(Films().open(tmp_path, []))
    assert set(answer["kinds"].tolist()) == {CLOUD}
    assert np.isfinite(answer["positions"]).all()


def test_a_run_without_pictures_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no pictures of its words"):
        motion(film_of(tmp_path))
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "step-00000000.safetensors").write_bytes(b"torn")
    with pytest.raises(ModelError, match="cannot be read"):
        motion(film_of(tmp_path))


def test_it_can_be_given_up(tmp_path: Path) -> None:
    write(tmp_path, {0: make_space()})
    with pytest.raises(StoppedByPerson):
        motion(film_of(tmp_path), should_stop=lambda: True)


def test_a_turn_is_only_found_where_there_is_one() -> None:
    rng = np.random.default_rng(0)
    space = rng.standard_normal((300, SIZE)).astype(np.float32)
    assert turn_between(space, rng.standard_normal((300, SIZE)).astype(np.float32)) is None
    assert turn_between(space, space) is None
    found = turn_between(space, space @ a_turn())
    assert found is not None
    np.testing.assert_allclose(space @ a_turn() @ found, space, atol=1e-3)


@pytest.mark.parametrize("shape", [(0, SIZE), (len(WORDS), 0), (len(WORDS), SIZE + 1)])
def test_a_picture_of_another_shape_is_left_out(tmp_path: Path, shape: tuple[int, int]) -> None:
    write(tmp_path, {0: make_space(), 10: make_space(2), 30: make_space(3)})
    metadata = {"words": json.dumps(WORDS[: shape[0]]), "step": "20", "epoch": "2.0"}
    path = tmp_path / "snapshots" / "step-00000020.safetensors"
    save_file({"vectors": np.zeros(shape, np.float16)}, path, metadata)
    answer = motion(film_of(tmp_path))
    assert answer["steps"] == [0, 10, 30]
    assert answer["sentence"].endswith("One more cannot be read.")


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"words": "5", "step": "20", "epoch": "2"},
        {"words": "[]", "step": "20", "epoch": "2"},
        {"words": "not json", "step": "20", "epoch": "2"},
        {"words": json.dumps(WORDS), "step": "many", "epoch": "2"},
    ],
)
def test_a_picture_that_does_not_say_what_it_shows_is_left_out(
    tmp_path: Path, metadata: dict[str, str]
) -> None:
    write(tmp_path, {0: make_space()})
    path = tmp_path / "snapshots" / "step-00000020.safetensors"
    save_file({"vectors": make_space().astype(np.float16)}, path, metadata)
    assert motion(film_of(tmp_path))["steps"] == [0]


def test_words_that_are_new_in_a_later_picture_have_no_place_before(tmp_path: Path) -> None:
    write(tmp_path, {0: make_space()[:-1]}, WORDS[:-1])
    write(tmp_path, {10: make_space(), 20: make_space()})
    answer = motion(film_of(tmp_path), neighbours=IN_GROUP)
    places = answer["positions"][:, answer["words"].index(WORDS[-1])]
    assert np.isnan(places[0]).all()
    assert np.isfinite(places[1:]).all()
