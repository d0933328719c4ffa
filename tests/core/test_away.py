"""What is said of runs that ended unseen: the sentences, which runs are meant, and in which order they go on."""

import json
import os
import time

import pytest

from ptft_gui.core.away import (
    before_and_after,
    best_sentence,
    clock_text,
    report_of,
    reports_since,
    to_resume_by_itself,
)
from ptft_gui.core.queue import enqueue
from tests.gui.fixtures_runs import living, make_run, summary_of


def restart(run):
    """As if the computer had been started anew since the run's worker began."""
    record = json.loads(run.worker_file.read_text())
    run.worker_file.write_text(json.dumps({**record, "boot_id": "an earlier start"}))


def test_a_run_cut_off_by_a_restart_says_when_and_what_is_safe(tmp_path):
    run = make_run(tmp_path, "lost")
    restart(run)
    now = time.time()
    report = report_of(run, now)
    at = clock_text(report.ended_at, now)
    assert report.how == f"Interrupted by a restart at {at}, nothing up to step 220 is missing."
    assert report.was_restart
    assert report.can_resume
    assert to_resume_by_itself([report]) == [run.name]


def test_a_run_that_was_killed_is_not_resumed_without_a_person(tmp_path):
    report = report_of(make_run(tmp_path, "lost"), time.time())
    assert report.how.startswith("Ended without a word at ")
    assert report.can_resume
    assert to_resume_by_itself([report]) == []


def test_a_finished_run_tells_score_before_and_after_and_what_now(tmp_path):
    run = make_run(tmp_path, "finished")
    report = report_of(run, time.time())
    assert report.best.startswith("Best held-out loss 2.1")
    assert "(guessing: 4.16)" in report.best
    assert report.before_after.startswith('Nearest to "music": first ')
    assert report.before_after.endswith("; now folk, poetry, dance")
    assert report.actions[0].key == "explore"
    assert not report.can_resume


def test_only_ends_since_the_last_look_are_told_the_newest_first(tmp_path):
    early = make_run(tmp_path, "finished", started_ago=1_000)
    late = make_run(tmp_path, "failed", started_ago=50)
    running = make_run(tmp_path, "running", started_ago=60)
    waiting = make_run(tmp_path, "queued")
    enqueue(waiting)
    now = time.time()
    with living(running), living(waiting):
        assert [r.name for r in reports_since(tmp_path, 0.0, now)] == [late.name, early.name]
        assert [r.name for r in reports_since(tmp_path, now - 100, now)] == [late.name]
    assert reports_since(tmp_path, now + 60, now + 120) == []


def test_a_clock_that_was_set_back_hides_nothing_that_ends_from_now_on(tmp_path):
    run = make_run(tmp_path, "finished", started_ago=90)
    ended = report_of(run, time.time()).ended_at
    assert [r.name for r in reports_since(tmp_path, ended + 1_000_000, ended - 1)] == [run.name]


def test_the_begun_run_goes_on_before_the_waiting_ones(tmp_path):
    waiting, begun = make_run(tmp_path, "queued"), make_run(tmp_path, "lost")
    for run in (waiting, begun):
        restart(run)
    reports = [report_of(run, time.time()) for run in (waiting, begun)]
    assert to_resume_by_itself(reports) == [begun.name, waiting.name]
    assert "while it waited for its turn" in reports[0].how
    other = make_run(tmp_path, "queued")
    restart(other)
    reports.append(report_of(other, time.time()))
    assert to_resume_by_itself(reports, [other.name, waiting.name]) == [begun.name, other.name, waiting.name]


def test_a_damaged_folder_still_gets_a_report(tmp_path):
    run = make_run(tmp_path, "finished")
    run.spec_file.write_text("{nonsense")
    run.events_file.write_text("neither is this\n")
    os.utime(run.spec_file, (1.0, 1.0))
    assert report_of(run, time.time()).state == "start_failed"


@pytest.mark.parametrize("kind", ["preparing", "start_failed", "nothing_held_out"])
def test_what_is_not_known_is_not_said(tmp_path, kind):
    summary = summary_of(make_run(tmp_path, kind))
    for sentence in (best_sentence(summary), before_and_after(summary)):
        assert "unknown" not in sentence
        assert "None" not in sentence
