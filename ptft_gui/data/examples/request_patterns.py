"""Requests and the replies to them, told by what stands in the columns where their names say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from ptft_gui.data.examples.column_look import ColumnLook
from ptft_gui.data.examples.fields import JOIN
from ptft_gui.data.examples.role_names import is_named
from ptft_gui.data.examples.role_patterns import SAMPLE_ROWS, Pick
from ptft_gui.data.examples.text_patterns import could_be_label

_FEWEST_ASKED = 0.5
_MOST_ASKED_IN_REPLIES = 0.4
_FEWEST_FILLED = 0.8
# How requests begin in English, German, French and Spanish; no lists of these come with a library.
_BEGINNINGS = (
    "what how why who whom whose when where which "
    "can could will would should may is are was were do does did please let "
    "write explain describe give name list create generate tell suggest translate summarize summarise rewrite "
    "rephrase identify classify categorize categorise find convert compare make provide edit calculate compute "
    "compose design come construct determine discuss draft evaluate help imagine produce propose recommend replace "
    "reword select sort show state take think turn use add analyze analyse arrange assign brainstorm build change "
    "choose complete correct count detect develop divide estimate extract fill fix form formulate invent join look "
    "outline paraphrase pick point predict punctuate read reformulate remove reorder research search simplify solve "
    "spell transform transcribe treat "
    "was wie warum wer wann wo welche welcher welches schreibe schreib erkläre erklär beschreibe nenne gib liste "
    "erstelle übersetze fasse finde kannst können bitte "
    "que quel quelle quels quelles comment pourquoi qui quand où écris écrivez explique expliquez décris décrivez "
    "donne donnez traduis résume peux pouvez "
    "qué cómo por quién cuándo dónde cuál escribe escriba explica da dame traduce resume puedes"
).split()
_ASKED = rf"(?i)^\W*(?:{'|'.join(_BEGINNINGS)})\b|[?？؟]\s*$|[?？؟]\s"
_LONGEST_CHINESE_REQUEST = 80
_ASKED_IN_CHINESE = (
    "请|請|如何|什么|什麼|怎么|怎麼|怎样|怎樣|为什么|為什麼|哪|吗|嗎|谁|誰|多少|"
    "^(?:给|給|写|寫|列|描述|解释|介绍|翻译|生成|创建|编写|找出|提供|分析|比较|总结|将|把|设计|用|根据|计算|告诉|说|讲|推荐|想)"
)


def find_requests(looks: Sequence[ColumnLook], head: pl.DataFrame, is_asked: bool = False) -> Iterator[Pick]:
    """A column that asks or tells to do, and the texts that answer it; none where another column may be a label.

    ``is_asked``: a person chose the task, so other columns do not speak against it.
    """
    texts = [look for look in looks if _is_written(look)]
    rest = [look for look in looks if look not in texts and look.filled]
    if len(texts) < 2 or (not is_asked and any(_means_another_task(look) for look in rest)):
        return
    shares = {look.name: _share_asking(head[look.name]) for look in texts}
    prompt = max(texts, key=lambda look: shares[look.name])
    asked = shares[prompt.name]
    others = [
        look for look in texts if look is not prompt and shares[look.name] <= _MOST_ASKED_IN_REPLIES * asked
    ]
    replies = [look for look in others if look.filled >= _FEWEST_FILLED * prompt.filled]
    if asked < _FEWEST_ASKED or not replies:
        return
    reply = max(replies, key=lambda look: (look.position > prompt.position, look.mean_bytes))
    added = next((look for look in others if look is not reply and look.filled < look.rows), None)
    yield from _picks(prompt, added, reply, asked)


def _picks(prompt: ColumnLook, added: ColumnLook | None, reply: ColumnLook, asked: float) -> Iterator[Pick]:
    why = f"{asked:.0%} of its texts ask for something or tell what to do"
    if added is None:
        yield Pick("prompt", prompt.name, why)
    else:
        joined = prompt.name + JOIN + added.name
        more = f"{why}, and {added.name} is what to do it with: both are joined by an empty line"
        yield Pick("prompt", joined, more, prompt.name, why)
    yield Pick("reply", reply.name, f"its texts differ and seem to answer those of {prompt.name}")


def _is_written(look: ColumnLook) -> bool:
    """Whether a column holds texts of people's own, short answers among them."""
    is_free = not look.is_list and not look.is_number and look.references <= 0.5
    is_title = is_named(look.name, "metadata")  # a headline may ask, and its article is no reply
    return (
        is_free
        and not is_title
        and look.filled > 1
        and look.distinct > 0.5 * look.filled
        and look.with_words > 0.4
    )


def _means_another_task(look: ColumnLook) -> bool:
    """Whether a column could be a label or a score."""
    return could_be_label(look) or (look.is_number and look.distinct > 1 and not look.is_unique)


def _share_asking(cells: pl.Series) -> float:
    texts = cells.head(SAMPLE_ROWS).drop_nulls().alias("text").to_frame()
    text = pl.col("text")
    is_short = text.str.len_chars() <= _LONGEST_CHINESE_REQUEST
    asks = text.str.contains(_ASKED) | (is_short & text.str.contains(_ASKED_IN_CHINESE))
    share = texts.filter(text.str.contains(r"\S")).select(asks.mean())
    return float(share.item() or 0.0)
