"""Does a set that is formed by accepting and rejecting draws cover the truth? Asked of the stored draws themselves.

A draw is taken as the town: its parameters are known. Ranges as wide as the targets' are laid round its figures, the
set is formed of the other draws by the same rule, and the 5 to 95 % range of each parameter in the set either holds the
town's own value or does not.

Where the town's figure may lie anywhere in its range (`anywhere`), town and set are draws of one distribution given the
ranges. So ranges from 5 to 95 % cover 90 % on average, whatever the model (with Weibull's plotting positions: whatever
the size of the set). Where each range has its town in the middle (`centred`), the set is wider than what is known of
the town, and a parameter that the targets teach is covered more often.

Source   Cook, Gelman & Rubin (2006), Journal of Computational and Graphical Statistics 15(3), for the test; Fearnhead
         & Prangle (2012), Journal of the Royal Statistical Society B 74(3), for why ranges are not centred
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.calibration.matching import implausibility, plausible

ENDS = (5.0, 95.0)
FEWEST = 20  # draws in a set of which a range from 5 to 95 % can be told


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether ranges covered the truth (cases, parameters); the size of each case's set and its town (cases,).

    Only of cases whose set has FEWEST draws; `left_out` counts the others.
    """

    held: np.ndarray
    sizes: np.ndarray
    towns: np.ndarray
    left_out: int

    @property
    def mean(self) -> float:
        """Share of towns and parameters that were covered."""
        return float(self.held.mean())

    @property
    def different(self) -> int:
        """How many different towns there are."""
        return len(np.unique(self.towns))

    @property
    def error(self) -> float:
        """Standard error of the mean: towns are independent, their cases and parameters are not; nan for one town."""
        by_case = self.held.mean(axis=1)
        by_town = [by_case[self.towns == town].mean() for town in np.unique(self.towns)]
        return float(np.std(by_town, ddof=1) / np.sqrt(len(by_town))) if len(by_town) > 1 else float("nan")

    @property
    def single_error(self) -> float:
        """Standard error of the coverage of one parameter, at most: as if every case of a town said the same."""
        chance = (ENDS[1] - ENDS[0]) / 100
        return float(np.sqrt(chance * (1 - chance) / max(self.different, 1)))


def covered(
    figures: np.ndarray,
    parameters: np.ndarray,
    widths: np.ndarray,
    towns: np.ndarray,
    wanted: int,
    places: np.ndarray,
) -> Coverage:
    """Coverage for draws taken as towns.

    figures: (draws, targets), nan where missing; parameters: (draws, parameters). widths: of the ranges, (targets,).
    towns: the draw that is the town, case by case. places: how far up in its range the town's figure lies, 0 to 1,
    (cases, targets).
    wanted: most draws of a set, the first that fit. A target whose figure is missing in the town is not asked of its
    set.
    """
    held, sizes, cases = [], [], []
    none = np.zeros(len(widths))
    for town, place in zip(towns, places, strict=True):
        low = figures[town] - place * widths
        told = np.isfinite(low)
        away = implausibility(figures, low, low + widths, none, none)[:, told]
        fit = plausible(away, 0.0)
        fit[town] = False
        own = np.flatnonzero(fit)[:wanted]
        if len(own) < FEWEST:
            continue
        ends = np.percentile(parameters[own], ENDS, axis=0, method="weibull")
        held.append((ends[0] <= parameters[town]) & (parameters[town] <= ends[1]))
        sizes.append(len(own))
        cases.append(town)
    return Coverage(np.array(held, float), np.array(sizes, float), np.array(cases), len(towns) - len(sizes))
