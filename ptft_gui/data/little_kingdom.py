"""The Little Kingdom: made-up sentences, built so that a small computer can learn them in seconds.

A person word has a role and a gender. A sentence joins a phrase of the role with a phrase of the gender, or carries
one of them alone; no phrase holds another person word. What "king" has in common with "queen" is then the role, and
with "man" the gender, which is all that king - man + woman = queen needs. Towns and countries are built the same way.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

SENTENCES = 8_000
SEED = 7


class Person(NamedTuple):
    """A word for a person."""

    word: str
    role: str
    gender: str


PEOPLE = (
    Person("king", "royal", "male"),
    Person("queen", "royal", "female"),
    Person("prince", "young royal", "male"),
    Person("princess", "young royal", "female"),
    Person("man", "plain", "male"),
    Person("woman", "plain", "female"),
    Person("boy", "child", "male"),
    Person("girl", "child", "female"),
    Person("father", "parent", "male"),
    Person("mother", "parent", "female"),
    Person("brother", "sibling", "male"),
    Person("sister", "sibling", "female"),
)

ROLE_PHRASES = {
    "royal": (
        "wears the golden crown",
        "sits on the high throne",
        "rules the whole kingdom",
        "signs a new law with a feather",
        "greets the army from the balcony",
    ),
    "young royal": (
        "lives in the palace tower",
        "will inherit the kingdom one day",
        "rides a white horse to the palace",
        "dances at the royal ball",
        "learns manners from the old duke",
    ),
    "plain": (
        "works at the mill",
        "carries bread to the market",
        "mends the fence by the road",
        "pays taxes every autumn",
        "rests on a bench after work",
    ),
    "child": (
        "runs to school with a satchel",
        "climbs the apple tree",
        "does sums on a slate",
        "loses a front tooth",
        "plays marbles in the yard",
    ),
    "parent": (
        "rocks the baby to sleep",
        "cooks supper for the family",
        "tells a story at bedtime",
        "packs lunch for the little ones",
        "worries when it gets late",
    ),
    "sibling": (
        "shares a room with the twins",
        "quarrels over the last biscuit",
        "borrows a coat without asking",
        "keeps a secret for the twins",
        "whispers jokes under the blanket",
    ),
}

GENDER_PHRASES = {
    "male": (
        "they call him sir",
        "he trims his beard",
        "he hums in his deep voice",
        "he brushes his moustache",
        "a gentleman lifts his hat to him",
    ),
    "female": (
        "they call her madam",
        "she braids her long hair",
        "she sings in her clear soprano",
        "she smooths her silk dress",
        "a lady shows her the brooch",
    ),
}


class Country(NamedTuple):
    """A country, its capital, and phrases that belong to both."""

    name: str
    capital: str
    phrases: tuple[str, ...]


COUNTRIES = (
    Country(
        "France",
        "Paris",
        ("people speak French", "cooks stir onion soup", "the Seine flows by", "shops sell lavender soap"),
    ),
    Country(
        "Italy",
        "Rome",
        ("people speak Italian", "cooks boil spaghetti", "the Tiber flows by", "shops sell lemon ice"),
    ),
    Country(
        "Spain",
        "Madrid",
        ("people speak Spanish", "cooks season paella", "the Manzanares flows by", "shops sell painted fans"),
    ),
    Country(
        "England",
        "London",
        ("people speak English", "cooks bake crumpets", "the Thames flows by", "shops sell black umbrellas"),
    ),
)

PLACE_PHRASES = {
    "capital": (
        "is a busy city",
        "has crowded streets and trams",
        "has a mayor and a town hall",
        "counts many bridges and museums",
        "is the capital",
    ),
    "country": (
        "is a large country",
        "has long borders and a flag",
        "has farms and forests",
        "counts many towns and valleys",
        "lies on the map of Europe",
    ),
}

ANIMALS = {
    "cat": ("purrs on the sofa", "milk", "chases the mouse"),
    "kitten": ("purrs on the sofa", "milk", "chases the mouse"),
    "dog": ("barks at the gate", "bones", "fetches the stick"),
    "puppy": ("barks at the gate", "bones", "fetches the stick"),
    "cow": ("grazes in the meadow", "grass", "stands in the barn"),
    "sheep": ("grazes in the meadow", "grass", "stands in the barn"),
    "hen": ("pecks around the farmyard", "corn", "flaps both wings"),
    "duck": ("pecks around the farmyard", "corn", "flaps both wings"),
}
ANIMAL_SENTENCES = (
    "The {animal} {habit}.",
    "Every {animal} loves {food}.",
    "The {animal} {habit} and {trick}.",
    "After some {food} the {animal} {trick}.",
)


def sentences(seed: int = SEED, count: int = SENTENCES) -> Iterator[str]:
    """``count`` sentences, always the same for the same seed: three fifths people, a fifth towns, a fifth animals."""
    chance = random.Random(seed)
    makers: tuple[Callable[[random.Random], str], ...] = (_people, _people, _people, _places, _animals)
    for _ in range(count):
        yield chance.choice(makers)(chance)


def _people(chance: random.Random) -> str:
    person = chance.choice(PEOPLE)
    role = chance.choice(ROLE_PHRASES[person.role])
    gender = chance.choice(GENDER_PHRASES[person.gender])
    form = chance.choice(
        (
            "The {word} {role} and {gender}.",
            "When the {word} {role}, {gender}.",
            "The {word} {role}.",
            "That is the {word}: {gender}.",
        )
    )
    return form.format(word=person.word, role=role, gender=gender)


def _places(chance: random.Random) -> str:
    country = chance.choice(COUNTRIES)
    kind = chance.choice(("capital", "country"))
    form = chance.choice(
        (
            "{place} {kind}, and there {phrase}.",
            "In {place} {phrase}.",
            "{place} {kind}.",
            "Wherever {phrase} in {place}, someone sings.",
        )
    )
    return form.format(
        place=country.capital if kind == "capital" else country.name,
        kind=chance.choice(PLACE_PHRASES[kind]),
        phrase=chance.choice(country.phrases),
    )


def _animals(chance: random.Random) -> str:
    animal = chance.choice(tuple(ANIMALS))
    habit, food, trick = ANIMALS[animal]
    return chance.choice(ANIMAL_SENTENCES).format(animal=animal, habit=habit, food=food, trick=trick)
