"""What two measures do together beyond what each does by itself: the pairwise Shapley interaction index.

For measures i and j and a coalition of others, the joint surplus is what both bring, minus what each brings alone:
v(both) - v(i) - v(j) + v(neither). The index is its mean over coalitions, weighted as the Shapley value weighs them:
over all orders of introduction in which i and j are neighbours.

For each seed the players are placed on a circle at random. They are introduced in several orders (rounds), each a
zigzag outwards from another place on the circle. In all rounds together every pair is neighbours exactly once. All
coalitions are then arcs of the circle, also the one with a pair's second player but not its first, so the rounds share
most of their runs. Every seed gives every pair one estimate, in a random coalition, under common shocks. The first
round is the order that the Shapley method walks for the same seed, so the two share its runs.

Source   Grabisch & Roubens (1999), International Journal of Game Theory 28, 547-565, for the index;
         Walecki's decomposition (in Lucas, 1883) for the rounds
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import LEVEL
from analysis.attribution.problem import Design, Problem, check_values, lay_out
from analysis.attribution.shapley import permutation
from analysis.uncertainty import simultaneous, t_interval, verdict
from analysis.uncertainty.ranks import rounding

if TYPE_CHECKING:
    pass

COLUMNS = (
    "outcome",
    "first",
    "second",
    "interaction",
    "ci_low",
    "ci_high",
    "first_without",
    "first_with",
    "second_without",
    "second_with",
    "verdict",
    "needy",
    "runs",
)
STREAM = 0x1A7E  # keeps these draws apart from others that are keyed by the same seed
VERDICTS = ("needs", "helps", "overlaps", "hinders", "unclear")


def rounds(players: int) -> NDArray[np.int64]:
    """Orders [round, place] of 0 .. players - 1 in which every pair stands side by side once.

    An odd number of players gets a dummy player, numbered `players`: the empty chair.
    """
    seats = players + players % 2
    zigzag = np.array([(place + 1) // 2 * (1 if place % 2 else -1) for place in range(seats)])
    return (zigzag + np.arange(seats // 2)[:, None]) % seats


def empty_chair(players: int, seed: int) -> int:
    """Place of the dummy player in the first round, drawn for each seed: a fixed one would favour some coalitions."""
    key = np.random.SeedSequence([STREAM, abs(seed), seed < 0])
    return int(np.random.Generator(np.random.Philox(key)).integers(players + 1))


def orders_of(players: int, seed: int) -> NDArray[np.int64]:
    """The rounds of a seed [round, place], players placed at random; the first is the one of shapley.py."""
    table = rounds(players)
    names = np.full(table.shape[1], players)  # the empty chair keeps its number
    own = permutation(players, seed)
    if players % 2:
        own = np.insert(own, empty_chair(players, seed), players)
    names[table[0]] = own
    return names[table]


def sample(problem: Problem) -> Design:
    """Every coalition that is an arc: players x (players + 1) / 2 + 1 runs a seed, 191 for 19 players.

    `order` is [seed, pair, 2]: pairs as in `pairs_of`, the two in the order of introduction. `index` is [seed, pair, 4]
    with the rows of neither, first, second, both.
    """
    count = len(problem.players)
    if count < 3:
        raise ValueError("interactions need at least 3 measures: with two, a 2 x 2 comparison says all there is.")
    place = {pair: k for k, pair in enumerate(combinations(range(count), 2))}
    blocks, order = [], np.empty((len(problem.seeds), len(place), 2), dtype=np.int64)
    for s, seed in enumerate(problem.seeds):
        block = np.zeros((len(place), 4, count), dtype=np.uint8)
        for row in orders_of(count, seed):
            present = np.zeros(count, dtype=np.uint8)
            for one, other in pairwise(row):
                if one < count and other < count:
                    pair = place[min(one, other), max(one, other)]
                    block[pair] = present
                    block[pair, 1::2, one] = 1
                    block[pair, 2:, other] = 1
                    order[s, pair] = one, other
                if one < count:
                    present[one] = 1
        blocks.append(block.reshape(-1, count))
    coalitions, seeds, index = lay_out(blocks, problem.seeds)
    shape = (len(problem.seeds), len(place), 4)
    return Design("interactions", tuple(problem.players), coalitions, seeds, index.reshape(shape), order)


def pairs_of(problem: Problem) -> list[tuple[str, str]]:
    """All pairs of players, in the order of the design."""
    return list(combinations(problem.players, 2))


def estimates(problem: Problem, design: Design, values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Figures [seed, pair, outcome]: the joint surplus, and each one's effect without and with the other."""
    assert design.order is not None
    data = check_values(problem, design, values)[design.index]  # seed, pair, figure, outcome
    neither, one, other, both = np.moveaxis(data, 2, 0)
    swapped = (design.order[:, :, 0] > design.order[:, :, 1])[:, :, None]
    first, second = np.where(swapped, other, one), np.where(swapped, one, other)
    surplus = both - first - second + neither
    return {
        "interaction": np.where(np.abs(surplus) <= rounding(data), 0.0, surplus),
        "first_without": first - neither,
        "first_with": both - second,
        "second_without": second - neither,
        "second_with": both - first,
    }


def analyse(problem: Problem, design: Design, values: ArrayLike, level: float = LEVEL) -> list[dict[str, Any]]:
    """One row (COLUMNS) a pair and outcome from `values` [row, outcome], the largest surplus first.

    The intervals of the surplus hold simultaneously for all pairs of an outcome. An interval without zero gives one of
    four verdicts. `helps`: together they give more than the sum. `needs`: besides, one of them improves the outcome
    only beside the other, as far as these runs can tell; `needy` says which (first, second or both). `overlaps`:
    together they give less than the sum. `hinders`: besides, one of them does harm beside the other. Raises ValueError
    if the outcomes cannot be used.
    """
    found = estimates(problem, design, values)
    rows = []
    for column, (outcome, better) in enumerate(problem.outcomes.items()):
        surplus = found["interaction"][:, :, column]
        low, high = simultaneous(surplus, level, key=f"interactions/{outcome}")
        table = []
        for k, (first, second) in enumerate(pairs_of(problem)):
            says = {name: _says(figures[:, k, column], level, better) for name, figures in found.items()}
            joint = verdict(float(low[k]), float(high[k]), better)
            word, needy = _verdict(joint, says)
            means = {name: float(figures[:, k, column].mean()) for name, figures in found.items()}
            row = {
                "outcome": outcome,
                "first": first,
                "second": second,
                "ci_low": float(low[k]),
                "ci_high": float(high[k]),
            }
            row |= {**means, "verdict": word, "needy": needy, "runs": len(design)}
            table.append({name: row[name] for name in COLUMNS})
        rows += sorted(table, key=lambda row: -abs(float(str(row["interaction"]))))
    return rows


def _says(figures: NDArray[np.float64], level: float, better: str) -> str:
    interval = t_interval(figures, level)
    return verdict(interval.low, interval.high, better)


def _verdict(joint: str, says: dict[str, str]) -> tuple[str, str]:
    """One of VERDICTS and who needs the other, from what the surplus and each one's effects say."""
    if joint == "unclear":
        return "unclear", ""
    if joint == "worsens":
        harm = "worsens" in (says["first_with"], says["second_with"])
        return ("hinders" if harm else "overlaps"), ""
    needy = [
        who for who in ("first", "second") if says[f"{who}_without"] != "improves" and says[f"{who}_with"] == "improves"
    ]
    return ("needs", "both" if len(needy) == 2 else needy[0]) if needy else ("helps", "")
