"""Do 95 % intervals of shares of a spread, and of orders over its cells, hold the truth 95 times in 100?

    python -m tests.benchmarks.shares                 2,000 repeats: about six minutes
    python -m tests.benchmarks.shares --repeats 200

Effects with known variances are drawn in the cells of an orthogonal array of L x L cells: the levels of three sources
and what is left are drawn anew in each repeat, those of the fourth are evenly spaced. `added` are sums of normal
effects, as the intervals take them to be; `multiplied` are products, so that what is left is no noise but interplay
that the sources make; `skewed` are products of effects with a long tail. The last two are what a model may do.
Printed is the share of repeats in which the interval holds the truth, and the mean width of the intervals.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from math import erf, exp
from typing import Any

import numpy as np

from analysis.uncertainty.stability import order
from analysis.uncertainty.variance import shares
from experiments.ranking.questions.variance import CHOSEN, array, intensity

FACTORS = ("seed", "behaviour", "potency", "intensity")  # of a ranking in one town
Drawn = tuple[np.ndarray, np.ndarray]  # values [cell], true shares [factor and together]
Model = Callable[[int, np.random.Generator], Drawn]


def cells(levels: int) -> np.ndarray:
    """Levels [cell, source] of four sources."""
    return np.array(array(levels))[:, : len(FACTORS)]


def even(levels: int, deviation: float) -> np.ndarray:
    """Evenly spaced effects of the chosen levels, with that standard deviation."""
    steps = np.arange(levels) - (levels - 1) / 2
    return deviation * steps / steps.std()


def added(own: tuple[float, float, float, float], rest: float) -> Model:
    """Sums of effects with these standard deviations."""

    def draw(levels: int, keyed: np.random.Generator) -> Drawn:
        effects = [s * keyed.normal(size=levels) for s in own[:3]] + [even(levels, own[3])]
        at = cells(levels)
        value = sum(effect[at[:, f]] for f, effect in enumerate(effects)) + rest * keyed.normal(size=len(at))
        parts = np.array([*own, rest]) ** 2
        return value, parts / parts.sum()

    return draw


def multiplied(own: tuple[float, float, float], skewed: bool = False) -> Model:
    """Products of 1 + effects with these standard deviations and of the intensity of a level."""

    def deviates(keyed: np.random.Generator, size: int) -> np.ndarray:
        drawn = keyed.normal(size=size)
        return (np.exp(drawn / 2) - exp(1 / 8)) / (exp(1 / 4) * (exp(1 / 4) - 1)) ** 0.5 if skewed else drawn

    def draw(levels: int, keyed: np.random.Generator) -> Drawn:
        at = cells(levels)
        ordered = np.array([intensity(k, levels) for k in range(levels)])
        value = ordered[at[:, 3]]
        for f, s in enumerate(own):
            value = value * (1 + s * deviates(keyed, levels))[at[:, f]]
        middle, variance = ordered.mean(), ordered.var()
        parts = [*(middle**2 * np.square(own)), variance]
        whole = (middle**2 + variance) * np.prod(1 + np.square(own)) - middle**2
        return value, np.array([*parts, whole - sum(parts)]) / whole

    return draw


MODELS: dict[str, Model] = {
    "added, all alike": added((1.0, 1.0, 1.0, 1.0), 1.0),
    "added, one owns most": added((0.3, 2.0, 0.3, 0.8), 0.5),
    "added, two own nothing": added((0.0, 1.0, 0.0, 0.5), 1.0),
    "added, mostly interplay": added((0.2, 0.4, 0.2, 0.3), 1.0),
    "multiplied": multiplied((0.1, 0.4, 0.2)),
    "multiplied, strongly": multiplied((0.3, 0.8, 0.4)),
    "skewed": multiplied((0.1, 0.4, 0.2), skewed=True),
}


def rows_of(values: np.ndarray, levels: int, **said: Any) -> list[dict[str, Any]]:
    """Rows as spread.shares takes them."""
    places = (dict(zip(FACTORS, cell, strict=True)) for cell in cells(levels).tolist())
    return [{**at, **said, "value": value} for at, value in zip(places, values.tolist(), strict=True)]


def share_intervals(model: Model, levels: int, repeats: int) -> tuple[np.ndarray, np.ndarray]:
    """How many intervals of each share hold the truth, and their mean widths."""
    held, width = np.zeros(len(FACTORS) + 1, dtype=int), np.zeros(len(FACTORS) + 1)
    for repeat in range(repeats):
        values, truth = model(levels, np.random.default_rng([41, levels, repeat]))
        found = shares(rows_of(values, levels), FACTORS, chosen=CHOSEN)
        low, high = (np.array([row[key] for row in found]) for key in ("ci_low", "ci_high"))
        held += (low <= truth) & (truth <= high)
        width += high - low
    return held, width / repeats


def order_interval(
    own: tuple[float, ...], rest: float, ahead: float, levels: int, repeats: int
) -> tuple[float, int, float]:
    """Share in which an order `ahead` by so many deviations holds, how many intervals hold it, and their mean width."""
    drawn = (sum(np.square(own[:3])) + rest**2) ** 0.5
    shift = ahead * (drawn**2 + own[3] ** 2) ** 0.5
    truth = float(np.mean([(1 + erf((shift + x) / drawn / 2**0.5)) / 2 for x in even(levels, own[3])]))
    held, width = 0, 0.0
    for repeat in range(repeats):
        values, _ = added(own, rest)(levels, np.random.default_rng([43, levels, repeat]))  # type: ignore[arg-type]
        rows = rows_of(shift + values, levels, measure="a") + rows_of(0 * values, levels, measure="b")
        found, *_ = order(rows, FACTORS, "a", "b", chosen=CHOSEN, value="value")
        held += found["ci_low"] <= truth <= found["ci_high"]
        width += found["ci_high"] - found["ci_low"]
    return truth, held, width / repeats


ORDERS = {
    "all alike": ((1.0, 1.0, 1.0, 1.0), 1.0),
    "one owns most": ((0.3, 2.0, 0.3, 0.5), 0.5),
    "mostly interplay": ((0.2, 0.4, 0.2, 0.3), 1.0),
}


def lines(repeats: int) -> Iterator[str]:
    """What is printed."""
    yield f"{'shares':<26}{'levels':>7}  " + "".join(f"{name:>17}" for name in (*FACTORS, "together"))
    for levels in (5, 7, 11):
        for name, model in MODELS.items():
            held, width = share_intervals(model, levels, repeats)
            shown = "".join(f"{h / repeats:>9.3f} ({w:.2f})" for h, w in zip(held, width, strict=True))
            yield f"{name:<26}{levels:>7}  {shown}"
    yield f"\n{'orders':<26}{'levels':>7}  {'truth':>9}{'all cells':>17}"
    for levels in (5, 7, 11):
        for name, (own, rest) in ORDERS.items():
            for ahead in (0.0, 0.7, 1.3, 2.0):
                truth, count, wide = order_interval(own, rest, ahead, levels, repeats)
                yield f"{name:<26}{levels:>7}  {truth:>9.2f}{count / repeats:>10.3f} ({wide:.2f})"


def main() -> None:
    """Count and print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--repeats", type=int, default=2000)
    for line in lines(reader.parse_args().repeats):
        print(line, flush=True)


if __name__ == "__main__":
    main()
