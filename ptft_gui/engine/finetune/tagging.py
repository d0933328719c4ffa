"""Marking names in a text: a tag for every word, learned and answered at its first sub-word.

After Devlin et al. 2019, section 5.3, https://arxiv.org/abs/1810.04805: a word may be several tokens; its tag is what
the network says at the first of them, and the others are neither learned nor asked.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from ptft_gui.core.errors import DataError
from ptft_gui.engine.finetune.task import IGNORED, Answer, Example, Measured, Row, Scores, Task, TaskBatch
from ptft_gui.engine.finetune.windows import fast_tokenizer
from ptft_gui.engine.finetune.words import Spans, find_words, join_words
from ptft_gui.engine.metrics_tags import OUTSIDE, report_of_tags, scheme_of

MOST_TAGS = 500
_MOST_OVERLAP = 64


class Tagging(Task):
    """One tag a word, of the rows' ``tokens`` and ``tags``; of a typed row, ``text``, the words are found first."""

    key = "tagging"
    model_class = "AutoModelForTokenClassification"
    head = "tokens"
    loss_words = "nats per word"
    score_name = "entity_f1"

    def __init__(self, values: Mapping[str, Any], tokenizer: Any, labels: Sequence[str]) -> None:
        super().__init__(values, fast_tokenizer(tokenizer), labels)
        self._number = {label: number for number, label in enumerate(self.labels)}

    @classmethod
    def learned_from(cls, rows: Iterable[Row]) -> dict[str, Any]:
        """``labels``: the tags, the commonest first; ``tag_scheme`` and ``broken_tags``: how they are written, and
        how many break the rules of that; ``tag_counts``. Raises DataError for one tag only, or far too many."""
        counts: Counter[str] = Counter()
        sentences = []
        for row in rows:
            counts.update(row["tags"])
            sentences.append(row["tags"])
            if len(counts) > MOST_TAGS:
                raise DataError(
                    f"The tags have more than {MOST_TAGS} different values.",
                    f"Among them {_some(counts)}.",
                    "Choose another column of tags.",
                )
        if len(counts) < 2:
            seen = f"All {counts.total():,} words bear {_some(counts)}." if counts else "No word bears a tag."
            raise DataError(
                "There is only one kind of tag in the rows to learn from.",
                seen,
                "Choose another column of tags, or add rows in which names are marked.",
            )
        scheme, broken = scheme_of(sentences)
        ordered = sorted(counts, key=lambda tag: (-counts[tag], tag))
        return {
            "labels": ordered,
            "tag_counts": {tag: counts[tag] for tag in ordered},
            "tag_scheme": scheme,
            "broken_tags": broken,
        }

    # --- rows to examples --------------------------------------------------------------------------------------

    def encode(self, rows: Sequence[Row], first: int = 0) -> list[Example]:
        joined = [_text_and_words(row) for row in rows]
        read = self.tokenizer(
            [text for text, _ in joined],
            truncation=True,
            max_length=self.longest,
            stride=min(_MOST_OVERLAP, self.longest // 4),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            verbose=False,
        )
        examples = []
        for number, ids in enumerate(read["input_ids"]):
            row = int(read["overflow_to_sample_mapping"][number])
            text, spans = joined[row]
            special = read["special_tokens_mask"][number]
            firsts = _first_tokens(text, spans, read["offset_mapping"][number], special)
            examples.append(
                Example(
                    ids=np.array(ids, np.int32),
                    target=self._target(rows[row], firsts, len(ids)),
                    row=first + row,
                    notes={"firsts": firsts},
                )
            )
        return examples

    def _target(self, row: Row, firsts: Mapping[int, int], length: int) -> list[int] | None:
        """The number of the tag at the first token of each word, IGNORED at all others."""
        if (tags := row.get("tags")) is None:
            return None
        target = [IGNORED] * length
        for word, token in firsts.items():
            target[token] = self._number.get(tags[word], IGNORED)
        return target

    def targets(self, examples: Sequence[Example], length: int) -> torch.Tensor:
        """Shape (n, L)."""
        filled = torch.full((len(examples), length), IGNORED, dtype=torch.int64)
        for place, example in enumerate(examples):
            if example.target is not None:
                filled[place, : len(example)] = torch.tensor(example.target)
        return filled

    def weight(self, targets: torch.Tensor) -> float:
        return max(float((targets != IGNORED).sum()), 1.0)

    # --- the head ----------------------------------------------------------------------------------------------

    @property
    def outputs(self) -> int:
        return len(self.labels)

    def loss_sum(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        return functional.cross_entropy(
            scores.reshape(-1, scores.shape[-1]).float(),
            batch.targets.reshape(-1),
            ignore_index=IGNORED,
            reduction="sum",
        )

    # --- answers and scores ------------------------------------------------------------------------------------

    def answers(
        self, scores: Sequence[Scores], examples: Sequence[Example], rows: Sequence[Row]
    ) -> list[Answer]:
        """``tokens tags`` (what the file says, where it says so) ``predicted scores``: a tag and its share a word; a
        word that no token stands for is outside of every name. ``spans`` where a text was typed."""
        best: list[dict[int, tuple[int, str, float]]] = [{} for _ in rows]
        for pair, example in zip(scores, examples, strict=True):
            shares = _softmax(pair)
            for word, token in example.notes["firsts"].items():
                room = min(
                    token, len(example) - 1 - token
                )  # where windows overlap, the one that sees more of both sides
                if word not in best[example.row] or best[example.row][word][0] < room:
                    number = int(shares[token].argmax())
                    best[example.row][word] = room, self.labels[number], float(shares[token, number])
        return [self._answer(row, found) for row, found in zip(rows, best, strict=True)]

    def _answer(self, row: Row, found: Mapping[int, tuple[int, str, float]]) -> Answer:
        text, spans = _text_and_words(row)
        words = [text[start:end] for start, end in spans]
        told = [found.get(number, (0, OUTSIDE, 0.0)) for number in range(len(words))]
        predicted = [tag for _, tag, _ in told]
        record: dict[str, Any] = {
            "tokens": words,
            "tags": None if row.get("tags") is None else list(row["tags"]),
            "predicted": predicted,
            "scores": [round(share, 6) for _, _, share in told],
        }
        if "tokens" not in row:
            record["spans"] = spans
        return Answer(record, [[word, tag] for word, tag in zip(words, predicted, strict=True)])

    def measure(self, answers: Sequence[Answer], rows: Sequence[Row]) -> Measured:
        known = [(answer, row["tags"]) for answer, row in zip(answers, rows, strict=True) if row.get("tags")]
        report = report_of_tags([list(tags) for _, tags in known], [a.record["predicted"] for a, _ in known])
        metrics = {"entity_f1": report["entity_f1"], "accuracy": report["token_accuracy"]}
        return Measured(metrics, report)

    def guessing(self, rows: Sequence[Row]) -> dict[str, float]:
        """By how common each tag is; the commonest everywhere marks what it marks."""
        counts = Counter(tag for row in rows for tag in row["tags"])
        total = counts.total()
        if not total:
            return {}
        entropy = -sum(count / total * math.log(count / total) for count in counts.values())
        return {"loss": entropy, "accuracy": counts.most_common(1)[0][1] / total}


def _text_and_words(row: Row) -> tuple[str, Spans]:
    """The text that the network reads, and where its words stand in it."""
    if "tokens" in row:
        return join_words(row["tokens"])
    text = str(row["text"])
    return text, find_words(text)


def _first_tokens(
    text: str, spans: Spans, offsets: Sequence[tuple[int, int]], special: Sequence[int]
) -> dict[int, int]:
    """Word to its first token, of the words that begin in this window."""
    firsts: dict[int, int] = {}
    word = 0
    for token, (start, end) in enumerate(offsets):
        if special[token] or end <= start:
            continue
        piece = text[start:end]
        start += len(piece) - len(
            piece.lstrip()
        )  # the space before a word belongs to its first token in GPT's
        while word < len(spans) and spans[word][1] <= start:
            word += 1
        if word == len(spans):
            break
        if word not in firsts and spans[word][0] >= offsets[token][0] and spans[word][0] < end:
            firsts[word] = token
    return firsts


def _softmax(scores: Scores) -> Scores:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def _some(counts: Counter[str]) -> str:
    return ", ".join(f'"{tag}"' for tag, _ in counts.most_common(5))
