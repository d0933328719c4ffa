"""What ``ptft-gui data inspect`` prints of a table: in the order in which a person asks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from ptft_gui.cli.output import print_table, shown_width
from ptft_gui.core.wording import bytes_text, three_digits

_SHOWN_ROWS = 5
_SHOWN_CLASSES = 12
_LABELS = {"multilabel": "Labels", "tagging": "Kinds of names"}
_SHOWN_COLUMNS = 6
_CELL_WIDTH = 60
_DELIMITER_NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", " ": "space"}

Record = Mapping[str, Any]


def print_dataset(opened: Record, studied: Record) -> None:
    """How it was read, parts, columns, tasks, numbers, findings, warnings, the sum, first rows."""
    _print_reading(opened)
    _print_columns(opened)
    _print_tasks(opened)
    _print_numbers(studied)
    _print_findings(studied)
    for warning in studied.get("warnings") or ():
        print(f"Warning: {warning['sentence']} {warning.get('hint', '')}".rstrip())
    if studied.get("sums"):
        print(f"Rows: {studied['sums']}")
    if studied.get("split_sentence"):
        print(f"Parts: {studied['split_sentence']}")
    _print_rows(opened)


def _print_reading(opened: Record) -> None:
    how = [str(opened["format_name"])]
    if opened.get("encoding_name"):
        how.append(str(opened["encoding_name"]))
    if delimiter := opened.get("delimiter"):
        name = _DELIMITER_NAMES.get(delimiter) or repr(delimiter)
        if name not in how[0]:
            how.append(f"columns separated by {name}")
    if opened.get("sheet"):
        how.append(f"sheet {opened['sheet']}")
    print(plain(f"{opened['title']}: {', '.join(how)}."))
    parts = list(opened.get("parts") or ())
    if len(parts) > 1:
        print(
            plain(
                "Parts in it: "
                + ", ".join(f"{part['name']} ({bytes_text(part['size_bytes'])})" for part in parts)
            )
        )
    for notice in opened.get("notices") or ():
        print(plain(f"Note: {notice}"))


def _print_columns(opened: Record) -> None:
    guesses: dict[str, Record] = {}
    for guess in opened.get("roles") or ():
        for name in (guess["column"], *guess["column"].split(" + ")):
            guesses.setdefault(name, guess)
    print("Columns:")
    rows = []
    for column in opened.get("columns") or ():
        guess = guesses.get(column["name"])
        role = guess["title"] if guess else ""
        reason = guess["reason"] if guess else _examples(column.get("examples") or ())
        rows.append((f"  {shortened(column['name'], 30)}", role, shortened(reason, 110)))
    print_table(rows)
    for guess in opened.get("roles") or ():
        if second := guess.get("runner_up"):
            print(plain(f"  {guess['title']} could also be {second['column']}: {second['reason']}"))


def _examples(cells: Iterable[Any]) -> str:
    shown = [shortened(_cell(cell), 24) for cell in cells]
    return f"such as {'; '.join(shown)}" if shown else "empty"


def _print_tasks(opened: Record) -> None:
    """The tasks it suits one by one, the others together where they lack the same."""
    print("Suits:")
    missing: dict[str, list[str]] = {}
    for task in opened.get("tasks") or ():
        if task["suits"]:
            chosen = " (proposed)" if task["key"] == opened.get("task") else ""
            print(plain(f"  {task['key']}{chosen}: {task['sentence']}"))
        else:
            missing.setdefault(task["sentence"], []).append(task["key"])
    for sentence, tasks in missing.items():
        print(plain(f"  not {', '.join(tasks)}: {sentence}"))


def _print_numbers(studied: Record) -> None:
    rows = sum((studied.get("rows") or {}).values())
    told = [f"{rows:,} rows", f"{studied.get('tokens', 0):,} words", f"{studied.get('types', 0):,} different"]
    lengths = studied.get("length_histogram") or {}
    if lengths.get("longest"):
        middle, most, longest = (_length(lengths[key]) for key in ("median", "p95", "longest"))
        told.append(f"a text has {middle} {lengths['unit']} (95 % at most {most}, longest {longest})")
    print(f"{', '.join(told)}.")
    if sentence := (studied.get("language") or {}).get("sentence"):
        print(plain(f"Language: {sentence}"))
    if classes := _all_classes(studied):
        shown = ", ".join(f"{shortened(label, 40)} {count:,}" for label, count in classes[:_SHOWN_CLASSES])
        more = f" and {len(classes) - _SHOWN_CLASSES} more" if len(classes) > _SHOWN_CLASSES else ""
        print(f"{_LABELS.get(str(studied.get('task')), 'Classes')}: {shown}{more}.")


def _length(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else three_digits(value)


def _all_classes(studied: Record) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for pairs in (studied.get("classes") or {}).values():
        for label, count in pairs:
            counts[str(label)] = counts.get(str(label), 0) + int(count)
    return sorted(counts.items(), key=lambda pair: -pair[1])


def _print_findings(studied: Record) -> None:
    findings = list(studied.get("findings") or ())
    if not findings:
        return
    print("Decisions about your data:")
    for finding in findings:
        print(plain(f"  {finding['finding']}: {finding['sentence']}"))
        chosen = finding.get("chosen") or finding.get("default")
        choices = [
            f"{choice['key']} ({choice['title']}{', chosen' if choice['key'] == chosen else ''})"
            for choice in finding.get("choices") or ()
        ]
        asked = "must be chosen: " if finding.get("must_ask") and not finding.get("chosen") else ""
        print(plain(f"      {asked}{'; '.join(choices)}"))


def _print_rows(opened: Record) -> None:
    """The first rows, those columns first that have a role."""
    rows = list(opened.get("rows") or ())[:_SHOWN_ROWS]
    if not rows:
        return
    names = [str(column["name"]) for column in opened.get("columns") or ()]
    used = {guess["column"] for guess in opened.get("roles") or ()}
    places = sorted(range(len(names)), key=lambda place: names[place] not in used)[:_SHOWN_COLUMNS]
    print("First rows as they stand:")
    shown = [("  row", *(shortened(names[place], _CELL_WIDTH) for place in places))]
    for number, *cells in rows:
        shown.append((f"  {number}", *(shortened(_cell(cells[place]), _CELL_WIDTH) for place in places)))
    print_table(shown)


def _cell(cell: Any) -> str:
    if isinstance(cell, list):
        return " ".join(str(item) for item in cell)
    return "" if cell is None else str(cell)


def shortened(text: str, width: int) -> str:
    """One line of at most ``width`` places, safe to print."""
    line = plain(text)
    if shown_width(line) <= width:
        return line
    kept = ""
    for sign in line:
        if shown_width(kept + sign) > width - 3:
            break
        kept += sign
    return f"{kept}..."


def plain(text: str) -> str:
    """``text`` on one line without signs that command a terminal or turn the direction of writing."""
    is_harmful = ("Cc", "Cf", "Zl", "Zp")
    return "".join(" " if unicodedata.category(sign) in is_harmful else sign for sign in text).rstrip()
