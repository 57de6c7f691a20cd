"""Make docs/results/ from the folder of a full ranking.

    python docs/results.py results/full_ranking

Tables are those of the folder, rounded; nothing is worked out here. The words stand in
docs/results/full_ranking.md above the line that says so, and are left as they are.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # when run as a script: docs stands beside sim

from analysis.report.tables import ranking_table
from docs.tables import table
from experiments.findings import outcomes
from sim.indicators import INDICATORS
from sim.measures import MEASURES

HERE = Path(__file__).resolve().parent / "results"
LINE = "<!-- below: made by docs/results.py -->"
KEPT = (
    *("ranking", "package_effect", "ties", "flip", "information", "backfire"),
    *("cost_effectiveness", "packages", "names"),
)
Row = dict[str, str]


def read(folder: Path, name: str) -> list[Row]:
    """Rows of a table of the folder; none if it was not made."""
    path = folder / "tables" / f"{name}.csv"
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def figure(value: str, factor: float, digits: int = 2) -> str:
    """A number with its sign, or a dash where it is missing by design."""
    return f"{factor * float(value):+.{digits}f}" if value else "–"


def factor_of(outcome: str) -> float:
    """Shares are shown in percentage points."""
    return 100.0 if INDICATORS[outcome].unit == "share" else 1.0


def interval(row: Row, factor: float, key: str = "contribution", digits: int = 2) -> str:
    """A figure with its 95 % interval."""
    low, high = (f"{factor * float(row[end]):.{digits}f}" for end in ("ci_low", "ci_high"))
    return f"{figure(row[key], factor, digits)} ({low} to {high})"


def made(heads: tuple[str, ...], rows: list[list[str]]) -> list[str]:
    """Lines of a table in Markdown, or a word if it has no rows."""
    return [table(heads, rows) if rows else "None.", ""]


def name(measure: str) -> str:
    """A measure as a reader meets it."""
    return MEASURES[measure].label_en if measure in MEASURES else measure


def packages(rows: list[Row], outcome: str) -> list[str]:
    """Packages that contributions propose, and what fresh seeds gave."""
    factor = factor_of(outcome)
    lines = [
        [
            row["currency"],
            f"{float(row['budget']):,.0f}",
            f"{float(row['cost']):,.0f}",
            ", ".join(map(name, row["measures"].split())) or "none",
            figure(row["expected"], factor),
            interval(row, factor, "effect"),
            "yes" if row["efficient"] == "1" else "no",
        ]
        for row in rows
        if row["outcome"] == outcome
    ]
    return made(["currency", "budget", "cost", "package", "proposed", "fresh seeds (95 %)", "unbeaten"], lines)


def per_cost(rows: list[Row], outcome: str) -> list[str]:
    """The five best for their cost in each currency."""
    factor = factor_of(outcome)
    lines = [
        [row["currency"], row["rank"], name(row["measure"]), interval(row, factor, "effect", 3)]
        for row in rows
        if row["outcome"] == outcome and int(row["rank"]) <= 5
    ]
    return made(["currency", "rank", "measure", "per 1,000 hours or 10,000 yuan (95 %)"], lines)


def page(folder: Path) -> list[str]:
    """All tables, one after another."""
    found = {key: read(folder, key) for key in KEPT}
    described = outcomes()
    names = {measure.id: {"en": measure.label_en} for measure in MEASURES.values()}
    lines = ["## The package", ""]
    lines += made(
        ["outcome", "effect of all nineteen (95 %)", "replicates"],
        [
            [INDICATORS[row["outcome"]].label_en, interval(row, factor_of(row["outcome"]), "effect"), row["seeds"]]
            for row in found["package_effect"]
        ],
    )
    for outcome in dict.fromkeys(row["outcome"] for row in found["ranking"]):
        label = INDICATORS[outcome].label_en
        one = ranking_table(found["ranking"], outcome, described, names, "en")
        lines += [f"## {label}", "", f"{one.caption}.", "", table(one.columns, one.rows), ""]
        lines += ["For its cost:", "", *per_cost(found["cost_effectiveness"], outcome)]
        lines += ["Packages under a budget:", "", *packages(found["packages"], outcome)]
    lines += ["## When a measure makes things worse", ""]
    lines += made(
        ["outcome", "measure", "rule", "share worse inside (95 %)", "among all", "coverage"],
        [
            [
                INDICATORS[row["outcome"]].label_en,
                name(row["measure"]),
                row["limits"].replace("measures.", "").replace("parameters.", ""),
                f"{float(row['density']):.2f} ({float(row['density_low']):.2f} to {float(row['density_high']):.2f})",
                f"{float(row['base']):.2f}",
                f"{float(row['coverage']):.2f}",
            ]
            for row in found["backfire"]
        ],
    )
    lines += ["## What would turn an order of two tiers round", ""]
    lines += made(
        ["outcome", "order", "parameters", "distance, sd", "in reach of resamples", "variance explained"],
        [
            [
                INDICATORS[row["outcome"]].label_en,
                f"{name(row['upper'])} above {name(row['lower'])}",
                row["parameters"] or "none in reach",
                f"{float(row['distance']):.1f}" if row["distance"] else "–",
                f"{float(row['in_reach']):.2f}",
                f"{float(row['fit']):.2f}",
            ]
            for row in found["flip"]
        ],
    )
    lines += ["## Which parameter would be worth measuring before choosing the first measure", ""]
    lines += made(
        ["outcome", "parameter", "gain (95 %)", "changes the choice in", "chosen now"],
        [
            [
                INDICATORS[row["outcome"]].label_en,
                row["parameter"],
                interval(row, factor_of(row["outcome"]), "gain", 3),
                f"{100 * float(row['changes']):.0f} %",
                name(row["chosen_now"]),
            ]
            for outcome in dict.fromkeys(row["outcome"] for row in found["information"])
            for row in [row for row in found["information"] if row["outcome"] == outcome][:3]
        ],
    )
    return lines


def main(folder: Path) -> None:
    """Copy the tables, the figures and the record, and make the page's lower part anew."""
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    (HERE / "tables").mkdir(parents=True, exist_ok=True)
    for key in KEPT:
        if (folder / "tables" / f"{key}.csv").is_file():
            shutil.copy(folder / "tables" / f"{key}.csv", HERE / "tables" / f"{key}.csv")
    for key in ("ranking", "morris", "sobol"):
        if (folder / "figures" / f"{key}.png").is_file():
            shutil.copy(folder / "figures" / f"{key}.png", HERE / f"{key}.png")
    lines = [
        LINE,
        "",
        f"Command: `{record['command']}`",
        "",
        f"Model version {record['model_version']}; {record['runs']:,} runs, {record['replicates']} replicates, each "
        f"with its own draw of the set `{record['behaviour']['set']}`; settings "
        + ", ".join(f"{key} {one['fingerprint']}" for key, one in record["settings"].items())
        + ".",
        "",
        *page(folder),
    ]
    target = HERE / "full_ranking.md"
    above = target.read_text(encoding="utf-8").split(LINE)[0] if target.is_file() else ""
    target.write_text(above + "\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
