"""Looks at one dataset through the companion: its first page at once, then its statistics with progress."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.data_answers import (
    OpenedData,
    StudiedData,
    opened_from_answer,
    studied_from_answer,
)

_STUDY_AFTER_MS = 250
"""The data is studied when nothing about the request was changed for so long."""


class DataLook(QObject):
    """Asks ``open_data`` and then ``study_data`` for the request it was given last; an older look is given up.

    ``opened`` carries :class:`OpenedData`, ``studied`` :class:`StudiedData`, ``failed`` a PtftError, ``progressed`` a
    sentence and the share done or None.
    """

    opened = Signal(object)
    studied = Signal(object)
    failed = Signal(object)
    progressed = Signal(str, object)

    def __init__(self, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._request: DataRequest | None = None
        self._questions: list[str] = []
        self._is_done = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STUDY_AFTER_MS)
        self._timer.timeout.connect(self._study)
        self.opened_data: OpenedData | None = None
        self.studied_data: StudiedData | None = None

    @property
    def request(self) -> DataRequest | None:
        return self._request

    @property
    def is_looking(self) -> bool:
        return not self._is_done

    @property
    def is_asking(self) -> bool:
        """Whether an answer is waited for; another page's question may have taken its place since."""
        return bool(self._questions)

    def look_at(self, request: DataRequest | None, *, is_same_reading: bool = False) -> None:
        """Look at ``request`` from now on; None looks at nothing.

        ``is_same_reading``: rows and columns stay as they are and only the numbers change (a decision, a split).
        """
        self.give_up()
        kept = self.opened_data if is_same_reading else None
        self._request, self.opened_data, self.studied_data = request, kept, None
        if request is None:
            return
        self._is_done = False
        if kept is None:
            self._open()
        else:
            self._timer.start()

    def give_up(self) -> None:
        """Stop looking; what is known stays."""
        self._timer.stop()
        questions, self._questions = self._questions, []
        for question in questions:
            self._asker.cancel(question)

    @Slot()
    def resume(self) -> None:
        """Go on with a look that was given up or overtaken by another page's."""
        if self._request is None or self._is_done or self._timer.isActive():
            return
        self.give_up()
        if self.opened_data is None:
            self._open()
        else:
            self._study()

    def _open(self) -> None:
        assert self._request is not None
        self._ask("open_data", self._on_opened)

    @Slot()
    def _study(self) -> None:
        self._ask("study_data", self._on_studied)

    def _ask(self, kind: str, on_result: Any) -> None:
        request = self._request
        assert request is not None

        def tell(answer: dict[str, Any]) -> None:
            if request is self._request:
                on_result(answer)

        def fail(problem: PtftError) -> None:
            if request is self._request:
                self._is_done = True
                self.failed.emit(problem)

        def progress(sentence: str, fraction: float | None) -> None:
            if request is self._request:
                self.progressed.emit(sentence, fraction)

        arguments: dict[str, object] = {"request": request.model_dump(mode="json")}
        self._questions.append(self._asker.ask(kind, arguments, tell, fail, progress))

    def _on_opened(self, answer: dict[str, Any]) -> None:
        self._questions = []
        self.opened_data = opened_from_answer(answer)
        self._timer.start()
        self.opened.emit(self.opened_data)

    def _on_studied(self, answer: dict[str, Any]) -> None:
        self._is_done = True
        self._questions = []
        self.studied_data = studied_from_answer(answer)
        self.studied.emit(self.studied_data)
