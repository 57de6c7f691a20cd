"""Ensembles: from a design to a labelled dataset, with a persistent store of finished runs in between.

    from experiments.ensemble import run_ensemble
    ds = run_ensemble({"today": a, "relief": b}, replicates=20, store="results/store")
    ds["satisfaction_in"].sel(setting="relief", period="evaluation").mean("replicate")

Rows are settings; replicate k runs with the row's seed + k in every row, so that rows share their
shocks. What lies before week 0 is simulated once for members that have it in runs. Members that
the store has are not run again, whichever job wrote them. The figures depend neither on the executor
nor on the order of the members.
"""

from importlib import import_module
from typing import Any

# Loaded when first used, so that a help text is instant.
_HOMES = {
    "run_ensemble": "run_design",
    "run_members": "run_design",
    "Results": "results",
    "Executor": "executors",
    "Progress": "progress",
    "DesignKey": "members",
    "Member": "members",
    "Failure": "members",
    "rows_by_seeds": "members",
    "coalition_members": "members",
    "ExecutorError": "errors",
    "Halted": "errors",
    "PartialDesign": "errors",
    "StoreError": "errors",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
