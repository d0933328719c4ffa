"""The tab *Cleaning*: how text becomes words, each switch with its effect on sentences of this very data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.data_options import PREPARATION_OPTIONS
from ptft_gui.core.family.options import OptionValue
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.labels import Divider, PlainLabel
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.spanned_text import Span, SpannedText
from ptft_gui.gui.widgets.spec_form import SpecForm

_ASK_AFTER_MS = 150
_FORM_WIDTH = 320
_SHOWN = 6


class CleaningTab(QWidget):
    """``changed`` when a person changed a switch."""

    changed = Signal()

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._request: DataRequest | None = None
        self._question = ""
        self._answered_for: tuple[object, ...] = ()
        self.form = SpecForm([replace(option, advanced=False) for option in PREPARATION_OPTIONS])
        self._state = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._state.setObjectName("preparationState")
        self._pairs = QVBoxLayout()
        self._pairs.setSpacing(Space.SMALL)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_ASK_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        self._build()
        self.form.changed.connect(self._on_changed)

    def _build(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, Space.SMALL, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(PlainLabel(self.tr("Before and after"), TextStyle.STRONG))
        note = self.tr(
            "For Word2Vec and GloVe, which read words; BERT and GPT cut the text into pieces of their own. Struck "
            "through is left out, underlined is changed. Below each sentence are the words the model sees."
        )
        column.addWidget(PlainLabel(note, TextStyle.CAPTION, Role.QUIET_TEXT))
        column.addWidget(self._state)
        column.addLayout(self._pairs)
        column.addStretch(1)
        form_area = _scrolling(self.form)
        scale_with_type(form_area, form_area.setFixedWidth, _FORM_WIDTH + 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.LARGE)
        row.addWidget(form_area)
        row.addWidget(_scrolling(right), 1)

    def settings(self) -> dict[str, OptionValue]:
        """The switches a person changed."""
        return self.form.changed_values()

    def show_settings(self, settings: Mapping[str, OptionValue]) -> None:
        """Show these switches, all others as usual; nobody is told."""
        self.form.blockSignals(True)
        self.form.show_defaults()
        self.form.set_values(settings)
        self.form.blockSignals(False)

    def show_request(self, request: DataRequest | None) -> None:
        """The data whose sentences are shown."""
        self._request = request
        self._clear()
        self._state.setText("")
        self._answered_for = ()
        if self.isVisible():
            self.look()

    def look(self) -> None:
        """Ask how the first sentences become words, unless that is known."""
        if self._request is not None and self._answered_for != self._wanted():
            self._timer.start()

    def give_up(self) -> None:
        """Stop asking."""
        self._timer.stop()
        if self._question:
            self._asker.cancel(self._question)
            self._question = ""

    def _wanted(self) -> tuple[object, ...]:
        return self._request, self.settings()

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()
        self.look()

    @Slot()
    def _ask(self) -> None:
        if self._request is None or self.form.problems():
            return
        self.give_up()
        self._answered_for = self._wanted()
        arguments: dict[str, object] = {
            "request": self._request.model_dump(mode="json"),
            "preparation": self.settings(),
        }
        if not self._pairs.count():
            self._state.setText(self.tr("Preparing the first sentences ..."))
        self._question = self._asker.ask("prepare_preview", arguments, self._on_pairs, self._on_problem)

    def _on_pairs(self, answer: dict[str, Any]) -> None:
        self._question = ""
        self._clear()
        self._state.set_ink(Role.QUIET_TEXT)
        self._state.setText(str(answer.get("sentence") or ""))
        for place, pair in enumerate((answer.get("pairs") or [])[:_SHOWN]):
            if place:
                self._pairs.addWidget(Divider())
            self._pairs.addWidget(_Pair(pair))

    def _on_problem(self, problem: PtftError) -> None:
        self._question = ""
        self._answered_for = ()
        self._state.set_ink(Role.BAD_TEXT)
        self._state.setText(problem.as_sentence())

    def _clear(self) -> None:
        while (item := self._pairs.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


class _Pair(QWidget):
    """A sentence as it stands, and the words it becomes."""

    def __init__(self, pair: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        before = str(pair.get("before") or pair.get("raw") or "")
        words = [str(word) for word in pair.get("words") or []]
        dropped = [str(word) for word in pair.get("dropped") or []]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        raw = SpannedText()
        raw.show_text(before, _spans(pair, before))
        after = " \N{MIDDLE DOT} ".join(words) if words else self.tr("Nothing is left of it.")
        column.addWidget(raw)
        column.addWidget(PlainLabel(after, TextStyle.BODY, Role.GOOD_TEXT if words else Role.WARNING_TEXT))
        if dropped and not pair.get("spans"):
            left_out = self.tr("Left out: {words}").format(words=" ".join(dropped))
            column.addWidget(PlainLabel(left_out, TextStyle.CAPTION, Role.QUIET_TEXT))
        if note := str(pair.get("note") or ""):
            column.addWidget(PlainLabel(note, TextStyle.CAPTION, Role.QUIET_TEXT))


def _spans(pair: Mapping[str, Any], text: str) -> list[Span]:
    records = [record for record in pair.get("spans") or [] if isinstance(record, dict)]
    spans = (Span(int(r["start"]), int(r["end"]), r.get("kind") == "dropped") for r in records)
    return [span for span in spans if 0 <= span.start < span.end <= len(text)]


def _scrolling(content: QWidget) -> PageScroll:
    content.setProperty("isPage", True)
    return PageScroll(content)
