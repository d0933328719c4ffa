"""Shows every widget on one page, to look at: ``python packaging/widget_gallery.py [FOLDER]``.

With FOLDER it draws the page in light and dark into pictures there and ends; without, it opens a window.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ptft_gui.core.family.registry import get_family
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.buttons import DangerButton, IconButton, PrimaryButton, QuietButton, SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.choice_card import ChoiceCard, ChoiceGroup
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.curve_plot import Curve, CurvePlot, VerticalMark
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.family_picture import FamilyPicture
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.metric_chip import MetricChip
from ptft_gui.gui.widgets.narrator_bar import NarratorBar
from ptft_gui.gui.widgets.progress_line import ProgressLine
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice
from ptft_gui.gui.widgets.similarity_table import SimilarityTable
from ptft_gui.gui.widgets.spec_form import SpecForm
from ptft_gui.gui.widgets.state_badge import STATE_LOOKS, StateBadge
from ptft_gui.gui.widgets.toast import Message, ToastArea
from ptft_gui.gui.widgets.word_chips import WordChips

FAMILIES = (
    (
        "word2vec",
        "Word2Vec",
        "Learns what words mean from the words around them, and places every word as a point in space.",
        "One point per word. Minutes on any computer.",
    ),
    (
        "glove",
        "GloVe",
        "Counts how often words meet in the whole text, then finds points that explain the counts.",
        "One point per word. Fast; the same text gives very similar results.",
    ),
    (
        "bert",
        "BERT",
        "Reads a sentence in both directions and learns by filling in blanks. "
        "Good for sorting texts, marking names and finding answers.",
        "The same word can mean different things. Better with a GPU.",
    ),
    (
        "gpt",
        "GPT",
        "Reads from left to right and learns by guessing what comes next. Good for writing text.",
        "Sounds sure even when it is wrong. Better with a GPU.",
    ),
)


def loss_chart() -> CurvePlot:
    """A chart of a run with two epochs' checks, guessing, the best point and a moment."""
    rng = np.random.default_rng(7)
    steps = np.arange(0, 6_000, 2, dtype=np.float64)
    trend = 2.05 + 2.1 * np.exp(-steps / 700)
    checks = np.arange(250, 6_001, 250, dtype=np.float64)
    held_out = 2.2 + 1.9 * np.exp(-checks / 800) + 0.16 * np.maximum(checks - 3_500, 0) / 2_500
    plot = CurvePlot("Loss", y_title="loss, nats per pair")
    plot.setObjectName("lossPlot")
    plot.set_curves(
        [
            Curve(
                "train/loss",
                "training",
                steps,
                trend + rng.normal(0, 0.09, len(steps)),
                Role.TRAINING,
                True,
                True,
            ),
            Curve("val/loss", "held-out", checks, held_out, Role.HELD_OUT),
        ]
    )
    plot.set_guessing(4.16)
    plot.set_best((float(checks[held_out.argmin()]), float(held_out.min())))
    plot.set_marks([VerticalMark(4_200, "learning rate halved")])
    plot.set_before(4.16)
    plot.set_note("Held-out is usually above training: the model has not seen that text.")
    return plot


def small_chart(title: str, role: Role, start: float, end: float) -> CurvePlot:
    plot = CurvePlot(title, is_compact=True)
    x = np.linspace(0, 6_000, 400)
    plot.set_curves([Curve(title, title, x, start + (end - start) * x / 6_000, role)])
    return plot


def model_column() -> Card:
    card = Card("1  Model", "What kind of model shall learn?")
    group = ChoiceGroup(accessible_name="Model family")
    group.setObjectName("familyPicker")
    for family, name, sentence, second_line in FAMILIES:
        group.add(family, ChoiceCard(name, sentence, second_line, FamilyPicture(family)))
    group.set_value("word2vec")
    card.body.addWidget(group)
    stages = [
        (
            "scratch",
            "From nothing",
            "The model starts with random numbers and learns language from plain text.",
        ),
        ("go_on", "Go on pre-training", "A model that already knows a language reads your texts too."),
        ("finetune", "Fine-tune", "A model that already knows a language learns one job from your examples."),
    ]
    card.body.addWidget(SegmentedChoice(stages, "Stage"))
    objectives = [
        ("skip_gram", "Skip-gram", "Guesses the words around one word. Better for rare words."),
        ("cbow", "CBOW", "Guesses a word from those around it. Faster."),
    ]
    card.body.addWidget(SegmentedChoice(objectives, "Objective"))
    card.body.addStretch(1)
    return card


def form_column() -> Card:
    card = Card("3  How")
    form = SpecForm(get_family("word2vec").options)
    form.show_problem(get_family("word2vec").options[0].key, "Choose a number between 2 and 2,000.")
    card.body.addWidget(form)
    card.body.addStretch(1)
    return card


