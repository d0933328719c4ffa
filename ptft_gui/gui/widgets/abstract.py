"""Abstract widgets: Qt's own kind of classes knows no abstract methods, and Python's alone does not fit Qt's."""

from __future__ import annotations

from abc import ABCMeta
from typing import Any

from PySide6.QtWidgets import QWidget


class AbstractWidget(ABCMeta, type(QWidget)):  # type: ignore[misc]  # the class of Qt's classes has no name in its stubs
    """The metaclass of a widget with methods marked ``@abstractmethod``: one that lacks some of them is never made."""

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        if missing := cls.__abstractmethods__:
            raise TypeError(f"{cls.__name__} does not say {', '.join(sorted(missing))}")
        return super().__call__(*arguments, **named)
