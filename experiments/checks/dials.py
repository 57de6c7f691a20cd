"""No one setting of the three dials is best for all three outcomes.

A grid of tolerance, burden and supervision in `average`, common seeds. The best point of each outcome is chosen by its
mean over some seeds. Its regret is what it loses at another outcome's best point against its own. Regret is measured on
other seeds, paired, so that luck in the choice does not count.

    python -m experiments.checks.dials [--write]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

import numpy as np

from analysis.uncertainty.paired import Interval, t_interval
from experiments.checks.runs import DOCS, MINUS, Figures, checked, figures, provenance, show, table
from experiments.ensemble.whole_files import write_whole
from experiments.job import leave
from sim.indicators import INDICATORS, OUTCOMES
from sim.inputs.settings import Setting, setting
from sim.levers import DIALS, LEVERS

GRID: Mapping[str, tuple[float, ...]] = {
    "tolerance": (0.0, 0.25, 0.5, 0.75, 1.0),
    "burden": (0.0, 0.5, 1.0, 1.5, 2.0),
    "supervision": (0.0, 0.1, 0.25, 0.5, 1.0),
}
RESIDENTS, WEEKS = 10_000, 208
CHOOSING, JUDGING = range(20), range(20, 120)  # seeds of the grid; seeds of its best points
LANGUAGES = ("en", "zh")
NAMES = {
    "tolerance": {"en": "Tolerance", "zh": "容错度"},
    "burden": {"en": "Burden", "zh": "负担强度"},
    "supervision": {"en": "Supervision", "zh": "监督强度"},
}

Point = tuple[float, ...]  # tolerance, burden, supervision


@dataclass(frozen=True, slots=True)
class Regret:
    """What `outcome` loses at the best point of `best_for`, in its own unit, against its own best point."""

    best_for: str
    outcome: str
    loss: Interval


def points(grid: Mapping[str, Sequence[float]] = GRID, residents: int = RESIDENTS) -> dict[Point, Setting]:
    """One setting a point of the grid."""
    return {
        point: setting(residents=residents, weeks=WEEKS, levers=dict(zip(DIALS, point, strict=True)))
        for point in product(*(grid[dial] for dial in DIALS))
    }


def turned(outcome: str, values: np.ndarray) -> np.ndarray:
    """Values turned so that more is better."""
    return -values if INDICATORS[outcome].better == "lower" else values


def best_points(found: Mapping[Point, Figures]) -> dict[str, Point]:
    """The best point of each outcome by its mean over the seeds."""
    return {o: max(found, key=lambda point: float(turned(o, found[point][o]).mean())) for o in OUTCOMES}


def regrets(best: Mapping[str, Point], judged: Mapping[Point, Figures]) -> list[Regret]:
    """The regret of every outcome at every other outcome's best point, from runs that had no part in the choice."""
    rows = []
    for best_for, outcome in permutations(OUTCOMES, 2):
        own, there = (turned(outcome, judged[best[o]][outcome]) for o in (outcome, best_for))
        rows.append(Regret(best_for, outcome, t_interval(own - there)))
    return rows


def apart(rows: Sequence[Regret]) -> dict[tuple[str, str], bool]:
    """For each pair of outcomes: whether one of them regrets the other's best point beyond chance."""
    return {
        pair: any(row.loss.low > 0 for row in rows if {row.best_for, row.outcome} == set(pair))
        for pair in combinations(OUTCOMES, 2)
    }


def in_words(loss: Interval, outcome: str) -> str:
    """A loss and its interval: percentage points for shares, points for a score."""
    share = INDICATORS[outcome].unit == "share"
    mean, low, high = (100 * x if share else x for x in (loss.mean, loss.low, loss.high))
    return f"{mean:.2f} [{low:.2f}, {high:.2f}]{' pp' if share else ''}".replace("-", MINUS)


