"""Plain gensim opens every export, and nothing half-written stands under the chosen name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors

from ptft_gui.core.errors import ModelError, PtftError, StoppedByPerson
from ptft_gui.inspection.export import FORMATS, export
from ptft_gui.inspection.model import OpenedModel, open_model


def _opened(path: Path, format_key: str) -> KeyedVectors:
    if format_key == "keyedvectors":
        return KeyedVectors.load(str(path))
    return KeyedVectors.load_word2vec_format(
        str(path), binary=format_key == "word2vec-binary", no_header=format_key == "glove-text"
    )


# gensim leaves a file without a header open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("format_key", ["word2vec-text", "word2vec-binary", "glove-text", "keyedvectors"])
def test_gensim_opens_the_export(model: OpenedModel, tmp_path: Path, format_key: str) -> None:
    done = export(model, format_key, tmp_path / "out" / "vectors.x")
    native = _opened(tmp_path / "out" / "vectors.x", format_key)
    assert native.index_to_key == list(model.vectors.words)
    np.testing.assert_array_equal(native.vectors, model.vectors.vectors)
    assert native.most_similar("king")[0][0]
    assert done.paths[0] == tmp_path / "out" / "vectors.x"
    assert done.bytes == sum(path.stat().st_size for path in (tmp_path / "out").iterdir())


def test_keyed_vectors_keep_the_counts(model: OpenedModel, tmp_path: Path) -> None:
    export(model, "keyedvectors", tmp_path / "v.kv")
    native = KeyedVectors.load(str(tmp_path / "v.kv"))
    assert native.get_vecattr("king", "count") == int(model.vectors.counts[model.vectors.index["king"]])


@pytest.mark.parametrize("format_key", ["word2vec-text", "word2vec-binary", "glove-text", "projector"])
def test_we_open_what_we_wrote(model: OpenedModel, tmp_path: Path, format_key: str) -> None:
    done = export(model, format_key, tmp_path / "out")
    again = open_model(done.paths[0])
    assert list(again.vectors.words) == list(model.vectors.words)
    np.testing.assert_array_equal(again.vectors.vectors, model.vectors.vectors)


def test_white_space_in_words_is_replaced_and_said(model: OpenedModel, tmp_path: Path) -> None:
    words = list(model.vectors.words)
    words[3], words[4], words[5] = "new york", "new\tyork", "new__york"
    odd = OpenedModel(model.source, replace(model.vectors, words=words))
    done = export(odd, "word2vec-text", tmp_path / "v.txt")
    native = _opened(tmp_path / "v.txt", "word2vec-text")
    # "new_york" is a word of its own already
    assert native.index_to_key[3:6] == ["new_york_", "new_york__", "new__york"]
    assert len(set(native.index_to_key)) == len(words)
    assert done.replaced == 2
    assert "2 words" in done.sentence


def test_every_format_is_told_to_people() -> None:
    assert [format_.key for format_ in FORMATS] == [
        "word2vec-text",
        "word2vec-binary",
        "glove-text",
        "keyedvectors",
        "projector",
    ]
    assert all(format_.sentence.endswith(".") for format_ in FORMATS)


def test_a_format_that_word_vectors_have_not_is_refused(model: OpenedModel, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be written as onnx"):
        export(model, "onnx", tmp_path / "x")
    with pytest.raises(PtftError) as caught:
        export(model, "word2vec-txt", tmp_path / "x")
    assert "word2vec-text" in caught.value.hint


def test_a_stopped_export_leaves_nothing_and_spares_what_was_there(
    model: OpenedModel, tmp_path: Path
) -> None:
    target = tmp_path / "v.txt"
    target.write_text("before", encoding="utf-8")
    with pytest.raises(StoppedByPerson):
        export(model, "word2vec-text", target, should_stop=lambda: True)
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_place_that_cannot_be_written_is_named(model: OpenedModel, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be written"):
        export(model, "word2vec-text", tmp_path / "file" / "v.txt")
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "file")
    with pytest.raises(ModelError, match="not an ordinary file"):
        export(model, "word2vec-text", link)
