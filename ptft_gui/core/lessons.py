"""Lessons: what a teacher shows step by step, as data.

A lesson is a file ``resources/lessons/<id>/lesson.json``: steps with one sentence each, the runs they speak of, what is
asked and what is to be answered; ``recording/`` beside it is a recorded run of its main run, ``recording-<key>/`` of
another. The window shows a lesson beside the ordinary pages; a test plays each to its end and checks every expected
answer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ptft_gui.core.atomic import write_text_atomically
from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.language_starts import STARTER, STARTER_INSTALL, starter_folder
from ptft_gui.core.recording import is_recording
from ptft_gui.core.resources import resource_path
from ptft_gui.core.rundir import RunDir, list_runs
from ptft_gui.core.spec import MethodKey, RunSpec, check_spec, new_spec

LESSON_FORMAT = 1
LESSON_MARK = "lesson.json"
"""The file in a run's folder that says which lesson it belongs to."""
_MOST_BYTES = 1 << 18
_MOST_STEPS = 30


class LessonError(PtftError):
    """A lesson that cannot be read."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Question(_Part):
    """What is asked of the step's run, and what has to come of it: one of the ``expect_`` fields.

    ``probe``: one of the run's own probes; its newest answer counts, word by word. ``classify``: a text for Try it, of
    which the answers are the classes. ``race``: all runs of the lesson are lanes of one race; ``text`` is the question.

    ``expect_first``: the first answer. ``expect_any``: one of these is among the first ``topn``. ``expect_not``: this
    one is not among them. ``expect_points``: pre-training was worth at least so many points of the score.
    """

    kind: Literal["similar", "analogy", "probe", "classify", "race"]
    text: str = Field(min_length=1, max_length=200)
    expect_first: str = ""
    expect_any: tuple[str, ...] = ()
    expect_not: str = ""
    expect_points: int = Field(default=0, ge=0, le=100)
    topn: int = Field(default=3, ge=1, le=40)

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if self.kind == "race" and not self.expect_points:
            raise ValueError("a race needs the points that pre-training is expected to be worth")
        if self.kind != "race" and not (self.expect_first or self.expect_any or self.expect_not):
            raise ValueError("a question needs an expected answer")
        return self

    def holds(self, answers: list[str]) -> bool:
        """Whether these answers, the nearest first, are as expected."""
        first = answers[: self.topn]
        if self.expect_not:
            return bool(first) and self.expect_not not in first
        if self.expect_first:
            return first[:1] == [self.expect_first]
        return any(word in first for word in self.expect_any)

    def expected(self) -> str:
        """The expected answer in words."""
        return self.expect_first or ", ".join(self.expect_any) or f"not {self.expect_not}"


class LessonStep(_Part):
    """One step: a sentence for the class, the page it is about, and what is done in it.

    ``show``: the page or tab that opens with the step. ``run``: which of the lesson's runs it speaks of. ``do``: what
    the step's button does, ``label`` its words. ``highlight``: object names of what is spoken of. ``view``: what is
    large while presenting.
    """

    title: str = Field(min_length=1, max_length=60)
    sentence: str = Field(min_length=1, max_length=400)
    try_it: str = Field(default="", max_length=240)
    show: Literal[
        "", "home", "new_run", "train", "try_it", "evaluate", "explore", "analogy", "map", "axes", "compare"
    ] = ""
    run: str = ""
    do: Literal["", "start", "ask"] = ""
    label: str = Field(default="", max_length=40)
    ask: Question | None = None
    highlight: tuple[str, ...] = Field(default=(), max_length=4)
    view: Literal["", "chart", "map", "words", "probes", "neighbours", "analogy", "axes"] = ""

    @model_validator(mode="after")
    def _button_has_words(self) -> Self:
        if bool(self.do) != bool(self.label) or (self.do == "ask") != (self.ask is not None):
            raise ValueError(
                "a step that does something needs words for its button, and a question if it asks"
            )
        return self


class LessonRun(_Part):
    """A run of a lesson, as it is asked for. ``task``, ``method`` and ``init`` for one that is fine-tuned."""

    name: str = Field(min_length=1, max_length=80)
    family: str
    dataset: str
    preset: str
    task: str | None = None
    method: MethodKey | None = None
    init: Literal["starter"] | None = None
    settings: dict[str, int | float | bool | str | None] = {}
    watched_words: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()

    def spec(self) -> RunSpec:
        """The request for it. Raises :class:`~ptft_gui.core.errors.SpecError` where it cannot be carried out."""
        spec = new_spec(
            self.family,
            self.dataset,
            preset=self.preset,
            settings=self.settings,
            watched_words=self.watched_words,
            probes=self.probes,
            name=self.name,
            stage="finetune" if self.task else "pretrain",
            init_from="folder" if self.init else "scratch",
            init=self.init,
            task=self.task,
            method=self.method,
        )
        check_spec(spec)
        return spec

    def missing(self) -> str:
        """Why it cannot be trained on this computer, in a sentence; "" where it can."""
        if self.init != STARTER or starter_folder() is not None:
            return ""
        return (
            "This needs the starter model, which is not installed, so the recorded run is played. To train it here: "
            f"{STARTER_INSTALL}"
        )


class Lesson(_Part):
    """A whole lesson. ``minutes``: for a class, from and to; ``picture``: the family whose picture it has."""

    format: int = LESSON_FORMAT
    id: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    order: int = 1
    title: str = Field(min_length=1, max_length=60)
    sentence: str = Field(min_length=1, max_length=200)
    minutes: tuple[int, int]
    picture: str = "word2vec"
    runs: dict[Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")], LessonRun] = Field(
        min_length=1, max_length=6
    )
    steps: tuple[LessonStep, ...] = Field(min_length=1, max_length=_MOST_STEPS)

    @model_validator(mode="after")
    def _steps_name_its_runs(self) -> Self:
        for step in self.steps:
            if step.run and step.run not in self.runs:
                raise ValueError(f'the step "{step.title}" speaks of a run "{step.run}" that is not there')
            if step.do and not step.run:
                raise ValueError(f'the step "{step.title}" does not say with which run')
            probes = self.runs[step.run].probes if step.run else ()
            if step.ask is not None and step.ask.kind == "probe" and step.ask.text not in probes:
                raise ValueError(f'the step "{step.title}" asks for a probe that its run does not have')
        return self

    @property
    def main_run(self) -> str:
        """The key of the run that the recording beside the lesson is of."""
        return next(iter(self.runs))

    def recording(self, key: str = "") -> Path | None:
        """The recorded run of the lesson's main run or of another, where there is one."""
        folder = resource_path("lessons", self.id, self.recording_name(key))
        return folder if is_recording(folder) else None

    def recording_name(self, key: str = "") -> str:
        """What the folder of a run's recording is called."""
        return f"recording-{key}" if key and key != self.main_run else "recording"


