"""Locks are held by living processes only, and the queue is served in order. Real processes throughout."""

import os
import signal
import subprocess
import sys
import time

import pytest

from ptft_gui.core.locks import lock_holder, short_lock, try_lock
from ptft_gui.core.queue import change_queue, enqueue, leave_queue, read_queue, reorder
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec

HOLD = """
import sys, time, pathlib
from ptft_gui.core.locks import try_lock
held = try_lock(pathlib.Path(sys.argv[1]))
print("held" if held else "busy", flush=True)
time.sleep(60)
"""

WAIT = """
import sys, time, pathlib
from ptft_gui.core.locks import try_lock
from ptft_gui.core.queue import wait_for_device
from ptft_gui.core.rundir import RunDir
run = RunDir(pathlib.Path(sys.argv[1]))
mine = try_lock(run.lock_file)
print("ready", flush=True)
lock = wait_for_device(run, "cpu", lambda: True, lambda: print("waiting", flush=True))
print("device", flush=True)
with open(run.path.parent / "order.txt", "a") as file:
    file.write(run.name + "\\n")
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def processes():
    started = []

    def start(code, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_lock_is_seen_and_dies_with_its_process(tmp_path, processes):
    path = tmp_path / "worker.lock"
    assert lock_holder(path) is None
    holder = processes(HOLD, path)
    assert holder.stdout.readline() == "held\n"
    assert lock_holder(path) == holder.pid
    assert try_lock(path) is None
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert lock_holder(path) is None
    taken = try_lock(path)
    assert taken is not None
    taken.release()


def test_looking_at_a_lock_of_ones_own_does_not_release_it(tmp_path, processes):
    path = tmp_path / "own.lock"
    held = try_lock(path)
    assert lock_holder(path) == os.getpid()
    assert try_lock(path) is None
    assert processes(HOLD, path).stdout.readline() == "busy\n"
    held.release()
    assert lock_holder(path) is None


def test_a_lock_is_not_inherited_by_a_child(tmp_path, processes):
    path = tmp_path / "worker.lock"
    code = HOLD.replace(
        "time.sleep(60)", "import subprocess; subprocess.Popen(['sleep', '30']).pid; time.sleep(60)"
    )
    holder = processes(code, path)
    holder.stdout.readline()
    time.sleep(0.2)
    holder.kill()
    holder.wait()
    assert lock_holder(path) is None


def test_short_lock_serialises(tmp_path):
    with short_lock(tmp_path / "x.lock"):
        assert (tmp_path / "x.lock").exists()


def make_run(runs):
    return create_run(runs, new_spec("word2vec", "wikipedia"))


def test_queue_can_be_reordered_and_left(tmp_path):
    runs = [make_run(tmp_path) for _ in range(3)]
    for run in (*runs, runs[0]):
        enqueue(run)
    names = [run.name for run in runs]
    assert read_queue(tmp_path) == names
    reorder(tmp_path, [names[2], names[0], "unknown"])
    assert read_queue(tmp_path) == [names[2], names[0], names[1]]
    leave_queue(runs[0])
    assert read_queue(tmp_path) == [names[2], names[1]]


def test_an_unreadable_queue_is_an_empty_one(tmp_path):
    (tmp_path / "queue.json").write_text("{nonsense")
    assert read_queue(tmp_path) == []
    assert change_queue(tmp_path, lambda names: [*names, "a"]) == ["a"]


def test_waiting_runs_take_the_device_in_order_and_pass_over_the_dead(tmp_path, processes):
    runs = [make_run(tmp_path) for _ in range(4)]
    first = processes(WAIT, runs[0].path, 60)
    assert first.stdout.readline() == "ready\n"
    assert first.stdout.readline() == "device\n"
    waiting = []
    for run in runs[1:]:
        process = processes(WAIT, run.path, 0.05)
        assert process.stdout.readline() == "ready\n"
        assert process.stdout.readline() == "waiting\n"
        waiting.append(process)
    reorder(tmp_path, [runs[3].name, runs[1].name, runs[2].name])
    waiting[0].kill()
    waiting[0].wait()
    first.kill()
    assert waiting[2].wait(timeout=20) == 0
    assert waiting[1].wait(timeout=20) == 0
    order = (tmp_path / "order.txt").read_text().split()
    assert order == [runs[0].name, runs[3].name, runs[2].name]


def test_a_run_started_earlier_has_its_turn_although_its_worker_was_ready_later(tmp_path, processes):
    early, late = make_run(tmp_path), make_run(tmp_path)
    enqueue(early)
    second = processes(WAIT, late.path, 0.05)
    assert second.stdout.readline() == "ready\n"
    assert second.stdout.readline() == "waiting\n"
    first = processes(WAIT, early.path, 0.05)
    assert first.stdout.readline() == "ready\n"
    assert first.stdout.readline() == "device\n"
    assert second.wait(timeout=60) == 0
    assert (tmp_path / "order.txt").read_text().split() == [early.name, late.name]


def test_a_run_whose_worker_never_came_keeps_nobody_waiting_for_long(tmp_path, processes):
    never, next_one = make_run(tmp_path), make_run(tmp_path)
    enqueue(never)
    os.utime(never.spec_file, (1.0, 1.0))
    process = processes(WAIT, next_one.path, 0.05)
    assert process.stdout.readline() == "ready\n"
    assert process.wait(timeout=60) == 0


def test_a_run_whose_process_died_before_it_was_ready_keeps_nobody_waiting(tmp_path, processes):
    died, next_one = make_run(tmp_path), make_run(tmp_path)
    enqueue(died)
    worker = processes("import sys; sys.stdin.read()")
    died.note_launch(worker.pid)
    worker.kill()
    worker.wait()
    process = processes(WAIT, next_one.path, 0.05)
    assert process.stdout.readline() == "ready\n"
    assert process.wait(timeout=15) == 0
