"""Named statistics of a validation file: each is one function of the figures of a few settings.

`value(setting, figure)` is a figure of a setting, averaged over seeds; `path(setting, figure)` its weekly path from
week 0 on. A statistic that is undefined (a division by zero) is nan, and nan passes no rule. Nothing in a file is
executed: it names one of these and its settings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np

Value = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Figures:
    """Output of the settings of one rule, for one draw: figures and, where asked for, weekly paths.

    figures: setting -> name -> number. paths: setting -> name -> array by week from week 0 on.
    deadline: (every, length) of the town's calendar, in weeks.
    """

    figures: Mapping[str, Mapping[str, float]]
    paths: Mapping[str, Mapping[str, np.ndarray]]
    deadline: tuple[int, int] = (26, 3)

    def value(self, setting: str, of: str | Sequence[str], suffix: str = "") -> float:
        """A figure of a setting, or the sum of several."""
        names = [of] if isinstance(of, str) else of
        return float(sum(self.figures[setting][name + suffix] for name in names))


def divide(over: float, under: float) -> float:
    """over / under; nan where that is undefined."""
    return over / under if under != 0 and math.isfinite(under) else math.nan


def level(f: Figures, of, at) -> float:
    """The figure itself."""
    return f.value(at, of)


def ratio(f: Figures, of, by, at) -> float:
    """One figure divided by another of the same setting."""
    return divide(f.value(at, of), f.value(at, by))


def change(f: Figures, of, start, end) -> float:
    """`end` less `start`."""
    return f.value(end, of) - f.value(start, of)


def relative_change(f: Figures, of, start, end, beyond=0.0) -> float:
    """The same relative to `start`; `beyond` is first taken off both (trips beyond the first)."""
    return divide(change(f, of, start, end), f.value(start, of) - beyond)


def difference_of_changes(f: Figures, of, start, end, less_start, less_end) -> float:
    """One change less another."""
    return change(f, of, start, end) - change(f, of, less_start, less_end)


def ratio_of_changes(f: Figures, of, start, end, by_start, by_end) -> float:
    """One change divided by another."""
    return divide(change(f, of, start, end), change(f, of, by_start, by_end))


def convexity(f: Figures, of, over) -> float:
    """Second difference over three equally spaced settings: how much more the second step adds than the first."""
    first, second, third = (f.value(setting, of) for setting in over)
    return (third - second) - (second - first)


def hump(f: Figures, of, over) -> float:
    """By how much the best inner setting exceeds the better of the two ends (negative: no hump)."""
    values = [f.value(setting, of) for setting in over]
    return max(values[1:-1]) - max(values[0], values[-1])


def peak_shift(f: Figures, of, over, and_over, along) -> float:
    """How far the second series peaks to the right of the first, in units of `along`."""
    peaks = [along[int(np.argmax([f.value(setting, of) for setting in row]))] for row in (over, and_over)]
    return peaks[1] - peaks[0]


def share_lost(f: Figures, of, before, after) -> float:
    """Share of an effect (second setting less first) that is gone later."""
    return 1.0 - divide(change(f, of, *after), change(f, of, *before))


def share_lost_by_period(f: Figures, of, first, last, start, end) -> float:
    """The same between two periods of the same runs; `first` and `last` are suffixes of figures."""
    early = f.value(end, of, first) - f.value(start, of, first)
    late = f.value(end, of, last) - f.value(start, of, last)
    return 1.0 - divide(late, early)


def share_of_part(f: Figures, of, start, end, without_it) -> float:
    """A change relative to one part of the figure: what it loses where that part is taken out."""
    return divide(change(f, of, start, end), f.value(start, of) - f.value(without_it, of))


def joint_over_product(f: Figures, of, none, all, parts) -> float:
    """What remains under all, divided by the product of what remains under each (above 1: sub-additive)."""
    product = math.prod(divide(f.value(part, of), f.value(none, of)) for part in parts)
    return divide(divide(f.value(all, of), f.value(none, of)), product)


def joint_over_sum(f: Figures, of, none, all, parts) -> float:
    """The effect of all together, divided by the sum of the effects of each alone (below 1: sub-additive)."""
    start = f.value(none, of)
    return divide(f.value(all, of) - start, sum(f.value(part, of) - start for part in parts))


def deadline_gap(f: Figures, of, at) -> float:
    """Weekly mean near deadlines relative to that of other weeks, less 1."""
    every, length = f.deadline
    path = np.asarray(f.paths[at][of], float)
    near = np.arange(len(path)) % every >= every - length
    return divide(float(np.nanmean(path[near])), float(np.nanmean(path[~near]))) - 1.0


def change_in_weeks(f: Figures, of, start, end, weeks) -> float:
    """`end` less `start` in weeks first ... last - 1, on average."""
    first, last = weeks
    paths = (np.asarray(f.paths[setting][of], float)[first:last] for setting in (start, end))
    before, after = (float(np.nanmean(path)) for path in paths)
    return after - before


def share_lost_in_weeks(f: Figures, of, start, end, first, last) -> float:
    """Share of a change in some weeks that is gone in later ones."""
    early, late = (change_in_weeks(f, of, start, end, weeks) for weeks in (first, last))
    return 1.0 - divide(late, early)


STATISTICS: Mapping[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        level,
        ratio,
        change,
        relative_change,
        difference_of_changes,
        ratio_of_changes,
        convexity,
        hump,
        peak_shift,
        share_lost,
        share_lost_by_period,
        share_of_part,
        joint_over_product,
        joint_over_sum,
        deadline_gap,
        change_in_weeks,
        share_lost_in_weeks,
    )
}
# What files call from and to, Python calls start and end.
_NAMES = {
    "from": "start",
    "to": "end",
    "less_from": "less_start",
    "less_to": "less_end",
    "by_from": "by_start",
    "by_to": "by_end",
}
RULE_KEYS = ("statistic", "at_least", "at_most", "published", "sign", "source")
_FIGURES = ("of", "by")
_NOT_SETTINGS = ("first", "last", "along", "beyond", "weeks", *_FIGURES)


def arguments(condition: Mapping[str, Any]) -> dict[str, Any]:
    """A condition's arguments under the names of its function."""
    return {_NAMES.get(key, key): value for key, value in condition.items() if key not in RULE_KEYS}


