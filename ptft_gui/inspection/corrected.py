"""What a person corrected among the rows of a run, and the scores of its answers before and after the correction.

Both scores are of the same answers. *Before* holds them against the labels of the person's file, *after* against the
corrected ones and without the rows that were left out. A run that has learned from corrections has never answered the
rows that were left out of it, so these are in neither.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ptft_gui.core.corrections import Correction, fingerprint_of
from ptft_gui.core.errors import PtftError
from ptft_gui.core.run_corrections import corrections_of_run
from ptft_gui.core.rundir import RunDir
from ptft_gui.engine.metrics import confusion_matrix, report_of
from ptft_gui.engine.metrics_answers import mean_interval
from ptft_gui.engine.metrics_labels import report_of_labels
from ptft_gui.engine.metrics_scores import report_of_scores
from ptft_gui.engine.metrics_tags import report_of_tags

Record = dict[str, Any]
Judged = tuple[Any, Record]
"""What is right, and the record of the answer."""
_SHOWN_SIGNS = 400
_MOST_SHOWN = 500
_TRUE = {"multilabel": "labels", "tagging": "tags", "question-answering": "answers", "reply": "reply"}
"""Where a record of a task says what is right; elsewhere in ``label``."""


def corrected_report(run: RunDir, task: str, part: str, records: Iterable[Record]) -> Record:
    """``corrections``: ``[{key row part text was label leave_out is_learned}]``, and with any in ``part`` ``before``
    and ``after``: ``{"rows": n, "scores": [[name, value, interval or null], ...]}``, with ``labels`` and ``left_out``
    (how many of that part). ``corrections_count``: of how many the first are listed; ``learned_count``: with how many
    the run has learned. ``corrections_problem`` where the side file cannot be read."""
    try:
        spec_keys = {each.key for each in run.read_spec().data.corrections}
        wanted = {each.key: each for each in corrections_of_run(run)}
    except PtftError as problem:
        return {"corrections": [], "corrections_problem": problem.as_sentence()}
    met: dict[int, Record] = {}
    before: list[Judged] = []
    after: list[Judged] = []
    field, counts = _TRUE.get(task, "label"), {"labels": 0, "left_out": 0}
    for record in records:
        correction = wanted.get(record.get("key", -1))
        if correction is not None and correction.fingerprint == fingerprint_of(record):
            met[correction.key] = record
        else:
            correction = None
        if record["part"] == part and record.get(field) is not None:
            given = record.get("label_given", record[field])
            before.append((given, record))
            if correction is not None and correction.leave_out:
                counts["left_out"] += 1
                continue
            right = correction.label if correction is not None and correction.label is not None else given
            counts["labels"] += right != given
            after.append((right, record))
    listed = [_listed(each, met.get(each.key), each.key in spec_keys) for each in wanted.values()]
    found: Record = {
        "corrections": listed[:_MOST_SHOWN],
        "corrections_count": len(listed),
        "learned_count": len(spec_keys),
    }
    if sum(counts.values()):
        measure = _MEASURES.get(task, _of_classes)
        found |= {**counts, "before": measure(before), "after": measure(after)}
    return found


def _listed(correction: Correction, record: Record | None, is_learned: bool) -> Record:
    told = correction.model_dump()
    if record is None:
        return {**told, "part": "", "text": "", "is_learned": is_learned}
    return {**told, "part": record["part"], "text": text_of(record)[:_SHOWN_SIGNS], "is_learned": is_learned}


def text_of(record: Mapping[str, Any]) -> str:
    """What a row is known by: its text or texts, its question, its words."""
    if "tokens" in record and isinstance(record["tokens"], list):
        return " ".join(str(word) for word in record["tokens"])
    for name in ("question", "prompt"):
        if record.get(name) is not None:
            return str(record[name])
    pair = record.get("text_pair")
    return str(record.get("text") or "") + (f"\n---\n{pair}" if pair is not None else "")


def _of_classes(judged: Sequence[Judged]) -> Record:
    names = sorted({str(true) for true, _ in judged} | {str(record["predicted"]) for _, record in judged})
    place = {name: number for number, name in enumerate(names)}
    true = [place[str(right)] for right, _ in judged]
    said = [place[str(record["predicted"])] for _, record in judged]
    report = report_of(confusion_matrix(true, said, len(names)), names, "")
    return _told(report, "accuracy", "macro_f1")


def _of_labels(judged: Sequence[Judged]) -> Record:
    true = [[right] if isinstance(right, str) else list(right) for right, _ in judged]
    said = [list(record["predicted"]) for _, record in judged]
    report = report_of_labels(true, said, ())
    report |= {"all_right": report["accuracy"], "all_right_interval": report["accuracy_interval"]}
    return _told(report, "micro_f1", "macro_f1", "all_right")


def _of_numbers(judged: Sequence[Judged]) -> Record:
    report = report_of_scores(
        [float(right) for right, _ in judged], [float(record["predicted"]) for _, record in judged]
    )
    return _told(report, "spearman", "pearson")


def _of_tags(judged: Sequence[Judged]) -> Record:
    report = report_of_tags([list(right) for right, _ in judged], [r["predicted"] for _, r in judged])
    return _told(report, "entity_f1", "macro_f1")


def _of_answers(judged: Sequence[Judged]) -> Record:
    """Each answer was scored when the run ended; leaving a row out changes which of them count."""
    columns = {name: np.array([float(r.get(key) or 0) for _, r in judged]) for name, key in _ANSWER_KEYS}
    report: Record = {"rows": len(judged)}
    for name, values in columns.items():
        report |= {
            name: float(values.mean()) if len(values) else None,
            f"{name}_interval": mean_interval(values),
        }
    return _told(report, "exact_match", "f1")


_ANSWER_KEYS = (("exact_match", "exact"), ("f1", "f1"))


def _of_replies(judged: Sequence[Judged]) -> Record:
    known = [record for _, record in judged if record.get("tokens")]
    tokens = sum(int(record["tokens"]) for record in known)
    nats = sum(float(record["nats"]) for record in known)
    report = {"rows": len(judged), "perplexity": math.exp(min(nats / tokens, 700.0)) if tokens else None}
    return _told(report, "perplexity")


def _told(report: Mapping[str, Any], *names: str) -> Record:
    scores = [[name, report[name], report.get(f"{name}_interval")] for name in names]
    return {"rows": report["rows"], "scores": scores}


_MEASURES: dict[str, Callable[[Sequence[Judged]], Record]] = {
    "multilabel": _of_labels,
    "pair-similarity": _of_numbers,
    "tagging": _of_tags,
    "question-answering": _of_answers,
    "reply": _of_replies,
}
