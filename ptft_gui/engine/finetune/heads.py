"""What is put on top of a backbone, and how the whole is told to plain transformers.

A head takes what the backbone says of n examples, *hidden* (n, L, d), to *features* (what a frozen backbone is asked
for once), and features to *scores*. Every head can write itself into the class of transformers that stands for its job,
so that the result opens there and gives the same numbers.

The mean over tokens has no place in BERT's classes of transformers, which take the first token. It gets one as a last
layer whose attention looks at all tokens alike; see :class:`MeanHead`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, cast

import torch
from torch import nn
from torch.nn import functional

_WEIGHT_OF_MEAN = 64.0
_NARROW = 1 / 64
"""The pooler of BERT ends in tanh; numbers that are made so small pass it nearly unchanged, and grow back after it."""


class Head(nn.Module):  # type: ignore[misc]  # torch is not looked into
    """``outputs``: how many numbers it answers with."""

    @abstractmethod
    def features(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Hidden (n, L, d) and mask (n, L) to what is judged: (n, d) or (n, L, d)."""

    @abstractmethod
    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Features to scores: (n, k) or (n, L, k)."""

    def change_config(self, config: Any) -> None:
        """Let a configuration of transformers have room for this head."""

    @abstractmethod
    def write_into(self, network: Any) -> None:
        """Fill the head of a network of transformers; its backbone is filled already."""


class MeanHead(Head):
    """A linear layer on the mean of all tokens, brought to mean 0 and spread 1: (n, d) to (n, k).

    To the mean a 64th of the first token is added. That makes it exactly what one more layer of BERT computes whose
    attention weighs all tokens alike (queries and keys are zero), whose value is 64 times its input, and whose inner
    part adds nothing: the first token of that layer is LN(64 mean + first). So plain transformers, which judges by the
    first token of the last layer, judges by the mean.
    """

    def __init__(self, width: int, outputs: int, dropout: float, epsilon: float) -> None:
        super().__init__()
        self.classifier = nn.Linear(width, outputs)
        self._dropout, self._epsilon, self._width = nn.Dropout(dropout), epsilon, width

    def features(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = hidden.float()
        weights = mask.unsqueeze(-1).float()
        mean = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1.0)
        return functional.layer_norm(_WEIGHT_OF_MEAN * mean + hidden[:, 0], (self._width,), eps=self._epsilon)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        passed = torch.tanh(features.float() * _NARROW) / _NARROW
        with torch.autocast(features.device.type, enabled=False):
            return cast(torch.Tensor, self.classifier(self._dropout(passed)))

    def change_config(self, config: Any) -> None:
        config.num_hidden_layers += 1

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def write_into(self, network: Any) -> None:
        layer = network.bert.encoder.layer[-1]
        for weight in layer.parameters():
            weight.zero_()
        for norm in (layer.attention.output.LayerNorm, layer.output.LayerNorm):
            norm.weight.fill_(1.0)
        identity = torch.eye(self._width)
        layer.attention.self.value.weight.copy_(identity)
        layer.attention.output.dense.weight.copy_(identity * _WEIGHT_OF_MEAN)
        network.bert.pooler.dense.weight.copy_(identity * _NARROW)
        network.bert.pooler.dense.bias.zero_()
        network.classifier.weight.copy_(self.classifier.weight / _NARROW)
        network.classifier.bias.copy_(self.classifier.bias)


class FirstHead(Head):
    """BERT's own way: the first token through a layer and tanh, then a linear layer; (n, d) to (n, k)."""

    def __init__(self, width: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.pooler, self.classifier = nn.Linear(width, width), nn.Linear(width, outputs)
        self._dropout = nn.Dropout(dropout)

    def features(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return hidden[:, 0].float()

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.classifier(self._dropout(torch.tanh(self.pooler(features)))))

    def write_into(self, network: Any) -> None:
        network.bert.pooler.dense.load_state_dict(self.pooler.state_dict())
        network.classifier.load_state_dict(self.classifier.state_dict())


class LastHead(Head):
    """GPT's way: a linear layer without constants on the last token, which alone has seen all; (n, d) to (n, k)."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.classifier = nn.Linear(width, outputs, bias=False)

    def features(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        last = mask.sum(1).clamp(min=1) - 1
        return hidden[torch.arange(len(hidden), device=hidden.device), last].float()

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.classifier(features))

    def write_into(self, network: Any) -> None:
        network.score.load_state_dict(self.classifier.state_dict())


class TokensHead(Head):
    """A linear layer on every token: (n, L, d) to (n, L, k)."""

    def __init__(self, width: int, outputs: int, dropout: float, name: str) -> None:
        super().__init__()
        self.classifier = nn.Linear(width, outputs)
        self._dropout, self._name = nn.Dropout(dropout), name

    def features(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return hidden

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.classifier(self._dropout(features)))

    def write_into(self, network: Any) -> None:
        getattr(network, self._name).load_state_dict(self.classifier.state_dict())


class LanguageHead(Head):
    """The model's own head: as many scores a token as there are tokens, by the table that the tokens came from."""

    def __init__(self, table: nn.Parameter) -> None:
        super().__init__()
        self._table = [table]  # in a list, so that it is not counted twice

    @property
    def table(self) -> nn.Parameter:
        """(V, d)."""
        return self._table[0]

    def features(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return hidden

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return functional.linear(features, self.table)

    def write_into(self, network: Any) -> None:
        network.tie_weights()
