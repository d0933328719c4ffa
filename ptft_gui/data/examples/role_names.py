"""What people call their columns, in many languages: one list of words for each role."""

from __future__ import annotations

import re
from functools import cache

_WORDS = {
    "text": "text texts txt body content contents message comment comments review reviews sentence "
    "sentences sent document doc tweet post article abstract open verbatim utterance string "
    "premise freitext offen satz beitrag kommentar bewertung texte phrase commentaire avis "
    "texto comentario frase opinion oracion testo commento tekst zin текст отзыв предложение "
    "نص 텍스트 문장 리뷰 评论 文本 内容 正文 句子 評論 內容 本文 テキスト 文章 短文 "
    "paragraphs",
    "text_pair": "hypothesis 假设",
    "label": "label labels stars rating ratings class classes category categories target sentiment topic "
    "topics polarity gold judgment judgement intent emotion stance quality tag tags annotation y coded "
    "verdict outcome urteil ergebnis recoded rec code cat genre kategorie klasse thema stimmung etikett "
    "etiquette étiquette catégorie categorie classe categoria categoría etiqueta clase sentimiento categoria "
    "метка класс категория тема 标签 类别 分类 情感 標籤 類別 分類 ラベル カテゴリ 레이블 "
    "분류",
    "score": "score scores similarity sim relatedness ähnlichkeit similitud similarité 相似度 分数 "
    "分數 得分 スコア 유사도",
    "question": "question questions query frage pregunta pergunta domanda vraag вопрос 问题 問題 质问 "
    "質問 질문",
    "context": "context passage paragraph paragraphs review document article story text kontext absatz "
    "contexte contexto контекст 上下文 文章 段落 原文 文脈 지문 본문",
    "answer": "answer answers ans span spans antwort antworten réponse respuesta resposta risposta "
    "ответ 答案 回答 答え 답변",
    "answer_start": "start starts offset offsets index indices begin position",
    "tokens": "tokens words token word wörter mots palabras 词 字 単語 단어",
    "tags": "tags tag ner labels label pos entities bio iob ner_tags 标注 標註",
    "prompt": "prompt instruction instructions question query user human request anweisung frage "
    "instrucción 指令 提示 问题 問題 问 指示 질문",
    "prompt_more": "input context inputs eingabe entrée entrada 输入 輸入 入力 입력",
    "reply": "reply output outputs response completion answer answers assistant chosen antwort ausgabe "
    "réponse respuesta salida 输出 輸出 回复 回答 答案 答 応答 出力 응답 답변",
    "split": "split part partition subset fold set teil partie 划分 分割",
    "id": "id ids uid uuid guid key nr no number index idx num respondent case identifier nummer "
    "编号 編號 序号 番号",
    "metadata": "author authors title date time year month day source url link file filename path user "
    "username name country region city town place location age sex gender lang language version weight product item "
    "domain ort stadt land autor titel datum jahr quelle geschlecht alter auteur titre année autor título "
    "año fecha ville pays ciudad país 城市 地区 作者 标题 日期 来源 年 用户 題目",
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\u00c0-\u024f]+|[\u0400-\u04ff]+|\d+|[^\W\d_a-zA-Z]+")
_FIRST_AND_SECOND = {
    ("1", "2"),
    ("0", "1"),
    ("a", "b"),
    ("one", "two"),
    ("first", "second"),
    ("left", "right"),
}
_BARE_PAIRS = {("premise", "hypothesis"), ("query", "title"), ("query", "doc"), ("s1", "s2")}
_FEWEST_FOREIGN_SIGNS = 2


def name_words(name: str) -> tuple[str, ...]:
    """The words of a column's name, lower case: ``Q17_open`` is q, 17, open; ``sentenceA`` is sentence, a."""
    return tuple(word.casefold() for word in _WORD.findall(name))


@cache
def _words_of(role: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORDS[role].split())


def is_named(name: str, role: str) -> bool:
    """Whether a column's name says that it has this role."""
    words = name_words(name)
    known = _words_of(role)
    if not known.isdisjoint(words):
        return True
    # Writing without spaces is not cut into words: 用户评论 holds 评论.
    return any(
        word in name
        for word in known
        if not word.isascii() and len(word) >= _FEWEST_FOREIGN_SIGNS and ord(word[0]) > 0x2E80
    )


def are_first_and_second(first: str, second: str) -> bool:
    """Whether two names differ as ``text1`` and ``text2`` or ``sentence_A`` and ``sentence_B`` do."""
    one, two = name_words(first), name_words(second)
    if (first.casefold(), second.casefold()) in _BARE_PAIRS:
        return True
    if len(one) != len(two):
        return len(two) == len(one) + 1 and two[:-1] == one and two[-1] in {"2", "b", "pair"}
    different = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
    return different in [[pair] for pair in _FIRST_AND_SECOND | _BARE_PAIRS]
