"""The settings that every training of a language model has, from plain text or for a task: said once.

Where one of the two has another usual value, :func:`with_usual` says so; everything else about it stays the same.
"""

from __future__ import annotations

from dataclasses import replace

from ptft_gui.core.options import Option, OptionValue

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
