"""What several language models answered to the same probe, side by side: at the beginning, between, and newest."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from ptft_gui.core.probe_answers import MomentTogether, ProbeTogether, probes_together, shown_probe
from ptft_gui.core.probe_answers import said as in_words
from ptft_gui.gui.panels.compare.compared_run import ComparedRun, short_titles
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable

_NOTHING = "-"


class ProbesTogetherCard(Card):
    """Choose a probe (comparedProbe); each run is a column (comparedAnswers). Hidden where no
    run has answered one, and where only one of them is a model that answers."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._titles: tuple[str, ...] = ()
        self._probes: tuple[ProbeTogether, ...] = ()
        self.set_title(self.tr("What they answered"))
        self.set_caption(
            self.tr(
                "The same question to each model, when the same share of what it has trained so far was done."
            )
        )
        self.probe = QComboBox()
        self.probe.setObjectName("comparedProbe")
        self.probe.setAccessibleName(self.tr("Which probe is shown"))
        self.probe.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.probe.setMinimumContentsLength(24)
        self.probe.currentIndexChanged.connect(self._show)
        self.export = ExportButton("comparedAnswersExport", self.table)
        self.export.said.connect(self.said)
        self.export.failed.connect(self.failed)
        self.add_to_title_row(self.probe)
        self.add_to_title_row(self.export)
        self._answers: QWidget | None = None
        self._shown: object = None
        self.hide()

    def show_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Show the probes of these runs; the chosen one stays chosen, and nothing moves while nothing is new."""
        self._titles = tuple(short_titles(runs)) if runs else ()
        self._probes = tuple(probes_together([run.summary for run in runs]))
        names = [probe.name for probe in self._probes]
        if names != [self.probe.itemData(row) for row in range(self.probe.count())]:
            chosen = self.probe.currentData()
            self.probe.blockSignals(True)
            self.probe.clear()
            for name in names:
                self.probe.addItem(shown_probe(name), name)
            self.probe.setCurrentIndex(max(self.probe.findData(chosen), 0))
            self.probe.blockSignals(False)
        self.probe.setVisible(len(names) > 1)
        self.setVisible(bool(names) and sum(map(_answers, runs)) > 1)
        self._show()

    @Slot()
    def _show(self) -> None:
        rows = self._rows()
        if (self._titles, rows) == self._shown:
            return
        self._shown = (self._titles, rows)
        if self._answers is not None:
            self.body.removeWidget(self._answers)
            self._answers.hide()
            self._answers.deleteLater()
        self._answers = self._grid(rows)
        self.body.addWidget(self._answers)

    def _chosen(self) -> ProbeTogether | None:
        place = self.probe.currentIndex()
        return self._probes[place] if 0 <= place < len(self._probes) else None

    def _rows(self) -> tuple[tuple[str, ...], ...]:
        """When it was, then the answer of each run."""
        chosen = self._chosen()
        if chosen is None:
            return ()
        return tuple(
            (self._when(moment), *(in_words(found) if found else _NOTHING for found in moment.answers))
            for moment in chosen.moments
        )

    def _when(self, moment: MomentTogether) -> str:
        if moment.share >= 1.0:
            return self.tr("newest")
        if moment.share <= 0.0:
            return self.tr("at first")
        return self.tr("at {share} %").format(share=round(100 * moment.share))

    def _grid(self, rows: Sequence[Sequence[str]]) -> QWidget:
        """Answers wrap in their columns; whatever the model wrote is plain text."""
        content = QWidget()
        content.setObjectName("comparedAnswers")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.SMALL)
        for column, title in enumerate(self._titles, 1):
            grid.addWidget(PlainLabel(title, TextStyle.BODY, Role.QUIET_TEXT), 0, column)
            grid.setColumnStretch(column, 1)
        for place, (when, *answers) in enumerate(rows, 1):
            moment = PlainLabel(when, TextStyle.BODY, Role.QUIET_TEXT)
            moment.setWordWrap(False)
            grid.addWidget(moment, place, 0, Qt.AlignmentFlag.AlignTop)
            for column, answer in enumerate(answers, 1):
                label = PlainLabel(answer, TextStyle.BODY)
                label.setMinimumWidth(1)
                grid.addWidget(label, place, column, Qt.AlignmentFlag.AlignTop)
        return content

    def table(self) -> ListTable:
        """The grid as it is shown."""
        chosen = self._chosen()
        name = shown_probe(chosen.name)[:40] if chosen is not None else ""
        return ListTable(f"probe-{name}", ("", *self._titles), self._rows())


def _answers(run: ComparedRun) -> bool:
    """Whether it is a language model, which is asked its probes; word vectors have watched words."""
    return run.family is not None and not run.family.saves_word_vectors
