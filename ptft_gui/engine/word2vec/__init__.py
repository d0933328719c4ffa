"""Word2Vec (Mikolov et al. 2013, arXiv 1301.3781 and 1310.4546), by loops of our own or by gensim's compiled routines.

Read ``train.py`` first: prepare, resolve, build, train, save. Then ``threads.py`` (how batches reach a trainer),
``trainers.py`` (which trainers there are; our own is in ``fast/``), ``loss.py`` (the honest curve) and ``state.py``
(what a checkpoint holds).
"""
