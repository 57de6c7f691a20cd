"""Do 95 % intervals hold the truth 95 times in 100? Counted on a stochastic function with known answers.

    python -m tests.benchmarks.coverage                   2,000 repeats of every method: 40 minutes of one core
    python -m tests.benchmarks.coverage sobol --repeats 200
    python -m tests.benchmarks.coverage sobol --seeds 128    with as many seeds as the full ranking has

Nineteen players, pairwise interactions, one player without any effect, and seeds that move the level and the effects
(a tenth of the variance). Every method is asked as a user asks it: sample, run, analyse. Printed for each: the share
of repeats in which the interval of one player (taken in turn, so that repeats are independent) holds the truth, with
its exact binomial interval; the same over all players; the share in which all rank sets hold; and their mean width.

`naive` is the textbook's Sobol design with a seed of its own for each run, and `sequence` one Sobol sequence with an
interval over its rows. Both are there to fail: the first misses, the second is too wide.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.attribution import Problem, analyse, sample
from analysis.attribution.sobol import terms
from analysis.uncertainty import t_interval

PLAYERS = 19
SEED_SHARE = 0.10
SIZES = {"leave_one_out": 50, "add_one_in": 50, "shapley": 130, "morris": 100, "sobol": 512}
"""Seeds of each method; two a row for Sobol."""
HEAD = (
    f"{'':<24}{'seeds':>6}{'coverage':>10}  exact interval {'all players':>13}   least..most  rank sets  exact interval"
    "  mean width  CPU s"
)


@dataclass(frozen=True)
class Toy:
    """value = main x + x pair x + level(seed) + effects(seed) (x - 1/2), for x from 0 to 1; known answers by method."""

    main: np.ndarray
    pair: np.ndarray
    level: float
    effect: np.ndarray

    def value(self, points, level, effects):
        """Values of `points` [.., player] with the shifts `level` [..] and `effects` [.., player] of their seeds."""
        return points @ self.main + ((points @ self.pair) * points).sum(-1) + level + ((points - 0.5) * effects).sum(-1)

    def shifts(self, key, shape):
        """Level and effects of as many seeds."""
        keyed = np.random.default_rng([17, key])
        return keyed.normal(0, self.level, shape), keyed.normal(0, 1, (*shape, len(self.main))) * self.effect

    @property
    def truth(self) -> Mapping[str, np.ndarray]:
        """What each method estimates."""
        partners = (self.pair + self.pair.T).sum(axis=1)
        middle = self.main + 0.5 * partners
        first, joint = middle**2 / 12, self.pair**2 / 144
        whole = first.sum() + joint.sum()
        return {
            "add_one_in": self.main,
            "leave_one_out": self.main + partners,
            "shapley": middle,
            "morris": middle,
            "sobol_first": first / whole,
            "sobol_total": (first + joint.sum(axis=0) + joint.sum(axis=1)) / whole,
        }


def toy(players: int = PLAYERS, seed: int = 1) -> Toy:
    """A few strong players, many weak ones, the last one without any effect."""
    keyed = np.random.default_rng(seed)
    main = np.sort(keyed.gamma(0.8, 1.0, players))[::-1].copy()
    pair = np.triu(keyed.normal(0, 0.6, (players, players)) * (keyed.random((players, players)) < 0.15), 1)
    main[-1] = pair[-1] = pair[:, -1] = 0.0
    middle = main + 0.5 * (pair + pair.T).sum(axis=1)
    by_seed = SEED_SHARE / (1 - SEED_SHARE) * ((middle**2).sum() / 12 + (pair**2).sum() / 144)
    effect = np.full(players, np.sqrt(0.2 * by_seed * 12 / (players - 1)))
    effect[-1] = 0.0
    return Toy(main, pair, np.sqrt(0.8 * by_seed), effect)


Figures = list[tuple[str, np.ndarray, np.ndarray, np.ndarray, np.ndarray]]  # method, low, high, rank low, rank high


def asked(made: Toy, method: str, size: int, repeat: int) -> Figures:
    """One repeat of a method, sampled and analysed as a user does it."""
    count = len(made.main)
    names = [f"m{p}" for p in range(count)]
    seeds = range(size * repeat, size * (repeat + 1))
    problem = Problem(
        names, seeds, {"y": "higher"}, bounds=dict.fromkeys(names, (0, 1)) if method in ("morris", "sobol") else {}
    )
    design = sample(method, problem)
    level, effects = (shift[design.seeds - seeds[0]] for shift in made.shifts(repeat, (size,)))
    points = design.coalitions.astype(float)
    rows = analyse(problem, design, made.value(points, level, effects)[:, None])
    found = []
    for name in dict.fromkeys(row["method"] for row in rows):
        by_player = {row["measure"]: row for row in rows if row["method"] == name}
        columns = [[float(by_player[n][key]) for n in names] for key in ("ci_low", "ci_high", "rank_low", "rank_high")]
        found.append((str(name), *map(np.array, columns)))
    return found


def naive(made: Toy, size: int, repeat: int, scramble_rows: bool = True, own_seeds: bool = True) -> Figures:
    """The same number of runs as `sobol`, each with its own seed, analysed as if the model were deterministic."""
    from scipy.stats import qmc

    count, rows = len(made.main), size if own_seeds else size // 2
    keyed = np.random.default_rng([23, repeat])
    ends = keyed.random((rows, 2 * count)) if scramble_rows else qmc.Sobol(2 * count, rng=keyed).random(rows)
    points = np.repeat(ends[:, None, :count], count + 2, axis=1)
    for p in range(count):
        points[:, p + 1, p] = ends[:, count + p]
    points[:, -1] = ends[:, count:]
    if own_seeds:
        first = made.value(points, *made.shifts(repeat, (rows, count + 2)))
        figures = np.stack([first, first], axis=1)
    else:
        level, effects = made.shifts(repeat, (rows, 2))
        figures = made.value(points[:, None], level[:, :, None], effects[:, :, None])
    one, total, variance = terms(figures)
    found = []
    for name, term in (("sobol_first", one), ("sobol_total", total)):
        index = term.mean(axis=0) / variance.mean()
        ends_of = [t_interval(t) for t in (index + (term - variance[:, None] * index) / variance.mean()).T]
        low, high = np.array([i.low for i in ends_of]), np.array([i.high for i in ends_of])
        found.append((name, low, high, np.ones(count), np.full(count, float(count))))
    return found


@dataclass(frozen=True)
class Count:
    """Counted over repeats: `held` of `repeats` for one player in turn, shares for all players and all rank sets."""

    held: int
    repeats: int
    by_player: np.ndarray
    ranked: int
    width: float

    def interval(self) -> tuple[float, float]:
        """Exact binomial 95 % interval of the coverage."""
        return exact(self.held, self.repeats)


def exact(held: int, repeats: int) -> tuple[float, float]:
    """Exact (Clopper-Pearson) 95 % interval of a share."""
    from scipy.stats import binomtest

    found = binomtest(held, repeats).proportion_ci(0.95, "exact")
    return float(found.low), float(found.high)


def count(made: Toy, once: Callable[[int], Figures], repeats: int) -> dict[str, Count]:
    """Coverage of the figures that `once(repeat)` gives, by method. Players without any effect are left out.

    Their interval is [0, 0], which holds the truth every time.
    """
    effective = np.flatnonzero(made.effect > 0)
    held: dict[str, list[np.ndarray]] = {}
    ranked: dict[str, list[bool]] = {}
    widths: dict[str, list[float]] = {}
    for repeat in range(repeats):
        for name, low, high, rank_low, rank_high in once(repeat):
            if name not in made.truth:
                continue
            truth = made.truth[name]
            held.setdefault(name, []).append((low <= truth) & (truth <= high))
            better = 1 + (truth[None, :] > truth[:, None] + 1e-12).sum(axis=1)
            worst = len(truth) - (truth[None, :] < truth[:, None] - 1e-12).sum(axis=1)
            ranked.setdefault(name, []).append(bool(((rank_low <= better) & (rank_high >= worst)).all()))
            widths.setdefault(name, []).append(float((rank_high - rank_low + 1).mean()))
    found = {}
    for name, each in held.items():
        table = np.array(each)[:, effective]
        turn = table[np.arange(repeats), np.arange(repeats) % len(effective)]
        found[name] = Count(
            int(turn.sum()), repeats, table.mean(axis=0), sum(ranked[name]), float(np.mean(widths[name]))
        )
    return found


def main() -> None:
    """Count everything that was asked for and print a table."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = [*SIZES, "naive", "sequence"]
    reader.add_argument("methods", nargs="*", default=every, help=f"of {', '.join(every)} (default: all)")
    reader.add_argument("--repeats", type=int, default=2000)
    reader.add_argument("--seeds", type=int, help=f"seeds of every method that is asked for (default: {SIZES})")
    given = reader.parse_args()
    made = toy()
    print(f"{given.repeats:,} repeats, {PLAYERS} players, seeds {SEED_SHARE:.0%} of the variance\n")
    print(HEAD)
    for method in given.methods:
        size = given.seeds or SIZES.get(method, SIZES["sobol"])
        started = time.process_time()
        once = {
            "naive": lambda r, s=size: naive(made, s, r),
            "sequence": lambda r, s=size: naive(made, s, r, scramble_rows=False, own_seeds=False),
        }.get(method, lambda r, m=method, s=size: asked(made, m, s, r))
        for name, one in count(made, once, given.repeats).items():
            low, high = one.interval()
            ends = exact(one.ranked, one.repeats)
            label = f"{method}: {name}" if method in ("naive", "sequence") else name
            line = f"{label:<24}{size:>6}{one.held / one.repeats:>10.4f}  {low:.4f}..{high:.4f}"
            line += f"{one.by_player.mean():>14.4f}"
            line += f"   {one.by_player.min():.3f}..{one.by_player.max():.3f}{one.ranked / one.repeats:>11.4f}"
            line += f"  {ends[0]:.4f}..{ends[1]:.4f}{one.width:>12.2f}{time.process_time() - started:>9.0f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
