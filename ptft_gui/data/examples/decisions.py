"""Deals with the findings: each row is used, set aside or left out for one reason, and the counts always add up.

The findings are met in a fixed order; a row that is left out for one reason is not counted for a later one. Rows of the
person's own test part are left out only where they cannot be used at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.data.examples import findings as f
from ptft_gui.data.examples import survey as s
from ptft_gui.data.examples.class_list import ClassList, named_sentence
from ptft_gui.data.examples.decided import WITH_LABELS, Decided, Mask
from ptft_gui.data.examples.findings import KINDS, quoted, rows_text
from ptft_gui.data.examples.label_decisions import LabelDecisions
from ptft_gui.data.examples.missing_labels import missing_signs
from ptft_gui.data.examples.rulings import Rulings
from ptft_gui.data.examples.survey import Survey
from ptft_gui.data.examples.unusable import Named, why_unusable

REPEATED_SHARE = 0.05
_GOALS = {"pair-similarity": "score", "tagging": "tags", "reply": "reply"}
_NO_TEXT = {
    "pair-classification": "{} only one of the two texts.",
    "pair-similarity": "{} only one of the two texts.",
    "tagging": "{} no words.",
    "question-answering": "{} no question or no context.",
    "reply": "{} no prompt.",
}


def decide(
    survey: Survey,
    decisions: Mapping[str, str],
    token_limit: int | None = None,
    class_list: ClassList | None = None,
    named_as: Named = Named(),  # noqa: B008 - it cannot be changed
) -> Decided:
    """Meet all findings of a survey with a person's decisions, or the defaults.

    ``token_limit`` is how many pieces the model reads, where that is known; ``class_list`` names labels that are
    numbers; ``named_as`` is how a problem calls file and column. Raises DataError for a finding or choice that does
    not exist.
    """
    f.check_decisions(decisions)
    rulings = Rulings(survey, decisions)
    _unreadable(rulings)
    _rejected(rulings)
    rulings.flagged("empty_text", rulings.has(s.EMPTY_TEXT), _NO_TEXT.get(survey.task, "{} no text."))
    empty_is_class = _without_answer(rulings)
    _missing_labels(rulings)
    _unfit_answers(rulings)
    drops_lines = _repeated_lines(rulings)
    labels = LabelDecisions(rulings, empty_is_class) if survey.task in WITH_LABELS else None
    named = labels.name_numbers(class_list.names) if labels and class_list else {}
    if labels:
        labels.settle_several()
        labels.join_spellings()
    _conflicts(rulings, labels)
    _leaks(rulings)
    keeps_copies = _equal_texts(rulings)
    if labels:
        labels.settle_rare()
        labels.settle_unseen()
    if token_limit is not None:
        _long_texts(rulings, token_limit)
    classes = labels.counts() if labels else Counter()
    decided = Decided(
        task=labels.task if labels else survey.task,
        fate=rulings.fate,
        reasons=rulings.reasons,
        findings=rulings.findings,
        names=labels.names if labels else [],
        classes=sorted(classes.items(), key=lambda pair: (-pair[1], pair[0])),
        bad_rows=survey.bad_row_count,
        copies_kept=_copies_kept(rulings) if keeps_copies else 0,
        drops_repeated_lines=drops_lines,
        empty_is_class=empty_is_class,
        waits_for=rulings.waits_for,
        notices=[named_sentence(class_list.file, named)] if class_list and named else [],
        problem=rulings.problem,
        dropped=labels.dropped if labels else {},
    )
    decided.problem = decided.problem or why_unusable(decided, named_as, rulings.free())
    return decided


def _unreadable(rulings: Rulings) -> None:
    survey = rulings.survey
    if count := survey.bad_row_count:
        nothing = np.zeros(len(survey), np.bool_)
        why = f" The first: {survey.bad_rows[0].sentence}" if survey.bad_rows else ""
        rulings.meet("bad_rows", count, f"{rows_text(count)} could not be read.{why}", nothing)
    if survey.has_said_parts:
        rulings.flagged("no_part", survey.given == s.NO_PART, "{} no name of a part in the column of parts.")


def _rejected(rulings: Rulings) -> None:
    """Rows that the person who marked them did not accept: what stands in them is wrong."""
    rows = rulings.has(s.REJECTED) & rulings.free()
    count = int(rows.sum())
    if not count:
        return
    verb = "was" if count == 1 else "were"
    sentence = f"{rows_text(count)} {verb} rejected or skipped by the person who marked them."
    if rulings.meet("rejected", count, sentence, rows) == f.LEAVE_OUT:
        rulings.leave_out("rejected", rows)


def _without_answer(rulings: Rulings) -> bool:
    """Returns whether rows without label become a class of their own."""
    missing = rulings.has(s.EMPTY_LABEL) & rulings.free()
    count = int(missing.sum())
    if not count:
        return False
    task = rulings.survey.task
    offers_class = task in ("classification", "pair-classification")
    choices = KINDS["empty_label"].choices[: 3 if offers_class else 2]
    sentence = f"{rows_text(count)} without {_GOALS.get(task, 'label')}."
    chosen = rulings.meet("empty_label", count, sentence, missing, choices=choices)
    if chosen == f.SET_ASIDE:
        rulings.set_aside(missing)
    elif chosen == f.LEAVE_OUT:
        rulings.leave_out("empty_label", missing)
    return chosen == f.OWN_CLASS


def _missing_labels(rulings: Rulings) -> None:
    """Rows whose label is a word that programs write for nothing ("nan"): see :mod:`missing_labels`."""
    survey = rulings.survey
    counts = survey.label_counts(rulings.free()).tolist() if survey.task in WITH_LABELS else []
    used = {label: count for label, count in zip(survey.labels, counts, strict=False) if count}
    signs = sorted(missing_signs(used), key=lambda sign: (-used[sign], sign))
    if not signs:
        return
    is_sign = np.array([*(label in signs for label in survey.labels), False])  # -1, no label, is the last
    rows: Mask = survey.marks(survey.label, lambda codes: is_sign[codes]) & rulings.free()
    count = int(rows.sum())
    verb = "row has" if count == 1 else "rows have"
    sentence = f"{count:,} {verb} {quoted(signs)} as label: programs write this where there is none."
    chosen = rulings.meet("missing_label", count, sentence, rows)
    if chosen == f.SET_ASIDE:
        rulings.set_aside(rows)
    elif chosen == f.LEAVE_OUT:
        rulings.leave_out("missing_label", rows)


def _unfit_answers(rulings: Rulings) -> None:
    rulings.flagged("bad_scores", rulings.has(s.BAD_SCORE), "{} a score that is no number.")
    rulings.flagged("unequal_tags", rulings.has(s.UNEQUAL_TAGS), "{} more or fewer tags than words.")
    rulings.flagged(
        "missing_answers", rulings.has(s.MISSING_ANSWER), "{} an answer that does not stand in its context."
    )
    rulings.flagged(
        "misplaced_answers",
        rulings.has(s.MISPLACED_ANSWER),
        "{} an answer that does not stand where the file says.",
    )


def _repeated_lines(rulings: Rulings) -> bool:
    """Returns whether repeated lines are taken out of the texts."""
    survey = rulings.survey
    lines = survey.lines
    if not lines.count:
        return False
    share = f"{lines.share:.0%}" if lines.share >= 0.01 else "less than 1%"
    many = "line" if lines.count == 1 else "lines"
    looked = "" if lines.is_whole else " Only the first eight million lines were looked at."
    sentence = f"Repeated lines: {share} of the text, {lines.count:,} {many} that came before.{looked}"
    is_much = lines.share > REPEATED_SHARE and survey.task == PLAIN_TEXT
    touched = rulings.has(s.HAS_REPEATED_LINES)
    chosen = rulings.meet(
        "repeated_lines", lines.count, sentence, touched, default=f.KEEP_ONE if is_much else f.KEEP
    )
    if chosen == f.KEEP_ONE:
        rulings.leave_out("repeated_lines", rulings.has(s.ONLY_REPEATED_LINES) & rulings.free())
    return chosen == f.KEEP_ONE


def _conflicts(rulings: Rulings, labels: LabelDecisions | None) -> None:
    """Equal texts that shall be answered differently. A prompt or question may have several answers."""
    survey = rulings.survey
    if labels is None and survey.task not in ("pair-similarity", "tagging"):
        return
    targets = labels.targets if labels else survey.target.__getitem__
    rows = rulings.texts.disagreeing(targets, rulings.free() & ~rulings.is_test)
    count = int(rows.sum())
    if not count:
        return
    texts = rulings.texts.count(rows)
    goal = {"pair-similarity": "scores", "tagging": "tags"}.get(survey.task, "labels")
    what = "text comes" if texts == 1 else "texts come"
    sentence = f"{texts:,} {what} with different {goal}, in {rows_text(count)}."
    chosen = rulings.meet("conflicts", count, sentence, rows, by_copy=True)
    if chosen == f.LEAVE_OUT:
        rulings.leave_out("conflicts", rows)
    elif chosen == f.FIRST:
        rulings.leave_out("conflicts", rulings.texts.copies_among(rows))


def _leaks(rulings: Rulings) -> None:
    """Rows that stand in a part which the person holds out: the held-out part stays as it is."""
    survey, free = rulings.survey, rulings.free()
    is_test, is_val = free & rulings.is_test, free & (survey.given == s.VAL)
    leaks = free & ~is_test & rulings.texts.sharing(is_test)
    leaks |= free & ~is_test & ~is_val & rulings.texts.sharing(is_val & ~leaks)
    count = int(leaks.sum())
    if not count:
        return
    verb = "row stands" if count == 1 else "rows stand"
    sentence = f"{count:,} {verb} in one of your held-out parts too."
    if rulings.meet("leaks", count, sentence, leaks, by_copy=True) == f.LEAVE_OUT:
        rulings.leave_out("leaks", leaks)


def _equal_texts(rulings: Rulings) -> bool:
    """Returns whether there are copies that are kept."""
    own = rulings.free() & ~rulings.is_test
    copies = rulings.texts.copies_among(own)
    count = int(copies.sum())
    if not count:
        return False
    alike = own & rulings.texts.sharing(copies)
    what = "row is a copy" if count == 1 else "rows are copies"
    chosen = rulings.meet("equal_texts", count, f"{count:,} {what} of an earlier one.", alike, by_copy=True)
    if chosen == f.KEEP_ONE:
        rulings.leave_out("equal_texts", copies)
    return chosen == f.ONE_SIDE


def _copies_kept(rulings: Rulings) -> int:
    return int(rulings.texts.copies_among(rulings.free() & ~rulings.is_test).sum())


def _long_texts(rulings: Rulings, limit: int) -> None:
    survey = rulings.survey
    rows: Mask = survey.marks(survey.tokens, lambda tokens: tokens > limit) & rulings.free()
    count = int(rows.sum())
    if count:
        verb = "text is" if count == 1 else "texts are"
        sentence = f"About {count:,} {verb} longer than the {limit:,} pieces that the model reads."
        rulings.meet("long_texts", count, sentence, rows)
