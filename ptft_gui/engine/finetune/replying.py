"""Replying to prompts: a model that goes on with texts learns to go on with a prompt as its reply.

After Ouyang et al. 2022, https://arxiv.org/abs/2203.02155, section 3.5, its first step: ordinary guessing of the next
token, but only the reply and its end are learned; the prompt is read and never guessed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from ptft_gui.engine.finetune.task import IGNORED, Answer, Example, Measured, Row, Scores, Task, TaskBatch
from ptft_gui.engine.language.guessing import guessing_loss
from ptft_gui.engine.metrics_answers import mean_interval

BEFORE, BETWEEN = "Prompt:\n", "\n\nReply:\n"
"""Plain words and line ends: a model that knows only the signs of its text most likely knows these."""
CHAT_TEMPLATE = (
    "{% for message in messages %}{% if message.role == 'user' %}"
    + BEFORE.replace("\n", "\\n").join(("{{ '", "' }}"))
    + "{{ message.content }}"
    + BETWEEN.replace("\n", "\\n").join(("{{ '", "' }}"))
    + "{% else %}{{ message.content + eos_token }}{% endif %}{% endfor %}"
)
"""The same for plain transformers: ``tokenizer.apply_chat_template``."""
_LONGEST_EXPONENT = 50.0
_CHARACTERS_A_TOKEN = 40


def framed(prompt: str) -> str:
    """What the model is given to go on with."""
    return f"{BEFORE}{prompt.strip()}{BETWEEN}"


class Replying(Task):
    """Of the rows' ``prompt`` and ``reply``; a typed row has the first."""

    key = "reply"
    model_class = "AutoModelForCausalLM"
    head = "language"
    loss_words = "nats per token of a reply"
    score_name = "loss"
    probe_kind = "reply"

    def __init__(self, values: Mapping[str, Any], tokenizer: Any, labels: Sequence[str] = ()) -> None:
        super().__init__(values, tokenizer, labels)
        if not getattr(tokenizer, "chat_template", None):
            tokenizer.chat_template = CHAT_TEMPLATE

    # --- rows to examples --------------------------------------------------------------------------------------

    def encode(self, rows: Sequence[Row], first: int = 0) -> list[Example]:
        """Of a prompt that is too long the end is kept, of a reply the beginning; half of the room is the reply's."""
        most = self.longest * _CHARACTERS_A_TOKEN
        prompts = self._ids([framed(str(row["prompt"])[-most:]) for row in rows])
        replies = self._ids([str(row.get("reply") or "")[:most] for row in rows])
        return [
            self._example(number + first, row, *both)
            for number, (row, *both) in enumerate(zip(rows, prompts, replies, strict=True))
        ]

    def _ids(self, texts: list[str]) -> list[list[int]]:
        found: list[list[int]] = self.tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]
        return found

    def _example(self, number: int, row: Row, prompt: list[int], reply: list[int]) -> Example:
        is_known = row.get("reply") is not None
        whole = [*reply, self.tokenizer.eos_token_id] if is_known else []
        room = max(self.longest - len(prompt), self.longest // 2) if is_known else 0
        kept = whole[:room]
        start = prompt[-(self.longest - len(kept)) :]
        cut = len(prompt) - len(start) + len(whole) - len(kept)
        return Example(
            ids=np.array([*start, *kept], np.int32),
            target=[IGNORED] * (len(start) - 1) + kept + [IGNORED] if is_known else None,
            row=number,
            cut=cut,
        )

    def targets(self, examples: Sequence[Example], length: int) -> torch.Tensor:
        """Shape (n, L): at every token the one that follows, where that belongs to the reply."""
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
        return 0

    def head_settings(self) -> dict[str, Any]:
        return {}

    def loss_sum(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        is_learned = batch.targets != IGNORED
        return functional.cross_entropy(
            scores[is_learned].float(), batch.targets[is_learned], reduction="sum"
        )

    def learning_loss(self, network: Any, batch: TaskBatch) -> torch.Tensor:
        """Only what is learned is compared with the vocabulary: not the prompts."""
        known = batch.inputs.is_floating_point()
        features = batch.inputs if known else network.features(batch.inputs, batch.mask, batch.segments)
        is_learned = batch.targets != IGNORED
        return guessing_loss(features[is_learned], network.head.table, None, batch.targets[is_learned])

    # --- answers and scores ------------------------------------------------------------------------------------

    def condense(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        """Shape (n, L, 2): how surprising the true next token was, and whether it was the first guess."""
        targets = batch.targets.clamp(min=0)
        nats = functional.cross_entropy(scores.float().transpose(1, 2), targets, reduction="none")
        return torch.stack([nats, (scores.argmax(-1) == targets).float()], -1)

    def answers(
        self, scores: Sequence[Scores], examples: Sequence[Example], rows: Sequence[Row]
    ) -> list[Answer]:
        """``prompt reply tokens nats right``: of the true reply how many tokens it has, how surprising they were
        together, and how many of them were the model's first guess. ``scores``: condensed, (L, 2)."""
        found = []
        for table, example, row in zip(scores, examples, rows, strict=True):
            places = np.flatnonzero(np.array(example.target or [], np.int64) != IGNORED)
            record = {
                "prompt": str(row["prompt"]),
                "reply": row.get("reply"),
                "tokens": len(places),
                "nats": round(float(table[places, 0].sum()), 4) if len(places) else 0.0,
                "right": int(table[places, 1].sum()) if len(places) else 0,
            }
            found.append(Answer(record, None))
        return found

    def write(self, network: Any, rows: Sequence[Row], most_tokens: int = 60) -> list[Answer]:
        """``prompt reply answer``: the reply that the model writes, always with its first guess."""
        end, device = self.tokenizer.eos_token_id, next(network.parameters()).device
        found = []
        for row in rows:
            ids = [int(token) for token in self.encode([{"prompt": row["prompt"]}])[0].ids]
            new: list[int] = []
            while len(new) < most_tokens and (not new or new[-1] != end):
                read = torch.tensor([[*ids, *new][-self.longest :]], device=device)
                with torch.no_grad():
                    scores = network(read, torch.ones_like(read))
                new.append(int(scores[0, -1, : len(self.tokenizer)].argmax()))
            text = self.tokenizer.decode([token for token in new if token != end]).strip()
            record = {"prompt": str(row["prompt"]), "reply": row.get("reply"), "answer": text}
            found.append(Answer(record, text))
        return found

    def measure(self, answers: Sequence[Answer], rows: Sequence[Row]) -> Measured:
        """Loss and perplexity a token of the replies, and the share of tokens that were the first guess."""
        known = [answer.record for answer in answers if answer.record["tokens"]]
        tokens = sum(record["tokens"] for record in known)
        loss = sum(record["nats"] for record in known) / tokens if tokens else None
        metrics = {
            "perplexity": None if loss is None else math.exp(min(loss, _LONGEST_EXPONENT)),
            "accuracy": sum(record["right"] for record in known) / tokens if tokens else None,
        }
        of_rows = [record["nats"] / record["tokens"] for record in known]
        report = {
            "rows": len(known),
            "tokens": tokens,
            "loss": loss,
            "loss_interval": mean_interval(of_rows),
            **metrics,
        }
        return Measured(metrics, report)

    def guessing(self, rows: Sequence[Row]) -> dict[str, float]:
        """By how common each token is in the replies."""
        counts = Counter(
            token for example in self.encode(rows) for token in example.target or () if token != IGNORED
        )
        total = counts.total()
        if not total:
            return {}
        return {"loss": -sum(count / total * math.log(count / total) for count in counts.values())}

    # --- probes ------------------------------------------------------------------------------------------------

    def row_of_probe(self, probe: str) -> Row:
        return {"prompt": super().row_of_probe(probe)["text"]}
