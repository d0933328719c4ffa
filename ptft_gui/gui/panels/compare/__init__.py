"""The Compare page: two or more runs side by side."""

from ptft_gui.gui.panels.compare.compared_run import ComparedRun, Setting
from ptft_gui.gui.panels.compare.page import ComparePage

__all__ = ["ComparePage", "ComparedRun", "Setting"]
