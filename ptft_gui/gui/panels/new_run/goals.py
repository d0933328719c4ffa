"""The goals of the page, and which family, stage and task serve them."""

from __future__ import annotations

from ptft_gui.core.family.registry import FAMILIES, GO_ON, WINDOW_FAMILIES
from ptft_gui.core.family.tasks import PLAIN_TEXT

RELATED_WORDS, SORT_TEXTS = "related_words", "sort_texts"
ANSWER_QUESTIONS, MARK_NAMES = "answer_questions", "mark_names"
TEACH_FIELD, WRITE_TEXT = "teach_field", "write_text"

TASKS_OF_GOAL: dict[str, tuple[str, ...]] = {
    RELATED_WORDS: (PLAIN_TEXT,),
    SORT_TEXTS: ("classification", "multilabel", "pair-classification", "pair-similarity"),
    ANSWER_QUESTIONS: ("question-answering",),
    MARK_NAMES: ("tagging",),
    TEACH_FIELD: (PLAIN_TEXT,),
    WRITE_TEXT: (PLAIN_TEXT, "reply"),
}
"""What each goal can mean, the usual meaning first."""
GOAL_OF_TASK = {task: goal for goal, tasks in TASKS_OF_GOAL.items() for task in tasks if task != PLAIN_TEXT}
_FAMILY_OF_GOAL = {TEACH_FIELD: "bert", WRITE_TEXT: "gpt"}


def offered_tasks() -> tuple[str, ...]:
    """What can be learned from labels in the window."""
    return tuple(dict.fromkeys(task for family in WINDOW_FAMILIES.values() for task in family.tasks))


def meanings_of(goal: str) -> tuple[str, ...]:
    """The tasks, plain text among them, that a goal can mean and that some family of the window learns."""
    offered = (PLAIN_TEXT, *offered_tasks())
    return tuple(task for task in TASKS_OF_GOAL[goal] if task in offered)


def serves(goal: str, family: str, stage: str, task: str | None) -> bool:
    """Whether a run of this family, stage and task is for this goal."""
    if (task or PLAIN_TEXT) not in TASKS_OF_GOAL[goal]:
        return False
    if task is not None:
        return True
    if goal == RELATED_WORDS:
        return FAMILIES[family].saves_word_vectors
    if goal == TEACH_FIELD:
        return family == "bert" or (family == "gpt" and stage == GO_ON)
    return family == "gpt"


def usual_task(family: str) -> str:
    """What a model of this family is fine-tuned for until a person or the data says otherwise: a GPT, to reply."""
    tasks = FAMILIES[family].tasks
    return "reply" if "reply" in tasks else tasks[0]


def goal_of(family: str, task: str | None) -> str:
    """What a run of this family and task is most likely for."""
    if task is not None:
        return GOAL_OF_TASK.get(task, SORT_TEXTS)
    if FAMILIES[family].saves_word_vectors:
        return RELATED_WORDS
    return WRITE_TEXT if family == "gpt" else TEACH_FIELD


def family_for(goal: str, family: str) -> str:
    """The family that serves a goal of plain text; one that can stays."""
    if goal in _FAMILY_OF_GOAL:
        return _FAMILY_OF_GOAL[goal]
    return family if FAMILIES[family].saves_word_vectors else next(iter(FAMILIES))


def family_for_task(task: str, family: str, preferred: str = "") -> str:
    """The family that learns a task: the preferred one if it can, else one that can stays."""
    for key in (preferred, family):
        if key and task in FAMILIES[key].tasks:
            return key
    return next((key for key, other in WINDOW_FAMILIES.items() if task in other.tasks), family)
