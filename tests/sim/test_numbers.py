"""Three kinds of number, three homes: no number of behaviour stands in the code of a mechanism."""

from __future__ import annotations

import ast
from pathlib import Path

MECHANISMS = sorted((Path(__file__).parents[2] / "sim" / "mechanisms").glob("*.py"))

# Units and arithmetic: halves and doubles, weeks of a year, days of a week, hundreds and thousands, smallest divisors.
ARITHMETIC = {0.0, 0.5, 1.0, 2.0, 5.0, 52.0, 100.0, 1000.0, 1e-9, 1e9, 1e30}
TECHNICAL = {  # function -> floats that are about computing, with the reason
    "wait_bin": {0.25, 18.0},  # widths of the histogram's bins
    "takes": {30.0},  # exp() must not overflow
    "visits_expected": {0.05},  # nothing is divided by a town that nobody can see
    "who_raises": {4294967295.0},  # 32 bits
}


def test_a_mechanism_holds_no_number_of_behaviour(subtests):
    """Floats only: whole numbers in mechanisms are rows, moments of keyed chance and counts of activities."""
    for path in MECHANISMS:
        with subtests.test(path=path.stem):
            found = {
                (function.name, node.value)
                for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(function, ast.FunctionDef)
                for node in ast.walk(function)
                if isinstance(node, ast.Constant) and isinstance(node.value, float)
            }
            strange = {
                (name, value)
                for name, value in found
                if value not in ARITHMETIC and value not in TECHNICAL.get(name, set())
            }
            assert strange == set(), f"{path.name}: parameters live in configs/parameters, facts in configs/facts"
