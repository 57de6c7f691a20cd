"""Where the time of a compiled week goes, step by step, and inside the three largest steps.

    python -m tests.benchmarks.profile                        the average town, and it under all nineteen measures
    python -m tests.benchmarks.profile --residents 200000 --weeks 26 --repeats 3

The week is compiled a second time from its own source (`sim.week.run_weeks`), with a reading of the processor's
cycle counter before and after each step; so the profile follows the model by itself. It does the same week: the run
stops if its state differs in any bit from that of the ordinary one. A step costs what it cost in the fastest of
several repeats of its week, because machines are shared and the work is the same each time.

A third compilation reads the counter inside the steps too, around the functions and loops named in PARTS and LOOPS;
what the readings themselves take is measured and taken off. Needs an x86-64 processor and nothing else.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import platform
import re
import sys
import textwrap
import time
from dataclasses import dataclass

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim import run
from sim.compiled import unowned
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.state import TALLY_TYPE, State, as_columns
from sim.town import grow_pools
from sim.week import run_weeks
from sim.world import World, world_of

# Functions of which a part of a step is made, and functions whose loops over rows are parts.
PARTS = (
    "raise_needs", "raise_petitions", "serve", "live", "give_up", "incidents", "arrive", "serve_day", "finish_step",
    "send", "raise_case", "close_case", "live_through",
)  # fmt: skip
LOOPS = ("raise_needs", "live", "give_up")
HELPERS = {"answers", "obeyed", "hold", "range"}  # of the order of the week: calls that are no step
NOW, LAST, BASE, HEAD = 0, 1, 2, 3  # of the readings: cell that is running, latest reading, step's cells; then cells
KERNEL = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


@intrinsic
def ticks(typing_context):
    """The processor's cycle counter."""

    def read(context, builder, signature, arguments):
        counter = builder.module.declare_intrinsic("llvm.readcyclecounter", (), ir.FunctionType(ir.IntType(64), ()))
        return builder.call(counter, ())

    return types.int64(), read


@numba.njit(**KERNEL)
def to(laps, cell):
    """Give the time since the latest reading to the cell that was running, and let another one run."""
    t = ticks()
    before = laps[NOW]
    laps[HEAD + before] += t - laps[LAST]
    laps[LAST] = t
    laps[NOW] = cell
    return before


@numba.njit(**KERNEL)
def enter(laps, part, half):
    """Begin a part of the step that is running; returns what to go back to."""
    cell = laps[BASE] + part
    laps[HEAD + half + cell] += 1
    return to(laps, cell)


@numba.njit(**KERNEL)
def begin(laps, base, half):
    """Begin a step."""
    laps[BASE] = base
    laps[HEAD + half + base] += 1
    return to(laps, base)


@numba.njit(nogil=True)
def pace(times):
    """(ticks now, ticks that a pair of readings takes)."""
    laps = np.zeros(HEAD + 4, np.int64)
    own = unowned(laps)
    t = ticks()
    for _ in range(times):
        to(own, enter(own, 0, 2))
    return t, (ticks() - t) / times


@dataclass
class Profile:
    """steps: (mechanism, function) of each, cell 0 the rest; parts: name of each, 0 the step itself.

    ticks, calls: (weeks, steps, parts), the ticks least of all repeats.
    """

    steps: list[tuple[str, str]]
    parts: list[str]
    ticks: np.ndarray
    calls: np.ndarray


def parsed(code: str) -> list[ast.stmt]:
    return ast.parse(code).body


