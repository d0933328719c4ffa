"""Which files a path stands for: a file, a folder, an archive; the parts and classes that their names tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ptft_gui.core.errors import DataError
from ptft_gui.data import naming
from ptft_gui.data.archives import Archive
from ptft_gui.data.bytesource import (
    ByteSource,
    archive_in,
    source_of,
)
from ptft_gui.data.encoding import looks_like_text
from ptft_gui.data.entries import Entry, entries_of, garbage_waits, walk
from ptft_gui.data.naming import AnyKind, FilesKind, PartKey
from ptft_gui.data.plainfile import shown, unreadable
from ptft_gui.data.reading import is_dump, read_blocks

__all__ = ["DataFiles", "FoundFile", "find_files", "read_blocks"]

_LOOKED_AT = 20
_LOOK_BYTES = 1 << 12
_NAMED_FILES = 3
_READ_KINDS: tuple[FilesKind, ...] = ("text", "table", "tags", "wikipedia")
_MARKS = frozenset({".xml", ".html", ".htm"})


@dataclass(frozen=True)
class FoundFile:
    """One file of a dataset. ``label`` is the class that its folder or its name tells."""

    source: ByteSource
    part: PartKey = "train"
    label: str | None = None


@dataclass(frozen=True)
class DataFiles:
    """The files behind a path, in a fixed order.

    ``kind`` is a guess by names and first bytes: texts, tables, files of tagged words, texts whose folder or file is
    their class, an export of Wikipedia. ``beside`` are files that were left aside (a list of classes, a table beside
    texts). ``remarks`` is what a person should know about the choice. Parts other than train are filled when a folder
    or archive brings its own.
    """

    root: Path
    kind: FilesKind
    files: tuple[FoundFile, ...]
    beside: tuple[ByteSource, ...] = ()
    remarks: tuple[str, ...] = ()
    archive: Archive | None = None

    @property
    def train(self) -> tuple[ByteSource, ...]:
        return self.of("train")

    @property
    def val(self) -> tuple[ByteSource, ...]:
        return self.of("val")

    @property
    def test(self) -> tuple[ByteSource, ...]:
        return self.of("test")

    def of(self, part: PartKey) -> tuple[ByteSource, ...]:
        """The files of one part."""
        return tuple(file.source for file in self.files if file.part == part)

    @property
    def is_folder(self) -> bool:
        """Whether the path may hold several files."""
        return self.archive is not None or self.root.is_dir()

    @property
    def work_bytes(self) -> int:
        """How much plain text would take as long to prepare: markup takes ten times as long."""
        total = sum(source.likely_bytes for source in self.train)
        return total * 10 if self.kind == "wikipedia" else total

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order in which they are met."""
        return tuple(dict.fromkeys(file.label for file in self.files if file.label is not None))

    def with_val(self, val: DataFiles) -> DataFiles:
        """The same with a person's own held-out files, which win over those a folder brings."""
        kept = tuple(file for file in self.files if file.part != "val")
        given = tuple(replace(file, part="val") for file in val.files if file.part == "train")
        return replace(self, files=kept + given)

    def notices(self) -> list[str]:
        """What a person who trains word vectors should know about the choice of files."""
        said = list(self.remarks)
        if self.test:
            count = len(self.test)
            names = (
                ", ".join(shown(s.file_name) for s in self.test)
                if count <= _NAMED_FILES
                else f"A test part of {count:,} files"
            )
            said.append(f"{names} was left aside: word vectors are not scored on a test part.")
        return said


@garbage_waits()
def find_files(path: Path) -> DataFiles:
    """What a path stands for: one file, the files of a folder, or those of a zip or tar archive.

    Hidden files are skipped, and links that lead out of the folder, which is said. Raises DataError when there is no
    such path, it may not be read, an archive is refused, or nothing in it can be read as data.
    """
    try:
        if path.is_dir():
            links: list[str] = []
            return _choose(path, list(walk(path, links)), None, _link_remarks(links))
        path.stat()
    except FileNotFoundError as problem:
        raise _missing(path) from problem
    except OSError as problem:
        raise unreadable(path, problem) from problem
    source = source_of(path)
    archive = archive_in(source)
    if archive is None:
        return _single(path, source)
    return _choose(path, entries_of(archive), archive, [])


def _single(path: Path, source: ByteSource) -> DataFiles:
    kind = naming.kind_of_suffix(source.suffix)
    if kind == "wikipedia" and is_dump(source):
        return DataFiles(path, "wikipedia", (FoundFile(source),))
    known: FilesKind = kind if kind == "table" or kind == "tags" else "text"
    return DataFiles(
        path, known, (FoundFile(source),), remarks=tuple(_mark_remarks([Entry((source.file_name,), source)]))
    )


