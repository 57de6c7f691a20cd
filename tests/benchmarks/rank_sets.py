"""Do rank sets hold under skew, and how many seeds does that take? Counted where the true order is known.

    python -m tests.benchmarks.rank_sets                 400 repeats of every case: about ten minutes of one core
    python -m tests.benchmarks.rank_sets --repeats 50    sooner, and less sure
    python -m tests.benchmarks.rank_sets --write         and write docs/checks/coverage.md

Nineteen measures whose spreads differ (a standard deviation of half in their logarithm), three in ten of them skewed
downwards, and seeds that move them together (correlations of 0 to 0.5). The shape of a contribution over seeds is that
of SHAPES, with mean 0 and standard deviation 1 before it is scaled. Two truths: in `alike` all means are equal, so that
any order that is said is wrong; in `apart` a few measures are strong and many weak. A repeat holds if the rank sets of
all nineteen have every place that the measure could claim. `t` is the method that assumes normal differences.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.special import gammaincinv, log_ndtr, ndtr

from analysis import LEVEL
from analysis.uncertainty import place_probability, rank_sets
from analysis.uncertainty.ranks import MINIMUM, RankSets, greatest_t, sets_of
from tests.benchmarks.coverage import exact
from tools.markdown import table

PAGE = Path(__file__).parents[2] / "docs" / "checks" / "coverage.md"
MEASURES = 19
SEEDS = (7, 10, 12, 20, 30, 60, 128)
PLACES = (1, 3, 5)
BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
RESAMPLES = 1000
RARE = 1 / 30


def events(z: np.ndarray) -> np.ndarray:
    """One in thirty, the others nothing."""
    return ((ndtr(z) > 1 - RARE) - RARE) / np.sqrt(RARE * (1 - RARE))


SHAPES: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "normal": lambda z: z,
    "gamma (2)": lambda z: (gammaincinv(2.0, ndtr(z)) - 2.0) / np.sqrt(2.0),
    "exponential": lambda z: -log_ndtr(-z) - 1.0,
    "lognormal": lambda z: (np.exp(z) - np.exp(0.5)) / np.sqrt((np.e - 1.0) * np.e),
    "one in thirty": events,
    "one in thirty, on noise": lambda z: 0.95 * events(z) + np.sqrt(1 - 0.95**2) * np.roll(z, 1, axis=0),
}
"""Standard normal numbers -> a contribution of mean 0 and standard deviation 1."""


@dataclass(frozen=True)
class Made:
    """Nineteen measures: spread and direction of skew, pull of what a seed does to all, and means where they differ."""

    scale: np.ndarray
    pull: np.ndarray
    apart: np.ndarray

    def samples(self, shape: str, seeds: int, means: np.ndarray, keyed: np.random.Generator) -> np.ndarray:
        """Contributions [seed, measure] around `means`."""
        own = keyed.normal(size=(seeds, len(self.scale))) * np.sqrt(1 - self.pull**2)
        return means + self.scale * SHAPES[shape](keyed.normal(size=(seeds, 1)) * self.pull + own)


def made(count: int = MEASURES) -> Made:
    """The measures of every case."""
    keyed = np.random.default_rng(1)
    scale = np.exp(keyed.normal(0, 0.5, count)) * np.where(keyed.random(count) < 0.3, -1, 1)
    return Made(scale, keyed.uniform(0, 0.7, count), keyed.gamma(0.8, 1.0, count))


def by_t(data: np.ndarray, key: str) -> RankSets:
    """Rank sets as if differences were normal: what was used before."""
    first, second = np.triu_indices(data.shape[1], 1)
    gaps = data[:, :, None] - data[:, None, :]
    mean, spread = gaps.mean(axis=0), gaps.std(axis=0, ddof=1) / np.sqrt(len(data))
    free = spread[first, second] > 1e-9
    if not free.any():
        return sets_of(data.mean(axis=0), mean, spread, 1e-9, 0.0)
    greatest = greatest_t(data, lambda a: (a[:, first] - a[:, second])[:, free], LEVEL, key, RESAMPLES)
    return sets_of(data.mean(axis=0), mean, spread, 1e-9, greatest)


def hold(found: RankSets, means: np.ndarray) -> bool:
    """Whether every set has all places that its measure could claim, equals sharing theirs."""
    best = 1 + (means[None, :] > means[:, None]).sum(axis=1)
    last = len(means) - (means[None, :] < means[:, None]).sum(axis=1)
    return bool(((found.low <= best) & (found.high >= last)).all())


@dataclass(frozen=True)
class Case:
    """Of `repeats`: in how many all sets held, by method and truth, and the mean number of places in a set (apart)."""

    repeats: int
    t: int
    alike: int
    apart: int
    places: float
    places_t: float


def case(shape: str, seeds: int, repeats: int, given: Made) -> Case:
    """Count one shape and number of seeds."""
    level, held, places = np.zeros(len(given.scale)), [0, 0, 0], [0.0, 0.0]
    for repeat in range(repeats):
        keyed = np.random.default_rng([7, seeds, repeat])
        alike, apart = (given.samples(shape, seeds, means, keyed) for means in (level, given.apart))
        one, other = (rank_sets(data, key=str(repeat), resamples=RESAMPLES) for data in (alike, apart))
        held[0] += hold(by_t(alike, str(repeat)), level)
        held[1] += hold(one, level)
        held[2] += hold(other, given.apart)
        normal = by_t(apart, str(repeat))
        for k, found in enumerate((other, normal)):
            places[k] += float((found.high - found.low + 1).mean()) / repeats
    return Case(repeats, *held, *places)


def places(shape: str, seeds: int, repeats: int, given: Made) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities said of a measure to be among the first 1, 3 and 5, and whether it was: both flat.

    Each repeat has true means of its own, as far apart as the means of `seeds` seeds are uncertain, twice over.
    """
    said, was = [], []
    for repeat in range(repeats):
        keyed = np.random.default_rng([11, seeds, repeat])
        means = keyed.normal(0, 2 * np.abs(given.scale).mean() / np.sqrt(seeds), len(given.scale))
        chances = place_probability(given.samples(shape, seeds, means, keyed), str(repeat), RESAMPLES).cumsum(axis=0)
        rank = np.argsort(np.argsort(-means))
        for count in PLACES:
            said.append(chances[count - 1])
            was.append(rank < count)
    return np.concatenate(said), np.concatenate(was)


