"""The Datasets page: every dataset there is, and all that is known and decided about the chosen one."""

from ptft_gui.gui.panels.datasets.page import DatasetsPage

__all__ = ["DatasetsPage"]
