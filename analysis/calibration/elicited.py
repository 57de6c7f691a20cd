"""From quartiles that people give to a distribution, and from several people's to one.

A person gives a lower quartile, a median and an upper quartile. Within each of the four intervals that these make with
the ends of what is possible, every value is as likely as any other: a quarter each, and nothing else is assumed. This
has the least information (the greatest entropy) of all distributions with these quartiles and ends. Several people are
pooled with equal weights: the share of them, so to speak, that is right is drawn first. Their disagreement thus stays
visible as spread.

Source   O'Hagan et al. (2006), Uncertain Judgements: Eliciting Experts' Probabilities, ch. 6 and 9; Stone (1961),
         Annals of Mathematical Statistics 32(4), for the linear pool
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

QUARTERS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


def quantiles(u: ArrayLike, low: float, high: float, answers: Sequence[tuple[float, float, float]]) -> NDArray:
    """Values of the pooled distribution on [low, high] at probabilities `u`, from one answer (quartiles) a person.

    Raises ValueError for quartiles that do not rise, or do not lie between the ends.
    """
    corners = [np.array([low, *answer, high]) for answer in answers]
    if not corners or any((np.diff(own) <= 0).any() for own in corners):
        raise ValueError(f"quartiles must rise between {low:g} and {high:g}, {list(answers)} given.")
    at = np.unique(np.concatenate(corners))
    below = np.mean([np.interp(at, own, QUARTERS) for own in corners], axis=0)
    return np.interp(np.asarray(u, dtype=float), below, at)
