"""What the name of a dataset stands for."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.datasets import bundled_datasets, bundled_tables
from ptft_gui.core.errors import DataError
from ptft_gui.core.family.options import unknown_name_problem
from ptft_gui.core.library import find_dataset, list_datasets
from ptft_gui.core.paths import home_folder
from ptft_gui.data.bundled_tables import bundled_table_path, find_bundled_table

HUB = "hub:"


def resolve_dataset_request(dataset: str, home: Path | None = None) -> DataRequest:
    """The request behind a path, a name of the library, the id of a bundled dataset or ``hub:ID``, in that order.

    A bundled text keeps its id, for it is made readable by the data room; a bundled table becomes the file of its
    rows. Nothing is downloaded: a dataset of the hub must have been fetched. Raises DataError.
    """
    place = home or home_folder()
    if not dataset.strip():
        raise DataError("No dataset is chosen yet.", hint="Choose a dataset, a file or a folder.")
    path = Path(dataset).expanduser()
    if _exists(path):
        return DataRequest(dataset=str(path.absolute()))
    if dataset.startswith(HUB):
        return _downloaded(place, dataset)
    if stored := _stored(place, dataset):
        return stored
    if any(card.id == dataset for card in bundled_datasets()):
        return DataRequest(dataset=dataset)
    if card := find_bundled_table(dataset):
        return DataRequest(dataset=str(bundled_table_path(card)), task=card.task, roles=dict(card.roles))
    raise _unknown(place, dataset)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long for a path, or with a NUL in it
        return False


def _stored(home: Path, name: str) -> DataRequest | None:
    stored = find_dataset(home, name)
    if stored is None:
        return None
    if not stored.path.exists():
        raise DataError(
            f'The dataset "{stored.name}" is there, but its file is not.',
            f"It was at {stored.path}.",
            "Put the file back, or remove the dataset from the library and add the file where it is now.",
        )
    return stored.request


def _downloaded(home: Path, dataset: str) -> DataRequest:
    from ptft_gui.core.hub.names import parse_hub_id

    wanted = parse_hub_id(dataset)
    for stored in list_datasets(home):
        origin = stored.origin
        is_same = origin.kind == "hub" and origin.source.lower() == wanted.id.lower()
        if is_same and wanted.config in ("", origin.config):
            return _stored(home, stored.name) or stored.request
    raise DataError(
        f'"{wanted.id}" is not on this computer.',
        hint=f"Its size and licence: ptft-gui data info {wanted}. To fetch it: ptft-gui data download {wanted}",
    )


def _unknown(home: Path, dataset: str) -> DataError:
    stored = [known.name for known in list_datasets(home)]
    bundled = [card.id for card in (*bundled_datasets(), *bundled_tables())]
    looks_like_a_path = "/" in dataset or Path(dataset).suffix != ""
    if looks_like_a_path:
        return DataError(
            f"There is no file or folder named {Path(dataset).name or dataset}.",
            f"Looked for {Path(dataset).expanduser().absolute()}.",
            "Check the spelling, or choose the file again.",
        )
    problem = unknown_name_problem("dataset, file or folder", dataset, [*stored, *bundled])
    return DataError(problem.message, problem.hint, "Give the path of a text, or one of: ptft-gui data list")
