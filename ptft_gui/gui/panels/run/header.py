"""The head of a run's page: its name, what became of it in one sentence, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ptft_gui.core.telling.headline import headline, next_steps
from ptft_gui.core.telling.narrator import Action
from ptft_gui.core.wording import percent_text
from ptft_gui.gui.panels.run.name_field import NameField
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.state_badge import StateBadge

HEIGHT = 88
_LEAST_WIDTH = 632
_MOST_STEPS, _MOST_FURTHER = 4, 6
_CHANGE_NOTHING = ("explore", "export", "open_log", "try_it", "classify_file", "score")
_ROOM_FOR = ((1500, 4), (1200, 3), (1000, 2), (0, 1))
"""(width in pixels, next steps that stand beside the name from there on); the others are under More."""


class _Headline(PlainLabel):
    """As wide as the page: of two lines the eye finds the second, and a third finds no room."""

    def text_width(self, width: int | None = None) -> int:
        return self.contentsRect().width() if width is None else width


class RunHeader(QWidget):
    """Name and state at the left, Pause, Stop and More, or *What now?*, at the right; the headline below; 88 high.

    ``action_requested`` carries the :class:`Action` of any button or menu item; its key is one of ``pause``,
    ``resume_paused``, ``stop``, ``save``, ``discard``, ``duplicate``, ``resume``, ``export``, ``show_folder``,
    ``train_longer``, ``play_back``, ``save_recording`` and those of
    :func:`~ptft_gui.core.telling.headline.next_steps`.
    """

    action_requested = Signal(object)
    rename_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownRun | None = None
        self._reason = ""
        self._steps: tuple[Action, ...] = ()
        self._showing: object = None
        self.name_field = NameField()
        self.name_field.renamed.connect(self.rename_requested)
        self._badge = StateBadge()
        self._badge.setObjectName("runState")
        self._headline = _Headline("", TextStyle.BODY, Role.QUIET_TEXT)
        self._headline.setObjectName("runHeadline")
        self._build_buttons()
        self._build_menu()
        self._lay_out()

    # building

    def _build_buttons(self) -> None:
        self._pause = SecondaryButton(self.tr("Pause"), "pause")
        self._pause.setObjectName("pauseButton")
        self._pause.clicked.connect(self._on_pause_clicked)
        self._stop = SecondaryButton(self.tr("Stop and keep"), "stop")
        self._stop.setObjectName("stopButton")
        self._stop.clicked.connect(self._on_stop_clicked)
        self._what_now = PlainLabel(self.tr("What now?"), TextStyle.STRONG)
        self._what_now.setWordWrap(False)
        self._next = QWidget()
        self._next.setObjectName("nextSteps")
        self._next.setAccessibleName(self.tr("What now?"))
        self._next_buttons = [self._make_step_button(index) for index in range(_MOST_STEPS)]
        row = QHBoxLayout(self._next)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._what_now)
        for button in self._next_buttons:
            row.addWidget(button)

    def _make_step_button(self, index: int) -> SecondaryButton:
        button = SecondaryButton("")
        button.setObjectName(f"nextStep{index + 1}")
        button.clicked.connect(self._on_step_clicked)
        return button

    def _build_menu(self) -> None:
        self._more = SecondaryButton(self.tr("More"))
        self._more.setObjectName("moreButton")
        self._more.setAccessibleName(self.tr("More about this run"))
        self._menu = QMenu(self)
        self._menu.setObjectName("moreMenu")
        self._actions: dict[str, QAction] = {}
        self._further = [self._add_further(number) for number in range(1, _MOST_FURTHER + 1)]
        self._below_further = self._menu.addSeparator()
        self._add_item("save", self.tr("Save a checkpoint now"))
        self._add_item("resume", self.tr("Resume from checkpoint"))
        self._add_item("train_longer", self.tr("Train half as long again"))
        self._add_item("duplicate", self.tr("Duplicate as new run"))
        self._add_item("go_on", self.tr("Go on with new text"))
        self._add_item("export", self.tr("Export..."))
        self._add_item("report", self.tr("Report..."))
        self._add_item("play_back", self.tr("Play it back"))
        self._add_item("save_recording", self.tr("Save as recording..."))
        self._menu.addSeparator()
        self._add_item("rename", self.tr("Rename"))
        self._add_item("show_folder", self.tr("Show folder"))
        self._menu.addSeparator()
        self._add_item("discard", self.tr("Discard..."))
        self._menu.aboutToShow.connect(self._prepare_menu)
        self._more.setMenu(self._menu)

    def _add_further(self, number: int) -> QAction:
        """A next step that finds no room beside the headline."""
        item = self._menu.addAction("")
        item.setObjectName(f"run_further{number}")
        item.triggered.connect(self._on_further_triggered)
        return item

    def _add_item(self, key: str, words: str) -> None:
        item = self._menu.addAction(words)
        item.setObjectName(f"run_{key}")
        item.setData(key)
        item.triggered.connect(self._on_item_triggered)
        self._actions[key] = item

    def _lay_out(self) -> None:
        # as high as its type asks, and the same for every sentence: nothing below it moves when one is longer
        scale_with_type(self, self.setFixedHeight, HEIGHT)
        name_row = QHBoxLayout()
        name_row.setSpacing(Space.SMALL)
        name_row.addWidget(self.name_field)
        name_row.addSpacing(Space.SMALL)
        name_row.addWidget(self._badge)
        name_row.addStretch(1)
        name_row.addSpacing(Space.MEDIUM)
        for widget in (self._next, self._pause, self._stop, self._more):
            name_row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)  # the sentence has the whole width: those of tasks are long
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        column.setSpacing(Space.HALF)
        column.addStretch(1)
        column.addLayout(name_row)
        column.addWidget(self._headline)
        column.addStretch(1)
        for widget in (self._next, self._pause, self._stop):
            widget.hide()  # until a run is shown

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run."""
        self._showing = None
        self.name_field.show_name(shown.run.title())
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Show what is new."""
        self._shown = shown
        sentence = headline(shown.summary, shown.state)
        if sentence != self._headline.text():
            self._headline.setText(sentence)
            self._headline.setToolTip(sentence)
        share = percent_text(shown.summary.progress) if shown.is_live and shown.summary.step else ""
        self._badge.set_state(shown.state, share)
        has_begun, saved = shown.summary.step > 0, shown.summary.checkpoints
        newest = saved[-1].step if saved else None
        showing = (shown.state, self._reason, newest, has_begun, shown.is_recorded)
        if showing != self._showing:
            self._showing = showing
            self._show_buttons(shown)

    def set_read_only(self, reason: str) -> None:
        """Switch off what changes the run; ``reason`` says why, an empty one switches it on again."""
        self._reason = reason
        self.name_field.set_read_only(reason)
        self._showing = None
        if self._shown is not None:
            self.refresh(self._shown)

    def _show_buttons(self, shown: ShownRun) -> None:
        is_live = shown.is_live and not shown.is_recorded
        self._pause.setVisible(is_live and shown.state != "queued")
        self._stop.setVisible(is_live)
        is_paused = shown.state == "paused"
        self._pause.setText(self.tr("Resume") if is_paused else self.tr("Pause"))
        self._pause.set_icon_name("resume" if is_paused else "pause")
        may_change = not self._reason
        has_begun = shown.summary.step > 0
        self._stop.setText(self.tr("Stop and keep") if has_begun else self.tr("Cancel"))
        self._pause.setEnabled(may_change and shown.state in ("running", "paused"))
        self._stop.setEnabled(may_change and shown.state != "stopping")
        for button in (self._pause, self._stop):
            button.setAccessibleDescription(self._reason)
        end = self.tr("End the run now; the model can be used.")
        self._stop.setToolTip(self._reason or (end if has_begun else self.tr("Give this run up.")))
        self._pause.setToolTip(self._reason or self.tr("Hold still, keeping everything in memory."))
        self._show_next_steps(shown)

    def minimumSizeHint(self) -> QSize:
        """Narrower than what stands in it: next steps make room for the name when there is little."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _LEAST_WIDTH), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._shown is not None:
            self._show_next_steps(self._shown)

    def _show_next_steps(self, shown: ShownRun) -> None:
        room = next(count for width, count in _ROOM_FOR if self.width() >= width)
        self._steps = next_steps(shown.summary, shown.state)[:room]
        self._next.setVisible(bool(self._steps))
        self._what_now.setVisible(room > 1)
        for index, button in enumerate(self._next_buttons):
            button.setVisible(index < len(self._steps))
            if index < len(self._steps):
                step = self._steps[index]
                button.setText(step.label)
                button.setEnabled(not self._reason or step.key in _CHANGE_NOTHING)

    @Slot()
    def _prepare_menu(self) -> None:
        """Offer what this run allows in its present state."""
        if self._shown is None:
            return
        shown, may_change = self._shown, not self._reason
        self._prepare_further(shown)
        visible: dict[str, bool] = {
            "save": shown.is_live and not shown.is_recorded,
            "resume": not shown.is_live and shown.state != "finished" and bool(shown.summary.checkpoints),
            "train_longer": shown.state == "finished",
            "go_on": shown.has_model and not shown.is_live,
            "export": shown.has_model,
            "report": not shown.is_live and not shown.is_recorded,
            "play_back": not shown.is_live and not shown.is_recorded and shown.summary.step > 0,
            "save_recording": shown.has_model and not shown.is_recorded,
            "discard": shown.is_live and not shown.is_recorded,
        }
        for key, is_visible in visible.items():
            self._actions[key].setVisible(is_visible)
        for key in ("save", "resume", "train_longer", "duplicate", "go_on", "rename", "discard"):
            self._actions[key].setEnabled(may_change)
        self._actions["save"].setEnabled(may_change and shown.state in ("running", "paused"))
        if shown.summary.checkpoints:
            words = self.tr("Resume from step {step}")
            self._actions["resume"].setText(words.format(step=f"{shown.summary.checkpoints[-1].step:,}"))

    def _prepare_further(self, shown: ShownRun) -> None:
        """Offer the next steps that stand neither beside the headline nor in the menu itself."""
        steps = next_steps(shown.summary, shown.state)[len(self._steps) :]
        steps = tuple(step for step in steps if step.key not in self._actions)
        for index, item in enumerate(self._further):
            item.setVisible(index < len(steps))
            if index < len(steps):
                item.setText(steps[index].label)
                item.setData(steps[index])
                item.setEnabled(not self._reason or steps[index].key in _CHANGE_NOTHING)
        self._below_further.setVisible(bool(steps))

    # asking

    def _ask(self, key: str, **argument: object) -> None:
        self.action_requested.emit(Action(key, "", dict(argument)))

    @Slot()
    def _on_pause_clicked(self) -> None:
        is_paused = self._shown is not None and self._shown.state == "paused"
        self._ask("resume_paused" if is_paused else "pause")

    @Slot()
    def _on_stop_clicked(self) -> None:
        self._ask("stop", keep="last")

    @Slot()
    def _on_step_clicked(self) -> None:
        index = self._next_buttons.index(self.sender())  # type: ignore[arg-type]
        self.action_requested.emit(self._steps[index])

    @Slot()
    def _on_further_triggered(self) -> None:
        self.action_requested.emit(self.sender().data())  # type: ignore[attr-defined]

    @Slot()
    def _on_item_triggered(self) -> None:
        item = self.sender()
        assert isinstance(item, QAction)
        key = str(item.data())
        start: dict[str, Callable[[], None]] = {"rename": self.name_field.begin}
        if key in start:
            start[key]()
        elif key == "train_longer":
            self._ask(key, factor=1.5)
        else:
            self._ask(key)
