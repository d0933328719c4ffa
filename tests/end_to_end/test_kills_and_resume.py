"""Training processes that are killed again and again end with the very numbers of undisturbed ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.kills import KINDS, compare


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_five_kills_leave_no_trace(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    verdict = compare(kind, tmp_path, kills=5, seed=7, steps=600)
    assert verdict.differences == (), verdict.told()
    assert verdict.kills >= 1
    assert verdict.steps == 600
