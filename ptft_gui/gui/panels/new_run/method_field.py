"""What of a start learns when it is fine-tuned: the methods, drawn on the model, and how many numbers that are."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.family.definition import FROZEN, FULL
from ptft_gui.core.family.methods import METHODS, Anatomy
from ptft_gui.core.wording import bytes_text
from ptft_gui.gui.panels.new_run.race_field import RaceField
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.anatomy_picture import AnatomyPicture
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice


class MethodField(QWidget):
    """The methods (methodPicker), the picture, a line below (methodNumbers); ``changed`` follows every other method.

    Until a person chooses, a start is kept frozen, and what begins from nothing learns in full. ``race``: several of
    them instead of one.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_own = False
        self._is_proposing = self._has_picture = False
        choices = [(method.key, method.title, f"{method.sentence} {method.when}") for method in METHODS]
        self.picker = SegmentedChoice(choices, self.tr("What of it learns"), fallback_columns=2)
        self.picker.setObjectName("methodPicker")
        self.picture = AnatomyPicture()
        self.numbers = PlainLabel("", TextStyle.CAPTION)
        self.numbers.setObjectName("methodNumbers")
        self.numbers.set_ink(Role.TEXT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        self.race = RaceField()
        for widget in (self.picker, self.picture, self.numbers, self.race):
            column.addWidget(widget)
        self.race.changed.connect(self._on_race_changed)
        self.picker.value_changed.connect(self._on_changed)
        self.show_numbers(None, None, None)

    def value(self) -> str:
        """The chosen method; of a race that of the lane that costs most."""
        return self.race.dearest_method() if self.race.is_on() else self.picker.value()

    def methods(self) -> tuple[str, ...]:
        """All methods that are to be learned with: one, or those of a race's lanes."""
        return self.race.methods() if self.race.is_on() else (self.picker.value(),)

    def offer(self, methods: tuple[str, ...]) -> None:
        """Offer only these methods."""
        self._is_proposing = True
        self.picker.offer(methods)
        self._is_proposing = False
        self.race.offer(methods)
        self._show_choice()

    def choose(self, method: str) -> None:
        """Take over what a person chose."""
        self._is_own = True
        self.race.start_afresh()
        self.picker.set_value(method)

    def propose(self, is_from_nothing: bool) -> None:
        """Choose what suits the start, unless a person chose."""
        if self._is_own:
            return
        self._is_proposing = True
        self.picker.set_value(FULL if is_from_nothing else FROZEN)
        self._is_proposing = False

    def start_afresh(self) -> None:
        self._is_own = False
        self.race.start_afresh()
        self.propose(is_from_nothing=False)

    def show_anatomy(self, anatomy: Anatomy | None) -> None:
        """Draw a language model and say what the method trains of it; None where it is not known."""
        self._has_picture = anatomy is not None
        self.picture.show_anatomy(anatomy)
        text = ""
        if anatomy is not None:
            cost = self.tr("About {memory} of memory; a file of {file}.").format(
                memory=bytes_text(anatomy.memory_bytes), file=bytes_text(anatomy.file_bytes)
            )
            text = f"{anatomy.sentence} {cost}"
        self._say(text)

    def show_numbers(self, words: int | None, size: int | None, classes: int | None) -> None:
        """As in "Trains 1,540 of 960,000 numbers (0.16 %)."; empty where the start or the classes are not known."""
        text = ""
        if words and size and classes:
            layer, vectors = classes * (size + 1), words * size
            trained = layer + (vectors if self.value() == FULL else 0)
            sentence = (
                self.tr("Trains up to {trained} of {all} numbers ({share}).")
                if self.value() == FULL
                else self.tr("Trains {trained} of {all} numbers ({share}).")
            )
            text = sentence.format(
                trained=f"{trained:,}", all=f"{layer + vectors:,}", share=_share(trained / (layer + vectors))
            )
        self._has_picture = False
        self.picture.show_anatomy(None)
        self._say(text)

    def _say(self, text: str) -> None:
        self.numbers.setText(text)
        self._show_choice()

    def _show_choice(self) -> None:
        """One method with its picture, or the lanes of a race."""
        is_one = not self.race.is_on()
        self.picker.setVisible(is_one)
        self.picture.setVisible(is_one and self._has_picture)
        self.numbers.setVisible(is_one and bool(self.numbers.text()))

    @Slot()
    def _on_race_changed(self) -> None:
        self._show_choice()
        self.changed.emit()

    @Slot(str)
    def _on_changed(self, _method: str) -> None:
        if not self._is_proposing:
            self._is_own = True
        self.changed.emit()


def _share(share: float) -> str:
    percent = 100 * share
    return f"{percent:.2g} %" if percent < 10 else f"{percent:.0f} %"
