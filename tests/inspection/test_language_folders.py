"""Folders that are damaged, hostile or not what was asked for, told in one sentence and without harm."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.inspection.language.export import export_huggingface
from ptft_gui.inspection.language.folder import is_language_model, language_stamp, look_into
from ptft_gui.inspection.language.opening import open_language_model
from tests.inspection.language_models import save_tiny_bert, save_tiny_gpt

Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def gpt_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_gpt(tmp_path_factory.mktemp("gpt"), steps=1)


@pytest.fixture(scope="module")
def bert_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("bert"), steps=1)


@pytest.fixture
def folder(gpt_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(gpt_folder, tmp_path / "copy"))


def _config(**values: Any) -> Change:
    def change(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")
        (folder / "ptft.json").unlink(missing_ok=True)

    return change


def _as_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def _cut(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[: len(data) // 2])


def _index(name: str) -> Change:
    def change(folder: Path) -> None:
        (folder / "model.safetensors").unlink()
        index = {"weight_map": {"transformer.wte.weight": name}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")

    return change


def _write(name: str, text: str) -> Change:
    return lambda folder: (folder / name).write_text(text, "utf-8") and None  # type: ignore[return-value]


def _larger_vocabulary(folder: Path) -> None:
    path = folder / "tokenizer.json"
    record = json.loads(path.read_text("utf-8"))
    vocabulary = record["model"]["vocab"]
    vocabulary.update({f"extra{n}": len(vocabulary) + n for n in range(200)})
    path.write_text(json.dumps(record), "utf-8")


def _no_tokenizer(folder: Path) -> None:
    for path in folder.glob("token*"):
        path.unlink()


def _not_finite_head(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    save_file(
        {key: array for key, array in tensors.items() if "ln_f" not in key}, folder / "model.safetensors"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_as_pickle, "keeps its numbers in pytorch_model.bin"),
        (_cut, "model.safetensors is damaged"),
        (_write("config.json", "{"), "config.json is damaged"),
        (_write("config.json", "[1]"), "config.json is damaged"),
        (lambda folder: (folder / "config.json").unlink(), "not a whole model folder"),
        (lambda folder: (folder / "model.safetensors").unlink(), "holds no language model"),
        (_config(n_layer=10**9), "config.json is damaged"),
        (_config(n_embd=10**12), "config.json is damaged"),
        (_config(n_embd=4800), "model in .* cannot be opened"),
        (_config(n_positions=10_000), "weights of .* do not fit its configuration"),
        (_config(n_layer="many"), "config.json is damaged"),
        (_config(n_layer=3), "lacks parts"),
        (
            _config(model_type="own", auto_map={"AutoModelForCausalLM": "code.Model"}),
            "of the kind own, which",
        ),
        (_config(model_type=None), "config.json is damaged"),
        (_config(architectures=["GPT2ForSequenceClassification"]), "goes on with a text or fills a blank"),
        (_index("../other.safetensors"), "index.json is damaged"),
        (_index("part.safetensors"), "not a whole model folder"),
        (_larger_vocabulary, "does not belong to the model"),
        (_no_tokenizer, "tokenizer in .* cannot be opened"),
        (_write("tokenizer.json", "{}"), "tokenizer in .* cannot be opened"),
        (_not_finite_head, "lacks parts"),
    ],
)
def test_folders_that_are_refused(folder: Path, change: Change, words: str) -> None:
    change(folder)
    with pytest.raises(ModelError, match=words) as told:
        open_language_model(folder)
    assert told.value.hint or told.value.detail


def test_no_program_code_of_a_folder_is_run(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "was-run"
    (folder / "code.py").write_text(f"open({str(mark)!r}, 'w')\n", "utf-8")
    _config(model_type="own", auto_map={"AutoConfig": "code.Config", "AutoModelForCausalLM": "code.Model"})(
        folder
    )
    with pytest.raises(ModelError):
        open_language_model(folder)
    assert not mark.exists()


def test_both_kinds_are_known_without_our_own_file(gpt_folder: Path, bert_folder: Path, folder: Path) -> None:
    assert (look_into(gpt_folder).kind, look_into(bert_folder).kind) == ("causal", "masked")
    assert look_into(gpt_folder).name == "Tiny gpt"
    (folder / "ptft.json").unlink()
    assert (look_into(folder).kind, look_into(folder).name) == ("causal", "copy")


def test_word_vectors_are_no_language_model(gpt_folder: Path, model_folder: Path, tmp_path: Path) -> None:
    assert is_language_model(gpt_folder)
    assert not is_language_model(model_folder)
    assert not is_language_model(tmp_path / "nowhere")
    assert not is_language_model(tmp_path)


def test_the_stamp_changes_with_the_model(folder: Path) -> None:
    before = language_stamp(folder)
    assert before == language_stamp(folder)
    _config(n_inner=1)(folder)
    assert language_stamp(folder) != before
    assert language_stamp(folder / "nowhere") is None


def test_the_exported_folder_is_opened_by_plain_transformers(bert_folder: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForMaskedLM, AutoTokenizer

    (bert_folder / "training_args.bin").write_bytes(b"a pickle")
    done = export_huggingface(bert_folder, tmp_path / "deep" / "exported")
    assert done.paths == (tmp_path / "deep" / "exported",)
    assert not (done.paths[0] / "training_args.bin").exists()
    assert (done.paths[0] / "README.md").exists()
    assert done.sentence.startswith("Wrote exported")
    network = AutoModelForMaskedLM.from_pretrained(done.paths[0]).eval()
    read = AutoTokenizer.from_pretrained(done.paths[0])("the queen [MASK]", return_tensors="pt")
    ours = open_language_model(bert_folder)
    with torch.inference_mode():
        theirs = network(**read).logits
        assert torch.equal(theirs, ours.network(**read).logits)


def test_an_export_replaces_nothing_and_leaves_nothing_half(gpt_folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    with pytest.raises(StoppedByPerson):
        export_huggingface(gpt_folder, target, should_stop=lambda: True)
    assert list(tmp_path.glob("**/*target*")) == []
    target.mkdir()
    (target / "mine.txt").write_text("kept", "utf-8")
    with pytest.raises(ModelError, match="holds files already"):
        export_huggingface(gpt_folder, target)
    (target / "mine.txt").unlink()
    export_huggingface(gpt_folder, target)
    assert (target / "model.safetensors").stat().st_size == (gpt_folder / "model.safetensors").stat().st_size
    with pytest.raises(ModelError, match="inside the model itself"):
        export_huggingface(gpt_folder, gpt_folder / "inner")
