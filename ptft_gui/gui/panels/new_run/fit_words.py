"""What the fit check measured, in words: one chip a fact, and the remedy of what is not good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.errors import Remedy
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.fit import Estimate
from ptft_gui.core.wording import bytes_text, count_text
from ptft_gui.gui.panels.new_run.estimate import next_time_of_day

translate = QCoreApplication.translate

_ROOM = 0.9
"""Of what is free, so much may be needed; the rest is for everything else that the computer does."""
_DISK_ROOM = 0.9
_LONG = timedelta(hours=24)
_NIGHT_END = "08:00"


@dataclass(frozen=True)
class FitLine:
    """One fact. ``remedy``: what would make it good, for one that is not."""

    key: str
    title: str
    value: str
    is_good: bool = True
    explanation: str = ""
    remedy: Remedy | None = None


def fit_lines(
    found: Estimate, options: Mapping[str, OptionValue], now: datetime, smaller: str | None
) -> list[FitLine]:
    """The chips of a measured run. ``smaller``: the preset below the chosen one, if there is one."""
    lines = [_memory(found, smaller), _speed(found), _end(found, options, now), _disk(found, smaller)]
    return [*lines, _batch(found)]


def _said(words: str) -> str:
    return translate("NewRunPage", words)


def _memory(found: Estimate, smaller: str | None) -> FitLine:
    fits = found.peak_memory_bytes <= found.free_memory_bytes * _ROOM
    value = _said("{needed} of {free} free").format(
        needed=bytes_text(found.peak_memory_bytes), free=bytes_text(found.free_memory_bytes)
    )
    remedy = None
    if not fits and found.micro_batch_size > 1:
        half = max(1, found.micro_batch_size // 2)
        remedy = Remedy(
            "new_run_with", _said("Smaller steps (same result, slower)"), {"micro_batch_size": half}
        )
    elif not fits and smaller is not None:
        remedy = _smaller(smaller)
    told = _said("The memory that training took in a trial, and what is free now.")
    return FitLine("memory", _said("Fits") if fits else _said("Too little memory"), value, fits, told, remedy)


def _speed(found: Estimate) -> FitLine:
    speeds = (
        (found.tokens_per_second, _said("{count} tokens/s")),
        (found.texts_per_second, _said("{count} texts/s")),
        (found.words_per_second, _said("{count} words/s")),
        (found.pairs_per_second, _said("{count} pairs/s")),
    )
    value = next((words.format(count=count_text(speed)) for speed, words in speeds if speed), "")
    told = _said("Measured on {steps} real steps.").format(steps=found.measured_steps)
    return FitLine("speed", _said("Speed"), value, True, told)


def _end(found: Estimate, options: Mapping[str, OptionValue], now: datetime) -> FitLine:
    finish_by = options.get("finish_by")
    at = next_time_of_day(finish_by, now) if isinstance(finish_by, str) else None
    end = at or now + timedelta(minutes=found.minutes)
    is_soon = end - now <= _LONG
    value = end.strftime("%H:%M")
    if end.date() != now.date():
        days = (end.date() - now.date()).days
        value = (
            _said("tomorrow {time}").format(time=value)
            if days == 1
            else _said("in {days} days").format(days=f"{days:,}")
        )
    told = _said("If it is started now; reading the text takes a while more.")
    remedy = None
    if not is_soon:
        label = _said("Finish by {time}").format(time=_NIGHT_END)
        remedy = Remedy(
            "new_run_with",
            label,
            {"finish_by": _NIGHT_END, "epochs": None, "max_steps": None, "max_minutes": None},
        )
    return FitLine("end", _said("Done at") if is_soon else _said("Takes long"), value, is_soon, told, remedy)


def _disk(found: Estimate, smaller: str | None) -> FitLine:
    fits = found.disk_bytes <= found.free_disk_bytes * _DISK_ROOM
    value = bytes_text(found.disk_bytes)
    if not fits:
        value = _said("{needed} of {free} free").format(needed=value, free=bytes_text(found.free_disk_bytes))
    remedy = _smaller(smaller) if not fits and smaller is not None else None
    told = _said("The model and the checkpoints that are kept while it learns.")
    return FitLine("disk", _said("Disk"), value, fits, told, remedy)


def _batch(found: Estimate) -> FitLine:
    value = f"{found.micro_batch_size} x {found.accumulation}"
    told = _said("So many examples are in memory at once, and so many times before each correction.")
    return FitLine("batch", _said("Batch"), value, True, told)


def _smaller(preset: str) -> Remedy:
    return Remedy("choose_preset", _said("Use a smaller model"), {"preset": preset})
