"""Runs from the side of the window: starting, following, telling and ending them."""
