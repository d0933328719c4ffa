"""The Evaluate tabs of a run: how good its model is, and where it goes wrong."""
