"""What tests of rules share: rules as plain functions, parameters drawn within their priors, and directions."""

from __future__ import annotations

import itertools
import types
from functools import cache
from types import SimpleNamespace

import numpy as np
from hypothesis import strategies as st

from sim.inputs.priors import read_parameters
from sim.levers import LEVERS


@cache
def plain(rule):
    """A rule as the Python function it was written as, together with the rules it calls."""
    function = rule.py_func
    names = dict(function.__globals__)
    for name in function.__code__.co_names:
        if name != function.__name__ and hasattr(names.get(name), "py_func"):
            names[name] = plain(names[name])
    return types.FunctionType(function.__code__, names, function.__name__, function.__defaults__)


PRIORS = read_parameters()
share = st.floats(0.0, 1.0)
points = st.floats(0.0, 100.0)


@st.composite
def drawn_parameters(draw):
    """A draw of every parameter within its prior: what must hold, holds for all of them."""
    where = np.random.default_rng(draw(st.integers(0, 10**9))).random(len(PRIORS))
    where = where if draw(st.booleans()) else np.round(where)  # corners too
    return SimpleNamespace(**{p.id: p.low + u * (p.high - p.low) for u, p in zip(where, PRIORS.values(), strict=True)})


@st.composite
def levers(draw, *names):
    """Some levers anywhere within their bounds."""
    return SimpleNamespace(**{name: draw(st.floats(LEVERS[name].low, LEVERS[name].high)) for name in names})


parameters = drawn_parameters()
MODE = SimpleNamespace(**{p.id: p.mode for p in PRIORS.values()})


def steps_between(low: float, high: float, count: int = 41) -> list[float]:
    return [float(x) for x in np.linspace(low, high, count)]


def rises(values) -> bool:
    return all(b >= a - 1e-12 for a, b in itertools.pairwise(values))


def falls(values) -> bool:
    return rises([-value for value in values])
