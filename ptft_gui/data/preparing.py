"""One pass over text: prepared sentences go to a file, counts and documents are kept on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from types import TracebackType

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.data.documents import (
    FILES_THAT_ARE_DOCUMENTS,
    Passage,
    Shape,
    read_passages,
    sniff_shape,
)
from ptft_gui.data.encoding import ScannedFile, bad_signs_notice
from ptft_gui.data.holdout import Document, bucket_of, document_hash
from ptft_gui.data.preparation import Preparation, Repeated
from ptft_gui.data.sentences import Sentence, SentenceMaker
from ptft_gui.data.texts import Texts, blocks_are_documents, read_texts

COUNTED_WORDS = 3_000_000
_FLUSH_TOKENS = 20_000
_FLUSH_PASSAGES = 8  # a passage of endless words holds few of them, and a million signs
_SAMPLE_CHARACTERS = 1 << 18

Window = tuple[int, int | None]


@dataclass
class PreparedText:
    """What one pass produced: a file of sentences, one a line, and what was counted."""

    text: Path
    records: Path
    documents: int = 0
    sentences: int = 0
    tokens: int = 0
    characters: int = 0
    recut_sentences: int = 0
    cut_stretches: int = 0
    repeated: Repeated = field(default_factory=Repeated)
    files: list[dict[str, object]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    counts_are_exact: bool = True
    notices: list[str] = field(default_factory=list)


class SentenceFile:
    """Writes sentences, one a line, and a record for each document; counts words in batches."""

    def __init__(self, result: PreparedText, seed: int) -> None:
        self.result = result
        self._seed = seed
        self._text = open(result.text, "wb")  # noqa: SIM115 - closed by __exit__
        self._records = open(result.records, "wb")  # noqa: SIM115
        self._batch: list[Sentence] = []
        self._batch_tokens = 0
        self._prune_below = 1
        self._begin_document()

    def __enter__(self) -> SentenceFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._text.close()
        self._records.close()

    def _begin_document(self) -> None:
        self._pending: list[Sentence] = []
        self._hash = document_hash(self._seed)
        self._sentences = self._tokens = self._bytes = self._passages = 0

    def add(self, sentences: list[Sentence]) -> None:
        """Append sentences to the present document."""
        self._pending += sentences
        tokens = sum(map(len, sentences))
        self._tokens += tokens
        self._sentences += len(sentences)
        self._passages += 1
        if tokens > _FLUSH_TOKENS or self._passages % _FLUSH_PASSAGES == 0:
            self._write_pending()

    def end_document(self) -> None:
        """Close the present document; one without a sentence leaves no trace."""
        self._write_pending()
        if self._sentences:
            document = Document(bucket_of(self._hash), self._sentences, self._tokens, self._bytes)
            self._records.write(document.pack())
            self.result.documents += 1
            self.result.sentences += self._sentences
            self.result.tokens += self._tokens
        self._begin_document()

    def finish(self) -> None:
        """Count what is still waiting to be counted."""
        self._count_batch()

    def _write_pending(self) -> None:
        if not self._pending:
            return
        data = ("\n".join(map(" ".join, self._pending)) + "\n").encode("utf-8", "replace")
        self._hash.update(data)
        self._bytes += len(data)
        self._text.write(data)
        self._batch += self._pending
        self._batch_tokens += len(data) >> 2
        self._pending = []
        if self._batch_tokens > _FLUSH_TOKENS:
            self._count_batch()

    def _count_batch(self) -> None:
        self.result.counts.update(chain.from_iterable(self._batch))
        self._batch, self._batch_tokens = [], 0
        if len(self.result.counts) > COUNTED_WORDS:
            self._forget_rare_words()

    def _forget_rare_words(self) -> None:
        """Keep memory flat on huge texts, as gensim's max_vocab_size does; the counts become lower bounds."""
        kept = {word: count for word, count in self.result.counts.items() if count > self._prune_below}
        self.result.counts = Counter(kept)
        self.result.counts_are_exact = False
        self._prune_below += 1


