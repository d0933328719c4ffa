"""What a person changed about a dataset on its page, before it is kept or used."""

from __future__ import annotations

from dataclasses import dataclass, field

from ptft_gui.core.data_request import DataRequest, ReadOptions, SplitRequest
from ptft_gui.core.family.options import OptionValue


@dataclass
class DatasetEdits:
    """``settings`` are options of the text (:data:`ptft_gui.core.family.data_options.PREPARATION_OPTIONS`)."""

    dataset: str = ""
    val: str | None = None
    test: str | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    task: str | None = None
    roles: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    split: SplitRequest = field(default_factory=SplitRequest)
    settings: dict[str, OptionValue] = field(default_factory=dict)

    @classmethod
    def of(cls, request: DataRequest) -> DatasetEdits:
        """What another page already chose."""
        return cls(
            request.dataset,
            request.val,
            request.test,
            request.read,
            request.task,
            dict(request.roles),
            dict(request.decisions),
            request.split,
        )

    def request(self) -> DataRequest:
        return DataRequest(
            dataset=self.dataset,
            val=self.val,
            test=self.test,
            read=self.read,
            task=self.task,
            roles=self.roles,
            decisions=self.decisions,
            split=self.split,
        )

    def set_reading(self, options: ReadOptions) -> None:
        """Another reading has other columns and rows: what was said of the old ones is forgotten."""
        self.read, self.roles, self.decisions = options, {}, {}

    def set_task(self, task: str) -> None:
        """Another use: what was decided for the old one is forgotten."""
        self.task, self.decisions = task, {}

    def set_role(self, column: str, role: str, roles_of_column: list[str]) -> None:
        """Give ``column`` a role; it loses those it had. "" leaves it without any."""
        for old in roles_of_column:
            self.roles[old] = ""
        if role:
            self.roles[role] = column
