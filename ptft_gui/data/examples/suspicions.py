"""Texts that look as if something went wrong on their way: one pattern each, for many texts at once."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

LONGEST_CHARACTERS = 100_000

# Elements of HTML that text is found wrapped in; <unk>, <s> and <eos>, which corpora use as words, are none of them.
_ELEMENTS = (
    "a|abbr|b|blockquote|body|br|button|center|code|div|dd|dl|dt|em|font|form|h[1-6]|head|hr|html|i|iframe|img|input|"
    "li|link|meta|ol|option|p|pre|script|select|small|span|strike|strong|style|sub|sup|table|tbody|td|th|thead|title|"
    "tr|tt|u|ul"
)
_HTML = rf"(?i)</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|&(?:amp|lt|gt|quot|apos|nbsp);|&?#\d{{2,5}};"
_CONTROL = r"[\x00-\x08\x0e-\x1b\x7f-\x{84}\x{86}-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
# What the bytes 80 to BF become when they are read as Windows-1252 or Latin-1, less the quotes and dashes that may
# rightly follow a capital letter.
_TRAIL = "[\u0080-\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ‘•˜™š›œžŸ]"
_MOJIBAKE = (
    rf"Ã{_TRAIL}|Â[\u00a0-\u00ba\u00bc-\u00bf]|â€[™œ\u009d˜“”¦¢]|[ÐÑ]{_TRAIL}[ÐÑ]{_TRAIL}"
    rf"|[äåæçèé]{_TRAIL}[{_TRAIL[1:-1]}“”’–—…]|ï¿½|锟斤拷|ðŸ"
)

SENTENCES: Mapping[str, str] = {
    "no_letters": "holds no letter, only digits or punctuation",
    "single_sign": "is a single sign",
    "html": "holds HTML tags or entities",
    "control": "holds control signs, which cannot be seen",
    "replacement": "holds signs that were lost when it was saved (\ufffd)",
    "mojibake": "looks as if it was read in a wrong encoding once (“Ã©” for “é”)",
    "very_long": f"is longer than {LONGEST_CHARACTERS:,} signs",
}
"""Kind of suspicion -> what a text of that kind does, as the end of a sentence."""

SHORT_KINDS = frozenset({"no_letters", "single_sign"})
"""Natural in an answer or a reply ("42"), suspicious in a text to learn from."""


_MARKUP_SIGNS = ("&", "<", "#")


def suspicions(text: pl.Expr) -> dict[str, pl.Expr]:
    """For each kind of `SENTENCES`, whether each text is suspicious in that way; blank ones never are.

    Texts must not be null.
    """
    is_ascii = text.str.len_bytes() == text.str.len_chars()
    # A look for a sign that all markup needs, many times as fast as a pattern, spares most texts the pattern.
    marked = pl.when(text.str.contains_any(_MARKUP_SIGNS)).then(text).otherwise(pl.lit(""))
    foreign = pl.when(is_ascii).then(pl.lit("")).otherwise(text)
    return {
        "no_letters": ~text.str.contains(r"\p{L}") & text.str.contains(r"\S"),
        "single_sign": text.str.contains(r"^\s*\S\s*$"),
        "html": marked.str.contains(_HTML),
        "control": text.str.contains(_CONTROL),
        "replacement": foreign.str.contains("\ufffd", literal=True),
        "mojibake": foreign.str.contains(_MOJIBAKE),
        "very_long": text.str.len_chars() > LONGEST_CHARACTERS,
    }
