"""docs/checks/sanity.md and its picture: the verdict on each law, further figures, what was changed and why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.checks import beside, loops
from experiments.checks.draws import Draws
from experiments.checks.laws import CHANGES, FOLDER, WHOLE
from experiments.checks.runs import MINUS, provenance, table
from experiments.checks.trial import Clause, Trial, Verdict, unit_of
from sim.inputs.files import read_yaml

RANGE = (5.0, 50.0, 95.0)
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Report:
    """All that the check found."""

    trial: Trial
    draws: Draws
    verdicts: Mapping[str, Mapping[str, Verdict]]  # law -> change -> verdict
    told: Mapping[str, Mapping[str, np.ndarray]]
    corners: tuple[float, Mapping[str, float]] | None
    loops: Sequence[loops.Watched]
    left: Sequence[beside.Left]
    climb: tuple[float, float, Mapping[str, float]] | None
    seconds: float

    @property
    def kept(self) -> bool:
        """Every law that must hold holds, breaks with its knock-outs, and every loop is damped."""
        must = [found for id, found in self.verdicts.items() if self.trial.laws[id].must_hold]
        whole = all(by[""].said == "holds" for by in must)
        broken = all(v.said == "broken" for by in must for change, v in by.items() if change)
        return whole and broken and all(row.damped for row in self.loops if row.judged)


def number(value: float, unit: str = "", sign: bool = True) -> str:
    """A figure with three significant digits; shares in percentage points."""
    if not math.isfinite(value):
        return "–"
    scaled = 100 * value if unit == "share" else value
    return f"{scaled:{'+' if sign else ''}.3g}".replace("-", MINUS)


def spread(values: np.ndarray, unit: str = "", sign: bool = True) -> str:
    """Median over the draws, and what holds 90 % of them: a change with its sign, or a level."""
    there = values[np.isfinite(values)]
    if not len(there):
        return "–"
    low, middle, high = (number(float(x), unit, sign) for x in np.percentile(there, RANGE))
    return f"{middle} ({low} to {high}){(' pp' if sign else ' %') if unit == 'share' else ''}"


def page(report: Report, words: str) -> str:
    """The whole page."""
    parts = [head(report, words), laws_table(report), clauses_table(report), told_table(report)]
    parts += [left_part(report), corners_part(report), loops_part(report), changes_part()]
    return "\n\n".join(part for part in parts if part) + "\n"


def head(report: Report, words: str) -> str:
    """Title, how it is judged, where it is from."""
    trial = report.trial
    facts = provenance(
        "sanity",
        range(trial.seeds),
        residents=trial.residents,
        draws=report.draws.said,
        words=f"`{words}`" if words else "none",
        wall_time=f"{report.seconds / 60:.1f} minutes, with what the store had",
        runs_that_failed=trial.failed,
    )
    return f"""# The laws of the model

Ten statements that any model of these things should keep, written before the first run, each with a knock-out in
which it must break. A statement is judged draw by draw by paired 95 % t intervals over common seeds: it *holds* if
it does in 61 of 64 draws or more, is *broken* at 56 or fewer, and *open* between (other numbers of draws in
proportion). Where a law says so it is judged by one interval over all draws. **End, toll, money and squeeze must
hold; the others are told as they come.** The laws, word by word and with their settings: `configs/sanity/`.

{facts}

![Laws](../images/sanity_en.png)

![规律](../images/sanity_zh.png)"""


def laws_table(report: Report) -> str:
    """One row a law."""
    rows = []
    for id, by_change in report.verdicts.items():
        law, whole = report.trial.laws[id], by_change[WHOLE]
        broken = [f"{law.breaks[c]['label_en']}: {_said(v)}" for c, v in by_change.items() if c and id != "way_in"]
        if id == "way_in":
            frozen = [v for c, v in by_change.items() if c]
            broken = [f"{sum(v.said == 'broken' for v in frozen)} of {len(frozen)} broken with their route frozen"]
        rows.append(
            (
                f"**{law.label['en']}** {law.label['zh']}",
                f"{law.statement['en']} {law.statement['zh']}",
                "must hold" if law.must_hold else "told",
                f"**{whole.said}**" + (f" ({whole.count} of {whole.asked})" if whole.asked else ""),
                "; ".join(broken) or "–",
            )
        )
    return table(("law", "statement", "standing", "verdict", "with its knock-out"), rows)


def _said(verdict: Verdict) -> str:
    return verdict.said + (f" ({verdict.count} of {verdict.asked})" if verdict.asked else "")


def clauses_table(report: Report) -> str:
    """One row a clause, with its size by draw and its verdicts under knock-outs."""
    rows = []
    for id, by_change in report.verdicts.items():
        law = report.trial.laws[id]
        for clause in by_change[WHOLE].clauses:
            given = law.clauses[clause.id]
            rows.append(
                (
                    law.label["en"],
                    f"{given['label_en']} {given['label_zh']}",
                    "together" if given.get("judge") == "together" else "each draw",
                    clause.verdict,
                    _count(clause),
                    spread(clause.found.effect, unit_of(given)),
                    "; ".join(_with_knock_outs(by_change, clause.id)) or "–",
                )
            )
    body = table(("law", "clause", "judged", "verdict", "draws", "size: median (5 to 95 %)", "with knock-out"), rows)
    return f"""## Clause by clause

