"""The module that ships is the compiled week: the same tallies in every bit, outside any browser."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from experiments.page.image import call_of, image_of, laid_out, layout_of, with_every_measure
from experiments.page.module import COMMAND, path_of_module, read_module
from sim import run
from sim.inputs.measures import read_measures
from sim.inputs.settings import Setting, setting
from sim.inputs.validators import SettingError
from sim.levers import DIALS, LEVERS
from sim.run import with_measures
from sim.state import TALLY_TYPE, State
from sim.world import world_of
from tests.experiments.page.wasm_town import Town

TOWN = {"town": "average", "residents": 1200, "weeks": 104}
FEW = {
    "nothing": {},
    "dials": {"tolerance": 0.8, "burden": 2.5, "supervision": {"value": 1.0, "start": 10, "end": 60}},
    "measures": {"measures": dict.fromkeys(read_measures(), 1.0)},
    "windows": {
        "measures": {"one_window": {"intensity": 0.5, "start": 20, "end": 70}},
        "levers": {"error_shelter": 0.6},
    },
}


@pytest.fixture(scope="module")
def town(compiled_model) -> Town:
    image = image_of(setting(**TOWN, seed=4))
    return Town(image).load(module_of(setting(**TOWN, seed=4)))


def module_of(chosen: Setting) -> bytes:
    state = run.history(chosen).units[0].state
    return read_module(layout_of(call_of(state, world_of(chosen), 1)))


def desktop(chosen: Setting) -> bytes:
    return run.branch(run.history(chosen), chosen).tallies[52:].tobytes()


@pytest.mark.parametrize("name", FEW)
def test_the_module_counts_what_the_desktop_counts(town, name):
    chosen = setting(**TOWN, seed=4, **FEW[name])
    assert town.run(chosen, 104).tobytes() == desktop(chosen)


def test_weeks_in_pieces_are_the_same_weeks(town):
    chosen = setting(**TOWN, seed=4, burden=0.5)
    assert town.run(chosen, 13).tobytes() == town.run(chosen, 104).tobytes()


def test_a_pool_grows_in_place_as_on_the_desktop(compiled_model):
    """In a town whose pools are full at week 0, the reserve behind them takes over, and nothing else changes."""
    chosen = setting(**TOWN, seed=4, burden=2.5, measures={"error_tolerance": 1})
    past = run.history(chosen)
    unit = past.units[0]
    free = int(unit.state.office["cases_free"][0])
    cramped = replace(past, units=(replace(unit, state=without_free_rows(unit.state, free - 5)),))
    world = world_of(with_every_measure(chosen))
    state = with_measures(cramped.units[0].state, world)
    small = Town(laid_out(chosen, state, world, unit.tallies)).load(module_of(chosen))
    assert small.run(chosen, 104).tobytes() == run.branch(cramped, chosen).tallies[52:].tobytes()
    assert small.grown > 0


def without_free_rows(state: State, count: int) -> State:
    """The state with `count` fewer free rows for cases: the first ones of the list are skipped."""
    state = state.copy()
    for _ in range(count):
        first = state.office["free_case"][0]
        state.office["free_case"] = state.cases["next"][first]
        state.office["cases_free"] -= 1
    return state


def test_a_module_of_another_model_version_is_refused_and_says_what_builds_it(tmp_path):
    shutil.copy(path_of_module(), tmp_path / "0123456789abcdef.wasm")
    with pytest.raises(SettingError, match=f"version 0123456789abcdef, .*{COMMAND}"):
        read_module("", tmp_path)


def test_a_module_for_other_records_is_refused(compiled_model):
    with pytest.raises(SettingError, match=f"other parameters or facts.*{COMMAND}"):
        read_module("0" * 16)


def test_a_field_more_changes_the_layout():
    few = np.zeros(1, TALLY_TYPE)
    more = np.zeros(1, [*TALLY_TYPE.descr, ("another", "f8")])
    assert layout_of((few, 1)) != layout_of((more, 1))
    assert layout_of((few, 1)) == layout_of((np.ones(1, TALLY_TYPE), 2))


@pytest.mark.parametrize(("town", "said"), [("county", "units"), ("sample", "with each seed")])
def test_a_town_of_several_units_or_drawn_ones_is_refused(town, said):
    with pytest.raises(SettingError, match=f"{said}, a town of one township unit expected"):
        image_of(setting(town, residents=6000))


def random_setting(number: int) -> Setting:
    draw = np.random.default_rng(number)
    weeks = 208

    def window(name: str, value: float) -> dict[str, float]:
        start = int(draw.integers(0, 150))
        return {name: value, "start": start, "end": int(draw.integers(start + 1, weeks + 1))}

    measures = {id: window("intensity", float(draw.random())) for id in read_measures() if draw.random() < 0.4}
    dials = {
        id: window("value", float(draw.uniform(LEVERS[id].low, LEVERS[id].high))) for id in DIALS if draw.random() < 0.7
    }
    return setting("average", residents=5000, weeks=weeks, seed=number % 5, measures=measures, **dials)


@pytest.mark.slow
def test_fifty_random_settings_count_the_same(compiled_model):
    module = module_of(random_setting(0))
    for seed in range(5):
        town = Town(image_of(random_setting(seed))).load(module)
        for number in range(seed, 50, 5):
            chosen = random_setting(number)
            assert town.run(chosen, 208).tobytes() == desktop(chosen), number


@pytest.mark.slow
def test_the_module_built_anew_is_the_one_that_ships(tmp_path):
    pytest.importorskip("ziglang")
    from experiments.page.build import build

    assert build(tmp_path).read_bytes() == path_of_module().read_bytes()
