"""A few well-known small models of the Hugging Face hub that can be gone on from, as cards.

Each keeps its numbers as safetensors. Sizes are exact only when the hub is asked; nothing is fetched unless a person
chooses it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelCard:
    """One model. ``id`` is its name on the hub, ``family`` what it is trained further as."""

    id: str
    family: str
    title: str
    sentence: str
    size_bytes: int
    licence: str
    language: str

    @property
    def reference(self) -> str:
        """How it is named on the command line."""
        return f"hub:{self.id}"


MODEL_GALLERY = (
    ModelCard(
        "google/bert_uncased_L-2_H-128_A-2",
        "bert",
        "BERT tiny",
        "Two small layers: learns a job in seconds on any computer, and knows a little English.",
        17_700_000,
        "Apache 2.0",
        "English",
    ),
    ModelCard(
        "sentence-transformers/all-MiniLM-L6-v2",
        "bert",
        "MiniLM, 6 layers",
        "Made to tell how alike two sentences are; a quick start for sorting texts.",
        90_900_000,
        "Apache 2.0",
        "English",
    ),
    ModelCard(
        "BAAI/bge-small-zh-v1.5",
        "bert",
        "BGE small, Chinese",
        "Four layers that have read Chinese, made to find alike texts.",
        95_800_000,
        "MIT",
        "Chinese",
    ),
    ModelCard(
        "google-bert/bert-base-uncased",
        "bert",
        "BERT base",
        "The classic with twelve layers, without capitals. Better with a GPU.",
        440_500_000,
        "Apache 2.0",
        "English",
    ),
    ModelCard(
        "google-bert/bert-base-cased",
        "bert",
        "BERT base, with capitals",
        "The classic that tells Apple from apple: for marking names.",
        435_800_000,
        "Apache 2.0",
        "English",
    ),
    ModelCard(
        "google-bert/bert-base-chinese",
        "bert",
        "BERT base, Chinese",
        "The classic for Chinese; every character is a token.",
        411_600_000,
        "Apache 2.0",
        "Chinese",
    ),
    ModelCard(
        "google-bert/bert-base-multilingual-cased",
        "bert",
        "BERT base, 104 languages",
        "One model that has read the Wikipedia in 104 languages.",
        714_300_000,
        "Apache 2.0",
        "many",
    ),
    ModelCard(
        "distilbert/distilgpt2",
        "gpt",
        "DistilGPT2",
        "Six layers that learned from GPT-2: writes English, at half its price.",
        352_800_000,
        "Apache 2.0",
        "English",
    ),
    ModelCard(
        "openai-community/gpt2",
        "gpt",
        "GPT-2",
        "The smallest GPT-2, twelve layers: writes English. Better with a GPU.",
        548_100_000,
        "MIT",
        "English",
    ),
)


def model_card(model_id: str) -> ModelCard | None:
    """The card of a model of the hub, large and small letters alike; None for one that is not in the gallery."""
    return next((card for card in MODEL_GALLERY if card.id.lower() == model_id.lower()), None)
