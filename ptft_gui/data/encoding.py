"""Which encoding a file is written in, and whether it is text at all."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from ptft_gui.core.errors import DataError

_BLOCK_BYTES = 1 << 20
_SAMPLE_BYTES = 1 << 16
_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN_STARTS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (Word, Excel and OpenDocument files are such archives)"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a rich text (RTF) document"),
)
_CONTROL_BYTES = bytes(b for b in range(32) if b not in b"\t\n\r\f\x1b\x0b") + b"\x7f"
_CONTINUATION_BYTES = bytes(range(0x80, 0xC0))
_NAMES = {"utf-8-sig": "UTF-8", "big5": "Big5", "johab": "Johab", "hz": "HZ"}
_FEWEST_HIGH_BYTES = 8
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_](?![’‘´·])[^\x00-\x7f\w\s](?=[^\W\d_])")
# A UTF-8 file with a few damaged places is still UTF-8: this many good signs for each bad one prove it.
_GOOD_SIGNS_FOR_A_BAD_ONE = 20


@dataclass(frozen=True)
class ScannedFile:
    """What one pass over the bytes of a text file found.

    ``bad_signs`` counts places that cannot be read in ``encoding``; they are read as U+FFFD. ``sha256`` is of the
    bytes as they are; it is empty when only samples were read.
    """

    path: Path
    size_bytes: int
    encoding: str
    bad_signs: int = 0
    sha256: str = ""
    is_assumed: bool = False

    @property
    def encoding_name(self) -> str:
        """The encoding's name for people."""
        return encoding_name(self.encoding)

    def notices(self) -> list[str]:
        """What a person should know about how this file was read."""
        name, said = self.path.name, []
        if self.is_assumed:
            said.append(
                f"{name} was read as {self.encoding_name}, because it is not UTF-8. "
                "If letters with accents look wrong, save it as UTF-8 and choose it again."
            )
        if self.bad_signs:
            places = "1 place" if self.bad_signs == 1 else f"{self.bad_signs:,} places"
            said.append(
                f"{places} in {name} cannot be read as {self.encoding_name} and became the sign \ufffd."
            )
        return said


def encoding_name(encoding: str) -> str:
    """``cp1252`` -> ``Windows-1252``."""
    if encoding.startswith("cp125"):
        return f"Windows-{encoding[2:]}"
    return _NAMES.get(encoding, encoding.replace("_", "-").upper())


