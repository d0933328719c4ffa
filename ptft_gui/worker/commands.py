"""Listens to what a person asks of the running run, and notices when its folder is taken away."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any

from ptft_gui.core import events as ev
from ptft_gui.core.commands import Command, CommandReader
from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.core.locks import HeldLock
from ptft_gui.core.rundir import RunDir
from ptft_gui.engine.control import Question, StopRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.worker.signals import StopSignals

POLL_SECONDS = 0.1
FOLDER_IS_GONE = "folder_is_gone"
_MOST_NEIGHBOURS = 1000


class CommandThread:
    """Looks ten times a second for commands and signals, as long as the ``with`` block lasts."""

    def __init__(
        self, run: RunDir, attempt: int, reporter: Reporter, signals: StopSignals, lock: HeldLock
    ) -> None:
        self._reader = CommandReader(run.commands_file, attempt)
        self._reporter = reporter
        self._control = reporter.control
        self._signals = signals
        self._lock = lock
        self._source = run.path
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="commands", daemon=True)

    def __enter__(self) -> CommandThread:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _listen(self) -> None:
        while True:
            is_last_look = self._is_over.wait(POLL_SECONDS)
            if self._signals.received is not None and not self._control.should_stop:
                self._stop(StopRequest(reason="signal"))
            if not self._lock.is_in_place():  # nobody could see or stop this run any more
                self._control.stop(StopRequest(reason=FOLDER_IS_GONE, discard=True))
            for command in self._reader.read_new():
                self._carry_out(command)
            if is_last_look:
                return

    def _carry_out(self, command: Command) -> None:
        try:
            self._act(command)
        except PtftError as problem:
            self._done(command.id, False, problem.as_sentence())

    def _act(self, command: Command) -> None:
        if command.name == "save":
            self._save(command)
            return
        if self._control.takes(command.name):
            self._pass_on(command)
            return
        if command.name == "add_probe":
            is_over = self._reporter.has_begun
            hint = "Ask its model when it has ended." if is_over else "Try again when its training has begun."
            raise ModelError("This run takes nothing further to watch now.", hint=hint)
        if command.name == "ask":
            self._answer(command)
        elif command.name == "pause":
            self._control.pause()
        elif command.name == "resume":
            self._control.resume()
        elif command.name == "stop":
            self._stop(StopRequest(keep="best" if command.argument.get("keep") == "best" else "last"))
        else:
            self._stop(StopRequest(reason="discard", discard=True))
        self._done(command.id, True)

    def _stop(self, request: StopRequest) -> None:
        self._reporter.try_write(ev.Stopping(reason=request.reason, keep=request.keep))
        self._control.stop(request)

    def _save(self, command: Command) -> None:
        def on_done(is_saved: bool, message: str) -> None:
            self._done(command.id, is_saved, message)

        if not self._control.save(on_done):
            self._done(command.id, False, "There is nothing to save at this moment.")

    def _answer(self, command: Command) -> None:
        answer = answer_question(self._reporter, self._source, command.argument)
        self._reporter.try_write(ev.Answer(id=command.id, answer=answer))

    def _pass_on(self, command: Command) -> None:
        """Let the thread that trains answer between two steps."""

        def on_done(answer: Any, problem: PtftError | None) -> None:
            if problem is None and command.name == "ask":
                self._reporter.try_write(ev.Answer(id=command.id, answer=answer))
            self._done(command.id, problem is None, problem.as_sentence() if problem else "")

        if not self._control.ask(Question(command.name, dict(command.argument), on_done)):
            self._done(command.id, False, "The run is ending; ask its model when it has ended.")

    def _done(self, command_id: str, is_ok: bool, message: str = "") -> None:
        self._reporter.try_write(ev.CommandDone(id=command_id, ok=is_ok, message=message))


def answer_question(reporter: Reporter, source: Any, question: dict[str, Any]) -> dict[str, Any]:
    """The neighbours of a word in the model as it is now: ``{"similar": WORD, "topn": N}``.

    The answer has the form of ``ask --json``. Raises :class:`PtftError`: no model yet, a word it does not know.
    """
    from ptft_gui.inspection.model import OpenedModel
    from ptft_gui.inspection.similarity import most_similar

    asked = question.get("similar")
    if not isinstance(asked, str) and question.keys() & {"generate", "fill", "next"}:
        raise ModelError(
            "The model cannot answer yet.",
            "Its training has not begun.",
            "Ask again when the first step is done.",
        )
    if not isinstance(asked, str):
        raise ModelError("A running run answers one kind of question.", hint="Ask for similar words.")
    topn = question.get("topn", 10)
    topn = min(max(int(topn), 1), _MOST_NEIGHBOURS) if isinstance(topn, int) else 10
    answer = most_similar(OpenedModel(source, reporter.live_model()), asked, topn)
    return {
        "similar": [[neighbour.word, round(neighbour.similarity, 4)] for neighbour in answer.neighbours],
        "words": list(answer.positive),
    }
