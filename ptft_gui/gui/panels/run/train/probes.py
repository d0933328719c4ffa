"""The probe strip: the same question asked again and again while a language model learns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.probe_answers import Answered, answers_of, probes_of, shown_probe
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.probe_field import ProbeField
from ptft_gui.gui.panels.run.train.probe_section import ProbeSection, Room
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.legend_card import LegendCard
from ptft_gui.gui.widgets.scroll_area import PageScroll

_FEWEST_ROWS, _MOST_ROWS = 2, 7
_ALL = 200
"""Of a very long run the moments are thinned even when all are asked for."""
_FEWEST_BARS = 2
_TEXT_SHARE = 0.82
"""Of the strip's width: what is left for an answer beside its step."""


class _Area(PageScroll):
    """Tells when it has another room to fill."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize() != event.size():
            self.resized.emit()


class ProbeCard(LegendCard):
    """Every probe with its answers from step 0 to now (objectName probeStrip).

    ``add_requested`` carries a further probe for the running run, ``try_requested`` a text for the finished model.
    """

    add_requested = Signal(str)
    try_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probeStrip")
        self._shown: ShownRun | None = None
        self._showing: object = None
        self._sections: list[ProbeSection] = []
        self._all = QuietButton(self.tr("All moments"))
        self._all.setObjectName("probeAllButton")
        self._all.setCheckable(True)
        self._all.toggled.connect(self._on_all_toggled)
        self.add_to_title_row(self._all)
        self._empty = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.field = ProbeField()
        self.field.add_requested.connect(self.add_requested)
        self.field.try_requested.connect(self.try_requested)
        self._build_area()
        self.body.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self.field)
        current_theme().theme_changed.connect(self._show_again)

    def _build_area(self) -> None:
        page = QWidget()
        page.setProperty("isPage", "true")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)
        self._column.addStretch(1)
        self._area = _Area(page, self.tr("Probes and their answers"))
        self._area.resized.connect(self._show_again)
        self._area.setObjectName("probeArea")

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, the few moments that fit."""
        self._showing = None
        self._all.setChecked(False)
        self.field.show_run(shown)
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Follow the run; nothing is drawn where no probe was answered anew."""
        self._shown = shown
        names = probes_of(shown.summary)
        showing = (shown.run.path, shown.summary.attempt, shown.summary.probe_count, shown.state)
        if showing != self._showing:
            self._showing = showing
            self._show_again()
        had_focus = self.field.has_focus()
        self.field.refresh(shown, names)
        if (
            had_focus and not self.field.has_focus()
        ):  # else what is typed or pressed next goes to another part
            self._area.setFocus()

    def set_read_only(self, reason: str) -> None:
        self.field.set_read_only(reason)

    def sections(self) -> list[ProbeSection]:
        """What is shown, one section a probe."""
        return [section for section in self._sections if not section.isHidden()]

    def newest_answer(self, probe: str) -> str:
        """What was answered last to this probe, as text; "" where nothing was."""
        answers = answers_of(self._shown.summary, probe) if self._shown is not None else []
        if not answers:
            return ""
        return answers[-1].text or " ".join(token for token, _ in answers[-1].shares)

    @Slot()
    def _show_again(self) -> None:
        shown = self._shown
        if shown is None:
            return
        names = probes_of(shown.summary)
        self.set_title(
            self.tr("Its answers")
            if not shown.reads_language
            else self.tr("Filled blanks")
            if shown.fills_blanks
            else self.tr("How it goes on")
        )
        self._area.setVisible(bool(names))
        self._empty.setVisible(not names)
        self._empty.setText(self._nothing_asked(shown))
        self._have_sections(len(names))
        end = self.tr("now") if shown.is_live else self.tr("end")
        found = {name: answers_of(shown.summary, name) for name in names}
        shares = max((len(answers[-1].shares) for answers in found.values() if answers), default=0)
        heads = self._head_lines(names)
        room = self._room(max(1, len(names)), shares, self._is_long(found.values()), max(heads, default=1))
        is_thinned = any(len(answers) > room.moments for answers in found.values())
        if self._all.isChecked():
            room = Room(_ALL, room.lines)
        for section, lines, (name, answers) in zip(self._sections, heads, found.items(), strict=False):
            own = replace(room, head_lines=lines)
            section.show_answers(name, answers, end, own, _held_against(shown, answers))
        self._all.setVisible(is_thinned or self._all.isChecked())
        marks = self.tr("• new  | before") if shown.fills_blanks else self.tr("| before")
        self.set_legend(marks if shares > 0 else "")

    def _nothing_asked(self, shown: ShownRun) -> str:
        spec = shown.summary.spec
        if shown.is_live and not shown.reads_language and spec is not None and not spec.probes:
            return self.tr(
                "Give it something to answer: once training has begun, it is asked at every check."
            )
        if shown.is_live:
            return self.tr("The first answers appear here before training begins, and new ones as it learns.")
        return self.tr("No probe was answered in this run.")

    def _have_sections(self, count: int) -> None:
        while len(self._sections) < count:
            section = ProbeSection()
            self._column.insertWidget(len(self._sections), section)
            self._sections.append(section)
        for place, section in enumerate(self._sections):
            section.setVisible(place < count)

    def _head_lines(self, names: list[str]) -> list[int]:
        """Of each probe the lines it needs: of a sentence with a blank the blank must be seen."""
        metrics = QFontMetrics(current_theme().font(TextStyle.STRONG))
        width = self._area.viewport().width()
        return [2 if metrics.horizontalAdvance(shown_probe(name)) > width else 1 for name in names]

    def _room(self, probes: int, shares: int, is_long: bool, heads: int) -> Room:
        """What fits of each probe so that all of them are seen; ``shares``: how many bars its answers have, ``heads``:
        how many lines the longest probe takes."""
        line = QFontMetrics(current_theme().font(TextStyle.BODY)).lineSpacing()
        room = (self._area.viewport().height() - Space.SMALL * (probes - 1)) / probes
        room -= heads * line + Space.HALF
        if shares:
            bar = 1.7 * current_theme().pixels(TextStyle.BODY)
            bars = int((room - 2 * line - Space.SMALL) // bar)  # below the first moment
            bars = min(max(bars, _FEWEST_BARS), shares)
            rows = 1 + int((room - bars * bar - Space.SMALL) // (line + Space.HALF))
            return Room(min(max(rows, 1), _MOST_ROWS), 1, bars)
        lines = 2 if is_long and room >= 3 * (2 * line + Space.HALF) else 1
        rows = 1 + int((room - 2 * line - Space.HALF) // (lines * line + Space.HALF))
        return Room(min(max(rows, _FEWEST_ROWS), _MOST_ROWS), lines)

    def _is_long(self, answers: Iterable[list[Answered]]) -> bool:
        """Whether most answers need more than one line."""
        metrics = QFontMetrics(current_theme().font(TextStyle.BODY))
        width = _TEXT_SHARE * self._area.viewport().width()
        told = [metrics.horizontalAdvance(answer.text) > width for row in answers for answer in row]
        return sum(told) > len(told) / 2

    @Slot(bool)
    def _on_all_toggled(self, is_all: bool) -> None:
        self._all.setText(self.tr("Fewer moments") if is_all else self.tr("All moments"))
        self._show_again()


def _held_against(shown: ShownRun, answers: list[Answered]) -> Answered | None:
    """What the newest answer is held against: of a blank the moment before, of a task the answer at the beginning."""
    if len(answers) < 2:
        return None
    return answers[-2] if shown.fills_blanks else answers[0]
