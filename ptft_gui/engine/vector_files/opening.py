"""Opening vector files that others made: what kind a file is, and refusing those that could run code.

Read are word2vec's text and binary files, GloVe's text files, the embedding projector's pair of TSV files, and the
gzipped forms of them. Pickles (gensim's own ``.model`` and ``.kv``, torch's ``.pt``) are never opened: loading one
runs whatever program it carries.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.vector_files import parsing
from ptft_gui.engine.vector_files.table import (
    Progress,
    ShouldStop,
    VectorTable,
    never_stop,
    no_progress,
    not_vectors,
)
from ptft_gui.engine.vectors import WordVectors

_GZIP = b"\x1f\x8b"
_FASTTEXT = (793712314).to_bytes(4, "little")
_PICKLE_SUFFIXES = {".model", ".kv", ".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".npy", ".npz"}
_OPENED_WHERE_TRUSTED = (
    'Ask for a word2vec text file, or make one where you trust it: python -c "from gensim.models import KeyedVectors; '
    "KeyedVectors.load('FILE').save_word2vec_format('vectors.txt')\""
)
_MOST_RATIO = 200
_MOST_BYTES = 20 << 30
_SNIFF_BYTES = 1 << 20


def read_vector_file(
    path: Path, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> tuple[WordVectors, tuple[str, ...]]:
    """The vectors of a file and notices about it; counts are 0, as such files hold none.

    Raises :class:`ModelError` for a file that is missing, damaged, not whole, of another kind, or unsafe to open.
    """
    try:
        if not path.stat().st_size:
            raise ModelError(f"{path.name} is empty.", "It has 0 bytes.", "Choose a vector file.")
        with path.open("rb") as file:
            start = file.read(8)
        refuse_programs(path, start)
        source = _Source(path, start.startswith(_GZIP), progress)
        vectors, notices = _read(source, should_stop)
    except FileNotFoundError:
        raise ModelError(
            f"There is no run, folder or file named {path}.",
            f"Looked for {path.absolute()}.",
            "See the runs that are there with: ptft-gui runs",
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise ModelError(f"{path.name} is not whole.", f"{problem}.", "Fetch the file again.") from problem
    except OSError as problem:
        raise ModelError(f"{path.name} cannot be read.", f"{problem.strerror or problem}.") from problem
    return vectors, tuple(notices)


def refuse_programs(path: Path, start: bytes) -> None:
    """Raise :class:`ModelError` for files that can run hidden programs, and for kinds that are not read."""
    suffix = path.suffix.lower()
    is_pickle = start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")
    if is_pickle or suffix in _PICKLE_SUFFIXES:
        raise ModelError(
            f"{path.name} will not be opened.",
            "It is a pickle file, which can run hidden programs."
            if is_pickle
            else f"Files ending in {suffix} can hold hidden programs.",
            _OPENED_WHERE_TRUSTED.replace("FILE", path.name),
        )
    if start.startswith(_FASTTEXT):
        raise ModelError(
            f"{path.name} is a fastText model, which is not read here.",
            "It holds pieces of words besides words.",
            "Choose the .vec file that fastText writes beside it.",
        )
    if suffix == ".safetensors":
        raise ModelError(
            f"{path.name} holds numbers without their words.",
            "vocab.jsonl and config.json are not beside it.",
            "Choose the whole model folder.",
        )


class _Source:
    """A vector file, perhaps gzipped, that can be opened more than once."""

    def __init__(self, path: Path, is_gzip: bool, progress: Progress) -> None:
        self.path = path
        self.is_gzip = is_gzip
        self.size_bytes = path.stat().st_size
        self._progress = progress

    @property
    def suffix(self) -> str:
        """The ending without that of gzip: ``.tsv`` of ``vectors.tsv.gz``."""
        return (Path(self.path.stem) if self.is_gzip else self.path).suffix.lower()

    def open(self) -> _WatchedStream:
        return _WatchedStream(self, self._progress)

    def first_bytes(self) -> bytes:
        with self.open() as stream:
            return stream.read(_SNIFF_BYTES)


class _WatchedStream:
    """Bytes of a source, unpacked; tells how far the file has been read and stops a gzip bomb."""

    def __init__(self, source: _Source, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        self._file = source.path.open("rb")
        self._stream: BinaryIO = (
            cast(BinaryIO, gzip.GzipFile(fileobj=self._file)) if source.is_gzip else self._file
        )
        self._unpacked = self._told = 0

    def __enter__(self) -> _WatchedStream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._file.close()

    def read(self, size: int) -> bytes:
        return self._watched(self._stream.read(size))

    def readline(self, limit: int) -> bytes:
        return self._watched(self._stream.readline(limit))

    def _watched(self, data: bytes) -> bytes:
        self._unpacked += len(data)
        if self._unpacked - self._told > _SNIFF_BYTES:
            self._told = self._unpacked
            self._progress(f"Reading {self._source.path.name}", self._file.tell() / self._source.size_bytes)
            self._refuse_bomb()
        return data

    def _refuse_bomb(self) -> None:
        if not self._source.is_gzip:
            return
        if self._unpacked > min(_MOST_BYTES, _MOST_RATIO * self._source.size_bytes):
            raise not_vectors(
                self._source.path,
                f"It grows from {self._source.size_bytes:,} to more than {self._unpacked:,} bytes.",
            )


def _read(source: _Source, should_stop: ShouldStop) -> tuple[WordVectors, list[str]]:
    start = source.first_bytes()
    line, rest = parsing.first_line(start)
    if source.suffix == ".tsv" and (pair := _projector_pair(source, line)) is not None:
        return _read_projector(*pair, should_stop)
    header = parsing.parse_header(line)
    if header is None:
        return _read_glove(source, line, should_stop)
    if _is_text(parsing.first_line(rest)[0], header.dimensions):
        return _read_word2vec_text(source, header, should_stop)
    return _read_word2vec_binary(source, header, should_stop)


def _is_text(second_line: bytes, dimensions: int) -> bool:
    """Whether the line after the header is a word and its numbers in text."""
    fields = second_line.replace(b"\t", b" ").rsplit(None, dimensions)
    return len(fields) > dimensions and parsing.parse_numbers(fields[1:]) is not None


def _read_word2vec_text(
    source: _Source, header: parsing.Header, should_stop: ShouldStop
) -> tuple[WordVectors, list[str]]:
    if not source.is_gzip:
        parsing.check_header(source.path, header, 2, source.size_bytes)
    table = VectorTable(source.path, header.dimensions, should_stop)
    with source.open() as stream:
        is_more = parsing.fill_from_text(source.path, stream, table, header.words, has_header=True)
    vectors, notices = table.finish("word2vec-text")
    if is_more:
        notices.append(f"Its first line says {header.words:,} words; what stands after them was left out.")
    return vectors, notices


def _read_word2vec_binary(
    source: _Source, header: parsing.Header, should_stop: ShouldStop
) -> tuple[WordVectors, list[str]]:
    if not source.is_gzip:
        parsing.check_header(source.path, header, 4, source.size_bytes)
    table = VectorTable(source.path, header.dimensions, should_stop)
    with source.open() as stream:
        stream.readline(parsing.LONGEST_LINE_BYTES)
        parsing.fill_from_binary(source.path, stream, table, header.words)
    return table.finish("word2vec-binary")


def _read_glove(source: _Source, first_line: bytes, should_stop: ShouldStop) -> tuple[WordVectors, list[str]]:
    dimensions = parsing.count_numbers(first_line)
    if dimensions == 0:
        shown = first_line[:60].decode("utf-8", "replace").strip()
        raise not_vectors(source.path, f'Its first line is no word with numbers: "{shown}".')
    table = VectorTable(source.path, dimensions, should_stop)
    with source.open() as stream:
        parsing.fill_from_text(source.path, stream, table, None)
    return table.finish("glove-text")


def _projector_pair(source: _Source, first_line: bytes) -> tuple[_Source, _Source] | None:
    """(vectors, metadata) when the file is one half of such a pair; None when it holds words itself."""
    if "metadata" in source.path.name:
        vectors = _partner(source.path, "metadata", ("vectors", "tensor", "tensors"))
        return (_sibling(source, vectors), source) if vectors else None
    if parsing.parse_numbers(first_line.split()) is None:
        return None
    metadata = _partner(
        source.path,
        next((n for n in ("tensors", "tensor") if n in source.path.name), "vectors"),
        ("metadata",),
    )
    if metadata is None:
        raise ModelError(
            f"{source.path.name} holds numbers without their words.",
            "There is no metadata.tsv beside it.",
            "Put the file with the words, metadata.tsv, into the same folder.",
        )
    return source, _sibling(source, metadata)


def _partner(path: Path, word: str, others: tuple[str, ...]) -> Path | None:
    """The file beside ``path`` whose name has one of ``others`` in the place of ``word``."""
    names = [path.name.replace(word, other) for other in others]
    names += [f"{other}.tsv" for other in others]
    return next(
        (found for name in names if name != path.name and (found := path.with_name(name)).is_file()), None
    )


def _sibling(source: _Source, path: Path) -> _Source:
    with path.open("rb") as file:
        is_gzip = file.read(2) == _GZIP
    return _Source(path, is_gzip, source._progress)


def _read_projector(
    vectors: _Source, metadata: _Source, should_stop: ShouldStop
) -> tuple[WordVectors, list[str]]:
    with metadata.open() as stream:
        words = parsing.projector_words(metadata.path, stream)
    first = parsing.first_line(vectors.first_bytes())[0].replace(b"\t", b" ")
    table = VectorTable(vectors.path, len(first.split()), should_stop)
    with vectors.open() as stream:
        parsing.fill_from_projector(vectors.path, stream, words, table)
    return table.finish("projector")
