"""From which margin on nothing is said, against trying every margin with official scores of its own."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from transformers import BertTokenizer

from ptft_gui.engine.finetune.answering import NO_ANSWER_THRESHOLD, QuestionAnswering
from ptft_gui.engine.finetune.silence import best_threshold

_CONTEXT = "clara moll wound the clock of fenny in may"
_WORDS = _CONTEXT.split()


def _official_f1(answer: str, golds: list[str]) -> float:
    """As the evaluation program of SQuAD 2.0 describes it; written anew."""

    def words(text: str) -> list[str]:
        return re.sub(r"\b(a|an|the)\b", " ", text.lower()).split()

    best = 0.0
    for gold in golds or [""]:
        mine, right = words(answer), words(gold)
        if not mine or not right:
            best = max(best, float(mine == right))
            continue
        same = sum((Counter(mine) & Counter(right)).values())
        best = max(best, 2 * same / (len(mine) + len(right)))
    return best


@pytest.mark.parametrize("seed", range(20))
def test_no_other_margin_scores_better(seed: int) -> None:
    draw = random.Random(seed)
    count = draw.randint(1, 40)
    margins = [round(draw.uniform(-3, 3), draw.choice([0, 4])) for _ in range(count)]
    has_answers = [draw.random() < 0.6 for _ in range(count)]
    f1 = [draw.choice([0.0, 0.5, 1.0]) if has else 0.0 for has in has_answers]

    def mean_f1(threshold: float) -> float:
        kept = [m <= threshold for m in margins]
        return float(
            np.mean([s if k else float(not h) for k, s, h in zip(kept, f1, has_answers, strict=True)])
        )

    best = max(map(mean_f1, [*margins, 0.0, -100.0]))
    assert mean_f1(best_threshold(margins, f1, has_answers)) == pytest.approx(best)


def test_the_usual_margin_stays_where_none_is_better_and_silence_may_be_best() -> None:
    assert best_threshold([-1.0, -2.0, 2.0], [1.0, 1.0, 0.0], [True, True, False]) == 0.0
    assert best_threshold([1.5, 1.0, 2.0], [1.0, 1.0, 0.0], [True, True, False]) == 1.5
    assert best_threshold([-3.0, -2.0], [0.0, 0.0], [False, False]) < -3.0
    with pytest.raises(ValueError, match="no question"):
        best_threshold([], [], [])


def _task(**values: Any) -> QuestionAnswering:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "who", "?", *dict.fromkeys(_WORDS)]
    tokenizer = BertTokenizer(vocab={piece: number for number, piece in enumerate(pieces)})
    return QuestionAnswering({"block_size": 32, "may_be_silent": True, **values}, tokenizer)


def _rows(count: int, draw: random.Random) -> list[dict[str, Any]]:
    rows = []
    for _ in range(count):
        first = draw.randrange(len(_WORDS) - 2)
        answer = " ".join(_WORDS[first : first + draw.randint(1, 2)])
        answers = [answer] if draw.random() < 0.6 else []
        starts = [_CONTEXT.index(answer) for answer in answers]
        rows.append({"question": "who?", "context": _CONTEXT, "answers": answers, "answer_starts": starts})
    return rows


def test_the_margin_chosen_on_held_out_questions_is_that_of_the_best_official_f1() -> None:
    draw = random.Random(5)
    rows = _rows(60, draw)
    chance = np.random.default_rng(5)
    task = _task()
    examples = task.encode(rows)
    scores = []
    for example in examples:
        pair = chance.normal(0, 1, (len(example), 2)).astype(np.float32)
        first, last = example.target
        pair[first, 0] += 2.5
        pair[last, 1] += 2.5
        pair[0] += 1.5  # it keeps silent too often by itself
        scores.append(pair)
    before = task.answers(scores, examples, rows)
    after = task.settle(before, rows)
    chosen = task.settled[NO_ANSWER_THRESHOLD]

    def official(threshold: float) -> float:
        said = [
            "" if answer.record["margin"] > threshold else str(answer.shown["pieces"][0][0])
            for answer in before
        ]
        return float(np.mean([_official_f1(s, row["answers"]) for s, row in zip(said, rows, strict=True)]))

    best = max(official(float(answer.record["margin"])) for answer in before)
    measured = task.measure(after, rows)
    assert official(chosen) == pytest.approx(best)
    assert measured.metrics["f1"] == pytest.approx(best)
    assert (task.measure(before, rows).metrics["f1"] or 0.0) < best
    assert measured.report[NO_ANSWER_THRESHOLD] == chosen
    # the model that is kept answers with it, wherever it is asked
    kept = _task(**{NO_ANSWER_THRESHOLD: chosen}).answers(scores, examples, rows)
    assert [answer.record for answer in kept] == [
        {key: value for key, value in answer.record.items() if key not in ("exact", "f1")} for answer in after
    ]
    assert task.head_settings() == {NO_ANSWER_THRESHOLD: chosen}


def test_where_every_question_has_an_answer_nothing_is_chosen() -> None:
    rows = [row for row in _rows(40, random.Random(1)) if row["answers"]]
    task = _task(may_be_silent=False)
    examples = task.encode(rows)
    answers = task.answers([np.zeros((len(e), 2), np.float32) for e in examples], examples, rows)
    assert task.settle(answers, rows) == answers
    assert task.settled == {}