def _choose(path: Path, entries: list[Entry], archive: Archive | None, remarks: list[str]) -> DataFiles:
    entries = _without_common_folders(entries)
    kind, chosen, rest = _largest_kind(entries)
    if not chosen:
        raise _nothing_to_read(path, entries, archive, remarks)
    files, without_part = _with_parts(chosen, rest)
    taken = {id(entry) for _, entry in files}
    rest = [entry for entry in rest if id(entry) not in taken] + without_part
    if kind == "text":
        kind, files, beside_classes = _with_classes(files)
        rest += beside_classes
    return DataFiles(
        path,
        kind,
        tuple(file for file, _ in files),
        tuple(entry.source for entry in rest),
        (
            *remarks,
            *_rest_remarks(rest),
            *(_mark_remarks([entry for _, entry in files]) if kind == "text" else []),
        ),
        archive,
    )


def _without_common_folders(entries: list[Entry]) -> list[Entry]:
    """Cut the folders that all files share: an archive of a folder is that folder."""
    while entries and len({entry.parts[0] for entry in entries}) == 1 and len(entries[0].parts) > 1:
        entries = [entry for entry in entries if len(entry.parts) > 1]
        for entry in entries:
            entry.parts = entry.parts[1:]
    return entries


def _largest_kind(entries: list[Entry]) -> tuple[FilesKind, list[Entry], list[Entry]]:
    """The kind of most bytes, its files, and the others. Files of unknown endings count where there is nothing else."""
    kinds: dict[AnyKind, list[Entry]] = {}
    for entry in entries:
        kinds.setdefault(naming.kind_of_suffix(entry.suffix), []).append(entry)
    if "wikipedia" in kinds and not is_dump(kinds["wikipedia"][0].source):
        kinds.setdefault("unknown", []).extend(kinds.pop("wikipedia"))
    unknown = kinds.pop("unknown", [])
    kinds.pop("other", None)
    for kind, found in list(kinds.items()):
        kept = [
            entry for entry in found if not (naming.is_about(entry.stem) or naming.is_class_list(entry.stem))
        ]
        if kept or len(kinds) > 1 or unknown:
            kinds[kind] = kept
    if not any(kinds.values()) or ("text" not in kinds and _size(unknown) > sum(map(_size, kinds.values()))):
        texts = _those_that_look_like_text(unknown)
        kinds["text"] = texts or kinds.get("text", [])
    best = max(_READ_KINDS, key=lambda kind: _size(kinds.get(kind, [])))
    taken = {id(entry) for entry in kinds.get(best, [])}
    return best, kinds.get(best, []), [entry for entry in entries if id(entry) not in taken]


def _size(entries: Iterable[Entry]) -> int:
    return sum(entry.source.size_bytes + 1 for entry in entries)


