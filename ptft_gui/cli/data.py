"""``ptft-gui data``: a look at a text, and the texts that are ready to use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import PlainParser, one_of
from ptft_gui.core.datasets import bundled_datasets
from ptft_gui.core.errors import PtftError
from ptft_gui.core.families import WORD2VEC
from ptft_gui.core.spec import DataSpec


def main(arguments: Sequence[str]) -> int:
    """Carry out ``data inspect`` or ``data list``."""
    action, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    if action in ("inspect", "list"):
        return _inspect(rest) if action == "inspect" else _list(rest)
    if action in ("-h", "--help"):
        print(
            f"{COMMANDS['data'].capitalize()}.\n\n"
            "  ptft-gui data list [--json]           the texts that are ready to use\n"
            "  ptft-gui data inspect PATH [--json]   what a text holds, and what would be proposed for it"
        )
        return DONE
    if not action:
        raise PtftError("What to do with data is missing.", hint="Write data list, or data inspect PATH.")
    one_of("data command", ("inspect", "list"))(action)
    return DONE


def _list(arguments: Sequence[str]) -> int:
    parser = PlainParser("data list", "The texts that are ready to use; nothing is downloaded.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    from ptft_gui.data.bundled import is_available  # after the options: --help needs no reading room

    rows = []
    for card in bundled_datasets():
        can_be_used, reason = is_available(card.id)
        rows.append(
            {
                "id": card.id,
                "title": card.title,
                "sentence": card.sentence,
                "documents": card.documents,
                "words": card.words,
                "licence": card.licence,
                "is_available": can_be_used,
                "reason": reason,
            }
        )
    if options.json:
        print_json(rows)
        return DONE
    for row in rows:
        print(
            f"{row['id']}: {row['title']}, {row['words']:,} words. {row['sentence']} {row['reason']}".rstrip()
        )
    return DONE


def _inspect(arguments: Sequence[str]) -> int:
    parser = PlainParser(
        "data inspect",
        "What a text holds, how it would be prepared, and what would be proposed for training on it.",
        ("ptft-gui data inspect survey.txt", "ptft-gui data inspect wikipedia --json"),
    )
    parser.add_argument("dataset", metavar="PATH", help="a text file, a folder of them, or a bundled dataset")
    parser.add_argument(
        "--preset",
        type=one_of("preset", [preset.key for preset in WORD2VEC.presets]),
        default=WORD2VEC.default_preset,
        help="the preset to propose for (%(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    from ptft_gui.inspection.datasets import inspect_dataset

    found = inspect_dataset(DataSpec(dataset=options.dataset), options.preset)
    if options.json:
        print_json(found)
    else:
        _print(found)
    return DONE


def _print(found: dict[str, Any]) -> None:
    facts = found["facts"]
    print(f"{found['title']}: {found['sentence']}")
    about = "" if found["is_exact"] else "about "
    counted = [f"{facts[key]:,} {key}" for key in ("documents", "sentences") if facts.get(key)]
    print(
        ", ".join([*counted, f"{about}{facts['tokens']:,} words", f"read as {', '.join(facts['encodings'])}"])
        + "."
    )
    for notice in found["notices"]:
        print(f"Note: {notice}")
    print(f"Preparation: {found['preparation']['value']}. {found['preparation']['reason']}")
    print("First sentences as the model will see them:")
    for sentence in found["preview"]:
        print(f"  {sentence}")
    print("Proposed:")
    rows = [
        (f"  {key}", str(proposal["value"]), proposal["reason"])
        for key, proposal in found["proposals"].items()
    ]
    print_table(rows, right=(1,))
    print(f"Words to watch: {', '.join(found['watched_words'])}.")
    sys.stdout.flush()
