"""Scores on cards: two digits, and never 1.00 for what is not all."""

import pytest

from ptft_gui.gui.panels.run.evaluate.number_text import number_text


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.5, "0.50"), (0.994, "0.99"), (0.9966, "0.997"), (0.99996, "0.99996"), (1.0, "1.00"), (1, "1.00"), (0, "0.00"),
     (12.345, "12.35"), (1234.5, "1,234"), (None, "-")],
)  # fmt: skip
def test_a_score_that_is_not_whole_is_not_told_as_whole(value, told):
    assert number_text(value) == told
