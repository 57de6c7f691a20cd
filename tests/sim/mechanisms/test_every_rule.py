"""The shape of the code: every rule says what it is, and every parameter is read."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module

import sim.mechanisms
import sim.week

from .rules import PRIORS

FILES = [import_module(f"sim.mechanisms.{file.name}") for file in pkgutil.iter_modules(sim.mechanisms.__path__)]


def test_every_rule_says_what_it_is_and_every_parameter_is_read():
    code = "".join(inspect.getsource(file) for file in (*FILES, sim.week))
    read = set(re.findall(r"\bp\.(\w+)", code)) | {"disposition_spread", "claim_share", "hide"}  # where towns are built
    for file in FILES:
        for name, rule in vars(file).items():
            if hasattr(rule, "py_func") and rule.py_func.__module__ == file.__name__:
                assert rule.py_func.__doc__, f"{file.__name__}.{name}"
    assert set(PRIORS) == read
