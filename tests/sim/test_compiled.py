"""Compiled code: the model's version follows its code and not its words, and stale code is never run."""

from __future__ import annotations

import ast
import hashlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim import compiled, run
from sim import version as versions
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.week import run_weeks

SIM = Path(sim.__file__).parent
code_without_words = cache(versions.code_without_words)  # a function of the text alone, and the slow part
FILES = versions.engine(SIM)


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the model and its tables, to be edited."""
    home = tmp_path_factory.mktemp("checkout")
    shutil.copytree(SIM, home / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SIM.parent / "configs", home / "configs")
    return home


@pytest.fixture
def edited(copied):
    """Function: give a file of the copied model other text; undone after the test."""
    kept = {}

    def edit(name: str, text: str) -> None:
        path = copied / "sim" / name
        kept.setdefault(path, path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")

    yield edit
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def version(copied, monkeypatch):
    """Function: the version of the copied model as it stands."""
    monkeypatch.setattr(versions, "SOURCES", copied / "sim")
    monkeypatch.setattr(versions, "code_without_words", code_without_words)
    return versions.model_version.__wrapped__


def python(home: Path, code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python code against the model in `home`; a variable of value "-" is taken away."""
    found = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    found = {name: value for name, value in found.items() if value != "-"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=home, env=found, capture_output=True, text=True, encoding="utf-8"
    )


class OtherArithmetic(ast.NodeTransformer):
    """The first sum, difference, product or quotient of a text becomes another one."""

    def __init__(self) -> None:
        self.done = False

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}.get(type(node.op))
        if other and not self.done:
            self.done, node.op = True, other()
        return node


def with_other_arithmetic(text: str) -> str:
    change = OtherArithmetic()
    tree = change.visit(ast.parse(text))
    return ast.unparse(tree) if change.done else f"{text}\nANOTHER_TABLE = 1\n"


