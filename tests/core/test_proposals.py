"""What is proposed where a person chose nothing."""

import pytest

from ptft_gui.core.family.options import find_option
from ptft_gui.core.family.registry import WORD2VEC
from ptft_gui.core.proposals import TextFacts, propose_min_count, propose_word_vector_options, resolve


@pytest.mark.parametrize(
    ("reaching", "limit"),
    [
        ({1: 30_000, 2: 20_000, 3: 14_000, 5: 9_000}, 5),
        ({1: 165, 2: 165, 3: 165, 5: 165}, 5),  # few words, all of them frequent
        ({1: 1800, 2: 700, 3: 430, 5: 250}, 2),
        ({1: 2600, 2: 1100, 3: 600, 5: 350}, 3),
        ({1: 300, 2: 60, 3: 20, 5: 4}, 1),
        ({1: 9, 2: 2, 3: 0, 5: 0}, 1),
        ({1: 0, 2: 0, 3: 0, 5: 0}, 1),
    ],
)
def test_minimum_count_fits_the_text_and_says_why(reaching, limit):
    proposal = propose_min_count(TextFacts(sum(reaching.values()), reaching))
    assert proposal.value == limit
    if limit < 5:
        assert "usual limit of 5" in proposal.reason


@pytest.mark.parametrize("preset", ["tiny", "quick", "balanced", "best"])
@pytest.mark.parametrize("tokens", [0, 9, 8_500, 80_000, 453_000, 1_200_000, 180_000_000, 5_000_000_000])
def test_proposals_are_allowed_values(preset, tokens):
    facts = TextFacts(tokens, {1: tokens // 5, 2: tokens // 10, 3: tokens // 20, 5: tokens // 40})
    for key, proposal in propose_word_vector_options(preset, facts).items():
        find_option(WORD2VEC.options, key).check(proposal.value)
        assert proposal.reason.endswith(".")


def test_larger_presets_read_more():
    facts = TextFacts(453_000, {1: 30_000, 2: 20_000, 3: 14_000, 5: 9_000})
    epochs = [
        propose_word_vector_options(p, facts)["epochs"].value for p in ("tiny", "quick", "balanced", "best")
    ]
    assert epochs == sorted(set(epochs))
    assert epochs[0] == 10


def test_only_what_was_left_open_is_filled_in():
    facts = TextFacts(453_000, {1: 30_000, 2: 20_000, 3: 14_000, 5: 9_000})
    values, reasons = resolve(
        {"epochs": 3, "min_count": None, "seed": 1}, propose_word_vector_options("tiny", facts)
    )
    assert values["epochs"] == 3
    assert values["min_count"] == 5
    assert set(reasons) >= {"min_count"}
    assert "epochs" not in reasons
