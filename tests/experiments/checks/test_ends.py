"""Indicators at 0 or 1 in the average town: experiments/checks/ends.py finds them, docs/model.md explains them."""

from __future__ import annotations

import numpy as np

from experiments.checks import ends
from sim.indicators import INDICATORS


def test_docs_model_lists_what_is_found(compiled_model):
    text = ends.PAGE.read_text(encoding="utf-8")
    assert ends.in_average() == ends.listed(text), "python -m experiments.checks.ends shows what is found"


def test_an_end_is_the_same_in_every_seed_and_only_a_share_has_an_upper_one():
    found = {name: np.array([0.5, 1.0]) for name in INDICATORS}
    found |= {"fatigue": np.array([1.0, 1.0]), "overtime_hours": np.array([1.0, 1.0]), "announced": np.zeros(2)}
    found |= {"pressure": np.array([0.0, 0.1]), "trouble": np.array([np.nan, 0.0])}
    assert ends.at_an_end(found) == {"fatigue": 1, "announced": 0}


def test_the_list_ends_with_its_section():
    section = f"{ends.HEAD}\n\n- `fatigue` (1): y\n  z\n- `announced` (0): w\n"
    text = f"- `pressure` (0): x\n{section}\n## Next\n\n- `trouble` (0): v\n"
    assert ends.listed(text) == {"fatigue": 1, "announced": 0}
