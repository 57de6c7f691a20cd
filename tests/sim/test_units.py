"""Units of a county: side by side on threads, and told apart."""

from __future__ import annotations

import time

import numpy as np
import pytest
import xarray

import sim
from sim import dataset, run
from sim.cores import pool_of
from sim.indicators import INDICATORS
from sim.inputs.settings import setting

COUNTY = {"town": "county", "residents": 6_000, "weeks": 52, "seed": 3}


@pytest.fixture(scope="module")
def chosen(compiled_model):
    return setting(**COUNTY)


@pytest.fixture(scope="module")
def told_apart(chosen):
    """The labelled series of the county with its units."""
    return dataset.single_dataset(run.branch(run.history(chosen, "unit"), chosen))


@pytest.mark.parametrize("detail", run.DETAILS)
def test_threads_change_nothing(chosen, detail):
    alone = run.branch(run.history(chosen, detail), chosen)
    with pool_of(3) as pool:
        beside = run.branch(run.history(chosen, detail, pool.map), chosen, pool.map)
    for name in ("weeks", "tallies", "villages", "units"):
        one, other = getattr(alone, name), getattr(beside, name)
        assert (one is None) == (other is None)
        assert one is None or one.tobytes() == other.tobytes(), name


def test_simulate_gives_the_units_by_letter(told_apart):
    found = sim.simulate(**COUNTY, detail="unit")
    xarray.testing.assert_identical(found, told_apart)
    names = [unit.name for unit in setting(**COUNTY).drawn.units]
    assert found["unit"].values.tolist() == names and names[0] == "A"
    assert found["satisfaction"].dims == ("week", "unit")
    assert found["satisfaction_by_unit"].dims == ("period", "unit")


def test_the_town_is_that_of_a_run_without_units(chosen, told_apart):
    town = dataset.single_dataset(run.branch(run.history(chosen), chosen))
    for name in INDICATORS:
        xarray.testing.assert_identical(town[f"{name}_in"], told_apart[f"{name}_in"])


def test_a_unit_of_the_county_is_the_figure_of_its_own_tallies(chosen, told_apart):
    records = run.branch(run.history(chosen, "unit"), chosen)
    year = records.units[-52:, 1]
    served = year["ontime_hours"].sum() / year["due_hours"].sum()
    unit = told_apart.isel(unit=1).sel(period="evaluation")
    assert float(unit["service_efficiency_by_unit"]) == pytest.approx(served, rel=1e-12)
    assert np.ptp(told_apart["satisfaction_by_unit"].sel(period="evaluation").values) > 0.0


def test_villages_that_run_alone_are_numbered_within_their_unit():
    apart = setting(**COUNTY, coupling=False)
    names = dataset.names_of_units(apart)
    assert names[0] == "A1" and len(set(names)) == len(names)


def test_figures_by_unit_need_units(chosen):
    records = run.branch(run.history(chosen), chosen)
    with pytest.raises(ValueError, match="unit"):
        run.figures_by_unit(records)


def test_what_has_not_begun_is_dropped_when_something_ends_the_run():
    """Ctrl-C in a county is not heard only when all of its units are done."""
    begun: list[int] = []
    with pytest.raises(KeyboardInterrupt), pool_of(1) as pool:

        def one(number: int) -> int:
            begun.append(number)
            time.sleep(0.01)
            return number

        for number in pool.map(one, range(500)):
            if number == 3:
                raise KeyboardInterrupt
    assert len(begun) < 100
