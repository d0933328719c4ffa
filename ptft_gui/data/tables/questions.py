"""Question files in the form of SQuAD 1.1 and 2.0: articles, their paragraphs, the questions about each.

Source of the form: Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250; 2018, https://arxiv.org/abs/1806.03822
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ptft_gui.data.tables.cells import text_of
from ptft_gui.data.tables.table import Column

COLUMNS = (
    Column("id"),
    Column("title"),
    Column("question"),
    Column("context"),
    Column("answers", is_list=True),
    Column("answer_starts", is_list=True),
)
ROLES = {
    "id": "id",
    "question": "question",
    "context": "context",
    "answer": "answers",
    "answer_start": "answer_starts",
}


@dataclass
class AnswerCount:
    """How many answers there are, and how many do not stand in their context where the file says."""

    all: int = 0
    elsewhere: int = 0

    def notices(self, name: str) -> list[str]:
        """What a person should know about them."""
        if not self.elsewhere:
            return []
        do = "does" if self.elsewhere == 1 else "do"
        return [
            f"{self.elsewhere:,} of the {self.all:,} answers in {name} {do} not stand in the text "
            "where the file says."
        ]


def is_question_file(document: Any) -> bool:
    """Whether a JSON document has the form of SQuAD."""
    articles = document.get("data") if isinstance(document, dict) else None
    if not isinstance(articles, list) or not articles or not isinstance(articles[0], dict):
        return False
    paragraphs = articles[0].get("paragraphs")
    return isinstance(paragraphs, list) and all(
        isinstance(p, dict) and "context" in p for p in paragraphs[:3]
    )


def question_rows(document: dict[str, Any], count: AnswerCount) -> Iterator[list[Any]]:
    """The questions of a document as cells under :data:`COLUMNS`; what is not as it should be is left empty."""
    for article in _objects(document.get("data")):
        title = text_of(article.get("title"))
        for paragraph in _objects(article.get("paragraphs")):
            context = text_of(paragraph.get("context"))
            for asked in _objects(paragraph.get("qas")):
                answers = [] if _is_true(asked.get("is_impossible")) else list(_objects(asked.get("answers")))
                texts, starts = _told(answers)
                _compare(texts, starts, context or "", count)
                yield [
                    text_of(asked.get("id")),
                    title,
                    text_of(asked.get("question")),
                    context,
                    texts,
                    starts,
                ]


def _told(answers: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Texts and starts of the answers, those told twice once."""
    pairs = [
        (text_of(answer.get("text")) or "", text_of(answer.get("answer_start")) or "") for answer in answers
    ]
    return [text for text, _ in pairs], [start for _, start in pairs]


def _compare(texts: list[str], starts: list[str], context: str, count: AnswerCount) -> None:
    for text, start in zip(texts, starts, strict=True):
        count.all += 1
        place = int(start) if start.isdecimal() and len(start) < 10 else -1
        count.elsewhere += place < 0 or not context.startswith(text, place)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    return (part for part in value if isinstance(part, dict)) if isinstance(value, list) else iter(())


def _is_true(value: Any) -> bool:
    return value is True or value == "true"
