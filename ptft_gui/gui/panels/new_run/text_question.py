"""What is asked about the chosen text: as words, or as tokens for a language model."""

from __future__ import annotations

from ptft_gui.gui.panels.new_run.data_column import DataColumn
from ptft_gui.gui.panels.new_run.going_on import GoingOn
from ptft_gui.gui.panels.new_run.how_column import HowColumn
from ptft_gui.gui.panels.new_run.text_look import Question

_CUTTING = ("tokenizer", "vocab_size", "tokenizer_from")


class TextQuestion:
    """``val``: the person's own held-out text."""

    def __init__(self, data: DataColumn, how: HowColumn, going_on: GoingOn) -> None:
        self._data, self._how, self._going_on = data, how, going_on
        self.val: str | None = None

    def ask_for(self) -> Question:
        """The kind of question and its arguments, empty while no text is chosen."""
        if not self._how.reads_language():
            return "inspect_dataset", self.arguments()
        arguments = self.arguments()
        if not arguments:
            return "cut_text", {}
        arguments.pop("preset")
        arguments["family"] = self._how.family().key
        settings = self._how.settings()
        arguments |= {key: settings[key] for key in _CUTTING if settings.get(key) is not None}
        if (start := self._going_on.spec_parts().get("init")) is not None:
            arguments["start"] = start
        return "cut_text", arguments

    def arguments(self) -> dict[str, object]:
        """The text as it would be read and cut into words; empty while none is chosen."""
        if not self._data.dataset():
            return {}
        arguments: dict[str, object] = {
            "dataset": self._data.dataset(),
            "preset": self._how.preset.value(),
        }
        switches = self._going_on.text_settings()
        if (preparation := switches.pop("preparation", None)) is not None:
            arguments["preparation"] = preparation
        if switches:
            arguments["switches"] = switches
        if self.val is not None:
            arguments["val"] = self.val
        if self._data.details.request_parts():
            arguments["request"] = self._data.details.request().model_dump(mode="json")
        return arguments
