"""Answering questions from a text: the piece of the context that answers, or that there is none.

After Devlin et al. 2019, sections 4.2 and 4.3, https://arxiv.org/abs/1810.04805: the network says for every token how
well an answer would begin and end there; "no answer" begins and ends at the token that begins the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from ptft_gui.core.errors import SpecError
from ptft_gui.engine.finetune.silence import best_threshold
from ptft_gui.engine.finetune.spans import (
    LONGEST_ANSWER_SIGNS,
    LONGEST_ANSWER_TOKENS,
    Found,
    find_spans,
    token_span,
)
from ptft_gui.engine.finetune.task import Answer, Example, Measured, Row, Scores, Task, TaskBatch
from ptft_gui.engine.finetune.windows import Window, fast_tokenizer, make_windows
from ptft_gui.engine.metrics_answers import definition_for, report_of_answers, score_answer

BETWEEN = "---"
_ROWS_LOOKED_AT = 300
_LONGEST_OF_ALL = 400
_TOPN = 5
NO_ANSWER_THRESHOLD = "no_answer_threshold"
"""In ``ptft.json`` and ``config.json``: a question whose margin is greater has no answer."""


class QuestionAnswering(Task):
    """Of the rows' ``question``, ``context``, ``answers`` and ``answer_starts``; a typed row has the first two.

    Of several right answers the first that stands whole in a window is learned, as in the programs for SQuAD.
    """

    key = "question-answering"
    model_class = "AutoModelForQuestionAnswering"
    head = "tokens"
    loss_words = "nats per window, the mean of start and end"
    score_name = "f1"

    def __init__(self, values: Mapping[str, Any], tokenizer: Any, labels: Sequence[str] = ()) -> None:
        super().__init__(values, fast_tokenizer(tokenizer), labels)
        self._threshold = float(values.get(NO_ANSWER_THRESHOLD) or 0.0)

    @classmethod
    def learned_from(cls, rows: Iterable[Row]) -> dict[str, Any]:
        """``may_be_silent``: some questions have no answer; ``unanswerable``: how many have none;
        ``answer_definition``: by which definition scores are counted; ``longest_answer``: in tokens, longer pieces are
        not looked for."""
        contexts: list[str] = []
        unanswerable, signs = 0, []
        for row in rows:
            unanswerable += not row["answers"]
            signs += [len(answer) for answer in row["answers"][:1]]
            if len(contexts) < _ROWS_LOOKED_AT:
                contexts.append(row["context"][:500])
        definition = definition_for(contexts)
        longest = LONGEST_ANSWER_TOKENS
        if definition == "cmrc":
            most = int(np.percentile(signs, 99)) if signs else 0
            longest = min(max(LONGEST_ANSWER_SIGNS, most), _LONGEST_OF_ALL)
        return {
            "may_be_silent": unanswerable > 0,
            "unanswerable": unanswerable,
            "answer_definition": definition,
            "longest_answer": longest,
        }

    # --- rows to examples --------------------------------------------------------------------------------------

    def encode(self, rows: Sequence[Row], first: int = 0) -> list[Example]:
        questions, contexts = ([str(row[key]) for row in rows] for key in ("question", "context"))
        windows, cut = make_windows(self.tokenizer, questions, contexts, self.longest)
        of_row: list[list[Window]] = [[] for _ in rows]
        for window in windows:
            of_row[window.row].append(window)
        examples = []
        for number, row in enumerate(rows):
            targets, is_lost = _targets_of(row, of_row[number])
            for window, target in zip(of_row[number], targets, strict=True):
                notes: dict[str, Any] = {"window": window} | ({"lost": True} if is_lost else {})
                examples.append(
                    Example(window.ids, window.segments, target, first + number, cut[number], notes)
                )
        return examples

    def targets(self, examples: Sequence[Example], length: int) -> torch.Tensor:
        """Shape (n, 2): the tokens at which the answer begins and ends."""
        return torch.tensor([example.target or (0, 0) for example in examples], dtype=torch.int64)

    # --- the head ----------------------------------------------------------------------------------------------

    @property
    def outputs(self) -> int:
        return 2

    def head_settings(self) -> dict[str, Any]:
        return dict(self.settled)

    def loss_sum(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        padding = batch.mask.to(scores.device)[:, : scores.shape[1], None] == 0
        kept = scores.float().masked_fill(padding, -torch.inf)  # (n, L, 2)
        starts, ends = (
            functional.cross_entropy(kept[:, :, side], batch.targets[:, side], reduction="sum")
            for side in (0, 1)
        )
        return (starts + ends) / 2

    # --- answers and scores ------------------------------------------------------------------------------------

    def answers(
        self, scores: Sequence[Scores], examples: Sequence[Example], rows: Sequence[Row]
    ) -> list[Answer]:
        """``question context answers answer start end score margin``: the piece of the context, an empty one where
        there is no answer, with its place and share; ``answers`` are the right ones, None where unknown. ``margin``:
        by how many nats saying nothing is worth more than the best piece, None where no piece was found."""
        windows: list[list[Window]] = [[] for _ in rows]
        found: list[list[Scores]] = [[] for _ in rows]
        for pair, example in zip(scores, examples, strict=True):
            windows[example.row].append(example.notes["window"])
            found[example.row].append(pair)
        return [
            self._answer(row, self._found(str(row["context"]), own, pairs))
            for row, own, pairs in zip(rows, windows, found, strict=True)
        ]

    def _found(self, context: str, windows: Sequence[Window], scores: Sequence[Scores]) -> Found:
        return find_spans(context, windows, scores, self._longest_answer(context), _TOPN)

    def _longest_answer(self, context: str) -> int:
        """In tokens; a model from elsewhere does not tell, so it is what its language usually needs."""
        if known := self.values.get("longest_answer"):
            return int(known)
        return LONGEST_ANSWER_SIGNS if definition_for([context]) == "cmrc" else LONGEST_ANSWER_TOKENS

    def _answer(self, row: Row, found: Found) -> Answer:
        context = str(row["context"])
        pieces = [[context[s.start : s.end], s.start, s.end, round(s.share, 6)] for s in found.spans]
        # Rounded before it decides, so that what is recorded tells why.
        margin = round(found.margin, 4) if found.spans else None
        return self._told(row, pieces, margin, round(found.silence_share, 6))

    def _told(
        self, row: Row, pieces: Sequence[Sequence[Any]], margin: float | None, silence: float
    ) -> Answer:
        """``pieces``: text, start, end and share, the best first; ``silence``: the share of saying nothing."""
        context = str(row["context"])
        is_silent = margin is None or (bool(self.values.get("may_be_silent")) and margin > self._threshold)
        text, start, end, share = ("", None, None, silence) if is_silent else pieces[0]
        told = {"answer": text, "start": start, "end": end, "score": share}
        right = row.get("answers")
        record = {
            "question": str(row["question"]),
            "context": context,
            "answers": None if right is None else list(right),
            **told,
            "margin": margin,
        }
        return Answer(record, {**told, "pieces": pieces, "silence": silence})

    def settle(self, answers: Sequence[Answer], rows: Sequence[Row]) -> list[Answer]:
        """Choose from which margin on nothing is said, where some questions have no answer."""
        definition = self.values.get("answer_definition", "squad")
        known = [
            (answer.record["margin"], answer.shown["pieces"][0][0], row["answers"])
            for answer, row in zip(answers, rows, strict=True)
            if row.get("answers") is not None and answer.record["margin"] is not None
        ]
        if not self.values.get("may_be_silent") or all(right for _, _, right in known):
            return list(answers)
        self._threshold = best_threshold(
            [margin for margin, _, _ in known],
            [score_answer(piece, right, definition).f1 for _, piece, right in known],
            [bool(right) for _, _, right in known],
        )
        self.settled = {NO_ANSWER_THRESHOLD: self._threshold}
        return [
            self._told(row, answer.shown["pieces"], answer.record["margin"], answer.shown["silence"])
            for answer, row in zip(answers, rows, strict=True)
        ]

    def measure(self, answers: Sequence[Answer], rows: Sequence[Row]) -> Measured:
        """Also notes ``exact`` and ``f1`` in each answer's record."""
        definition = self.values.get("answer_definition", "squad")
        told, right = [], []
        for answer, row in zip(answers, rows, strict=True):
            if row.get("answers") is None:
                continue
            told.append(answer.record["answer"])
            right.append(row["answers"])
            score = score_answer(told[-1], right[-1], definition)
            answer.record.update(exact=score.exact, f1=round(score.f1, 6))
        report = {**report_of_answers(told, right, definition), **self.settled}
        return Measured({"exact_match": report["exact_match"], "f1": report["f1"]}, report)

    def guessing(self, rows: Sequence[Row]) -> dict[str, float]:
        """Every token of a window alike."""
        if not rows:
            return {}
        lengths = np.array([len(example) for example in self.encode(rows[:_ROWS_LOOKED_AT])])
        return {"loss": float(np.log(lengths).mean())}

    # --- probes ------------------------------------------------------------------------------------------------

    def row_of_probe(self, probe: str) -> Row:
        """The question, a line of three hyphens, the text that may hold the answer; or all of it on one line."""
        mark = f"\n{BETWEEN}\n" if f"\n{BETWEEN}\n" in probe else f" {BETWEEN} "
        question, line, context = probe.partition(mark)
        if not line or not question.strip() or not context.strip():
            raise SpecError(
                "A probe holds no question with its text.",
                f'It reads "{probe[:80]}".',
                f"Write the question, a line with {BETWEEN}, and the text that may hold the answer.",
                key="probes",
            )
        return {"question": question.strip(), "context": context}


def _targets_of(row: Row, windows: Sequence[Window]) -> tuple[list[tuple[int, int] | None], bool]:
    """The first and last token to learn in each window, and whether no window holds an answer that is there."""
    answers = row.get("answers")
    if answers is None:
        return [None] * len(windows), False
    nothing: list[tuple[int, int] | None] = [(window.start, window.start) for window in windows]
    if not answers:
        return nothing, False
    for text, start in zip(answers, row["answer_starts"], strict=True):
        begin, end = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        spans = [token_span(window, begin, end) for window in windows]
        if any(spans):
            return [span or none for span, none in zip(spans, nothing, strict=True)], False
    return [None] * len(windows), True
