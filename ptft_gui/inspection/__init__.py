"""Questions to a trained model: no Qt, no window, no process handling."""
