"""One sentence says how a start fits the labelled texts: language, length, capitals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ptft_gui.core.family.language_starts import LanguageStart, glance_at_language
from ptft_gui.core.family.start_fit import ExampleTexts, dropped_head, fit_to_texts, reads_capitals


@pytest.fixture
def start(tmp_path: Path) -> LanguageStart:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}), encoding="utf-8")
    return LanguageStart(tmp_path, tmp_path, "folder", "Mini", "bert", 512, 6, 384, 12, 30_522)


def test_another_language_is_warned_of(start: LanguageStart) -> None:
    fits, sentence = fit_to_texts(start, ["English"], ExampleTexts("classification", "Chinese"))
    assert not fits
    assert sentence.startswith(
        "This model read English; your texts look Chinese. Expect a weak result; better:"
    )


def test_the_same_language_fits(start: LanguageStart) -> None:
    texts = ExampleTexts("classification", "English", "words", 40)
    assert fit_to_texts(start, ["English"], texts) == (
        True,
        "Fits: English, 6 layers, up to 512 tokens at once.",
    )
    assert fit_to_texts(start, [], texts) == (True, "Fits: 6 layers, up to 512 tokens at once.")


def test_texts_that_are_cut_off_are_told(start: LanguageStart) -> None:
    fits, sentence = fit_to_texts(start, [], ExampleTexts("classification", "", "words", 400))
    assert not fits
    assert "longer than the 512 tokens" in sentence


def test_names_need_capitals(start: LanguageStart, tmp_path: Path) -> None:
    fits, sentence = fit_to_texts(start, [], ExampleTexts("tagging", "English", "words", 20))
    assert not fits
    assert "does not tell capitals" in sentence
    assert reads_capitals(tmp_path / "nowhere") is None


@pytest.mark.parametrize("told", ["[1]", "{", json.dumps({"do_lower_case": "yes"})])
def test_settings_that_say_nothing_say_nothing(tmp_path: Path, told: str) -> None:
    (tmp_path / "tokenizer_config.json").write_text(told, encoding="utf-8")
    assert reads_capitals(tmp_path) is None


def folder_of(path: Path, architecture: str, **facts: object) -> LanguageStart:
    """A model folder as far as a glance looks at it."""
    path.mkdir()
    config = {"model_type": "bert", "architectures": [architecture], "vocab_size": 100, "hidden_size": 8}
    config |= {"id2label": {"0": "bad", "1": "good"}, "num_hidden_layers": 1, "num_attention_heads": 2}
    (path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    if facts:
        (path / "ptft.json").write_text(json.dumps({"name": "Reviews", **facts}), encoding="utf-8")
    return glance_at_language(path)


@pytest.mark.parametrize(
    ("architecture", "facts", "told"),
    [
        (
            "BertForSequenceClassification",
            {},
            "start has learned sorting texts into classes before (2 answers: bad, good).",
        ),
        (
            "BertForSequenceClassification",
            {"task": "multilabel", "labels": ["a", "b", "c", "d"]},
            "Reviews has learned giving texts several labels before (4 answers: a, b, c ...).",
        ),
        (
            "BertForSequenceClassification",
            {"task": "pair-similarity", "labels": []},
            "Reviews has learned saying how alike two texts are before.",
        ),
        (
            "BertForQuestionAnswering",
            {"task": "question-answering"},
            "Reviews has learned answering questions from a text before.",
        ),
    ],
)
def test_the_last_layer_of_another_job_is_dropped(
    tmp_path: Path, architecture: str, facts: dict[str, object], told: str
) -> None:
    sentence = dropped_head(folder_of(tmp_path / "start", architecture, **facts))
    assert sentence == (
        f"{told} That last layer is dropped, and a new one begins from nothing; what the layers below have learned is "
        "kept."
    )


@pytest.mark.parametrize("architecture", ["BertModel", "BertForMaskedLM", "GPT2LMHeadModel"])
def test_a_start_that_has_learned_no_job_drops_none(tmp_path: Path, architecture: str) -> None:
    assert dropped_head(folder_of(tmp_path / "start", architecture)) == ""


def test_a_run_that_reads_single_characters_is_measured_by_them(start: LanguageStart) -> None:
    texts = ExampleTexts("reply", "", "words", 90)
    letters = replace(start, facts={"characters_per_token": 0.98})
    assert fit_to_texts(start, [], texts)[0]
    fits, sentence = fit_to_texts(letters, [], texts)
    assert not fits
    assert "longer than the 512 tokens" in sentence
