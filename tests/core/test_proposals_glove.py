"""What the program proposes for GloVe where a person left an option automatic."""

from __future__ import annotations

import pytest

from ptft_gui.core.family.registry import GLOVE
from ptft_gui.core.proposals import TextFacts, propose_glove_options, propose_options

KINGDOM = TextFacts(75_869, dict.fromkeys((1, 2, 3, 5), 254))
EXTRACT = TextFacts(433_981, {1: 35_866, 2: 17_971, 3: 12_811, 5: 8_599})
HUGE = TextFacts(2_000_000_000, dict.fromkeys((1, 2, 3, 5), 400_000))


@pytest.mark.parametrize("facts", [KINGDOM, EXTRACT, HUGE, TextFacts(3, {1: 2, 2: 1, 3: 0, 5: 0})])
@pytest.mark.parametrize("preset", ["tiny", "quick", "balanced", "best", "another"])
def test_every_proposal_is_a_value_that_its_option_takes(preset: str, facts: TextFacts) -> None:
    options = {option.key: option for option in GLOVE.options}
    proposals = propose_options("glove", preset, facts)
    for key, proposal in proposals.items():
        options[key].check(proposal.value)
        assert proposal.reason.endswith(".")
    automatic = {option.key for option in GLOVE.options if option.automatic}
    assert automatic - set(proposals) == {"device"}  # the worker looks for a card


def test_the_limit_of_full_weight_follows_the_text() -> None:
    values = [propose_glove_options("quick", facts)["x_max"].value for facts in (KINGDOM, EXTRACT, HUGE)]
    assert values == [300.0, 10.0, 100.0]


def test_a_text_of_few_often_repeated_words_is_read_from_one_side() -> None:
    assert propose_glove_options("quick", KINGDOM)["symmetric"].value is False
    assert propose_glove_options("quick", EXTRACT)["symmetric"].value is True


def test_a_larger_text_needs_fewer_rounds() -> None:
    small, large = (propose_glove_options("tiny", facts)["epochs"].value for facts in (EXTRACT, HUGE))
    assert small > large >= 15


def test_no_family_no_proposals() -> None:
    assert propose_options("gpt", "quick", EXTRACT) == {}
