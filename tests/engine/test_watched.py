"""The neighbours of the watched words, also while other threads change the vectors."""

import threading

import numpy as np
from gensim.models import KeyedVectors

from ptft_gui.engine.watched import neighbours

WORDS = [f"word{number}" for number in range(300)]


def random_vectors(seed=0):
    return np.random.default_rng(seed).normal(size=(len(WORDS), 16)).astype(np.float32)


def test_neighbours_are_those_of_gensim():
    vectors = random_vectors()
    keyed = KeyedVectors(16)
    keyed.add_vectors(WORDS, vectors)
    (answer,) = neighbours(vectors, [7], WORDS, topn=5)
    expected = keyed.most_similar("word7", topn=5)
    assert [word for word, _ in answer] == [word for word, _ in expected]
    assert np.allclose([value for _, value in answer], [value for _, value in expected], atol=1e-3)


def test_a_vector_of_zeros_has_neighbours_without_meaning_and_without_a_fault():
    vectors = random_vectors()
    vectors[3] = 0
    (answer,) = neighbours(vectors, [3], WORDS, topn=4)
    assert [value for _, value in answer] == [0, 0, 0, 0]


def test_no_cosine_leaves_its_range_while_the_vectors_are_being_trained():
    vectors = random_vectors()
    is_over = threading.Event()

    def train():
        rng = np.random.default_rng(1)
        while not is_over.is_set():
            vectors[rng.integers(len(WORDS), size=50)] *= rng.choice([0.2, 5.0])

    thread = threading.Thread(target=train)
    thread.start()
    try:
        values = [
            value for _ in range(200) for answer in neighbours(vectors, [1, 2], WORDS) for _, value in answer
        ]
    finally:
        is_over.set()
        thread.join()
    assert max(values) <= 1.0
    assert min(values) >= -1.0
