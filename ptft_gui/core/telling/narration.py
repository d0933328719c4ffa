"""What the narrator says, and the buttons beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Action:
    """A button beside the sentence; ``key`` is a word the window knows."""

    key: str
    label: str
    argument: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Narration:
    """What to say. ``template`` with ``values`` filled in is the sentence (the template is what is translated)."""

    rule: int
    template: str
    values: dict[str, str] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()

    @property
    def sentence(self) -> str:
        return self.template.format(**self.values)
