"""The heads of the mechanism files tell the truth: which levers are read, and which fields are written.

A head lists the levers that its file reads, itself or through functions of other mechanisms that it calls, as
`Reads ... levers a, b`, and the fields of place, village, cadre and resident that its own functions write, as
`Writes ... village.a, b; cadre.c` (units in brackets; what is neither stands in clauses of its own).
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import sim
from sim.levers import LEVERS
from sim.state import CADRE, RESIDENT_FIELDS, TOWNSHIP, VILLAGE

HOME = Path(sim.__file__).parent / "mechanisms"
FILES = sorted(path.stem for path in HOME.glob("*.py") if path.stem != "__init__")
FIELDS = {
    table: {field[0] for field in fields}
    for table, fields in {"township": TOWNSHIP, "village": VILLAGE, "cadre": CADRE, "resident": RESIDENT_FIELDS}.items()
}
TABLES = {"villages": "village", "cadres": "cadre", "residents": "resident"}
ROWS = {**{table: table for table in FIELDS}, "secretary": "cadre", "person": "resident", "other": "resident"}
ELSEWHERE = {"tally", "case", "step", "office", "measure", "due"}  # rows that no head lists field by field


@cache
def functions(file: str) -> dict[str, ast.FunctionDef]:
    """A file's functions by name."""
    tree = ast.parse((HOME / f"{file}.py").read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def imported(file: str) -> dict[str, str]:
    """Functions of other mechanism files that a file imports, and those files."""
    prefix = "sim.mechanisms."
    tree = ast.parse((HOME / f"{file}.py").read_text(encoding="utf-8"))
    found = {
        alias.name: node.module.removeprefix(prefix)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(prefix)
        for alias in node.names
    }
    return {name: home for name, home in found.items() if name in functions(home)}


def levers_read(file: str, function: str, seen: set[tuple[str, str]]) -> set[str]:
    """Levers that a function reads, itself or through what it calls."""
    if (file, function) in seen:
        return set()
    seen.add((file, function))
    found = set()
    for node in ast.walk(functions(file)[function]):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"lever", "base", "levers[0]", "base[0]"}:
            found.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            home = file if node.func.id in functions(file) else imported(file).get(node.func.id)
            if home:
                found |= levers_read(home, node.func.id, seen)
    return found


def table_of(row: ast.expr) -> str | None:
    """The table of a row that is written to; None where no head lists it."""
    if isinstance(row, ast.Name):
        assert row.id in ROWS or row.id in ELSEWHERE, f"line {row.lineno}: which table is {row.id} a row of?"
        return ROWS.get(row.id)
    assert isinstance(row, ast.Subscript), f"line {row.lineno}: which table is {ast.unparse(row)} a row of?"
    return TABLES.get(ast.unparse(row.value))


def fields_written(file: str) -> set[str]:
    """`table.field` of everything that a file's own functions write."""
    found = set()
    for function in functions(file).values():
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AugAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    while isinstance(target, ast.Subscript):
                        target = target.value
                    if isinstance(target, ast.Attribute) and (table := table_of(target.value)):
                        found.add(f"{table}.{target.attr}")
    return found


def clauses(file: str, part: str) -> list[str]:
    """What stands in a part of a file's head, clause by clause, without what is in brackets."""
    head = ast.get_docstring(ast.parse((HOME / f"{file}.py").read_text(encoding="utf-8"))) or ""
    found = re.search(rf"^{part} +((?:.|\n)*?)(?=\n\S|\Z)", head, re.MULTILINE)
    text = re.sub(r"\([^)]*\)", "", found[1]) if found else ""
    return [" ".join(clause.split()) for clause in text.split(";")]


def words(listed: str) -> list[str]:
    return [word.strip() for word in listed.split(",")]


def test_a_head_names_the_levers_that_are_read(subtests):
    for file in FILES:
        with subtests.test(file=file):
            listed = [w for clause in clauses(file, "Reads") if clause.startswith("levers ") for w in words(clause[7:])]
            read = set().union(*(levers_read(file, function, set()) for function in functions(file)))
            assert read <= set(LEVERS)
            assert sorted(listed) == sorted(read)


def test_a_head_names_the_fields_that_are_written(subtests):
    for file in FILES:
        with subtests.test(file=file):
            listed = [
                f"{table}.{word}"
                for clause in clauses(file, "Writes")
                for table in FIELDS
                if clause.startswith(f"{table}.")
                for word in words(clause.removeprefix(f"{table}."))
            ]
            written = fields_written(file)
            assert written <= {f"{table}.{field}" for table, fields in FIELDS.items() for field in fields}
            assert sorted(listed) == sorted(written)


def test_levers_and_fields_are_found_in_the_code():
    assert {"tolerance", "error_harshness"} <= levers_read("initiative", "try_things", set()), "through oversight"
    assert {"cadre.rate", "village.left", "village.wrong_inclusion"} <= fields_written("conduct")
    assert "resident.cause" in fields_written("residents")
