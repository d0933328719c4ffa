"""The guard against a PySide6 that miscounts references."""

from __future__ import annotations

import ctypes
import sys

import pytest

from ptft_gui.core.errors import PtftError
from ptft_gui.gui import reference_guard


def test_the_installed_pyside_is_safe():
    assert reference_guard.reference_count_is_safe()
    reference_guard.require_safe_reference_count()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_call_that_keeps_taking_references_is_noticed(monkeypatch):
    class Leaking:
        """Behaves as QObject of the faulty version did, in the harmless direction: None gains a reference a call."""

        def setObjectName(self, name: str) -> None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(None))

    monkeypatch.setattr(reference_guard, "QObject", Leaking)
    assert not reference_guard.reference_count_is_safe()
    with pytest.raises(PtftError) as caught:
        reference_guard.require_safe_reference_count()
    assert "PySide6" in caught.value.message
    assert "pip install" in caught.value.hint
