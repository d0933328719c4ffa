"""Which encoding a file is written in, and whether it is text at all."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ptft_gui.core.errors import DataError
from ptft_gui.data.bytesource import ByteSource, source_of
from ptft_gui.data.encoding_guess import guess_encoding
from ptft_gui.data.encoding_names import COMMON_ENCODINGS, checked_encoding
from ptft_gui.data.encoding_names import encoding_name as encoding_name
from ptft_gui.data.plainfile import unreadable as unreadable

_BLOCK_BYTES = 1 << 20
_SAMPLE_BYTES = 1 << 16
_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OF_A_MODEL = frozenset((".safetensors", ".bin", ".gguf", ".pt", ".pth", ".ckpt", ".onnx", ".npy", ".npz"))
_KNOWN_STARTS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (Word, Excel and OpenDocument files are such archives)"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive, which cannot be opened here"),
    (b"Rar!\x1a\x07", "a rar archive, which cannot be opened here"),
    (b"SQLite format 3\0", "a database"),
    (b"PAR1", "a Parquet table"),
    (b"ARROW1", "an Arrow table"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text (RTF) document"),
)
_ZEROS = "It holds zero bytes, which text never does."
_BYTES_FOR_A_ZERO = 100  # fewer zero bytes than this are damage in a text, more are no text
_LINE_SIGNS = {ord(sign): " " for sign in "\t\n\r\f\x0b"}
_SOME_SOURCE = ByteSource("", 0, 0)
# Signs 1 and 31 part the cells of some tables.
_CONTROL_BYTES = bytes(b for b in range(32) if b not in b"\t\n\r\f\x1b\x0b\x01\x1f") + b"\x7f"
_CONTINUATION_BYTES = bytes(range(0x80, 0xC0))
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_SHOWN_BYTES = 1200
_SHOWN_CHARACTERS = 300
# A UTF-8 file with a few damaged places is still UTF-8: this many good signs for each bad one prove it.
_GOOD_SIGNS_FOR_A_BAD_ONE = 20
# With fewer it is a mixture. In text of other encodings good signs are chance, and rarer than bad ones.
_GOOD_SIGNS_IN_A_MIXTURE = 2
# Nor do whole lines of several good signs come about by chance.
_FEWEST_GOOD_LINES, _SIGNS_OF_A_GOOD_LINE, _SHARE_OF_GOOD_LINES = 5, 2, 0.2


@dataclass(frozen=True)
class ScannedFile:
    """What one pass over the bytes of a text file found.

    ``bad_signs`` counts places that cannot be read in ``encoding``, ``zero_bytes`` those that no text holds; both are
    read as U+FFFD. ``sha256`` is of the bytes as they are, unpacked; it is empty when only samples were read.
    ``is_assumed``: the encoding is a guess; ``is_chosen``: a person chose it; ``is_mixed``: the file holds a good deal
    of another encoding; ``has_grown``: something was appended while it was read.
    """

    source: ByteSource
    size_bytes: int
    encoding: str
    bad_signs: int = 0
    sha256: str = ""
    is_assumed: bool = False
    is_chosen: bool = False
    is_mixed: bool = False
    zero_bytes: int = 0
    has_grown: bool = False

    @property
    def name(self) -> str:
        """The name of the file for people."""
        return self.source.name

    @property
    def encoding_name(self) -> str:
        """The encoding's name for people."""
        return encoding_name(self.encoding)

    def notices(self) -> list[str]:
        """What a person should know about how this file was read."""
        name, said = self.name, []
        if self.is_assumed:
            said.append(
                f"{name} was read as {self.encoding_name}, because it is not UTF-8. "
                "If letters look wrong, choose another encoding, or save it as UTF-8 and choose it again."
            )
        if self.bad_signs:
            said.append(bad_signs_notice(name, self.encoding, self.bad_signs, self.is_mixed))
        if self.zero_bytes:
            zeros = "1 zero byte" if self.zero_bytes == 1 else f"{self.zero_bytes:,} zero bytes"
            said.append(f"{zeros} in {name}, which text never holds, became the sign \ufffd.")
        if self.has_grown:
            said.append(f"{name} grew while it was read; its first {self.size_bytes:,} bytes were used.")
        return said


def bad_signs_notice(name: str, encoding: str, count: int, is_mixed: bool = False) -> str:
    """What is said of places that cannot be read."""
    places = "1 place" if count == 1 else f"{count:,} places"
    said = f"{places} in {name} cannot be read as {encoding_name(encoding)} and became the sign \ufffd."
    return f"{said} The file mixes encodings: save all of it as UTF-8 to keep them." if is_mixed else said


def scan_file(
    source: ByteSource | Path,
    on_bytes: Callable[[int], None] = lambda _count: None,
    encoding: str | None = None,
) -> ScannedFile:
    """Read a file once, in blocks: hash it, prove that it is text, find its encoding unless it is given.

    ``on_bytes`` is told how many bytes on disk were passed with every block. Raises DataError when the file cannot be
    opened, is empty or is not text, or there is no such encoding.
    """
    source = source_of(source) if isinstance(source, Path) else source
    evidence, digest, size, passed = _Evidence(source, encoding), hashlib.sha256(), 0, 0
    with source.open() as stream:
        while block := stream.read(_BLOCK_BYTES):
            evidence.add(block)
            digest.update(block)
            size += len(block)
            on_bytes(stream.passed_bytes - passed)
            passed = stream.passed_bytes
    if not size:
        raise empty_file(source)
    found = evidence.conclude(size, digest.hexdigest())
    return replace(found, has_grown=source.is_plain and source.has_changed())


