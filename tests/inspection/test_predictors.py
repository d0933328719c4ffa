"""Which rows of a file hold nothing that a model could answer."""

from __future__ import annotations

from typing import Any

import pytest

from ptft_gui.inspection.predictors import is_empty


@pytest.mark.parametrize(
    ("row", "is_so"),
    [
        ({"id": 1, "text": ""}, True),
        ({"id": 1, "text": " \n"}, True),
        ({"id": 1, "text": None, "label": "sea"}, True),
        ({"id": 1, "text": "a"}, False),
        ({"text": "", "text_pair": "b"}, False),
        ({"text": "", "text_pair": None}, True),
        ({"prompt": "  "}, True),
        ({"question": "", "context": ""}, False),
        ({"tokens": []}, False),
    ],
)
def test_a_row_without_a_text_is_empty(row: dict[str, Any], is_so: bool) -> None:
    assert is_empty(row) is is_so
