"""How a process that trained together with others ends."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from ptft_gui.core.crew import crew_size


def leave(code: int) -> NoReturn:
    """End this process with ``code``; one of several at once, without taking the interpreter down.

    A thread of gloo may still let go of its last piece of work, and of the Python objects in it, while the interpreter
    is being taken down, which ends the process with SIGABRT (pytorch pull request 179291). All is written by now.
    """
    if crew_size() == 1:
        sys.exit(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
