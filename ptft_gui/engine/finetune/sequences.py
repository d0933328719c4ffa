"""Jobs about a whole text, or a pair of texts: its class, its labels, how alike two texts are."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ptft_gui.core.errors import SpecError
from ptft_gui.engine.finetune.task import Answer, Example, Measured, Row, Scores, Task, TaskBatch
from ptft_gui.engine.metrics import accuracy_of, confusion_matrix, macro_f1_of, report_of
from ptft_gui.engine.metrics_labels import THRESHOLD, report_of_labels
from ptft_gui.engine.metrics_scores import report_of_scores

PAIR_MARK = "---"
"""A line of three hyphens parts the two texts of a typed pair."""
_UNKNOWN_CLASS = -1
_CHARACTERS_A_TOKEN = 40
"""So many characters of a text are looked at for each token that is read: what lies beyond is certainly cut off."""


class SequenceTask(Task):
    """One answer an example. ``has_pairs``: whether an example is two texts."""

    model_class = "AutoModelForSequenceClassification"
    head = "pooled"
    has_pairs = False
    problem_type = "single_label_classification"

    def encode(self, rows: Sequence[Row], first: int = 0) -> list[Example]:
        most = self.longest * _CHARACTERS_A_TOKEN
        texts = [[str(row.get("text") or "")[:most] for row in rows]]
        if self.has_pairs:
            texts.append([str(row.get("text_pair") or "")[:most] for row in rows])
        read = self.tokenizer(*texts, truncation=True, max_length=self.longest, verbose=False)
        encodings = read.encodings or [None] * len(rows)
        segments = read.get("token_type_ids") if self.has_pairs else None
        return [
            Example(
                ids=np.array(ids or [self._filler], np.int32),
                segments=None if segments is None else np.array(segments[place], np.int32),
                target=self._target(rows[place]),
                row=first + place,
                cut=_cut_off(encodings[place]),
            )
            for place, ids in enumerate(read["input_ids"])
        ]

    @property
    def _filler(self) -> int:
        """Stands for a text without any token."""
        found = next(
            (n for n in (self.tokenizer.eos_token_id, self.tokenizer.sep_token_id) if n is not None), 0
        )
        return int(found)

    @abstractmethod
    def _target(self, row: Row) -> Any:
        """What is to be learned of a row, None where it has no answer."""

    def head_settings(self) -> dict[str, Any]:
        return {**super().head_settings(), "problem_type": self.problem_type}

    def row_of_probe(self, probe: str) -> Row:
        row = super().row_of_probe(probe)
        if not self.has_pairs:
            return row
        lines = probe.splitlines()
        place = next((number for number, line in enumerate(lines) if line.strip() == PAIR_MARK), None)
        if place is not None:
            first, second = "\n".join(lines[:place]), "\n".join(lines[place + 1 :])
        else:  # both on one line
            first, _, second = probe.partition(f" {PAIR_MARK} ")
        if not first.strip() or not second.strip():
            raise SpecError(
                "A probe of a pair needs two texts.",
                hint=f"Write the two with {PAIR_MARK} between them.",
                key="probes",
            )
        return {"text": first, "text_pair": second}

    def _texts_of(self, row: Row) -> dict[str, Any]:
        texts = {"text": row.get("text")}
        return {**texts, "text_pair": row.get("text_pair")} if self.has_pairs else texts


def _cut_off(encoding: Any) -> int:
    """How many tokens of a text did not fit."""
    if encoding is None:
        return 0
    return sum(len(more.ids) - sum(more.special_tokens_mask) for more in encoding.overflowing)


class Classification(SequenceTask):
    """Exactly one class a text."""

    key = "classification"
    probe_kind = "classes"
    loss_words = "nats per text"
    score_name = "accuracy"

    def __init__(self, values: Mapping[str, Any], tokenizer: Any, labels: Sequence[str]) -> None:
        super().__init__(values, tokenizer, labels)
        self._number = {label: number for number, label in enumerate(self.labels)}
        self._weights: torch.Tensor | None = None

    @property
    def outputs(self) -> int:
        return len(self.labels)

    def _target(self, row: Row) -> int | None:
        return None if row.get("label") is None else self._number.get(str(row["label"]), _UNKNOWN_CLASS)

    def get_ready(self, examples: Sequence[Example]) -> None:
        """Weigh the classes where that is wanted: all alike, mean 1 over the examples."""
        if not self.values.get("weigh_classes"):
            return
        counts = Counter(example.target for example in examples)
        self._weights = torch.tensor(
            [
                len(examples) / (len(self.labels) * counts[number]) if counts[number] else 0.0
                for number in range(len(self.labels))
            ]
        )

    def targets(self, examples: Sequence[Example], length: int) -> torch.Tensor:
        """Shape (n,)."""
        return torch.tensor([_UNKNOWN_CLASS if e.target is None else e.target for e in examples])

    def weight(self, targets: torch.Tensor) -> float:
        if self._weights is None:
            return float(len(targets))
        return max(float(self._weights[targets.clamp(min=0)].sum()), 1e-6)

    def loss_sum(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        weights = None if self._weights is None else self._weights.to(scores.device)
        return functional.cross_entropy(
            scores.float(), batch.targets, weight=weights, ignore_index=_UNKNOWN_CLASS, reduction="sum"
        )

    def answers(
        self, scores: Sequence[Scores], examples: Sequence[Example], rows: Sequence[Row]
    ) -> list[Answer]:
        """``text label predicted score``; ``shown``: ``[[label, probability], ...]``, the likeliest first."""
        shares = softmax(np.asarray(scores, dtype=np.float64).reshape(len(rows), len(self.labels)))
        found = []
        for row, share in zip(rows, shares, strict=True):
            order = np.argsort(-share, kind="stable")
            record = {
                **self._texts_of(row),
                "label": row.get("label"),
                "predicted": self.labels[order[0]],
                "score": round(float(share[order[0]]), 6),
            }
            found.append(Answer(record, [[self.labels[n], round(float(share[n]), 6)] for n in order]))
        return found

    def measure(self, answers: Sequence[Answer], rows: Sequence[Row]) -> Measured:
        true = [self._number.get(str(row["label"]), -1) for row in rows]
        said = [self._number[answer.record["predicted"]] for answer in answers]
        known = [place for place, number in enumerate(true) if number >= 0]
        matrix = confusion_matrix([true[p] for p in known], [said[p] for p in known], len(self.labels))
        counts: Mapping[str, int] = self.values.get("label_counts") or {}
        commonest = max(counts, key=lambda label: counts[label]) if counts else self.labels[0]
        metrics = {
            "accuracy": accuracy_of(matrix),
            "macro_f1": macro_f1_of(matrix),
            "most_answered": float(matrix.sum(0).max() / max(int(matrix.sum()), 1)),
        }
        return Measured(metrics, report_of(matrix, self.labels, commonest))

    def guessing(self, rows: Sequence[Row]) -> dict[str, float]:
        """The entropy of the classes, and the share of the commonest."""
        counts = np.array(list(Counter(row["label"] for row in rows).values()), dtype=float)
        shares = counts / counts.sum()
        return {"loss": float(-(shares * np.log(shares)).sum()), "accuracy": float(shares.max())}


class PairClassification(Classification):
    """A class for each pair of texts."""

    key = "pair-classification"
    loss_words = "nats per pair"
    has_pairs = True


class Multilabel(SequenceTask):
    """Any number of labels a text; each is a yes or no of its own, yes from a half on."""

    key = "multilabel"
    probe_kind = "classes"
    loss_words = "nats per text"
    score_name = "micro_f1"
    problem_type = "multi_label_classification"

    @property
    def outputs(self) -> int:
        return len(self.labels)

    def _target(self, row: Row) -> list[float] | None:
        if (given := row.get("labels")) is None:
            return None
        return [float(label in set(given)) for label in self.labels]

    def targets(self, examples: Sequence[Example], length: int) -> torch.Tensor:
        """Shape (n, k), 0 and 1."""
        nothing = [0.0] * len(self.labels)
        return torch.tensor([nothing if e.target is None else e.target for e in examples])

    def loss_sum(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        return functional.binary_cross_entropy_with_logits(scores.float(), batch.targets, reduction="sum")

    def answers(
        self, scores: Sequence[Scores], examples: Sequence[Example], rows: Sequence[Row]
    ) -> list[Answer]:
        """``text labels predicted scores``: lists; ``shown``: ``[[label, probability], ...]``, the likeliest first."""
        shares = 1.0 / (1.0 + np.exp(-np.asarray(scores, np.float64).reshape(len(rows), len(self.labels))))
        found = []
        for row, share in zip(rows, shares, strict=True):
            order = np.argsort(-share, kind="stable")
            chosen = [number for number in order if share[number] >= THRESHOLD]
            record = {
                **self._texts_of(row),
                "labels": None if row.get("labels") is None else list(row["labels"]),
                "predicted": [self.labels[number] for number in chosen],
                "scores": [round(float(share[number]), 6) for number in chosen],
            }
            found.append(Answer(record, [[self.labels[n], round(float(share[n]), 6)] for n in order]))
        return found

    def measure(self, answers: Sequence[Answer], rows: Sequence[Row]) -> Measured:
        """Micro and macro F1 over labels, the share of rows whose labels are all right, and every label alone."""
        counts: Mapping[str, int] = self.values.get("label_counts") or {}
        report = report_of_labels(
            [row["labels"] or [] for row in rows],
            [answer.record["predicted"] for answer in answers],
            self.labels,
            max(counts, key=lambda label: counts[label]) if counts else None,
        )
        return Measured({name: report[name] for name in ("micro_f1", "macro_f1", "accuracy")}, report)

    def _flags(self, chosen: Sequence[Sequence[str]]) -> NDArray[np.bool_]:
        return np.array([[label in set(each) for label in self.labels] for each in chosen], bool).reshape(
            len(chosen), len(self.labels)
        )

    def guessing(self, rows: Sequence[Row]) -> dict[str, float]:
        """The entropy of each label's yes and no, added up."""
        share = self._flags([row["labels"] or [] for row in rows]).mean(0).clip(1e-9, 1 - 1e-9)
        return {"loss": float(-(share * np.log(share) + (1 - share) * np.log(1 - share)).sum())}


