"""A queue of 24 runs of which a third die while they wait, with nobody there to look after it."""

import subprocess
import sys

import pytest

from ptft_gui.core.queue import read_queue
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from tests.core.test_locks_and_queue import WAIT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_living_are_all_served_in_order_and_nothing_is_left(tmp_path):
    runs = [create_run(tmp_path, new_spec("word2vec", "wikipedia")) for _ in range(24)]
    processes = []
    try:
        for number, run in enumerate(runs):
            process = subprocess.Popen(
                [sys.executable, "-c", WAIT, str(run.path), "200" if number == 0 else "0.01"],
                stdout=subprocess.PIPE,
                text=True,
            )
            processes.append(process)
            assert process.stdout.readline() == "ready\n"
            assert process.stdout.readline() in ("waiting\n", "device\n")
        dead = [number for number in range(1, 24) if number % 3 == 0]
        for number in dead:
            processes[number].kill()
        processes[0].kill()
        for number, process in enumerate(processes):
            process.wait(timeout=200)
            assert process.returncode == (-9 if number in (0, *dead) else 0)
    finally:
        for process in processes:
            process.kill()
            process.wait()
            process.stdout.close()
    served = (tmp_path / "order.txt").read_text().split()
    assert served == [run.name for number, run in enumerate(runs) if number not in dead]
    assert set(read_queue(tmp_path)) <= {runs[number].name for number in dead}
