"""The small runs that pictures are taken of: one of each kind of model, trained on the spot from what is bundled."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ptft_gui.core.errors import PtftError
from ptft_gui.core.race import ALL_LANES, race_specs
from ptft_gui.core.rundir import LIVE_STATES, RunDir, list_runs
from ptft_gui.core.spec import MethodKey, RunSpec, new_spec
from ptft_gui.gui.demo.picture_list import RACE_RUNS

GPT_PROBES = ("The king wears the golden", "In Paris people speak")
BERT_PROBES = ("The king wears the golden [MASK].", "In Paris people speak [MASK].")
_SMALL_GPT: dict[str, int | float | bool | str | None] = {
    "max_steps": 300, "layers": 3, "width": 96, "heads": 3, "tokenizer": "characters", "block_size": 64,
}  # fmt: skip
_PEOPLE = ("Clara Holm", "Ivo", "Mira Sand", "Tom Reed", "Ada", "Jon Lake", "Nora Field", "Ben")
_PLACES = ("Tallin", "Oslo", "Port Elm", "Vienna", "Lima", "New Haven", "Kyoto", "Bern")
_SAID = ("{p} went to {l} by train .", "In {l} it rained , said {p} .", "{p} wrote a letter from {l} .")


@dataclass(frozen=True)
class WantedRun:
    """``key`` names its pictures; ``spec`` makes its request, given a folder for texts of its own."""

    key: str
    spec: Callable[[Path], RunSpec]


def wanted_runs() -> tuple[WantedRun, ...]:
    """All of them, in the order in which they train."""
    return (
        WantedRun("kingdom", lambda _: _words("Words of Little Kingdom", 10)),
        WantedRun("kingdom-short", lambda _: _words("The same, read twice", 2)),
        WantedRun("failed", lambda _: _words("Words that are too rare", 2, min_count=100_000)),
        WantedRun("gpt", _gpt),
        WantedRun("bert", _bert),
        WantedRun("sorting", _sorting),
        WantedRun("names", _names),
        WantedRun("answers", _answers),
        *(WantedRun(key, partial(_raced, lane)) for key, lane in zip(RACE_RUNS, ALL_LANES, strict=True)),
    )


def missing_runs(runs: Path) -> list[WantedRun]:
    """Those that no earlier call has made: the second time pictures are taken at once."""
    there = {run.title() for run in list_runs(runs) if run.state() != "lost"}
    return [wanted for wanted in wanted_runs() if wanted.spec(runs).name not in there]


def finished_runs(runs: Path) -> dict[str, RunDir]:
    """The runs that ended, by their keys; one that could not be trained has no picture."""
    by_title = {run.title(): run for run in list_runs(runs) if run.state() not in LIVE_STATES}
    named = ((wanted.key, by_title.get(wanted.spec(runs).name)) for wanted in wanted_runs())
    return {key: run for key, run in named if run is not None and (key == "failed" or _is_whole(run))}


def live_spec() -> RunSpec:
    """The run that trains while its pictures are taken; long enough for all of them."""
    return new_spec(
        "word2vec",
        "wikipedia",
        preset="tiny",
        settings={"epochs": 400},
        watched_words=("music", "war", "water", "science", "language", "film"),
        name="Wikipedia extract",
    )


def memorising_spec(runs: Path) -> RunSpec:
    """A run that learns a short text by heart: what follows in it is chance, so nothing else can be learned."""
    text = runs / ".texts" / "diary.txt"
    if not text.exists():
        text.parent.mkdir(parents=True, exist_ok=True)
        text.write_text(_diary(), encoding="utf-8")
    held_out = {"val_fraction": 0.1}  # of so short a text nothing is held out unless it is asked for
    settings = {**_SMALL_GPT, "max_steps": 1200, "dropout": 0.0, **held_out}
    return new_spec(
        "gpt", str(text), preset="tiny", settings=settings, probes=("Clara Holm",), name="A diary"
    )


def _diary() -> str:
    """Some sentences of who was where, drawn by lot: so few that they are soon known by heart."""
    lot = random.Random(7)
    lines = (lot.choice(_SAID).replace(" .", ".").replace(" ,", ",") for _ in range(240))
    return "\n".join(line.format(p=lot.choice(_PEOPLE), l=lot.choice(_PLACES)) for line in lines) + "\n"


def _is_whole(run: RunDir) -> bool:
    return run.state() in ("finished", "stopped")


def _words(name: str, epochs: int, min_count: int | None = None) -> RunSpec:
    settings: dict[str, int | float | bool | str | None] = {"epochs": epochs}
    if min_count is not None:
        settings["min_count"] = min_count
    watched = ("king", "queen", "father", "bread", "dog")
    return new_spec(
        "word2vec", "little-kingdom", preset="tiny", settings=settings, watched_words=watched, name=name
    )


def _gpt(_: Path) -> RunSpec:
    return new_spec(
        "gpt", "little-kingdom", preset="tiny", settings=_SMALL_GPT, probes=GPT_PROBES, name="GPT writes"
    )


def _bert(_: Path) -> RunSpec:
    settings: dict[str, int | float | bool | str | None] = {"max_steps": 400}
    return new_spec(
        "bert",
        "little-kingdom",
        preset="tiny",
        settings=settings,
        probes=BERT_PROBES,
        name="BERT fills blanks",
    )


def _sorting(_: Path) -> RunSpec:
    return _fine_tuned("opinions-en", "classification", "Opinions sorted", "lora", 6)


def _answers(_: Path) -> RunSpec:
    return _fine_tuned("questions-en", "question-answering", "Questions answered", "full", 6)


def _names(runs: Path) -> RunSpec:
    table = runs / ".texts" / "letters.conll"
    if not table.exists():
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(_tagged_sentences(), encoding="utf-8")
    return _fine_tuned(str(table), "tagging", "Names marked", "full", 4)


def _fine_tuned(dataset: str, task: str, name: str, method: MethodKey, epochs: int) -> RunSpec:
    return new_spec(
        "bert",
        dataset,
        preset="tiny",
        settings={"epochs": epochs},
        stage="finetune",
        task=task,
        method=method,
        init_from="folder",
        init="starter",
        name=name,
    )


def _raced(lane: str, _: Path) -> RunSpec:
    """One lane of a race on so few rows that all of them have ended in a minute."""
    spec = _fine_tuned("news-topics-en", "classification", "News topics", "lora", 6)
    few = {**spec.options, "train_share": 0.25, "block_size": 32}
    return race_specs(spec.model_copy(update={"options": few}), [lane])[0]


def _tagged_sentences() -> str:
    """Sentences with people and places, one token a line, as files of tagged words are."""
    sentences = []
    for number in range(192):
        person, place = _PEOPLE[number % 8], _PLACES[(number * 3 + number // 8) % 8]
        told = _SAID[number % 3].split()
        lines = [line for word in told for line in _tagged(word, person, place)]
        sentences.append("\n".join(lines))
    return "\n\n".join(sentences) + "\n"


def _tagged(word: str, person: str, place: str) -> list[str]:
    if word not in ("{p}", "{l}"):
        return [f"{word} O"]
    name, kind = (person, "PER") if word == "{p}" else (place, "LOC")
    return [f"{part} {'I' if number else 'B'}-{kind}" for number, part in enumerate(name.split())]


def is_possible(wanted: WantedRun, runs: Path) -> bool:
    """Whether its request can be made here; the starter encoder may be missing."""
    try:
        wanted.spec(runs)
    except PtftError:
        return False
    return True
