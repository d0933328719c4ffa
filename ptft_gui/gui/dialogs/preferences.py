"""Preferences: each takes effect when it is changed, and says where that is only the next start."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.errors import PtftError
from ptft_gui.core.machine import has_graphics_card
from ptft_gui.core.paths import cache_folder, home_folder, runs_folder
from ptft_gui.core.preferences import (
    MOST_THREADS,
    Preferences,
    as_device,
    keep_preferences,
    read_preferences,
)
from ptft_gui.core.rundir import check_runs_folder
from ptft_gui.gui.settings import WindowSettings
from ptft_gui.gui.theme import Preference, Role, Space, TextStyle, current_theme
from ptft_gui.gui.theme.sizes import TEXT_SCALES
from ptft_gui.gui.widgets.buttons import QuietButton, SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice

_THEMES: tuple[Preference, ...] = ("system", "light", "dark")


class PreferencesDialog(QDialog):
    """``network_changed`` carries whether it is on now; ``failed`` a :class:`PtftError`."""

    network_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, settings: WindowSettings, runs: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferencesDialog")
        self.setWindowTitle(self.tr("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 640)
        self._settings, self._runs = settings, runs
        self._kept = read_preferences()
        content = QWidget()
        content.setProperty("isPage", True)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, Space.SMALL, 0)
        column.setSpacing(Space.MEDIUM)
        for card in (self._make_look(), self._make_training(), self._make_folders(), self._make_network()):
            column.addWidget(card)
        column.addStretch(1)
        self._content = content
        scroll = PageScroll(content, is_fitted=False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        outer.setSpacing(Space.MEDIUM)
        outer.addWidget(PlainLabel(self.tr("Preferences"), TextStyle.TITLE))
        outer.addWidget(scroll, 1)
        outer.addLayout(self._make_foot())
        current_theme().theme_changed.connect(self._fit_width, Qt.ConnectionType.QueuedConnection)
        self._fit_width()
        self._theme.button(self._theme.value()).setFocus()  # not the first, which would look chosen

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_width()  # before, its type was not set

    @Slot()
    def _fit_width(self) -> None:
        """Be as wide as large text needs, so that nothing has to be scrolled sideways."""
        needed = self._content.minimumSizeHint().width() + 2 * Space.LARGE + 2 * Space.MEDIUM
        room = self.screen().availableGeometry().width() - 2 * Space.LARGE
        self.resize(max(self.width(), min(needed, room)), self.height())

    def _make_foot(self) -> QHBoxLayout:
        where = self.tr("Changes hold at once. They are kept in {folder}.").format(folder=home_folder())
        close = SecondaryButton(self.tr("Close"))
        close.setObjectName("closePreferences")
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        row.addWidget(PlainLabel(where, TextStyle.CAPTION, Role.QUIET_TEXT), 1)
        row.addWidget(close)
        return row

    # --- look --------------------------------------------------------------------------------------------------

    def _make_look(self) -> Card:
        card = Card(self.tr("Look"))
        theme = current_theme()
        choices = (
            ("system", self.tr("As the system"), self.tr("Light or dark, as the desktop is.")),
            ("light", self.tr("Light"), self.tr("Dark text on a light ground.")),
            ("dark", self.tr("Dark"), self.tr("Light text on a dark ground.")),
        )
        self._theme = SegmentedChoice(choices, self.tr("Theme"))
        self._theme.setObjectName("themeChoice")
        self._theme.set_value(theme.preference)
        self._theme.value_changed.connect(self._on_theme)
        sizes = [(f"{scale:g}", f"{scale * 100:.0f} %", "") for scale in TEXT_SCALES]
        self._size = SegmentedChoice(sizes, self.tr("Text size"))
        self._size.setObjectName("textSizeChoice")
        self._size.set_value(f"{min(TEXT_SCALES, key=lambda scale: abs(scale - theme.text_scale)):g}")
        self._size.value_changed.connect(self._on_size)
        self._add_field(card, self.tr("Theme"), self._theme)
        self._add_field(card, self.tr("Text size"), self._size, self.tr("Also with Ctrl++ and Ctrl+-."))
        return card

    @staticmethod
    def _add_field(card: Card, title: str, field: QWidget, sentence: str = "") -> None:
        label = PlainLabel(title, TextStyle.BODY)
        label.setBuddy(field)
        card.body.addWidget(label)
        card.body.addWidget(field)
        if sentence:
            card.body.addWidget(PlainLabel(sentence, TextStyle.CAPTION, Role.QUIET_TEXT))
            field.setAccessibleDescription(sentence)

    @Slot(str)
    def _on_theme(self, value: str) -> None:
        chosen = next(theme for theme in _THEMES if theme == value)
        current_theme().set_preference(chosen)
        self._settings.keep_look(current_theme())

    @Slot(str)
    def _on_size(self, value: str) -> None:
        current_theme().set_text_scale(float(value))
        self._settings.keep_look(current_theme())

    # --- training ----------------------------------------------------------------------------------------------

    def _make_training(self) -> Card:
        card = Card(
            self.tr("Training"), self.tr("For runs whose own settings do not choose a device or threads.")
        )
        choices = (
            ("automatic", self.tr("Automatic"), self.tr("Each model is trained where it is trained best.")),
            ("cpu", self.tr("Processor"), self.tr("Nothing is computed on a graphics card.")),
            ("cuda", self.tr("Graphics card"), self._card_sentence()),
        )
        self._device = SegmentedChoice(choices, self.tr("Device"))
        self._device.setObjectName("deviceChoice")
        self._device.set_value(self._kept.device)
        self._device.value_changed.connect(self._on_device)
        self._threads = QSpinBox()
        self._threads.setObjectName("threadsField")
        self._threads.setAccessibleName(self.tr("Threads"))
        self._threads.setRange(0, MOST_THREADS)
        self._threads.setSpecialValueText(self.tr("automatic"))
        self._threads.setValue(self._kept.threads)
        self._threads.setMaximumWidth(160)
        self._threads.valueChanged.connect(self._on_threads)
        self._resumes = QCheckBox(self.tr("Resume interrupted runs by itself"))
        self._resumes.setObjectName("resumeByItself")
        self._resumes.setChecked(self._settings.resumes_by_itself())
        self._resumes.toggled.connect(self._settings.keep_resumes_by_itself)
        sentence = self.tr(
            "When the computer was restarted in the middle of a run, the next window lets it go on without a question."
        )
        self._resumes.setAccessibleDescription(sentence)
        threads = self.tr(
            "How many parts of the processor train at once. With 1, the same settings give the same result again."
        )
        self._add_field(card, self.tr("Device"), self._device)
        self._add_field(card, self.tr("Threads"), self._threads, threads)
        card.body.addWidget(self._resumes)
        card.body.addWidget(PlainLabel(sentence, TextStyle.CAPTION, Role.QUIET_TEXT))
        return card

    def _card_sentence(self) -> str:
        if has_graphics_card():
            return self.tr("Wherever a graphics card can train the model.")
        return self.tr("No graphics card was found here; the processor trains until there is one.")

    @Slot(str)
    def _on_device(self, value: str) -> None:
        self._keep(replace(self._kept, device=as_device(value)))

    @Slot(int)
    def _on_threads(self, value: int) -> None:
        self._keep(replace(self._kept, threads=value))

    # --- folders -----------------------------------------------------------------------------------------------

    def _make_folders(self) -> Card:
        card = Card(self.tr("Folders"), self.tr("A new choice is used from the next start of the window."))
        self._runs_label = self._add_folder(
            card,
            "runs",
            self.tr("Runs"),
            self.tr("This window shows {folder}.").format(folder=self._runs),
        )
        self._cache_label = self._add_folder(
            card,
            "cache",
            self.tr("Prepared texts"),
            self.tr("Made anew when they are missing; what lies in the old folder may be deleted."),
        )
        self._show_folders()
        return card

    def _add_folder(self, card: Card, key: str, title: str, sentence: str) -> ElidedLabel:
        path = ElidedLabel("", TextStyle.BODY, mode=Qt.TextElideMode.ElideMiddle)
        path.setObjectName(f"{key}Folder")
        choose = SecondaryButton(self.tr("Choose..."))
        choose.setObjectName(f"choose_{key}")
        choose.setAccessibleName(self.tr("Choose the folder: {title}").format(title=title))
        choose.setAccessibleDescription(sentence)
        choose.clicked.connect(lambda: self._ask_for_folder(key))
        usual = QuietButton(self.tr("Usual"))
        usual.setObjectName(f"usual_{key}")
        usual.setAccessibleName(self.tr("The usual folder: {title}").format(title=title))
        usual.setAccessibleDescription(self.tr("Back to the folder that is used when nothing is chosen."))
        usual.clicked.connect(lambda: self.choose_folder(key, ""))
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(path, 1)
        row.addWidget(choose)
        row.addWidget(usual)
        card.body.addWidget(PlainLabel(title, TextStyle.BODY))
        card.body.addLayout(row)
        card.body.addWidget(PlainLabel(sentence, TextStyle.CAPTION, Role.QUIET_TEXT))
        return path

    def _show_folders(self) -> None:
        self._runs_label.setText(str(runs_folder()))
        self._cache_label.setText(str(cache_folder()))

    def _ask_for_folder(self, key: str) -> None:
        dialog = FileDialog(self, self.tr("Choose a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.choose_folder(key, path))
        dialog.open()

    def choose_folder(self, key: str, path: str) -> None:
        """Use another folder from the next start on; one that cannot be written is refused at once."""
        try:
            if path:
                check_runs_folder(Path(path))
            folder = os.path.abspath(path) if path else ""
            kept = self._kept
            self._keep(replace(kept, runs=folder) if key == "runs" else replace(kept, cache=folder))
        except PtftError as problem:
            self.failed.emit(problem)
        self._show_folders()

    # --- network -----------------------------------------------------------------------------------------------

    def _make_network(self) -> Card:
        card = Card(self.tr("Network"))
        self._network = QCheckBox(self.tr("What is marked network may go online when I choose it"))
        self._network.setObjectName("networkSwitch")
        self._network.setChecked(self._kept.network)
        self._network.toggled.connect(self._on_network)
        sentence = self.tr("Off: nothing goes online at all. On or off, your texts stay on this computer.")
        self._network.setAccessibleDescription(sentence)
        card.body.addWidget(self._network)
        card.body.addWidget(PlainLabel(sentence, TextStyle.CAPTION, Role.QUIET_TEXT))
        return card

    @Slot(bool)
    def _on_network(self, is_on: bool) -> None:
        self._keep(replace(self._kept, network=is_on))
        self.network_changed.emit(is_on)

    def _keep(self, preferences: Preferences) -> None:
        self._kept = preferences
        try:
            keep_preferences(preferences)
        except PtftError as problem:
            self.failed.emit(problem)
