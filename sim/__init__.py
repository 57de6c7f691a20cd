"""A grassroots-governance simulation: one import, one call.

>>> import sim
>>> ds = sim.simulate("demo_village", tolerance=0.6, burden=0.5, weeks=52, seed=7)
>>> sorted(sim.outcomes(ds))[:2]
['asset_leakage', 'believed_detection']

Everything heavy (numba, Mesa, xarray) is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

_HOMES = {
    "simulate": "sim.dataset",
    "outcomes": "sim.dataset",
    "setting": "sim.inputs.settings",
    "Setting": "sim.inputs.settings",
    "SettingError": "sim.inputs.settings",
    "LEVERS": "sim.levers",
    "MEASURES": "sim.inputs.measures",
    "INDICATORS": "sim.indicators",
    "OUTCOMES": "sim.indicators",
    "TownModel": "sim.mesa.model",
    "Cadre": "sim.mesa.agents",
    "Resident": "sim.mesa.agents",
    "Department": "sim.mesa.agents",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
