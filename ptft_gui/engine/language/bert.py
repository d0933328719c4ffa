"""BERT: a model that guesses hidden tokens from both sides (Devlin et al. 2019), as transformers knows it.

Only the hidden tokens are compared with the whole vocabulary: of 128 tokens that is about 19, and most of the work of a
small model lies there. The usual way computes all and throws the rest away.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ptft_gui.engine.language.batches import Blocks, Numbers
from ptft_gui.engine.language.beginning import begin_with_neighbours, guess_by_frequency
from ptft_gui.engine.language.guessing import guessing_loss
from ptft_gui.engine.language.known import Known, build_network
from ptft_gui.engine.language.learner import Batch, Part, TextLearner
from ptft_gui.engine.language.masking import HELD_OUT_EPOCH, Masking
from ptft_gui.engine.language.pairs import Pairs, pair_halves
from ptft_gui.engine.language.quick_dropout import quicken_dropout
from ptft_gui.engine.language.resolve import frame_of
from ptft_gui.engine.language.sizes import padded, shape_of
from ptft_gui.engine.language.tokenizer import BERT_SPECIAL, TextTokenizer
from ptft_gui.engine.language.tokens import TokenFiles, token_counts

MASK = BERT_SPECIAL[4]
"""How a person writes a blank, whatever the tokenizer calls it."""
_TOPN = 5
_WIDEST_BEGINNING = 0.7
_BLANK = re.compile(r"_{2,}")
_SENTENCE = re.compile(r"[^.!?\n\0。！？]{20,160}[.!?。！？]")


class BertLearner(TextLearner):
    """BERT's network with its masked-language head, and the text that it reads."""

    probe_kind = "fill"
    loss_words = "nats per hidden token"

    def __init__(
        self,
        values: Mapping[str, Any],
        tokenizer: TextTokenizer,
        tokens: TokenFiles,
        known: Known | None = None,
    ) -> None:
        super().__init__(values, tokenizer, tokens)
        special = tokenizer.is_special()
        _, _, begin, end, self._blank = tokenizer.plan.special
        self._begin, self._end = tokenizer.special_id(begin), tokenizer.special_id(end)
        self._masking = Masking(
            probability=float(values["mlm_probability"]),
            is_whole_word=bool(values["whole_word"]),
            mask_id=tokenizer.special_id(self._blank),
            ordinary=np.flatnonzero(~special),
            is_special=special,
            begins_word=tokenizer.begins_word(),
            seed=self.seed,
        )
        torch.manual_seed(self.seed)
        built = build_network(bert_class(values), bert_config(values, tokenizer), known)
        network, self.notes = built.network, built.notes
        if known is None:
            begin_with_neighbours(network, token_counts(tokens), self.seed)
        elif built.has_new_head:
            with torch.no_grad():
                guess_by_frequency(network.cls.predictions.bias, token_counts(tokens))
        quicken_dropout(network)
        self._model = network.to(self.device)

    @property
    def _guesses_pairs(self) -> bool:
        return bool(self.values.get("next_sentence"))

    def _cut(self, tokens: Any) -> Blocks:
        return Blocks(tokens, int(self.values["block_size"]) - frame_of(self.values))

    @property
    def hidden(self) -> set[str]:
        begins = "bert.encoder.layer."
        return {n for n, w in self._model.named_parameters() if n.startswith(begins) and w.ndim == 2}

    def batch(self, part: Part, numbers: Numbers, epoch: int | None) -> Batch:
        blocks, kept = self.blocks[part], HELD_OUT_EPOCH if epoch is None else epoch
        shift = 0 if epoch is None else blocks.shift(self.seed, epoch)
        if not self._guesses_pairs:
            masked = self._masking.apply(self._framed(blocks.take(numbers, shift)), numbers, kept)
            return Batch(*map(torch.from_numpy, (masked.inputs, masked.targets, masked.places)))
        pairs = pair_halves(blocks, numbers, shift, self.seed, kept)
        masked = self._masking.apply(self._framed_pairs(pairs), numbers, kept)
        inputs, targets, places = map(torch.from_numpy, (masked.inputs, masked.targets, masked.places))
        halves = np.zeros_like(masked.inputs)
        halves[:, pairs.first.shape[1] + 2 :] = 1
        weight = len(masked.targets) / len(numbers)
        follows = torch.from_numpy(pairs.follows)
        return Batch(inputs, targets, places, torch.from_numpy(halves), follows, weight)

    def _framed(self, blocks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Every block between the tokens that begin and end a text, as the tokenizer frames what a person asks."""
        count = len(blocks)
        return np.hstack([np.full((count, 1), self._begin), blocks, np.full((count, 1), self._end)])

    def _framed_pairs(self, pairs: Pairs) -> NDArray[np.int64]:
        """Begin, first half, end, second half, end."""
        end = np.full((len(pairs.first), 1), self._end)
        return self._framed(np.hstack([pairs.first, end, pairs.second]))

    def loss_sum(self, batch: Batch) -> torch.Tensor:
        """Of the hidden tokens alone; while it learns the gradient of guessing what follows is added to theirs."""
        more = {} if batch.halves is None else {"token_type_ids": batch.halves}
        found = self.body(input_ids=batch.inputs, **more)
        hidden = found[0]  # (n, B, width)
        guessed = hidden.reshape(-1, hidden.shape[-1]).index_select(0, batch.places)  # (m, width)
        head = self._model.cls.predictions
        last = head.decoder
        loss = guessing_loss(head.transform(guessed), last.weight, last.bias, batch.targets)
        if batch.follows is None or not self._model.training:
            return loss
        pairs = functional.cross_entropy(
            self._model.cls.seq_relationship(found[1]), batch.follows, reduction="sum"
        )
        return loss + batch.pair_weight * (pairs - pairs.detach())

    def more_metrics(self, batch: Batch) -> dict[str, float]:
        """How often it tells rightly whether the second half follows the first."""
        if batch.follows is None:
            return {}
        pooled = self._model.bert(input_ids=batch.inputs, token_type_ids=batch.halves)[1]
        is_right = self._model.cls.seq_relationship(pooled).argmax(-1) == batch.follows
        return {"next_sentence": float(is_right.float().mean())}

    @property
    def asked(self) -> Any:
        return filling_part(self._model).eval() if self._guesses_pairs else self._model

    # --- probes ------------------------------------------------------------------------------------------------

    def answers(self, probes: Sequence[str]) -> list[list[list[Any]]]:
        """For each probe the likeliest tokens of its first blank: ``[[token, probability], ...]``; all read at once."""
        if not probes:
            return []
        block = int(self.values["block_size"])
        asked = [[self._begin, *self._probe_ids(probe)[: block - 2], self._end] for probe in probes]
        longest, blank = max(map(len, asked)), self._masking.mask_id
        inputs = torch.tensor([ids + [self._end] * (longest - len(ids)) for ids in asked])
        mask = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids in asked])
        places = torch.tensor([ids.index(blank) for ids in asked], device=self.device)
        with torch.no_grad():
            found = self._model.bert(input_ids=inputs.to(self.device), attention_mask=mask.to(self.device))[0]
            scores = self._model.cls.predictions(found[range(len(asked)), places]).float().cpu()  # (n, V)
        return [self._likeliest(row) for row in scores]

    def _likeliest(self, scores: torch.Tensor) -> list[list[Any]]:
        """Of ``scores`` (V,) the best tokens of the text with their shares."""
        scores[self.tokenizer.size :] = -torch.inf
        scores[torch.from_numpy(self._masking.is_special)[: len(scores)].nonzero().squeeze(1)] = -torch.inf
        shares, tokens = torch.softmax(scores, -1).topk(min(_TOPN, self.tokenizer.size))
        return [
            [self.tokenizer.tokenizer.id_to_token(int(number)), round(float(share), 4)]
            for number, share in zip(tokens, shares, strict=True)
        ]

    def _probe_ids(self, probe: str) -> list[int]:
        return self.tokenizer.encode(_BLANK.sub(self._blank, probe.replace(MASK, self._blank)))

    def problem_of_probe(self, probe: str) -> str | None:
        ids = self._probe_ids(probe)[: int(self.values["block_size"]) - 2]
        return None if self._masking.mask_id in ids else f"It has no blank: write {MASK} or ___ where one is."

    def default_probes(self, text: str) -> tuple[str, ...]:
        """Two sentences of the text, each with its longest word left blank."""
        sentences = [" ".join(found.split()) for found in _SENTENCE.findall(text)] or [text[:120]]
        chosen = (sentences[0], sentences[len(sentences) // 2])
        return tuple(dict.fromkeys(filter(None, map(_with_blank, chosen))))


def _with_blank(sentence: str) -> str:
    words = [word for word in re.findall(r"\w+", sentence) if len(word) > 3]
    if not words:
        return f"{sentence[:-2]}{MASK}{sentence[-1:]}" if len(sentence) > 2 else ""
    word = max(words[len(words) // 2 :], key=len)
    return re.sub(rf"\b{re.escape(word)}\b", MASK, sentence, count=1)


def bert_class(values: Mapping[str, Any]) -> Any:
    """The class of the network in transformers: with a second head where it also guesses what follows."""
    from transformers import BertForMaskedLM, BertForPreTraining

    return BertForPreTraining if values.get("next_sentence") else BertForMaskedLM


def filling_part(network: Any) -> Any:
    """Of a network that also guesses what follows the part that fills blanks; its weights are shared."""
    from transformers import BertForMaskedLM

    filling = BertForMaskedLM(network.config)
    filling.bert, filling.cls.predictions = network.bert, network.cls.predictions
    return filling.train(network.training)


def bert_config(values: Mapping[str, Any], tokenizer: TextTokenizer) -> Any:
    """The configuration of BERT in the size that was asked for."""
    from transformers import BertConfig

    shape, dropout = shape_of(values), float(values["dropout"])
    return BertConfig(
        vocab_size=padded(tokenizer.size),
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        # attention that hardly differs from place to place learns nothing for long: a narrow model begins wider
        initializer_range=max(0.02, _WIDEST_BEGINNING / math.sqrt(shape.width)),
        intermediate_size=4 * shape.width,
        max_position_embeddings=int(values["block_size"]),
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        pad_token_id=tokenizer.special_id(tokenizer.plan.special[0]),
        attn_implementation="sdpa",
    )
