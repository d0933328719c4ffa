"""*From the network...* under *Start from*: a model of the hub; what it costs is said first, then it works offline."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.family.language_starts import FAMILY_TITLES
from ptft_gui.core.hub.model_gallery import MODEL_GALLERY, ModelCard
from ptft_gui.core.wording import bytes_text, count_text
from ptft_gui.gui.panels.new_run.language_start_from import LanguageStartFrom
from ptft_gui.gui.widgets.action_card import ActionCard
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.hub_picker import HubDialog, HubPicker, Question, cost_lines


class ModelPicker(HubPicker):
    """``downloaded`` carries the exact name of the model, as a run says it."""

    prefix = "hubModel"

    def __init__(self, asker: Asker, family: str, parent: QWidget | None = None) -> None:
        super().__init__(asker, parent)
        self._family = family
        self._reference = ""
        self.show_cards([self._make_card(card) for card in MODEL_GALLERY if card.family == family])

    def _name_label(self) -> str:
        return self.tr("Name of a model on the hub")

    def _sentence(self) -> str:
        return self.tr(
            "Marked network: looking a model up and downloading it goes online. Afterwards it stays on this computer "
            "and works offline. Only safetensors are fetched, and no program of a model is ever run."
        )

    def _no_name(self) -> str:
        return self.tr("Write the name of a model, as in owner/name.")

    def _look_up_question(self) -> Question:
        return "hub_model_info", {"model": self._id}

    def _download_question(self) -> Question:
        return "download_model", {"model": self._reference or self._id}

    def _fetched_name(self, answer: dict[str, Any]) -> str:
        return str(answer.get("reference") or self._reference)

    def _lines(self, answer: dict[str, Any]) -> list[str]:
        self._reference = str(answer.get("reference") or "")
        lines = [*cost_lines(answer), self._kind_line(answer)]
        if answer.get("is_here"):
            lines.append(self.tr("It is on this computer already."))
        lines.extend(str(notice) for notice in answer.get("notices") or ())
        return [line for line in lines if line]

    def _kind_line(self, answer: dict[str, Any]) -> str:
        family, numbers = str(answer.get("family") or ""), answer.get("numbers")
        kind = FAMILY_TITLES.get(family, "")
        if kind and family != self._family:
            told = self.tr("It is a {its} model: choose {its} as the model to go on from it.")
            return told.format(its=kind)
        if kind and isinstance(numbers, int) and numbers:
            return self.tr("{kind} with {count} parameters").format(kind=kind, count=count_text(numbers))
        return kind

    def _make_card(self, entry: ModelCard) -> ActionCard:
        size = self.tr("needs {size} from the network").format(size=bytes_text(entry.size_bytes))
        facts = " \N{MIDDLE DOT} ".join((size, entry.language, entry.licence))
        card = ActionCard(entry.title, entry.sentence, facts, icon="download")
        card.setObjectName(f"model_{entry.id}")
        card.setProperty("hubId", entry.id)
        return card


class HubStart(SecondaryButton):
    """The button; it puts itself beside those of ``picker``, and what was fetched is chosen there."""

    def __init__(self, asker: Asker, picker: LanguageStartFrom) -> None:
        super().__init__(picker.tr("From the network..."), "download")
        self.setObjectName("hubStartButton")
        self._asker, self._picker = asker, picker
        picker.add_source(self)
        self.clicked.connect(self.open_dialog)

    @Slot()
    def open_dialog(self) -> None:
        """Show well-known models and the field for a name; the window stays usable meanwhile."""
        dialog = HubDialog(
            ModelPicker(self._asker, self._picker.family()), self.tr("Models from the network"), self.window()
        )
        dialog.setObjectName("hubModelDialog")
        dialog.picker.downloaded.connect(self._picker.choose)
        dialog.open()
