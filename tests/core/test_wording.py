"""Numbers as people read them."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core.wording import age_text, bytes_text, count_text, duration_text, percent_text, three_digits


@pytest.mark.parametrize(
    ("function", "value", "text"),
    [
        (three_digits, 0.853, "0.853"),
        (three_digits, 2.1134, "2.11"),
        (three_digits, 45.23, "45.2"),
        (three_digits, 1240.4, "1,240"),
        (three_digits, 0.00002, "0.00002"),
        (three_digits, 0.0000234, "0.000023"),
        (three_digits, 0.00099999, "0.001"),
        (three_digits, 0, "0"),
        (three_digits, math.nan, "unknown"),
        (three_digits, None, "unknown"),
        (count_text, 950, "950"),
        (count_text, 12_400, "12.4 k"),
        (count_text, 912_000, "912 k"),
        (count_text, 3_100_000, "3.1 M"),
        (bytes_text, 812, "812 bytes"),
        (bytes_text, 1_200_000_000, "1.2 GB"),
        (duration_text, 8.2, "8 s"),
        (duration_text, 0.2, "1 s"),
        (duration_text, 0.0, "0 s"),
        (duration_text, 130, "2 min 10 s"),
        (duration_text, 120, "2 min"),
        (duration_text, 3 * 3600 + 5 * 60 + 3, "3 h 5 min"),
        (duration_text, 2 * 86400 + 4 * 3600, "2 days 4 h"),
        (duration_text, math.inf, "unknown"),
        (percent_text, 0.999, "99 %"),
        (percent_text, 1.0, "100 %"),
        (age_text, 5, "just now"),
        (age_text, 7300, "2 h ago"),
    ],
)
def test_numbers_in_words(function, value, text):
    assert function(value) == text


@given(st.floats())
def test_no_number_is_ever_shown_as_nan_or_as_zeros(value):
    for function in (three_digits, count_text, bytes_text, duration_text, percent_text):
        text = function(value)
        assert "nan" not in text.lower()
        assert "inf" not in text.lower()
        assert not re.match(r"-?0\.0+(\D|$)", text)
