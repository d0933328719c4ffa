"""What the families of language models have in common as data: the settings of size, text, length and learning."""

from __future__ import annotations

from ptft_gui.core.family.learning_options import (
    CLIP,
    DEVICE,
    DROPOUT,
    MICRO_BATCH_SIZE,
    PRECISION,
    PROCESSES,
    SCHEDULE,
    WARM_UP,
    WEIGHT_DECAY,
    WORKERS,
    lengths_told,
)
from ptft_gui.core.family.learning_options import EARLY_STOPPING as EARLY_STOPPING
from ptft_gui.core.family.learning_options import SEED as SEED
from ptft_gui.core.family.options import Option

LENGTHS = lengths_told(
    epochs="How often the model reads the whole text. More helps until the held-out loss stops falling. "
    "Usual: 1 for a large text, up to 40 for a small one.",
    max_steps="Ends the run after this many steps, even in the middle of an epoch. One step is one batch of blocks. "
    "Usual: not set.",
)

MODEL_SIZE = Option(
    "model_size",
    "Model size",
    "How many numbers the model has to learn with. Larger learns more from much text and takes longer; on a small text "
    "it learns by heart. Tiny 4 layers of 128 (BERT 2), mini 4 of 256, small 6 of 512, base 12 of 768. "
    "Usual: by the preset.",
    "choice",
    default=None,
    automatic=True,
    choices=(("tiny", "Tiny"), ("mini", "Mini"), ("small", "Small"), ("base", "Base")),
    aliases=("size",),
)

VOCAB_SIZE = Option(
    "vocab_size",
    "Vocabulary",
    "How many tokens there are. More make a text shorter in tokens and need more text to be learned; for characters it "
    "is the most that are kept. Usual: 2,000 for a small text, 30,000 for a gigabyte.",
    "int",
    default=None,
    automatic=True,
    minimum=16,
    maximum=200_000,
    aliases=("vocabulary_size",),
)

BLOCK_SIZE = Option(
    "block_size",
    "Block",
    "How many tokens the model sees at once. Longer lets it use what stands further back and costs time and memory. "
    "Usual: 64 for characters, 128 to 512 for pieces of words.",
    "int",
    default=None,
    automatic=True,
    minimum=8,
    maximum=8192,
    aliases=("context", "context_length", "sequence_length"),
)

GLOBAL_BATCH_SIZE = Option(
    "global_batch_size",
    "Batch",
    "How many blocks are read before each correction. Larger is steadier, smaller learns more from each epoch. "
    "Usual: 16 to 64 for small models, some hundreds for large ones.",
    "int",
    default=None,
    automatic=True,
    minimum=1,
    maximum=100_000,
    aliases=("batch_size",),
)

LEARNING_RATE = Option(
    "learning_rate",
    "Learning rate",
    "How big each correction is at its height. Too big: the loss jumps or explodes. Too small: it hardly moves. "
    "Usual: 0.012 for a tiny model, 0.0006 for a base one.",
    "float",
    default=None,
    automatic=True,
    minimum=1e-7,
    maximum=10.0,
    aliases=("lr",),
)

TOKENIZER_FROM = Option(
    "tokenizer_from",
    "Tokenizer taken from",
    "A run or a model folder whose tokenizer cuts this text too, so that models can be compared token by token. "
    "Usual: not set, and one is learned from the text.",
    "text",
    default=None,
    advanced=True,
)

OPTIMIZER = Option(
    "optimizer",
    "Corrected by",
    "How corrections are made. AdamW is the usual way. Muon treats the matrices between the layers so that all "
    "directions learn alike: fewer steps to the same loss, and each takes longer. Usual: by the model's size.",
    "choice",
    default=None,
    automatic=True,
    choices=(("adamw", "AdamW"), ("muon", "Muon, and AdamW for the rest")),
    advanced=True,
)

EXPERT_OPTIONS = (
    TOKENIZER_FROM,
    OPTIMIZER,
    SCHEDULE,
    WARM_UP,
    WEIGHT_DECAY,
    CLIP,
    DROPOUT,
    Option(
        "layers",
        "Layers",
        "How many times the model works over what it has read. More can follow longer thoughts and takes longer. "
        "Usual: by the model's size.",
        "int",
        default=None,
        automatic=True,
        minimum=1,
        maximum=96,
        advanced=True,
    ),
    Option(
        "width",
        "Width",
        "How many numbers describe a token inside the model. More holds more and takes longer. "
        "Usual: by the model's size.",
        "int",
        default=None,
        automatic=True,
        minimum=8,
        maximum=8192,
        advanced=True,
    ),
    Option(
        "heads",
        "Heads",
        "In how many ways each layer looks at the other tokens. The width is shared among them. "
        "Usual: one for every 64 numbers of the width.",
        "int",
        default=None,
        automatic=True,
        minimum=1,
        maximum=128,
        advanced=True,
    ),
    MICRO_BATCH_SIZE,
    PRECISION,
    Option(
        "compile",
        "Compiled",
        "Translates the model into a program of its own before training. That takes minutes and then makes each step "
        "faster on a graphics card; where it fails the model is trained as it is. Usual: automatic, which measures on "
        "a graphics card and leaves the processor alone.",
        "choice",
        default=None,
        automatic=True,
        choices=(("off", "No"), ("on", "Yes, where it works")),
        advanced=True,
        aliases=("torch_compile",),
    ),
    WORKERS,
    DEVICE,
    PROCESSES,
)


def tokenizer_option(usual: str) -> Option:
    """How text is cut; ``usual``: the end of the sentence that helps."""
    return Option(
        "tokenizer",
        "Tokens",
        "What the text is cut into. Characters suit small texts and Chinese; pieces of words say more in fewer tokens "
        f"and need more text. Usual: {usual}",
        "choice",
        default=None,
        automatic=True,
        choices=(("characters", "Characters"), ("bpe", "Pieces of words (BPE)"), ("wordpiece", "WordPiece")),
        spellings=(("char", "characters"), ("chars", "characters"), ("byte-level-bpe", "bpe")),
    )
