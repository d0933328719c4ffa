"""With one thread the vectors are those of a bare gensim script, number for number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gensim.models import Phrases, Word2Vec

from ptft_gui.engine.word2vec.threads import cut_batches
from tests.engine.conftest import Train, write_text


def bare_gensim(sentences: list[list[str]], **options: object) -> Word2Vec:
    return Word2Vec(sentences, workers=1, seed=7, **options)


@pytest.fixture(autouse=True)
def _bare_gensim_may_grumble(allow_log: Callable[[str], None]) -> None:
    """About unusual options and short texts; our own runs never reach the code that says so."""
    allow_log("Both hierarchical softmax and negative sampling are activated")
    allow_log("under 10 jobs per worker")


def assert_same(ours: object, theirs: Word2Vec) -> None:
    vectors = ours.vectors  # type: ignore[attr-defined]
    assert vectors.words == theirs.wv.index_to_key
    assert np.array_equal(vectors.counts, theirs.wv.expandos["count"])
    assert np.array_equal(np.asarray(vectors.vectors), theirs.wv.vectors)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_text(tmp_path / "topics.txt", sentences=500)


@pytest.fixture
def sentences(text: Path) -> list[list[str]]:
    return [line.split() for line in text.read_text().splitlines()]


@pytest.mark.parametrize(("objective", "sg"), [("skip_gram", 1), ("cbow", 0)])
@pytest.mark.parametrize(("hs", "negative"), [(False, 5), (True, 0), (True, 3)])
def test_every_kind_of_model_equals_gensim(
    train_here: Train,
    text: Path,
    sentences: list[list[str]],
    objective: str,
    sg: int,
    hs: bool,
    negative: int,
) -> None:
    ours = train_here(
        text, trainer="gensim", preparation="none", val_fraction=0.0, objective=objective, hs=hs, negative=negative,
        seed=7,
        vector_size=16, window=3, min_count=2, epochs=4, sample=0.01, batch_words=300,
    )  # fmt: skip
    theirs = bare_gensim(
        sentences, sg=sg, hs=int(hs), negative=negative, vector_size=16, window=3, min_count=2, epochs=4,
        sample=0.01, batch_words=300,
    )  # fmt: skip
    assert_same(ours, theirs)


def test_unusual_options_equal_gensim(train_here: Train, text: Path, sentences: list[list[str]]) -> None:
    ours = train_here(
        text, trainer="gensim", preparation="none", val_fraction=0.0, objective="cbow", cbow_mean=False,
        shrink_windows=False,
        ns_exponent=-0.5, max_final_vocab=15, learning_rate=0.05, min_learning_rate=0.01, seed=7, vector_size=8,
        window=2, min_count=1, epochs=3, sample=0.0, batch_words=100,
    )  # fmt: skip
    theirs = bare_gensim(
        sentences, sg=0, cbow_mean=0, shrink_windows=False, ns_exponent=-0.5, max_final_vocab=15, alpha=0.05,
        min_alpha=0.01, vector_size=8, window=2, min_count=1, epochs=3, sample=0, batch_words=100,
    )  # fmt: skip
    assert_same(ours, theirs)


def test_phrases_equal_gensim(train_here: Train, tmp_path: Path) -> None:
    sentences = [
        line.split() for line in ["we saw new york today", "a new day in york", "old towns sleep"] * 40
    ]
    text = tmp_path / "towns.txt"
    text.write_text("\n".join(" ".join(sentence) for sentence in sentences) + "\n")
    ours = train_here(
        text, trainer="gensim", preparation="none", val_fraction=0.0, phrases=True, phrase_min_count=2,
        phrase_threshold=0.05, seed=7,
        vector_size=8, window=3, min_count=1, epochs=3, sample=0.01,
    )  # fmt: skip
    joined = Phrases(sentences, min_count=2, threshold=0.05)[sentences]
    theirs = bare_gensim(
        list(joined), sg=1, negative=5, vector_size=8, window=3, min_count=1, epochs=3, sample=0.01
    )
    assert "new_york" in theirs.wv.index_to_key
    assert_same(ours, theirs)


def test_the_smallest_example_answers_as_gensim_does(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "smallest.txt"
    text.write_text("king rules land\nqueen rules land\nking loves queen\n")
    ours = train_here(text, trainer="gensim", vector_size=3, window=1, min_count=1, seed=7)
    values = ours.named("resolved")[0].values
    sentences = [line.split() for line in text.read_text().splitlines()]
    theirs = bare_gensim(
        sentences,
        sg=1,
        vector_size=3,
        window=1,
        min_count=1,
        epochs=values["epochs"],
        sample=values["sample"],
    )
    assert_same(ours, theirs)
    probes = [probe for probe in ours.named("probe") if probe.name == "king"]
    expected = theirs.wv.most_similar("king", topn=8)
    assert [word for word, _ in probes[-1].answer] == [word for word, _ in expected]
    assert np.allclose([cosine for _, cosine in probes[-1].answer], [c for _, c in expected], atol=1e-4)
    assert any(notice.key == "nothing_held_out" for notice in ours.named("notice"))


def test_batches_are_cut_where_gensim_cuts_them() -> None:
    sentences = [["a"] * n for n in (12, 3, 4, 4, 9, 1)]
    batches = list(cut_batches(sentences, batch_words=10))
    assert [batch.words for batch in batches] == [0, 12, 7, 4, 10]
    assert [batch.first for batch in batches] == [0, 0, 1, 3, 4]
