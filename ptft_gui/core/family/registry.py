"""The model families as data: what they are called, what they do, what may be set.

The New run page, the command line (``--list-settings``) and the validation of a RunSpec all read these tables,
so an option that is listed here exists everywhere, and one that is not exists nowhere. A family appears here
with the engine that makes it work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.bert import BERT as BERT
from ptft_gui.core.family.classifier import classifier_of
from ptft_gui.core.family.data_options import DATA_OPTIONS as DATA_OPTIONS
from ptft_gui.core.family.data_options import EXAMPLE_OPTIONS, RAW_TEXT_OPTIONS, ROW_OPTIONS
from ptft_gui.core.family.definition import FINETUNE as FINETUNE
from ptft_gui.core.family.definition import GO_ON as GO_ON
from ptft_gui.core.family.definition import GOLD_SET as GOLD_SET
from ptft_gui.core.family.definition import INITIAL_WORDS as INITIAL_WORDS
from ptft_gui.core.family.definition import METHODS as METHODS
from ptft_gui.core.family.definition import PHRASE_OPTIONS as PHRASE_OPTIONS
from ptft_gui.core.family.definition import PRESETS as PRESETS
from ptft_gui.core.family.definition import STAGES as STAGES
from ptft_gui.core.family.definition import Choice as Choice
from ptft_gui.core.family.definition import Family as Family
from ptft_gui.core.family.finetune import tuner_of
from ptft_gui.core.family.glove import GLOVE as GLOVE
from ptft_gui.core.family.gpt import GPT as GPT
from ptft_gui.core.family.learning_options import EARLY_STOPPING, SEED, WORKERS
from ptft_gui.core.family.learning_options import LENGTH_OPTIONS as LENGTH_OPTIONS
from ptft_gui.core.family.options import Option, find_option, unknown_name_problem
from ptft_gui.core.family.tasks import get_task

SKIP_GRAM, CBOW = "skip_gram", "cbow"

_WORD2VEC_OPTIONS = (
    Option(
        "objective",
        "Objective",
        "Skip-gram guesses the neighbours from a word: better for rare words and small texts. CBOW guesses a word from "
        "its neighbours: about twice as fast.",
        "choice",
        default=SKIP_GRAM,
        choices=((SKIP_GRAM, "Skip-gram"), (CBOW, "CBOW")),
        aliases=("sg",),
        spellings=(("1", SKIP_GRAM), ("0", CBOW), ("skip-gram", SKIP_GRAM), ("skipgram", SKIP_GRAM)),
    ),
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
        "How many words to each side count as neighbours. Small (2-3) groups words that can replace each other; "
        "large (8-10) groups words of one topic. Usual: 5.",
        "int",
        default=5,
        minimum=1,
        maximum=1000,
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
    ),
    *LENGTH_OPTIONS,
    Option(
        "learning_rate",
        "Learning rate",
        "How big each correction is at the start. Too big: the loss jumps or explodes. Too small: it hardly moves. "
        "Usual: 0.025.",
        "float",
        default=0.025,
        minimum=1e-7,
        maximum=10.0,
        aliases=("alpha", "start_alpha"),
    ),
    replace(
        EARLY_STOPPING,
        help="Ends the run when held-out text gets no better for this many checks (one each epoch), and keeps the best "
        "moment. 0 never stops early. Usual: 3, or 0 for short runs.",
    ),
    INITIAL_WORDS,
    SEED,
    Option(
        "negative",
        "Negative samples",
        "How many random words each true neighbour is compared with. More is steadier and slower: 5-20 for small "
        "texts, 2-5 for large ones. 0 is for hierarchical softmax alone.",
        "int",
        default=5,
        minimum=0,
        maximum=100,
        advanced=True,
    ),
    Option(
        "hs",
        "Hierarchical softmax",
        "Guesses a word by a path through a tree instead of comparing it with random words. Can be better for rare "
        "words; slower for large vocabularies. Usual: off.",
        "bool",
        default=False,
        advanced=True,
    ),
    Option(
        "sample",
        "Thinning of frequent words",
        'How strongly very frequent words such as "the" are skipped. Smaller skips more; 0 skips none. '
        "Usual: 0.001, and 0.01 for a text with very few different words.",
        "float",
        default=None,
        automatic=True,
        minimum=0.0,
        maximum=1.0,
        advanced=True,
    ),
    Option(
        "min_learning_rate",
        "Last learning rate",
        "The learning rate falls evenly to this value at the end of the run. Larger keeps the vectors moving to the "
        "end. Usual: 0.0001.",
        "float",
        default=0.0001,
        minimum=0.0,
        maximum=10.0,
        advanced=True,
        aliases=("min_alpha", "end_alpha"),
    ),
    Option(
        "ns_exponent",
        "Evenness of negative samples",
        "1 draws random words as often as they occur, 0 draws all words equally often, below 0 prefers rare ones. "
        "Usual: 0.75.",
        "float",
        default=0.75,
        minimum=-2.0,
        maximum=2.0,
        advanced=True,
    ),
    Option(
        "cbow_mean",
        "CBOW takes the mean",
        "CBOW adds up the neighbours' vectors or takes their mean. The mean keeps long and short windows alike. "
        "Usual: on. Skip-gram does not use it.",
        "bool",
        default=True,
        advanced=True,
    ),
    Option(
        "shrink_windows",
        "Prefer near neighbours",
        "Draws a random window up to the chosen size for each word, so that near words count more often. Off uses "
        "the full window always. Usual: on.",
        "bool",
        default=True,
        advanced=True,
    ),
    Option(
        "max_final_vocab",
        "Most words kept",
        "Keeps at most about this many of the most frequent words by raising the minimum count. Fewer words need "
        "less memory. Usual: not set.",
        "int",
        default=None,
        minimum=2,
        advanced=True,
    ),
    *PHRASE_OPTIONS,
    Option(
        "trainer",
        "Trained by",
        "Which program adjusts the vectors. The fast one is our own: it compares all neighbours of a word with the "
        "same random words, which takes a fraction of the time. gensim is the reference, and the one for hierarchical "
        "softmax. Usual: automatic.",
        "choice",
        default=None,
        automatic=True,
        choices=(("fast", "The fast trainer"), ("gensim", "gensim")),
        advanced=True,
    ),
    Option(
        "device",
        "Computed by",
        "Which part of the computer trains. On the graphics card many words are learned from at once, so its result "
        "differs a little; only the fast trainer can use it. Usual: the processor.",
        "choice",
        default=None,
        automatic=True,
        choices=(("cpu", "Processor"), ("cuda", "Graphics card")),
        spellings=(("gpu", "cuda"),),
        advanced=True,
    ),
    WORKERS,
    GOLD_SET,
    Option(
        "batch_words",
        "Words in a batch",
        "How many words are handed to a thread at once. One batch is one step. Smaller batches lower the learning "
        "rate more smoothly on tiny texts. Usual: 10,000.",
        "int",
        default=10_000,
        minimum=10,
        maximum=10_000,
        advanced=True,
    ),
)

WORD2VEC = Family(
    key="word2vec",
    title="Word2Vec",
    sentence="Learns what words mean from the words around them, and places every word as a point in space.",
    second_line="One point per word. Minutes on any computer.",
    picture="dot_cloud",
    stages=("pretrain", GO_ON, FINETUNE),
    tasks=("classification",),
    loss_unit="loss per word pair, nats",
    step_unit="words",
    speed_unit="words/s",
    step_size_key="batch_words",
    speed_words="words",
    rate_help="How big each correction is. It falls to the end, so that what was learned settles.",
    speed_help="How fast the text is read. It falls while something else uses the computer.",
    options=_WORD2VEC_OPTIONS,
    presets=PRESETS,
    saves_word_vectors=True,
)

FAMILIES: dict[str, Family] = {family.key: family for family in (WORD2VEC, GLOVE, BERT, GPT)}
"""The families that work, in the order in which they are shown."""

WINDOW_FAMILIES: dict[str, Family] = {key: family for key, family in FAMILIES.items() if family.is_in_window}
"""Those that the window offers; the command line knows all."""

_TASK_FAMILIES: dict[tuple[str, str], Family] = {
    (family.key, task): tuner_of(family, task) if family.reads_raw_text else classifier_of(family)
    for family in FAMILIES.values()
    for task in family.tasks
}


def get_family(key: str) -> Family:
    """The family named ``key``; raises :class:`~ptft_gui.core.errors.SpecError` naming those that exist."""
    if key not in FAMILIES:
        raise unknown_name_problem("model family", key, FAMILIES)
    return FAMILIES[key]


def family_of(key: str, task: str | None = None) -> Family:
    """The family named ``key`` as it is when it learns ``task``: its options and words; without a task as it is.

    Raises :class:`~ptft_gui.core.errors.SpecError` for a family or task that does not exist.
    """
    family = get_family(key)
    if task is None:
        return family
    if (key, task) not in _TASK_FAMILIES:
        raise unknown_name_problem("task", task, tasks_of(key))
    return _TASK_FAMILIES[key, task]


def tasks_of(key: str) -> tuple[str, ...]:
    """What a family can be fine-tuned for."""
    return get_family(key).tasks


def data_options_of(family: Family) -> tuple[Option, ...]:
    """What may be set about the data: of running text, or of labelled rows for a family that learns a task."""
    if family.reads_raw_text:
        return RAW_TEXT_OPTIONS
    if not family.methods:
        return DATA_OPTIONS
    return EXAMPLE_OPTIONS if family.saves_word_vectors else ROW_OPTIONS


def settings_of(family: Family) -> tuple[Option, ...]:
    """Everything that ``--set key=value`` knows for a family: its options and those of the text."""
    return (*family.options, *data_options_of(family))


def find_setting(family: Family, key: str, task: str | None = None) -> Option:
    """The setting named ``key`` of a family as it learns ``task``. Raises SpecError, which says of one that is
    there for other jobs only that it changes nothing here."""
    try:
        return find_option(settings_of(family), key)
    except SpecError:
        for other in _options_of_other_jobs(family):
            if key == other.key or key in other.aliases:
                raise _unused_problem(other, task) from None
        raise


def is_setting_of_other_job(family: Family, key: str) -> bool:
    """Whether there is this setting, only not for what is learned now: requests of earlier versions hold such."""
    return any(key == option.key for option in _options_of_other_jobs(family))


def _options_of_other_jobs(family: Family) -> Iterator[Option]:
    own = {option.key for option in settings_of(family)}
    jobs = (FAMILIES[family.key], *_TASK_FAMILIES.values())
    for option in (*DATA_OPTIONS, *(option for job in jobs for option in settings_of(job))):
        if option.key not in own:
            yield option


def _unused_problem(option: Option, task: str | None) -> SpecError:
    job = f'the task "{get_task(task).title}" ({task})' if task else "learning from plain text"
    return SpecError(
        f'The setting "{option.label}" changes nothing for {job}.',
        hint="Leave it out; --list-settings shows what can be set.",
        key=option.key,
    )


def known_settings() -> set[str]:
    """The names of the settings of every family, in pre-training and in fine-tuning."""
    families = (*FAMILIES.values(), *_TASK_FAMILIES.values())
    return {option.key for family in families for option in settings_of(family)}
