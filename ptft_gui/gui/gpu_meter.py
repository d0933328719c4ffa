"""What the graphics cards of this computer are doing, as the driver's own program tells it; nothing heavy is loaded."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from PySide6.QtCore import QObject, QProcess, Signal, Slot

_QUERY = (
    "--query-gpu=index,utilization.gpu,memory.used,memory.total,temperature.gpu",
    "--format=csv,noheader,nounits",
)
_MOST_BYTES = 1 << 16


@dataclass(frozen=True)
class GpuUse:
    """One card: how busy in per cent, gigabytes, degrees Celsius; None for what it does not tell."""

    index: int
    busy_percent: float | None
    used_gb: float
    total_gb: float
    celsius: float | None

    def as_text(self) -> str:
        """ "GPU 0  41 %  6.2/8 GB  62 C" """
        parts = [f"GPU {self.index}"]
        if self.busy_percent is not None:
            parts.append(f"{self.busy_percent:.0f} %")
        parts.append(f"{self.used_gb:.1f}/{self.total_gb:.0f} GB")
        if self.celsius is not None:
            parts.append(f"{self.celsius:.0f} C")
        return "  ".join(parts)


def parse_use(text: str) -> list[GpuUse]:
    """The cards in the program's answer; lines that make no sense are left out."""
    found = []
    for line in text.splitlines():
        cells = [_number(cell) for cell in line.split(",")]
        if len(cells) != 5:
            continue
        index, busy, used, total, celsius = cells
        if index is not None and used is not None and total:
            found.append(GpuUse(int(index), busy, used * 1.048576e-3, total * 1.048576e-3, celsius))
    return found


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


class GpuReader(QObject):
    """Asks the driver's program, one question at a time.

    ``told`` carries a list of :class:`GpuUse`, empty where no card is.
    """

    told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = shutil.which("nvidia-smi")
        self._process: QProcess | None = None

    @property
    def can_ask(self) -> bool:
        """Whether there is anybody to ask."""
        return self._program is not None

    def ask(self) -> None:
        """Ask what the cards are doing, unless the last question is still open."""
        if self._program is None or self._process is not None:
            return
        process = self._process = QProcess(self)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        process.start(self._program, list(_QUERY))

    def close(self) -> None:
        """Wait for nobody any more."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(1_000)

    @Slot()
    def _on_finished(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        text = bytes(process.readAllStandardOutput().data())[:_MOST_BYTES].decode("utf-8", errors="replace")
        process.deleteLater()
        self.told.emit(parse_use(text))

    @Slot()
    def _on_error(self) -> None:
        """It cannot be started: it is not asked again."""
        if self._process is not None and self._process.error() == QProcess.ProcessError.FailedToStart:
            self._program = None
            self._process.deleteLater()
            self._process = None
            self.told.emit([])