def page(grid: Mapping[Point, Figures], best: Mapping[str, Point], rows: Sequence[Regret]) -> str:
    """Best points, regrets and the picture as a page."""
    where = table(
        ("best for", *DIALS, *(f"`{outcome}`" for outcome in OUTCOMES)),
        (
            (
                f"`{name}`",
                *(f"{value:g}" for value in best[name]),
                *(f"{float(grid[best[name]][outcome].mean()):.4g}" for outcome in OUTCOMES),
            )
            for name in OUTCOMES
        ),
    )
    loss = table(
        ("at the best point for", "loss in", "against its own best point [95 %]", "beyond chance"),
        (
            (
                f"`{row.best_for}`",
                f"`{row.outcome}`",
                in_words(row.loss, row.outcome),
                "yes" if row.loss.low > 0 else "no",
            )
            for row in rows
        ),
    )
    values = "; ".join(f"{dial} " + ", ".join(f"{value:g}" for value in GRID[dial]) for dial in DIALS)
    found = apart(rows)
    places = zip(DIALS, zip(*best.values(), strict=True), strict=True)
    agreed = [f"{dial} {values[0]:g}" for dial, values in places if len(set(values)) == 1]
    return f"""# No one setting of the dials is best for all

{len(grid)} settings of the three dials in `average`, held from week 0 on; figures of the evaluation year. The best
point of an outcome is the one with the best mean over the choosing seeds. What another outcome loses there, against its
own best point, is measured on the judging seeds, which had no say in the choice: paired by seed, 95 % t interval (pp:
percentage points; satisfaction in points of 100). Two outcomes disagree if at least one of them loses beyond chance.

{provenance("dials", CHOOSING, residents=RESIDENTS, weeks=WEEKS)}
- judging seeds: {JUDGING.start} to {JUDGING.stop - 1}
- grid: {values}
- pairs of outcomes that disagree: {sum(found.values())} of {len(found)}
- dials on which all three best points agree: {", ".join(agreed) or "none"}

{where}

{loss}

![Outcomes of all settings, and the corner of the best](../images/dials_pareto_en.png)

![各组取值的结果，以及最好一角的放大](../images/dials_pareto_zh.png)
"""


def draw(grid: Mapping[Point, Figures], best: Mapping[str, Point], today: Figures) -> None:
    """Renew the picture in both languages."""
    from analysis.figures import render
    from analysis.figures.pareto import pareto
    from analysis.words import Reader

    def mean(point: Point, found: Figures) -> dict[str, float]:
        outcomes = {outcome: float(found[outcome].mean()) for outcome in OUTCOMES}
        return {**dict(zip(DIALS, point, strict=True)), **outcomes}

    order = list(grid)
    usual = tuple(LEVERS[dial].default for dial in DIALS)
    outcomes = {
        o: {key: getattr(INDICATORS[o], key) for key in ("label_en", "label_zh", "unit", "better")} for o in OUTCOMES
    }
    for language in LANGUAGES:
        figure = pareto(
            [mean(point, grid[point]) for point in order],
            best={outcome: order.index(best[outcome]) for outcome in OUTCOMES},
            dials=list(NAMES),
            reader=Reader(language, outcomes, NAMES),
            today=mean(usual, today),
        )
        write_whole(DOCS / "images" / f"dials_pareto_{language}.png", render(figure, ["png"])["png"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check; 0 if of every two outcomes one regrets the other's best point beyond chance."""

    def check(write: bool) -> bool:
        settings = points()
        grid = figures(settings, CHOOSING)
        best = best_points(grid)
        rows = regrets(best, figures({point: settings[point] for point in set(best.values())}, JUDGING))
        if write:
            draw(grid, best, figures({"today": setting(residents=RESIDENTS, weeks=WEEKS)}, CHOOSING)["today"])
        show(page(grid, best, rows), "dials", write)
        return all(apart(rows).values())

    return checked(check, arguments, __doc__)


if __name__ == "__main__":
    leave(main())
