"""Which parts of a text stand word for word in the text that a model learned from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core.errors import ModelError, PtftError, StoppedByPerson
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.core.spec import DataSpec
from ptft_gui.inspection.language.folder import LanguageFolder
from ptft_gui.inspection.language.texts import check_text
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

FEWEST_WORDS = 12
_LONGEST_WORD = 200
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
"""A run of letters and digits; a sign of Chinese or Japanese is a word of its own."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Seen:
    """``spans``: (start, end) of each run of twelve or more words, in signs of the text asked about, in order."""

    spans: list[Span]
    words: int

    def reaching_past(self, place: int) -> Seen:
        """Only the runs that go on behind ``place``, as where a prompt ends."""
        return Seen([span for span in self.spans if span[1] > place], self.words)

    @property
    def sentence(self) -> str:
        if self.words < FEWEST_WORDS:
            return f"The text is shorter than {FEWEST_WORDS} words; shorter passages are not looked for."
        if not self.spans:
            return f"No {FEWEST_WORDS} words in a row of it stand in the training text."
        passages, stand = (
            ("One passage", "stands") if len(self.spans) == 1 else (f"{len(self.spans):,} passages", "stand")
        )
        return f"{passages} of {FEWEST_WORDS} or more words {stand} word for word in the training text."


class SeenFinder:
    """Looks for runs of words of one text in another that comes in pieces, which may be very long.

    Case, punctuation and spaces do not count. Memory holds the text asked about and one piece.
    """

    def __init__(self, text: str) -> None:
        self._places = [found.span() for found in _WORD.finditer(text)]
        words = [text[start:end].casefold() for start, end in self._places]
        self._is_seen = [False] * len(words)
        self._goes_on = [False] * len(words)  # with the word after it, in the training text too
        self._numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
        self._starts: dict[tuple[int, ...], list[int]] = {}
        numbered = [self._numbers[word] for word in words]
        for start in range(len(words) - FEWEST_WORDS + 1):
            self._starts.setdefault(tuple(numbered[start : start + FEWEST_WORDS]), []).append(start)
        self._carried: list[int] = []
        self._torn = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to look for."""
        return not self._starts or all(self._is_seen)

    def add(self, piece: str) -> None:
        """Look into the next piece; a word may go on in the one after it."""
        piece = self._torn + piece
        cut = len(piece)
        while cut and len(piece) - cut < _LONGEST_WORD and piece[cut - 1].isalnum():
            cut -= 1
        self._torn, piece = piece[cut:], piece[:cut]
        self._look(piece)

    def end_document(self) -> None:
        """What comes next is another text."""
        self._look(self._torn)
        self._torn, self._carried = "", []

    def _look(self, piece: str) -> None:
        get = self._numbers.get
        numbers = self._carried + [get(word.casefold(), -1) for word in _WORD.findall(piece)]
        # Only where twelve words in a row occur in the asked text at all is their order looked at.
        position, length = 0, len(numbers)
        while position + FEWEST_WORDS <= length:
            last = position + FEWEST_WORDS - 1
            while last >= position and numbers[last] >= 0:
                last -= 1
            if last >= position:
                position = last + 1
                continue
            for start in self._starts.get(tuple(numbers[position : position + FEWEST_WORDS]), ()):
                self._is_seen[start : start + FEWEST_WORDS] = [True] * FEWEST_WORDS
                self._goes_on[start : start + FEWEST_WORDS - 1] = [True] * (FEWEST_WORDS - 1)
            position += 1
        self._carried = numbers[-(FEWEST_WORDS - 1) :]

    def found(self) -> Seen:
        """What was seen until now."""
        self.end_document()
        spans: list[Span] = []
        goes_on = False
        for number, (start, end) in enumerate(self._places):
            if goes_on:
                spans[-1] = (spans[-1][0], end)
            elif self._is_seen[number]:
                spans.append((start, end))
            goes_on = self._goes_on[number]
        return Seen(spans, len(self._places))


def find_seen(text: str, pieces: Iterable[str], are_documents: bool = False) -> Seen:
    """Runs of twelve or more words of ``text`` that stand in ``pieces``; each is a text of its own or all are one."""
    finder = SeenFinder(text)
    for piece in pieces:
        if finder.is_done:
            break
        finder.add(piece)
        if are_documents:
            finder.end_document()
    return finder.found()


def seen_in_training(
    folder: LanguageFolder, text: str, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> Seen:
    """Look for a text in the one that a model of ours learned from.

    Raises :class:`ModelError` for a model that does not tell its text, or whose text is gone,
    :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    from ptft_gui.data.corpus import resolve_dataset, with_given_val
    from ptft_gui.data.corpus_inputs import open_inputs
    from ptft_gui.data.sources import find_files
    from ptft_gui.data.texts import blocks_are_documents, read_texts
    from ptft_gui.data.whole_request import corpus_request

    check_text(text)
    data = _training_data(folder)
    finder = SeenFinder(text)
    done, total = 0, 1

    def on_bytes(count: int) -> None:
        nonlocal done
        if should_stop():
            raise StoppedByPerson
        done += count
        progress("Looking through the training text", min(1.0, done / total))

    try:
        request = corpus_request(data)
        root = resolve_dataset(request.dataset, cache_folder(), progress, should_stop)
        files = with_given_val(find_files(root), request.val)
        total = 2 * sum(source.size_bytes for source in files.train) or 1
        for texts in open_inputs(request, files, on_bytes, should_stop).train:
            for block in read_texts(texts, on_bytes):
                if finder.is_done:
                    return finder.found()
                finder.add(block)
                if blocks_are_documents(texts):
                    finder.end_document()
            finder.end_document()
    except ModelError:
        raise
    except PtftError as problem:
        raise ModelError(
            f"The training text of {folder.name} cannot be read.", problem.as_sentence()
        ) from problem
    return finder.found()


def _training_data(folder: LanguageFolder) -> DataSpec:
    """The text of the run that made a model, else the one that its folder names."""
    for place in (folder.source, folder.path.parent):
        if is_run(place):
            return RunDir(place).read_spec().data
    dataset = folder.facts.get("dataset")
    if not isinstance(dataset, str) or not dataset:
        raise ModelError(
            f"{folder.name} does not say which text it learned from.",
            "Only a model that was trained here does.",
            "Ask a model of yours.",
        )
    if Path(dataset).is_absolute() and not Path(dataset).exists():
        raise ModelError(f"The training text of {folder.name} is gone.", f"There is no {dataset} any more.")
    return DataSpec(dataset=dataset)
