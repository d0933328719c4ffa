"""What data can be used for, and which columns each use needs.

The window's picker, ``ptft-gui data inspect`` and the data room all read these tables; a task is offered for training
once a family lists it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """What a column is for. ``is_many``: each cell holds a list."""

    key: str
    title: str
    sentence: str
    is_many: bool = False

    @property
    def flag(self) -> str:
        """The option of the command line that names its column; bare names that mean something else are lengthened."""
        name = self.key.replace("_", "-")
        return f"--{name}-column" if self.key in ("verdict", "split", "id") else f"--{name}"


@dataclass(frozen=True)
class Task:
    """One use of data. ``roles`` must be filled, ``optional`` ones may be."""

    key: str
    title: str
    sentence: str
    roles: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all_roles(self) -> tuple[str, ...]:
        return (*self.roles, *self.optional)


ROLES = (
    Role("text", "Text", "What the model reads."),
    Role("text_pair", "Second text", "The text that is compared with the first."),
    Role("label", "Label", "What the model learns to answer."),
    Role("score", "Score", "A number that says how alike two texts are."),
    Role("question", "Question", "What is asked about a context."),
    Role("context", "Context", "The text that holds the answer."),
    Role(
        "answer",
        "Answer",
        "The words of the context that answer the question; empty where there is none.",
        True,
    ),
    Role("answer_start", "Start of the answer", "At which sign of the context the answer begins.", True),
    Role("tokens", "Words", "The words of one sentence, in order.", True),
    Role("tags", "Tags", "One tag for each word of the sentence.", True),
    Role("prompt", "Prompt", "What the model is told."),
    Role("reply", "Reply", "What the model should answer."),
    Role(
        "verdict",
        "Verdict",
        "Whether the row was accepted when it was marked; other rows are left out.",
    ),
    Role("split", "Part", "Which part a row belongs to: train, validation or test."),
    Role("id", "Name of the row", "What tells a row apart from the others; the model never sees it."),
)

PLAIN_TEXT = "plain-text"

TASKS = (
    Task(PLAIN_TEXT, "Learn from plain text", "Pre-training: no labels are needed.", ("text",), ("split",)),
    Task(
        "classification",
        "Sort texts into classes",
        "One label for each text.",
        ("text", "label"),
        ("verdict", "split", "id"),
    ),
    Task(
        "multilabel",
        "Give texts several labels",
        "Any number of labels for each text.",
        ("text", "label"),
        ("verdict", "split", "id"),
    ),
    Task(
        "pair-classification",
        "Compare two texts",
        "A label for each pair of texts.",
        ("text", "text_pair", "label"),
        ("verdict", "split", "id"),
    ),
    Task(
        "pair-similarity",
        "Say how alike two texts are",
        "A number for each pair of texts.",
        ("text", "text_pair", "score"),
        ("verdict", "split", "id"),
    ),
    Task(
        "tagging",
        "Mark names in text",
        "A tag for each word.",
        ("tokens", "tags"),
        ("verdict", "split", "id"),
    ),
    Task(
        "question-answering",
        "Answer questions from a text",
        "Questions whose answer stands in a context.",
        ("question", "context", "answer"),
        ("answer_start", "verdict", "split", "id"),
    ),
    Task(
        "reply",
        "Learn to reply",
        "Prompts and the replies to them.",
        ("prompt", "reply"),
        ("verdict", "split", "id"),
    ),
)


def get_role(key: str) -> Role:
    """The role of this key; raises KeyError."""
    return _ROLES[key]


def get_task(key: str) -> Task:
    """The task of this key; raises KeyError."""
    return _TASKS[key]


_ROLES = {role.key: role for role in ROLES}
_TASKS = {task.key: task for task in TASKS}
