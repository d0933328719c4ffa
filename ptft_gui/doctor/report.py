"""All checks, in the order a person reads them, and the two forms of the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

from ptft_gui.doctor.check import Check
from ptft_gui.doctor.computer import (
    check_disk,
    check_libraries,
    check_memory,
    check_python,
    check_runs_folder,
)
from ptft_gui.doctor.training import check_bundled_texts, check_gensim, check_torch
from ptft_gui.doctor.window import check_fonts, check_pyside, check_screen, check_system_libraries

MARKS = {True: "ok", None: "note", False: "mend"}


def checks(runs: Path) -> list[Check]:
    """Look at everything; ``runs`` is the folder where runs are kept. Takes a few seconds."""
    looks: list[Callable[[], Check]] = [
        check_python,
        check_libraries,
        check_pyside,
        check_system_libraries,
        check_fonts,
        check_screen,
        check_gensim,
        check_bundled_texts,
        check_torch,
        partial(check_runs_folder, runs),
        partial(check_disk, runs),
        check_memory,
    ]
    with ThreadPoolExecutor() as pool:  # most of them wait for a process
        return list(pool.map(lambda look: look(), looks))


def is_healthy(found: Sequence[Check]) -> bool:
    """True when nothing stands in the way."""
    return all(check.ok is not False for check in found)


def report_text(found: Sequence[Check]) -> str:
    """The report for a terminal: one line a check, its remedy below it, a closing sentence."""
    width = max(len(check.name) for check in found)
    lines = []
    for check in found:
        lines.append(f"{MARKS[check.ok]:<5}{check.name:<{width}}  {check.sentence}")
        if check.remedy and check.ok is not True:
            lines.append(f"{'':<{5 + width}}  -> {check.remedy}")
    faults = sum(check.ok is False for check in found)
    closing = "Everything that is needed works."
    if faults:
        closing = "1 thing has to be mended." if faults == 1 else f"{faults} things have to be mended."
    return "\n".join([*lines, "", closing])


def report_json(found: Sequence[Check]) -> str:
    """The report for a program: ``{"ok": bool, "checks": [{"name", "ok", "sentence", "remedy"}]}``."""
    record = {"ok": is_healthy(found), "checks": [asdict(check) for check in found]}
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def run_doctor(as_json: bool, runs: Path) -> int:
    """Print the report; 0 when all that is needed works, else 1."""
    found = checks(runs)
    print(report_json(found) if as_json else report_text(found))
    return 0 if is_healthy(found) else 1
