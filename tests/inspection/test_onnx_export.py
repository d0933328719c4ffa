"""Models that have learned a job as ONNX: the file gives the numbers of torch, and what cannot be written is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertForTokenClassification,
    BertTokenizer,
    GPT2Config,
    GPT2ForSequenceClassification,
)
from transformers.utils import logging as transformers_logging

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.language.export import export_language_model
from ptft_gui.inspection.tasks import onnx_export
from tests.inspection.language_models import save_tiny_bert

_WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] who wound the clock of fenny ? clara moll in may a good film".split()
_TEXTS = ["the clock of fenny", "clara moll wound the good clock in may", "film"]


@pytest.fixture(autouse=True)
def _without_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar of progress leaves a thread behind that watches over it."""
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)


def _save(folder: Path, network: Any) -> Path:
    transformers_logging.disable_progress_bar()
    BertTokenizer(vocab={word: number for number, word in enumerate(_WORDS)}).save_pretrained(str(folder))
    network.eval().save_pretrained(str(folder))
    return folder


def _bert(**settings: Any) -> BertConfig:
    return BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.4,
        **settings,
    )


def _numbers(folder: Path, wanted: list[str], *texts: list[str]) -> list[np.ndarray]:
    """What the file says, asked as its card tells."""
    import onnxruntime  # type: ignore[import-untyped]

    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    read = AutoTokenizer.from_pretrained(folder)(*texts, padding=True, return_tensors="np")
    given = {put.name: read[put.name].astype(np.int64) for put in session.get_inputs()}
    found: list[np.ndarray] = session.run(wanted, given)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "opener", "outputs", "is_pair"),
    [
        (BertForSequenceClassification, AutoModelForSequenceClassification, ["logits"], False),
        (BertForSequenceClassification, AutoModelForSequenceClassification, ["logits"], True),
        (BertForTokenClassification, AutoModelForTokenClassification, ["logits"], False),
        (BertForQuestionAnswering, AutoModelForQuestionAnswering, ["start_logits", "end_logits"], True),
    ],
    ids=["classes", "pairs", "tags", "answers"],
)
def test_the_file_gives_the_numbers_of_torch(
    tmp_path: Path, network: Any, opener: Any, outputs: list[str], is_pair: bool
) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    torch.manual_seed(3)
    source = _save(tmp_path / "model", network(_bert()))
    done = export_language_model(source, "onnx", tmp_path / "onnx")
    assert done.paths == (tmp_path / "onnx",)
    assert not list(tmp_path.glob(".onnx*"))
    texts = [_TEXTS, _TEXTS[::-1]] if is_pair else [_TEXTS]
    read = AutoTokenizer.from_pretrained(source)(*texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        told = opener.from_pretrained(source)(**read)
    for name, mine in zip(outputs, _numbers(tmp_path / "onnx", outputs, *texts), strict=True):
        assert np.abs(getattr(told, name).numpy() - mine).max() < 1e-4
    assert "model.onnx" in (tmp_path / "onnx" / "README.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "onnx" / "config.json").read_text())["architectures"] == [network.__name__]


@pytest.mark.slow
def test_a_gpt_that_sorts_texts_is_written_or_said_to_be_beyond_the_exporter(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    torch.manual_seed(3)
    config = GPT2Config(
        vocab_size=len(_WORDS), n_embd=32, n_layer=2, n_head=2, n_positions=64, num_labels=3, pad_token_id=0,
        bos_token_id=2, eos_token_id=3,
    )  # fmt: skip
    source = _save(tmp_path / "model", GPT2ForSequenceClassification(config))
    export_language_model(source, "onnx", tmp_path / "onnx")
    read = AutoTokenizer.from_pretrained(source)(_TEXTS, padding=True, return_tensors="pt")
    with torch.no_grad():
        told = AutoModelForSequenceClassification.from_pretrained(source)(
            input_ids=read["input_ids"], attention_mask=read["attention_mask"]
        )
    assert np.abs(told.logits.numpy() - _numbers(tmp_path / "onnx", ["logits"], _TEXTS)[0]).max() < 1e-4


def test_a_model_without_a_job_is_not_written(tmp_path: Path) -> None:
    source = save_tiny_bert(tmp_path / "tiny", steps=1)
    with pytest.raises(ModelError, match="tiny cannot be written as ONNX") as caught:
        export_language_model(source, "onnx", tmp_path / "onnx")
    assert "write it as huggingface" in caught.value.hint
    assert not (tmp_path / "onnx").exists()


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _save(tmp_path / "model", BertForTokenClassification(_bert()))
    monkeypatch.setattr(onnx_export, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="packages that are not installed") as caught:
        export_language_model(source, "onnx", tmp_path / "onnx")
    assert 'pip install "ptft-gui[onnx]"' in caught.value.hint


def test_a_network_that_the_exporter_does_not_know_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: Any, **__: Any) -> None:
        raise RuntimeError("no such operator")

    source = _save(tmp_path / "model", BertForTokenClassification(_bert()))
    monkeypatch.setattr(onnx_export, "find_spec", lambda name: True)
    monkeypatch.setattr(torch.onnx, "export", give_up)
    with pytest.raises(ModelError, match="exporter of torch cannot follow model"):
        export_language_model(source, "onnx", tmp_path / "onnx")
    assert not (tmp_path / "onnx").exists()
    assert not list(tmp_path.glob(".onnx*"))
