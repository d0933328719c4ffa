"""Takes one screen's pictures in every look, each when the window has come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.demo.driver import DemoDriver, Script, Wait
from ptft_gui.gui.demo.picture_list import Wanted
from ptft_gui.gui.demo.picture_looks import Look
from ptft_gui.gui.demo.pictures import Pictures
from ptft_gui.gui.theme import Preference, current_theme

_LOOK_AGAIN_S = 0.15
_TYPED_S = 0.6
"""What is typed is asked a moment later."""
_QUIET_LOOKS = 2
"""So often in a row nothing is asked: on a busy computer an answer takes a while to lead to the next question."""
_RESTLESS_S = 2.0
"""What is drawn anew all the time, as a run that trains, is taken as it is after this long."""
_ANSWER_S = 60.0


class Camera:
    """``wanted``: of which screens pictures are taken. ``taken``: of which there are some.

    Dressing a whole window in another theme takes seconds, changing its size nearly nothing: :meth:`keep_to` keeps
    to one theme, and the screens are gone through once in each.
    """

    def __init__(
        self,
        driver: DemoDriver,
        pictures: Pictures,
        opened: OpenWindow,
        looks: tuple[Look, ...],
        wanted: Wanted,
    ) -> None:
        self._driver, self._pictures, self._opened = driver, pictures, opened
        self._all_looks = self.looks = looks
        self._window = opened.window
        self.wanted = wanted
        self.taken: set[str] = set()

    @property
    def themes(self) -> list[Preference]:
        """The themes there are, each once, in their order."""
        return list(dict.fromkeys(look.theme for look in self._all_looks))

    def keep_to(self, theme: Preference) -> None:
        """Take from now on only the looks of ``theme``."""
        self.looks = tuple(look for look in self._all_looks if look.theme == theme)
        self.show(self.looks[0])

    def show(self, look: Look) -> None:
        current_theme().set_preference(look.theme)
        self._window.resize(look.width, look.height)

    def take(self, name: str, *, in_every_theme: bool = False) -> Script:
        """The window as ``name``, in the looks kept to; a moment that will not come again ``in_every_theme``."""
        if not self.wanted.has(name):
            return
        yield from self.wait_for_answers()
        for note in self._window.toasts.toasts:
            note.close_toast()
        if name != "away" and self._driver.has("awayClose"):  # of an earlier call that was ended
            self._driver.click("awayClose")
        for look in self._all_looks if in_every_theme else self.looks:
            self.show(look)
            yield from self.take_at_rest(f"{name}-{look.name}")
        self.taken.add(name)
        self.show(self.looks[0])

    def take_dialog(self, name: str, show: Callable[[], object]) -> Script:
        """A dialog by itself, in the theme kept to."""
        show()
        yield Wait(lambda: open_dialog() is not None, f"the dialog of {name}", 20.0)
        dialog = open_dialog()
        assert dialog is not None
        yield from self.wait_for_answers()
        yield Wait(lambda: not getattr(dialog, "is_looking", False), f"what {name} says", _ANSWER_S)
        yield from self.take_at_rest(f"dialog-{name}-{self.looks[0].theme}", dialog)
        self.taken.add(f"dialog-{name}")
        dialog.reject()
        yield 0.1

    def take_at_rest(self, name: str, widget: QWidget | None = None) -> Script:
        """One picture, of the first moment after which the window, or ``widget``, looks the same as before."""
        until = time.monotonic() + _RESTLESS_S
        before = QImage()
        while True:
            yield _LOOK_AGAIN_S
            now = (widget or self._window).grab().toImage()
            if now == before or time.monotonic() > until:
                break
            before = now
        self._pictures.keep(name, now)

    def wait_for_answers(self) -> Script:
        """Until all that was asked is answered, and what an answer led to, but not for ever."""
        until = time.monotonic() + _ANSWER_S
        quiet = 0
        while quiet < _QUIET_LOOKS and time.monotonic() < until:
            yield _TYPED_S
            quiet = 0 if self._opened.is_asking else quiet + 1
            while self._opened.is_asking and time.monotonic() < until:
                yield _LOOK_AGAIN_S


def open_dialog() -> QDialog | None:
    """The dialog that is open."""
    found = QApplication.activeModalWidget()
    if isinstance(found, QDialog):
        return found
    shown = (
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QDialog) and widget.isVisible()
    )
    return next(shown, None)
