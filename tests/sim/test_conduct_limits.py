"""Limits of conduct: where there is nothing to take, or no way to keep it, nothing is taken."""

from __future__ import annotations

import numpy as np
import pytest

from sim import run
from sim.inputs.settings import setting
from sim.levers import LEVERS
from sim.vocabulary import CH_PROJECTS, CHANNELS, CLUSTERS, ROLES
from sim.world import world_of

pytestmark = pytest.mark.usefixtures("compiled_model")
NO_FLOWS = {
    "money": {
        "benefit_yuan_resident_year": 0.0,
        "asset_share": 0.0,
        "project_share": 0.0,
        "claims_yuan_cadre_year": 0.0,
    }
}
NO_REACH = {
    "village_roles": {role: dict.fromkeys(CHANNELS, 0.0) for role in ROLES},
    "township_clusters": {cluster: {"finance_access": 0.0} for cluster in CLUSTERS},
}


def taken(tallies: np.ndarray) -> float:
    return float(tallies["diverted"].sum())


def by_channel(tallies: np.ndarray) -> np.ndarray:
    """Yuan diverted in each channel and week: array (channels, weeks)."""
    return tallies["diverted"].sum(axis=1).T


# --- no opportunity


def test_where_no_money_flows_none_is_diverted():
    chosen = setting(residents=6_000, weeks=104, facts=NO_FLOWS)
    records = run.branch(run.history(chosen), chosen)
    assert taken(records.tallies) == 0.0
    assert records.tallies["discretionary"].sum() == records.tallies["recovered"].sum() == 0.0
    assert np.isnan(run.evaluate(records)["micro_corruption"])


def test_who_has_no_access_takes_nothing(whole_run):
    def nobody_near(_, state):
        state.cadres["access"] = 0.0
        return state

    chosen = setting(residents=6_000, weeks=104)
    (open_door,), (closed,) = whole_run(chosen), whole_run(chosen, before=nobody_near)
    assert taken(open_door.tallies) > 0.0
    assert taken(closed.tallies) == closed.tallies["episodes"].sum() == 0.0
    np.testing.assert_allclose(closed.tallies["delivered"], closed.tallies["discretionary"], rtol=1e-12)


@pytest.mark.parametrize("town", ["average", "inspected"])
def test_a_town_whose_roles_reach_no_money_diverts_none_at_all(town, whole_run):
    """Reach 0 by facts: from the first week of burn-in on, in every channel, with township bookkeeping and without."""
    for bookkeeping in (0.0, 1.0):
        chosen = setting(
            town, residents=6_000, weeks=104, facts=NO_REACH, levers={"township_bookkeeping": bookkeeping}, seed=1
        )
        (unit,) = whole_run(chosen, begin=-312)
        for name in ("diverted", "episodes", "open_episodes", "projects_rigged", "recovered"):
            assert unit.tallies[name].sum() == 0.0, name
        assert unit.tallies["projects"].sum() > 0.0
        np.testing.assert_allclose(unit.tallies["delivered"], unit.tallies["discretionary"], rtol=1e-12)


def test_without_opportunities_nothing_is_diverted_once_open_episodes_have_ended():
    """Opportunities end at week 0 (a rate outside its prior, put into the running model).

    What is open goes on until it lapses, is found or its cadre leaves; nothing new begins, no project is
    steered any more, and after the last open episode no channel loses a yuan.
    """
    weeks = 1_560
    chosen = setting(residents=6_000, weeks=weeks, seed=2)
    world = world_of(chosen)
    parameters = world.parameters.copy()
    parameters["opportunities_year"] = 0.0
    state = run.with_measures(run.history(chosen).units[0].state, world)
    unit = run.run_unit(state, world._replace(parameters=parameters), 0, weeks, 0)
    still_open = unit.tallies["open_episodes"].sum(axis=1)  # at the week's end, traces of steered projects among them
    assert unit.tallies["episodes"].sum() == unit.tallies["projects_rigged"].sum() == 0.0
    assert np.all(np.diff(still_open) <= 0.0)
    end = int(np.flatnonzero(still_open)[-1]) + 2  # the last one takes for the last time in the week after
    assert 26 < end < weeks - 104
    assert by_channel(unit.tallies[:end]).sum() > 0.0
    assert by_channel(unit.tallies[end:]).max() == 0.0


# --- no way to keep it


