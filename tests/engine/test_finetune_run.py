"""A language model that learns a job from labelled rows, seen through its run's log and folder."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.core.corrections import Correction, fingerprint_of
from ptft_gui.core.errors import ModelError, PtftError, SpecError
from ptft_gui.core.family.methods import METHODS, count_parameters
from ptft_gui.core.run_corrections import corrected_spec
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import RunSpec, new_spec, problems_of
from ptft_gui.core.summary import RunSummary
from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.control import StopRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.inspection.language.export import export_language_model
from tests.engine.conftest import FinishedRun, Train
from tests.inspection.language_models import save_tiny_bert, save_tiny_gpt

WORDS = {
    "court": "queen crown castle golden prince wears".split(),
    "kitchen": "baker bread oven brown song turns".split(),
}
ALL_METHODS = [method.key for method in METHODS]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own: features that a test finds are those it made."""
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("bert") / "tiny", steps=1)


def sentence(rng: random.Random, topic: str) -> str:
    return " ".join(rng.choices(WORDS[topic], k=rng.randint(3, 7)))


def write_rows(path: Path, columns: list[str], rows: list[list[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """160 texts of two topics."""
    rng = random.Random(5)
    topics = [rng.choice(list(WORDS)) for _ in range(160)]
    return write_rows(
        tmp_path / "topics.csv", ["text", "topic"], [[sentence(rng, topic), topic] for topic in topics]
    )


def spec_of(
    dataset: Path, start: Path | str, method: str = "full", task: str = "classification", **settings: Any
) -> RunSpec:
    usual: dict[str, Any] = {"workers": 1, "precision": "float32", "device": "cpu"}
    if method != "frozen":
        usual |= {"epochs": 3, "learning_rate": 0.003 if method != "lora" else 0.02}
    probes = settings.pop("probes", ())
    return new_spec(
        str(settings.pop("family", "bert")),
        str(dataset),
        preset="tiny",
        stage="finetune",
        task=task,
        method=method,  # type: ignore[arg-type]
        init_from="folder",
        init=str(start),
        probes=probes,
        settings={**usual, **settings},
    )


def tune(train_here: Train, tmp_path: Path, spec: RunSpec, **more: Any) -> FinishedRun:
    return train_here("", run=create_run(tmp_path / "runs", spec), **more)


def answers_of(run: RunDir) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run.path / "predictions.jsonl").read_text().splitlines()]


# --- learning --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ALL_METHODS)
def test_each_method_learns_and_its_result_opens_in_plain_transformers(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path, method: str
) -> None:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    done = tune(train_here, tmp_path, spec_of(rows, bert, method))

    assert (done.outcome.metrics["test/accuracy"] or 0) > 0.9
    values = done.named("resolved")[-1].values
    counted = count_parameters(json.loads((bert / "config.json").read_text()), method)
    assert counted is not None
    assert values["trained_parameters"] == counted.trained
    assert values["parameters"] == counted.total
    network = AutoModelForSequenceClassification.from_pretrained(done.run.model)
    tokenizer = AutoTokenizer.from_pretrained(done.run.model)
    row = answers_of(done.run)[0]
    scores = network(**tokenizer(row["text"], return_tensors="pt")).logits[0]
    best = int(scores.argmax())
    assert network.config.id2label[best] == row["predicted"]
    assert float(scores.softmax(-1)[best].detach()) == pytest.approx(row["score"], abs=1e-5)


def test_test_rows_are_read_once_and_beside_plain_counts_of_words(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    done = tune(train_here, tmp_path, spec_of(rows, bert, probes=("the golden crown",)))

    told = [set(event.metrics) for event in done.named("evaluated")]
    assert [any(name.startswith("test/") for name in names) for names in told] == [False] * (
        len(told) - 1
    ) + [True]
    summary = RunSummary()
    summary.fold(done.events)
    assert summary.baselines["val/loss"].value == pytest.approx(np.log(2), abs=0.05)
    report = json.loads((done.run.path / "evaluation.json").read_text())
    assert report["labels"] == list(done.named("resolved")[0].values["labels"])
    assert report["test"]["rows"] == np.sum(report["test"]["matrix"]) == 24
    assert {each["name"] for each in report["baselines"]["test"]} == {"bag of words", "TF-IDF"}
    probes = done.named("probe")
    assert probes[0].step == 0
    assert probes[-1].step == done.outcome.step or probes[-1].step == done.named("steps")[-1].step[-1]
    assert probes[-1].answer[0][0] == "court"
    assert probes[-1].answer[0][1] > probes[0].answer[0][1]


def test_features_of_a_frozen_model_are_computed_once(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    first = tune(train_here, tmp_path, spec_of(rows, bert, "frozen", epochs=2))
    cached = sorted((tmp_path / "home" / "cache" / "features").rglob("values.npy"))
    written = [path.stat().st_mtime_ns for path in cached]
    second = tune(train_here, tmp_path, spec_of(rows, bert, "frozen", epochs=2))
    assert len(cached) == 2
    assert [path.stat().st_mtime_ns for path in cached] == written
    assert second.outcome.metrics == first.outcome.metrics


@pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks transformers for a name that will change
def test_added_pieces_open_with_peft(train_here: Train, tmp_path: Path, rows: Path, bert: Path) -> None:
    import torch
    from peft import PeftModel
    from safetensors.torch import load_file
    from transformers import AutoModel, AutoModelForSequenceClassification

    done = tune(train_here, tmp_path, spec_of(rows, bert, "lora", epochs=1))
    adapter = done.run.path / "adapter"
    pieces = load_file(adapter / "adapter_model.safetensors")
    assert sum(tensor.numel() for tensor in pieces.values()) == 2 * 2 * 8 * 2 * 48
    base = AutoModel.from_pretrained(bert, add_pooling_layer=False)
    ids = torch.tensor([[2, 20, 30, 40, 3]])
    with torch.no_grad():
        plain = base(ids)[0]
        steered = PeftModel.from_pretrained(base, adapter)(ids)[0]
        merged = AutoModelForSequenceClassification.from_pretrained(done.run.model)
        hidden = merged(ids, output_hidden_states=True).hidden_states[-2]
    assert not torch.allclose(plain, steered, atol=1e-3)
    assert torch.allclose(hidden, steered, atol=1e-5)

    export_language_model(done.run, "merged", tmp_path / "whole")
    whole = AutoModelForSequenceClassification.from_pretrained(tmp_path / "whole")
    with torch.no_grad():
        assert torch.equal(whole(ids).logits, merged(ids).logits)


def test_only_a_run_with_added_pieces_gives_them_away(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    done = tune(train_here, tmp_path, spec_of(rows, bert, "frozen", epochs=1))
    with pytest.raises(ModelError, match="has no added pieces") as caught:
        export_language_model(done.run, "adapter", tmp_path / "out")
    assert "write this one as huggingface" in caught.value.hint
    with pytest.raises(ModelError, match="is no run"):
        export_language_model(done.run.model, "adapter", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_that_is_cut_and_resumed_ends_with_the_same_numbers(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    from safetensors.numpy import load_file

    spec = spec_of(rows, bert, epochs=3, dropout=0.2, early_stopping=0)
    whole = tune(train_here, tmp_path, spec)
    cut = tune(train_here, tmp_path, spec, on_start=lambda reporter: _stop_at_step(reporter, 10))
    assert cut.outcome.reason == "stopped"
    request = {
        "checkpoint": newest_whole(cut.run.checkpoints),
        "resolved": cut.named("resolved")[-1].values,
    }
    after = train_here("", run=cut.run, request=request)
    assert after.outcome.metrics == whole.outcome.metrics
    found, wanted = (load_file(done.run.model / "model.safetensors") for done in (after, whole))
    assert all(np.array_equal(found[name], wanted[name]) for name in wanted)


def test_a_run_that_goes_on_longer_keeps_its_corrected_rows(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    with rows.open(encoding="utf-8", newline="") as file:
        texts = list(csv.DictReader(file))
    told = (
        Correction(key=3, row=5, fingerprint=fingerprint_of(texts[3]), label="kitchen", was="court"),
        Correction(key=8, row=10, fingerprint=fingerprint_of(texts[8]), leave_out=True),
    )
    spec = corrected_spec(spec_of(rows, bert, epochs=1, early_stopping=0), told, "Corrected")
    first = tune(train_here, tmp_path, spec)
    values = first.named("resolved")[-1].values
    assert "1" in values["corrections"]["sentence"]
    request = {
        "checkpoint": newest_whole(first.run.checkpoints),
        "resolved": values,
        "changes": {"length_factor": 2.0},
    }
    longer = train_here("", run=first.run, request=request)
    after = longer.named("resolved")[-1].values
    assert (after["epochs"], after["corrections"], after["parts"]) == (
        2,
        values["corrections"],
        values["parts"],
    )
    assert sum(after["parts"][part] for part in ("train", "val", "test")) == 159, "one row is left out"
    assert 8 not in {answer["key"] for answer in answers_of(first.run)}


def _stop_at_step(reporter: Reporter, step: int) -> None:
    told = reporter.step

    def tell(number: int, **values: float) -> None:
        told(number, **values)
        if number == step:
            reporter.control.stop(StopRequest())

    reporter.step = tell  # type: ignore[method-assign]


def test_without_pre_training_the_same_network_begins_with_random_numbers(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    done = tune(train_here, tmp_path, spec_of(rows, bert, start_weights="random", epochs=1))
    assert "random_start" in {event.key for event in done.named("notice")}
    assert done.named("resolved")[0].values["initial"]["is_random"] is True


def test_texts_that_are_cut_off_are_told_with_their_share(
    train_here: Train, tmp_path: Path, bert: Path
) -> None:
    rng = random.Random(1)
    texts = [
        [sentence(rng, topic) + (" castle oven" * 9 if n < 20 else ""), topic]
        for n, topic in enumerate(["court", "kitchen"] * 40)
    ]
    rows = write_rows(tmp_path / "long.csv", ["text", "topic"], texts)
    done = tune(train_here, tmp_path, spec_of(rows, bert, block_size=16, epochs=1))
    notice = next(event for event in done.named("notice") if event.key == "cut_texts")
    assert f"{done.named('resolved')[0].values['cut_rows']} of 56 texts" in notice.message
    assert "16 tokens" in notice.message


def test_a_start_that_read_another_language_is_told(
    train_here: Train, tmp_path: Path, bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ptft_gui.core.family.language_starts.starter_folder", lambda: bert)
    texts = [["今天的天气非常好我们去公园散步吧", "a"], ["这家饭店的菜很难吃我再也不会来了", "b"]] * 40
    texts = [[f"{text}{number}", label] for number, (text, label) in enumerate(texts)]
    rows = write_rows(tmp_path / "chinese.csv", ["text", "label"], texts)
    done = tune(train_here, tmp_path, spec_of(rows, "starter", epochs=1))
    notices = {event.key: event.message for event in done.named("notice")}
    assert notices["other_language"] == (
        "This model read English; your texts look Chinese. Expect a weak result."
    )
    assert "does not know" in notices["unknown_tokens"]


# --- other jobs ------------------------------------------------------------------------------------------------------


def test_pairs_are_compared(train_here: Train, tmp_path: Path, bert: Path) -> None:
    rng = random.Random(2)
    pairs = []
    for _ in range(200):
        first, second = rng.choices(list(WORDS), k=2)
        pairs.append([sentence(rng, first), sentence(rng, second), "ends" if second == "court" else "other"])
    rows = write_rows(tmp_path / "pairs.csv", ["sentence1", "sentence2", "label"], pairs)
    done = tune(train_here, tmp_path, spec_of(rows, bert, task="pair-classification", epochs=6))
    assert (done.outcome.metrics["test/accuracy"] or 0) > 0.8
    assert {"text", "text_pair", "label", "predicted", "score"} <= set(answers_of(done.run)[0])


def test_pairs_get_numbers(train_here: Train, tmp_path: Path, bert: Path) -> None:
    rng = random.Random(3)
    pairs = []
    for _ in range(200):
        first, second = rng.choices(list(WORDS), k=2)
        score = 4.5 if second == "court" else 1.5
        pairs.append([sentence(rng, first), sentence(rng, second), score + rng.random()])
    rows = write_rows(tmp_path / "alike.csv", ["sentence1", "sentence2", "score"], pairs)
    done = tune(train_here, tmp_path, spec_of(rows, bert, task="pair-similarity", epochs=6))
    assert (done.outcome.metrics["test/spearman"] or 0) > 0.5
    from transformers import AutoModelForSequenceClassification

    assert AutoModelForSequenceClassification.from_pretrained(done.run.model).config.num_labels == 1


def test_a_text_may_bear_several_labels(train_here: Train, tmp_path: Path, bert: Path) -> None:
    rng = random.Random(4)
    texts = []
    for _ in range(200):
        topics = rng.choice([["court"], ["kitchen"], ["court", "kitchen"]])
        texts.append([" ".join(sentence(rng, topic) for topic in topics), "; ".join(topics)])
    rows = write_rows(tmp_path / "several.csv", ["text", "label"], texts)
    spec = spec_of(rows, bert, task="multilabel", epochs=4)
    done = tune(train_here, tmp_path, spec)
    assert (done.outcome.metrics["test/micro_f1"] or 0) > 0.8


def test_a_gpt_sorts_texts_too(train_here: Train, tmp_path: Path, rows: Path) -> None:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from ptft_gui.inspection.finetuned.classes import judge_many
    from ptft_gui.inspection.tasks.opening import open_task_model

    start = save_tiny_gpt(tmp_path / "gpt", steps=1)
    done = tune(train_here, tmp_path, spec_of(rows, start, family="gpt", epochs=4))
    assert (done.outcome.metrics["test/accuracy"] or 0) > 0.8
    network = AutoModelForSequenceClassification.from_pretrained(done.run.model)
    tokenizer = AutoTokenizer.from_pretrained(done.run.model)
    rows_answered = answers_of(done.run)
    row = rows_answered[0]
    scores = network(**tokenizer(row["text"], return_tensors="pt")).logits[0].softmax(-1)
    assert float(scores.max().detach()) == pytest.approx(row["score"], abs=1e-5)
    again = list(judge_many(open_task_model(done.run), rows_answered))
    assert [each["score"] for each in again] == pytest.approx(
        [each["score"] for each in rows_answered], abs=1e-5
    )


# --- starts that will not do -----------------------------------------------------------------------------------------


def copy_of(bert: Path, target: Path) -> Path:
    return Path(shutil.copytree(bert, target))


def change_config(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_folder_of_pickles_is_refused_with_the_way_out(tmp_path: Path, rows: Path, bert: Path) -> None:
    folder = copy_of(bert, tmp_path / "old")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    problem = problems_of(spec_of(rows, folder))[0]
    assert "pytorch_model.bin" in problem.message
    assert "hidden programs" in problem.detail
    assert "save_pretrained" in problem.hint


def test_a_start_is_asked_for(rows: Path, bert: Path) -> None:
    spec = spec_of(rows, bert).model_copy(update={"init": None, "init_from": "scratch"})
    problem = problems_of(spec)[0]
    assert isinstance(problem, SpecError)
    assert "starter" in problem.hint


def test_weights_that_are_missing_or_misshapen_are_named(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    from safetensors.torch import load_file, save_file

    folder = copy_of(bert, tmp_path / "less")
    weights = load_file(folder / "model.safetensors")
    del weights["bert.encoder.layer.1.attention.self.query.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match="lacks weights") as caught:
        tune(train_here, tmp_path, spec_of(rows, folder))
    assert "layer.1.attention.self.query.weight" in caught.value.detail

    odd = copy_of(bert, tmp_path / "odd")
    weights = load_file(odd / "model.safetensors")
    name = "bert.encoder.layer.0.output.dense.weight"
    weights[name] = weights[name][:, :40].clone()
    save_file(weights, odd / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match="do not fit its configuration") as caught:
        tune(train_here, tmp_path, spec_of(rows, odd))
    assert "48 x 40" in caught.value.detail


def test_a_configuration_that_asks_for_too_much_is_refused(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    folder = copy_of(bert, tmp_path / "huge")
    change_config(folder, hidden_size=10**9)
    with pytest.raises(PtftError, match="damaged") as caught:
        tune(train_here, tmp_path, spec_of(rows, folder))
    assert "hidden_size" in caught.value.detail


def test_a_tokenizer_of_another_model_is_refused(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    from safetensors.torch import load_file, save_file

    folder = copy_of(bert, tmp_path / "mixed")
    weights = load_file(folder / "model.safetensors")
    for name in list(weights):
        if weights[name].ndim and weights[name].shape[0] == 320:
            weights[name] = weights[name][:64].clone()
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    change_config(folder, vocab_size=64)
    with pytest.raises(ModelError, match="does not belong to the model"):
        tune(train_here, tmp_path, spec_of(rows, folder))


def test_a_pooling_that_the_start_cannot_do_is_refused(
    train_here: Train, tmp_path: Path, rows: Path, bert: Path
) -> None:
    with pytest.raises(SpecError, match="A text becomes one point cannot be"):
        spec_of(rows, bert, pooling="last")
    spec = spec_of(rows, bert)
    edited = spec.model_copy(update={"options": {**spec.options, "pooling": "last"}})
    with pytest.raises(SpecError, match="cannot judge a text by the last token"):
        tune(train_here, tmp_path, edited)


def test_what_was_tuned_can_be_tuned_again(train_here: Train, tmp_path: Path, rows: Path, bert: Path) -> None:
    first = tune(train_here, tmp_path, spec_of(rows, bert, epochs=1))
    again = tune(train_here, tmp_path, spec_of(rows, first.run.model, "frozen"))
    values = again.named("resolved")[0].values
    assert values["parameters"] == first.named("resolved")[0].values["parameters"]
    assert "new_head" in {event.key for event in again.named("notice")}
    assert "new_head" not in {event.key for event in first.named("notice")}
    assert (again.outcome.metrics["test/accuracy"] or 0) > 0.9


def test_the_best_moment_is_that_of_the_held_out_score_and_of_the_loss_where_scores_are_alike(
    train_here: Train, tmp_path: Path, bert: Path
) -> None:
    rng = random.Random(7)
    doubtful = [
        [sentence(rng, topic), topic if rng.random() < 0.7 else rng.choice(list(WORDS))]
        for topic in rng.choices(list(WORDS), k=200)
    ]
    rows = write_rows(tmp_path / "doubtful.csv", ["text", "topic"], doubtful)
    done = tune(train_here, tmp_path, spec_of(rows, bert, "full", epochs=8, learning_rate=0.0002))

    values = done.named("resolved")[-1].values
    assert values["kept_by"] == "accuracy"
    looks = [event for event in done.named("evaluated") if event.step and "val/accuracy" in event.metrics]
    best = min(looks, key=lambda look: (-(look.metrics["val/accuracy"] or 0), look.metrics["val/loss"] or 0))
    assert len({look.metrics["val/accuracy"] for look in looks}) > 1
    assert done.outcome.step == best.step
    assert done.outcome.metrics["val/accuracy"] == best.metrics["val/accuracy"]
    card = (done.run.model / "README.md").read_text(encoding="utf-8")
    assert "by accuracy on held-out rows" in card


def test_the_score_of_a_moment_weighs_one_row_more_than_any_loss() -> None:
    from ptft_gui.engine.finetune.watch import distance_from_best

    def of(accuracy: float | None, loss: float | None) -> float | None:
        return distance_from_best({"val/accuracy": accuracy, "val/loss": loss}, "val/loss", "accuracy")

    ordered = [(1.0, 0.1), (0.9, 0.2), (0.9, 0.3), (0.9 - 1 / 5000, 0.001), (None, 0.0), (None, None)]
    found = [of(*each) or 0.0 for each in ordered]
    assert found == sorted(found)
    assert len(set(found)) == len(found)
    assert distance_from_best({"val/loss": 0.4}, "val/loss", None) == 0.4
