"""A few well-known datasets of the Hugging Face hub, as cards; sizes and rows are exact only when the hub is asked.

Nothing of this is fetched unless a person chooses it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GalleryCard:
    """One dataset. ``id`` is its name on the hub, ``config`` the part of it that is meant."""

    id: str
    config: str
    title: str
    sentence: str
    task: str
    rows: int
    size_bytes: int
    licence: str
    language: str

    @property
    def reference(self) -> str:
        """How it is named on the command line and in a run."""
        return f"hub:{self.id}" + (f":{self.config}" if self.config else "")


GALLERY = (
    GalleryCard(
        "stanfordnlp/imdb",
        "plain_text",
        "IMDb reviews",
        "Long film reviews, for or against; the classic test of sorting opinions.",
        "classification",
        50_000,
        41_500_000,
        "other; research use",
        "English",
    ),
    GalleryCard(
        "fancyzhx/ag_news",
        "default",
        "AG News",
        "Short news texts in four topics: world, sports, business, science and technology.",
        "classification",
        127_600,
        19_800_000,
        "unknown; non-commercial",
        "English",
    ),
    GalleryCard(
        "dair-ai/emotion",
        "split",
        "Emotion",
        "Short messages with one of six emotions.",
        "classification",
        20_000,
        1_300_000,
        "other; research and teaching",
        "English",
    ),
    GalleryCard(
        "lansinuote/ChnSentiCorp",
        "default",
        "ChnSentiCorp",
        "Chinese reviews of hotels, books and computers, for or against.",
        "classification",
        12_000,
        2_700_000,
        "not stated",
        "Chinese",
    ),
    GalleryCard(
        "nyu-mll/glue",
        "mrpc",
        "MRPC",
        "Pairs of news sentences: do both say the same?",
        "pair-classification",
        5_801,
        1_000_000,
        "other; Microsoft research",
        "English",
    ),
    GalleryCard(
        "sentence-transformers/stsb",
        "default",
        "STS benchmark",
        "Pairs of sentences with a number for how alike they are.",
        "pair-similarity",
        8_628,
        800_000,
        "not stated",
        "English",
    ),
    GalleryCard(
        "leondz/wnut_17",
        "wnut_17",
        "WNUT 17",
        "Messages from the web with the names of people, places, groups and products marked.",
        "tagging",
        5_690,
        700_000,
        "CC BY 4.0",
        "English",
    ),
    GalleryCard(
        "rajpurkar/squad",
        "plain_text",
        "SQuAD",
        "Questions about Wikipedia paragraphs; the answer stands in the paragraph.",
        "question-answering",
        98_169,
        16_300_000,
        "CC BY-SA 4.0",
        "English",
    ),
    GalleryCard(
        "hfl/cmrc2018",
        "default",
        "CMRC 2018",
        "Questions about paragraphs of the Chinese Wikipedia; the answer stands in the paragraph.",
        "question-answering",
        14_363,
        9_300_000,
        "CC BY-SA 4.0",
        "Chinese",
    ),
    GalleryCard(
        "databricks/databricks-dolly-15k",
        "default",
        "Dolly",
        "Instructions and the replies that people wrote to them.",
        "reply",
        15_011,
        7_500_000,
        "CC BY-SA 3.0",
        "English",
    ),
    GalleryCard(
        "Salesforce/wikitext",
        "wikitext-2-raw-v1",
        "WikiText-2",
        "Good articles of Wikipedia as plain text, two million words: to learn language from nothing.",
        "plain-text",
        44_836,
        7_700_000,
        "CC BY-SA 3.0, GFDL",
        "English",
    ),
)


def gallery_card(dataset_id: str) -> GalleryCard | None:
    """The card of a dataset of the hub, large and small letters alike; None for one that is not in the gallery."""
    return next((card for card in GALLERY if card.id.lower() == dataset_id.lower()), None)
