"""BERT as data: what it is called and what may be set."""

from __future__ import annotations

from ptft_gui.core.family.definition import FINETUNE, GO_ON, PRESETS, Family
from ptft_gui.core.family.finetune import ENCODER_TASKS
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
from ptft_gui.core.family.options import Option

_OWN_OPTIONS = (
    Option(
        "mlm_probability",
        "Hidden share",
        "How many of the tokens are hidden for the model to guess. More gives more to learn from each text and less to "
        "guess by. Usual: 0.3; the first BERT had 0.15.",
        "float",
        default=None,
        automatic=True,
        minimum=0.01,
        maximum=0.9,
        aliases=("mask_probability",),
    ),
    Option(
        "whole_word",
        "Hide whole words",
        "Hides all pieces of a word together, so that none gives the others away. Harder to guess, and better for what "
        "words mean. Usual: off.",
        "bool",
        default=False,
        advanced=True,
        aliases=("whole_word_masking",),
    ),
    Option(
        "next_sentence",
        "Guess what follows",
        "The model also guesses whether the second half of what it reads follows the first, as the first BERT did. "
        "Later work found that it rarely helps. Usual: off.",
        "bool",
        default=False,
        advanced=True,
        aliases=("nsp",),
    ),
)

BERT = Family(
    key="bert",
    title="BERT",
    sentence="Reads a sentence in both directions and learns by filling in blanks. Good for sorting texts, marking "
    "names and finding answers.",
    second_line="The same word can mean different things. Better with a GPU.",
    picture="blank",
    stages=("pretrain", GO_ON, FINETUNE),
    tasks=ENCODER_TASKS,
    loss_unit="loss per hidden token, nats",
    step_unit="tokens",
    speed_unit="tokens/s",
    step_size_key="batch_tokens",
    speed_words="tokens",
    rate_help="How big each correction is. It rises at first, then falls to the end, so that what was learned settles.",
    speed_help="How fast the text is read. It falls while something else uses the computer.",
    options=(
        MODEL_SIZE,
        tokenizer_option("WordPiece, and characters for Chinese."),
        VOCAB_SIZE,
        BLOCK_SIZE,
        *LENGTHS,
        GLOBAL_BATCH_SIZE,
        LEARNING_RATE,
        _OWN_OPTIONS[0],
        EARLY_STOPPING,
        SEED,
        *_OWN_OPTIONS[1:],
        *EXPERT_OPTIONS,
    ),
    presets=PRESETS,
    reads_raw_text=True,
)
