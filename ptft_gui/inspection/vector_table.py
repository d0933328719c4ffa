"""How long work is watched and stopped, by the names that questions use."""

from ptft_gui.engine.vector_files.table import Progress, ShouldStop, never_stop, no_progress

__all__ = ["Progress", "ShouldStop", "never_stop", "no_progress"]
