"""The sixth model compared with the fifth, and each of its ten changes alone. Writes docs/model_history.md.

    python -m experiments.checks.history [--write] [seeds=32]

The fifth is another program: its figures stand in docs/history/fifth.csv; how they are made is said in headlines.py.
A change is taken out of the sixth by its switches (configs/facts/switches.yaml) at 0, all over common seeds.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.checks.headlines import DIALS, ENDED, HEADLINES, KEPT, RESIDENTS, TODAY, end_of, settings
from experiments.checks.runs import DOCS, MINUS, Figures, figures, provenance, table
from experiments.cli import console
from experiments.cli.command_line import read_words
from experiments.ensemble.whole_files import write_whole
from experiments.job import DONE, Life, leave, run_to_end
from experiments.study.values import ORIGIN
from sim.indicators import INDICATORS
from sim.inputs.validators import SettingError, known_keys, whole

SEEDS = 32
FIFTH = DOCS / "history" / "fifth.csv"
WHOLE = "sixth"
CLEAR = 3.0  # standard errors beyond which a difference is set in bold


@dataclass(frozen=True, slots=True)
class Change:
    """One of the ten changes: the switches that turn it off, and the part that no switch turns off."""

    number: int
    name: str
    switches: tuple[str, ...]
    stays: str


CHANGES = (
    Change(
        1,
        "measures have to be kept up",
        ("upkeep", "tiredness", "remembered_load"),
        "strength goes with what is run and not faked, setting up costs hours, faking outlives the order, "
        "natures replace a persistence and a half-life each",
    ),
    Change(
        2,
        "supervision is done and answered by people",
        ("preparation", "traces_of_fear", "examiners", "procedure_choice", "collusion"),
        "two beliefs (being examined, being found), effort by complaints and results, people who do not reckon with "
        "being found, exits told apart by village and township",
    ),
    Change(
        3,
        "fear of blame reaches residents",
        ("hard_cases", "leaders_desk", "blame_delays"),
        "an initiative takes 600 hours, and what it clears fades",
    ),
    Change(4, "paper carries knowledge", ("knowledge_use",), "nothing; pleading (change 9) goes with it"),
    Change(
        5,
        "money not lost stays in the account",
        ("dividend",),
        "accounting: diversion is gross, recoveries are counted apart, one resident in twelve has a bill",
    ),
    Change(6, "conviction moves conduct", ("conviction",), "nothing"),
    Change(
        7,
        "overtime, then cuts in an order",
        ("overtime", "order_of_cuts"),
        "hours count as short from a fifth of the week on, idle desk hours are told apart from those that cases need",
    ),
    Change(8, "two satisfactions", ("learning_from_users",), "accounting: what users say of their case is reckoned"),
    Change(9, "reports hide and plead", ("hiding", "pleading"), "accounting: the reporting gap has both signs"),
    Change(
        10,
        "people by size, towns of the seed",
        ("seats_by_size", "town_effect"),
        "villages are sampled by the seed, every holder of a role serves; `town_effect` acts in sampled towns only",
    ),
)
ALL = tuple(switch for change in CHANGES for switch in change.switches)
# Measures cost hours in the fifth too: their price is told beside the changes and is none of them.
BESIDE = {"all ten out": ALL, "no hours for measures at all": ("own_hours",)}

Found = Mapping[str, Figures]  # setting -> headline -> (seeds,)


def effects(found: Found) -> dict[str, Figures]:
    """What is compared, by seed: ending against keeping, the package against today, a dial's highest against lowest."""
    pairs = {"package kept": (KEPT, TODAY), "package ended, against kept": (ENDED, KEPT)}
    pairs |= {f"{dial}, end to end": (end_of(dial, "high"), end_of(dial, "low")) for dial in DIALS}
    return {
        name: {headline: found[after][headline] - found[before][headline] for headline in HEADLINES}
        for name, (after, before) in pairs.items()
    }


def looked_at(found: Found) -> dict[str, Figures]:
    """The columns of what a change does: three levels, and what each dial does from end to end."""
    told = effects(found)
    levels = {name: found[name] for name in (TODAY, KEPT, ENDED)}
    return levels | {name: told[name] for name in told if name.endswith("end to end")}


def cell(values: np.ndarray, headline: str, sign: bool) -> str:
    """Mean and standard error over the seeds; shares in percent. A clear difference is bold."""
    scaled = 100.0 * values if INDICATORS[headline].unit == "share" else values
    mean, error = float(scaled.mean()), float(scaled.std(ddof=1)) / len(scaled) ** 0.5
    if sign and not np.any(scaled):
        return "0"
    text = "0.00" if abs(mean) < 0.005 else f"{mean:{'+' if sign else ''}.2f}".replace("-", MINUS)
    text = f"**{text}**" if sign and abs(mean) > CLEAR * error else text
    return f"{text} ({error:.2f})"


