"""What ended a run, in words."""

from __future__ import annotations

import errno
import shutil

import psutil

from ptft_gui.core.errors import PtftError, Remedy, RunFolderError
from ptft_gui.core.events import FailureKind
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.wording import bytes_text
from ptft_gui.engine.checkpoint import find_checkpoints

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OPEN_LOG = Remedy("open_log", "Open log")


def problem_in_words(problem: BaseException, run: RunDir) -> PtftError:
    """The failure as a sentence with what was seen and what to do."""
    if isinstance(problem, MemoryError):
        return _out_of_memory()
    cause = problem.__cause__ if isinstance(problem, RunFolderError) else problem
    if isinstance(cause, OSError) and cause.errno in _FULL:
        return _disk_is_full(run)
    if isinstance(problem, PtftError):
        return problem
    if isinstance(problem, OSError):
        return PtftError(
            f"{problem.filename or 'A file'} cannot be used.",
            f"{problem.strerror or problem}.",
            "Check the disk, then resume the run.",
            (_OPEN_LOG,),
        )
    return PtftError(
        "The run met a fault in the program.",
        f"{type(problem).__name__}: {problem}".strip(": "),
        "The run's log has the details; resume the run, or start it with other settings.",
        (_OPEN_LOG,),
    )


def failure_kind(problem: BaseException, has_begun: bool) -> FailureKind:
    """Whose turn it is. ``has_begun``: training itself began; what is refused before lies in the request."""
    if isinstance(problem, PtftError) and not isinstance(problem, RunFolderError):
        return "trouble" if has_begun else "input"
    return "trouble" if isinstance(problem, PtftError | OSError | MemoryError) else "fault"


def folder_is_gone(run: RunDir) -> RunFolderError:
    return RunFolderError(
        "The run's folder was moved or deleted while it trained.",
        f"It was {run.path}.",
        "If it was moved or renamed, resume the run: it goes on from its last checkpoint.",
    )


def _out_of_memory() -> PtftError:
    return PtftError(
        "There is not enough memory for this run.",
        f"{bytes_text(psutil.virtual_memory().available)} are free.",
        "Close other programs, use a smaller vector size, or raise the minimum count.",
    )


def _disk_is_full(run: RunDir) -> PtftError:
    free = shutil.disk_usage(run.path).free
    saved = find_checkpoints(run.checkpoints)
    safe = (
        f"the last checkpoint is step {saved[0].step:,} and whole" if saved else "no checkpoint was written"
    )
    return PtftError(
        "The disk is full.",
        f"{bytes_text(free)} are free where runs are kept; {safe}.",
        "Make room, then resume the run.",
        (Remedy("show_disk_use", "Show what uses space"),),
    )
