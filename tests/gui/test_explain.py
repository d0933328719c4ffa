"""*Explain this* has a sentence for every control on every page; none is empty, none is left over."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.resources import read_json_resource, resources_root
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.explain import explanation_of
from ptft_gui.gui.theme import Theme
from tests.gui.fixtures_runs import make_run
from tests.gui.test_main_window import SilentAsker, finish
from tests.gui.workers import Launches

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[QWidget]:
    (tmp_path / "runs").mkdir()
    run = make_run(tmp_path / "runs", "finished")
    opened = OpenWindow(tmp_path / "runs", Launches(), SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    opened.window.show_new_run()
    opened.window.show_datasets()
    opened.window.pages.disk.show()
    opened.window.open_run(run.name)
    yield opened.window
    finish(opened)


_ENDINGS = ("Button", "CopyButton", "LookUpButton", "CancelButton", "DownloadButton", "Name", "Config")
"""Of names that are put together."""


def test_every_control_says_what_it_is_for(window: QWidget) -> None:
    controls = [
        control
        for control in window.findChildren(QWidget)
        if isinstance(control, CONTROLS)
        and control.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not control.objectName().startswith("qt_")
    ]
    assert len(controls) > 200
    silent = {control.objectName() for control in controls if not explanation_of(control)}
    assert silent <= {""}, f"F1 has nothing to say of {sorted(silent - {''})}"
    for control in controls:
        around: QWidget | None = control
        while around is not None and not explanation_of(around):
            around = around.parentWidget()
        assert around is not None, control


def test_the_sentences_are_whole_and_belong_to_something_there_is() -> None:
    kept = read_json_resource("explanations.json")
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (resources_root().parent / "ptft_gui" / "gui").rglob("*.py")
    )
    for name, text in kept.items():
        if name.startswith("Scroll"):  # Qt's own, in a row of tabs
            continue
        assert text.endswith("."), name
        assert 20 < len(text) < 400, name
        assert "!" not in text, name
        part = max(name.replace("?", "*").split("*"), key=len).split("_")[0]
        # some names are put together: f"{key}Button", f"{prefix}Name"
        stems = (f'"{part.removesuffix(suffix)}"' for suffix in _ENDINGS)
        assert part in source or any(stem in source for stem in stems), f"nothing is called {name}"


def test_the_most_particular_form_of_a_name_wins() -> None:
    kept = read_json_resource("explanations.json")
    assert fnmatchcase("segment_write_text", "segment_*")
    assert kept["segment_write_text"] != kept["segment_*"]
