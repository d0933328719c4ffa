"""What the companion answers about datasets: thin calls of the data room.

Its libraries for tables are imported with the first question that needs them; a window that only asks for similar
words never waits for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ptft_gui.data.whole_request import whole_request
from ptft_gui.worker.companion_arguments import Arguments

Result = dict[str, Any]
_SHOWN_ROWS = 50
_SHOWN_LINES = 8


def open_data(arguments: Arguments) -> Result:
    from ptft_gui.data.examples.examine import open_data

    return open_data(whole_request(arguments.data_request()))


def study_data(arguments: Arguments) -> Result:
    from ptft_gui.data.examples.examine import study_data

    question = arguments.question
    return study_data(whole_request(arguments.data_request()), question.progress, question.should_stop)


def finding_rows(arguments: Arguments) -> Result:
    from ptft_gui.data.examples.examine import finding_rows

    request = whole_request(arguments.data_request())
    return finding_rows(request, arguments.text("finding"), arguments.number("limit", _SHOWN_ROWS))


DATA_ANSWERS: dict[str, Callable[[Arguments], Result]] = {
    "open_data": open_data,
    "study_data": study_data,
    "finding_rows": finding_rows,
}
