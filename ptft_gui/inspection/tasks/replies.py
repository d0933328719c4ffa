"""A reply to a prompt, by a model that learned to reply: the prompt is framed as it was in training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.language.generation import GenerationRequest, generate
from ptft_gui.inspection.language.opening import LanguageModel, open_language_model
from ptft_gui.inspection.tasks.folder import REPLY, token_task_of
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress


@dataclass(frozen=True)
class ReplyModel:
    """A language model that learned to reply."""

    source: Path
    language: LanguageModel

    @property
    def name(self) -> str:
        return self.language.name


@dataclass(frozen=True)
class Replied:
    """``ended``: why the reply ends, as in :class:`~ptft_gui.inspection.language.generation.Generated`."""

    text: str
    tokens: int
    ended: str
    sentence: str


def open_reply_model(
    place: Path | RunDir, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> ReplyModel:
    """Open a run's model or a model folder. Raises :class:`ModelError` where it has not learned to reply."""
    source = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    if token_task_of(source) != REPLY:
        raise ModelError(
            f"{source.name} has not learned to reply to prompts.",
            hint="Let a GPT go on with a text instead: --generate. Or fine-tune it on prompts and replies.",
        )
    return ReplyModel(source, open_language_model(source, progress, should_stop))


def reply(
    model: ReplyModel,
    request: GenerationRequest,
    on_text: Callable[[str, float], None] | None = None,
    should_stop: ShouldStop = never_stop,
) -> Replied:
    """The reply to ``request.prompt``; ``on_text(reply so far, fraction)`` is called after every token."""
    from ptft_gui.engine.finetune.replying import framed

    if not request.prompt.strip():
        raise ModelError("No prompt was given.", hint="Type what the model shall reply to.")
    start = framed(request.prompt)

    def tell(text: str, fraction: float) -> None:
        if on_text is not None:
            on_text(text[len(start) :].lstrip(), fraction)

    done = generate(model.language, replace(request, prompt=start), tell, should_stop)
    return Replied(done.added.strip(), done.tokens, done.ended, done.sentence)
