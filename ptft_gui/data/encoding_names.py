"""Encodings by the names that people know them under."""

from __future__ import annotations

import codecs

from ptft_gui.core.errors import DataError

COMMON_ENCODINGS = (
    "utf-8", "gb18030", "big5hkscs", "cp932", "cp949", "cp1252", "cp1250", "cp1251", "koi8_r", "euc_jp", "cp866",
    "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "iso8859_15", "cp874",
)  # fmt: skip
_NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16 (big-endian)",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32 (big-endian)",
    "big5": "Big5",
    "big5hkscs": "Big5",
    "cp950": "Big5",
    "cp932": "Shift-JIS",
    "shift_jis": "Shift-JIS",
    "cp949": "EUC-KR",
    "euc_kr": "EUC-KR",
    "euc_jp": "EUC-JP",
    "gbk": "GB18030",
    "gb2312": "GB18030",
    "cp866": "DOS Cyrillic (866)",
    "cp874": "Windows-874",
}


def encoding_name(encoding: str) -> str:
    """``cp1252`` -> ``Windows-1252``."""
    if encoding in _NAMES:
        return _NAMES[encoding]
    codec = codecs.lookup(encoding).name
    if codec.startswith("cp125"):
        return f"Windows-{codec[2:]}"
    return _NAMES.get(codec, codec.replace("_", "-").replace("iso8859", "iso-8859").upper())


def checked_encoding(name: str) -> str:
    """The codec of this name. Raises DataError when there is none, or it does not make text of bytes."""
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        known = ", ".join(encoding_name(codec) for codec in COMMON_ENCODINGS[:6])
        raise DataError(
            f"There is no encoding named {name}.",
            f"Common ones are {known}.",
            "Choose one of these, or leave the encoding automatic.",
        ) from None
