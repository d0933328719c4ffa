"""Of repeated lines one is kept, in bounded memory, and the count is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.documents import Passage
from ptft_gui.data.preparation import KeepOne, choose_preparation
from ptft_gui.data.preparation.copies import SeenHashes, copies_sentence, percent, repeated_in
from ptft_gui.data.request import CorpusRequest

SIGNATURE = "This message is meant for the person named above only."


def kept(*passages: Passage) -> list[str]:
    keep_one = KeepOne()
    return [keep_one.passage(passage).text for passage in passages]


def test_a_long_line_is_kept_once_and_a_short_one_always() -> None:
    text = f"Hello Anna.\n{SIGNATURE}\nHello Anna.\n  {SIGNATURE}\n"
    assert kept(Passage(text)) == [f"Hello Anna.\n{SIGNATURE}\nHello Anna.\n\n"]


def test_a_whole_document_is_kept_once() -> None:
    poem = "床前明月光\n疑是地上霜"
    copy, other = Passage(poem, ends_document=True), Passage(poem + "\n举头望明月", ends_document=True)
    assert kept(copy, copy, other) == [poem, "", poem + "\n举头望明月"]


def test_parts_of_an_endless_line_are_not_compared() -> None:
    part = Passage("the same words again and again ", is_open=True)
    assert kept(part, part, Passage(part.text)) == [part.text] * 3


@given(st.lists(st.integers(0, 30)), st.integers(1, 5))
def test_what_was_seen_is_known_however_the_memory_is_organised(numbers: list[int], recent: int) -> None:
    seen = SeenHashes(recent=recent)
    assert [seen.is_new(number) for number in numbers] == [
        number not in numbers[:place] for place, number in enumerate(numbers)
    ]


def test_memory_has_an_end() -> None:
    seen = SeenHashes(most=10, recent=3)
    assert all(map(seen.is_new, range(10)))
    assert [seen.is_new(number) for number in (3, 50, 50)] == [False, True, True]


def letters(count: int, copies: int) -> str:
    """Different letters to different people; a signature under the first ``copies`` of them."""
    lines = []
    for number in range(count):
        lines.append(f"Dear number {number}, the ship of day {number * 7} has come to harbour {number % 90}.")
        lines += [SIGNATURE] if number < copies else []
    return "\n".join(lines) + "\n"


def prepare(tmp_path: Path, text: str, **switches: str) -> PreparedCorpus:
    path = tmp_path / "letters.txt"
    path.write_text(text, encoding="utf-8")
    return prepare_corpus(CorpusRequest(str(path), switches=switches), tmp_path / "cache")


def test_repeated_lines_are_left_out_by_themselves_above_a_twentieth_of_the_text(tmp_path: Path) -> None:
    facts = prepare(tmp_path, letters(200, 150)).facts
    told = facts["preparation"]["switches"]["copies"]
    assert told["value"] == "drop"
    assert told["reason"] == "Repeated lines: 40 % of the beginning of the text."
    decision = next(found for found in facts["decisions"] if found["finding"] == "copies")
    assert decision["count"] == 149
    assert decision["sentence"].startswith("149 repeated lines were left out (40 % of the text)")
    assert decision["sentence"] in facts["notices"]
    assert facts["sentences"] == 201


def test_few_repeated_lines_are_kept(tmp_path: Path) -> None:
    corpus = prepare(tmp_path, letters(200, 10))
    assert corpus.facts["preparation"]["record"]["copies"] == "keep"
    assert corpus.facts["sentences"] == 210


def test_what_a_person_chose_about_copies_wins(tmp_path: Path) -> None:
    assert prepare(tmp_path, letters(200, 150), copies="keep").facts["sentences"] == 350
    assert prepare(tmp_path, letters(200, 10), copies="drop").facts["sentences"] == 201


def test_a_text_of_few_lines_again_and_again_is_kept() -> None:
    told = choose_preparation("auto", {}, "The cat sat on the mat all day.\n" * 1000).switches["copies"]
    assert told.value == "keep"
    assert "little would be left" in told.reason


def test_a_text_that_repeats_itself_on_purpose_is_kept() -> None:
    told = choose_preparation("auto", {}, letters(200, 150), keeps_copies=True).switches["copies"]
    assert told.value == "keep"


def test_the_share_is_told_as_people_read_it() -> None:
    assert [percent(share) for share in (0.0001, 0.23, 1.0)] == ["under 1 %", "23 %", "100 %"]
    found = repeated_in(f"{SIGNATURE}\n{SIGNATURE}\n")
    assert copies_sentence(found) == "1 repeated line was left out (49 % of the text); one of each is kept."


@pytest.mark.parametrize("name", ["auto", "words", "none"])
def test_the_given_held_out_text_is_not_measured_against_the_text_trained_on(
    tmp_path: Path, name: str
) -> None:
    train, val = tmp_path / "train.txt", tmp_path / "val.txt"
    train.write_text(letters(200, 0), encoding="utf-8")
    val.write_text(letters(50, 0), encoding="utf-8")
    request = CorpusRequest(str(train), val=str(val), preparation=name, switches={"copies": "drop"})  # type: ignore[arg-type]
    assert prepare_corpus(request, tmp_path / "cache").facts["val"]["sentences"] == 50
