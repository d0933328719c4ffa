"""Where the companion's questions are taken, handed to threads and answered, each exactly once."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, BinaryIO

import psutil

from ptft_gui.core.companion_protocol import CANCEL, KINDS, NEWEST_WINS, Reply, Request, encode_reply
from ptft_gui.core.errors import PtftError, StoppedByPerson
from ptft_gui.core.family.options import unknown_name_problem
from ptft_gui.worker.companion_files import clear_files, with_files
from ptft_gui.worker.companion_question import Question

_THREADS = 4
_ENDING_PATIENCE_S = 1.0
_FOLDER_PREFIX = "ptft-companion-"

_log = logging.getLogger("ptft_gui.companion")


class PrivateFolder:
    """A folder for arrays that only this user may read, gone when the companion ends."""

    def __enter__(self) -> PrivateFolder:
        _remove_abandoned(Path(tempfile.gettempdir()))
        # mkdtemp gives it mode 0700
        self.path = Path(tempfile.mkdtemp(prefix=f"{_FOLDER_PREFIX}{os.getpid()}-"))
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_abandoned(parent: Path) -> None:
    """Clear what companions that were killed left behind."""
    for path in parent.glob(f"{_FOLDER_PREFIX}*"):
        found = re.match(rf"{_FOLDER_PREFIX}(\d+)-", path.name)
        with contextlib.suppress(OSError):
            is_ours = path.stat().st_uid == os.getuid() and not path.is_symlink()
            if found and is_ours and not psutil.pid_exists(int(found[1])):
                shutil.rmtree(path, ignore_errors=True)


class Desk:
    """Takes requests, hands them to threads and sends the replies."""

    def __init__(self, answers: BinaryIO, arrays: Path, idle_seconds: float) -> None:
        self._answers = answers
        self._arrays = arrays
        self._sending = threading.Lock()
        self._asking = threading.Lock()
        self._open: dict[str, Question] = {}
        self._threads = ThreadPoolExecutor(_THREADS, "answer")
        self._futures: set[Any] = set()
        self._answerer = _LazyAnswerer(idle_seconds)

    def take(self, request: Request) -> None:
        """Begin to answer a request, or give one up."""
        if request.kind == CANCEL:
            self._cancel(request.id)
            return
        question = Question(request, self.send)
        if request.kind not in KINDS:
            question.finish(_failed(request, unknown_name_problem("question", request.kind, KINDS)))
            return
        with self._asking:
            if request.kind in NEWEST_WINS:
                self._supersede(request.kind)
            self._open[request.id] = question
        future = self._threads.submit(self._answer, question)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)

    def _supersede(self, kind: str) -> None:
        for question in self._open.values():
            if question.request.kind == kind:
                question.give_up(Reply(question.request.id, "superseded"))

    def _cancel(self, request_id: str) -> None:
        with self._asking:
            question = self._open.get(request_id)
        if question is not None:
            question.give_up(Reply(request_id, "cancelled"))

    def _answer(self, question: Question) -> None:
        request = question.request
        try:
            if question.should_stop():
                return
            value = with_files(self._answerer.answer(question), self._arrays)
            if not question.finish(Reply(request.id, "result", value)):
                clear_files(value)  # a newer question took its place: nobody will read them
        except StoppedByPerson:
            question.finish(Reply(request.id, "cancelled"))
        except PtftError as problem:
            question.finish(_failed(request, problem))
        except MemoryError:
            question.finish(_failed(request, _memory_problem()))
        except Exception as problem:
            _log.exception("a question of kind %s met a fault", request.kind)
            question.finish(_failed(request, _fault(problem)))
        finally:
            with self._asking:
                self._open.pop(request.id, None)

    def send(self, reply: Reply) -> None:
        """Write one reply as a whole line; a window that is gone reads nothing any more."""
        line = memoryview(encode_reply(reply))
        with self._sending, contextlib.suppress(OSError):
            while line:
                line = line[self._answers.write(line) :]

    def close(self) -> None:
        """Give everything up, and wait a moment for files that are being written to be cleared away."""
        with self._asking:
            for question in self._open.values():
                question.give_up()
        self._threads.shutdown(wait=False, cancel_futures=True)
        wait(list(self._futures), _ENDING_PATIENCE_S)
        self._answerer.close()


class _LazyAnswerer:
    """The answers, imported with the first question: the libraries behind them take a moment."""

    def __init__(self, idle_seconds: float) -> None:
        self._idle_seconds = idle_seconds
        self._importing = threading.Lock()
        self._answers: Any = None

    def answer(self, question: Question) -> dict[str, Any]:
        with self._importing:
            if self._answers is None:
                from ptft_gui.worker.companion_answers import Answers

                self._answers = Answers(self._idle_seconds)
        answer: dict[str, Any] = self._answers.answer(question)
        return answer

    def close(self) -> None:
        if self._answers is not None:
            self._answers.close()


def _failed(request: Request, problem: PtftError) -> Reply:
    return Reply(request.id, "error", problem.as_dict())


def _memory_problem() -> PtftError:
    return PtftError(
        "There is not enough memory for this answer.",
        f"{psutil.virtual_memory().available:,} bytes are free.",
        "Close other programs and ask again.",
    )


def _fault(problem: Exception) -> PtftError:
    return PtftError(
        "The question could not be answered.",
        f"{type(problem).__name__}: {problem}",
        "The companion's log holds the details. Ask again, or start the window anew.",
    )
