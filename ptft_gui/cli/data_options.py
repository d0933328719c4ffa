"""The options by which a person says how a dataset is read and what its columns are for.

``train``, ``data inspect`` and ``data add`` share them: what is not said is found out by looking.
"""

from __future__ import annotations

import argparse
import codecs
from collections.abc import Iterable

from ptft_gui.cli.parser import one_of
from ptft_gui.core.data_request import DataRequest, ReadOptions, SplitRequest
from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.tasks import ROLES, TASKS, Role

_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}


def add_role_options(parser: argparse.ArgumentParser) -> None:
    """One option for each role of a column, and how the file is read. See :func:`request_from_options`."""
    roles = parser.add_argument_group("columns of a table, where the guess needs help")
    for role in ROLES:
        roles.add_argument(role.flag, metavar="COL", dest=_place(role), help=role.sentence)
    reading = parser.add_argument_group("how the file is read, where the guess needs help")
    reading.add_argument("--encoding", type=_encoding, help="for example utf-8, windows-1252, gb18030")
    reading.add_argument("--delimiter", type=_delimiter, help="one sign, or tab, comma, semicolon, pipe")
    reading.add_argument("--sheet", help="the sheet of a workbook, or the list inside a JSON file")
    header = reading.add_mutually_exclusive_group()
    header.add_argument("--header", action="store_true", default=None, help="the first row names the columns")
    header.add_argument(
        "--no-header", action="store_false", dest="header", default=None, help="the first row is data"
    )
    reading.add_argument(
        "--decide",
        metavar="FINDING=CHOICE",
        nargs="+",
        action="extend",
        help="how to deal with what was found, as data inspect names it",
    )


def add_task_option(parser: argparse.ArgumentParser) -> None:
    """``--task``, for commands that look at data without training."""
    keys = [task.key for task in TASKS]
    parser.add_argument("--task", type=one_of("task", keys), metavar="T", help=", ".join(keys))


def request_from_options(options: argparse.Namespace) -> DataRequest:
    """What the options ask for; ``options`` may lack ``dataset``, ``val``, ``test`` and ``task``.

    The stored choices of a named dataset are not in it: see :mod:`ptft_gui.data.whole_request`. Raises PtftError.
    """
    roles = {role.key: column for role in ROLES if (column := getattr(options, _place(role), None))}
    split = SplitRequest(kind="column") if "split" in roles else SplitRequest()
    return DataRequest(
        dataset=getattr(options, "dataset", None) or "",
        val=getattr(options, "val", None),
        test=getattr(options, "test", None),
        read=ReadOptions(
            encoding=options.encoding,
            delimiter=options.delimiter,
            sheet=options.sheet,
            has_header=options.header,
        ),
        task=getattr(options, "task", None),
        roles=roles,
        decisions=_decisions(options.decide or ()),
        split=split,
    )


def _place(role: Role) -> str:
    return f"column_of_{role.key}"


def _encoding(text: str) -> str:
    try:
        return codecs.lookup(text).name
    except (LookupError, ValueError):
        raise PtftError(
            f'There is no encoding "{text}".',
            hint="Known are, among others: utf-8, utf-16, latin-1, windows-1252, gb18030, big5, shift-jis.",
        ) from None


def _delimiter(text: str) -> str:
    sign = _DELIMITERS.get(text.lower(), text)
    if len(sign) != 1 or sign in '"\r\n':
        raise PtftError(
            f'"{text}" cannot separate columns.', hint="Give one sign, or tab, comma, semicolon or pipe."
        )
    return sign


def _decisions(given: Iterable[str]) -> dict[str, str]:
    """``--decide equal_texts=keep_one`` -> {"equal_texts": "keep_one"}."""
    found = {}
    for text in given:
        finding, sign, choice = text.partition("=")
        if not sign or not finding.strip() or not choice.strip():
            raise PtftError(
                f'"{text}" is not a decision.',
                hint="Write it as finding=choice, for example equal_texts=keep_one.",
            )
        found[finding.strip()] = choice.strip()
    return found
