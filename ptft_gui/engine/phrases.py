"""Words that stand together far more often than chance become one word ("new york" -> "new_york").

Mikolov et al. 2013 (arXiv 1310.4546), section 4, as gensim's ``Phrases`` computes it. The joined text is kept in the
cache beside the text it was made from, so that it is made once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path

from gensim.models.phrases import FrozenPhrases, Phrases

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.data.cache import build_whole
from ptft_gui.data.corpus import PreparedCorpus, open_corpus
from ptft_gui.data.preparation import Preparation, is_mark
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.text import PHRASE_DELIMITER

_VERSION = 1
_SENTENCES_BETWEEN_LOOKS = 2_000

Stretches = Callable[[list[str]], list[list[str]]]
Watched = Callable[[Iterable[list[str]], str], Iterator[list[str]]]


def join_phrases(
    corpus: PreparedCorpus, min_count: int, threshold: float, reporter: Reporter
) -> PreparedCorpus:
    """The corpus with its phrases joined; they are found in all of its text, the held-out part included."""
    name = f"{corpus.folder.name}-phrases{_VERSION}-{min_count}-{threshold:g}"
    folder = corpus.folder.with_name(name)
    if (joined := open_corpus(folder)) is not None:
        return joined
    stretches = _stretches_of(corpus)
    watched = _watched_by(reporter, int(corpus.facts["sentences"]))

    def build(target: Path) -> None:
        everything = chain(corpus.train_sentences(), corpus.val_sentences())
        looked_at = chain.from_iterable(map(stretches, watched(everything, "Looking for phrases")))
        found = Phrases(looked_at, min_count, threshold, delimiter=PHRASE_DELIMITER).freeze()
        _write_joined(corpus, found, target, watched, stretches)

    build_whole(folder, build, lambda path: open_corpus(path) is not None)
    return open_corpus(folder) or corpus


def _watched_by(reporter: Reporter, total: int) -> Watched:
    """Wraps sentences so that their number is reported and a stop is noticed between them."""

    def watched(sentences: Iterable[list[str]], text: str) -> Iterator[list[str]]:
        for number, sentence in enumerate(sentences):
            if number % _SENTENCES_BETWEEN_LOOKS == 0:
                if reporter.hold_or_stop():
                    raise StoppedByPerson
                reporter.phase("phrases", text, min(1.0, number / max(total, 1)))
            yield sentence

    return watched


def _stretches_of(corpus: PreparedCorpus) -> Stretches:
    """How sentences are divided before phrases are looked for: where punctuation was kept, each mark stands alone."""
    found = corpus.facts["preparation"]
    preparation = Preparation.from_record(found.get("record", found["value"]))
    is_kept = preparation.name == "words" and preparation.punctuation == "keep"
    return _between_marks if is_kept else lambda sentence: [sentence]


def _between_marks(sentence: list[str]) -> list[list[str]]:
    """Runs of words and runs of marks, in turn: no phrase reaches over a comma, and none holds one."""
    runs = [(is_a_mark, list(run)) for is_a_mark, run in groupby(sentence, is_mark)]
    return [part for is_a_mark, run in runs for part in ([[mark] for mark in run] if is_a_mark else [run])]


def _write_joined(
    corpus: PreparedCorpus, found: FrozenPhrases, folder: Path, watched: Watched, stretches: Stretches
) -> None:
    counts: Counter[str] = Counter()
    tokens = {}
    for side, sentences in (("train", corpus.train_sentences()), ("val", corpus.val_sentences())):
        before = counts.total()
        with (folder / f"{side}.txt").open("w", encoding="utf-8", newline="\n") as out:
            for sentence in watched(sentences, "Joining phrases"):
                joined = [word for stretch in stretches(sentence) for word in found[stretch]]
                counts.update(joined)
                out.write(" ".join(joined) + "\n")
        tokens[side] = counts.total() - before
    with (folder / "counts.txt").open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{word} {count}\n" for word, count in counts.items())
    facts = _facts_of_joined(corpus, tokens, len(counts))
    facts["cache_bytes"] = {
        name: (folder / name).stat().st_size for name in ("train.txt", "val.txt", "counts.txt")
    }
    (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _facts_of_joined(corpus: PreparedCorpus, tokens: dict[str, int], types: int) -> dict[str, object]:
    facts = dict(corpus.facts)
    for side, count in tokens.items():
        facts[side] = {**facts[side], "tokens": count}
    return {**facts, "tokens": sum(tokens.values()), "types": types, "tokens_before_phrases": facts["tokens"]}
