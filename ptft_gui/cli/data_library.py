"""``ptft-gui data list | add | remove | restore | rename``: the library of datasets from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ptft_gui.cli.commands import DONE
from ptft_gui.cli.data_options import add_role_options, add_task_option, request_from_options
from ptft_gui.cli.data_watch import shown_progress
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import PlainParser
from ptft_gui.core.errors import DataError
from ptft_gui.core.library import get_dataset, list_trash, remove, rename, restore, used_in
from ptft_gui.core.paths import home_folder
from ptft_gui.core.wording import bytes_text


def list_data(arguments: Sequence[str]) -> int:
    """``data list``: what may be chosen, the library first."""
    parser = PlainParser("data list", "The datasets that are ready to use; nothing is downloaded.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    from ptft_gui.data.library import library_records  # after the options: --help needs no reading room

    records = library_records(home_folder(), options.runs)
    if options.json:
        print_json([_as_json(record) for record in records])
        return DONE
    own = [record for record in records if not record["is_bundled"]]
    if own:
        print("Your library:")
        print_table([_own_row(record) for record in own])
        for record in own:
            if record["state_sentence"]:
                print(f"  {record['name']}: {record['state_sentence']}")
        print()
    print("Ready to use:" if own else "Ready to use; add your own with: ptft-gui data add PATH")
    for record in records:
        if record["is_bundled"]:
            print(f"  {_told(record)}")
    return DONE


def _as_json(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": record["name"],
        **record,
        "is_available": record["state"] not in ("missing", "unreadable"),
        "reason": record["state_sentence"],
    }


def _own_row(record: dict[str, Any]) -> tuple[str, ...]:
    uses = (
        f"used in {record['used_in']} run{'s' if record['used_in'] != 1 else ''}" if record["used_in"] else ""
    )
    state = "" if record["state"] == "unchanged" else record["state"]
    return (f"  {record['name']}", _amount(record), record["language"], record["origin"], uses, state)


def _amount(record: dict[str, Any]) -> str:
    if record["rows"]:
        return f"{record['rows']:,} rows"
    if record["words"]:
        return f"{record['words']:,} words"
    return bytes_text(record["bytes"]) if record["bytes"] else ""


def _told(record: dict[str, Any]) -> str:
    amount = _amount(record)
    told = f"{record['name']}: {record['title']}{f', {amount}' if amount else ''}. {record['sentence']}"
    return f"{told} {record['state_sentence']}".strip()


def add_data(arguments: Sequence[str]) -> int:
    """``data add PATH``: keep a dataset under a name, with every choice given here."""
    parser = PlainParser(
        "data add",
        "Keep a file or folder in the library, under a name and with the choices given here.",
        (
            "ptft-gui data add survey.csv --text Q17_open --label v23_rec",
            "ptft-gui data add articles/ --name press-2026 --copy",
        ),
    )
    parser.add_argument("dataset", metavar="PATH", help="a file, or a folder of files")
    parser.add_argument("--name", help="what the dataset is called; made from the file's name if left out")
    parser.add_argument("--copy", action="store_true", help="copy the files into the library")
    parser.add_argument("--val", metavar="PATH", help="a file of its own for validation")
    parser.add_argument("--test", metavar="PATH", help="a file of its own for the final score")
    add_task_option(parser)
    add_role_options(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    from ptft_gui.data.library import add_dataset, dataset_record

    with shown_progress() as progress:
        stored = add_dataset(request_from_options(options), options.name, options.copy, progress)
    record = dataset_record(stored)
    if options.json:
        print_json(_as_json(record))
        return DONE
    how = "copied into the library" if options.copy else f"it stays at {stored.path}"
    print(f"Added {stored.name}: {_amount(record)}, {how}.")
    for notice in record["notices"]:
        print(f"Note: {notice}")
    print(f"Look at it: ptft-gui data inspect {stored.name}")
    return DONE


def remove_data(arguments: Sequence[str]) -> int:
    """``data remove NAME``: out of the library, to be brought back for a week."""
    options = _name_parser(
        "remove", "Take a dataset out of the library; a file of yours is not touched."
    ).read(arguments)
    home = home_folder()
    try:
        stored = get_dataset(home, options.name)
        uses = used_in(options.runs, stored)
        name, is_copy = stored.name, stored.is_copy
    except DataError:
        uses, name, is_copy = 0, options.name, False
    remove(home, name, options.runs)
    rest = "Its copied files go with it." if is_copy else "The file itself was not touched."
    used = f" It was used in {uses} run{'s' if uses != 1 else ''}, which keep their models." if uses else ""
    print(f"Removed {name}. {rest}{used} Within a week it can be brought back: ptft-gui data restore {name}")
    return DONE


def restore_data(arguments: Sequence[str]) -> int:
    """``data restore NAME``: the latest dataset of that name that was removed."""
    options = _name_parser("restore", "Bring a dataset back that was removed within the last week.").read(
        arguments
    )
    home = home_folder()
    removed = {path.name.rpartition("~")[0]: path for path in reversed(list_trash(home))}
    if options.name not in removed:
        names = ", ".join(removed) or "nothing"
        raise DataError(
            f'There is no removed dataset "{options.name}".', f"What can be brought back: {names}."
        )
    stored = restore(home, removed[options.name])
    print(f"{stored.name} is back in the library.")
    return DONE


def rename_data(arguments: Sequence[str]) -> int:
    """``data rename NAME NEW``."""
    parser = _name_parser("rename", "Give a dataset another name; runs that used it still find it.")
    parser.add_argument("new", metavar="NEW", help="the new name")
    options = parser.read(arguments)
    stored = rename(home_folder(), options.name, options.new)
    print(f"{options.name} is now called {stored.name}.")
    return DONE


def _name_parser(action: str, sentence: str) -> PlainParser:
    parser = PlainParser(f"data {action}", sentence)
    parser.add_argument("name", metavar="NAME", help="a dataset of: ptft-gui data list")
    return parser
