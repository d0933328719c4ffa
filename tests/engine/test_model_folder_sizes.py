"""Configurations that ask for what cannot be are named before anything large is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.model_folder import check_sizes


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"num_attention_heads": 0},
            "It says num_attention_heads = 0, where a whole number from 1 on belongs.",
        ),
        ({"hidden_size": "forty"}, 'It says hidden_size = "forty", where'),
        ({"n_layer": 2.5}, "It says n_layer = 2.5, where"),
        ({"vocab_size": True}, "It says vocab_size = true, where"),
        ({"num_hidden_layers": 4000}, "It asks for num_hidden_layers = 4,000"),
        ({"hidden_size": 10**9}, "It asks for hidden_size = 1,000,000,000"),
    ],
)
def test_sizes_that_cannot_be_are_named(changes: dict[str, Any], told: str) -> None:
    usual = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "n_inner": None}
    check_sizes(Path("model"), usual, 60_000, 42)
    with pytest.raises(ModelError, match=r"config\.json is damaged") as caught:
        check_sizes(Path("model"), usual | changes, 60_000, 42)
    assert caught.value.detail.startswith(told)
