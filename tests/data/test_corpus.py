"""A corpus is prepared once, divided honestly, and whole in the cache or absent."""

import json
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.preparation import Preparation
from ptft_gui.data.request import CorpusRequest

NOUNS = "cat dog cow hen duck sheep goat horse bird fish".split()


def sentence(chance: random.Random) -> str:
    return f"The {' and the '.join(chance.sample(NOUNS, 4))} number {chance.randrange(10**6)} meet."


def make_text(path: Path, count: int, per_document: int = 1, gap: str = "\n", seed: int = 0) -> Path:
    """``count`` different sentences, ``per_document`` of them joined to one document."""
    chance = random.Random(seed)
    lines = [sentence(chance) for _ in range(count)]
    texts = [" ".join(lines[at : at + per_document]) for at in range(0, count, per_document)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(gap.join(texts) + "\n", encoding="utf-8")
    return path


def prepare(path: Path, cache: Path, **settings: object) -> PreparedCorpus:
    return prepare_corpus(CorpusRequest(str(path), **settings), cache)  # type: ignore[arg-type]


def sides(corpus: PreparedCorpus) -> tuple[list[str], list[str]]:
    return [" ".join(s) for s in corpus.train_sentences()], [" ".join(s) for s in corpus.val_sentences()]


def test_nothing_is_lost_and_the_facts_add_up(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 1000)
    corpus = prepare(path, tmp_path / "cache")
    train, val = sides(corpus)
    whole = [" ".join(s) for s in Preparation().apply(path.read_text())]
    assert sorted(train + val) == sorted(whole)
    facts = corpus.facts
    assert facts["sentences"] == len(whole) == facts["train"]["sentences"] + facts["val"]["sentences"]
    assert facts["tokens"] == sum(len(s.split()) for s in whole)
    assert facts["val"] == {"sentences": len(val), "tokens": sum(len(s.split()) for s in val)}
    assert facts["documents"] == 1000
    assert 0.08 <= len(val) / len(whole) <= 0.1
    counts = Counter(chain.from_iterable(s.split() for s in whole))
    assert corpus.word_counts() == counts
    assert list(corpus.word_counts()) == list(counts)
    assert corpus.types_reaching()[5] == sum(count >= 5 for count in counts.values())


def test_sentences_can_be_read_again_and_from_any_place(tmp_path: Path) -> None:
    corpus = prepare(make_text(tmp_path / "a.txt", 300), tmp_path / "cache")
    everything = list(corpus.train_sentences())
    assert list(corpus.train_sentences()) == everything
    assert list(corpus.train_sentences(start=100)) == everything[100:]


def test_some_sentences_can_be_picked_out(tmp_path: Path) -> None:
    corpus = prepare(make_text(tmp_path / "a.txt", 1000), tmp_path / "cache")
    for is_held_out, sentences in ((False, corpus.train_sentences()), (True, corpus.val_sentences())):
        everything = list(sentences)
        numbers = [0, 1, 5, 6, 40, len(everything) - 1]
        assert corpus.pick_sentences(is_held_out, numbers) == [everything[number] for number in numbers]
    assert corpus.pick_sentences(False, []) == []


def test_memory_holds_each_word_once(tmp_path: Path) -> None:
    corpus = prepare(make_text(tmp_path / "a.txt", 300), tmp_path / "cache")
    loaded = corpus.load_in_memory()
    assert loaded is not None
    assert loaded.train == list(corpus.train_sentences())
    assert loaded.val == list(corpus.val_sentences())
    assert loaded.train[0][0] is loaded.train[1][0]
    assert corpus.load_in_memory(limit_tokens=10) is None


def test_whole_documents_are_held_out(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 600, per_document=10, gap="\n\n")
    corpus = prepare(path, tmp_path / "cache")
    _, val = sides(corpus)
    assert corpus.facts["split"]["kind"] == "documents"
    documents = [{" ".join(s) for s in Preparation().apply(text)} for text in path.read_text().split("\n\n")]
    held = set(val)
    assert held
    assert all(document <= held or not document & held for document in documents)


def test_a_folder_of_many_files_takes_each_as_a_document(tmp_path: Path) -> None:
    for number in range(25):
        make_text(tmp_path / "folder" / f"{number}.txt", 20, per_document=2, gap="\n\n", seed=number)
    facts = prepare(tmp_path / "folder", tmp_path / "cache").facts
    assert facts["documents"] == 25
    assert facts["val"]["sentences"] % 20 == 0
    assert facts["val"]["sentences"] > 0


def test_few_documents_lose_their_end(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 400, per_document=400)
    corpus = prepare(path, tmp_path / "cache")
    train, val = sides(corpus)
    assert corpus.facts["split"]["kind"] == "end"
    assert train + val == [" ".join(s) for s in Preparation().apply(path.read_text())]
    assert 0.08 <= len(val) / 400 <= 0.1


def test_tail_cuts_exactly_by_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x" * 50 + " " + "y" * 149, encoding="utf-8")
    train, val = sides(prepare(path, tmp_path / "cache", split="tail", val_fraction=0.25))
    assert train == ["x" * 50 + " " + "y" * 99]
    assert val == ["y" * 50]


def test_equal_sentences_stay_on_one_side(tmp_path: Path) -> None:
    chance = random.Random(3)
    lines = [sentence(chance) for _ in range(150)] * 4 + [sentence(chance) for _ in range(300)]
    chance.shuffle(lines)
    path = tmp_path / "a.txt"
    path.write_text("\n".join(" ".join(lines[at : at + 5]) for at in range(0, 900, 5)), encoding="utf-8")
    corpus = prepare(path, tmp_path / "cache")
    train, val = sides(corpus)
    assert val
    assert not set(train) & set(val)
    assert len(train) + len(val) == 900
    given_back = next(d for d in corpus.facts["decisions"] if d["finding"] == "given_back")
    assert given_back["count"] > 0


def test_zero_holds_nothing_out_and_keeps_the_order(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 500)
    corpus = prepare(path, tmp_path / "cache", val_fraction=0, preparation="none")
    assert list(corpus.train_sentences()) == [line.split() for line in path.read_text().splitlines()]
    assert list(corpus.val_sentences()) == []


def test_a_small_text_holds_nothing_out_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("king rules land\nqueen rules land\nman works land\n", encoding="utf-8")
    corpus = prepare(path, tmp_path / "cache")
    assert len(list(corpus.train_sentences())) == 3
    assert any("too small to hold a part out" in notice for notice in corpus.facts["notices"])


def test_the_seed_changes_what_is_held_out(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 500)
    held = [sides(prepare(path, tmp_path / "cache", seed=seed))[1] for seed in (1, 2, 1)]
    assert held[0] == held[2]
    assert held[0] != held[1]


def test_an_automatic_part_is_capped(tmp_path: Path) -> None:
    facts = prepare(make_text(tmp_path / "a.txt", 60_000), tmp_path / "cache").facts
    assert 4_900 <= facts["val"]["sentences"] <= 5_000


def test_given_splits_are_kept(tmp_path: Path) -> None:
    make_text(tmp_path / "set" / "train.txt", 300, seed=1)
    make_text(tmp_path / "set" / "dev.txt", 50, seed=2)
    own = make_text(tmp_path / "own.txt", 70, seed=3)
    facts = prepare(tmp_path / "set", tmp_path / "cache").facts
    assert (facts["split"]["kind"], facts["train"]["sentences"], facts["val"]["sentences"]) == (
        "given",
        300,
        50,
    )
    assert prepare(tmp_path / "set", tmp_path / "cache", val=str(own)).facts["val"]["sentences"] == 70


def test_an_edited_file_makes_a_new_corpus(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 300)
    first = prepare(path, tmp_path / "cache")
    assert prepare(path, tmp_path / "cache").folder == first.folder
    make_text(path, 300, seed=9)
    second = prepare(path, tmp_path / "cache")
    assert second.folder != first.folder
    assert second.facts["fingerprint"] != first.facts["fingerprint"]


def test_a_damaged_cache_is_built_again(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 300)
    first = prepare(path, tmp_path / "cache")
    before = sides(first)
    first.train_path.write_bytes(first.train_path.read_bytes()[:100])
    assert sides(prepare(path, tmp_path / "cache")) == before


def test_empty_files_of_a_folder_are_named(tmp_path: Path) -> None:
    make_text(tmp_path / "set" / "a.txt", 300)
    (tmp_path / "set" / "b.txt").touch()
    assert (
        "b.txt is empty and was left aside." in prepare(tmp_path / "set", tmp_path / "cache").facts["notices"]
    )


def test_text_without_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("... !!! ???\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.txt holds no words"):
        prepare(path, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_unknown_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no dataset, file or folder named wikipedai") as caught:
        prepare_corpus(CorpusRequest("wikipedai"), tmp_path)
    assert "wikipedia" in caught.value.detail


def test_a_person_can_stop_it(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 300)
    with pytest.raises(StoppedByPerson):
        prepare_corpus(CorpusRequest(str(path)), tmp_path / "cache", should_stop=lambda: True)
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_unwritable_cache_is_met_with_a_sentence(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", 300)
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(DataError, match="Prepared text cannot be kept"):
        prepare(path, tmp_path / "cache")


def _build(path: str, cache: str) -> None:
    prepare_corpus(CorpusRequest(path), Path(cache))


def test_builders_at_the_same_time_agree(tmp_path: Path) -> None:
    path, cache = make_text(tmp_path / "a.txt", 3000), tmp_path / "cache"
    context = multiprocessing.get_context("spawn")
    builders = [context.Process(target=_build, args=(str(path), str(cache))) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(60)
    assert [builder.exitcode for builder in builders] == [0, 0, 0]
    assert [folder.name for folder in cache.iterdir()] == [prepare(path, cache).folder.name]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_a_killed_builder_leaves_no_half_corpus(tmp_path: Path) -> None:
    path, cache = make_text(tmp_path / "a.txt", 40_000), tmp_path / "cache"
    builder = multiprocessing.get_context("spawn").Process(target=_build, args=(str(path), str(cache)))
    builder.start()
    while not list(cache.glob(".building-*/all.txt")):
        time.sleep(0.001)
    assert builder.pid is not None
    os.kill(builder.pid, signal.SIGKILL)
    builder.join(60)
    assert [folder.name for folder in cache.iterdir() if not folder.name.startswith(".building-")] == []
    corpus = prepare(path, cache)
    assert corpus.facts["sentences"] == 40_000
    assert json.loads((corpus.folder / "facts.json").read_text())["documents"] == 40_000
