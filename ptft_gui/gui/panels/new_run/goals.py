"""The goals of the page, and which family and stage serve them."""

from __future__ import annotations

from ptft_gui.core.families import FAMILIES, FINETUNE, GO_ON

RELATED_WORDS, SORT_TEXTS = "related_words", "sort_texts"
TEACH_FIELD, WRITE_TEXT = "teach_field", "write_text"

_FAMILY_OF_GOAL = {TEACH_FIELD: "bert", WRITE_TEXT: "gpt"}


def serves(goal: str, family: str, stage: str) -> bool:
    """Whether a run of this family and stage is for this goal."""
    if goal == SORT_TEXTS or stage == FINETUNE:
        return goal == SORT_TEXTS and stage == FINETUNE
    if goal == RELATED_WORDS:
        return FAMILIES[family].saves_word_vectors
    if goal == TEACH_FIELD:
        return family == "bert" or (family == "gpt" and stage == GO_ON)
    return family == "gpt"


def goal_of(family: str, stage: str) -> str:
    """What a run of this family and stage is most likely for."""
    if stage == FINETUNE:
        return SORT_TEXTS
    if FAMILIES[family].saves_word_vectors:
        return RELATED_WORDS
    return WRITE_TEXT if family == "gpt" else TEACH_FIELD


def family_for(goal: str, family: str) -> str:
    """The family that serves a goal; one that can stays."""
    if goal in _FAMILY_OF_GOAL:
        return _FAMILY_OF_GOAL[goal]
    suits = FAMILIES[family].tasks if goal == SORT_TEXTS else FAMILIES[family].saves_word_vectors
    return family if suits else next(iter(FAMILIES))