class PairSimilarity(SequenceTask):
    """A number for each pair of texts."""

    key = "pair-similarity"
    probe_kind = "score"
    loss_words = "squared difference per pair"
    score_name = "spearman"
    has_pairs = True
    problem_type = "regression"
    outputs = 1
    _mean = 0.0

    def head_settings(self) -> dict[str, Any]:
        return {"id2label": {"0": "score"}, "label2id": {"score": 0}, "problem_type": self.problem_type}

    def _target(self, row: Row) -> float | None:
        return None if row.get("score") is None else float(row["score"])

    def get_ready(self, examples: Sequence[Example]) -> None:
        self._mean = float(np.mean([example.target for example in examples]))

    def first_bias(self) -> list[float] | None:
        return [self._mean]

    def targets(self, examples: Sequence[Example], length: int) -> torch.Tensor:
        """Shape (n,)."""
        return torch.tensor([0.0 if e.target is None else e.target for e in examples], dtype=torch.float32)

    def loss_sum(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        return functional.mse_loss(scores.float().squeeze(-1), batch.targets, reduction="sum")

    def answers(
        self, scores: Sequence[Scores], examples: Sequence[Example], rows: Sequence[Row]
    ) -> list[Answer]:
        """``text text_pair label predicted``: numbers, the label being the row's score."""
        said = np.asarray(scores, np.float64).reshape(len(rows))
        return [
            Answer(
                {**self._texts_of(row), "label": row.get("score"), "predicted": round(float(value), 6)},
                round(float(value), 4),
            )
            for row, value in zip(rows, said, strict=True)
        ]

    def measure(self, answers: Sequence[Answer], rows: Sequence[Row]) -> Measured:
        true = [float(row["score"]) for row in rows]
        report = report_of_scores(true, [answer.record["predicted"] for answer in answers])
        return Measured({name: report.get(name) for name in ("spearman", "pearson")}, report)

    def guessing(self, rows: Sequence[Row]) -> dict[str, float]:
        """Always saying the mean."""
        return {"loss": float(np.var([float(row["score"]) for row in rows]))}


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows of shares that sum to 1."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares
