"""What a language model answered to its probes, out of the events of a run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core import events as ev
from ptft_gui.core.probe_answers import (
    Answered,
    answers_of,
    probes_of,
    probes_together,
    readable,
    said,
    shown_probe,
    thinned,
)
from ptft_gui.core.summary import RunSummary


def asked(*probes: ev.Probe) -> RunSummary:
    summary = RunSummary()
    summary.fold(probes)
    return summary


def going_on(step: int, answer: object, name: str = "ROMEO:") -> ev.Probe:
    return ev.Probe(step=step, name=name, input=name, kind="continue", answer=answer)


def test_answers_come_in_the_order_of_their_steps_and_words_are_no_probes_of_language() -> None:
    summary = asked(
        going_on(0, ":::A3K"),
        ev.Probe(step=0, name="king", kind="similar", answer=[["queen", 0.7]]),
        going_on(100, "\nTheer vem"),
    )
    assert probes_of(summary) == ["ROMEO:"]
    assert answers_of(summary, "ROMEO:") == [
        Answered(0, text=":::A3K"),
        Answered(100, text="Theer vem"),
    ]


def test_a_second_look_at_the_same_step_takes_the_place_of_the_first() -> None:
    summary = asked(going_on(5, "old"), going_on(5, "new"))
    assert [answer.text for answer in answers_of(summary, "ROMEO:")] == ["new"]


def test_a_blank_has_its_likeliest_tokens() -> None:
    answer = [["the", 0.5], ["##ing", 0.25], ["x", "much"], "odd", [3, 0.1], ["big", 7]]
    summary = asked(ev.Probe(step=3, name="A [MASK].", kind="fill", answer=answer))
    assert answers_of(summary, "A [MASK].")[0].shares == (("the", 0.5), ("-ing", 0.25))
    assert shown_probe("A [MASK] of ___.") == "A ____ of ____."


def test_an_answer_that_somebody_edited_is_left_out() -> None:
    assert answers_of(asked(going_on(1, None), going_on(2, ["x"])), "ROMEO:") == []


def test_a_log_that_was_made_up_does_not_fill_the_screen() -> None:
    summary = asked(*(going_on(0, "x", f"probe {number}") for number in range(500)))
    assert len(probes_of(summary)) == 10
    many = [[f"t{number}", 0.001] for number in range(5000)]
    wide = asked(ev.Probe(step=1, name="_", kind="fill", answer=many))
    assert len(answers_of(wide, "_")[0].shares) == 10


def test_lines_are_told_apart_and_what_cannot_be_seen_is_left_out() -> None:
    assert readable("\nI am\n\n  here\u202e.\x00\r\nGo") == "I am / here. / Go"
    assert len(readable("a" * 5000)) == 600


def test_of_many_moments_the_first_the_newest_and_ever_rarer_ones_between_are_shown() -> None:
    assert thinned(range(13), 5) == [0, 2, 3, 6, 12]
    assert thinned(range(3), 5) == [0, 1, 2]
    assert thinned([], 4) == []
    assert thinned(range(9), 1) == [8]


@given(st.integers(0, 400), st.integers(1, 12))
def test_the_number_of_rows_stays_the_same(count: int, most: int) -> None:
    kept = thinned(range(count), most)
    assert len(kept) == min(count, most)
    assert kept == sorted(set(kept))
    if count:
        assert kept[-1] == count - 1
        assert most == 1 or kept[0] == 0


def test_runs_of_different_lengths_are_laid_together_by_how_much_was_done() -> None:
    short = asked(*(going_on(step, f"s{step}") for step in (0, 50, 100)))
    long = asked(*(going_on(step, f"l{step}") for step in range(0, 1001, 100)))
    (together,) = probes_together([long, short])
    assert together.name == "ROMEO:"
    assert [moment.share for moment in together.moments] == [0.0, 0.5, 1.0]
    assert [[answer.text for answer in moment.answers if answer] for moment in together.moments] == [
        ["l0", "s0"],
        ["l500", "s50"],
        ["l1000", "s100"],
    ]
    (few,) = probes_together([long, long], most=2)
    assert [moment.share for moment in few.moments] == [0.0, 1.0]


def test_a_probe_that_all_were_asked_comes_first_and_a_missing_answer_is_none() -> None:
    one = asked(going_on(0, "a", "only here"), going_on(0, "b", "both"), going_on(9, "c", "both"))
    other = asked(going_on(0, "d", "both"), going_on(9, "e", "both"))
    both, only = probes_together([one, other])
    assert (both.name, only.name) == ("both", "only here")
    assert only.moments[0].share == 1.0
    assert [answer.text if answer else None for answer in only.moments[0].answers] == ["a", None]
    assert probes_together([RunSummary(), RunSummary()]) == []
    assert said(Answered(1, shares=(("sea", 0.5), ("-ing", 0.25)))) == "sea 0.50, -ing 0.25"
