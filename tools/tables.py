"""The tables of odd.md and staffing.md, made from the code and the configs.

    python -m tools.tables           renew every table in place
    python -m tools.tables --check   say which tables are stale; exit code 1 if there is one

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; NAME is a key of TABLES below.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from sim import state
from sim.indicators import CAUSES, INDICATORS, PAIN_POINTS
from sim.inputs.facts import default_facts, fact_labels, read_facts
from sim.inputs.measures import MEASURES, Cost
from sim.inputs.priors import read_parameters
from sim.inputs.town_files import read_town
from sim.levers import LEVERS
from tools import DOCS, staffing
from tools.markdown import code, figure, table
from tools.source import commented, fields, readers, week

DOCUMENTS = ("odd.md", "staffing.md")
BLOCK = re.compile(r"(<!-- table: ([\w ]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


# --- levers, measures, parameters, facts


def levers() -> str:
    """Every lever with its bounds, its value in two towns, and who reads it."""
    average, inspected = (read_town(name).spec.levers for name in ("average", "inspected"))
    heads = ("lever", "unit", "low", "high", "average", "inspected", "read by", "source", "meaning")
    return table(
        heads,
        (
            (
                f"`{lever.id}`",
                lever.unit,
                *map(figure, (lever.low, lever.high, average[id], inspected[id])),
                ", ".join(lever.reader),
                lever.source,
                lever.sentence,
            )
            for id, lever in LEVERS.items()
        ),
    )


def measures() -> str:
    """Every measure with its entries at full strength, its course in time, its costs, and what can go wrong."""

    def cost(one: Cost) -> str:
        ends = (one.mode,) if one.low == one.high else (one.low, one.mode, one.high)
        return "–".join(map(figure, ends))

    heads = (
        "measure", "nature", "entries (weak–mode–strong)", "ramp, weeks",
        "hours a village-cadre-week (low–mode–high)", "hours a township-cadre-week", "thousand yuan a year",
        "what can go wrong",
    )  # fmt: skip
    return table(
        heads,
        (
            (
                f"`{m.id}` {m.label_en}",
                m.nature,
                "; ".join(
                    f"`{e.lever}` {e.op} {figure(e.weak)}–{figure(e.mode)}–{figure(e.strong)}" for e in m.entries
                ),
                figure(m.ramp_weeks),
                cost(m.hours_per_village_cadre_week),
                cost(m.hours_per_township_cadre_week),
                cost(m.thousand_yuan_per_township_year),
                m.risk_en,
            )
            for m in MEASURES.values()
        ),
    )


def parameters() -> str:
    """Every prior of behaviour; all are triangles from low over mode to high."""
    heads = ("parameter", "unit", "low–mode–high", "distribution", "source", "read by", "meaning")
    return table(
        heads,
        (
            (
                f"`p.{p.id}`",
                p.unit,
                "–".join(map(figure, (p.low, p.mode, p.high))),
                "triangular",
                p.source,
                ", ".join(readers(p.id)),
                p.text,
            )
            for p in read_parameters().values()
        ),
    )


def facts() -> str:
    """Every fact that is a single number."""
    heads = ("fact", "value", "unit", "source", "meaning")
    single = ((path[1], fact) for path, fact in read_facts().items() if len(path) == 2)
    return table(heads, ((f"`f.{name}`", figure(f.value), f.unit, f.source, f.text) for name, f in single))


def facts_of(name: str) -> str:
    """A table of facts: a line for each column of the file, a column for each of its rows."""
    found = {path[1:]: fact for path, fact in read_facts().items() if path[0] == name}
    rows = fact_labels()[name]
    lines = []
    for column in dict.fromkeys(column for _, column in found):
        values = [found[row, column] for row in rows]
        first = values[0]
        lines.append((f"`{column}`", first.unit, *(figure(f.value) for f in values), first.source, first.text))
    return table(("", "unit", *(label["en"] for label in rows.values()), "source", "meaning"), lines)


def start() -> str:
    """Where a town stands before its burn-in."""
    lines = []
    for row, cells in default_facts()["start"].items():
        owner = next(entity for entity in ("place", "village", "cadre", "resident") if cells[entity])
        lines.append((f"`{owner}.{row}`", figure(cells["value"])))
    return table(("variable", "value before the burn-in"), lines)


# --- the state, indicators


def responses() -> str:
    """What each mechanism gives to the rest of the week, and its knock-out holds."""
    lines = []
    for mechanism, given in state.RESPONSES.items():
        words = {rows: "all" if set(names) == set(LEVERS) else code(names) for rows, names in given.items()}
        lines.append((f"`{mechanism}`", "; ".join(f"{rows}: {names}" for rows, names in words.items())))
    return table(("mechanism", "response"), lines)


def indicators() -> str:
    """Every indicator with its formula, and the pain points and causes of the essay that it stands for."""
    items = [(f"{n}. {item.label_en}", item) for n, item in enumerate(PAIN_POINTS, 1)]
    items += [(f"cause: {item.label_en}", item) for item in CAUSES]
    lines = []
    for id, i in INDICATORS.items():
        essay = "; ".join(label for label, item in items if id in item.indicators)
        lines.append((f"`{id}`", i.unit, i.formula, i.sentence, essay))
    return table(("indicator", "unit", "formula", "meaning", "essay"), lines)


TABLES: dict[str, Callable[[], str]] = {
    "levers": levers,
    "start": start,
    "measures": measures,
    "parameters": parameters,
    "facts": facts,
    "case kinds": lambda: facts_of("case_kinds"),
    "village roles": lambda: facts_of("village_roles"),
    "township clusters": lambda: facts_of("township_clusters"),
    "township": lambda: fields("TOWNSHIP"),
    "villages": lambda: fields("VILLAGE"),
    "cadres": lambda: fields("CADRE"),
    "residents": lambda: fields("RESIDENT_FIELDS"),
    "cases": lambda: commented("CASE"),
    "steps": lambda: commented("STEP"),
    "office": lambda: commented("OFFICE"),
    "due": lambda: commented("DUE"),
    "week": week,
    "responses": responses,
    "indicators": indicators,
    "paid hours": lambda: table(*staffing.paid_hours()),
    "casework": lambda: table(*staffing.casework()),
    "paper": lambda: table(*staffing.paper()),
    "utilisation": lambda: table(*staffing.utilisation()),
}


def renewed(text: str) -> str:
    """A document with every table as it is now."""
    return BLOCK.sub(lambda block: f"{block[1]}{TABLES[block[2]]()}\n{block[4]}", text)


def stale(text: str) -> list[str]:
    """Names of the tables of a document that are not as they are now."""
    return [block[2] for block in BLOCK.finditer(text) if f"{TABLES[block[2]]()}\n" != block[3]]


def main(arguments: list[str]) -> int:
    """Renew the tables, or check them with --check."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    old = []
    for path in (DOCS / name for name in DOCUMENTS):
        text = path.read_text(encoding="utf-8")
        old += [f"{path.name}, table {name}" for name in stale(text)]
        if not arguments:
            path.write_text(renewed(text), encoding="utf-8")
    for line in old:
        print(f"{line}: {'stale, renew it with make docs' if arguments else 'renewed'}")
    return int(bool(old and arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