Sizes are those of what the clause bounds, by draw (pp: percentage points). Where an ended measure is to lie between, it
is by how many spans of *never* and *kept* it lies outside at worst; where ending is not to be better on all, the share
of the outcomes that are better; where towns are to be the same, the largest relative difference.

{body}"""


def _count(clause: Clause) -> str:
    return f"{clause.found.count} of {clause.found.asked}"


def _with_knock_outs(by_change: Mapping[str, Verdict], id: str) -> list[str]:
    found = []
    for change, verdict in by_change.items():
        for clause in verdict.clauses:
            if change and clause.id == id:
                found.append(f"{clause.verdict} {_count(clause)}".removesuffix(" –"))
    return found


def told_table(report: Report) -> str:
    """What is reported beside the laws without a verdict."""
    rows = []
    for id, told in report.told.items():
        law = report.trial.laws[id]
        for name, values in told.items():
            given = law.told[name]
            size = spread(values, unit_of(given), "by" not in given)
            rows.append((law.label["en"], f"{given['label_en']} {given['label_zh']}", size))
    body = table(("law", "figure", "median (5 to 95 % of draws)"), rows)
    return f"## Told beside them\n\nNothing here bars anything.\n\n{body}" if rows else ""


def left_part(report: Report) -> str:
    """Diversion that remains under full supervision: by village income, and after a hill climb."""
    if not report.left or report.climb is None:
        return ""
    body = table(
        ("village income, rank", "share of all that is left", *report.left[0].left_of_before),
        (
            (
                row.label,
                f"{row.share_of_left:.0%}",
                *(number(value, "share", False) + " %" for value in row.left_of_before.values()),
            )
            for row in report.left
        ),
    )
    first, least, place = report.climb
    shares = f"{number(first, 'share', False)} % to {number(least, 'share', False)} %"
    moved = ", ".join(f"`{id}` {value:.3g}" for id, value in place.items())
    return f"""## What is left of diversion

At supervision 1, of what is diverted at supervision 0, in the evaluation year, by the rank of a village's income in its
town and by channel (whole town, up to 8 draws and 2 seeds, pooled). Parties to a collusive episode are told apart by
taking collusion out (above): tallies do not carry the flag.

{body}

A climb from all levers of oversight at their best, 100 steps over all levers and measures, 4 draws and 2 seeds:
micro-corruption from {shares}, at {moved}."""


def corners_part(report: Report) -> str:
    """How often one corner of the dials is best for all."""
    if report.corners is None:
        return ""
    share, which = report.corners
    named = "; ".join(f"tolerance, burden, supervision {place}: {part:.0%}" for place, part in which.items())
    return f"""## Corners of the dials

In {share:.0%} of the draws one corner of the three dials is best on all three outcomes at once (27 points, best by the
mean over seeds). {named}"""


def loops_part(report: Report) -> str:
    """Feedback loops, and what remains of a push."""
    given = loops.read_loops()
    rows: list[Sequence[str]] = [
        (
            f"{given[row.loop]['label_en']} {given[row.loop]['label_zh']}",
            f"`{row.figure}`",
            number(row.peak),
            f"{number(row.later)} [{number(row.low)}, {number(row.high)}]",
            f"{row.left:.1%}" if math.isfinite(row.left) else "–",
            f"{row.allowed:.0%}",
            ("damped" if row.damped else "**not damped**") if row.judged else "told",
        )
        for row in report.loops
    ]
    if not rows:
        return ""
    body = table(("loop", "figure", "peak", "104 weeks later [95 %]", "left of the peak", "allowed", ""), rows)
    return f"""## Loops

The first-named variable of each loop is raised by 20 % for eight weeks; figures with the push less those without,
averaged over draws, seeds and eight weeks. Damped: below what is allowed, or not to be told from nothing.

{body}"""


def changes_part() -> str:
    """Every rule or prior changed after the first run, from its data file."""
    given = read_yaml(FOLDER / f"{CHANGES}.yaml").get("changes", [])
    rows = [
        (
            str(entry["date"]),
            entry["law"],
            entry["what"],
            entry["argument"],
            _figures(entry["before"]),
            _figures(entry["after"]),
        )
        for entry in given
    ]
    body = table(("date", "law", "what was changed", "argument", "before", "after"), rows) if rows else "None so far."
    return f"## Changes made after the first run\n\n{body}"


def _figures(values: Mapping[str, Any]) -> str:
    return "; ".join(f"{name} {value}" for name, value in values.items())
