"""``train --corrections``: what was corrected while a run was looked at reaches the next one through its request."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from ptft_gui.cli.request import spec_of, train_parser
from ptft_gui.core.corrections import CORRECTIONS_FILE, Correction, add_correction
from ptft_gui.core.errors import PtftError
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.telling.settings_words import command_of

PRINT = "0123456789abcdef"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    lines = [f"text number {n} of many,{'ab'[n % 2]}" for n in range(40)]
    path.write_text("\n".join(["text,label", *lines]) + "\n", encoding="utf-8")
    return path


def asked(runs: Path, rows: Path, *more: str) -> RunSpec:
    words = ["--runs", str(runs), "--family", "word2vec", "--task", "classification", "--dataset", str(rows)]
    return spec_of(train_parser().read([*words, *more]))


@pytest.fixture
def run(tmp_path: Path, rows: Path) -> RunDir:
    run = create_run(tmp_path / "runs", asked(tmp_path / "runs", rows))
    add_correction(
        run.path / CORRECTIONS_FILE, Correction(key=7, row=9, fingerprint=PRINT, label="b", was="a")
    )
    add_correction(run.path / CORRECTIONS_FILE, Correction(key=3, row=5, fingerprint=PRINT, leave_out=True))
    return run


def test_the_run_or_its_side_file_names_them(run: RunDir, rows: Path) -> None:
    of_run = asked(run.path.parent, rows, "--corrections", run.name)
    assert [(each.key, each.label, each.leave_out) for each in of_run.data.corrections] == [
        (3, None, True),
        (7, "b", False),
    ]
    of_file = asked(run.path.parent, rows, "--corrections", str(run.path / CORRECTIONS_FILE))
    assert of_file.data.corrections == of_run.data.corrections


def test_the_command_of_such_a_run_asks_for_it_again(run: RunDir, rows: Path) -> None:
    again = create_run(run.path.parent, asked(run.path.parent, rows, "--corrections", run.name))
    spec = again.read_spec()
    words = shlex.split(command_of(spec, str(again.spec_file)))
    assert words[:2] == ["ptft-gui", "train"]
    assert spec_of(train_parser().read(["--runs", str(run.path.parent), *words[2:]])) == spec


def test_plain_text_has_nothing_to_correct(run: RunDir, rows: Path) -> None:
    words = ["--runs", str(run.path.parent), "--dataset", str(rows), "--corrections", run.name]
    with pytest.raises(PtftError, match="Corrections belong to labelled rows"):
        spec_of(train_parser().read(words))


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "There are no corrections in"), ("no json\n\n", "The corrections in side.jsonl cannot be read.")],
)
def test_what_cannot_be_read_is_one_sentence(
    tmp_path: Path, rows: Path, content: str | None, told: str
) -> None:
    side = tmp_path / "side.jsonl"
    if content is not None:
        side.write_text(content, encoding="utf-8")
    with pytest.raises(PtftError, match=told):
        asked(tmp_path / "runs", rows, "--corrections", str(side))
