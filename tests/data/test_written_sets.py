"""The labelled sets that were written for this program: their cards are true, and no row repeats another."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from statistics import mean, median
from typing import Any

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline

from ptft_gui.core.datasets import bundled_tables
from ptft_gui.core.family.tasks import get_task
from ptft_gui.core.resources import read_json_resource, resource_path

# Columns that hold words to read; an answer stands in its context already and is not counted again.
TEXT_ROLES = ("text", "question", "context", "prompt", "reply")
CHINESE = "\u3400-\u4dbf\u4e00-\u9fff"
# A Chinese character counts as a word, as word processors count; elsewhere what stands between spaces and signs.
WORD = re.compile(rf"[{CHINESE}]|[^\W{CHINESE}]+(?:(?:['’-]|(?<=\d)[.,](?=\d))[^\W{CHINESE}]+)*")
# So many in a row make two rows copies of each other: words, in Chinese characters.
RUN_LENGTH = {"en": 6, "zh": 12}

Row = dict[str, Any]


@dataclass(frozen=True)
class WrittenSet:
    """A labelled set as it stands in the folder: its card and its rows."""

    card: dict[str, Any]
    rows: list[Row]

    @property
    def language(self) -> str:
        return str(self.card["language"])

    def column(self, role: str) -> list[Any]:
        """The cells of the column that has this role, row by row."""
        return [row[self.card["roles"][role]] for row in self.rows]

    def texts(self) -> dict[str, list[str]]:
        """The different texts of each column that is read, each once."""
        return {
            role: list(dict.fromkeys(self.column(role))) for role in TEXT_ROLES if role in self.card["roles"]
        }


def _read_set(dataset_id: str) -> WrittenSet:
    lines = resource_path("datasets", dataset_id, "rows.jsonl").read_text(encoding="utf-8").splitlines()
    return WrittenSet(
        card=read_json_resource("datasets", dataset_id, "dataset.json"),
        rows=[json.loads(line) for line in lines],
    )


SETS = {card.id: _read_set(card.id) for card in bundled_tables() if not card.gensim_file}


def _each_set(task: str = "") -> Callable[[Any], Any]:
    """Run a test once for every set, or for every set of one task."""
    chosen = [
        pytest.param(written, id=name) for name, written in SETS.items() if task in ("", written.card["task"])
    ]
    return pytest.mark.parametrize("written", chosen)


def _words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]


def _texts_by_owner(written: WrittenSet) -> Iterator[tuple[str, str]]:
    """Each text once, with what it may share words with: a reply may repeat its own prompt, all else stands alone."""
    for role, texts in written.texts().items():
        for number, text in enumerate(texts):
            yield (f"row {number}" if role in ("prompt", "reply") else f"{role} {number}"), text


def _shared_runs(written: WrittenSet) -> set[str]:
    """The runs of words, as long as RUN_LENGTH says, that stand in two texts."""
    length = RUN_LENGTH[written.language]
    first_seen: dict[tuple[str, ...], str] = {}
    shared = set()
    for owner, text in _texts_by_owner(written):
        words = _words(text)
        for start in range(len(words) - length + 1):
            run = tuple(words[start : start + length])
            if first_seen.setdefault(run, owner) != owner:
                shared.add(" ".join(run))
    return shared


def _openings(texts: Iterable[str], length: int) -> Counter[str]:
    return Counter(" ".join(_words(text)[:length]) for text in texts)


@_each_set()
def test_the_card_says_what_a_person_wants_to_know(written: WrittenSet) -> None:
    card = written.card
    assert set(card) - {"labels"} == {
        *("id", "title", "sentence", "kind", "task", "roles", "language", "rows", "documents"),
        *("words", "source", "licence", "examples"),
    }
    assert SETS[card["id"]] is written
    assert card["kind"] == "labelled"
    assert card["sentence"].startswith("Written for this program; ")
    assert card["sentence"].endswith(".")
    assert card["source"] == "Written row by row for ptft-gui; no text was taken from elsewhere."
    assert card["licence"].startswith("CC0-1.0")
    assert card["language"] in RUN_LENGTH
    task = get_task(card["task"])
    assert set(task.roles) <= set(card["roles"]) <= set(task.all_roles)


@_each_set()
def test_the_card_counts_right(written: WrittenSet) -> None:
    card = written.card
    assert card["rows"] == card["documents"] == len(written.rows)
    assert card["words"] == sum(len(_words(text)) for texts in written.texts().values() for text in texts)
    labels = sorted(set(written.column("label"))) if "label" in card["roles"] else []
    assert card.get("labels", []) == labels


@_each_set()
def test_every_row_has_the_same_columns_and_clean_cells(written: WrittenSet) -> None:
    columns = set(written.card["roles"].values())
    for row in written.rows:
        assert columns <= set(row) == set(written.rows[0])
        texts = [cell for cell in row.values() if isinstance(cell, str)]
        assert [
            text for text in texts if text != text.strip() or re.search(r"[\s\u200b\ufeff]{2}|[\t\r]", text)
        ] == []
    for role, texts in written.texts().items():
        assert all(texts), f"a cell of {role} is empty"


@_each_set()
def test_no_row_says_again_what_another_says(written: WrittenSet) -> None:
    texts = written.texts()
    assert _shared_runs(written) == set()
    for role in set(texts) - {"context"}:
        assert len(texts[role]) == len(written.rows), f"two rows have the same {role}"


@_each_set()
def test_examples_are_not_in_the_rows(written: WrittenSet) -> None:
    examples = written.card["examples"]
    assert 3 <= len(examples) <= 4
    known = set(chain.from_iterable(written.texts().values()))
    asked = [example.get("text", example.get("question")) for example in examples]
    assert all(asked)
    assert known.isdisjoint(asked)
    assert len(set(asked)) == len(asked)
    kind = {"classification": "classify", "question-answering": "answer", "reply": "reply"}[
        written.card["task"]
    ]
    assert {example["kind"] for example in examples} == {kind}


def _new_baseline(language: str) -> Pipeline:
    """Words counted, and a straight line between the classes: what can be done without understanding.

    Chinese is not cut into words here; single characters and pairs of them do as well.
    """
    by_character = {"analyzer": "char", "ngram_range": (1, 2)}
    features = TfidfVectorizer(**(by_character if language == "zh" else {}))
    return make_pipeline(features, LogisticRegression(C=10, solver="saga", max_iter=1000, random_state=0))


@_each_set("classification")
def test_classes_are_balanced(written: WrittenSet) -> None:
    counts = Counter(written.column("label")).values()
    assert max(counts) <= 1.1 * min(counts)


@_each_set("classification")
def test_texts_are_of_even_length(written: WrittenSet) -> None:
    shortest, longest = {"en": (12, 45), "zh": (12, 90)}[written.language]
    lengths = [len(_words(text)) for text in written.column("text")]
    assert shortest <= min(lengths)
    assert max(lengths) <= longest
    by_label: dict[str, list[int]] = {}
    for label, length in zip(written.column("label"), lengths, strict=True):
        by_label.setdefault(label, []).append(length)
    means = [mean(of_label) for of_label in by_label.values()]
    assert max(means) < 1.25 * min(means), "the length alone gives the class away"


@_each_set("classification")
def test_counting_words_gets_somewhere_but_not_all_the_way(written: WrittenSet) -> None:
    texts, labels = written.column("text"), written.column("label")
    accuracies = []
    for seed in range(5):
        train, held_out, train_labels, held_out_labels = train_test_split(
            texts, labels, test_size=0.3, random_state=seed, stratify=labels
        )
        baseline = _new_baseline(written.language).fit(train, train_labels)
        accuracies.append(baseline.score(held_out, held_out_labels))
    assert 0.65 <= mean(accuracies) <= 0.95, accuracies


@_each_set("classification")
def test_the_examples_can_be_answered_from_the_rows(written: WrittenSet) -> None:
    examples = written.card["examples"]
    baseline = _new_baseline(written.language).fit(written.column("text"), written.column("label"))
    answers = baseline.predict([example["text"] for example in examples])
    assert list(answers) == [example["expect"] for example in examples]


@_each_set("question-answering")
def test_answers_stand_where_the_rows_say(written: WrittenSet) -> None:
    cells = zip(*map(written.column, ("context", "answer", "answer_start")), strict=True)
    for context, answer, start in cells:
        if answer:
            assert context[start : start + len(answer)] == answer
            assert answer == answer.strip(" .,;:。，；：")
        else:
            assert start is None
    without = sum(not answer for answer in written.column("answer"))
    assert 0.08 < without / len(written.rows) < 0.16
    assert all(example["expect"] in example["context"] for example in written.card["examples"])


@_each_set("question-answering")
def test_questions_are_varied(written: WrittenSet) -> None:
    rows = len(written.rows)
    per_context = Counter(written.column("context"))
    assert set(per_context.values()) <= {3, 4, 5}
    assert len(per_context) >= 50
    titles = {(row["title"], row[written.card["roles"]["context"]]) for row in written.rows}
    assert len(titles) == len({title for title, _context in titles}) == len(per_context)
    openings = _openings(written.column("question"), 3)
    assert len(openings) > 0.5 * rows
    assert max(openings.values()) < 0.05 * rows
    shortest, longest = {"en": (60, 110), "zh": (60, 220)}[written.language]
    lengths = [len(_words(context)) for context in per_context]
    assert shortest <= min(lengths)
    assert max(lengths) <= longest
    answers = [len(_words(answer)) for answer in written.column("answer") if answer]
    assert median(answers) <= 6
    assert max(answers) <= 20


@_each_set("reply")
def test_replies_are_short_and_varied(written: WrittenSet) -> None:
    rows = len(written.rows)
    shortest, longest = {"en": (5, 40), "zh": (5, 80)}[written.language]
    for role in ("prompt", "reply"):
        lengths = [len(_words(text)) for text in written.column(role)]
        assert shortest <= min(lengths)
        assert max(lengths) <= longest
        openings = _openings(written.column(role), 3)
        assert len(openings) > 0.75 * rows
        assert max(openings.values()) < 0.05 * rows
