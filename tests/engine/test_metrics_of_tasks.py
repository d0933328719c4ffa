"""Scores of answers, tags and numbers, each against a second implementation written another way."""

from __future__ import annotations

import collections
import json
import os
import random
import re
from pathlib import Path

import numpy as np
import pandas
import pytest

from ptft_gui.engine.metrics_answers import (
    AnswerScore,
    definition_for,
    normalised,
    report_of_answers,
    score_answer,
)
from ptft_gui.engine.metrics_scores import pearson, report_of_scores, spearman
from ptft_gui.engine.metrics_tags import Entity, entities_of, report_of_tags, scheme_of

_WORDS = "the The an a cat cat, cats 1,000 U.S. don't (old) new-york é Ünal state-of-the-art -".split()


# --- answers ---------------------------------------------------------------------------------------------------------


def _official_squad(answer: str, golds: list[str]) -> tuple[float, float]:
    """Exact match and F1 as the evaluation program of SQuAD 2.0 describes them, with multisets of pandas."""

    def words(text: str) -> list[str]:
        text = "".join(sign for sign in text.lower() if sign not in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
        return re.sub(r"\b(a|an|the)\b", " ", text, flags=re.UNICODE).split()

    best_exact = best_f1 = 0.0
    for gold in [words(g) for g in golds if words(g)] or [[]]:
        mine = words(answer)
        best_exact = max(best_exact, float(mine == gold))
        if not mine or not gold:
            best_f1 = max(best_f1, float(mine == gold))
            continue
        left, right = pandas.Series(mine).value_counts(), pandas.Series(gold).value_counts()
        shared = int(np.minimum(left.reindex(right.index).fillna(0), right).sum())
        if shared:
            precision, recall = shared / len(mine), shared / len(gold)
            best_f1 = max(best_f1, 2 * precision * recall / (precision + recall))
    return best_exact, best_f1


def test_exact_match_and_f1_equal_a_second_implementation_of_squad() -> None:
    draw = random.Random(3)

    def phrase() -> str:
        return " ".join(draw.choices(_WORDS, k=draw.randint(0, 4)))

    for _ in range(2000):
        answer, golds = phrase(), [phrase() for _ in range(draw.randint(0, 3))]
        exact, f1 = _official_squad(answer, golds)
        mine = score_answer(answer, golds)
        assert (mine.exact, mine.f1) == (exact, pytest.approx(f1)), (answer, golds)


def test_the_best_of_several_right_answers_counts_and_articles_do_not() -> None:
    assert normalised("The  Cat's (An) U.S. house") == "cats us house"
    assert score_answer("The cat", ["dog", "cat!"]) == AnswerScore(1.0, 1.0)
    assert score_answer("black cat", ["the cat"]) == AnswerScore(0.0, pytest.approx(2 / 3))


def test_silence_is_right_only_where_there_is_no_answer() -> None:
    assert score_answer("", []) == AnswerScore(1.0, 1.0)
    assert score_answer("", ["cat"]) == AnswerScore(0.0, 0.0)
    assert score_answer("cat", []) == AnswerScore(0.0, 0.0)
    assert score_answer("the", []) == AnswerScore(1.0, 1.0)  # nothing is left of it


def test_chinese_is_compared_sign_by_sign_on_the_longest_common_piece() -> None:
    assert score_answer("范廷颂枢机", ["范廷颂", "范廷颂枢机（，）"], "cmrc") == AnswerScore(1.0, 1.0)
    mine = score_answer("在1963年升主教", ["1963年", "升主教"], "cmrc")
    assert mine == AnswerScore(0.0, pytest.approx(2 * 3 / (6 + 3)))  # 在 1963 年 升 主 教
    assert definition_for(["范廷颂枢机（，），圣名保禄"]) == "cmrc"
    assert definition_for(["The word 北京 means northern capital."]) == "squad"


def test_the_report_parts_questions_with_and_without_an_answer() -> None:
    report = report_of_answers(["cat", "", "dog", ""], [["a cat"], ["cat"], [], []])
    assert report["rows"] == 4
    assert report["exact_match"] == report["f1"] == 0.5
    assert report["answered"] == {"rows": 2, "exact_match": 0.5, "f1": 0.5}
    assert report["unanswered"] == {"rows": 2, "exact_match": 0.5, "f1": 0.5}
    assert report["always_none"] == 0.5
    low, high = report["f1_interval"]
    assert 0 <= low < 0.5 < high <= 1
    assert report_of_answers([], [])["f1"] is None


@pytest.mark.real_data
@pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set")
def test_a_real_file_answered_with_its_own_answers_scores_one() -> None:
    file = Path(os.environ["PTFT_REAL_DATA"]) / "cmrc2018" / "cmrc2018_trial.json"
    asked = [
        qa for article in json.loads(file.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"] for qa in paragraph["qas"]
    ]  # fmt: skip
    golds = [[answer["text"] for answer in qa["answers"]] for qa in asked]
    report = report_of_answers([texts[0] for texts in golds], golds, "cmrc")
    assert report["rows"] == 1002
    assert report["exact_match"] == report["f1"] == 1.0


# --- tags ------------------------------------------------------------------------------------------------------------


def _conlleval(tags: list[str]) -> set[tuple[str, int, int]]:
    """The rules of conlleval one by one, as its program lists them: which pairs of tags end and begin a name."""
    parts = [(t[0], t[2:]) if t != "O" else ("O", "") for t in tags]
    ends = {"BB", "BS", "BO", "IB", "IS", "IO", "EE", "EI", "EO", "ES", "EB", "SE", "SI", "SO", "SS", "SB"}
    begins = {"EE", "EI", "SE", "SI", "OE", "OI"}
    found, start = set(), -1
    for i in range(len(parts) + 1):
        tag, kind = parts[i] if i < len(parts) else ("O", "")
        before, old = parts[i - 1] if i else ("O", "")
        if start >= 0 and (before + tag in ends or (before != "O" and kind != old)):
            found.add((old, start, i))
            start = -1
        if tag in "BS" or before + tag in begins or (tag != "O" and kind != old):
            start = i
    return found


def _random_sentences(seed: int, count: int, places: str) -> list[list[str]]:
    draw = random.Random(seed)
    tags = ["O", "O", *(f"{place}-{kind}" for place in places for kind in ("PER", "LOC"))]
    return [draw.choices(tags, k=draw.randint(1, 9)) for _ in range(count)]


@pytest.mark.parametrize("places", ["BI", "I", "BIES"])
def test_names_equal_a_second_implementation_of_conlleval(places: str) -> None:
    for tags in _random_sentences(5, 2000, places):
        assert set(entities_of(tags)) == _conlleval(tags), tags


@pytest.mark.parametrize("places", ["BI", "BIES"])
def test_scores_of_names_equal_those_counted_by_hand(places: str) -> None:
    true = _random_sentences(1, 300, places)
    draw = random.Random(2)
    answered = [[tag if draw.random() < 0.8 else "O" for tag in tags] for tags in true]
    report = report_of_tags(true, answered)
    there = {(i, *e) for i, tags in enumerate(true) for e in _conlleval(tags)}
    found = {(i, *e) for i, tags in enumerate(answered) for e in _conlleval(tags)}
    precision, recall = len(there & found) / len(found), len(there & found) / len(there)
    assert report["entity_precision"] == pytest.approx(precision)
    assert report["entity_recall"] == pytest.approx(recall)
    assert report["entity_f1"] == pytest.approx(2 * precision * recall / (precision + recall))
    support = collections.Counter(kind for _, kind, _, _ in there)
    assert {each["label"]: each["support"] for each in report["kinds"]} == dict(support)
    low, high = report["entity_f1_interval"]
    assert low < report["entity_f1"] < high


@pytest.mark.parametrize(
    ("places", "f1", "macro_f1", "accuracy"),
    [
        ("BI", 0.46477584629460195, 0.4648383832291185, 0.5223735408560312),
        ("BIES", 0.5067043048694425, 0.5060990241561351, 0.4377431906614786),
    ],
)
def test_scores_of_names_equal_those_that_seqeval_gave(
    places: str, f1: float, macro_f1: float, accuracy: float
) -> None:
    """The numbers are those of seqeval 1.2.2 for the same tags: f1_score, its macro average, accuracy_score."""
    true = _random_sentences(7, 200, places)
    answered = [[*tags[1:], "O"] if i % 3 else tags for i, tags in enumerate(true)]
    report = report_of_tags(true, answered)
    assert report["entity_f1"] == pytest.approx(f1)
    assert report["macro_f1"] == pytest.approx(macro_f1)
    assert report["token_accuracy"] == pytest.approx(accuracy)


def test_all_ways_of_writing_the_same_names_are_read_alike() -> None:
    names = [Entity("PER", 0, 2), Entity("PER", 2, 3), Entity("LOC", 4, 7)]
    for tags in (
        "B-PER I-PER B-PER O B-LOC I-LOC I-LOC",
        "I-PER I-PER B-PER O I-LOC I-LOC I-LOC",
        "B-PER E-PER S-PER O B-LOC I-LOC E-LOC",
        "B-PER E-PER S-PER O B-LOC M-LOC E-LOC",
        "B-PER L-PER U-PER O B-LOC I-LOC L-LOC",
        "B_PER I_PER B_PER O B_LOC I_LOC I_LOC",
    ):
        assert entities_of(tags.split()) == names, tags
    assert entities_of("PER PER O LOC".split()) == [Entity("PER", 0, 2), Entity("LOC", 3, 4)]
    assert entities_of(["B", "E", "S"]) == [Entity("", 0, 2), Entity("", 2, 3)]
    assert entities_of([]) == []


@pytest.mark.parametrize(
    ("text", "scheme", "broken"),
    [
        ("B-PER I-PER O", "IOB2", 0),
        ("B-PER I-PER O I-LOC B-LOC B-PER", "IOB2", 1),
        ("I-PER I-PER B-PER O I-LOC", "IOB1", 0),
        ("I-PER O I-LOC", "IOB1", 0),
        ("B-PER E-PER S-LOC O", "IOBES", 0),
        ("B-PER M-PER O E-LOC", "IOBES", 2),
        ("PER PER O", "IO", 0),
        ("O O", "O", 0),
    ],
)
def test_the_way_tags_are_written_is_told_with_what_breaks_it(text: str, scheme: str, broken: int) -> None:
    assert scheme_of([text.split()]) == (scheme, broken)


def test_sentences_of_unequal_length_are_no_score() -> None:
    with pytest.raises(ValueError, match="2 tags are right, 1 were answered"):
        report_of_tags([["O", "O"]], [["O"]])


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_correlations_equal_those_of_pandas() -> None:
    draw = np.random.default_rng(4)
    for count in (2, 5, 300):
        first = draw.normal(size=count).round(1)
        second = (first + draw.normal(size=count)).round(1)
        frame = pandas.DataFrame({"a": first, "b": second})
        assert pearson(first, second) == pytest.approx(frame["a"].corr(frame["b"]))
        ranks = frame.rank()
        assert spearman(first, second) == pytest.approx(ranks["a"].corr(ranks["b"]))


def test_numbers_that_do_not_vary_have_no_correlation() -> None:
    assert pearson([1, 1, 1], [1, 2, 3]) is None
    assert spearman([1], [2]) is None
    report = report_of_scores([1, 2, 3, 4], [2, 2, 2, 2])
    assert report["spearman"] is None
    assert report["spearman_interval"] is None
    assert report["mean_error"] == 1.0
    assert report["always_mean"] == 1.0


def test_the_report_of_numbers_has_an_interval_around_the_score() -> None:
    draw = np.random.default_rng(0)
    true = draw.uniform(0, 5, 120)
    report = report_of_scores(true.tolist(), (true + draw.normal(size=120)).tolist())
    low, high = report["spearman_interval"]
    assert low < report["spearman"] < high
