"""Questions to language models that have learned to judge whole texts: classes, labels, how alike two texts are."""
