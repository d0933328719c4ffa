"""Models of the hub: what one is and weighs, asked before anything is fetched; and fetching what training needs of it.

Only safetensors, the configuration and the tokenizer are fetched; a repository that keeps its numbers as pickles is
refused, for those can run programs. The configuration comes first and is judged before the weights are.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ptft_gui.core.atomic import sync_folder
from ptft_gui.core.errors import DataError
from ptft_gui.core.family.language_sizes import numbers_to_learn
from ptft_gui.core.family.language_starts import CONFIG_FILE, family_of_type, glance_at_folder
from ptft_gui.core.hub.model_gallery import model_card
from ptft_gui.core.hub.models import HubModel, find_model, folder_of, models_folder, write_hub_file
from ptft_gui.core.hub.names import HubName, parse_hub_model
from ptft_gui.core.library import library_lock, now_text
from ptft_gui.core.paths import home_folder
from ptft_gui.core.wording import bytes_text, count_text
from ptft_gui.data.hub.connection import TIMEOUT_S, Hub, connect, told_in_words
from ptft_gui.data.hub.keeping import fetch_all, kept_folder
from ptft_gui.data.hub.repository import HubFile, files_of, texts_of
from ptft_gui.data.library.staging import check_space, not_stored
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress

WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
_PICKLE = re.compile(r".*\.(bin|pt|pth|ckpt|pkl|h5|msgpack)(\.index)?")
_BESIDE = frozenset(
    "config.json generation_config.json tokenizer.json tokenizer_config.json special_tokens_map.json "
    "added_tokens.json vocab.txt vocab.json merges.txt 1_Pooling/config.json sentence_bert_config.json "
    "ptft.json".split()
)
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json")
_MOST_CONFIG_BYTES = 16 << 20
Judge = Callable[[Path], None]


@dataclass(frozen=True)
class HubModelInfo:
    """A model of the hub. ``revision``: the exact state that ``files`` belong to; ``family`` is empty and ``numbers``
    0 where the hub does not tell; ``is_here``: whether this very state is on this computer."""

    id: str
    revision: str
    licence: str
    languages: tuple[str, ...]
    family: str
    model_type: str
    numbers: int
    files: tuple[HubFile, ...]
    is_here: bool = False
    notices: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def reference(self) -> str:
        return str(HubName(self.id, revision=self.revision, kind="model"))

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        known = {key: value for key, value in asdict(self).items() if key != "files"}
        files = [{"name": file.path, "bytes": file.size} for file in self.files]
        return {**known, "reference": self.reference, "size_bytes": self.size_bytes, "files": files}


def model_info(wanted: str, home: Path | None = None) -> HubModelInfo:
    """Size, licence, language and architecture of ``hub:ID`` or ``hub:ID@REVISION``; nothing of it is downloaded.

    Raises DataError, also for a model that could not be used here.
    """
    name = parse_hub_model(wanted)
    hub = connect()
    card = model_card(name.id)
    with told_in_words(name, hub, card.size_bytes if card else None):
        found = hub.api().model_info(
            name.id, revision=name.revision or None, files_metadata=True, timeout=TIMEOUT_S
        )
        page = dict(found.card_data.to_dict()) if found.card_data else {}
        config = found.config if isinstance(found.config, dict) else {}
        revision, files = _revision_of(found), _needed(hub, name, files_of(found))
        total = getattr(found.safetensors, "total", None)
    kind = str(config.get("model_type") or "")
    told = texts_of(page.get("language"), found.tags, "language:")
    return HubModelInfo(
        id=str(found.id),
        revision=revision,
        licence=texts_of(page.get("license") or page.get("licence"), found.tags, "license:"),
        languages=tuple(language for language in told.split(", ") if language)[:20],
        family=family_of_type(name.short, kind) if kind else "",
        model_type=kind,
        numbers=total if isinstance(total, int) else 0,
        files=files,
        is_here=find_model(home or home_folder(), HubName(str(found.id), revision=revision)) is not None,
        notices=tuple(_notices(hub, name, found)),
    )


def _revision_of(found: Any) -> str:
    revision = str(found.sha)
    if not re.fullmatch(r"[0-9a-f]{40}", revision):
        raise ValueError("the hub names no exact state")
    return revision


def _needed(hub: Hub, name: HubName, files: Sequence[HubFile]) -> tuple[HubFile, ...]:
    """What of a repository is fetched, the configuration first. Raises DataError where that is no whole model."""
    by_path = {file.path: file for file in files}
    weights = [by_path[WEIGHTS]] if WEIGHTS in by_path else []
    if not weights and INDEX in by_path:
        weights = [by_path[INDEX], *(file for file in files if _SHARD.fullmatch(file.path))]
    if not weights:
        raise _no_weights(hub, name, by_path)
    if CONFIG_FILE not in by_path or not any(path in by_path for path in _TOKENIZERS):
        missing = "tokenizer" if CONFIG_FILE in by_path else CONFIG_FILE
        raise DataError(
            f'"{name.id}" is not a whole model.',
            f"There is no {missing} in it.",
            "Choose another model, one of a kind that transformers opens by itself.",
        )
    beside = [file for file in files if file.path in _BESIDE and file.path != CONFIG_FILE]
    return (by_path[CONFIG_FILE], *beside, *weights)


def _no_weights(hub: Hub, name: HubName, by_path: Mapping[str, HubFile]) -> DataError:
    pickles = [path for path in by_path if _PICKLE.fullmatch(path)]
    if not pickles:
        return DataError(
            f'"{name.id}" holds no weights.',
            "There is no model.safetensors in it.",
            "Choose another model of the hub.",
        )
    return DataError(
        f'"{name.id}" keeps its numbers in {pickles[0]}, which is not opened here.',
        "Files of that kind (pickles) can run hidden programs when they are opened.",
        "Its Community page may hold a copy as safetensors, to be fetched as "
        f"hub:{name.id}@refs/pr/1: {hub.page_of(name)}/discussions. Or convert it with transformers where you "
        "trust it, and open the folder.",
    )


def _notices(hub: Hub, name: HubName, found: Any) -> list[str]:
    if not getattr(found, "gated", False):
        return []
    return [
        f"It is only given to people who agreed to its terms, at {hub.page_of(name)}; "
        "then HF_TOKEN must hold your token."
    ]


# --- fetching --------------------------------------------------------------------------------------------------------


def download_model(
    wanted: str,
    judge: Judge,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
    home: Path | None = None,
) -> HubModel:
    """Fetch ``hub:ID`` or ``hub:ID@REVISION``; an exact state that is on this computer is not asked for again.

    ``judge`` is given the whole folder before it gets its name, and raises for one that is not to be opened. What a
    broken or stopped download had fetched is kept, and the next call goes on from there. Raises DataError, SpecError,
    StoppedByPerson, and what ``judge`` raises.
    """
    place = home or home_folder()
    name = parse_hub_model(wanted)
    if name.is_exact and (here := find_model(place, name)):
        return here
    progress("Asking the hub", None)
    info = model_info(wanted, place)
    if here := find_model(place, HubName(info.id, revision=info.revision, kind="model")):
        return here
    with kept_folder(place, models_folder(place), info.id, info.revision, info.id) as kept:
        _check_room(kept, info)
        _fetch(info, kept, progress, should_stop)
        progress("Checking what arrived", None)
        _judge(kept, judge)
        return _put_in_place(place, kept, info)


def _check_room(kept: Path, info: HubModelInfo) -> None:
    here = sum(file.stat().st_size for file in kept.rglob("*") if file.is_file())
    check_space(
        kept, f'"{info.id}"', info.size_bytes - here, "Free some space there, or choose a smaller model."
    )


def _fetch(info: HubModelInfo, kept: Path, progress: Progress, should_stop: ShouldStop) -> None:
    """The configuration, which is judged, then the rest."""
    name, hub = HubName(info.id, revision=info.revision, kind="model"), connect()
    if info.files[0].size > _MOST_CONFIG_BYTES:
        raise _absurd(info, f"It has {info.files[0].size:,} bytes.")
    places = [(file, kept / file.path) for file in info.files]
    fetch_all(hub, name, info.revision, places[:1], no_progress, should_stop)
    _check_config(info, kept)
    for _file, path in places:
        path.parent.mkdir(exist_ok=True)
    fetch_all(hub, name, info.revision, places, progress, should_stop)


def _check_config(info: HubModelInfo, kept: Path) -> None:
    """Refuse a configuration of another kind, or one that asks for more numbers than its weights can hold."""
    start = glance_at_folder(kept, info.id)
    shape = {
        "model_size": "tiny",
        "layers": start.layers,
        "width": start.width,
        "block_size": start.positions,
    }
    numbers = numbers_to_learn(start.family, shape, start.vocabulary)
    weights = sum(file.size for file in info.files if file.path.endswith(".safetensors"))
    if numbers > weights:  # not even a byte for each
        raise _absurd(
            info, f"It asks for {count_text(numbers)} numbers, but its weights have {bytes_text(weights)}."
        )


def _absurd(info: HubModelInfo, detail: str) -> DataError:
    return DataError(
        f'The {CONFIG_FILE} of "{info.id}" is damaged or made by another kind of program.',
        detail,
        "Choose another model; nothing more of it was fetched.",
    )


def _judge(kept: Path, judge: Judge) -> None:
    try:
        judge(kept)
    except Exception:
        shutil.rmtree(kept, ignore_errors=True)  # the same would arrive again
        raise


def _put_in_place(home: Path, kept: Path, info: HubModelInfo) -> HubModel:
    target = folder_of(home, info.id, info.revision)
    model = HubModel(
        info.id, info.revision, target, info.licence, info.languages, info.size_bytes, now_text()
    )
    try:
        with library_lock(home):
            write_hub_file(kept, model)
            shutil.rmtree(target, ignore_errors=True)  # something without its hub.json
            kept.rename(target)
            sync_folder(target.parent)
    except OSError as problem:
        raise not_stored(info.id, problem) from problem
    return model
