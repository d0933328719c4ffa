"""ptft-gui: train word vectors on your own text in a desktop window, watch them learn, ask them questions."""

__version__ = "0.1.0"
