"""Shapley values: a measure's contribution averaged over all orders of introduction.

For each seed one random order is drawn and walked forwards and backwards (an antithetic pair):
measures join one by one, and each is credited with the change it brings. Both walks start from
nothing and end at the whole package under the same shocks, so the credits of a seed add up exactly
to that seed's package effect. Pairs are independent; intervals are over pairs.

Source   Shapley (1953); Castro, Gómez & Tejada (2009) for sampling; Mitchell, Cooper, Frank &
         Holmes (2022), Journal of Machine Learning Research 23(43), for antithetic pairs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.attribution.problem import Design, Problem, checked, contribution_rows, lay_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STREAM = 0x5AA9  # keeps these draws apart from others that are keyed by the same seed


def permutation(players: int, seed: int) -> NDArray[np.int64]:
    """The order of introduction that belongs to `seed`.

    A pure function of it, so that more seeds change no earlier one.
    """
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([STREAM, abs(seed), seed < 0])))
    return generator.permutation(players)


def sample(problem: Problem) -> Design:
    """One antithetic pair a seed: 2 x players runs a seed, fewer where the two walks meet.

    `order` [seed, player] is the forward order; `index` [seed, direction, step] is the row after
    `step` measures have joined (direction 0 forwards, 1 backwards; steps 0 .. players).
    """
    count = len(problem.players)
    orders = np.array([permutation(count, seed) for seed in problem.seeds])
    joined = np.tril(np.ones((count + 1, count), dtype=np.uint8), -1)  # step, place in the order
    blocks = []
    for order in orders:
        block = np.empty((2, count + 1, count), dtype=np.uint8)
        block[0][:, order] = joined
        block[1][:, order[::-1]] = joined
        blocks.append(block.reshape(-1, count))
    coalitions, seeds, index = lay_out(blocks, problem.seeds)
    shape = (len(orders), 2, count + 1)
    return Design("shapley", tuple(problem.players), coalitions, seeds, index.reshape(shape), orders)


def pair_contributions(design: Design, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Credits [seed, player, outcome] of each antithetic pair from `values` [row, outcome]."""
    assert design.order is not None
    steps = np.diff(values[design.index], axis=2)  # seed, direction, place in the order, outcome
    credit = np.empty((len(design.order), len(design.players), values.shape[1]))
    for s, order in enumerate(design.order):
        credit[s, order] = 0.5 * (steps[s, 0] + steps[s, 1, ::-1])
    return credit


def analyse(problem: Problem, design: Design, values: ArrayLike, level: float = 0.95) -> list[dict[str, Any]]:
    """Table of Shapley values from `values` [row, outcome].

    Contributions sum to the package effect of these runs.

    See problem.COLUMNS. Raises ValueError if the outcomes cannot be used.
    """
    data = checked(problem, design, values)
    return contribution_rows(problem, design, pair_contributions(design, data), level)


def plot(rows: list[dict[str, Any]], **words: Any) -> Figure:
    """Ranking figure of this method; keywords as in analysis.figures.ranking."""
    from analysis.figures import ranking

    return ranking(rows, method="shapley", **words)