def _those_that_look_like_text(entries: list[Entry]) -> list[Entry]:
    """Files of endings that mean nothing here, where some of each look like text."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if not naming.is_about(entry.stem):
            groups.setdefault(entry.suffix, []).append(entry)
    good = {
        suffix
        for suffix, group in groups.items()
        if all(looks_like_text(entry.source.head(_LOOK_BYTES)) for entry in group[:_LOOKED_AT])
    }
    return [entry for entry in entries if entry.suffix in good and not naming.is_about(entry.stem)]


_Found = list[tuple[FoundFile, Entry]]


def _with_parts(chosen: list[Entry], rest: list[Entry]) -> tuple[_Found, list[Entry]]:
    """The files with the parts that folders or names tell, and those that a dataset with parts has no place for."""
    for find in (_part_by_folder, _part_by_whole_name, _part_by_word):
        parts = [find(entry) for entry in chosen]
        if "train" not in parts or not {"val", "test"} & set(parts):
            continue
        if find is _part_by_word and None in parts:
            continue
        more = [entry for entry in rest if find(entry) and _is_unknown_text(entry)]
        found = [(entry, part) for entry, part in zip(chosen, parts, strict=True) if part]
        found += [(entry, part) for entry in more if (part := find(entry))]
        without = [entry for entry, part in zip(chosen, parts, strict=True) if not part]
        return [(FoundFile(entry.source, part), entry) for entry, part in found], without
    return [(FoundFile(entry.source), entry) for entry in chosen], []


def _part_by_folder(entry: Entry) -> PartKey | None:
    return naming.part_of_name(entry.parts[0]) if len(entry.parts) > 1 else None


def _part_by_whole_name(entry: Entry) -> PartKey | None:
    return naming.exact_part(entry.stem) if len(entry.parts) == 1 else None


def _part_by_word(entry: Entry) -> PartKey | None:
    return naming.part_of_name(entry.bare_name) if len(entry.parts) == 1 else None


def _is_unknown_text(entry: Entry) -> bool:
    is_unknown = naming.kind_of_suffix(entry.suffix) == "unknown"
    return is_unknown and looks_like_text(entry.source.head(_LOOK_BYTES))


def _with_classes(found: _Found) -> tuple[FilesKind, _Found, list[Entry]]:
    """Texts whose folder, or whose file, is their class, and the few files beside them; otherwise they are texts."""
    folders = [_class_folder(file, entry) for file, entry in found]
    names = {name for name in folders if name is not None}
    without = [entry for (_, entry), name in zip(found, folders, strict=True) if name is None]
    if len(names) > 1 and len(found) - len(without) > len(names) and len(without) * 10 <= len(found):
        labelled = [
            (FoundFile(file.source, file.part, naming.class_of_folder(name)), entry)
            for (file, entry), name in zip(found, folders, strict=True)
            if name is not None
        ]
        return "classes", labelled, without
    if all(len(entry.parts) == 1 for _, entry in found):
        classes = naming.classes_of_names([(entry.stem, entry.suffix) for _, entry in found])
        if classes:
            return (
                "classes",
                [
                    (replace(file, label=name), entry)
                    for (file, entry), name in zip(found, classes, strict=True)
                ],
                [],
            )
    return "text", found, []


def _class_folder(file: FoundFile, entry: Entry) -> str | None:
    """The folder that stands for a class: the one below that of the part, if the file lies in it directly."""
    folders = entry.parts[:-1]
    if folders and naming.part_of_name(folders[0]) == file.part:
        folders = folders[1:]
    return folders[0] if len(folders) == 1 else None


def _mark_remarks(entries: list[Entry]) -> list[str]:
    return [
        f"{entry.source.name} is read as plain text, line by line; its marks are not told apart."
        for entry in entries
        if entry.suffix in _MARKS
    ][:_NAMED_FILES]


def _link_remarks(links: list[str]) -> list[str]:
    return [f"{_listed(links)} skipped: links are not followed out of the folder."] if links else []


def _rest_remarks(rest: list[Entry]) -> list[str]:
    left = [
        entry.source.file_name
        for entry in rest
        if not (naming.is_about(entry.stem) or naming.is_class_list(entry.stem))
    ]
    return [f"{_listed(left)} left aside: the other files are of another kind."] if left else []


def _listed(names: list[str]) -> str:
    """``a.pdf, b.jpg and 12 more were`` / ``a.pdf was``."""
    listed = ", ".join(map(shown, names[:_NAMED_FILES]))
    more = f" and {len(names) - _NAMED_FILES:,} more" if len(names) > _NAMED_FILES else ""
    return f"{listed}{more} {'was' if len(names) == 1 else 'were'}"


def _missing(path: Path) -> DataError:
    return DataError(
        f"There is no file or folder named {shown(path.name or str(path))}.",
        f"Looked for {path.absolute()}.",
        "Check the spelling, or choose the file again.",
    )


def _nothing_to_read(
    path: Path, entries: list[Entry], archive: Archive | None, remarks: list[str]
) -> DataError:
    """A folder or archive without data, in words."""
    place = path.name if archive else f"The folder {shown(path.name or str(path))}"
    if archive is not None and not archive.members:
        return DataError(f"{path.name} is empty.", "There is no file in the archive.", "Choose another one.")
    nested = [e.source.file_name for e in entries if e.suffix in naming.ARCHIVE_SUFFIXES]
    if nested:
        seen = f"It holds {nested[0]}, and archives inside {'archives' if archive else 'folders'} are not opened."
        hint = (
            f"Unpack {place} and choose {nested[0]}"
            if archive
            else f"Unpack it, or choose {nested[0]} itself"
        )
        return DataError(f"{place} holds no text file.", seen, f"{hint}.")
    counts = Counter(entry.suffix for entry in entries if entry.suffix)
    names = sorted(name for name, _ in counts.most_common(6))
    seen = f"It holds files ending in {', '.join(names)}." if names else "It holds no files with text."
    return DataError(
        f"{place} holds no text file.",
        " ".join([seen, *remarks]),
        "Choose one with texts (.txt, .md), tables (.csv, .tsv, .xlsx, .json, .jsonl, .parquet) or tag files (.conll).",
    )
