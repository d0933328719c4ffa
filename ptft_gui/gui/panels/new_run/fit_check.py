"""The fit check: what the run would take on this computer, measured in the background after the last change."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.registry import LENGTH_OPTIONS
from ptft_gui.core.fit import Estimate, estimate_from_dict
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.widgets.asker import Asker

_MEASURE_AFTER_MS = 1000
_NO_PART_OF_IT = {option.key for option in LENGTH_OPTIONS} | {"seed", "early_stopping"}


class FitCheck(QObject):
    """``changed`` follows whatever is known of the run that was last :meth:`look`\\ ed at.

    One trial at a time; what was measured once is not measured again. It never holds up a start.
    """

    changed = Signal()

    def __init__(self, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.estimate: Estimate | None = None
        self.problem: PtftError | None = None
        self.phase = ""
        self._asker = asker
        self._spec: RunSpec | None = None
        self._id, self._asked = "", ""
        self._known: dict[str, Estimate] = {}
        self._speeds: dict[str, Estimate] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_MEASURE_AFTER_MS)
        self._timer.timeout.connect(self._measure)

    @property
    def is_measuring(self) -> bool:
        return bool(self._id) or self._timer.isActive()

    def look(self, spec: RunSpec | None) -> None:
        """Measure this run in a moment, unless that was done; None for one that cannot start."""
        key = _key(spec) if spec is not None else ""
        self._spec = spec
        if key == self._asked:
            return
        self.give_up()
        self._asked, self.problem = key, None
        self.estimate = self._known.get(key)
        if spec is not None and self.estimate is None:
            self._timer.start()
        self.changed.emit()

    def measured(self, spec: RunSpec) -> Estimate | None:
        """What was measured of a run like this one, whatever its length."""
        return self._known.get(_key(spec)) or self._speeds.get(_shape(spec))

    def measure_again(self) -> None:
        """After a problem: try once more."""
        spec, self._asked = self._spec, ""
        self.look(spec)

    def give_up(self) -> None:
        """End the trial; the next :meth:`look` begins anew."""
        self._timer.stop()
        if self._id:
            self._asker.cancel(self._id)
            self._id = ""
        self._asked, self.phase = "", ""

    @Slot()
    def _measure(self) -> None:
        if self._spec is None:
            return
        self.phase = self.tr("Measuring ...")
        record = json.loads(self._spec.to_json())
        self._id = self._asker.ask(
            "dry_run", {"spec": record}, self._on_measured, self._on_problem, self._on_progress
        )
        self.changed.emit()

    def _on_measured(self, answer: dict[str, Any]) -> None:
        self._id, self.phase = "", ""
        try:
            self.estimate = estimate_from_dict(answer)
        except (TypeError, ValueError):
            self.problem = PtftError(self.tr("What was measured could not be read."))
        if self._spec is not None and self.estimate is not None:
            self._known[self._asked] = self._speeds[_shape(self._spec)] = self.estimate
        self.changed.emit()

    def _on_problem(self, problem: PtftError) -> None:
        self._id, self.phase, self.problem = "", "", problem
        self.changed.emit()

    def _on_progress(self, sentence: str, _fraction: float | None) -> None:
        phase = self.tr("Measuring what this run takes: {step} ...").format(step=sentence)
        if sentence and phase != self.phase:
            self.phase = phase
            self.changed.emit()


def _key(spec: RunSpec) -> str:
    """Names what an estimate depends on."""
    return spec.model_dump_json(exclude={"name", "probes", "watched_words"})


def _shape(spec: RunSpec) -> str:
    """The same without the length, which changes no speed."""
    options = {key: value for key, value in spec.options.items() if key not in _NO_PART_OF_IT}
    return _key(spec.model_copy(update={"options": options}))
