"""Which plain texts are worth asking the readers of tables about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ptft_gui.core.paths import cache_folder
from ptft_gui.data.corpus import prepare_corpus
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.table_marks import could_be_table

HEADLINES = "".join(f"The headline number {n} of the day\t{n % 3}\n" for n in range(60))


@pytest.mark.parametrize(
    ("sample", "is_worth_it"),
    [
        (HEADLINES, True),
        ("__label__pos a film to remember\n" * 20, True),
        ("EU B-ORG\nrejects O\n\nGerman B-MISC\ncall O\n\n" * 10, True),
        ('[\n{"text": "one"},\n{"text": "two"}\n]', True),
        ("It was late.\nNobody came, so we left.\nThe light went out.\n" * 20, False),
        ("one line only", False),
        ("", False),
    ],
)
def test_marks_of_a_table(sample: str, is_worth_it: bool) -> None:
    assert could_be_table(sample) is is_worth_it


def test_labels_of_a_table_named_txt_are_not_learned_as_words(tmp_path: Path) -> None:
    path = tmp_path / "train.txt"
    path.write_text(HEADLINES, encoding="utf-8")
    corpus = prepare_corpus(CorpusRequest(str(path), val_fraction=0), cache_folder())
    assert next(corpus.train_sentences()) == "the headline number 0 of the day".split()
    assert corpus.facts["tokens"] == 7 * 60


def test_a_text_cut_at_spaces_only_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "train.txt"
    path.write_text(HEADLINES, encoding="utf-8")
    request = CorpusRequest(str(path), preparation="none", val_fraction=0)
    corpus = prepare_corpus(request, cache_folder())
    assert next(corpus.train_sentences()) == "The headline number 0 of the day 0".split()


def test_prose_is_read_without_the_libraries_of_tables(tmp_path: Path) -> None:
    path = tmp_path / "letters.txt"
    path.write_text("It was late.\nNobody came, so we left.\nThe light went out.\n" * 20, encoding="utf-8")
    code = (
        "import sys; from ptft_gui.data.preview import inspect_text; "
        f"inspect_text({str(path)!r}); print([m for m in ('polars', 'pandas', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
