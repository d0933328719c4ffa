"""Datasets from the network: a short gallery and a field for a name; what it costs is said before the download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.wording import bytes_text
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.action_card import ActionCard
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.data_answers import GalleryEntry, name_of
from ptft_gui.gui.widgets.data_words import count_words
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.option_fields import CalmComboBox

translate = QCoreApplication.translate


class NetworkPicker(QWidget):
    """Nothing goes online until a person looks a dataset up. ``downloaded`` carries the name it has in the library."""

    downloaded = Signal(str)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkPicker")
        self._asker = asker
        self._question = ""
        self._id, self._config = "", ""
        self.name = QLineEdit()
        self.name.setObjectName("hubName")
        self.name.setAccessibleName(self.tr("Name of a dataset on the hub"))
        self.name.setPlaceholderText(self.tr("owner/name"))
        self.look_up = SecondaryButton(self.tr("Look up"), "search")
        self.look_up.setObjectName("hubLookUpButton")
        self._state = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._state.setObjectName("hubState")
        self._progress = QProgressBar()
        self._progress.setObjectName("hubProgress")
        self._progress.setAccessibleName(self.tr("How much was fetched"))
        self._progress.setTextVisible(False)
        self._give_up = SecondaryButton(self.tr("Cancel"))
        self._give_up.setObjectName("hubCancelButton")
        self._found = _FoundCard()
        self._gallery = QVBoxLayout()
        self._gallery.setSpacing(Space.SMALL)
        self._cards: list[ActionCard] = []
        self._build()
        self._connect()
        self._show_state("")

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.name, 1)
        row.addWidget(self.look_up)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        sentence = self.tr(
            "Marked network: looking a dataset up and downloading it goes online. Afterwards it stays on this "
            "computer and works offline."
        )
        column.addWidget(PlainLabel(sentence, TextStyle.CAPTION, Role.QUIET_TEXT))
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

    def show_gallery(self, gallery: Sequence[GalleryEntry]) -> None:
        """Offer these well-known datasets."""
        for card in self._cards:
            self._gallery.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [self._make_card(entry) for entry in gallery]
        for card in self._cards:
            self._gallery.addWidget(card)

    def _make_card(self, entry: GalleryEntry) -> ActionCard:
        rows = count_words(entry.rows, self.tr("1 row"), self.tr("{count} rows")) if entry.rows else ""
        size = bytes_text(entry.size_bytes) if entry.size_bytes else ""
        facts = " \N{MIDDLE DOT} ".join(part for part in (rows, size, entry.language, entry.licence) if part)
        card = ActionCard(entry.title, entry.sentence, facts, icon="download")
        card.setObjectName(f"gallery_{entry.id}")
        card.setProperty("hubId", entry.id)
        card.setProperty("hubConfig", entry.config)
        card.clicked.connect(self._on_gallery)
        return card

    @Slot()
    def _on_gallery(self) -> None:
        card = self.sender()
        self.name.setText(card.property("hubId"))
        self._look_up(card.property("hubConfig"))

    @Slot()
    def _on_look_up(self) -> None:
        self._look_up("")

    @Slot(str)
    def _look_up(self, config: str) -> None:
        """Ask the hub about the dataset whose name stands in the field, and that part of it."""
        self._config = config
        self._id = self.name.text().strip()
        if not self._id:
            self._show_state(self.tr("Write the name of a dataset, as in owner/name."), Role.WARNING_TEXT)
            return
        self.give_up()
        self._show_state(self.tr("Asking the hub about {name} ...").format(name=self._id), is_busy=True)
        arguments: dict[str, object] = {"dataset": self._id, **({"config": config} if config else {})}
        self._question = self._asker.ask("hub_info", arguments, self._on_info, self._on_problem)

    def _on_info(self, answer: dict[str, Any]) -> None:
        self._question = ""
        self._show_state("")
        self._found.show_info(self._id, answer)
        self._found.show()

    def _on_problem(self, problem: PtftError) -> None:
        self._question = ""
        self._show_state(problem.as_sentence(), Role.BAD_TEXT)

    @Slot()
    def _on_download(self) -> None:
        arguments: dict[str, object] = {
            "dataset": self._id,
            "config": self._found.config() or self._config or None,
            "name": self._id.rpartition("/")[2],
        }
        self._found.download.setEnabled(False)
        self._show_state(self.tr("Downloading {name} ...").format(name=self._id), is_busy=True)
        self._question = self._asker.ask(
            "download_dataset", arguments, self._on_downloaded, self._on_download_problem, self._on_progress
        )

    def _on_progress(self, sentence: str, fraction: float | None) -> None:
        self._show_state(sentence, is_busy=True)
        self._progress.setRange(0, 100 if fraction is not None else 0)
        self._progress.setValue(round(100 * (fraction or 0)))

    def _on_downloaded(self, answer: dict[str, Any]) -> None:
        self._question = ""
        name = name_of(answer) or self._id.rpartition("/")[2]
        self._found.hide()
        self._show_state(self.tr("{name} is on this computer now.").format(name=name), Role.GOOD_TEXT)
        self.downloaded.emit(name)

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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("hubFound")
        self._facts = PlainLabel("", TextStyle.CAPTION)
        self._facts.setObjectName("hubFacts")
        self._label = PlainLabel(self.tr("Which part of it"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self._configs: QComboBox = CalmComboBox()
        self._configs.setObjectName("hubConfig")
        self._configs.setAccessibleName(self._label.text())
        self._label.setBuddy(self._configs)
        self._configs.activated.connect(self._on_config)
        self.download = SecondaryButton(self.tr("Download"), "download")
        self.download.setObjectName("hubDownloadButton")
        for widget in (self._facts, self._label, self._configs, self.download):
            self.body.addWidget(widget)

    def show_info(self, hub_id: str, answer: dict[str, Any]) -> None:
        """Show the answer to ``hub_info``."""
        self.set_title(str(answer.get("title") or hub_id))
        self._facts.setText("\n".join(_info_lines(answer)))
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


def _info_lines(answer: dict[str, Any]) -> list[str]:
    """Size, licence, parts and the sentence, one a line; what the hub does not tell is said to be unknown."""
    size, unknown = answer.get("size_bytes"), translate("NetworkPicker", "not told by the hub")
    licence = answer.get("licence") or unknown
    lines = [str(answer.get("sentence") or answer.get("description") or "")[:300]]
    lines.append(
        translate("NetworkPicker", "Size: {size}").format(size=bytes_text(float(size)) if size else unknown)
    )
    lines.append(translate("NetworkPicker", "Licence: {licence}").format(licence=licence))
    if languages := ", ".join(str(language) for language in answer.get("languages") or ()):
        lines.append(translate("NetworkPicker", "Language: {language}").format(language=languages))
    lines.extend(_split_lines(answer.get("splits")))
    lines.extend(str(notice) for notice in answer.get("notices") or ())
    return [line for line in lines if line.strip()]


def _split_lines(splits: Any) -> list[str]:
    records = splits.items() if isinstance(splits, dict) else [_split_pair(record) for record in splits or []]
    parts = [f"{name} {rows:,}" if isinstance(rows, int) else str(name) for name, rows in records]
    return [translate("NetworkPicker", "Parts: {parts}").format(parts=", ".join(parts))] if parts else []


def _split_pair(record: Any) -> tuple[str, Any]:
    if isinstance(record, dict):
        return str(record.get("name") or ""), record.get("rows")
    return str(record), None
