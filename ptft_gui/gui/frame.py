"""The frame around the pages: banner, top bar, left bar, pages, status line."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QStatusBar, QVBoxLayout, QWidget

from ptft_gui.core.preferences import read_preferences
from ptft_gui.gui.away_card import AwayCard
from ptft_gui.gui.panels.runs import RunsPanel
from ptft_gui.gui.panels.runs.panel import LEAST_WIDTH, MOST_WIDTH, NARROW_WIDTH, WIDTH
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.theme.scaled import scaled
from ptft_gui.gui.top_bar import TopBar
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel

LEAST_PAGE, LEAST_TYPED = 880, 760
"""Where less width than this were left for a page, the left bar folds to icons, unless a person decided otherwise; the
second one grows with the type."""


class Frame(QWidget):
    """What stands around every page; the parts are public, the window connects them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.top_bar = TopBar()
        self.away = AwayCard()
        self.runs_panel = RunsPanel()
        self.pages = QStackedWidget()
        self._wanted_narrow: bool | None = None
        self._side: QWidget | None = None
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.runs_panel)
        self._splitter.addWidget(self.pages)
        self._splitter.setStretchFactor(1, 1)
        line = self._line = QFrame()
        line.setProperty("ground", "line")
        self._shown_before: list[QWidget] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.banner, self.top_bar, line, self.away):
            column.addWidget(widget)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._row.addWidget(self._splitter, 1)
        column.addLayout(self._row, 1)
        self._set_narrow(False)
        self._text_scale = current_theme().text_scale
        current_theme().theme_changed.connect(self._on_theme_changed)

    @Slot()
    def _on_theme_changed(self) -> None:
        """Larger type takes a wider left bar."""
        if self._text_scale != current_theme().text_scale:
            self._text_scale = current_theme().text_scale
            self.fit_left_bar(self.width())

    def add_side(self, widget: QWidget) -> None:
        """Give ``widget`` the place at the right of the pages; it is seen from :meth:`show_side` on."""
        self._side = widget
        widget.hide()
        self._row.addWidget(widget)

    def show_side(self, is_shown: bool) -> None:
        """Show what stands beside the pages, or only the pages."""
        if self._side is not None:
            self._side.setVisible(is_shown)
            self.fit_left_bar(self.width())

    def set_bare(self, is_bare: bool) -> None:
        """Only the page, without everything around it; and back."""
        around = [self.top_bar, self._line, self.away, self.runs_panel, *([self._side] if self._side else [])]
        if is_bare:
            self._shown_before = [widget for widget in around if not widget.isHidden()]
        for widget in self._shown_before:
            widget.setVisible(not is_bare)

    def fit_left_bar(self, width: int) -> None:
        """Fold or unfold the left bar for a window ``width`` wide."""
        if self._side is not None and not self._side.isHidden():
            width -= self._side.width()
        is_tight = width - scaled(WIDTH) < max(LEAST_PAGE, scaled(LEAST_TYPED))
        self._set_narrow(is_tight if self._wanted_narrow is None else self._wanted_narrow)

    def toggle_left_bar(self) -> None:
        """A person folds or unfolds it; from then on it stays as it is."""
        self._wanted_narrow = not self._is_narrow
        self._set_narrow(self._wanted_narrow)

    def _set_narrow(self, is_narrow: bool) -> None:
        self._is_narrow = is_narrow
        self.runs_panel.set_narrow(is_narrow)
        self.runs_panel.setMinimumWidth(scaled(NARROW_WIDTH if is_narrow else LEAST_WIDTH))
        self.runs_panel.setMaximumWidth(scaled(NARROW_WIDTH if is_narrow else MOST_WIDTH))
        left = scaled(NARROW_WIDTH if is_narrow else WIDTH)
        self._splitter.setSizes([left, max(self.width() - left, 1)])


class Banner(QFrame):
    """A line across the window that stays until its cause is gone; where it helps, with a way to another folder."""

    other_folder_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("ground", "narrator")
        self._text = PlainLabel("", TextStyle.STRONG, Role.WARNING_TEXT)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.addWidget(self._text, 1)
        self._other_folder = SecondaryButton(self.tr("Choose another folder..."))
        self._other_folder.setObjectName("otherFolderButton")
        self._other_folder.clicked.connect(self.other_folder_requested)
        row.addWidget(self._other_folder)
        self.hide()

    def say(self, text: str, offers_folder: bool = False) -> None:
        """Show ``text``; "" hides the banner."""
        self._text.setText(text)
        self._other_folder.setVisible(offers_folder)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        return self._text.text()


class StatusLine(QStatusBar):
    """28 high: where runs are kept, the last message, and that nothing goes online."""

    def __init__(self, runs: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._place = ElidedLabel(
            self.tr("Runs are saved in {folder}").format(folder=runs), TextStyle.CAPTION, Role.QUIET_TEXT
        )
        self._place.setObjectName("savedWhere")
        self._message = ElidedLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._message.setObjectName("lastMessage")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._offline = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._offline.setObjectName("offlineStatus")
        self._offline.setWordWrap(False)
        self.show_network(read_preferences().network)
        self.setContentsMargins(Space.MEDIUM - 6, 0, Space.MEDIUM - 6, 0)
        self.addWidget(self._place, 2)
        self.addWidget(self._message, 3)
        self.addPermanentWidget(self._offline)

    def show_network(self, is_on: bool) -> None:
        """Whether what is marked network may go online when it is chosen."""
        self._offline.setText(self.tr("network on") if is_on else self.tr("offline"))
        sentence = self.tr("Nothing goes online. Your texts stay on this computer.")
        if is_on:
            sentence = self.tr(
                "The program goes online only when you choose something marked network. Your texts stay on this "
                "computer."
            )
        self._offline.setToolTip(sentence)
        self._offline.setAccessibleDescription(sentence)

    def say(self, text: str) -> None:
        """Keep the last message in sight."""
        self._message.setText(text)
