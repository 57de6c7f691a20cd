"""The fixed measures of tests.benchmarks.bench do the work that they are said to do."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks import packed
from tests.benchmarks.bench import exponent

RESIDENTS, WEEKS = 4_000, 60


def test_the_packed_kernel_raises_and_closes_cases_and_repeats_itself():
    found = []
    for _ in range(2):
        town, counts = packed.build(RESIDENTS, 7), np.zeros(5)
        packed.weeks(town, 7, 0.5, 0, WEEKS, counts)
        found.append((counts.tolist(), town.satisfaction.tobytes(), town.queue.tobytes()))
    assert found[0] == found[1]
    raised, closed, waited = counts[:3]
    assert raised == pytest.approx(RESIDENTS * WEEKS * packed.ARRIVAL, rel=0.05)
    waiting = np.diff(town.queue, axis=0)
    assert raised - closed == waiting.sum() > 0
    assert waited / closed > 1.0
    assert counts[3:].min() > 0


def test_reading_reads_every_record():
    residents = np.zeros(1001, [("satisfaction", "f4"), ("other", "f4", 7)])
    residents["satisfaction"] = np.arange(1001) % 7
    residents["other"] = 100.0
    assert packed.read(residents) == residents["satisfaction"].sum()


def test_the_exponent_is_that_of_the_whole_time():
    sizes = (1_000, 20_000, 300_000)
    assert exponent({n: 5.0 * n**0.2 for n in sizes}) == pytest.approx(1.2)
    assert exponent(dict.fromkeys(sizes, 14.0)) == pytest.approx(1.0)
