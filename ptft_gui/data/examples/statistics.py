"""What a person wants to know of a table before training, in one pass over its batches and in flat memory.

Everything is added up batch by batch, in any order, and can be asked for at any time, so that the numbers fill in
behind a preview. What the numbers mean for a person, :mod:`ptft_gui.data.examples.warnings` says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ptft_gui.core.family.tasks import PLAIN_TEXT, get_task
from ptft_gui.data.examples.copies import Hashes, example_hashes, input_roles
from ptft_gui.data.examples.copy_counts import CopyCounts
from ptft_gui.data.examples.counting import PARTS, DistinctCount, Found, LabelCounts, Rows, spread
from ptft_gui.data.examples.entities import entity_starts
from ptft_gui.data.examples.language import SAMPLE_CHARACTERS, TextSample, join_languages, languages_facts
from ptft_gui.data.examples.lengths import LengthCounts
from ptft_gui.data.examples.question_checks import check_questions
from ptft_gui.data.examples.scores import ScoreCounts, to_numbers
from ptft_gui.data.examples.suspicions import SENTENCES, SHORT_KINDS, suspicions
from ptft_gui.data.examples.words import DistinctWords, word_counts
from ptft_gui.data.naming import exact_part
from ptft_gui.data.tables.table import ROW

Mask = npt.NDArray[np.bool_]

SHORTEST_COPY = 8
"""Lines of plain text with fewer words (headings, "Enter Hamlet") recur in every text and are no copies."""
_NEVER_EMPTY = frozenset({"answer", "answer_start", "split", "id"})
_MAY_BE_SHORT = frozenset({"question", "prompt", "reply"})
_CAPITALS = r"(?:\p{Lu}[^\p{Lu}]*){3}"


class Statistics:
    """The numbers of one table, used for ``task`` with ``roles`` (role -> column).

    ``label_separator`` cuts cells that hold several labels; cells that are lists are always counted label by label.
    What is noted of every row lies on disk, in ``folder`` or where the system keeps temporary files.
    """

    def __init__(
        self,
        roles: Mapping[str, str],
        task: str,
        *,
        label_separator: str | None = None,
        folder: Path | None = None,
    ) -> None:
        self._roles = dict(roles)
        self._task = get_task(task)
        self._inputs = tuple(role for role in input_roles(task) if role in roles)
        self._label_separator = label_separator
        self._rows: Counter[str] = Counter()
        self._characters = 0
        self._tokens: Counter[str] = Counter()
        self._cased, self._upper = 0, 0
        self._distinct_words = DistinctWords()
        self._lengths = LengthCounts()
        self._role_lengths = {role: LengthCounts() for role in self._inputs}
        self._empty = {
            role: Found() for role in self._task.roles if role in roles and role not in _NEVER_EMPTY
        }
        self._suspicious = {kind: Found() for kind in SENTENCES}
        self._any_suspicion = Found()
        self._copies = CopyCounts(folder)
        self._samples: defaultdict[str, TextSample] = defaultdict(TextSample)
        self._classes: defaultdict[str, LabelCounts] = defaultdict(LabelCounts)
        self._distinct_labels = DistinctCount()
        self._entities: defaultdict[str, LabelCounts] = defaultdict(LabelCounts)
        self._scores = ScoreCounts()
        self._answers: Counter[str] = Counter()
        self._misplaced, self._absent = Found(), Found()

    def add(self, part: str, frame: pl.DataFrame, hashes: Hashes | None = None) -> None:
        """Count a batch of rows of ``part`` (train, val or test). Columns are ``pl.String`` or ``pl.List(pl.String)``;
        without a column of row numbers the rows have none. A column that is missing counts as empty.

        Rows of the training part go where their cell of the role ``split`` says. Who has the `example_hashes` of the
        `input_roles` already gives them as ``hashes``, shape (rows,): they take a quarter of the time. Raises OSError.
        """
        if part not in PARTS:
            raise ValueError(f"a table has no part {part!r}")
        column = self._roles.get("split")
        if part != "train" or column not in frame.columns:
            self._add(part, frame, hashes)
            return
        names = {
            name: exact_part(name.strip()) or part for name in frame[column].drop_nulls().unique().to_list()
        }
        said = pl.col(column).replace_strict(names, default=part, return_dtype=pl.String)
        for own in PARTS:
            is_own = frame.select(said == own).to_series()
            self._add(own, frame.filter(is_own), None if hashes is None else hashes[is_own.to_numpy()])

    def _add(self, part: str, frame: pl.DataFrame, hashes: Hashes | None) -> None:
        if frame.is_empty():
            return
        rows = frame[ROW].to_numpy() if ROW in frame.columns else np.zeros(len(frame), np.uint64)
        self._rows[part] += len(frame)
        columns = {role: _cells(frame, column) for role, column in self._roles.items()}
        for role, found in self._empty.items():
            found.add(part, rows[_is_blank(columns[role])])
        if self._inputs:
            if hashes is None:
                hashes = example_hashes([columns[role] for role in self._inputs])
            self._add_texts(part, columns, rows, hashes)
        if "label" in columns:
            self._add_labels(part, columns["label"])
        if "score" in columns:
            self._scores.add(columns["score"])
        if "tags" in columns:
            self._add_tags(part, columns["tags"])
        if "answer" in columns and "context" in columns:
            self._add_answers(part, columns, rows)

    def _add_texts(self, part: str, columns: Mapping[str, pl.Series], rows: Rows, hashes: Hashes) -> None:
        texts = {role: _as_text(columns[role]).fill_null("") for role in self._inputs}
        self._samples[part].add(hashes, _joined(texts))
        suspicious = dict.fromkeys(SENTENCES, np.zeros(len(rows), bool))
        has_lower, is_upper = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        words, is_filled = np.zeros(len(rows), np.int64), np.zeros(len(rows), bool)
        for role, text in texts.items():
            measured = _measure(text)
            for kind in SENTENCES:
                if not (role in _MAY_BE_SHORT and kind in SHORT_KINDS):
                    suspicious[kind] = suspicious[kind] | measured[kind].to_numpy()
            self._distinct_words.add(text)
            self._characters += measured["characters"].sum()
            role_words = measured["words"].to_numpy().astype(np.int64)
            role_filled = measured["filled"].to_numpy()
            self._role_lengths[role].add(role_words[role_filled])
            words += role_words
            is_filled |= role_filled
            has_lower |= measured["lower"].to_numpy()
            is_upper[~has_lower] |= _is_capitals(text.filter(pl.Series(~has_lower)))
        is_counted = words >= SHORTEST_COPY if self._task.key == PLAIN_TEXT else is_filled
        self._copies.add(part, hashes[is_counted], rows[is_counted])
        self._tokens[part] += int(words.sum())
        self._lengths.add(words[is_filled])
        self._upper += int((is_upper & ~has_lower).sum())
        self._cased += int((is_upper | has_lower).sum())
        for kind, mask in suspicious.items():
            self._suspicious[kind].add(part, rows[mask])
        self._any_suspicion.add(part, rows[np.logical_or.reduce(list(suspicious.values()))])

    def _add_labels(self, part: str, cells: pl.Series) -> None:
        if isinstance(cells.dtype, pl.List):
            cells = cells.explode(empty_as_null=False)
        elif self._label_separator:
            cells = cells.str.split(self._label_separator).explode().str.strip_chars()
        labels = cells.filter(~_is_blank(cells)).alias("label").to_frame()
        self._distinct_labels.add(spread(labels["label"].hash().to_numpy()))
        clipped = labels.with_columns(pl.col("label").str.slice(0, LabelCounts.LONGEST_LABEL))
        self._classes[part].add(clipped.group_by("label", maintain_order=True).len().iter_rows())

    def _add_tags(self, part: str, tags: pl.Series) -> None:
        lists = tags if isinstance(tags.dtype, pl.List) else tags.str.split(" ")
        kinds = entity_starts(lists).str.slice(0, LabelCounts.LONGEST_LABEL).to_frame()
        self._entities[part].add(kinds.group_by("kind", maintain_order=True).len().iter_rows())

    def _add_answers(self, part: str, columns: Mapping[str, pl.Series], rows: Rows) -> None:
        checks = check_questions(columns["context"], columns["answer"], columns.get("answer_start"))
        self._answers["questions"] += len(checks)
        self._answers["unanswered"] += int((checks["answers"] == 0).sum())
        for name in ("answers", "misplaced", "absent"):
            self._answers[name] += int(checks[name].sum())
        self._misplaced.add(part, rows[(checks["misplaced"] > 0).to_numpy()])
        self._absent.add(part, rows[(checks["absent"] > 0).to_numpy()])

    def result(self) -> dict[str, Any]:
        """All that is known so far, ready for JSON; what a task does not have is missing.

        - ``task``, ``rows`` part -> count, ``tokens`` part -> count, ``characters``
        - ``distinct_words`` {count, is_exact}
        - ``lengths`` of whole examples, see `LengthCounts.facts`; ``role_lengths`` role -> the same, where a task reads
          several texts
        - ``classes`` part -> [[label, count], ...]; ``labels`` {distinct, is_exact, uncounted, numbers, fractions}
        - ``entities`` part -> [[kind, count], ...]
        - ``scores``, see `ScoreCounts.facts`
        - ``empty`` role -> found, ``suspicious`` kind -> found, ``suspicious_rows`` found, of any kind; found is
          {count, parts: part -> {count, rows}}
        - ``copies``, see `CopyCounts.facts`
        - ``answers`` {questions, unanswered, answers, misplaced, absent, rows_misplaced, rows_absent}
        - ``language``, see `languages_facts`, ``languages`` part -> the same
        - ``upper_case`` the share of texts in capitals throughout
        """
        facts: dict[str, Any] = {"task": self._task.key, "rows": self._in_order(self._rows)}
        if self._inputs:
            facts |= self._text_facts()
        facts["empty"] = {role: found.facts() for role, found in self._empty.items()}
        if "label" in self._roles:
            facts["classes"] = {
                part: counts.facts() for part, counts in self._in_order(self._classes).items()
            }
            facts["labels"] = self._label_facts()
        if "tags" in self._roles:
            facts["entities"] = {
                part: counts.facts() for part, counts in self._in_order(self._entities).items()
            }
        if "score" in self._roles:
            facts["scores"] = self._scores.facts()
        if "answer" in self._roles and "context" in self._roles:
            names = ("questions", "unanswered", "answers", "misplaced", "absent")
            facts["answers"] = {name: self._answers[name] for name in names} | {
                "rows_misplaced": self._misplaced.facts(),
                "rows_absent": self._absent.facts(),
            }
        return facts

    def _text_facts(self) -> dict[str, Any]:
        spoken = {part: sample.languages() for part, sample in self._in_order(self._samples).items()}
        facts: dict[str, Any] = {
            "tokens": self._in_order(self._tokens),
            "characters": self._characters,
            "distinct_words": self._distinct_words.facts(),
            "lengths": self._lengths.facts("words"),
            "suspicious": {kind: found.facts() for kind, found in self._suspicious.items() if found.count},
            "suspicious_rows": self._any_suspicion.facts(),
            "copies": self._copies.facts(),
            "language": languages_facts(
                join_languages((languages, self._rows[part]) for part, languages in spoken.items())
            ),
            "languages": {part: languages_facts(languages) for part, languages in spoken.items()},
            "upper_case": self._upper / self._cased if self._cased else 0.0,
        }
        if len(self._inputs) > 1:
            facts["role_lengths"] = {
                role: lengths.facts("words") for role, lengths in self._role_lengths.items()
            }
        return facts

    def _label_facts(self) -> dict[str, Any]:
        distinct = self._distinct_labels.facts()
        labels = pl.Series(
            sorted({label for counts in self._classes.values() for label in counts.counts}), dtype=pl.String
        )
        numbers = to_numbers(labels)
        are_numbers = len(labels) > 0 and not numbers.has_nulls()
        return {
            "distinct": distinct["count"],
            "is_exact": distinct["is_exact"],
            "uncounted": sum(counts.others for counts in self._classes.values()),
            "numbers": are_numbers,
            "fractions": are_numbers and bool((numbers % 1 != 0).any()),
        }

    @staticmethod
    def _in_order(values: Mapping[str, Any]) -> dict[str, Any]:
        return {part: values[part] for part in PARTS if part in values}


def _cells(frame: pl.DataFrame, column: str) -> pl.Series:
    if column not in frame.columns:
        return pl.Series([None] * len(frame), dtype=pl.String)
    cells = frame[column]
    return cells.cast(pl.List(pl.String) if isinstance(cells.dtype, pl.List) else pl.String)


def _as_text(cells: pl.Series) -> pl.Series:
    return cells.list.join(" ", ignore_nulls=True) if isinstance(cells.dtype, pl.List) else cells


def _is_blank(cells: pl.Series) -> Mask:
    """Which cells are null, hold white space only, or are lists of nothing else."""
    mask: Mask = ~_as_text(cells).str.contains(r"\S").fill_null(False).to_numpy()
    return mask


def _is_capitals(text: pl.Series) -> Mask:
    """Which texts without small letters have capitals, and no letters that know neither (Chinese headlines do not
    shout when they name the NBA)."""
    mask: Mask = (text.str.contains(_CAPITALS) & ~text.str.contains(r"\p{Lo}")).to_numpy()
    return mask


def _joined(texts: Mapping[str, pl.Series]) -> pl.Series:
    """The beginnings of a row's texts in one, a line each: enough to tell the language."""
    frame = pl.DataFrame(dict(texts))
    beginnings = pl.all().str.slice(0, SAMPLE_CHARACTERS)
    return frame.select(pl.concat_str(beginnings, separator="\n", ignore_nulls=True)).to_series()


def _measure(text: pl.Series) -> pl.DataFrame:
    """One row a text: words, characters, whether it is filled, has upper and lower case, and each suspicion."""
    column = pl.col("text")
    return (
        text.alias("text")
        .to_frame()
        .select(
            word_counts(column).alias("words"),
            column.str.len_chars().alias("characters"),
            column.str.contains(r"\S").alias("filled"),
            column.str.contains(r"\p{Ll}").alias("lower"),
            *(expression.alias(kind) for kind, expression in suspicions(column).items()),
        )
    )
