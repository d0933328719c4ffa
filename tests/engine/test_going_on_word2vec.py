"""Word2Vec that goes on from a run, a model folder or a vector file: old words kept, new ones learned."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.events import Finished
from ptft_gui.core.wording import percent_text
from ptft_gui.data import little_kingdom
from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.vectors import WordVectors
from ptft_gui.inspection.model import open_model
from ptft_gui.inspection.similarity import analogy
from tests.engine.conftest import TOPICS, FinishedRun, Train, write_text

NEW_WORDS = {"sea": ["whale", "anchor"], "farm": ["goat", "barley"], "sky": ["comets", "nebula"]}


def write_more(path: Path, sentences: int = 900, seed: int = 5) -> Path:
    """The topics again, with new words among the old ones of each."""
    rng = random.Random(seed)
    lines = []
    for _ in range(sentences):
        topic = rng.choice(list(TOPICS))
        lines.append(" ".join(rng.choices(TOPICS[topic][:6] + NEW_WORDS[topic], k=rng.randint(4, 9))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def similarity(vectors: WordVectors, left: str, right: str) -> float:
    a, b = (vectors.vectors[vectors.index[word]] for word in (left, right))
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def rows(vectors: WordVectors, words: list[str]) -> np.ndarray:
    return np.array([vectors.vectors[vectors.index[word]] for word in words])


def ended(done: FinishedRun) -> FinishedRun:
    """The run as its worker leaves it: only an ended run may be started from."""
    writer = EventWriter(done.run.events_file)
    writer.write(Finished(step=done.outcome.step, reason="length"))
    writer.close()
    return done


def stop_at_step_9(reporter: Reporter) -> None:
    report = reporter.step

    def reporting(number: int, **values: float | None) -> None:
        report(number, **values)
        if number == 9:
            reporter.control.stop(None)

    reporter.step = reporting  # type: ignore[method-assign]


@pytest.fixture
def first(train_here: Train, tmp_path: Path) -> FinishedRun:
    text = write_text(tmp_path / "topics.txt", sentences=1500)
    return ended(train_here(text, epochs=8, vector_size=16, batch_words=500, sample=0.0))


@pytest.fixture
def more(tmp_path: Path) -> Path:
    return write_more(tmp_path / "more.txt")


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
@pytest.mark.parametrize("output", [{"negative": 5}, {"negative": 0, "hs": True}])
def test_frozen_words_stay_bit_for_bit_and_new_ones_find_their_topic(
    train_here: Train, first: FinishedRun, more: Path, objective: str, output: dict[str, object]
) -> None:
    settings = {"epochs": 8, "batch_words": 500, "sample": 0.0, "objective": objective, "learning_rate": 0.05}
    done = train_here(more, init=first.run.path, initial_words="frozen", **settings, **output)

    before, after = first.vectors, done.vectors
    old = list(before.words)
    assert set(after.words) == set(old) | {word for words in NEW_WORDS.values() for word in words}
    assert np.array_equal(rows(after, old), rows(before, old))
    for topic, words in NEW_WORDS.items():
        for word in words:
            near = np.mean([similarity(after, word, other) for other in TOPICS[topic][:6]])
            far = np.mean([similarity(after, word, o) for t in TOPICS if t != topic for o in TOPICS[t][:6]])
            assert near > far + 0.2, word


def test_free_words_move_and_those_the_text_lacks_stay(
    train_here: Train, first: FinishedRun, more: Path
) -> None:
    done = train_here(more, init=first.run.path, epochs=3, batch_words=500, sample=0.0)
    before, after = first.vectors, done.vectors
    absent = [word for words in TOPICS.values() for word in words[6:]]
    assert np.array_equal(rows(after, absent), rows(before, absent))
    present = [word for words in TOPICS.values() for word in words[:6]]
    assert (rows(after, present) != rows(before, present)).any(axis=1).all()
    counts = dict(zip(after.words, after.counts.tolist(), strict=True))
    old_counts = dict(zip(before.words, before.counts.tolist(), strict=True))
    assert all(counts[word] == old_counts[word] for word in absent)
    assert all(counts[word] > old_counts[word] for word in present)
    assert list(after.counts) == sorted(after.counts, reverse=True)


def test_what_was_taken_over_is_recorded(train_here: Train, first: FinishedRun, more: Path) -> None:
    done = train_here(more, init=first.run.path, epochs=1, batch_words=500)
    values = done.named("resolved")[0].values
    facts = values["initial"]
    assert (facts["words"], facts["shared"], facts["new"]) == (24, 18, 6)
    assert facts["name"] == first.run.title()
    assert facts["source"] == str(first.run.path)
    assert 0.6 < facts["known_share"] < 0.9
    assert len(facts["fingerprint"]) == 64
    assert values["vector_size"] == 16
    assert values["vocabulary_size"] == 30
    assert done.vectors.config["initial"] == facts | {"kept": "free"}
    told = [notice.message for notice in done.named("notice") if notice.key == "start"]
    assert told == [f"{first.run.title()} knows {percent_text(facts['known_share'])} of this text's words."]


def test_the_output_layer_comes_along_from_a_run_and_not_from_a_folder(
    train_here: Train, first: FinishedRun, more: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(first.run.model, tmp_path / "their model")
    of_run = train_here(more, init=first.run.path, epochs=1, batch_words=500)
    of_folder = train_here(more, init=folder, epochs=1, batch_words=500)
    begins = [done.named("evaluated")[0].metrics["train/loss"] for done in (of_run, of_folder)]
    assert begins[0] < begins[1] - 0.5
    told = [notice.message for notice in of_folder.named("notice")]
    assert any("only the finished vectors" in message for message in told)


def test_going_on_is_exactly_resumed(train_here: Train, first: FinishedRun, more: Path) -> None:
    settings = {"batch_words": 500, "initial_words": "frozen"}
    whole = train_here(more, init=first.run.path, epochs=4, **settings)
    half = train_here(more, init=first.run.path, epochs=4, on_start=stop_at_step_9, **settings)
    assert half.outcome.step < whole.outcome.step
    request = {
        "checkpoint": newest_whole(half.run.checkpoints),
        "resolved": half.named("resolved")[0].values,
    }
    again = train_here(more, run=half.run, request=request)
    assert list(again.vectors.words) == list(whole.vectors.words)
    assert np.array_equal(again.vectors.vectors, whole.vectors.vectors)


def test_a_start_that_changed_or_went_is_told_before_a_resume(
    train_here: Train, first: FinishedRun, more: Path
) -> None:
    done = train_here(more, init=first.run.path, epochs=1, batch_words=500)
    request = {
        "checkpoint": newest_whole(done.run.checkpoints),
        "resolved": done.named("resolved")[0].values,
    }
    vocabulary = first.run.model / "vocab.jsonl"
    vocabulary.write_text(vocabulary.read_text(encoding="utf-8").replace("ship", "shop"), encoding="utf-8")
    with pytest.raises(PtftError, match="has changed since"):
        train_here(more, run=done.run, request=request)
    shutil.rmtree(first.run.model)
    with pytest.raises(PtftError, match="can no longer be read"):
        train_here(more, run=done.run, request=request)


def test_another_vector_size_is_refused_with_the_right_one(
    train_here: Train, first: FinishedRun, more: Path, tmp_path: Path
) -> None:
    file = tmp_path / "v.txt"
    file.write_text("ship 1 2 3\nwave 3 4 5\n", encoding="utf-8")
    with pytest.raises(SpecError, match="have 3 numbers each") as caught:
        train_here(more, init=file, vector_size=16, epochs=1)
    assert caught.value.remedies[0].argument == {"vector_size": 3}


def test_a_text_in_another_language_is_warned_of(
    train_here: Train, first: FinishedRun, tmp_path: Path
) -> None:
    text = tmp_path / "other.txt"
    lines = write_text(tmp_path / "t.txt", sentences=200).read_text(encoding="utf-8")
    turned = str.maketrans({chr(97 + i): chr(0x3B1 + i % 24) for i in range(26)})
    text.write_text(lines.translate(turned), encoding="utf-8")
    done = train_here(text, init=first.run.path, epochs=1, batch_words=500)
    warning = next(notice for notice in done.named("notice") if notice.level == "warning")
    assert warning.message == f"{first.run.title()} knows 0 % of this text's words."


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["free", "frozen"])
def test_the_kingdom_learned_in_two_halves_is_one(train_here: Train, tmp_path: Path, kept: str) -> None:
    """Crowns first, the plain people afterwards: what joins them is right although no text held both."""
    royals = {"king", "queen", "prince", "princess"}
    texts: dict[bool, list[str]] = {True: [], False: []}
    for sentence in little_kingdom.sentences():
        texts[bool(royals & set(sentence.split()))].append(sentence)
    for is_royal, lines in texts.items():
        (tmp_path / f"{is_royal}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {"epochs": 20, "sample": 0.01, "min_count": 5}
    first = ended(train_here(tmp_path / "True.txt", vector_size=32, **settings))
    assert "woman" not in first.vectors.index
    rate = 0.0125 if kept == "free" else 0.025
    done = train_here(
        tmp_path / "False.txt", init=first.run.path, initial_words=kept, learning_rate=rate, **settings
    )
    model = open_model(ended(done).run)
    for question, answer in (
        ("king - man + woman", "queen"),
        ("queen - woman + man", "king"),
        ("prince - boy + girl", "princess"),
    ):
        assert analogy(model, question, 1).neighbours[0].word == answer


def test_capitals_that_hide_what_a_start_knows_are_told(
    train_here: Train, first: FinishedRun, more: Path
) -> None:
    capitals = more.with_name("capitals.txt")
    capitals.write_text(more.read_text(encoding="utf-8").title(), encoding="utf-8")
    told = train_here(capitals, init=first.run.path, preparation="none", epochs=1).named("notice")
    sentence = next(notice for notice in told if "In small letters" in notice.message)
    assert "0 %" in sentence.detail
    assert "All in lower case" in sentence.hint
    told = train_here(more, init=first.run.path, preparation="none", epochs=1).named("notice")
    assert not any("In small letters" in notice.message for notice in told)
