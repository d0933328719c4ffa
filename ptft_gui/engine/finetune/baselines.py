"""What plain counts of words score on the same rows, so that a person sees what the model bought.

Two ways: TF-IDF of words (Salton and Buckley 1988) with a linear layer, and a bag of words, which counts them only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ptft_gui.engine.finetune.task import Row, Task
from ptft_gui.engine.metrics import accuracy_of, confusion_matrix, macro_f1_of

BAG, TF_IDF = "bag of words", "TF-IDF"
_MOST_ROWS = 20_000
_MOST_SIGNS = 20_000
_MOST_WORDS = 50_000
_MOST_ROUNDS = 200


def baselines_of(
    task: Task,
    train: Sequence[Row],
    parts: Mapping[str, Sequence[Row]],
) -> dict[str, list[dict[str, Any]]]:
    """Per part: ``name accuracy macro_f1`` of each plain way; empty for tasks other than one class a text."""
    if task.key not in ("classification", "pair-classification") or not parts:
        return {}
    rows = list(train[:_MOST_ROWS])
    labels = [str(row["label"]) for row in rows]
    if len(set(labels)) < 2:
        return {}
    found: dict[str, list[dict[str, Any]]] = {part: [] for part in parts}
    for name in (BAG, TF_IDF):
        answer = _learn(name, [_text(row) for row in rows], labels)
        for part, asked in parts.items():
            scores = _scores(task.labels, asked, answer([_text(row) for row in asked]))
            found[part].append({"name": name, **scores})
    return found


def _text(row: Row) -> str:
    both = [str(row.get(key) or "")[:_MOST_SIGNS] for key in ("text", "text_pair")]
    return "\n".join(both)


def _learn(name: str, texts: list[str], labels: list[str]) -> Callable[[list[str]], Sequence[str]]:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    # words as they are written, and single signs for scripts without spaces
    settings: dict[str, Any] = {
        "token_pattern": r"(?u)[\u3400-\u9fff]|[^\W\d_]+|\d+",
        "ngram_range": (1, 2)
        if any("\u4e00" <= sign <= "\u9fff" for sign in "".join(texts[:50]))
        else (1, 1),
        "max_features": _MOST_WORDS,
    }
    counter = (
        TfidfVectorizer(sublinear_tf=True, **settings)
        if name == TF_IDF
        else CountVectorizer(binary=True, **settings)
    )
    try:
        counted = counter.fit_transform(texts)
    except ValueError:  # no text holds a word
        return lambda asked: [labels[0]] * len(asked)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        layer = LogisticRegression(C=10.0 if name == TF_IDF else 1.0, max_iter=_MOST_ROUNDS).fit(
            counted, labels
        )
    return lambda asked: [str(label) for label in layer.predict(counter.transform(asked))]


def _scores(labels: Sequence[str], rows: Sequence[Row], said: Sequence[str]) -> dict[str, float | None]:
    number = {label: place for place, label in enumerate(labels)}
    pairs = [
        (number[str(row["label"])], number[answer])
        for row, answer in zip(rows, said, strict=True)
        if str(row["label"]) in number and answer in number
    ]
    true, answered = np.array(pairs, np.int64).reshape(-1, 2).T
    matrix = confusion_matrix(true, answered, len(labels))
    return {"accuracy": accuracy_of(matrix), "macro_f1": macro_f1_of(matrix)}
