"""Weights and configurations that do not fit are told in words of this program, never in those of a library."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.errors import ModelError, SpecError
from ptft_gui.core.family.language_starts import glance_at_language
from ptft_gui.inspection.language.opening import open_language_model
from tests.inspection.language_models import save_tiny_bert

QUERY = "bert.encoder.layer.0.attention.self.query.weight"


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    return save_tiny_bert(tmp_path / "bert", steps=1)


def test_an_array_of_another_shape_is_named_with_both_shapes(bert: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    weights = load_file(bert / "model.safetensors")
    wide = weights[QUERY].shape[0]
    weights[QUERY] = torch.zeros(3, 5)
    save_file(weights, bert / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError) as caught:
        open_language_model(bert)
    assert caught.value.as_sentence() == (
        f"The weights of Tiny bert do not fit its configuration. {QUERY} is 3 x 5, and {wide} x {wide} is wanted. "
        "Copy config.json and the weights of one and the same model here."
    )


def test_a_file_that_was_broken_off_says_so(bert: Path) -> None:
    path = bert / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ModelError, match="damaged") as caught:
        open_language_model(bert)
    assert "a copy or download was probably broken off" in caught.value.detail
    assert "Error" not in caught.value.as_sentence()


def test_a_configuration_that_is_no_json_says_from_which_line(bert: Path) -> None:
    (bert / "config.json").write_text('{"a": 1,\n oops', encoding="utf-8")
    with pytest.raises(ModelError) as opened:
        open_language_model(bert)
    assert opened.value.detail == "It is no readable JSON from line 2 on."
    with pytest.raises(SpecError, match="cannot be used") as started:
        glance_at_language(bert)
    assert started.value.detail == "config.json cannot be read: it is no readable JSON from line 2 on."
