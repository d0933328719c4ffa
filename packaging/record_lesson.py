"""Makes the recorded run of a lesson: trains its main run with one thread, and packs it beside the lesson.

    python packaging/record_lesson.py words-become-points

One thread and the lesson's seed: the same vectors come out again on the same kind of processor. Only the times in the
log, and with them the speeds, are those of the day it was made.
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

ROOT = Path(__file__).resolve().parent.parent
MOST_BYTES = 3_000_000
"""A lesson's recording stays below this, so that the wheel stays small."""


def record(lesson_id: str) -> Path:
    """Train and pack; the folder of the recording. Ends with a sentence when it cannot be made."""
    from ptft_gui.core.lessons import read_lesson
    from ptft_gui.core.recording_files import save_recording
    from ptft_gui.core.rundir import RunDir, folder_bytes

    folder = ROOT / "resources" / "lessons" / lesson_id
    lesson = read_lesson(folder / "lesson.json")
    wanted = lesson.runs[lesson.main_run]
    spec = wanted.model_copy(update={"settings": {**wanted.settings, "workers": 1}}).spec()
    with tempfile.TemporaryDirectory() as home:
        spec_file = Path(home) / "spec.json"
        spec_file.write_text(spec.to_json(), encoding="utf-8")
        run = RunDir(_train(spec_file, home))
        target = Path(home) / "recording"
        save_recording(run, target, sentence=lesson.sentence, lesson=lesson.id)
        if folder_bytes(target) > MOST_BYTES:
            raise SystemExit(f"The recording has {folder_bytes(target):,} bytes; {MOST_BYTES:,} is the most.")
        shutil.rmtree(folder / "recording", ignore_errors=True)
        shutil.copytree(target, folder / "recording", copy_function=shutil.copyfile)
    return folder / "recording"


def _train(spec_file: Path, home: str) -> Path:
    command = [sys.executable, "-m", "ptft_gui", "train", str(spec_file), "--json"]
    environment = {**os.environ, "PTFT_HOME": home, "PTFT_RUNS": str(Path(home) / "runs")}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit("The training did not get to its end.")
    return Path(json.loads(done.stdout.strip().splitlines()[-1])["run"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the recorded run of a lesson.")
    parser.add_argument("lesson", help="the lesson's id, the name of its folder in resources/lessons")
    print(record(parser.parse_args().lesson))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
