"""What a run says of itself in sentences: its headline, its narrator, its settings, its paragraph for a paper."""
