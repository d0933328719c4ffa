"""GloVe (Pennington, Socher and Manning 2014, "GloVe: Global Vectors for Word Representation"), compiled with numba.

Read ``train.py`` first: prepare, count, resolve, build, train, save. Then ``counting.py`` (how often words meet, within
a memory budget), ``pairs.py`` (the counts as shuffled training pairs), ``kernel.py`` (the method itself),
``gpu.py`` (the same on a graphics card) and ``state.py`` (what a checkpoint holds).
"""
