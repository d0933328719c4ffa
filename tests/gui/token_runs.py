"""Small finished runs that learned to answer, to mark names and to reply, their models with random numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertForTokenClassification,
    BertTokenizer,
)
from transformers.utils import logging

from ptft_gui.core import events as ev
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.engine.metrics_answers import report_of_answers, score_answer
from ptft_gui.engine.metrics_tags import report_of_tags

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
CONTEXT = "The clock of Fenny is wound by Clara Moll. It was built in 1875 by three smiths from Dray."


def make_token_run(runs: Path, task: str, dataset: str = "questions-en") -> RunDir:
    """A finished run of ``question-answering`` or ``tagging`` with its model, scores and answers."""
    spec = new_spec("bert", dataset, name="Small one", stage="finetune", task=task, method="full")
    run = create_run(runs, spec)
    _save_model(run.model, task)
    report, records = _answers() if task == "question-answering" else _tags()
    (run.path / "evaluation.json").write_text(json.dumps({"task": task, "labels": [], "test": report}))
    lines = [json.dumps({"part": "test", "key": n, "row": n + 1, **each}) for n, each in enumerate(records)]
    (run.path / "predictions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _write_log(run, report)
    return run


def _save_model(folder: Path, task: str) -> None:
    logging.disable_progress_bar()  # its watcher would outlive the test
    folder.mkdir(parents=True, exist_ok=True)
    signs = "abcdefghijklmnopqrstuvwxyz0123456789.,?-'"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *signs, *(f"##{sign}" for sign in signs)]
    BertTokenizer(vocab={piece: number for number, piece in enumerate(pieces)}).save_pretrained(str(folder))
    torch.manual_seed(2)
    names = (
        {}
        if task != "tagging"
        else {"id2label": dict(enumerate(TAGS)), "label2id": {t: n for n, t in enumerate(TAGS)}}
    )
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=512,
        initializer_range=0.5,
        **names,
    )
    kind: Any = BertForTokenClassification if task == "tagging" else BertForQuestionAnswering
    kind(config).eval().save_pretrained(str(folder))


def _answers() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    asked = [
        ("Who winds the clock?", "Clara Moll", "Clara Moll", 0.9),
        ("When was it built?", "1875", "in 1875 by three smiths", 0.8),
        ("Who built it?", "three smiths", "Dray", 0.4),
        ("What does it cost?", "", "", 0.6),
    ]
    records = []
    for question, right, said, score in asked:
        found = score_answer(said, [right] if right else [])
        start = CONTEXT.index(said) if said else None
        records.append({
            "question": question, "context": CONTEXT, "answers": [right] if right else [], "answer": said,
            "start": start, "end": start + len(said) if start is not None else None, "score": score,
            "exact": found.exact, "f1": found.f1,
        })  # fmt: skip
    report = report_of_answers([r["answer"] for r in records], [r["answers"] for r in records])
    return report, records


def _tags() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    words = ["Clara", "Moll", "lives", "in", "New", "Dray", "."]
    rows = [
        ("B-PER I-PER O O B-LOC I-LOC O", "B-PER I-PER O O O B-LOC O"),
        ("B-PER I-PER O O B-LOC I-LOC O", "B-PER I-PER O O B-LOC I-LOC O"),
    ]
    records = [
        {"tokens": words, "tags": true.split(), "predicted": said.split(), "scores": [0.8] * len(words)}
        for true, said in rows
    ]
    return report_of_tags([r["tags"] for r in records], [r["predicted"] for r in records]), records


def _write_log(run: RunDir, report: dict[str, Any]) -> None:
    parts = {"train": 9, "val": 2, "test": report["rows"], "unlabelled": 0}
    columns = {"progress": [1.0], "epoch": [1.0], "texts": [9.0], "lr": [0.001], "loss": [1.2]}
    is_tagged = "entity_f1" in report
    scores = (
        {"val/entity_f1": 0.4, "val/accuracy": 0.9} if is_tagged else {"val/f1": 0.4, "val/exact_match": 0.3}
    )
    probe = "Clara in Dray" if is_tagged else "Who?\n---\nClara in Dray"
    first: Any = [["Clara", "O"], ["in", "O"], ["Dray", "O"]] if is_tagged else {"answer": "", "score": 0.1}
    last: Any = (
        [["Clara", "B-PER"], ["in", "O"], ["Dray", "B-LOC"]]
        if is_tagged
        else {"answer": "Clara", "score": 0.7}
    )
    events: list[ev.Event] = [
        ev.Started(attempt=1, versions={"ptft-gui": "0.1.0"}),
        ev.Resolved(values={"labels": [], "parts": parts, "epochs": 1, "method": "full"}),
        ev.Steps(step=[9], columns=columns),
        ev.Probe(step=0, name=probe, answer=first, kind="task"),
        ev.Evaluated(step=9, epoch=1.0, metrics={"train/loss": 1.0, "val/loss": 1.1, **scores}),
        ev.Probe(step=9, epoch=1.0, name=probe, answer=last, kind="task"),
        ev.Finished(reason="length", step=9, seconds=2.0),
    ]
    writer = EventWriter(run.events_file)
    for event in events:
        writer.write(event)
    writer.close()
