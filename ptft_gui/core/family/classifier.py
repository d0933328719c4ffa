"""Word vectors that learn to sort texts into classes, as data: what may be set, and what the screens say."""

from __future__ import annotations

from dataclasses import replace

from ptft_gui.core.family.definition import FROZEN, FULL, Family
from ptft_gui.core.family.learning_options import EARLY_STOPPING, SEED, WORKERS, lengths_told
from ptft_gui.core.family.options import Option

CLASSIFICATION = "classification"

_OPTIONS = (
    *lengths_told(
        max_steps="Ends the run after this many steps, even in the middle of an epoch. One step is one batch of texts. "
        "Usual: not set.",
    ),
    replace(
        EARLY_STOPPING,
        help="Ends the run when held-out texts get no better for this many checks (one each epoch). The best moment is "
        "kept in any case. 0 never stops early. Usual: 5.",
        default=5,
    ),
    Option(
        "learning_rate",
        "Learning rate",
        "How big each correction is at the start. Too big: the loss jumps or explodes. Too small: it hardly moves. "
        "Usual: 0.003 with frozen vectors, 0.001 when they learn along.",
        "float",
        default=None,
        automatic=True,
        minimum=1e-7,
        maximum=10.0,
    ),
    Option(
        "global_batch_size",
        "Batch",
        "How many texts are looked at before each correction. Larger is steadier, smaller learns more from each epoch. "
        "Usual: 32.",
        "int",
        default=32,
        minimum=1,
        maximum=100_000,
        aliases=("batch_size",),
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
        "weight_decay",
        "Pull towards zero",
        "Keeps the numbers of the new layer small. More guards against memorising few texts; too much learns nothing. "
        "Usual: 0.01.",
        "float",
        default=0.01,
        minimum=0.0,
        maximum=100.0,
        advanced=True,
    ),
    Option(
        "vector_size",
        "Vector size",
        "How many numbers describe a word when the model begins from nothing; a start brings its own. Usual: 100.",
        "int",
        default=None,
        automatic=True,
        minimum=1,
        maximum=4096,
        advanced=True,
    ),
    Option(
        "min_count",
        "Minimum count",
        "Words seen less often than this in the texts are left out when the model begins from nothing. Usual: 1.",
        "int",
        default=1,
        minimum=1,
        maximum=1_000_000,
        advanced=True,
    ),
    WORKERS,
)


def classifier_of(family: Family) -> Family:
    """The family as it is when its vectors, averaged over a text, learn to sort texts into classes."""
    return replace(
        family,
        stages=("finetune",),
        loss_unit="loss per text, nats",
        step_unit="texts",
        speed_unit="texts/s",
        step_size_key="global_batch_size",
        speed_words="texts",
        rate_help="How big each correction is. It falls to nothing, so that what was learned settles.",
        speed_help="How many texts are gone through. It falls while something else uses the computer.",
        options=_OPTIONS,
        methods=(FROZEN, FULL),
        saves_word_vectors=True,
        reads_text_each_epoch=False,
        is_held_out_decisive=True,
    )
