"""The map of words as people use it: what is drawn, named, pointed at and selected."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.widgets.word_map import MapPoints, WordMap
from ptft_gui.gui.widgets.word_map.labels import MOST_LABELS, Weight
from tests.gui.widgets.word_map.map_points import cloud, colours_of, paint, written


@pytest.fixture
def words(qtbot, theme: Theme) -> WordMap:
    """A map of 3,000 words, shown."""
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(900, 600)
    words.set_points(cloud(3_000))
    words.show()
    paint(words)
    return words


def pixel_of(words: WordMap, word: str) -> QPoint:
    x, y = words.on_screen()[words.scene.row(word)].tolist()
    return QPoint(round(x), round(y))


def drag(qtbot, words: WordMap, path: list[tuple[int, int]], modifier=Qt.KeyboardModifier.NoModifier) -> None:
    """Press at the first place, move along, release at the last."""
    first, last = QPoint(*path[0]), QPoint(*path[-1])
    qtbot.mousePress(words, Qt.MouseButton.LeftButton, modifier, first)
    for place in path[1:]:
        _move(words, QPoint(*place), Qt.MouseButton.LeftButton, modifier)
    qtbot.mouseRelease(words, Qt.MouseButton.LeftButton, modifier, last)


def _move(words: WordMap, at: QPoint, button, modifier) -> None:
    where = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, QPointF(words.mapToGlobal(at)), button, button, modifier
    )
    QApplication.sendEvent(words, event)


def wheel(words: WordMap, at: QPoint, turned: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(words.mapToGlobal(at)),
        QPoint(0, 0),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(words, event)


def assert_apart(words: WordMap) -> None:
    labels = words.labels()
    assert 0 < len(labels) <= MOST_LABELS
    for first, second in combinations(labels, 2):
        assert not first.rect.touches(second.rect)


def test_frequent_words_are_written_and_none_on_another(words: WordMap) -> None:
    assert_apart(words)
    order = [words.scene.points.words[row] for row in words.scene.points.by_importance[:200].tolist()]
    assert order[0] in written(words)
    assert set(written(words)) <= set(order)


def test_a_highlighted_word_is_written_on_the_accent(words: WordMap, theme: Theme) -> None:
    before = colours_of(paint(words))
    words.set_highlight(["w2900"])
    assert theme.hex(Role.ACCENT) not in before
    assert theme.hex(Role.ACCENT) in colours_of(paint(words))
    assert written(words)[0] == "w2900"
    assert_apart(words)


def test_what_matters_is_written_first(words: WordMap) -> None:
    words.set_watched(["w2000", "not there"])
    words.set_arrows([("w2100", "w2200", ""), ("w2300", "not there", "")])
    words.set_highlight(["w2900"])
    paint(words)
    assert written(words)[:4] == ["w2900", "w2100", "w2200", "w2000"]
    assert [label.wish.weight for label in words.labels()[:4]] == [
        Weight.HIGHLIGHTED,
        Weight.ARROW,
        Weight.ARROW,
        Weight.WATCHED,
    ]


def test_the_word_that_was_searched_stands_out_from_those_that_belong_to_it(words: WordMap) -> None:
    words.set_highlight(["w2900", "w2901", "not there", "w2902"])
    paint(words)
    weights = {words.scene.points.words[label.wish.row]: label.wish.weight for label in words.labels()}
    assert weights["w2900"] == Weight.HIGHLIGHTED
    assert weights["w2901"] == weights["w2902"] == Weight.BESIDE


def test_the_legend_of_groups_stands_beside_the_cloud(words: WordMap) -> None:
    assert words.legend() is None
    words.set_colouring("group")
    paint(words)
    legend = words.legend()
    assert legend is not None
    assert legend.lines == ("group 0", "group 1", "group 2", "group 3", "group 4")
    assert words.on_screen()[:, 0].min() > legend.rect.left + legend.rect.width


def test_a_small_map_has_no_legend_rather_than_half_of_one(words: WordMap, qtbot) -> None:
    words.set_colouring("group")
    words.resize(220, 160)
    paint(words)
    assert words.legend() is None
    assert "group: group" in " ".join(words._facts(0))


def test_pointing_at_a_name_in_the_legend_lets_the_other_groups_stand_back(
    words: WordMap, qtbot, theme: Theme
) -> None:
    words.set_colouring("group")
    paint(words)
    row = words.legend().rows[2]
    qtbot.mouseMove(words, QPoint(round(row.left + 20), round(row.top + row.height / 2)))
    groups = words.scene.points.groups
    assert np.array_equal(words.scene.dimmed(theme), groups != 2)
    paint(words)
    assert all(groups[label.wish.row] == 2 for label in words.labels())
    qtbot.mouseMove(words, QPoint(700, 20))
    assert not words.scene.dimmed(theme).any()


def test_forty_words_in_one_place_are_all_named_and_apart(qtbot, theme: Theme) -> None:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(900, 600)
    names = [f"word{number}" for number in range(40)]
    words.set_points(MapPoints(names, np.zeros((40, 2), np.float32)))
    words.set_highlight(names)
    paint(words)
    assert sorted(written(words)) == sorted(names)
    assert_apart(words)


def test_labels_stay_while_the_map_is_dragged(words: WordMap, qtbot) -> None:
    before = {label.wish.row: label for label in words.labels()}
    drag(qtbot, words, [(400, 300), (410, 300), (440, 310)])
    paint(words)
    after = {label.wish.row: label for label in words.labels()}
    inner = [row for row, label in before.items() if label.rect.left < 820 and label.rect.top < 560]
    assert inner
    assert set(inner) <= set(after)
    for row in inner:
        moved = (after[row].rect.left - before[row].rect.left, after[row].rect.top - before[row].rect.top)
        assert moved == pytest.approx((40, 10), abs=0.01)


def test_dragging_pans_and_the_wheel_zooms_where_the_pointer_is(words: WordMap, qtbot) -> None:
    start = words.on_screen()[7].tolist()
    drag(qtbot, words, [(400, 300), (420, 300), (450, 280)])
    assert words.on_screen()[7].tolist() == pytest.approx([start[0] + 50, start[1] - 20], abs=0.05)
    at = pixel_of(words, "w7")
    words.on_screen()
    wheel(words, at, 240)
    here = words.on_screen()[7].tolist()
    assert here == pytest.approx([at.x(), at.y()], abs=1.5)
    distance = np.linalg.norm(words.on_screen()[8] - words.on_screen()[7])
    wheel(words, at, 240)
    assert np.linalg.norm(words.on_screen()[8] - words.on_screen()[7]) == pytest.approx(
        distance * 1.0015**240, rel=1e-3
    )


def test_zooming_ends_within_reason(words: WordMap) -> None:
    whole = words.view.scale[0]
    for _ in range(200):
        wheel(words, QPoint(450, 300), 480)
    assert words.view.scale[0] == pytest.approx(whole * 5_000, rel=1e-6)
    for _ in range(400):
        wheel(words, QPoint(450, 300), -480)
    assert words.view.scale[0] == pytest.approx(whole / 5, rel=1e-6)
    paint(words)


def test_keys_pan_zoom_and_show_all(words: WordMap, qtbot) -> None:
    whole = words.view
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Left, Qt.Key.Key_Up):
        before = words.view
        qtbot.keyClick(words, key)
        assert words.view != before
    assert words.view.scale[0] > whole.scale[0]
    qtbot.keyClick(words, Qt.Key.Key_Minus)
    assert words.view.scale[0] == pytest.approx(whole.scale[0])
    qtbot.keyClick(words, Qt.Key.Key_0)
    assert words.view == whole


def test_pointing_at_a_word_tells_it_and_a_click_activates_it(words: WordMap, qtbot) -> None:
    words.set_highlight(["w42"])
    paint(words)
    at = pixel_of(words, "w42")
    with qtbot.waitSignal(words.word_hovered) as hovered:
        qtbot.mouseMove(words, at)
    nearest = words.row_at(at.x(), at.y())
    assert hovered.args == [words.scene.points.words[nearest]]
    label = next(label for label in words.labels() if label.wish.weight == Weight.HIGHLIGHTED)
    on_label = QPoint(round(label.rect.left + 5), round(label.rect.top + 5))
    with qtbot.waitSignal(words.word_activated) as activated:
        qtbot.mouseClick(words, Qt.MouseButton.LeftButton, pos=on_label)
    assert activated.args == ["w42"]


def test_the_nearest_point_is_picked(words: WordMap) -> None:
    words._labels = []
    screen = words.on_screen()
    for x, y in ((450.0, 300.0), (300.0, 250.0), (610.5, 333.0)):
        away = np.hypot(screen[:, 0] - x, screen[:, 1] - y)
        expected = int(away.argmin()) if away.min() <= 12 else None
        assert words.row_at(x, y) == expected
    assert words.row_at(-500, -500) is None


def test_a_drag_is_no_click(words: WordMap, qtbot) -> None:
    activated: list[str] = []
    words.word_activated.connect(activated.append)
    at = pixel_of(words, "w3")
    drag(qtbot, words, [(at.x(), at.y()), (at.x() + 30, at.y()), (at.x() + 60, at.y())])
    assert activated == []


def test_a_double_click_brings_a_word_to_the_middle(words: WordMap, qtbot) -> None:
    at = pixel_of(words, "w3")
    row = words.row_at(at.x(), at.y())
    qtbot.mouseDClick(words, Qt.MouseButton.LeftButton, pos=at)
    assert words.on_screen()[row].tolist() == pytest.approx([450, 300], abs=0.1)
    words.centre_on("w8")
    assert words.on_screen()[8].tolist() == pytest.approx([450, 300], abs=0.1)
    before = words.view
    words.centre_on("not there")
    assert words.view == before


def test_the_lasso_selects_and_escape_leaves_it(words: WordMap, qtbot) -> None:
    words.set_lasso(True)
    view = words.view
    with qtbot.waitSignal(words.selection_changed) as chosen:
        drag(qtbot, words, [(300, 200), (600, 200), (600, 400), (300, 400)])
    assert words.view == view
    screen = words.on_screen()
    inside = (screen[:, 0] > 300) & (screen[:, 0] < 600) & (screen[:, 1] > 200) & (screen[:, 1] < 400)
    assert chosen.args[0] == [f"w{row}" for row in np.flatnonzero(inside)]
    assert words.selection() == chosen.args[0]
    with qtbot.waitSignal(words.lasso_changed) as left:
        qtbot.keyClick(words, Qt.Key.Key_Escape)
    assert left.args == [False]
    assert not words.is_lasso
    qtbot.keyClick(words, Qt.Key.Key_Escape)
    assert words.selection() == []


def test_only_selected_words_are_named_and_the_others_stand_back(words: WordMap, theme: Theme) -> None:
    chosen = [f"w{number}" for number in range(2_000, 2_400)]
    words.set_selection([*chosen, "not there"])
    assert words.selection() == chosen
    paint(words)
    assert len(written(words)) > 10
    assert set(written(words)) <= set(chosen)
    assert words.scene.dimmed(theme).sum() == 2_600
    words.clear_selection()
    assert not words.scene.dimmed(theme).any()


def test_no_name_lies_on_an_arrow(qtbot, theme: Theme) -> None:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(700, 450)
    places = np.array([(0, 0), (4, 0), (0, 2), (4, 2), (1, 0.02), (2, 1.98), (3, 1)], np.float32)
    words.set_points(MapPoints(["man", "king", "woman", "queen", "father", "princess", "sister"], places))
    words.set_arrows([("man", "king", "royal"), ("woman", "queen", "")])
    paint(words)
    assert [(arrow.is_dashed, arrow.label) for arrow in words.scene.arrows] == [
        (True, ""),
        (True, ""),
        (False, "royal"),
        (False, ""),
    ]
    assert len(words.labels()) == 7
    line = words.on_screen()[0][1]
    for label in words.labels():
        if label.wish.row in (4, 5, 6):
            assert not label.rect.top < line < label.rect.top + label.rect.height


def test_shift_drags_a_rectangle_and_control_adds_to_the_selection(words: WordMap, qtbot) -> None:
    words.set_lasso(True)
    shift = Qt.KeyboardModifier.ShiftModifier
    drag(qtbot, words, [(300, 200), (400, 350), (450, 400)], shift)
    first = set(words.selection())
    screen = words.on_screen()
    inside = (screen[:, 0] > 300) & (screen[:, 0] < 450) & (screen[:, 1] > 200) & (screen[:, 1] < 400)
    assert first == {f"w{row}" for row in np.flatnonzero(inside)}
    drag(qtbot, words, [(460, 200), (550, 300), (600, 400)], shift | Qt.KeyboardModifier.ControlModifier)
    assert first < set(words.selection())


def test_colours_follow_the_theme(words: WordMap, theme: Theme) -> None:
    words.set_colouring("group")
    assert theme.hex(Role.SURFACE) in colours_of(paint(words))
    theme.set_preference("dark")
    dark = colours_of(paint(words))
    assert theme.hex(Role.SURFACE) in dark
    assert "#FFFFFF" not in dark


def test_without_points_a_sentence_says_what_will_be_here(qtbot, theme: Theme) -> None:
    words = WordMap()
    qtbot.addWidget(words)
    words.set_empty_sentence("Train a model, and its words appear here.")
    words.show()
    assert words._empty.isVisible()
    assert words.describe() == "Train a model, and its words appear here."
    words.set_points(cloud(5))
    assert not words._empty.isVisible()
    words.set_points(cloud(0))
    assert words._empty.isVisible()


def test_a_highlight_is_kept_when_the_points_change(words: WordMap) -> None:
    words.set_highlight(["w5"])
    words.set_watched(["w6"])
    points = cloud(20)
    back = slice(None, None, -1)
    words.set_points(MapPoints(points.words[back], points.positions[back].copy()))
    assert [words.scene.points.words[row] for row in words.scene.highlighted] == ["w5"]
    assert [words.scene.points.words[row] for row in words.scene.watched] == ["w6"]


def test_the_map_is_told_in_words(words: WordMap) -> None:
    words.set_highlight(["w5"])
    words.set_arrows([("w1", "w2", "")])
    assert words.accessibleName() == "Map of words"
    described = words.accessibleDescription()
    assert described.startswith("3,000 words. w5 lies near w")
    assert described.endswith("An arrow leads from w1 to w2.")


def test_page_keys_walk_through_the_written_words(words: WordMap, qtbot) -> None:
    order = written(words)
    seen: list[str] = []
    words.word_hovered.connect(seen.append)
    qtbot.keyClick(words, Qt.Key.Key_PageDown)
    qtbot.keyClick(words, Qt.Key.Key_PageDown)
    qtbot.keyClick(words, Qt.Key.Key_PageUp)
    assert seen == [order[0], order[1], order[0]]
    with qtbot.waitSignal(words.word_activated) as activated:
        qtbot.keyClick(words, Qt.Key.Key_Return)
    assert activated.args == [order[0]]
