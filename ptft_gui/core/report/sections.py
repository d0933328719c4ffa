"""The sections of a report, each a pure function of its facts; an empty text where there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from pathlib import PurePath
from typing import Any

from ptft_gui.core.datasets import dataset_title
from ptft_gui.core.events import Probe
from ptft_gui.core.report.curves import Chart, chart_svg, line_of
from ptft_gui.core.report.facts import ReportFacts
from ptft_gui.core.report.markup import STACK, folded, paragraph, section, table
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS, RunSummary
from ptft_gui.core.telling.before_and_after import before_and_after
from ptft_gui.core.telling.command_lines import in_lines
from ptft_gui.core.telling.labelled_data import labelled_rows
from ptft_gui.core.telling.settings_words import SettingRow, command_of, setting_rows
from ptft_gui.core.wording import bytes_text, duration_text, three_digits

_MOST_NEIGHBOURS = 8
_PROBE = "Fixed at the start and asked again and again while the model learned."
_COMMAND_COLUMNS = 88
_CHART_NAMES = {
    "val/accuracy": ("Held-out rows answered rightly", "share"),
    "val/macro_f1": ("Macro F1 on held-out rows", "F1"),
    "val/micro_f1": ("Micro F1 on held-out rows", "F1"),
    "val/exact_match": ("Held-out questions answered word for word", "share"),
    "val/f1": ("F1 on held-out rows", "F1"),
    "val/entity_f1": ("F1 of held-out names", "F1"),
    "val/spearman": ("Agreement with people's judgements", "Spearman"),
}
_RIGHT_OF = {
    None: "Analogies answered rightly, of those whose words it knows",
    "multilabel": "Held-out texts with all labels right",
    "reply": "Tokens of held-out replies guessed first",
}
"""What the share of right answers is a share of, where it is not rows; without a task only word vectors have one."""
_CHARTS_ASIDE = {
    "lr": ("Learning rate", "learning rate"),
    "words_per_second": ("Speed", "words a second"),
    "pairs_per_second": ("Speed", "pairs a second"),
    "tokens_per_second": ("Speed", "tokens a second"),
    "texts_per_second": ("Speed", "texts a second"),
}
_COUNTS = {
    "documents": "Documents",
    "total_words": "Words",
    "vocabulary_size": "Different words or pieces it knows",
    "train_sentences": "Sentences to train on",
    "val_sentences": "Sentences held out",
    "train_tokens": "Tokens to train on",
    "val_tokens": "Tokens held out",
}


# --- curves --------------------------------------------------------------------------------------------------------


def curves(facts: ReportFacts) -> str:
    """The loss with guessing and the best moment, then what else was measured on the way."""
    summary = facts.summary
    main = [_loss_chart(summary), *(_one_curve(summary, name) for name in _CHART_NAMES)]
    aside = [_one_curve(summary, name) for name in _CHARTS_ASIDE]
    return section("How it learned", *map(_figure, main), folded("Pace", "".join(map(_figure, aside))))


def before(facts: ReportFacts) -> str:
    """What the model that it started from scored on the same rows, beside what it scores now."""
    told = before_and_after(facts.summary)
    words = (
        "Before: at the start, before the first step. After: at the moment that was kept. Both were measured on "
        "what was held out to choose this moment, so neither is a score to report."
    )
    return section("Before and after", paragraph(told), paragraph(words, "quiet")) if told else ""


def _figure(chart: Chart | None) -> str:
    svg = chart_svg(chart) if chart is not None else ""
    if chart is None or not svg:
        return ""
    known = f"; {chart.level[0]}: {three_digits(chart.level[1])}" if chart.level is not None else ""
    return f"<figure><figcaption>{escape(chart.title + known)}</figcaption>{svg}</figure>"


def _loss_chart(summary: RunSummary) -> Chart | None:
    names = (
        (TRAIN_LOSS, "training", "training"),
        (VAL_LOSS, "held-out", "held-out"),
        ("loss", "training, each step", "faint"),
    )
    lines = tuple(
        line_of(name, style, summary.series[metric].steps, summary.series[metric].values)
        for metric, name, style in names
        if metric in summary.series and len(summary.series[metric]) > 1
    )
    guessing, best = summary.guessing(), summary.best()
    word = "kept" if summary.resolved_value("kept_by") else "best"
    return Chart(
        "Loss: how wrong the model still is",
        "step",
        "loss, nats",
        tuple(sorted(lines, key=lambda line: line.style != "faint")),
        ("guessing", guessing) if guessing is not None else None,
        (f"{word} {three_digits(best.value)}", best.step, best.value) if best is not None else None,
    )


def _one_curve(summary: RunSummary, name: str) -> Chart | None:
    series = summary.series.get(name)
    if series is None or len(series) < 2:
        return None
    title, unit = {**_CHART_NAMES, **_CHARTS_ASIDE}[name]
    if name == "val/accuracy":
        task = summary.spec.task if summary.spec is not None else None
        title = _RIGHT_OF.get(task, title)
    baseline = summary.baselines.get(name)
    level = (baseline.label, baseline.value) if baseline is not None else None
    return Chart(title, "step", unit, (line_of("", "held-out", series.steps, series.values),), level)


# --- what it learned ------------------------------------------------------------------------------------------------


def watched_words(facts: ReportFacts) -> str:
    """Neighbours of the watched words at the beginning and at the end; words of a text are no sentences of it."""
    rows = [
        (name, _neighbours(row[0]), _neighbours(row[-1]))
        for name, row in facts.summary.probes.items()
        if row and row[0].kind == "similar" and isinstance(row[-1].answer, list)
    ]
    return section("Watched words", table(rows, ("Word", "At the beginning", "At the end"), STACK))


def _neighbours(probe: Probe) -> str:
    found = []
    for entry in probe.answer[:_MOST_NEIGHBOURS] if isinstance(probe.answer, list) else ():
        if isinstance(entry, list | tuple) and len(entry) > 1 and isinstance(entry[1], int | float):
            found.append(f"{entry[0]} {entry[1]:.2f}")
    return ", ".join(found)


def probes(facts: ReportFacts) -> str:
    """What was written or filled in. A model may recite its text, so this is shown only with its sentences."""
    asked = [row for row in facts.summary.probes.values() if row and row[0].kind in ("continue", "fill")]
    if not asked:
        return ""
    if not facts.shows_sentences:
        left_out = "What it answered is left out here: it may repeat sentences of the data."
        return section("Probes", paragraph(f"{_PROBE} {left_out}", "quiet"))
    rows = [(row[0].input, _answer(row[0]), _answer(row[-1])) for row in asked]
    return section(
        "Probes", paragraph(_PROBE, "quiet"), table(rows, ("Asked", "At the beginning", "At the end"), STACK)
    )


def _answer(probe: Probe) -> str:
    if isinstance(probe.answer, str):
        return probe.answer
    return _neighbours(probe)


# --- data, settings, versions ---------------------------------------------------------------------------------------


def data(facts: ReportFacts) -> str:
    """What it learned from, in numbers; of a person's files only their names."""
    spec, summary = facts.spec, facts.summary
    if spec is None:
        return ""
    rows = [("Data", short_name(dataset_title(spec.data.dataset)))]
    rows += [
        (name, short_name(path))
        for name, path in (("Held-out file", spec.data.val), ("Test file", spec.data.test))
        if path
    ]
    rows += [
        (name, f"{value:,}")
        for key, name in _COUNTS.items()
        if _is_count(value := summary.resolved_value(key))
    ]
    rows += labelled_rows(summary)
    if isinstance(print_of := summary.resolved_value("fingerprint"), str):
        rows.append(("Fingerprint of the data (SHA-256)", print_of))
    told = str(summary.resolved_value("sum_sentence") or "")
    return section("What it learned from", paragraph(told), table(rows))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def short_name(text: str) -> str:
    """The last part of a path; where a person keeps their files is nobody's business."""
    path = PurePath(text)
    return path.name if path.is_absolute() or text.startswith("~") else text


