"""The form of a run's options."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSpinBox, QWidget

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.options import Option
from ptft_gui.core.family.registry import get_family
from ptft_gui.gui.widgets.spec_form import SpecForm

OPTIONS = (
    Option("window", "Window", "How many words count as neighbours.", "int", 5, 1, 50, unit="words"),
    Option("min_count", "Minimum count", "Rarer words are left out.", "int", None, 1, 1000, automatic=True),
    Option("alpha", "Learning rate", "How big each correction is.", "float", 0.025, 1e-6, 1.0),
    Option(
        "hs", "Output", "How a word is told apart.", "choice", "a", choices=(("a", "Negative"), ("b", "Tree"))
    ),
    Option("phrases", "Phrases", "Joins words that belong together.", "bool", False, advanced=True),
    Option("max_steps", "Steps", "Ends the run early.", "int", None, 1, advanced=True),
    Option("name", "Name", "What the run is called.", "text", "a run"),
)
DEFAULTS = {option.key: option.default for option in OPTIONS}


@pytest.fixture
def form(qtbot) -> SpecForm:
    form = SpecForm(OPTIONS)
    qtbot.addWidget(form)
    form.resize(320, 900)
    form.show()
    return form


def control(form: SpecForm, key: str) -> QWidget:
    return form.field(key).control


def problem(form: SpecForm, key: str) -> QLabel:
    label = form.findChild(QLabel, f"problem_{key}")
    assert label is not None
    return label


def test_a_new_form_holds_the_defaults(form: SpecForm) -> None:
    assert form.values() == DEFAULTS
    assert form.changed_values() == {}
    assert form.problems() == {}


def test_values_go_in_and_come_out(form: SpecForm, qtbot) -> None:
    values = {
        "window": 8,
        "min_count": 2,
        "alpha": 5e-5,
        "hs": "b",
        "phrases": True,
        "max_steps": 70,
        "name": "x",
    }
    with qtbot.waitSignal(form.changed):
        form.set_values(values)
    assert form.values() == values
    form.show_defaults()
    assert form.values() == DEFAULTS


@pytest.mark.parametrize("family", ["word2vec"])
def test_the_real_options_of_a_family_make_a_form(qtbot, family: str) -> None:
    options = get_family(family).options
    form = SpecForm(options)
    qtbot.addWidget(form)
    assert form.values() == {option.key: option.default for option in options}
    for option in options:
        assert form.findChild(QWidget, f"option_{option.key}").accessibleName() == option.label
        assert any(label.text() == option.help for label in form.findChildren(QLabel))


def test_typing_a_number_changes_the_value(form: SpecForm, qtbot) -> None:
    edit = control(form, "alpha")
    assert isinstance(edit, QLineEdit)
    edit.clear()
    with qtbot.waitSignal(form.changed):
        qtbot.keyClicks(edit, "0,05")
    assert form.values()["alpha"] == 0.05


def test_what_cannot_be_used_is_told_beside_its_field(form: SpecForm) -> None:
    edit = control(form, "alpha")
    edit.setText("fast")
    assert "alpha" not in form.values()
    assert "Learning rate" in problem(form, "alpha").text()
    assert problem(form, "alpha").isVisible()
    edit.setText("7")
    assert "between" in problem(form, "alpha").text()
    edit.setText("")
    assert form.problems() == {"alpha": "Learning rate needs a number."}
    edit.setText("0.1")
    assert form.problems() == {}
    assert not problem(form, "alpha").isVisible()


def test_automatic_hides_the_number_until_a_person_takes_over(form: SpecForm, qtbot) -> None:
    spin = control(form, "min_count")
    assert isinstance(spin, QSpinBox)
    assert not spin.isVisible()
    form.set_automatic_note("min_count", "2, because the text is small", 2)
    tick = form.findChild(QWidget, "option_min_count_open")
    assert tick.text() == "Automatic: 2, because the text is small"
    assert form.values()["min_count"] is None
    tick.setChecked(False)
    assert spin.isVisible()
    assert form.values()["min_count"] == 2


def test_a_problem_found_elsewhere_stands_until_the_field_changes(form: SpecForm) -> None:
    form.show_problem("max_steps", "This run would end before its first epoch.")
    assert problem(form, "max_steps").isVisible()  # its fold was opened
    assert form.problems() == {"max_steps": "This run would end before its first epoch."}
    form.set_values({"max_steps": 900})
    assert form.problems() == {}


def test_the_fold_counts_what_was_changed_in_it(form: SpecForm) -> None:
    titles = [w.text() for w in form.findChildren(QWidget) if w.property("kind") == "fold"]
    assert titles == ["Advanced"]
    form.set_values({"phrases": True, "max_steps": 5, "window": 9})
    titles = [w.text() for w in form.findChildren(QWidget) if w.property("kind") == "fold"]
    assert titles == ["Advanced (2 changed)"]


def test_one_wrong_value_changes_nothing(form: SpecForm) -> None:
    with pytest.raises(SpecError, match="Window"):
        form.set_values({"alpha": 0.5, "window": 9_999})
    assert form.values() == DEFAULTS
    with pytest.raises(KeyError):
        form.set_values({"colour": 1})


def test_scrolling_the_page_changes_no_number(form: SpecForm) -> None:
    spin = control(form, "window")
    control(form, "name").setFocus()
    middle = QPointF(spin.rect().center())
    event = QWheelEvent(
        middle,
        spin.mapToGlobal(middle),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(spin, event)
    assert form.values()["window"] == 5
