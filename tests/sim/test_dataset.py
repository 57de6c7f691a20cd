"""Labelled data of one run, and the histories that `sim.simulate` keeps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier

import numpy as np
import pytest
import xarray

import sim
from sim import dataset, run
from sim.inputs.settings import setting
from tests.labelled import labelled

SMALL = {"residents": 3_000, "weeks": 60, "seed": 3}


@pytest.fixture(autouse=True)
def nothing_kept(compiled_model):
    dataset.forget_histories()
    yield
    dataset.forget_histories()


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, str]]:
    """(history key, detail) of every history that is really simulated."""
    found: list[tuple[str, str]] = []
    simulated = run.history

    def history(chosen, detail="town", each=map):
        found.append((chosen.history_key, detail))
        return simulated(chosen, detail, each)

    monkeypatch.setattr(run, "history", history)
    return found


def records_of(detail: str = "town", **orders) -> run.Records:
    chosen = setting(**{**SMALL, **orders})
    return run.branch(run.history(chosen, detail), chosen)


# --- labels


@pytest.mark.parametrize("orders", [{}, {"weeks": 52}, {"detail": "village"}, {"residents": 120}], ids=str)
def test_the_series_of_a_run_are_those_put_together_variable_by_variable(orders):
    records = records_of(**orders)
    expected = labelled({"run": [records]}).isel(setting=0, replicate=0, drop=True)
    assert not (records.setting.measures or records.setting.levers)
    expected.attrs |= {"fingerprint": records.setting.fingerprint, "seed": records.setting.seed, "unchanged": "run"}
    for _ in range(2):
        found = dataset.single_dataset(records)
        xarray.testing.assert_identical(found, expected)
        assert list(found.variables) == list(expected.variables)
        assert list(found.coords) == list(expected.coords) and list(found.xindexes) == list(expected.xindexes)
        assert list(found.attrs.items()) == list(expected.attrs.items())
        for name, variable in expected.variables.items():
            assert found.variables[name].dtype == variable.dtype, name
            assert list(found.variables[name].attrs.items()) == list(variable.attrs.items()), name


def test_what_is_written_into_one_dataset_is_in_no_other():
    records = records_of()
    first, untouched = dataset.single_dataset(records), dataset.single_dataset(records).copy(deep=True)
    for name, variable in first.variables.items():
        variable.attrs["unit"] = "furlongs"
        if name not in first.xindexes:
            variable.values[:] = variable.values[0]
    first.attrs["seed"] = -1
    first["week"].attrs.clear()
    first["more"] = first["satisfaction"]
    xarray.testing.assert_identical(dataset.single_dataset(records), untouched)


# --- histories


def test_a_second_dial_does_not_simulate_the_past_again(asked):
    dials = [{"burden": 0.5}, {"burden": 1.5}, {"measures": {"one_window": 1.0}}, {"weeks": 80}, {"burden": 0.5}]
    shared = [sim.simulate(**{**SMALL, **orders}) for orders in dials]
    assert len(asked) == 1
    for orders, found in zip(dials, shared, strict=True):
        dataset.forget_histories()
        xarray.testing.assert_identical(sim.simulate(**{**SMALL, **orders}), found)
    assert len(asked) == 1 + len(dials)
    assert not np.array_equal(shared[0]["satisfaction"], shared[1]["satisfaction"])


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 4},
        {"residents": 3_100},
        {"town": "demo_village"},
        {"detail": "village"},
        {"parameters": {"disposition_spread": 8.0}},
        {"facts": {"calendar": {"settling_weeks": 50}}},
        {"coupling": False},
    ],
    ids=str,
)
def test_another_past_is_simulated(other, asked):
    sim.simulate(**SMALL)
    found = sim.simulate(**{**SMALL, **other})
    assert len(asked) == len(set(asked)) == 2
    dataset.forget_histories()
    xarray.testing.assert_identical(sim.simulate(**{**SMALL, **other}), found)


def test_another_model_has_another_past(asked, monkeypatch):
    sim.simulate(**SMALL)
    monkeypatch.setattr(dataset, "model_version", lambda: "0" * 16)
    sim.simulate(**SMALL)
    assert len(asked) == 2


def test_branches_leave_the_past_that_they_share_as_it_is():
    chosen = setting(**SMALL)
    history = dataset.shared_history(chosen, "town")

    def prints() -> list[str]:
        arrays = [array for unit in history.units for array in (*unit.state, unit.tallies)]
        return [sha256(array.tobytes()).hexdigest() for array in arrays]

    before = prints()
    sim.simulate(**SMALL, burden=2.5, measures={"one_window": 1.0})  # enough paper that the pool of cases grows
    assert dataset.shared_history(chosen, "town") is history
    assert prints() == before


def test_the_histories_that_are_kept_are_the_latest_and_few(asked, monkeypatch):
    monkeypatch.setattr(dataset, "MOST_HISTORIES", 2)
    for seed in (1, 2, 1, 3, 1, 2):  # 2 is let go when 3 comes, because 1 has been asked for since
        sim.simulate(**{**SMALL, "seed": seed})
    assert [key for key, _ in asked] == [setting(**{**SMALL, "seed": seed}).history_key for seed in (1, 2, 3, 2)]


def test_the_histories_that_are_kept_fit_in_their_bytes(asked, monkeypatch):
    size = dataset.bytes_of(dataset.shared_history(setting(**SMALL), "town"))
    monkeypatch.setattr(dataset, "MOST_BYTES", int(2.3 * size))
    for residents in (3_000, 12_000, 3_000):  # one that is too large by itself drives nobody out
        sim.simulate(**{**SMALL, "residents": residents})
    assert len(asked) == 2
    sim.simulate(**{**SMALL, "residents": 12_000})
    assert len(asked) == 3
    for seed in (1, 2, 1, 2, 4):
        sim.simulate(**{**SMALL, "seed": seed})
    assert len(asked) == 6
    sim.simulate(**SMALL)
    assert len(asked) == 7, "driven out by later ones"


def test_threads_that_ask_for_one_past_have_it_simulated_once(asked):
    ready = Barrier(4)

    def dial(burden: float) -> xarray.Dataset:
        ready.wait()
        return sim.simulate(**SMALL, burden=burden)

    burdens = (0.0, 0.5, 1.0, 2.0)
    with ThreadPoolExecutor(len(burdens)) as pool:
        found = list(pool.map(dial, burdens))
    assert len(asked) == 1
    for burden, one in zip(burdens, found, strict=True):
        xarray.testing.assert_identical(one, sim.simulate(**SMALL, burden=burden))


def test_a_past_that_failed_is_not_kept(asked, monkeypatch):
    for _ in range(2):
        with pytest.raises(sim.SettingError, match="detail: 'street' given"):
            sim.simulate(**SMALL, detail="street")
    assert len(asked) == 2
    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(run, "history", lambda chosen, detail, each: (_ for _ in ()).throw(MemoryError))
        sim.simulate(**SMALL)
    assert sim.simulate(**SMALL).sizes["week"] == 112
