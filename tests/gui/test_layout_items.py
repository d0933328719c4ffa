"""Wrappers of layout items that PySide keeps too long are forgotten before a widget lies where their item lay."""

from __future__ import annotations

import subprocess
import sys

import shiboken6
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
    QWidgetItem,
)
from pytestqt.qtbot import QtBot

from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.layout_items import forget_layout_items
from ptft_gui.gui.widgets.tab_order import order_tab_stops

# Labels come and go until some lie where an item lay. Without the sweep this ends in a crash.
ROWS_COME_AND_GO = """
import random
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget, QWidgetItem
from ptft_gui.gui.widgets.layout_items import forget_layout_items

app = QApplication([])
rng = random.Random(1)
page = QWidget()
column = QVBoxLayout(page)
lay, kept, met = set(), [], 0
address = lambda wrapper: shiboken6.getCppPointer(wrapper)[0]

for _ in range(400):
    labels = [QLabel("x" * rng.randrange(1, 200)) for _ in range(30)]
    row = QHBoxLayout()
    for label in labels:
        row.addWidget(label)
    column.addLayout(row)
    lay |= {address(w) for w in shiboken6.getAllValidWrappers() if type(w) is QWidgetItem}
    forget_layout_items()
    for label in labels:
        label.deleteLater()
    del labels, label
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    other = QWidget()
    box = QVBoxLayout(other)
    for _ in range(60):
        box.addWidget(QLabel("y" * rng.randrange(1, 300)))
    met += sum(address(label) in lay for label in other.findChildren(QLabel))
    kept.append(other)
    del other, box
    while len(kept) > rng.randrange(1, 6):
        kept.pop(rng.randrange(len(kept))).deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
print(met)
"""


def items_wrapped() -> int:
    return sum(type(wrapper) in (QWidgetItem, QSpacerItem) for wrapper in shiboken6.getAllValidWrappers())


def test_nothing_is_kept_of_layouts_that_were_walked(qtbot: QtBot, qapp: QApplication) -> None:
    forget_layout_items()
    before = items_wrapped()
    page = QWidget()
    qtbot.addWidget(page)
    column, row = QVBoxLayout(page), QHBoxLayout()
    row.addWidget(QLabel("one"))
    row.addStretch(1)
    column.addLayout(row)
    assert items_wrapped() == before + 2, "else PySide has learned better, and all of this can go"
    forget_layout_items()
    assert items_wrapped() == before
    order_tab_stops(page)
    assert items_wrapped() == before


def test_a_layout_of_our_own_keeps_its_items(qtbot: QtBot, qapp: QApplication) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    flow = FlowLayout(page)
    words = [QLabel(word) for word in ("one", "two", "three")]
    for word in words:
        flow.addWidget(word)
    forget_layout_items()
    page.resize(400, 100)
    page.show()
    assert [item.widget() for item in flow.items()] == words
    assert words[0].x() < words[1].x() < words[2].x()


def test_widgets_that_lie_where_an_item_lay_die_in_peace() -> None:
    command = [sys.executable, "-X", "faulthandler", "-c", ROWS_COME_AND_GO]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0, "no label lay where an item had lain: nothing was tried"
