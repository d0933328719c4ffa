"""What models that learn a task answered to their probes, as lines of text or as shares."""

from __future__ import annotations

from typing import Any

import pytest

from ptft_gui.core import events as ev
from ptft_gui.core.probe_answers import answers_of, probes_of
from ptft_gui.core.summary import RunSummary


@pytest.mark.parametrize(
    ("kind", "answer", "text", "shares"),
    [
        ("task", {"answer": "Clara", "score": 0.734, "start": 3}, "Clara (0.73)", ()),
        ("task", {"answer": "", "score": 0.5}, "no answer (0.50)", ()),
        ("task", [["Clara", "B-PER"], ["sang", "O"]], "Clara (PER)", ()),
        (
            "task",
            [["Clara", "B-PER"], ["Weiss", "I-PER"], ["in", "O"], ["Bern", "B-LOC"], ["Ulm", "B-LOC"]],
            "Clara Weiss (PER), Bern (LOC), Ulm (LOC)",
            (),
        ),
        ("task", [["in", "O"], ["Bern", "LOC"]], "Bern (LOC)", ()),
        ("task", [["it", "O"]], "no name", ()),
        ("task", [["good", 0.8], ["bad", 0.2]], "", (("good", 0.8), ("bad", 0.2))),
        ("task", 3.25, "3.25", ()),
        ("task", None, "", ()),
        ("classes", [["good", 0.8], ["bad", 0.2]], "", (("good", 0.8), ("bad", 0.2))),
        ("score", 3.2512, "3.25", ()),
        ("reply", "A book.\nTwo.", "A book. / Two.", ()),
    ],
)
def test_every_form_of_answer_is_read(kind: str, answer: Any, text: str, shares: tuple[Any, ...]) -> None:
    summary = RunSummary()
    summary.fold([ev.Probe(step=4, epoch=1.0, name="p", answer=answer, kind=kind)])
    assert probes_of(summary) == ["p"]
    (found,) = answers_of(summary, "p")
    assert (found.step, found.text, found.shares) == (4, text, shares)
