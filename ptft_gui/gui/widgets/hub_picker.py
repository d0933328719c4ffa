"""What is fetched from the hub: a short gallery and a field for a name; what it costs is said before the download.

Datasets and models are picked alike; each says in a class of its own what is asked and what is shown of the answer.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.errors import PtftError
from ptft_gui.core.wording import bytes_text
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.abstract import AbstractWidget
from ptft_gui.gui.widgets.action_card import ActionCard
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.option_fields import CalmComboBox
from ptft_gui.gui.widgets.scroll_area import PageScroll

translate = QCoreApplication.translate
Question = tuple[str, dict[str, object]]


class HubPicker(QWidget, metaclass=AbstractWidget):
    """Nothing goes online until a person looks something up. ``downloaded`` carries the name it has on this computer.

    ``prefix`` begins the names of its controls; a class for one kind of thing fills in the questions and the words.
    """

    downloaded = Signal(str)
    prefix = "hub"

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{self.prefix}Picker")
        self._asker = asker
        self._question = ""
        self._id, self._config = "", ""
        self.name = QLineEdit()
        self.name.setObjectName(f"{self.prefix}Name")
        self.name.setAccessibleName(self._name_label())
        self.name.setPlaceholderText(self.tr("owner/name"))
        self.look_up = SecondaryButton(self.tr("Look up"), "search")
        self.look_up.setObjectName(f"{self.prefix}LookUpButton")
        self._state = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._state.setObjectName(f"{self.prefix}State")
        self._progress = QProgressBar()
        self._progress.setObjectName(f"{self.prefix}Progress")
        self._progress.setAccessibleName(self.tr("How much was fetched"))
        self._progress.setTextVisible(False)
        self._give_up = SecondaryButton(self.tr("Cancel"))
        self._give_up.setObjectName(f"{self.prefix}CancelButton")
        self._found = _FoundCard(self.prefix)
        self._gallery = QVBoxLayout()
        self._gallery.setSpacing(Space.SMALL)
        self._cards: list[ActionCard] = []
        self._build()
        self._connect()
        self._show_state("")

    # --- what each kind of thing says for itself ---------------------------------------------------------------

    @abstractmethod
    def _name_label(self) -> str:
        """What the field for a name is called."""

    @abstractmethod
    def _sentence(self) -> str:
        """What going online means here."""

    @abstractmethod
    def _no_name(self) -> str:
        """What is said where no name was written."""

    @abstractmethod
    def _look_up_question(self) -> Question:
        """Kind and arguments of the question about the name in the field."""

    @abstractmethod
    def _download_question(self) -> Question:
        """Kind and arguments of the request to fetch it."""

    @abstractmethod
    def _lines(self, answer: dict[str, Any]) -> list[str]:
        """What is shown of an answer to the look-up."""

    @abstractmethod
    def _fetched_name(self, answer: dict[str, Any]) -> str:
        """What ``downloaded`` carries."""

    # --- the same for all --------------------------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.name, 1)
        row.addWidget(self.look_up)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(PlainLabel(self._sentence(), TextStyle.CAPTION, Role.QUIET_TEXT))
        column.addLayout(row)
        for widget in (self._state, self._progress, self._give_up, self._found):
            column.addWidget(widget)
        column.addLayout(self._gallery)
        self._found.hide()

    def _connect(self) -> None:
        self.look_up.clicked.connect(self._on_look_up)
        self.name.returnPressed.connect(self._on_look_up)
        self._give_up.clicked.connect(self.give_up)
        self._found.download.clicked.connect(self._on_download)
        self._found.config_chosen.connect(self._look_up)

    def show_cards(self, cards: Sequence[ActionCard]) -> None:
        """Offer these; each carries the properties ``hubId`` and ``hubConfig``."""
        for card in self._cards:
            self._gallery.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = list(cards)
        for card in self._cards:
            card.clicked.connect(self._on_gallery)
            self._gallery.addWidget(card)

    @Slot()
    def _on_gallery(self) -> None:
        card = self.sender()
        self.name.setText(card.property("hubId"))
        self._look_up(card.property("hubConfig") or "")

    @Slot()
    def _on_look_up(self) -> None:
        self._look_up("")

    @Slot(str)
    def _look_up(self, config: str) -> None:
        """Ask the hub about what is named in the field, and that part of it."""
        asked, self._config = self._id, config
        self._id = self.name.text().strip()
        if not self._id:
            self._show_state(self._no_name(), Role.WARNING_TEXT)
            return
        self.give_up()
        self._show_state(self.tr("Asking the hub about {name} ...").format(name=self._id), is_busy=True)
        if asked != self._id:
            self._found.hide()
        self._question = self._asker.ask(*self._look_up_question(), self._on_info, self._on_problem)

    def _on_info(self, answer: dict[str, Any]) -> None:
        self._question = ""
        self._show_state("")
        self._found.show_info(self._id, answer, self._lines(answer))
        self._found.show()

    def _on_problem(self, problem: PtftError) -> None:
        self._question = ""
        self._show_state(problem.as_sentence(), Role.BAD_TEXT)

    @Slot()
    def _on_download(self) -> None:
        self._found.download.setEnabled(False)
        self._show_state(self.tr("Downloading {name} ...").format(name=self._id), is_busy=True)
        self._question = self._asker.ask(
            *self._download_question(), self._on_downloaded, self._on_download_problem, self._on_progress
        )

    def _on_progress(self, sentence: str, fraction: float | None) -> None:
        self._show_state(sentence, is_busy=True)
        self._progress.setRange(0, 100 if fraction is not None else 0)
        self._progress.setValue(round(100 * (fraction or 0)))

    def _on_downloaded(self, answer: dict[str, Any]) -> None:
        self._question = ""
        self._found.hide()
        self._show_state(self.tr("{name} is on this computer now.").format(name=self._id), Role.GOOD_TEXT)
        self.downloaded.emit(self._fetched_name(answer))

    def _on_download_problem(self, problem: PtftError) -> None:
        self._found.download.setEnabled(True)
        self._on_problem(problem)

    @Slot()
    def give_up(self) -> None:
        """Stop what is under way; what was fetched so far is kept for the next try."""
        if self._question:
            self._asker.cancel(self._question)
            self._question = ""
        self._found.download.setEnabled(True)
        self._show_state("")

    def state_text(self) -> str:
        """What is said about the look-up or the download."""
        return self._state.text()

    def _show_state(self, text: str, ink: Role = Role.QUIET_TEXT, is_busy: bool = False) -> None:
        self._state.setText(text)
        self._state.set_ink(ink)
        self._state.setVisible(bool(text))
        self._progress.setRange(0, 0 if is_busy else 100)
        for widget in (self._progress, self._give_up):
            widget.setVisible(is_busy)


class _FoundCard(Card):
    """What was found on the hub: size, licence, parts; and the button that fetches it. ``config_chosen`` carries
    another part of it, whose size is another one."""

    config_chosen = Signal(str)

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName(f"{prefix}Found")
        self._facts = PlainLabel("", TextStyle.CAPTION)
        self._facts.setObjectName(f"{prefix}Facts")
        self._label = PlainLabel(self.tr("Which part of it"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self._configs: QComboBox = CalmComboBox()
        self._configs.setObjectName(f"{prefix}Config")
        self._configs.setAccessibleName(self._label.text())
        self._label.setBuddy(self._configs)
        self._configs.activated.connect(self._on_config)
        self.download = SecondaryButton(self.tr("Download"), "download")
        self.download.setObjectName(f"{prefix}DownloadButton")
        for widget in (self._facts, self._label, self._configs, self.download):
            self.body.addWidget(widget)

    def show_info(self, hub_id: str, answer: dict[str, Any], lines: Sequence[str]) -> None:
        """Show the answer to a look-up."""
        self.set_title(str(answer.get("title") or hub_id))
        self._facts.setText("\n".join(lines))
        configs = [str(c.get("name") if isinstance(c, dict) else c) for c in answer.get("configs") or []]
        self._configs.clear()
        self._configs.addItems(configs)
        self._configs.setCurrentIndex(max(self._configs.findText(str(answer.get("config") or "")), 0))
        for widget in (self._label, self._configs):
            widget.setVisible(len(configs) > 1)
        self.download.setEnabled(True)

    @Slot()
    def _on_config(self) -> None:
        self.config_chosen.emit(self._configs.currentText())

    def config(self) -> str | None:
        return self._configs.currentText() or None


def language_name(code: str) -> str:
    """``en`` as English; what is no code of a language stays as it is."""
    language = QLocale.codeToLanguage(code)
    return code if language == QLocale.Language.AnyLanguage else QLocale.languageToString(language)


def cost_lines(answer: dict[str, Any]) -> list[str]:
    """Size, licence and languages, one a line; what the hub does not tell is said to be unknown."""
    size, unknown = answer.get("size_bytes"), translate("NetworkPicker", "not told by the hub")
    licence = answer.get("licence") or unknown
    lines = [
        translate("NetworkPicker", "Size: {size}").format(size=bytes_text(float(size)) if size else unknown),
        translate("NetworkPicker", "Licence: {licence}").format(licence=licence),
    ]
    if languages := ", ".join(language_name(str(code)) for code in answer.get("languages") or ()):
        lines.append(translate("NetworkPicker", "Language: {language}").format(language=languages))
    return lines


class HubDialog(QDialog):
    """A picker in a window of its own, which closes when something was fetched."""

    def __init__(self, picker: HubPicker, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("From the network"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 560)
        self.picker = picker
        self.picker.downloaded.connect(self.accept)
        self.picker.setProperty("isPage", True)
        area = PageScroll(self.picker)
        close = SecondaryButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(PlainLabel(title, TextStyle.TITLE))
        column.addWidget(area, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def done(self, result: int) -> None:
        self.picker.give_up()
        super().done(result)
