"""Tables read off the source of sim/: who reads a parameter, the fields of the state, the order of the week."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from sim import state
from tools import SIM
from tools.markdown import table

# --- parameters


@cache
def reading() -> dict[str, set[str]]:
    """Parameters that each file of the model reads."""
    pattern = re.compile(r'\bp\.(\w+)|parameters\["(\w+)"\]')
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SIM.rglob("*.py"))}
    return {stem: {a or b for a, b in pattern.findall(text)} for stem, text in texts.items()}


def readers(name: str) -> list[str]:
    """Files of the model in which a parameter is read."""
    return [stem for stem, names in reading().items() if name in names]


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
    assert isinstance(assigned, ast.Call) and isinstance(assigned.args[0], ast.List)
    lines = [row for row in assigned.args[0].elts if isinstance(row, ast.Tuple)]
    rows = [(ast.literal_eval(row.elts[0]), comments.get(row.end_lineno or 0, "")) for row in lines]
    return table(("variable", "unit and meaning"), ((f"`{field}`", text) for field, text in rows))


# --- the week


def calls(nodes: Sequence[ast.stmt], home: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(name, mechanism) of the calls in order; the mechanism is named where its knock-out leaves the call out."""
    for node in nodes:
        test = ast.unparse(node.test) if isinstance(node, ast.If) else ""
        left_out = re.fullmatch(r"answers\((\w+), .*\)|not frozen\[(\w+)\]", test)
        if isinstance(node, ast.If) and left_out:
            mechanism = (left_out[1] or left_out[2]).lower()
            yield from ((name, mechanism) for name, _ in calls(node.body, home))
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
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if isinstance(node, ast.ImportFrom) and module.startswith("sim.mechanisms."):
            home.update({alias.name: module.replace("sim.", "").replace(".", "/") + ".py" for alias in node.names})
    loop = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "run_weeks")
    order = dict(calls([n for n in loop.body if isinstance(n, ast.For)], home))
    lines = (
        (number, f"`{name}`", home[name], summary(SIM / home[name], name), mechanism)
        for number, (name, mechanism) in enumerate(order.items(), 1)
    )
    return table(("", "call", "file", "what it does", "left out by a knock-out of"), lines)
