"""What a run costs and what it is called, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.family.registry import get_family
from ptft_gui.core.wording import count_text, duration_text
from ptft_gui.gui.panels.new_run.estimate import Estimate, next_time_of_day

translate = QCoreApplication.translate


def cost_texts(cost: Estimate) -> tuple[str, str]:
    """As in "about 12 s" and "10 epochs, 4.5 M words, about 12 s"; without a measured speed no time."""
    epochs = translate("NewRunPage", "{count} epochs").format(count=f"{cost.epochs:,}") if cost.epochs else ""
    words = ""
    if cost.words_read:
        words = translate("NewRunPage", "{count} words").format(count=count_text(cost.words_read))
    time = ""
    if cost.seconds:
        time = translate("NewRunPage", "about {time}").format(time=duration_text(cost.seconds))
    reads = translate("NewRunPage", "reads {words}").format(words=words) if words else ""
    return time or reads or epochs, ", ".join(part for part in (epochs, words, time) if part)


def length_note(settings: Mapping[str, OptionValue], cost: Estimate, now: datetime) -> str:
    """When the run will end, or how much it will read."""
    finish_by = settings.get("finish_by")
    if isinstance(finish_by, str) and (end := next_time_of_day(finish_by, now)) is not None and cost.seconds:
        is_today = end.date() == now.date()
        day = translate("NewRunPage", "today") if is_today else translate("NewRunPage", "tomorrow")
        words = translate("NewRunPage", "Ends {day} at {time}, in {left}.")
        return words.format(day=day, time=end.strftime("%H:%M"), left=duration_text(cost.seconds))
    if settings.get("epochs") is None and cost.epochs and cost.words_read:
        words = translate("NewRunPage", "Reads the text {epochs} times: {count} words in all.")
        return words.format(epochs=cost.epochs, count=f"{cost.words_read:,}")
    return ""


def name_with(family: str, name: str, changes: Mapping[str, Any]) -> str:
    """The name of a run that differs from another in ``changes``."""
    labels = {option.key: option.label.lower() for option in get_family(family).options}
    parts = [
        f"{labels[key]} {value}" for key, value in changes.items() if key in labels and value is not None
    ]
    return ", ".join((name, *parts)) if parts else translate("NewRunPage", "{name}, again").format(name=name)
