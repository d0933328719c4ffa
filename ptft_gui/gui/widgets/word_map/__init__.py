"""The map of words: many thousands of points that pan and zoom, the important ones named."""

from ptft_gui.gui.widgets.word_map.points import Colouring, MapPoints
from ptft_gui.gui.widgets.word_map.widget import WordMap

__all__ = ["Colouring", "MapPoints", "WordMap"]
