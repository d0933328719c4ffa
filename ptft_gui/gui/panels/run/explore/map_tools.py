"""What a person chooses about the map: how it is made, how many words, what colours them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.flow_layout import FlowLayout

PCA, TSNE, UMAP = "pca", "tsne", "umap"
Colouring = Literal["none", "frequency", "group", "value"]
NONE: Colouring = "none"
FREQUENCY: Colouring = "frequency"
GROUP: Colouring = "group"
VALUE: Colouring = "value"
_USUAL = {PCA: 100_000, TSNE: 5_000, UMAP: 5_000}
"""How many words are drawn unless a person asks for more."""
_MOST = {PCA: 1_000_000, TSNE: 50_000, UMAP: 100_000}
_STEPS = (1_000, 5_000, 20_000, 50_000, 100_000, 400_000)
_SLOW_FROM = {TSNE: 5_001, UMAP: 20_001}


@dataclass(frozen=True)
class MapChoice:
    """How the map is made. ``sample``: the most words drawn."""

    method: str = PCA
    dimensions: int = 2
    sample: int = _USUAL[PCA]


class MapTools(QWidget):
    """The row above the map. Choices stay while the program runs.

    ``changed`` when the map has to be made anew, ``colouring_changed`` when the colours are, ``column_requested`` when
    a column of a file shall colour it, ``column_chosen`` carries another column of that file.
    """

    changed = Signal()
    colouring_changed = Signal()
    column_requested = Signal()
    column_chosen = Signal(str)
    lasso_toggled = Signal(bool)
    show_all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples = dict(_USUAL)
        self._words: int | None = None
        self._colouring: Colouring = NONE
        self.method = self._combo("mapMethod", self.tr("How the map is made"))
        for key, words, tip in self._methods():
            self.method.addItem(words, key)
            self.method.setItemData(self.method.count() - 1, tip, 3)  # Qt.ToolTipRole
        self.dimensions = self._combo("mapDimensions", self.tr("Dimensions of the map"))
        self.dimensions.addItem(self.tr("2-D"), 2)
        self.dimensions.addItem(self.tr("3-D"), 3)
        self.sample = self._combo("mapSample", self.tr("How many words are drawn"))
        self.colour = self._combo("mapColour", self.tr("What colours the words"))
        self._fill_colours()
        self._keep_width(self.sample, 10)
        self._keep_width(self.colour, 9)
        self.colour.view().setMinimumWidth(240)
        self.column = self._combo("mapColumn", self.tr("Column of your file"))
        self._keep_width(self.column, 9)
        self.column.textActivated.connect(self.column_chosen)
        self.column.hide()
        self.lasso = QuietButton(self.tr("Draw around words"))
        self.lasso.setObjectName("lassoButton")
        self.lasso.setCheckable(True)
        self.lasso.setToolTip(self.tr("Draw a line around words to take them along as a list"))
        self.lasso.toggled.connect(self.lasso_toggled)
        self.show_all = QuietButton(self.tr("Show all"))
        self.show_all.setObjectName("showAllButton")
        self.show_all.setToolTip(self.tr("Bring the whole map into view"))
        self.show_all.clicked.connect(self.show_all_requested)
        self.flow = FlowLayout(self, Space.SMALL)
        for widget in (
            self.method, self.dimensions, self.sample, self.colour, self.column, self.lasso, self.show_all,
        ):  # fmt: skip
            self.flow.addWidget(widget)
        self._fill_samples()
        self.method.currentIndexChanged.connect(self._on_method_changed)
        self.dimensions.currentIndexChanged.connect(self._on_changed)
        self.sample.currentIndexChanged.connect(self._on_sample_changed)
        self.colour.activated.connect(self._on_colour_chosen)

    def _methods(self) -> tuple[tuple[str, str, str], ...]:
        return (
            (PCA, self.tr("PCA"), self.method_sentence(PCA)),
            (TSNE, self.tr("t-SNE"), self.method_sentence(TSNE)),
            (UMAP, self.tr("UMAP"), self.method_sentence(UMAP)),
        )

    def method_sentence(self, method: str) -> str:
        """What a map of that kind shows, and what must not be read out of it."""
        sentences = {
            PCA: self.tr("PCA looks at the cloud of words from its widest side."),
            TSNE: self.tr("t-SNE draws islands of neighbours; how far apart islands lie means little."),
            UMAP: self.tr("UMAP draws islands of neighbours, related islands near each other."),
        }
        return sentences.get(method, "")

    def _combo(self, name: str, words: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setAccessibleName(words)
        combo.setToolTip(words)
        return combo

    @staticmethod
    def _keep_width(combo: QComboBox, signs: int) -> None:
        """One width whatever is in it, so that the row keeps its places."""
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(signs)

    # --- what is chosen ----------------------------------------------------------------------------------------

    def choice(self) -> MapChoice:
        """How the map is to be made."""
        method = str(self.method.currentData())
        return MapChoice(method, int(self.dimensions.currentData()), self._samples[method])

    def colouring(self) -> Colouring:
        """What colours the words."""
        return self._colouring

    def set_method(self, method: str) -> None:
        """Choose a method without asking for a map, as when a person gave a slow one up."""
        self.method.blockSignals(True)
        self.method.setCurrentIndex(self.method.findData(method))
        self.method.blockSignals(False)
        self._fill_samples()

    def set_vocabulary(self, words: int) -> None:
        """The model has so many words; no more can be drawn."""
        if words != self._words:
            self._words = words
            self._fill_samples()

    def set_column(self, name: str, columns: Sequence[str]) -> None:
        """A column of a person's file colours the words now; ``columns``: those that may be chosen instead."""
        self.column.blockSignals(True)
        self.column.clear()
        self.column.addItems(list(columns))
        self.column.setCurrentIndex(self.column.findText(name))
        self.column.blockSignals(False)
        self._fill_colours(name)
        self._choose_colour(VALUE)

    def cost_sentence(self) -> str:
        """What the choice will cost, where it costs much."""
        choice = self.choice()
        count = min(choice.sample, self._words or choice.sample)
        if choice.method == PCA or count < _SLOW_FROM[choice.method]:
            return ""
        words = self.tr("{count} words take minutes; PCA shows them at once.")
        return words.format(count=f"{count:,}")

    # --- filling -----------------------------------------------------------------------------------------------

    def _fill_samples(self) -> None:
        method = str(self.method.currentData())
        most = min(_MOST[method], self._words or _MOST[method])
        self.sample.blockSignals(True)
        self.sample.clear()
        for step in (step for step in _STEPS if step < most):
            self.sample.addItem(self.tr("{count} words").format(count=f"{step:,}"), step)
        whole = self.tr("all words") if most == self._words else self.tr("{count} words")
        if self._words is not None or method != PCA:
            self.sample.addItem(whole.format(count=f"{most:,}"), most)
        self._choose_sample(min(self._samples[method], most))
        self.sample.blockSignals(False)

    def _choose_sample(self, wanted: int) -> None:
        sizes = [int(self.sample.itemData(row)) for row in range(self.sample.count())]
        fitting = [row for row, size in enumerate(sizes) if size >= wanted]
        self.sample.setCurrentIndex(fitting[0] if fitting else len(sizes) - 1)

    def _fill_colours(self, column: str = "") -> None:
        self.colour.clear()
        self.colour.addItem(self.tr("One colour"), NONE)
        self.colour.addItem(self.tr("By frequency"), FREQUENCY)
        self.colour.addItem(self.tr("By cluster"), GROUP)
        if column:
            self.colour.addItem(self.tr("By {column}").format(column=column[:24]), VALUE)
        self.colour.addItem(self.tr("By a column of my file..."), "file")

    def _choose_colour(self, colouring: Colouring) -> None:
        self._colouring = colouring
        self.colour.setCurrentIndex(max(self.colour.findData(colouring), 0))
        self.column.setVisible(colouring == VALUE and self.column.count() > 1)
        self.colouring_changed.emit()

    # --- what a person does ------------------------------------------------------------------------------------

    @Slot()
    def _on_method_changed(self) -> None:
        self._fill_samples()
        self.changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()

    @Slot()
    def _on_sample_changed(self) -> None:
        self._samples[str(self.method.currentData())] = int(self.sample.currentData())
        self.changed.emit()

    @Slot()
    def _on_colour_chosen(self) -> None:
        chosen = self.colour.currentData()
        if chosen in get_args(Colouring):
            self._choose_colour(chosen)
        else:
            self.colour.setCurrentIndex(max(self.colour.findData(self._colouring), 0))
            self.column_requested.emit()


def first_of(choice: MapChoice) -> MapChoice:
    """The picture that is there at once, until the one of ``choice`` has been made."""
    return replace(choice, method=PCA)
