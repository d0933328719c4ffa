"""The page that says what the runs take on the disk, and gives some of it back."""

from ptft_gui.gui.panels.disk.page import DiskPage

__all__ = ["DiskPage"]
