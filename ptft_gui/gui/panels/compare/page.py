"""The Compare page: curves, settings, scores, watched words, and what changed from one run to another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.label_count import are_parts_of_one, label_title
from ptft_gui.core.race import are_one_race, race_title
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.panels.compare.compared_run import (
    ComparedRun,
    in_telling_order,
    short_titles,
    unique_titles,
)
from ptft_gui.gui.panels.compare.label_card import LabelCard
from ptft_gui.gui.panels.compare.losses import LossesCard
from ptft_gui.gui.panels.compare.probes_together import ProbesTogetherCard
from ptft_gui.gui.panels.compare.race_card import RaceCard
from ptft_gui.gui.panels.compare.tables import ScoresTable, SettingsTable
from ptft_gui.gui.panels.compare.watched import WatchedCard
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.changes_card import ChangesCard
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.tab_order import order_tab_stops
from ptft_gui.gui.widgets.view_choice import ViewChoice

OVERVIEW, WATCHED, CHANGES = "overview", "watched", "changes"


class ComparePage(QWidget):
    """Shows two or more runs against one another (comparePage).

    Runs that are the lanes of one race, or parts of the same rows, have a card of their own on top of it.
    ``show_runs`` takes the newest of each; cheap while nothing is new. ``word_requested`` carries a run's name and a
    word to ask it, ``said`` a sentence, ``failed`` a :class:`PtftError`.
    """

    word_requested = Signal(str, str)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparePage")
        self.setAccessibleName(self.tr("Compare runs"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._runs: tuple[ComparedRun, ...] = ()
        self._pair: object = None
        self._ordered_plots: object = None
        self._title = PlainLabel("", TextStyle.TITLE)
        self._title.setObjectName("compareTitle")
        self._which = ElidedLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._which.setObjectName("compareWhich")
        self.losses, self.settings, self.scores = LossesCard(), SettingsTable(), ScoresTable()
        self.race, self.labels, self.probes = RaceCard(), LabelCard(), ProbesTogetherCard()
        self.watched, self.changes = WatchedCard(), ChangesCard(asker)
        self.changes.word_activated.connect(self._on_word_activated)
        self.choice = ViewChoice(
            (
                (OVERVIEW, self.tr("Curves and settings")),
                (WATCHED, self.tr("Watched words")),
                (CHANGES, self.tr("What changed most")),
            ),
            self.tr("What to look at"),
        )
        self.choice.setObjectName("compareChoice")
        self._lay_out()
        for card in (
            self.race, self.labels, self.losses, self.probes, self.scores, self.settings, self.watched, self.changes,
        ):  # fmt: skip
            card.said.connect(self.said)
            card.failed.connect(self.failed)
        self.choice.value_changed.connect(self._on_choice_changed)
        self.choice.set_value(OVERVIEW)

    def _lay_out(self) -> None:
        self._views: dict[str, QWidget] = {
            OVERVIEW: self._make_overview(), WATCHED: _framed(self.watched), CHANGES: _framed(self._make_changes()),
        }  # fmt: skip
        self._stack = QStackedWidget()
        for view in self._views.values():
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.LARGE, 0, 0)  # the scroll bar stands at the edge
        column.setSpacing(Space.SMALL)
        column.addWidget(self._title)
        column.addWidget(self._which)
        column.addWidget(self.choice)
        column.addWidget(self._stack, 1)

    def _make_overview(self) -> QWidget:
        content = QWidget()
        content.setProperty("isPage", "true")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        for card in (self.race, self.labels, self.losses, self.probes, self.scores, self.settings):
            column.addWidget(card)
        column.addStretch(1)
        self._area = PageScroll(content, self.tr("Curves, settings and scores"))
        self._area.setObjectName("compareArea")
        return self._area

    def _make_changes(self) -> QWidget:
        page = QWidget()
        self._from, self._to = self._run_picker("changeFrom"), self._run_picker("changeTo")
        self._from.setAccessibleName(self.tr("The run before"))
        self._to.setAccessibleName(self.tr("The run after"))
        self._pickers = QWidget()
        row = QHBoxLayout(self._pickers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        for widget in (self._label(self.tr("From")), self._from, self._label(self.tr("to")), self._to):
            row.addWidget(widget, 1 if isinstance(widget, QComboBox) else 0)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._pickers)
        column.addWidget(self.changes, 1)
        return page

    def _run_picker(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(12)
        combo.activated.connect(self._show_changes)
        return combo

    @staticmethod
    def _label(words: str) -> PlainLabel:
        label = PlainLabel(words, TextStyle.BODY, Role.QUIET_TEXT)
        label.setWordWrap(False)
        return label

    # --- showing -----------------------------------------------------------------------------------------------

    def runs(self) -> tuple[ComparedRun, ...]:
        return self._runs

    def show_runs(self, runs: Sequence[ComparedRun], gone: Sequence[str] = ()) -> None:
        """Show these runs, the earlier one first; ``gone``: the titles of those that were deleted meanwhile."""
        self._runs = tuple(in_telling_order(runs))
        titles = unique_titles(self._runs)
        belongs = self._show_belonging(gone)
        named = short_titles(self._runs) if belongs else titles
        self._which.setText(" \N{MIDDLE DOT} ".join(named))
        for card in (self.losses, self.probes, self.settings, self.scores, self.watched):
            card.show_runs(self._runs)
        has_words = any(run.family is not None and run.family.saves_word_vectors for run in runs)
        self.choice.setVisible(has_words or not runs)
        if not has_words:
            self.choice.set_value(OVERVIEW)
        self._offer_pairs(short_titles(self._runs))
        self._show_changes()
        plots = (self.losses.plot, self.labels.plot)
        if self._ordered_plots != plots:  # they are made when there is something to draw
            self._ordered_plots = plots
            order_tab_stops(self)

    def _show_belonging(self, gone: Sequence[str]) -> bool:
        """The card of a race or of a count of labels, where these runs are one; the page is called after it."""
        specs = [run.summary.spec for run in self._runs]
        is_race = self._belongs(are_one_race(specs), self.race, gone)
        is_count = not is_race and self._belongs(are_parts_of_one(specs), self.labels, gone)
        self.race.setVisible(is_race)
        self.labels.setVisible(is_count)
        if is_race:
            self.race.show_race(self._runs, gone)
            self._title.setText(self.tr("Race: {name}").format(name=race_title(_as_called(self._runs[0]))))
        elif is_count:
            self.labels.show_parts(self._runs, gone)
            self._title.setText(self.tr("Labels: {name}").format(name=label_title(_as_called(self._runs[0]))))
        else:
            several = self.tr("Compare {n} runs").format(n=len(self._runs))
            self._title.setText(several if len(self._runs) != 1 else self.tr("One run is left to compare"))
        return is_race or is_count

    def _belongs(self, is_one: bool, card: QWidget, gone: Sequence[str]) -> bool:
        """A race of which one lane is left is still that race."""
        return is_one or (len(self._runs) == 1 and bool(gone) and not card.isHidden())

    def _offer_pairs(self, titles: Sequence[str]) -> None:
        for combo, place in ((self._from, 0), (self._to, 1)):
            if titles == [combo.itemText(row) for row in range(combo.count())]:
                continue
            combo.clear()
            combo.addItems(list(titles))
            combo.setCurrentIndex(min(place, len(titles) - 1))

    @Slot()
    def _show_changes(self) -> None:
        """Ask for the changes when the pair is another, or has a model now."""
        if len(self._runs) < 2:
            return
        before, after = self._runs[self._from.currentIndex()], self._runs[self._to.currentIndex()]
        pair = (before.path, after.path, before.has_vectors, after.has_vectors)
        if pair == self._pair:
            return
        self._pair = pair
        if before.path == after.path:
            self.changes.show_pair("", "", self.tr("Choose two different runs."))
            return
        without = next((run for run in (before, after) if not run.has_vectors), None)
        if without is not None:
            self.changes.show_pair("", "", self._why_no_vectors(without))
            return
        self.changes.show_pair(str(before.path), str(after.path), "")

    def _why_no_vectors(self, run: ComparedRun) -> str:
        if run.family is not None and not run.family.saves_word_vectors:
            words = self.tr(
                "{title} keeps no word vectors, so there is nothing to compare: Word2Vec and GloVe make them."
            )
        else:
            words = self.tr("{title} has no model yet, so there is nothing to compare its words with.")
        return words.format(title=run.title)

    @Slot(str)
    def _on_choice_changed(self, value: str) -> None:
        self._stack.setCurrentWidget(self._views[value])

    @Slot(str)
    def _on_word_activated(self, word: str) -> None:
        if self._runs:
            self.word_requested.emit(self._runs[self._to.currentIndex()].name, word)


def _framed(view: QWidget) -> QWidget:
    """A view that fills the page, with the page's margin."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, Space.MEDIUM, Space.MEDIUM)
    column.addWidget(view)
    return frame


def _as_called(run: ComparedRun) -> RunSpec:
    """The request of a run under the name that it has now."""
    spec = run.summary.spec
    assert spec is not None
    return spec.model_copy(update={"name": run.title})
