"""A small classifier on averaged word vectors: the baseline that every text classifier is compared with.

A text is the mean of the vectors of its words (Joulin et al. 2017, "Bag of Tricks for Efficient Text Classification");
one linear layer answers. With method ``frozen`` the vectors stay as they are, with ``full`` they learn along.
"""
