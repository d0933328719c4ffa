"""From which margin on a question is better answered with nothing, chosen on held-out questions.

As the evaluation program of SQuAD 2.0 chooses it (Rajpurkar et al. 2018, https://arxiv.org/abs/1806.03822): the value
at which the mean F1 is highest. Saying nothing to all is allowed too, which that program forgets.
"""

from __future__ import annotations

from collections.abc import Sequence


def best_threshold(
    margins: Sequence[float], f1_of_pieces: Sequence[float], has_answers: Sequence[bool]
) -> float:
    """A question whose margin is greater is answered with nothing, all others with their best piece.

    ``margins``: by how much nothing is worth more than the best piece, a number a question; ``f1_of_pieces``: what the
    piece would score; ``has_answers``: whether there is one. Of values that score alike the lowest is taken, and where
    the usual one, 0, scores as much, that. Raises ValueError for no question.
    """
    ordered = sorted(zip(margins, f1_of_pieces, has_answers, strict=True))
    if not ordered:
        raise ValueError("There is no question.")
    # All questions are answered with nothing at first; then one after the other with its piece.
    score = best = float(sum(not has_answer for _, _, has_answer in ordered))
    threshold, at_zero = ordered[0][0] - 1.0, score
    for place, (margin, f1, has_answer) in enumerate(ordered):
        score += f1 if has_answer else f1 - 1.0
        if margin <= 0:
            at_zero = score
        is_last_of_its_margin = place + 1 == len(ordered) or ordered[place + 1][0] > margin
        if is_last_of_its_margin and score > best + 1e-9:
            best, threshold = score, margin
    return 0.0 if at_zero >= best - 1e-9 else threshold
