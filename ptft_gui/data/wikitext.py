"""Wiki markup in, readable paragraphs out.

What stays is what a reader would call the text: running paragraphs and list items, one a line. Templates, tables,
references, pictures, formulas, headings and the sections that only point elsewhere are left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import mwparserfromhell
from mwparserfromhell.nodes import (
    Comment,
    ExternalLink,
    Heading,
    HTMLEntity,
    Node,
    Tag,
    Template,
    Text,
    Wikilink,
)
from mwparserfromhell.wikicode import Wikicode

_SKIPPED_TAGS = frozenset(
    "ref references table gallery math timeline score source syntaxhighlight code pre imagemap chem ce hiero "
    "noinclude includeonly section templatestyles graph mapframe".split()
)
_BREAKING_TAGS = frozenset("br li dd dt hr p div blockquote center poem".split())
_POINTING_SECTIONS = frozenset(
    {
        "see also", "references", "notes", "further reading", "external links", "bibliography", "sources",
        "citations", "footnotes", "notes and references", "works cited", "gallery", "literature",
    }
)  # fmt: skip
_KEPT_UNITS = frozenset({"convert", "cvt"})
_KEPT_LAST_ARGUMENT = frozenset(
    {"lang", "transl", "nowrap", "nobr", "small", "nihongo", "abbr", "quote", "sic", "circa", "c."}
)
_TEMPLATE_SIGNS = {"ndash": "–", "mdash": "—", "snd": " – ", "spaced ndash": " – ", "'s": "'s", "nbsp": " "}
_LINK_PREFIX = re.compile(r"^\s*(file|image|media|category|[a-z]{2,3}(-[a-z]+)?|simple)\s*:", re.IGNORECASE)
_LEFT_OVER_MARKUP = re.compile(r"^\s*[|!=]|\{\{|\}\}|\{\||\|\}|\[\[|\]\]|\|-|</?[a-z]+[^<>]*>")
_PAIRS = (("[[", "]]"), ("{{", "}}"), ("{|", "|}"), ("<!--", "-->"))
_OPENING_TAG = re.compile(r"<(?!(?:br|hr|li|p|dd|dt|wbr)\b)[a-zA-Z]")
_MOST_WORK = 100_000_000  # some seconds
_ENDLESS_INDENT = re.compile(r"^([:*#;]{20})[:*#;]+", re.MULTILINE)
_MARKUP_SIGNS = re.compile(r"[\[\]{}|<>=]+")
_FEWEST_WORDS = 5
_SENTENCE_MARKS = '.!?"”'
_TIDY = (
    (re.compile(r"<ref\b.*?(</ref>|$)"), ""),
    (re.compile(r"__[A-Z]{3,}__"), " "),
    (re.compile(r"'{2,}"), ""),
    (re.compile(r"[\u200b\u200e\u200f\ufeff\u00ad]"), ""),
    (re.compile(r"[\s\u00a0]+"), " "),
    (re.compile(r"([(\[])\s*[,;:–/\s]*"), r"\1"),
    (re.compile(r"[\s,;:]*([)\]])"), r"\1"),
    (re.compile(r"\(\W*\)|\[\W*\]"), ""),
    (re.compile(r"\s+([,.;:!?])"), r"\1"),
    (re.compile(r"([,;:])(\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:]+\."), "."),
    (re.compile(r" {2,}"), " "),
)


def readable_lines(markup: str) -> list[str]:
    """The paragraphs and list items of a page, one string each, without markup.

    Markup that would keep the parser busy for minutes is cut out roughly instead.
    """
    markup = _ENDLESS_INDENT.sub(r"\1", markup)
    if _is_hopeless(markup):
        text = _MARKUP_SIGNS.sub(" ", markup)
    else:
        text = _render(_without_pointing_sections(mwparserfromhell.parse(markup).nodes))
    lines = (_tidy(line) for line in text.split("\n"))
    return [line for line in lines if _is_text(line)]


def _is_hopeless(markup: str) -> bool:
    """Whether so much is opened and never closed that the parser, which tries each to the end, would not get done."""
    unclosed = sum(max(markup.count(begin) - markup.count(end), 0) for begin, end in _PAIRS)
    unclosed += max(len(_OPENING_TAG.findall(markup)) - markup.count("</") - markup.count("/>"), 0)
    return unclosed * len(markup) > _MOST_WORK


def _without_pointing_sections(nodes: Iterable[Node]) -> Iterable[Node]:
    """Leave out headings, and the sections that hold only references and links with their subsections."""
    skipped_level = 0
    for node in nodes:
        if isinstance(node, Heading):
            if skipped_level and node.level > skipped_level:
                continue
            title = str(node.title.strip_code()).strip().lower()
            skipped_level = node.level if title in _POINTING_SECTIONS else 0
            yield Text("\n")
        elif not skipped_level:
            yield node


def _render(nodes: Iterable[Node]) -> str:
    return "".join(_render_node(node) for node in nodes)


def _render_node(node: Node) -> str:
    match node:
        case Text():
            return str(node.value)
        case Wikilink():
            return _render_link(node)
        case ExternalLink():
            return _render_code(node.title)
        case HTMLEntity():
            return str(node.normalize() or " ")
        case Tag():
            return _render_tag(node)
        case Template():
            return _render_template(node)
        case Heading():
            return "\n"
        case Comment():
            return ""
    return ""


def _render_code(code: Wikicode | None) -> str:
    return _render(code.nodes) if code is not None else ""


def _render_link(link: Wikilink) -> str:
    target = str(link.title)
    if _LINK_PREFIX.match(target):
        return ""
    return _render_code(link.text) if link.text else target.lstrip(":").split("#")[0]


def _render_tag(tag: Tag) -> str:
    name = str(tag.tag).strip().lower()
    if name in _SKIPPED_TAGS:
        return ""
    inside = _render_code(tag.contents)
    return f"\n{inside}\n" if name in _BREAKING_TAGS else inside


def _render_template(template: Template) -> str:
    """Most templates are decoration; a few carry words of the sentence they stand in."""
    name = str(template.name).strip().lower()
    arguments = [_render_code(p.value).strip() for p in template.params if not p.showkey]
    if name in _KEPT_UNITS and len(arguments) >= 2:
        return f"{arguments[0]} {arguments[1]}"
    if name in _KEPT_LAST_ARGUMENT and arguments:
        return arguments[-1]
    if name == "as of" and arguments:
        return f"{'as' if template.has('lc') else 'As'} of {arguments[0]}"
    return _TEMPLATE_SIGNS.get(name, "")


def _tidy(line: str) -> str:
    line = html.unescape(line.lstrip("*#:; \t"))
    for pattern, replacement in _TIDY:
        line = pattern.sub(replacement, line)
    return line.strip()


def _is_text(line: str) -> bool:
    """Whether a line reads as text: five words or a short sentence, no markup left that could not be taken apart."""
    words = len(line.split())
    if words < _FEWEST_WORDS and not (words > 1 and line[-1] in _SENTENCE_MARKS):
        return False
    return not _LEFT_OVER_MARKUP.search(line)
