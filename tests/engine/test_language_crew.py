"""What is said where the processes of a model cannot begin: several lost one of them, one alone lost nobody."""

from __future__ import annotations

from typing import Any

import pytest

from ptft_gui.core.errors import PtftError
from ptft_gui.engine.language import crew


def _refuse(*_: Any, **__: Any) -> None:
    raise RuntimeError("the address is taken")


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(crew, "Accelerator", _refuse)
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_what_fails_in_a_process_alone_is_not_called_a_lost_process(refused: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="the address is taken"):
        crew.Crew("cpu")


def test_among_several_it_is_told_that_one_is_lost(refused: pytest.MonkeyPatch) -> None:
    refused.setenv("RANK", "1")
    refused.setenv("WORLD_SIZE", "2")
    with pytest.raises(PtftError, match="no longer there"):
        crew.Crew("cpu")
