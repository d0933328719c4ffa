"""Scores against scikit-learn's, and intervals against their definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, precision_recall_fscore_support
from sklearn.metrics import confusion_matrix as sk_confusion

from ptft_gui.engine.metrics import (
    accuracy_of,
    class_scores,
    confusion_matrix,
    macro_f1_interval,
    macro_f1_of,
    report_of,
    wilson_interval,
)

_PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


@given(_PAIRS)
def test_scores_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    true, answered = ([pair[place] for pair in pairs] for place in (0, 1))
    matrix = confusion_matrix(true, answered, 4)
    assert matrix.tolist() == sk_confusion(true, answered, labels=range(4)).tolist()
    assert accuracy_of(matrix) == pytest.approx(accuracy_score(true, answered))
    occurring = sorted({*true, *answered})
    expected = precision_recall_fscore_support(true, answered, labels=range(4), zero_division=0)
    for number, score in enumerate(class_scores(matrix, "abcd")):
        found = (score.precision, score.recall, score.f1, score.support)
        assert found == pytest.approx([column[number] for column in expected])
    assert macro_f1_of(matrix) == pytest.approx(expected[2][occurring].mean())


def test_no_rows_have_no_score() -> None:
    matrix = confusion_matrix([], [], 2)
    assert (
        accuracy_of(matrix)
        is macro_f1_of(matrix)
        is wilson_interval(0, 0)
        is macro_f1_interval(matrix)
        is None
    )


def test_the_interval_of_a_share_is_wilsons() -> None:
    """Both ends p solve (share - p)^2 = z^2 p (1 - p) / n."""
    for successes, rows in ((0, 10), (8, 10), (60, 60), (437, 1821)):
        ends = wilson_interval(successes, rows)
        assert ends is not None
        for end in ends:
            share, z = successes / rows, 1.959963984540054
            assert (share - end) ** 2 == pytest.approx(z * z * end * (1 - end) / rows, abs=1e-12)
        assert 0 <= ends[0] <= successes / rows + 1e-12
        assert successes / rows <= ends[1] + 1e-12 <= 1 + 1e-12


def test_the_interval_of_macro_f1_holds_the_score_and_narrows_with_rows() -> None:
    few = np.array([[30, 10], [5, 40]])
    widths = []
    for matrix in (few, few * 50):
        ends, score = macro_f1_interval(matrix), macro_f1_of(matrix)
        assert ends is not None
        assert score is not None
        assert ends[0] < score < ends[1]
        widths.append(ends[1] - ends[0])
    assert widths[1] < widths[0] / 5


def test_a_report_names_the_commonest_answer() -> None:
    report = report_of(np.array([[3, 1], [2, 4]]), ("no", "yes"), "yes")
    assert report["majority"] == pytest.approx(0.6)
    assert report["rows"] == 10
    assert [each["label"] for each in report["classes"]] == ["no", "yes"]
