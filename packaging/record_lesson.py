"""Makes the recorded runs of a lesson: trains them with one thread, and packs them beside the lesson.

    python packaging/record_lesson.py words-become-points
    python packaging/record_lesson.py learning-a-job full frozen

Without keys it is the lesson's main run, with ``all`` every run. One thread and the lesson's seed: the same numbers
come out again on the same kind of processor. The times in the log are put on the clock of that one thread: a computer
that has other things to do at the time makes a recording no longer than it is where it has nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
MOST_BYTES = 3_000_000
"""All recordings of a lesson together stay below this, so that the wheel stays small."""
MOST_MODEL_BYTES = 2_000_000
"""A larger model stays behind: its run can be watched, and is trained anew to be asked."""


def record(lesson_id: str, key: str = "") -> Path:
    """Train and pack one run; the folder of the recording. Ends with a sentence when it cannot be made."""
    from ptft_gui.core.lessons import read_lesson
    from ptft_gui.core.recording_files import save_recording
    from ptft_gui.core.rundir import RunDir, folder_bytes

    folder = ROOT / "resources" / "lessons" / lesson_id
    lesson = read_lesson(folder / "lesson.json")
    name = lesson.recording_name(key)
    wanted = lesson.runs[key or lesson.main_run]
    spec = wanted.model_copy(update={"settings": {**wanted.settings, "workers": 1}}).spec()
    with tempfile.TemporaryDirectory() as home:
        spec_file = Path(home) / "spec.json"
        spec_file.write_text(spec.to_json(), encoding="utf-8")
        run = RunDir(_train(spec_file, home))
        put_on_processor_clock(run.events_file)
        target = Path(home) / "recording"
        is_small = folder_bytes(run.model) <= MOST_MODEL_BYTES
        save_recording(run, target, sentence=lesson.sentence, lesson=lesson.id, has_model=is_small)
        others = sum(folder_bytes(path) for path in folder.glob("recording*") if path.name != name)
        if folder_bytes(target) + others > MOST_BYTES:
            raise SystemExit(
                f"The recordings have {folder_bytes(target) + others:,} bytes; {MOST_BYTES:,} is the most."
            )
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(target, folder / name, copy_function=shutil.copyfile)
    return folder / name


def _train(spec_file: Path, home: str) -> Path:
    command = [sys.executable, "-m", "ptft_gui", "train", str(spec_file), "--json"]
    environment = {**os.environ, "PTFT_HOME": home, "PTFT_RUNS": str(Path(home) / "runs")}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit("The training did not get to its end.")
    return Path(json.loads(done.stdout.strip().splitlines()[-1])["run"])


def put_on_processor_clock(log: Path) -> None:
    """Rewrite the times of a log as seconds in which its process was given the processor; speeds go with them.

    The log's ``resources`` records say every two seconds how much of one processor the process had since the one
    before. A share above 1 (a second thread helped) counts as 1, so that no time grows.
    """
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    marks = [(event["time"], event["cpu_percent"]) for event in events if event["event"] == "resources"]
    wall, share = np.array([time for time, _ in marks]), np.array([percent / 100 for _, percent in marks])
    share = np.clip(share, 0.01, 1.0)
    passed = np.concatenate(([0.0], np.cumsum(np.diff(wall) * share[1:])))
    for event in events:
        place = int(np.clip(np.searchsorted(wall, event["time"]), 1, len(wall) - 1))
        factor = float(share[place])
        event["time"] = round(wall[0] + passed[place] - (wall[place] - event["time"]) * factor, 3)
        if event.get("seconds"):
            event["seconds"] = round(event["seconds"] * factor, 4)
        speeds = event.get("columns", {})
        for name in [name for name in speeds if name.endswith("_per_second")]:
            speeds[name] = [round(value / factor, 1) if value else value for value in speeds[name]]
    _settle_length(events)
    text = "".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n" for event in events)
    log.write_text(text, encoding="utf-8")


def _settle_length(events: list[dict[str, Any]]) -> None:
    """The end of a run says how long all of it took: from its first phase of training to its last word."""
    began = next((event["time"] for event in events if event.get("name") == "training"), events[0]["time"])
    if events[-1].get("seconds"):
        events[-1]["seconds"] = round(events[-1]["time"] - began, 4)


def main() -> None:
    from ptft_gui.core.lessons import read_lesson

    parser = argparse.ArgumentParser(description="Make the recorded runs of a lesson.")
    parser.add_argument("lesson", help="the lesson's id, the name of its folder in resources/lessons")
    parser.add_argument("runs", nargs="*", help="which of its runs, or all; without one its main run")
    asked = parser.parse_args()
    keys = asked.runs or [""]
    if keys == ["all"]:
        keys = list(read_lesson(ROOT / "resources" / "lessons" / asked.lesson / "lesson.json").runs)
    for key in keys:
        print(record(asked.lesson, key))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
