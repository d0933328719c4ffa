"""What the window and its companion process say to each other, written down once.

The window starts ``python -m ptft_gui.worker.companion --log FILE`` and speaks with it over its standard input and
output: one JSON object a line, UTF-8, at most :data:`LONGEST_LINE_BYTES`. Nothing else is ever written there; what
a library prints goes to the log file. The companion ends when its input closes. A line that is no request is skipped
and noted in the log.

The window asks ``{"id": ID, "kind": KIND, "arguments": {...}}``. Each request gets any number of progress replies and
then exactly one last reply:

=======================================================  =============================================================
reply                                                    meaning
=======================================================  =============================================================
``{"ready": true, "version": 1}``                        once, before anything else
``{"id": ID, "progress": {"text": T, "fraction": F}}``   what is being done; F is 0 to 1, or null when unknown
``{"id": ID, "result": {...}}``                          the answer
``{"id": ID, "error": {...}}``                           a failure in words, as ``PtftError.as_dict()`` gives it
``{"id": ID, "superseded": true}``                       a newer question of the same kind took its place
``{"id": ID, "cancelled": true}``                        the window gave it up
=======================================================  =============================================================

``{"id": ID, "kind": "cancel"}`` gives the request of that id up; it has no reply of its own. Of the kinds in
:data:`NEWEST_WINS` only the newest question counts: an older one that has not been answered is superseded.

An array is too much for JSON; it travels as ``{"npy": PATH}``, a ``.npy`` file (never pickled) in a private folder
that the companion makes at its start and removes at its end. Whoever reads it may delete it.

``model`` is the path of a run folder, a model folder or a vector file. A neighbour is ``[word, cosine, count]``, the
count null where a vector file does not tell it.

==================  ====================================  ==============================================================
kind                arguments (those in brackets          result
                    may be left out)
==================  ====================================  ==============================================================
similar             model, text [topn = 10]               words, neighbours
analogy             model, text [topn = 10]               positive, negative, neighbours
compare_words       model, words                          words, similarity (npy, n x n, cosines)
complete            model, prefix [limit = 10]            words: ``[[word, count], ...]``, the most frequent first
vocabulary_info     model                                 name, format, words, dimensions, tokens, dataset, examples,
                                                          notices
start_facts         model [what inspect_dataset takes]    name, kind, family, words, size, dataset_title, read_words,
                                                          notices, known_share (null without a text), fits, sentence
gold_sets           -                                     gold_sets: ``[{key, title, kind, sentence}, ...]``
evaluate            model, gold [kind, restrict_vocab]    kind, title, sentence, and the measured numbers (below)
export              model, format, path                   paths, bytes, replaced, sentence
motion              run, words [neighbours = 8,           words, groups and kinds (npy, n), steps, epochs,
                    dimensions = 2]                       positions (npy, frames x n x dimensions), unknown,
                                                          sentence, seconds (of one core, what it took)
suggest             dataset [preparation, limit = 10]     words, sentence
inspect_dataset     dataset [preset, val, preparation,    title, sentence, facts, is_exact, preview, preparation,
                                                          proposals, notices, watched_words
==================  ====================================  ==============================================================

Questions about the meaning of many words at once. ``words`` of a map, and of more than 1,000 words anywhere, is
``{"lines": PATH}``, a UTF-8 file beside the arrays with one word a line, each ended by a line feed:

==================  ====================================  ==============================================================
kind                arguments (those in brackets          result
                    may be left out)
==================  ====================================  ==============================================================
map                 model [method = pca|tsne|umap,        words (lines), positions (npy, float32, n x dimensions),
                    dimensions = 2|3, words, sample,      counts (npy), clusters (npy, int32, or null), cluster_names,
                    clusters = 8, seed = 1]               shown, of, sentence, method, dimensions, explained, seconds,
                                                          unknown
warm_maps           -                                     is_done: false where UMAP was compiled before
axes                model, axes [words, topn = 300]       words, values (npy, float32, n x axes), counts (npy), names,
                                                          ends, unknown, sentence
plane               model, text or words                  points: ``[[word, x, y, role], ...]``, target, arrows:
                                                          ``[[from, to], ...]``, share, unknown, sentence
compare_models      model, other, text [topn = 10]        words, here, there (neighbours), shared, missing, sentence
changes             model, other [topn = 100,             rows: ``[[word, change, count, [before], [after]], ...]``,
                    min_count, sort = most|least]         common, judged, only_here, only_there, new_words, min_count,
                                                          usual, sentence
word_column         model, path [column, word_column]     words (lines), values (npy, float32, n), kind, categories,
                                                          columns, word_column, column, found, of, sentence
==================  ====================================  ==============================================================

``word_column`` reads the values beside words in a person's file: of kind ``number``, or of kind ``category``, then
``values`` are places in ``categories``. ``axes`` is a list of one or two ``{"negative": [words], "positive":
[words]}``. A role is ``asked answer near``; ``missing`` is ``here there`` or null. ``changes`` tells how ``model``
differs from ``other``, the earlier one.

Questions to a model that has learned a task:

==================  ====================================  ==============================================================
kind                arguments (those in brackets          result
                    may be left out)
==================  ====================================  ==============================================================
classify            model, text [pair, is_quick]          classes: ``[[label, share], ...]``, the likeliest first;
                                                          pushes: ``[[word, push], ...]``, unknown, unknown_count,
                                                          spans: ``[[start, end, push or null], ...]``; of a language
                                                          model with ``is_quick`` the classes alone, and has_more
predict_file        model, path [request, part = all]     path, rows, sentence; without ``request`` of the run's data
task_report         run                                   task, labels, val and test: ``rows accuracy macro_f1 matrix
                                                          classes majority majority_label`` and the intervals; mistakes:
                                                          rows as below, of test rows where there are any; looks (how
                                                          many runs read these test rows), folds (``done of rows
                                                          accuracy macro_f1`` and their ranges, or null),
                                                          calibration (``bins error sure right``, or null), corrected
                                                          (``ptft_gui/inspection/corrected.py``)
answered_rows       run [part = test|val, label,          rows: ``[[row, text, label, predicted, share, key,
                    predicted, limit = 100]               fingerprint, was], ...]``, count; without ``label`` the
                                                          mistakes, the surest first
answer              model, question, context              text, start, end (null where there is no answer), score,
                                                          pieces: ``[[text, start, end, share], ...]``, silence,
                                                          sentence
tag                 model, text                           words: ``[[word, tag, share, start, end], ...]``, names:
                                                          ``[[text, kind, share, start, end], ...]``, kinds, sentence
reply               model, prompt [as ``generate``]       text, tokens, ended, sentence; the text of its progress is the
                                                          reply so far
before              model, and what the question of the    as that question, and start_name; or nothing: the
                    run's task takes, but for ``is_quick``  sentence why there is no answer from before training
token_report        run                                   ``evaluation.json`` of any other task, with part, mistakes and
                                                          corrected (``ptft_gui/inspection/tasks/report.py``)
==================  ====================================  =======================================================
Questions to a language model, a run of GPT or BERT or any folder that transformers opens; a token travels as the text
that it stands for:

==================  ====================================  ==============================================================
kind                arguments (those in brackets          result
                    may be left out)
==================  ====================================  ==============================================================

A push says how far a word moved the answer towards the first class; a span is a place in the text, in signs, with the
push of its word, or null for a word that the model does not know.
=======
generate            model, prompt [length = 100,          text (prompt and what was added), added, tokens, ended,
                    temperature = 0.8, top_k = 50,        sentence; the text of its progress is the text so far
                    top_p = 0.95, seed = 1, stop]
next_tokens         model, text [topn = 10,               tokens: ``[[token, probability], ...]``, surprise (nats)
                    temperature = 1]
token_choices       model, text [start = 0, topn = 8]     tokens: ``[[start, end, token, probability or null,
                                                          [[token, probability], ...]], ...]`` behind sign ``start``,
                                                          each with what was likeliest there
text_pieces         model, text                           pieces: ``[[token, number, start, end, what], ...]``, count,
                                                          sentence; what is ``text``, ``goes on``, ``special``,
                                                          ``unknown``
model_kind          model                                 kind = vectors|causal|masked, or a task; of causal and
                                                          masked name, has_text (whether it says which text it learned
                                                          from), of a task name, labels, numbers, model_type
fill                model, text [topn = 10]               blanks: ``[[[token, probability], ...], ...]``, text,
                                                          places: ``[[start, end], ...]`` of the blanks, in signs
perplexity          model, text                           perplexity, nats, bits_per_character, guessed, tokens:
                                                          ``[[token, nats or null], ...]``, sentence
seen_in_training    model, text [past = 0]                spans: ``[[start, end], ...]`` in characters of runs that
                                                          reach behind sign ``past``, sentence
token_neighbours    model, word [topn = 10]               token, neighbours: ``[[token, cosine], ...]``
word_in_context     model, word, first, second            similarity, usual, layers, sentence
language_info       model                                 name, kind = causal|masked, model_type, numbers, vocabulary,
                                                          window, mask, tokenizer (its print), facts
                                                          (``ptft.json``)
==================  ====================================  ==============================================================

``step`` in an answer is that of the checkpoint that answered, null where training is over: a run without a model is
asked as it stood at its newest checkpoint. ``ended`` is ``length``, ``end of text``, ``stop`` or ``stopped``; ``stop``
a list of texts. ``export`` with format ``huggingface`` writes the folder of such a model.

Questions about a run that is not begun yet; ``spec`` is a RunSpec as a record:

==================  ====================================  ==============================================================
kind                arguments (those in brackets          result
                    may be left out)
==================  ====================================  ==============================================================
dry_run             spec [runs]                           an :class:`~ptft_gui.core.fit.Estimate`, as a record
cut_text            family [what inspect_dataset takes,   title, sentence, characters, train_characters, is_estimate,
                    tokenizer, vocab_size, text, start]   chinese_share, tokenizer, vocabulary, tokens,
                                                          characters_per_token, cut: ``{text, pieces: [[start, end,
                                                          token], ...]}``, preview, notices, probes, start
==================  ====================================  ==============================================================

``cut_text`` tells how a text would be cut for a language model: ``tokens`` of the part that is learned from, ``probes``
that are true to it; ``text`` is a sentence to show cut, else one of the text is taken. ``start`` is what the run goes
on from; then its tokens are taken, and the answer's ``start`` is ``{fits, sentence, unknown_share}``, else null.

Questions about a dataset carry ``request``, a :class:`~ptft_gui.core.data_request.DataRequest` as a record:

==================  ====================================  ==============================================================
kind                arguments (those in brackets          result
                    may be left out)
==================  ====================================  ==============================================================
open_data           request                               how it is read and its beginning, at once (below)
study_data          request                               all that one pass over it tells (below)
finding_rows        request, finding [limit = 50]         columns, rows: ``[[row number, cell, ...], ...]``
prepare_preview     request [preparation]                 pairs: ``[{raw, words, note, spans}, ...]``, sentence
datasets            -                                     datasets, gallery
add_dataset         request [name, is_copy, preparation]  dataset
change_dataset      name, request [preparation]           dataset
remove_dataset      name                                  name (it can be brought back for a week)
restore_dataset     name                                  dataset
rename_dataset      name, new_name                        dataset
check_dataset       name                                  dataset
hub_info            dataset                               id, size_bytes, licence, splits, columns, ...
download_dataset    dataset, name [config]                dataset
hub_model_info      model                                 id, reference, size_bytes, licence, languages, family,
                                                          numbers, is_here, notices
download_model      model                                 reference, folder, size_bytes
==================  ====================================  ==============================================================

``open_data``: ``title path kind format_name encoding encoding_name delimiter sheet choices parts columns roles tasks
task proposed rows notices``. ``study_data``: ``rows tokens types length_histogram classes language empty suspicious
warnings findings sums parts split_sentence can_start problem``. Both are described where they are made,
``ptft_gui/data/examples/examine.py``; a dataset of ``datasets`` is a record of ``ptft_gui/data/library``.

``evaluate``: ``gold`` is a key of ``gold_sets`` or a path, then with ``kind`` ``similarity`` or ``analogy``. For
``similarity`` the result holds ``spearman pearson pairs pairs_known``; for ``analogy`` ``accuracy correct questions
questions_known sections groups`` with ``sections: [[name, correct, known, all], ...]``; ``groups`` are the sums over
those of meaning and of grammar, where there are both. ``notice`` tells of lines that were left out.

``inspect_dataset``: ``facts`` holds ``documents sentences tokens types types_reaching bytes encodings`` as far as they
are known (``is_exact`` says whether they were counted or estimated from a part), ``preview`` the first sentences as
they will be prepared, words joined by a space, ``preparation`` ``{value, reason}``, ``proposals``
``{option: {value, reason}}``, what *automatic* would become.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from ptft_gui.core.errors import PtftError, error_from_dict
from ptft_gui.core.eventlog import finite

PROTOCOL_VERSION = 1
LONGEST_LINE_BYTES = 4 << 20

KINDS = (
    "similar",
    "analogy",
    "compare_words",
    "complete",
    "vocabulary_info",
    "start_facts",
    "gold_sets",
    "evaluate",
    "export",
    "motion",
    "suggest",
    "inspect_dataset",
    "map",
    "warm_maps",
    "axes",
    "plane",
    "compare_models",
    "changes",
    "word_column",
    "classify",
    "predict_file",
    "task_report",
    "answered_rows",
    "answer",
    "tag",
    "reply",
    "before",
    "token_report",
    "generate",
    "next_tokens",
    "token_choices",
    "text_pieces",
    "model_kind",
    "fill",
    "perplexity",
    "seen_in_training",
    "token_neighbours",
    "word_in_context",
    "language_info",
    "dry_run",
    "cut_text",
    "open_data",
    "study_data",
    "finding_rows",
    "prepare_preview",
    "datasets",
    "add_dataset",
    "change_dataset",
    "remove_dataset",
    "restore_dataset",
    "rename_dataset",
    "check_dataset",
    "hub_info",
    "download_dataset",
    "hub_model_info",
    "download_model",
)
CANCEL = "cancel"
_CHANGES_FILES = frozenset(
    "export predict_file add_dataset change_dataset remove_dataset restore_dataset rename_dataset "
    "download_dataset download_model".split()
)
NEWEST_WINS = frozenset(KINDS) - _CHANGES_FILES
"""What is being written is finished, whatever else is asked; of all other questions the newest counts."""


@dataclass(frozen=True)
class Request:
    """One question, or with kind ``cancel`` the wish to give one up."""

    id: str
    kind: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """One line of the companion. ``value``: the result, the progress or the failure, by ``kind``."""

    id: str
    kind: Literal["ready", "progress", "result", "error", "superseded", "cancelled"]
    value: dict[str, Any] = field(default_factory=dict)

    @property
    def is_last(self) -> bool:
        """Whether the request is over with this reply."""
        return self.kind not in ("ready", "progress")

    def problem(self) -> PtftError:
        """The failure that an ``error`` reply carries."""
        return error_from_dict(self.value)


def encode_request(request: Request) -> bytes:
    """A request as one line."""
    return _line({"id": request.id, "kind": request.kind, "arguments": request.arguments})


def decode_request(line: bytes) -> Request | None:
    """The request on a line; None when the line holds none."""
    record = _record(line)
    if record is None:
        return None
    number, kind, arguments = record.get("id"), record.get("kind"), record.get("arguments", {})
    if not (isinstance(number, str) and isinstance(kind, str) and isinstance(arguments, dict)):
        return None
    return Request(number, kind, arguments)


def encode_reply(reply: Reply) -> bytes:
    """A reply as one line; one that would be too long becomes an ``error`` that says so."""
    if reply.kind == "ready":
        return _line({"ready": True, "version": PROTOCOL_VERSION})
    has_no_value = reply.kind in ("superseded", "cancelled")
    line = _line({"id": reply.id, reply.kind: True if has_no_value else reply.value})
    if len(line) <= LONGEST_LINE_BYTES:
        return line
    problem = PtftError(
        "This answer is too long to be shown.",
        f"It has {len(line):,} bytes; {LONGEST_LINE_BYTES:,} is the most.",
        "Ask for less at once.",
    )
    return _line({"id": reply.id, "error": problem.as_dict()})


def decode_reply(line: bytes) -> Reply | None:
    """The reply on a line; None when the line holds none."""
    record = _record(line)
    if record is None:
        return None
    if record.get("ready"):
        return Reply("", "ready", {"version": record.get("version")})
    number = record.get("id")
    if not isinstance(number, str):
        return None
    for kind in ("progress", "result", "error"):
        if isinstance(record.get(kind), dict):
            return Reply(number, kind, record[kind])
    if record.get("superseded"):
        return Reply(number, "superseded")
    return Reply(number, "cancelled") if record.get("cancelled") else None


def _line(record: dict[str, Any]) -> bytes:
    text = json.dumps(finite(record), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A file name that is no UTF-8 holds lone surrogates; json reads them back the same way.
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _record(line: bytes) -> dict[str, Any] | None:
    if len(line) > LONGEST_LINE_BYTES:
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None
