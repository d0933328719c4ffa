"""How the rows are shared out: a bar of training, validation and test, and a slider for each of the last two."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.labels import PlainLabel

_MOST_PERCENT = 50
_BAR_HEIGHT = 24


class ShareSliders(QWidget):
    """``changed`` carries the shares of validation and test, 0 to 1, when a person let a slider go or pressed a key."""

    changed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("splitSliders")
        self.bar = _ShareBar()
        self.val = self._make_slider("valShare", self.tr("Share for validation, in percent"))
        self.test = self._make_slider("testShare", self.tr("Share for test, in percent"))
        self._numbers = {self.val: PlainLabel(), self.test: PlainLabel()}
        self._test_parts: list[QWidget] = [self.test, self._numbers[self.test]]
        self.has_test = True
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.HALF)
        titles = (
            (self.val, self.tr("Validation"), self.tr("chooses the best moment of the training")),
            (self.test, self.tr("Test"), self.tr("gives the score to report, read once at the end")),
        )
        for row, (slider, title, sentence) in enumerate(titles):
            label = PlainLabel(f"{title}: {sentence}", TextStyle.CAPTION, Role.QUIET_TEXT)
            label.setBuddy(slider)
            self._numbers[slider].setWordWrap(False)
            if slider is self.test:
                self._test_parts.append(label)
            grid.addWidget(label, 2 * row, 0, 1, 2)
            grid.addWidget(slider, 2 * row + 1, 0)
            grid.addWidget(self._numbers[slider], 2 * row + 1, 1)
        grid.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.bar)
        column.addLayout(grid)
        self.set_shares(0.15, 0.15)

    def _make_slider(self, name: str, accessible_name: str) -> QSlider:
        slider = _CalmSlider()
        slider.setObjectName(name)
        slider.setAccessibleName(accessible_name)
        slider.setRange(0, _MOST_PERCENT)
        slider.setPageStep(5)
        slider.setTracking(True)
        slider.valueChanged.connect(self._on_moved)
        slider.sliderReleased.connect(self._on_settled)
        return slider

    def shares(self) -> tuple[float, float]:
        """The shares of validation and test."""
        return self.val.value() / 100, self.test.value() / 100 if self.has_test else 0.0

    def set_has_test(self, has_test: bool) -> None:
        """Running text has no test part: there is no answer to be tested."""
        self.has_test = has_test
        for part in self._test_parts:
            part.setVisible(has_test)
        self._show()

    def set_shares(self, val: float, test: float) -> None:
        """Show these shares; nobody is told."""
        for slider, share in ((self.val, val), (self.test, test)):
            with QSignalBlocker(slider):
                slider.setValue(round(100 * share))
        self._show()

    def _show(self) -> None:
        for slider, number in self._numbers.items():
            number.setText(f"{slider.value()} %")
        self.bar.show_shares(*self.shares())

    @Slot()
    def _on_moved(self) -> None:
        self._show()
        if not (self.val.isSliderDown() or self.test.isSliderDown()):
            self._on_settled()

    @Slot()
    def _on_settled(self) -> None:
        self.changed.emit(*self.shares())


class _CalmSlider(QSlider):
    """Turning the wheel over a page scrolls the page."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


class _ShareBar(QWidget):
    """Three stretches, each with its word and its share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares = (0.7, 0.15, 0.15)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def show_shares(self, val: float, test: float) -> None:
        self._shares = (max(1 - val - test, 0.0), val, test)
        words = ", ".join(
            f"{name} {share:.0%}" for name, share in zip(self._names(), self._shares, strict=True)
        )
        self.setAccessibleName(words)
        self.update()

    def _names(self) -> tuple[str, str, str]:
        return self.tr("training"), self.tr("validation"), self.tr("test")

    def sizeHint(self) -> QSize:
        return QSize(320, _BAR_HEIGHT + current_theme().pixels(TextStyle.CAPTION) + Space.SMALL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(TextStyle.CAPTION))
        left, free_from = 0.0, 0.0
        roles = (Role.TRAINING, Role.HELD_OUT, Role.GOOD)
        for name, share, role in zip(self._names(), self._shares, roles, strict=True):
            width = self.width() * share
            if width > 0:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour(role))
                painter.drawRoundedRect(QRectF(left, 0, max(width - 2, 1), _BAR_HEIGHT), 3, 3)
                text = f"{name} {100 * share:.0f} %"
                needed = painter.fontMetrics().horizontalAdvance(text)
                start = min(max(left, free_from), self.width() - needed)
                painter.setPen(theme.colour(Role.TEXT))
                below = QRectF(start, _BAR_HEIGHT, needed + 2, self.height() - _BAR_HEIGHT)
                painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
                free_from = start + needed + Space.SMALL
            left += width
        painter.end()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
