"""The model's own mathematics: near the truth, one set of bits everywhere, and nothing else used in its place."""

from __future__ import annotations

import ast
import math
import platform
import re
from decimal import Decimal, localcontext
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import maths
from sim.compiled import entry
from sim.version import SOURCES, engine
from tests.sim.mechanisms.rules import plain
from tests.sim.test_compiled import LEAST, python

HOME = SOURCES.parent
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
exp, log, power, cosine = maths.exp, maths.log, maths.power, maths.cosine
normal_below, normal_quantile = maths.normal_below, maths.normal_quantile


@entry
def tried(x, y):
    """Every function at every row of x and y: array (6, rows)."""
    found = np.empty((6, x.shape[0]))
    for i in range(x.shape[0]):
        found[0, i] = exp(y[i])
        found[1, i] = log(x[i])
        found[2, i] = power(x[i], y[i])
        found[3, i] = cosine(y[i])
        found[4, i] = normal_below(y[i])
        found[5, i] = normal_quantile(min(1.0, x[i]))
    return found


def numbers(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Positive numbers and numbers of both signs, what the model has and far beyond, made without any logarithm."""
    u, v = np.random.default_rng(20).random((2, count))
    near = np.arange(count) % 2 == 0
    whole = np.random.default_rng(21).integers(-3, 3, count)
    return np.ldexp(1.0 + u, np.where(near, whole, 300 * whole)), (v - 0.5) * np.where(near, 16.0, 700.0)


def apart(found: np.ndarray, true: list[Decimal]) -> float:
    """Largest error in units in the last place of the true value."""
    return max(
        float(abs(Decimal(float(a)) - b) / Decimal(math.ulp(float(b)))) for a, b in zip(found, true, strict=True)
    )


def cosine_of(turns: float) -> Decimal:
    """Cosine of so many turns by its series."""
    x = 2 * PI * (Decimal(turns) - round(Decimal(turns)))
    term = total = Decimal(1)
    for k in range(1, 60, 2):
        term *= -x * x / (k * (k + 1))
        total += term
    return total


@pytest.mark.parametrize(
    ("number", "most"), [(0, 1.0), (1, 1.0), (2, 1.0), (3, 2.0)], ids=["exp", "log", "power", "cosine"]
)
def test_errors_stay_below_a_unit_in_the_last_place_or_two(number, most):
    x, y = numbers(2_000)
    with localcontext() as context, np.errstate(over="ignore", under="ignore"):
        context.prec = 50
        pairs = [(Decimal(a), Decimal(b)) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        true = (
            lambda: [b.exp() for _, b in pairs],
            lambda: [a.ln() for a, _ in pairs],
            lambda: [(b * a.ln()).exp() for a, b in pairs],
            lambda: [cosine_of(b) for _, b in pairs],
        )[number]()
        keep = [i for i, value in enumerate(true) if 1e-307 < abs(value) < Decimal("1e308")]
        assert len(keep) > 1_000
        assert apart(tried(x, y)[number][keep], [true[i] for i in keep]) <= most


@given(x=st.floats(0.0, 1.0), y=st.floats(-40.0, 40.0))
def test_exact_values_and_edges(x, y):
    assert (plain(exp)(0.0), plain(log)(1.0), plain(cosine)(0.25), plain(cosine)(0.5)) == (1.0, 0.0, 0.0, -1.0)
    assert (plain(exp)(-746.0), plain(exp)(710.0), plain(log)(0.0)) == (0.0, math.inf, -math.inf)
    assert (plain(exp)(-745.13), plain(power)(2.0, -1074.0), plain(power)(2.0, -1070.5)) == (
        5e-324, 5e-324, pytest.approx(2.0**-1070.5, abs=5e-324),
    )  # fmt: skip
    assert plain(log)(5e-324) == pytest.approx(math.log(5e-324), rel=1e-15)
    assert math.isnan(plain(exp)(math.nan)) and math.isnan(plain(log)(-1.0)) and math.isnan(plain(power)(-1.0, 0.5))
    assert plain(power)(x, 1.0) == x and plain(power)(x, 0) == plain(power)(1.0, y) == 1.0
    assert plain(power)(0.0, abs(y) + 1e-9) == 0.0 and plain(power)(0.0, -abs(y) - 1e-9) == math.inf
    assert plain(power)(0.5, math.inf) == plain(power)(2.0, -math.inf) == plain(power)(math.inf, -1.0) == 0.0
    assert plain(power)(1e-310, 0.5) == pytest.approx(1e-155, rel=1e-12)
    assert plain(power)(3.0, 4) == 81.0 and plain(power)(0.5, 10.0) == 2.0**-10


@given(y=st.floats(-9.0, 9.0), share=st.floats(1e-3, 0.999))
def test_the_normal_distribution_is_the_one_of_the_library(y, share):
    assert plain(normal_below)(y) == pytest.approx(NormalDist().cdf(y), abs=2e-15)
    assert plain(normal_quantile)(share) == pytest.approx(NormalDist().inv_cdf(share), abs=1e-12)


def test_plain_functions_give_the_bits_of_the_compiled_ones():
    x, y = numbers(600)
    rows = list(zip(x.tolist(), y.tolist(), strict=True))
    with np.errstate(all="ignore"):
        found = [
            [plain(exp)(b) for _, b in rows],
            [plain(log)(a) for a, _ in rows],
            [plain(power)(a, b) for a, b in rows],
            [plain(cosine)(b) for _, b in rows],
            [plain(normal_below)(b) for _, b in rows],
            [plain(normal_quantile)(min(1.0, a)) for a, _ in rows[::20]],
        ]
    compiled = tried(x, y)
    for plainly, there in zip(found[:5], compiled[:5], strict=True):
        assert np.array(plainly).tobytes() == there.tobytes()
    assert np.array(found[5]).tobytes() == compiled[5][::20].tobytes()


# --- one set of bits

SHOWN = """
from hashlib import sha256
from tests.sim.test_maths import numbers, tried
print(sha256(tried(*numbers(20_000)).tobytes()).hexdigest())
"""
ASSEMBLED = """
import numba
from tests.sim.test_maths import tried

def fused(x, y, z):
    return x * y + z

columns = numba.types.float64[::1]
tried.compile((columns, columns))
quick = numba.njit("f8(f8, f8, f8)", fastmath=True)(fused)
print(*tried.inspect_asm().values(), "=====", *quick.inspect_asm().values())
"""


def test_the_plainest_processor_gives_the_same_bits():
    """Without wide or fused instructions in what numba makes, in numpy and in the C library."""
    from hashlib import sha256

    ended = python(HOME, SHOWN, **LEAST)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == [sha256(tried(*numbers(20_000)).tobytes()).hexdigest()]


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="assembles for a processor of this family")
def test_nothing_is_fused_where_the_processor_could(tmp_path):
    """For a processor that multiplies and adds with one rounding; fast arithmetic, for comparison, makes use of it."""
    there = {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma", "TOWNSHIP_LAB_CACHE": str(tmp_path)}
    ended = python(HOME, ASSEMBLED, **there)
    assert ended.returncode == 0, ended.stderr
    own, quick = ended.stdout.split("=====")
    assert re.search(r"\bvfn?m(add|sub)", quick)
    assert "vmulsd" in own and not re.search(r"\bvfn?m(add|sub)", own)
    assert not re.search(
        r"\b(exp|log|pow|cos|sin|erf|erfc|exp2|log2)(@PLT)?\b", re.sub(r"[\w.$]*tried[\w.$]*", "", own)
    )


# --- nothing else in its place

# What numpy may do in the engine: make, shape, choose, compare, round to whole numbers, and take square roots, for all
# of which there is one answer. A running sum has one order; other sums of numpy's have the processor's.
NUMPY = frozenset((
    "arange", "argmax", "argsort", "array", "asarray", "ascontiguousarray", "ceil", "concatenate", "count_nonzero",
    "cumsum", "dtype", "empty", "errstate", "float32", "float64", "floor", "full", "inf", "int64", "maximum",
    "minimum", "moveaxis", "nan", "ndarray", "ones", "repeat", "searchsorted", "shape", "size", "sqrt",
    "take_along_axis", "uint16", "uint32", "uint64", "uint8", "where", "zeros", "zeros_like",
))  # fmt: skip
SUMS = frozenset((
    "sum", "mean", "std", "var", "prod", "dot", "average", "trace", "argsort", "sort", "cumprod",
))  # fmt: skip
MODULES = frozenset(("cmath", "random", "scipy", "statistics", "_statistics"))


def has_many_answers(node: ast.AST) -> bool:
    """Whether a piece of code may give other bits on another machine."""
    match node:
        case ast.Attribute(value=ast.Name(id="np"), attr=name):
            return name not in NUMPY
        case ast.Attribute(value=ast.Name(id="math"), attr=name):
            return name != "sqrt"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="argsort"), keywords=given):
            return not any(word.arg == "kind" and ast.unparse(word.value) == "'stable'" for word in given)
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in SUMS and ast.unparse(node.func.value) != "np"
        case ast.BinOp(op=ast.MatMult()) | ast.AugAssign(op=ast.MatMult() | ast.Pow()):
            return True
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return not all(isinstance(side, ast.Constant | ast.UnaryOp) for side in (left, right))
        case ast.Call(func=ast.Name(id="pow"), args=given):
            return len(given) < 3  # with three only of whole numbers
        case ast.Import(names=names):
            return any(
                alias.name.split(".")[0] in MODULES
                or (
                    (alias.name, alias.asname) not in (("numpy", "np"), ("math", None))
                    and alias.name.split(".")[0] in ("numpy", "math")
                )
                for alias in names
            )
        case ast.ImportFrom(module=module):
            return (module or "").split(".")[0] in MODULES | {"math", "numpy"}
    return False


def many_answers(text: str) -> list[str]:
    """The pieces of a source that may give other bits on another machine, with their lines."""
    return [f"{node.lineno}: {ast.unparse(node)}" for node in ast.walk(ast.parse(text)) if has_many_answers(node)]


def test_the_engine_reckons_only_with_what_has_one_answer(subtests):
    for name in engine(SOURCES):
        with subtests.test(name=name):
            found = many_answers((SOURCES / name).read_text(encoding="utf-8"))
            assert not found, f"may give other bits on another machine (see sim/maths.py): {'; '.join(found)}"


MANY_ANSWERS = [
    "np.exp(x)", "np.sum(x)", "x.sum()", "x[0].mean(axis=1)", "math.log(x)", "x**0.5", "0.5**x", "x **= 2", "a @ b",
    "pow(x, y)", "np.add.reduceat(x, y)", "from math import exp", "from statistics import NormalDist",
    "np.argsort(x)", "import numpy as other", "np.random.default_rng()", "from numpy import exp",
    "import scipy.special",
]  # fmt: skip


def test_what_has_many_answers_is_found(subtests):
    for line in MANY_ANSWERS:
        with subtests.test(line=line):
            assert many_answers(line)


def test_numpy_runs_its_sums_in_order():
    """The one sum of numpy's that the engine uses."""
    x = numbers(4_000)[1]
    total, found = 0.0, []
    for value in x.tolist():
        total += value
        found.append(total)
    assert np.cumsum(x).tolist() == found
