"""The bench before which every finding comes: it notes the finding, looks up the decision and lets rows go."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from ptft_gui.core.errors import DataError
from ptft_gui.data.examples import findings as f
from ptft_gui.data.examples.decided import FIRST_REASON, SET_ASIDE, USED, Mask
from ptft_gui.data.examples.findings import KINDS, Finding, rows_text
from ptft_gui.data.examples.row_groups import SharedTexts, first_places
from ptft_gui.data.examples.survey import Survey


class Rulings:
    """What has been decided so far. ``fate`` has shape (rows,); see :class:`.decided.Decided`."""

    def __init__(self, survey: Survey, decisions: Mapping[str, str]) -> None:
        self.survey = survey
        self.fate: npt.NDArray[np.uint8] = np.zeros(len(survey), np.uint8)
        self.reasons: list[str] = []
        self.findings: list[Finding] = []
        self.waits_for: list[str] = []
        self.problem: DataError | None = None
        self.is_test = survey.given_test
        self.texts = SharedTexts(survey.copies)
        self._decisions = decisions

    def free(self) -> Mask:
        """Rows that nothing has been decided of."""
        return np.asarray(self.fate == USED)

    def has(self, flag: int) -> Mask:
        """Rows with a mark of the survey."""
        return self.survey.has(flag)

    def flagged(self, key: str, mask: Mask, sentence: str) -> None:
        """A finding whose rows carry a mark; {} stands for "12 rows have" or "1 row has"."""
        rows = mask & self.free()
        count = int(rows.sum())
        if not count:
            return
        verb = (
            ("does" if count == 1 else "do") if "not name" in sentence else ("has" if count == 1 else "have")
        )
        chosen = self.meet(key, count, sentence.format(f"{rows_text(count)} {verb}"), rows)
        if chosen == f.LEAVE_OUT:
            self.leave_out(key, rows)

    def meet(
        self,
        key: str,
        count: int,
        sentence: str,
        rows: Mask,
        default: str | None = None,
        must_ask: bool = False,
        choices: tuple[f.Choice, ...] | None = None,
        by_copy: bool = False,
    ) -> str:
        """Note a finding; returns what is chosen. ``by_copy``: its rows of equal texts stand one below the other."""
        kind = KINDS[key]
        offered = choices or kind.choices
        usual = kind.default if default is None else default
        chosen = self._decisions.get(key, usual)
        if chosen and chosen not in {choice.key for choice in offered}:
            chosen = usual
        shown = self.texts.first_places(rows, f.SHOWN_ROWS) if by_copy else first_places(rows, f.SHOWN_ROWS)
        self.findings.append(Finding(key, count, sentence, usual, chosen, must_ask, offered, shown))
        if chosen == f.STOP and self.problem is None:
            self.problem = _stopped(sentence)
        return chosen

    def leave_out(self, key: str, rows: Mask) -> None:
        """These rows are not used because of a finding."""
        if rows.any():
            if key not in self.reasons:
                self.reasons.append(key)
            self.fate[rows] = self.reasons.index(key) + FIRST_REASON

    def set_aside(self, rows: Mask) -> None:
        """Rows without an answer, which the trained model may give one."""
        self.fate[rows] = SET_ASIDE

    def wait_for(self, key: str) -> None:
        """Nothing can start before the person has chosen."""
        self.waits_for.append(key)


def _stopped(sentence: str) -> DataError:
    return DataError(
        sentence, "You chose to mend the file first.", "Mend the file and open it again, or choose otherwise."
    )
