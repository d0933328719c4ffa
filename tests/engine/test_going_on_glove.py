"""GloVe that goes on from a run, a vector file, or what another family learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.glove.kernel import FROZEN_SQUARES, W_SQUARES
from ptft_gui.engine.glove.state import LAYERS_FILE
from ptft_gui.engine.vectors import map_tensor
from tests.engine.conftest import TOPICS, FinishedRun, Train, write_text
from tests.engine.test_going_on_word2vec import (
    NEW_WORDS,
    ended,
    rows,
    similarity,
    stop_at_step_9,
    write_more,
)


@pytest.fixture
def first(train_here: Train, tmp_path: Path) -> FinishedRun:
    text = write_text(tmp_path / "topics.txt", sentences=1500)
    return ended(train_here(text, family="glove", epochs=20, vector_size=16, window=5))


@pytest.fixture
def more(tmp_path: Path) -> Path:
    return write_more(tmp_path / "more.txt")


def topics_hold(done: FinishedRun) -> None:
    for topic, words in NEW_WORDS.items():
        for word in words:
            near = np.mean([similarity(done.vectors, word, other) for other in TOPICS[topic][:6]])
            strangers = [other for name in TOPICS if name != topic for other in TOPICS[name][:6]]
            far = np.mean([similarity(done.vectors, word, other) for other in strangers])
            assert near > far + 0.1, word


@pytest.mark.parametrize("is_imported", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_frozen_words_stay_bit_for_bit_and_new_ones_find_their_topic(
    train_here: Train, first: FinishedRun, more: Path, tmp_path: Path, is_imported: bool, workers: int
) -> None:
    start = first.run.path
    if is_imported:
        start = tmp_path / "v.txt"
        lines = [
            " ".join([word, *map(repr, row.tolist())])
            for word, row in zip(first.vectors.words, first.vectors.vectors, strict=True)
        ]
        start.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = train_here(
        more, init=start, family="glove", epochs=30, window=5, initial_words="frozen", workers=workers
    )
    old = list(first.vectors.words)
    assert np.array_equal(rows(done.vectors, old), rows(first.vectors, old))
    assert len(done.vectors) == len(old) + 6
    topics_hold(done)


def test_a_run_is_gone_on_from_with_all_that_its_checkpoint_holds(
    train_here: Train, first: FinishedRun, more: Path
) -> None:
    done = train_here(more, init=first.run.path, family="glove", epochs=10, window=5)
    topics_hold(done)
    begin = done.named("evaluated")[0].metrics["train/loss"]
    fresh = train_here(more, family="glove", epochs=1, vector_size=16, window=5)
    assert begin < fresh.named("evaluated")[0].metrics["train/loss"] * 0.8
    assert done.named("resolved")[0].values["initial"]["has_output"] is True
    assert done.named("baseline") == []
    # and on again from there, the words free that were frozen in between
    frozen = ended(train_here(more, init=first.run.path, family="glove", epochs=2, initial_words="frozen"))
    checkpoint = newest_whole(frozen.run.checkpoints)
    assert checkpoint is not None
    assert (map_tensor(checkpoint.path / LAYERS_FILE, "block")[:, W_SQUARES] == FROZEN_SQUARES).any()
    free = train_here(more, init=frozen.run.path, family="glove", epochs=2)
    words = [word for words in TOPICS.values() for word in words[:6]]
    assert (rows(free.vectors, words) != rows(frozen.vectors, words)).any(axis=1).all()


def test_going_on_is_exactly_resumed(train_here: Train, first: FinishedRun, more: Path) -> None:
    settings = {"family": "glove", "epochs": 15, "window": 5, "initial_words": "frozen"}
    whole = train_here(more, init=first.run.path, **settings)
    half = train_here(more, init=first.run.path, on_start=stop_at_step_9, **settings)
    assert half.outcome.step < whole.outcome.step
    request = {
        "checkpoint": newest_whole(half.run.checkpoints),
        "resolved": half.named("resolved")[0].values,
    }
    again = train_here(more, run=half.run, request=request)
    assert list(again.vectors.words) == list(whole.vectors.words)
    assert np.array_equal(again.vectors.vectors, whole.vectors.vectors)


def test_words_of_the_other_family_can_be_a_start(train_here: Train, more: Path, tmp_path: Path) -> None:
    text = write_text(tmp_path / "topics.txt", sentences=1500)
    other = ended(train_here(text, epochs=6, vector_size=16, batch_words=500, sample=0.0))
    done = train_here(more, init=other.run.path, family="glove", epochs=20, window=5)
    topics_hold(done)
    told = [notice.message for notice in done.named("notice")]
    assert any("only the finished vectors" in message for message in told)


def test_a_start_with_joined_words_is_told_of(train_here: Train, more: Path, tmp_path: Path) -> None:
    text = tmp_path / "joined.txt"
    text.write_text(
        "we flew to new york and back home\nthey live in new york by the sea\n" * 60, encoding="utf-8"
    )
    start = ended(train_here(text, epochs=1, vector_size=8, min_count=5, phrases=True, phrase_threshold=0.1))
    done = train_here(more, init=start.run.path, family="glove", epochs=1)
    told = [f"{notice.message} {notice.detail}" for notice in done.named("notice")]
    assert any(
        "joins words" in sentence and "this run reads every word alone" in sentence for sentence in told
    )
    joining = train_here(
        text, init=start.run.path, family="glove", epochs=1, phrases=True, phrase_threshold=0.1
    )
    assert not [notice for notice in joining.named("notice") if "joins words" in notice.message]
