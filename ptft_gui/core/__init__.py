"""What the window and the worker agree on: no Qt, no torch, no gensim."""
