"""How the weekly functions are compiled.

`kernel` marks what the week is made of, one decision (a rule) or a loop that applies rules to arrays, `entry` what
Python calls. Both are numba functions that release the interpreter lock, so that ensembles run in threads.

Numba's own cache does not notice an edit in a function that another file calls. The cache folder
therefore carries the model version (sim/version.py): an edit anywhere opens a new folder, and a comment does not.
"""

from __future__ import annotations

import os

from sim.version import cache_home, model_version

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
