"""Word vectors that others made: ``opening.py`` tells which kind a file is, ``parsing.py`` reads each layout,
``table.py`` collects rows without trusting what a file says of itself, ``cache.py`` keeps what took long to read."""
