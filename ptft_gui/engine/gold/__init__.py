"""Gold sets, what people judged about words, and the arithmetic of measuring word vectors by them.

Both the training, which measures as it goes on, and the questions to a finished model use them.
"""
