"""The Evaluate tab of a language model: perplexity and bits per character, held-out and of a pasted text."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.errors import Remedy
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.asked_model import AskedModel, model_of_run
from ptft_gui.gui.panels.run.evaluate.held_out_card import HeldOutCard
from ptft_gui.gui.panels.run.evaluate.measured_text_card import MeasuredTextCard
from ptft_gui.gui.panels.run.moment_bar import MomentBar
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.tab_order import order_tab_stops

_PAGE_WIDTH = 1008


class LanguageEvaluateTab(QWidget):
    """``action_requested`` carries an :class:`Action`, ``said`` a sentence, ``failed`` a :class:`PtftError`."""

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing: object = None
        self.held_out = HeldOutCard()
        self.own = MeasuredTextCard(asker)
        self.own.remedy_chosen.connect(self._on_remedy_chosen)
        self.later = PlainLabel(
            self.tr("A text of yours can be measured here as soon as a checkpoint has been saved."),
            TextStyle.BODY,
            Role.QUIET_TEXT,
        )
        self.moment = MomentBar()
        self.moment.action_requested.connect(self.action_requested)
        inner = QWidget()
        inner.setMaximumWidth(_PAGE_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        for widget in (self.held_out, self.own, self.later):
            column.addWidget(widget)
        column.addStretch(1)
        page = QWidget()
        page.setProperty("isPage", "true")
        row = QHBoxLayout(page)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        row.addWidget(inner, 1)
        row.addStretch(0)
        area = PageScroll(page, self.tr("Measurements"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.moment)
        whole.addWidget(area, 1)

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, with no text measured yet."""
        self._showing = None
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Follow the looks of a run that goes on."""
        summary = shown.summary
        newest = summary.checkpoints[-1].step if summary.checkpoints else None
        showing = (
            shown.run.path,
            shown.state,
            summary.evaluation_count,
            newest,
            shown.summary.final is not None,
        )
        if showing == self._showing:
            return
        self._showing = showing
        self.held_out.show()
        self.held_out.show_run(shown)
        model = model_of_run(shown)
        self.own.setVisible(model is not None)
        self.later.setVisible(model is None and shown.is_live)
        self.moment.setVisible(False)
        if model is not None:
            self.moment.show_moment(shown, model)
            self.own.show_model(model)
        order_tab_stops(self)

    def show_model(self, model: AskedModel) -> None:
        """Show a model that no run made: only a text of the person's can be measured."""
        self._showing = None
        self.moment.hide()
        self.held_out.hide()
        self.later.hide()
        self.own.show()
        self.own.show_model(model)
        order_tab_stops(self)

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))
