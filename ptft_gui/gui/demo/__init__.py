"""The program showing itself: the main job on bundled data, in the real window."""

from ptft_gui.gui.demo.start import run_demo

__all__ = ["run_demo"]
