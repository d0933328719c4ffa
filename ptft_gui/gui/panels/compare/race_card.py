"""What a race came to: one sentence, and what each lane scored and cost. It fills in while lanes end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHeaderView, QWidget

from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.race import (
    LANES,
    LaneResult,
    RaceResult,
    lane_result,
    possible_lanes,
    result_of_lanes,
    rows_of,
)
from ptft_gui.core.wording import bytes_text, duration_text, percent_text
from ptft_gui.gui.panels.compare.compared_run import ComparedRun
from ptft_gui.gui.panels.compare.losses import score_words
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable
from ptft_gui.gui.widgets.state_badge import state_word

translate = QCoreApplication.translate
_NOTHING = "-"


class RaceCard(Card):
    """The card of a race (raceCard): raceSentence, raceTable with a row for each lane, raceNotes below it."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("raceCard")
        self._showing: object = None
        self._rows: tuple[tuple[str, ...], ...] = ()
        self.sentence = PlainLabel("", TextStyle.TITLE)
        self.sentence.setObjectName("raceSentence")
        self.explanation = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.explanation.setObjectName("raceCaption")
        self.table = CellTable("")
        self.table.setObjectName("raceTable")
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.notes = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.notes.setObjectName("raceNotes")
        self.export = ExportButton("raceExport", self._list)
        self.export.said.connect(self.said)
        self.export.failed.connect(self.failed)
        self.set_title(self.tr("The race"))
        self.table.setAccessibleName(self.tr("Lanes of the race"))
        self.add_to_title_row(self.export)
        for widget in (self.sentence, self.explanation, self.table, self.notes):
            self.body.addWidget(widget)

    def show_race(self, runs: Sequence[ComparedRun], gone: Sequence[str] = ()) -> None:
        """``runs``: the lanes; ``gone``: the titles of lanes that were deleted meanwhile."""
        lanes = [lane_result(run.summary, run.state, run.evaluation) for run in runs]
        showing = (lanes, tuple(gone))
        if showing == self._showing:
            return
        self._showing = showing
        result = result_of_lanes(lanes)
        self.sentence.setText(result.sentence)
        self.explanation.setText(_caption(runs, result))
        self._rows = tuple(_row(lane) for lane in result.lanes)
        heads = (
            self.tr("Lane"), self.tr("State"), self.tr("Score"), self.tr("95 % interval"), self.tr("Time"),
            self.tr("Peak memory"), self.tr("Trained"), self.tr("File"),
        )  # fmt: skip
        self.table.show_cells(heads, [("", *row) for row in self._rows])
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(
            0, QHeaderView.ResizeMode.ResizeToContents
        )  # the names of lanes stay whole
        self.table.fit_height()
        self.notes.setText("\n".join(_notes(runs, result, gone)))
        self.notes.setVisible(bool(self.notes.text()))

    def _list(self) -> ListTable:
        heads = ("lane", "state", "score", "95 % interval", "time", "peak memory", "trained", "file")
        return ListTable("race", heads, self._rows)

    def text(self) -> str:
        """The card in words."""
        rows = "\n".join(" | ".join(row) for row in self._rows)
        return "\n".join((self.sentence.text(), self.explanation.text(), rows, self.notes.text()))


def _caption(runs: Sequence[ComparedRun], result: RaceResult) -> str:
    spec = runs[0].summary.spec
    assert spec is not None  # lanes of a race have one
    seed = runs[0].summary.resolved_value("seed")
    words = translate(
        "Race", "Every lane learns the same rows of {dataset}, with the same split and seed {seed}."
    )
    told = [words.format(dataset=dataset_title(spec.data.dataset), seed=seed)]
    scored = next((lane for lane in result.lanes if lane.score is not None), None)
    if scored is not None:
        tested = next((run for run in runs if rows_of(run.summary, "test")), None)
        rows = rows_of(tested.summary, "test") if tested is not None else 0
        words = (
            translate("Race", "The score is {score} on {rows} test rows, read once when a lane ended.")
            if rows
            else translate("Race", "The score is {score} on held-out rows.")
        )
        told.append(words.format(score=score_words(scored.score_name), rows=f"{rows:,}"))
    return " ".join([*told, result.length, result.caution]).strip()


def _row(lane: LaneResult) -> tuple[str, ...]:
    interval = f"{lane.interval[0]:.2f} to {lane.interval[1]:.2f}" if lane.interval else _NOTHING
    return (
        lane.lane.title,
        _state(lane),
        _score(lane),
        interval,
        duration_text(60 * lane.minutes) if lane.minutes else _NOTHING,
        bytes_text(lane.peak_memory_bytes) if lane.peak_memory_bytes else _NOTHING,
        share_text(lane.trained_share) if lane.trained else _NOTHING,
        bytes_text(lane.file_bytes) if lane.file_bytes else _NOTHING,
    )


def _state(lane: LaneResult) -> str:
    """The word for the state, with how much is done of a lane that learns."""
    if lane.state != "running" or not lane.progress:
        return state_word(lane.state)
    return f"{state_word(lane.state)}, {percent_text(lane.progress)}"


def _score(lane: LaneResult) -> str:
    """The score; one of held-out rows, while the lane is on its way, says so."""
    if lane.score is None:
        return _NOTHING
    if lane.is_test or lane.has_ended:
        return f"{lane.score:.2f}"
    return translate("Race", "{score} so far").format(score=f"{lane.score:.2f}")


def share_text(share: float) -> str:
    """100 %, 1.3 %, 0.007 %: two digits that matter."""
    percent = 100 * share
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"


def _notes(runs: Sequence[ComparedRun], result: RaceResult, gone: Sequence[str]) -> list[str]:
    """What went wrong with a lane, what was deleted, and which lanes were not raced."""
    others = (
        translate("Race", "The others were not held up by it.")
        if result.is_over
        else translate("Race", "The others go on without it.")
    )
    notes = []
    for lane in result.lanes:
        if lane.problem:
            words = translate("Race", "{lane} failed: {problem} {others}")
            notes.append(words.format(lane=lane.lane.title, problem=lane.problem, others=others))
        elif lane.state == "lost":
            words = translate("Race", "{lane} ended without a word. {others}")
            notes.append(words.format(lane=lane.lane.title, others=others))
        elif lane.state == "stopped" and lane.score is None:
            words = translate("Race", "{lane} was stopped before it had a score.")
            notes.append(words.format(lane=lane.lane.title))
    notes += [translate("Race", "{title} was deleted meanwhile.").format(title=title) for title in gone]
    spec = runs[0].summary.spec
    raced = {lane.lane.key for lane in result.lanes}
    missing = [lane.title for lane in (possible_lanes(spec) if spec else LANES) if lane.key not in raced]
    if missing and not gone:
        words = translate("Race", "Not in this race: {lanes}. No such run was started, or it was deleted.")
        notes.append(words.format(lanes=", ".join(missing)))
    return notes
