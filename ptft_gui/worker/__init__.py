"""Process entry points, thin: they own signals, log files and commands, and call the engine. No Qt here."""
