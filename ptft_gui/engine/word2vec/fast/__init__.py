"""The fast trainer of skip-gram and CBOW with negative sampling: negatives are shared, loops are compiled by numba.

Read ``kernel.py`` first (what is computed), then ``engine/lanes.py`` (how the inner loops use the processor's vector
units), ``encoded.py`` (the text as numbers) and ``trainer.py`` (how the training loop is served). ``gpu.py`` does the
same with torch. The model itself is that of the gensim trainer, its arrays laid out anew: vocabulary, first vectors,
loss, checkpoints and results are the same.
"""
