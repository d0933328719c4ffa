"""Questions to language models through the companion."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ptft_gui.core.companion_protocol import CANCEL, Request, encode_request
from tests.inspection.language_models import SENTENCES, save_tiny_bert, save_tiny_gpt
from tests.worker.companion_process import PATIENCE_S, Companion


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_gpt(tmp_path_factory.mktemp("gpt")))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_bert(tmp_path_factory.mktemp("bert")))


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    started = Companion(tmp_path / "companion.log")
    assert started.replies.get(timeout=PATIENCE_S).kind == "ready"
    yield started
    assert started.strange_lines == []
    started.close()


def test_every_language_kind_is_answered(companion: Companion, gpt: str, bert: str, tmp_path: Path) -> None:
    told = companion.result("generate", model=gpt, prompt="the queen wears", temperature=0)
    assert (told["text"], told["ended"]) == (SENTENCES[1], "end of text")
    assert len(companion.result("next_tokens", model=gpt, text="the", topn=4)["tokens"]) == 4
    filled = companion.result("fill", model=bert, text=SENTENCES[1].replace("castle", "[MASK]"))
    assert filled["text"] == SENTENCES[1]
    assert filled["places"] == [[SENTENCES[1].index("castle"), SENTENCES[1].index("castle") + len("[MASK]")]]
    chosen = companion.result("token_choices", model=gpt, text=SENTENCES[1], start=10, topn=3)["tokens"]
    assert (chosen[-1][1], len(chosen[-1][4])) == (len(SENTENCES[1]), 3)
    cut = companion.result("text_pieces", model=bert, text="the queens")["pieces"]
    assert [(piece[0], piece[4]) for piece in cut[1:4]] == [
        ("the", "text"),
        ("queen", "text"),
        ("##s", "goes on"),
    ]
    assert [companion.result("model_kind", model=path)["kind"] for path in (gpt, bert)] == [
        "causal",
        "masked",
    ]
    measured = companion.result("perplexity", model=gpt, text=SENTENCES[0])
    assert measured["tokens"][0][1] is None
    assert measured["perplexity"] > 1
    near = companion.result("token_neighbours", model=bert, word="queen", topn=2)
    assert (near["token"], len(near["neighbours"])) == ("queen", 2)
    same = companion.result(
        "word_in_context", model=bert, word="old", first=SENTENCES[1], second=SENTENCES[2]
    )
    assert -1 <= same["similarity"] <= 1
    info = companion.result("language_info", model=bert)
    assert (info["kind"], info["mask"], info["facts"]["family"]) == ("masked", "[MASK]", "bert")
    done = companion.result("export", model=gpt, format="huggingface", path=str(tmp_path / "out"))
    assert done["paths"] == [str(tmp_path / "out")]
    reply = companion.last_reply(companion.ask("seen_in_training", model=gpt, text="the queen"))
    assert "does not say which text" in reply.problem().message


def _without_an_end(gpt: str, folder: Path) -> str:
    """The same model with a tokenizer that knows no end of a text, so that only the length ends an answer."""
    shutil.copytree(gpt, folder)
    path = folder / "tokenizer_config.json"
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(record | {"eos_token": None, "bos_token": None}), "utf-8")
    return str(folder)


def test_progress_carries_the_text_so_far_and_the_newest_wins(
    companion: Companion, gpt: str, tmp_path: Path
) -> None:
    model = _without_an_end(gpt, tmp_path / "endless")
    endless = {"model": model, "prompt": "the", "length": 5000, "temperature": 10, "top_k": 0, "top_p": 1}
    first = companion.ask("generate", **endless)
    while True:
        reply = companion.replies.get(timeout=PATIENCE_S)
        assert (reply.id, reply.kind) == (first, "progress")
        if reply.value["fraction"] is not None:
            assert reply.value["text"].startswith("the")
            break
    second = companion.ask("generate", **endless, seed=2)
    assert companion.last_reply(first).kind == "superseded"
    companion.write(encode_request(Request(second, CANCEL)))
    assert companion.last_reply(second).kind == "cancelled"


def test_a_model_that_changed_is_opened_anew(companion: Companion, gpt: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    companion.result("export", model=gpt, format="huggingface", path=str(folder))
    assert companion.result("language_info", model=str(folder))["name"] == "Tiny gpt"
    (folder / "ptft.json").unlink()
    assert companion.result("language_info", model=str(folder))["name"] == "model"
    (folder / "config.json").write_text("{", encoding="utf-8")
    reply = companion.last_reply(companion.ask("next_tokens", model=str(folder), text="the"))
    assert "config.json is damaged" in reply.problem().message
