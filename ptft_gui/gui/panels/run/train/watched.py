"""The watched words with their nearest neighbours, live, with a slider to look back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.panels.run.probe_history import Moment, moments, neighbours_at, watched_words
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.word_field import WordField
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.buttons import IconButton
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.legend_card import LegendCard
from ptft_gui.gui.widgets.word_grid import Cell, WordGrid

_MOST_RANKS = 8
_FEW_RANKS = 3
_HIGH = 23
"""Height in heights of the type from which there is room for a row of column heads."""
_NARROW, _USUAL = 5.4, 7.4
"""Width of one neighbour in heights of the type: for the first three where there is little room, and else."""


class WatchedCard(LegendCard):
    """Each watched word with its neighbours by rank (objectName watchedWords); new ones are marked.

    ``word_activated`` carries a word that a person wants to follow, ``add_requested`` one more to watch.
    """

    word_activated = Signal(str)
    add_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary: RunSummary | None = None
        self._moments: list[Moment] = []
        self._words: list[str] = []
        self._showing: object = None
        self._is_live = False
        self._step: int | None = None
        self._is_led = False
        self.grid = WordGrid()
        self.grid.setObjectName("watchedWords")
        self.grid.setAccessibleName(self.tr("Watched words and their nearest neighbours"))
        self.grid.word_activated.connect(self.word_activated)
        self.grid.resized.connect(self._show_moment)
        self._empty = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("lookBackSlider")
        self._slider.setAccessibleName(self.tr("Look back over the run"))
        self._slider.setToolTip(self.tr("Look back: drag to the left to see earlier neighbours."))
        self._slider.valueChanged.connect(self._on_slider_moved)
        self._moment = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._moment.setObjectName("lookBackMoment")
        self._moment.setWordWrap(False)
        self._look_back = QWidget()
        row = QHBoxLayout(self._look_back)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        caption = PlainLabel(self.tr("Look back"), TextStyle.CAPTION, Role.QUIET_TEXT)
        caption.setWordWrap(False)
        for widget, stretch in ((caption, 0), (self._slider, 1), (self._moment, 0)):
            row.addWidget(widget, stretch)
        self.set_title(self.tr("Watched words"))
        self._another = IconButton("plus", self.tr("Watch another word"), Role.ACCENT)
        self._another.setObjectName("watchAnotherButton")
        self._another.setCheckable(True)
        self._another.setProperty("isSmall", True)  # higher, it would cost the words a row
        self._another.hide()
        self.add_to_title_row(self._another)
        self._leave_margins(Space.SMALL)
        self.body.setSpacing(Space.HALF)
        self.body.addWidget(self.grid, 1)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self._look_back)
        self.field = WordField()
        self.field.add_requested.connect(self.add_requested)
        self.field.answered.connect(self._on_answered)
        self._another.toggled.connect(self.field.set_open)
        self.body.addWidget(self.field)

    def set_read_only(self, reason: str) -> None:
        self.field.set_read_only(reason)

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, at its newest moment."""
        self.field.show_run(shown)
        self._another.setChecked(False)
        self._words = []
        self._moments, self._showing = [], None
        self._step, self._is_led = None, False
        self._slider.blockSignals(True)
        self._slider.setRange(0, 0)
        self._slider.blockSignals(False)
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Follow the run, unless a person looks back."""
        was_newest = self._slider.value() == self._slider.maximum()
        self._summary, self._is_live = shown.summary, shown.is_live
        self._refresh_field(shown)
        looks = shown.summary.probe_count
        showing = (looks, shown.summary.step if looks == 0 else 0, shown.state)
        if showing == self._showing:
            return
        self._showing = showing
        self._moments = moments(shown.summary)
        self._show_what_there_is(shown)
        self._slider.blockSignals(True)
        self._slider.setRange(0, max(0, len(self._moments) - 1))
        if was_newest:
            self._slider.setValue(self._slider.maximum())
        self._slider.blockSignals(False)
        self._show_moment()

    def _refresh_field(self, shown: ShownRun) -> None:
        """Ask for one more word only while one can be added."""
        had_focus = self.field.has_focus()
        self.field.refresh(shown, watched_words(shown.summary))
        may_add = self.field.may_add()
        if may_add == self._another.isHidden():
            self._another.setChecked(False)
            self._another.setVisible(may_add)
            self._leave_margins(
                Space.HALF if may_add else Space.SMALL
            )  # the button has room around it of its own
            self.set_legend(self._legend.text())
        if had_focus and not self.field.has_focus():  # else what is typed next goes to another part
            self.grid.setFocus()

    def _leave_margins(self, above_and_below: int) -> None:
        self.body.setContentsMargins(Space.MEDIUM, above_and_below, Space.MEDIUM, above_and_below)

    @Slot()
    def _on_answered(self) -> None:
        """The word has its row: the field has done its work."""
        self._another.setChecked(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the ranks go unnumbered: the words stand nearest first all the same."""
        super().resizeEvent(event)
        is_high = self.height() >= _HIGH * current_theme().pixels(TextStyle.BODY)
        self.grid.horizontalHeader().setVisible(is_high)

    def set_led(self, is_led: bool) -> None:
        """Whether a time slider elsewhere says which moment is shown; then this card needs none of its own."""
        if is_led == self._is_led:
            return
        self._is_led = is_led
        self._look_back.setVisible(len(self._moments) > 1 and not is_led)
        self._show_moment()

    @Slot(object)
    def show_step(self, step: int | None) -> None:
        """While led: show the words as they were at ``step``, or the newest with None."""
        if step != self._step:
            self._step = step
            self._show_moment()

    def is_looking_back(self) -> bool:
        return self._slider.value() < self._slider.maximum()

    def _show_what_there_is(self, shown: ShownRun) -> None:
        has_words = bool(self._moments)
        self.grid.setVisible(has_words)
        self._look_back.setVisible(len(self._moments) > 1 and not self._is_led)
        self._empty.setVisible(not has_words)
        self.set_legend(self.tr("nearest first, • new") if has_words else "")
        if shown.is_live:
            self._empty.setText(self.tr("The words' nearest neighbours appear here as the model learns."))
        else:
            self._empty.setText(self._nothing_seen(shown))

    def _nothing_seen(self, shown: ShownRun) -> str:
        spec = shown.summary.spec
        if spec is not None and not spec.watched_words:
            return self.tr("No words were watched in this run.")
        return self.tr("The run ended before its words had neighbours.")

    @Slot(int)
    def _on_slider_moved(self, _: int) -> None:
        self._show_moment()

    @Slot()
    def _show_moment(self) -> None:
        if self._summary is None or not self._moments:
            return
        moment = self._present_moment()
        self._moment.setText(self._moment_text(moment))
        ranks = self._ranks()
        rows, words = [], watched_words(self._summary)
        for word in words:
            near = neighbours_at(self._summary, word, moment.step)
            rows.append([Cell(word), *near[:ranks]])
        heads = ["", *(str(rank) for rank in range(1, ranks + 1))]
        self.grid.show_cells(heads, rows)
        if 0 < len(self._words) < len(words):  # the one that was added stands last
            self.grid.scrollToBottom()
        self._words = words

    def _present_moment(self) -> Moment:
        if not self._is_led:
            return self._moments[min(self._slider.value(), len(self._moments) - 1)]
        earlier = [moment for moment in self._moments if self._step is None or moment.step <= self._step]
        return (earlier or self._moments[:1])[-1]

    def _moment_text(self, moment: Moment) -> str:
        if not self.is_looking_back():
            return self.tr("now") if self._is_live else self.tr("end")
        if moment.step == 0:
            return self.tr("before training")
        return self.tr("step {step}, epoch {epoch}").format(
            step=f"{moment.step:,}", epoch=f"{moment.epoch:.1f}"
        )

    def _ranks(self) -> int:
        """How many neighbours fit beside the word."""
        width = self.grid.viewport().width() / current_theme().pixels(TextStyle.BODY)
        few, usual = (int(width / column) - 1 for column in (_NARROW, _USUAL))
        return max(2, min(_FEW_RANKS, few), min(_MOST_RANKS, usual))
