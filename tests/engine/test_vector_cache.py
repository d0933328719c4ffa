"""A large vector file is read once and then mapped; an edited one is read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ptft_gui.core.errors import ModelError
from ptft_gui.core.paths import cache_folder
from ptft_gui.engine.vector_files import cache as vector_cache
from ptft_gui.inspection.model import open_model


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vector_cache, "KEPT_FROM_BYTES", 10)
    path = tmp_path / "v.txt"
    path.write_text("king 1 2\nqueen 3 4\nking 5 6\n", encoding="utf-8")
    return path


def _kept() -> list[Path]:
    return sorted((cache_folder() / "vectors").iterdir())


def test_the_second_opening_reads_the_kept_folder(file: Path) -> None:
    first = open_model(file)
    assert len(_kept()) == 1
    told: list[str] = []
    again = open_model(file, lambda text, _fraction: told.append(text))
    assert isinstance(again.vectors.vectors, np.memmap)
    assert list(again.vectors.words) == list(first.vectors.words)
    np.testing.assert_array_equal(again.vectors.vectors, first.vectors.vectors)
    assert again.notices == first.notices != ()
    assert again.name == first.name == "v.txt"
    assert told == []


def test_an_edited_file_is_read_again(file: Path) -> None:
    open_model(file)
    file.write_text("king 1 2\nprince 3 4\n", encoding="utf-8")
    assert list(open_model(file).vectors.words) == ["king", "prince"]


def test_a_damaged_kept_folder_is_replaced(file: Path) -> None:
    open_model(file)
    (_kept()[0] / "vectors.safetensors").write_bytes(b"torn")
    assert list(open_model(file).vectors.words) == ["king", "queen"]
    assert isinstance(open_model(file).vectors.vectors, np.memmap)


def test_only_the_newest_few_are_kept(file: Path) -> None:
    for number in range(vector_cache.MOST_KEPT + 2):
        path = file.with_name(f"v{number}.txt")
        path.write_text(f"king {number} 2\nqueen 3 4\n", encoding="utf-8")
        open_model(path)
    assert len(_kept()) == vector_cache.MOST_KEPT


def test_a_refused_file_is_not_kept(file: Path) -> None:
    file.write_bytes(b"\x80\x04 a pickle that is long enough")
    with pytest.raises(ModelError, match="will not be opened"):
        open_model(file)
    assert not (cache_folder() / "vectors").exists()


def test_a_cache_that_cannot_be_written_costs_nothing(file: Path) -> None:
    cache_folder().parent.mkdir(parents=True)
    cache_folder().write_text("not a folder", encoding="utf-8")
    assert list(open_model(file).vectors.words) == ["king", "queen"]
