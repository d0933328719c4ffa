"""What a fine-tuned model answered before it learned: the same input, held beside the answer of the trained one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.telling.before_and_after import before_and_after
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.mark_legend import marked_kinds
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.class_bars import ClassBars
from ptft_gui.gui.widgets.coloured_text import ColouredText
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion

_AFTER_MS = 350
"""The answer itself comes first; the one from before training follows once a person pauses."""
SIDE_BY_SIDE_FROM, TABLES_SIDE_BY_SIDE_FROM = 560, 760
_MOST_SHOWN = 20_000


class BeforeCard(Card):
    """beforeHeadline, beforeResult (bars), beforeText (marks or writing), beforeLegend and beforeNote; not there
    without a before."""

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("beforeCard")
        self._question = OneQuestion(asker)
        self._run, self._task, self._start = "", "", ""
        self._is_random = False
        self._asked: dict[str, object] = {}
        self._text = ""
        self._order: tuple[str, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_MS)
        self._timer.timeout.connect(self._ask_now)
        self.headline = PlainLabel("", TextStyle.TITLE)
        self.headline.setObjectName("beforeHeadline")
        self.bars = ClassBars()
        self.bars.setObjectName("beforeResult")
        self.marked = ColouredText()
        self.marked.setObjectName("beforeText")
        self.legend = ColouredText()
        self.legend.setObjectName("beforeLegend")
        self.written = PlainLabel("", TextStyle.BODY)
        self.written.setObjectName("beforeWritten")
        self.note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.note.setObjectName("beforeNote")
        for widget in (self.headline, self.bars, self.marked, self.legend, self.written, self.note):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.set_title(self.tr("Before training"))
        self.hide()

    def show_run(self, shown: ShownRun | None) -> None:
        """Ask the start of this run from now on; None, and a run that learned no job from a start, has no before."""
        self._timer.stop()
        self._question.drop()
        spec = shown.summary.spec if shown is not None else None
        has_start = spec is not None and shown is not None and not shown.is_recorded and bool(spec.init)
        self._run = str(shown.run.path) if has_start and shown is not None and spec and spec.task else ""
        self._task = (spec.task or "") if spec is not None else ""
        self._start = ""
        self._is_random = spec is not None and spec.options.get("start_weights") == "random"
        self.setVisible(bool(self._run))
        self.set_caption(before_and_after(shown.summary) if self._run and shown is not None else "")
        self.rest()

    def rest(self) -> None:
        """Nothing is asked."""
        self._timer.stop()
        self._question.drop()
        self.headline.setText("")
        self.bars.set_classes(())
        self.written.setText("")
        self._show()
        self.note.setText(self.tr("What the model answered before it learned will stand here."))
        self.note.show()

    def ask(self, arguments: dict[str, object], text: str = "", order: Sequence[str] = ()) -> None:
        """Put the question that was just answered to the start too; ``text``: where marks stand, ``order``: the
        classes as they stand in the answer."""
        if not self._run:
            return
        self._asked, self._text, self._order = dict(arguments), text, tuple(order)
        self._timer.start()

    @Slot()
    def _ask_now(self) -> None:
        asked = {**self._asked, "model": self._run}
        self._question.ask("before", asked, self._on_answer, self._on_problem, self._on_progress)

    def _on_progress(self, sentence: str, fraction: float | None) -> None:
        if fraction is None:
            self.note.setText(f"{sentence} ...")
            self.note.show()
        else:  # it is being written
            self._show(self.written)
            self.written.setText(sentence)

    def _on_problem(self, problem: PtftError) -> None:
        self._show()
        self.note.setText(problem.as_sentence())
        self.note.show()

    def _on_answer(self, result: dict[str, Any]) -> None:
        self._start = str(result.get("start_name") or "")
        if result.get("nothing"):
            self._show()
            self.note.setText(str(result["nothing"]))
        elif "classes" in result:
            self._show_classes({str(label): float(share) for label, share in result["classes"]})
        elif "names" in result:
            self._show_names(result)
        elif "pieces" in result:
            self._show_piece(result)
        else:
            self._show(self.written)
            self.written.setText(str(result.get("text") or self.tr("It ended its reply at once.")))
            seen = self.tr("{start}, from which it learned, goes on from the same prompt.")
            self._say_of_start(seen, self.tr("A network of random numbers goes on from the same prompt."))
        self.note.show()

    def _show_classes(self, shares: dict[str, float]) -> None:
        """In the order of the answer beside it, so that a class stands in the same place in both."""
        self._show(self.headline, self.bars)
        self.headline.setText(max(shares, key=lambda label: shares[label], default=""))
        self.headline.setVisible(self._task != "multilabel")
        order = [label for label in self._order if label in shares]
        order += [label for label in shares if label not in self._order]
        self.bars.set_classes([(label, shares[label]) for label in order])
        self._say_new_layer()

    def _show_names(self, result: dict[str, Any]) -> None:
        kinds = {str(kind): place for place, kind in enumerate(result.get("kinds") or ())}
        names = [(int(a), int(b), kinds.get(str(kind), 0)) for _, kind, _, a, b in result.get("names") or ()]
        seen = {str(kind) for _, kind, *_ in result.get("names") or ()}
        self._show(self.marked, *([self.legend] if seen else ()))
        self.marked.show_marks(self._text, names)
        lead = self.tr("It marked as:")
        self.legend.show_marks(*marked_kinds(lead, list(kinds), sorted(seen), seen, self.tr("names")))
        self._say_new_layer()

    def _show_piece(self, result: dict[str, Any]) -> None:
        start, end = result.get("start"), result.get("end")
        has_answer = isinstance(start, int) and isinstance(end, int)
        self._show(self.headline, self.marked)
        no_answer = self.tr("No answer stands in this text")
        self.headline.setText(str(result.get("text") or "") if has_answer else no_answer)
        self.marked.show_marks(self._text[:_MOST_SHOWN], [(start, end, 0)] if has_answer else [])  # type: ignore[list-item]
        self._say_new_layer()

    def _say_new_layer(self) -> None:
        self._say_of_start(
            self.tr("{start} with a new last layer that has learned nothing yet: it can only guess."),
            self.tr("Its numbers were all drawn at random: it can only guess."),
        )

    def _say_of_start(self, kept: str, random: str) -> None:
        self.note.setText(random if self._is_random else kept.format(start=self._start))

    def _show(self, *seen: QWidget) -> None:
        for widget in (self.headline, self.bars, self.marked, self.legend, self.written):
            widget.setVisible(widget in seen)


class BesideAnswer(QWidget):
    """The answer, and beside it, or below it where there is little room, what it was before: equally wide."""

    def __init__(self, answer: QWidget, before: QWidget, least_width: int = SIDE_BY_SIDE_FROM) -> None:
        """``least_width``, in pixels, from which on both stand side by side."""
        super().__init__()
        self._least_width = least_width
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.MEDIUM)
        for widget in (before, answer):
            self._row.addWidget(widget, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= self._least_width
        way = QBoxLayout.Direction
        self._row.setDirection(way.LeftToRight if is_wide else way.BottomToTop)
