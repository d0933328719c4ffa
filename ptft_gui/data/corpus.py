"""A corpus ready for training: prepared, divided, counted, and kept in the cache.

``cache_dir/<key>/`` holds ``train.txt`` and ``val.txt`` (a sentence a line, words joined by one space, UTF-8),
``counts.txt`` (word, space, count; in order of first appearance) and ``facts.json``. The key is a hash of what the
files and the request were, so an edited file makes a new corpus. A folder appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ptft_gui.core.errors import DataError
from ptft_gui.data.bundled import bundled_ids, bundled_path, bundled_table, dataset_card, source_stamp
from ptft_gui.data.cache import build_whole
from ptft_gui.data.corpus_build import CorpusBuilder
from ptft_gui.data.plainfile import PlainFile
from ptft_gui.data.request import CorpusRequest, Progress, ShouldStop, never_stop, no_progress
from ptft_gui.data.sources import DataFiles, find_files

CORPUS_VERSION = 5
_STAMP_BYTES = 1 << 16


class CorpusInMemory(NamedTuple):
    """All sentences as lists; each distinct word is one object."""

    train: list[list[str]]
    val: list[list[str]]


@dataclass(frozen=True)
class PreparedCorpus:
    """A prepared corpus on disk. ``facts`` is the content of ``facts.json``; see :mod:`ptft_gui.data.corpus_build`."""

    folder: Path
    facts: dict[str, Any]

    @property
    def train_path(self) -> Path:
        return self.folder / "train.txt"

    @property
    def val_path(self) -> Path:
        return self.folder / "val.txt"

    def train_sentences(self, start: int = 0) -> Iterator[list[str]]:
        """The sentences to train on, from the ``start``-th; every call begins anew."""
        return _sentences(self.train_path, start)

    def val_sentences(self) -> Iterator[list[str]]:
        """The held-out sentences; none when nothing is held out."""
        return _sentences(self.val_path, 0)

    def pick_sentences(self, is_held_out: bool, numbers: Sequence[int]) -> list[list[str]]:
        """The sentences with these numbers, which rise; what lies between is passed over without being looked at."""
        gaps = [here - before - 1 for before, here in pairwise([-1, *numbers])]
        with open(self.val_path if is_held_out else self.train_path, "rb") as lines:
            return [next(islice(lines, gap, None)).decode().split() for gap in gaps]

    def load_in_memory(self, limit_tokens: int = 20_000_000) -> CorpusInMemory | None:
        """All sentences in memory, or None when the corpus holds more than ``limit_tokens`` words."""
        if self.facts["tokens"] > limit_tokens:
            return None
        return CorpusInMemory(_interned(self.train_path), _interned(self.val_path))

    def word_counts(self) -> Counter[str]:
        """Counts of the words of train and cut-out text, in order of first appearance.

        Exact unless ``facts["counts_are_exact"]`` is false: then rare words of a huge text are missing.
        """
        counts: Counter[str] = Counter()
        with open(self.folder / "counts.txt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                word, _, count = line.rpartition(" ")
                counts[word] = int(count)
        return counts

    def types_reaching(self) -> dict[int, int]:
        """How many different words occur at least 1, 2, 3, 5, 10, 20 times."""
        return {int(limit): types for limit, types in self.facts["types_reaching"].items()}


def prepare_corpus(
    request: CorpusRequest,
    cache_dir: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> PreparedCorpus:
    """Find a corpus in the cache or build it.

    ``progress(sentence, fraction or None)`` is called often while building. Raises DataError for text that cannot be
    read or does not suffice, StoppedByPerson when ``should_stop()`` became true; both leave the cache clean.
    """
    request.check()
    root = resolve_dataset(request.dataset, cache_dir, progress, should_stop)
    files = with_given_val(find_files(root), request.val)
    folder = cache_dir / corpus_key(request, files)
    if (cached := open_corpus(folder)) is not None:
        return cached
    builder = CorpusBuilder(request, files, progress, should_stop)
    build_whole(folder, builder.build, lambda present: open_corpus(present) is not None)
    built = open_corpus(folder)
    if built is None:
        raise DataError(
            "The prepared text vanished from the cache.",
            f"Looked for {folder}.",
            "Start again; if it happens twice, check the disk.",
        )
    return built


def resolve_dataset(dataset: str, cache_dir: Path, progress: Progress, should_stop: ShouldStop) -> Path:
    """The path of a dataset; the text of a bundled one is made readable first, where it is not yet."""
    path = Path(dataset).expanduser()
    if (rows := bundled_table(dataset)) is not None:
        return rows
    if path.exists() or dataset not in bundled_ids():
        return _existing(path, dataset)
    return bundled_path(dataset, cache_dir, progress, should_stop)


def _existing(path: Path, dataset: str) -> Path:
    if path.exists() or len(path.parts) > 1 or path.suffix:
        return path  # find_files says what is wrong with it
    raise DataError(
        f"There is no dataset, file or folder named {dataset}.",
        f"Ready to use are {', '.join(bundled_ids())}; and there is no {path.absolute()}.",
        "Choose one of these, or give the path of a text file or folder.",
    )


def with_given_val(files: DataFiles, val: str | None) -> DataFiles:
    """The files with the person's own held-out text, which wins over a folder's."""
    if val is None:
        return files
    return files.with_val(find_files(Path(val).expanduser()))


def corpus_key(request: CorpusRequest, files: DataFiles) -> str:
    """Names the corpus that a request makes of these files as they are now."""
    told = asdict(request) | {"dataset": "", "val": request.val is not None, "version": CORPUS_VERSION}
    told["read"] = request.read.model_dump()
    stamped = cache(lambda path, fingerprint: _stamp(path, fingerprint, files.root))
    stamps = [
        [[source.member, stamped(source.path, source.fingerprint)] for source in part]
        for part in (files.train, files.val, files.test)
    ]
    text = json.dumps([told, source_stamp(request.dataset), stamps], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _stamp(path: Path, fingerprint: tuple[int, int], root: Path) -> list[object]:
    """Name, size, time of change and both ends of a file: enough to notice an edit without reading it all."""
    with PlainFile(path, *fingerprint) as stream:
        ends = stream.read(_STAMP_BYTES)
        stream.seek(max(fingerprint[0] - _STAMP_BYTES, 0))
        ends += stream.read(_STAMP_BYTES)
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return [name, *fingerprint, hashlib.sha256(ends).hexdigest()]


def open_corpus(folder: Path) -> PreparedCorpus | None:
    """A cached corpus, or None when it is absent or not whole."""
    try:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in facts["cache_bytes"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return PreparedCorpus(folder, facts) if sizes == facts["cache_bytes"] else None


def dataset_title(dataset: str) -> str:
    """What a dataset is called: a bundled one by its title, a file or folder by its name."""
    if not Path(dataset).expanduser().exists() and dataset in bundled_ids():
        return str(dataset_card(dataset)["title"])
    return Path(dataset).name or dataset


def _sentences(path: Path, start: int) -> Iterator[list[str]]:
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in islice(lines, start, None):
            yield line.split()


def _interned(path: Path) -> list[list[str]]:
    return [list(map(sys.intern, words)) for words in _sentences(path, 0)]
