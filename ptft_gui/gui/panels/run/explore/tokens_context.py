"""One word in two sentences: how alike a model makes it after each of its layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote

_EXAMPLE = (
    "bank",
    "They sat on the bank of the river and looked at the water.",
    "She took her money to the bank in the town.",
)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class LayerBars(QWidget):
    """A bar for each layer, the entrance first; a stroke on the last one is where two different words stand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[float, ...] = ()
        self._usual: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("How alike the word is after each layer"))
        current_theme().theme_changed.connect(self._on_theme_changed)

    def show_layers(self, layers: Sequence[float], usual: float | None) -> None:
        self._layers, self._usual = tuple(layers), usual
        self.setAccessibleDescription(
            ", ".join(f"{self._name(place)} {value:.2f}" for place, value in enumerate(self._layers))
        )
        self.updateGeometry()
        self.update()

    def layers(self) -> tuple[float, ...]:
        return self._layers

    def _name(self, place: int) -> str:
        if place == 0:
            return self.tr("at the entrance")
        return self.tr("after layer {number}").format(number=place)

    def _row_height(self) -> int:
        return round(1.8 * current_theme().pixels(TextStyle.BODY))

    def sizeHint(self) -> QSize:
        return QSize(320, len(self._layers) * self._row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, height = QPainter(self), current_theme(), self._row_height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(TextStyle.BODY))
        metrics = painter.fontMetrics()
        names = max((metrics.horizontalAdvance(self._name(p)) for p in range(len(self._layers))), default=0)
        number = metrics.horizontalAdvance("-0.00") + Space.SMALL
        for place, value in enumerate(self._layers):
            row = QRectF(0, place * height, self.width(), height)
            painter.setPen(theme.colour(Role.TEXT))
            painter.drawText(row, _LEFT, self._name(place))
            painter.drawText(row, _RIGHT, f"{value:.2f}")
            room = row.adjusted(names + Space.MEDIUM, 0, -number, 0)
            is_last = place == len(self._layers) - 1
            self._paint_bar(painter, room, value, self._usual if is_last else None)
        painter.end()

    def _paint_bar(self, painter: QPainter, room: QRectF, value: float, usual: float | None) -> None:
        theme = current_theme()
        track = QRectF(room.left(), room.center().y() - 4, max(room.width(), 1.0), 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.BORDER))
        painter.drawRoundedRect(track, 4, 4)
        filled = QRectF(track)
        filled.setWidth(track.width() * min(max(value, 0.0), 1.0))
        painter.setBrush(theme.colour(Role.TRAINING))
        painter.drawRoundedRect(filled, 4, 4)
        if usual is not None:
            x = track.left() + track.width() * min(max(usual, 0.0), 1.0)
            painter.setPen(QPen(theme.colour(Role.HELD_OUT), 2))
            painter.drawLine(round(x), round(track.top() - 4), round(x), round(track.bottom() + 4))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


class WordInContextCard(Card):
    """A word and two sentences (contextWord, contextFirst, contextSecond), the answer in words and the layers."""

    remedy_chosen = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._path = ""
        self._question = OneQuestion(asker)
        self.set_title(self.tr("One word in two sentences"))
        self.set_caption(
            self.tr(
                "In Word2Vec a word has one place, whatever the sentence. Here it enters with one row of numbers, and "
                "each layer mixes in the words around it: a bank by a river and a bank with money drift apart."
            )
        )
        self.word, self.first, self.second = QLineEdit(), QLineEdit(), QLineEdit()
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.SMALL)
        for row, (field, name, label) in enumerate(
            (
                (self.word, "contextWord", self.tr("Word")),
                (self.first, "contextFirst", self.tr("First sentence")),
                (self.second, "contextSecond", self.tr("Second sentence")),
            )
        ):
            field.setObjectName(name)
            field.setAccessibleName(label)
            field.returnPressed.connect(self.ask)
            title = PlainLabel(label)
            title.setWordWrap(False)
            grid.addWidget(title, row, 0)
            grid.addWidget(field, row, 1)
        self.compare_button = SecondaryButton(self.tr("Compare"))
        self.compare_button.setObjectName("compareContextsButton")
        self.compare_button.clicked.connect(self.ask)
        buttons = QHBoxLayout()
        buttons.addWidget(self.compare_button)
        buttons.addStretch(1)
        self.problem = ProblemNote()
        self.problem.remedy_chosen.connect(self.remedy_chosen)
        self.answer = PlainLabel("", TextStyle.STRONG)
        self.answer.setObjectName("contextAnswer")
        self.bars = LayerBars()
        self.bars.setObjectName("contextLayers")
        self.legend = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.body.addLayout(grid)
        self.body.addLayout(buttons)
        for widget in (self.problem, self.answer, self.bars, self.legend):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_model(self, path: str) -> None:
        """Ask this model from now on, with the example of the river and the money in the fields."""
        self._path = path
        self._question.drop()
        for field, text in zip((self.word, self.first, self.second), _EXAMPLE, strict=True):
            field.setText(text)
        self._clear()

    def _clear(self) -> None:
        self.problem.hide()
        self.answer.setText("")
        self.bars.show_layers((), None)
        self.legend.setText("")

    @Slot()
    def ask(self) -> None:
        """Compare the word in the two sentences as they stand in the fields."""
        if not self._path:
            return
        self._clear()
        self.answer.setText(self.tr("Reading both sentences ..."))
        asked: dict[str, object] = {
            "model": self._path,
            "word": self.word.text(),
            "first": self.first.text(),
            "second": self.second.text(),
        }
        self._question.ask("word_in_context", asked, self._on_compared, self._on_problem)

    def _on_compared(self, result: dict[str, Any]) -> None:
        usual = result.get("usual")
        self.answer.setText(str(result["sentence"]))
        self.bars.show_layers(
            [float(value) for value in result["layers"]], None if usual is None else float(usual)
        )
        legend = self.tr("1.00: the same in both. At the entrance only its place in the sentence differs.")
        if usual is not None:
            legend += " " + self.tr(
                "Stroke: how alike two different words of the sentences are at the end. The nearer a bar is to it, the "
                "more the model takes the word for two."
            )
        self.legend.setText(legend)

    def _on_problem(self, problem: PtftError) -> None:
        self._clear()
        self.problem.show_problem(problem)
