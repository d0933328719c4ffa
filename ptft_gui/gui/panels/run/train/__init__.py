"""The Train tab of a run: its curves, what it answers as it learns, and what it says of itself."""
