"""The text of a language model: documents, what is held out, tokenizers, token files, blocks and masks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.request import CorpusRequest
from ptft_gui.engine.language.batches import Blocks, order_of_epoch
from ptft_gui.engine.language.documents import DOCUMENT_END, RawText, prepare_raw_text, read_pieces
from ptft_gui.engine.language.masking import Masking
from ptft_gui.engine.language.rates import rate_share
from ptft_gui.engine.language.tokenizer import (
    BERT_SPECIAL,
    TextTokenizer,
    TokenizerPlan,
    as_transformers,
    learn_tokenizer,
)
from ptft_gui.engine.language.tokens import entropy_of_frequencies, prepare_tokens, token_counts

PARAGRAPHS = [f"The {number}th day was Cold, they said.\nNobody left the house." for number in range(400)]
PLANS = {
    "characters": TokenizerPlan("characters", 4000, False, False),
    "bpe": TokenizerPlan("bpe", 400, False, False),
    "wordpiece": TokenizerPlan("wordpiece", 200, True, True),
}


def prepared(path: Path, cache: Path, **request: Any) -> RawText:
    return prepare_raw_text(CorpusRequest(str(path), **request), cache)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def text(tmp_path: Path, cache: Path) -> RawText:
    path = tmp_path / "days.txt"
    path.write_text("\n\n".join(PARAGRAPHS) + "\n")
    return prepared(path, cache)


def test_whole_paragraphs_are_held_out_and_nothing_is_lost(text: RawText) -> None:
    train, val = (path.read_text().replace(DOCUMENT_END, "") for path in (text.train_path, text.val_path))
    kept = [part for side in (train, val) for part in side.split("\n\n") if part.strip()]
    assert sorted(kept) == sorted(PARAGRAPHS)
    assert not set(train.split("\n\n")) & set(filter(None, val.split("\n\n")))
    assert 0.05 < len(val) / (len(train) + len(val)) <= 0.1
    assert text.train_characters == len(train)


def test_the_end_is_cut_off_exactly_where_asked(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("寒雨連江夜入吳。" * 500 + "abc" * 200)
    whole = path.read_text()
    cut = prepared(path, cache, split="tail", val_fraction=0.25)
    assert cut.train_path.read_text() == whole[: int(len(whole) * 0.75)]
    assert cut.val_path.read_text().rstrip(DOCUMENT_END) == whole[int(len(whole) * 0.75) :]


def test_lines_that_are_texts_end_as_documents(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "names.txt"
    names = [f"Anna{number}." for number in range(3000)]
    path.write_text("\n".join(names))
    found = prepared(path, cache)
    assert found.facts["documents"] == 3000
    assert next(piece for piece, is_end in read_pieces(found.val_path) if is_end) in names


def test_a_small_text_is_learned_from_whole(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "small.txt"
    path.write_text("A few words only.\n")
    found = prepared(path, cache)
    assert not found.val_characters
    assert "too small" in found.facts["split"]["sentence"]


def test_an_empty_text_is_refused_and_an_edited_one_read_again(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "edited.txt"
    path.write_text("One text of some length. " * 800)
    first = prepared(path, cache)
    assert prepared(path, cache).folder == first.folder
    path.write_text("Another text of some length. " * 800)
    assert prepared(path, cache).folder != first.folder
    path.write_text(" ")
    with pytest.raises(DataError):
        prepared(path, cache)


def test_a_stop_leaves_the_cache_clean(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "days.txt"
    path.write_text("\n\n".join(PARAGRAPHS))
    with pytest.raises(StoppedByPerson):
        prepare_raw_text(CorpusRequest(str(path)), cache, should_stop=lambda: True)
    assert not [found for found in cache.rglob("*") if found.is_file()]


def test_pieces_join_to_the_text_and_are_never_long(tmp_path: Path) -> None:
    path = tmp_path / "pieces.txt"
    whole = "one line\n" * 5000 + "x" * 50_000 + DOCUMENT_END + "short" + DOCUMENT_END
    path.write_text(whole)
    pieces = list(read_pieces(path, 1000))
    assert "".join(piece + DOCUMENT_END * is_end for piece, is_end in pieces) == whole
    assert max(len(piece) for piece, _ in pieces) <= 2000


@pytest.mark.parametrize("kind", PLANS)
def test_a_tokenizer_gives_its_text_back_and_opens_in_plain_transformers(
    text: RawText, cache: Path, kind: str
) -> None:
    from transformers import AutoTokenizer

    tokenizer = learn_tokenizer(text, PLANS[kind], cache)
    sentence = "Nobody left the house."
    ids = tokenizer.encode(sentence)
    assert tokenizer.decode(ids) == (sentence.lower() if kind == "wordpiece" else sentence)
    assert max(ids) < tokenizer.size <= PLANS[kind].vocab_size
    opened = AutoTokenizer.from_pretrained(tokenizer.folder)
    told = opened(sentence).input_ids
    is_framed = (
        opened.convert_ids_to_tokens(told)[0] == "[CLS]" and opened.convert_ids_to_tokens(told)[-1] == "[SEP]"
    )
    assert is_framed == (kind == "wordpiece")
    assert (told[1:-1] if is_framed else told) == ids
    assert opened.decode(told, skip_special_tokens=True) == tokenizer.decode(ids)
    assert as_transformers(tokenizer.tokenizer, PLANS[kind], 77).model_max_length == 77


def test_bytes_write_what_was_never_seen_and_characters_say_that_they_do_not_know(
    text: RawText, cache: Path
) -> None:
    strange = "Ünseen 寒雨"
    by_bytes = learn_tokenizer(text, PLANS["bpe"], cache)
    assert by_bytes.decode(by_bytes.encode(strange)) == strange
    characters = learn_tokenizer(text, PLANS["characters"], cache)
    assert characters.special_id("<unk>") in characters.encode(strange)


@pytest.mark.parametrize("kind", PLANS)
def test_token_files_hold_the_text_with_an_end_after_each_document(
    tmp_path: Path, cache: Path, kind: str
) -> None:
    path = tmp_path / "lines.txt"
    lines = [f"the house number {number} is old." for number in range(1000)]
    path.write_text("\n".join(lines))
    text = prepared(path, cache)
    tokenizer = learn_tokenizer(text, PLANS[kind], cache)
    tokens = prepare_tokens(text, tokenizer, cache)
    train = np.array(tokens.train)
    assert train.dtype == np.uint16
    assert (train == tokenizer.end_id).sum() == text.facts["train"]["documents"]
    first = train[: int(np.flatnonzero(train == tokenizer.end_id)[0])].tolist()
    assert tokenizer.decode(first) in lines
    assert np.array_equal(token_counts(tokens), np.bincount(train, minlength=tokenizer.size))
    assert 0 < entropy_of_frequencies(token_counts(tokens)) < np.log(tokenizer.size)
    assert prepare_tokens(text, tokenizer, cache).folder == tokens.folder


def test_blocks_lie_side_by_side_and_an_epoch_reads_each_once() -> None:
    blocks = Blocks(np.arange(1000, dtype=np.uint16), 10, ahead=1)
    shift = blocks.shift(seed=3, epoch=5)
    order = order_of_epoch(blocks.count, 3, 5)
    found = blocks.take(order, shift)
    assert found.shape == (blocks.count, 11)
    assert sorted(found[:, 0]) == list(range(shift, shift + 10 * blocks.count, 10))
    assert found.max() <= 999
    assert np.array_equal(found[:, 1:], found[:, :-1] + 1)
    assert np.array_equal(order, order_of_epoch(blocks.count, 3, 5))
    assert not np.array_equal(order, order_of_epoch(blocks.count, 3, 6))


def masking(is_whole_word: bool = False, probability: float = 0.15) -> Masking:
    special = np.arange(100) < 5
    begins = np.arange(100) % 2 == 1
    return Masking(probability, is_whole_word, 4, np.arange(5, 100), special, begins, seed=7)


def test_masks_depend_on_the_example_and_not_on_its_batch() -> None:
    blocks = np.random.default_rng(1).integers(5, 100, (64, 50))
    numbers = np.arange(64)
    together = masking().apply(blocks, numbers, 2)
    alone = masking().apply(blocks[9:10], numbers[9:10], 2)
    assert np.array_equal(alone.inputs[0], together.inputs[9])
    assert not np.array_equal(masking().apply(blocks, numbers, 3).inputs, together.inputs)


def test_masks_are_as_many_and_of_such_kinds_as_in_the_paper() -> None:
    blocks = np.random.default_rng(1).integers(5, 100, (400, 100))
    blocks[:, 0], blocks[:, -1] = 2, 3
    found = masking().apply(blocks, np.arange(400), 0)
    assert len(found.places) / blocks[:, 1:-1].size == pytest.approx(0.15, abs=0.01)
    shown = found.inputs.reshape(-1)[found.places]
    assert (shown == 4).mean() == pytest.approx(0.8, abs=0.02)
    assert (shown == found.targets).mean() == pytest.approx(0.1, abs=0.02)
    assert np.array_equal(found.inputs[:, 0], blocks[:, 0])
    untouched = np.setdiff1d(np.arange(blocks.size), found.places)
    assert np.array_equal(found.inputs.reshape(-1)[untouched], blocks.reshape(-1)[untouched])


def test_whole_words_are_hidden_together() -> None:
    block = np.array([[2, 5, 6, 8, 7, 10, 12, 9, 3]])  # words: 5 6 8, 7 10 12, 9
    words = [{1, 2, 3}, {4, 5, 6}, {7}]
    for number in range(60):
        places = set(masking(True, 0.4).apply(block, np.array([number]), 0).places.tolist())
        assert places
        assert places == set().union(*(word for word in words if word & places))


def test_an_example_without_text_has_nothing_to_guess() -> None:
    assert not len(masking().apply(np.full((2, 8), 3), np.arange(2), 0).places)


@pytest.mark.parametrize("kind", ["cosine", "linear", "constant"])
def test_the_rate_rises_and_then_falls(kind: str) -> None:
    shares = [rate_share(step / 100, 0.1, kind) for step in range(101)]
    assert shares[0] == pytest.approx(0.01)
    assert shares[10] == max(shares) == pytest.approx(1.0)
    assert shares[100] == pytest.approx(1.0 if kind == "constant" else 0.01)
    assert shares[10:] == sorted(shares[10:], reverse=True)


@pytest.mark.real_data
@pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set")
def test_shakespeare_is_cut_as_everybody_cuts_it(cache: Path) -> None:
    path = Path(os.environ["PTFT_REAL_DATA"]) / "tinyshakespeare" / "input.txt"
    found = prepared(path, cache, split="tail")
    assert (found.train_characters, found.val_characters) == (1_003_854, 111_540)
    tokenizer: TextTokenizer = learn_tokenizer(found, PLANS["characters"], cache)
    assert tokenizer.size == 65 + 2
    assert not prepare_tokens(found, tokenizer, cache).facts["unknown"]
    assert BERT_SPECIAL[0] not in tokenizer.tokenizer.get_vocab()


def test_halves_follow_each_other_or_come_from_elsewhere_and_are_the_same_whenever_they_are_drawn() -> None:
    from ptft_gui.engine.language.pairs import FOLLOWS, IS_OTHER, pair_halves

    blocks = Blocks(np.arange(21 * 5, dtype=np.uint16), 5)
    numbers = np.arange(20)
    pairs = pair_halves(blocks, numbers, 0, seed=1, epoch=0)
    assert pairs.first.shape == (20, 3)
    assert pairs.second.shape == (20, 2)
    does_follow = pairs.second[:, 0] == pairs.first[:, -1] + 1
    assert (does_follow == (pairs.follows == FOLLOWS)).all()
    assert 4 < (pairs.follows == IS_OTHER).sum() < 16
    again = pair_halves(blocks, numbers[7:9], 0, seed=1, epoch=0)
    assert (again.second == pairs.second[7:9]).all()
    assert (pair_halves(blocks, numbers, 0, seed=1, epoch=1).follows != pairs.follows).any()


def test_a_new_bert_guesses_by_frequency_and_its_heads_look_at_their_neighbours() -> None:
    import torch
    from transformers import BertConfig, BertForMaskedLM

    from ptft_gui.engine.language.beginning import begin_with_neighbours

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=64, hidden_size=64, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=32, initializer_range=0.09, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, attn_implementation="eager",
    )  # fmt: skip
    network = BertForMaskedLM(config).eval()
    counts = np.zeros(60, np.int64)
    counts[7], counts[9] = 900, 100
    begin_with_neighbours(network, counts, seed=1)
    ids = torch.randint(10, 60, (8, 32))
    with torch.no_grad():
        found = network(input_ids=ids, output_attentions=True)
    assert found.logits.softmax(-1)[..., 7].mean() == pytest.approx(0.87, abs=0.07)
    looks = found.attentions[0].mean(0)  # (heads, from, to)
    for head, away in ((0, -1), (1, 1)):
        places = torch.arange(4, 28)
        assert looks[head, places, places + away].mean() > 5 * looks[head, places, places - 3 * away].mean()


def test_a_new_bert_of_four_layers_soon_learns_that_a_token_follows_from_the_one_before_it(
    request: pytest.FixtureRequest,
) -> None:
    """With purely random numbers it stays at ln 64 = 4.16, what guessing by frequency comes to, for far longer."""
    import torch
    from torch.nn import functional
    from transformers import BertConfig, BertForMaskedLM

    from ptft_gui.engine.language.beginning import begin_with_neighbours
    from ptft_gui.engine.language.optimizers import MUON, Optimizers

    def losses(begins_with_neighbours: bool) -> list[float]:
        torch.manual_seed(1)
        config = BertConfig(
            vocab_size=128, hidden_size=64, num_hidden_layers=4, num_attention_heads=4, intermediate_size=256,
            max_position_embeddings=32, initializer_range=0.09, hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        network, counts = BertForMaskedLM(config), np.ones(128, np.int64)
        if begins_with_neighbours:
            begin_with_neighbours(network, counts, seed=1)
        hidden = {n for n, w in network.named_parameters() if "encoder.layer" in n and w.ndim == 2}
        optimizers, told = Optimizers(network, MUON, 0.01, hidden), []
        for step in range(150):
            first = torch.randint(1, 64, (16, 16))
            ids = torch.stack([first, 127 - first], 2).reshape(16, 32)
            is_hidden = torch.rand(ids.shape) < 0.2
            scores = network(input_ids=ids.masked_fill(is_hidden, 0)).logits[is_hidden]
            loss = functional.cross_entropy(scores, ids[is_hidden])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizers.step(0.003 * min(1.0, (step + 1) / 10))
            told.append(float(loss.detach()))
        return told

    threads = torch.get_num_threads()
    torch.set_num_threads(
        1
    )  # so small a network gains nothing from more, and on a busy machine they wait long
    request.addfinalizer(lambda: torch.set_num_threads(threads))
    assert np.mean(losses(True)[-20:]) < 2.5
    assert np.mean(losses(False)[-20:]) > 3.8
