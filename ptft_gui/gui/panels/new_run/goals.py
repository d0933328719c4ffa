"""The goals of the page, and which family, stage and task serve them."""

from __future__ import annotations

from ptft_gui.core.families import FAMILIES, GO_ON, WINDOW_FAMILIES

RELATED_WORDS, SORT_TEXTS = "related_words", "sort_texts"
ANSWER_QUESTIONS, MARK_NAMES = "answer_questions", "mark_names"
TEACH_FIELD, WRITE_TEXT = "teach_field", "write_text"

TASK_OF_GOAL = {
    SORT_TEXTS: "classification",
    ANSWER_QUESTIONS: "question-answering",
    MARK_NAMES: "tagging",
}
GOAL_OF_TASK = {task: goal for goal, task in TASK_OF_GOAL.items()}
_FAMILY_OF_GOAL = {TEACH_FIELD: "bert", WRITE_TEXT: "gpt"}


def offered_tasks() -> tuple[str, ...]:
    """What can be learned from labels in the window."""
    return tuple(dict.fromkeys(task for family in WINDOW_FAMILIES.values() for task in family.tasks))


def serves(goal: str, family: str, stage: str, task: str | None) -> bool:
    """Whether a run of this family, stage and task is for this goal."""
    if goal in TASK_OF_GOAL or task is not None:
        return TASK_OF_GOAL.get(goal) == task
    if goal == RELATED_WORDS:
        return FAMILIES[family].saves_word_vectors
    if goal == TEACH_FIELD:
        return family == "bert" or (family == "gpt" and stage == GO_ON)
    return family == "gpt"


def goal_of(family: str, task: str | None) -> str:
    """What a run of this family and task is most likely for."""
    if task is not None:
        return GOAL_OF_TASK.get(task, SORT_TEXTS)
    if FAMILIES[family].saves_word_vectors:
        return RELATED_WORDS
    return WRITE_TEXT if family == "gpt" else TEACH_FIELD


def family_for(goal: str, family: str) -> str:
    """The family that serves a goal; one that can stays."""
    if goal in _FAMILY_OF_GOAL:
        return _FAMILY_OF_GOAL[goal]
    if goal in TASK_OF_GOAL:
        return family_for_task(TASK_OF_GOAL[goal], family)
    return family if FAMILIES[family].saves_word_vectors else next(iter(FAMILIES))


def family_for_task(task: str, family: str) -> str:
    """The family that learns a task; one that can stays."""
    if task in FAMILIES[family].tasks:
        return family
    return next((key for key, other in WINDOW_FAMILIES.items() if task in other.tasks), family)
