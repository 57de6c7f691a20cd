"""No dead lever: every lever moves something, and only through the mechanisms that the table names.

For each lever the low bound is compared with the high bound over common seeds, everything else as in `average`. Levers
of the group "execution" act on measures, so for them the whole package of measures is in force at intensity 1. A lever
is alive if the paired |t| of at least one indicator exceeds 4. Indicators that merely restate the lever (its echo) do
not count. With all mechanisms frozen that the table names as its readers, no indicator may move.

    python -m experiments.checks.levers [--write]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from experiments.checks.runs import Figures, checked, figures, paired_t, printed, provenance, show, table
from experiments.job import leave
from sim.indicators import INDICATORS
from sim.inputs.measures import MEASURES
from sim.inputs.settings import Setting, setting
from sim.levers import LEVERS

BEYOND_NOISE = 4.0  # paired |t|
WEEKS, SEEDS = 156, range(20)
# Residents. Levers that work through rare events (an examination, a sanction, a project) need more villages to show it.
SMALL, LARGE = 6_000, 20_000
RARE = ("errors", "oversight", "contact")  # groups of levers run in the large town
PACKAGE_GROUP = "execution"

_ITSELF = "the lever as it stands"
_HOURS = "hours that the lever multiplies, over all hours"
_STUDY = "a formula of sessions and discussion"
_COMPOSED = "a lever as the measures in force set it, in proportion to their strength"
_PACKAGE = {
    "measures_in_force": "summed strength of the measures, which the lever multiplies",
    "study_quality": _COMPOSED,
    "study_formality": _COMPOSED,
    "branch_meetings_held": _COMPOSED,
    "inactive_members_share": _COMPOSED,
    "reward_spread": _COMPOSED,
    "amplification": _COMPOSED,
    "seals_plot": _COMPOSED,
}

# What is merely the lever itself, or arithmetic on it, and therefore proves nothing: lever -> indicator -> why.
# Written down before the run; in doubt an indicator stands here.
ECHOES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        **{
            id: {"compliance_share": _HOURS}
            for id in (
                *("burden", "forms_per_village_year", "hours_per_form", "duplicate_form_share", "township_paper_hours"),
                *("meeting_hours", "visits_per_village_year", "hours_per_visit", "trace_burden"),
            )
        },
        "amplification": {"amplification": _ITSELF, "compliance_share": _HOURS},
        "study_sessions": {"study_quality": _STUDY, "compliance_share": _HOURS},
        "study_discussion_share": {"study_quality": _STUDY, "study_formality": _STUDY},
        "reward_spread": {"reward_spread": _ITSELF},
        "error_harshness": {"blame": "a product with the lever"},
        "sanction_severity": {"blame": "a product with the lever"},
        "seals_multiplier": {"seals_plot": "the norm times the lever"},
        "data_sharing": {"seals_plot": "the norm less what shared data spare"},
        "online_share": {
            "cases_raised": "staffed cases only: what goes online is not counted",
            "cases_closed": "staffed cases only: what goes online is not counted",
        },
        "field_days": {"field_share": "the days required, less those staged"},
        "consultation": {
            "project_misfit": "a product with the lever",
            "project_quality": "weeks of consultation count as slowness",
        },
        "supervision": {"believed_detection": "announced, and learned from the number of examinations"},
        "audit_depth": {"believed_detection": "announced, and learned from examinations times depth"},
        "tender_compliance": {"project_quality": "weeks of tendering count as slowness"},
        "branch_meetings": {"branch_meetings_held": "the lever less meetings held on paper only"},
        "inactive_members": {"inactive_members_share": _ITSELF},
        "young_recruits": {
            "committee_age": "the age of newcomers, by definition",
            "committee_schooling": "the schooling of newcomers, by definition",
        },
        "attention": _PACKAGE,
        "third_party": _PACKAGE,
        "institutionalised": _PACKAGE,
        "reform_publicity": _PACKAGE,
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One lever: the strongest indicator that is not an echo, and what is left with its readers frozen."""

    lever: str
    indicator: str
    difference: float  # high less low bound, in the indicator's unit
    t: float
    moved: int  # indicators with |t| beyond noise, echoes left out
    frozen_indicator: str  # "" where all figures are identical in every seed
    frozen_t: float

    @property
    def alive(self) -> bool:
        """Something other than an echo moves."""
        return abs(self.t) > BEYOND_NOISE

    @property
    def still(self) -> bool:
        """Nothing moves beyond noise once the readers are frozen."""
        return abs(self.frozen_t) <= BEYOND_NOISE


def residents_for(lever: str) -> int:
    """Size of the town in which a lever is tried."""
    return LARGE if LEVERS[lever].group in RARE else SMALL


