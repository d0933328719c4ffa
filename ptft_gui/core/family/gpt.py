"""GPT as data: what it is called and what may be set."""

from __future__ import annotations

from dataclasses import replace

from ptft_gui.core.family.definition import FINETUNE, GO_ON, PRESETS, Family
from ptft_gui.core.family.finetune import CAUSAL_TASKS
from ptft_gui.core.family.language import (
    BLOCK_SIZE,
    EARLY_STOPPING,
    EXPERT_OPTIONS,
    GLOBAL_BATCH_SIZE,
    LEARNING_RATE,
    LENGTHS,
    MODEL_SIZE,
    SEED,
    VOCAB_SIZE,
    tokenizer_option,
)

_TOKENIZER = tokenizer_option("BPE, and characters below two million characters of text.")

GPT = Family(
    key="gpt",
    title="GPT",
    sentence="Reads from left to right and learns by guessing what comes next. Good for writing text.",
    second_line="Sounds sure even when it is wrong. Better with a GPU.",
    picture="next_token",
    stages=("pretrain", GO_ON, FINETUNE),
    tasks=CAUSAL_TASKS,
    loss_unit="loss per token, nats",
    step_unit="tokens",
    speed_unit="tokens/s",
    step_size_key="batch_tokens",
    speed_words="tokens",
    rate_help="How big each correction is. It rises at first, then falls to the end, so that what was learned settles.",
    speed_help="How fast the text is read. It falls while something else uses the computer.",
    options=(
        MODEL_SIZE,
        replace(_TOKENIZER, choices=_TOKENIZER.choices[:2]),
        VOCAB_SIZE,
        BLOCK_SIZE,
        *LENGTHS,
        GLOBAL_BATCH_SIZE,
        LEARNING_RATE,
        EARLY_STOPPING,
        SEED,
        *EXPERT_OPTIONS,
    ),
    presets=PRESETS,
    reads_raw_text=True,
)
