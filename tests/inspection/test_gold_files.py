"""Gold sets of a person's own: whatever stands between the words, other scripts, and lines of another form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.gold.growing import FEWEST, GrowingScores
from ptft_gui.engine.gold.sets import find_gold_set, read_pairs, read_sections
from ptft_gui.engine.vectors import WordVectors
from ptft_gui.inspection.evaluation import evaluate
from ptft_gui.inspection.model import OpenedModel

CHINESE = "\u674e\u767d \u8bd7 \u5317\u4eac \u4e2d\u56fd \u4e1c\u4eac \u65e5\u672c \u738b \u540e".split()


def _written(tmp_path: Path, text: str, name: str = "mine.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "cat\tdog\t7.5\r\nsun\tmoon\t6\r\n",
        "cat dog 7.5\nsun moon 6",
        "cat,dog,7.5\nsun,moon,6\n",
        "cat;dog;7.5\n\nsun;moon;6\n",
        "word1\tword2\tscore\ncat\tdog\t7.5\n# a remark\nsun\tmoon\t6\n",
        "\ufeffcat\tdog\t7.5\nsun\tmoon\t6\n",
    ],
)
def test_pairs_are_read_whatever_stands_between_them(tmp_path: Path, text: str) -> None:
    pairs, notice = read_pairs(_written(tmp_path, text))
    assert [(pair.first, pair.second, pair.score) for pair in pairs] == [
        ("cat", "dog", 7.5),
        ("sun", "moon", 6.0),
    ]
    assert notice == ""


def test_lines_of_another_form_are_left_out_and_the_first_is_named(tmp_path: Path) -> None:
    path = _written(tmp_path, "cat dog 7.5\nsun moon high\nsun moon nan\na b c d\n")
    pairs, notice = read_pairs(path)
    assert len(pairs) == 1
    assert notice == '3 lines of another form were left out. Line 2 reads "sun moon high".'
    sections, notice = read_sections(_written(tmp_path, ": one\na b c d\nonly three words\n"))
    assert [section.name for section in sections] == ["one"]
    assert notice == '1 line of another form was left out. Line 3 reads "only three words".'


def test_a_file_of_another_form_is_refused_by_its_line(tmp_path: Path) -> None:
    analogies = _written(tmp_path, "\n: family\nking queen man woman\n")
    with pytest.raises(ModelError, match="holds no pairs") as caught:
        read_pairs(analogies)
    assert 'Line 2 reads ": family".' in caught.value.detail
    pairs = _written(tmp_path, "gem jewel 3.94\n")
    with pytest.raises(ModelError, match="holds no analogies") as caught:
        read_sections(pairs)
    assert 'Line 1 reads "gem jewel 3.94".' in caught.value.detail
    prose = _written(tmp_path, "It was a dark and stormy night" + " and night" * 40 + ".\n")
    with pytest.raises(ModelError, match="is no gold set") as caught:
        find_gold_set(str(prose))
    assert caught.value.detail.endswith('..."' + ".")
    assert len(caught.value.detail) < 200


def _chinese_model(preparation: dict[str, str]) -> OpenedModel:
    numbers = np.random.default_rng(2).standard_normal((len(CHINESE), 10)).astype(np.float32)
    config = {"preparation": {"name": "words", **preparation}}
    return OpenedModel(Path("x"), WordVectors(CHINESE, np.ones(len(CHINESE), np.int64), numbers, config))


def test_chinese_sets_are_measured_and_their_coverage_is_said(tmp_path: Path) -> None:
    model = _chinese_model({"chinese": "words"})
    poet, poem, peking, china, tokyo, japan, king, queen = CHINESE
    pairs = f"{poet}\t{poem}\t9.2\r\n{peking} {china}\t8\r\n{king}\t{queen}\t7\r\n\u5367\u9f99\t{poet}\t3\r\n"
    found = evaluate(model, str(_written(tmp_path, pairs)), "similarity")
    assert (found["pairs"], found["pairs_known"]) == (4, 3)
    assert "3 of 4 pairs are in this vocabulary" in found["sentence"]
    by_characters = evaluate(
        _chinese_model({"chinese": "characters"}), str(tmp_path / "mine.txt"), "similarity"
    )
    assert "into single characters" not in by_characters["sentence"]  # most words are known all the same
    strange = _written(
        tmp_path, f"\u5367\u9f99\t{poet}\t3\r\n\u8f66\u7968\t{poet}\t4\r\n{king}\t{queen}\t1", "s.txt"
    )
    by_characters = evaluate(_chinese_model({"chinese": "characters"}), str(strange), "similarity")
    assert by_characters["sentence"].endswith("into single characters; it knows no longer words.")
    assert "single characters" not in evaluate(model, str(strange), "similarity")["sentence"]
    questions = (
        f": capitals\r\n{peking} {china} {tokyo} {japan}\r\n{peking} {china} \u5df4\u9ece \u6cd5\u56fd\r\n"
    )
    found = evaluate(model, str(_written(tmp_path, questions)), "analogy")
    assert found["sections"][0][2:] == [1, 2]


def test_meaning_and_grammar_are_told_apart(model: OpenedModel, tmp_path: Path) -> None:
    text = (
        ": family\nking queen man woman\n: gram8-plural\nking kings man men\n: gram1\nking queen man woman\n"
    )
    groups = evaluate(model, str(_written(tmp_path, text)), "analogy")["groups"]
    assert [[name, known, of] for name, _, known, of in groups] == [["meaning", 1, 1], ["grammar", 1, 2]]
    only = evaluate(model, str(_written(tmp_path, ": family\nking queen man woman\n")), "analogy")
    assert only["groups"] == []


def _gold_words() -> list[str]:
    pairs, _ = read_pairs(find_gold_set("wordsim353").path)
    sections, _ = read_sections(find_gold_set("questions-words").path)
    of_pairs = [word.lower() for pair in pairs for word in (pair.first, pair.second)]
    of_questions = [word.lower() for s in sections for question in s.questions for word in question]
    return list(dict.fromkeys([*of_pairs, *of_questions]))


def test_growing_scores_are_those_of_the_evaluation() -> None:
    words = _gold_words()[:500]
    numbers = np.random.default_rng(4).standard_normal((len(words), 25)).astype(np.float32)
    model = OpenedModel(Path("x"), WordVectors(words, np.ones(len(words), np.int64), numbers, {}))
    growing = GrowingScores(words, 25)
    measured = growing.measure(numbers)
    pairs = evaluate(model, "wordsim353")
    assert measured["val/spearman"] == pytest.approx(pairs["spearman"], abs=1e-5)
    assert (
        growing.sentences[0] == "WordSim-353: 353 of 353 pairs are in this vocabulary."
        or pairs["pairs_known"]
    )
    questions = evaluate(model, "questions-words")
    assert 50 <= questions["questions_known"] <= 1000
    assert measured["val/accuracy"] == pytest.approx(questions["accuracy"], abs=1e-5)


def test_nothing_is_measured_of_a_vocabulary_that_knows_hardly_any_pair() -> None:
    pairs, _ = read_pairs(find_gold_set("wordsim353").path)
    few = list(dict.fromkeys(word.lower() for p in pairs[: FEWEST - 5] for word in (p.first, p.second)))
    growing = GrowingScores(few[: FEWEST // 2] + CHINESE, 8)
    assert growing.sentences == []
    assert growing.measure(np.ones((len(few), 8), np.float32)) == {}


def test_equal_vectors_have_no_rank_and_large_vocabularies_are_sampled() -> None:
    words = _gold_words()
    words += [f"w{n}" for n in range(12_000 - len(words))]
    growing = GrowingScores(words, 100)
    assert "val/spearman" not in growing.measure(np.ones((len(words), 100), np.float32))
    assert growing.sentences[1].startswith("Google analogies: 200 of the 19,544 questions")
    numbers = np.random.default_rng(1).standard_normal((len(words), 100)).astype(np.float32)
    assert growing.measure(numbers) == GrowingScores(words, 100).measure(numbers)
