"""Faults planted one at a time, and how many of them the tests of the changed module notice.

    make mutants                                                        60 faults, seed 1; hours
    python -m tests.benchmarks.mutants count=12 seed=2 rooms=store,run
    python -m tests.benchmarks.mutants only=sim/run.py:141:4:lost_update   one again, with the words of the tests

Operators are those for agent-based models (Adra & McMinn 2010, Mutation operators for agent-based models): a dropped
interaction, swapped order, a wrong rate, a lost update; beside them the usual ones (comparison, sign, condition,
constant). Faults are drawn by seed, so that seed and commit say which they are. Each is planted in a copy of the
repository, in which the module's own tests run until the first fails, 300 seconds of processor time at most.
`tests/sim/baseline.json` is left out: it notices any change whatever, and is renewed on purpose. Verdicts are kept in
results/mutants.jsonl; the same line goes on where it was stopped. Exit code 1 if fewer than nine in ten were noticed.
"""

from __future__ import annotations

import ast
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "results" / "mutants.jsonl"
SECONDS, WANTED = 300, 0.9  # of processor time; a neighbour that is busy must not decide a verdict
FAST = "not slow and not page"
COPIED = ("sim", "configs", "experiments", "analysis", "tests", "tools", "docs", "pyproject.toml", "README.md")
MODEL = [f"tests/sim/test_{name}.py" for name in ("reference", "accounts", "run")]
MECHANISMS = ["tests/sim/mechanisms", *MODEL, "tests/sim/test_conduct_limits.py"]

# Files of a room, the tests that look after them, and how many of 60 faults it gets.
ROOMS = {
    "mechanisms": (["sim/mechanisms/*.py"], MECHANISMS, 24),
    "run": (["sim/run.py", "sim/week.py", "sim/town.py", "sim/world.py"], [*MODEL, "tests/sim/test_units.py"], 10),
    "attribution": (["analysis/attribution/*.py"], ["tests/analysis/attribution"], 10),
    "uncertainty": (["analysis/uncertainty/*.py"], ["tests/analysis/uncertainty"], 8),
    "store": (
        [f"experiments/ensemble/{name}.py" for name in ("chunks", "index", "member_store", "members", "run_design")],
        [f"tests/experiments/test_{name}.py" for name in ("store", "ensemble", "survival", "disks")],
        8,
    ),
}  # fmt: skip

COMPARED = {ast.Lt: ">=", ast.GtE: "<", ast.Gt: "<=", ast.LtE: ">", ast.Eq: "!=", ast.NotEq: "=="}
SIGNS = {ast.Add: "-", ast.Sub: "+"}


@dataclass(frozen=True)
class Fault:
    """A place in a file and what stands there instead: `text` for the characters from `start` to `end`."""

    file: str
    line: int
    column: int
    operator: str
    start: int
    end: int
    text: str

    @property
    def name(self) -> str:
        """How it is asked for again."""
        return f"{self.file}:{self.line}:{self.column}:{self.operator}"


class Source:
    """A file's text, and where its parts lie in it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = (ROOT / file).read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        lines = self.text.splitlines(keepends=True)
        self._begin = [0]
        for line in lines:
            self._begin.append(self._begin[-1] + len(line))
        self._lines = lines

    def at(self, line: int, column: int) -> int:
        """Characters before a place that the tree gives in bytes."""
        return self._begin[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def span(self, node) -> tuple[int, int]:
        """Where a node begins and ends."""
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def of(self, node) -> str:
        """The node as it is written."""
        start, end = self.span(node)
        return self.text[start:end]

    def fault(self, node, operator: str, text: str, span: tuple[int, int] | None = None) -> Fault:
        """The node replaced, or what lies in `span`."""
        return Fault(self.file, node.lineno, node.col_offset, operator, *(span or self.span(node)), text)


def simple(node) -> bool:
    """Is it a statement that does something and leads nowhere else?"""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    return isinstance(node, (ast.Assign, ast.AugAssign))


def stored(source: Source, node) -> set[str]:
    """What a statement writes, as it is written; not plain names, which would be missing if it came later."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    lasting = [target for target in targets if isinstance(target, (ast.Attribute, ast.Subscript))]
    return {source.of(target) for target in lasting}


def of_statements(source: Source, body: list[ast.stmt]) -> Iterator[Fault]:
    """A call or an update dropped; two statements swapped of which one reads what the other writes."""
    for node in body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield source.fault(node, "dropped_interaction", "pass")
        placed = isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Attribute, ast.Subscript))
        if placed or isinstance(node, ast.AugAssign):
            yield source.fault(node, "lost_update", "pass")
    for first, second in pairwise(body):
        if not (simple(first) and simple(second)):
            continue
        one, other = source.of(first), source.of(second)
        if any(name in other for name in stored(source, first)) or any(name in one for name in stored(source, second)):
            (start, a), (b, end) = source.span(first), source.span(second)
            yield source.fault(first, "swapped_order", other + source.text[a:b] + one, (start, end))


def of_expression(source: Source, node) -> Iterator[Fault]:
    """A rate doubled, a sign, a comparison, a condition or a number changed."""
    if isinstance(node, ast.BinOp):
        left, right = source.of(node.left), source.of(node.right)
        if isinstance(node.op, ast.Mult):
            yield source.fault(node, "wrong_rate", f"(2 * ({source.of(node)}))")
        elif type(node.op) in SIGNS and not isinstance(node.left, ast.Constant):
            yield source.fault(node, "sign", f"(({left}) {SIGNS[type(node.op)]} ({right}))")
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARED:
        turned = COMPARED[type(node.ops[0])]
        yield source.fault(
            node, "comparison", f"(({source.of(node.left)}) {turned} ({source.of(node.comparators[0])}))"
        )
    elif isinstance(node, ast.BoolOp):
        joint = " or " if isinstance(node.op, ast.And) else " and "
        yield source.fault(node, "condition", "(" + joint.join(f"({source.of(value)})" for value in node.values) + ")")
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        yield source.fault(node, "constant", repr(node.value + 1))


