"""The Explore tab of a language model: tokens near a token, how a text is cut, one word in two sentences."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import Remedy
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.asked_model import AskedModel, model_of_run
from ptft_gui.gui.panels.run.explore.tokens_context import WordInContextCard
from ptft_gui.gui.panels.run.explore.tokens_cut import TokensCutCard
from ptft_gui.gui.panels.run.explore.tokens_near import TokensNearCard
from ptft_gui.gui.panels.run.moment_bar import MomentBar, say_why_not
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Space
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.tab_order import order_tab_stops
from ptft_gui.gui.widgets.view_choice import ViewChoice

CUT, CONTEXT = "cut", "context"
_LEFT_WIDTH = 320
_EXAMPLE = "The unexpected thunderstorm surprised everybody at the riverside."


class TokensTab(QWidget):
    """``action_requested`` carries an :class:`Action`, ``said`` a sentence, ``failed`` a :class:`PtftError`."""

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing: object = None
        self._path = ""
        self._empty_action = Action("show_train", "")
        self.near = TokensNearCard(asker)
        self.cut = TokensCutCard(asker)
        self.context = WordInContextCard(asker)
        self.moment = MomentBar()
        self.moment.action_requested.connect(self.action_requested)
        self._empty = EmptyState("", icon="search")
        self._empty.action_requested.connect(self._on_empty_action)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._make_questions())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.moment)
        whole.addWidget(self._stack, 1)
        self.cut.token_chosen.connect(self.near.ask)
        self.cut.cut.connect(self._on_cut)
        for card in (self.near, self.context):
            card.remedy_chosen.connect(self._on_remedy_chosen)
        self.choice.set_value(CUT)

    def _make_questions(self) -> QWidget:
        self.choice = ViewChoice(
            ((CUT, self.tr("How a text is cut")), (CONTEXT, self.tr("One word in two sentences"))),
            self.tr("What to look at"),
        )
        self.choice.setObjectName("tokensChoice")
        self.choice.value_changed.connect(self._on_choice_changed)
        self._views: dict[str, QWidget] = {CUT: self.cut, CONTEXT: self.context}
        self._right = QStackedWidget()
        for view in self._views.values():
            self._right.addWidget(view)
        right = QVBoxLayout()
        right.setSpacing(Space.SMALL)
        right.addWidget(self.choice)
        right.addWidget(self._right, 1)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        row.setSpacing(Space.LARGE)
        scale_with_type(self.near, self.near.setFixedWidth, _LEFT_WIDTH)
        row.addWidget(self.near)
        row.addLayout(right, 1)
        return page

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, with nothing asked yet."""
        self._showing, self._path = None, ""
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Nothing here changes but with the state and with a new checkpoint."""
        checkpoints = shown.summary.checkpoints
        showing = (
            shown.run.path, shown.state, checkpoints[-1].step if checkpoints else None, shown.summary.step > 0,
        )  # fmt: skip
        if showing == self._showing:
            return
        self._showing = showing
        model = model_of_run(shown)
        if model is None:
            self._path = ""
            self.moment.hide()
            self._empty_action = say_why_not(self._empty, shown)
            self._stack.setCurrentIndex(0)
            return
        self.moment.show_moment(shown, model)
        self._show(model, shown.fills_blanks)

    def show_model(self, model: AskedModel, fills_blanks: bool) -> None:
        """Show a model that no run made."""
        self._showing, self._path = None, ""
        self.moment.hide()
        self._show(model, fills_blanks)

    def _show(self, model: AskedModel, fills_blanks: bool) -> None:
        if model.path == self._path:  # a newer checkpoint: what was asked stays
            return
        self._path = model.path
        self.near.show_model(model.path)
        self.cut.show_model(model.path, _EXAMPLE)
        self.context.show_model(model.path)
        self.choice.show_view(CONTEXT, fills_blanks)
        self.choice.setVisible(fills_blanks)
        self.choice.set_value(CUT)
        self._stack.setCurrentIndex(1)
        order_tab_stops(self)
        self._ask_first_question()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_first_question()

    def _ask_first_question(self) -> None:
        if self.isVisible() and self._path:
            self.cut.ask_first()

    def focus_query(self) -> None:
        """Put the cursor where a token is typed."""
        self.near.focus_query()

    @Slot()
    def _on_cut(self) -> None:
        """Something to look at from the beginning: what is near to a word of the text."""
        if self.near.is_untouched and (token := self.cut.longest_token()):
            self.near.ask(token)

    @Slot(str)
    def _on_choice_changed(self, value: str) -> None:
        self._right.setCurrentWidget(self._views[value])

    @Slot()
    def _on_empty_action(self) -> None:
        self.action_requested.emit(self._empty_action)

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))
