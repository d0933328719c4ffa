"""What is learned of replies is compared with the vocabulary, and nothing else; the loss is that of the usual way."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from ptft_gui.engine.finetune.examples import collate
from ptft_gui.engine.finetune.heads import LanguageHead
from ptft_gui.engine.finetune.network import TaskNetwork
from ptft_gui.engine.finetune.replying import Replying
from ptft_gui.engine.finetune.task import TaskBatch
from tests.inspection.language_models import save_tiny_gpt


@pytest.fixture
def case(tmp_path: Path) -> tuple[Replying, TaskNetwork, TaskBatch]:
    folder = save_tiny_gpt(tmp_path / "tiny", steps=1)
    task = Replying({"block_size": 32}, AutoTokenizer.from_pretrained(str(folder)))
    backbone = AutoModel.from_pretrained(str(folder)).eval()
    rows = [{"prompt": "the queen", "reply": "wears the crown"}, {"prompt": "a song", "reply": "at night"}]
    batch = collate(task, task.encode(rows), 0)
    return task, TaskNetwork(backbone, LanguageHead(backbone.get_input_embeddings().weight)), batch


def test_loss_and_slopes_are_those_of_the_whole_way(case: tuple[Replying, TaskNetwork, TaskBatch]) -> None:
    task, network, batch = case
    whole = task.loss_sum(network(batch.inputs, batch.mask, batch.segments), batch)
    whole.backward()
    known = {
        name: weight.grad.clone() for name, weight in network.named_parameters() if weight.grad is not None
    }
    network.zero_grad()

    found = task.learning_loss(network, batch)
    found.backward()

    torch.testing.assert_close(found, whole)
    for name, weight in network.named_parameters():
        if name in known:
            torch.testing.assert_close(weight.grad, known[name], rtol=1e-4, atol=1e-5)


def test_features_that_were_computed_before_give_the_same_loss(
    case: tuple[Replying, TaskNetwork, TaskBatch],
) -> None:
    task, network, batch = case
    features = network.features(batch.inputs, batch.mask, batch.segments).detach()
    kept = TaskBatch(features, batch.mask, None, batch.targets, batch.weight)

    torch.testing.assert_close(task.learning_loss(network, kept), task.learning_loss(network, batch))
