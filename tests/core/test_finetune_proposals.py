"""What is proposed for a fine-tuning where nothing was chosen."""

from __future__ import annotations

import pytest

from ptft_gui.core.family.methods import METHODS
from ptft_gui.core.finetune_proposals import ExampleFacts, StartFacts, propose_tuning

STARTER = StartFacts(longest=256, width=384, pooling="mean", pooling_reason="Usual.")


def proposed(
    method: str = "full", rows: int = 6920, length: int = 40, preset: str = "quick", **start: object
) -> dict:
    known = StartFacts(**{**vars(STARTER), **start})  # type: ignore[arg-type]
    found = propose_tuning(preset, "classification", method, ExampleFacts(rows, length), known)
    return {key: proposal.value for key, proposal in found.items()}


def test_what_is_known_moves_slower_than_what_is_new() -> None:
    rates = {method.key: proposed(method.key)["learning_rate"] for method in METHODS}
    assert rates["full"] < rates["top-layers"] < rates["lora"]
    assert rates["lora"] == pytest.approx(10 * rates["full"])
    assert rates["frozen"] > rates["full"]
    assert proposed(width=1024)["learning_rate"] < rates["full"]
    assert proposed(is_random=True)["learning_rate"] > rates["full"]


def test_few_rows_are_gone_through_more_often_in_smaller_batches() -> None:
    many, few = proposed(), proposed(rows=200)
    assert (many["epochs"], many["global_batch_size"]) == (2, 32)
    assert few["epochs"] > many["epochs"]
    assert few["global_batch_size"] < many["global_batch_size"]
    assert proposed(rows=4)["epochs"] == 30
    assert proposed("frozen", rows=200)["epochs"] == 100
    assert proposed("frozen")["early_stopping"] > many["early_stopping"]


@pytest.mark.parametrize(
    ("common", "longest", "wanted"), [(41, 256, 48), (3, 256, 16), (900, 256, 256), (100, 64, 64)]
)
def test_the_length_holds_nearly_all_texts_and_what_the_start_reads(
    common: int, longest: int, wanted: int
) -> None:
    assert proposed(length=common, longest=longest)["block_size"] == wanted