class Clocked:
    """The week's functions once more, from their source, with readings of the cycle counter in them."""

    def __init__(self, inside: bool) -> None:
        self.names = PARTS if inside else ()
        self.steps = [("", "the rest")]
        self.parts = ["itself"]
        self.spaces: list[dict] = []
        self.half = -1
        tree, text, space = self._read(run_weeks.py_func)
        self._order(tree, text)
        made = {}
        for name in self.names:
            made[name] = self._read(self._kernel(name).py_func)
        for name, (part, _, _) in made.items():
            self._part(name, part)
        self.cells = len(self.steps) * len(self.parts)
        compiled = {name: self._compiled(*found[::2], **KERNEL) for name, found in made.items()}
        self.week = self._compiled(tree, space, nogil=True, error_model="numpy")
        for names in self.spaces:
            names.update(compiled, _to=to, _enter=enter, _begin=begin, _half=self.cells, _parts=len(self.parts))

    @staticmethod
    def _read(function) -> tuple[ast.FunctionDef, list[str], dict]:
        """Syntax tree, lines and a copy of the names of a function, `laps` added to its arguments."""
        text = textwrap.dedent(inspect.getsource(function))
        (tree,) = parsed(text)
        assert isinstance(tree, ast.FunctionDef)
        tree.decorator_list = []
        tree.args.args.append(ast.arg("laps"))
        ast.increment_lineno(tree, inspect.getsourcelines(function)[1] - 1)
        return tree, text.splitlines(), dict(function.__globals__)

    def _kernel(self, name: str):
        """A kernel that the week reaches, wherever it is imported."""
        for module in list(sys.modules.values()):
            found = vars(module).get(name) if getattr(module, "__name__", "").startswith("sim.") else None
            if hasattr(found, "py_func"):
                return found
        raise LookupError(f"profile, PARTS: no function {name} in the week any more")

    def _compiled(self, tree: ast.FunctionDef, names: dict, **how):
        """A numba function of a changed tree; calls of clocked functions hand the readings on."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.names:
                node.args.append(ast.Name("laps", ast.Load()))
        module = ast.fix_missing_locations(ast.Module([tree], []))
        exec(compile(module, f"<clocked {tree.name}>", "exec"), names)
        self.spaces.append(names)
        return numba.njit(**how)(names[tree.name])

    def _order(self, tree: ast.FunctionDef, text: list[str]) -> None:
        """Put readings around each step of the loop over weeks; comments `# 3 Needs` name the mechanisms."""
        first = tree.lineno - next(i for i, line in enumerate(text) if line.startswith("def "))
        (loop,) = [node for node in tree.body if isinstance(node, ast.For)]
        body: list[ast.stmt] = []
        mechanism = "Order of the week"
        line = loop.lineno
        for node in loop.body:
            for above in text[line - first : node.lineno - first]:
                if found := re.match(r"\s*# \d+ (\w[\w ]*)", above):
                    mechanism = found[1]
            line = node.lineno
            calls = [n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
            step = next((name for name in calls if name not in HELPERS), None)
            if step is None or any(isinstance(n, ast.Return) for n in ast.walk(node)):
                body.append(node)
                continue
            body += parsed(f"_before = _begin(laps, {len(self.steps)} * _parts, _half)")
            body += [node, *parsed("_to(laps, _before)")]
            self.steps.append((mechanism, step))
        loop.body = body

    def _part(self, name: str, tree: ast.FunctionDef) -> None:
        """Put readings around a function, and around its loops over rows."""
        self.parts.append(name)
        own = len(self.parts) - 1
        if name in LOOPS:
            tree.body = self._looped(name, tree.body)
        leave = f"_to(laps, _before{own})"

        class Leaving(ast.NodeTransformer):
            def visit_Return(self, node):
                if node.value is None:
                    return [*parsed(leave), node]
                kept = [ast.Assign([ast.Name("_value", ast.Store())], node.value), *parsed(leave)]
                return [*kept, ast.Return(ast.Name("_value", ast.Load()))]

        tree = Leaving().visit(tree)
        tree.body = [*parsed(f"_before{own} = _enter(laps, {own}, _half)"), *tree.body]
        if not isinstance(tree.body[-1], ast.Return):
            tree.body += parsed(leave)

    def _looped(self, name: str, body: list[ast.stmt]) -> list[ast.stmt]:
        """The same statements with readings around loops that stand here or in a loop over villages."""
        found: list[ast.stmt] = []
        for node in body:
            if isinstance(node, ast.For):
                if "villages" in ast.unparse(node.iter):
                    node.body = self._looped(name, node.body)
                elif not any(isinstance(n, ast.For) for n in node.body):
                    own = len(self.parts)
                    header = f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"
                    self.parts.append(f"{name}, line {node.lineno}: {textwrap.shorten(header, 44)}")
                    found += parsed(f"_before{own} = _enter(laps, {own}, _half)")
                    found += [node, *parsed(f"_to(laps, _before{own})")]
                    continue
            found.append(node)
        return found

    def run(self, state: State, world: World, first: int, last: int) -> tuple[State, np.ndarray]:
        """Weeks first … last − 1, week by week: the state afterwards, and the readings (weeks, HEAD + 2 · cells)."""
        laps = np.zeros((last - first, HEAD + 2 * self.cells), np.int64)
        groups = state.due.shape[0]
        series = np.zeros((2, groups), TALLY_TYPE)
        flat = series.view(np.float64).reshape(2, groups, -1)
        waiting, passing = run.scratch(state)
        now = first
        while now < last:
            views = tuple(as_columns(rows) for rows in (state.township, state.villages, state.cadres, state.levers))
            own = laps[now - first]
            own[:] = 0
            after = self.week(state, views, world, now, now + 1, now, series, flat, waiting, passing, own)
            if after == now:
                state = grow_pools(state, len(state.cases) // 2 + len(state.residents) // 8)
            now = after
        return state, laps


def same(one: State, other: State) -> bool:
    """Whether two states are equal, field by field and bit by bit (padding left out)."""
    for a, b in zip(one, other, strict=True):
        for name in a.dtype.names or (None,):
            x, y = (a, b) if name is None else (a[name], b[name])
            if x.shape != y.shape or x.tobytes() != y.tobytes():
                return False
    return True


def profiled(clocked: Clocked, state: State, world: World, first: int, weeks: int, repeats: int) -> Profile:
    """The least time of each cell in each week. Raises RuntimeError if the clocked week does anything else."""
    expected = run.run_unit(state.copy(), world, first, first + weeks, first).state
    found = []
    for _ in range(repeats):
        after, laps = clocked.run(state.copy(), world, first, first + weeks)
        if not same(after, expected):
            raise RuntimeError("profile: the clocked week and the ordinary one differ")
        found.append(laps[:, HEAD:].reshape(weeks, 2, len(clocked.steps), len(clocked.parts)))
    cells = np.array(found)
    cells[:, :, 0, 0] = 0  # what is no step: entered before the first reading
    return Profile(clocked.steps, clocked.parts, cells[:, :, 0].min(axis=0), cells[0, :, 1])


def nanoseconds_a_tick() -> tuple[float, float]:
    """(nanoseconds a tick, ticks that a pair of readings takes)."""
    pace(10)
    clock, begun = time.perf_counter_ns(), pace(1)[0]
    time.sleep(0.2)
    rate = (time.perf_counter_ns() - clock) / (pace(1)[0] - begun)
    return rate, min(pace(10_000)[1] for _ in range(20))


def settled(chosen, week: int) -> tuple[State, World]:
    """The first unit of a town as it stands at a week after the measures have come, and its world."""
    world = world_of(chosen)
    unit = run.history(chosen).units[0]
    return run.run_unit(run.with_measures(unit.state, world), world, 0, week, 0).state, world


def table(outside: Profile, inside: Profile, scale: float, pair: float, rate: float) -> list[str]:
    """Steps by what they take, and parts of the three largest.

    scale: what turns ticks into nanoseconds a resident-week.
    """
    own = outside.ticks.sum(axis=(0, 2)) * scale
    total = own.sum()
    lines = [f"{'':<20}{'step':<22}{'ns a resident-week':>19}{'share':>8}"]
    order = np.argsort(-own)
    for s in order:
        if own[s] >= 0.005 * total:
            mechanism, step = outside.steps[s]
            lines.append(f"{mechanism:<20}{step:<22}{own[s]:19.3f}{own[s] / total:8.1%}")
    small = own[own < 0.005 * total].sum()
    lines.append(f"{'':<20}{'all others':<22}{small:19.3f}{small / total:8.1%}")
    lines.append(f"{'':<20}{'together':<22}{total:19.3f}{1:8.1%}")
    by: dict[str, float] = {}
    for (mechanism, _), one in zip(outside.steps, own, strict=True):
        by[mechanism] = by.get(mechanism, 0.0) + one
    names = sorted((n for n in by if n), key=lambda n: -by[n])
    lines.append("by mechanism: " + ", ".join(f"{name} {by[name] / total:.1%}" for name in names))
    calls = inside.calls.sum(axis=0)
    spent = (inside.ticks.sum(axis=0) - pair * calls) * scale
    weeks = len(inside.calls)
    for s in order[:3]:
        whole = spent[s].sum()
        lines.append(f"\n{outside.steps[s][1]}: {own[s]:.3f} ns, of it (with readings inside: {whole:.3f})")
        for k in np.argsort(-spent[s]):
            if spent[s, k] >= 0.01 * whole:
                each = spent[s, k] / scale * rate / calls[s, k]
                lines.append(
                    f"  {inside.parts[k]:<66}{spent[s, k]:8.3f}{spent[s, k] / whole:8.1%}"
                    f"{calls[s, k] / weeks:11,.0f} a week{each:11,.0f} ns each"
                )
    return lines


def main() -> None:
    """Profile the two cases and print their tables."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--residents", type=int, help="a town of another size (default: the average town's 48,700)")
    reader.add_argument("--weeks", type=int, default=52, help="weeks that are measured (default 52)")
    reader.add_argument("--after", type=int, default=104, help="weeks before them, ordinary ones (default 104)")
    reader.add_argument("--repeats", type=int, default=9, help="repeats of which the fastest counts (default 9)")
    given = reader.parse_args()
    if platform.machine().lower() not in ("x86_64", "amd64"):
        sys.exit(f"profile: reads the cycle counter of an x86-64 processor; this one is {platform.machine()}")
    run.compile()
    rate, pair = nanoseconds_a_tick()
    outside, inside = Clocked(False), Clocked(True)
    for name, measures in (("as it is", {}), ("under all nineteen measures", dict.fromkeys(MEASURES, 1.0))):
        chosen = setting("average", residents=given.residents, measures=measures, weeks=given.after + given.weeks + 52)
        state, world = settled(chosen, given.after)
        scale = rate / (given.weeks * len(state.residents))
        words = (state, world, given.after, given.weeks, given.repeats)
        print(
            f"\nThe average town {name}: {len(state.residents):,} residents, {given.weeks} weeks from {given.after} on"
        )
        print("\n".join(table(profiled(outside, *words), profiled(inside, *words), scale, pair, rate)), flush=True)


if __name__ == "__main__":
    main()
