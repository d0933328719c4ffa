"""Training: families of models, and what they share. No Qt, no process handling, no window."""
