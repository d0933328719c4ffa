"""What a language model answered to its probes, and when: read out of a run's events, for a chart of words.

An answer is a text that goes on (``continue``) or is a reply (``reply``), the likeliest tokens of a blank (``fill``),
or what a model that learns a task says: classes with their shares (``classes``), a number (``score``), words with their
tags or a piece of a text (``task``). A log that somebody edited shows what can be read of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from ptft_gui.core.events import Probe
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.wording import three_digits

CONTINUE, FILL, TASK, REPLY = "continue", "fill", "task", "reply"
_OF_TASKS = (TASK, "classes", "score")
BLANK = "____"
"""How a blank is shown, however it was typed."""
_TYPED_BLANK = re.compile(r"\[MASK\]|_{2,}")
_LONGEST_ANSWER = 600
_MOST_SHOWN, _MOST_CANDIDATES = 10, 10
"""More than a run can have: a log that somebody made up must not fill the screen."""
_LINE_BREAK = " / "
_Moment = TypeVar("_Moment")


@dataclass(frozen=True)
class Answered:
    """One look at a probe: ``text`` that goes on, or ``shares``, the likeliest tokens with their probability."""

    step: int
    epoch: float = 0.0
    text: str = ""
    shares: tuple[tuple[str, float], ...] = ()


def probes_of(summary: RunSummary) -> list[str]:
    """The probes that a language model has answered, in the order in which they were first asked."""
    names = (
        name
        for name, row in summary.probes.items()
        if row and row[-1].kind in (CONTINUE, FILL, REPLY, *_OF_TASKS)
    )
    return list(islice(names, _MOST_SHOWN))


def answers_of(summary: RunSummary, name: str) -> list[Answered]:
    """Every answer to this probe, the first one first; of two looks at one step the newer counts."""
    found: dict[int, Answered] = {}
    for probe in summary.probes.get(name, ()):
        if probe.kind in (CONTINUE, REPLY) and isinstance(probe.answer, str):
            found[probe.step] = Answered(probe.step, probe.epoch, readable(probe.answer))
        elif probe.kind == FILL or (probe.kind in _OF_TASKS and _shares(probe)):
            found[probe.step] = Answered(probe.step, probe.epoch, shares=_shares(probe))
        elif probe.kind in _OF_TASKS:
            found[probe.step] = Answered(probe.step, probe.epoch, readable(_said(probe.answer)))
    return [found[step] for step in sorted(found)]


@dataclass(frozen=True)
class MomentTogether:
    """When ``share``, 0 to 1, of what each run has answered so far was done; its answer, None where it has none."""

    share: float
    answers: tuple[Answered | None, ...]


@dataclass(frozen=True)
class ProbeTogether:
    """One probe and what several runs answered: the first moment is each run's first answer, the last its newest."""

    name: str
    moments: tuple[MomentTogether, ...]


def probes_together(summaries: Sequence[RunSummary], most: int = 4) -> list[ProbeTogether]:
    """The probes of these runs with the answers of all side by side; those that every run was asked come first.

    Runs are of different lengths, so their moments are laid against each other by the share of the run that was done:
    at most ``most`` moments, those of the run with the fewest, and of the others the nearest.
    """
    names = list(dict.fromkeys(name for summary in summaries for name in probes_of(summary)))
    rows = {name: [answers_of(summary, name) for summary in summaries] for name in names}
    names = [name for name in names if any(rows[name])]
    names.sort(key=lambda name: not all(rows[name]))
    return [ProbeTogether(name, _laid_together(rows[name], most)) for name in names[:_MOST_SHOWN]]


def _laid_together(rows: Sequence[Sequence[Answered]], most: int) -> tuple[MomentTogether, ...]:
    shortest = min((row for row in rows if row), key=len)
    shares = [_share_done(shortest, answered) for answered in thinned(shortest, most)]
    return tuple(MomentTogether(share, tuple(_nearest(row, share) for row in rows)) for share in shares)


