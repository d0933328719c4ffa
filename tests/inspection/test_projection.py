"""Maps of words: exact, the same each time, whole for hostile vectors, given up when a person says so."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from ptft_gui.core.errors import ModelError, PtftError, StoppedByPerson
from ptft_gui.engine.vectors import WordVectors, save_word_vectors
from ptft_gui.inspection import map_cache
from ptft_gui.inspection.embedding_process import nearest
from ptft_gui.inspection.model import OpenedModel, open_model
from ptft_gui.inspection.projection import MapRequest, WordPositions, map_words

from .conftest import make_vectors

TOPICS, A_TOPIC = 5, 30


def _topical(folder: Path, dimensions: int = 12) -> OpenedModel:
    """Words of five topics: those of a topic stand close together, all share a large common part."""
    rng = np.random.default_rng(3)
    middles = rng.standard_normal((TOPICS, dimensions)) * 2
    numbers = [middles[n % TOPICS] + rng.standard_normal(dimensions) + 4 for n in range(TOPICS * A_TOPIC)]
    words = [f"topic{n % TOPICS}_{n}" for n in range(TOPICS * A_TOPIC)]
    counts = np.arange(len(words), 0, -1, dtype=np.int64)
    save_word_vectors(folder, WordVectors(words, counts, np.array(numbers, np.float32), {}))
    return open_model(folder)


@pytest.fixture
def topical(tmp_path: Path) -> OpenedModel:
    return _topical(tmp_path / "topical")


def _opened(numbers: np.ndarray) -> OpenedModel:
    words = [f"w{n}" for n in range(len(numbers))]
    counts = np.arange(len(numbers), 0, -1, dtype=np.int64)
    return OpenedModel(Path("nowhere"), WordVectors(words, counts, np.asarray(numbers, np.float32)))


def _share_of_own_topic(found: WordPositions) -> float:
    """Of the nearest point of each word on the map, how many are words of the same topic."""
    distances = np.linalg.norm(found.drawn.positions[:, None] - found.drawn.positions[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    topics = np.array([word.partition("_")[0] for word in found.words])
    return float((topics[distances.argmin(axis=1)] == topics).mean())


@pytest.mark.parametrize("dimensions", [2, 3])
def test_pca_is_that_of_plain_numpy(topical: OpenedModel, dimensions: int) -> None:
    found = map_words(topical, MapRequest(dimensions=dimensions)).drawn
    unit = topical.vectors.vectors / np.linalg.norm(topical.vectors.vectors, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    _, lengths, directions = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    plain = centred @ directions[:dimensions].T
    plain -= np.median(plain, axis=0)
    plain /= np.percentile(np.linalg.norm(plain, axis=1), 90)
    for own, theirs in zip(found.positions.T, plain.T, strict=True):
        assert min(np.abs(own - theirs).max(), np.abs(own + theirs + 2 * np.median(own)).max()) < 1e-3
    assert found.explained == pytest.approx((lengths[:dimensions] ** 2).sum() / (lengths**2).sum(), abs=1e-4)


def test_groups_are_those_of_the_text_and_are_named_by_their_words(topical: OpenedModel) -> None:
    drawn = map_words(topical, MapRequest(clusters=TOPICS)).drawn
    assert drawn.clusters is not None
    topics = np.arange(TOPICS * A_TOPIC) % TOPICS
    for number in range(TOPICS):
        members = topics[drawn.clusters == number]
        assert (members == members[0]).mean() > 0.9
        assert {name.partition("_")[0] for name in drawn.names[number]} == {f"topic{members[0]}"}
    assert map_words(topical, MapRequest(clusters=0)).drawn.clusters is None


@pytest.mark.parametrize(
    "other",
    [
        MapRequest(dimensions=3),
        MapRequest(sample=200),
        MapRequest(words=("topic1_146",)),
        MapRequest("tsne", sample=90),
    ],
    ids=["three dimensions", "a sample", "a word of one's own", "another way to draw"],
)
def test_a_word_keeps_its_group_and_the_groups_their_names_in_every_picture(
    topical: OpenedModel, other: MapRequest
) -> None:
    first, second = map_words(topical, MapRequest()), map_words(topical, other)
    assert second.drawn.names == first.drawn.names
    assert first.drawn.clusters is not None
    assert second.drawn.clusters is not None
    groups = dict(zip(first.words, first.drawn.clusters.tolist(), strict=True))
    assert [groups[word] for word in second.words] == second.drawn.clusters.tolist()


def test_a_sample_holds_the_most_frequent_words_and_the_wished_ones(topical: OpenedModel) -> None:
    found = map_words(topical, MapRequest(sample=20, words=("topic1_146", "topic0_0", "absent")))
    assert found.words == [*topical.vectors.words[:19], "topic1_146"]
    assert found.counts.tolist() == [*range(150, 131, -1), 4]
    assert found.unknown == ["absent"]
    assert found.sentence == "20 of 150 words, your words always included."
    assert map_words(topical, MapRequest()).sentence == "All 150 words."
    assert map_words(topical, MapRequest(sample=1, words=("topic0_5", "topic1_6"))).words == [
        "topic0_5",
        "topic1_6",
    ]


@pytest.mark.parametrize("method", ["tsne", "umap"])
@pytest.mark.slow
@pytest.mark.timeout(600)  # UMAP is compiled first
def test_neighbours_stay_neighbours_and_a_seed_means_one_picture(tmp_path: Path, method: str) -> None:
    model = _topical(tmp_path / "topical")
    told: list[float] = []

    def progress(_text: str, fraction: float | None) -> None:
        told.extend([] if fraction is None else [fraction])

    request = MapRequest(method, clusters=0)  # type: ignore[arg-type]
    found = map_words(model, request, progress)
    assert found.drawn.method == method
    assert _share_of_own_topic(found) > 0.9
    assert told[-1] == pytest.approx(1.0, abs=0.2)
    again = map_words(_topical(tmp_path / "again"), request)
    np.testing.assert_allclose(again.drawn.positions, found.drawn.positions, atol=1e-4)
    other = map_words(model, MapRequest(method, 3, clusters=0, sample=100))  # type: ignore[arg-type]
    assert other.drawn.positions.shape == (100, 3)


def test_the_neighbours_given_to_umap_are_the_true_ones() -> None:
    points = np.random.default_rng(1).standard_normal((300, 8)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    rows, distances = nearest(points, 6)
    plain = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.testing.assert_array_equal(rows[:, 0], np.arange(300))
    np.testing.assert_allclose(distances, np.sort(plain, axis=1)[:, :6], atol=1e-3)


def test_a_long_picture_is_ended_with_its_process(topical: OpenedModel) -> None:
    asked = threading.Event()

    def progress(_text: str, fraction: float | None) -> None:
        if fraction is not None:
            asked.set()  # the process is at work

    with pytest.raises(StoppedByPerson):
        map_words(topical, MapRequest("tsne"), progress, asked.is_set)
    assert asked.is_set()


def test_a_map_is_given_up_before_it_begins(topical: OpenedModel) -> None:
    with pytest.raises(StoppedByPerson):
        map_words(topical, MapRequest(), should_stop=lambda: True)


@pytest.mark.parametrize("method", ["pca", "tsne", "umap"])
@pytest.mark.parametrize(
    "numbers",
    [
        np.ones((1, 5)),
        np.eye(3),
        np.ones((40, 5)),
        np.zeros((40, 5)),
        np.arange(1, 41)[:, None] * np.array([[1.0, 0.0]]),
    ],
    ids=["one word", "three words", "all equal", "all zeros", "one direction"],
)
def test_hostile_vectors_give_a_whole_picture(method: str, numbers: np.ndarray) -> None:
    found = map_words(_opened(numbers), MapRequest(method, 3))  # type: ignore[arg-type]
    assert found.drawn.positions.shape == (len(numbers), 3)
    assert np.isfinite(found.drawn.positions).all()
    assert found.drawn.clusters is not None
    assert found.drawn.method == "pca"  # nothing is there to be arranged


@pytest.mark.parametrize("dimensions", [1, 2])
def test_vectors_of_fewer_dimensions_than_the_map(dimensions: int) -> None:
    numbers = np.random.default_rng(1).standard_normal((30, dimensions))
    drawn = map_words(_opened(numbers), MapRequest(dimensions=3, clusters=4)).drawn
    assert not drawn.positions[:, dimensions:].any()
    assert np.isfinite(drawn.positions).all()


def test_what_cannot_be_drawn_is_said(topical: OpenedModel) -> None:
    for request, told in (
        (MapRequest(dimensions=4), "4 dimensions"),
        (MapRequest(clusters=51), "51 groups"),
        (MapRequest("tsne", sample=60_000), "60,000 words"),
        (MapRequest(sample=0), "0 words"),
        (MapRequest(words=("x",) * 5_001), "5,001 words"),
    ):
        with pytest.raises(ModelError, match=told):
            map_words(topical, request)
    with pytest.raises(PtftError, match='no way to draw a map "magic"'):
        map_words(topical, MapRequest("magic"))  # type: ignore[arg-type]


def _kept(home: Path) -> list[Path]:
    return sorted((home / "cache" / "maps").glob("*"))


def test_a_picture_is_drawn_once_and_again_when_the_model_changes(
    tmp_path: Path, home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = _topical(tmp_path / "m")
    first = map_words(model, MapRequest()).drawn
    assert len(_kept(home_of_its_own)) == 1
    monkeypatch.setattr("ptft_gui.inspection.projection._draw", lambda *_: pytest.fail("drawn again"))
    again = map_words(model, MapRequest()).drawn
    np.testing.assert_array_equal(again.positions, first.positions)
    np.testing.assert_array_equal(again.clusters, first.clusters)
    assert (again.names, again.explained, again.seconds) == (first.names, first.explained, first.seconds)
    monkeypatch.undo()
    save_word_vectors(tmp_path / "m", make_vectors([f"x{n}" for n in range(150)], 12))
    monkeypatch.setenv("PTFT_HOME", str(home_of_its_own))
    changed = map_words(open_model(tmp_path / "m"), MapRequest()).drawn
    assert np.abs(changed.positions - first.positions).max() > 0.1


def test_the_cache_is_bounded_and_a_damaged_file_costs_nothing(
    tmp_path: Path, home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = _topical(tmp_path / "m")
    first = map_words(model, MapRequest()).drawn
    (kept,) = _kept(home_of_its_own)
    size = kept.stat().st_size
    for damage in (b"", b"PK\x03\x04 nothing", kept.read_bytes()[: size // 2]):
        kept.write_bytes(damage)
        np.testing.assert_array_equal(map_words(model, MapRequest()).drawn.positions, first.positions)
    assert kept.stat().st_size == size
    monkeypatch.setattr(map_cache, "MOST_KEPT_BYTES", 3 * size)
    for seed in range(2, 8):
        map_words(model, MapRequest(seed=seed))
    files = _kept(home_of_its_own)
    assert sum(path.stat().st_size for path in files) <= 3 * size
    assert all(path.suffix == ".npz" and not path.name.startswith(".") for path in files)


def test_umap_is_made_ready_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ptft_gui.inspection import embedding

    folder, calls = tmp_path / "numba", []
    monkeypatch.setattr(embedding, "_compiled_folder", lambda: folder)

    def run(work: Path, method: str, *_more: object) -> None:
        calls.append(method)
        points = np.load(work / embedding.POINTS_FILE)
        np.save(work / embedding.POSITIONS_FILE, points[:, :2])
        folder.mkdir()
        (folder / "layouts.nbc").write_bytes(b"code")

    monkeypatch.setattr(embedding, "_run", run)
    assert embedding._beginning_sentence("umap").startswith("Preparing UMAP")
    assert embedding.warm_up(lambda: False)
    assert not embedding.warm_up(lambda: False)
    assert calls == ["umap"]
    assert embedding._beginning_sentence("umap") == "Arranging words with UMAP"
