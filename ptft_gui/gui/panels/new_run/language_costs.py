"""What a language model's presets come to on the chosen text: parameters, time, memory, and which of them suits it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.family.language_sizes import suiting_numbers
from ptft_gui.core.family.language_starts import LanguageStart
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.fit import Estimate
from ptft_gui.core.wording import bytes_text, count_text, duration_text
from ptft_gui.gui.panels.new_run.language_text import LanguageText

translate = QCoreApplication.translate


def preset_texts(
    parameters: int, found: Estimate | None, is_measuring: bool, now: datetime
) -> tuple[str, str]:
    """As in "0.8 M parameters, about 2 min", and with memory and end; "measuring ..." while that is so."""
    size = translate("NewRunPage", "{count} parameters").format(count=count_text(parameters))
    short, full = measured_texts(found, is_measuring, now)
    return "\n".join((size, short) if short else (size,)), "\n".join((size, full) if full else (size,))


def measured_texts(found: Estimate | None, is_measuring: bool, now: datetime) -> tuple[str, str]:
    """As in "about 2 min", and "about 2 min - 1.1 GB - done at 14:32"."""
    if found is None:
        told = translate("NewRunPage", "measuring ...") if is_measuring else ""
        return told, told
    time = translate("NewRunPage", "about {time}").format(time=duration_text(found.minutes * 60))
    end = translate("NewRunPage", "done at {time}").format(
        time=(now + timedelta(minutes=found.minutes)).strftime("%H:%M")
    )
    return time, f"{time} - {bytes_text(found.peak_memory_bytes)} - {end}"


def size_sentence(text: LanguageText) -> str:
    """As in "Your text (70 M tokens) suits 4 M - 14 M parameters; larger ones start to memorise it."."""
    least, most = suiting_numbers(text.tokens)
    return translate(
        "NewRunPage",
        "Your text ({tokens} tokens) suits {least} to {most} parameters; larger ones start to memorise it.",
    ).format(tokens=count_text(text.tokens), least=_rounded(least), most=_rounded(most))


def _rounded(count: float) -> str:
    """A rule of thumb has no more than two digits: 3,800, 15,000, 3.5 M."""
    rounded = float(f"{count:.1e}")
    return count_text(rounded) if rounded >= 100_000 else f"{rounded:,.0f}"


def language_length_note(
    text: LanguageText,
    family: str,
    preset: str,
    settings: Mapping[str, OptionValue],
    start: LanguageStart | None,
) -> str:
    """How often the text is read, and how much that is."""
    if settings.get("max_minutes") is not None or settings.get("finish_by") is not None:
        return ""
    tokens, _ = text.tokens_read(family, preset, settings, start)
    times = tokens / text.tokens
    if times >= 1.05:
        words = translate("NewRunPage", "Reads the text {times} times: {count} tokens in all.")
        return words.format(times=f"{times:.3g}", count=count_text(tokens))
    if times > 0.95:
        return translate("NewRunPage", "Reads the text once: {count} tokens.").format(
            count=count_text(tokens)
        )
    words = translate("NewRunPage", "Reads {share} of the text: {count} tokens.")
    return words.format(share=f"{100 * times:.2g} %", count=count_text(tokens))