def scan_sample(
    source: ByteSource | Path, blocks: list[bytes], size_bytes: int, encoding: str | None = None
) -> ScannedFile:
    """The same judgement from a few blocks of a file, for a quick look at a large one."""
    evidence = _Evidence(source_of(source) if isinstance(source, Path) else source, encoding)
    for block in blocks:
        evidence.add_apart(block)
    return evidence.conclude(size_bytes, "", is_whole=sum(map(len, blocks)) >= size_bytes)


class _Evidence:
    """Gathers what speaks for and against UTF-8, and a sample of the lines that are not ASCII.

    Where the encoding is known (by a mark, by zero bytes in a pattern, by choice), only what cannot be read in it is
    counted.
    """

    def __init__(self, source: ByteSource, chosen: str | None = None) -> None:
        self._source = source
        self._chosen = checked_encoding(chosen) if chosen else ""
        self._known = self._chosen
        self._mark = ""
        self._is_first = True
        self._good = self._bad = self._zeros = self._read = 0
        self._sample = bytearray()
        self._decoder = codecs.getincrementaldecoder(self._known or "utf-8")("replace")

    def add(self, block: bytes) -> None:
        if self._is_first:
            self._begin(block)
        self._is_first = False
        if self._known:
            self._bad += self._decoder.decode(block).count("\ufffd")
            return
        self._read += len(block)
        self._zeros += block.count(0)
        if not block.isascii() or self._decoder.getstate()[0]:
            self._weigh(self._decoder.decode(block), block)

    def _begin(self, block: bytes) -> None:
        if self._known:
            refuse_binary(self._source, block, has_zeros=True)
            return
        self._mark = byte_order_mark(block)
        wide = self._mark if self._mark.startswith(("utf-16", "utf-32")) else unmarked_wide_encoding(block)
        refuse_binary(self._source, block, has_zeros=bool(wide))
        if wide:
            self._known = wide
            self._decoder = codecs.getincrementaldecoder(wide)("replace")

    def add_apart(self, block: bytes) -> None:
        """Add a block that does not follow the one before: it may begin and end in the middle of a sign."""
        if not self._is_first:
            if self._known:
                return
            block = block.lstrip(_CONTINUATION_BYTES)
        if not self._known:
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

    def conclude(self, size: int, sha256: str, is_whole: bool = True) -> ScannedFile:
        if self._known:
            self._bad += self._decoder.decode(b"", is_whole).count("\ufffd")
            return ScannedFile(
                self._source,
                size,
                self._known,
                self._bad,
                sha256,
                is_assumed=not self._mark and not self._chosen,
                is_chosen=bool(self._chosen),
            )
        if self._zeros * _BYTES_FOR_A_ZERO > self._read:
            raise _not_text(self._source, _ZEROS)
        self._weigh(self._decoder.decode(b"", is_whole), b"")
        utf8 = self._mark or "utf-8"
        found = ScannedFile(self._source, size, utf8, self._bad, sha256, zero_bytes=self._zeros)
        if self._mark or self._good >= self._bad * _GOOD_SIGNS_FOR_A_BAD_ONE:
            return found
        if self._good >= self._bad * _GOOD_SIGNS_IN_A_MIXTURE or _holds_good_lines(bytes(self._sample)):
            return replace(found, is_mixed=True)
        return replace(found, encoding=guess_encoding(bytes(self._sample)), bad_signs=0, is_assumed=True)


def _holds_good_lines(sample: bytes) -> bool:
    """Whether so many lines are UTF-8, of those with other signs than ASCII, that other files were added to one."""
    lines = [line for line in sample.split(b"\n")[:-1] if not line.isascii()]
    good = 0
    for line in lines:
        text = line.decode("utf-8", "replace")
        good += "\ufffd" not in text and sum(not sign.isascii() for sign in text) >= _SIGNS_OF_A_GOOD_LINE
    return good >= max(_FEWEST_GOOD_LINES, _SHARE_OF_GOOD_LINES * len(lines))


