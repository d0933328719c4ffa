"""The menu bar: what stands in it, and under which keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ptft_gui.core.lessons import Lesson

translate = QCoreApplication.translate

_SEPARATOR = ""


def build_menus(window: QMainWindow, lessons: Sequence[Lesson] = ()) -> dict[str, QAction]:
    """Fill the window's menu bar; returns the actions by their keys, those of lessons as ``lesson/ID``."""
    actions: dict[str, QAction] = {}
    for title, items in _menus(lessons):
        menu = window.menuBar().addMenu(title)
        for item in items:
            if isinstance(item, list):
                _add_group(menu, actions, item)
            elif item[0] == _SEPARATOR:
                menu.addSeparator()
            else:
                _add(menu, actions, *item)
    return actions


def add_to_view_menu(actions: dict[str, QAction], page_actions: Sequence[QAction]) -> None:
    """Put the actions that belong to the page of a run into the View menu, below Home and Find."""
    view = next(owner for owner in actions["find"].associatedObjects() if isinstance(owner, QMenu))
    after = view.actions()[view.actions().index(actions["find"]) + 1]
    view.insertActions(after, list(page_actions))


def _add(menu: QMenu, actions: dict[str, QAction], key: str, text: str, *keys: str) -> QAction:
    action = menu.addAction(text)
    action.setObjectName(f"{key}Action")
    action.setShortcuts([QKeySequence(k) for k in keys])
    actions[key] = action
    return action


def _add_group(menu: QMenu, actions: dict[str, QAction], items: list[tuple[str, ...]]) -> None:
    """Choices of which one holds."""
    group = QActionGroup(menu)
    for item in items:
        action = _add(menu, actions, *item)
        action.setCheckable(True)
        group.addAction(action)


_Item = tuple[str, ...] | list[tuple[str, ...]]
_Items = tuple[_Item, ...]


def _menus(lessons: Sequence[Lesson]) -> tuple[tuple[str, _Items], ...]:
    return (
        (translate("Menus", "&File"), _file_items()),
        (translate("Menus", "&Run"), _run_items()),
        (translate("Menus", "&View"), _view_items()),
        (translate("Menus", "&Lessons"), _lessons_items(lessons)),
        (translate("Menus", "&Help"), _help_items()),
    )


def _file_items() -> _Items:
    return (
        ("new_run", translate("Menus", "&New run"), "Ctrl+N"),
        ("open_data", translate("Menus", "&Open data..."), "Ctrl+O"),
        ("open_vectors", translate("Menus", "Open &word vectors..."), "Ctrl+Shift+O"),
        ("open_model", translate("Menus", "Open &model folder...")),
        ("open_run", translate("Menus", "Open &run folder...")),
        ("open_pack", translate("Menus", "Open &packed run...")),
        (_SEPARATOR,),
        ("export", translate("Menus", "&Export..."), "Ctrl+E"),
        ("report", translate("Menus", "Repor&t..."), "Ctrl+R"),
        ("pack", translate("Menus", "Pac&k run as one file...")),
        ("show_folder", translate("Menus", "Show the run's &folder")),
        (_SEPARATOR,),
        ("preferences", translate("Menus", "Pre&ferences..."), "Ctrl+,"),
        ("quit", translate("Menus", "&Quit"), "Ctrl+Q"),
    )


def _run_items() -> _Items:
    return (
        ("start", translate("Menus", "&Start"), "Ctrl+Return", "Ctrl+Enter"),
        ("pause", translate("Menus", "&Pause"), "Ctrl+Shift+P"),
        ("stop", translate("Menus", "Stop and &keep"), "Ctrl+."),
        ("save", translate("Menus", "Save a &checkpoint now"), "Ctrl+S"),
        (_SEPARATOR,),
        ("resume", translate("Menus", "&Resume from the last checkpoint")),
        ("train_longer", translate("Menus", "&Train longer...")),
        ("duplicate", translate("Menus", "&Duplicate as new run"), "Ctrl+D"),
        ("sweep", translate("Menus", "Try several &values...")),
        ("race", translate("Menus", "Race the &methods...")),
        ("count_labels", translate("Menus", "How many &labels do I need?")),
        ("show_race", translate("Menus", "S&how the race")),
        (_SEPARATOR,),
        ("discard", translate("Menus", "Disc&ard...")),
        ("delete", translate("Menus", "De&lete...")),
    )


def _view_items() -> _Items:
    return (
        ("home", translate("Menus", "&Home"), "Ctrl+0"),
        ("datasets", translate("Menus", "Da&tasets"), "Ctrl+Shift+D"),
        ("find", translate("Menus", "&Find a word or run"), "Ctrl+F"),
        ("compare", translate("Menus", "&Compare ticked runs"), "Ctrl+K"),
        ("disk_use", translate("Menus", "What uses the &disk")),
        (_SEPARATOR,),
        [
            ("theme_light", translate("Menus", "&Light")),
            ("theme_dark", translate("Menus", "&Dark")),
            ("theme_system", translate("Menus", "As the &system")),
        ],
        (_SEPARATOR,),
        ("left_bar", translate("Menus", "Left &bar"), "Ctrl+B"),
        ("larger", translate("Menus", "Lar&ger text"), "Ctrl++", "Ctrl+="),
        ("smaller", translate("Menus", "S&maller text"), "Ctrl+-"),
        ("present", translate("Menus", "&Present"), "F5"),
        ("full_screen", translate("Menus", "F&ull screen"), "F11"),
    )


def _lessons_items(lessons: Sequence[Lesson]) -> _Items:
    return (
        *((f"lesson/{lesson.id}", lesson.title.replace("&", "&&")) for lesson in lessons),
        (_SEPARATOR,),
        ("play_recording", translate("Menus", "&Play a recorded run...")),
        (_SEPARATOR,),
        ("reset_lessons", translate("Menus", "&Reset lessons")),
    )


def _help_items() -> _Items:
    return (
        ("explain", translate("Menus", "&Explain this"), "F1"),
        ("glossary", translate("Menus", "&Words used here")),
        ("doctor", translate("Menus", "&Check this computer")),
        (_SEPARATOR,),
        ("about", translate("Menus", "&About ptft")),
    )
