"""The New run page: a goal above three columns (model, data, how), and a footer that says why Start is off."""

from ptft_gui.gui.panels.new_run.page import NewRunPage

__all__ = ["NewRunPage"]
