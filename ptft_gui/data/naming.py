"""What the names of files tell: their kind, the part of a dataset they are, the class that they hold."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

PartKey = Literal["train", "val", "test"]
FilesKind = Literal["text", "table", "tags", "classes", "wikipedia"]
AnyKind = FilesKind | Literal["other", "unknown"]

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".tokens", ".cor"})
TABLE_SUFFIXES = frozenset(
    ".csv .tsv .tab .psv .xlsx .xlsm .xls .xlsb .ods .json .jsonl .ndjson .parquet .pq .arrow .feather .ipc".split()
)
TAG_SUFFIXES = frozenset(".conll .conllu .bio .bioes .bmes .bmeso .iob .iob2 .ner".split())
ARCHIVE_SUFFIXES = frozenset(".zip .tar .tgz .tbz2 .txz .tzst .7z .rar".split())
# Endings of files that are never text: they are not even looked at in a folder.
_OTHER_SUFFIXES = frozenset(
    ".jpg .jpeg .png .gif .bmp .tif .tiff .webp .svg .ico .heic .psd .mp3 .wav .flac .ogg .m4a .mp4 .mov .avi .mkv "
    ".webm .pdf .doc .docx .ppt .pptx .odt .odp .rtf .epub .mobi .exe .dll .so .dylib .bin .o .a .class .jar .pyc "
    ".whl .iso .dmg .db .sqlite .npy .npz .pt .pth .safetensors .pkl .h5 .ttf .otf .woff .woff2 .lnk .url .tmp "
    ".bak .swp .lock .log .ini .cfg .toml .yaml .yml .py .pyi .ipynb .js .ts .css .c .h .cpp .java .sh .bat .ps1 "
    ".html .htm .feat .vec .model".split()
) | ARCHIVE_SUFFIXES  # fmt: skip
_ABOUT_STEMS = re.compile(
    r"(readme|read_me|licen[cs]e|copying|notice|changelog|changes|authors|citation|about)\b.*"
)
_CLASS_LIST_STEMS = frozenset(
    {"class", "classes", "labels", "label", "class_names", "label_names", "categories"}
)
_CLASS_STEMS = frozenset(
    {"pos", "neg", "positive", "negative", "neutral", "neu", "spam", "ham", "true", "fake", "real"}
)
_UNLABELLED = frozenset({"unsup", "unlabeled", "unlabelled", "unsupervised"})

_PARTS: dict[str, PartKey] = {
    "train": "train",
    "training": "train",
    "dev": "val",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
_PARTS |= {f"{name}{tail}": part for name, part in list(_PARTS.items()) for tail in ("data", "set")}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_LETTERS = re.compile(r"[^a-z]+")


def kind_of_suffix(suffix: str) -> AnyKind:
    """The kind of file that an ending promises."""
    if suffix in TEXT_SUFFIXES:
        return "text"
    if suffix in TABLE_SUFFIXES:
        return "table"
    if suffix in TAG_SUFFIXES:
        return "tags"
    if suffix == ".xml":
        return "wikipedia"
    return "other" if suffix in _OTHER_SUFFIXES else "unknown"


def is_hidden(parts: tuple[str, ...]) -> bool:
    """Whether a path is kept out of a person's sight, or was put there by their computer."""
    return parts[-1] in ("Thumbs.db", "desktop.ini") or any(
        part.startswith(".") or part == "__MACOSX" for part in parts
    )


def is_about(stem: str) -> bool:
    """Whether a file tells about a dataset (``README``, ``LICENSE``) rather than being of it."""
    return _ABOUT_STEMS.fullmatch(stem.lower()) is not None


def is_class_list(stem: str) -> bool:
    """Whether a file lists the names of classes (``classes.txt``)."""
    return stem.lower() in _CLASS_LIST_STEMS


def exact_part(stem: str) -> PartKey | None:
    """The part that a file is when its whole name says so: ``dev.tsv``."""
    return _PARTS.get(stem.lower())


@lru_cache(maxsize=4096)
def part_of_name(name: str) -> PartKey | None:
    """The part that a word of a name tells: ``wiki.train.tokens``, ``sts-dev.csv``, ``wnut17train.conll``.

    None when no word does, or words of two parts do.
    """
    words = _NO_LETTERS.split(_HUMP.sub(" ", name).lower())
    found = {_PARTS[word] for word in words if word in _PARTS}
    return found.pop() if len(found) == 1 else None


def class_of_folder(name: str) -> str | None:
    """The class whose texts lie in a folder of this name; None for texts without one (``unsup``)."""
    return None if name.lower() in _UNLABELLED else name


def classes_of_names(names: list[tuple[str, str]]) -> list[str] | None:
    """The classes of files that hold one each, from their (stem, ending): ``rt-polarity.pos`` and ``rt-polarity.neg``.

    None when these files are not of that kind.
    """
    stems = {stem.lower() for stem, _ in names}
    endings = {suffix.lower() for _, suffix in names}
    if len(names) < 2:
        return None
    if len(stems) == 1 and len(endings) == len(names) and "" not in endings:
        return [suffix.lstrip(".") for _, suffix in names]
    if stems <= _CLASS_STEMS and len(stems) == len(names):
        return [stem for stem, _ in names]
    return None
