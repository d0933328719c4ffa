"""The numbers of a dataset in one line of words, for every page that shows them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.family.tasks import TASKS
from ptft_gui.core.wording import three_digits
from ptft_gui.gui.widgets.data_answers import OpenedData, StoredDataset, StudiedData

translate = QCoreApplication.translate
_TITLES = {task.key: task.title for task in TASKS}


def facts_sentence(data: OpenedData, studied: StudiedData) -> str:
    """As in "3,105 texts, 6 classes, 21 words each", or of a running text "1,204,330 words, 58,000 different"."""
    if data.is_running_text:
        return _words_sentence(studied)
    parts = []
    if (rows := sum(studied.rows.values())) > 0:
        parts.append(count_words(rows, *_row_words(studied.task)))
    if labels := len(studied.all_classes()):
        parts.append(count_words(labels, *_label_words(studied.task)))
    if rows > 1 and studied.lengths.median:
        each = translate("DataWords", "{count} {unit} each")
        unit = studied.lengths.unit or translate("DataWords", "words")
        parts.append(each.format(count=_whole_or_short(studied.lengths.median), unit=unit))
    return ", ".join(parts)


def _row_words(task: str) -> tuple[str, str]:
    """What a row is called: one, and many."""
    pairs = (translate("DataWords", "1 pair of texts"), translate("DataWords", "{count} pairs of texts"))
    return {
        "pair-classification": pairs,
        "pair-similarity": pairs,
        "question-answering": (
            translate("DataWords", "1 question"),
            translate("DataWords", "{count} questions"),
        ),
        "reply": (translate("DataWords", "1 prompt"), translate("DataWords", "{count} prompts")),
    }.get(task, (translate("DataWords", "1 text"), translate("DataWords", "{count} texts")))


def _label_words(task: str) -> tuple[str, str]:
    """What the labels of a task are called: one, and many."""
    return {
        "multilabel": (translate("DataWords", "1 label"), translate("DataWords", "{count} labels")),
        "tagging": (
            translate("DataWords", "1 kind of name"),
            translate("DataWords", "{count} kinds of names"),
        ),
    }.get(task, (translate("DataWords", "1 class"), translate("DataWords", "{count} classes")))


def labels_title(task: str) -> str:
    """What stands above the number of labels."""
    return {
        "multilabel": translate("DataWords", "Labels"),
        "tagging": translate("DataWords", "Kinds of names"),
    }.get(task, translate("DataWords", "Classes"))


def frequency_title(task: str) -> str:
    """What stands above the bars of how often each label occurs."""
    return {
        "multilabel": translate("DataWords", "How often each label occurs"),
        "tagging": translate("DataWords", "How often each kind of name occurs"),
    }.get(task, translate("DataWords", "How often each class occurs"))


def _words_sentence(studied: StudiedData) -> str:
    parts = []
    if studied.tokens:
        parts.append(translate("DataWords", "{count} words").format(count=f"{studied.tokens:,}"))
    if studied.types:
        parts.append(translate("DataWords", "{count} different").format(count=f"{studied.types:,}"))
    return ", ".join(parts)


def _whole_or_short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == round(value) else three_digits(value)


def count_words(count: int, one: str, many: str) -> str:
    """``count`` things: "1 row", "4,000 rows"."""
    return one if count == 1 else many.format(count=f"{count:,}")


def kind_words(kind: str) -> str:
    """What kind of data it is."""
    names = {
        "text": translate("DataWords", "Text"),
        "table": translate("DataWords", "Table"),
        "tags": translate("DataWords", "Tagged words"),
        "questions": translate("DataWords", "Questions and answers"),
        "classes": translate("DataWords", "Folders by class"),
        "wikipedia": translate("DataWords", "Wikipedia export"),
    }
    return names.get(kind, kind)


def size_words(dataset: StoredDataset) -> str:
    """Rows, or words of a running text; "" while neither is known."""
    if dataset.kind in ("text", "wikipedia") and dataset.words:
        return translate("DataWords", "{count} words").format(count=f"{dataset.words:,}")
    if dataset.rows:
        return count_words(
            dataset.rows, translate("DataWords", "1 row"), translate("DataWords", "{count} rows")
        )
    return translate("DataWords", "{count} words").format(count=f"{dataset.words:,}") if dataset.words else ""


def used_words(dataset: StoredDataset) -> str:
    """In how many runs it was used; "" for none."""
    if not dataset.used_in:
        return ""
    return count_words(
        dataset.used_in,
        translate("DataWords", "used in 1 run"),
        translate("DataWords", "used in {count} runs"),
    )


def also_suits_sentence(data: OpenedData, task: str) -> str:
    """What else the data can be used for, as in "It also suits: Sort texts into classes."."""
    titles = [
        offer.title or _TITLES.get(offer.key, offer.key)
        for offer in data.tasks
        if offer.suits and offer.key != task
    ]
    if not titles:
        return ""
    return translate("DataWords", "This data also suits: {tasks}.").format(tasks=", ".join(titles))
