"""Whether a score is better than what needs no learning: the sentence that says what the numbers beside it mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

_LITTLE = 0.3
"""Below this F1 most of the names that are marked are wrong, or most of those that are there are missed."""
_FAIRLY, _WELL = 0.4, 0.7
"""From these correlations on people usually speak of a fair and of a strong agreement."""


def verdict(plain: str, is_better: bool, is_sure: bool) -> str:
    """``plain``: what needs no learning, in words; ``is_sure``: chance alone would hardly lead so far above it."""
    tr = QCoreApplication.translate
    if not is_better:
        words = tr(
            "Verdict",
            "It is not better than {plain}: so far it has learned little. Train longer, or give it more rows.",
        )
    elif not is_sure:
        words = tr("Verdict", "It is better than {plain}, but with so few rows that may still be chance.")
    else:
        words = tr("Verdict", "It is clearly better than {plain}.")
    return words.format(plain=plain)


def verdict_above(plain: str, score: Any, interval: Any, guessed: Any) -> str:
    """``score`` with its 95 % interval held against ``guessed``, the score of ``plain``; "" where one is missing."""
    if not isinstance(score, int | float) or not isinstance(guessed, int | float):
        return ""
    return verdict(plain, score > guessed, interval is not None and interval[0] > guessed)


def verdict_of(task: str, scores: Mapping[str, Any], guessing: float | None = None) -> str:
    """What the scores of a task mean; "" where there is nothing to hold them against.

    ``guessing``: the loss of one that guesses by how common each token is, for tasks that are measured by a loss.
    """
    tr = QCoreApplication.translate
    if task == "pair-similarity":
        return _on_likeness(scores)
    if task == "tagging":
        return _on_names(scores)
    if task == "reply":
        return _on_replies(scores, guessing)
    if task == "multilabel":
        plain = tr("Verdict", 'giving every text "{label}" alone').format(label=scores.get("majority_label"))
        interval = scores.get("micro_f1_interval")
        return verdict_above(plain, scores.get("micro_f1"), interval, scores.get("majority"))
    if task == "question-answering" and (scores.get("unanswered") or {}).get("rows"):
        plain = tr("Verdict", "always saying “no answer”")
        return verdict_above(plain, scores.get("f1"), scores.get("f1_interval"), scores.get("always_none"))
    return ""


def _on_likeness(scores: Mapping[str, Any]) -> str:
    """Whether its guesses lie nearer to the given scores than their mean does, and follow their order."""
    apart, mean = scores.get("mean_error"), scores.get("always_mean")
    if not isinstance(apart, int | float) or not isinstance(mean, int | float):
        return ""
    order, found = scores.get("spearman_interval"), scores.get("spearman")
    tr = QCoreApplication.translate
    plain = tr("Verdict", "always answering the mean score")
    if apart >= mean or order is None or order[0] <= 0 or not isinstance(found, int | float):
        return verdict(plain, apart < mean, is_sure=False)
    words = tr("Verdict", "It is better than {plain}; its order of the pairs agrees {how} with yours.")
    weakly, fairly, well = tr("Verdict", "weakly"), tr("Verdict", "fairly well"), tr("Verdict", "well")
    how = well if found >= _WELL else fairly if found >= _FAIRLY else weakly
    return words.format(plain=plain, how=how)


def _on_names(scores: Mapping[str, Any]) -> str:
    """The counts as a sentence: marking nothing finds nothing, so there is nothing else to hold them against."""
    counts = [scores.get(name) for name in ("right", "entities", "found")]
    if not all(isinstance(count, int) for count in counts):
        return ""
    right, there, found = (int(count or 0) for count in counts)
    tr = QCoreApplication.translate
    words = tr(
        "Verdict", "It found {right} of {there} names, and {wrong} of the {found} that it marked are wrong."
    )
    told = words.format(
        right=f"{right:,}", there=f"{there:,}", wrong=f"{found - right:,}", found=f"{found:,}"
    )
    little = tr("Verdict", "So far it has learned little: train longer, or give it more rows.")
    return f"{told} {little}" if (scores.get("entity_f1") or 0.0) < _LITTLE else told


def _on_replies(scores: Mapping[str, Any], guessing: float | None) -> str:
    """Whether the true replies surprise it less than one that only knows how common each token is."""
    loss, interval = scores.get("loss"), scores.get("loss_interval")
    if not isinstance(loss, int | float) or guessing is None:
        return ""
    plain = QCoreApplication.translate("Verdict", "guessing by how common each token is")
    return verdict(plain, loss < guessing, interval is not None and interval[1] < guessing)