def _share_done(row: Sequence[Answered], answered: Answered) -> float:
    """1 for the newest; the step of a first answer may be above 0 where a probe was added later."""
    first, last = row[0].step, row[-1].step
    return 1.0 if last == first else (answered.step - first) / (last - first)


def _nearest(row: Sequence[Answered], share: float) -> Answered | None:
    return min(row, key=lambda answered: abs(_share_done(row, answered) - share), default=None)


def said(answered: Answered) -> str:
    """An answer on one line, for a table: the text, or the likeliest tokens with their shares."""
    if answered.shares:
        return ", ".join(f"{token} {share:.2f}" for token, share in answered.shares)
    return answered.text


def _said(answer: Any) -> str:
    """The answer of a task as one text: a piece of a text, words with their tags, a number."""
    if isinstance(answer, dict):
        share = answer.get("score")
        sure = f" ({share:.2f})" if isinstance(share, int | float) else ""
        return f"{answer.get('answer') or 'no answer'}{sure}"
    if isinstance(answer, list):
        pairs = [each for each in answer if isinstance(each, list | tuple) and len(each) == 2]
        named = _names_in(pairs)
        return ", ".join(f"{name} ({kind})" for name, kind in named) if named else "no name"
    if isinstance(answer, float):
        return three_digits(answer)
    return "" if answer is None else str(answer)


def _names_in(pairs: Sequence[Any]) -> list[tuple[str, str]]:
    """Names with their kinds, of words with tags as B-PER, I-PER, O; words of one name stand together."""
    found: list[tuple[str, str]] = []
    before = ""
    for word, tag in pairs:
        part, dash, kind = str(tag).partition("-")
        kind = kind if dash else part
        if tag == "O":
            kind = ""
        elif part in ("I", "E") and kind == before and found:
            found[-1] = (f"{found[-1][0]} {word}", kind)
        else:
            found.append((str(word), kind))
        before = kind
    return found


def _shares(probe: Probe) -> tuple[tuple[str, float], ...]:
    entries = probe.answer[:_MOST_CANDIDATES] if isinstance(probe.answer, list) else []
    return tuple(share for entry in entries if (share := _share(entry)) is not None)


def _share(entry: Any) -> tuple[str, float] | None:
    if not isinstance(entry, list | tuple) or len(entry) < 2 or not isinstance(entry[0], str):
        return None
    if not isinstance(entry[1], int | float) or not 0 <= entry[1] <= 1:
        return None
    return shown_token(entry[0]), float(entry[1])


def readable(text: str) -> str:
    """``text`` on one line: a line break as a stroke, as verse is quoted; what cannot be seen is left out."""
    lines = (" ".join(line.split()) for line in text[:_LONGEST_ANSWER].replace("\r", "\n").split("\n"))
    joined = _LINE_BREAK.join(line for line in lines if line)
    return "".join(sign for sign in joined if sign.isprintable())


def shown_token(token: str) -> str:
    """A token as a person reads it: a piece that goes on a word begins with a hyphen."""
    bare = token.removeprefix("##")
    shown = readable(bare) or "?"
    return f"-{shown}" if bare != token else shown


def shown_probe(text: str) -> str:
    """A probe as it is shown: every blank as a line, all on one line."""
    return readable(_TYPED_BLANK.sub(BLANK, text))


def thinned(moments: Sequence[_Moment], most: int) -> list[_Moment]:
    """At most ``most`` of them, always the first and the newest.

    Those between lie ever further apart, each about as many times later than the one before: a model changes quickly
    at first and slowly later.
    """
    count = len(moments)
    if count <= most:
        return list(moments)
    if most <= 1:
        return list(moments[-1:])
    places = {round((count - 1) ** (rank / (most - 1))) for rank in range(1, most)} | {0}
    free = (place for place in range(count - 1, 0, -1) if place not in places)
    while len(places) < most:
        places.add(next(free))
    return [moments[place] for place in sorted(places)]
