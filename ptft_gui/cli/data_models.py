"""``ptft-gui data models``, and ``data info | download | remove --model``: models of the Hugging Face hub."""

from __future__ import annotations

from collections.abc import Sequence

from ptft_gui.cli.commands import DONE
from ptft_gui.cli.data_watch import shown_progress
from ptft_gui.cli.hub_start import told_model
from ptft_gui.cli.output import print_json, print_table
from ptft_gui.cli.parser import PlainParser
from ptft_gui.core.family.language_starts import FAMILY_TITLES
from ptft_gui.core.hub.model_gallery import MODEL_GALLERY
from ptft_gui.core.hub.models import HubModel, list_models, remove_model
from ptft_gui.core.hub.names import EXAMPLES, parse_hub_model
from ptft_gui.core.paths import home_folder
from ptft_gui.core.wording import bytes_text

MODEL_FLAG = "--model"


def models_data(arguments: Sequence[str]) -> int:
    """``data models``: what was fetched, and a few well-known ones; the network is not asked."""
    parser = PlainParser("data models", "Models of the network to start from; nothing is fetched.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.read(arguments)
    here = list_models(home_folder())
    if options.json:
        print_json({"here": [_record(model) for model in here], "gallery": _gallery_records()})
        return DONE
    if here:
        print("On this computer:")
        print_table([(f"  {m.reference}", bytes_text(m.size_bytes), m.licence) for m in here], right=(1,))
        print()
    rows = [
        (c.reference, FAMILY_TITLES[c.family], f"about {bytes_text(c.size_bytes)}", c.language, c.licence)
        for c in MODEL_GALLERY
    ]
    print_table(rows, right=(2,))
    print(
        f"\nTo start from one: ptft-gui train --family bert --init {MODEL_GALLERY[0].reference} --dataset D"
    )
    print("What one is, before it is fetched: ptft-gui data info --model hub:ID")
    return DONE


def info_model(arguments: Sequence[str]) -> int:
    """``data info --model hub:ID``: asks the hub, fetches nothing of the model."""
    options = _parser("info", "Size, licence, language and kind of a model of the network.").read(arguments)
    from ptft_gui.data.hub.models import model_info

    with shown_progress() as progress:
        progress("Asking the hub", None)
        found = model_info(options.model_id).as_dict()
    if options.json:
        print_json(found)
        return DONE
    print(told_model(found))
    for notice in found["notices"]:
        print(f"Note: {notice}")
    print("It is on this computer." if found["is_here"] else f"Start from it: --init {found['reference']}")
    return DONE


def download_model(arguments: Sequence[str]) -> int:
    """``data download --model hub:ID``: onto this computer; a broken download goes on where it was."""
    options = _parser("download", "Fetch a model of the network, to start from it offline.").read(arguments)
    from ptft_gui.engine.hub_start import fetch_start

    with shown_progress() as progress:
        model = fetch_start(options.model_id, progress)
    if options.json:
        print_json(_record(model))
        return DONE
    licence = model.licence or "not stated"
    print(f"{model.id} is on this computer: {bytes_text(model.size_bytes)}. Licence: {licence}.")
    print(f"Start from it: --init {model.reference}")
    return DONE


def delete_model(arguments: Sequence[str]) -> int:
    """``data remove --model hub:ID``: off this computer; it can be fetched again."""
    options = _parser("remove", "Delete a fetched model from this computer.").read(arguments)
    removed = remove_model(home_folder(), parse_hub_model(options.model_id))
    if options.json:
        print_json(_record(removed))
    else:
        print(f"Deleted {removed.id}: {bytes_text(removed.size_bytes)} are free again.")
    return DONE


def _parser(action: str, sentence: str) -> PlainParser:
    parser = PlainParser(
        f"data {action} {MODEL_FLAG}",
        f"{sentence} HF_ENDPOINT names another hub, HF_TOKEN your token.",
        (f"ptft-gui data {action} {MODEL_FLAG} {EXAMPLES['model']}",),
    )
    parser.add_argument(
        "model_id", metavar="hub:ID[@STATE]", help="the model's name on the hub, with its owner"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _record(model: HubModel) -> dict[str, object]:
    return {
        "id": model.id,
        "reference": model.reference,
        "folder": str(model.folder),
        "licence": model.licence,
        "languages": list(model.languages),
        "size_bytes": model.size_bytes,
    }


def _gallery_records() -> list[dict[str, object]]:
    return [
        {
            "reference": card.reference,
            "family": card.family,
            "title": card.title,
            "sentence": card.sentence,
            "size_bytes": card.size_bytes,
            "licence": card.licence,
            "language": card.language,
        }
        for card in MODEL_GALLERY
    ]
