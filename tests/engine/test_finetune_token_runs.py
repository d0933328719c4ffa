"""Runs that learn to answer, to mark names and to reply, from rows to the folder that plain transformers opens."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.engine.metrics_answers import report_of_answers
from ptft_gui.engine.metrics_tags import report_of_tags
from ptft_gui.inspection.language.generation import GenerationRequest
from ptft_gui.inspection.predict_file import predict_file
from ptft_gui.inspection.tasks.answers import answer_question
from ptft_gui.inspection.tasks.opening import open_task_model
from ptft_gui.inspection.tasks.replies import open_reply_model, reply
from ptft_gui.inspection.tasks.report import token_report
from ptft_gui.inspection.tasks.tags import tag_text
from tests.engine.conftest import FinishedRun, Train
from tests.inspection.language_models import save_tiny_bert, save_tiny_gpt

WHO, WHAT = "queen prince baker miller".split(), "crown song horse bread".split()
WHERE = "castle garden forest river".split()


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("bert") / "tiny", steps=1)


def tune(
    train_here: Train, tmp_path: Path, family: str, task: str, dataset: Path, start: Path, **settings: Any
) -> FinishedRun:
    usual = {"workers": 1, "precision": "float32", "device": "cpu", "epochs": 8, "learning_rate": 0.004}
    probes = settings.pop("probes", ())
    method, roles = settings.pop("method", "full"), settings.pop("roles", None)
    spec: RunSpec = new_spec(
        family, str(dataset), preset="tiny", stage="finetune", task=task, method=method, init_from="folder",
        init=str(start), probes=probes, settings={**usual, **settings}, roles=roles,
    )  # fmt: skip
    return train_here("", run=create_run(tmp_path / "runs", spec))


def answers_of(done: FinishedRun) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (done.run.path / "predictions.jsonl").read_text().splitlines()]


# --- questions -------------------------------------------------------------------------------------------------------


def _questions(path: Path, count: int = 120) -> Path:
    """A file in the form of SQuAD 2.0; of each context it is asked who, and what it does not say."""
    rng = random.Random(3)
    paragraphs = []
    for number in range(count):
        who, what, where = (rng.choice(words) for words in (WHO, WHAT, WHERE))
        context = f"the {who} wears the {what} in the old {where}"
        asked = [("who wears", who), ("at night", "")]
        qas = [
            {
                "id": f"q{number}-{place}",
                "question": question,
                "is_impossible": not answer,
                "answers": [{"text": answer, "answer_start": context.index(answer)}] if answer else [],
            }
            for place, (question, answer) in enumerate(asked)
        ]
        paragraphs.append({"context": context, "qas": qas})
    articles = [{"title": f"t{n}", "paragraphs": paragraphs[n::6]} for n in range(6)]
    path.write_text(json.dumps({"version": "2.0", "data": articles}), encoding="utf-8")
    return path


def test_questions_are_learned_scored_officially_and_answered_everywhere(
    train_here: Train, tmp_path: Path, bert: Path
) -> None:
    file = _questions(tmp_path / "asked.json")
    probe = "who wears\n---\nthe queen wears the crown in the old castle"
    done = tune(train_here, tmp_path, "bert", "question-answering", file, bert, probes=(probe,))

    assert (done.outcome.metrics["test/f1"] or 0) > 0.9
    test = [row for row in answers_of(done) if row["part"] == "test"]
    official = report_of_answers([row["answer"] for row in test], [row["answers"] for row in test])
    report = token_report(done.run)
    assert report["test"]["f1"] == pytest.approx(official["f1"]) == done.outcome.metrics["test/f1"]
    assert report["test"]["unanswered"]["rows"] > 0
    assert all(mistake["f1"] < 1 for mistake in report["mistakes"])

    values = done.named("resolved")[-1].values
    assert values["may_be_silent"] is True
    assert values["kept_by"] == "f1"
    chosen = report["val"]["no_answer_threshold"]
    for name in ("ptft.json", "config.json"):
        assert json.loads((done.run.model / name).read_text("utf-8"))["no_answer_threshold"] == chosen
    assert all((row["margin"] > chosen) == (row["answer"] == "") for row in answers_of(done))
    told = done.named("probe")
    assert told[0].step == 0
    assert told[-1].answer["answer"] == "queen"

    model = open_task_model(done.run.path)
    found = answer_question(model, "who wears", "the miller wears the song in the old river")
    assert found.text == "miller"
    assert answer_question(model, "at night", "the miller wears the song in the old river").start is None

    target = tmp_path / "answers.csv"
    predict_file(model, DataRequest(dataset=str(file)), target)
    with target.open(encoding="utf-8-sig", newline="") as lines:
        table = list(csv.DictReader(lines))
    assert list(table[0]) == ["id", "answer", "score"]
    assert len(table) == 240
    by_name = {row["id"]: row["answer"] for row in table}
    part = tmp_path / "part.jsonl"
    predict_file(model, DataRequest(dataset=str(file)), part, "test")
    tested = [json.loads(line) for line in part.read_text().splitlines()]
    assert len(tested) == len(test)
    assert [row["answer"] for row in tested] == [row["answer"] for row in test]
    assert all(by_name[row["id"]] == row["answer"] for row in tested)


def test_plain_transformers_gives_the_same_answers(train_here: Train, tmp_path: Path, bert: Path) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    done = tune(
        train_here,
        tmp_path,
        "bert",
        "question-answering",
        _questions(tmp_path / "asked.json"),
        bert,
        epochs=4,
    )
    network = AutoModelForQuestionAnswering.from_pretrained(done.run.model)
    tokenizer = AutoTokenizer.from_pretrained(done.run.model)
    for row in answers_of(done)[:12]:
        if not row["answer"]:
            continue
        read = tokenizer(row["question"], row["context"], return_tensors="pt", return_offsets_mapping=True)
        offsets = read.pop("offset_mapping")[0]
        with torch.no_grad():
            said = network(**read)
        inside = torch.tensor([part == 1 for part in read.sequence_ids(0)])
        first, last = (
            int(torch.where(inside, s[0], -1e9).argmax()) for s in (said.start_logits, said.end_logits)
        )
        if first <= last:
            assert row["context"][int(offsets[first][0]) : int(offsets[last][1])] == row["answer"]


# --- names -----------------------------------------------------------------------------------------------------------


def _tagged(path: Path, scheme: str = "BI", count: int = 120) -> Path:
    """A file in the form of CoNLL; names are "the old castle" and "the queen"."""
    rng = random.Random(4)
    begin, inside = ("B", "I") if scheme == "BI" else ("I", "I")
    lines = []
    for _ in range(count):
        who, what, where = (rng.choice(words) for words in (WHO, WHAT, WHERE))
        lines += [f"the {begin}-PER", f"{who} {inside}-PER", "wears O", f"{what} O", "in O"]
        lines += [f"old {begin}-LOC", f"{where} {inside}-LOC", ""]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("method", ["full", "frozen", "lora"])
def test_names_are_learned_scored_by_whole_names_and_marked_everywhere(
    train_here: Train, tmp_path: Path, bert: Path, method: str
) -> None:
    file = _tagged(tmp_path / "names.conll")
    rate = {"full": 0.004, "frozen": 0.02, "lora": 0.02}[method]
    more = {"probes": ("the queen wears bread in old castle",), "learning_rate": rate}
    done = tune(train_here, tmp_path, "bert", "tagging", file, bert, method=method, **more)

    assert (done.outcome.metrics["test/entity_f1"] or 0) > 0.9
    test = [row for row in answers_of(done) if row["part"] == "test"]
    official = report_of_tags([row["tags"] for row in test], [row["predicted"] for row in test])
    assert token_report(done.run)["test"]["entity_f1"] == pytest.approx(official["entity_f1"])
    values = done.named("resolved")[-1].values
    assert (values["tag_scheme"], values["labels"][0]) == ("IOB2", "O")
    assert done.named("probe")[-1].answer[:2] == [["the", "B-PER"], ["queen", "I-PER"]]

    model = open_task_model(done.run.path)
    text = "the baker wears song in old river"
    assert [(name, kind) for name, kind, *_ in tag_text(model, text).names] == [
        ("the baker", "PER"), ("old river", "LOC"),
    ]  # fmt: skip
    target = tmp_path / "tags.csv"
    predict_file(model, DataRequest(dataset=str(file)), target, "test")
    with target.open(encoding="utf-8-sig", newline="") as lines:
        table = list(csv.DictReader(lines))
    assert list(table[0]) == ["tokens", "tags"]
    assert [row["tags"].split() for row in table] == [row["predicted"] for row in test]


def test_names_open_in_the_pipeline_of_plain_transformers(
    train_here: Train, tmp_path: Path, bert: Path
) -> None:
    from transformers import pipeline

    done = tune(train_here, tmp_path, "bert", "tagging", _tagged(tmp_path / "names.conll"), bert, epochs=4)
    marks = pipeline("token-classification", model=str(done.run.model), aggregation_strategy="first")
    text = "the baker wears song in old river"
    mine = tag_text(open_task_model(done.run.model), text).names
    assert [[n, k] for n, k, *_ in mine] == [[e["word"], e["entity_group"]] for e in marks(text)]
    assert [s for _, _, s, *_ in mine] == pytest.approx([float(e["score"]) for e in marks(text)], abs=1e-4)


def test_rows_without_a_name_are_refused_before_training(
    train_here: Train, tmp_path: Path, bert: Path
) -> None:
    file = tmp_path / "none.conll"
    file.write_text(
        "\n".join(f"{word} {'B-X' if n > 198 else 'O'}\n" for n, word in enumerate(WHO * 50)),
        encoding="utf-8",
    )
    with pytest.raises(DataError):
        tune(train_here, tmp_path, "bert", "tagging", file, bert)


def test_what_cannot_be_learned_is_told(train_here: Train, tmp_path: Path, bert: Path) -> None:
    names = _tagged(tmp_path / "names.conll")
    loose = "".join(f"{what} O\nin O\n{where} I-LOC\n\n" for what in WHAT for where in WHERE)
    names.write_text(names.read_text() + loose)
    done = tune(train_here, tmp_path, "bert", "tagging", names, bert, max_steps=1, epochs=1)
    told = {notice.key: notice.message for notice in done.named("notice")}
    assert told["broken_tags"].endswith(
        "tags to learn from break the rules of IOB2, the way they are written."
    )
    long = "queen wears the golden crown in the old castle by the river"
    rows = [
        {"context": f"the {who} and the {long}", "qas": [
            {"id": f"{n}", "question": "who wears", "answers": [{"text": text, "answer_start": 4}]}
        ]}
        for n, who in enumerate(WHO * 10)
        for text in [f"{who} and the {long}" if n % 4 == 0 else who]
    ]  # fmt: skip
    asked = tmp_path / "asked.json"
    asked.write_text(json.dumps({"data": [{"title": "t", "paragraphs": rows}]}))
    settings = {"max_steps": 1, "epochs": 1, "block_size": 16}
    done = tune(train_here, tmp_path, "bert", "question-answering", asked, bert, **settings)
    told = {notice.key: notice.message for notice in done.named("notice")}
    assert "are left out: their answers are too long" in told["lost_answers"]


# --- replies ---------------------------------------------------------------------------------------------------------


def test_replies_are_learned_without_the_prompts_and_come_back_when_asked(
    train_here: Train, tmp_path: Path
) -> None:
    gpt = save_tiny_gpt(tmp_path / "gpt", steps=40)
    rng = random.Random(6)
    pairs = dict(zip(WHO, ["golden crown", "old song", "brown bread", "white horse"], strict=True))
    rows = [(f"{rng.choice(WHAT)} {who}", pairs[who]) for who in rng.choices(WHO, k=120)]
    file = tmp_path / "replies.jsonl"
    file.write_text("".join(json.dumps({"prompt": p, "reply": r}) + "\n" for p, r in rows), encoding="utf-8")

    more: dict[str, Any] = {"roles": {"prompt": "prompt", "reply": "reply"}, "probes": ("song queen",)}
    done = tune(train_here, tmp_path, "gpt", "reply", file, gpt, epochs=12, **more)
    assert (done.outcome.metrics["test/accuracy"] or 0) > 0.9
    assert (done.outcome.metrics["test/perplexity"] or 99) < 1.5
    assert done.named("probe")[-1].answer == "golden crown"
    model = open_reply_model(done.run.path)
    assert reply(model, GenerationRequest("bread miller", length=12, temperature=0)).text == "white horse"
    report = token_report(done.run)
    assert report["test"]["tokens"] == sum(row["tokens"] for row in answers_of(done) if row["part"] == "test")
    assert report["mistakes"][0]["nats"] >= report["mistakes"][-1]["nats"]
