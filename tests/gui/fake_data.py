"""What the companion would tell about a survey of 4,000 rows with odd column names, for tests of pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ptft_gui.core.errors import DataError

ANSWERS = (
    "The bus comes only every two hours, and on Sundays not at all.",
    "More cycle paths, please. The road to the school is dangerous.",
    "<b>Nothing</b> to complain about & everybody is friendly",
    "Rents have doubled in five years; young families move away.",
    "The library closes too early for people who work.",
    "Ich wünsche mir mehr Bäume in der Hauptstraße.",
    "",
    "There is no doctor any more. The next one is 20 km away.",
)
TOPICS = ("transport", "transport", "other", "housing", "culture", "environment", "", "health")
COLUMNS = ("resp_id", "Q17_open", "v23_rec", "v12_note", "age_gr", "wave", "interviewer_remark_long_form")


def _rows() -> list[list[object]]:
    remarks = ("", "spoke quickly", "", "", "interrupted", "", "did not want to answer", "")
    ages = ("30-44", "18-29", "60+", "30-44", "45-59", "18-29", "60+", "60+")
    return [
        [
            i + 2,
            10_041 + 7 * i,
            ANSWERS[i],
            TOPICS[i],
            "ok" if i % 3 else "see sheet 2",
            ages[i],
            1 + i % 2,
            remarks[i],
        ]
        for i in range(8)
    ]


def open_data(arguments: dict[str, Any]) -> dict[str, Any]:
    """The answer to ``open_data``: the survey for a table, running text for any other name."""
    request = arguments["request"]
    path = Path(request["dataset"])
    if path.name.startswith("broken"):
        raise DataError(
            f"Row 1,204 of {path.name} cannot be read.",
            "It has 9 columns, the others have 7. A quotation mark in row 1,203 is probably not closed.",
            "Choose another separator.",
        )
    if path.suffix.lower() not in (".csv", ".tsv", ".xlsx"):
        return {
            "title": path.name,
            "path": str(path),
            "kind": "text",
            "format_name": "Plain text",
            "encoding": "utf-8",
            "encoding_name": "UTF-8",
            "choices": {"encodings": [], "delimiters": [], "sheets": []},
            "parts": [{"key": "train", "name": path.name, "size_bytes": 12_000}],
            "columns": [],
            "roles": [],
            "tasks": [{"key": "plain-text", "title": "Learn from plain text", "suits": True, "sentence": ""}],
            "task": "plain-text",
            "rows": [[i + 1, line] for i, line in enumerate(ANSWERS)],
            "notices": [],
        }
    encoding = request["read"]["encoding"] or "cp1252"
    return {
        "title": path.name,
        "path": str(path),
        "kind": "table",
        "format_name": "CSV",
        "encoding": encoding,
        "encoding_name": "UTF-8" if encoding == "utf-8" else "Windows-1252",
        "choices": {
            "encodings": [
                {"key": "cp1252", "name": "Windows-1252 (Western Europe)", "sample": ANSWERS[5]},
                {
                    "key": "utf-8",
                    "name": "UTF-8",
                    "sample": "Ich w\ufffdnsche mir mehr B\ufffdume in der Hauptstra\ufffde.",
                },
                {
                    "key": "mac_roman",
                    "name": "Mac Roman",
                    "sample": "Ich w¸nsche mir mehr B‰ume in der Hauptstraﬂe.",
                },
            ],
            "delimiters": [",", ";", "\t", "|"],
            "sheets": [],
        },
        "delimiter": request["read"]["delimiter"] or ";",
        "sheet": "",
        "parts": [{"key": "train", "name": path.name, "size_bytes": 812_345}],
        "columns": [
            {"name": name, "is_list": False, "examples": [str(row[i + 1]) for row in _rows()[:3]]}
            for i, name in enumerate(COLUMNS)
        ],
        "roles": _roles(request["roles"], request["task"]),
        "tasks": [
            {
                "key": "plain-text",
                "title": "Learn from plain text",
                "suits": True,
                "sentence": "It has a column of texts.",
            },
            {
                "key": "classification",
                "title": "Sort texts into classes",
                "suits": True,
                "sentence": "It has texts and 6 labels.",
            },
            {
                "key": "pair-classification",
                "title": "Compare two texts",
                "suits": False,
                "sentence": "Only one column holds texts; comparing needs two.",
            },
        ],
        "task": request["task"] or "classification",
        "rows": _rows(),
        "notices": [f"{path.name} was read as Windows-1252: 214 of its signs are no UTF-8."],
    }


def _roles(chosen: dict[str, str], task: str | None) -> list[dict[str, Any]]:
    text = {
        "role": "text",
        "title": "Text",
        "column": chosen.get("text", "Q17_open"),
        "reason": "its cells are long (11 words on average) and nearly all different",
        "runner_up": {"column": "interviewer_remark_long_form", "reason": "4 words on average"},
    }
    label = {
        "role": "label",
        "title": "Label",
        "column": chosen.get("label", "v23_rec"),
        "reason": "6 different values, short, repeated",
        "runner_up": {"column": "age_gr", "reason": "4 different values, short, repeated"},
    }
    return [text] if task == "plain-text" else [text, label]


_KEEP_TITLES = {
    "leave_out": "Leave these rows out",
    "first": "Keep the first",
    "several": "Allow several labels",
}


def study_data(arguments: dict[str, Any]) -> dict[str, Any]:
    """The answer to ``study_data``; a file named only-yes has one class, a text has no findings."""
    request = arguments["request"]
    name, task = Path(request["dataset"]).name, request["task"]
    if name.startswith("only-yes"):
        problem = DataError(
            "This column has only one class.",
            'All 3,105 labels are "yes". A model needs at least two classes to tell apart.',
            "Choose another label column.",
        )
        return {"rows": {"train": 3105}, "can_start": False, "problem": problem.as_dict()}
    decisions, is_plain = request["decisions"], task == "plain-text"
    findings = [_finding("copies", 140, "140 rows hold a text that occurs before.", decisions, "one_side",
                         {"one_side": "Keep copies on one side", "leave_out": "Leave copies out"})]  # fmt: skip
    findings.append(
        _finding(
            "empty_text",
            37,
            "37 rows have no text.",
            decisions,
            "leave_out",
            {"leave_out": "Leave these rows out"},
        )
    )
    if not is_plain:
        findings += [
            _finding("empty_label", 612, "612 rows have no label.", decisions, "set_aside",
                     {"set_aside": "Set aside, classified at the end", "leave_out": "Leave these rows out"}),
            _finding("several_labels", 83, '83 cells hold two labels, as in "economy; health".', decisions, "",
                     _KEEP_TITLES, must_ask=True),
            _finding("spelling", 21, '21 labels differ only in case: "Health", "health ".', decisions, "join",
                     {"join": "Take them as one label", "keep": "Keep them apart"}),
        ]  # fmt: skip
    classes = [
        ["transport", 1210],
        ["housing", 804],
        ["health", 511],
        ["culture", 322],
        ["environment", 190],
        ["other", 68],
    ]
    fraction = request["split"]["val_fraction"] or 0.1
    return {
        "rows": {"train": 3963} if is_plain else {"train": 3105},
        "tokens": 43_593 if is_plain else 34_155,
        "types": 5_812,
        "length_histogram": {
            "unit": "words",
            "edges": [1, 5, 10, 15, 20, 30, 40, 60, 90],
            "counts": [210, 820, 1010, 640, 380, 120, 60, 12],
            "median": 11.0,
            "p95": 34.0,
            "longest": 86,
        },
        "classes": {} if is_plain else {"train": classes},
        "language": {"name": "English", "sentence": "Mostly English (91 %), some German."},
        "empty": 37,
        "suspicious": 4,
        "warnings": [
            {
                "key": "dominant_class",
                "sentence": 'Over a third of the rows carry one label: "transport".',
                "hint": "Look at the macro F1 rather than the accuracy.",
                "finding": "",
            },
            {
                "key": "other_language",
                "sentence": "About 350 rows are not English.",
                "hint": "Leave them out, or expect weaker results on them.",
                "finding": "copies",
            },
        ],
        "findings": findings,
        "sums": "4,000 rows = 3,963 used + 37 without text."
        if is_plain
        else "4,000 rows = 3,105 used + 612 without label, set aside + 37 without text + 140 copies + 106 others.",
        "parts": {"train": 2776, "val": 594, "test": 593, "unlabelled": 0 if is_plain else 612},
        "split_sentence": f"{1 - fraction:.0%} of the rows are learned from, {fraction:.0%} are held out; "
        "equal texts stay on one side.",
        "can_start": is_plain or "several_labels" in decisions,
        "problem": None,
    }


def _finding(
    key: str,
    count: int,
    sentence: str,
    decisions: dict[str, str],
    default: str,
    choices: dict[str, str],
    must_ask: bool = False,
) -> dict[str, Any]:
    return {
        "finding": key,
        "count": count,
        "sentence": sentence,
        "default": default,
        "chosen": decisions.get(key, default),
        "must_ask": must_ask,
        "choices": [{"key": choice, "title": title} for choice, title in choices.items()],
    }


def finding_rows(arguments: dict[str, Any]) -> dict[str, Any]:
    rows = [[row[0], row[2], row[3]] for row in _rows()]
    return {"columns": ["Q17_open", "v23_rec"], "rows": rows[: arguments["limit"]]}


def prepare_preview(arguments: dict[str, Any]) -> dict[str, Any]:
    """Words cut at spaces, in lower case unless that was switched off; the words dropped are those of one sign."""
    is_lower = arguments["preparation"].get("lowercase") is not False
    pairs = []
    for text in (ANSWERS[0], ANSWERS[1], ANSWERS[3], ANSWERS[5]):
        words = [word.strip(".,;&") for word in (text.lower() if is_lower else text).split()]
        pairs.append(
            {
                "before": text,
                "words": [w for w in words if len(w) > 1],
                "dropped": [w for w in words if len(w) < 2],
            }
        )
    return {"pairs": pairs, "sentence": "Of 12 words a sentence keeps 11 on average."}


STORED: list[dict[str, Any]] = [
    {
        "name": "survey-2026",
        "title": "survey-2026",
        "kind": "table",
        "task": "classification",
        "rows": 4000,
        "words": 43_593,
        "language": "English",
        "used_in": 3,
        "state": "unchanged",
        "state_sentence": "",
        "origin": "file",
        "is_bundled": False,
        "path": "/data/survey 2026 final (2).csv",
    },
    {
        "name": "letters",
        "title": "Letters of the archive",
        "kind": "text",
        "task": "",
        "rows": 0,
        "words": 1_204_330,
        "language": "German",
        "used_in": 1,
        "state": "changed",
        "state_sentence": "The file has changed since it was added: it is 2.1 MB longer.",
        "origin": "file",
        "is_bundled": False,
        "path": "/data/letters",
    },
    {
        "name": "old-reviews",
        "title": "old-reviews",
        "kind": "classes",
        "task": "classification",
        "rows": 2000,
        "words": 400_000,
        "language": "English",
        "used_in": 0,
        "state": "missing",
        "state_sentence": "The folder /media/stick/reviews is not there any more.",
        "origin": "file",
        "is_bundled": False,
        "path": "/media/stick/reviews",
    },
]
BUNDLED: list[dict[str, Any]] = [
    {
        "name": name,
        "title": title,
        "kind": "text",
        "task": "",
        "rows": 0,
        "words": words,
        "language": "English",
        "used_in": 0,
        "state": "unchanged",
        "state_sentence": "",
        "origin": "bundled",
        "is_bundled": True,
        "path": "",
    }
    for name, title, words in (
        ("wikipedia", "Wikipedia extract", 453_000),
        ("little-kingdom", "Little Kingdom", 81_000),
        ("news", "News articles", 59_890),
    )
]
GALLERY: list[dict[str, Any]] = [
    {
        "id": "stanfordnlp/imdb",
        "title": "Film reviews (IMDB)",
        "sentence": "Long reviews of films, half of them good, half bad.",
        "rows": 50_000,
        "size_bytes": 84_000_000,
        "licence": "research use",
        "language": "English",
    },
    {
        "id": "fancyzhx/ag_news",
        "title": "News topics (AG News)",
        "sentence": "Short news in four topics: world, sports, business, science.",
        "rows": 127_600,
        "size_bytes": 19_800_000,
        "licence": "non-commercial",
        "language": "English",
    },
]


def datasets(_: dict[str, Any]) -> dict[str, Any]:
    return {"datasets": [*STORED, *BUNDLED], "gallery": GALLERY}


def hub_info(arguments: dict[str, Any]) -> dict[str, Any]:
    if not arguments["dataset"].startswith("stanfordnlp"):
        raise DataError(
            "There is no network.",
            f'"{arguments["dataset"]}" is not on this computer.',
            "Connect to the network and look it up again, or use a file of your own.",
        )
    return {
        "id": arguments["dataset"],
        "title": "IMDB",
        "sentence": "Long reviews of films, half of them good, half bad.",
        "size_bytes": 84_000_000,
        "licence": "research use",
        "splits": [{"name": "train", "rows": 25_000}, {"name": "test", "rows": 25_000}],
        "configs": ["plain_text"],
    }


ANSWERS_BY_KIND = {
    "open_data": open_data,
    "study_data": study_data,
    "finding_rows": finding_rows,
    "prepare_preview": prepare_preview,
    "datasets": datasets,
    "hub_info": hub_info,
    "download_dataset": lambda arguments: _told(arguments["name"]),
    "add_dataset": lambda arguments: _told(arguments["name"]),
    "change_dataset": lambda arguments: _told(arguments["name"]),
    "rename_dataset": lambda arguments: _told(arguments["new_name"]),
    "remove_dataset": lambda arguments: {"name": arguments["name"]},
    "restore_dataset": lambda arguments: _told(arguments["name"]),
    "check_dataset": lambda arguments: _told(arguments["name"]),
}


def _told(name: str) -> dict[str, Any]:
    """The record of a dataset that was just added, changed or looked at."""
    known = next((dict(record) for record in STORED if record["name"] == name), {})
    return {"dataset": {**known, "name": name, "title": name}}