def test_under_certain_and_heavy_sanction_far_less_is_diverted():
    highest = ("supervision", "audit_depth", "committee_independence", "reporting_reach", "accounts_publicity")
    sure = {name: LEVERS[name].high for name in (*highest, "sanction_severity", "sanction_follow_through")}
    usual = strict = 0.0
    for seed in range(4):
        chosen = setting(residents=12_000, weeks=208, seed=seed)
        history = run.history(chosen)
        under_watch = setting(residents=12_000, weeks=208, seed=seed, levers={**sure, "error_shelter": 0.0})
        usual += run.evaluate(run.branch(history, chosen))["micro_corruption"]
        strict += run.evaluate(run.branch(history, under_watch))["micro_corruption"]
    assert strict < 0.25 * usual


HEAVY = {
    "sanction_severity": LEVERS["sanction_severity"].high,
    "sanction_follow_through": 1.0,
    "error_shelter": 0.0,
    "tolerance": 0.0,
}


def counting(chosen, heedless: float = 0.0):
    """The setting with so many people who do not reckon with being seen: with none, fear can stop everybody."""
    return chosen.replace(parameters={**chosen.parameters, "heedless": heedless})


def under_detection(seed: int, hazard: float) -> np.ndarray:
    """Tallies of four years in which open episodes are found with `hazard` a week and every cadre knows it.

    No lever makes detection certain: an examination comes once a year at most and sees audit_depth (at most
    .95) of what sees_books (at most .95) could find. So oversight is frozen, and what it gives is held: the
    hazard, a sanction for everything found, and the belief that it is so.
    """
    chosen = counting(setting(residents=12_000, weeks=208, seed=seed, levers=HEAVY, knock_out=["oversight"]))
    world = world_of(chosen)
    state = run.with_measures(run.history(chosen).units[0].state, world)
    for rows, means, held in (
        (
            state.villages,
            state.means_villages,
            {"hazard": hazard, "covered_hazard": hazard, "sanction_probability": 1.0},
        ),
        (state.cadres, state.means_cadres, {"believed_detection": hazard}),
    ):
        for name, value in held.items():
            rows[name] = means.view(rows.dtype)[name] = value
    return run.run_unit(state, world, 0, chosen.weeks, 0).tallies


def test_under_certain_detection_and_heavy_sanction_nothing_is_diverted():
    """Found within the week and always sanctioned, with six years of pay, and known to be: the episodes open at week 0
    are the last. It hangs on noise in proportion to the stake (conduct.begins); with noise in yuan, who can reach next
    to nothing would still toss a coin.

    The same people under the same threat take where nobody looks, so it is detection that stops them.
    """
    found_open = unwatched_share = 0.0
    for seed in range(6):
        watched, unwatched = (under_detection(seed, hazard) for hazard in (1.0, 0.0))
        found_open += watched["detected"][0].sum()
        assert watched["episodes"].sum() == watched["projects_rigged"].sum() == 0.0
        assert by_channel(watched[1:]).max() == 0.0
        unwatched_share += taken(unwatched[1:]) / unwatched["discretionary"][1:].sum() / 6
    assert found_open > 0.0
    assert unwatched_share > 0.01


# --- lying low


def test_who_takes_lies_low_while_detection_is_feared_and_takes_again_when_fear_fades():
    """Week by week, every cadre holds detection for impossible, for certain twice, and for impossible again.

    Nobody looks, so nobody is found; what differs is fear, and it is felt the week after. The open episodes are those
    of before all along.
    """
    chosen = counting(setting(residents=12_000, weeks=52, seed=3, levers=HEAVY, knock_out=["oversight"]))
    world = world_of(chosen)
    state = run.with_measures(run.history(chosen).units[0].state, world)
    hazards = state.means_villages.view(state.villages.dtype)["hazard"]
    believed = state.means_cadres.view(state.cadres.dtype)["believed_detection"]
    hazards[:] = 0.0
    flows, episodes = [], []
    for week, belief in enumerate((0.0, 1.0, 1.0, 0.0, 0.0)):
        believed[:] = belief
        tallies = run.run_unit(state, world, week, week + 1, week).tallies
        flows.append(np.delete(tallies["diverted"], CH_PROJECTS, axis=-1).sum())
        episodes.append(tallies["open_episodes"].sum())
    assert flows[0] > 0.0
    assert max(flows[2:4]) < 0.01 * flows[0]
    assert flows[4] > 0.7 * flows[0]  # a few ended meanwhile
    assert min(episodes) > 0.8 * episodes[0]
