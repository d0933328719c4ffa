"""The collections that people bring, as their README describes them; read where PTFT_REAL_DATA points to them."""

import os
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import PartKey, Table

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set"),
]


def opened(name: str) -> Table:
    return open_table_path(Path(os.environ["PTFT_REAL_DATA"], name))


def rows(table: Table, part: PartKey = "train") -> pl.DataFrame:
    return pl.concat(table.batches(part))


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


@pytest.mark.parametrize(
    ("folder", "kind", "counts"),
    [
        ("sst2", "table", {"train": 6920, "val": 872, "test": 1821}),
        ("mr", "classes", {"train": 10662}),
        ("imdb", "table", {"train": 10000, "test": 5000}),
        ("chnsenticorp", "table", {"train": 9600, "val": 1200, "test": 1200}),
        ("ag_news", "table", {"train": 9749, "test": 7600}),
        ("20newsgroups", "table", {"train": 5000, "test": 1500}),
        ("20newsgroups/raw_folder", "classes", {"train": 123}),
        ("thucnews", "table", {"train": 33590, "val": 10000, "test": 10000}),
        ("xquad", "questions", {"train": 2380}),
        ("cmrc2018", "questions", {"train": 4221}),
        ("subjqa_electronics", "table", {"train": 2345, "val": 261, "test": 718}),
        ("mrpc", "table", {"train": 4076, "test": 1725}),
        ("stsb", "table", {"train": 5749, "val": 1500, "test": 1379}),
        ("sick", "table", {"train": 9927}),
        ("afqmc", "table", {"train": 34334, "val": 4316}),
        ("wnut17", "tags", {"train": 3394, "val": 1009, "test": 1287}),
        ("weibo_ner", "tags", {"train": 1350, "val": 270, "test": 270}),
        ("word_similarity/EN-WS-353-ALL.txt", "table", {"train": 353}),
        ("word_similarity/EN-RW-STANFORD.txt", "table", {"train": 2034}),
        ("tang_poems", "table", {"train": 10008}),
        ("instruction/stanford_alpaca_first1807.json", "table", {"train": 1807}),
        ("instruction/alpaca_gpt4_zh_1000.json", "table", {"train": 1000}),
        ("instruction/llm_from_scratch_instructions.json", "table", {"train": 1100}),
        ("instruction/self_instruct_seed_tasks.jsonl", "table", {"train": 175}),
        ("lee_background", "text", {"train": 300}),
        ("names", "text", {"train": 32033}),
        ("tinyshakespeare/input.txt", "text", {"train": 7222}),
        ("text8/text8_prefix.txt", "text", {"train": 7}),
    ],
)
def test_every_collection_has_the_rows_its_readme_states(
    folder: str, kind: str, counts: dict[PartKey, int]
) -> None:
    table = opened(folder)
    found = {part.key: sum(frame.height for frame in table.batches(part.key)) for part in table.parts}
    assert (table.facts.kind, found, table.bad_row_count) == (kind, counts, 0)


def test_columns_of_scores_and_pairs_that_hold_lone_quotation_marks() -> None:
    frame = rows(opened("mrpc"))
    assert frame.columns[:5] == ["Quality", "#1 ID", "#2 ID", "#1 String", "#2 String"]
    assert Counter(frame["Quality"]) == {"1": 2753, "0": 1323}
    assert 'whom he called "the witness", of' in frame["#1 String"][0]
    stsb = rows(opened("stsb"))
    assert stsb.columns[:9] == [f"Column {number}" for number in range(1, 10)]
    assert stsb.height - stsb["Column 9"].null_count() == 197
    assert stsb["Column 5"].cast(pl.Float64).is_between(0, 5).all()


def test_labels_of_reviews_in_windows_1252_come_from_the_names_of_the_files() -> None:
    table = opened("mr")
    frame = rows(table)
    assert table.facts.given_roles == {"text": "text", "label": "label"}
    assert Counter(frame["label"]) == {"pos": 5331, "neg": 5331}
    assert frame["text"].str.contains("café|amélie").any()


def test_a_test_file_without_labels_keeps_its_texts_and_says_what_is_empty() -> None:
    table = opened("chnsenticorp")
    test = rows(table, "test")
    assert test["Column 2"].null_count() == 1200
    assert test["Column 1"].str.len_chars().mean() > 50  # type: ignore[operator]
    assert any("test.tsv has other columns than train.tsv" in said for said in table.facts.notices)


def test_a_test_file_without_header_is_read_under_the_columns_of_the_training_file() -> None:
    table = opened("ag_news")
    assert names(table) == ["label", "text"]
    assert Counter(rows(table, "test")["label"]) == dict.fromkeys("1234", 1900)


def test_answers_that_do_not_stand_where_the_file_says_are_counted() -> None:
    table = opened("cmrc2018/cmrc2018_dev.json")
    assert table.facts.notices == (
        "200 of the 9,657 answers in cmrc2018_dev.json do not stand in the text where the file says.",
    )
    frame = rows(table)
    assert (frame.height, frame["context"].n_unique(), frame["answers"].list.len().sum()) == (3219, 848, 9657)
    assert table.facts.given_roles["answer"] == "answers"


def test_answers_begin_where_they_should() -> None:
    for row in rows(opened("xquad/xquad.zh.json")).iter_rows(named=True):
        for answer, start in zip(row["answers"], row["answer_starts"], strict=True):
            assert row["context"][int(start) :].startswith(answer)


@pytest.mark.parametrize(
    ("folder", "counts"),
    [
        ("wnut17", {"train": 62730, "val": 15733, "test": 23394}),
        ("weibo_ner", {"train": 73778, "val": 14509, "test": 14842}),
    ],
)
def test_each_word_has_its_tag(folder: str, counts: dict[PartKey, int]) -> None:
    table = opened(folder)
    assert table.facts.given_roles == {"tokens": "tokens", "tags": "tags"}
    for key, count in counts.items():
        frame = rows(table, key)
        assert frame["tokens"].list.len().sum() == count
        assert (frame["tokens"].list.len() == frame["tags"].list.len()).all()


def test_parts_of_an_object_are_columns() -> None:
    table = opened("instruction/self_instruct_seed_tasks.jsonl")
    assert names(table) == [
        "id",
        "name",
        "instruction",
        "instances.input",
        "instances.output",
        "is_classification",
    ]
    assert rows(table)["is_classification"].to_list().count("true") == 26


def test_an_export_of_wikipedia_shows_an_article_at_once() -> None:
    table = opened("enwiki_dump_sample")
    assert (table.facts.kind, names(table)) == ("wikipedia", ["text"])
    assert table.head(1)["text"][0].startswith("Anarchism")
