"""Coupling: villages that are uncoupled by setting cannot touch each other, and coupled ones do."""

from __future__ import annotations

import numpy as np
import pytest

from sim import run
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.population import sum_up
from sim.town import build_unit

pytestmark = pytest.mark.usefixtures("compiled_model")
ALL = dict.fromkeys(MEASURES, 1.0)
RESIDENTS = 8_000  # four villages


def other_household(state):
    """The first household of a unit's first village is as angry and as disappointed as can be."""
    household = state.residents[:4]
    household["satisfaction"], household["grievance"], household["trust"] = 0.0, 1.0, 0.0
    sum_up(state)


def other_resident_by_name(state):
    """The first resident has raised a case more: other visits, other chance."""
    state.residents["visits"][0] += 1


def other_cadre(state):
    """The first village's secretary is another kind of person."""
    state.cadres["skill"][0] = 0.95
    state.cadres["integrity"][0] = 0.02


CHANGES = [other_household, other_resident_by_name, other_cadre]


def town(monkeypatch, coupling: bool, change, **orders):
    """Records and final states of a town whose first village was changed before its burn-in."""
    chosen = setting(residents=RESIDENTS, weeks=208, coupling=coupling, seed=4, **orders)
    built, states = [], []

    def changed_build(*arguments):
        state = build_unit(*arguments)
        if change is not None and not built:
            change(state)
        built.append(1)
        return state

    def kept_run(*arguments):
        unit = run_unit(*arguments)
        states.append(unit.state)
        return unit

    run_unit = run.run_unit
    with monkeypatch.context() as patch:
        patch.setattr(run, "build_unit", changed_build)
        history = run.history(chosen, "village")
        patch.setattr(run, "run_unit", kept_run)
        records = run.branch(history, chosen)
    return records.villages, [unit.state for unit in history.units], states


@pytest.mark.parametrize(
    "orders", [{}, {"measures": ALL, "burden": 2.0, "supervision": 0.5}], ids=["as it is", "reform"]
)
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_in_one_uncoupled_village_leaves_the_others_bit_identical(change, orders, monkeypatch, differing):
    before, history_before, states_before = town(monkeypatch, False, None, **orders)
    after, history_after, states_after = town(monkeypatch, False, change, **orders)
    assert before.shape == (52 + 208, 4)
    assert before[:, 1:].tobytes() == after[:, 1:].tobytes()
    assert before[:, 0].tobytes() != after[:, 0].tobytes()
    for here, there in ((history_before, history_after), (states_before, states_after)):
        assert len(here) == len(there) == 4
        assert differing(here[0], there[0])
        assert [differing(a, b) for a, b in zip(here[1:], there[1:], strict=True)] == [[], [], []]


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_change_reaches_other_villages_when_they_are_coupled(change, monkeypatch):
    before, *_ = town(monkeypatch, True, None)
    after, *_ = town(monkeypatch, True, change)
    reached = [v for v in range(1, 4) if before[:, v].tobytes() != after[:, v].tobytes()]
    assert reached, "no other village has changed"


def test_uncoupled_villages_share_out_the_townships_people():
    """Each lone village has its part of the township's staff: nobody is lost or doubled."""
    together, apart = (run.history(setting(residents=RESIDENTS, coupling=c)) for c in (True, False))
    posts = [sum(float(u.state.cadres["posts"].sum()) for u in h.units) for h in (together, apart)]
    assert posts[0] == pytest.approx(posts[1], rel=1e-12)
    uids = [np.concatenate([u.state.villages["uid"] for u in h.units]).tolist() for h in (together, apart)]
    assert uids[0] == uids[1]


def test_units_of_a_county_do_not_touch_each_other(monkeypatch, differing):
    def county(change):
        chosen = setting("county", residents=8_000, weeks=52, seed=2)
        built = []

        def changed_build(*arguments):
            state = build_unit(*arguments)
            if change and not built:
                other_household(state)
            built.append(1)
            return state

        with monkeypatch.context() as patch:
            patch.setattr(run, "build_unit", changed_build)
            return [unit.state for unit in run.history(chosen).units]

    before, after = county(False), county(True)
    assert len(before) > 2
    assert differing(before[0], after[0])
    assert all(differing(a, b) == [] for a, b in zip(before[1:], after[1:], strict=True))