def faults_of(file: str) -> list[Fault]:
    """All faults that can be planted in the functions of a file; not in defaults, docstrings or what is raised."""
    source = Source(file)
    found: list[Fault] = []

    def visit(node) -> None:
        if isinstance(node, (ast.Raise, ast.JoinedStr, ast.arguments, ast.Assert)):
            return
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                found.extend(of_statements(source, block))
        found.extend(of_expression(source, node))
        for child in ast.iter_child_nodes(node):
            if not (hasattr(node, "decorator_list") and child in node.decorator_list):
                visit(child)

    for top in ast.walk(source.tree):
        if isinstance(top, ast.FunctionDef):
            visit(top)
    unique = {(fault.name, fault.text): fault for fault in found}
    return [fault for fault in unique.values() if parses(source.text, fault)]


def planted(text: str, fault: Fault) -> str:
    """The file's text with the fault in it."""
    return text[: fault.start] + fault.text + text[fault.end :]


def parses(text: str, fault: Fault) -> bool:
    """Is it still Python, and something else than before?"""
    try:
        return ast.dump(ast.parse(planted(text, fault))) != ast.dump(ast.parse(text))
    except SyntaxError:
        return False


def drawn(room: str, count: int, seed: int) -> list[Fault]:
    """Faults of a room by seed: an operator first, then one of its places, so that rare ones come too."""
    by_operator: dict[str, list[Fault]] = {}
    for pattern in ROOMS[room][0]:
        for path in sorted(ROOT.glob(pattern)):
            for fault in faults_of(path.relative_to(ROOT).as_posix()):
                by_operator.setdefault(fault.operator, []).append(fault)
    chance = random.Random(f"{seed} {room}")
    chosen: list[Fault] = []
    while len(chosen) < count and by_operator:
        operator = chance.choice(sorted(by_operator))
        places = by_operator[operator]
        chosen.append(places.pop(chance.randrange(len(places))))
        if not places:
            del by_operator[operator]
    return chosen


def limit() -> None:
    """End this process after its processor time."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))


def tried(fault: Fault, tests: list[str], marks: str = FAST, show: bool = False) -> str:
    """Plant a fault in a copy of the repository and run the tests: noticed, unnoticed or out of time."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "copy"
        copy.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, copy / name)
        target = copy / fault.file
        target.write_text(planted(target.read_text(encoding="utf-8"), fault), encoding="utf-8")
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "-m",
            "not slow and not page",
            *tests,
        ]
        surroundings = {**os.environ, "PYTHONPATH": str(copy)}
        if fault.file.startswith("sim/"):
            surroundings["TOWNSHIP_LAB_CACHE"] = str(Path(place) / "cache")
        out = None if show else subprocess.DEVNULL
        job = subprocess.Popen(
            words, cwd=copy, env=surroundings, stdout=out, stderr=out, start_new_session=True, preexec_fn=limit
        )
        try:
            code = job.wait(10 * SECONDS)
            return "unnoticed" if code == 0 else "out of time" if code < 0 else "noticed"
        except subprocess.TimeoutExpired:
            return "out of time"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(job.pid, signal.SIGKILL)
            job.wait()


def said_before() -> dict[str, dict]:
    """Verdicts on this commit, by the fault's name."""
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.is_file() else []
    return {record["name"]: record for record in map(json.loads, lines) if record["commit"] == commit()}


def commit() -> str:
    """The commit at hand, short."""
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


def main() -> int:
    """Draw the faults, try them one after another and count."""
    words = dict(word.split("=", 1) for word in sys.argv[1:])
    asked, seed = int(words.get("count", 60)), int(words.get("seed", 1))
    rooms = words.get("rooms", ",".join(ROOMS)).split(",")
    if "only" in words:
        fault = next(fault for fault in faults_of(words["only"].split(":")[0]) if fault.name == words["only"])
        room = next(name for name, (files, _, _) in ROOMS.items() if any(Path(fault.file).match(f) for f in files))
        print(tried(fault, ROOMS[room][1], show=True))
        return 0
    before = said_before()
    counts: dict[str, list[str]] = {}
    KEPT.parent.mkdir(exist_ok=True)
    total = sum(ROOMS[room][2] for room in rooms)
    for room in rooms:
        _, tests, share = ROOMS[room]
        for fault in drawn(room, round(asked * share / total), seed):
            record = before.get(fault.name)
            if record is None:
                record = {"commit": commit(), "room": room, "name": fault.name, "verdict": tried(fault, tests)}
                with open(KEPT, "a", encoding="utf-8") as file:
                    file.write(json.dumps(record) + "\n")
            written = Source(fault.file).text[fault.start : fault.end].splitlines()[0]
            print(f"{record['verdict']:<12}{fault.name}: {written} -> {' '.join(fault.text.split())}"[:200], flush=True)
            counts.setdefault(room, []).append(record["verdict"])
    every = [verdict for verdicts in counts.values() for verdict in verdicts]
    for room, verdicts in (*counts.items(), ("together", every)):
        print(f"{room:<14}{verdicts.count('noticed'):4} of {len(verdicts)} noticed", end="")
        print(f", {verdicts.count('out of time')} out of time" if "out of time" in verdicts else "")
    return int(every.count("noticed") < WANTED * len(every))


if __name__ == "__main__":
    sys.exit(main())
