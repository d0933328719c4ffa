"""Word2Vec (Mikolov et al. 2013, arXiv 1301.3781 and 1310.4546), trained by gensim's compiled routines.

Read ``train.py`` first: prepare, resolve, build, train, save. Then ``threads.py`` (how batches reach the routines),
``loss.py`` (the honest curve) and ``state.py`` (what a checkpoint holds).
"""
