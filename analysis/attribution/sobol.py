"""Sobol indices: the share of an outcome's variance over the settings that is due to each player.

first   the share that goes when the player alone becomes known
total   the share that is left when all but the player are known; interactions with others are included

The design is SALib's Saltelli design without second order: a row holds a setting A, a setting B, and
for each player A with that player's value from B. Two things differ from a deterministic model:

- A row is run under two seeds, the same two for all its settings, and every product multiplies figures of *different*
  seeds. The seed's own effect then drops out of the expectation. With a separate seed for each run it does not: every
  total index is too high by the share of chance. A seed's own level is also subtracted from its row, the more fully the
  larger its variance is beside that of the settings.
- Rows are drawn independently, not as one Sobol sequence. A sequence has the smaller error, but does not show how large
  it is: a 95 % interval over its rows covers the truth 99 times in 100. See tests/benchmarks/coverage.py.

An index is a ratio of means over rows; its interval is a t interval over the rows' linear terms. With 64 to 100 rows
the interval of a small total index is a little too narrow: it covers the truth 93 times in 100, not 95. From
ENOUGH_ROWS on it is not.

Source   Saltelli et al. (2010), Computer Physics Communications 181(2), 259-270, for the estimators;
         SALib 1.6 for design and, where nothing is random, the same figures
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.attribution.problem import Design, Problem, check_values, lay_out
from analysis.attribution.table import contribution_rows
from analysis.uncertainty import t_interval

if TYPE_CHECKING:
    pass

STREAM = 0x50B01  # keeps these draws apart from others that are keyed by the same seed
MIN_ROWS = 64
ENOUGH_ROWS = 250


def sample(problem: Problem) -> Design:
    """One Saltelli row for every two seeds, run under both: players + 2 runs a seed.

    A player without bounds is on where SALib's value is at least one half. `index` [row, seed of the
    row, position] has the positions of SALib: A, A with player 1 from B, .., B.
    """
    from SALib.sample import sobol

    count, seeds = len(problem.players), problem.seeds
    if len(seeds) % 2 or len(seeds) < 2 * MIN_ROWS:
        raise ValueError(
            f"sobol needs an even number of seeds, two a row and at least {2 * MIN_ROWS}; {len(seeds)} given."
        )
    asked = {"num_vars": count, "names": list(problem.players), "bounds": [[0.0, 1.0]] * count}
    blocks = []
    for seed in seeds[::2]:
        key = np.random.SeedSequence([STREAM, abs(seed), seed < 0])
        block = sobol.sample(asked, 1, calc_second_order=False, seed=np.random.Generator(np.random.Philox(key)))
        block[:, problem.switches] = block[:, problem.switches] >= 0.5
        blocks += [block, block]
    coalitions, row_seeds, index = lay_out(blocks, seeds)
    return Design("sobol", tuple(problem.players), coalitions, row_seeds, index.reshape(-1, 2, count + 2))


def terms(figures: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Terms whose means over rows are first x variance, total x variance ([row, player]) and variance ([row]).

    `figures` [row, seed of the row, position]. With the same figures under both seeds the ratios of
    the means are SALib's indices.
    """
    centred = figures - figures.mean(axis=(0, 2), keepdims=True)
    a, mixed, b = centred[:, :, :1], centred[:, :, 1:-1], centred[:, :, -1:]
    gain = mixed - a
    total = 0.5 * gain[:, 0] * gain[:, 1]
    ends = np.concatenate([a, b], axis=2)
    ends = ends - ends.mean(axis=(0, 2), keepdims=True)
    same = (ends[:, 0] * ends[:, 1]).mean(axis=1)
    other = (ends[:, 0] * ends[:, 1, ::-1]).mean(axis=1)  # A with B: zero on average
    level = centred.mean(axis=2)  # row, seed of the row
    quiet = _quieting(0.5 * float(np.square(level[:, 0] - level[:, 1]).mean()), float((same - other).mean()))
    beside = b - quiet * 0.5 * (a + mixed)  # times the gain, what is taken off is zero on average
    first = 0.5 * (beside[:, 0] * gain[:, 1] + beside[:, 1] * gain[:, 0])
    return first, total, same - quiet * other


def _quieting(level: float, settings: float) -> float:
    """How much of a seed's own level is subtracted from its row: 0 where seeds have none, 1 where it dominates.

    The terms are unbiased for any share. This one minimises their variance if `level` (variance of the seeds' level)
    and `settings` are the only components.
    """
    if level == 0.0:
        return 0.0
    loud = level / settings if settings > 0.0 else np.inf
    return float(loud * (1.0 + loud) / (1.0 + loud * (1.0 + loud))) if np.isfinite(loud) else 1.0


def estimates(problem: Problem, design: Design, values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Linear terms [row, player, outcome] whose means are the first and the total indices.

    Raises ValueError where the spread over the settings cannot be told from chance: shares of it
    would mean nothing.
    """
    data = check_values(problem, design, values)[design.index]
    result: dict[str, list[NDArray[np.float64]]] = {"sobol_first": [], "sobol_total": []}
    for column, outcome in enumerate(problem.outcomes):
        first, total, variance = terms(data[..., column])
        spread = t_interval(variance, 0.99)
        if spread.low <= 0.0:
            raise ValueError(
                f"sobol: the spread of {outcome} over the settings cannot be told from chance in these "
                f"{len(design)} runs, so there is nothing to share out."
            )
        for name, term in (("sobol_first", first), ("sobol_total", total)):
            index = term.mean(axis=0) / spread.mean
            result[name].append(index + (term - variance[:, None] * index) / spread.mean)
    return {name: np.stack(columns, axis=-1) for name, columns in result.items()}


def analyse(problem: Problem, design: Design, values: ArrayLike, level: float = LEVEL) -> list[dict[str, Any]]:
    """Table of first and total indices from `values` [row, outcome]; see table.COLUMNS.

    `contribution` is a share of the outcome's variance over the settings, without a sign. Raises
    ValueError if the outcomes cannot be used.
    """
    found = estimates(problem, design, values)
    return [row for name in found for row in contribution_rows(problem, design, found[name], level, name)]
