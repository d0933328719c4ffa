"""Any sequence classifier in Hugging Face form sorts texts here with the numbers of plain transformers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.companion_protocol import Request
from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.inspection.finetuned import classes
from ptft_gui.inspection.finetuned.classes import judge, judge_many
from ptft_gui.inspection.tasks.folder import token_task_of
from ptft_gui.inspection.tasks.opening import open_task_model
from ptft_gui.worker.companion_answers import Answers
from ptft_gui.worker.companion_question import Question
from tests.inspection.language_models import save_tiny_bert

TEXT = "The queen wears the golden crown."


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("bert") / "tiny", steps=1)


def classifier(bert: Path, folder: Path, **settings: Any) -> Path:
    """A folder that no run of ours made: its own words for three classes, strong opinions."""
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification
    from transformers.utils import logging

    logging.disable_progress_bar()
    names = {0: "court", 1: "kitchen", 2: "garden"}
    usual: dict[str, Any] = {"num_labels": 3, "id2label": names, "label2id": {v: k for k, v in names.items()}}
    torch.manual_seed(3)
    network = BertForSequenceClassification.from_pretrained(bert, **{**usual, **settings})
    with torch.no_grad():
        network.classifier.weight.mul_(60)
    network.save_pretrained(folder)
    AutoTokenizer.from_pretrained(bert).save_pretrained(folder)
    return folder


def plain(folder: Path, *texts: str) -> Any:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    network = AutoModelForSequenceClassification.from_pretrained(folder)
    return network(**AutoTokenizer.from_pretrained(folder)(*texts, return_tensors="pt")).logits[0].detach()


def test_a_foreign_folder_answers_as_plain_transformers(bert: Path, tmp_path: Path) -> None:
    folder = classifier(bert, tmp_path / "theirs")
    assert token_task_of(folder) == "classification"
    found = judge(open_task_model(folder), TEXT)
    wanted = plain(folder, TEXT).softmax(-1)
    assert dict(found.classes) == {
        name: pytest.approx(float(wanted[number]), abs=1e-5)
        for number, name in enumerate(["court", "kitchen", "garden"])
    }
    assert [share for _, share in found.classes] == sorted((s for _, s in found.classes), reverse=True)


def test_a_push_is_what_the_score_loses_without_the_word(bert: Path, tmp_path: Path) -> None:
    folder = classifier(bert, tmp_path / "theirs")
    found = judge(open_task_model(folder), TEXT)
    words = [TEXT[start:end] for start, end, _ in found.spans]
    assert words == ["The", "queen", "wears", "the", "golden", "crown", "."]
    first = ["court", "kitchen", "garden"].index(found.label)
    whole, without = plain(folder, TEXT), plain(folder, "The wears the golden crown.")
    lost = (whole[first] - whole.mean()) - (without[first] - without.mean())
    assert found.spans[1][2] == pytest.approx(float(lost), abs=1e-3)


def test_who_types_on_ends_the_search_for_words_soon(
    bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classes, "_LEFT_OUT_TOKENS", 64)
    model = open_task_model(classifier(bert, tmp_path / "theirs"))
    looks: list[int] = []

    def should_stop() -> bool:
        looks.append(1)
        return len(looks) > 1

    with pytest.raises(StoppedByPerson):
        judge(model, "a baker sings an old song about the queen " * 20, should_stop=should_stop)
    assert len(looks) == 2
    assert judge(model, TEXT, with_pushes=False, should_stop=should_stop).classes


def test_the_window_gets_the_classes_first_and_the_words_after(bert: Path, tmp_path: Path) -> None:
    folder = classifier(bert, tmp_path / "theirs")
    answers = Answers(60.0)
    try:
        arguments = {"model": str(folder), "text": TEXT}
        first, then = (
            answers.answer(Question(Request("1", "classify", {**arguments, **more}), lambda _reply: None))
            for more in ({"is_quick": True}, {})
        )
        assert (first["has_more"], then["has_more"]) == (True, False)
        assert first["classes"] == then["classes"]
        assert first["pushes"] == first["spans"] == []
        assert [word for word, _ in then["pushes"]][1] == "queen"
    finally:
        answers.close()


def test_many_texts_get_the_same_answers_as_one_at_a_time(bert: Path, tmp_path: Path) -> None:
    model = open_task_model(classifier(bert, tmp_path / "theirs"))
    texts = [TEXT, "", "bread", "a baker sings an old song " * 5] * 20
    records = list(judge_many(model, ({"text": text} for text in texts)))
    assert len(records) == 80
    one = judge(model, "bread", with_pushes=False).classes[0]
    assert (records[2]["predicted"], records[2]["score"]) == (one[0], pytest.approx(one[1], abs=1e-5))


def test_several_labels_and_numbers_are_told_from_the_configuration(bert: Path, tmp_path: Path) -> None:
    several = classifier(bert, tmp_path / "several", problem_type="multi_label_classification")
    assert token_task_of(several) == "multilabel"
    found = judge(open_task_model(several), TEXT)
    wanted = plain(several, TEXT).sigmoid()
    assert dict(found.classes)["garden"] == pytest.approx(float(wanted[2]), abs=1e-5)

    one = {"num_labels": 1, "id2label": {0: "LABEL_0"}, "label2id": {"LABEL_0": 0}}
    number = classifier(bert, tmp_path / "number", problem_type="regression", **one)
    assert token_task_of(number) == "pair-similarity"
    told = judge(open_task_model(number), TEXT, "A baker sings.").classes
    assert told == [("score", pytest.approx(float(plain(number, TEXT, "A baker sings.")[0]), abs=1e-3))]


def test_questions_that_do_not_fit_are_refused_in_words(bert: Path, tmp_path: Path) -> None:
    model = open_task_model(classifier(bert, tmp_path / "theirs"))
    with pytest.raises(ModelError, match="No text was given"):
        judge(model, "   ")
    with pytest.raises(ModelError, match="judges one text at a time"):
        judge(model, TEXT, "another")
    with pytest.raises(ModelError, match="too long"):
        judge(model, "a" * 1_000_001)


def test_a_classifier_without_its_head_is_refused(bert: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(bert, tmp_path / "headless")
    path = folder / "config.json"
    config = {**json.loads(path.read_text()), "architectures": ["BertForSequenceClassification"]}
    path.write_text(json.dumps(config))
    with pytest.raises(ModelError, match="lacks parts"):
        open_task_model(folder)
