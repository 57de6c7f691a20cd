"""Shapley values: a measure's contribution averaged over all orders of introduction.

For each seed one random order is drawn and walked forwards and backwards (an antithetic pair). Measures join one by
one, and each is credited with the change it brings. Both walks start without measures and end at the whole package
under the same shocks. So the credits of a seed add up exactly to that seed's package effect. Pairs are independent;
intervals are over pairs. With few players (three dials, see FEW) `sample_all` runs every coalition instead, and no
order has to be sampled.

Source   Shapley (1953); Castro, Gómez & Tejada (2009) for sampling; Mitchell, Cooper, Frank &
         Holmes (2022), Journal of Machine Learning Research 23(43), for antithetic pairs
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.attribution.problem import Design, Problem, check_values, lay_out
from analysis.attribution.table import contribution_rows

if TYPE_CHECKING:
    pass

MOST_FOR_ALL = 12
FEW = 3  # players of whom every coalition is run: 8 runs a seed, where a pair of walks takes 6
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


def sample_all(problem: Problem) -> Design:
    """Every coalition under every seed: exact in each seed, for few players (2 ** players runs a seed).

    `index` is [seed, coalition]; bit p of a coalition's number says whether player p is in force.
    """
    count = len(problem.players)
    if count > MOST_FOR_ALL:
        raise ValueError(
            f"every coalition of {count} players is {2**count:,} runs a seed; at most {MOST_FOR_ALL} players."
        )
    block = (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(np.uint8)
    return Design("shapley", tuple(problem.players), *lay_out([block] * len(problem.seeds), problem.seeds))


def walks(problem: Problem, design: Design) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Orders [seed, player] and rows [seed, direction, step] of the walks, as in `sample`.

    Where every coalition was run, the walks of the seeds' own orders are among them.
    """
    if design.order is not None:
        return design.order, design.index
    pairs = sample(problem)
    assert pairs.order is not None
    numbers = pairs.coalitions.astype(np.int64) @ (1 << np.arange(len(design.players)))  # as in `sample_all`
    return pairs.order, np.array([own[numbers[at]] for own, at in zip(design.index, pairs.index, strict=True)])


def estimates(problem: Problem, design: Design, values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Credits [seed, player, outcome] of each antithetic pair, or of each seed with every coalition."""
    data = check_values(problem, design, values)[design.index]
    count = len(design.players)
    credit = np.empty((len(data), count, data.shape[-1]))
    if design.order is None:
        size = design.coalitions[design.index[0]].sum(axis=1).astype(int)
        weight = 1.0 / (count * np.array([comb(count - 1, k) for k in range(count)]))
        for player in range(count):
            without = np.flatnonzero((np.arange(2**count) >> player & 1) == 0)
            gain = data[:, without | 1 << player] - data[:, without]
            credit[:, player] = np.einsum("sco,c->so", gain, weight[size[without]])
    else:
        steps = np.diff(data, axis=2)  # seed, direction, place in the order, outcome
        for s, order in enumerate(design.order):
            credit[s, order] = 0.5 * (steps[s, 0] + steps[s, 1, ::-1])
    return {"shapley": credit}


def analyse(problem: Problem, design: Design, values: ArrayLike, level: float = LEVEL) -> list[dict[str, Any]]:
    """Table of Shapley values from `values` [row, outcome]; see table.COLUMNS.

    Contributions sum to the package effect of these runs. Raises ValueError if the outcomes cannot be used.
    """
    return contribution_rows(problem, design, estimates(problem, design, values)["shapley"], level)
