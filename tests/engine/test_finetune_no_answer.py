"""Our answers, their shares and "no answer" against the plain search over the scores of starts and ends.

The second implementation follows the definitions only: BERT's program for SQuAD 2.0 (Devlin et al. 2019) for the best
piece and the worth of saying nothing, the question-answering pipeline of transformers for the share. It searches every
pair of tokens, where ours looks at the likeliest ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from ptft_gui.inspection.tasks.answers import answer_question
from ptft_gui.inspection.tasks.opening import TaskModel, open_task_model
from tests.engine.conftest import Train
from tests.engine.test_finetune_token_runs import WHAT, WHERE, WHO, _questions, tune
from tests.inspection.language_models import save_tiny_bert

LONGEST_TOKENS, BLOCK = 30, 24


class PlainSearch:
    """``answer``: the text, where it stands, its share; "" for none."""

    def __init__(self, folder: Path) -> None:
        self.network = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        facts = json.loads((folder / "ptft.json").read_text(encoding="utf-8"))
        self.longest = int(facts["block_size"])
        self.threshold = float(self.network.config.no_answer_threshold)

    def answer(self, question: str, context: str) -> tuple[str, int | None, int | None, float]:
        read = self.tokenizer(
            question, context, truncation="only_second", max_length=self.longest, stride=self.longest // 4,
            return_overflowing_tokens=True, return_offsets_mapping=True,
        )  # fmt: skip
        nothing, silence, best = float("inf"), 0.0, (-float("inf"), 0, 0, 0.0)
        for number, ids in enumerate(read["input_ids"]):
            with torch.no_grad():
                said = self.network(
                    input_ids=torch.tensor([ids]),
                    token_type_ids=torch.tensor([read["token_type_ids"][number]]),
                )
            starts, ends = said.start_logits[0], said.end_logits[0]
            inside = [place for place, part in enumerate(read.sequence_ids(number)) if part == 1]
            nothing = min(nothing, float(starts[0] + ends[0]))
            shares = [scores[[0, *inside]].double().softmax(0) for scores in (starts, ends)]
            for left, first in enumerate(inside):
                for right, last in enumerate(inside[left : left + LONGEST_TOKENS], left):
                    worth = float(starts[first] + ends[last])
                    if worth > best[0]:
                        offsets = read["offset_mapping"][number]
                        share = float(shares[0][left + 1] * shares[1][right + 1])
                        best = (worth, offsets[first][0], offsets[last][1], share)
                        silence = float(shares[0][0] * shares[1][0])
        if nothing - best[0] > self.threshold:
            return "", None, None, silence
        start, end = _whole_words(context, best[1], best[2])
        return context[start:end], start, end, best[3]


def _whole_words(context: str, start: int, end: int) -> tuple[int, int]:
    """As the pipeline does: the tokens of a vocabulary may begin or end an answer within a word."""
    while start and context[start - 1].isalpha():
        start -= 1
    while end < len(context) and context[end].isalpha():
        end += 1
    return start, end


@pytest.fixture(scope="module")
def asked() -> list[tuple[str, str]]:
    """30 questions: short texts and texts of several windows, a third of them without an answer."""
    found = []
    for number in range(30):
        who, what, where = (words[number % len(words)] for words in (WHO, WHAT, WHERE))
        context = f"the {who} wears the {what} in the old {where}"
        if number % 2:
            context = f"{context} and the {WHO[(number + 1) % 4]} wears the {WHAT[(number + 2) % 4]} " * 3
        found.append(("at night" if number % 3 == 0 else "who wears", context.strip()))
    return found


def test_answers_and_silence_are_those_of_the_plain_search(
    train_here: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, str]]
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    start = save_tiny_bert(tmp_path / "tiny", steps=1)
    file = _questions(tmp_path / "asked.json", 60)
    done = tune(train_here, tmp_path, "bert", "question-answering", file, start, epochs=5, block_size=BLOCK)
    model, plain = open_task_model(done.run.path), PlainSearch(done.run.model)
    found = [compare(model, plain, question, context) for question, context in asked]
    assert {"", "queen"} < set(found), "otherwise it has learned too little to show anything"


def compare(model: TaskModel, plain: PlainSearch, question: str, context: str) -> str:
    ours: Any = answer_question(model, question, context)
    text, start, end, share = plain.answer(question, context)
    assert (ours.text, ours.start, ours.end) == (text, start, end)
    assert ours.score == pytest.approx(share, abs=1e-4)
    return text
