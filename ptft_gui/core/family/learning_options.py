"""The settings that several trainings have, from plain text or for a task: said once.

Where one of them has another usual value, :func:`with_usual` says so; everything else about it stays the same.
"""

from __future__ import annotations

from dataclasses import replace

from ptft_gui.core.family.options import Option, OptionValue

SEED = Option(
    "seed",
    "Seed",
    "The start of all chance in the run. Same seed, same data, same computer, one thread: same result. "
    "Change it to see how much is luck. Usual: any number.",
    "int",
    default=1,
    minimum=0,
    maximum=2**32 - 1,
)

LENGTH_OPTIONS = (
    Option(
        "epochs",
        "Epochs",
        "How often the model reads the whole text. More helps until the held-out loss stops falling. "
        "Usual: 10 for a small text, 1 to 5 for a large one.",
        "int",
        default=None,
        automatic=True,
        minimum=1,
        maximum=10_000,
        aliases=("iter",),
    ),
    Option(
        "max_steps",
        "Steps",
        "Ends the run after this many steps, even in the middle of an epoch. One step is one batch: of Word2Vec 10,000 "
        "words, of GloVe up to 200,000 counted pairs. Usual: not set.",
        "int",
        default=None,
        minimum=1,
    ),
    Option(
        "max_minutes",
        "Minutes",
        "Ends the run after this much training time; the learning rate falls to its end in exactly that time. "
        "Usual: not set.",
        "float",
        default=None,
        minimum=0.05,
        maximum=60 * 24 * 30,
        unit="min",
    ),
    Option(
        "finish_by",
        "Finish by",
        "Ends the run at this time of day (24 hours, as in 08:00); the learning rate falls to its end until then. "
        "Usual: not set.",
        "text",
        default=None,
    ),
)

EARLY_STOPPING = Option(
    "early_stopping",
    "Stop when it no longer improves",
    "Ends the run when held-out text gets no better for this many checks (six to twelve a run). The best moment is "
    "kept in any case. 0 never stops early. Usual: 3 where a text is read many times.",
    "int",
    default=0,
    minimum=0,
    maximum=100,
    zero_word="never",
)

SCHEDULE = Option(
    "schedule",
    "Learning rate falls",
    "How the learning rate goes after its rise. A cosine stays high for longer, linear falls evenly, constant does "
    "not fall and leaves the model restless. Usual: cosine.",
    "choice",
    default="cosine",
    choices=(("cosine", "As a cosine"), ("linear", "Evenly"), ("constant", "Not at all")),
    advanced=True,
)

WARM_UP = Option(
    "warm_up",
    "Warm-up",
    "The share of the run in which the learning rate rises from nearly nothing. Longer is safer with a large rate "
    "and wastes time. Usual: 0.05.",
    "float",
    default=0.05,
    minimum=0.0,
    maximum=0.9,
    advanced=True,
    aliases=("warmup",),
)

WEIGHT_DECAY = Option(
    "weight_decay",
    "Pull towards zero",
    "Keeps the numbers of the model small. More guards against learning by heart; too much learns nothing. "
    "Usual: 0.1.",
    "float",
    default=0.1,
    minimum=0.0,
    maximum=10.0,
    advanced=True,
)

CLIP = Option(
    "clip",
    "Longest correction",
    "A correction that would be longer than this is shortened, which keeps one odd batch from spoiling the model. "
    "0 shortens none. Usual: 1.",
    "float",
    default=1.0,
    minimum=0.0,
    maximum=1e6,
    zero_word="never",
    advanced=True,
    aliases=("max_grad_norm",),
)

DROPOUT = Option(
    "dropout",
    "Dropout",
    "The share of numbers that is set to zero at random while learning. It guards against learning by heart where "
    "a text is read many times, and slows learning where it is not. Usual: 0, or 0.1 for a small text.",
    "float",
    default=None,
    automatic=True,
    minimum=0.0,
    maximum=0.9,
    advanced=True,
)

MICRO_BATCH_SIZE = Option(
    "micro_batch_size",
    "Blocks at a time",
    "How many blocks of a batch are in memory at once. Fewer need less memory and give the same result a little "
    "slower. Usual: as many as fit.",
    "int",
    default=None,
    automatic=True,
    minimum=1,
    maximum=100_000,
    advanced=True,
)

PRECISION = Option(
    "precision",
    "Precision",
    "How wide the numbers are that are multiplied. bfloat16 is faster where the processor has it; the model itself "
    "is kept in 32 bits. Usual: automatic, which measures.",
    "choice",
    default=None,
    automatic=True,
    choices=(("float32", "32 bits"), ("bfloat16", "bfloat16")),
    spellings=(("bf16", "bfloat16"), ("fp32", "float32")),
    advanced=True,
    aliases=("dtype",),
)

WORKERS = Option(
    "workers",
    "Threads",
    "How many processor threads train at once. More is faster up to the number of cores; only one thread gives "
    "exactly repeatable results. Usual: the number of cores.",
    "int",
    default=None,
    automatic=True,
    minimum=1,
    maximum=256,
    advanced=True,
    aliases=("threads",),
)

DEVICE = Option(
    "device",
    "Computed by",
    "Which part of the computer trains. A graphics card is many times as fast. "
    "Usual: the graphics card where one can be used.",
    "choice",
    default=None,
    automatic=True,
    choices=(("cpu", "Processor"), ("cuda", "Graphics card")),
    spellings=(("gpu", "cuda"),),
    advanced=True,
)

PROCESSES = Option(
    "processes",
    "Processes",
    "How many processes share each batch, each on a graphics card of its own. The result stays the same within a "
    "little; more is faster up to the number of cards. Usual: 1, or as many as there are cards.",
    "int",
    default=1,
    minimum=1,
    maximum=64,
    advanced=True,
    aliases=("gpus", "nproc_per_node"),
)


def with_usual(option: Option, default: OptionValue, usual: str, **more: object) -> Option:
    """The option with another usual value; ``usual``: the end of the sentence that helps."""
    told = option.help.rpartition("Usual: ")[0] + f"Usual: {usual}"
    return replace(option, default=default, help=told, **more)  # type: ignore[arg-type]


def lengths_told(**told: str) -> tuple[Option, ...]:
    """The options of how long to train, where a family has a help of its own for some of them."""
    return tuple(replace(option, help=told.get(option.key, option.help)) for option in LENGTH_OPTIONS)
