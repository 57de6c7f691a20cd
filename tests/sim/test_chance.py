"""Keyed chance: a draw depends on (seed, stream, who, when) and on nothing else, and looks like chance."""

from __future__ import annotations

import ast
import itertools
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import chance
from sim.compiled import entry

SIM = Path(sim.__file__).parent
STREAMS = range(len(chance.STREAMS))
N = 200_000


@entry
def drawn(keys, stream, who, when, found):
    for i in range(who.shape[0]):
        found[i] = chance.uniform(keys, stream, who[i], when[i])


def draws(seed: int, stream: int, who, when) -> np.ndarray:
    """What the compiled model draws, one at a time."""
    shape = np.broadcast_shapes(np.shape(who), np.shape(when))
    who, when = (np.broadcast_to(np.asarray(x, np.int64), shape).copy() for x in (who, when))
    found = np.empty(shape)
    drawn(chance.stream_keys(seed), np.int64(stream), who, when, found)
    return found


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation in standard errors of independent numbers."""
    return float(np.corrcoef(a, b)[0, 1] * len(a) ** 0.5)


# --- one function, two forms


@given(
    seed=st.integers(0, 2**40),
    stream=st.sampled_from(STREAMS),
    who=st.lists(st.integers(0, 2**62), min_size=1, max_size=20),
    when=st.integers(-20_000, 2**40),
)
def test_compiled_draw_equals_the_vectorised_draw(seed, stream, who, when):
    many = chance.uniforms(chance.stream_keys(seed), stream, np.array(who), when)
    assert draws(seed, stream, who, when).tobytes() == many.tobytes()
    assert np.all((many >= 0.0) & (many < 1.0))


def test_largest_word_is_still_below_one():
    unit = chance.unit.py_func
    assert unit(np.uint64(2**64 - 1)) < 1.0
    assert unit(np.uint64(0)) == 0.0


# --- it looks like chance


def test_draws_are_uniform_and_do_not_follow_from_the_one_before(subtests):
    for stream, along in itertools.product(STREAMS, ["persons", "weeks"]):
        with subtests.test(stream=chance.STREAMS[stream], along=along):
            numbers, fixed = np.arange(N), 12_345
            u = draws(7, stream, numbers, fixed) if along == "persons" else draws(7, stream, fixed, numbers - 1_000)
            assert abs(u.mean() - 0.5) < 5 * (1 / 12 / N) ** 0.5
            assert abs(u.var() - 1 / 12) < 5 * (1 / 180 / N) ** 0.5
            for lag in (1, 2, 52):
                assert abs(correlation(u[:-lag], u[lag:])) < 5
            for counted in (np.bincount((u * 256).astype(int), minlength=256), pairs(u)):
                expected = counted.sum() / counted.size
                chi2 = float(((counted - expected) ** 2 / expected).sum())
                assert abs(chi2 - (counted.size - 1)) < 6 * (2 * counted.size) ** 0.5


def pairs(u: np.ndarray) -> np.ndarray:
    """Counts of (draw, next draw) on a 16 x 16 board."""
    cells = (u * 16).astype(int)
    return np.bincount(cells[0::2] * 16 + cells[1::2], minlength=256)


def test_streams_of_one_seed_are_uncorrelated():
    u = [draws(11, stream, np.arange(N), 40) for stream in STREAMS]
    worst = max(abs(correlation(a, b)) for a, b in itertools.combinations(u, 2))
    assert worst < 5.5


def test_weeks_are_uncorrelated_also_along_the_diagonal():
    who = np.arange(N)
    for stream in (chance.NEEDS, chance.PETITIONS, chance.PEOPLE):
        here = draws(11, stream, who, 40)
        for weeks, shift in itertools.product((1, 2, 4, 52), (0, 1, -1)):
            assert abs(correlation(here, draws(11, stream, who + shift + 2, 40 + weeks))) < 5.5
            assert abs(correlation(here, draws(11, stream, who + shift, 40 + weeks))) < 5.5


def test_villages_number_spaces_do_not_repeat_each_other():
    """Residents are keyed by (village << 32) + row: neighbours in two villages share nothing."""
    row = np.arange(N)
    here, there = (draws(11, chance.NEEDS, (np.int64(v) << 32) + row, 40) for v in (3, 4))
    assert abs(correlation(here, there)) < 5


def test_no_stream_of_any_seed_is_a_stream_of_another_seed():
    keys = np.array([chance.stream_keys(seed) for seed in range(2_000)]).reshape(-1, 2)
    starts, counts = np.unique(keys[:, 0], return_counts=True)
    assert counts.max() == 1, f"{len(keys) - len(starts)} of {len(keys)} streams are shared, start {starts[0]} most"
    assert np.all(keys[:, 1] & np.uint64(1) == 1)


def test_neighbouring_seeds_are_uncorrelated():
    u = [draws(seed, chance.NEEDS, np.arange(N), 0) for seed in range(8)]
    assert max(abs(correlation(a, b)) for a, b in itertools.combinations(u, 2)) < 5


def test_draws_do_not_depend_on_order_or_on_what_else_is_drawn():
    who = np.arange(1_000)
    shuffled = np.random.default_rng(0).permutation(who)
    alone = draws(5, chance.NEEDS, who, 9)
    assert np.array_equal(draws(5, chance.NEEDS, shuffled, 9), alone[shuffled])
    assert np.array_equal(draws(5, chance.NEEDS, who[::7], 9), alone[::7])


# --- every decision has draws of its own

WEEKS = range(48, 64)


def draws_in_code() -> list[tuple[str, str, str, frozenset[int]]]:
    """(place in the code, stream, who, moments drawn for) of every keyed draw of the weekly mechanisms."""
    found = []
    for path in sorted((SIM / "mechanisms").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = vars(import_module(f"sim.mechanisms.{path.stem}"))
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            local = assigned(ast.walk(function))
            for call in ast.walk(function):
                if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "uniform"):
                    continue
                _, stream, who, when = call.args
                place = f"{path.name}:{call.lineno}"
                found.append((place, ast.unparse(stream), ast.unparse(who), moments(when, local, constants)))
    return found


def assigned(nodes) -> dict[str, ast.expr]:
    """What plain names are given among some nodes: a function's variables."""
    return {
        node.targets[0].id: node.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def moments(when: ast.expr, local: dict[str, ast.expr], constants: dict) -> frozenset[int]:
    """Every value that a `when` takes over some weeks, channels and persons, by a module's constants."""

    class Resolve(ast.NodeTransformer):
        def visit_Name(self, node):
            return local[node.id] if node.id in local and node.id not in ("k", "now") else node

    code = compile(ast.fix_missing_locations(ast.Expression(Resolve().visit(when))), "when", "eval")
    values = set()
    for now, k in itertools.product(WEEKS, range(4)):
        values.add(int(eval(code, {**constants, "now": now, "k": k, "cadre": SimpleNamespace(person=now)})))
    return frozenset(values)


def test_draws_of_the_mechanisms_are_found_in_the_code():
    streams = {stream.removeprefix("chance.") for _, stream, _, _ in draws_in_code()}
    assert {"DETECTION", "ADJUDICATION", "OPPORTUNITY", "NEWCOMER", "PEOPLE"} <= streams


def test_no_two_decisions_share_a_draw():
    shared = [
        f"{one[0]} and {other[0]} ({one[1]} of {one[2]}) at {sorted(one[3] & other[3])[:4]}"
        for one, other in itertools.combinations(draws_in_code(), 2)
        if one[1:3] == other[1:3] and one[3] & other[3]
    ]
    assert not shared, "; ".join(shared)