def settings_of(condition: Mapping[str, Any]) -> list[str]:
    """The settings that a condition names."""
    found: list[str] = []
    for key, value in arguments(condition).items():
        if key not in _NOT_SETTINGS:
            found += [value] if isinstance(value, str) else list(value)
    return found


def figures_of(condition: Mapping[str, Any]) -> list[str]:
    """The figures that a condition names, without suffixes of periods."""
    found: list[str] = []
    for key in _FIGURES:
        value = condition.get(key, [])
        found += [value] if isinstance(value, str) else list(value)
    return [name.removesuffix("__year1").removesuffix("__baseline") for name in found]


def fault(condition: Mapping[str, Any]) -> str | None:
    """What is wrong with a condition's form, in a few words; None if nothing."""
    name = str(condition.get("statistic"))
    if name not in STATISTICS:
        return f"statistic {name!r}, one of {', '.join(STATISTICS)} expected"
    taken = list(signature(STATISTICS[name]).parameters.values())[1:]
    given = arguments(condition)
    unknown = given.keys() - {parameter.name for parameter in taken}
    missing = {parameter.name for parameter in taken if parameter.default is parameter.empty} - given.keys()
    if unknown or missing:
        return f"{name} takes {', '.join(p.name for p in taken)}; unknown {sorted(unknown)}, missing {sorted(missing)}"
    if not {"at_least", "at_most", "published", "sign"} & condition.keys():
        return f"{name} has no rule (at_least, at_most, published or sign)"
    return None


def evaluate(condition: Mapping[str, Any], figures: Figures) -> float:
    """The statistic of a condition."""
    return float(STATISTICS[condition["statistic"]](figures, **arguments(condition)))
