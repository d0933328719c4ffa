"""Recorded runs: a run played again by its time, through the same summary and the same page as a live one."""
