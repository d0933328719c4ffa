"""``ptft-gui export``: a model's vectors for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.output import print_json
from ptft_gui.cli.parser import PlainParser
from ptft_gui.cli.targets import find_target
from ptft_gui.inspection.export import FORMATS, check_format, export
from ptft_gui.inspection.model import open_model


def main(arguments: Sequence[str]) -> int:
    """Write one export and say where it is."""
    formats = "\n".join(f"  {chosen.key:<16} {chosen.sentence}" for chosen in FORMATS)
    parser = PlainParser(
        "export",
        f"{COMMANDS['export'].capitalize()}.\n\nformats:\n{formats}",
        ("ptft-gui export wikipedia --format word2vec-text --to vectors.txt",),
    )
    parser.add_argument("target", metavar="RUN|DIR|VECTORFILE", help="a run, a model folder or a vector file")
    parser.add_argument("--format", metavar="FORMAT", required=True, help="one of the formats above")
    parser.add_argument(
        "--to", metavar="PATH", required=True, help="the file to write; a folder for projector"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    check_format(options.format)
    done = export(open_model(find_target(options.runs, options.target)), options.format, Path(options.to))
    if options.json:
        print_json({"paths": list(map(str, done.paths)), "bytes": done.bytes, "replaced": done.replaced})
    else:
        print(done.sentence)
    return DONE
