"""The language model that a room of Try it, Explore or Evaluate asks, and what to say of the moment it stands at."""

from __future__ import annotations

from dataclasses import dataclass

from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.language_starts import LanguageStart, glance_at_language
from ptft_gui.gui.panels.run.shown_run import ShownRun

_MOST_EXAMPLES = 3
_LONGEST_EXAMPLE = 300


@dataclass(frozen=True)
class AskedModel:
    """``before``: the path of the model that it started from, empty without one; ``examples``: inputs to begin with.

    ``is_own``: it was trained here, so that its text may be looked through; ``is_live``: it is still being trained,
    and ``step`` is that of its newest checkpoint, which answers; ``reads_characters``: it reads them one by one.
    """

    path: str
    title: str
    before: str = ""
    before_title: str = ""
    examples: tuple[str, ...] = ()
    is_own: bool = True
    is_live: bool = False
    step: int | None = None
    reads_characters: bool = False


def model_of_run(shown: ShownRun) -> AskedModel | None:
    """The model of a run: its result, or as it stood at its newest checkpoint; None while there is neither."""
    summary, run = shown.summary, shown.run
    has_model = run.model.is_dir()
    checkpoint = summary.checkpoints[-1].step if summary.checkpoints else None
    if not has_model and (checkpoint is None or shown.is_recorded):
        return None
    before = _start_of(shown)
    probes = [name for name in summary.probes if len(name) <= _LONGEST_EXAMPLE]
    return AskedModel(
        path=str(run.path),
        title=run.title(),
        before=str(before.path) if before is not None else "",
        before_title=before.name if before is not None else "",
        examples=tuple(probes[:_MOST_EXAMPLES]),
        is_live=shown.is_live,
        step=None if has_model else checkpoint,
        reads_characters=summary.resolved_value("tokenizer") == "characters",
    )


def _start_of(shown: ShownRun) -> LanguageStart | None:
    """What a run went on from, where that is still there and can be asked the same questions."""
    spec = shown.summary.spec
    if spec is None or spec.init_from == "scratch" or not spec.init:
        return None
    try:
        start = glance_at_language(spec.init)
    except PtftError:
        return None
    return start if start.has_head else None
