"""GloVe as data: what it is called and what may be set."""

from __future__ import annotations

from dataclasses import replace

from ptft_gui.core.family.definition import (
    FINETUNE,
    GO_ON,
    GOLD_SET,
    INITIAL_WORDS,
    PHRASE_OPTIONS,
    PRESETS,
    Family,
)
from ptft_gui.core.family.learning_options import EARLY_STOPPING, SEED, WORKERS, lengths_told
from ptft_gui.core.family.options import Option

_OPTIONS = (
    Option(
        "vector_size",
        "Vector size",
        "How many numbers describe a word. More can hold finer meaning but need more text: 50-100 for small texts, "
        "300 for billions of words.",
        "int",
        default=None,
        automatic=True,
        minimum=1,
        maximum=4096,
        aliases=("size",),
    ),
    Option(
        "window",
        "Window",
        "How many words to each side count as neighbours; near ones count more. Small (2-3) groups words that can "
        "replace each other; large (8-15) groups words of one topic. Usual: 10.",
        "int",
        default=10,
        minimum=1,
        maximum=1000,
        aliases=("window_size",),
    ),
    Option(
        "symmetric",
        "Both sides",
        "Counts the neighbours on both sides of a word, or only those before it. One side keeps the order of words, "
        "which helps where sentences are built alike. Usual: yes.",
        "bool",
        default=None,
        automatic=True,
        advanced=True,
    ),
    Option(
        "min_count",
        "Minimum count",
        "Words seen less often than this are left out, because there is too little to learn from. "
        "Lower it for small texts. Usual: 5.",
        "int",
        default=None,
        automatic=True,
        minimum=1,
        maximum=1_000_000,
        aliases=("vocab_min_count",),
    ),
    *lengths_told(
        epochs="How often the model goes through all counted pairs. More helps until the held-out loss stops falling. "
        "Usual: 15 to 50, up to 100 for small texts.",
        max_minutes="Ends the run after this much training time. Counting comes before and is not part of it. "
        "Usual: not set.",
        finish_by="Ends the run at this time of day (24 hours, as in 08:00). Usual: not set.",
    ),
    Option(
        "learning_rate",
        "Learning rate",
        "How big each correction is. It falls by itself for numbers that were corrected often. Too big: the loss jumps "
        "or explodes. Too small: it hardly moves. Usual: 0.05.",
        "float",
        default=0.05,
        minimum=1e-7,
        maximum=10.0,
        aliases=("eta",),
    ),
    replace(
        EARLY_STOPPING,
        help="Ends the run when held-out text gets no better for this many checks (one each epoch), and keeps the best "
        "moment. On a small text that comes after a few epochs, while the neighbours of words still get better. "
        "Usual: 0, which never stops early.",
    ),
    INITIAL_WORDS,
    SEED,
    Option(
        "x_max",
        "Count that weighs fully",
        "Pairs that meet this often or more weigh fully, rarer ones less. Smaller lets rare pairs speak; larger trusts "
        "frequent ones. Usual: 10 for texts up to some hundred million words, 100 for billions.",
        "float",
        default=None,
        automatic=True,
        minimum=0.01,
        maximum=1e9,
        advanced=True,
        aliases=("xmax",),
    ),
    Option(
        "alpha",
        "Weight of rare pairs",
        "How quickly the weight falls for pairs below the count that weighs fully. 1 falls evenly, 0 weighs all pairs "
        "alike. Usual: 0.75.",
        "float",
        default=0.75,
        minimum=0.0,
        maximum=1.0,
        advanced=True,
    ),
    WORKERS,
    *PHRASE_OPTIONS,
    GOLD_SET,
    Option(
        "memory_mb",
        "Memory for counting",
        "How much memory counting and the counted pairs may take; what exceeds it goes to the disk, which is slower. "
        "Usual: a quarter of the computer's memory.",
        "int",
        default=None,
        automatic=True,
        minimum=1,
        maximum=4_000_000,
        unit="MB",
        advanced=True,
    ),
    Option(
        "reference",
        "As the reference program",
        "Does everything as the program of the method's authors: biases learn without the learning rate, and every "
        "epoch takes the pairs in the same order. Off mixes the pairs anew each time. Usual: off.",
        "bool",
        default=False,
        advanced=True,
        aliases=("parity",),
    ),
    Option(
        "device",
        "Computed by",
        "Which part of the computer trains. The graphics card adds up what a batch says of one word, so its result "
        "differs a little. Usual: automatic.",
        "choice",
        default=None,
        automatic=True,
        choices=(("cpu", "Processor"), ("cuda", "Graphics card")),
        spellings=(("gpu", "cuda"),),
        advanced=True,
    ),
)

GLOVE = Family(
    key="glove",
    title="GloVe",
    sentence="Counts how often words meet in the whole text, then finds points that explain the counts.",
    second_line="One point per word. Fast; the same text gives very similar results.",
    picture="counts",
    stages=("pretrain", GO_ON, FINETUNE),
    tasks=("classification",),
    loss_unit="weighted cost per pair",
    step_unit="pairs",
    speed_unit="pairs/s",
    step_size_key="batch_pairs",
    speed_words="pairs",
    rate_help="How big each correction is at most. Numbers that were corrected often move less and less by themselves.",
    speed_help="How fast counted pairs are gone through. It falls while something else uses the computer.",
    options=_OPTIONS,
    presets=PRESETS,
    saves_word_vectors=True,
    reads_text_each_epoch=False,
    is_held_out_decisive=False,
)
