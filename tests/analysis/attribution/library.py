"""Exact values of a game by code that is not ours: the package shapley-numba, which is for the tests alone."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray
from shapley_numba.shapley import shapley


def values(count: int, value: Callable[[frozenset[int]], float]) -> NDArray[np.float64]:
    """Shapley value of each of `count` players in the game `value` of their coalitions."""
    game = SimpleNamespace(value=lambda present: value(frozenset(np.flatnonzero(present).tolist())))
    return shapley(game, count, use_numba=False)


def index(count: int, value: Callable[[frozenset[int]], float], pair: tuple[int, int]) -> float:
    """Interaction index of a pair: what one is worth where the other is in force, less where it is not.

    So Grabisch & Roubens (1999) build the index up from Shapley values. The library knows those only.
    """
    one, other = pair
    rest = [p for p in range(count) if p != other]
    place = rest.index(one)
    without = values(count - 1, lambda c: value(frozenset(rest[p] for p in c)))
    beside = values(count - 1, lambda c: value(frozenset(rest[p] for p in c) | {other}))
    return float(beside[place] - without[place])
