"""Words worth watching come in bursts and stand all over the text."""

import random
from collections import Counter

from ptft_gui.data.telling_words import telling_words

TOPICS = {
    "harbour": ["ship", "sailor", "anchor"],
    "kitchen": ["bread", "butter", "oven"],
    "forest": ["tree", "bear", "moss"],
}
EVEN = [f"common{chr(97 + i)}" for i in range(26)]


def text_with_topics(seed=0):
    """Paragraphs about one topic each, in any order, in words that stand everywhere."""
    rng = random.Random(seed)
    sentences = []
    for _ in range(400):
        topic = rng.choice(sorted(TOPICS))
        for _ in range(12):
            words = rng.choices(EVEN, k=9) + rng.choices([topic, *TOPICS[topic]], k=3)
            rng.shuffle(words)
            sentences.append(words)
    return sentences


def test_topics_are_found_and_even_words_are_not():
    sentences = text_with_topics()
    counts = Counter(word for sentence in sentences for word in sentence)
    found = telling_words(counts, sentences, limit=10)
    topics = {word for topic, words in TOPICS.items() for word in (topic, *words)}
    assert len(found) == 10
    assert set(found) <= topics


def test_a_name_of_one_chapter_counts_for_less_than_a_topic_of_the_whole():
    sentences = text_with_topics()
    for number in range(600, 700):
        sentences[number] = ["romeo", "romeo", *sentences[number]]
    counts = Counter(word for sentence in sentences for word in sentence)
    found = telling_words(counts, sentences, limit=20)
    assert "romeo" not in found[:12]


def test_numbers_short_words_and_rare_words_are_not_proposed():
    sentences = [["1999", "ox", "seldom" if i == 0 else "often", f"word{i}"] * 60 for i in range(30)]
    counts = Counter(word for sentence in sentences for word in sentence)
    assert not {"1999", "ox"} & set(telling_words(counts, sentences))


def test_an_empty_or_tiny_text_proposes_nothing():
    assert telling_words({}, []) == []
    assert telling_words({"king": 2}, [["king", "king"]]) == []
