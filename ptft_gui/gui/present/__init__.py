"""Present mode: one run, full screen, large enough for a room."""
