"""Text comes in here: found, read, prepared, split and kept for training; no Qt, no torch."""
