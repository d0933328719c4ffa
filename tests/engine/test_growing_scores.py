"""Runs of both families are measured by what people said about words, where their text holds enough of these words."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from ptft_gui.core.errors import ModelError
from ptft_gui.core.summary import ACCURACY, SPEARMAN, VAL_LOSS, RunSummary
from ptft_gui.engine.gold.sets import find_gold_set, read_pairs
from tests.engine.conftest import Train, write_text


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """Sentences of the words of WordSim-353."""
    pairs, _ = read_pairs(find_gold_set("wordsim353").path)
    words = list(dict.fromkeys(word.lower() for pair in pairs for word in (pair.first, pair.second)))
    rng = random.Random(1)
    path = tmp_path / "english.txt"
    path.write_text("\n".join(" ".join(rng.choices(words, k=9)) for _ in range(900)), encoding="utf-8")
    return path


@pytest.mark.parametrize("family", ["word2vec", "glove"])
def test_scores_are_told_with_each_check(train_here: Train, english: Path, family: str) -> None:
    done = train_here(english, family=family, epochs=3, vector_size=16, min_count=1)
    checks = [event for event in done.named("evaluated") if event.step > 0]
    assert len(checks) >= 3
    assert all(-1 <= check.metrics[SPEARMAN] <= 1 for check in checks)
    assert ACCURACY not in checks[-1].metrics  # hardly a question has all its words in this text
    assert done.outcome.metrics[SPEARMAN] == checks[-1].metrics[SPEARMAN]
    (notice,) = [event for event in done.named("notice") if event.key == "gold_sets"]
    assert notice.detail.startswith("WordSim-353: 3")
    assert notice.detail.endswith("of 353 pairs are in this vocabulary.")
    summary = RunSummary()
    summary.fold(done.events)
    assert len(summary.series[SPEARMAN]) == len(done.named("evaluated"))
    assert summary.main_metric == VAL_LOSS


@pytest.mark.parametrize("family", ["word2vec", "glove"])
def test_a_text_without_these_words_is_not_measured_by_them(
    train_here: Train, tmp_path: Path, family: str
) -> None:
    done = train_here(write_text(tmp_path / "topics.txt"), family=family, epochs=2, vector_size=16)
    assert {name for event in done.named("evaluated") for name in event.metrics} == {"train/loss", VAL_LOSS}
    assert not [event for event in done.named("notice") if event.key == "gold_sets"]


CITIES = ["北京", "上海", "河流", "高山", "音乐", "诗歌", "国王", "王后", "战争", "和平", "太阳", "月亮"]


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    rng = random.Random(1)
    path = tmp_path / "chinese.txt"
    path.write_text("\n".join(" ".join(rng.choices(CITIES, k=9)) for _ in range(600)), encoding="utf-8")
    return path


@pytest.mark.parametrize("family", ["word2vec", "glove"])
def test_a_file_of_ones_own_is_measured_while_training(
    train_here: Train, chinese: Path, tmp_path: Path, family: str
) -> None:
    own = tmp_path / "mine.txt"
    own.write_text(
        "".join(f"{one} {two} {n % 7}\n" for n, (one, two) in enumerate(pairwise(CITIES))),
        encoding="utf-8",
    )
    done = train_here(
        chinese, family=family, epochs=3, vector_size=16, min_count=1, gold_set=str(own), preparation="none"
    )
    checks = [event for event in done.named("evaluated") if event.step > 0]
    assert all(-1 <= check.metrics[SPEARMAN] <= 1 for check in checks)
    (notice,) = [event for event in done.named("notice") if event.key == "gold_sets"]
    assert notice.detail == "mine.txt: 11 of 11 pairs are in this vocabulary."


def test_own_analogies_take_the_place_of_the_ready_ones(
    train_here: Train, chinese: Path, tmp_path: Path
) -> None:
    own = tmp_path / "mine.txt"
    own.write_text(
        ": all\n" + "".join(f"{' '.join(CITIES[n : n + 4])}\n" for n in range(9)) * 2, encoding="utf-8"
    )
    done = train_here(chinese, epochs=2, vector_size=16, min_count=1, gold_set=str(own), preparation="none")
    assert 0 <= done.named("evaluated")[-1].metrics[ACCURACY] <= 1


def test_an_own_file_whose_words_are_not_there_says_so(
    train_here: Train, chinese: Path, tmp_path: Path
) -> None:
    own = tmp_path / "mine.txt"
    own.write_text("cat dog 3\nhouse tree 1\n", encoding="utf-8")
    done = train_here(chinese, epochs=2, vector_size=16, min_count=1, gold_set=str(own), preparation="none")
    (notice,) = [event for event in done.named("notice") if event.key == "gold_sets"]
    assert notice.detail == "mine.txt: only 0 of 2 pairs are in this vocabulary, too few to be measured."


def test_an_own_file_that_holds_nothing_is_refused_before_anything_long(
    train_here: Train, chinese: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="There is no gold set or file named"):
        train_here(chinese, epochs=1, gold_set=str(tmp_path / "gone.txt"))
    own = tmp_path / "mine.txt"
    own.write_text("a b\n" * 30, encoding="utf-8")
    with pytest.raises(ModelError):
        train_here(chinese, epochs=1, gold_set=str(own))
