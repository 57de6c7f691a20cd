"""The Mesa face: the same weeks, and agents that are views on rows."""

from __future__ import annotations

import doctest
import gc
import warnings
import weakref
from functools import partial

import mesa
import numpy as np
import pytest

import sim
import sim.mesa.agents
import sim.mesa.model
from sim import run
from sim.inputs.settings import setting
from sim.inputs.validators import SettingError
from sim.state import CADRE, CASE, RESIDENT, STEP, State
from sim.town import grow_pools
from sim.vocabulary import CLUSTERS
from sim.world import world_of

VILLAGE = {"town": "demo_village", "residents": 2000, "weeks": 52, "seed": 7}
ORDERS = {"burden": 0.8, "measures": {"one_window": 1.0, "burden_relief": {"intensity": 0.5, "start": 10}}}
TWO = {**VILLAGE, "town": "average", "residents": 4000}  # two villages in one unit


def same(a: np.ndarray, b: np.ndarray) -> bool:
    if a.dtype.names:
        return a.dtype == b.dtype and all(same(a[name], b[name]) for name in a.dtype.names)
    return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def differing(a: State, b: State) -> list[str]:
    """Names of the fields (table.field) in which two states differ."""
    found = []
    for table, one, other in zip(State._fields, a, b, strict=True):
        for name in one.dtype.names or [None]:
            if not same(*((one, other) if name is None else (one[name], other[name]))):
                found.append(f"{table}.{name}" if name else table)
    return found


def branched(**keywords) -> tuple[run.Records, list[State]]:
    """Records and last states of a run by sim.run, without Mesa."""
    detail = keywords.pop("detail", "town")
    chosen = setting(**keywords)
    history, world = run.history(chosen, detail), world_of(chosen)
    states = [
        run.run_unit(run.with_measures(unit.state, world), world, 0, chosen.weeks, 0).state for unit in history.units
    ]
    return run.branch(history, chosen), states


def assert_same_run(model: sim.mesa.model.TownModel, records: run.Records, states: list[State]) -> None:
    assert [differing(a, b) for a, b in zip(model.units, states, strict=True)] == [[]] * len(states)
    found = model.records()
    assert found.setting == records.setting
    assert np.array_equal(found.weeks, records.weeks)
    assert same(found.tallies, records.tallies)
    assert (found.villages is None) == (records.villages is None)
    assert records.villages is None or same(found.villages, records.villages)


# --- the same weeks


@pytest.mark.parametrize("start_week", [-52, 0])
@pytest.mark.parametrize(
    "keywords",
    [
        {**VILLAGE, **ORDERS},
        {**TWO, **ORDERS, "detail": "village", "knock_out": ["service"], "theory": {"effort": "habit"}},
        {**TWO, "burden": 2.5, "coupling": False},
        {"town": "county", "residents": 5000, "weeks": 52, "seed": 1, "measures": {"asset_platform": 1}},
    ],
    ids=["measures", "by village", "uncoupled", "county"],
)
def test_a_run_through_mesa_is_the_run_without_it(keywords, start_week):
    records, states = branched(**keywords)
    model = sim.TownModel(start_week=start_week, **keywords)
    assert model.week == start_week
    model.run()
    assert model.week == model.setting.weeks
    assert_same_run(model, records, states)


def test_both_starts_stand_at_the_same_week_0():
    early, late = sim.TownModel(**VILLAGE, **ORDERS), sim.TownModel(start_week=0, **VILLAGE, **ORDERS)
    early.run(52)
    assert (early.week, early.steps, late.week, late.steps) == (0, 52, 0, 0)
    assert_same_run(late, early.records(), early.units)
    assert len(early.units[0].strength) == 2


def test_the_dataset_is_that_of_simulate():
    ds = sim.simulate(**TWO, **ORDERS, detail="village")
    model = sim.TownModel(start_week=0, **TWO, **ORDERS, detail="village")
    model.run()
    assert model.dataset().identical(ds)


def test_a_pool_that_grows_between_steps_changes_nothing_that_is_counted():
    records, _ = branched(**VILLAGE, **ORDERS)
    model = sim.TownModel(start_week=0, **VILLAGE, **ORDERS)
    cadre, seen = next(iter(model.agents_by_type[sim.Cadre])), []
    rate = cadre.rate
    for _ in range(52):
        model._states = [grow_pools(state, 50) for state in model._states]
        model.step()
        seen.append(cadre.skill)
    assert same(model.records().tallies, records.tallies)
    assert cadre.skill == model.units[0].cadres["skill"][0] == seen[-1] != seen[0]
    assert np.shares_memory(rate, model.units[0].cadres)


