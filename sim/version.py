"""The model version, and the folder for compiled code that carries it.

The version stands in every result. It is a hash of what decides numbers, and of nothing else. It covers the engine's
code (without comments and docstrings), the numbers of the lever table, the formulas of the indicators, and the numba
and numpy versions. It leaves out code that reads input (sim/inputs/) presents the model (sim/mesa/, sim/dataset.py,
sim/diary.py) or spreads its units over cores, and every label. What sim/inputs/ makes of files is part of a setting's
own key.
"""

from __future__ import annotations

import ast
import hashlib
import os
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

SOURCES = Path(__file__).parent
# Readers and faces: what readers make of files is in the key of a setting.
OUTSIDE = ("inputs/", "mesa/", "dataset.py", "diary.py", "diary_events.py", "cores.py", "version.py", "__init__.py")
TABLES = ("levers.py", "indicators/")  # tables with labels: their numbers are hashed, not their code
# What stands among tables and readers and yet reckons: how an indicator is worked out, how a seed draws its town.
RECKONED = ("indicators/indicator.py", "inputs/sampling.py")


def code_without_words(source: str) -> str:
    """Source text reduced to what runs: comments and docstrings are dropped."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            constant = first.value if isinstance(first, ast.Expr) else None
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree, annotate_fields=False)


def engine(root: Path) -> list[str]:
    """The files whose code decides numbers, relative to the package."""
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    return [name for name in names if name in RECKONED or not name.startswith((*OUTSIDE, *TABLES))]


def numbers_of_tables() -> str:
    """What decides numbers in the tables of levers and indicators: everything but their words."""
    from sim.indicators import INDICATORS
    from sim.levers import LEVERS

    levers = [(lever.id, lever.low, lever.high) for lever in LEVERS.values()]
    indicators = [(i.id, i.kind, i.over, i.under, i.scale, i.less_over, i.less_under) for i in INDICATORS.values()]
    return repr((levers, indicators))


@cache
def model_version() -> str:
    """Hash of all that decides numbers, see the head of this file (16 hex digits)."""
    digest = hashlib.sha256(numbers_of_tables().encode())
    for name in engine(SOURCES):
        digest.update(name.encode())
        digest.update(code_without_words((SOURCES / name).read_text(encoding="utf-8")).encode())
    for package in ("numba", "numpy"):
        digest.update(f"{package}=={version(package)}".encode())
    return digest.hexdigest()[:16]


def own_temporary_folder() -> Path:
    """A folder of this user's alone for compiled code, where the user has no cache: what is in it will be run."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    home = Path(tempfile.gettempdir()) / f"township-lab-{user}"
    home.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid"):
        found = home.lstat()
        if found.st_uid != os.getuid() or found.st_mode & 0o077:
            return Path(tempfile.mkdtemp(prefix="township-lab-"))
    return home


def cache_home() -> Path:
    """Folder for compiled code: $TOWNSHIP_LAB_CACHE as it is, else the user's cache folder, else a temporary one.

    What is in it will be run: the user's is closed to others, and one that belongs to another user is not used.
    """
    named = os.environ.get("TOWNSHIP_LAB_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    home = base / "township-lab"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid"):
            found = home.stat()
            if found.st_uid != os.getuid():
                return own_temporary_folder()
            if found.st_mode & 0o077:
                home.chmod(0o700)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError:
        return own_temporary_folder()