def read_lesson(path: Path) -> Lesson:
    """Read one lesson. Raises :class:`LessonError`, or :class:`~ptft_gui.core.errors.SpecError` for a bad run in it."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LessonError(f"{path} is too large for a lesson.", hint="Choose another file.")
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LessonError(f"{path} does not exist.", hint="Choose the file of a lesson.") from None
    except OSError as problem:
        raise LessonError(f"{path} cannot be read.", detail=problem.strerror or "") from None
    except (ValueError, RecursionError):
        raise LessonError(f"{path} is not a lesson.", detail="It is not JSON.") from None
    lesson = _lesson_of(record, path)
    for run in lesson.runs.values():
        if not run.missing():
            run.spec()
    return lesson


def _lesson_of(record: Any, path: Path) -> Lesson:
    version = record.get("format", LESSON_FORMAT) if isinstance(record, dict) else None
    if isinstance(version, int) and version > LESSON_FORMAT:
        raise LessonError(
            f"{path} was written for a newer ptft-gui.",
            detail=f"Its format is number {version}; this program reads up to number {LESSON_FORMAT}.",
            hint="Update this program and try again.",
        )
    try:
        return Lesson.model_validate(record)
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "lesson"
        message = str(first["msg"]).removeprefix("Value error, ")
        raise LessonError(f"{path} is not a lesson.", detail=f"{field}: {message}.") from None


def bundled_lessons() -> tuple[tuple[Lesson, ...], tuple[PtftError, ...]]:
    """The lessons that travel with the program, in their order, and what is wrong with those that cannot be read."""
    lessons, problems = [], []
    for path in sorted(resource_path("lessons").glob("*/lesson.json")):
        try:
            lessons.append(read_lesson(path))
        except PtftError as problem:
            problems.append(problem)
    return tuple(sorted(lessons, key=lambda lesson: (lesson.order, lesson.id))), tuple(problems)


def mark_lesson_run(run: RunDir, lesson: str, key: str) -> None:
    """Note in a run's folder that it belongs to a lesson. Raises :class:`OSError`."""
    mark = json.dumps({"lesson": lesson, "run": key}, ensure_ascii=False) + "\n"
    write_text_atomically(run.path / LESSON_MARK, mark)


def lesson_of(run: RunDir) -> tuple[str, str] | None:
    """The lesson that a run belongs to and which of its runs it is; None for any other run."""
    try:
        text = (run.path / LESSON_MARK).read_bytes()[:4096]
        mark = json.loads(text)
        return str(mark["lesson"]), str(mark["run"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def lesson_runs(runs: Path) -> list[RunDir]:
    """The runs of a folder that belong to lessons, the newest first."""
    return [run for run in list_runs(runs) if lesson_of(run) is not None]
