"""The Details tab: settings in words, what was read, how to repeat and open it, files, versions, the worker's log."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.errors import PtftError
from ptft_gui.core.events import Notice
from ptft_gui.core.fingerprints import FilePrint
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.command_lines import in_lines
from ptft_gui.core.telling.labelled_data import labelled_rows
from ptft_gui.core.wording import bytes_text, duration_text
from ptft_gui.gui.background import Background
from ptft_gui.gui.panels.run.details.copy_block import CopyBlock
from ptft_gui.gui.panels.run.details.language_rows import LanguageModelCard
from ptft_gui.gui.panels.run.details.python_lines import python_lines, transformers_lines
from ptft_gui.gui.panels.run.details.rows_card import Row, RowsCard
from ptft_gui.gui.panels.run.details.settings_words import command_of, setting_rows
from ptft_gui.gui.panels.run.run_files import OnDisk, look, prints_of
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Space
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.scroll_area import PageScroll

_LOOK_MS = 2000
_TWO_COLUMNS = 840
_LOG_HEIGHT = 220
_OTHER_LIMITS = ("max_steps", "max_minutes", "finish_by")


class DetailsTab(QWidget):
    """Everything about a run; ``said`` carries a sentence, ``folder_requested`` asks for the run's folder."""

    said = Signal(str)
    folder_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownRun | None = None
        self._showing: object = None
        self._background = Background(self)
        QCoreApplication.instance().aboutToQuit.connect(self._background.close)  # type: ignore[union-attr]
        self._is_looking = False
        self._changes: str | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.settings = RowsCard(self.tr("Settings"), "runSettings")
        self.language = LanguageModelCard()
        self.data = RowsCard(self.tr("Text"), "runData")
        self.notices = RowsCard(self.tr("Noticed"), "runNotices")
        self.command = CopyBlock(
            self.tr("Repeat this run"),
            self.tr("This command asks for the same run again, without the window."),
            self.tr("Copy command"),
            "commandText",
        )
        self.python = CopyBlock(
            self.tr("Open the result in Python"),
            self.tr("These lines need only the package safetensors."),
            self.tr("Copy lines"),
            "pythonText",
        )
        self.command.copied.connect(partial(self._on_copied, self.tr("The command is on the clipboard.")))
        self.python.copied.connect(partial(self._on_copied, self.tr("The lines are on the clipboard.")))
        self.files = RowsCard(self.tr("Files"), "runFiles")
        self._folder_button = QuietButton(self.tr("Show folder"), "folder")
        self._folder_button.setObjectName("showFolderButton")
        self._folder_button.clicked.connect(self.folder_requested)
        self.files.add_to_title_row(self._folder_button)
        self.versions = RowsCard(self.tr("Versions"), "runVersions")
        self._build_log()
        self._lay_out()

    def _build_log(self) -> None:
        self._log_card = Card(
            self.tr("Log of the training process"), self.tr("What it printed, the newest at the end.")
        )
        self.log = QPlainTextEdit()
        self.log.setObjectName("workerLog")
        self.log.setAccessibleName(self.tr("Log of the training process"))
        self.log.setProperty("isLog", "true")
        self.log.setReadOnly(True)
        self.log.setTabChangesFocus(True)
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        scale_with_type(self.log, self.log.setFixedHeight, _LOG_HEIGHT)
        self._log_card.body.addWidget(self.log)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("isPage", "true")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._columns.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        self._columns.setSpacing(Space.MEDIUM)
        sides = (
            (self.language, self.settings),
            (self.command, self.python, self.data, self.notices, self.files, self.versions, self._log_card),
        )
        for cards in sides:
            column = QVBoxLayout()
            column.setSpacing(Space.MEDIUM)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            self._columns.addLayout(column, 1)
        self._area = PageScroll(page, self.tr("Settings, files and log of the run"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run."""
        self._showing, self._changes = None, None
        self.log.clear()
        self.files.set_rows([])
        self.refresh(shown)
        self._area.verticalScrollBar().setValue(0)
        self._look()

    def refresh(self, shown: ShownRun) -> None:
        """The texts follow what was resolved and noticed; the disk is looked at every other second."""
        is_new_state = self._shown is None or self._shown.state != shown.state
        self._shown = shown
        summary = shown.summary
        showing = (shown.run.path, summary.resolved, len(summary.notices), shown.state)
        if showing == self._showing:
            return
        self._showing = showing
        self.settings.set_rows(self._setting_rows(summary))
        self.data.set_rows(self._data_rows(summary))
        self.notices.set_rows([_notice_row(notice) for notice in summary.notices])
        command = command_of(summary.spec, str(shown.run.spec_file)) if summary.spec else ""
        self.command.set_text(command, in_lines(command))
        self.language.set_rows(self.language.model_rows(summary) if shown.reads_language else [])
        self._show_python(shown)
        self.versions.set_rows(self._version_rows(summary))
        if is_new_state and self.isVisible():
            self._look()

    def _show_python(self, shown: ShownRun) -> None:
        """How the result is opened, and with what."""
        model, spec = shown.run.model, shown.summary.spec
        if spec is not None and not shown.places_words:
            self.python.set_caption(self.tr("These lines need the packages transformers and torch."))
            lines = transformers_lines(model, spec.family, spec.task)
        else:
            self.python.set_caption(self.tr("These lines need only the package safetensors."))
            lines = python_lines(model)
        self.python.set_text(lines if shown.has_model else "")

    def show_log(self) -> None:
        """Bring the log into view, at its end."""
        self._area.ensureWidgetVisible(self._log_card)
        self.log.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_data(self) -> None:
        """Bring what is known of the text into view."""
        self._area.ensureWidgetVisible(self.data)

    def show_files(self) -> None:
        """Bring the files with their sizes into view."""
        self._area.ensureWidgetVisible(self.files)

    def _setting_rows(self, summary: RunSummary) -> list[Row]:
        rows = []
        for row in setting_rows(summary):
            if row.key in _OTHER_LIMITS and row.value == "not set" and not row.is_changed:
                continue  # of the four lengths only those that end the run
            note = row.reason or (self.tr("changed") if row.is_changed else "")
            rows.append(Row(row.label, row.value, note, is_strong=row.is_changed))
        return rows

    def _data_rows(self, summary: RunSummary) -> list[Row]:
        if summary.spec is None:
            return []
        data = summary.spec.data
        rows = [Row(self.tr("Text"), dataset_title(data.dataset))]
        if dataset_title(data.dataset) != data.dataset:
            rows.append(Row(self.tr("Place or id"), data.dataset))
        if data.val:
            rows.append(Row(self.tr("Held-out file"), data.val))
        counts = (
            ("documents", self.tr("Documents")),
            ("total_words", self.tr("Words")),
            ("vocabulary_size", self._known_words()),
            ("train_sentences", self.tr("Sentences to train on")),
            ("val_sentences", self.tr("Sentences held out")),
        )
        for key, name in counts:
            value = summary.resolved_value(key)
            if value is not None:
                rows.append(Row(name, f"{value:,}"))
        if told := str(summary.resolved_value("sum_sentence") or ""):
            rows.append(Row(self.tr("Rows"), told))
        rows += [Row(name, value) for name, value in labelled_rows(summary)]
        if self._shown is not None and self._shown.reads_language:
            rows += self.language.text_rows(summary)
        if self._changes:
            words = self.tr("Since this run was trained, {changes}.").format(changes=self._changes)
            rows.append(Row(self.tr("Changed"), words, is_strong=True))
        return rows

    def _known_words(self) -> str:
        """A language model knows tokens, whole words and pieces of them; the others know words."""
        family = self._shown.summary.spec.family if self._shown and self._shown.summary.spec else ""
        if family in ("bert", "gpt"):
            return self.tr("Tokens the model knows")
        return self.tr("Different words learned")

    def _version_rows(self, summary: RunSummary) -> list[Row]:
        rows = [Row(name, version) for name, version in sorted(summary.versions.items())]
        if summary.active_seconds:
            rows.append(Row(self.tr("Time worked"), duration_text(summary.active_seconds)))
        if summary.attempt > 1:
            rows.append(Row(self.tr("Attempts"), str(summary.attempt)))
        return rows

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room for them."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_wide = self.width() >= _TWO_COLUMNS
        self._columns.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)

    # the disk, looked at in another thread

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    @Slot()
    def _look(self) -> None:
        if self._shown is None or self._is_looking or not self.isVisible():
            return
        self._is_looking = True
        run = self._shown.run
        work = partial(look, run, self._text_to_compare())
        self._background.do(work, partial(self._on_looked, run.path), self._on_look_failed)
        if not self._shown.is_live:
            self._timer.stop()

    def _text_to_compare(self) -> list[FilePrint] | None:
        """What the files of the text were, asked for once a run: they may have to be read again."""
        files = self._shown.summary.resolved_value("dataset_files") if self._shown else None
        return prints_of(files) if files and self._changes is None else None

    def _on_looked(self, path: object, found: OnDisk) -> None:
        self._is_looking = False
        if self._shown is None or self._shown.run.path != path:
            self._look()
            return
        rows = [Row(self.tr("All together"), bytes_text(found.size), is_strong=True)]
        for file in found.rows:
            count = "" if file.files is None else self.tr("{count} files").format(count=f"{file.files:,}")
            rows.append(Row(file.name, bytes_text(file.size), count))
        self.files.set_rows(rows)
        self._show_log(found.log)
        if found.changes is not None:
            self._changes = found.changes
            self.data.set_rows(self._data_rows(self._shown.summary))

    def _on_look_failed(self, _: PtftError) -> None:
        self._is_looking = False

    def _show_log(self, text: str) -> None:
        """A person who reads further up is left there."""
        if text == self.log.toPlainText():
            return
        bar = self.log.verticalScrollBar()
        was_at_end, place = bar.value() == bar.maximum(), bar.value()
        self.log.setPlainText(text)
        bar.setValue(bar.maximum() if was_at_end else place)

    def _on_copied(self, sentence: str) -> None:
        self.said.emit(sentence)


def _notice_row(notice: Notice) -> Row:
    is_warning = notice.level == "warning"
    name = (
        QCoreApplication.translate("DetailsTab", "Warning")
        if is_warning
        else QCoreApplication.translate("DetailsTab", "Note")
    )
    note = " ".join(part for part in (notice.detail, notice.hint) if part)
    return Row(name, notice.message, note, is_strong=is_warning)