def test_a_shortage_of_rows_is_met_as_in_a_run_without_mesa():
    model = sim.TownModel(**VILLAGE, facts={"calendar": {"settling_weeks": 0}})
    bare = model.units[0].copy()._replace(cases=np.zeros(0, CASE), steps=np.zeros(0, STEP))
    bare.office["free_case"] = bare.office["free_step"] = -1
    for name in ("cases_free", "steps_free", "highest_case"):
        bare.office[name] = 0
    whole = run.run_unit(bare.copy(), world_of(model.setting, history=True), -52, -40, -52)
    model._states = [bare.copy()]
    model.run(12)
    assert len(model.units[0].cases) > 0
    assert differing(model.units[0], whole.state) == []
    assert same(model.records().tallies, whole.tallies[:, 0])


def test_running_ends_with_the_setting_and_a_longer_run_is_that_of_a_longer_setting():
    model = sim.TownModel(start_week=0, **VILLAGE, **ORDERS)
    model.run(51)
    assert model.running
    model.step()
    assert not model.running
    model.run()
    assert model.week == 52
    model.run(8)
    records, states = branched(**{**VILLAGE, **ORDERS, "weeks": 60})
    assert (model.week, model.running) == (60, False)
    assert_same_run(model, records, states)
    assert model.dataset().attrs["fingerprint"] == records.setting.fingerprint


def test_records_and_dataset_need_weeks():
    model = sim.TownModel(**VILLAGE)
    with pytest.raises(ValueError, match="nothing has been counted"):
        model.records()
    model.run(3)
    assert list(model.records().weeks) == [-52, -51, -50]
    with pytest.raises(ValueError, match="stands at week -49"):
        model.dataset()


BAD_SETTINGS = [
    ({"start_week": -10}, "sim.TownModel, start_week: -10 given, -52 or 0 expected"),
    ({"detail": "vilage"}, "detail: 'vilage' given, town, unit or village expected"),
    ({"burden": 9}, "sim.TownModel, burden: 9 given"),
    ({"start_weak": 0}, "sim.TownModel, start_weak: no such key; did you mean start_week?"),
    ({"residentz": 3}, "sim.TownModel, residentz: no such key; did you mean residents?"),
]


def test_a_bad_setting_is_named(subtests):
    for keywords, words in BAD_SETTINGS:
        with subtests.test(keywords=keywords), pytest.raises(SettingError, match=words):
            sim.TownModel("demo_village", **keywords)


# --- what Mesa offers


def test_the_collector_has_a_row_for_the_start_and_one_for_each_step():
    model = sim.TownModel(**VILLAGE, **ORDERS)
    model.run()
    frame = model.datacollector.get_model_vars_dataframe()
    ds = sim.simulate(**VILLAGE, **ORDERS)
    assert list(frame.columns) == list(sim.OUTCOMES)
    assert len(frame) == 1 + 52 + 52
    assert frame.iloc[0].isna().all()
    for name in sim.OUTCOMES:
        assert np.array_equal(frame[name].to_numpy()[1:], ds[name].to_numpy(), equal_nan=True)


def test_batch_run_takes_the_model():
    rows = mesa.batch_run(
        sim.TownModel,
        {"town": "demo_village", "residents": 500, "weeks": 52, "start_week": 0, "seed": [1, 2]},
        max_steps=1000,
        display_progress=False,
    )
    assert [row["Step"] for row in rows] == [51, 51]  # Mesa leaves the last row out
    for row in rows:
        ds = sim.simulate("demo_village", residents=500, weeks=52, seed=row["seed"])
        assert row["satisfaction"] == float(ds["satisfaction"].sel(week=50))


def test_iterations_of_batch_run_are_copies_and_say_so():
    """Three seeds as a parameter are three runs, without a word."""
    words = {"town": "demo_village", "residents": 200, "weeks": 52, "start_week": 0}
    run_all = partial(mesa.batch_run, sim.TownModel, max_steps=3, display_progress=False)
    with pytest.warns(UserWarning, match=r"copies of one run \(seed 0\); give seeds as a parameter instead"):
        rows = run_all(words, iterations=3)
    assert len(rows) == 3 and len({row["satisfaction"] for row in rows}) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = run_all({**words, "seed": range(3)})
    assert len({row["satisfaction"] for row in rows}) == 3


