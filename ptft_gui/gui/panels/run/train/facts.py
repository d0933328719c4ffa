"""A few facts of a run beside its curves."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ptft_gui.core.summary import RunSummary
from ptft_gui.core.wording import count_text
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel

_AS_THEY_MATTER = ("words", "epoch", "vocabulary", "threads")
"""Where there is no room for all, the last of these go first."""


class RunFacts(QWidget):
    """Vocabulary, words read, epoch, threads: name above number, side by side (objectName runFacts).

    As many are seen as find room beside what stands at their left.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runFacts")
        self.setAccessibleName(self.tr("Facts of this run"))
        self._values: dict[str, PlainLabel] = {}
        self._is_giving_room = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(0)
        names = (
            ("vocabulary", self.tr("Vocabulary")),
            ("words", self.tr("Words read")),
            ("epoch", self.tr("Epoch")),
            ("threads", self.tr("Threads")),
        )
        self._captions: dict[str, PlainLabel] = {}
        for column, (key, name) in enumerate(names):
            value = self._values[key] = PlainLabel("-", TextStyle.STRONG)
            caption = self._captions[key] = PlainLabel(name, TextStyle.CAPTION, Role.QUIET_TEXT)
            for row, label in enumerate((caption, value)):
                label.setWordWrap(False)
                grid.addWidget(label, row, column)

    def refresh(self, shown: ShownRun) -> None:
        """Show the facts of this moment; one that is not known yet is a dash."""
        unit = shown.family.step_unit if shown.family else "words"
        named = {
            "pairs": self.tr("Pairs seen"),
            "texts": self.tr("Texts read"),
            "tokens": self.tr("Tokens read"),
        }
        self._captions["words"].setText(named.get(unit, self.tr("Words read")))
        for key, text in fact_texts(shown.summary, unit).items():
            label = self._values[key]
            if label.text() != text:
                label.setText(text)
        self._give_room()

    def sizeHint(self) -> QSize:
        return QSize(sum(map(self._room_of, self._values)), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.LayoutRequest
        ):  # a word grew: its type came after it, or it is another one
            self._give_room()
        return super().event(event)

    def _give_room(self) -> None:
        """To show a label lays the page out at once, which may leave less room than there was: then anew."""
        if self._is_giving_room:
            return
        self._is_giving_room = True
        for _ in _AS_THEY_MATTER:
            if not self._show_what_fits():
                break
        self._is_giving_room = False

    def _show_what_fits(self) -> bool:
        """Whether that changed anything."""
        room, has_changed = self.width() + Space.MEDIUM, False
        for key in _AS_THEY_MATTER:
            room -= self._room_of(key)
            for label in (self._captions[key], self._values[key]):
                has_changed |= label.isHidden() == (room >= 0)
                label.setVisible(room >= 0)
        return has_changed

    def _room_of(self, key: str) -> int:
        """Pixels that one fact takes, and the gap beside it."""
        return (
            max(self._captions[key].sizeHint().width(), self._values[key].sizeHint().width()) + Space.MEDIUM
        )


def fact_texts(summary: RunSummary, unit: str = "words") -> dict[str, str]:
    """The facts as they are written; what is not known yet is a dash. ``unit``: what the run's steps are made of."""
    vocabulary = summary.resolved_value("vocabulary_size") or summary.resolved_value("tokens_in_vocabulary")
    threads = summary.resolved_value("workers")
    return {
        "vocabulary": f"{vocabulary:,}" if vocabulary else "-",
        "words": _read(summary, unit),
        "epoch": _epoch(summary),
        "threads": str(threads) if threads else "-",
    }


def _read(summary: RunSummary, unit: str) -> str:
    read = summary.last(unit)
    return "-" if read is None else count_text(read)


def _epoch(summary: RunSummary) -> str:
    if not summary.step:
        return "-"
    epochs = summary.resolved_value("epochs")
    if epochs == 1 and summary.epoch < 1:
        return f"{summary.epoch:.2f}"  # a long text may not be read to its end
    now = int(summary.epoch) + 1 if summary.final is None else ceil(round(summary.epoch, 3))
    return f"{min(now, epochs)} / {epochs}" if epochs else f"{summary.epoch:.1f}"
