"""Questions to a language model: what comes next, what fits a blank, how surprising a text is."""
