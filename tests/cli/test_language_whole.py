"""The whole way by command: from a text to a model, its answers, and a folder that plain transformers opens."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import SENTENCES, CommandLine, Finished

SETTINGS = ("max_steps=20", "block_size=64", "global_batch_size=8", "workers=1")


@pytest.mark.slow
@pytest.mark.parametrize("family", ["gpt", "bert"])
def test_a_model_of_ones_own_is_trained_asked_and_taken_elsewhere(
    ptft: CommandLine, here: Callable[..., Finished], tmp_path: Path, family: str
) -> None:
    text = tmp_path / "castle.txt"
    text.write_text("\n".join(SENTENCES * 3) + "\n", encoding="utf-8")
    asked = ("--family", family, "--dataset", str(text), "--preset", "tiny", "--name", "The castle")
    trained = ptft("train", *asked, "--set", *SETTINGS, "--json")
    assert trained.code == 0, trained.err
    told = json.loads(trained.out.splitlines()[-1])
    assert told["state"] == "finished"

    question = (
        ("--generate", "The king") if family == "gpt" else ("--fill", "The king rides the [MASK] horse.")
    )
    answer = here("ask", "castle", *question, "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)[question[0].removeprefix("--")]
    assert found.startswith("The king") if family == "gpt" else len(found) == 10

    target = tmp_path / "elsewhere"
    assert here("export", "castle", "--format", "huggingface", "--to", str(target)).code == 0
    measured = json.loads(here("ask", "castle", "--perplexity", SENTENCES[0], "--json").out)
    assert measured == json.loads(here("ask", str(target), "--perplexity", SENTENCES[0], "--json").out)
    _agrees_with_plain_transformers(target, family, measured["nats"])


def _agrees_with_plain_transformers(folder: Path, family: str, nats: float) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    read = tokenizer(SENTENCES[0], return_tensors="pt")
    if family == "gpt":
        network = AutoModelForCausalLM.from_pretrained(folder).eval()
        with torch.no_grad():
            loss = float(network(input_ids=read["input_ids"], labels=read["input_ids"]).loss)
        assert loss == pytest.approx(nats, abs=1e-4)
        return
    network = AutoModelForMaskedLM.from_pretrained(folder).eval()
    assert tokenizer.mask_token == "[MASK]"
    with torch.no_grad():
        shape = network(**read).logits.shape
    assert shape[1] == read["input_ids"].shape[1]
    assert 0 < nats < 2 * math.log(shape[2])