def hide_folders(text: str, facts: ReportFacts) -> str:
    """``text`` with the names of files alone, of all that the run knows to be paths and of what looks like one."""
    known: set[str] = set()
    if facts.spec is not None:
        data = facts.spec.data
        known = {path for path in (facts.spec.init, data.dataset, data.val, data.test) if path}
    files = facts.summary.resolved_value("dataset_files") or ()
    known |= {str(file["path"]) for file in files if isinstance(file, Mapping) and "path" in file}
    for path in sorted(known, key=len, reverse=True):
        text = text.replace(path, short_name(path))
    return " ".join(short_name(word) for word in text.split(" "))


def settings(facts: ReportFacts) -> str:
    """What a person changed and what was decided for them, with reasons; the rest folded away."""
    rows = [_tidied(row, facts) for row in setting_rows(facts.summary)]
    if not rows:
        return ""
    main = [row for row in rows if row.is_changed or row.reason]
    rest = [row for row in rows if not (row.is_changed or row.reason)]
    heads = ("Setting", "Value", "Why")
    return section(
        "Settings",
        table(map(_setting, main), heads, STACK),
        folded(f"{len(rest)} further settings, as usual", table(map(_setting, rest), heads, STACK)),
    )


def _tidied(row: SettingRow, facts: ReportFacts) -> SettingRow:
    return replace(row, reason=hide_folders(row.reason, facts))


def _setting(row: SettingRow) -> tuple[str, str, str]:
    reason = "chosen" if row.is_changed and not row.reason else row.reason
    return f"{row.label} ({row.key})", short_name(row.value), reason


def notices(facts: ReportFacts) -> str:
    texts = dict.fromkeys(f"{n.message} {n.detail}".strip() for n in facts.summary.notices)
    items = "".join(f"<li>{escape(hide_folders(text, facts))}</li>" for text in texts)
    return section("Worth knowing", f"<ul>{items}</ul>" if items else "")


def how_to_repeat(facts: ReportFacts) -> str:
    """Versions, seed, and the command that asks for the same run again."""
    summary = facts.summary
    rows = (
        [("Seed", str(summary.resolved_value("seed", "")))]
        if summary.resolved_value("seed") is not None
        else []
    )
    rows += [(name, version) for name, version in sorted(summary.versions.items())]
    if summary.active_seconds:
        rows.append(("Time worked", duration_text(summary.active_seconds)))
    if summary.resources is not None:
        rows.append(("Memory used at the last look", bytes_text(summary.resources.rss_bytes)))
    command = ""
    if facts.spec is not None:
        asked = in_lines(command_of(without_folders(facts.spec)), _COMMAND_COLUMNS)
        words = "This command asks for the same run again; files are named without the folders they lie in."
        command = f"{paragraph(words, 'quiet')}<pre>{escape(asked)}</pre>"
    return section("How to repeat it", command, table(rows))


def without_folders(spec: RunSpec) -> RunSpec:
    """The same request with the names of files alone."""
    data = spec.data.model_copy(
        update={
            key: short_name(value) for key in ("dataset", "val", "test") if (value := getattr(spec.data, key))
        }
    )
    return spec.model_copy(update={"data": data, "init": short_name(spec.init) if spec.init else spec.init})