def controls_column() -> Card:
    card = Card("Controls", "Everything a page is made of.")
    buttons = QHBoxLayout()
    for button in (
        PrimaryButton("Start", "play"),
        SecondaryButton("Pause", "pause"),
        QuietButton("Why?"),
        DangerButton("Discard"),
        IconButton("dots", "More"),
    ):
        buttons.addWidget(button)
    buttons.addStretch(1)
    card.body.addLayout(buttons)
    off = QHBoxLayout()
    for button in (
        PrimaryButton("Start"),
        SecondaryButton("Pause"),
        QuietButton("Why?"),
        DangerButton("Discard"),
    ):
        button.setEnabled(False)
        off.addWidget(button)
    off.addStretch(1)
    card.body.addLayout(off)
    combo = QComboBox()
    combo.addItems(["Wikipedia extract", "News articles", "Little Kingdom"])
    spin, edit, check, radio = QSpinBox(), QLineEdit("music"), QCheckBox("Phrases"), QRadioButton("Two words")
    check.setChecked(True)
    radio.setChecked(True)
    grid = QGridLayout()
    grid.addWidget(combo, 0, 0)
    grid.addWidget(spin, 0, 1)
    grid.addWidget(edit, 1, 0)
    grid.addWidget(QSlider(Qt.Orientation.Horizontal), 1, 1)
    grid.addWidget(check, 2, 0)
    grid.addWidget(radio, 2, 1)
    off_check = QCheckBox("Not now")
    off_check.setChecked(True)
    off_check.setEnabled(False)
    grid.addWidget(off_check, 3, 0)
    card.body.addLayout(grid)
    badges = QGridLayout()
    for index, state in enumerate(STATE_LOOKS):
        badge = StateBadge(state)
        badge.set_state(state, "41 %" if state == "running" else "")
        badges.addWidget(badge, index // 3, index % 3)
    card.body.addLayout(badges)
    chips = WordChips(["music", "film", "war", "science"])
    chips.set_suggestions(["water", "language", "mathematics", "river"], ["water", "waterfall"])
    card.body.addWidget(PlainLabel("Watched words", TextStyle.STRONG))
    card.body.addWidget(chips)
    fold = CollapsibleSection("Worker log")
    card.body.addWidget(fold)
    log = QPlainTextEdit("reading the text\ncounting words: 9,002 kept")
    log.setProperty("isLog", True)
    log.setReadOnly(True)
    log.setMaximumHeight(80)
    fold.body.addWidget(log)
    fold.set_open(True)
    card.body.addStretch(1)
    return card


def table_card() -> Card:
    card = Card("music", "The nearest of 9,002 words.")
    table = SimilarityTable()
    table.set_rows(
        [
            ("folk", 0.71),
            ("poetry", 0.69),
            ("dance", 0.66),
            ("musical", 0.64),
            ("songs", 0.58),
            ("ensemble", 0.31),
            ("opposite", -0.04),
        ],
        new_words={"musical"},
    )
    table.setMinimumHeight(260)
    card.body.addWidget(table)
    return card


def training_page() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setSpacing(Space.MEDIUM)
    column.addWidget(PlainLabel("Wikipedia vectors", TextStyle.HEADLINE))
    column.addWidget(
        ElidedLabel("41 % done, epoch 4 of 10, held-out loss 2.31 (guessing: 4.16), about 2 min 10 s left.")
    )
    charts = Card()
    charts.body.addWidget(loss_chart(), 1)
    small = QHBoxLayout()
    small.addWidget(small_chart("Learning rate", Role.SERIES_1, 0.025, 0.0001))
    small.addWidget(small_chart("Words a second", Role.SERIES_2, 880_000, 912_000))
    charts.body.addLayout(small)
    right = QVBoxLayout()
    right.addWidget(table_card(), 1)
    chips = QHBoxLayout()
    chips.addWidget(MetricChip("Speed", "912 k words/s"))
    speed = MetricChip("Memory")
    speed.set_value("5.1 of 6.8 GB", Role.WARNING, "Close to what is free.")
    chips.addWidget(speed)
    right.addLayout(chips)
    row = QHBoxLayout()
    row.setSpacing(Space.MEDIUM)
    row.addWidget(charts, 2)
    row.addLayout(right, 1)
    column.addLayout(row, 1)
    narrator = NarratorBar()
    narrator.set_message(
        "It gets better on the text it trains on, but not on text it has not seen: it is starting to memorise. "
        "The best moment was epoch 4; it is kept.",
        [("stop", "Stop and keep epoch 4"), ("dismiss", "Let it run")],
    )
    column.addWidget(narrator)
    progress = ProgressLine()
    progress.set_progress(0.41, "2 min 10 s left", "912 k words/s")
    column.addWidget(progress)
    return page


def pieces_page() -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setSpacing(Space.MEDIUM)
    for card in (model_column(), controls_column()):
        row.addWidget(card, 1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(form_column())
    row.addWidget(scroll, 1)
    return page


class Gallery(QWidget):
    """All widgets, on three tabs."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Widgets")
        self.tabs = QTabWidget()
        self.tabs.addTab(training_page(), "Train")
        self.tabs.addTab(pieces_page(), "Pieces")
        self.tabs.addTab(
            EmptyState(
                "Here the runs will stand that you have started. Begin with a text of your own.", "New run"
            ),
            "Empty",
        )
        QVBoxLayout(self).addWidget(self.tabs)
        self.toasts = ToastArea(self)
        self.resize(1280, 800)


def save_pictures(gallery: Gallery, folder: Path) -> None:
    """Every tab in both schemes."""
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        current_theme().set_preference(scheme)
        for index in range(gallery.tabs.count()):
            gallery.tabs.setCurrentIndex(index)
            QApplication.processEvents()
            gallery.grab().save(str(folder / f"gallery-{gallery.tabs.tabText(index).lower()}-{scheme}.png"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where the pictures go")
    folder = parser.parse_args().folder
    if folder is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    current_theme()
    gallery = Gallery()
    gallery.show()
    gallery.toasts.tell(Message("Copied 20 rows.", "good"))
    gallery.toasts.tell(
        Message("survey.txt holds no text.", "bad", "All 0 bytes were read.", "open", "Choose a file")
    )
    if folder is None:
        return application.exec()
    save_pictures(gallery, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
