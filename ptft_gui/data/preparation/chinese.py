"""Chinese words, told apart with jieba's dictionary and, for words it lacks, its hidden Markov model.

jieba is loaded when the first Chinese text is cut, which takes about a second. Its digest of the dictionary is kept
in the program's own cache: the folder for temporary files that it would take is open to other people.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from functools import cache
from pathlib import Path
from typing import Any, cast

from ptft_gui.core.paths import cache_folder

# 々 and 〇 count as Chinese; kana, which only Japanese writes, stand beside it.
HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff\uff66-\uff9f"

_LONGEST_RUN = 100
"""Characters that jieba is given at once; its time grows with the square, and few stand together without a mark."""


def chinese_words(text: str) -> list[str]:
    """The words of a run of Chinese characters, in order; joined they are the text again."""
    if len(text) == 1:
        return [text]
    cut = _tokenizer().lcut
    pieces = (text[start : start + _LONGEST_RUN] for start in range(0, len(text), _LONGEST_RUN))
    return [cast("str", word) for piece in pieces for word in cut(piece)]


@cache
def _tokenizer() -> Any:
    """jieba with its dictionary loaded; it says nothing on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for the library's files in an old way
        import jieba

    log = logging.getLogger("jieba")
    log.handlers.clear()
    log.setLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(_own_folder())
    tokenizer.cache_file = f"dictionary-{jieba.__version__}.cache"
    tokenizer.initialize()
    return tokenizer


def _own_folder() -> Path:
    """Where the digest is kept. A folder that cannot be made is no harm: the dictionary is read anew each time."""
    folder = cache_folder() / "jieba"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
