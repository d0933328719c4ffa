"""What is exported opens in a process that knows nothing of this program: peft alone, and pipelines of transformers."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.inspection.language.export import export_language_model
from tests.engine.conftest import Train
from tests.inspection.language_models import save_tiny_bert, save_tiny_gpt

WHO = "queen prince baker miller".split()
TEXT, PAIR = "the queen wears the golden crown", ["who wears", "the queen wears the golden crown"]

STRANGER = """
import json, sys
import peft, torch, transformers
from transformers import AutoTokenizer, pipeline

assert not any(name.startswith("ptft") for name in sys.modules)
found = {}
for name, ending, asked in json.loads(sys.argv[1]):
    adapter, whole = f"{name}/adapter", f"{name}/whole"
    tokenizer = AutoTokenizer.from_pretrained(adapter)
    given = tokenizer(*asked, return_tensors="pt")
    if "gpt" in name:
        given.pop("token_type_ids", None)
    pieces = getattr(peft, f"AutoPeftModel{ending}").from_pretrained(adapter).eval()
    trained = sorted({key.split(".lora_")[0] for key in pieces.state_dict() if ".lora_" in key})
    if "Question" in ending:  # as its card says: peft 0.21 forgets which part is the question
        pieces = pieces.merge_and_unload()
    merged = getattr(transformers, f"AutoModel{ending}").from_pretrained(whole).eval()
    outputs = ("start_logits", "end_logits") if "Question" in ending else ("logits",)
    with torch.no_grad():
        one, other = pieces(**given), merged(**given)
    apart = max(float((getattr(one, key) - getattr(other, key)).abs().max()) for key in outputs)
    size = max(float(getattr(other, key).abs().max()) for key in outputs)
    found[name] = {"apart": apart, "size": size, "labels": list(pieces.config.id2label.values())}
    found[name]["trained"] = trained
