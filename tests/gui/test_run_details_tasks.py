"""The Details tab of a run that learned a task: the lines of Python that open it, the command that repeats it."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit

from ptft_gui.cli.request import spec_of, train_parser
from ptft_gui.core.spec import new_spec
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


def test_a_task_is_opened_with_the_class_its_engine_names():
    for key in TASKS:
        wanted = task_class(key).model_class
        assert f"import AutoTokenizer, {wanted}\n" in transformers_lines(Path("m"), "bert", key)


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
