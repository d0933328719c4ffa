"""Reusable pieces of the window; each stands in a file of its own and knows no panel."""
