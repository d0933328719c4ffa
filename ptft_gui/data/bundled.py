"""The datasets that are ready to use; nothing is downloaded.

What each one is, its watched words and its example questions stand in ``resources/datasets/<id>/dataset.json``. Two of
them are texts that travel inside gensim; where a build of gensim leaves them out, they are shown as unavailable.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.resources import read_json_resource, resource_path
from ptft_gui.data import little_kingdom
from ptft_gui.data.cache import build_whole
from ptft_gui.data.mediawiki import Page, read_pages
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress

_WIKIPEDIA_FILE = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
_NEWS_FILE = "lee_background.cor"
_FEWEST_ARTICLE_WORDS = 100
# Part of the name under which readable text is cached: raise it when the way it is made changes.
_VERSIONS = {"wikipedia": 1, "news": 1, "little-kingdom": 1}

Documents = Iterator[tuple[str, str]]
Watch = Callable[[float], None]


@dataclass(frozen=True)
class _Bundled:
    """How one dataset comes to be: the file of gensim that it needs, and its documents as (name, text)."""

    gensim_file: str
    documents: Callable[[Watch], Documents]


def bundled_ids() -> tuple[str, ...]:
    """The ids of all bundled datasets, in the order in which they are shown."""
    return tuple(_SOURCES)


def is_bundled(dataset: str) -> bool:
    """Whether a dataset is meant that comes with the program; an existing path of the same name wins."""
    return dataset in bundled_ids() and not Path(dataset).expanduser().exists()


def bundled_table(dataset: str) -> Path | None:
    """The rows of a set of examples that comes with the program; None for another name, and for a path that exists."""
    if not re.fullmatch(r"[\w-]+", dataset) or Path(dataset).exists():
        return None
    rows = resource_path("datasets", dataset, "rows.jsonl")
    return rows if rows.is_file() else None


def dataset_card(dataset_id: str) -> dict[str, Any]:
    """Title, card text, facts, watched words and example questions of a bundled dataset."""
    card: dict[str, Any] = read_json_resource("datasets", dataset_id, "dataset.json")
    return card


def is_available(dataset_id: str) -> tuple[bool, str]:
    """Whether a bundled dataset can be used here, and if not, why."""
    name = _SOURCES[dataset_id].gensim_file
    if not name or (gensim_texts() / name).is_file():
        return True, ""
    return False, f"This text travels inside gensim, and this build of gensim comes without it ({name})."


def source_stamp(dataset: str) -> str:
    """Changes when the way a bundled dataset is made changes; empty for a path."""
    return f"{dataset}-{_VERSIONS[dataset]}" if dataset in _VERSIONS else ""


def bundled_documents(dataset_id: str, watch: Watch = lambda _fraction: None) -> Documents:
    """The documents of a bundled dataset as (name, readable text), made as they are asked for.

    ``watch`` is told the fraction done. Raises DataError when the dataset is not available.
    """
    can_be_used, reason = is_available(dataset_id)
    if not can_be_used:
        title = dataset_card(dataset_id)["title"]
        raise DataError(
            f"The dataset {title} is not available here.",
            reason,
            "Choose Little Kingdom or a text of your own, or install gensim again with its test data.",
        )
    return _SOURCES[dataset_id].documents(watch)


def bundled_path(
    dataset_id: str,
    cache_dir: Path,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Path:
    """A folder in the cache with the readable text of a bundled dataset; it is written there at the first call.

    A dataset of articles is a file an article, a dataset of short texts one file with a text a line.
    """
    folder = cache_dir / "bundled" / source_stamp(dataset_id)
    title = dataset_card(dataset_id)["title"]

    def watch(fraction: float) -> None:
        if should_stop():
            raise StoppedByPerson
        progress(f"Making the text of {title} readable", fraction)

    if not folder.is_dir():
        build_whole(folder, lambda target: _write(bundled_documents(dataset_id, watch), target), Path.is_dir)
    return folder


def _write(documents: Documents, folder: Path) -> None:
    """A file a document; documents without a name are lines of one file."""
    for number, (name, text) in enumerate(documents, 1):
        file = folder / (f"{number:03} {_file_name(name)}.txt" if name else "texts.txt")
        with open(file, "a", encoding="utf-8", newline="\n") as out:
            out.write(text.rstrip("\n") + "\n")


def _file_name(title: str) -> str:
    return re.sub(r"[^\w (),.-]", "_", title)[:80]


def gensim_texts() -> Path:
    """Where gensim keeps its texts; gensim itself is not imported."""
    found = importlib.util.find_spec("gensim")
    places = list(found.submodule_search_locations or []) if found else []
    return Path(places[0] if places else "gensim", "test", "test_data")


def _wikipedia(watch: Watch) -> Documents:
    from ptft_gui.data.wikitext import readable_lines  # only this dataset needs the parser of wiki markup

    dump = gensim_texts() / _WIKIPEDIA_FILE
    size = dump.stat().st_size
    for page in read_pages(dump, lambda read: watch(read / size)):
        text = "\n".join(readable_lines(page.markup))
        if _is_article(page, text):
            yield page.title, text


def _is_article(page: Page, text: str) -> bool:
    """Pages that only point to others ("Austin may refer to ...") and stubs are no articles."""
    return not page.title.endswith("(disambiguation)") and len(text.split()) >= _FEWEST_ARTICLE_WORDS


def _news(watch: Watch) -> Documents:
    lines = (gensim_texts() / _NEWS_FILE).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        watch(number / len(lines))
        yield "", line.strip()


def _little_kingdom(watch: Watch) -> Documents:
    for number, sentence in enumerate(little_kingdom.sentences(), 1):
        watch(number / little_kingdom.SENTENCES)
        yield "", sentence


_SOURCES = {
    "wikipedia": _Bundled(_WIKIPEDIA_FILE, _wikipedia),
    "news": _Bundled(_NEWS_FILE, _news),
    "little-kingdom": _Bundled("", _little_kingdom),
}


def first_documents(dataset_id: str, count: int) -> list[str]:
    """The texts of the first documents, quickly."""
    return [text for _, text in islice(bundled_documents(dataset_id), count)]
