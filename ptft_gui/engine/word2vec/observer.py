"""The fixed predictions that a Word2Vec run is measured on."""

from __future__ import annotations

import numpy as np

from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.engine.text import TrainingText
from ptft_gui.engine.vocabulary import no_neighbours
from ptft_gui.engine.word2vec.loss import SENTENCES, LossProbe, draw_probe
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec


def draw_probes(model: BatchFedWord2Vec, text: TrainingText, seed: int) -> dict[str, LossProbe]:
    """Fixed predictions of the training text and of the held-out text, if any. Raises DataError when there are none."""
    probes = {}
    for metric, held_out in ((TRAIN_LOSS, False), (VAL_LOSS, True)):
        rng = np.random.default_rng([seed, int(held_out)])
        probe = draw_probe(model, text.sample(held_out, SENTENCES, rng), rng)
        if probe is not None:
            probes[metric] = probe
    if TRAIN_LOSS not in probes:
        raise no_neighbours()
    return probes
