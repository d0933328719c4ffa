"""``ptft-gui data``: a look at a dataset, the datasets that are ready to use, and the library they are kept in."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.parser import one_of
from ptft_gui.core.errors import PtftError

_ACTIONS = {
    "list": ("data_library", "[--json]", "the datasets that are ready to use"),
    "inspect": ("data_inspect", "PATH [--json]", "what a dataset holds, and what would be proposed for it"),
    "add": (
        "data_library",
        "PATH [--name N] [--copy]",
        "keep a file or folder under a name, with its choices",
    ),
    "remove": ("data_library", "NAME", "take a dataset out of the library; your file is not touched"),
    "restore": ("data_library", "NAME", "bring a dataset back that was removed, for a week"),
    "rename": ("data_library", "NAME NEW", "give a dataset another name"),
    "gallery": ("data_hub", "[--json]", "well-known datasets of the network; nothing is fetched"),
    "info": ("data_hub", "hub:ID [--json]", "size, licence, parts and columns of a dataset of the network"),
    "download": ("data_hub", "hub:ID [--name N]", "fetch a dataset of the network into the library"),
    "models": (
        "data_models",
        "[--json]",
        "models to start from: those fetched, and well-known ones of the network",
    ),
}
_OF_MODELS = {"info": "info_model", "download": "download_model", "remove": "delete_model"}
"""What can be done with a model of the network too, marked with ``--model``."""


def main(arguments: Sequence[str]) -> int:
    """Carry out one of the actions above."""
    action, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    if action in ("-h", "--help"):
        print(_overview())
        return DONE
    if not action:
        raise PtftError("What to do with data is missing.", hint="Write data list, or data inspect PATH.")
    module, _, _ = _ACTIONS[one_of("data command", _ACTIONS)(action)]
    name = f"{action}_data"
    if action in _OF_MODELS and "--model" in rest:
        module, name = "data_models", _OF_MODELS[action]
        rest = [argument for argument in rest if argument != "--model"]
    carry_out: Callable[[Sequence[str]], int] = getattr(
        importlib.import_module(f"ptft_gui.cli.{module}"), name
    )
    return carry_out(rest)


def _overview() -> str:
    width = max(len(f"{action} {form}") for action, (_, form, _) in _ACTIONS.items())
    lines = [
        f"  ptft-gui data {f'{action} {form}':<{width}}  {sentence}"
        for action, (_, form, sentence) in _ACTIONS.items()
    ]
    of_models = "With --model, info, download and remove are about a model of the network instead."
    return "\n".join([f"{COMMANDS['data'].capitalize()}.", "", *lines, "", of_models])
