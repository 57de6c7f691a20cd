"""How the weekly functions are compiled.

`kernel` marks what the week is made of, one decision (a rule) or a loop that applies rules to arrays, `entry` what
Python calls. Both are numba functions that release the interpreter lock, so that ensembles run in threads.

Numba's own cache does not notice an edit in a function that another file calls. The cache folder
therefore carries the model version (sim/version.py): an edit anywhere opens a new folder, and a comment does not.
"""

from __future__ import annotations

import os
import sys
import time
from functools import cache

from sim.version import cache_home, model_version

CACHE = cache_home() / model_version()
os.environ["NUMBA_CACHE_DIR"] = str(CACHE)

import numba  # noqa: E402  (the cache folder must be named before numba is loaded)
from numba.core import event, types  # noqa: E402
from numba.extending import intrinsic  # noqa: E402

numba.config.CACHE_DIR = str(CACHE)

# Numba spells a record out some 20,000 times while it compiles the week, field by field: a sixth of the time.
types.Record.__repr__ = cache(types.Record.__repr__)  # type: ignore[method-assign]

KERNELS: list[object] = []  # every kernel there is, for telling how far a compilation has come
SEEN = 0.8  # part of a compilation that is over when every kernel has been seen; the rest is one long step
EVERY = 5.0  # seconds between two lines


def kernel(function):
    """One decision, or a loop over rows that applies decisions; compiled into the week that calls it.

    It has no entry from Python: `kernel.py_func` is the plain function, for tests and hand calculation.
    """
    made = numba.njit(cache=True, nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(
        function
    )
    KERNELS.append(made)
    return made


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


class Waiting(event.Listener):
    """Says every few seconds on stderr how long a compilation will still take, by the kernels compiled so far."""

    def __init__(self) -> None:
        self.begun = self.said = time.monotonic()
        self.known = {id(kernel) for kernel in KERNELS}
        self.seen: set[int] = set()

    def on_start(self, started) -> None:
        """Nothing is said when a kernel's turn comes."""

    def on_end(self, ended) -> None:
        """Count a compiled kernel, and say how long the rest will take if it is time to."""
        self.seen |= {id(ended.data["dispatcher"])} & self.known
        now = time.monotonic()
        if now - self.said >= EVERY and self.seen:
            self.said = now
            left = seconds_left(now - self.begun, len(self.seen) / len(self.known))
            print(f"Compiling the model: about {left:.0f} s left", file=sys.stderr, flush=True)


def seconds_left(gone: float, part: float) -> float:
    """Seconds a compilation still takes, `gone` seconds after its start, when a part (0-1) of the kernels is done."""
    return gone * (1.0 / (SEEN * part) - 1.0)


def telling_time_left():
    """A context in which a compilation says how long it will still take."""
    return event.install_listener("numba:compile", Waiting())


def is_cold() -> bool:
    """Whether the week of this model version has not been compiled on this machine yet."""
    return not any(CACHE.rglob("week.run_weeks*.nbi"))
