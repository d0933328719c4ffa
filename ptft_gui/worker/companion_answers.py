"""What the companion answers to each kind of question: thin calls of the rooms that know."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.spec_checks import MOST_WITH_ADDED
from ptft_gui.engine.gold.sets import available_gold_sets
from ptft_gui.inspection.datasets import inspect_dataset, suggest_words
from ptft_gui.inspection.evaluation import RESTRICT_VOCAB, evaluate
from ptft_gui.inspection.export import export
from ptft_gui.inspection.model import OpenedModel, model_stamp, open_model
from ptft_gui.inspection.motion import Films, motion
from ptft_gui.inspection.similarity import analogy, compare_words, most_similar
from ptft_gui.inspection.vector_starts import start_facts
from ptft_gui.worker.companion_arguments import Arguments
from ptft_gui.worker.companion_before import answer_before, open_models_before
from ptft_gui.worker.companion_data import DATA_ANSWERS
from ptft_gui.worker.companion_fit import FIT_ANSWERS
from ptft_gui.worker.companion_language import (
    LANGUAGE_ANSWERS,
    export_language_model,
    exports_language_model,
    open_language_models,
)
from ptft_gui.worker.companion_meaning import MEANING_ANSWERS, as_rows
from ptft_gui.worker.companion_models import OpenModels
from ptft_gui.worker.companion_question import Question
from ptft_gui.worker.companion_tasks import TASK_ANSWERS, judge_text
from ptft_gui.worker.companion_token_tasks import (
    TOKEN_ANSWERS,
    open_token_models,
    predict_token_file,
    predicts_token_task,
)

Result = dict[str, Any]
_MOST_COMPLETIONS = 1000


class Answers:
    """The answers to all kinds, and the models they share."""

    def __init__(self, idle_seconds: float) -> None:
        self._models = OpenModels(idle_seconds, open_model, model_stamp)
        self._language_models = open_language_models(idle_seconds)
        self._token_models = open_token_models(idle_seconds)
        self._models_before = open_models_before(idle_seconds)
        self._films = Films()

    def answer(self, question: Question) -> Result:
        """Raises :class:`PtftError`, :class:`~ptft_gui.core.errors.StoppedByPerson`."""
        kind, arguments = question.request.kind, Arguments(question)
        if kind in DATA_ANSWERS:
            return DATA_ANSWERS[kind](arguments)
        if kind in FIT_ANSWERS:
            return FIT_ANSWERS[kind](arguments)
        if kind in MEANING_ANSWERS:
            return MEANING_ANSWERS[kind](partial(self.open, arguments), arguments)
        if kind == "before":
            return answer_before(self._models_before, arguments)
        if kind in TOKEN_ANSWERS:
            return TOKEN_ANSWERS[kind](self._token_models, arguments)
        if kind == "predict_file" and predicts_token_task(arguments):
            return predict_token_file(self._token_models, arguments)
        if kind == "classify" and predicts_token_task(arguments):
            return judge_text(self._token_models, arguments)
        if kind in TASK_ANSWERS:
            return TASK_ANSWERS[kind](partial(self.open, arguments), arguments)
        if kind in LANGUAGE_ANSWERS:
            return LANGUAGE_ANSWERS[kind](self._language_models, arguments)
        return _ANSWERS[kind](self, arguments)

    def close(self) -> None:
        self._models.close()
        self._language_models.close()
        self._token_models.close()
        self._models_before.close()

    def open(self, arguments: Arguments, key: str = "model") -> OpenedModel:
        question = arguments.question
        return self._models.open(Path(arguments.text(key)), question.progress, question.should_stop)

    # --- one method a kind -------------------------------------------------------------------------------------

    def similar(self, arguments: Arguments) -> Result:
        found = most_similar(self.open(arguments), arguments.text("text"), arguments.number("topn", 10))
        return {"words": list(found.positive), "neighbours": as_rows(found.neighbours)}

    def analogy(self, arguments: Arguments) -> Result:
        found = analogy(self.open(arguments), arguments.text("text"), arguments.number("topn", 10))
        return {
            "positive": list(found.positive),
            "negative": list(found.negative),
            "neighbours": as_rows(found.neighbours),
        }

    def compare_words(self, arguments: Arguments) -> Result:
        words, cosines = compare_words(self.open(arguments), arguments.texts("words"))
        return {"words": words, "similarity": cosines}

    def complete(self, arguments: Arguments) -> Result:
        model = self.open(arguments)
        limit = min(arguments.number("limit", 10), _MOST_COMPLETIONS)
        rows = model.vocabulary.complete(arguments.text("prefix"), limit)
        return {"words": [[model.vectors.words[row], model.count(row)] for row in rows]}

    def vocabulary_info(self, arguments: Arguments) -> Result:
        model = self.open(arguments)
        vectors = model.vectors
        dataset = str(vectors.config.get("dataset") or "")
        card = bundled_dataset(dataset) if dataset else None
        return {
            "name": model.name,
            "format": str(vectors.config.get("format") or "model folder"),
            "words": len(vectors),
            "dimensions": int(vectors.vectors.shape[1]),
            "tokens": int(vectors.counts.sum()) or None,
            "dataset": dataset,
            "examples": list(card.questions) if card else [],
            "notices": list(model.notices),
        }

    def start_facts(self, arguments: Arguments) -> Result:
        question = arguments.question
        has_text = "dataset" in arguments or "request" in arguments
        data = arguments.text_of_a_run() if has_text else None
        return start_facts(self.open(arguments), data, question.progress, question.should_stop)

    def gold_sets(self, _arguments: Arguments) -> Result:
        return {
            "gold_sets": [
                {"key": gold.key, "title": gold.title, "kind": gold.kind, "sentence": gold.sentence}
                for gold in available_gold_sets()
            ]
        }

    def evaluate(self, arguments: Arguments) -> Result:
        question = arguments.question
        kind = arguments.optional_text("kind")
        return evaluate(
            self.open(arguments),
            arguments.text("gold"),
            kind if kind in ("similarity", "analogy") else None,  # type: ignore[arg-type]
            arguments.number("restrict_vocab", RESTRICT_VOCAB),
            question.progress,
            question.should_stop,
        )

    def export(self, arguments: Arguments) -> Result:
        if exports_language_model(arguments):
            return export_language_model(arguments)
        question = arguments.question
        done = export(
            self.open(arguments),
            arguments.text("format"),
            Path(arguments.text("path")),
            question.progress,
            question.should_stop,
        )
        return {
            "paths": [str(path) for path in done.paths],
            "bytes": done.bytes,
            "replaced": done.replaced,
            "sentence": done.sentence,
        }

    def motion(self, arguments: Arguments) -> Result:
        question, watched = arguments.question, arguments.texts("words")[:MOST_WITH_ADDED]
        return motion(
            self._films.open(Path(arguments.text("run")), watched),
            arguments.number("neighbours", 8),
            arguments.number("dimensions", 2),
            question.progress,
            question.should_stop,
        )

    def suggest(self, arguments: Arguments) -> Result:
        question = arguments.question
        return suggest_words(
            arguments.text_of_a_run(), arguments.number("limit", 10), question.progress, question.should_stop
        )

    def inspect_dataset(self, arguments: Arguments) -> Result:
        question = arguments.question
        return inspect_dataset(
            arguments.text_of_a_run(),
            arguments.optional_text("preset") or "quick",
            question.progress,
            question.should_stop,
        )


_ANSWERS: dict[str, Callable[[Answers, Arguments], Result]] = {
    "similar": Answers.similar,
    "analogy": Answers.analogy,
    "compare_words": Answers.compare_words,
    "complete": Answers.complete,
    "vocabulary_info": Answers.vocabulary_info,
    "start_facts": Answers.start_facts,
    "gold_sets": Answers.gold_sets,
    "evaluate": Answers.evaluate,
    "export": Answers.export,
    "motion": Answers.motion,
    "suggest": Answers.suggest,
    "inspect_dataset": Answers.inspect_dataset,
}