def byte_order_mark(start: bytes) -> str:
    """The encoding named by the mark at the start of a file, or an empty string."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark)), "")


@dataclass(frozen=True)
class EncodingCandidate:
    """An encoding that a text could be in: a Python codec, its name for people, and the text as it would be read.

    ``beginning`` starts at the first line in which encodings differ; ``bad_signs`` counts what cannot be
    text in it.
    """

    encoding: str
    name: str
    beginning: str
    bad_signs: int


def candidates(sample: bytes, most: int = 8) -> list[EncodingCandidate]:
    """The encodings a text could be in, the likeliest first, for a person to choose from.

    Encodings that read the sample alike are named once. An empty sample, or one of ASCII only, is UTF-8.
    """
    likeliest = detect_encoding(sample)
    start = 0 if likeliest.startswith(("utf-16", "utf-32")) else _first_difference(sample)
    part = sample[start : start + _SHOWN_BYTES]
    wide = [name for name in ("utf-16-le", "utf-16-be") if 0 in sample and not start]
    found: dict[str, EncodingCandidate] = {}
    for encoding in dict.fromkeys((likeliest, *wide, *COMMON_ENCODINGS)):
        text = part.decode(encoding, "replace")
        bad = sum(_is_strange(sign) for sign in text[:-1])
        if encoding == likeliest or bad * 5 <= sum(not sign.isascii() for sign in text):
            shown = text.lstrip("\ufeff")[:_SHOWN_CHARACTERS]
            found.setdefault(shown, EncodingCandidate(encoding, encoding_name(encoding), shown, bad))
    first, *others = found.values()
    return [first, *sorted(others, key=lambda candidate: candidate.bad_signs)][:most]


def _is_strange(sign: str) -> bool:
    """Whether a sign has no place in text: it could not be read, steers a machine, or belongs to no script."""
    return sign == "\ufffd" or (unicodedata.category(sign) in ("Cc", "Co", "Cn") and sign not in "\t\n\r\f\v")


def detect_encoding(sample: bytes) -> str:
    """The encoding of a text, judged from its beginning alone."""
    evidence = _Evidence(_SOME_SOURCE)
    try:
        evidence.add(sample)
        return evidence.conclude(len(sample), "", is_whole=False).encoding
    except DataError:  # zero bytes and the like: whatever it is, it may be read as the commonest encoding
        return "utf-8"


def _first_difference(sample: bytes) -> int:
    """Where the first line with a byte outside ASCII begins."""
    high = _HIGH_BYTE.search(sample)
    return sample.rfind(b"\n", 0, high.start()) + 1 if high else 0


def unmarked_wide_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, told by where its zero bytes stand; an empty string for anything else."""
    if 0 not in start:
        return ""
    whole = start[: min(len(start) // 4 * 4, _SAMPLE_BYTES)]
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        text = whole.decode(encoding, "replace")
        if text and width * len(text) <= len(whole) + width and _reads_like_text(text):
            return encoding
    return ""


def _reads_like_text(text: str) -> bool:
    """Letters, marks and spaces of scripts that exist; no control signs, and nothing unassigned.

    Signs whose lower byte is zero (U+0100, U+4800 ...) are rare; read the wrong way round, all ASCII becomes such.
    """
    usual = "\u3000\u4e00\u5f00\u6700"
    with_zero = sum(not ord(sign) & 0xFF and sign not in usual for sign in text)
    if with_zero * 20 > len(text):
        return False
    categories = Counter(map(unicodedata.category, text.lstrip("\ufeff").translate(_LINE_SIGNS)))
    strange = sum(categories[kind] for kind in ("Cc", "Cn", "Co", "Cs")) + text.count("\ufffd")
    plain = sum(categories[kind] for kind in ("Ll", "Lu", "Lo", "Nd", "Zs", "Po"))
    return strange * 100 <= len(text) and plain * 4 >= len(text) * 3


def refuse_binary(source: ByteSource, start: bytes, has_zeros: bool = False) -> None:
    """Raise DataError when a file that begins with these bytes cannot be text.

    ``has_zeros``: it is known to be in an encoding that writes zero bytes.
    """
    for magic, kind in _KNOWN_STARTS:
        if start.startswith(magic):
            raise _not_text(source, f"It begins like {kind}.", is_archive="archive, which" in kind)
    if start[257:].startswith(b"ustar"):
        raise _not_text(source, "It begins like a tar archive.")
    if has_zeros:
        return
    if start.count(0) * _BYTES_FOR_A_ZERO > len(start):
        raise _not_text(source, _ZEROS)
    controls = len(start) - len(start.translate(None, _CONTROL_BYTES))
    if controls * 50 > len(start):
        raise _not_text(source, f"{controls / len(start):.0%} of its first bytes are control signs.")


def looks_like_text(start: bytes) -> bool:
    """Whether a file that begins with these bytes may be text; an empty one may."""
    wide = byte_order_mark(start).startswith(("utf-16", "utf-32")) or bool(unmarked_wide_encoding(start))
    try:
        refuse_binary(_SOME_SOURCE, start, has_zeros=wide)
    except DataError:
        return False
    return True


def empty_file(source: ByteSource | Path) -> DataError:
    """A file of zero bytes, in words."""
    return DataError(f"{source.name} is empty.", "It has 0 bytes.", "Choose a file that contains sentences.")


def _not_text(source: ByteSource, seen: str, is_archive: bool = False) -> DataError:
    hint = "Save the document as plain text (UTF-8) and choose that file."
    if is_archive:
        hint = "Unpack it with another program and choose the folder."
    elif source.suffix in _OF_A_MODEL:
        hint = "Files like this mostly hold a trained model: open it from the File menu; here, choose texts."
    return DataError(f"{source.name} is not a text file.", seen, hint)
