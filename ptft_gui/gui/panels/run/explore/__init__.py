"""Explore: questions to the word vectors of an ended run."""

from ptft_gui.gui.panels.run.explore.tab import ExploreTab, analogy_questions

__all__ = ["ExploreTab", "analogy_questions"]
