"""Tagged words as examples, and scores as tags."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import BertTokenizer

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.data.examples.prepared import prepare_examples
from ptft_gui.engine.finetune.tagging import Tagging
from ptft_gui.engine.finetune.task import IGNORED, TaskBatch
from ptft_gui.engine.finetune.words import find_words, join_words

_ROWS: list[dict[str, Any]] = [
    {"tokens": ["Clara", "Moll", "lives", "in", "New-York", "."], "tags": "B-PER I-PER O O B-LOC O".split()},
    {"tokens": ["U.S.", "and", "Dray"], "tags": ["B-LOC", "O", "B-LOC"]},
    {"tokens": ["it", "rains"], "tags": ["O", "O"]},
]


def _tokenizer() -> BertTokenizer:
    signs = "abcdefghijklmnopqrstuvwxyz.-,住在北京王小明"
    whole = "in and it clara".split()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *whole, *signs, *(f"##{sign}" for sign in signs)]
    return BertTokenizer(vocab={piece: number for number, piece in enumerate(pieces)})


def _task(longest: int = 64, rows: list[dict[str, Any]] = _ROWS) -> Tagging:
    values = Tagging.learned_from(rows)
    return Tagging({"block_size": longest, **values}, _tokenizer(), values["labels"])


def _perfect(task: Tagging, examples: list[Any]) -> list[np.ndarray]:
    scores = []
    for example in examples:
        pair = np.full((len(example), task.outputs), -4, np.float32)
        for token, label in enumerate(example.target):
            if label != IGNORED:
                pair[token, label] = 4
        scores.append(pair)
    return scores


@pytest.mark.parametrize("longest", [12, 64])
def test_learning_what_the_rows_say_and_reading_it_back_scores_one(longest: int) -> None:
    task = _task(longest)
    assert task.labels[0] == "O"
    examples = task.encode(_ROWS)
    assert all(len(example) <= longest for example in examples)
    assert (len(examples) > len(_ROWS)) == (longest == 12)
    answers = task.answers(_perfect(task, examples), examples, _ROWS)
    assert [answer.record["predicted"] for answer in answers] == [row["tags"] for row in _ROWS]
    assert task.measure(answers, _ROWS).metrics == {"entity_f1": 1.0, "accuracy": 1.0}
    assert answers[1].shown == [["U.S.", "B-LOC"], ["and", "O"], ["Dray", "B-LOC"]]


def test_only_the_first_token_of_a_word_is_learned() -> None:
    task = _task()
    example = task.encode(_ROWS[:1])[0]
    tokens = task.tokenizer.convert_ids_to_tokens(example.ids.tolist())
    learned = [token for token, label in zip(tokens, example.target, strict=True) if label != IGNORED]
    assert learned == ["clara", "m", "l", "in", "n", "."]
    assert task.weight(task.targets([example], 40)) == 6.0


def test_gpts_tokens_that_begin_with_a_space_belong_to_the_word_behind_it(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = [*"abcdefghijklmnopqrstuvwxyzCMNYUSD.-", "Ġ", "<pad>"]
    own = Tokenizer(models.BPE({sign: number for number, sign in enumerate(letters)}, []))
    own.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False)
    own.decoder = decoders.ByteLevel()
    values = Tagging.learned_from(_ROWS)
    task = Tagging(
        {"block_size": 64, **values},
        PreTrainedTokenizerFast(tokenizer_object=own, pad_token="<pad>"),
        values["labels"],
    )
    examples = task.encode(_ROWS)
    answers = task.answers(_perfect(task, examples), examples, _ROWS)
    assert [answer.record["predicted"] for answer in answers] == [row["tags"] for row in _ROWS]


def test_the_loss_counts_words_alone() -> None:
    task = _task()
    examples = task.encode(_ROWS)
    length = max(map(len, examples))
    targets = task.targets(examples, length)
    scores = torch.randn((3, length, task.outputs), generator=torch.Generator().manual_seed(1))
    batch = TaskBatch(torch.zeros((3, length)), torch.ones((3, length)), None, targets, task.weight(targets))
    shares = torch.log_softmax(scores, -1)
    expected = -sum(
        float(shares[i, token, label])
        for i, example in enumerate(examples)
        for token, label in enumerate(example.target)
        if label != IGNORED
    )
    assert batch.count == 11
    assert float(task.loss_sum(scores, batch)) == pytest.approx(expected, rel=1e-5)
    assert task.guessing(_ROWS)["accuracy"] == pytest.approx(6 / 11)


def test_a_typed_text_is_cut_into_words_and_their_places_are_told() -> None:
    task = _task()
    row = task.row_of_probe("Clara Moll, 王小明住在北京.")
    examples = task.encode([row])
    answer = task.answers([np.zeros((len(examples[0]), task.outputs), np.float32)], examples, [row])[0]
    assert answer.record["tokens"] == ["Clara", "Moll", ",", *"王小明住在北京", "."]
    assert answer.record["tags"] is None
    assert [row["text"][a:b] for a, b in answer.record["spans"]] == answer.record["tokens"]
    assert answer.record["scores"][0] == pytest.approx(1 / task.outputs, rel=1e-5)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["New", "York", ","], "New York ,"),
        ([*"王小明", "住在"], "王小明住在"),
        ([*"用", "BERT", "吧"], "用 BERT 吧"),
        (["", "a"], " a"),
        ([], ""),
    ],
)
def test_words_are_joined_as_their_language_writes_them(words: list[str], text: str) -> None:
    joined, spans = join_words(words)
    assert joined == text
    assert [joined[start:end] for start, end in spans] == words


def test_words_of_a_text_keep_what_belongs_to_them() -> None:
    text = "@paul don't pay 3.5% to A&B, U.S. (王小) été"
    assert [text[a:b] for a, b in find_words(text)] == [
        "@paul", "don't", "pay", "3.5", "%", "to", "A&B", ",", "U.S", ".", "(", "王", "小", ")", "été",
    ]  # fmt: skip


def test_tags_that_teach_nothing_are_refused_in_plain_words() -> None:
    with pytest.raises(DataError, match="only one kind of tag") as told:
        Tagging.learned_from([{"tokens": ["a", "b"], "tags": ["O", "O"]}])
    assert told.value.detail == 'All 2 words bear "O".'
    many = [{"tokens": ["a"], "tags": [str(number)]} for number in range(600)]
    with pytest.raises(DataError, match="more than 500 different values"):
        Tagging.learned_from(many)


@pytest.mark.real_data
@pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set")
@pytest.mark.parametrize(
    ("name", "vocabulary", "scheme"),
    [
        ("wnut17/emerging.dev.conll", "bert-base-uncased", "IOB2"),
        ("weibo_ner/dev.all.bmes", "bert-base-chinese", "IOBES"),
    ],
)
def test_real_tags_are_learned_and_read_back(tmp_path: Path, name: str, vocabulary: str, scheme: str) -> None:
    data = Path(os.environ["PTFT_REAL_DATA"])
    tokenizer = BertTokenizer(vocab=str(data / "tokenizers" / vocabulary / "vocab.txt"))
    request = DataRequest(dataset=str(data / name), task="tagging")
    rows = list(prepare_examples(request, tmp_path).rows("train"))
    values = Tagging.learned_from(rows)
    assert values["tag_scheme"] == scheme
    task = Tagging({"block_size": 64, **values}, tokenizer, values["labels"])
    examples = task.encode(rows)
    answers = task.answers(_perfect(task, examples), examples, rows)
    assert task.measure(answers, rows).metrics["entity_f1"] > 0.99
