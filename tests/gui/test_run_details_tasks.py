"""The Details tab of a run that learned a task: the lines of Python that open it, the command that repeats it."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit

from ptft_gui.cli.request import spec_of, train_parser
from ptft_gui.core.spec import new_spec
from ptft_gui.core.telling.command_lines import in_lines
from ptft_gui.core.telling.settings_words import command_of
from ptft_gui.engine.finetune.task import TASKS, task_class
from ptft_gui.gui.panels.run.details.python_lines import transformers_lines
from ptft_gui.gui.panels.run.details.tab import DetailsTab
from ptft_gui.gui.panels.run.shown_run import ShownRun
from tests.gui.fixtures_runs import summary_of
from tests.gui.token_runs import make_token_run


def spec_of_command(command):
    words = shlex.split(command)
    return spec_of(train_parser().parse_args(words[2:]))


@pytest.mark.parametrize("task", ["classification", "question-answering"])
def test_what_is_proposed_stays_proposed_in_the_command(task):
    dataset = {"classification": "opinions-en", "question-answering": "questions-en"}[task]
    spec = new_spec(
        "bert",
        dataset,
        stage="finetune",
        task=task,
        method="lora",
        init_from="folder",
        init="starter",
        name="Sorted",
    )
    command = command_of(spec)
    assert "None" not in command
    assert spec_of_command(command) == spec


def test_a_command_is_broken_before_its_options_and_means_the_same_to_a_shell():
    name = "It's a name -- with 'quotes', and as long as anybody would ever care to type one"
    command = command_of(
        new_spec("gpt", "/some folder/file-with-hyphens.txt", probes=["To be, or"], name=name)
    )
    shown = in_lines(command)
    lines = shown.splitlines()
    assert len(lines) > 2
    assert all(line.strip().startswith("--") for line in lines[1:])
    assert all(len(line) < 50 or line.count(" --") == 1 for line in lines if "name" not in line)
    read = subprocess.run(
        ["bash", "-c", f"printf '%s\\n' {shown}"], capture_output=True, text=True, check=True
    )
    assert read.stdout.splitlines() == shlex.split(command)
    assert in_lines("") == ""


def test_the_rows_it_learned_from_are_told_as_in_the_report(qtbot, tmp_path):
    run = make_token_run(tmp_path, "tagging")
    summary = summary_of(run)
    summary.resolved.values.update(
        {"parts": {"train": 70, "val": 0, "test": 30}, "label_counts": {"yes": 60, "no": 40},
         "sum_sentence": "112 rows = 100 used + 12 copies, left out."}
    )  # fmt: skip
    tab = DetailsTab()
    qtbot.addWidget(tab)
    tab.show_run(ShownRun(run, summary, "finished"))
    told = {row.name: row.value for row in tab.data.rows()}
    assert told["Rows"] == "112 rows = 100 used + 12 copies, left out."
    assert told["Rows to train on"] == "70"
    assert told["Rows for the score, read once"] == "30"
    assert "Rows that chose the best moment" not in told
    assert told["Classes"] == "yes (60), no (40)"
    command = command_of(summary.spec, str(run.spec_file))
    assert tab.command.text() == command
    assert tab.findChild(QPlainTextEdit, "commandText").toPlainText() == in_lines(command)


def test_a_task_is_opened_with_the_class_its_engine_names():
    for key in TASKS:
        wanted = task_class(key).model_class
        assert f"import {wanted} as Model\n" in transformers_lines(Path("m"), "bert", key)


def test_the_lines_open_a_model_that_answers_questions(qtbot, tmp_path):
    run = make_token_run(tmp_path, "question-answering")
    tab = DetailsTab()
    qtbot.addWidget(tab)
    tab.show()
    tab.show_run(ShownRun(run, summary_of(run), "finished"))
    lines = tab.findChild(QPlainTextEdit, "pythonText").toPlainText()
    assert "AutoModelForQuestionAnswering" in lines
    check = "print(type(model).__name__, len(tokenizer))"
    done = subprocess.run(
        [sys.executable, "-c", f"{lines}\n{check}"], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.split()[0] == "BertForQuestionAnswering"
