"""A run's curves as TensorBoard reads them: records with their checksums, opened without this program's own code."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from ptft_gui.core import events as ev
from ptft_gui.core.errors import ModelError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.inspection.event_files import export_tensorboard


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    run = create_run(tmp_path / "runs", new_spec("gpt", "plays.txt"))
    log = EventWriter(run.events_file)
    log.write(ev.Evaluated(step=0, metrics={"val/loss": 4.0}))
    log.write(ev.Steps(step=[1, 2, 3], columns={"loss": [3.0, None, 2.0], "lr": [0.1, 0.2, 0.3]}))
    log.write(ev.Evaluated(step=3, metrics={"val/loss": 1.5, "val/perplexity": None}))
    log.close()
    return run


def scalars_in(path: Path) -> Iterator[tuple[str, int, float]]:
    """Records are framed as length, checksum, data, checksum (TFRecord)."""
    from tensorboardX.proto.event_pb2 import Event

    data = path.read_bytes()
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        event = Event.FromString(data[12 : 12 + length])
        for value in event.summary.value:
            yield value.tag, event.step, round(value.simple_value, 6)
        data = data[12 + length + 4 :]


def test_every_curve_is_there(run: RunDir, tmp_path: Path) -> None:
    done = export_tensorboard(run, tmp_path / "board")
    (file,) = done.paths
    assert "tfevents" in file.name
    found = list(scalars_in(file))
    assert [entry for entry in found if entry[0] == "val/loss"] == [
        ("val/loss", 0, 4.0),
        ("val/loss", 3, 1.5),
    ]
    assert [entry[1:] for entry in found if entry[0] == "train/loss_of_step"] == [(1, 3.0), (3, 2.0)]
    assert [entry[1] for entry in found if entry[0] == "lr"] == [1, 2, 3]
    assert not list(tmp_path.glob(".board*"))


def test_nothing_is_overwritten_and_a_run_without_curves_says_so(run: RunDir, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(ModelError, match="is there already"):
        export_tensorboard(run, tmp_path / "mine")
    empty = create_run(tmp_path / "runs", new_spec("gpt", "plays.txt"))
    with pytest.raises(ModelError, match="has no curve yet"):
        export_tensorboard(empty, tmp_path / "board")
    assert not (tmp_path / "board").exists()
