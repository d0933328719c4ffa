"""``ptft-gui export``: a model for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.output import print_json
from ptft_gui.cli.parser import PlainParser
from ptft_gui.cli.targets import find_target
from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.event_files import TENSORBOARD, export_tensorboard
from ptft_gui.inspection.export import FORMATS, Exported, check_format, export
from ptft_gui.inspection.language.export import LANGUAGE_FORMATS, check_language_format, export_language_model
from ptft_gui.inspection.language.folder import is_language_model
from ptft_gui.inspection.model import open_model
from ptft_gui.inspection.whole_run import WHOLE_RUN, export_whole_run


def main(arguments: Sequence[str]) -> int:
    """Write one export and say where it is."""
    formats = "\n".join(
        f"  {chosen.key:<16} {chosen.sentence}"
        for chosen in (*FORMATS, *LANGUAGE_FORMATS, TENSORBOARD, *WHOLE_RUN)
    )
    parser = PlainParser(
        "export",
        f"{COMMANDS['export'].capitalize()}.\n\nformats:\n{formats}",
        (
            "ptft-gui export wikipedia --format word2vec-text --to vectors.txt",
            "ptft-gui export gpt-poems --format huggingface --to poems-model",
            "ptft-gui export reviews --format onnx --to reviews-onnx",
            "ptft-gui export wikipedia --format report --to report.html",
        ),
    )
    parser.add_argument("target", metavar="RUN|DIR|VECTORFILE", help="a run, a model folder or a vector file")
    parser.add_argument("--format", metavar="FORMAT", required=True, help="one of the formats above")
    parser.add_argument(
        "--to",
        metavar="PATH",
        required=True,
        help="the file to write; a folder for projector, huggingface, merged, adapter, onnx and tensorboard",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    if options.format not in [each.key for each in (*LANGUAGE_FORMATS, TENSORBOARD, *WHOLE_RUN)]:
        check_format(options.format)
    done = _export(find_target(options.runs, options.target), options.format, Path(options.to))
    if options.json:
        print_json({"paths": list(map(str, done.paths)), "bytes": done.bytes, "replaced": done.replaced})
    else:
        print(done.sentence)
    return DONE


def _export(source: Path | RunDir, format_key: str, target: Path) -> Exported:
    if format_key == TENSORBOARD.key:
        return export_tensorboard(_run_of(source), target)
    if format_key in (whole.key for whole in WHOLE_RUN):
        return export_whole_run(_run_of(source), format_key, target)
    if is_language_model(source):
        check_language_format(format_key)
        return export_language_model(source, format_key, target)
    check_format(format_key)
    return export(open_model(source), format_key, target)


def _run_of(source: Path | RunDir) -> RunDir:
    if isinstance(source, RunDir):
        return source
    raise ModelError(
        f"{source.name} is no run, so it has no curves.", hint="Give the name or the folder of a run."
    )