def test_own_draws_from_mesas_generators_shift_nothing():
    one, other = (sim.TownModel(start_week=0, **VILLAGE) for _ in range(2))
    for _ in range(4):
        other.random.random(), other.rng.random()
        other.agents.shuffle()
        one.step(), other.step()
    assert differing(one.units[0], other.units[0]) == []


def test_a_dropped_model_is_freed():
    model = sim.TownModel(**VILLAGE)
    model.step()
    next(iter(model.agents_by_type[sim.Resident])).trust = 10.0
    gone = weakref.ref(model)
    assert model not in mesa.Agent._ids
    del model
    gc.collect()
    assert gone() is None


def test_unique_ids_count_within_a_model():
    for _ in range(2):
        model = sim.TownModel(**VILLAGE)
        assert sorted(agent.unique_id for agent in model.agents) == list(range(1, len(model.agents) + 1))


def test_there_is_an_agent_for_every_row():
    model = sim.TownModel("county", residents=5000, weeks=52)
    assert sum(len(state.residents) for state in model.units) == 5000
    for kind, count in (
        (sim.Resident, lambda state: len(state.residents)),
        (sim.Cadre, lambda state: len(state.cadres)),
        (sim.Department, lambda _: len(CLUSTERS)),
    ):
        expected = [(u, row) for u, state in enumerate(model.units) for row in range(count(state))]
        assert [(agent.unit, agent.row) for agent in model.agents_by_type[kind]] == expected


# --- agents


def agents(model: sim.mesa.model.TownModel, kind: type) -> list:
    return list(model.agents_by_type[kind])


def stepped(write, steps: int, /, **keywords) -> sim.mesa.model.TownModel:
    """A model that has been written to at week 0 and run on."""
    model = sim.TownModel(start_week=0, **keywords)
    write(model)
    model.run(steps)
    return model


def test_attributes_are_the_fields_of_the_state():
    model = sim.TownModel(start_week=0, **VILLAGE)
    state, (first, *_, last) = model.units[0], agents(model, sim.Cadre)
    for name, *_ in CADRE:
        assert np.array_equal(getattr(first, name), state.cadres[name][0])
        assert np.array_equal(getattr(last, name), state.cadres[name][-1])
    resident = agents(model, sim.Resident)[1234]
    for name in RESIDENT.names:
        assert getattr(resident, name) == state.residents[name][1234]
    assert isinstance(resident.trust, float) and isinstance(first.village, int)
    assert (first.role_name, last.role_name) == ("secretary", "discipline")


def test_every_attribute_says_what_it_is():
    assert set(sim.mesa.agents.RESIDENT_MEANING) == set(RESIDENT.names)
    assert sim.Cadre.hours.__doc__ == "hours a week of a full post."
    for kind in (sim.Cadre, sim.Resident, sim.Department):
        for name, value in vars(kind).items():
            assert not isinstance(value, property) or value.__doc__, name


def test_no_field_hides_an_attribute_of_mesa():
    fields = {*sim.mesa.agents.CADRE_MEANING, *RESIDENT.names, *sim.mesa.agents.DEPARTMENT_TOWNSHIP}
    assert not fields & {*dir(mesa.Agent), *sim.mesa.agents.OWN}


@pytest.mark.parametrize(("name", "value"), [("hours", 20.0), ("motivation", 0.05), ("integrity", 0.0), ("skill", 0.9)])
def test_what_is_written_to_a_cadre_is_obeyed(name, value):
    def write(model):
        for cadre in agents(model, sim.Cadre):
            setattr(cadre, name, value)
            assert getattr(cadre, name) == value
        assert model.written and np.all(model.units[0].cadres[name] == value)

    usual, changed = stepped(lambda model: None, 120, **VILLAGE), stepped(write, 120, **VILLAGE)
    assert not usual.written
    before, after = usual.records().tallies, changed.records().tallies
    assert same(before[:52], after[:52])
    assert not same(before[52:], after[52:])


def test_shorter_hours_are_in_the_next_weeks_account():
    def write(model):
        for cadre in agents(model, sim.Cadre):
            cadre.hours /= 2

    usual, changed = (stepped(w, 1, **VILLAGE).records().tallies[-1] for w in (lambda model: None, write))
    regular = [one["hours_available"] - one["overtime"] for one in (usual, changed)]
    assert regular[1] == pytest.approx(regular[0] / 2)


