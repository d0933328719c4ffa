"""What a model family is, as data, and what all families share: stages, presets, the length of a run."""

from __future__ import annotations

from dataclasses import dataclass

from ptft_gui.core.family.options import Option


@dataclass(frozen=True)
class Choice:
    """A name used in files and on the command line, with the words a person reads."""

    key: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Family:
    """One model family.

    ``loss_unit`` stands on the axis of the loss chart; ``step_unit`` is what a step is made of and ``step_size_key``
    the value that says how many of them; ``speed_unit`` and ``speed_words`` are what is counted a second, as a unit
    and in a sentence. ``rate_help`` explains the learning rate's chart, ``speed_help`` that of the speed.
    ``reads_text_each_epoch`` tells whether the length of a run can be counted in words, ``is_held_out_decisive``
    whether a rising held-out loss alone says that the model gets worse. ``tasks``: what its models can be fine-tuned
    for; ``methods``: how, for a family as it is when it learns a task. ``reads_raw_text``: text as it stands, capitals
    and marks included. ``is_in_window``: whether the window offers it.
    """

    key: str
    title: str
    sentence: str
    second_line: str
    picture: str
    stages: tuple[str, ...]
    loss_unit: str
    step_unit: str
    speed_unit: str
    step_size_key: str
    speed_words: str
    rate_help: str
    speed_help: str
    options: tuple[Option, ...]
    presets: tuple[Choice, ...]
    default_preset: str = "quick"
    saves_word_vectors: bool = False
    reads_text_each_epoch: bool = True
    is_held_out_decisive: bool = True
    tasks: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    reads_raw_text: bool = False
    is_in_window: bool = True


GO_ON, FINETUNE = "go_on", "finetune"

STAGES = (
    Choice(
        "pretrain",
        "From nothing",
        "The model starts with random numbers and learns language from plain text. "
        "No labels needed, much text needed.",
    ),
    Choice(
        GO_ON,
        "Go on pre-training",
        "A model that already knows a language reads your texts too and learns your field's words. "
        "No labels needed.",
    ),
    Choice(
        FINETUNE,
        "Fine-tune for a task",
        "A model that already knows a language learns one job from your examples. A few hundred labelled rows often "
        "suffice.",
    ),
)
"""As a person chooses them; a RunSpec says the same with its stage and where it starts."""

FROZEN, FULL = "frozen", "full"

METHODS = (
    Choice(
        FROZEN,
        "Frozen backbone",
        "The model stays as it is; only a small new layer on top learns. "
        "Fastest, hard to spoil. Good for a first look and for few rows.",
    ),
    Choice(
        FULL,
        "Full",
        "Every number in the model may change. Most memory; often the best score; can memorise a small data set.",
    ),
)
"""What of a model learns when it is fine-tuned."""

PRESETS = (
    Choice(
        "tiny",
        "Tiny",
        "To see it work. Learns something visible in about two minutes, even without a GPU.",
    ),
    Choice("quick", "Quick", "A first honest result. For trying out data and settings."),
    Choice("balanced", "Balanced", "The usual choice. Good results at a fair price in time."),
    Choice("best", "Best", "As good as this computer and your data allow. Often hours."),
)

INITIAL_WORDS = Option(
    "initial_words",
    "Words of the start",
    "Whether the words that the start knows may move on while your text is read. Free lets them take on what they mean "
    "in your text; frozen keeps them exactly as they are, and only new words are learned. Usual: free.",
    "choice",
    default="free",
    choices=(("free", "Free to move"), ("frozen", "Frozen")),
    advanced=True,
)

PHRASE_OPTIONS = (
    Option(
        "phrases",
        "Join phrases",
        'Words that stand together far more often than chance, such as "new york", become one word "new_york". '
        "Takes one more pass over the text. Usual: off.",
        "bool",
        default=False,
        advanced=True,
    ),
    Option(
        "phrase_threshold",
        "Phrase threshold",
        "How far above chance two words must stand together to be joined. Higher joins fewer. Usual: 10.",
        "float",
        default=10.0,
        minimum=0.0,
        advanced=True,
    ),
    Option(
        "phrase_min_count",
        "Phrase minimum count",
        "Pairs seen less often than this are never joined. Higher joins fewer. Usual: 5.",
        "int",
        default=5,
        minimum=1,
        advanced=True,
    ),
)

GOLD_SET = Option(
    "gold_set",
    "Own test words",
    "A file of what people say about words, measured again and again while training: pairs with a score (cat dog 7.5) "
    "or analogies of four words a line. It takes the place of the ready English set of its kind, so that other "
    "languages have scores too. Usual: not set.",
    "text",
    default=None,
    advanced=True,
)

LATER_OPTIONS = frozenset(
    {
        INITIAL_WORDS.key,
        GOLD_SET.key,
        *(option.key for option in PHRASE_OPTIONS),
        "trainer",
        "device",
        "tokenizer_from",
        "compile",
        "next_sentence",
        "train_share",
    }
)
"""Options that runs of an earlier version do not have; they stand at their default there."""