def share(held: int, repeats: int) -> str:
    """A coverage and its exact interval."""
    low, high = exact(held, repeats)
    return f"{held / repeats:.3f} ({low:.3f} to {high:.3f})"


def sets_table(repeats: int) -> str:
    """Coverage and width of rank sets by shape and seeds."""
    given, rows = made(), []
    for shape in SHAPES:
        for seeds in SEEDS:
            found = case(shape, seeds, repeats, given)
            own = ("refused",) * 3 if seeds < MINIMUM else ()
            told = own or (share(found.alike, repeats), share(found.apart, repeats), f"{found.places:.1f}")
            rows.append((shape, str(seeds), *told, share(found.t, repeats), f"{found.places_t:.1f}"))
            print(" | ".join(rows[-1]), flush=True)
    heads = ("contribution", "seeds", "all sets hold, alike", "apart", "places", "t: alike", "t: places")
    return table(heads, rows)


def places_table(repeats: int) -> str:
    """What came true of the probabilities of being among the first, by shape and seeds."""
    given, rows = made(), []
    for shape in SHAPES:
        for seeds in (MINIMUM, 30, 128):
            said, was = places(shape, seeds, repeats, given)
            at = np.digitize(said, BINS[1:-1])
            told = [f"{was[at == k].mean():.2f}" if (at == k).sum() >= 50 else "" for k in range(len(BINS) - 1)]
            rows.append((shape, str(seeds), *told))
            print(" | ".join(rows[-1]), flush=True)
    ends = (f"{100 * a:.0f} to {100 * b:.0f} %" for a, b in pairwise(BINS))
    return table(("contribution", "seeds", *ends), rows)


def page(repeats: int) -> str:
    """The page."""
    return f"""# How often rank sets hold

Written by `python -m tests.benchmarks.rank_sets --write --repeats {repeats}`: {repeats} repeats a line. A share of
{repeats} has a standard error of {np.sqrt(0.95 * 0.05 / repeats):.3f} at .95; exact binomial 95 % intervals stand in
brackets.

Rank sets are nominal 95 % for nineteen measures together. Measures have different spreads, some are skewed upwards and
some downwards, and seeds move them together (correlations of 0 to .5). *Alike*: all true means are equal, so that any
order that is said is wrong; this is the hardest case. *Apart*: a few measures are strong and many weak; *places* is the
mean number of places in a set there (19: nothing is said). *t* is the former method, which takes differences to be
normal.

{sets_table(repeats)}

The sets come from a bootstrap-t of all pairs (`analysis/uncertainty/ranks.py`). Below {MINIMUM} seeds they are refused:
every set is all places, and the page says so. There the bootstrap says next to nothing anyway. Pairs whose difference
is the same in all but a few seeds are not told apart. That is why sets hold for one-in-thirty events, and say next to
nothing of them. *One in thirty, on noise* is the limit of every method: where no seed has shown the event, nothing in
the data tells of it, and noise hides how few there were. Trust no order of such an outcome with so few seeds.

Others were tried in smaller counts. Flipping signs, and t corrected for skewness (Hall 1992), miss as often as t. A
bootstrap-t with a quantile of its own for each pair misses more often: no affordable number of resamples reaches so far
into the tails. So one critical value holds for all pairs; where only some of them are skewed, it is wider than they
need.

## The chance of being among the first

`tables/among_first.csv` has the chance of a measure to be among the first 1, 3 and 5. It is the share of resampled
means in which it is: what the runs made so far leave open about the order of the *means*. More runs move it towards 0
or 1. It is not the share of draws in which a measure is among the first, which no number of runs moves. True means were
drawn anew in each repeat, twice as far apart as they are uncertain. The columns are what was said, the cells how often
it came true (left empty below 50 cases). Chances come true about as often as they say, in the middle a little less: of
the best of nineteen, some are best by luck. For one-in-thirty events and 12 seeds it is a third too high there.

{places_table(repeats)}
"""


def main() -> None:
    """Count, print and, if asked, write the page."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--repeats", type=int, default=400)
    reader.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    given = reader.parse_args()
    text = page(given.repeats)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
