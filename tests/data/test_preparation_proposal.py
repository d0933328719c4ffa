"""Looking at a text says a value for every switch, each with its reason."""

from __future__ import annotations

import pytest

from ptft_gui.core.family.data_options import LANGUAGES, PREPARATION_OPTIONS, SWITCH_KEYS
from ptft_gui.data.preparation import choose_preparation, propose_preparation, sample_of
from ptft_gui.data.preparation.proposal import SAMPLE_CHARACTERS

ENGLISH = "The quick brown fox jumps over the lazy dog. It was a fine day in May, 1999. " * 5
CHINESE = "此开卷第一回也。作者自云：因曾历过一番梦幻之后，故将真事隐去。" * 5
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 5
REVIEWS = "A fine film.<br /><br />Loved it &amp; will see it again. " * 20
CUT = "the quick brown fox jumps over the lazy dog " * 10


@pytest.mark.parametrize("sample", [ENGLISH, CHINESE, JAPANESE, REVIEWS, CUT, "", "short"])
def test_every_switch_has_a_value_that_exists_and_a_reason(sample: str) -> None:
    proposal = propose_preparation(sample)
    choices = {option.key: dict(option.choices) for option in PREPARATION_OPTIONS}
    for key, found in proposal.switches.items():
        assert found.value in choices[key]
        assert found.reason.endswith(".")
    missing = set(SWITCH_KEYS) - set(proposal.switches)
    assert missing == ({"language"} if proposal.value == "words" else {"language", "chinese"})
    assert proposal.preparation.to_record()["name"] == proposal.value


@pytest.mark.parametrize(
    ("sample", "value", "words"),
    [
        (ENGLISH, "characters", "hardly any Chinese"),
        (CHINESE, "words", "mainly Chinese"),
        (CHINESE + ENGLISH * 2, "words", "much Chinese"),
        (ENGLISH * 20 + "北京", "characters", "hardly any Chinese"),
        (JAPANESE, "characters", "Japanese"),
    ],
)
def test_chinese_is_cut_into_words_and_japanese_is_not(sample: str, value: str, words: str) -> None:
    told = propose_preparation(sample).switches["chinese"]
    assert told.value == value
    assert words in told.reason


def test_html_is_removed_where_it_is_frequent() -> None:
    told = propose_preparation(REVIEWS).switches["markup"]
    assert (told.value, told.reason) == ("drop", "The beginning of the text holds 60 HTML tags or signs.")
    assert propose_preparation(ENGLISH * 20 + "<br /> &amp;").switches["markup"].value == "keep"
    assert propose_preparation("The word <unk> stands here. " * 50).switches["markup"].value == "keep"


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        (ENGLISH, "en"),
        ("Der König ging mit der Königin durch den Garten, und alle sahen zu. " * 3, "de"),
        (CHINESE, "zh"),
        (JAPANESE, "ja"),
        ("Король вышел в сад вместе с королевой, и все смотрели. " * 3, "ru"),
    ],
)
def test_the_language_of_stop_words_is_found(sample: str, code: str) -> None:
    proposal = choose_preparation("auto", {"stop_words": "drop"}, sample)
    assert proposal.preparation.language == code
    assert proposal.switches["language"].reason == f"The text looks {LANGUAGES[code]}."
    chosen = choose_preparation("auto", {"stop_words": "drop", "language": "fi"}, sample)
    assert chosen.preparation.language == "fi"


def test_what_a_person_chose_wins_and_automatic_is_still_told() -> None:
    proposal = choose_preparation("none", {"case": "lower"}, CHINESE)
    assert proposal.preparation.to_record()["case"] == "lower"
    assert proposal.reason == proposal.switches["case"].reason == "You chose it."
    assert proposal.automatic["preparation"].value == "words"
    assert proposal.automatic["case"].value == "keep"


def test_the_facts_hold_values_words_and_reasons() -> None:
    facts = propose_preparation(ENGLISH).to_facts()
    assert facts["value"] == "words"
    assert facts["record"]["case"] == "lower"  # type: ignore[index]
    assert facts["sentence"] == propose_preparation(ENGLISH).preparation.describe()
    assert facts["switches"]["digits"] == {"value": "keep", "reason": "Numbers are words like others."}  # type: ignore[index]


def test_many_small_files_are_looked_at_together() -> None:
    sample = sample_of(f"Letter {number}. " for number in range(10**9))
    assert len(sample) >= SAMPLE_CHARACTERS - 20
    assert sample.startswith("Letter 0. \n\nLetter 1. ")
    first, second = sample_of(["a" * 10**6, "b"]), sample_of(["a", "b" * 10**6])
    assert len(first) == SAMPLE_CHARACTERS
    assert 10_000 < len(second) < 20_000