def test_array_fields_are_views():
    model = sim.TownModel(start_week=0, **VILLAGE)
    cadre = agents(model, sim.Cadre)[2]
    rate = cadre.rate
    rate[0] = 0.25
    assert model.units[0].cadres["rate"][2, 0] == 0.25
    cadre.access = (1.0, 0.5, 0.0, 1.0)
    assert list(model.units[0].cadres["access"][2]) == [1.0, 0.5, 0.0, 1.0]
    with pytest.raises(ValueError, match="read-only"):
        cadre.spent[0] = 1.0
    model.step()
    assert np.array_equal(rate, model.units[0].cadres["rate"][2])


def test_what_is_written_to_a_resident_is_obeyed_and_enters_the_sums():
    def write(model):
        for resident in agents(model, sim.Resident)[::2]:
            resident.satisfaction, resident.trust = 95.0, 5.0
        state = model.units[0]
        first = state.villages["first_resident"]
        assert np.array_equal(
            state.villages["satisfaction_sum"], np.add.reduceat(state.residents["satisfaction"].astype(float), first)
        )

    usual, changed = stepped(lambda model: None, 1, **TWO), stepped(write, 1, **TWO)
    before, after = usual.records().tallies[-1], changed.records().tallies[-1]
    assert after["satisfaction"] > before["satisfaction"] + 30000
    assert after["trust"] < before["trust"] - 30000
    assert after["satisfied"] > before["satisfied"]
    state, first = changed.units[0], changed.units[0].villages["first_resident"]
    for sums, field in (("satisfaction_sum", "satisfaction"), ("trust_sum", "trust"), ("superior_sum", "superior")):
        true = np.add.reduceat(state.residents[field].astype(float), first)
        assert np.allclose(state.villages[sums], true, rtol=1e-9)
    happy = np.add.reduceat((state.residents["satisfaction"] >= 60).astype(float), first)
    assert np.array_equal(state.villages["satisfied"], happy)


def test_writing_the_same_value_changes_nothing():
    def write(model):
        for cadre in agents(model, sim.Cadre):
            cadre.skill, cadre.rate = cadre.skill, cadre.rate
        for resident in agents(model, sim.Resident):
            resident.satisfaction, resident.digital = resident.satisfaction, resident.digital

    usual, same_again = stepped(lambda model: None, 5, **TWO), stepped(write, 5, **TWO)
    assert not same_again.written
    assert differing(usual.units[0], same_again.units[0]) == []


def test_a_dataset_says_that_agents_were_written_to():
    def write(model):
        agents(model, sim.Cadre)[0].skill = 0.99

    assert "written" not in stepped(lambda model: None, 52, **VILLAGE).dataset().attrs
    assert stepped(write, 52, **VILLAGE).dataset().attrs["written"] == 1


def test_a_department_is_its_desks_and_its_pressure():
    model = sim.TownModel(start_week=0, **TWO, burden=2.0)
    model.run(10)
    state, departments = model.units[0], agents(model, sim.Department)
    assert [department.name for department in departments] == list(CLUSTERS)
    township = state.cadres["village"] < 0
    assert sum(len(department.cadres) for department in departments) == township.sum()
    for name in ("posts", "desk_hours", "used_hours", "backlog"):
        total = sum(getattr(department, name) for department in departments)
        assert total == pytest.approx(state.cadres[name][township].sum())
    for department in departments:
        assert {cadre.role_name for cadre in department.cadres} == {department.name}
        assert department.queue == sum(cadre.queue for cadre in department.cadres)
        assert department.pressure == state.township["pressure"][0]
    waiting = sum(cadre.queue for cadre in agents(model, sim.Cadre))
    assert 0 < waiting <= len(state.steps) - state.office["steps_free"][0]
    departments[3].pressure = 0.9
    assert departments[7].pressure == state.township["pressure"][0] == 0.9


def test_queues_are_counted_along_their_links():
    model = sim.TownModel(start_week=0, **TWO, burden=2.5)
    model.run(4)
    state = model.units[0]
    for cadre in agents(model, sim.Cadre):
        remaining, node = 0.0, cadre.head
        for _ in range(cadre.queue):
            remaining += state.steps["remaining"][node]
            node = state.steps["after"][node]
        assert node == -1
        assert remaining == pytest.approx(cadre.backlog, abs=1e-9)


def test_departments_that_press_are_obeyed():
    def write(model):
        agents(model, sim.Department)[0].informal_hours = 5.0

    usual, changed = (stepped(w, 1, **VILLAGE).records().tallies[-1] for w in (lambda model: None, write))
    assert changed["paper_demanded"] > usual["paper_demanded"] + 5.0


# --- what can be written is obeyed, and what cannot says why


