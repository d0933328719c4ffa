"""Models of the hub as starts, with the real libraries against a small hub on loopback that misbehaves on order."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ptft_gui.core.errors import DataError, ModelError, PtftError, SpecError, StoppedByPerson
from ptft_gui.core.family.language_starts import glance_at_language
from ptft_gui.core.hub.models import HubModel, find_model, list_models, models_folder, remove_model
from ptft_gui.core.hub.names import parse_hub_model
from ptft_gui.core.preferences import Preferences, keep_preferences
from ptft_gui.data.hub import fetching
from ptft_gui.data.hub.models import model_info
from ptft_gui.engine.hub_start import fetch_start
from tests.data.hub_models import BERT_ID, bert_files, bert_repository, told_of
from tests.data.hub_server import LoopbackHub, Repository, loopback_hub

WEIGHTS = "model.safetensors"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, home_of_its_own: Path) -> Iterator[LoopbackHub]:
    from huggingface_hub import close_session

    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(fetching, "WAIT_S", 0.0)
    with loopback_hub() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
        server.models[BERT_ID] = bert_repository()
        yield server
        close_session()


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_size_licence_language_and_kind_are_told_before_anything_is_fetched(
    hub: LoopbackHub, home_of_its_own: Path
) -> None:
    info = model_info(f"hub:{BERT_ID}")
    assert (info.licence, info.languages, info.family, info.numbers) == (
        "apache-2.0",
        ("en",),
        "bert",
        80_000,
    )
    assert info.reference == f"hub:{BERT_ID}@{hub.sha('main')}"
    assert info.size_bytes == sum(map(len, bert_files().values()))
    assert not info.is_here
    assert all(path.startswith("/api/models/") for path in hub.paths())
    assert not (home_of_its_own / "models").exists()


def test_what_is_needed_is_fetched_and_is_a_start_that_needs_no_network(
    hub: LoopbackHub, home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []
    model = fetch_start(f"hub:{BERT_ID}", lambda _text, fraction: seen.append(fraction or 0.0))
    assert _files(model.folder) == {*bert_files(), "hub.json"}
    assert not any(path.endswith((".py", ".bin", ".md")) for path in hub.paths())
    assert seen == sorted(seen[:-1]) + seen[-1:]
    assert max(seen) == 1.0
    assert list_models(home_of_its_own) == [model]
    begun = len(hub.asked)
    keep_preferences(Preferences(network=False))
    start = glance_at_language(model.reference)
    assert (start.kind, start.family, start.init_from, start.init) == ("hub", "bert", "hub", model.reference)
    assert (start.layers, start.width, start.positions, start.languages) == (2, 64, 64, ("en",))
    assert fetch_start(model.reference) == model
    assert glance_at_language(f"hub:{BERT_ID}") == start
    assert len(hub.asked) == begun


def test_a_connection_that_breaks_is_taken_up_again(hub: LoopbackHub) -> None:
    hub.cut_after[WEIGHTS] = [10_000, 20_000]
    model = fetch_start(BERT_ID)
    assert (model.folder / WEIGHTS).read_bytes() == bert_files()[WEIGHTS]
    ranges = [asked.headers.get("range") for asked in hub.asked if asked.path.endswith(WEIGHTS)]
    assert ranges == [None, "bytes=10000-", "bytes=30000-"]


def test_a_stopped_download_goes_on_from_where_it_was(hub: LoopbackHub, home_of_its_own: Path) -> None:
    hub.pause[WEIGHTS] = threading.Event()
    is_stopped = False

    def progress(text: str, fraction: float | None) -> None:
        nonlocal is_stopped
        if fraction and fraction > 0.4:
            is_stopped = True
            hub.pause[WEIGHTS].set()

    with pytest.raises(StoppedByPerson):
        fetch_start(BERT_ID, progress, lambda: is_stopped)
    assert list_models(home_of_its_own) == []
    del hub.pause[WEIGHTS]
    begun = len(hub.asked)
    assert fetch_start(BERT_ID).size_bytes == sum(map(len, bert_files().values()))
    (again,) = (asked for asked in hub.asked[begun:] if asked.path.endswith(WEIGHTS))
    assert again.headers["range"].startswith("bytes=")
    assert not list(models_folder(home_of_its_own).glob(".download-*"))


def test_a_broken_line_for_good_is_told_and_kept(hub: LoopbackHub, home_of_its_own: Path) -> None:
    hub.cut_after[WEIGHTS] = [10_000] + [0] * 20
    with pytest.raises(DataError) as told:
        fetch_start(BERT_ID)
    assert told.value.message == "There is no network."
    assert told.value.hint.startswith("Use the starter model")
    hub.cut_after.clear()
    fetch_start(BERT_ID)
    assert hub.asked[-1].headers["range"] == "bytes=10000-"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("hub:people/nothing", 'There is no model "people/nothing" on the hub.'),
        (f"hub:{BERT_ID}@v9", f'"{BERT_ID}" has no state named v9.'),
        ("hub:../up", '"../up" is not the name of a model on the hub.'),
        (f"hub:{BERT_ID}@../x", '"../x" is not the name of a revision.'),
        ("hub:", "The name of a model on the hub is missing."),
    ],
)
def test_what_is_not_there_is_named(hub: LoopbackHub, wanted: str, said: str) -> None:
    with pytest.raises(DataError) as told:
        fetch_start(wanted)
    assert told.value.message == said


def test_a_gated_model_says_where_its_terms_stand(hub: LoopbackHub) -> None:
    hub.models[BERT_ID].is_gated = True
    hub.models[BERT_ID].told["gated"] = "auto"
    (notice,) = model_info(BERT_ID).notices
    assert f"at {hub.endpoint}/{BERT_ID};" in notice
    with pytest.raises(DataError) as told:
        fetch_start(BERT_ID)
    assert told.value.message == f'"{BERT_ID}" is only given to people who agreed to its terms.'


def test_a_token_that_is_not_accepted_is_told_without_it(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.token = "hf_right"
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(DataError) as told:
        fetch_start(BERT_ID)
    assert told.value.message == "The hub does not accept the token in HF_TOKEN."
    assert "wrong" not in told.value.as_sentence()


def test_a_wrong_checksum_is_thrown_away(hub: LoopbackHub, home_of_its_own: Path) -> None:
    hub.models[BERT_ID].wrong_sha256 = True
    with pytest.raises(DataError, match=r"config\.json arrived damaged"):
        fetch_start(BERT_ID)
    assert list_models(home_of_its_own) == []
    hub.models[BERT_ID].wrong_sha256 = False
    assert fetch_start(BERT_ID).id == BERT_ID


def test_pickles_are_refused_with_the_reason_and_the_way_out(hub: LoopbackHub) -> None:
    hub.models[BERT_ID] = bert_repository(left_out=[WEIGHTS])
    with pytest.raises(DataError) as told:
        model_info(BERT_ID)
    assert (
        told.value.message == f'"{BERT_ID}" keeps its numbers in pytorch_model.bin, which is not opened here.'
    )
    assert "can run hidden programs" in told.value.detail
    assert f"hub:{BERT_ID}@refs/pr/1" in told.value.hint
    converted = bert_repository().branches["main"]
    hub.models[BERT_ID].branches["refs/pr/1"] = converted
    assert fetch_start(f"hub:{BERT_ID}@refs/pr/1").revision == hub.sha("refs/pr/1")


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (["config.json"], "is not a whole model. There is no config.json in it."),
        (["tokenizer.json", "vocab.txt"], "is not a whole model. There is no tokenizer in it."),
        ([WEIGHTS], "keeps its numbers in pytorch_model.bin"),
    ],
)
def test_what_a_repository_lacks_is_told_before_anything_is_fetched(
    hub: LoopbackHub, left_out: list[str], said: str
) -> None:
    hub.models[BERT_ID] = bert_repository(left_out)
    with pytest.raises(DataError) as told:
        fetch_start(BERT_ID)
    assert said in told.value.as_sentence()
    assert all(path.startswith("/api/") for path in hub.paths())


def test_another_kind_of_model_is_told_before_anything_is_fetched(hub: LoopbackHub) -> None:
    hub.models[BERT_ID].told = told_of("t5")
    with pytest.raises(SpecError, match="a model of the kind t5, which cannot be trained further here"):
        model_info(BERT_ID)


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "bert", "vocab_size": 10**15, "hidden_size": 64, "num_hidden_layers": 2},
        {"model_type": "bert", "vocab_size": 90, "hidden_size": 10**9, "num_hidden_layers": 10**9},
        {"model_type": "gpt2", "vocab_size": 90, "n_embd": 64, "n_layer": 10**30},
        {"model_type": "t5"},
        {"no": "kind"},
        [1, 2],
    ],
)
def test_an_absurd_configuration_ends_the_download_before_the_weights(
    hub: LoopbackHub, home_of_its_own: Path, config: object
) -> None:
    hub.models[BERT_ID] = bert_repository(**{"config.json": json.dumps(config).encode()})
    with pytest.raises(PtftError) as told:
        fetch_start(BERT_ID)
    assert BERT_ID in told.value.message
    assert ".download" not in told.value.as_sentence()
    assert not any(path.endswith(WEIGHTS) for path in hub.paths())
    assert list_models(home_of_its_own) == []


def test_weights_that_are_none_are_judged_before_they_get_a_name(
    hub: LoopbackHub, home_of_its_own: Path
) -> None:
    hub.models[BERT_ID] = bert_repository(**{WEIGHTS: b"\x00" * 400_000})
    with pytest.raises(ModelError, match="damaged"):
        fetch_start(BERT_ID)
    assert list_models(home_of_its_own) == []
    assert not list(models_folder(home_of_its_own).glob(".download-*/"))


def test_paths_that_lead_out_of_the_folder_are_never_asked_for(
    hub: LoopbackHub, home_of_its_own: Path
) -> None:
    hub.models[BERT_ID] = bert_repository(**{"../config.json": b"{}", "/tmp/vocab.txt": b"x"})
    fetch_start(BERT_ID)
    assert not any(".." in path or "/tmp" in path for path in hub.paths())
    assert not (models_folder(home_of_its_own) / "config.json").exists()


def test_a_model_in_several_files_is_fetched_whole(hub: LoopbackHub) -> None:
    from safetensors.numpy import load, save

    weights = load(bert_files()[WEIGHTS])
    names = sorted(weights)
    halves = [names[: len(names) // 2], names[len(names) // 2 :]]
    shards = {
        f"model-{number:05}-of-00002.safetensors": save(
            {name: weights[name] for name in half}, {"format": "pt"}
        )
        for number, half in enumerate(halves, 1)
    }
    index = {name: shard for shard, half in zip(shards, halves, strict=True) for name in half}
    more = {**shards, "model.safetensors.index.json": json.dumps({"weight_map": index}).encode()}
    hub.models[BERT_ID] = bert_repository([WEIGHTS], **more)
    assert set(more) < _files(fetch_start(BERT_ID).folder)


def test_there_is_no_room(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1 << 20))
    with pytest.raises(DataError) as told:
        fetch_start(BERT_ID)
    assert told.value.message == f'There is no room for "{BERT_ID}".'
    assert told.value.hint.endswith("choose a smaller model.")
    assert not any("resolve" in path for path in hub.paths())


def test_the_network_switched_off_is_heeded(hub: LoopbackHub) -> None:
    keep_preferences(Preferences(network=False))
    for ask in (model_info, fetch_start):
        with pytest.raises(PtftError, match="switched off in Preferences"):
            ask(f"hub:{BERT_ID}")
    assert hub.asked == []


def test_a_start_that_is_not_here_says_how_to_fetch_it(home_of_its_own: Path) -> None:
    with pytest.raises(SpecError) as told:
        glance_at_language(f"hub:{BERT_ID}@{'a' * 40}")
    assert told.value.message == '"bert-mini" is not on this computer.'
    assert f"ptft-gui data download --model hub:{BERT_ID}@aaaa" in told.value.hint


def test_each_state_is_kept_for_itself_and_can_be_deleted(hub: LoopbackHub, home_of_its_own: Path) -> None:
    first = fetch_start(BERT_ID)
    hub.models[BERT_ID].branches["v2"] = dict(hub.models[BERT_ID].branches["main"])
    second = fetch_start(f"{BERT_ID}@v2")
    assert first.revision != second.revision
    assert find_model(home_of_its_own, parse_hub_model(first.reference)) == first
    remove_model(home_of_its_own, parse_hub_model(second.reference))
    assert list_models(home_of_its_own) == [first]
    with pytest.raises(DataError, match="is not on this computer"):
        remove_model(home_of_its_own, parse_hub_model(second.reference))


def test_a_folder_that_does_not_say_what_it_is_is_no_model(home_of_its_own: Path) -> None:
    for number, text in enumerate(['{"id": "a"}', "[]", "{", '{"id": "a/b", "revision": "c", "other": 1}']):
        folder = models_folder(home_of_its_own) / f"m{number}"
        folder.mkdir(parents=True)
        (folder / "hub.json").write_text(text, encoding="utf-8")
    assert list_models(home_of_its_own) == [HubModel("a/b", "c", models_folder(home_of_its_own) / "m3")]


def test_the_gallery_names_models_that_can_be_gone_on_from() -> None:
    from ptft_gui.core.hub.model_gallery import MODEL_GALLERY, model_card

    assert {card.family for card in MODEL_GALLERY} == {"bert", "gpt"}
    assert len({card.id for card in MODEL_GALLERY}) == len(MODEL_GALLERY)
    for card in MODEL_GALLERY:
        assert parse_hub_model(card.reference).id == card.id
        assert card.sentence.endswith(".")
        assert "!" not in card.sentence
        assert model_card(card.id.upper()) is card


def test_what_the_hub_says_is_not_believed_blindly(hub: LoopbackHub) -> None:
    hub.models[BERT_ID].told["sha"] = "../../up"
    with pytest.raises(DataError, match="does not answer as a hub does"):
        model_info(BERT_ID)
    hub.models["people/empty"] = Repository({"main": {}}, told=told_of("bert"))
    with pytest.raises(DataError, match="holds no weights"):
        model_info("people/empty")


@pytest.mark.parametrize(
    ("languages", "code", "read"),
    [
        (("en",), "zh", False),
        (("en",), "en", True),
        (("zh-hans", "en"), "zh", True),
        ((), "en", None),
        (("multilingual",), "de", None),
        (("en",), "", None),
    ],
)
def test_which_language_a_start_has_read_is_known_from_its_page(
    hub: LoopbackHub, languages: tuple[str, ...], code: str, read: bool | None
) -> None:
    hub.models[BERT_ID].card["language"] = list(languages)
    assert glance_at_language(fetch_start(BERT_ID).reference).has_read(code) is read
