"""``ptft-gui data gallery | info | download``: datasets of the Hugging Face hub from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ptft_gui.cli.commands import DONE
from ptft_gui.cli.data_watch import shown_progress
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import PlainParser
from ptft_gui.core.hub.gallery import GALLERY
from ptft_gui.core.wording import bytes_text


def gallery_data(arguments: Sequence[str]) -> int:
    """``data gallery``: a few well-known datasets; the network is not asked."""
    parser = PlainParser("data gallery", "Well-known datasets of the network; nothing is fetched.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    if options.json:
        from ptft_gui.data.library import gallery_records

        print_json(gallery_records())
        return DONE
    rows = [
        (
            card.reference,
            f"{card.rows:,} rows",
            f"about {bytes_text(card.size_bytes)}",
            card.language,
            card.licence,
        )
        for card in GALLERY
    ]
    print_table(rows, right=(1,))
    print("\nWhat one holds, before it is fetched: ptft-gui data info hub:ID")
    return DONE


def info_data(arguments: Sequence[str]) -> int:
    """``data info hub:ID``: asks the hub, fetches nothing of the dataset."""
    parser = _hub_parser("info", "Size, licence, parts and columns of a dataset of the network.")
    options = parser.read(arguments)
    from ptft_gui.data.hub import hub_info

    with shown_progress() as progress:
        progress("Asking the hub", None)
        found = hub_info(options.dataset, options.config or "").as_dict()
    if options.json:
        print_json(found)
    else:
        _print_info(found)
    return DONE


def _print_info(found: dict[str, Any]) -> None:
    languages = f" Language: {', '.join(found['languages'])}." if any(found["languages"]) else ""
    print(f"{found['title']} (hub:{found['id']}). Licence: {found['licence'] or 'not stated'}.{languages}")
    for notice in found["notices"]:
        print(f"Note: {notice}")
    if found["parts"]:
        print(f"To download: {bytes_text(found['bytes'])}.")
        rows = [
            (f"  {part['name']}", f"{part['rows']:,} rows" if part["rows"] else "", bytes_text(part["bytes"]))
            for part in found["parts"]
        ]
        print_table(rows, right=(1, 2))
    for column in found["columns"]:
        labels = f": {', '.join(column['labels'][:12])}" if column["labels"] else ""
        print(f"  column {column['name']}, {column['kind']}{labels}")
    if len(found["configs"]) > 1:
        print(f"Sets: {', '.join(found['configs'])}")
    name = f"hub:{found['id']}" + (f":{found['config']}" if found["config"] else "")
    print(f"Fetch it: ptft-gui data download {name}")


def download_data(arguments: Sequence[str]) -> int:
    """``data download hub:ID``: into the library; a broken download goes on where it was."""
    parser = _hub_parser("download", "Fetch a dataset of the network into the library.")
    parser.add_argument("--name", help="what the dataset is called; made from its id if left out")
    options = parser.read(arguments)
    from ptft_gui.data.hub import download
    from ptft_gui.data.library import dataset_record

    with shown_progress() as progress:
        stored = download(options.dataset, options.config or "", options.name, progress)
    record = dataset_record(stored)
    if options.json:
        print_json(record)
        return DONE
    licence = stored.origin.licence or "not stated"
    print(f"Added {stored.name}: {record['rows']:,} rows, {bytes_text(record['bytes'])}. Licence: {licence}.")
    for notice in record["notices"]:
        print(f"Note: {notice}")
    print(f"Look at it: ptft-gui data inspect {stored.name}")
    return DONE


def _hub_parser(action: str, sentence: str) -> PlainParser:
    parser = PlainParser(
        f"data {action}",
        f"{sentence} The network is asked only now; HF_ENDPOINT names another hub, HF_TOKEN your token.",
        (f"ptft-gui data {action} hub:stanfordnlp/imdb", f"ptft-gui data {action} hub:nyu-mll/glue:mrpc"),
    )
    parser.add_argument("dataset", metavar="hub:ID", help="the dataset's name on the hub, with its owner")
    parser.add_argument("--config", metavar="C", help="which of its sets, where it holds several")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser
