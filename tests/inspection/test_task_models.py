"""Folders that any program saved: answers and names with the numbers that plain transformers gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    AutoModelForQuestionAnswering,
    AutoTokenizer,
    BertConfig,
    BertForMaskedLM,
    BertForQuestionAnswering,
    BertForTokenClassification,
    BertTokenizer,
    pipeline,
)

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.tasks.answers import answer_many, answer_question
from ptft_gui.inspection.tasks.folder import token_task_of
from ptft_gui.inspection.tasks.opening import open_task_model
from ptft_gui.inspection.tasks.tags import tag_many, tag_text

_CONTEXT = "the clock of fenny is wound by clara moll. it was built in 1875 by three smiths from dray."
_LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def _save(folder: Path, make: Any, positions: int = 128, **settings: Any) -> Path:
    signs = "abcdefghijklmnopqrstuvwxyz0123456789.,?-"
    whole = "the of is by it was in who built clock wound from three clara moll fenny".split()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *whole, *signs, *(f"##{sign}" for sign in signs)]
    BertTokenizer(vocab={piece: number for number, piece in enumerate(pieces)}).save_pretrained(str(folder))
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=positions,
        initializer_range=0.4,
        **settings,
    )
    make(config).eval().save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _save(tmp_path_factory.mktemp("answering"), BertForQuestionAnswering)


@pytest.fixture(scope="module")
def tagging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = dict(enumerate(_LABELS))
    folder = tmp_path_factory.mktemp("tagging")
    return _save(
        folder, BertForTokenClassification, id2label=names, label2id={v: k for k, v in names.items()}
    )


def test_the_answer_is_that_of_plain_transformers(answering: Path) -> None:
    question = "who built it?"
    found = answer_question(open_task_model(answering), question, _CONTEXT)
    tokenizer = AutoTokenizer.from_pretrained(answering)
    network = AutoModelForQuestionAnswering.from_pretrained(answering)
    read = tokenizer(question, _CONTEXT, return_tensors="pt", return_offsets_mapping=True)
    offsets = read.pop("offset_mapping")[0]
    with torch.no_grad():
        told = network(**read)
    in_context = torch.tensor([part == 1 for part in read.sequence_ids(0)])
    counted = in_context.clone()
    counted[0] = True
    starts, ends = (
        torch.softmax(torch.where(counted, scores[0], torch.tensor(-torch.inf)), 0)
        for scores in (told.start_logits, told.end_logits)
    )
    both = torch.triu(torch.outer(starts, ends))
    both[0], both[:, 0] = 0, 0
    both -= torch.triu(both, 30)
    first, last = divmod(int(both.argmax()), len(starts))
    assert (found.start, found.end) == (int(offsets[first][0]), int(offsets[last][1]))
    assert found.text == _CONTEXT[found.start : found.end]
    assert found.score == pytest.approx(float(both[first, last]), abs=1e-5)
    assert found.silence == pytest.approx(float(starts[0] * ends[0]), abs=1e-5)
    assert found.pieces[0] == [found.text, found.start, found.end, found.score]


def test_a_long_context_is_read_in_windows_and_the_places_are_those_of_the_whole(answering: Path) -> None:
    model = open_task_model(answering)
    context = " ".join([_CONTEXT] * 12)
    found = answer_question(model, "who built it?", context)
    assert found.text == context[found.start : found.end]
    assert len(model.task.encode([{"question": "who?", "context": context}])) > 2
    told = list(answer_many(model, ({"question": "who?", "context": _CONTEXT} for _ in range(70))))
    assert {record["answer"] for record in told} == {answer_question(model, "who?", _CONTEXT).text}
    assert len(told) == 70


def test_tags_are_those_of_the_pipeline_of_transformers(tagging: Path) -> None:
    model = open_task_model(tagging)
    marks = pipeline("token-classification", model=str(tagging), aggregation_strategy="first")
    plain = pipeline("token-classification", model=str(tagging), ignore_labels=[])
    for text in ("Clara Moll of Fenny built three clocks in Dray", "it was built by smiths, who wound it?"):
        found = tag_text(model, text)
        assert [text[start:end] for *_, start, end in found.words] == [word for word, *_ in found.words]
        at = {entity["start"]: entity for entity in plain(text)}
        for _, tag, share, start, _ in found.words:
            assert tag == at[start]["entity"]
            assert share == pytest.approx(float(at[start]["score"]), abs=1e-5)
        expected = [
            [text[e["start"] : e["end"]], e["entity_group"], float(e["score"])]
            for e in marks(text)
            if e["entity_group"] != "O"
        ]
        assert [[name, kind] for name, kind, *_ in found.names] == [each[:2] for each in expected]
        assert np.allclose(
            [share for _, _, share, *_ in found.names], [each[2] for each in expected], atol=1e-5
        )
    assert found.kinds == ["LOC", "PER"]


def test_rows_of_words_and_rows_of_text_are_tagged_alike(tagging: Path) -> None:
    model = open_task_model(tagging)
    words, text = list(
        tag_many(model, [{"tokens": ["clara", "moll", "is", "in"]}, {"text": "clara moll is in"}])
    )
    assert words["predicted"] == text["predicted"]
    assert len(list(tag_many(model, ({"text": "it was"} for _ in range(300))))) == 300
    long = tag_text(model, "clara moll " * 400)
    assert len(long.words) == 800


def test_a_folder_says_for_which_task_it_was_made(answering: Path, tagging: Path, tmp_path: Path) -> None:
    assert token_task_of(answering) == "question-answering"
    assert token_task_of(tagging) == "tagging"
    assert token_task_of(_save(tmp_path, BertForMaskedLM)) is None
    assert token_task_of(tmp_path / "nowhere") is None
    with pytest.raises(ModelError, match="has learned no job") as told:
        open_task_model(tmp_path)
    assert told.value.detail == "Its configuration calls it BertForMaskedLM."


def test_a_question_for_the_other_kind_of_model_says_what_this_one_does(
    answering: Path, tagging: Path
) -> None:
    with pytest.raises(ModelError, match="cannot mark names in a text") as told:
        tag_text(open_task_model(answering), "clara")
    assert told.value.detail == "It answers questions from a text."
    with pytest.raises(ModelError, match="cannot answer questions from a text"):
        answer_question(open_task_model(tagging), "who?", _CONTEXT)


@pytest.mark.parametrize(
    ("question", "context", "message"),
    [
        ("", _CONTEXT, "No question was given."),
        ("who?", "  ", "No text was given."),
        ("who? " * 900, _CONTEXT, "The question is too long."),
        ("who?", "a" * 400_000, "The text is too long."),
    ],
)
def test_what_cannot_be_asked_is_said_plainly(
    answering: Path, question: str, context: str, message: str
) -> None:
    with pytest.raises(ModelError) as told:
        answer_question(open_task_model(answering), question, context)
    assert told.value.message == message


def _change(folder: Path, target: Path, **values: Any) -> Path:
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    config = json.loads((target / "config.json").read_text())
    (target / "config.json").write_text(json.dumps({**config, **values}))
    return target


def test_a_configuration_that_asks_for_too_much_is_refused(tagging: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is damaged or made by another kind of program"):
        open_task_model(_change(tagging, tmp_path, hidden_size=10**9))


def test_weights_of_another_shape_or_without_the_head_are_named(tagging: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    _change(tagging, tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    save_file(
        {k: v for k, v in weights.items() if not k.startswith("classifier")}, tmp_path / "model.safetensors"
    )
    with pytest.raises(ModelError, match="lacks parts that this question needs") as told:
        open_task_model(tmp_path)
    assert told.value.detail == "Its weights hold no classifier.bias."


def test_pickled_weights_are_refused_with_the_reason(tagging: Path, tmp_path: Path) -> None:
    _change(tagging, tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin, which is not opened here"):
        open_task_model(tmp_path)
