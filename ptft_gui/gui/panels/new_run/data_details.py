"""What is known about the chosen data beyond its words: columns and their roles, how it was read, what to decide.

It also keeps what a person changed there: the read options, roles and decisions of the run's request.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.corrections import Correction, counted_words
from ptft_gui.core.data_request import DataRequest, ReadOptions, SplitRequest
from ptft_gui.core.datasets import DatasetCard, bundled_dataset
from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.family.tasks import PLAIN_TEXT, get_task
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.data_answers import OpenedData, StudiedData
from ptft_gui.gui.widgets.data_look import DataLook
from ptft_gui.gui.widgets.data_words import also_suits_sentence
from ptft_gui.gui.widgets.decision_list import DecisionList
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.later_label_offer import LaterLabelOffer
from ptft_gui.gui.widgets.reading_fold import ReadingFold
from ptft_gui.gui.widgets.restyle import set_style_property
from ptft_gui.gui.widgets.role_columns import RoleColumns
from ptft_gui.gui.widgets.rows_dialog import RowsDialog
from ptft_gui.gui.widgets.study_progress import StudyProgress

_PLAIN_TEXTS = frozenset((".txt", ".md", ".text"))


class DataDetails(QWidget):
    """``request_changed`` when a person changed how the data is read or used, ``learned`` when an answer came.

    ``page_requested`` asks for the Datasets page. The table (``columns``) and how it was read (``reading``) are placed
    by whoever holds this.
    """

    request_changed = Signal()
    learned = Signal()
    page_requested = Signal()

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._dataset = ""
        self._task = PLAIN_TEXT
        self._parts: dict[str, Any] = {}
        self._problem: PtftError | None = None
        self._read, self._roles, self._decisions = ReadOptions(), {}, {}  # type: ignore[var-annotated]
        self._corrections: tuple[Correction, ...] = ()
        self.look = DataLook(asker, self)
        self.columns = RoleColumns()
        self.reading = ReadingFold()
        self.decisions = DecisionList()
        self._decisions_card = Card(self.tr("Decisions about your data"))
        self._problem_label = PlainLabel("", TextStyle.BODY, Role.BAD_TEXT)
        self._problem_label.setObjectName("studyProblem")
        self._progress = StudyProgress()
        self._sums = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._sums.setObjectName("dataSums")
        self._split = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._split.setObjectName("dataSplit")
        self._corrected = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._corrected.setObjectName("dataCorrections")
        self.later_label = LaterLabelOffer()
        self._suits = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._suits.setObjectName("dataSuits")
        self._open_page = QuietButton(self.tr("Open in Datasets"), "database")
        self._open_page.setObjectName("openInDatasetsButton")
        set_style_property(self._open_page, "isLeft", True)
        self._build()
        self._connect()
        self.choose("")

    def _build(self) -> None:
        for label in (self._sums, self._split, self._corrected):
            self._decisions_card.body.addWidget(label)
        self._decisions_card.body.insertWidget(2, self.decisions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for widget in (
            self._progress,
            self._problem_label,
            self.later_label,
            self._decisions_card,
            self._suits,
            self._open_page,
        ):
            column.addWidget(widget)

    def _connect(self) -> None:
        self.look.opened.connect(self._on_opened)
        self.look.studied.connect(self._on_studied)
        self.look.failed.connect(self._on_failed)
        self.look.progressed.connect(self._progress.show_progress)
        self.columns.role_chosen.connect(self._on_role)
        self.reading.changed.connect(self._on_reading)
        self.later_label.label_chosen.connect(lambda column: self._on_role("label", column))
        self.decisions.decided.connect(self._on_decided)
        self.decisions.rows_wanted.connect(self._on_rows_wanted)
        self._open_page.clicked.connect(self.page_requested)

    # --- what is chosen ----------------------------------------------------------------------------------------

    def choose(self, dataset: str) -> None:
        """Another dataset: nothing is known of it yet, and nothing was changed."""
        self._dataset = dataset
        self._parts = {}
        self._read, self._roles, self._decisions = ReadOptions(), {}, {}
        self._corrections = ()
        self._forget()

    def set_task(self, task: str) -> None:
        """What the data is to be used for from now on; what was decided spoke of another use."""
        if task == self._task:
            return
        self._task = task
        known = get_task(task).all_roles
        self._roles = {role: column for role, column in self._roles.items() if role in known}
        self._decisions, self._corrections = {}, ()

    def fill(self, request: DataRequest) -> None:
        """Take over how another page or run reads and uses this dataset."""
        self._read, self._roles = request.read, dict(request.roles)
        self._decisions, self._corrections = dict(request.decisions), request.corrections

    def request_parts(self) -> dict[str, Any]:
        """What a person changed, as :func:`ptft_gui.core.spec.new_spec` takes it; empty parts are left out."""
        parts: dict[str, Any] = {}
        if self._read != ReadOptions():
            parts["read"] = self._read
        if self._roles:
            parts["roles"] = dict(self._roles)
        if self._decisions:
            parts["decisions"] = dict(self._decisions)
        if self._corrections:
            parts["corrections"] = self._corrections
        return parts

    def request(self) -> DataRequest:
        """The dataset as it is asked for."""
        return DataRequest(dataset=self._dataset, task=self._task, **self._parts, **self.request_parts())

    def look_at(self, val: str | None, test: str | None, split: SplitRequest) -> None:
        """Look at the chosen dataset, with these held-out parts, unless that was done."""
        self._parts = {"val": val, "test": test, "split": split}
        # a text that comes with the program needs no decision
        wanted = self.request() if self._dataset and self._bundled_text() is None else None
        if wanted == self.look.request:
            if not self.look.is_asking:
                self.look.resume()
            return
        before = self.look.request
        is_same_reading = before is not None and wanted is not None and _is_read_alike(before, wanted)
        if not is_same_reading:
            self._forget()
        self._problem = None
        self.look.look_at(wanted, is_same_reading=is_same_reading)

    def problems(self) -> list[PtftError]:
        """What about the data keeps a run from starting, as far as it is known."""
        text = self._bundled_text()
        if text is not None and self._task != PLAIN_TEXT:
            said = self.tr("{name} is running text, without examples of this job.").format(name=text.title)
            return [
                SpecError(said, hint=self.tr("Choose examples in step 2, or another goal."), key="decisions")
            ]
        if self._problem is not None:
            return [self._problem]
        studied = self.look.studied_data
        if studied is None:
            return []
        if studied.problem is not None:
            return [studied.problem]
        return [self._open_decision(finding.sentence) for finding in studied.open_findings()]

    def waiting(self) -> list[PtftError]:
        """Data whose first page is not there yet: whether it can be read, and what is to be learned of it.

        Nothing waits for a plain text, whose words alone are counted, nor for what comes with the program.
        """
        is_asked = self.look.request is not None and self.look.opened_data is None and self._problem is None
        is_plain = Path(self._dataset).suffix.lower() in _PLAIN_TEXTS
        if not is_asked or is_plain or bundled_dataset(self._dataset) is not None:
            return []
        said = self.tr("{name} is still being looked at.").format(name=Path(self._dataset).name)
        return [SpecError(said, hint=self.tr("It takes a moment."), key="decisions")]

    def _bundled_text(self) -> DatasetCard | None:
        """The card of what is chosen, if it is a running text that comes with the program."""
        card = bundled_dataset(self._dataset)
        return card if card is not None and not card.task else None

    def _open_decision(self, sentence: str) -> PtftError:
        return SpecError(sentence, hint=self.tr("Choose in step 2 what to do about it."), key="decisions")

    # --- what is shown -----------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self.look.look_at(None)
        self._problem = None
        for widget in (
            self.columns,
            self.reading,
            self._progress,
            self._problem_label,
            self.later_label,
            self._decisions_card,
            self._suits,
        ):
            widget.hide()
        self._open_page.setVisible(bool(self._dataset))

    @Slot(object)
    def _on_opened(self, data: OpenedData) -> None:
        self._problem = None
        if data.is_table:
            self.columns.show_data(data, get_task(self._task).roles, self._roles)
        self.columns.setVisible(data.is_table)
        self.reading.show_data(data)
        sentence = also_suits_sentence(data, self._task)
        self._suits.setText(sentence)
        self._suits.setVisible(bool(sentence))
        self.learned.emit()

    @Slot(object)
    def _on_studied(self, studied: StudiedData) -> None:
        self._progress.hide()
        self._say_problem(studied.problem)
        self.later_label.show_warnings(studied.warnings)
        self.decisions.show_findings(studied.findings)
        data = self.look.opened_data
        is_counted = data is not None and not data.is_running_text
        for label, text in ((self._sums, studied.sums), (self._split, studied.split_sentence)):
            label.setText(text if is_counted else "")
            label.setVisible(bool(label.text()))
        self._say_corrections()
        labels = (self._sums, self._split, self._corrected)
        self._decisions_card.setVisible(bool(studied.findings or any(label.text() for label in labels)))
        self._decisions_card.set_title(
            self.tr("Decisions about your data") if studied.findings else self.tr("What is used")
        )
        self.learned.emit()

    def _say_corrections(self) -> None:
        """What was corrected in the run that this one is like."""
        words = self.tr("As in the run before, with {corrections}; your file stays as it is.")
        counted = counted_words(self._corrections)
        self._corrected.setText(words.format(corrections=counted) if counted else "")
        self._corrected.setVisible(bool(counted))

    @Slot(object)
    def _on_failed(self, problem: PtftError) -> None:
        self._problem = problem
        self._progress.hide()
        if self.look.opened_data is not None:  # the page is there, only its numbers are not
            self._say_problem(problem)
        self.learned.emit()

    def _say_problem(self, problem: PtftError | None) -> None:
        self._problem_label.setText(problem.as_sentence() if problem else "")
        self._problem_label.setVisible(problem is not None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.look.request is not None:
            self.look.resume()  # another page may have asked the companion in between

    # --- what a person changes ---------------------------------------------------------------------------------

    @Slot(str, str)
    def _on_role(self, role: str, column: str) -> None:
        self._roles[role] = column
        self.request_changed.emit()

    @Slot(object)
    def _on_reading(self, options: ReadOptions) -> None:
        self._read = options
        self._roles, self._decisions = {}, {}  # they spoke of the columns and rows of another reading
        self._corrections = ()
        self.request_changed.emit()

    @Slot(str, str)
    def _on_decided(self, finding: str, choice: str) -> None:
        self._decisions[finding] = choice
        self.request_changed.emit()

    @Slot(str)
    def _on_rows_wanted(self, key: str) -> None:
        studied, request = self.look.studied_data, self.look.request
        findings = [finding for finding in (studied.findings if studied else ()) if finding.key == key]
        if findings and request is not None:
            RowsDialog(self._asker, request, findings[0], self).open()


def _is_read_alike(before: DataRequest, wanted: DataRequest) -> bool:
    """Whether the first page of both is the same: only decisions or parts differ."""
    changeable = {"decisions", "split", "val", "test"}
    return before.model_dump(exclude=changeable) == wanted.model_dump(exclude=changeable)
