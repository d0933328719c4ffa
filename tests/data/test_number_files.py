"""Numbers of rows on disk: they come back as they were added, and nothing is left behind."""

from __future__ import annotations

import resource
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.data.examples import equal_hashes, number_files
from ptft_gui.data.examples.number_files import NumberFile
from ptft_gui.data.examples.row_groups import SharedTexts, numbered

_BATCHES = st.lists(st.lists(st.integers(-1, 2), max_size=6), max_size=8)


@given(_BATCHES)
def test_numbers_come_back_as_they_were_added(batches: list[list[int]]) -> None:
    file = NumberFile(np.int32)
    for batch in batches:
        file.add(np.array(batch, np.int32))
    expected = [number for batch in batches for number in batch]
    assert file[:].tolist() == expected
    assert len(file) == len(expected)
    assert file[1:3].tolist() == expected[1:3]
    chosen = np.arange(len(expected)) % 2 == 0
    assert file[chosen].tolist() == expected[::2]


def test_a_named_file_is_opened_again_and_one_that_was_cut_is_not(tmp_path: Path) -> None:
    file = NumberFile(np.uint16, tmp_path, "label")
    file.add(np.array([3, 3], np.uint16))
    assert not list(tmp_path.iterdir())
    file.add(np.array([4], np.uint16))
    assert NumberFile.reopen(tmp_path, "label", file.facts())[:].tolist() == [3, 3, 4]
    (tmp_path / "label").write_bytes(b"123")
    with pytest.raises(ValueError, match="label is not whole"):
        NumberFile.reopen(tmp_path, "label", file.facts())


def test_a_file_without_a_name_leaves_nothing_behind(tmp_path: Path) -> None:
    file = NumberFile(np.uint64, tmp_path)
    file.add(np.arange(10, dtype=np.uint64))
    assert not list(tmp_path.iterdir())
    assert file[7:].tolist() == [7, 8, 9]


def test_a_full_disk_is_an_os_error(tmp_path: Path) -> None:
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    file = NumberFile(np.uint64, tmp_path)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        with pytest.raises(OSError, match="too large"):
            file.add(np.arange(1000, dtype=np.uint64))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@given(
    texts=st.lists(st.integers(0, 12), max_size=60),
    others=st.lists(st.integers(6, 20), min_size=60, max_size=60),
    chosen=st.lists(st.booleans(), min_size=60, max_size=60),
    targets=st.lists(st.integers(0, 1), min_size=60, max_size=60),
)
def test_rows_that_share_a_text_are_found_piece_by_piece(
    texts: list[int], others: list[int], chosen: list[bool], targets: list[int]
) -> None:
    """Against the plain way, with shares and pieces of a few rows."""
    size = len(texts)
    rows = np.array(chosen[:size], np.bool_)
    goal = np.array(targets[:size], np.uint64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(equal_hashes, "SHARE_ROWS", 7)
        patch.setattr(number_files, "PIECE_ROWS", 5)
        patch.setattr("ptft_gui.data.examples.row_groups.PIECE_ROWS", 5)
        columns = [NumberFile(np.uint64), NumberFile(np.uint64)]
        for column, values in zip(columns, (texts, others[:size]), strict=True):
            column.add(_hashes(values))
        (groups,) = numbered(columns[:1], ["copies"], None)
        both = numbered(columns, ["one", "two"], None)
        shared = SharedTexts(groups)
        copies, unlike = shared.copies_among(rows), shared.disagreeing(lambda piece: goal[piece], rows)
        alike, count = shared.sharing(rows), shared.count(rows)
        numbers, pair = groups[:].tolist(), [each[:].tolist() for each in both]

    assert numbers == _numbered(texts)
    assert pair[0] + pair[1] == _numbered(texts + others[:size])
    own = [text if is_chosen else None for text, is_chosen in zip(texts, chosen, strict=False)]
    assert copies.tolist() == [text is not None and text in own[:at] for at, text in enumerate(own)]
    assert alike.tolist() == [text in own for text in texts]
    assert count == len({text for text in own if text is not None and texts.count(text) > 1})
    said = {text: {targets[at] for at, each in enumerate(own) if each == text} for text in texts}
    assert unlike.tolist() == [text is not None and len(said[text]) > 1 for text in own]


def _hashes(values: list[int]) -> np.ndarray:  # type: ignore[type-arg]
    return np.array(values, np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def _numbered(values: list[int]) -> list[int]:
    again = [value for value in dict.fromkeys(values) if values.count(value) > 1]
    return [again.index(value) + 1 if value in again else 0 for value in values]
