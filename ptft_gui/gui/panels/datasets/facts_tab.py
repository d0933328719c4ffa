"""The tab *Facts*: numbers, lengths, classes, language, and warnings with what to do about them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.wording import count_text
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.bar_charts import ClassBars, LengthChart
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.data_answers import DataWarning, OpenedData, StudiedData
from ptft_gui.gui.widgets.data_words import frequency_title, labels_title
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.metric_chip import MetricChip

_SIDE_BY_SIDE = 600


class FactsTab(QWidget):
    """``rows_wanted`` carries a finding whose rows a person wants to see."""

    rows_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips = self._make_chips()
        self._language = PlainLabel("", TextStyle.BODY)
        self._language.setObjectName("languageSentence")
        self._warnings = Card(self.tr("Worth knowing before training"))
        self._warnings.setObjectName("datasetWarnings")
        self._warning_rows: list[QWidget] = []
        self.lengths = LengthChart()
        self._lengths_card = Card(self.tr("How long the texts are"))
        self._lengths_words = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.classes = ClassBars()
        self._classes_card = Card(self.tr("How often each class occurs"))
        self._rest = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._build()
        self.show_facts(OpenedData(), StudiedData())  # nothing is known yet, so nothing is there

    def _make_chips(self) -> dict[str, MetricChip]:
        names = {
            "rows": self.tr("Rows"),
            "tokens": self.tr("Words"),
            "types": self.tr("Different words"),
            "classes": self.tr("Classes"),
            "empty": self.tr("Empty"),
            "suspicious": self.tr("Worth a look"),
            "language": self.tr("Language"),
        }
        chips = {key: MetricChip(name) for key, name in names.items()}
        for key, chip in chips.items():
            chip.setObjectName(f"fact_{key}")
        return chips

    def _build(self) -> None:
        chip_row = QWidget()
        flow = FlowLayout(chip_row)
        for chip in self._chips.values():
            flow.addWidget(chip)
        self._lengths_card.body.addWidget(self.lengths)
        self._lengths_card.body.addWidget(self._lengths_words)
        self._lengths_card.body.addStretch(1)
        self._classes_card.body.addWidget(self.classes)
        self._classes_card.body.addWidget(self._rest)
        self._classes_card.body.addStretch(1)
        self._charts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._charts.setSpacing(Space.MEDIUM)
        self._charts.addWidget(self._lengths_card, 1)
        self._charts.addWidget(self._classes_card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        for widget in (chip_row, self._language, self._warnings):
            column.addWidget(widget)
        column.addLayout(self._charts)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_wide = self.width() >= _SIDE_BY_SIDE
        self._charts.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)

    def show_facts(self, data: OpenedData, studied: StudiedData) -> None:
        """Show what was counted; what is not known is not there."""
        classes = studied.all_classes()
        self._chips["classes"].set_name(labels_title(studied.task))
        self._classes_card.set_title(frequency_title(studied.task))
        self.classes.setAccessibleName(frequency_title(studied.task))
        is_counted = bool(studied.rows) and not data.is_running_text
        values = {
            "rows": f"{sum(studied.rows.values()):,}" if is_counted else "",
            "tokens": count_text(studied.tokens) if studied.tokens else "",
            "types": count_text(studied.types) if studied.types else "",
            "classes": f"{len(classes):,}" if classes else "",
            "empty": f"{studied.empty:,}" if data.is_table else "",
            "suspicious": f"{studied.suspicious:,}" if studied.suspicious and is_counted else "",
            "language": studied.language,
        }
        for key, value in values.items():
            self._chips[key].set_value(value)
            self._chips[key].setVisible(bool(value))
        self._chips["empty"].set_value(values["empty"], Role.WARNING if studied.empty else Role.TEXT)
        self._chips["suspicious"].set_value(
            values["suspicious"],
            Role.TEXT,
            self.tr("Texts that look odd: broken signs, one word again and again, or hardly any letters."),
        )
        self._show_text(self._language, studied.language_sentence)
        self._show_warnings(studied.warnings)
        self.lengths.show_lengths(studied.lengths)
        self._show_text(self._lengths_words, self.lengths.sentence())
        self._lengths_card.setVisible(bool(studied.lengths.counts) and is_counted)
        self.classes.show_classes(classes)
        self._show_text(self._rest, self.classes.rest_sentence())
        self._classes_card.setVisible(bool(classes))

    @staticmethod
    def _show_text(label: PlainLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _show_warnings(self, warnings: Sequence[DataWarning]) -> None:
        for row in self._warning_rows:
            self._warnings.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._warning_rows = [self._make_warning(warning) for warning in warnings]
        for row in self._warning_rows:
            self._warnings.body.addWidget(row)
        self._warnings.setVisible(bool(warnings))

    def _make_warning(self, warning: DataWarning) -> QWidget:
        row_widget = QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(warning.sentence, TextStyle.BODY, Role.WARNING_TEXT))
        if warning.hint:
            words.addWidget(PlainLabel(warning.hint, TextStyle.CAPTION, Role.QUIET_TEXT))
        row = QHBoxLayout(row_widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.MEDIUM)
        row.addLayout(words, 1)
        if warning.finding:
            button = QuietButton(self.tr("Show rows"), "table")
            button.setObjectName(f"warningRows_{warning.key}")
            button.setAccessibleName(self.tr("Show the rows: {warning}").format(warning=warning.sentence))
            button.setProperty("finding", warning.finding)
            button.clicked.connect(self._on_show_rows)
            row.addWidget(button)
        return row_widget

    @Slot()
    def _on_show_rows(self) -> None:
        self.rows_wanted.emit(self.sender().property("finding"))