def pairs(levers: Sequence[str] = tuple(LEVERS)) -> dict[str, Setting]:
    """Four settings a lever: `<id> low`, `<id> high`, and both with the lever's readers frozen."""
    package = dict.fromkeys(MEASURES, 1.0)
    found = {}
    for id in levers:
        lever = LEVERS[id]
        for bound in ("low", "high"):
            free = setting(
                residents=residents_for(id),
                weeks=WEEKS,
                levers={id: getattr(lever, bound)},
                measures=package if lever.group == PACKAGE_GROUP else {},
            )
            found[f"{id} {bound}"] = free
            found[f"{id} {bound} frozen"] = free.replace(knock_out=lever.reader)
    return found


def rows_of(found: Mapping[str, Figures], levers: Sequence[str] = tuple(LEVERS)) -> list[Row]:
    """One row a lever from the figures of `pairs`."""
    rows = []
    for id in levers:
        echoes = ECHOES.get(id, {})
        t = _all_t(found[f"{id} low"], found[f"{id} high"], leave_out=tuple(echoes))
        best = max(t, key=lambda name: abs(t[name]))
        itself = tuple(name for name, why in echoes.items() if why == _ITSELF)
        frozen = _all_t(found[f"{id} low frozen"], found[f"{id} high frozen"], leave_out=itself)
        left = {name: value for name, value in frozen.items() if value != 0.0}
        worst = max(left, key=lambda name: abs(left[name])) if left else ""
        rows.append(
            Row(
                lever=id,
                indicator=best,
                difference=float((found[f"{id} high"][best] - found[f"{id} low"][best]).mean()),
                t=t[best],
                moved=sum(abs(value) > BEYOND_NOISE for value in t.values()),
                frozen_indicator=worst,
                frozen_t=left.get(worst, 0.0),
            )
        )
    return rows


def _all_t(low: Figures, high: Figures, leave_out: Sequence[str]) -> dict[str, float]:
    """Paired t of every indicator but some; 0 only where every seed has the same figure, to the last bit."""
    found = {}
    for name in INDICATORS:
        if name in leave_out:
            continue
        if np.array_equal(low[name], high[name], equal_nan=True):
            found[name] = 0.0
            continue
        both = np.isfinite(low[name]) & np.isfinite(high[name])
        value = paired_t(low[name][both], high[name][both]) if both.sum() > 2 else 0.0
        found[name] = value if value != 0.0 else 1e-9
    return found


def page(rows: Sequence[Row], seeds: range = SEEDS) -> str:
    """The table and its echoes as a page."""
    alive, still = sum(row.alive for row in rows), sum(row.still for row in rows)
    identical = sum(not row.frozen_indicator for row in rows)
    body = table(
        ("lever", "unit", "low", "high", "strongest indicator", "high less low", "t", "moved", "readers", "all frozen"),
        (
            (
                f"`{row.lever}`",
                LEVERS[row.lever].unit,
                f"{LEVERS[row.lever].low:g}",
                f"{LEVERS[row.lever].high:g}",
                f"`{row.indicator}`",
                printed(row.difference),
                printed(row.t) if np.isinf(row.t) else printed(row.t, 2),
                str(row.moved),
                ", ".join(LEVERS[row.lever].reader),
                f"`{row.frozen_indicator}` {printed(row.frozen_t, 2)}" if row.frozen_indicator else "identical",
            )
            for row in rows
        ),
    )
    echoes = table(
        ("lever", "echo left out", "why it proves nothing"),
        ((f"`{id}`", f"`{name}`", why) for id, of in ECHOES.items() for name, why in of.items()),
    )
    return f"""# No dead lever

Every lever at its low bound against its high bound, everything else as in `average`; for the levers of the group
"execution" all nineteen measures are at work at intensity 1. Figures are those of the evaluation year. "Strongest" is
the indicator with the largest paired |t| over common seeds, echoes left out; "moved" counts the indicators with |t|
above {BEYOND_NOISE:g}; "no noise" means the same difference in every seed. The last column has the largest |t| when all
mechanisms that read the lever are frozen, only an indicator that is the lever itself left out: "identical" means that
every figure of every seed is the same to the last bit.

{provenance("levers", seeds, weeks=WEEKS)}
- residents: {SMALL:,}; for the groups {", ".join(RARE)}, which work through rare events, {LARGE:,}
- alive (|t| > {BEYOND_NOISE:g} on an indicator that is no echo): {alive} of {len(rows)}
- silent with the readers frozen (no |t| > {BEYOND_NOISE:g}): {still} of {len(rows)}, of these identical: {identical}

{body}

## Echoes, listed beforehand

{echoes}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check; 0 if every lever is alive, and silent with its readers frozen."""

    def check(write: bool) -> bool:
        rows = rows_of(figures(pairs(), SEEDS))
        show(page(rows), "levers", write)
        return all(row.alive and row.still for row in rows)

    return checked(check, arguments, __doc__)


if __name__ == "__main__":
    leave(main())
