"""How the weekly functions are compiled, and where the compiled code is kept.

`kernel` marks what the week is made of, one decision (a rule) or a loop that applies rules to arrays, `entry` what
Python calls. Both are numba functions that release the interpreter lock, so that ensembles run in threads.

Numba's own cache does not notice an edit in a function that another file calls. The cache folder
therefore carries a fingerprint of the model's code (without comments and docstrings), of its tables
and of the numba and numpy versions: an edit anywhere opens a new folder, and a comment does not.
The same fingerprint is the *model version* in every result.
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
FACES = ("model.py", "agents.py")  # they show the model and cannot change a result


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


@cache
def model_version() -> str:
    """Hash of the model's code without its words, and of the numba and numpy versions (16 hex digits)."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        if path.name in FACES:
            continue
        digest.update(path.relative_to(SOURCES).as_posix().encode())
        digest.update(code_without_words(path.read_text(encoding="utf-8")).encode())
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
    """Folder for compiled code: $TOWNSHIP_LAB_CACHE, else the user's cache folder, else a temporary one."""
    named = os.environ.get("TOWNSHIP_LAB_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    home = base / "township-lab"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError:
        return own_temporary_folder()


CACHE = cache_home() / model_version()
os.environ["NUMBA_CACHE_DIR"] = str(CACHE)

import numba  # noqa: E402  (the cache folder must be named before numba is loaded)
from numba.extending import intrinsic  # noqa: E402

numba.config.CACHE_DIR = str(CACHE)


def kernel(function):
    """One decision, or a loop over rows that applies decisions; compiled into the week that calls it.

    It has no entry from Python: `kernel.py_func` is the plain function, for tests and pencils.
    """
    return numba.njit(cache=True, nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(
        function
    )


def entry(function):
    """A compiled function that Python calls; cached, and free of the interpreter lock."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


@intrinsic
def unowned(typing_context, array):
    """The same array without its owner, for loops in which the caller keeps it alive.

    It spares a locked reference count at every call that hands the array on.
    """

    def borrow(context, builder, signature, arguments):
        view = context.make_array(signature.return_type)(context, builder, value=arguments[0])
        for part in ("meminfo", "parent"):
            setattr(view, part, getattr(view, part).type(None))
        return view._getvalue()

    return array(array), borrow


def is_cold() -> bool:
    """Whether the week of this model version has not been compiled on this machine yet."""
    return not any(CACHE.rglob("week.run_weeks*.nbi"))
