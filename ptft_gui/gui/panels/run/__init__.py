"""One run: watching it learn, asking what it learned, measuring it, and everything about it."""

from ptft_gui.gui.panels.run.page import RunPage

__all__ = ["RunPage"]