def with_other_words(text: str) -> str:
    """The same code: comments everywhere, other docstrings, other line breaks."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body[0].value.value = "Other words."
    return "# a comment\n" + ast.unparse(tree).replace("\n", "\n# another\n", 1) + "\n\n\n# the end\n"


# --- the version


def test_the_version_of_a_copy_is_the_version_of_the_model(version):
    assert version() == compiled.model_version()
    assert len(version()) == 16
    assert compiled.CACHE.name == compiled.model_version()


def test_an_edit_of_any_file_of_the_model_changes_its_version_and_words_do_not(copied, edited, version, subtests):
    for name in FILES:
        with subtests.test(name=name):
            before = version()
            text = (copied / "sim" / name).read_text(encoding="utf-8")
            edited(name, with_other_words(text))
            assert version() == before, "comments and docstrings are not behaviour"
            edited(name, with_other_arithmetic(text))
            assert version() != before, "a change of behaviour is another model"


OUTSIDE = sorted({path.relative_to(SIM).as_posix() for path in SIM.rglob("*.py")} - set(FILES))
VERSION = "from sim.version import model_version; print(model_version())"


def test_readers_faces_and_tables_lie_outside():
    """The engine is named here by hand: a file that moves over the border is to be noticed."""
    rooms = {name.split("/")[0] for name in OUTSIDE}
    faces = {"dataset.py", "diary.py", "diary_events.py", "cores.py", "version.py", "__init__.py"}
    assert rooms == {"inputs", "mesa", "indicators", "levers.py", *faces}
    assert {"indicators/indicator.py", "inputs/sampling.py"} <= set(FILES)
    assert {"run.py", "week.py", "town.py", "world.py", "state.py", "chance.py", "vocabulary.py"} <= set(FILES)


def test_an_edit_of_a_reader_or_a_face_changes_nothing(copied, edited, version, subtests):
    for name in [name for name in OUTSIDE if not name.startswith(("levers", "indicators"))]:
        with subtests.test(name=name):
            before = version()
            edited(name, with_other_arithmetic((copied / "sim" / name).read_text(encoding="utf-8")))
            assert version() == before


@pytest.mark.parametrize(
    ("name", "text", "other", "same"),
    [
        ("levers.py", '"Administrative burden", "负担强度"', '"Load", "负担"', True),
        ("levers.py", '"multiple of today", 0.0, 2.5, 1.0', '"multiple of today", 0.0, 2.0, 1.0', False),
        ("indicators/headline.py", "Staffed casework falling due", "Casework falling due", True),
        ("indicators/headline.py", '"服务效率"', '"效率"', True),
        ("indicators/headline.py", '("ontime_hours",), ("due_hours",)', '("due_hours",), ("due_hours",)', False),
        ("indicators/headline.py", "scale=0.9", "scale=0.8", False),
    ],
)
def test_labels_of_tables_change_nothing_and_their_numbers_do(name, text, other, same, copied, edited):
    whole = (copied / "sim" / name).read_text(encoding="utf-8")
    assert whole.count(text) == 1
    edited(name, whole.replace(text, other))
    found = python(copied, VERSION)
    assert found.returncode == 0, found.stderr
    assert (found.stdout.strip() == versions.model_version()) is same


def test_the_engine_takes_nothing_but_values_from_outside():
    """What is not hashed cannot decide a number behind the back of a setting's key: only these names cross."""
    values = {
        "Setting",
        "TownSpec",
        "UnitSpec",
        "VillageSpec",
        "Frozen",
        "Measure",
        "Cost",
        "SettingError",
        "LEVERS",
        "INDICATORS",
    }
    crossing = {}
    for name in FILES:
        for node in ast.walk(ast.parse((SIM / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim."):
                home = node.module.removeprefix("sim.").replace(".", "/")
                if any(other.removesuffix(".py").removesuffix("/__init__") == home for other in OUTSIDE):
                    crossing.setdefault(name, set()).update(alias.name for alias in node.names)
    # compile() runs the smallest town there is, for no other end than to have the week compiled
    assert crossing.pop("compiled.py") == {"cache_home", "model_version"}
    crossing["run.py"].remove("setting")
    assert set().union(*crossing.values()) <= values


def test_a_new_a_renamed_and_a_missing_file_change_the_version(copied, version):
    before = version()
    new = copied / "sim" / "mechanisms" / "another.py"
    new.write_text("RULE = 1\n", encoding="utf-8")
    added = version()
    new.rename(new.with_name("yet_another.py"))
    renamed = version()
    new.with_name("yet_another.py").unlink()
    assert len({before, added, renamed}) == 3
    assert version() == before


def test_the_version_follows_numba_and_numpy(version, monkeypatch):
    before, installed = version(), versions.version
    for package in ("numba", "numpy"):
        with monkeypatch.context() as patch:
            patch.setattr(versions, "version", lambda name, p=package: "0.0" if name == p else installed(name))
            assert version() != before


# --- the cache

RUN_FILE = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__')"
DRAW = """
import numpy as np
from sim import chance, compiled
from sim.compiled import entry

@entry
def draw(keys):
    return chance.uniform(keys, np.int64(4), np.int64(12), np.int64(3))

print(repr(draw(chance.stream_keys(5))), compiled.CACHE.name, len(list(compiled.CACHE.rglob("*.nbc"))))
"""


def test_an_edit_of_a_rule_is_obeyed_although_its_caller_is_cached(copied, edited, tmp_path):
    script = tmp_path / "draw.py"  # the caller never changes; numba alone would run the stale rule from its cache
    script.write_text(DRAW, encoding="utf-8")

    def drawn() -> list[str]:
        ended = python(copied, RUN_FILE, str(script), TOWNSHIP_LAB_CACHE=str(tmp_path / "cache"))
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.split()

    first, again = drawn(), drawn()
    assert first == again
    assert int(first[2]) > 0, "something was cached"
    text = (copied / "sim" / "chance.py").read_text(encoding="utf-8")
    assert text.count("* _UNIT") >= 2
    edited("chance.py", text.replace("* _UNIT", "* (0.5 * _UNIT)"))
    third = drawn()
    assert float(third[0]) == 0.5 * float(first[0])
    assert third[1] != first[1]
    edited("chance.py", text + "\n# a comment\n")
    assert drawn() == first


def test_a_home_that_cannot_be_written_to_does_not_stop_anybody(copied, tmp_path):
    script, home, spare = tmp_path / "draw.py", tmp_path / "home", tmp_path / "spare"
    script.write_text(DRAW, encoding="utf-8")
    home.write_text("a file, not a folder", encoding="utf-8")
    spare.mkdir()
    nowhere = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME"), str(home))
    elsewhere = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(spare))
    ended = python(copied, RUN_FILE, str(script), TOWNSHIP_LAB_CACHE="-", **nowhere, **elsewhere)
    assert ended.returncode == 0, ended.stderr
    assert list(spare.rglob("*.nbc")), "what was compiled is kept in the temporary folder"


def test_the_cache_stands_where_the_user_says(copied, tmp_path):
    code = "from sim import compiled; print(compiled.CACHE)"
    named = python(copied, code, TOWNSHIP_LAB_CACHE=str(tmp_path / "named"))
    assert Path(named.stdout.strip()).parent == tmp_path / "named"
    usual = python(
        copied,
        code,
        TOWNSHIP_LAB_CACHE="-",
        XDG_CACHE_HOME=str(tmp_path / "usual"),
        LOCALAPPDATA=str(tmp_path / "usual"),
    )
    assert Path(usual.stdout.strip()).parent == tmp_path / "usual" / "township-lab"


# --- compiling

CPU = np._core._multiarray_umath
# The plainest processor of a family: for numba's code, numpy and the C library (names of glibc before and from 2.33).
LEAST = {
    "NUMBA_CPU_NAME": "generic",
    "NPY_DISABLE_CPU_FEATURES": " ".join(name for name in CPU.__cpu_dispatch__ if CPU.__cpu_features__[name]),
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F,-AVX2_Usable,-FMA_Usable,-FMA4_Usable",
}


def bits() -> list[str]:
    """Digests of two small towns: state at week 0, weekly tallies, figures; every measure, a drawn strength."""
    found = []
    for orders in (
        {"burden": 0.5},
        {"town": "inspected", "measures": dict.fromkeys(MEASURES, 0.7), "potency": "draw"},
    ):
        chosen = setting(**{"residents": 1_500, "weeks": 52, "seed": 3, **orders})
        history = run.history(chosen, "village")
        records = run.branch(history, chosen)
        arrays = [*history.units[0].state, records.tallies, np.array(list(run.evaluate(records).values()))]
        found += [hashlib.sha256(array.tobytes()).hexdigest() for array in arrays]
    return found


FIRST_RUN = f"""
import hashlib
import numpy as np
from sim import run
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting

run.compile()

{inspect.getsource(bits)}

print(*bits())
"""


@pytest.mark.slow
def test_a_cold_start_says_so_and_how_long_it_takes_and_a_warm_one_says_nothing(copied, tmp_path, compiled_model):
    """The one cold compilation of these tests: 15 to 30 s on a core.

    It is for the plainest processor, and both starts give, bit by bit, what this process gives for its own.
    """
    here = bits()
    seconds = []
    for cold in (True, False):
        begin = time.perf_counter()
        ended = python(copied, FIRST_RUN, TOWNSHIP_LAB_CACHE=str(tmp_path / "cache"), **LEAST)
        seconds.append(time.perf_counter() - begin)
        assert ended.returncode == 0, ended.stderr[-2_000:]
        assert ended.stdout.split() == here
        lines = ended.stderr.splitlines()
        assert len(lines) >= 2 if cold else not lines, ended.stderr[-2_000:]
        assert all("ompil" in line for line in lines)
        assert all("s left" in line for line in lines[1:])
    assert seconds[1] < 0.5 * seconds[0]


def test_a_compilation_that_was_broken_off_is_announced_again(tmp_path, monkeypatch, capfd, compiled_model):
    """Only the compiled week counts: code of a smaller function, cached before, does not make a warm start."""
    (tmp_path / "sim_1").mkdir()
    (tmp_path / "sim_1" / "town.populate-179.py311.nbi").write_bytes(b"")
    monkeypatch.setattr(compiled, "CACHE", tmp_path)
    run.compile()
    assert len(capfd.readouterr().err.splitlines()) == 1


def test_one_compiled_form_serves_every_setting(compiled_model):
    """Other towns, facts, theories and details bring no other types: nothing is compiled in the middle of a job."""
    for orders in (
        {},
        {"measures": dict.fromkeys(MEASURES, 1.0), "potency": "draw"},
        {"town": "county", "residents": 2_000},
        {"coupling": False, "knock_out": ["tasks"], "facts": {"money": {"asset_share": 0.5}}},
        {"town": "inspected", "parameters": {"talk_weight": 0.08}},
    ):
        chosen = setting(**{"residents": 1_000, "weeks": 52, **orders})
        for detail in ("town", "village"):
            run.branch(run.history(chosen, detail), chosen)
    assert len(run_weeks.signatures) == 1


def test_the_time_left_follows_from_the_kernels_compiled_so_far(capsys, monkeypatch):
    assert compiled.seconds_left(10.0, 0.5) == pytest.approx(15.0)
    assert compiled.seconds_left(10.0, 1.0) == pytest.approx(2.5), "the last step is one of all together"
    waiting = compiled.Waiting()
    one, stranger = (SimpleNamespace(data={"dispatcher": it}) for it in (compiled.KERNELS[0], object()))
    waiting.on_end(one)
    assert capsys.readouterr().err == ""
    waiting.said -= 2 * compiled.EVERY
    waiting.on_end(stranger)
    assert re.fullmatch(r"Compiling the model: about \d+ s left\n", capsys.readouterr().err)
    assert len(waiting.seen) == 1
