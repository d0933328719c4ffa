"""What a person should know before training, and can do something about: sentences made from the numbers of a table.

Every rule is a pure function of the record that :meth:`Statistics.result` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.data.examples.lengths import share_longer
from ptft_gui.data.examples.suspicions import SENTENCES

DOMINANT_SHARE = 0.8
FEW_ROWS = 100
FEW_WORDS = 10_000
MANY_SUSPICIOUS = 0.02
MANY_COPIES = 0.1
MANY_UNANSWERED = 0.7
TOKENS_PER_WORD = 1.3
"""A tokenizer of English cuts off an ending here and there; Chinese characters are a token each."""

_PART_NAMES = {"train": "training", "val": "validation", "test": "test"}
Result = Mapping[str, Any]


@dataclass(frozen=True)
class DataWarning:
    """One thing to know. ``finding`` is the key of the finding whose rows it speaks of, ``column`` the column that a
    person may take; "" for none."""

    key: str
    sentence: str
    hint: str
    finding: str = ""
    column: str = ""

    def as_dict(self) -> dict[str, str]:
        """The warning as plain data for the window."""
        return asdict(self)


def find_warnings(result: Result, max_tokens: int | None = None) -> tuple[DataWarning, ...]:
    """All warnings for the numbers of a table, the gravest first.

    ``max_tokens`` is how much of a text the model reads; None where there is no limit.
    """
    if not sum(result["rows"].values()):
        return ()
    found = [warning for rule in _RULES for warning in rule(result)]
    if max_tokens is not None:
        found += _cut_off(result, max_tokens)
    return tuple(found)


def _leaks(result: Result) -> Iterator[DataWarning]:
    copies = result.get("copies", {})
    about = "" if copies.get("is_exact", True) else "About "
    for leak in copies.get("shared", ()):
        rows = result["rows"].get(leak["part"], 0)
        where = (
            f"{about}{_rows(leak['count'])} of the {_PART_NAMES[leak['part']]} part "
            f"({_share(leak['count'], rows)}) {_verb(leak['count'], 'stands', 'stand')} in the "
            f"{_PART_NAMES[leak['other']]} part too"
        )
        if leak["other"] == "train":
            hint = "Leave the copies out of training; this is the default."
            yield DataWarning("leak", f"{where}, so the score would be too good.", hint, "leaks")
        else:
            yield DataWarning(
                "leak_held_out",
                f"{where}, which chooses the best moment, so the score would be a little too good.",
                "Take them out of the validation file before you print the score.",
            )


def _reading(result: Result) -> Iterator[DataWarning]:
    """What reading all rows told about the files; a notice says itself what can be done."""
    for notice in result.get("reading") or ():
        sentence, _, hint = notice.partition(". ")
        yield DataWarning("reading", f"{sentence}." if hint else sentence, hint)


def _later_label(result: Result) -> Iterator[DataWarning]:
    if later := result.get("later_label"):
        yield DataWarning(
            "later_label",
            f"After reading all rows, “{_short(later['column'])}” looks like labels: it holds several values, "
            "which the first rows do not show.",
            "To sort texts into classes, choose it as label; to learn from plain text, nothing is to be done.",
            column=later["column"],
        )


def _one_class(result: Result) -> Iterator[DataWarning]:
    counts = _class_totals(result)
    if len(counts) == 1:
        label, count = next(iter(counts.items()))
        yield DataWarning(
            "one_class",
            f"All {count:,} labels are “{_short(label)}”. A model needs at least two classes to tell apart.",
            "Choose another label column.",
        )


def _label_is_id(result: Result) -> Iterator[DataWarning]:
    if _labels_are_ids(result):
        counts, distinct = result["classes"], result["labels"]["distinct"]
        labelled = _labelled(counts) + result["labels"]["uncounted"]
        yield DataWarning(
            "label_is_id",
            f"The label column holds {distinct:,} different values in {labelled:,} rows: it looks like a name or a "
            "number of each row, not like classes.",
            "Choose another label column, or another task.",
        )


def _label_is_score(result: Result) -> Iterator[DataWarning]:
    labels = result.get("labels", {})
    if not labels.get("numbers") or _labels_are_ids(result) or len(_class_totals(result)) < 2:
        return
    if labels["fractions"] or labels["distinct"] > 12:
        kind = (
            "numbers with fractions" if labels["fractions"] else f"{labels['distinct']:,} different numbers"
        )
        yield DataWarning(
            "label_is_score",
            f"The labels are {kind}: they look like a score rather than classes.",
            "Choose a column whose few values name classes, or group the numbers in the file.",
        )


def _dominant_class(result: Result) -> Iterator[DataWarning]:
    counts = _class_counts(result, "train") or _class_totals(result)
    total = sum(counts.values())
    if len(counts) < 2 or _labels_are_ids(result):
        return
    label, count = max(counts.items(), key=lambda item: item[1])
    if count > DOMINANT_SHARE * total:
        yield DataWarning(
            "dominant_class",
            f"{_share(count, total)} of the labels are “{_short(label)}”: a model that always answers so would look "
            "good and know nothing.",
            "Weight the classes equally, add rows of the other classes, and look at macro F1 rather than at accuracy.",
        )


def _missing_classes(result: Result) -> Iterator[DataWarning]:
    if _labels_are_ids(result):
        return
    train = _class_counts(result, "train")
    for part in ("val", "test"):
        held_out = _class_counts(result, part)
        if not train or not held_out:
            continue
        name = _PART_NAMES[part]
        if unseen := [label for label in held_out if label not in train]:
            yield DataWarning(
                "class_not_in_training",
                f"{_classes(unseen)} of the {name} part never {_verb(len(unseen), 'occurs', 'occur')} in training, so "
                "the model cannot learn to answer so.",
                "Look whether it is only written differently; else add training rows for it.",
                "unseen_labels",
            )
        if untested := [label for label in train if label not in held_out]:
            yield DataWarning(
                "class_not_in_" + part,
                f"{_classes(untested)} never {_verb(len(untested), 'occurs', 'occur')} in the {name} part, so nobody "
                "will see how well it is answered.",
                f"Add rows of it to the {name} part, or let the program divide all rows anew.",
            )


def _few_rows(result: Result) -> Iterator[DataWarning]:
    rows = result["rows"].get("train", 0)
    words = result.get("tokens", {}).get("train", 0)
    if result["task"] == PLAIN_TEXT:
        if words < FEW_WORDS:
            count = f"{words:,} {_verb(words, 'word', 'words')}"
            yield DataWarning(
                "few_words",
                f"There {_verb(words, 'is', 'are')} only {count} to learn from.",
                "Add more text.",
            )
    elif 0 < rows < FEW_ROWS:
        yield DataWarning(
            "few_rows",
            f"There {_verb(rows, 'is', 'are')} only {_rows(rows)} to learn from.",
            "Add more rows: a few hundred usually suffice to fine-tune a model.",
        )


def _bad_scores(result: Result) -> Iterator[DataWarning]:
    scores = result.get("scores", {})
    if scores.get("unreadable"):
        yield DataWarning(
            "scores_unreadable",
            f"{scores['unreadable']:,} {_verb(scores['unreadable'], 'score is no number', 'scores are no numbers')}.",
            "Look at these rows; a score is written like 3.5 or 3,5.",
            "bad_scores",
        )


def _short_texts(result: Result) -> Iterator[DataWarning]:
    lengths = result.get("lengths")
    is_named = result["task"] not in ("tagging", PLAIN_TEXT)  # lines of verse may be short
    if lengths and lengths["counts"] and lengths["median"] <= 2 and is_named:
        yield DataWarning(
            "short_texts",
            f"Half of the texts have no more than {lengths['median']} {_verb(lengths['median'], 'word', 'words')}.",
            "Look whether the right column is chosen for the text.",
        )


def _mixed_languages(result: Result) -> Iterator[DataWarning]:
    tops = {
        part: facts["languages"][0]["name"]
        for part, facts in result.get("languages", {}).items()
        if facts["languages"]
    }
    if len(set(tops.values())) > 1:
        named = ", ".join(f"{_PART_NAMES[part]} {name}" for part, name in tops.items())
        yield DataWarning(
            "languages_differ",
            f"The parts are written in different languages: {named}.",
            "Take texts of one language for all parts, or the score says little about the texts that were learned.",
        )


def _suspicious(result: Result) -> Iterator[DataWarning]:
    rows = sum(result["rows"].values())
    is_text = result["task"] == PLAIN_TEXT
    for kind, found in sorted(result.get("suspicious", {}).items(), key=lambda item: -item[1]["count"]):
        if kind == "very_long" and is_text:
            continue  # running text comes in pieces of any size
        if found["count"] > MANY_SUSPICIOUS * rows:
            count = found["count"]
            is_broken = kind in ("mojibake", "replacement")
            yield DataWarning(
                f"suspicious_{kind}",
                f"{_rows(count)} ({_share(count, rows)}): the text {SENTENCES[kind]}.",
                "Choose another encoding, or save the file anew from where it came."
                if is_broken
                else "Look at these rows, and clean the texts if this should not be in them.",
            )


def _upper_case(result: Result) -> Iterator[DataWarning]:
    if result.get("upper_case", 0) > DOMINANT_SHARE:
        yield DataWarning(
            "upper_case",
            "Nearly all texts are written in capitals throughout. A model that tells capitals from small letters would "
            "read them badly.",
            "Choose a model that ignores case, or lower-case the texts.",
        )


def _many_copies(result: Result) -> Iterator[DataWarning]:
    rows = sum(result["rows"].values())
    count = sum(found["count"] for found in result.get("copies", {}).get("repeated", {}).values())
    if count > MANY_COPIES * rows:
        yield DataWarning(
            "many_copies",
            f"{_rows(count)} ({_share(count, rows)}) {_verb(count, 'repeats', 'repeat')} an earlier row word for word.",
            "Keep one of each, unless how often a text occurs matters.",
            "equal_texts",
        )


def _answers(result: Result) -> Iterator[DataWarning]:
    answers = result.get("answers")
    if not answers or not answers["questions"]:
        return
    if answers["absent"]:
        count = answers["absent"]
        yield DataWarning(
            "answers_absent",
            f"{count:,} of {answers['answers']:,} answers {_verb(count, 'does', 'do')} not stand in the context.",
            "A model of this kind can only point at words of the context; look at these rows.",
            "missing_answers",
        )
    elsewhere = answers["misplaced"] - answers["absent"]
    if elsewhere > 0:
        yield DataWarning(
            "answers_misplaced",
            f"{elsewhere:,} of {answers['answers']:,} answers {_verb(elsewhere, 'stands', 'stand')} elsewhere in the "
            "context than the file says.",
            "Take the nearest place where the answer stands; this is the default.",
            "misplaced_answers",
        )
    if answers["unanswered"] > MANY_UNANSWERED * answers["questions"]:
        yield DataWarning(
            "few_answers",
            f"{_share(answers['unanswered'], answers['questions'])} of the questions have no answer.",
            "Look whether the right column is chosen for the answer.",
        )


def _no_entities(result: Result) -> Iterator[DataWarning]:
    entities = result.get("entities")
    if entities is not None and not any(entities.values()):
        yield DataWarning(
            "no_entities",
            "No word is marked: all tags say “outside”.",
            "Look whether the right column is chosen for the tags.",
        )


def _cut_off(result: Result, max_tokens: int) -> Iterator[DataWarning]:
    lengths = result.get("lengths")
    if not lengths or result["task"] == PLAIN_TEXT:  # running text is cut into blocks, and nothing is lost
        return
    is_spaceless = any(facts["needs_word_cutting"] for facts in result.get("languages", {}).values())
    words = max_tokens / (1.0 if is_spaceless else TOKENS_PER_WORD)
    share = share_longer(lengths["quantiles"], words)
    if share > 0 or lengths["longest"] > words:
        some = f"About {share:.0%} of the".replace("%", " %") if share >= 0.005 else "Fewer than 1 % of the"
        about = "Nearly all" if share >= 0.995 else some
        yield DataWarning(
            "cut_off",
            f"{about} texts are longer than the {max_tokens:,} tokens that the model reads at once; the rest of them "
            "would be cut off.",
            "Set a larger text length, or cut the texts into passages.",
            "long_texts",
        )


_RULES: tuple[Callable[[Result], Iterator[DataWarning]], ...] = (
    _reading,
    _later_label,
    _one_class,
    _label_is_id,
    _label_is_score,
    _leaks,
    _missing_classes,
    _dominant_class,
    _answers,
    _no_entities,
    _bad_scores,
    _few_rows,
    _mixed_languages,
    _suspicious,
    _many_copies,
    _short_texts,
    _upper_case,
)


def _class_counts(result: Result, part: str) -> dict[str, int]:
    return dict(result.get("classes", {}).get(part, ()))


def _class_totals(result: Result) -> dict[str, int]:
    totals: dict[str, int] = {}
    for counts in result.get("classes", {}).values():
        for label, count in counts:
            totals[label] = totals.get(label, 0) + count
    return totals


def _labelled(classes: Mapping[str, list[list[Any]]]) -> int:
    return sum(count for counts in classes.values() for _, count in counts)


def _labels_are_ids(result: Result) -> bool:
    """Half of the labels, and twenty at least, occur nowhere else."""
    labels = result.get("labels")
    if not labels or labels["distinct"] < 20:
        return False
    return bool(labels["distinct"] > 0.5 * (_labelled(result["classes"]) + labels["uncounted"]))


def _classes(labels: list[str]) -> str:
    named = ", ".join(f"“{_short(label)}”" for label in labels[:3])
    more = f" and {len(labels) - 3:,} more" if len(labels) > 3 else ""
    return f"The {_verb(len(labels), 'class', 'classes')} {named}{more}"


def _short(label: str) -> str:
    return label if len(label) <= 40 else label[:39] + "…"


def _rows(count: int) -> str:
    return f"{count:,} {_verb(count, 'row', 'rows')}"


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def _share(count: int, total: int) -> str:
    share = 100 * count / total if total else 0.0
    return f"{share:.0f} %" if share >= 1 or not count else f"{share:.1g} %"
