"""The left bar with the list of runs."""

from ptft_gui.gui.panels.runs.panel import RunsPanel

__all__ = ["RunsPanel"]
