"""Lessons in the window: a panel beside the ordinary pages, and what its steps do with them."""
