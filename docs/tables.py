"""The tables of odd.md and staffing.md, made from the code and the configs.

    python docs/tables.py           renew every table in place
    python docs/tables.py --check   say which tables are stale; exit code 1 if there is one

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; NAME is a key of TABLES below.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # when run as a script: docs stands beside sim

from docs import staffing
from sim import state
from sim.indicators import CAUSES, INDICATORS, PAIN_POINTS
from sim.inputs.facts import default_facts, fact_labels, read_facts
from sim.inputs.measures import MEASURES, Cost
from sim.inputs.priors import read_parameters
from sim.inputs.town_files import read_town
from sim.levers import LEVERS

HERE = Path(__file__).parent
SIM = HERE.parent / "sim"
DOCUMENTS = ("odd.md", "staffing.md")
BLOCK = re.compile(r"(<!-- table: ([\w ]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def figure(value: float) -> str:
    """A number as people write it: no trailing zeros, thousands apart, four figures at most."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def table(heads: tuple[str, ...], rows) -> str:
    """A markdown table; bars and line breaks in cells are kept from breaking it."""
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = [heads, ["---"] * len(heads), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def code(names) -> str:
    """Names in backticks."""
    return ", ".join(f"`{name}`" for name in names)


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


@cache
def reading() -> dict[str, set[str]]:
    """Parameters that each file of the model reads."""
    pattern = re.compile(r'\bp\.(\w+)|parameters\["(\w+)"\]')
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SIM.rglob("*.py"))}
    return {stem: {a or b for a, b in pattern.findall(text)} for stem, text in texts.items()}


def readers(name: str) -> list[str]:
    """Files of the model in which a parameter is read."""
    return [stem for stem, names in reading().items() if name in names]


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


# --- the state


def fields(name: str) -> str:
    """The fields of a table of sim/state.py that states (name, type[, shape], meaning)."""
    lines = []
    for field in getattr(state, name):
        shape = f"{field[2]} x " if len(field) == 4 else ""
        lines.append((f"`{field[0]}`", shape + {"f": "number", "i": "whole", "u": "whole"}[field[1][0]], field[-1]))
    return table(("variable", "kind", "unit and meaning"), lines)


def commented(name: str) -> str:
    """The fields of a dtype of sim/state.py whose meanings stand as comments at the end of their lines."""
    source = (SIM / "state.py").read_text(encoding="utf-8")
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    assigned = next(
        node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    )
    rows = [(ast.literal_eval(row.elts[0]), comments.get(row.end_lineno, "")) for row in assigned.args[0].elts]
    return table(("variable", "unit and meaning"), ((f"`{field}`", text) for field, text in rows))


# --- the week


def calls(nodes, home: dict[str, str]):
    """(name, mechanism) of the calls in order; the mechanism is named where its knock-out leaves the call out."""
    for node in nodes:
        test = ast.unparse(node.test) if isinstance(node, ast.If) else ""
        if left_out := re.fullmatch(r"answers\((\w+), .*\)|not frozen\[(\w+)\]", test):
            yield from ((name, left_out[left_out.lastindex].lower()) for name, _ in calls(node.body, home))
        elif isinstance(node, ast.For | ast.If):
            yield from calls([*node.body, *node.orelse], home)
        else:
            named = (n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
            yield from ((name, "") for name in named if name in home)


def summary(file: Path, function: str) -> str:
    """First line of a function's docstring."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function)
    return (ast.get_docstring(found) or "").split("\n")[0]


def week() -> str:
    """What a week calls, in the order of the code of sim/week.py."""
    tree = ast.parse((SIM / "week.py").read_text(encoding="utf-8"))
    home = {"record": "recording.py"}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module.startswith("sim.mechanisms."):
            home.update({alias.name: node.module.replace("sim.", "").replace(".", "/") + ".py" for alias in node.names})
    loop = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "run_weeks")
    order = dict(calls([n for n in loop.body if isinstance(n, ast.For)], home))
    lines = (
        (number, f"`{name}`", home[name], summary(SIM / home[name], name), mechanism)
        for number, (name, mechanism) in enumerate(order.items(), 1)
    )
    return table(("", "call", "file", "what it does", "left out by a knock-out of"), lines)


def responses() -> str:
    """What each mechanism gives to the rest of the week, and its knock-out holds."""
    lines = []
    for mechanism, given in state.RESPONSES.items():
        words = {rows: "all" if set(names) == set(LEVERS) else code(names) for rows, names in given.items()}
        lines.append((f"`{mechanism}`", "; ".join(f"{rows}: {names}" for rows, names in words.items())))
    return table(("mechanism", "response"), lines)


# --- indicators


def indicators() -> str:
    """Every indicator with its formula, and the pain points and causes of the essay that it stands for."""
    items = [(f"{n}. {item.label_en}", item) for n, item in enumerate(PAIN_POINTS, 1)]
    items += [(f"cause: {item.label_en}", item) for item in CAUSES]
    lines = []
    for id, i in INDICATORS.items():
        essay = "; ".join(label for label, item in items if id in item.indicators)
        lines.append((f"`{id}`", i.unit, i.formula, i.sentence, essay))
    return table(("indicator", "unit", "formula", "meaning", "essay"), lines)


TABLES = {
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
    for path in (HERE / name for name in DOCUMENTS):
        text = path.read_text(encoding="utf-8")
        old += [f"{path.name}, table {name}" for name in stale(text)]
        if not arguments:
            path.write_text(renewed(text), encoding="utf-8")
    for line in old:
        print(f"{line}: {'stale, renew it with make docs' if arguments else 'renewed'}")
    return int(bool(old and arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