BUSY = {**TWO, "burden": 2.0, "theory": {"effort": "habit"}, "facts": {"population": {"sparks_per_1000_year": 100.0}}}


def after_a_week(table: str = "", name: str = "") -> tuple[State, np.ndarray]:
    """State and tallies of the week after all rows of a field were changed behind the agents' back."""
    model = sim.TownModel(start_week=0, **BUSY)
    model.run(1)
    if table:
        rows = getattr(model.units[0], table)
        usual = rows[name].copy()
        if rows[name].dtype.kind == "u":
            rows[name] = 1 - usual
        else:
            rows[name] = usual + 4.0 if name == "free_at" else np.where(usual == 0.0, 0.1, 0.7 * usual)
        model._unsummed.add(0)
    model.run(1)
    return model.units[0], model.records().tallies


STANDING = [
    *(
        ("cadres", name)
        for name, *_ in CADRE
        if name not in (*sim.mesa.agents.CADRE_KEYS, *sim.mesa.agents.CADRE_RESULTS)
    ),
    *(("residents", name) for name in RESIDENT.names if name not in sim.mesa.agents.RESIDENT_KEYS),
    *(("township", name) for name in sim.mesa.agents.DEPARTMENT_TOWNSHIP),
]
# pace and ownership still touch the first moments of the next week, before they are worked out again.
WITHOUT_EFFECT = [
    *(("cadres", name) for name in sim.mesa.agents.CADRE_RESULTS if name not in ("pace", "ownership")),
    *(("township", name) for name in sim.mesa.agents.DEPARTMENT_RESULTS),
]


@pytest.fixture(scope="module")
def undisturbed() -> tuple[State, np.ndarray]:
    return after_a_week()


def test_every_field_that_can_be_written_moves_the_next_week(undisturbed, subtests):
    for table, name in STANDING:
        with subtests.test(table=table, name=name):
            state, tallies = after_a_week(table, name)
            assert differing(state, undisturbed[0]) or not same(tallies, undisturbed[1])


def test_every_result_is_worked_out_anew(undisturbed, subtests):
    for table, name in WITHOUT_EFFECT:
        with subtests.test(table=table, name=name):
            state, tallies = after_a_week(table, name)
            assert differing(state, undisturbed[0]) == []
            assert same(tallies, undisturbed[1])


UNWRITABLE = [
    (sim.Cadre, "village", 0, AttributeError, "Cadre.village cannot be written: rows, queues or chance"),
    (sim.Cadre, "spent", 0.0, AttributeError, "Cadre.spent cannot be written: it is worked out anew"),
    (sim.Resident, "village", 0, AttributeError, "Resident.village cannot be written"),
    (sim.Department, "backlog", 0.0, AttributeError, "backlog"),
    (sim.Department, "knowledge", 0.5, AttributeError, "Department.knowledge cannot be written"),
    (sim.Cadre, "motivaton", 0.5, AttributeError, "no attribute 'motivaton'; did you mean motivation"),
    (sim.Cadre, "skill", float("nan"), ValueError, "Cadre.skill: nan given, finite numbers expected"),
    (sim.Cadre, "skill", "high", ValueError, "Cadre.skill: 'high' given"),
    (sim.Resident, "digital", 0.5, ValueError, "Resident.digital: 0.5 given, 0 or 1 expected"),
]


def test_what_cannot_be_written_says_why(subtests):
    for kind, name, value, error, words in UNWRITABLE:
        with subtests.test(kind=kind.__name__, name=name, value=value):
            model = sim.TownModel(start_week=0, **VILLAGE)
            before = model.units[0].copy()
            with pytest.raises(error, match=words):
                setattr(agents(model, kind)[0], name, value)
            assert differing(model.units[0], before) == [] and not model.written


def test_an_unknown_attribute_names_the_nearest():
    model = sim.TownModel(start_week=0, **VILLAGE)
    with pytest.raises(AttributeError, match="Resident has no attribute 'satisfacton'; did you mean satisfaction"):
        agents(model, sim.Resident)[0].satisfacton  # noqa: B018
    assert not hasattr(agents(model, sim.Department)[0], "zzz")


def test_rows_stay():
    model = sim.TownModel(start_week=0, **VILLAGE)
    with pytest.raises(TypeError, match="cannot be removed"):
        agents(model, sim.Cadre)[0].remove()
    assert agents(model, sim.Cadre)[0].row == 0


def test_the_examples_run():
    for module in (sim.mesa.model, sim.mesa.agents):
        assert doctest.testmod(module).failed == 0
    assert doctest.testmod(sim.mesa.model).attempted >= 8
