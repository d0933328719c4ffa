"""The same run on the graphics card and on the processor: units a second, loss, and what the vectors are worth.

Run it as a program where there is a card::

    python tests/benchmarks/bench_device.py --family glove|word2vec --dataset PATH [--epochs 15] [--size 100]
        [--threads N] [--rounds 2] [--set key=value ...]

Both sides are real workers, one after the other, in turns (A B A B). Printed are the pairs or words a second of each
from the beginning of the training phase to the last step, the seconds of the whole run, the last training and held-out
loss, Spearman's correlation with WordSim-353, and the median of the ratios. ``--device cpu`` on both sides shows the
noise of the machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import Finished, Phase, Resolved, Steps
from ptft_gui.core.family.registry import get_family
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec, parse_settings
from ptft_gui.inspection.evaluation import evaluate
from ptft_gui.inspection.model import open_model

UNITS = {"glove": "pairs", "word2vec": "words"}


@dataclass(frozen=True)
class Pace:
    """One run. ``speed``: units a second of training; ``whole``: seconds from start to saved vectors."""

    device: str
    speed: float
    whole: float
    train_loss: float
    held_out_loss: float
    spearman: float


def one_run(options: argparse.Namespace, device: str, runs: Path) -> Pace:
    """Train once on ``device`` and measure the vectors."""
    settings = {
        "vector_size": options.size,
        "epochs": options.epochs,
        "workers": options.threads,
        "device": device,
        **parse_settings(options.family, options.set),
    }
    run = create_run(runs, new_spec(options.family, options.dataset, settings=settings))
    began = time.perf_counter()
    if launch_worker(run).wait():
        raise SystemExit(run.log_file.read_text() or run.events_file.read_text()[-2000:])
    whole = time.perf_counter() - began
    events = EventReader(run.events_file).read_all()
    begin = next(event.time for event in events if isinstance(event, Phase) and event.name == "training")
    steps = [event for event in events if isinstance(event, Steps)]
    used = next(event.values for event in events if isinstance(event, Resolved)).get("device", "cpu")
    done = steps[-1].columns[UNITS[options.family]][-1] or 0.0
    metrics = next(event.metrics for event in reversed(events) if isinstance(event, Finished))
    score = evaluate(open_model(run), "wordsim353")
    return Pace(
        str(used),
        done / (steps[-1].time - begin),
        whole,
        float(metrics.get("train/loss") or "nan"),
        float(metrics.get("val/loss") or "nan"),
        float(score["spearman"] or "nan"),
    )


def show(pace: Pace, units: str) -> None:
    print(
        f"{pace.device}: {pace.speed:,.0f} {units}/s, whole run {pace.whole:.1f} s, training loss "
        f"{pace.train_loss:.5f}, held-out {pace.held_out_loss:.5f}, WordSim-353 {pace.spearman:.3f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--family", choices=tuple(UNITS), default="glove")
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--threads", type=int, default=None, help="all cores where not given")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    options = parser.parse_args()
    units = UNITS[options.family]
    print(f"{get_family(options.family).title} on {options.dataset}, {options.epochs} epochs")
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            card = one_run(options, options.device, Path(folder))
            processor = one_run(options, "cpu", Path(folder))
            show(card, units)
            show(processor, units)
            ratios.append(card.speed / processor.speed)
            print(f"ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio of {len(ratios)} rounds: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
