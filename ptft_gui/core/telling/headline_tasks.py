"""What came of a run that learned something else than one class for each text, in one sentence and one number."""

from __future__ import annotations

from ptft_gui.core.race import can_race
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.narrator import Action
from ptft_gui.core.telling.narrator_tasks import WRITING
from ptft_gui.core.wording import three_digits

SCORES: dict[str, tuple[str, str, str]] = {
    "multilabel": (
        "micro_f1",
        "Gives texts several labels: micro F1 {score} on the {rows} rows (1 is every label right).",
        "F1 {score}",
    ),
    "pair-similarity": (
        "spearman",
        "Says how alike two texts are: Spearman's correlation {score} on the {rows} rows (1 is the order people gave).",
        "agrees {score}",
    ),
    "pair-classification": (
        "accuracy",
        "Sorts pairs of texts: {score} right on the {rows} rows.",
        "{score} right",
    ),
    "question-answering": (
        "f1",
        "Answers questions from a text: F1 {score} on the {rows} rows (1 is every answer word for word).",
        "F1 {score}",
    ),
    "tagging": (
        "entity_f1",
        "Marks names in text: F1 {score} on the {rows} rows (1 is every name found whole, and no other).",
        "F1 {score}",
    ),
    "reply": (
        "perplexity",
        "Replies to prompts: perplexity {score} on the {rows} rows (it wavers among that many tokens).",
        "perplexity {score}",
    ),
}
"""Task to the metric that people ask for, the sentence about it, and the number for a list."""


def _scored(summary: RunSummary) -> tuple[str, str, str, str] | None:
    """Sentence, number for a list, score and rows; None for another task, and before anything was measured."""
    task = summary.spec.task if summary.spec is not None else None
    if task not in SCORES:
        return None
    metric, sentence, number = SCORES[task]
    for part, rows in (("test", "test"), ("val", "held-out")):
        if (value := summary.last(f"{part}/{metric}")) is not None:
            return sentence, number, three_digits(value), rows
    return None


def scored_headline(summary: RunSummary) -> str | None:
    """ "Marks names in text: F1 0.359 on the test rows (1 is every name found whole, and no other)." """
    found = _scored(summary)
    return None if found is None else found[0].format(score=found[2], rows=found[3])


def scored_number(summary: RunSummary) -> str | None:
    """ "F1 0.359" """
    found = _scored(summary)
    return None if found is None else found[1].format(score=found[2])


_FILES = {
    "question-answering": "Answer a file",
    "multilabel": "Label a file",
    "tagging": "Mark names in a file",
    "reply": "Reply to a file",
    "pair-classification": "Compare a file",
    "pair-similarity": "Compare a file",
}


_UNLABELLED = {
    "multilabel": "Label the {rows} without label",
    "pair-classification": "Compare the {rows} without label",
    "pair-similarity": "Compare the {rows} without score",
}


def steps_after_task(summary: RunSummary) -> tuple[Action, ...]:
    """The buttons under *What now?* of a run that learned a task from labels; first the rows that have none yet."""
    task = summary.spec.task if summary.spec is not None else None
    if task is None or task == WRITING:
        return ()
    unlabelled = int((summary.resolved_value("parts") or {}).get("unlabelled") or 0)
    classify = Action("classify_file", _FILES.get(task, "Classify a file"))
    if unlabelled:
        rows = "1 row" if unlabelled == 1 else f"{unlabelled:,} rows"
        words = _UNLABELLED.get(task, "Classify the {rows} without label")
        classify = Action("classify_unlabelled", words.format(rows=rows))
    return (Action("try_it", "Try it"), classify, Action("score", "Score to report"), *_races(summary))


def _races(summary: RunSummary) -> tuple[Action, ...]:
    """What else the same rows can tell, by further runs."""
    if not can_race(summary.spec):
        return ()
    return (Action("race", "Race the methods"), Action("count_labels", "How many labels do I need?"))