sentence = "the queen wears the golden crown"
found["classes"] = pipeline("text-classification", "bert classes/whole")(sentence)
found["names"] = pipeline("token-classification", "bert names/whole", aggregation_strategy="simple")(sentence)
card = open("bert answers/whole/README.md", encoding="utf-8").read()
lines = card.partition("```python\\n")[2].partition("```")[0].replace("path of this folder", "bert answers/whole")
known = {}
exec(lines.replace("The text that may hold the answer.", sentence).replace("What is asked?", "who wears"), known)
found["answer"] = known["context"][known["places"][known["start"]][0] : known["places"][known["end"]][1]]
print(json.dumps(found, default=str))
"""


def _csv(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _topics(path: Path) -> Path:
    rng = random.Random(1)
    rows = []
    for number in range(60):
        is_court = number % 2 == 0
        words = "queen crown castle" if is_court else "bread oven song"
        rows.append([" ".join(rng.choices(words.split(), k=5)), "court" if is_court else "kitchen"])
    return _csv(path, ["text", "topic"], *rows)


def _names(path: Path) -> Path:
    rng = random.Random(2)
    texts = []
    for _ in range(60):
        who, where = rng.choice(WHO), rng.choice(["castle", "garden"])
        texts.append(f"the O\n{who} B-PER\nwalks O\nin O\nthe O\n{where} B-LOC\n")
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def _asked(path: Path) -> Path:
    rng = random.Random(3)
    paragraphs = []
    for number in range(60):
        who = rng.choice(WHO)
        context = f"the {who} wears the golden crown in the old castle"
        answers = [{"text": who, "answer_start": 4}]
        paragraphs.append(
            {"context": context, "qas": [{"id": str(number), "question": "who wears", "answers": answers}]}
        )
    articles = [{"title": f"t{n}", "paragraphs": paragraphs[n::6]} for n in range(6)]
    path.write_text(json.dumps({"version": "1.1", "data": articles}), encoding="utf-8")
    return path


def _replies(path: Path) -> Path:
    rows = [[f"who is number {n}?", f"the {WHO[n % 4]} sings {n} old songs"] for n in range(60)]
    return _csv(path, ["prompt", "reply"], *rows)


def _lora(
    train_here: Train, folder: Path, family: str, task: str, dataset: Path, start: Path, **more: Any
) -> RunDir:
    roles = {"prompt": "prompt", "reply": "reply"} if task == "reply" else None
    usual: dict[str, Any] = {
        "workers": 1,
        "precision": "float32",
        "device": "cpu",
        "epochs": 2,
        "learning_rate": 0.02,
    }
    spec = new_spec(
        family, str(dataset), preset="tiny", stage="finetune", task=task, method="lora", init_from="folder",
        init=str(start), settings={**usual, **more}, roles=roles,
    )  # fmt: skip
    return train_here("", run=create_run(folder / "runs", spec)).run


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks transformers for a name that will change
def test_a_stranger_opens_added_pieces_with_peft_and_the_merged_model_with_pipelines(
    train_here: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    bert, gpt = save_tiny_bert(tmp_path / "bert", steps=1), save_tiny_gpt(tmp_path / "gpt", steps=1)
    topics = _topics(tmp_path / "topics.csv")
    questions = _asked(tmp_path / "q.json")
    made = [
        ("bert classes", "ForSequenceClassification", [TEXT], ("bert", "classification", topics, bert)),
        ("gpt classes", "ForSequenceClassification", [TEXT], ("gpt", "classification", topics, gpt)),
        ("bert names", "ForTokenClassification", [TEXT], ("bert", "tagging", _names(tmp_path / "names.conll"), bert)),
        ("bert answers", "ForQuestionAnswering", PAIR, ("bert", "question-answering", questions, bert)),
        ("gpt replies", "ForCausalLM", [TEXT], ("gpt", "reply", _replies(tmp_path / "replies.csv"), gpt)),
    ]  # fmt: skip
    everywhere = {"lora_targets": "all"}
    for name, _, _, (family, task, dataset, start) in made:
        run = _lora(train_here, tmp_path, family, task, dataset, start, **everywhere)
        export_language_model(run, "adapter", tmp_path / name / "adapter")
        export_language_model(run, "merged", tmp_path / name / "whole")
        shutil.rmtree(run.path)
    asked = [[name, ending, texts] for name, ending, texts, _ in made]
    done = subprocess.run(
        [sys.executable, "-P", "-c", STRANGER, json.dumps(asked)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": ""},
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    for name, *_ in made:
        assert found[name]["apart"] < 1e-4 * max(1.0, found[name]["size"]), (name, found[name])
        assert not any(".layer.2." in place for place in found[name]["trained"]), (
            "the head's own layer has none"
        )
    for name in ("bert classes", "gpt classes"):
        assert found[name]["labels"] == ["court", "kitchen"]
    assert set(found["bert names"]["labels"]) == {"O", "B-PER", "B-LOC"}
    assert found["classes"][0]["label"] in ("court", "kitchen")
    assert found["answer"]
    assert found["answer"] in PAIR[1]
    assert all(each["entity_group"] in ("PER", "LOC") for each in found["names"])


@pytest.mark.filterwarnings("ignore::FutureWarning")  # as above
def test_added_pieces_are_not_given_away_without_what_they_belong_to(
    train_here: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    bert, topics = save_tiny_bert(tmp_path / "bert", steps=1), _topics(tmp_path / "topics.csv")
    run = _lora(train_here, tmp_path, "bert", "classification", topics, bert, epochs=1)
    done = export_language_model(run, "adapter", tmp_path / "whole")
    assert "base beside it (" in done.sentence
    assert "is Tiny bert, to which it belongs: give both away together" in done.sentence
    assert (
        "Python with peft and transformers opens the folder; README.md in it has the lines" in done.sentence
    )
    weights = tmp_path / "whole" / "base" / "model.safetensors"
    assert weights.samefile(bert / "model.safetensors"), "the start takes no space twice"
    (bert / "config.json").write_text((bert / "config.json").read_text() + "\n")
    with pytest.raises(ModelError, match="has changed since") as caught:
        export_language_model(run, "adapter", tmp_path / "changed")
    assert "(merged)" in caught.value.hint
    shutil.rmtree(bert)
    with pytest.raises(ModelError, match="has gone"):
        export_language_model(run, "adapter", tmp_path / "gone")
    assert weights.is_file()
    assert not (tmp_path / "changed").exists()
    random_start = _lora(
        train_here, tmp_path, "bert", "classification", topics, save_tiny_bert(bert, steps=1), epochs=1,
        start_weights="random",
    )  # fmt: skip
    with pytest.raises(ModelError, match="belong to random numbers"):
        export_language_model(random_start, "adapter", tmp_path / "random")
