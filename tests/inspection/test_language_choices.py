"""What a model held likely at each token of a text, where its blanks stand, and how a text is cut into tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.inspection.language.blanks import fill_mask
from ptft_gui.inspection.language.choices import token_choices
from ptft_gui.inspection.language.generation import next_tokens
from ptft_gui.inspection.language.opening import LanguageModel, open_language_model
from ptft_gui.inspection.language.perplexity import perplexity
from ptft_gui.inspection.language.pieces import MOST_PIECES, cut_text
from tests.inspection.language_models import SENTENCES, save_tiny_bert, save_tiny_gpt

ODD = "the queen \u00e9\U0001f600 wears\tthe golden   crown"


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return open_language_model(save_tiny_gpt(tmp_path_factory.mktemp("gpt")))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return open_language_model(save_tiny_bert(tmp_path_factory.mktemp("bert")))


def test_choices_agree_with_what_comes_next(gpt: LanguageModel) -> None:
    text = SENTENCES[0]
    choices = token_choices(gpt, text, topn=3)
    assert choices[0].share is None  # nothing stands before the very first token
    assert "".join(text[c.start : c.end] for c in choices) == text
    for choice in choices[1:8]:
        coming = next_tokens(gpt, text[: choice.start], 3)
        assert [token for token, _ in choice.others] == [token for token, _ in coming.tokens]
        assert [share for _, share in choice.others] == pytest.approx(
            [share for _, share in coming.tokens], abs=1e-4
        )


def test_only_what_lies_behind_the_start_is_told(gpt: LanguageModel) -> None:
    text = SENTENCES[1]
    whole, end = token_choices(gpt, text), token_choices(gpt, text, start=20)
    assert end == [choice for choice in whole if choice.end > 20]


def test_a_text_longer_than_the_window_is_told_whole(gpt: LanguageModel) -> None:
    text = " ".join(SENTENCES * 6)
    choices = token_choices(gpt, text, topn=2)
    assert len(choices) > 4 * gpt.window
    assert all(choice.share is not None for choice in choices[1:])
    measured = perplexity(gpt, text)
    assert [token for token, _ in measured.tokens] == [choice.token for choice in choices]


def test_a_masked_model_tells_of_every_token_but_the_frame(bert: LanguageModel) -> None:
    choices = token_choices(bert, SENTENCES[1])
    assert [choice.token for choice in choices][:2] == ["the", "queen"]
    assert all(choice.share is not None for choice in choices)


def test_odd_signs_have_their_places(gpt: LanguageModel, bert: LanguageModel) -> None:
    for model in (gpt, bert):
        spans = [(choice.start, choice.end) for choice in token_choices(model, ODD)]
        assert spans == sorted(spans)
        assert spans[-1][1] == len(ODD)
        pieces = cut_text(model, ODD).pieces
        assert "crown" in "".join(ODD[piece.start : piece.end] for piece in pieces)


def test_cancelling_is_heard_and_an_empty_text_refused(gpt: LanguageModel) -> None:
    with pytest.raises(StoppedByPerson):
        token_choices(gpt, SENTENCES[0], should_stop=lambda: True)
    for ask in (token_choices, cut_text):
        with pytest.raises(ModelError, match="No text was given"):
            ask(gpt, "  ")


def test_a_text_is_cut_as_the_tokenizer_cuts_it(bert: LanguageModel) -> None:
    found = cut_text(bert, "The queens wear \U0001f600")
    assert [piece.number for piece in found.pieces] == bert.tokenizer("The queens wear \U0001f600")[
        "input_ids"
    ]
    kinds = {piece.token: piece.kind for piece in found.pieces}
    assert (kinds["[CLS]"], kinds["the"], kinds["##s"]) == ("special", "text", "goes on")
    assert (found.pieces[-2].token, found.pieces[-2].kind) == ("[UNK]", "unknown")
    assert found.sentence.endswith("One stands for signs that the model does not know.")


def test_of_a_long_text_the_first_pieces_are_shown(gpt: LanguageModel) -> None:
    found = cut_text(gpt, "queen " * 3_000)
    assert len(found.pieces) == MOST_PIECES < found.count
    assert found.sentence.endswith("The first 2,000 are shown.")


def test_the_places_of_blanks_are_those_of_the_text_as_typed(bert: LanguageModel) -> None:
    text = "the queen wears the ____ crown in <mask> old [MASK]"
    found = fill_mask(bert, text)
    assert [text[start:end] for start, end in found.places] == ["____", "<mask>", "[MASK]"]
    assert len(found.blanks) == 3


def test_two_tokenizers_are_told_apart(gpt: LanguageModel, bert: LanguageModel, tmp_path: Path) -> None:
    again = open_language_model(save_tiny_gpt(tmp_path / "again", steps=1))
    assert again.tokenizer_print == gpt.tokenizer_print != bert.tokenizer_print
