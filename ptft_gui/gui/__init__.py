"""The window: it draws what a run reports and sends what a person asks."""