def scan_file(path: Path, on_bytes: Callable[[int], None] = lambda _count: None) -> ScannedFile:
    """Read a file once, in blocks: hash it, prove that it is text, find its encoding.

    ``on_bytes`` is told the size of every block. Raises DataError when the file cannot be opened, is empty or is not
    text.
    """
    evidence, digest, size = _Evidence(), hashlib.sha256(), 0
    try:
        with open(path, "rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                refuse_binary(path, block, is_start=size == 0)
                digest.update(block)
                evidence.add(block)
                size += len(block)
                on_bytes(len(block))
    except OSError as problem:
        raise unreadable(path, problem) from problem
    if not size:
        raise empty_file(path)
    return evidence.conclude(path, size, digest.hexdigest())


def scan_sample(path: Path, blocks: list[bytes], size_bytes: int) -> ScannedFile:
    """The same judgement from a few blocks of a file, for a quick look at a large one."""
    evidence = _Evidence()
    for number, block in enumerate(blocks):
        refuse_binary(path, block, is_start=number == 0)
        evidence.add_apart(block)
    return evidence.conclude(path, size_bytes, "", is_whole=sum(map(len, blocks)) >= size_bytes)


class _Evidence:
    """Gathers what speaks for and against UTF-8, and a sample of the lines that are not ASCII."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._mark = ""
        self._is_first = True
        self._good = self._bad = 0
        self._sample = bytearray()

    def add(self, block: bytes) -> None:
        if self._is_first:
            self._is_first = False
            self._mark = byte_order_mark(block)
        if self._mark.startswith(("utf-16", "utf-32")) or (
            block.isascii() and not self._decoder.getstate()[0]
        ):
            return
        self._weigh(self._decoder.decode(block), block)

    def add_apart(self, block: bytes) -> None:
        """Add a block that does not follow the one before: it may begin and end in the middle of a sign."""
        if not self._is_first:
            block = block.lstrip(_CONTINUATION_BYTES)
        self._decoder.reset()
        self.add(block)

    def _weigh(self, text: str, block: bytes) -> None:
        bad = text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
        self._bad += max(bad, 0)
        self._good += len(text) - len(text.encode("ascii", "ignore")) - max(bad, 0)
        for line in block.splitlines():
            if len(self._sample) >= _SAMPLE_BYTES:
                break
            if not line.isascii():
                self._sample += line[:_SAMPLE_BYTES] + b"\n"

    def conclude(self, path: Path, size: int, sha256: str, is_whole: bool = True) -> ScannedFile:
        if self._mark.startswith(("utf-16", "utf-32")):
            return ScannedFile(path, size, self._mark, 0, sha256)
        self._weigh(self._decoder.decode(b"", is_whole), b"")
        utf8 = self._mark or "utf-8"
        if self._mark or self._good >= self._bad * _GOOD_SIGNS_FOR_A_BAD_ONE:
            return ScannedFile(path, size, utf8, self._bad, sha256)
        return ScannedFile(path, size, guess_encoding(bytes(self._sample)), 0, sha256, is_assumed=True)


def byte_order_mark(start: bytes) -> str:
    """The encoding named by the mark at the start of a file, or an empty string."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark)), "")


def guess_encoding(sample: bytes) -> str:
    """The likeliest encoding of text that is not UTF-8.

    Another script (Cyrillic, Greek, Chinese ...) is told apart well by charset-normalizer. Encodings of the Latin
    alphabet differ in a handful of letters only, and its guess between them is a coin toss: there Windows-1252, by
    far the commonest, is taken unless it would put symbols inside words ("za¿ó³æ").
    """
    high_bytes = sum(byte > 127 for byte in sample)
    if high_bytes < _FEWEST_HIGH_BYTES and high_bytes * 4 < len(sample):
        return "cp1252"
    best = from_bytes(
        sample, cp_exclusion=["utf_16_be", "utf_16_le", "utf_32_be", "utf_32_le", "utf_7"]
    ).best()
    if best is None or (
        _is_latin(str(best)) and not _has_symbols_in_words(sample.decode("cp1252", "replace"))
    ):
        return "cp1252"
    return str(best.encoding)


def _is_latin(text: str) -> bool:
    letters = {sign for sign in text if not sign.isascii() and sign.isalpha()}
    return sum("LATIN" in unicodedata.name(sign, "") for sign in letters) * 2 >= len(letters)


def _has_symbols_in_words(text: str) -> bool:
    return len(_SYMBOL_IN_WORD.findall(text)) * 20 > sum(not sign.isascii() for sign in text)


def refuse_binary(path: Path, block: bytes, is_start: bool = True) -> None:
    """Raise DataError when a block of a file cannot be text."""
    if is_start:
        for start, kind in _KNOWN_STARTS:
            if block.startswith(start):
                raise _not_text(path, f"It begins like {kind}.")
        if byte_order_mark(block).startswith(("utf-16", "utf-32")):
            return
        if b"\0" in block:
            raise _not_text(path, "It holds zero bytes, which text never does.")
        controls = len(block) - len(block.translate(None, _CONTROL_BYTES))
        if controls * 50 > len(block):
            raise _not_text(path, f"{controls / len(block):.0%} of its first bytes are control signs.")


def unreadable(path: Path, problem: OSError) -> DataError:
    """A file or folder that the system would not open, in words."""
    if isinstance(problem, FileNotFoundError):
        return DataError(
            f"There is no file {path.name} any more.",
            f"Looked for {path}.",
            "Choose the file again.",
        )
    if isinstance(problem, PermissionError):
        return DataError(
            f"{path.name} may not be read.",
            f"The system does not give this user the right to read {path}.",
            "Change its permissions, or copy it to a folder of your own.",
        )
    return DataError(
        f"{path.name} cannot be read.",
        f"The system said: {problem.strerror or problem}.",
        "Copy the file to this computer's own disk and choose the copy.",
    )


def empty_file(path: Path) -> DataError:
    """A file of zero bytes, in words."""
    return DataError(f"{path.name} is empty.", "It has 0 bytes.", "Choose a file that contains sentences.")


def _not_text(path: Path, seen: str) -> DataError:
    return DataError(
        f"{path.name} is not a text file.",
        seen,
        "Save the document as plain text (UTF-8) and choose that file.",
    )
