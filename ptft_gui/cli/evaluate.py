"""``ptft-gui evaluate``: a model against gold sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ptft_gui.cli.commands import COMMANDS, DONE
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import PlainParser, whole_number
from ptft_gui.cli.targets import find_target
from ptft_gui.core.wording import percent_text
from ptft_gui.engine.gold.sets import GoldKind, available_gold_sets, find_gold_set
from ptft_gui.inspection.evaluation import RESTRICT_VOCAB, evaluate
from ptft_gui.inspection.model import OpenedModel, open_model


def main(arguments: Sequence[str]) -> int:
    """Measure a model and print what came out, with how much it rests on."""
    parser = PlainParser(
        "evaluate",
        f"{COMMANDS['evaluate'].capitalize()}. Without --similarity and --analogy all bundled gold sets are used: "
        f"{', '.join(gold.key for gold in available_gold_sets())}.",
        ("ptft-gui evaluate wikipedia", "ptft-gui evaluate vectors.txt --analogy questions.txt --json"),
    )
    parser.add_argument("target", metavar="RUN|DIR|VECTORFILE", help="a run, a model folder or a vector file")
    parser.add_argument(
        "--similarity", metavar="FILE", action="append", help="word1 word2 score, a pair a line"
    )
    parser.add_argument("--analogy", metavar="FILE", action="append", help="a b c d, a question a line")
    parser.add_argument(
        "--restrict-vocab",
        metavar="N",
        type=whole_number("--restrict-vocab", 4, 10_000_000),
        default=RESTRICT_VOCAB,
        help="only the N most frequent words take part (%(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    chosen = _chosen(options.similarity or [], options.analogy or [])
    model = open_model(find_target(options.runs, options.target))
    results = [evaluate(model, gold, kind, options.restrict_vocab) for gold, kind in chosen]
    if options.json:
        print_json({kind: [r for r in results if r["kind"] == kind] for kind in ("similarity", "analogy")})
    else:
        _print(model, results)
    return DONE


def _chosen(similarity: list[str], analogy: list[str]) -> list[tuple[str, GoldKind]]:
    """The gold sets that were asked for, each checked to be there; all bundled ones when none was named."""
    named: list[tuple[str, GoldKind]] = [(gold, "similarity") for gold in similarity]
    named += [(gold, "analogy") for gold in analogy]
    for gold, kind in named:
        find_gold_set(gold, kind)
    return named or [(gold.key, gold.kind) for gold in available_gold_sets()]


def _print(model: OpenedModel, results: list[dict[str, Any]]) -> None:
    for notice in model.notices:
        print(notice)
    for result in results:
        print(f"{result['title']}: {result['sentence']}")
        sections = [section for section in result.get("sections", []) if section[2]]
        if len(sections) > 1:
            sections += [group for group in result["groups"] if group[2]]
            rows = [
                (f"  {name}", percent_text(correct / known), f"{correct:,} of {known:,}")
                for name, correct, known, _ in sections
            ]
            print_table(rows, right=(1, 2))
