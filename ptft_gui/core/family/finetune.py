"""A language model that learns a job from labelled examples, as data: what may be set, and what the screens say."""

from __future__ import annotations

from dataclasses import replace

from ptft_gui.core.family.definition import FULL, PRESETS, Choice, Family
from ptft_gui.core.family.learning_options import (
    CLIP,
    DEVICE,
    DROPOUT,
    EARLY_STOPPING,
    MICRO_BATCH_SIZE,
    PRECISION,
    SCHEDULE,
    SEED,
    WARM_UP,
    WEIGHT_DECAY,
    WORKERS,
    lengths_told,
    with_usual,
)
from ptft_gui.core.family.methods import ALL_LAYERS, ATTENTION, DEFAULT_RANK, DEFAULT_TOP_LAYERS, METHODS
from ptft_gui.core.family.options import Option

ENCODER_TASKS = (
    "classification",
    "multilabel",
    "pair-classification",
    "pair-similarity",
    "tagging",
    "question-answering",
)
"""What a BERT is fine-tuned for; each stands in ``engine/finetune``."""
CAUSAL_TASKS: tuple[str, ...] = ("classification", "multilabel", "pair-classification", "reply")
"""What a GPT is fine-tuned for."""

POOLED_TASKS = ("classification", "multilabel", "pair-classification", "pair-similarity")
"""Where a text is judged as a whole: its tokens become one point. Elsewhere each token is judged."""
ONE_CLASS_TASKS = ("classification", "pair-classification")
"""Where each row bears exactly one class, so that rare ones can count for more."""

_OPTIONS = (
    *lengths_told(
        epochs="How often the model goes through all examples; the moment that scores best on held-out ones is kept. "
        "Usual: 2 to 4, more for few examples, and 20 or more where the model is frozen.",
        max_steps="Ends the run after this many steps, even in the middle of an epoch. One step is one batch of "
        "examples. Usual: not set.",
    ),
    replace(
        EARLY_STOPPING,
        help="Ends the run when held-out examples get no better for this many checks (at least one each epoch). Better "
        "is a higher score (accuracy, F1 or likeness, as the task is scored; replies by their loss), and of equal "
        "scores the lower loss. While the loss still falls to a new lowest, the run goes on, even when the score "
        "stands still; the moment with the best score is kept. 0 never stops early. Usual: 3, and 8 where the "
        "model is frozen.",
        default=None,
        automatic=True,
    ),
    Option(
        "learning_rate",
        "Learning rate",
        "How big each correction is at its height. Too big: what the model knows is destroyed. Too small: it hardly "
        "moves. Usual: 0.00002-0.0001 for full fine-tuning, about ten times that for LoRA, 0.0005 for a frozen model.",
        "float",
        default=None,
        automatic=True,
        minimum=1e-8,
        maximum=10.0,
        aliases=("lr",),
    ),
    Option(
        "global_batch_size",
        "Batch",
        "How many examples are looked at before each correction. Larger is steadier. If it does not fit in memory it "
        "is split up by itself; the result stays nearly the same. Usual: 16 or 32.",
        "int",
        default=None,
        automatic=True,
        minimum=1,
        maximum=100_000,
        aliases=("batch_size",),
    ),
    Option(
        "block_size",
        "Text length",
        "How many tokens the model sees at once. What lies beyond is cut off or seen separately. Doubling it costs at "
        "least twice the time. Usual: as long as nearly all of your texts, at most 256.",
        "int",
        default=None,
        automatic=True,
        minimum=8,
        maximum=8192,
        aliases=("max_length", "max_seq_length"),
    ),
    SEED,
    Option(
        "weigh_classes",
        "Classes weighted equally",
        "Lets a mistake in a rare class count for more, so that all classes matter alike. Helps when one class is much "
        "more common; lowers plain accuracy a little. Usual: off.",
        "bool",
        default=False,
        aliases=("class_weights",),
    ),
    Option(
        "top_layers",
        "Layers that learn",
        "How many of the uppermost layers learn with the method Top layers; those below stay as they are. More can "
        "learn more and need more memory. Usual: 2.",
        "int",
        default=DEFAULT_TOP_LAYERS,
        minimum=1,
        maximum=96,
    ),
    Option(
        "lora_rank",
        "LoRA rank",
        "How large the added pieces are. 8 is usually enough; 16-64 for tasks far from what the model has read.",
        "int",
        default=DEFAULT_RANK,
        minimum=1,
        maximum=1024,
        aliases=("rank",),
    ),
    Option(
        "lora_targets",
        "LoRA is added to",
        "Which matrices of a layer get added pieces. All of them can learn more and take longer. Usual: the attention.",
        "choice",
        default=ATTENTION,
        choices=((ATTENTION, "The attention"), (ALL_LAYERS, "Every matrix of a layer")),
        advanced=True,
    ),
    Option(
        "pooling",
        "A text becomes one point",
        "How the vectors of a text's tokens become the one that is judged. The mean uses all of them; the first token "
        "alone is good only in a model that was trained so. Usual: the mean, unless the start says otherwise.",
        "choice",
        default=None,
        automatic=True,
        choices=(("mean", "The mean of all tokens"), ("first", "The first token")),
        spellings=(("cls", "first"),),
        advanced=True,
    ),
    Option(
        "start_weights",
        "Numbers of the start",
        "Whether the model begins with what its start has learned, or with random numbers in the same network. Random "
        "numbers show what pre-training is worth. Usual: kept.",
        "choice",
        default="kept",
        choices=(("kept", "What it has learned"), ("random", "Random: no pre-training")),
        advanced=True,
    ),
    Option(
        "train_share",
        "Share of the rows learned from",
        "How many of the rows to learn from are used; those that choose and report stay the same. A part of them shows "
        "how many labels are needed. Usual: 1, all of them.",
        "float",
        default=1.0,
        minimum=0.001,
        maximum=1.0,
        advanced=True,
    ),
    with_usual(SCHEDULE, "linear", "evenly.", choices=SCHEDULE.choices[1::-1] + SCHEDULE.choices[2:]),
    with_usual(WARM_UP, 0.06, "0.06."),
    with_usual(DROPOUT, None, "as the start was trained, 0.1."),
    with_usual(WEIGHT_DECAY, 0.01, "0.01."),
    CLIP,
    MICRO_BATCH_SIZE,
    PRECISION,
    WORKERS,
    DEVICE,
)


