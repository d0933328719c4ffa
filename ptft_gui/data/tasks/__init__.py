"""Rows of questions, tagged words, pairs and prompts as they stand, for a model that answers them."""
