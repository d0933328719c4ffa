"""Tiny GPT and BERT folders, made from configurations and taught a few sentences in a second or two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SENTENCES = (
    "the miller rides the white horse through the green forest at night",
    "the queen wears the golden crown in the old castle by the river",
    "a baker sings an old song while the bread turns brown in the oven",
    "the little prince walks alone in the garden behind the high wall",
)
END = "<|endoftext|>"
BLOCK = 32


def save_tiny_gpt(folder: Path, steps: int = 120) -> Path:
    """A GPT-2 of two layers with a byte-level tokenizer; it knows the sentences by heart after 120 steps."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=330, special_tokens=[END], initial_alphabet=alphabet, show_progress=False
    )
    raw.train_from_iterator(SENTENCES, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token=END, bos_token=END, model_max_length=BLOCK
    )
    end = tokenizer.eos_token_id
    config = GPT2Config(
        loss_type="ForCausalLMLoss",
        vocab_size=384,  # padded to a multiple of 64
        n_positions=BLOCK,
        n_embd=48,
        n_layer=2,
        n_head=2,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=end,
        eos_token_id=end,
    )
    torch.manual_seed(1)
    network = GPT2LMHeadModel(config)
    texts = [tokenizer(text)["input_ids"] for text in SENTENCES]
    rows = [[*ids, end] for ids in texts] + [[end, *ids, end] for ids in texts]
    longest = max(map(len, rows))
    ids = torch.tensor([row + [end] * (longest - len(row)) for row in rows])
    labels = torch.tensor([row + [-100] * (longest - len(row)) for row in rows])
    _teach(network, steps, lambda: network(input_ids=ids, labels=labels).loss)
    return _save(folder, network, tokenizer, "gpt", "byte_bpe")


def save_tiny_bert(folder: Path, steps: int = 200) -> Path:
    """A BERT of two layers with a WordPiece tokenizer; it fills the blanks of the sentences after 200 steps."""
    import torch
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertForMaskedLM, BertTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    raw = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    raw.normalizer = normalizers.BertNormalizer(lowercase=True)
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    raw.decoder = decoders.WordPiece()
    raw.train_from_iterator(
        SENTENCES, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special, show_progress=False)
    )
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer = BertTokenizerFast(tokenizer_object=raw, model_max_length=BLOCK)
    config = BertConfig(
        vocab_size=320,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=96,
        max_position_embeddings=BLOCK,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    torch.manual_seed(1)
    network = BertForMaskedLM(config)
    whole = tokenizer(list(SENTENCES), padding=True, return_tensors="pt")
    inside = (whole["input_ids"] > 4) & (whole["attention_mask"] == 1)

    def loss() -> Any:
        hidden = inside & (torch.rand(inside.shape) < 0.2)
        hidden[0, 3] = True  # never none
        read = whole["input_ids"].masked_fill(hidden, 4)
        labels = whole["input_ids"].masked_fill(~hidden, -100)
        return network(input_ids=read, attention_mask=whole["attention_mask"], labels=labels).loss

    _teach(network, steps, loss)
    return _save(folder, network, tokenizer, "bert", "wordpiece")


def _teach(network: Any, steps: int, loss_of: Any) -> None:
    """One thread: several wait for each other far longer than so small a network takes."""
    import torch

    torch.set_num_threads(1)
    network.train()
    teacher = torch.optim.AdamW(network.parameters(), weight_decay=0.0)
    for step in range(steps):
        teacher.param_groups[0]["lr"] = 8e-3 * min(1, (step + 1) / 10) * (1 - step / steps)
        teacher.zero_grad()
        loss_of().backward()
        teacher.step()
    network.eval()


def _save(folder: Path, network: Any, tokenizer: Any, family: str, kind: str) -> Path:
    from transformers.utils import logging

    logging.disable_progress_bar()
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    facts = {
        "family": family,
        "name": f"Tiny {family}",
        "dataset": "",
        "dataset_title": "Four sentences",
        "tokenizer": kind,
        "block_size": BLOCK,
        "options": {},
        "characters_per_token": 4.0,
    }
    (folder / "ptft.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "README.md").write_text("# Tiny\n", encoding="utf-8")
    return folder
