"""One run of a task from top to bottom: examples, start, plan, network, training, best moment, test, results."""

from __future__ import annotations

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.examples.prepared import PreparedExamples, prepare_examples
from ptft_gui.data.whole_request import whole_request
from ptft_gui.engine.finetune.checks import check_examples
from ptft_gui.engine.finetune.start import look_at_start, open_tokenizer
from ptft_gui.engine.kept_memory import keep_freed_memory
from ptft_gui.engine.language.threads import wait_politely
from ptft_gui.engine.registry import Outcome, TrainingRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.vector_run import heed_stop, stopped_early


def train(request: TrainingRequest, reporter: Reporter) -> Outcome:
    """Train, or go on training, one run; everything is reported, and the results are saved in the run's folder.

    Raises :class:`~ptft_gui.core.errors.PtftError` for everything that a person can mend.
    """
    spec = request.run.read_spec()
    try:
        examples = _read_examples(spec, reporter)
        start = look_at_start(spec)
        heed_stop(reporter)
        # torch and transformers take seconds to load: what can be refused has been refused by now
        reporter.phase("building", "Opening the model")
        wait_politely()
        keep_freed_memory()
        from ptft_gui.engine.finetune.build import TaskBuilder

        training = TaskBuilder(request, reporter, spec, examples, start, open_tokenizer(start)).build()
        heed_stop(reporter)
    except StoppedByPerson:
        return stopped_early(request, reporter)
    return training.run()


def _read_examples(spec: RunSpec, reporter: Reporter) -> PreparedExamples:
    reporter.phase("preparing", "Reading the examples", 0.0)

    def progress(sentence: str, fraction: float | None) -> None:
        reporter.phase("preparing", sentence, fraction)

    asked = whole_request(spec.data.request(spec.task))
    examples = prepare_examples(asked, cache_folder(), progress, reporter.hold_or_stop)
    check_examples(examples, str(spec.task))
    return examples
