"""The whole page of a report: one HTML text with everything in it, and nothing that could reach out of it."""

from __future__ import annotations

from datetime import datetime
from html import escape

from ptft_gui import __version__
from ptft_gui.core.family.registry import family_of
from ptft_gui.core.report import sections
from ptft_gui.core.report.facts import ReportFacts
from ptft_gui.core.report.scores import scores
from ptft_gui.core.report.style import STYLE
from ptft_gui.core.telling.headline import STATE_WORDS, headline
from ptft_gui.core.wording import duration_text, three_digits

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""A browser that opens the page fetches nothing and runs nothing, whatever its texts may say."""


def report_html(facts: ReportFacts, now: datetime | None = None) -> str:
    """The report as one text. ``now``: when it is written."""
    parts = (
        _head(facts),
        _numbers(facts),
        scores(facts),
        sections.before(facts),
        sections.curves(facts),
        sections.watched_words(facts),
        sections.probes(facts),
        sections.data(facts),
        sections.settings(facts),
        sections.notices(facts),
        sections.how_to_repeat(facts),
        _foot(facts, now or datetime.now()),
    )
    body = "\n".join(part for part in parts if part)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(facts.title)} - report</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


_RIGHT = ("right on test rows", "accuracy")
_SCORED = {
    "multilabel": ("micro F1 on test rows", "micro_f1"),
    "pair-similarity": ("Spearman's correlation on test rows", "spearman"),
    "question-answering": ("F1 on test rows", "f1"),
    "tagging": ("F1 of names in test rows", "entity_f1"),
    "reply": ("perplexity of test replies", "perplexity"),
}
"""The score of a task that people ask for; of the others the share of right answers."""


def _head(facts: ReportFacts) -> str:
    kind = ""
    if facts.spec is not None:
        family = family_of(facts.spec.family, facts.spec.task)
        kind = f"{family.title}, {STATE_WORDS[facts.state]}"
    return (
        f'<header><p class="quiet">{escape(kind)}</p><h1>{escape(facts.title)}</h1>'
        f'<p class="headline">{escape(headline(facts.summary, facts.state))}</p></header>'
    )


def _numbers(facts: ReportFacts) -> str:
    """The few figures that matter, large."""
    summary = facts.summary
    best, guessing = summary.best(), summary.guessing()
    kind = "held-out loss" if summary.main_metric == "val/loss" else "training loss"
    which = f"{kind} of the kept moment" if summary.resolved_value("kept_by") else f"best {kind}"
    name, metric = _SCORED.get(facts.spec.task if facts.spec and facts.spec.task else "", _RIGHT)
    found = [
        (name, _or_none(summary.last(f"test/{metric}"))),
        (which, _or_none(best.value if best else None)),
        ("guessing", _or_none(guessing)),
        ("steps", f"{summary.step:,}" if summary.step else ""),
        ("time", duration_text(summary.active_seconds) if summary.active_seconds else ""),
    ]
    items = "".join(
        f'<li><span class="number">{escape(value)}</span> <span class="quiet">{escape(name)}</span></li>'
        for name, value in found
        if value
    )
    return f'<ul class="figures">{items}</ul>' if items else ""


def _or_none(value: float | None) -> str:
    return "" if value is None else three_digits(value)


def _foot(facts: ReportFacts, now: datetime) -> str:
    shown = (
        "Sentences of the data are shown in this report."
        if facts.shows_sentences
        else "No sentences of the data are in this report."
    )
    made = f"Written by ptft-gui {__version__} on {now:%d %B %Y at %H:%M}."
    words = f"{made} {shown} It needs no network and runs no program."
    return f'<footer class="quiet"><p>{escape(words)}</p></footer>'
