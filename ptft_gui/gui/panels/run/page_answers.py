"""What the page of a run answers itself, by the key of an Action: which part of it, or which request, it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_Answer = Callable[[Any, dict[str, Any]], object]
"""Takes the :class:`~ptft_gui.gui.panels.run.page.RunPage` and the argument of the action."""

ANSWERS: dict[str, _Answer] = {
    "pause": lambda page, _: page.pause_requested.emit(),
    "resume_paused": lambda page, _: page.resume_requested.emit(),
    "stop": lambda page, argument: page.stop_requested.emit(str(argument.get("keep", "last"))),
    "save": lambda page, _: page.save_requested.emit(),
    "discard": lambda page, _: page.discard_requested.emit(),
    "duplicate": lambda page, argument: page.duplicate_requested.emit(argument),
    "go_on": lambda page, _: page.go_on_with_new_text(),
    "fine_tune": lambda page, _: page.go_on_with_new_text(stage="finetune"),
    "resume": lambda page, _: page.resume_run_requested.emit({}),
    "resume_half_rate": lambda page, _: page.resume_run_requested.emit({"learning_rate_factor": 0.5}),
    "train_longer": lambda page, argument: page.train_longer_requested.emit(argument.get("factor", 1.5)),
    "export": lambda page, _: page.export_requested.emit(),
    "show_folder": lambda page, _: page.show_folder_requested.emit(),
    "show_train": lambda page, _: page.tab_row.choose("train"),
    "show_explore": lambda page, _: page.tab_row.choose("explore"),
    "show_evaluate": lambda page, _: page.tab_row.choose("evaluate"),
    "show_details": lambda page, _: page.tab_row.choose("details"),
    "explore": lambda page, _: page.find_word(),
    "show_try_it": lambda page, _: page.show_try_it(),
    "try_it": lambda page, argument: page.show_try_it(text=str(argument.get("text", ""))),
    "classify_file": lambda page, _: page.show_try_it(is_file=True),
    "score": lambda page, _: page.tab_row.choose("evaluate"),
    "log_scale": lambda page, _: page.toggle_log_scale(),
    "back": lambda page, _: page.explore.neighbours.go_back(),
    "open_log": lambda page, _: page.show_log(),
    "show_disk_use": lambda page, _: page.show_files(),
}
"""By the key of an :class:`~ptft_gui.core.telling.narrator.Action`."""
