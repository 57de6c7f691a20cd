"""Made-up data for the tests of the analysis, as fixtures."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("made_up", Path(__file__).with_name("made_up.py"))
assert _SPEC is not None and _SPEC.loader is not None
_MADE_UP = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MADE_UP)


@pytest.fixture(scope="session")
def made():
    """The module of made-up data: labels, outcomes, dataset(), evaluations(), game()."""
    return _MADE_UP


@pytest.fixture(scope="session")
def dataset(made):
    return made.dataset()


@pytest.fixture(scope="session")
def evaluations(made, dataset):
    return made.evaluations(dataset)


@pytest.fixture(scope="session")
def effects(made, evaluations):
    from analysis.uncertainty import paired_effects

    return paired_effects(evaluations, base="baseline", other="rectification", names=list(made.OUTCOMES))


@pytest.fixture(scope="session")
def levels(made, evaluations):
    from analysis.uncertainty import levels

    return levels(evaluations, list(made.OUTCOMES))


@pytest.fixture(scope="session")
def ranking(made):
    from analysis import attribution

    problem = attribution.Problem(list(made.MEASURES), range(8), made.OUTCOMES)
    value = made.game()
    rows = []
    for method in attribution.METHODS:
        design = attribution.sample(method, problem)
        rows += attribution.analyse(problem, design, value(design.coalitions, design.seeds))
    return rows
