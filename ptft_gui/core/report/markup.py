"""Pieces of the page: every text that goes into one is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

STACK = "stack"


def section(title: str, *bodies: str) -> str:
    """A titled part of the page; "" when nothing is in it."""
    body = "\n".join(part for part in bodies if part)
    return f"<section><h2>{escape(title)}</h2>\n{body}\n</section>" if body else ""


def paragraph(text: str, kind: str = "") -> str:
    return f"<p{_kind(kind)}>{escape(text)}</p>" if text else ""


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def table(rows: Iterable[Sequence[str]], heads: Sequence[str] = (), kind: str = "") -> str:
    """Rows of plain text; the first cell of each names it. Of the kind ``stack`` the cells stand below each other
    where the page is narrow, each with the head of its column."""
    told = heads if kind == STACK else ()
    lines = [
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            _cell(cell, told[place] if place < len(told) else "") for place, cell in enumerate(row[1:], 1)
        )
        + "</tr>"
        for row in rows
    ]
    if not lines:
        return ""
    named = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    head = f"<thead><tr>{named}</tr></thead>" if named else ""
    return f"<table{_kind(kind)}>{head}<tbody>{''.join(lines)}</tbody></table>"


def _cell(text: str, head: str) -> str:
    told = f' data-head="{escape(head, quote=True)}"' if head and text else ""
    return f"<td{told}>{escape(text)}</td>"


def folded(title: str, body: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{body}</details>" if body else ""
