"""The model card: what the model is, what it read, how it was trained and how well it does, with its curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import Evaluated, Metrics, Resumed
from ptft_gui.core.family.registry import get_family
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.core.wording import three_digits
from ptft_gui.engine.language.sizes import shape_of

CARD_FILE, CURVE_FILE = "README.md", "loss.svg"
_CLASSES = {"gpt": "AutoModelForCausalLM", "bert": "AutoModelForMaskedLM"}
_CURVES = ((TRAIN_LOSS, "text it learned from", "#3B5BDB", ""), (VAL_LOSS, "held-out text", "#D9480F", "6 3"))
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 640, 320, 56, 16, 16, 40
_MOST_ROWS = 20

Checks = Sequence[tuple[int, Metrics]]


def checks_of(run: RunDir) -> list[tuple[int, Metrics]]:
    """Step and metrics of every check in a run's log; what a resumed attempt did again counts once."""
    found: list[tuple[int, Metrics]] = []
    reader = EventReader(run.events_file)
    while True:
        before = reader.offset
        for event in reader.read_new():
            if isinstance(event, Resumed):
                found = [check for check in found if check[0] <= event.from_step]
            elif isinstance(event, Evaluated) and (not found or event.step > found[-1][0]):
                found.append((event.step, event.metrics))
        if reader.offset == before:
            return found


# --- the curve ---------------------------------------------------------------------------------------------------


def curve_svg(checks: Checks, unit: str) -> str:
    """The losses of the checks over the steps, as a picture of its own; empty with fewer than two checks."""
    values = [
        value for _, metrics in checks for key, *_ in _CURVES if (value := metrics.get(key)) is not None
    ]
    if len(checks) < 2 or not values:
        return ""
    last, low, high = checks[-1][0] or 1, min(values), max(values)
    spread = (high - low) or 1.0

    def place(step: int, value: float) -> str:
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / last
        y = _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - value) / spread
        return f"{x:.1f},{y:.1f}"

    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            'font-family="sans-serif" font-size="12" fill="#566070">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#FFFFFF"/>',
            *_grid(low, high),
            f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">step {last:,}</text>',
            f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{escape(unit)}</text>',
            *_lines(checks, place),
            "</svg>",
            "",
        ]
    )


def _grid(low: float, high: float) -> list[str]:
    """Five lines across, each with its value."""
    rows = []
    for part in range(5):
        y = _TOP + (_HEIGHT - _TOP - _BOTTOM) * part / 4
        rows.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#DFE3E9"/>')
        told = three_digits(high - (high - low) * part / 4)
        rows.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{told}</text>')
    return rows


def _lines(checks: Checks, place: Any) -> list[str]:
    rows: list[str] = []
    for key, name, colour, dashes in _CURVES:
        points = [place(step, value) for step, metrics in checks if (value := metrics.get(key)) is not None]
        if not points:
            continue
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        rows.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2"{dashed} points="{" ".join(points)}"/>'
        )
        y = _TOP + 14 + 16 * (len(rows) // 2)
        rows.append(
            f'<text x="{_WIDTH - _RIGHT - 4}" y="{y}" text-anchor="end" fill="{colour}">{name}</text>'
        )
    return rows


# --- the card ----------------------------------------------------------------------------------------------------


def card(record: Mapping[str, Any], checks: Checks) -> str:
    """The card in Markdown; ``record``: the facts of ``ptft.json``."""
    family = record["family"]
    task = "text-generation" if family == "gpt" else "fill-mask"
    made_with = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return f"""---
library_name: transformers
tags: [{family}, {task}]
---

# {record["name"]}

{_what(record)}

## Text

{record["dataset_title"]}: {record["train_tokens"]:,} tokens to learn from, {record["val_tokens"]:,} held out, in
{record["documents"]:,} documents. {record["split"]} The model knows nothing but this text and repeats its errors and
prejudices.

Fingerprint of the text: `{record["fingerprint"]}`.

## How well it does

Kept: the {record["kept"]} moment, step {record["step"]:,}. Loss in {record["loss_unit"]}.

{_measures(record)}

{_course(checks)}

## Settings

| setting | value |
|---|---|
{_settings(record)}

Made with {made_with}.

## How to open it

```python
from transformers import AutoTokenizer, {_CLASSES[family]}

model = {_CLASSES[family]}.from_pretrained("path of this folder")
tokenizer = AutoTokenizer.from_pretrained("path of this folder")
```
"""


def _what(record: Mapping[str, Any]) -> str:
    family, shape = get_family(record["family"]), shape_of(record["options"])
    initial = record.get("initial")
    begun = "trained from random weights with ptft-gui"
    if initial:
        begun = f"which went on from {initial['name']} with ptft-gui"
    return (
        f"A {family.title} of {shape.layers} layers, {shape.width} wide, with {shape.heads} heads and "
        f"{record['parameters']:,} numbers, {begun}. It reads {record['block_size']:,} tokens at once "
        f"({record['tokenizer']}; {record['tokens_in_vocabulary']:,} different ones)."
    )


def _measures(record: Mapping[str, Any]) -> str:
    before = record.get("before") or {}
    head = "| measure | before | value |\n|---|---|---|" if before else "| measure | value |\n|---|---|"
    rows = []
    for name, value in record["metrics"].items():
        first = f" {three_digits(before[name]) if before.get(name) is not None else ''} |" if before else ""
        rows.append(f"| {name} |{first} {three_digits(value)} |")
    return "\n".join([head, *rows])


def _course(checks: Checks) -> str:
    """The curve as a picture and as a table of at most twenty rows, spread over the run."""
    if len(checks) < 2:
        return ""
    every = max(1, -(-len(checks) // _MOST_ROWS))
    shown = [check for number, check in enumerate(checks) if number % every == 0 or number == len(checks) - 1]
    rows = [
        f"| {step:,} | " + " | ".join(_cell(metrics.get(key)) for key, *_ in _CURVES) + " |"
        for step, metrics in shown
    ]
    head = "| step | " + " | ".join(name for _, name, *_ in _CURVES) + " |\n|---|---|---|"
    return "\n".join([f"![loss over the steps]({CURVE_FILE})", "", head, *rows])


def _cell(value: float | None) -> str:
    return "" if value is None else three_digits(value)


def _settings(record: Mapping[str, Any]) -> str:
    return "\n".join(f"| {key} | {value} |" for key, value in record["options"].items() if value is not None)
