"""Questions with their contexts as examples, and scores as answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import BertTokenizer

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import ModelError, SpecError
from ptft_gui.data.examples.prepared import prepare_examples
from ptft_gui.engine.finetune.answering import QuestionAnswering
from ptft_gui.engine.finetune.spans import find_spans, token_span
from ptft_gui.engine.finetune.task import TaskBatch
from ptft_gui.engine.finetune.windows import make_windows
from ptft_gui.engine.finetune.words import whole_words

_CONTEXT = "the clock of fenny is wound by clara moll. it was built in 1875 by three smiths from dray."


def _tokenizer() -> BertTokenizer:
    """Signs, and a few whole words, so that a word is one token or several."""
    signs = "abcdefghijklmnopqrstuvwxyz0123456789.,?-"
    whole = "the of is by it was in who built clock wound from three".split()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *whole, *signs, *(f"##{sign}" for sign in signs)]
    return BertTokenizer(vocab={piece: number for number, piece in enumerate(pieces)})


def _row(question: str, answer: str | None, context: str = _CONTEXT) -> dict[str, Any]:
    starts = [] if not answer else [context.index(answer)]
    return {
        "question": question,
        "context": context,
        "answers": [answer] if answer else [],
        "answer_starts": starts,
    }


_ROWS = [
    _row("who is it wound by?", "clara moll"),
    _row("in 1875?", "1875"),
    _row("who built it?", "three smiths"),
    _row("is it?", None),
]


def _task(longest: int = 64, **values: Any) -> QuestionAnswering:
    return QuestionAnswering({"block_size": longest, **values}, _tokenizer())


def _perfect(examples: list[Any]) -> list[np.ndarray]:
    scores = []
    for example in examples:
        pair = np.full((len(example), 2), -4, np.float32)
        first, last = example.target
        pair[first, 0] = pair[last, 1] = 4
        scores.append(pair)
    return scores


@pytest.mark.parametrize("longest", [40, 48, 256])
def test_learning_what_the_rows_say_and_reading_it_back_scores_one(longest: int) -> None:
    task = _task(longest, **QuestionAnswering.learned_from(_ROWS))
    examples = task.encode(_ROWS)
    assert all(len(example) <= longest for example in examples)
    assert (len(examples) > len(_ROWS)) == (longest < 100)
    answers = task.answers(_perfect(examples), examples, _ROWS)
    assert [answer.record["answer"] for answer in answers] == ["clara moll", "1875", "three smiths", ""]
    measured = task.measure(answers, _ROWS)
    assert measured.metrics == {"exact_match": 1.0, "f1": 1.0}
    assert measured.report["unanswered"]["rows"] == 1
    assert answers[0].record["exact"] == 1.0


def test_windows_overlap_and_hold_the_whole_context() -> None:
    windows, cut = make_windows(_tokenizer(), ["who?"], [_CONTEXT], 32)
    assert cut == [0]
    held = np.zeros(len(_CONTEXT), int)
    for window in windows:
        for start, end in window.offsets[window.in_context]:
            held[start:end] += 1
    letters = np.array([sign != " " for sign in _CONTEXT])
    assert (held[letters] >= 1).all()
    assert (held[letters] >= 2).any()


def test_a_question_as_long_as_the_window_leaves_room_for_the_context() -> None:
    windows, cut = make_windows(_tokenizer(), ["who " * 200], [_CONTEXT], 40)
    assert cut == [200 - 20]
    assert all(window.in_context.sum() >= 10 for window in windows)


def test_an_answer_that_no_window_holds_is_lost_and_not_learned() -> None:
    row = _row("who?", _CONTEXT[:80])
    examples = _task(32).encode([row])
    assert all(example.target is None and example.notes["lost"] for example in examples)
    assert _task(256).encode([row])[0].target == (
        4,
        4 + len(_tokenizer().tokenize(_CONTEXT[:80].rstrip())) - 1,
    )


def test_the_first_right_answer_that_stands_whole_is_learned() -> None:
    row = {
        **_row("who?", "clara"),
        "answers": ["nobody at all", "clara"],
        "answer_starts": [500, _CONTEXT.index("clara")],
    }
    example = _task(256).encode([row])[0]
    window = example.notes["window"]
    assert example.target == token_span(window, _CONTEXT.index("clara"), _CONTEXT.index("clara") + 5)


def test_the_loss_is_the_mean_of_start_and_end_and_padding_takes_no_part() -> None:
    task = _task(256)
    examples = task.encode(_ROWS[:2])
    length = max(map(len, examples)) + 3
    mask = torch.zeros((2, length), dtype=torch.int64)
    for number, example in enumerate(examples):
        mask[number, : len(example)] = 1
    scores = torch.randn((2, length, 2), generator=torch.Generator().manual_seed(1))
    batch = TaskBatch(mask, mask, None, task.targets(examples, length), 2.0)
    expected = 0.0
    for number, example in enumerate(examples):
        for side in (0, 1):
            shares = torch.softmax(scores[number, : len(example), side], 0)
            expected -= float(torch.log(shares[example.target[side]])) / 2
    assert float(task.loss_sum(scores, batch)) == pytest.approx(expected, rel=1e-5)


def test_the_share_of_a_piece_is_that_of_the_pipeline_of_transformers() -> None:
    """Softmax over the context and the first token, of starts and of ends, multiplied."""
    window = make_windows(_tokenizer(), ["who?"], [_CONTEXT], 256)[0][0]
    pair = np.random.default_rng(2).normal(size=(len(window.ids), 2)).astype(np.float32) * 3
    found = find_spans(_CONTEXT, [window], [pair], longest=15, topn=3)
    counted = window.in_context.copy()
    counted[0] = True
    logits = np.where(counted[:, None], pair, -10_000.0).astype(np.float64)
    shares = np.exp(logits - logits.max(0))
    shares /= shares.sum(0)
    product = np.triu(np.outer(shares[:, 0], shares[:, 1])) - np.triu(
        np.outer(shares[:, 0], shares[:, 1]), 15
    )
    product[0], product[:, 0] = 0, 0
    first, last = np.unravel_index(product.argmax(), product.shape)
    piece = whole_words(_CONTEXT, int(window.offsets[first, 0]), int(window.offsets[last, 1]))
    assert (found.spans[0].start, found.spans[0].end) == piece
    assert found.spans[0].share == pytest.approx(product.max())
    assert found.silence_share == pytest.approx(shares[0, 0] * shares[0, 1])
    assert found.spans[0].share >= found.spans[1].share >= found.spans[2].share


@pytest.mark.parametrize(
    ("text", "piece", "whole"),
    [
        ("the clock of fenny", "lock of fen", "clock of fenny"),
        ("built in 1875 by", "87", "1875"),
        ("it weighs 7kg now", "7", "7"),
        ("of clara moll.", "clara moll", "clara moll"),
        ("of clara moll.", "moll.", "moll."),
        ("Stra\u00dfenbahn Nr. 5", "bahn", "Stra\u00dfenbahn"),
        ("le cafe\u0301s noirs", "caf", "cafe\u0301s"),
        ("\u5317\u4eac\u5927\u5b66\u5728\u54ea\u91cc", "\u4eac\u5927", "\u4eac\u5927"),
        ("\uc11c\uc6b8\uc740 \ud06c\ub2e4", "\uc11c\uc6b8", "\uc11c\uc6b8"),
        ("x" * 10_000, "x" * 30, "x" * 30),
        ("two words", " ", " "),
        ("", "", ""),
    ],
)
def test_a_piece_never_begins_or_ends_within_a_word(text: str, piece: str, whole: str) -> None:
    start = text.index(piece)
    first, last = whole_words(text, start, start + len(piece))
    assert text[first:last] == whole


def test_an_answer_of_word_pieces_is_told_in_whole_words() -> None:
    """ "fenny" is five tokens, of which the network chose the middle ones; two choices within it are one answer."""
    task = _task(256)
    row = _row("which clock?", "fenny")
    examples = task.encode([row])
    first, last = examples[0].target
    pair = np.full((len(examples[0]), 2), -9, np.float32)
    pair[first + 1, 0] = pair[last - 1, 1] = 8
    pair[first + 2, 0] = pair[last, 1] = 6
    place = _CONTEXT.index("moll")
    name = token_span(examples[0].notes["window"], place, place + 4)
    assert name is not None
    pair[name[0], 0] = pair[name[1], 1] = 5
    answer = task.answers([pair], examples, [row])[0]
    assert (answer.record["answer"], answer.record["start"]) == ("fenny", _CONTEXT.index("fenny"))
    assert task.measure([answer], [row]).metrics == {"exact_match": 1.0, "f1": 1.0}
    told = [piece[0] for piece in answer.shown["pieces"]]
    assert "moll" in told
    assert len(told) == len(set(told))
    assert not any(text in ("enn", "enny", "nny") for text in told)


def test_silence_needs_questions_without_an_answer_to_have_been_learned() -> None:
    row = _ROWS[0]
    for may_be_silent, told in ((False, "clara moll"), (True, "")):
        task = _task(256, may_be_silent=may_be_silent)
        examples = task.encode([row])
        quiet = _perfect(examples)[0]
        quiet[0] = 9
        answer = task.answers([quiet], examples, [row])[0]
        assert answer.record["answer"] == told
        assert answer.record["margin"] == pytest.approx(18 - 8)


def test_an_empty_context_has_no_answer() -> None:
    row = {"question": "who?", "context": ""}
    task = _task()
    examples = task.encode([row])
    answer = task.answers([np.zeros((len(examples[0]), 2), np.float32)], examples, [row])[0]
    assert (answer.record["answer"], answer.record["answers"]) == ("", None)


def test_a_probe_is_a_question_a_line_and_a_text() -> None:
    assert _task().row_of_probe("who?\n---\nclara moll") == {"question": "who?", "context": "clara moll"}
    with pytest.raises(SpecError, match="A probe holds no question with its text"):
        _task().row_of_probe("who is it?")


def test_a_tokenizer_that_does_not_tell_places_is_refused() -> None:
    class Slow:
        is_fast = False

    with pytest.raises(ModelError, match="does not tell where its tokens stand"):
        QuestionAnswering({"block_size": 64}, Slow())


@pytest.mark.real_data
@pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set")
@pytest.mark.parametrize(
    ("name", "vocabulary", "definition", "most_lost"),
    [
        ("xquad/xquad.en.json", "bert-base-uncased", "squad", 0),
        ("cmrc2018/cmrc2018_trial.json", "bert-base-chinese", "cmrc", 6),
    ],
)
def test_real_questions_are_learned_and_read_back(
    tmp_path: Path, name: str, vocabulary: str, definition: str, most_lost: int
) -> None:
    data = Path(os.environ["PTFT_REAL_DATA"])
    tokenizer = BertTokenizer(vocab=str(data / "tokenizers" / vocabulary / "vocab.txt"))
    request = DataRequest(dataset=str(data / name), task="question-answering")
    rows = list(prepare_examples(request, tmp_path).rows("val"))
    values = QuestionAnswering.learned_from(rows)
    assert values["answer_definition"] == definition
    task = QuestionAnswering({"block_size": 384, **values}, tokenizer)
    examples = task.encode(rows)
    lost = {example.row for example in examples if example.notes.get("lost")}
    assert len(lost) <= most_lost
    kept = [row for number, row in enumerate(rows) if number not in lost]
    examples = task.encode(kept)
    answers = task.answers(_perfect(examples), examples, kept)
    assert task.measure(answers, kept).metrics["f1"] > 0.98
