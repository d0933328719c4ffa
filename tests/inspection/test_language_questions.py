"""Questions to a GPT and a BERT that know four sentences by heart."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from ptft_gui.core.errors import ModelError, StoppedByPerson, UnknownWordError
from ptft_gui.inspection.language.blanks import fill_mask
from ptft_gui.inspection.language.generation import GenerationRequest, generate, next_tokens
from ptft_gui.inspection.language.opening import LanguageModel, open_language_model
from ptft_gui.inspection.language.perplexity import perplexity
from ptft_gui.inspection.language.tokens import token_neighbours, word_in_two_sentences
from tests.inspection.language_models import BLOCK, SENTENCES, save_tiny_bert, save_tiny_gpt


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return open_language_model(save_tiny_gpt(tmp_path_factory.mktemp("gpt")))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return open_language_model(save_tiny_bert(tmp_path_factory.mktemp("bert")))


def test_a_text_goes_on_as_it_was_learned_and_ends_where_it_ended(gpt: LanguageModel) -> None:
    seen: list[tuple[str, float]] = []
    request = GenerationRequest("the queen wears", temperature=0)
    done = generate(gpt, request, lambda text, fraction: seen.append((text, fraction)))
    assert done.text == SENTENCES[1]
    assert done.ended == "end of text"
    assert len(seen) == done.tokens
    assert [text for text, _ in seen][-1] == done.text
    assert all(later.startswith(earlier) for (earlier, _), (later, _) in pairwise(seen))


def test_a_seed_gives_the_same_text_again_and_another_seed_another(gpt: LanguageModel) -> None:
    request = GenerationRequest("the", length=20, temperature=5, top_k=0, top_p=1, seed=3)
    assert generate(gpt, request).text == generate(gpt, request).text
    assert generate(gpt, replace(request, seed=4)).text != generate(gpt, request).text


def test_one_likeliest_token_is_greedy_however_hot(gpt: LanguageModel) -> None:
    hot = GenerationRequest("a baker", temperature=9, top_k=1)
    assert generate(gpt, hot).text == SENTENCES[2]
    assert generate(gpt, replace(hot, top_k=0, top_p=0)).text == SENTENCES[2]


def test_a_text_longer_than_the_window_goes_on(gpt: LanguageModel) -> None:
    request = GenerationRequest(SENTENCES[0] * 3, length=3 * BLOCK, temperature=8, top_k=0, top_p=1, seed=2)
    done = generate(gpt, request)
    assert done.tokens == 3 * BLOCK or done.ended == "end of text"
    assert done.text.startswith(request.prompt)


def test_remembering_what_was_read_changes_no_token(gpt: LanguageModel) -> None:
    import torch

    request = GenerationRequest("the little", length=12, temperature=0)
    ids = gpt.encode(request.prompt)
    with torch.inference_mode():
        for _ in range(12):
            scores = gpt.network(input_ids=torch.tensor([ids])).logits[0, -1]
            ids.append(int(scores[: len(gpt.tokenizer)].argmax()))
    assert gpt.decode(ids) == generate(gpt, request).text


def test_a_stop_text_ends_the_answer_before_it(gpt: LanguageModel) -> None:
    done = generate(gpt, GenerationRequest("the queen wears", temperature=0, stop=("castle",)))
    assert done.text == "the queen wears the golden crown in the old "
    assert done.ended == "stop"


def test_a_person_stops_it_and_keeps_what_there_is(gpt: LanguageModel) -> None:
    asked = iter([False, False, False, True])
    done = generate(gpt, GenerationRequest("the queen", temperature=0), should_stop=lambda: next(asked))
    assert (done.tokens, done.ended) == (3, "stopped")
    assert SENTENCES[1].startswith(done.text)


def test_an_empty_prompt_begins_a_text(gpt: LanguageModel) -> None:
    assert generate(gpt, GenerationRequest("", temperature=0)).text in SENTENCES


def test_what_comes_next_sums_up_to_all(gpt: LanguageModel) -> None:
    found = next_tokens(gpt, "the queen wears", topn=1000)
    assert sum(share for _, share in found.tokens) == pytest.approx(1, abs=1e-4)
    assert found.tokens[0][0].startswith(" t")
    assert found.tokens[0][1] > 0.9
    assert len(found.tokens) == len(gpt.tokenizer)  # no row of the padding
    assert 0 <= found.surprise < 1
    even = next_tokens(gpt, "the queen wears", topn=1, temperature=10)
    assert even.tokens[0][1] < found.tokens[0][1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"length": 0}, "length cannot be 0."),
        ({"temperature": math.nan}, "temperature cannot be nan."),
        ({"top_p": 1.5}, "top_p cannot be 1.5."),
        ({"prompt": "x" * 1_000_001}, "The text is too long."),
    ],
)
def test_numbers_out_of_range_are_named(gpt: LanguageModel, change: dict[str, object], words: str) -> None:
    with pytest.raises(ModelError, match=words.replace(".", r"\.")):
        generate(gpt, replace(GenerationRequest("the"), **change))  # type: ignore[arg-type]


def test_perplexity_is_what_plain_transformers_measures(gpt: LanguageModel) -> None:
    import torch

    ids = gpt.encode(SENTENCES[1])
    read = torch.tensor([ids])
    with torch.inference_mode():
        expected = float(gpt.network(input_ids=read, labels=read).loss)
    found = perplexity(gpt, SENTENCES[1])
    assert found.nats == pytest.approx(expected, rel=1e-4)
    assert found.perplexity == pytest.approx(math.exp(expected), rel=1e-4)
    summed, characters = expected * (len(ids) - 1), len(SENTENCES[1]) - len(gpt.decode(ids[:1]))
    assert found.bits_per_character == pytest.approx(summed / math.log(2) / characters, rel=1e-4)
    assert "".join(token for token, _ in found.tokens) == SENTENCES[1]
    assert sum(nats for _, nats in found.tokens if nats is not None) == pytest.approx(summed, rel=1e-4)
    assert found.tokens[0][1] is None
    assert perplexity(gpt, "wall brown old the a horse crown").perplexity > 10 * found.perplexity


def test_each_token_of_a_long_text_is_guessed_once(gpt: LanguageModel, bert: LanguageModel) -> None:
    text = " ".join(SENTENCES * 4)
    found = perplexity(gpt, text)
    assert found.guessed == len(gpt.encode(text)) - 1 > 4 * BLOCK
    assert all(nats is not None for _, nats in found.tokens[1:])
    found = perplexity(bert, text)
    assert found.guessed == len(bert.encode(text)) - 2 > 2 * BLOCK


def test_measuring_can_be_stopped(gpt: LanguageModel) -> None:
    with pytest.raises(StoppedByPerson):
        perplexity(gpt, SENTENCES[0], should_stop=lambda: True)


@pytest.mark.parametrize("blank", ["[MASK]", "___", "<mask>", "______"])
def test_a_blank_is_filled_with_the_word_that_was_learned(bert: LanguageModel, blank: str) -> None:
    found = fill_mask(bert, SENTENCES[1].replace("castle", blank), 5)
    assert [len(row) for row in found.blanks] == [5]
    assert found.blanks[0][0][0] == "castle"
    assert found.text == SENTENCES[1]


def test_several_blanks_are_filled_at_once(bert: LanguageModel) -> None:
    found = fill_mask(bert, "the queen wears the ___ crown in the old ___ by the river", 3)
    assert [row[0][0] for row in found.blanks] == ["golden", "castle"]
    everything = fill_mask(bert, "the queen ___", 10_000).blanks[0]
    assert len(everything) == len(bert.tokenizer) - 5  # neither the padding's rows nor special tokens
    assert sum(share for _, share in everything) == pytest.approx(1, abs=1e-4)


def test_hidden_in_turn_a_known_text_surprises_less(bert: LanguageModel) -> None:
    known, strange = perplexity(bert, SENTENCES[2]), perplexity(bert, "wall brown old the a horse crown")
    assert known.perplexity < strange.perplexity
    assert known.guessed == len(bert.encode(SENTENCES[2])) - 2
    assert "each hidden once" in known.sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the queen", "holds no blank"),
        ("", "No text was given"),
        ("___ " * 21, "too many blanks"),
        ("the " * 40 + "___", "too long"),
    ],
)
def test_texts_that_cannot_be_filled(bert: LanguageModel, text: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        fill_mask(bert, text)


def test_each_kind_is_told_what_it_is_for(gpt: LanguageModel, bert: LanguageModel) -> None:
    with pytest.raises(ModelError, match="cannot fill a blank") as told:
        fill_mask(gpt, "the ___")
    assert "--generate" in told.value.hint
    with pytest.raises(ModelError, match="cannot go on with a text"):
        generate(bert, GenerationRequest("the"))


def test_near_tokens(gpt: LanguageModel, bert: LanguageModel) -> None:
    found = token_neighbours(bert, "Queen", 5)
    assert found.token == "queen"
    assert len(found.neighbours) == 5
    assert "queen" not in [token for token, _ in found.neighbours]
    cosines = [cosine for _, cosine in found.neighbours]
    assert cosines == sorted(cosines, reverse=True)
    assert token_neighbours(gpt, "the", 3).token.strip() == "the"
    with pytest.raises(UnknownWordError) as told:
        token_neighbours(bert, "zebra")
    assert told.value.word == "zebra"


def test_a_word_in_two_sentences(bert: LanguageModel, gpt: LanguageModel) -> None:
    same = word_in_two_sentences(bert, "castle", SENTENCES[1], SENTENCES[1])
    assert same.similarity == pytest.approx(1, abs=1e-4)
    apart = word_in_two_sentences(bert, "old", SENTENCES[1], SENTENCES[2])
    assert len(apart.layers) == 3
    assert apart.similarity < same.similarity
    assert apart.layers[-1] == apart.similarity
    assert apart.usual is not None
    assert word_in_two_sentences(gpt, "Castle", SENTENCES[1], f"My {SENTENCES[1]}").similarity < 1
    with pytest.raises(ModelError, match="does not stand in the sentence"):
        word_in_two_sentences(bert, "dragon", SENTENCES[0], SENTENCES[1])


@pytest.mark.real_data
def test_a_real_folder_from_elsewhere() -> None:
    """A GPT2Model of random numbers, with a tokenizer that lacks most bytes."""
    import os

    folder = Path(os.environ.get("PTFT_REAL_DATA", "/nowhere")) / "tiny_gpt2_checkpoint"
    if not folder.is_dir():
        pytest.skip("PTFT_REAL_DATA is not set")
    model = open_language_model(folder)
    assert (model.kind, model.window, model.name) == ("causal", 1024, "tiny_gpt2_checkpoint")
    assert generate(model, GenerationRequest("lowest newer", length=5)).text.startswith("lowest newer")
    assert 1 < perplexity(model, "lowest newer wider").perplexity < 100
    with pytest.raises(ModelError, match="holds nothing that"):
        generate(model, GenerationRequest("ZZ"))
