"""The model families as data, and everything that may be chosen of one: options, sizes, methods, tasks, starts."""
