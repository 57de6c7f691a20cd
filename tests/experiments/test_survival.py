"""A job that is killed goes on with the same line, ends with the same tables, and repeats nothing that is stored."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks.survival import WORDS, survive


@pytest.mark.skipif(sys.platform == "win32", reason="sends a Unix signal")
def test_a_killed_ranking_goes_on_with_the_same_line(place, compiled_model):
    found = survive(place, 3, 1, [*WORDS, "replicates=12"])
    assert found["kills"] == 3 and found["lost"] < 3 * found["runs"]
