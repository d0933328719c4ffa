"""Going on pre-training: from a run, a folder, an encoder without a head; and starts that cannot be gone on with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from ptft_gui.core.errors import ModelError, PtftError, SpecError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.events import Finished
from ptft_gui.core.family.language_starts import STARTER, glance_at_language
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import RunSpec, new_spec, parse_settings, problems_of
from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.language.known import judge
from tests.engine.conftest import FinishedRun, Train, write_text

SMALL: dict[str, Any] = {
    "global_batch_size": 8, "precision": "float32", "learning_rate": 0.01, "dropout": 0.0, "workers": 1,
}  # fmt: skip
SHAPE: dict[str, Any] = {"layers": 1, "width": 32, "heads": 2, "block_size": 24}
KINDS: dict[str, dict[str, Any]] = {
    "gpt": {"tokenizer": "characters"},
    "bert": {"tokenizer": "wordpiece", "vocab_size": 120, "mlm_probability": 0.3},
}
Learn = Callable[..., FinishedRun]


@pytest.fixture
def learn(train_here: Train, tmp_path: Path) -> Learn:
    """``learn(family, text, init=..., **settings)``."""

    def train(family: str, text: Path, init: str | Path | None = None, **more: Any) -> FinishedRun:
        run = create_run(tmp_path / "runs", asked(family, text, init, **more))
        done = train_here("", run=run)
        ends = EventWriter(run.events_file)
        ends.write(Finished(step=done.outcome.step, metrics=done.outcome.metrics))  # as its worker would
        ends.close()
        return done

    return train


def asked(family: str, text: Path, init: str | Path | None = None, **more: Any) -> RunSpec:
    start: dict[str, Any] = {}
    if init is None:
        more = {**SHAPE, **KINDS[family], **more}
    else:
        start = {"init": str(init), "init_from": glance_at_language(init).init_from}
    return new_spec(family, str(text), preset="tiny", settings={**SMALL, **more}, **start)


@pytest.fixture
def first(learn: Learn, tmp_path: Path) -> Callable[[str], FinishedRun]:
    text = write_text(tmp_path / "first.txt", sentences=700)
    return lambda family: learn(family, text, max_steps=60)


def checks_of(done: FinishedRun) -> list[tuple[int, float]]:
    return [(event.step, event.metrics["val/loss"]) for event in done.named("evaluated")]


@pytest.mark.parametrize("family", ["gpt", "bert"])
def test_it_begins_where_the_start_ended_and_gets_better(
    first: Callable[[str], FinishedRun], learn: Learn, tmp_path: Path, family: str
) -> None:
    start = first(family)
    text = write_text(tmp_path / "second.txt", sentences=700, seed=5)
    assert not problems_of(asked(family, text, start.run.path))
    done = learn(family, text, start.run.path, max_steps=40)
    (step, before), *_, (_, after) = checks_of(done)
    assert step == 0
    assert before == pytest.approx(checks_of(start)[-1][1], abs=0.15)  # it knows what the start has learned
    assert before < checks_of(start)[0][1] - (0.8 if family == "gpt" else 0.08)
    assert after < before + 0.15
    values = done.named("resolved")[0].values
    assert values["initial"]["name"] == start.run.title()
    assert values["width"] == 32
    assert done.named("resolved")[0].reasons["tokenizer"].startswith("As ")
    same = (start.run.path / "tokenizer" / "tokenizer.json").read_text()
    assert json.loads((done.run.model / "tokenizer.json").read_text())["model"] == json.loads(same)["model"]
    card = (done.run.model / "README.md").read_text()
    assert f"went on from {start.run.title()}" in card
    facts = json.loads((done.run.model / "ptft.json").read_text())
    assert facts["before"]["val/loss"] == pytest.approx(before)


def test_a_run_that_went_on_resumes_without_its_start(
    first: Callable[[str], FinishedRun], learn: Learn, train_here: Train, tmp_path: Path
) -> None:
    start = first("gpt")
    text = write_text(tmp_path / "second.txt", sentences=700, seed=5)
    done = learn("gpt", text, start.run.path, max_steps=20)
    shutil.rmtree(start.run.path)
    request = {
        "checkpoint": newest_whole(done.run.checkpoints),
        "resolved": done.named("resolved")[0].values,
        "changes": {"length_factor": 2.0},
    }
    more = train_here("", run=done.run, request=request)
    assert more.outcome.step == 40
    request["checkpoint"] = None
    with pytest.raises(PtftError, match="can no longer be read"):
        train_here("", run=done.run, request=request)


def test_an_encoder_without_a_head_gets_a_new_one_and_says_so(
    first: Callable[[str], FinishedRun], learn: Learn, tmp_path: Path
) -> None:
    from transformers import AutoTokenizer, BertModel

    start, folder = first("bert"), tmp_path / "encoder"
    BertModel.from_pretrained(start.run.model).save_pretrained(folder)
    AutoTokenizer.from_pretrained(start.run.model).save_pretrained(folder)
    assert not glance_at_language(folder).has_head
    done = learn("bert", write_text(tmp_path / "more.txt", sentences=300), folder, max_steps=3)
    notes = [event.message for event in done.named("notice") if event.key == "start"]
    assert any("gets a new one" in note for note in notes)
    baseline = done.named("baseline")[0].value
    assert (
        baseline - 0.3 < checks_of(done)[0][1] < baseline + 0.9
    )  # it knows how frequent tokens are, no more
    old = load_file(folder / "model.safetensors")["encoder.layer.0.output.dense.weight"]
    new = load_file(done.run.model / "model.safetensors")["bert.encoder.layer.0.output.dense.weight"]
    assert abs(old - new).max() < 0.2  # it stands on what the encoder knows


def test_a_folder_that_lacks_or_misshapes_weights_is_refused(
    first: Callable[[str], FinishedRun], learn: Learn, tmp_path: Path
) -> None:
    start, text = first("gpt"), write_text(tmp_path / "more.txt", sentences=300)
    for name, change, told in (
        ("lacking", lambda w: w.pop("transformer.h.0.mlp.c_fc.weight"), "It lacks transformer.h.0.mlp.c_fc.weight"),
        ("misshapen", lambda w: w.update({"transformer.wpe.weight": w["transformer.wpe.weight"][:8].clone()}),
         "transformer.wpe.weight: of another shape"),
        ("spoilt", lambda w: w["transformer.wte.weight"].fill_(float("nan")), "not all of its numbers are finite"),
    ):  # fmt: skip
        folder = tmp_path / name
        shutil.copytree(start.run.model, folder)
        weights = load_file(folder / "model.safetensors")
        change(weights)
        save_file(weights, folder / "model.safetensors", {"format": "pt"})
        with pytest.raises(ModelError) as caught:
            learn("gpt", text, folder, max_steps=2)
        assert told in caught.value.detail


def test_pickles_and_foreign_code_are_not_opened(first: Callable[[str], FinishedRun], tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(first("gpt").run.model, folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="is not opened here") as caught:
        judge(glance_at_language(folder))
    assert "run program code" in caught.value.detail
    assert "safetensors" in caught.value.hint


def test_a_tokenizer_of_another_model_is_refused(
    first: Callable[[str], FinishedRun], learn: Learn, tmp_path: Path
) -> None:
    start, text = first("gpt"), write_text(tmp_path / "more.txt", sentences=300)
    folder = tmp_path / "mixed"
    shutil.copytree(start.run.model, folder)
    other = write_text(tmp_path / "other.txt", sentences=300)
    other.write_text(other.read_text() + "ÄÖÜ äöü ß éè 0123456789\n" * 40)
    shutil.copyfile(learn("gpt", other, max_steps=1).run.model / "tokenizer.json", folder / "tokenizer.json")
    with pytest.raises(ModelError, match="does not belong to its model"):
        learn("gpt", text, folder, max_steps=2)


def test_the_tokenizer_of_a_run_that_was_exchanged_is_noticed(
    first: Callable[[str], FinishedRun], train_here: Train
) -> None:
    done = first("gpt")
    resolved = done.named("resolved")[0].values
    path = done.run.path / "tokenizer" / "tokenizer.json"
    path.write_text(path.read_text().replace('"s"', '"§"', 1))
    with pytest.raises(PtftError, match="no longer the one"):
        train_here(
            "", run=done.run, request={"checkpoint": newest_whole(done.run.checkpoints), "resolved": resolved}
        )


@pytest.mark.parametrize("is_path_in_tokenizer", [True, False])
def test_a_tokenizer_is_taken_from_another_run(
    first: Callable[[str], FinishedRun], learn: Learn, tmp_path: Path, is_path_in_tokenizer: bool
) -> None:
    start = first("bert")
    key = "tokenizer" if is_path_in_tokenizer else "tokenizer_from"
    settings = parse_settings("bert", [f"{key}={start.run.path}"])
    assert settings == {"tokenizer_from": str(start.run.path)}
    text = write_text(tmp_path / "more.txt", sentences=300, seed=3)
    run = create_run(
        tmp_path / "runs",
        new_spec("bert", str(text), preset="tiny", settings={**SMALL, **SHAPE, **settings, "max_steps": 2}),
    )
    done = _train(run)
    assert done.named("resolved")[0].reasons["vocab_size"] == f"As {start.run.title()} has it."
    assert (done.run.path / "tokenizer" / "tokenizer.json").read_bytes()
    mine = json.loads((done.run.model / "tokenizer.json").read_text())["model"]["vocab"]
    assert mine == json.loads((start.run.model / "tokenizer.json").read_text())["model"]["vocab"]


def _train(run: RunDir) -> FinishedRun:
    from ptft_gui.engine.registry import TrainingRequest, trainer_of
    from ptft_gui.engine.reporter import Reporter

    writer = EventWriter(run.events_file)
    try:
        outcome = trainer_of(run.read_spec().family)(TrainingRequest(run), Reporter(writer))
    finally:
        writer.close()
    return FinishedRun(run, outcome)


def make_folder(path: Path, **config: Any) -> Path:
    path.mkdir()
    (path / "config.json").write_text(json.dumps(config))
    return path


BERT_CONFIG = {
    "model_type": "bert", "max_position_embeddings": 64, "num_hidden_layers": 2, "hidden_size": 32,
    "num_attention_heads": 2, "vocab_size": 100,
}  # fmt: skip


def start_spec(family: str, init: Path | str, **settings: Any) -> RunSpec:
    return new_spec(family, "text.txt", settings=settings, init_from="folder", init=str(init))


@pytest.mark.parametrize(
    ("family", "settings", "told"),
    [
        ("bert", {"block_size": 65}, "Blocks of 65 tokens are longer than model can read."),
        ("bert", {"block_size": 64}, ""),
        ("bert", {"layers": 3}, "model brings its own layers, so layers cannot be chosen."),
        ("bert", {"layers": 2}, ""),
        ("bert", {"model_size": "base"}, "model brings its own size, so model_size cannot be chosen."),
        ("bert", {"tokenizer_from": "/x"}, "model brings its own tokenizer, so tokenizer_from cannot be chosen."),
        ("gpt", {}, "model is a BERT model, so GPT cannot go on from it."),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_start_is_told_before_the_run(
    tmp_path: Path, family: str, settings: dict[str, Any], told: str
) -> None:
    folder = make_folder(tmp_path / "model", **BERT_CONFIG)
    problems = problems_of(start_spec(family, folder, **settings))
    assert [problem.message for problem in problems] == ([told] if told else [])


def test_a_tokenizer_that_cannot_be_taken_is_told_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place, told in (
        ("nowhere", "There is no run or model folder named nowhere."),
        ("empty", "empty holds no"),
    ):
        spec = new_spec("gpt", "text.txt", settings={"tokenizer_from": str(tmp_path / place)})
        (problem,) = problems_of(spec)
        assert problem.message == f"No tokenizer can be taken from {place}."
        assert problem.detail.startswith(told)
        assert problem.key == "tokenizer_from"
        assert problem.remedies[0].argument == {"tokenizer_from": None}


def test_starts_that_are_none_are_told(tmp_path: Path) -> None:
    for folder, told in (
        (make_folder(tmp_path / "llama", model_type="llama"), "llama is a model of the kind llama"),
        (make_folder(tmp_path / "vectors", family="word2vec"), "vectors holds no language model"),
        (tmp_path / "gone", "no run or model folder named gone"),
    ):
        problems = problems_of(start_spec("bert", folder))
        assert [told in problem.message for problem in problems] == [True]
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "config.json").write_text('{"model_type": "be')
    with pytest.raises(SpecError, match="cannot be used"):
        glance_at_language(tmp_path / "torn")
    unused = new_spec("gpt", "text.txt", init=str(tmp_path))
    assert "begin from nothing" in problems_of(unused)[0].message


def test_the_starter_is_told_where_its_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ptft_gui.core.family.language_starts.starter_folder", lambda: None)
    problems = problems_of(start_spec("bert", STARTER))
    assert "is not installed" in problems[0].message
    assert "pip install" in problems[0].hint


def test_a_vocabulary_with_a_word_written_twice_is_gone_on_with(learn: Learn, tmp_path: Path) -> None:
    """As in folders of other programs: the second of the two lines has a number that no token has."""
    from transformers import BertConfig, BertForMaskedLM
    from transformers.utils import logging

    logging.disable_progress_bar()  # its watcher would outlive the test
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "the", "king", "queen", "a", "##s"]
    folder = tmp_path / "foreign"
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=32,
    )  # fmt: skip
    BertForMaskedLM(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}))
    text = tmp_path / "kings.txt"
    text.write_text("the king sees a queen\nthe queens see the king\n\n" * 200)
    done = learn("bert", text, folder, max_steps=2, block_size=16)
    assert done.outcome.step == 2
