"""The log of a run: whole lines only, torn tails tolerated on both sides."""

import json
import os
import resource
import signal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.core import events as ev
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.eventlog import EventReader, EventWriter


def write(path, *events):
    writer = EventWriter(path)
    for event in events:
        writer.write(event)
    writer.close()


def test_first_record_carries_the_format_version(tmp_path):
    log = tmp_path / "events.jsonl"
    write(log, ev.Started(attempt=1))
    first, second = (json.loads(line) for line in log.read_text().splitlines())
    assert first["event"] == "format"
    assert first["version"] == ev.PROTOCOL_VERSION
    assert (first["seq"], second["seq"]) == (0, 1)


def test_what_is_written_is_read(tmp_path):
    log = tmp_path / "events.jsonl"
    sent = [
        ev.Steps(step=[1, 2], columns={"lr": [0.1, 0.05]}),
        ev.Evaluated(step=2, epoch=0.5, metrics={"train/loss": 2.0}),
        ev.Probe(step=2, name="music", answer=[["folk", 0.7]]),
        ev.Failed(message="It broke.", remedies=[{"action": "resume", "label": "Resume"}]),
    ]
    write(log, *sent)
    read = EventReader(log).read_all()[1:]
    assert [e.model_dump(exclude={"seq", "time"}) for e in read] == [
        e.model_dump(exclude={"seq", "time"}) for e in sent
    ]


def test_numbers_that_are_not_finite_become_null(tmp_path):
    log = tmp_path / "events.jsonl"
    write(
        log,
        ev.Evaluated(step=1, metrics={"train/loss": float("nan")}),
        ev.Steps(step=[1], columns={"lr": [float("inf")]}),
        ev.Probe(step=1, name="w", answer=[["x", float("-inf")]]),
    )
    assert "NaN" not in log.read_text()
    assert "Infinity" not in log.read_text()
    evaluated, steps, probe = EventReader(log).read_all()[1:]
    assert evaluated.metrics == {"train/loss": None}
    assert steps.columns == {"lr": [None]}
    assert probe.answer == [["x", None]]


def test_reader_waits_for_the_rest_of_a_torn_line(tmp_path):
    log = tmp_path / "events.jsonl"
    write(log, ev.Started(attempt=1))
    reader = EventReader(log)
    assert len(reader.read_all()) == 2
    line = b'{"event":"phase","seq":2,"time":1,"name":"training"}\n'
    with log.open("ab") as file:
        file.write(line[:20])
        file.flush()
        assert reader.read_all() == []
        file.write(line[20:])
    assert [event.event for event in reader.read_all()] == ["phase"]
    assert reader.unreadable_lines == 0


def test_writer_cuts_off_a_torn_tail_so_that_no_record_is_glued(tmp_path):
    log = tmp_path / "events.jsonl"
    write(log, ev.Started(attempt=1))
    with log.open("ab") as file:
        file.write(b'{"event":"phase","na')
    write(log, ev.Started(attempt=2))
    events = EventReader(log).read_all()
    assert [event.event for event in events] == ["format", "started", "started"]
    assert [event.seq for event in events] == [0, 1, 2]


def test_edited_and_unknown_lines_are_counted_and_passed_over(tmp_path):
    log = tmp_path / "events.jsonl"
    write(log, ev.Started(attempt=1))
    with log.open("ab") as file:
        file.write(
            b'nonsense\n\n{"event":"from_the_future","x":1}\n{"event":"steps","step":"no"}\n\xff\xfe\n'
        )
    write(log, ev.Stopped(step=3))
    reader = EventReader(log)
    assert [event.event for event in reader.read_all()] == ["format", "started", "stopped"]
    assert reader.unreadable_lines == 4


def test_unknown_fields_and_newer_formats_do_not_stop_an_older_reader(tmp_path):
    log = tmp_path / "events.jsonl"
    log.write_text('{"event":"format","version":9}\n{"event":"paused","step":4,"mood":"calm"}\n')
    reader = EventReader(log)
    assert [event.event for event in reader.read_all()] == ["format", "paused"]
    assert reader.newer_format == 9


def test_a_replaced_log_is_read_again_from_its_beginning(tmp_path):
    log = tmp_path / "events.jsonl"
    write(log, ev.Started(attempt=1), ev.Phase(name="training"))
    reader = EventReader(log)
    reader.read_all()
    log.unlink()
    write(log, ev.Started(attempt=1))
    assert [event.event for event in reader.read_all()] == ["format", "started"]
    assert reader.restarts == 1


def test_a_missing_log_holds_nothing_yet(tmp_path):
    assert EventReader(tmp_path / "absent").read_new() == []


def test_lines_longer_than_a_block_are_read_whole(tmp_path):
    log = tmp_path / "events.jsonl"
    write(log, ev.Notice(key="long", message="x" * 100_000), ev.Stopped())
    reader = EventReader(log)
    seen = []
    for _ in range(10):
        seen += reader.read_new(max_bytes=4096)
    assert [event.event for event in seen] == ["format", "notice", "stopped"]


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(min_value=0, max_value=400), block=st.integers(min_value=1, max_value=300))
def test_a_log_cut_anywhere_gives_its_whole_lines_and_can_be_continued(tmp_path_factory, cut, block):
    log = tmp_path_factory.mktemp("log") / "events.jsonl"
    write(log, ev.Started(attempt=1), ev.Phase(name="a"), ev.Stopped(step=1))
    whole = log.read_bytes()
    log.write_bytes(whole[: min(cut, len(whole))])
    kept = log.read_bytes().count(b"\n")
    reader = EventReader(log)
    seen = []
    for _ in range(len(whole) + 2):
        seen += reader.read_new(max_bytes=block)
    assert len(seen) == kept
    write(log, ev.Started(attempt=2))
    events = EventReader(log).read_all()
    assert events[-1].attempt == 2
    assert [event.seq for event in events] == list(range(len(events)))


def test_a_full_disk_is_told_and_leaves_no_half_line(tmp_path):
    log = tmp_path / "events.jsonl"
    pid = os.fork()
    if pid == 0:  # a child of its own: the limit cannot be raised again in this process
        os._exit(_write_until_the_disk_is_full(log))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert log.read_bytes().endswith(b"\n")
    assert EventReader(log).read_all()[-1].event == "notice"


def _write_until_the_disk_is_full(log):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    writer = EventWriter(log)
    try:
        for number in range(100):
            writer.write(ev.Notice(key=str(number), message="y" * 150))
    except RunFolderError as problem:
        return 7 if "cannot be written" in problem.message and problem.hint else 1
    return 0


def test_an_unwritable_log_is_told(tmp_path):
    with pytest.raises(RunFolderError, match="cannot be written"):
        EventWriter(tmp_path / "absent" / "events.jsonl")


def test_the_table_of_the_protocol_names_every_event():
    rows = {line.split()[0] for line in ev.__doc__.splitlines() if line and line[0].isalpha()}
    names = {model.model_fields["event"].default for model in ev.Event.__subclasses__()}
    assert names <= rows
