"""Datasets from the network: a short gallery and a field for a name; what it costs is said before the download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.wording import bytes_text
from ptft_gui.gui.widgets.action_card import ActionCard
from ptft_gui.gui.widgets.data_answers import GalleryEntry, name_of
from ptft_gui.gui.widgets.data_words import count_words
from ptft_gui.gui.widgets.hub_picker import HubPicker, Question, cost_lines

translate = QCoreApplication.translate


class NetworkPicker(HubPicker):
    """``downloaded`` carries the name that the dataset has in the library."""

    def _name_label(self) -> str:
        return self.tr("Name of a dataset on the hub")

    def _sentence(self) -> str:
        return self.tr(
            "Marked network: looking a dataset up and downloading it goes online. Afterwards it stays on this "
            "computer and works offline."
        )

    def _no_name(self) -> str:
        return self.tr("Write the name of a dataset, as in owner/name.")

    def _look_up_question(self) -> Question:
        return "hub_info", {"dataset": self._id, **({"config": self._config} if self._config else {})}

    def _download_question(self) -> Question:
        arguments: dict[str, object] = {
            "dataset": self._id,
            "config": self._found.config() or self._config or None,
            "name": self._id.rpartition("/")[2],
        }
        return "download_dataset", arguments

    def _fetched_name(self, answer: dict[str, Any]) -> str:
        return name_of(answer) or self._id.rpartition("/")[2]

    def _lines(self, answer: dict[str, Any]) -> list[str]:
        lines = [str(answer.get("sentence") or answer.get("description") or "")[:300], *cost_lines(answer)]
        lines.extend(_split_lines(answer.get("splits")))
        lines.extend(str(notice) for notice in answer.get("notices") or ())
        return [line for line in lines if line.strip()]

    def show_gallery(self, gallery: Sequence[GalleryEntry]) -> None:
        """Offer these well-known datasets."""
        self.show_cards([self._make_card(entry) for entry in gallery])

    def _make_card(self, entry: GalleryEntry) -> ActionCard:
        rows = count_words(entry.rows, self.tr("1 row"), self.tr("{count} rows")) if entry.rows else ""
        size = bytes_text(entry.size_bytes) if entry.size_bytes else ""
        facts = " \N{MIDDLE DOT} ".join(part for part in (rows, size, entry.language, entry.licence) if part)
        card = ActionCard(entry.title, entry.sentence, facts, icon="download")
        card.setObjectName(f"gallery_{entry.id}")
        card.setProperty("hubId", entry.id)
        card.setProperty("hubConfig", entry.config)
        return card


def _split_lines(splits: Any) -> list[str]:
    records = splits.items() if isinstance(splits, dict) else [_split_pair(record) for record in splits or []]
    parts = [f"{name} {rows:,}" if isinstance(rows, int) else str(name) for name, rows in records]
    return [translate("NetworkPicker", "Parts: {parts}").format(parts=", ".join(parts))] if parts else []


def _split_pair(record: Any) -> tuple[str, Any]:
    if isinstance(record, dict):
        return str(record.get("name") or ""), record.get("rows")
    return str(record), None
