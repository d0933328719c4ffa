"""From text to lists of words: the one function used for training text and for what a person asks later.

Two preparations exist:

``words``
    A line or sentence is a sentence. Text is lower-cased and brought into Unicode form NFC, cut at word boundaries,
    punctuation is dropped, digits are kept. A word is a run of letters, marks and digits; an apostrophe, hyphen or
    underscore between two of them stays inside ("don't", "well-known", "new_york"), and so do points and commas
    between digits ("3.14", "1,000"). Typographic apostrophes and hyphens become the plain ones, so that "don’t"
    and "don't" are one word. Chinese characters and Japanese kana, which are written without spaces, are a word each.
``none``
    A line is a sentence and is split at white space; nothing else is changed.

Each of these habits can be switched (see :class:`~ptft_gui.data.preparation.switches.Switches`), with ``none`` too:

=============== =================== ================================================================================
``case``        lower, keep
``digits``      keep, drop, zero    drop leaves out numbers (words without a letter); zero writes every digit as 0
``punctuation`` drop, keep          keep makes every mark a word of its own; with ``none``, drop takes marks off words
``stop_words``  keep, drop          the words of stopwords-iso for ``language``
``sentences``   split, lines        lines: a full stop ends no sentence, a line does
``chinese``     characters, words   words are told apart with jieba
``markup``      keep, drop          HTML tags and entities
``copies``      keep, drop          repeated lines and documents, while a corpus is built; not when a person asks
=============== =================== ================================================================================

What the window's companion and a saved model need is light; jieba, stop words and the language detector are loaded
by the first text that needs them.
"""

from __future__ import annotations

from ptft_gui.data.preparation.comparison import before_and_after
from ptft_gui.data.preparation.copies import KeepOne, Repeated, copies_sentence
from ptft_gui.data.preparation.cutting import cut_words, is_mark, is_number, normalise, words_of_sentence
from ptft_gui.data.preparation.prepare import Preparation
from ptft_gui.data.preparation.proposal import (
    PreparationProposal,
    Proposal,
    choose_preparation,
    propose_preparation,
    sample_of,
)
from ptft_gui.data.preparation.sentence_ends import sentence_starts
from ptft_gui.data.preparation.switches import PreparationName, check_switches

__all__ = [
    "KeepOne",
    "Preparation",
    "PreparationName",
    "PreparationProposal",
    "Proposal",
    "Repeated",
    "before_and_after",
    "check_switches",
    "choose_preparation",
    "copies_sentence",
    "cut_words",
    "is_mark",
    "is_number",
    "normalise",
    "propose_preparation",
    "sample_of",
    "sentence_starts",
    "words_of_sentence",
]
