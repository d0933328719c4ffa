"""What the companion answers about datasets: thin calls of the data room.

Its libraries for tables are imported with the first question that needs them; a window that only asks for similar
words never waits for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ptft_gui.core.errors import DataError
from ptft_gui.core.library import (
    StoredDataset,
    get_dataset,
    list_trash,
    remove,
    rename,
    restore,
    used_in,
    write_dataset,
)
from ptft_gui.core.paths import cache_folder, home_folder, runs_folder
from ptft_gui.data.whole_request import corpus_request, whole_request
from ptft_gui.worker.companion_arguments import Arguments

Result = dict[str, Any]
_SHOWN_ROWS = 50
_SHOWN_LINES = 8
_LANGUAGES = {"en": "English", "zh": "Chinese"}


def open_data(arguments: Arguments) -> Result:
    from ptft_gui.data.examples.examine import open_data

    asked = arguments.data_request()
    return open_data(whole_request(asked), asked.roles)


def study_data(arguments: Arguments) -> Result:
    from ptft_gui.data.examples.examine import study_data

    question = arguments.question
    return study_data(whole_request(arguments.data_request()), question.progress, question.should_stop)


def finding_rows(arguments: Arguments) -> Result:
    from ptft_gui.data.examples.examine import finding_rows

    return finding_rows(
        whole_request(arguments.data_request()),
        arguments.text("finding"),
        arguments.number("limit", _SHOWN_ROWS),
        should_stop=arguments.question.should_stop,
    )


def prepare_preview(arguments: Arguments) -> Result:
    from ptft_gui.data.preparation import Preparation, before_and_after
    from ptft_gui.data.preview import inspect_text

    request = corpus_request(arguments.text_of_a_run())
    seen = inspect_text(request.dataset, cache_dir=cache_folder(), request=request)
    preparation = Preparation.from_record(seen["preparation"]["record"])
    return {
        "pairs": before_and_after(seen["raw_lines"], preparation, _SHOWN_LINES),
        "sentence": preparation.describe(),
    }


# --- the library ---------------------------------------------------------------------------------------------------


def datasets(arguments: Arguments) -> Result:
    from ptft_gui.data.library import gallery_records, library_records

    gallery = [record | {"id": record["hub_id"]} for record in gallery_records()]
    return {"datasets": library_records(should_stop=arguments.question.should_stop), "gallery": gallery}


def add_dataset(arguments: Arguments) -> Result:
    from ptft_gui.data.library import add_dataset

    question = arguments.question
    stored = add_dataset(
        arguments.data_request(),
        arguments.optional_text("name"),
        arguments.yes_or_no("is_copy"),
        question.progress,
        question.should_stop,
    )
    if chosen := arguments.record("preparation"):
        stored = _with_preparation(stored, chosen)
        write_dataset(home_folder(), stored)
    return _told(stored)


def change_dataset(arguments: Arguments) -> Result:
    """Keep other choices with a dataset: roles, decisions, splits, preparation; never its files."""
    stored = get_dataset(home_folder(), arguments.text("name"))
    asked = whole_request(arguments.data_request())  # the window sends only what was changed
    choices = {key: getattr(asked, key) for key in ("read", "task", "roles", "decisions", "split")}
    changed = stored.model_copy(update={"request": stored.request.model_copy(update=choices)})
    changed = _with_preparation(changed, arguments.record("preparation"))
    write_dataset(home_folder(), changed)
    return _told(changed)


def remove_dataset(arguments: Arguments) -> Result:
    name = arguments.text("name")
    remove(home_folder(), name, runs_folder())
    return {"name": name}


def restore_dataset(arguments: Arguments) -> Result:
    name = arguments.text("name")
    for trashed in list_trash(home_folder()):
        if trashed.name.rpartition("~")[0] == name:
            return _told(restore(home_folder(), trashed))
    raise DataError(f'The dataset "{name}" cannot be brought back.', "It is no longer in the trash.")


def rename_dataset(arguments: Arguments) -> Result:
    return _told(rename(home_folder(), arguments.text("name"), arguments.text("new_name")))


def check_dataset(arguments: Arguments) -> Result:
    return _told(get_dataset(home_folder(), arguments.text("name")))


def _told(stored: StoredDataset) -> Result:
    from ptft_gui.data.library import dataset_record

    return {"dataset": dataset_record(stored, used_in(runs_folder(), stored))}


def _with_preparation(stored: StoredDataset, chosen: dict[str, Any]) -> StoredDataset:
    kept = {key: value for key, value in chosen.items() if value is not None}
    return stored.model_copy(update={"preparation": kept})


# --- the hub -------------------------------------------------------------------------------------------------------


def hub_info(arguments: Arguments) -> Result:
    from ptft_gui.data.hub.info import hub_info

    info = hub_info(arguments.text("dataset"), arguments.optional_text("config") or "").as_dict()
    return info | {"size_bytes": info["bytes"], "splits": info["parts"]}


def download_dataset(arguments: Arguments) -> Result:
    from ptft_gui.data.hub.download import download

    question = arguments.question
    stored = download(
        arguments.text("dataset"),
        arguments.optional_text("config") or "",
        arguments.optional_text("name"),
        question.progress,
        question.should_stop,
    )
    return _told(stored)


def hub_model_info(arguments: Arguments) -> Result:
    from ptft_gui.data.hub.models import model_info

    return model_info(arguments.text("model")).as_dict()


def download_model(arguments: Arguments) -> Result:
    from ptft_gui.engine.hub_start import fetch_start

    question = arguments.question
    model = fetch_start(arguments.text("model"), question.progress, question.should_stop)
    return {"reference": model.reference, "folder": str(model.folder), "size_bytes": model.size_bytes}


DATA_ANSWERS: dict[str, Callable[[Arguments], Result]] = {
    "open_data": open_data,
    "study_data": study_data,
    "finding_rows": finding_rows,
    "prepare_preview": prepare_preview,
    "datasets": datasets,
    "add_dataset": add_dataset,
    "change_dataset": change_dataset,
    "remove_dataset": remove_dataset,
    "restore_dataset": restore_dataset,
    "rename_dataset": rename_dataset,
    "check_dataset": check_dataset,
    "hub_info": hub_info,
    "download_dataset": download_dataset,
    "hub_model_info": hub_model_info,
    "download_model": download_model,
}
