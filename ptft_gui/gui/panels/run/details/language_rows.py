"""What the Details tab says of a run that learns a language: its model, its tokens, how much text it read."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ptft_gui.core.summary import RunSummary
from ptft_gui.core.wording import count_text, three_digits
from ptft_gui.gui.panels.run.details.rows_card import Row, RowsCard


class LanguageModelCard(RowsCard):
    """The model and the tokens of its text (objectName runLanguageModel); hidden where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "runLanguageModel", parent=parent)
        self.set_title(self.tr("Model and tokens"))

    def model_rows(self, summary: RunSummary) -> list[Row]:
        """What is known by now of the model and of its tokens."""
        rows = []
        if (numbers := summary.resolved_value("parameters")) is not None:
            rows.append(Row(self.tr("Numbers to learn"), f"{numbers:,}", self._text_for(summary, numbers)))
        if (tokens := self._tokens(summary)) is not None:
            rows.append(tokens)
        if (block := summary.resolved_value("block_size")) is not None:
            about = block * (summary.resolved_value("characters_per_token") or 0)
            note = self.tr("About {count} characters at once.").format(count=f"{about:,.0f}") if about else ""
            rows.append(Row(self.tr("Block"), self.tr("{count} tokens").format(count=f"{block:,}"), note))
        if (steps := summary.resolved_value("planned_steps")) is not None:
            read = steps * (summary.resolved_value("batch_tokens") or 0)
            note = self.tr("{count} tokens in all.").format(count=count_text(read)) if read else ""
            rows.append(Row(self.tr("Planned steps"), f"{steps:,}", note))
        return rows

    def _tokens(self, summary: RunSummary) -> Row | None:
        """ "characters, 67 different", and how long a token is."""
        kind, count = summary.resolved_value("tokenizer"), summary.resolved_value("tokens_in_vocabulary")
        if kind is None or count is None:
            return None
        names = {
            "characters": self.tr("characters"),
            "bpe": self.tr("pieces of words (BPE)"),
            "wordpiece": self.tr("pieces of words (WordPiece)"),
        }
        length = summary.resolved_value("characters_per_token")
        note = ""
        if length is not None and kind != "characters":
            note = self.tr("{count} characters each on average.").format(count=three_digits(length))
        value = self.tr("{kind}, {count} different")
        return Row(
            self.tr("Tokens"), value.format(kind=names.get(str(kind), str(kind)), count=f"{count:,}"), note
        )

    def _text_for(self, summary: RunSummary, numbers: int) -> str:
        tokens = summary.resolved_value("train_tokens")
        if not tokens or not numbers:
            return ""
        return self.tr("The text has {share} tokens for each.").format(share=three_digits(tokens / numbers))

    def text_rows(self, summary: RunSummary) -> list[Row]:
        """How long the text is, what of it is held out, and what the model is asked all the while."""
        rows = []
        counts = (
            ("characters", self.tr("Characters")),
            ("train_tokens", self.tr("Tokens to train on")),
            ("val_tokens", self.tr("Tokens held out")),
        )
        for key, name in counts:
            value = summary.resolved_value(key)
            if value is not None:
                note = str(summary.resolved_value("split_sentence") or "") if key == "val_tokens" else ""
                rows.append(Row(name, f"{value:,}", note))
        if summary.spec is not None and summary.spec.probes:
            rows.append(Row(self.tr("Probes"), "\n".join(summary.spec.probes)))
        return rows
