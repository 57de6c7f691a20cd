"""Every measure can help: by its own route in the average town, and where it should help most.

    python -m experiments.checks.helps [--write] [key=value ...]

  draws=      draws of the priors that meet the observed targets (default 64)
  seeds=      common seeds a draw (default 8)
  residents=  of the town (default 10000)
  behaviour=  a set in configs/behaviour, or the path of a behaviour.csv, in place of screened draws
  threads=, store=, seed=, quiet=  as for any job

configs/helps/<measure>.yaml was written before any run. It names the indicator of the measure's own route and the
mechanisms of that route. It also names a setting, within the bounds of levers and facts, in which the measure should
help a headline outcome most. leading_group, assessment and publicity are tried together with the five that help service
most, institutionalise after their end. In how many draws a measure helps a headline outcome in the average town is
reported, not required. This check is the counterpart of harms.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.calibration import laws as judged
from experiments.checks import over_draws
from experiments.checks.draws import Draws, figures_over
from experiments.checks.laws import read_helps, with_and_without
from experiments.checks.runs import provenance, show, table
from experiments.checks.sanity import SEEDS
from experiments.checks.sanity_page import number, spread
from experiments.job import DONE, FAILED, leave
from experiments.validation.request import Asked
from sim.indicators import INDICATORS, OUTCOMES
from sim.inputs.settings import Setting, setting_from_sources

QUICK = 32  # draws below which a page calls itself a quick run


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: by draw, what it does to its route's indicator, to the headlines, and where it should help most."""

    measure: str
    given: Mapping[str, Any]
    route: np.ndarray  # (draws, seeds), with less without, of the route's indicator
    frozen: np.ndarray  # the same with the route frozen
    headlines: Mapping[str, np.ndarray]
    best: np.ndarray  # of its headline, where it should help most

    @property
    def moves(self) -> np.ndarray:
        """Draws in which it moves the indicator of its route the right way, beyond chance."""
        return helps(self.route, self.given["better"])

    @property
    def moves_frozen(self) -> np.ndarray:
        """The same with the route frozen."""
        return helps(self.frozen, self.given["better"])


def helps(values: np.ndarray, better: str, turned: bool = False) -> np.ndarray:
    """Draws in which the whole paired 95 % interval lies on the better (`turned`: worse) side: bool (draws,)."""
    _, low, high = judged.interval(values)
    return low > 0 if (better == "higher") != turned else high < 0


def settings_of(id: str, given: Mapping[str, Any], residents: int) -> dict[str, Setting]:
    """The six settings of a measure: in the average town, with its route frozen, and where it should help most."""
    frozen, best = {"knock_out": given["route"]}, dict(given["best"])
    pairs = {"": with_and_without(id, given), " frozen": with_and_without(id, given, frozen)}
    pairs[" best"] = with_and_without(id, given, best)
    return {
        f"{id} {name}{suffix}": setting_from_sources([(f"{id}.yaml", {"residents": residents, **source})])
        for suffix, pair in pairs.items()
        for name, source in zip(("without", "with"), pair, strict=True)
    }


def rows_of(asked: Asked, draws: Draws, seeds: int, residents: int) -> list[Row]:
    """Run every measure."""
    given = read_helps()
    settings: dict[str, Setting] = {}
    for id, record in given.items():
        settings.update(settings_of(id, record, residents))
    names = sorted({*OUTCOMES, *(record["indicator"] for record in given.values())})
    found = figures_over(asked, settings, draws.parameters, seeds, names, "measures")

    def effect(id: str, suffix: str, name: str) -> np.ndarray:
        column = names.index(name)
        return found[f"{id} with{suffix}"][:, :, column] - found[f"{id} without{suffix}"][:, :, column]

    return [
        Row(
            id,
            record,
            effect(id, "", record["indicator"]),
            effect(id, " frozen", record["indicator"]),
            {outcome: effect(id, "", outcome) for outcome in OUTCOMES},
            effect(id, " best", record["outcome"]),
        )
        for id, record in given.items()
    ]


def share(held: np.ndarray) -> str:
    """A share of draws."""
    return f"{held.mean():.0%}".replace("%", " %")


def _route_table(rows: Sequence[Row]) -> str:
    """What each measure does to the indicator of its own route."""
    return table(
        ("measure", "route", "indicator", "effect: median (5 to 95 % of draws)", "moved in", "with the route frozen"),
        (
            (
                f"[{row.measure}](../../configs/helps/{row.measure}.yaml)",
                f"{row.given['route_en']} {row.given['route_zh']}",
                f"`{row.given['indicator']}`",
                _size(row.route, row.given["indicator"]),
                f"{share(row.moves)} of draws",
                share(row.moves_frozen),
            )
            for row in rows
        ),
    )


def page(rows: Sequence[Row], draws: Draws, seeds: int, residents: int, words: str) -> str:
    """The tables as a page."""
    default = table(
        ("measure", *(f"`{outcome}`" for outcome in OUTCOMES)),
        ((row.measure, *(_helps_and_harms(row.headlines[o], INDICATORS[o].better) for o in OUTCOMES)) for row in rows),
    )
    best = table(
        ("measure", "where it should help most", "headline", "effect: median (5 to 95 % of draws)", "helps in"),
        (
            (
                row.measure,
                f"{row.given['best_en']} {row.given['best_zh']}",
                f"`{row.given['outcome']}`",
                _size(row.best, row.given["outcome"]),
                f"{share(helps(row.best, INDICATORS[row.given['outcome']].better))} of draws",
            )
            for row in rows
        ),
    )
    few = len(draws.parameters) < QUICK
    quick = "\n**A quick run with the model of the day: few draws, few seeds.**\n" if few else ""
    most = sum(row.moves.mean() >= judged.HOLDS for row in rows)
    facts = provenance(
        "helps", range(seeds), residents=residents, draws=draws.said, words=f"`{words}`" if words else "none"
    )
    return f"""# Each of the nineteen measures can help
{quick}
Each measure at intensity 1 against the same without it, in the evaluation year, draw by draw, paired over common seeds.
What it should move by its own route, and where it should help a headline most, was named before any run
(`configs/helps/`).
"Moved" and "helps": the whole 95 % interval of the draw lies on the better side.

{facts}
- measures that move the indicator of their route in 61 of 64 draws or more: {most} of {len(rows)}

## By its own route, in the average town

{_route_table(rows)}

## Headlines, in the average town

Share of draws in which it helps, and in which it harms, beyond chance. Reported, not asked for.

{default}

## Where it should help most

{best}
"""


def _size(values: np.ndarray, name: str) -> str:
    return spread(judged.interval(values)[0], INDICATORS[name].unit)


def _helps_and_harms(values: np.ndarray, better: str) -> str:
    middle = number(float(np.nanmedian(judged.interval(values)[0])))
    return f"helps {share(helps(values, better))}, harms {share(helps(values, better, turned=True))}; {middle}"


def work(check: over_draws.Check) -> int:
    """Run every measure and show the page."""
    rows = rows_of(check.asked, check.draws, check.seeds, check.residents)
    show(page(rows, check.draws, check.seeds, check.residents, check.asked.command), "helps", check.write)
    return DONE if all(row.moves.mean() > 0.5 > row.moves_frozen.mean() for row in rows) else FAILED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check; 0 if every measure moves the indicator of its route in most draws, and less with it frozen."""
    return over_draws.run("helps", sys.argv[1:] if arguments is None else arguments, __doc__, SEEDS, work)


if __name__ == "__main__":
    leave(main())
