"""Evaluations give gensim's numbers, and say how much they rest on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.engine.gold.sets import available_gold_sets, find_gold_set
from ptft_gui.inspection.evaluation import evaluate
from ptft_gui.inspection.model import OpenedModel

from .conftest import make_vectors


def _as_gensim(model: OpenedModel) -> KeyedVectors:
    native = KeyedVectors(model.vectors.vectors.shape[1])
    native.add_vectors(list(model.vectors.words), np.array(model.vectors.vectors))
    return native


@pytest.fixture(scope="module")
def english() -> OpenedModel:
    """Vectors for the words of two gold sets in mixed case, so shaped that a part of the answers is right."""
    questions = [line.split() for line in Path(datapath("questions-words.txt")).read_text().splitlines()]
    words = [word for fields in questions if len(fields) == 4 for word in fields][:6000]
    pairs = Path(datapath("wordsim353.tsv")).read_text().splitlines()[2:200]
    words += [word for line in pairs for word in line.split("\t")[:2]]
    names = list(dict.fromkeys([*words, "King", "KING", "athens", "paris"]))
    vectors = make_vectors(names, 30, seed=5)
    row = vectors.index
    numbers = np.array(vectors.vectors)
    noise = np.random.default_rng(2)
    for a, b, c, d in (fields for fields in questions if len(fields) == 4):
        if all(word in row for word in (a, b, c, d)):
            numbers[row[d]] = numbers[row[b]] - numbers[row[a]] + numbers[row[c]]
            numbers[row[d]] += noise.standard_normal(30) * 1.5
    return OpenedModel(Path("english"), type(vectors)(names, vectors.counts, numbers, vectors.config))


@pytest.mark.parametrize("gold", ["wordsim353", "simlex999"])
def test_similarities_are_scored_as_gensim_scores_them(english: OpenedModel, gold: str) -> None:
    found = evaluate(english, gold)
    path = find_gold_set(gold).path
    pearson, spearman, unknown = _as_gensim(english).evaluate_word_pairs(str(path))
    assert found["spearman"] == pytest.approx(spearman[0], abs=1e-5)
    assert found["pearson"] == pytest.approx(pearson[0], abs=1e-5)
    assert 1 - found["pairs_known"] / found["pairs"] == pytest.approx(unknown / 100, abs=1e-6)


@pytest.mark.parametrize("restrict", [150, 30_000])
def test_analogies_are_scored_as_gensim_scores_them(
    english: OpenedModel, tmp_path: Path, restrict: int
) -> None:
    lines = Path(datapath("questions-words.txt")).read_text().splitlines()
    path = tmp_path / "questions.txt"
    path.write_text("\n".join(lines[:1200] + lines[8500:9200]), encoding="utf-8")
    found = evaluate(english, str(path), restrict_vocab=restrict)
    score, sections = _as_gensim(english).evaluate_word_analogies(str(path), restrict_vocab=restrict)
    theirs = [
        (s["section"], len(s["correct"]), len(s["correct"]) + len(s["incorrect"])) for s in sections[:-1]
    ]
    assert [tuple(section[:3]) for section in found["sections"]] == theirs
    assert found["accuracy"] == pytest.approx(score)
    assert 0 < found["correct"] < found["questions_known"]


def test_all_bundled_gold_sets_are_there_and_readable(english: OpenedModel) -> None:
    assert [gold.key for gold in available_gold_sets()] == ["wordsim353", "simlex999", "questions-words"]
    assert evaluate(english, "questions-words")["questions"] == 19_544
    assert evaluate(english, "wordsim353")["pairs"] == 353
    assert evaluate(english, "simlex999")["pairs"] == 999


def test_too_little_coverage_is_said_and_not_scored(model: OpenedModel, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("king queen 9\nmusic folk 7.5\nabsent word 1\n", encoding="utf-8")
    found = evaluate(model, str(path))
    assert (found["spearman"], found["pairs_known"], found["pairs"]) == (None, 2, 3)
    assert found["sentence"] == "2 of 3 pairs are in this vocabulary: too few to compare."
    path.write_text("king queen 9\nmusic folk 7.5\nKing man 1\n", encoding="utf-8")
    assert "below 100 pairs the number means little" in evaluate(model, str(path))["sentence"]
    path.write_text("a b c d\n", encoding="utf-8")
    assert evaluate(model, str(path))["accuracy"] is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"just one line of prose here\n", "is no gold set"),
        (b"", "is empty"),
        (b"\0\1\2", "is not a text file"),
    ],
)
def test_a_file_that_is_no_gold_set_is_named(
    model: OpenedModel, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=said):
        evaluate(model, str(path))
    with pytest.raises(ModelError, match="There is no gold set or file named nope"):
        evaluate(model, "nope")


def test_a_file_of_the_other_kind_is_named(model: OpenedModel, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("king queen 9\n", encoding="utf-8")
    with pytest.raises(ModelError, match="holds no analogies"):
        evaluate(model, str(path), "analogy")
    path.write_text("a b c d\n", encoding="utf-8")
    with pytest.raises(ModelError, match="holds no pairs"):
        evaluate(model, str(path), "similarity")


def test_an_evaluation_can_be_stopped(english: OpenedModel) -> None:
    with pytest.raises(StoppedByPerson):
        evaluate(english, "questions-words", should_stop=lambda: True)
