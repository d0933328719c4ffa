"""Tokenizers learned from the text of a run, complete enough that plain transformers opens them.

Three kinds, all made with the tokenizers library:

* ``characters``  every character is a token; nothing to learn but which there are
* ``bpe``         byte-level byte-pair encoding, as GPT-2 (Radford et al. 2019): it can write any text
* ``wordpiece``   WordPiece, as BERT (Devlin et al. 2019): words and ``##`` endings, unknown words become ``[UNK]``

A folder holds ``tokenizer.json`` and ``tokenizer_config.json``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import DataError, ModelError, StoppedByPerson
from ptft_gui.data.cache import build_whole
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.engine.language.documents import RawText, read_pieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

CHARACTERS, BPE, WORDPIECE = "characters", "bpe", "wordpiece"
END_OF_TEXT, UNKNOWN = "<|endoftext|>", "<unk>"
BERT_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LEARNED_FROM_CHARACTERS = 200_000_000
"""A tokenizer learns from at most so much text, drawn evenly: more changes nothing and costs memory."""
MOST_CHARACTERS_KINDS = 20_000
VERSION = 1
_LEARNING_PIECE = 1 << 12
_LONGEST_WORD = 100


@dataclass(frozen=True)
class TokenizerPlan:
    """Which tokenizer is to be learned: ``kind``, the number of tokens asked for, lower case or not, for whom.

    ``special_names``: the special tokens of one that was taken from an earlier model, in the order of :attr:`special`.
    """

    kind: str
    vocab_size: int
    is_lower_case: bool
    is_masked: bool
    special_names: tuple[str, ...] = ()

    @property
    def special(self) -> tuple[str, ...]:
        """The tokens that are no text: of a masked model padding, unknown, begin, end and blank; of a causal one the
        end of a text and, where there is one, unknown."""
        if self.special_names:
            return self.special_names
        if self.is_masked:
            return BERT_SPECIAL
        return (END_OF_TEXT, UNKNOWN) if self.kind == CHARACTERS else (END_OF_TEXT,)

    @property
    def unknown(self) -> str | None:
        return self.special[1] if len(self.special) > 1 else None

    @property
    def end(self) -> str:
        """What stands between two documents."""
        return self.special[3] if self.is_masked else self.special[0]


def numbers_of(tokenizer: Tokenizer) -> int:
    """The highest number of a token and one more: foreign vocabularies may hold one twice and skip a number."""
    return 1 + max(tokenizer.get_vocab(with_added_tokens=True).values(), default=-1)


@dataclass(frozen=True)
class TextTokenizer:
    """A tokenizer and what the tokens of its vocabulary are. ``folder`` holds its files."""

    folder: Path
    tokenizer: Tokenizer
    plan: TokenizerPlan
    _ids: dict[str, int] = field(default_factory=dict)

    @cached_property
    def size(self) -> int:
        """How many numbers the tokens have, special ones included."""
        return numbers_of(self.tokenizer)

    @cached_property
    def stamp(self) -> str:
        """Changes when the tokenizer does."""
        return hashlib.sha256((self.folder / "tokenizer.json").read_bytes()).hexdigest()

    def special_id(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise ModelError(f"The tokenizer lacks {token}.", hint="Start the run again from the beginning.")
        return int(found)

    @property
    def end_id(self) -> int:
        """What stands between two documents."""
        return self.special_id(self.plan.end)

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, without special ones around it."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def encode_many(self, texts: list[str]) -> list[list[int]]:
        return [found.ids for found in self.tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

    def decode(self, ids: list[int]) -> str:
        return str(self.tokenizer.decode(ids, skip_special_tokens=True))

    def is_special(self) -> NDArray[np.bool_]:
        """Shape (size,): which tokens are no text."""
        found = np.zeros(self.size, bool)
        found[[self.special_id(token) for token in self.plan.special]] = True
        return found

    def begins_word(self) -> NDArray[np.bool_]:
        """Shape (size,): which tokens begin a word, for masking whole words."""
        words = [self.tokenizer.id_to_token(number) or "" for number in range(self.size)]
        if self.plan.kind == WORDPIECE:
            return np.array([not word.startswith("##") for word in words])
        if self.plan.kind == BPE:  # a space is written as Ġ, a line end as Ċ; marks stand alone
            return np.array([not word[:1].isalnum() for word in words])
        return np.ones(self.size, bool)


def learn_tokenizer(
    text: RawText,
    plan: TokenizerPlan,
    cache_dir: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> TextTokenizer:
    """The tokenizer of a text: from the cache, or learned now. Raises DataError, StoppedByPerson."""
    told = f"{VERSION} {text.folder.name} {plan.kind} {plan.vocab_size} {plan.is_lower_case} {plan.is_masked}"
    folder = cache_dir / "language" / f"tokenizer-{hashlib.sha256(told.encode()).hexdigest()[:24]}"
    if not is_tokenizer(folder):
        build_whole(folder, lambda target: _learn(text, plan, target, progress, should_stop), is_tokenizer)
    return open_tokenizer(folder, plan)


def is_tokenizer(folder: Path) -> bool:
    return (folder / "tokenizer.json").is_file() and (folder / "tokenizer_config.json").is_file()


def open_tokenizer(folder: Path, plan: TokenizerPlan) -> TextTokenizer:
    """Raises ModelError for a file that cannot be read."""
    from tokenizers import Tokenizer

    try:
        return TextTokenizer(folder, Tokenizer.from_file(str(folder / "tokenizer.json")), plan)
    except Exception as problem:  # the library raises bare Exceptions
        raise ModelError(
            "The tokenizer of this run cannot be read.",
            f"{folder / 'tokenizer.json'}: {problem}",
            "Start the run again from the beginning.",
        ) from None


def _learn(
    text: RawText, plan: TokenizerPlan, folder: Path, progress: Progress, should_stop: ShouldStop
) -> None:
    pieces = _pieces_to_learn_from(text, progress, should_stop)
    tokenizer = _characters_tokenizer(pieces, plan) if plan.kind == CHARACTERS else _trained(pieces, plan)
    _complete(tokenizer, plan)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = as_transformers(tokenizer, plan)
    config.save_pretrained(str(folder))
    if tokenizer.get_vocab_size() <= len(plan.special) + 1:
        raise DataError(
            "There is too little text to make a tokenizer from.",
            f"Only {tokenizer.get_vocab_size() - len(plan.special)} different signs were found.",
            "Choose a longer text.",
        )


def _pieces_to_learn_from(text: RawText, progress: Progress, should_stop: ShouldStop) -> Iterator[str]:
    """Short pieces of the text, all of them or, of a huge one, an even share; held-out text is read for characters."""
    total = max(text.train_characters, 1)
    every = max(1, round(total / LEARNED_FROM_CHARACTERS))
    done = 0
    for number, (piece, _) in enumerate(read_pieces(text.train_path, _LEARNING_PIECE)):
        if should_stop():
            raise StoppedByPerson
        done += len(piece)
        if number % 64 == 0:
            progress("Learning which tokens the text is made of", min(1.0, done / total))
        if number % every == 0:
            yield piece


def _characters_tokenizer(pieces: Iterator[str], plan: TokenizerPlan) -> Tokenizer:
    """A tokenizer of single characters, the most frequent ones where there are very many."""
    from tokenizers import Tokenizer, decoders, models

    counts: Counter[str] = Counter()
    normalizer = _normalizer(plan)
    for piece in pieces:
        counts.update(normalizer.normalize_str(piece) if normalizer is not None else piece)
    most = min(MOST_CHARACTERS_KINDS, plan.vocab_size - len(plan.special))
    kept = sorted(character for character, _ in counts.most_common(most))
    vocabulary = {token: number for number, token in enumerate((*plan.special, *kept))}
    # pairs are merged by rules, and without a rule every character stays alone
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token=plan.unknown))
    tokenizer.decoder = decoders.Fuse()
    return tokenizer


def _trained(pieces: Iterator[str], plan: TokenizerPlan) -> Tokenizer:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    special = list(plan.special)
    trainer: Any
    if plan.kind == WORDPIECE:
        tokenizer = Tokenizer(
            models.WordPiece(unk_token=plan.unknown, max_input_chars_per_word=_LONGEST_WORD)
        )
        tokenizer.normalizer = _normalizer(plan)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
        trainer = trainers.WordPieceTrainer(
            vocab_size=plan.vocab_size, special_tokens=special, show_progress=False, limit_alphabet=6000
        )
    else:
        tokenizer = Tokenizer(models.BPE(unk_token=None))
        tokenizer.normalizer = _normalizer(plan)
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=plan.vocab_size,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    tokenizer.train_from_iterator(pieces, trainer)
    return tokenizer


def _normalizer(plan: TokenizerPlan) -> Any:
    from tokenizers import normalizers

    if plan.kind == WORDPIECE:
        return normalizers.BertNormalizer(lowercase=plan.is_lower_case, strip_accents=False)
    return normalizers.Lowercase() if plan.is_lower_case else None


def _complete(tokenizer: Tokenizer, plan: TokenizerPlan) -> None:
    """What the library does not add by itself: special tokens, and those that stand around a text."""
    from tokenizers import AddedToken, processors

    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in plan.special]
    )
    if plan.kind == CHARACTERS and tokenizer.normalizer is None:
        normalizer = _normalizer(plan)
        if normalizer is not None:
            tokenizer.normalizer = normalizer
    if plan.is_masked:
        begin, end = BERT_SPECIAL[2], BERT_SPECIAL[3]
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{begin} $A {end}",
            pair=f"{begin} $A {end} $B:1 {end}:1",
            special_tokens=[(token, tokenizer.token_to_id(token)) for token in (begin, end)],
        )


def as_transformers(
    tokenizer: Tokenizer, plan: TokenizerPlan, longest: int = 1024
) -> PreTrainedTokenizerFast:
    """The same as transformers knows it; ``longest``: tokens that the model can read at once."""
    from transformers import PreTrainedTokenizerFast

    names: dict[str, str | None]
    if plan.is_masked:
        pad, unknown, begin, end, mask = plan.special
        names = {
            "pad_token": pad, "unk_token": unknown, "cls_token": begin, "sep_token": end, "mask_token": mask,
        }  # fmt: skip
    else:
        names = dict.fromkeys(("eos_token", "bos_token", "pad_token"), plan.end)
        names["unk_token"] = plan.unknown or plan.end
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=longest,
        clean_up_tokenization_spaces=False,
        padding_side="right" if plan.is_masked else "left",
        **names,
    )


def plan_from_record(record: dict[str, Any]) -> TokenizerPlan:
    """The plan that resolved values hold."""
    own = {key: record[key] for key in ("kind", "vocab_size", "is_lower_case", "is_masked")}
    return TokenizerPlan(**own, special_names=tuple(record.get("special_names") or ()))


def read_tokenizer_json(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return found
