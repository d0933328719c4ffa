"""A process that trains together with others and does not lead: it takes its share of every batch and writes nothing.

``torchrun`` ends all processes together. This one leaves that to the leading process, which first saves what was
learned and then dismisses it.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from ptft_gui.core.launch import WORKER_ENVIRONMENT
from ptft_gui.worker.parting import leave


def main() -> NoReturn:
    """Follow the leading process to its end, and end this process too."""
    leave(_follow())


def _follow() -> int:
    os.environ.update(WORKER_ENVIRONMENT)
    from ptft_gui.engine.kept_memory import keep_freed_memory
    from ptft_gui.engine.language.threads import wait_politely

    wait_politely()
    keep_freed_memory()
    from ptft_gui.core.errors import PtftError
    from ptft_gui.engine.language.following import follow_leader

    try:
        follow_leader()
    except PtftError as problem:
        print(problem.as_sentence(), file=sys.stderr)
        return 1
    except RuntimeError as problem:  # the leading process is gone
        print(f"The leading process has ended: {problem}"[:300], file=sys.stderr)
        return 1
    return 0