def _options_of(family: str, task: str) -> tuple[Option, ...]:
    """Those that change something for this task; a GPT always judges a text by its last token."""
    useless = set()
    if task not in POOLED_TASKS or family == "gpt":
        useless.add("pooling")
    if task not in ONE_CLASS_TASKS:
        useless.add("weigh_classes")
    return tuple(option for option in _OPTIONS if option.key not in useless)


def tuner_of(family: Family, task: str) -> Family:
    """The family as it is when it learns a task from labelled examples."""
    methods = tuple(method.key for method in METHODS)
    units = {"tagging": "word", "question-answering": "window", "writing": "token", "reply": "token"}
    unit = units.get(task, "text")
    return replace(
        family,
        stages=("finetune",),
        loss_unit=f"loss per {unit}, nats"
        if task != "pair-similarity"
        else "squared difference of the scores",
        step_unit="texts",
        speed_unit="texts/s",
        step_size_key="global_batch_size",
        speed_words="texts",
        rate_help="How big each correction is. It rises at first, then falls to nothing, so that what was learned "
        "settles.",
        speed_help="How many texts are gone through. It falls while something else uses the computer.",
        options=_options_of(family.key, task),
        methods=methods if task not in ("writing", "reply") else tuple(m for m in methods if m != "frozen"),
        presets=PRESETS,
        reads_text_each_epoch=False,
        is_held_out_decisive=True,
        reads_raw_text=False,
    )


def choices_of(family: Family) -> tuple[Choice, ...]:
    """The methods of a family that learns a task, with the words a person reads."""
    return tuple(
        Choice(method.key, method.title, f"{method.sentence} {method.when}")
        for method in METHODS
        if method.key in family.methods
    )


USUAL_METHOD = FULL
