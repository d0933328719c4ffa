"""The side file of corrections: what was written last counts, what is torn is passed over, what is odd is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ptft_gui.core.corrections import (
    CORRECTIONS_FILE,
    MOST_CORRECTIONS,
    Correction,
    add_correction,
    counted_words,
    effective_corrections,
    fingerprint_of,
    given_label,
    read_corrections,
)
from ptft_gui.core.errors import DataError
from ptft_gui.core.label_count import SHARES, label_specs
from ptft_gui.core.race import ALL_LANES, race_specs
from ptft_gui.core.run_corrections import corrected_spec, request_to_repeat
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec, read_spec

PRINT = "0123456789abcdef"


@pytest.fixture
def side(tmp_path: Path) -> Path:
    return tmp_path / "corrections.jsonl"


def correction(key: int, label: str | list[str] | None = "a", **more: object) -> Correction:
    return Correction(key=key, row=key + 2, fingerprint=PRINT, label=label, **more)  # type: ignore[arg-type]


def test_the_latest_line_of_a_row_counts(side: Path) -> None:
    assert read_corrections(side) == {}
    add_correction(side, correction(3, "a"))
    add_correction(side, correction(4, None, leave_out=True))
    add_correction(side, correction(3, "b"))
    found = read_corrections(side)
    assert found[3].label == "b"
    assert found[4].leave_out
    assert set(found) == {3, 4}


def test_a_correction_can_be_taken_back(side: Path) -> None:
    add_correction(side, correction(3))
    add_correction(side, correction(3), is_undone=True)
    assert read_corrections(side) == {}


def test_what_a_run_learned_from_can_be_taken_back_in_its_side_file(side: Path) -> None:
    given = (correction(1), correction(2, ["x", "y"]))
    assert effective_corrections(given, side) == {1: given[0], 2: given[1]}
    add_correction(side, given[0], is_undone=True)
    add_correction(side, correction(5))
    assert set(effective_corrections(given, side)) == {2, 5}


def test_a_torn_line_is_passed_over_and_a_damaged_one_named(side: Path) -> None:
    add_correction(side, correction(3))
    with open(side, "a", encoding="utf-8") as out:
        out.write('{"key": 4, "ro')
    assert set(read_corrections(side)) == {3}
    add_correction(side, correction(6))
    with pytest.raises(DataError, match=r"The corrections in corrections.jsonl cannot be read."):
        read_corrections(side)


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "3",
        '{"key": -1, "fingerprint": "0123456789"}',
        '{"key": 1}',
        '{"key": 1, "fingerprint": 7}',
        "[" * 9999,
    ],
)
def test_lines_that_are_no_corrections_are_named(side: Path, line: str) -> None:
    side.write_text(f"{line}\n\n", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read") as found:
        read_corrections(side)
    assert "Line 1 is no correction" in found.value.detail


def test_a_file_of_far_too_many_is_refused(side: Path) -> None:
    record = {"key": 0, "fingerprint": PRINT, "leave_out": True}
    lines = (json.dumps({**record, "key": key}) for key in range(MOST_CORRECTIONS + 1))
    side.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        read_corrections(side)


def test_a_fingerprint_is_of_what_is_read_and_not_of_what_is_answered() -> None:
    row = {"text": "good", "text_pair": None, "label": "a", "key": 3}
    assert fingerprint_of(row) == fingerprint_of({"text": "good", "predicted": "b"})
    assert fingerprint_of(row) != fingerprint_of({"text": "bad"})
    assert fingerprint_of({"tokens": ["a b"]}) != fingerprint_of({"tokens": ["a", "b"]})
    assert fingerprint_of({"text": "a\ud800"})  # half a sign is no reason to fail


def test_only_a_corrected_row_tells_what_it_was() -> None:
    assert given_label({"label": "a", "label_given": "a"}) == {}
    assert given_label({"label": "a", "label_given": "b"}) == {"label_given": "b"}
    assert given_label({"labels": ["a"], "labels_given": ["a", "b"]}) == {"label_given": ["a", "b"]}
    assert given_label({"score": 1.0}) == {}


def test_corrections_in_words() -> None:
    assert counted_words([]) == ""
    assert counted_words([correction(1)]) == "1 corrected label"
    both = [correction(1), correction(2), correction(3, None, leave_out=True)]
    assert counted_words(both) == "2 corrected labels and 1 row left out"


def test_a_run_that_is_repeated_learns_from_what_was_corrected_before_and_since(tmp_path: Path) -> None:
    plain = new_spec(
        "bert", "reviews.csv", stage="finetune", task="classification", method="full", init_from="folder",
        init="starter", name="Reviews",
    )  # fmt: skip
    asked = corrected_spec(plain, (correction(1, "b"), correction(2, None, leave_out=True)), "Reviews")
    run = create_run(tmp_path, asked)
    assert request_to_repeat(run) == asked
    add_correction(run.path / CORRECTIONS_FILE, correction(9, "c"))
    add_correction(run.path / CORRECTIONS_FILE, correction(2, None, leave_out=True), is_undone=True)
    run.rename("Reviews, read again")
    again = request_to_repeat(run)
    assert [(each.key, each.label) for each in again.data.corrections] == [(1, "b"), (9, "c")]
    assert (again.name, again.options) == ("Reviews, read again", asked.options)
    more = [*race_specs(again, ALL_LANES), *label_specs(again, SHARES)]
    assert all(each.data.corrections == again.data.corrections for each in more)
    (tmp_path / "spec.json").write_text(again.to_json(), encoding="utf-8")
    assert read_spec(tmp_path / "spec.json") == again
