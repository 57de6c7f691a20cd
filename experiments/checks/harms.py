"""Every measure can hurt: nineteen committed experiments, each with a harm, its route, and the route frozen.

configs/harms/<measure>.yaml is an experiment of four settings: `without` and `with_measure`, and both again with the
mechanism of the route frozen (`without_frozen`, `with_frozen`). For `institutionalise` a bad measure is in force in all
four. A file's label says which outcome gets worse and how. The measure can hurt if the paired 95 % interval of that
outcome lies wholly on the bad side. It does so by the route named if, with the route frozen, the interval holds 0 or
lies on the good side.

    python -m experiments.checks.harms [--write]
    python -m experiments.compare experiment=configs/harms/frontline_work.yaml
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from analysis.uncertainty.paired import Interval, t_interval
from experiments.checks.runs import MINUS, checked, figures, provenance, show, table
from experiments.job import leave, study_of
from experiments.study.study import Study
from sim.indicators import INDICATORS
from sim.inputs.files import CONFIGS, read_yaml

SETTINGS = ("without", "with_measure", "without_frozen", "with_frozen")

# The headline outcome that gets worse, for each measure with a file in configs/harms.
OUTCOME: Mapping[str, str] = MappingProxyType(
    {
        "study_reform": "satisfaction",
        "responsibility_list": "satisfaction",
        "supervision_ledger": "satisfaction",
        "one_window": "satisfaction",
        "frontline_work": "service_efficiency",
        "benefit_platform": "satisfaction",
        "error_tolerance": "micro_corruption",
        "results_appraisal": "satisfaction",
        "burden_relief": "satisfaction",
        "asset_platform": "satisfaction",
        "project_rules": "satisfaction",
        "four_in_one": "service_efficiency",
        "branch_standards": "service_efficiency",
        "member_pipeline": "micro_corruption",
        "lead_goose": "micro_corruption",
        "leading_group": "satisfaction",
        "assessment": "satisfaction",
        "institutionalise": "satisfaction",
        "publicity": "satisfaction",
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: what it does to the outcome, and what is left of it with the route frozen."""

    measure: str
    study: Study
    effect: Interval
    frozen: Interval

    @property
    def outcome(self) -> str:
        """The headline outcome that gets worse."""
        return OUTCOME[self.measure]

    @property
    def route(self) -> tuple[str, ...]:
        """The mechanisms whose freezing removes the harm."""
        return self.study.settings["with_frozen"].knock_out

    @property
    def hurts(self) -> bool:
        """The whole interval lies on the bad side."""
        return self.effect.low > 0 if _lower_is_better(self.outcome) else self.effect.high < 0

    @property
    def by_the_route(self) -> bool:
        """With the route frozen the interval holds 0, or lies on the good side."""
        return self.frozen.low <= 0 if _lower_is_better(self.outcome) else self.frozen.high >= 0


def _lower_is_better(outcome: str) -> bool:
    return INDICATORS[outcome].better == "lower"


def path_of(measure: str) -> Path:
    """The committed experiment of a measure."""
    return CONFIGS / "harms" / f"{measure}.yaml"


def row_of(measure: str) -> Row:
    """Run the four settings of a measure's experiment over its seeds."""
    study = study_of("compare", {"experiment": str(path_of(measure)), "quiet": True})
    found = figures(study.settings, range(study.replicates))
    values = {name: found[name][OUTCOME[measure]] for name in SETTINGS}
    return Row(
        measure,
        study,
        effect=t_interval(values["with_measure"] - values["without"]),
        frozen=t_interval(values["with_frozen"] - values["without_frozen"]),
    )


def departures(measure: str) -> str:
    """Where a file departs from `average` as it is, and what is at work in all its settings, in few words."""
    data = read_yaml(path_of(measure))
    words = [str(data.get("town", "average"))]
    words += [f"{name} at work" for name in data["settings"]["without"].get("measures", {})]
    for group in ("levers", "parameters", "facts"):
        words += [f"{key} {value:g}" for key, value in _leaves(data.get(group, {}))]
    return ", ".join(words)


def _leaves(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, float]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield before + str(key), value


def in_words(value: Interval, outcome: str) -> str:
    """A mean and its interval as one cell: percentage points for shares, points for a score."""
    share = INDICATORS[outcome].unit == "share"
    mean, low, high = (100 * x if share else x for x in (value.mean, value.low, value.high))
    return f"{mean:+.2f} [{low:+.2f}, {high:+.2f}]{' pp' if share else ''}".replace("-", MINUS)


def page(rows: Sequence[Row]) -> str:
    """The table as a page."""
    found = sum(row.hurts and row.by_the_route for row in rows)
    seeds = range(min(row.study.replicates for row in rows))
    body = table(
        (
            "measure",
            "town and setting",
            "outcome",
            "effect [95 %]",
            "route",
            "frozen",
            "effect with the route frozen [95 %]",
        ),
        (
            (
                f"[{row.measure}](../../configs/harms/{row.measure}.yaml)",
                departures(row.measure),
                f"`{row.outcome}`",
                in_words(row.effect, row.outcome),
                f"{row.study.label['en']}. {row.study.label['zh']}。",
                ", ".join(row.route),
                in_words(row.frozen, row.outcome),
            )
            for row in rows
        ),
    )
    sizes = table(
        ("measure", "residents", "weeks", "seeds"),
        (
            (row.measure, f"{setting.town.residents:,}", str(setting.weeks), str(row.study.replicates))
            for row in rows
            for setting in [row.study.settings["without"]]
        ),
    )
    return f"""# Each of the nineteen measures can hurt

One experiment a measure, in `configs/harms/`: a town or a setting within the bounds of levers and facts in which a
headline outcome gets worse when the measure is taken, by the route that the file names. The effect is that of the
measure at intensity 1 on the evaluation year, paired over common seeds, with a 95 % t interval (pp: percentage points;
satisfaction in points of 100). In the last column the mechanisms of the route are frozen in both settings, with and
without the measure: the harm is by that route if the interval then holds 0 or lies on the good side. These settings
were looked for: they show that a harm is possible in this model, not that it is likely. A measure may have more seeds
than the fewest, which stand below; see the sizes.

{provenance("harms", seeds)}
- parameters at the modes of their priors unless a setting names one
- harm found, and gone with its route frozen: {found} of {len(rows)}

{body}

One at a time: `python -m experiments.compare experiment=configs/harms/frontline_work.yaml`

## Sizes

{sizes}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check; 0 if every measure hurts, by the route that its file names."""

    def check(write: bool) -> bool:
        rows = [row_of(measure) for measure in OUTCOME]
        show(page(rows), "harms", write)
        return all(row.hurts and row.by_the_route for row in rows)

    return checked(check, arguments, __doc__)


if __name__ == "__main__":
    leave(main())
