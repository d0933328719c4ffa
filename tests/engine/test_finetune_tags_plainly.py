"""The tags of a run that has learned something, one by one against plain transformers."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

from ptft_gui.inspection.tasks.opening import open_task_model
from ptft_gui.inspection.tasks.tags import tag_text
from tests.engine.conftest import Train
from tests.engine.test_finetune_token_runs import answers_of, tune
from tests.inspection.language_models import save_tiny_bert

PEOPLE, PLACES = (
    ["queen", "prince", "old baker", "young miller"],
    ["castle", "garden", "green forest", "river"],
)
LONG_WORDS = ["bakers", "castles", "millerish", "gardenward"]
"""Words of several tokens each: only the first is asked."""


def write_doubtful_names(path: Path, count: int = 150) -> Path:
    """Rows in the form of CoNLL; a person is now and then called a place, so that no model gets all right."""
    rng, lines = random.Random(6), []
    for _ in range(count):
        for names, kind in ((PEOPLE, "PER"), (PLACES, "LOC")):
            told = kind if rng.random() < 0.85 else "LOC"
            words = rng.choice(names).split()
            lines += [
                "the O",
                *(f"{word} {'I' if place else 'B'}-{told}" for place, word in enumerate(words)),
            ]
            lines += [f"{rng.choice(LONG_WORDS)} O"] if rng.random() < 0.5 else ["wears O"]
        lines.append("")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class PlainTagger:
    """The tag and its share of each word, said at its first token."""

    def __init__(self, folder: Path) -> None:
        self.network = AutoModelForTokenClassification.from_pretrained(folder).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.tokens = 0

    def tag(self, words: list[str]) -> list[tuple[str, float]]:
        read = self.tokenizer(words, is_split_into_words=True, return_tensors="pt")
        with torch.no_grad():
            shares = self.network(**read).logits[0].softmax(-1)
        numbers = read.word_ids(0)
        self.tokens += sum(number is not None for number in numbers)
        firsts = [numbers.index(number) for number in range(len(words))]
        return [
            (self.network.config.id2label[int(shares[token].argmax())], float(shares[token].max()))
            for token in firsts
        ]


def test_every_tag_and_its_share_is_that_of_plain_transformers(
    train_here: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    start = save_tiny_bert(tmp_path / "tiny", steps=1)
    file = write_doubtful_names(tmp_path / "names.conll")
    done = tune(train_here, tmp_path, "bert", "tagging", file, start, epochs=4, learning_rate=0.003)
    score = done.outcome.metrics["test/entity_f1"] or 0
    assert 0.3 < score < 1, "something is learned, and something is left to get wrong"

    plain, rows = PlainTagger(done.run.model), answers_of(done)
    assert len(rows) > 40
    compared = wrong = 0
    for row in rows:
        told = plain.tag(row["tokens"])
        assert row["predicted"] == [tag for tag, _ in told]
        assert row["scores"] == pytest.approx([share for _, share in told], abs=1e-4)
        compared += len(told)
        wrong += sum(mine != right for mine, right in zip(row["predicted"], row["tags"], strict=True))
    assert wrong, "a comparison in which all is right would hide much"
    assert {tag for row in rows for tag in row["predicted"]} >= {"O", "B-PER", "B-LOC"}
    assert plain.tokens > compared, "some words are several tokens"

    model = open_task_model(done.run.path)
    for words in (row["tokens"] for row in rows[:10]):
        tagged = tag_text(model, " ".join(words))
        assert [(word, tag) for word, tag, *_ in tagged.words] == [
            (word, tag) for word, (tag, _) in zip(words, plain.tag(words), strict=True)
        ]
