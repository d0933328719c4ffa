"""Training: one file a family, each readable top to bottom. No Qt, no process handling."""
