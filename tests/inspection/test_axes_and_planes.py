"""Axes of one's own and the picture of an analogy, held against plain numpy."""

from __future__ import annotations

import numpy as np
import pytest

from ptft_gui.core.errors import ModelError, UnknownWordError
from ptft_gui.inspection.axes import Axis, place_on_axes
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.plane import PlaneOfWords, plane_of_sum, plane_of_words
from ptft_gui.inspection.similarity import analogy


def _unit(model: OpenedModel, *words: str) -> np.ndarray:
    vectors = model.vectors.vectors[[model.vectors.index[word] for word in words]].astype(np.float64)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _place(plane: PlaneOfWords, word: str) -> np.ndarray:
    return np.array(next((x, y) for name, x, y, _ in plane.points if name == word))


def test_words_stand_where_their_cosine_with_the_axis_says(model: OpenedModel) -> None:
    axis = Axis(("man", "king"), ("woman",))
    placed = place_on_axes(model, [axis], ["film", "The", "music"])
    names = [model.vectors.words[row] for row in placed.rows]
    assert names == ["man", "king", "woman", "film", "the", "music"]
    direction = _unit(model, "woman")[0] - _unit(model, "man", "king").mean(axis=0)
    direction /= np.linalg.norm(direction)
    np.testing.assert_allclose(placed.values[:, 0], _unit(model, *names) @ direction, atol=1e-6)
    assert placed.ends[0] == pytest.approx((placed.values[:2, 0].mean(), placed.values[2, 0]), abs=1e-6)
    assert placed.ends[0][0] < placed.ends[0][1]
    assert axis.names == ["man, king", "woman"]


def test_two_axes_make_a_plane_of_the_most_frequent_words(model: OpenedModel) -> None:
    axes = [Axis(("man",), ("woman",)), Axis(("war",), ("music",))]
    placed = place_on_axes(model, axes, None, topn=5)
    assert placed.values.shape == (8, 2)
    assert set(model.vectors.words[:5]) <= {model.vectors.words[row] for row in placed.rows}
    swapped = place_on_axes(model, axes[::-1], None, topn=5)
    order = [swapped.rows.index(row) for row in placed.rows]
    np.testing.assert_allclose(placed.values, swapped.values[order][:, ::-1], atol=1e-6)


def test_unknown_words_are_told_and_do_not_stop_an_axis(model: OpenedModel) -> None:
    placed = place_on_axes(model, [Axis(("man", "mann"), ("woman", "woman"))], ["music", "zzz", "music"])
    assert placed.unknown == ["mann", "zzz"]
    assert placed.sentence == "3 words are placed; 2 not known to this model: mann, zzz."
    with pytest.raises(UnknownWordError) as caught:
        place_on_axes(model, [Axis(("kingz",), ("woman",))], None)
    assert "king" in caught.value.suggestions


def test_what_is_no_axis_is_said(model: OpenedModel) -> None:
    for axes, told in (
        ([Axis(("man",), ("man",))], "are the same"),
        ([Axis((), ("man",))], "A word is missing"),
        ([Axis(("  ",), ("man",))], "A word is missing"),
        ([], "0 axes"),
        ([Axis(("man",), ("woman",))] * 3, "3 axes"),
        ([Axis(("man",) * 201, ("woman",))], "201 words"),
    ):
        with pytest.raises(ModelError, match=told):
            place_on_axes(model, axes, None)


def test_the_parallelogram_is_drawn_with_its_true_lengths(model: OpenedModel) -> None:
    plane = plane_of_sum(model, "king - man + woman")
    king, man, woman = _unit(model, "king", "man", "woman")
    assert plane.target is not None
    corners = {name: _place(plane, name) for name in ("king", "man", "woman")}
    for (first, second), (a, b) in {("king", "man"): (king, man), ("woman", "man"): (woman, man)}.items():
        drawn = np.linalg.norm(corners[first] - corners[second])
        assert drawn == pytest.approx(np.linalg.norm(a - b), abs=1e-4)
    side = corners["king"] - corners["man"]
    np.testing.assert_allclose(np.array(plane.target) - corners["woman"], side, atol=1e-4)
    assert side[0] > 0
    assert side[1] == pytest.approx(0, abs=1e-4)
    assert corners["woman"][1] > corners["man"][1]
    answer = analogy(model, "king - man + woman").neighbours[0].word
    names = [name for name, *_ in plane.points]
    assert names[:4] == ["king", "woman", "man", answer]
    assert [role for *_, role in plane.points[:5]] == ["asked", "asked", "asked", "answer", "near"]
    assert plane.arrows == [(names.index("man"), names.index("king")), (names.index("woman"), 3)]
    assert f"{int(plane.share * 100)} %" in plane.sentence


def test_sums_of_many_words_lie_on_the_plane_that_fits_best(model: OpenedModel) -> None:
    plane = plane_of_sum(model, "paris - france + italy + music - war")
    asked = ["paris", "italy", "music", "france", "war"]
    assert [name for name, *_, role in plane.points if role == "asked"] == asked
    assert plane.arrows == []
    vectors = _unit(model, *asked)
    target = vectors[:3].sum(axis=0) - vectors[3:].sum(axis=0)
    middle = vectors.mean(axis=0)
    fitted = np.vstack([vectors, target]) - middle
    best = (np.linalg.svd(fitted, compute_uv=False)[:2] ** 2).sum()
    drawn = np.array([[x, y] for _, x, y, role in plane.points if role == "asked"] + [plane.target])
    assert (drawn**2).sum() == pytest.approx(best, rel=1e-4)


def test_plain_words_get_a_plane_and_unknown_ones_are_told(model: OpenedModel) -> None:
    plane = plane_of_words(model, ["king", "queen", "war", "zzz", "king"])
    assert [name for name, *_, role in plane.points if role == "asked"] == ["king", "queen", "war"]
    assert (plane.target, plane.arrows, plane.unknown) == (None, [], ["zzz"])
    vectors = _unit(model, "king", "queen", "war")
    drawn = np.array([[x, y] for _, x, y, role in plane.points if role == "asked"])
    distances = np.linalg.norm(drawn[:, None] - drawn[None], axis=2)  # three points lie in one plane
    np.testing.assert_allclose(distances, np.linalg.norm(vectors[:, None] - vectors[None], axis=2), atol=1e-4)


@pytest.mark.parametrize("text", ["king - king + woman", "king + queen", "king - man", "king - man + king"])
def test_sums_that_make_no_parallelogram_are_drawn_all_the_same(model: OpenedModel, text: str) -> None:
    plane = plane_of_sum(model, text)
    assert plane.arrows == []
    assert np.isfinite([[x, y] for _, x, y, _ in plane.points]).all()
    assert 0 <= plane.share <= 1


def test_one_word_is_no_picture(model: OpenedModel) -> None:
    for ask in (lambda: plane_of_sum(model, "king"), lambda: plane_of_words(model, ["king", "zzz"])):
        with pytest.raises(ModelError, match="One word alone"):
            ask()
    with pytest.raises(UnknownWordError):
        plane_of_sum(model, "king - zzz + woman")
