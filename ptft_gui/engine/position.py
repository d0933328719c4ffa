"""Where the training of a run stands, and how a checkpoint tells it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from ptft_gui.core.events import Metrics
from ptft_gui.engine.checkpoint import Checkpoint, damaged_checkpoint, read_state

STATE_FILE = "state.json"


@dataclass
class Position:
    """What every family knows of it.

    ``epoch``: whole epochs that are done; ``step``: batches trained in all; ``seconds``: seconds of work; ``progress``:
    share of the budget; ``best`` and ``stale_checks``: the lowest main metric at an epoch's end and the number of such
    checks since without a better one; ``best_loss``: the lowest held-out loss, where a score is the main metric.
    """

    epoch: int = 0
    step: int = 0
    seconds: float = 0.0
    progress: float = 0.0
    best: float | None = None
    stale_checks: int = 0
    best_loss: float | None = None


@dataclass
class BatchPosition(Position):
    """Of a training that goes batch after batch; ``batch``: batches done in the present epoch."""

    batch: int = 0

    def pass_batch(self, batches_an_epoch: int) -> bool:
        """Count a batch as done; whether an epoch became whole by it."""
        self.step, self.batch = self.step + 1, self.batch + 1
        if self.batch < batches_an_epoch:
            return False
        self.epoch, self.batch = self.epoch + 1, 0
        return True


Kind = TypeVar("Kind", bound=Position)


def decode_position(kind: type[Kind], state: dict[str, Any]) -> Kind:
    """The position in the record of a checkpoint; what a later version wrote beside it is passed over.

    Raises KeyError, TypeError or AttributeError where the record is not one.
    """
    known = {field.name for field in fields(kind)}
    return kind(**{key: value for key, value in state["position"].items() if key in known})


def position_of(kind: type[Kind], checkpoint: Checkpoint) -> Kind:
    """Where training stood when the checkpoint was written. Raises :class:`PtftError`."""
    try:
        return decode_position(kind, read_state(checkpoint, STATE_FILE))
    except (KeyError, TypeError, AttributeError) as problem:
        raise damaged_checkpoint(checkpoint, str(problem)) from None


def metrics_of(checkpoint: Checkpoint) -> Metrics:
    """What was measured when the checkpoint was written."""
    metrics = read_state(checkpoint, STATE_FILE).get("metrics")
    return metrics if isinstance(metrics, dict) else {}
