"""What the charts of a run that learns a language show: what text costs it, and what it began with."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role
from ptft_gui.gui.widgets.curve_plot import Curve

_BITS, _PERPLEXITY = "bits_per_character", "perplexity"


def measure_of(shown: ShownRun) -> str:
    """What is drawn of how well held-out text is guessed: bits per character of GPT, perplexity of BERT."""
    return _BITS if shown.writes else _PERPLEXITY


def measure_curves(shown: ShownRun) -> list[Curve]:
    """On held-out text, or on the text it trains on where nothing is held out."""
    for part, role in (("val", Role.HELD_OUT), ("train", Role.TRAINING)):
        name = f"{part}/{measure_of(shown)}"
        series = shown.summary.series.get(name)
        if series is not None and len(series):
            return [Curve(name, "", series.steps, series.values, role)]
    return []


def measure_title(shown: ShownRun) -> str:
    if shown.writes:
        return QCoreApplication.translate("SmallCharts", "Bits per character")
    return QCoreApplication.translate("SmallCharts", "Perplexity")


def measure_help(shown: ShownRun) -> str:
    if shown.writes:
        return QCoreApplication.translate(
            "SmallCharts",
            "How many yes-or-no questions it would still need for each character of text it does not train on; lower "
            "is better. It can be compared between models that cut their text differently. Usual English: 2 is a good "
            "small model, below 1 a very good large one.",
        )
    return QCoreApplication.translate(
        "SmallCharts",
        "Among how many equally likely tokens it still wavers at a blank, on text it does not train on; lower is "
        "better. It is comparable only between models with the same tokens.",
    )


def before(summary: RunSummary) -> float | None:
    """The main metric of the model that the run began with; None for a run from nothing or from random numbers, and
    before it is measured."""
    spec = summary.spec
    first = summary.evaluations[0] if summary.evaluations else None
    if spec is None or not spec.init or spec.options.get("start_weights") == "random":
        return None
    if first is None or first.step != 0:
        return None
    return first.metrics.get(summary.main_metric)