def read_fifth() -> tuple[dict[str, str], Found]:
    """The head of docs/history/fifth.csv and its figures. Raises SettingError where it is not there."""
    if not FIFTH.is_file():
        raise SettingError(f"docs/history/{FIFTH.name}: not there; experiments/checks/headlines.py says how it is made")
    lines = FIFTH.read_text(encoding="utf-8").splitlines()
    said = dict(line[2:].split(": ", 1) for line in lines if line.startswith("#"))
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    names = dict.fromkeys(row["setting"] for row in rows)
    found = {
        name: {
            headline: np.array([float(row[headline]) for row in rows if row["setting"] == name])
            for headline in HEADLINES
        }
        for name in names
    }
    return said, found


def without() -> dict[str, tuple[str, ...]]:
    """Name -> switches at 0: the whole sixth, each change turned off, and what is reported beside them."""
    changes = {f"{change.number}. {change.name}": change.switches for change in CHANGES}
    return {WHOLE: (), **changes, **BESIDE}


def run_all(seeds: int, residents: int = RESIDENTS) -> dict[str, Found]:
    """All settings of the sixth as it is and with each change out."""
    found: dict[str, Found] = {}
    for name, switches in without().items():
        console.err(f"{name}: {seeds} seeds")
        found[name] = figures(settings(residents, {"switches": dict.fromkeys(switches, 0)}), range(seeds))
    return found


def both(fifth: Found, sixth: Found, sign: bool) -> str:
    """A line a setting or effect; each headline by the fifth and by the sixth."""
    heads = [f"{INDICATORS[h].label_en.lower()}, {model}" for h in HEADLINES for model in ("fifth", "sixth")]
    rows = (
        (name, *(cell(model[name][headline], headline, sign) for headline in HEADLINES for model in (fifth, sixth)))
        for name in sixth
    )
    return table(("", *heads), rows)


def alone(found: Mapping[str, Found], headline: str) -> str:
    """A line a change: the sixth without it, less the whole sixth, paired by seed."""
    sixth = looked_at(found[WHOLE])

    def rows() -> Iterable[tuple[str, ...]]:
        yield (
            "*the whole sixth*",
            *(f"*{cell(sixth[name][headline], headline, False)}*" for name in sixth),
        )
        for change in found:
            if change != WHOLE:
                there = looked_at(found[change])
                less = (there[name][headline] - sixth[name][headline] for name in sixth)
                yield (change, *(cell(values, headline, True) for values in less))

    return table(("taken out", *sixth), rows())


def page(found: Mapping[str, Found], said: Mapping[str, str], fifth: Found, seeds: int) -> str:
    """The whole page."""
    sixth = found[WHOLE]
    parts = "\n\n".join(f"### {INDICATORS[h].label_en}{_unit(h)}\n\n{alone(found, h)}" for h in HEADLINES)
    switched = table(
        ("change", "switches", "what stays when they are at 0"),
        ((f"{c.number}. {c.name}", ", ".join(f"`{s}`" for s in c.switches), c.stays) for c in CHANGES),
    )
    return f"""# The sixth model beside the fifth

What the rebuilt model says otherwise, and which of its ten changes makes the difference. Default parameters, `average`
at {RESIDENTS:,} residents, year 4; mean over the seeds, in brackets its standard error: the chance of named seeds
alone, not the doubt about parameters. On time and diverted are in percent, differences of them in percentage points,
satisfaction is in points of 100. In bold: differences of more than {CLEAR:g} standard errors.

{provenance("history", range(seeds))}
- the fifth: commit `{said["commit"]}`, model version `{said["model version"]}`, seeds {said["seeds"]}
  ([fifth.csv](history/fifth.csv))

## What both say

The two are different programs: a seed is another town in each, so that effects are paired within a model and never
across. In the fifth diversion is net of what is recovered, also of earlier years, and can fall below 0; in the sixth it
is gross. The two columns of diversion do not measure the same thing.

{both(fifth, sixth, False)}

What follows, by seed:

{both(effects(fifth), effects(sixth), True)}

## What each change does alone

The first line of each table is the whole sixth. The others are the sixth *without* a change, less the whole sixth, over
common seeds: a figure of +1 says that the change takes 1 away. Columns that end in *end to end* show what a dial does
from its lowest to its highest value, and below, by how much that differs without the change. Changes work on one
another: the lines need not add up to *all ten out*. That line is not the fifth either, since some of what was changed
has no switch (last table). *No hours for measures at all* is no change, the fifth charged them too; it is the price of
the measures.

{parts}

## What has a switch and what has none

{switched}
"""


def _unit(headline: str) -> str:
    return ", percent" if INDICATORS[headline].unit == "share" else ", points of 100"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sixth and put it beside the fifth; returns the exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)

    def do(life: Life) -> int:
        read = read_words([word for word in words if word != "--write"])
        if read.help_topic is not None:
            console.out(__doc__ or "")
            return DONE
        known_keys(read.values, ("seeds",), ORIGIN)
        seeds = whole(read.values.get("seeds", SEEDS), 2, 1_000, ORIGIN, "seeds")
        said, fifth = read_fifth()
        text = page(run_all(seeds), said, fifth, seeds)
        console.out(text)
        if "--write" in words:
            write_whole(DOCS / "model_history.md", text.encode())
            console.out("written: docs/model_history.md")
        return DONE

    return run_to_end(do, Life("nothing was written"))


if __name__ == "__main__":
    leave(main())
