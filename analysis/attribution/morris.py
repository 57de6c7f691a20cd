"""Morris screening: which players matter at all, for few runs.

A trajectory starts somewhere and moves one player (or one group) at a time. A step's change of the outcome, scaled to
the player's whole range, is its elementary effect at that point. All runs of a trajectory share a seed; trajectories
are independent, and intervals are over them.

morris            mean effect (mu), with its sign: what moving the player from low to high does on average
morris_strength   mean size of the effect (mu star): how much it moves the outcome, whichever way

A player whose strength is well above the size of its mean effect works in both directions. Groups
have a strength only, because their members move in different directions.

Source   Morris (1991), Technometrics 33(2), 161-174; Campolongo, Cariboni & Saltelli (2007),
         Environmental Modelling & Software 22(10), 1509-1518; trajectories from SALib 1.6
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.attribution.problem import Design, Problem, check_values, lay_out
from analysis.attribution.table import contribution_rows

if TYPE_CHECKING:
    pass

STREAM = 0x3011215  # keeps these draws apart from others that are keyed by the same seed
LEVELS = 4


def groups_of(problem: Problem) -> tuple[str, ...]:
    """The groups that move together, in order of first mention; a player without one is its own."""
    return tuple(dict.fromkeys(problem.groups.get(player, player) for player in problem.players))


def sample(problem: Problem) -> Design:
    """One of SALib's trajectories a seed: groups + 1 runs.

    A player without bounds is on where SALib's value is at least one half, which every step crosses.
    `index` is [seed, step].
    """
    from SALib.sample import morris

    count = len(problem.players)
    asked = {
        "num_vars": count,
        "names": list(problem.players),
        "bounds": [[0.0, 1.0]] * count,
        "groups": [problem.groups.get(player, player) for player in problem.players],
    }
    blocks = []
    for seed in problem.seeds:
        key = np.random.SeedSequence([STREAM, abs(seed), seed < 0])
        block = morris.sample(asked, 1, num_levels=LEVELS, seed=np.random.Generator(np.random.Philox(key)))
        block[:, problem.switches] = block[:, problem.switches] >= 0.5
        blocks.append(block)
    return Design("morris", tuple(problem.players), *lay_out(blocks, problem.seeds))


def estimates(problem: Problem, design: Design, values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Elementary effects [seed, player, outcome] for the whole range of a player, and their sizes.

    With groups of several players, the sizes alone and [seed, group, outcome].
    """
    data = check_values(problem, design, values)[design.index]
    moves = np.diff(design.coalitions[design.index].astype(float), axis=1)  # seed, step, player
    change = np.diff(data, axis=1)  # seed, step, outcome
    names = groups_of(problem)
    belongs = np.array([[problem.groups.get(p, p) == name for p in problem.players] for name in names])
    which = (np.abs(moves) @ belongs.T).argmax(axis=2)  # seed, step -> group
    length = np.abs(moves).sum(axis=2) / belongs.sum(axis=1)[which]
    direction = np.sign(moves.sum(axis=2))
    place = which.argsort(axis=1)[:, :, None]  # step of each group
    size = np.take_along_axis(np.abs(change) / length[:, :, None], place, axis=1)
    if len(names) < len(problem.players):
        return {"morris_strength": size}
    effect = np.take_along_axis(change * (direction / length)[:, :, None], place, axis=1)
    return {"morris": effect, "morris_strength": size}


def analyse(problem: Problem, design: Design, values: ArrayLike, level: float = LEVEL) -> list[dict[str, Any]]:
    """Table of mean effects and strengths from `values` [row, outcome]; see table.COLUMNS.

    Raises ValueError if the outcomes cannot be used.
    """
    found = estimates(problem, design, values)
    names = groups_of(problem)
    return [row for name in found for row in contribution_rows(problem, design, found[name], level, name, names)]
