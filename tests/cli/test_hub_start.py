"""``--init hub:OWNER/NAME`` as a person runs it: what a model is comes first, the run is exact, and later offline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli import conftest
from tests.cli.conftest import CommandLine
from tests.data.hub_models import BERT_ID, bert_repository
from tests.data.hub_server import loopback_hub

FAST = ("--preset", "tiny", "--set", "max_steps=2", "device=cpu")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_begins_from_a_model_of_the_network_and_its_settings_run_again_offline(
    ptft: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(conftest, "_PATIENCE_S", 400.0)  # two whole runs on a machine that may be busy
    sort = ("train", "--family", "bert", "--task", "classification", "--dataset", "opinions-en", *FAST)
    with loopback_hub() as hub:
        hub.models[BERT_ID] = bert_repository()
        reference = f"hub:{BERT_ID}@{hub.sha('main')}"
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        told = ptft("data", "info", "--model", f"hub:{BERT_ID}")
        assert told.out.startswith(f"{BERT_ID}: to download: 33"), told.err
        assert "licence: apache-2.0; language: en; BERT with 80.0 k parameters." in told.out
        assert not any("/resolve/" in path for path in hub.paths())
        first = ptft(*sort, "--init", f"hub:{BERT_ID}", "--json")
        assert first.code == 0, first.err
        assert f"Fetching it as {reference}" in first.err
        assert first.err.index("licence: apache-2.0") < first.err.index("Fetching it as")
    run = Path(json.loads(first.out.splitlines()[-1])["run"])
    spec = json.loads((run / "spec.json").read_text(encoding="utf-8"))
    assert (spec["init_from"], spec["init"]) == ("hub", reference)
    copied = tmp_path / "again.json"
    copied.write_text((run / "spec.json").read_text(encoding="utf-8"), encoding="utf-8")
    again = ptft("train", str(copied), "--json")  # the hub is gone
    assert again.code == 0, again.err
    scores = [json.loads(done.out.splitlines()[-1])["metrics"] for done in (first, again)]
    assert scores[0]["val/loss"] == pytest.approx(scores[1]["val/loss"], rel=1e-3)


def test_what_keeps_a_model_of_the_network_away_is_one_sentence(
    ptft: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    asked = ("train", "--family", "bert", "--dataset", "little-kingdom", "--init")
    with loopback_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        hub.models[BERT_ID] = bert_repository(left_out=["model.safetensors"])
        pickled = ptft(*asked, f"hub:{BERT_ID}")
        missing = ptft(*asked, "hub:people/nothing")
    offline = ptft(*asked, f"hub:{BERT_ID}")
    for done, said in (
        (pickled, "keeps its numbers in pytorch_model.bin, which is not opened here."),
        (missing, 'There is no model "people/nothing" on the hub.'),
        (offline, 'There is no network. "bert-mini" is not on this computer.'),
    ):
        assert (done.code, done.out) == (2, "")
        assert said in done.err
        assert len(done.err.splitlines()) == 1


def test_models_are_listed_and_deleted(ptft: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with loopback_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        hub.models[BERT_ID] = bert_repository()
        fetched = ptft("data", "download", "--model", f"hub:{BERT_ID}", "--json")
    assert fetched.code == 0, fetched.err
    model = json.loads(fetched.out)
    assert Path(model["folder"], "model.safetensors").is_file()
    listed = json.loads(ptft("data", "models", "--json").out)
    assert [each["reference"] for each in listed["here"]] == [model["reference"]]
    assert all(each["reference"].startswith("hub:") for each in listed["gallery"])
    assert ptft("data", "remove", "--model", model["reference"]).out.startswith(f"Deleted {BERT_ID}: 33")
    assert json.loads(ptft("data", "models", "--json").out)["here"] == []
    assert not Path(model["folder"]).exists()
