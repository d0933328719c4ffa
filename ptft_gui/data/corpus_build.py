"""Builds the files of one corpus: scans, prepares, divides, counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data import holdout
from ptft_gui.data.bundled import is_bundled
from ptft_gui.data.corpus_inputs import Inputs, count_passes, open_inputs
from ptft_gui.data.holdout import ByteRange, Hashes
from ptft_gui.data.preparation import (
    Preparation,
    PreparationProposal,
    choose_preparation,
    copies_sentence,
    sample_of,
)
from ptft_gui.data.preparing import (
    PreparedText,
    TextPass,
    Window,
    are_documents,
    count_characters,
    types_reaching,
)
from ptft_gui.data.request import CorpusRequest, Progress, ShouldStop
from ptft_gui.data.sources import DataFiles
from ptft_gui.data.telling_words import telling_words
from ptft_gui.data.texts import Texts, first_text

THRESHOLDS = (1, 2, 3, 5, 10, 20)


@dataclass
class _Side:
    """Sentences and tokens that went to one side."""

    sentences: int = 0
    tokens: int = 0

    def write(self, out: BinaryIO, lines: list[bytes]) -> None:
        if lines:
            data = b"\n".join(lines) + b"\n"
            out.write(data)
            self.sentences += len(lines)
            self.tokens += data.count(b" ") + len(lines)


@dataclass
class _Split:
    """How the text was divided, for people and for ``facts.json``."""

    kind: str
    sentence: str
    train: _Side = field(default_factory=_Side)
    val: _Side = field(default_factory=_Side)
    given_back: int = 0
    on_both_sides: int = 0


class CorpusBuilder:
    """Builds the files of one corpus from text files."""

    def __init__(
        self, request: CorpusRequest, files: DataFiles, progress: Progress, should_stop: ShouldStop
    ) -> None:
        self._request = request
        self._files = files
        self._progress = progress
        self._should_stop = should_stop
        self._bytes_done = 0
        passes = count_passes(request, files)
        self._bytes_total = passes * sum(source.size_bytes for source in (*files.train, *files.val)) or 1
        self._notices: list[str] = []

    def build(self, folder: Path) -> None:
        """Write train.txt, val.txt, counts.txt and facts.json into ``folder``."""
        self._inputs = open_inputs(self._request, self._files, self._on_bytes, self._should_stop)
        self._notices += self._inputs.notices
        train, val = self._inputs.train, self._inputs.val
        proposal = self._propose(train)
        preparation = proposal.preparation
        windows: list[Window] = [(0, None)]
        if not val and self._request.split == "tail" and self._request.val_fraction != 0:
            windows = self._tail_windows(train)
            val = train if len(windows) == 2 else val
        whole = self._pass(preparation, windows[0]).run(train, folder / "all.txt", self._are_documents(train))
        if not whole.tokens:
            raise _no_words(self._files.root, whole)
        split = self._divide(folder, whole, preparation, val, windows)
        self._notices += _notices(whole)
        self._write(folder, whole, split, proposal)

    def _on_bytes(self, count: int) -> None:
        self._stop_if_asked()
        self._bytes_done += count
        self._progress("Reading the text", min(self._bytes_done / self._bytes_total, 1.0))

    def _stop_if_asked(self) -> None:
        if self._should_stop():
            raise StoppedByPerson

    def _are_documents(self, files: list[Texts]) -> bool:
        return are_documents(files, self._files.is_folder)

    def _propose(self, files: list[Texts]) -> PreparationProposal:
        sample = sample_of(map(first_text, files))
        asked = self._request
        return choose_preparation(asked.preparation, asked.switches, sample, is_bundled(asked.dataset))

    def _pass(self, preparation: Preparation, window: Window) -> TextPass:
        return TextPass(preparation, self._request.seed, self._should_stop, self._on_bytes, window)

    def _tail_windows(self, files: list[Texts]) -> list[Window]:
        fraction = self._request.val_fraction
        share = holdout.AUTOMATIC_FRACTION if fraction is None else fraction
        characters = count_characters(files, self._on_bytes)
        cut = int(characters * (1 - share))
        return [(0, cut), (cut, None)] if 0 < cut < characters else [(0, None)]

    def _divide(
        self,
        folder: Path,
        whole: PreparedText,
        preparation: Preparation,
        val: list[Texts],
        windows: list[Window],
    ) -> _Split:
        if val:
            return self._take_given(folder, whole, preparation, val, windows)
        kept = self._why_nothing_is_held_out(whole)
        if kept is not None:
            return _keep_all(folder, whole, kept)
        fewest = 2 if self._request.split == "documents" else holdout.FEWEST_DOCUMENTS
        by_documents = whole.documents >= fewest
        return self._cut(folder, whole, by_documents)

    def _why_nothing_is_held_out(self, whole: PreparedText) -> str | None:
        fraction = self._request.val_fraction
        if fraction == 0:
            return "Nothing is held out, as you chose: there is no held-out curve."
        is_small = whole.sentences < holdout.FEWEST_SENTENCES or whole.tokens < holdout.FEWEST_TOKENS
        if whole.sentences < 2 or (fraction is None and is_small):
            text = (
                f"The text is too small to hold a part out ({whole.sentences:,} sentences, {whole.tokens:,} words): "
                "the model trains on all of it, and there is no held-out curve."
            )
            self._notices.append(text)
            return text
        return None

    def _take_given(
        self,
        folder: Path,
        whole: PreparedText,
        preparation: Preparation,
        val: list[Texts],
        windows: list[Window],
    ) -> _Split:
        is_tail = len(windows) == 2
        prepared = self._pass(preparation, windows[-1]).run(val, folder / "held.txt")
        split = _keep_all(folder, whole, "The held-out text was given." if not is_tail else _TAIL)
        split.kind = "tail" if is_tail else "given"
        prepared.text.rename(folder / "val.txt")
        split.val = _Side(prepared.sentences, prepared.tokens)
        if is_tail:  # the vocabulary is counted on all text, the cut-out part too
            whole.counts.update(prepared.counts)
            whole.characters = prepared.characters
        split.on_both_sides = _count_shared(folder / "train.txt", folder / "val.txt")
        if split.on_both_sides:
            self._notices.append(
                f"{_sentences(split.on_both_sides)} of the held-out text also found word for word in the training text."
            )
        return split

    def _cut(self, folder: Path, whole: PreparedText, by_documents: bool) -> _Split:
        wanted = holdout.target(whole.sentences, whole.tokens, self._request.val_fraction)
        split = _Split("documents" if by_documents else "end", "")
        chosen = (
            holdout.choose_buckets(holdout.read_documents(whole.records), wanted) if by_documents else None
        )

        def ranges() -> Iterator[tuple[bool, ByteRange]]:
            self._stop_if_asked()
            if chosen is not None:
                return holdout.document_ranges(holdout.read_documents(whole.records), chosen)
            return holdout.tail_ranges(whole.text, wanted, whole.sentences, whole.tokens)

        self._progress("Holding out a part of the text", None)
        _distribute(whole.text, ranges, folder, split)
        split.sentence = _describe(split, whole)
        whole.text.unlink()
        return split

    def _write(
        self, folder: Path, whole: PreparedText, split: _Split, preparation: PreparationProposal
    ) -> None:
        whole.records.unlink(missing_ok=True)
        (folder / "held.documents").unlink(missing_ok=True)
        with open(folder / "counts.txt", "w", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{word} {count}\n" for word, count in whole.counts.items())
        names = ("train.txt", "val.txt", "counts.txt")
        facts = self._facts(whole, split, preparation)
        facts["telling_words"] = telling_words(whole.counts, _sentences_of(folder / "train.txt"))
        facts["cache_bytes"] = {name: (folder / name).stat().st_size for name in names}
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        (folder / "facts.json").write_text(text, encoding="utf-8", errors="replace")

    def _facts(self, whole: PreparedText, split: _Split, preparation: PreparationProposal) -> dict[str, Any]:
        sentences, tokens = split.train.sentences, split.train.tokens
        return {
            "dataset": self._request.dataset,
            "files": whole.files,
            "bytes": sum(source.size_bytes for source in (*self._files.train, *self._files.val)),
            "characters": whole.characters,
            "documents": whole.documents,
            "sentences": sentences + split.val.sentences,
            "tokens": tokens + split.val.tokens,
            "types": len(whole.counts),
            "types_reaching": types_reaching(whole.counts, THRESHOLDS),
            "counts_are_exact": whole.counts_are_exact,
            "fingerprint": _fingerprint(whole),
            "preparation": preparation.to_facts(),
            "split": {"kind": split.kind, "sentence": split.sentence, "seed": self._request.seed},
            "train": {"sentences": sentences, "tokens": tokens},
            "val": {"sentences": split.val.sentences, "tokens": split.val.tokens},
            "decisions": _decisions(whole, split, self._inputs),
            "notices": list(dict.fromkeys(self._notices)),
        }


def _sentences_of(text: Path) -> Iterator[list[str]]:
    with open(text, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.split()


_TAIL = "The text is cut by its number of characters: the end is held out."


def _keep_all(folder: Path, whole: PreparedText, sentence: str) -> _Split:
    whole.text.rename(folder / "train.txt")
    (folder / "val.txt").touch()
    return _Split("none", sentence, _Side(whole.sentences, whole.tokens))


def _distribute(
    text: Path, ranges: Callable[[], Iterator[tuple[bool, ByteRange]]], folder: Path, split: _Split
) -> None:
    """Write both sides; held-out sentences that also occur in training text go back to it."""

    def lines(is_held: bool) -> Iterator[list[bytes]]:
        return holdout.read_lines(text, (stretch for held, stretch in ranges() if held == is_held))

    held = holdout.all_hashes(lines(True))
    shared: list[Hashes] = []
    with open(folder / "train.txt", "wb") as train, open(folder / "val.txt", "wb") as val:
        for batch in lines(False):
            split.train.write(train, batch)
            hashes = holdout.line_hashes(batch)
            shared.append(np.unique(hashes[holdout.members(hashes, held)]))
        both = np.unique(np.concatenate(shared)) if shared else np.zeros(0, np.int64)
        for batch in lines(True):
            is_shared = holdout.members(holdout.line_hashes(batch), both)
            split.val.write(val, [line for line, back in zip(batch, is_shared, strict=True) if not back])
            split.train.write(train, [line for line, back in zip(batch, is_shared, strict=True) if back])
            split.given_back += int(is_shared.sum())


def _count_shared(train: Path, val: Path) -> int:
    """How many lines of ``val`` also stand in ``train``."""

    def lines(path: Path) -> Iterator[list[bytes]]:
        return holdout.read_lines(path, [(0, path.stat().st_size)])

    held = holdout.all_hashes(lines(val))
    found = [h[holdout.members(h, held)] for h in map(holdout.line_hashes, lines(train))]
    both = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
    return sum(int(holdout.members(holdout.line_hashes(batch), both).sum()) for batch in lines(val))


def _describe(split: _Split, whole: PreparedText) -> str:
    if not split.val.sentences:
        return "Every sentence that could be held out stands in the training text too."
    share = split.val.tokens / max(whole.tokens, 1)
    if split.kind == "documents":
        return (
            f"{split.val.sentences:,} sentences ({share:.0%} of the words) in whole documents are held out."
        )
    return f"The last {split.val.sentences:,} sentences ({share:.0%} of the words) are held out."


def _decisions(whole: PreparedText, split: _Split, inputs: Inputs) -> list[dict[str, Any]]:
    """What was done to the text, each with its count; the first line adds up."""
    total = split.train.sentences + split.val.sentences
    sums = f"{total:,} sentences = {split.train.sentences:,} to train on + {split.val.sentences:,} held out."
    found = [
        ("sentences", total, sums),
        *inputs.decisions(),
        ("copies", whole.repeated.copies, copies_sentence(whole.repeated)),
        (
            "recut_sentences",
            whole.recut_sentences,
            f"{_sentences(whole.recut_sentences)} of more than 1,000 words cut into shorter ones; no word is lost.",
        ),
        (
            "given_back",
            split.given_back,
            f"{_sentences(split.given_back)} went back from the held-out to the training text, which holds equal ones.",
        ),
    ]
    return [{"finding": name, "count": count, "sentence": text} for name, count, text in found if count]


def _notices(whole: PreparedText) -> list[str]:
    said = list(whole.notices)
    if whole.repeated.copies:
        said.append(copies_sentence(whole.repeated))
    if whole.recut_sentences:
        cut = _sentences(whole.recut_sentences, "very long ")
        said.append(f"{cut} cut into pieces of at most 1,000 words; no word is lost.")
    if whole.cut_stretches:
        said.append(f"{whole.cut_stretches:,} stretches of a million signs without a space were cut.")
    if not whole.counts_are_exact:
        said.append("The text has millions of different words; the rarest ones were not counted to the end.")
    return said


def _sentences(count: int, kind: str = "") -> str:
    return f"1 {kind}sentence" if count == 1 else f"{count:,} {kind}sentences"


def _fingerprint(whole: PreparedText) -> str:
    """One hash for the contents of all files, in order."""
    return hashlib.sha256("\n".join(str(file["sha256"]) for file in whole.files).encode()).hexdigest()


def _no_words(root: Path, whole: PreparedText) -> DataError:
    seen = (
        f"{whole.characters:,} signs were read; all are spaces, punctuation or symbols."
        if whole.characters
        else "Nothing stands in it that could be read as a text."
    )
    return DataError(f"{root.name} holds no words.", seen, "Choose a text with sentences in it.")
