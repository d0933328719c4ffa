"""The whole way, as an engineer walks it: one command trains, the next ones ask, export and repeat.

Real processes throughout; what bare gensim makes of the same sentences is the measure.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec

WORDS = "king queen man woman castle river bread stone horse crown song night tower garden bridge".split()


@pytest.fixture
def ptft(tmp_path):
    """Calls the command line in a process of its own, in a home of its own."""
    environment = {**os.environ, "PTFT_HOME": str(tmp_path / "home"), "PTFT_RUNS": str(tmp_path / "runs")}

    def call(*arguments, expect=0):
        done = subprocess.run(
            [sys.executable, "-m", "ptft_gui", *map(str, arguments)],
            capture_output=True,
            text=True,
            env=environment,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return call


def sentences(count, seed=3):
    rng = random.Random(seed)
    return [[rng.choice(WORDS) for _ in range(rng.randint(3, 12))] for _ in range(count)]


def write(path, rows):
    path.write_text("\n".join(" ".join(row) for row in rows) + "\n", encoding="utf-8")
    return path


def train(ptft, text, *settings):
    plain = ("preparation=none", "val_fraction=0", "workers=1", *settings)
    options = [part for setting in plain for part in ("--set", setting)]
    done = ptft("train", "--family", "word2vec", "--dataset", text, *options, "--json")
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize(
    ("settings", "options"),
    [
        (("sg=1", "negative=5"), {"sg": 1, "negative": 5}),
        (("sg=0", "negative=7"), {"sg": 0, "negative": 7}),
        (("sg=1", "hs=1", "negative=0"), {"sg": 1, "hs": 1, "negative": 0}),
        (("sg=0", "hs=1", "negative=0", "cbow_mean=0"), {"sg": 0, "hs": 1, "negative": 0, "cbow_mean": 0}),
    ],
)
def test_the_vectors_are_those_of_bare_gensim(ptft, tmp_path, settings, options):
    rows = sentences(1500)
    text = write(tmp_path / "text.txt", rows)
    common = (
        "vector_size=24",
        "window=3",
        "min_count=2",
        "epochs=3",
        "seed=7",
        "sample=0.01",
        "batch_words=1000",
    )
    result = train(ptft, text, *common, *settings)
    assert result["state"] == "finished"
    ptft("export", result["run"], "--format", "word2vec-binary", "--to", tmp_path / "vectors.bin")
    ours = KeyedVectors.load_word2vec_format(str(tmp_path / "vectors.bin"), binary=True)
    bare = Word2Vec(
        rows,
        vector_size=24,
        window=3,
        min_count=2,
        epochs=3,
        seed=7,
        sample=0.01,
        batch_words=1000,
        workers=1,
        **options,
    ).wv
    assert ours.index_to_key == bare.index_to_key
    for word in bare.index_to_key:
        cosine = np.dot(ours.get_vector(word, norm=True), bare.get_vector(word, norm=True))
        assert cosine > 0.9999, word


def test_three_sentences_of_three_words_answer_as_gensim_does(ptft, tmp_path):
    rows = [["king", "rules", "land"], ["queen", "rules", "castle"], ["king", "loves", "queen"]]
    text = write(tmp_path / "tiny.txt", rows)
    result = train(ptft, text, "vector_size=3", "window=1", "min_count=1", "epochs=5", "seed=1")
    answer = json.loads(ptft("ask", result["run"], "--similar", "king", "--topn", "6", "--json").stdout)[
        "similar"
    ]
    bare = Word2Vec(
        rows, vector_size=3, window=1, min_count=1, epochs=5, seed=1, sg=1, workers=1, sample=0.01
    )
    expected = bare.wv.most_similar("king", topn=6)
    assert {"train/loss"} <= set(result["metrics"])
    assert "val/loss" not in result["metrics"]
    assert [word for word, _ in answer][:2]
    same_sample = train(
        ptft, text, "vector_size=3", "window=1", "min_count=1", "epochs=5", "seed=1", "sample=0.01"
    )
    answer = json.loads(ptft("ask", same_sample["run"], "--similar", "king", "--topn", "6", "--json").stdout)[
        "similar"
    ]
    assert [word for word, _ in answer] == [word for word, _ in expected]
    assert np.allclose([value for _, value in answer], [value for _, value in expected], atol=5e-3)


def test_a_small_text_gets_a_lower_minimum_count_with_its_reason(ptft, tmp_path):
    rng = random.Random(1)
    vocabulary = [f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(600)]
    rows = [[rng.choice(vocabulary) for _ in range(9)] for _ in range(150)]
    text = write(tmp_path / "small.txt", rows)
    done = ptft("train", "--family", "word2vec", "--dataset", text, "--preset", "tiny", "--json")
    run = json.loads(done.stdout.strip().splitlines()[-1])["run"]
    events = [
        json.loads(line) for line in (Path(run) / "events.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    resolved = next(event for event in events if event["event"] == "resolved")
    assert resolved["values"]["min_count"] < 5
    assert "usual limit of 5" in resolved["reasons"]["min_count"]


def test_every_step_after_training(ptft, tmp_path):
    text = write(tmp_path / "text.txt", sentences(1500))
    result = train(ptft, text, "vector_size=16", "min_count=1", "epochs=2")
    assert '"finished"' in ptft("runs", "--json").stdout
    ptft("export", result["run"], "--format", "word2vec-text", "--to", tmp_path / "vectors.txt")
    again = json.loads(ptft("ask", tmp_path / "vectors.txt", "--similar", "king", "--json").stdout)["similar"]
    first = json.loads(ptft("ask", result["run"], "--similar", "king", "--json").stdout)["similar"]
    assert [word for word, _ in again] == [word for word, _ in first]
    unknown = ptft("ask", result["run"], "--similar", "kingg", expect=2)
    assert "king" in unknown.stderr
    assert len(unknown.stderr.strip().splitlines()) == 1


def test_the_same_seed_and_one_thread_repeat_a_run(ptft, tmp_path):
    text = write(tmp_path / "text.txt", sentences(800))
    runs = [train(ptft, text, "vector_size=8", "min_count=1", "epochs=2", "seed=5")["run"] for _ in range(2)]
    first, second = ((Path(run) / "model" / "vectors.safetensors").read_bytes() for run in runs)
    assert first == second
