"""Asked before a run trains longer of which rows were corrected since it began: the corrections are not in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ptft_gui.core.corrections import Correction, counted_words
from ptft_gui.core.errors import PtftError
from ptft_gui.core.run_corrections import corrections_of_run, later_corrections
from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.dialogs.questions import Choice, QuestionDialog

translate = QCoreApplication.translate
TRAIN_CORRECTED, TRAIN_LONGER = "train_corrected", "train_longer"


def ask_of_corrections(run: RunDir, parent: QWidget, on_answer: Callable[[str], None]) -> bool:
    """Ask where there is something to ask, and tell ``on_answer``; False where nothing was corrected meanwhile."""
    try:
        later, corrected = later_corrections(run), len(corrections_of_run(run))
    except PtftError:  # that they cannot be read is told where they stand
        return False
    if not later:
        return False
    dialog = longer_dialog(later, corrected, parent)
    dialog.chosen.connect(on_answer)
    dialog.open()
    return True


def longer_dialog(later: Sequence[Correction], corrected: int, parent: QWidget) -> QuestionDialog:
    """:data:`TRAIN_CORRECTED`, :data:`TRAIN_LONGER` or ``cancel``. ``later``: what was corrected, or taken back, since
    the run began; ``corrected``: how many corrections there are in all."""
    detail = translate(
        "Dialogs",
        "What you corrected since this run began ({corrections}) will not be in it: training longer goes on with the "
        "rows as the run read them. Training again begins anew, with the corrected rows.",
    )
    words = translate("Dialogs", "Train again with {count} corrections").format(count=f"{corrected:,}")
    if corrected == 1:
        words = translate("Dialogs", "Train again with 1 correction")
    elif not corrected:
        words = translate("Dialogs", "Train again without corrections")
    choices = (
        Choice(TRAIN_CORRECTED, words, "default"),
        Choice(TRAIN_LONGER, translate("Dialogs", "Train longer as it is")),
        Choice("cancel", translate("Dialogs", "Cancel")),
    )
    question = translate("Dialogs", "Train longer without your corrections?")
    return QuestionDialog(
        "longerDialog", question, detail.format(corrections=counted_words(later)), choices, parent
    )