@dataclass
class TextPass:
    """Prepares files into one :class:`PreparedText`.

    ``window`` limits the pass to a range of characters of all files together; ``on_bytes`` is told of bytes read.
    """

    preparation: Preparation
    seed: int
    should_stop: Callable[[], bool]
    on_bytes: Callable[[int], None] = lambda _count: None
    window: Window = (0, None)
    _bad_signs: int = 0

    def run(self, files: list[Texts], text: Path, is_each_file_a_document: bool = False) -> PreparedText:
        """Write the sentences of ``files`` to ``text``. Raises StoppedByPerson, DataError or OSError."""
        result = PreparedText(text, text.with_suffix(".documents"))
        maker = SentenceMaker(self.preparation, heed=self._heed)
        with SentenceFile(result, self.seed) as out:
            for file in files:
                self._prepare_file(file, maker, out, is_each_file_a_document)
            out.finish()
        result.recut_sentences = maker.recut_sentences
        result.cut_stretches = maker.cut_stretches
        result.repeated = maker.repeated
        return result

    def _heed(self) -> None:
        if self.should_stop():
            raise StoppedByPerson

    def _prepare_file(self, file: Texts, maker: SentenceMaker, out: SentenceFile, is_document: bool) -> None:
        result = out.result
        self._bad_signs = 0
        before = (result.characters, result.documents, result.sentences)
        for passage in self._passages(file, result, is_document):
            if self.should_stop():
                raise StoppedByPerson
            out.add(maker.feed(passage))
            if passage.ends_document:
                out.end_document()
        if isinstance(file, ScannedFile) and file.is_assumed and self._bad_signs:
            result.notices.append(bad_signs_notice(file.name, file.encoding, self._bad_signs))
        result.files.append(
            {
                "name": file.name,
                "bytes": file.size_bytes,
                "encoding": file.encoding_name,
                "sha256": file.sha256,
                "characters": result.characters - before[0],
                "documents": result.documents - before[1],
                "sentences": result.sentences - before[2],
            }
        )

    def _passages(self, file: Texts, result: PreparedText, is_document: bool) -> Iterator[Passage]:
        blocks = iter(self._windowed(read_texts(file, self.on_bytes), result))
        if blocks_are_documents(file):
            return (Passage(block.rstrip("\n"), ends_document=True) for block in blocks)
        first = next(blocks, "")
        shape: Shape = "whole" if is_document else sniff_shape(first[:_SAMPLE_CHARACTERS])
        return read_passages(chain([first], blocks), shape, self.preparation.last_break)

    def _windowed(self, blocks: Iterable[str], result: PreparedText) -> Iterator[str]:
        """The part of each block inside the window; counts the characters of the whole text."""
        first, last = self.window
        for block in blocks:
            if self.should_stop():
                raise StoppedByPerson
            self._bad_signs += block.count("\ufffd")
            start = result.characters
            result.characters += len(block)
            yield block[max(first - start, 0) : None if last is None else max(last - start, 0)]


def count_characters(files: list[Texts], on_bytes: Callable[[int], None]) -> int:
    """Characters of all files together, line ends counted as one."""
    return sum(len(block) for file in files for block in read_texts(file, on_bytes))


def are_documents(files: list[Texts], is_folder: bool) -> bool:
    """Whether each file of a folder is taken as one document."""
    return is_folder and len(files) >= FILES_THAT_ARE_DOCUMENTS


def types_reaching(counts: Counter[str], thresholds: Iterable[int]) -> dict[int, int]:
    """How many different words occur at least so often."""
    return {limit: sum(count >= limit for count in counts.values()) for limit in thresholds}


def first_sentences(files: list[Texts], preparation: Preparation, count: int) -> list[Sentence]:
    """The first prepared sentences of some files."""
    maker = SentenceMaker(preparation)
    passages = (
        passage
        for file in files
        for passage in read_passages(read_texts(file), "whole", preparation.last_break)
    )
    return list(islice(chain.from_iterable(map(maker.feed, passages)), count))
