"""GPT: a model that guesses the next token from those before it (Radford et al. 2019), as transformers knows it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ptft_gui.engine.language.batches import Blocks, Numbers
from ptft_gui.engine.language.guessing import guessing_loss
from ptft_gui.engine.language.known import Known, build_network
from ptft_gui.engine.language.learner import Batch, Part, TextLearner
from ptft_gui.engine.language.quick_dropout import quicken_dropout
from ptft_gui.engine.language.resolve import new_tokens
from ptft_gui.engine.language.sizes import padded, shape_of
from ptft_gui.engine.language.tokenizer import TextTokenizer
from ptft_gui.engine.language.tokens import TokenFiles

_TEMPERATURE, _TOP_K = 0.8, 40


class GptLearner(TextLearner):
    """GPT-2's network with learned positions, and the text that it reads."""

    probe_kind = "continue"
    loss_words = "nats per token"

    def __init__(
        self,
        values: Mapping[str, Any],
        tokenizer: TextTokenizer,
        tokens: TokenFiles,
        known: Known | None = None,
    ) -> None:
        super().__init__(values, tokenizer, tokens)
        torch.manual_seed(self.seed)
        from transformers import GPT2LMHeadModel

        network, self.notes, _ = build_network(GPT2LMHeadModel, gpt_config(values, tokenizer), known)
        quicken_dropout(network)
        self._model = network.to(self.device)

    def _cut(self, tokens: Any) -> Blocks:
        return Blocks(tokens, int(self.values["block_size"]), ahead=1)

    @property
    def hidden(self) -> set[str]:
        return {
            n for n, w in self._model.named_parameters() if n.startswith("transformer.h.") and w.ndim == 2
        }

    def batch(self, part: Part, numbers: Numbers, epoch: int | None) -> Batch:
        blocks = self.blocks[part]
        shift = 0 if epoch is None else blocks.shift(self.seed, epoch)
        found = torch.from_numpy(blocks.take(numbers, shift))  # (n, B + 1)
        return Batch(found[:, :-1], found[:, 1:])

    def loss_sum(self, batch: Batch) -> torch.Tensor:
        hidden = self.body(input_ids=batch.inputs, use_cache=False)[0]  # (n, B, width)
        flat, last = hidden.reshape(-1, hidden.shape[-1]), self._model.lm_head
        return guessing_loss(flat, last.weight, last.bias, batch.targets.reshape(-1))

    # --- probes ------------------------------------------------------------------------------------------------

    def answers(self, probes: Sequence[str]) -> list[str]:
        """How the model goes on now: drawn with the same luck each time, so that only learning changes the answer."""
        asked = [self.tokenizer.encode(probe) or [self.tokenizer.end_id] for probe in probes]
        block = int(self.values["block_size"])
        new = new_tokens(self.tokenizer.plan.kind, block)
        written = self._go_on([ids[-(block - new) :] for ids in asked], new)
        return [self.tokenizer.decode(ids) for ids in written]

    def _go_on(self, prompts: list[list[int]], new: int) -> list[list[int]]:
        """``new`` tokens after each prompt, up to the end of a text; all prompts at once, filled up on their left."""
        longest, end = max(map(len, prompts)), self.tokenizer.end_id
        inputs = torch.tensor([[end] * (longest - len(ids)) + ids for ids in prompts])
        mask = torch.tensor([[0] * (longest - len(ids)) + [1] * len(ids) for ids in prompts])
        positions = (mask.cumsum(1) - 1).clamp(min=0)
        luck = torch.Generator().manual_seed(self.seed)
        written: list[torch.Tensor] = []
        past = None
        for _ in range(new):
            with torch.no_grad():
                found = self._model(
                    input_ids=inputs.to(self.device),
                    attention_mask=mask.to(self.device),
                    position_ids=positions.to(self.device),
                    past_key_values=past,
                    use_cache=True,
                )
            past = found.past_key_values
            inputs = self._draw(found.logits[:, -1].float().cpu(), luck)
            written.append(inputs)
            mask = torch.cat([mask, torch.ones_like(inputs)], 1)
            positions = positions[:, -1:] + 1
        return [_until(ids, end) for ids in torch.cat(written, 1).tolist()]

    def _draw(self, scores: torch.Tensor, luck: torch.Generator) -> torch.Tensor:
        """One token a row from ``scores`` (n, V): never a row that only fills the vocabulary up."""
        scores[:, self.tokenizer.size :] = -torch.inf
        if (unknown := self.tokenizer.plan.unknown) is not None:
            scores[:, self.tokenizer.special_id(unknown)] = -torch.inf
        best, places = scores.topk(min(_TOP_K, self.tokenizer.size), dim=-1)
        drawn = torch.multinomial(torch.softmax(best / _TEMPERATURE, -1), 1, generator=luck)
        return places.gather(1, drawn)

    def default_probes(self, text: str) -> tuple[str, ...]:
        """The first words of two passages."""
        passages = [found for found in re.split(r"\n\s*\n|\0", text) if found.strip()] or [text]
        begins = [_first_words(passage) for passage in (passages[0], passages[len(passages) // 2])]
        return tuple(dict.fromkeys(begin for begin in begins if begin.strip()))


def _first_words(passage: str, most: int = 24) -> str:
    line = passage.lstrip()[: most + 1].split("\n")[0]
    return line if len(line) <= most else (line[:most].rsplit(" ", 1)[0] or line[:most])


def _until(ids: list[int], end: int) -> list[int]:
    return ids[: ids.index(end)] if end in ids else ids


def gpt_config(values: Mapping[str, Any], tokenizer: TextTokenizer) -> Any:
    """The configuration of GPT-2 in the size that was asked for."""
    from transformers import GPT2Config

    shape, dropout, end = shape_of(values), float(values["dropout"]), tokenizer.end_id
    return GPT2Config(
        vocab_size=padded(tokenizer.size),
        n_positions=int(values["block_size"]),
        n_embd=shape.width,
        n_layer=shape.layers,
        n_head=shape.heads,
        # the same curve as GPT-2's gelu_new, computed in one go
        activation_function="gelu_pytorch_tanh",
        resid_pdrop=dropout,
        embd_pdrop=dropout,
        attn_pdrop=dropout,
        bos_token_id=end,
        eos_token_id=end,
        attn_implementation="sdpa",
    )
