"""The Details tab of a run: everything about it, to be read, copied and repeated."""
