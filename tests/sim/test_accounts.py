"""Accounts: whatever is raised, worked, handled or queued is somewhere, every week, in every setting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sim import run
from sim.indicators import INDICATORS, OUTCOMES
from sim.indicators.indicator import summed
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.state import CALENDAR
from sim.town import build_unit, units_of
from sim.vocabulary import ACTIVITIES, CH_ASSETS, CH_CLAIMS, CHANNELS, GRIEVANCES, KINDS, MECHANISMS, PETITION, THEORIES
from sim.world import world_of

pytestmark = pytest.mark.usefixtures("compiled_model")
ALL = dict.fromkeys(MEASURES, 1.0)
MONEY = ("opportunity", "discretionary", "delivered", "diverted", "found", "sanctioned", "recovered")
FREE, OPEN = 0, 1

NAMED = {
    "as it is": {},
    "all measures": {"measures": ALL},
    "burden 2.5": {"burden": 2.5},
    "no burden": {"burden": 0.0},
    "counters closed": {"levers": {"counters_kept": 0.0}, "measures": {"one_window": 1.0}},
    "every village examined": {"supervision": 1.0},
    "all measures, burden 2.5, examined": {"measures": ALL, "burden": 2.5, "supervision": 1.0},
    "rival theories": {"theory": {"conduct": "peer_norm", "effort": "habit", "belief": "availability"}},
    "many seals at one window": {"levers": {"seals_multiplier": 2.0, "parallel_share": 1.0}},
    "inspected town": {"town": "inspected"},
    "villages alone": {"coupling": False},
    "everything frozen": {"measures": ALL, "knock_out": MECHANISMS},
}

settings_of_a_town = st.fixed_dictionaries(
    {
        "town": st.sampled_from(["average", "inspected", "remote_town", "subdistrict", "demo_village"]),
        "residents": st.integers(300, 4_000),
        "seed": st.integers(0, 10**6),
        "tolerance": st.floats(0, 1),
        "burden": st.floats(0, 2.5),
        "supervision": st.floats(0, 1),
        "levers": st.fixed_dictionaries(
            {},
            optional={
                "counters_kept": st.floats(0, 1),
                "seals_multiplier": st.floats(0.3, 2),
                "parallel_share": st.floats(0, 1),
                "reporting_reach": st.floats(0.2, 0.6),
                "ownership_clarity": st.floats(0.3, 0.8),
            },
        ),
        "measures": st.dictionaries(st.sampled_from(list(MEASURES)), st.floats(0, 1), max_size=19),
        "theory": st.fixed_dictionaries({key: st.sampled_from(options) for key, options in THEORIES.items()}),
        "knock_out": st.lists(st.sampled_from(MECHANISMS), unique=True, max_size=4),
        "coupling": st.booleans(),
        "potency": st.sampled_from(["mode", "strong", "draw", 5]),
    }
)


# --- what is checked


def assert_flows_add_up(tallies: np.ndarray, opened: float) -> None:
    """Identities of a unit's counts, week by week. `opened`: cases open before the first week."""
    t = {name: tallies[name].sum(axis=1) for name in tallies.dtype.names}  # over villages, not over weeks
    change = np.diff(t["open"], prepend=opened)
    assert np.array_equal(t["raised"], t["closed"] + t["withdrawn"] + change)
    assert np.array_equal(t["closed_kind"].sum(axis=1), t["closed"])
    assert np.array_equal(t["waits"].sum(axis=1), t["closed"])
    assert np.all(t["ontime"] <= t["due"])
    assert np.all(t["ontime_hours"] <= t["due_hours"] * (1 + 1e-12) + 1e-9)
    petitions = sum(t[f"petitions_{grievance}"] for grievance in GRIEVANCES)
    assert np.array_equal(petitions, t["raised_kind"][:, PETITION])
    assert np.array_equal(t["users"].sum(axis=1), t["closed"] + t["withdrawn"]), "every user is asked once"
    assert np.all(t["closed_kind"] >= t["answered"])
    assert np.all(t["users_content"] <= t["users"])

    spent = sum(t[activity] for activity in ACTIVITIES)
    np.testing.assert_allclose(spent, t["hours_available"], rtol=1e-9)
    for activity in ACTIVITIES:
        assert t[activity].min() >= -1e-9 * t["hours_available"].max(), activity
    shares = sum(t[activity] / t["hours_available"] for activity in ACTIVITIES)
    np.testing.assert_allclose(shares, 1.0, rtol=0, atol=1e-9)
    assert np.all(t["paper_fabricated"] <= t["paper_demanded"] * (1 + 1e-12))

    np.testing.assert_allclose(t["delivered"] + t["diverted"], t["discretionary"], rtol=1e-9, atol=1e-6)
    for flow in MONEY:
        assert t[flow].min() >= 0.0, flow
    assert np.all(t["diverted"] <= t["discretionary"] * (1 + 1e-12)), "nobody takes more than passes"
    assert np.all(t["sanctioned"] <= t["found"] * (1 + 1e-12))
    paid = t["dividends"] + t["account_projects"] + np.diff(t["account"], axis=0, prepend=0.0)
    np.testing.assert_allclose(paid, t["account_in"], rtol=1e-9, atol=1e-6 * max(t["account_in"].max(), 1.0))

    for part, whole in (("satisfied", "residents"), ("effort_high", "cadres"), ("residents_old", "residents")):
        assert np.all(t[part] <= t[whole] * (1 + 1e-12)), part
    for stock in ("satisfaction", "trust", "superior"):
        assert np.all((t[stock] >= -1e-6) & (t[stock] <= 100 * t["residents"] + 1e-6)), stock
    for name in t:
        assert np.all(np.isfinite(t[name])), name


def assert_no_more_is_recovered_than_was_taken(tallies: np.ndarray) -> None:
    """Counted from the start of time: what comes back in a year may have been taken in an earlier one."""
    taken, back = (tallies[name].sum(axis=1).cumsum(axis=0) for name in ("diverted", "recovered"))
    assert np.all(back <= taken * (1 + 1e-9) + 1e-6)
    assert np.all(tallies["back"] <= tallies["lost"] * (1 + 1e-9) + 1e-6), "of what was taken since week -52"


def assert_villages_know_their_residents(state) -> None:
    first = state.villages["first_resident"]
    for total, field in (("satisfaction_sum", "satisfaction"), ("trust_sum", "trust"), ("superior_sum", "superior")):
        sums = np.add.reduceat(state.residents[field].astype(np.float64), first)
        np.testing.assert_allclose(state.villages[total], sums, rtol=0, atol=1e-6, err_msg=total)
    happy = np.add.reduceat((state.residents["satisfaction"] >= 60.0).astype(np.float64), first)
    assert np.array_equal(state.villages["satisfied"], happy)
    for field, high in (("satisfaction", 100), ("trust", 100), ("superior", 100), ("grievance", 1)):
        assert np.all((state.residents[field] >= 0) & (state.residents[field] <= high)), field
    assert np.all(state.residents["expected_wait"] >= 0)
    assert np.all(state.ties < len(state.residents))


def chain(start: int, links: np.ndarray) -> list[int]:
    """Rows of a linked list from its first row on; stops where a list bites its tail."""
    found, node = [], int(start)
    while node >= 0:
        found.append(node)
        assert len(found) <= len(links), "a list runs in a circle"
        node = int(links[node])
    return found


def assert_every_case_is_somewhere(state, now: int) -> None:
    """Free rows, queues and the calendar hold every row of the pools once; `now`: the next week to run."""
    cases, steps, office, cadres = state.cases, state.steps, state.office[0], state.cadres
    free = chain(office["free_case"], cases["next"])
    assert len(free) == len(set(free)) == office["cases_free"]
    assert np.all(cases["state"][free] == FREE)
    used = np.flatnonzero(cases["state"] != FREE)
    assert len(free) + len(used) == len(cases)
    assert len(used) == 0 or used.max() < office["highest_case"]

    links, seen = steps["after"].tolist(), []
    for desk in range(len(cadres)):
        queue = chain(cadres["head"][desk], links)
        assert cadres["tail"][desk] == (queue[-1] if queue else -1)
        assert steps["before"][queue].tolist() == [-1, *queue[:-1]][: len(queue)]
        assert np.all(steps["desk"][queue] == desk)
        assert np.all(np.diff(steps["arrival"][queue]) >= 0.0), "first come, first served"
        assert np.all(steps["remaining"][queue] >= 0.0)
        waiting = float(steps["remaining"][queue].sum())
        assert abs(cadres["backlog"][desk] - waiting) < 1e-6, "a desk's backlog is what waits in its queue"
        seen.extend(queue)
    assert np.all(steps["arrival"][seen] < 5.0 * now)
    for slot in np.flatnonzero(office["calendar"] >= 0):
        under_way = chain(office["calendar"][slot], links)
        arrival = steps["arrival"][under_way]
        assert np.all(arrival >= 5.0 * now), "a step in the calendar has not arrived"
        assert np.all(np.floor(arrival) % CALENDAR == slot)
        seen.extend(under_way)
    assert np.all((steps["desk"][seen] >= 0) & (steps["desk"][seen] < len(cadres)))
    unused = chain(office["free_step"], links)
    assert len(unused) == office["steps_free"]
    assert sorted([*seen, *unused]) == list(range(len(steps)))

    held = np.bincount(steps["case"][seen], minlength=len(cases))
    assert np.array_equal(held[used], cases["open"][used])
    assert np.all(held[used] >= 1), "an open case has a step somewhere"
    assert np.all(held[free] == 0)


def run_and_check(chosen, every: int = 1) -> None:
    """Run every unit of a setting and check the accounts at the end of every week (the pools: `every` so many)."""
    world = world_of(chosen)
    start = -run.BASELINE_WEEKS - int(chosen.facts["calendar"]["settling_weeks"])
    for number, first, unit in units_of(chosen):
        state = build_unit(chosen, world, number, first, unit, False)
        state = state._replace(strength=run.unbuilt(world))
        settled = run.run_unit(state, world, start, 0, start)
        state, counted = settled.state, [settled.tallies]
        for week in range(chosen.weeks):
            if week % every == 0:
                assert_every_case_is_somewhere(state, week)
            assert_villages_know_their_residents(state)
            after = run.run_unit(state, world, week, week + 1, week)
            state = after.state
            counted.append(after.tallies)
            open_now = float(np.sum(state.cases["state"] == OPEN))
            assert float(after.tallies["open"].sum()) == open_now
        tallies = np.concatenate(counted)
        assert_flows_add_up(tallies, 0.0)
        assert_no_more_is_recovered_than_was_taken(tallies)
        hours = float((state.cadres["hours"] * state.cadres["posts"]).sum())
        worked = tallies["hours_available"].sum(axis=1) - tallies["overtime"].sum(axis=1)
        np.testing.assert_allclose(worked, hours, rtol=1e-12)
        assert np.all(tallies["overtime"].sum(axis=1) <= chosen.parameters["overtime_most"] * hours * (1 + 1e-12))


# --- the tests


@pytest.mark.parametrize("orders", NAMED.values(), ids=NAMED)
def test_accounts_add_up_every_week(orders):
    run_and_check(setting(**{"residents": 3_000, "weeks": 60, **orders}))


@given(orders=settings_of_a_town)
@hypothesis_settings(max_examples=20)
def test_accounts_add_up_in_settings_nobody_thought_of(orders):
    run_and_check(setting(**orders, weeks=52))


@pytest.mark.parametrize("rate", [3.0, 10.0])
def test_accounts_add_up_where_everybody_queues(rate):
    """Case rates at the upper bound of the facts: the pools must grow before they run out."""
    facts = {"case_kinds": {kind: {"rate": rate} for kind in KINDS[:6]}, "calendar": {"settling_weeks": 0}}
    run_and_check(setting(residents=1_500, weeks=52, facts=facts, burden=0.0), every=26)


# --- village by village


def assert_identities(tally: np.ndarray, opened: np.ndarray, before, chosen) -> None:
    """A week's identities in every village and in the township. tally: (groups,); opened: cases open before.

    `before`: the state before the week. Money that passes a channel is delivered or diverted; what is recovered is
    either paid back after sanctions (village.restitution) or a loan returned (cadre.owed). What is delivered of the
    assets, less false claims, and what is recovered of the two goes into the village account, and is handed out, spent
    on projects, or stands there.
    """
    assert np.array_equal(tally["raised"] + opened, tally["closed"] + tally["withdrawn"] + tally["open"])
    assert np.array_equal(tally["closed_kind"].sum(axis=1), tally["closed"])

    group, p = before.cadres["group"], chosen.parameters
    hours = np.bincount(group, before.cadres["hours"] * before.cadres["posts"], len(tally)) + tally["overtime"]
    np.testing.assert_allclose(tally["hours_available"], hours, rtol=1e-12)
    spent = [tally[activity] for activity in ACTIVITIES]
    np.testing.assert_allclose(sum(spent), hours, rtol=1e-12)
    assert np.min(spent) >= -1e-9 * hours.max()

    handled = tally["discretionary"].sum()
    np.testing.assert_allclose(
        tally["delivered"] + tally["diverted"], tally["discretionary"], rtol=0, atol=1e-12 * handled
    )
    back = np.zeros((len(tally), len(CHANNELS)))
    back[:-1] = p["restitution_year"] / 52 * before.villages["restitution"]
    loans = np.bincount(group, before.cadres["owed"], len(tally)) + p["borrowed"] * tally["diverted"][:, CH_ASSETS]
    back[:, CH_ASSETS] += p["returned_year"] / 52 * loans
    np.testing.assert_allclose(tally["recovered"], back, rtol=1e-9, atol=1e-12 * handled)

    change = tally["account"][:-1] - before.villages["account"]
    paid = tally["dividends"][:-1] + tally["account_projects"][:-1]
    np.testing.assert_allclose(tally["account_in"].sum(), (paid + change).sum(), rtol=0, atol=1e-9 * handled)
    saved = tally["delivered"][:, CH_ASSETS] - tally["diverted"][:, CH_CLAIMS]
    kept = saved + tally["recovered"][:, CH_ASSETS] + tally["recovered"][:, CH_CLAIMS]
    np.testing.assert_allclose(tally["account_in"].sum(), kept.sum(), rtol=0, atol=1e-9 * handled)


@pytest.mark.parametrize("package", [{}, ALL], ids=["no measure", "all nineteen"])
@pytest.mark.parametrize("town", ["average", "inspected"])
def test_identities_hold_in_every_village_every_week_whatever_is_knocked_out(town, package):
    chosen = setting(town, residents=6_000, weeks=60, measures=package, supervision=0.3)
    history = run.history(chosen, "village")
    for frozen in ((), *((mechanism,) for mechanism in MECHANISMS)):
        acting = chosen.replace(knock_out=frozen)
        world = world_of(acting)
        state = run.with_measures(history.units[0].state, world)
        opened = history.units[0].tallies[-1]["open"]
        diverted = recovered = 0.0
        for week in range(acting.weeks):
            before = state.copy()
            after = run.run_unit(state, world, week, week + 1, week)
            state, tally = after.state, after.tallies[0]
            assert_identities(tally, opened, before, acting)
            opened = tally["open"]
            diverted += tally["diverted"].sum()
            recovered += tally["recovered"].sum()
        assert diverted > 0.0
        assert recovered > 0.0


def test_accounts_of_a_village_add_up_to_the_accounts_of_its_town():
    chosen = setting(residents=6_000, weeks=52, measures=ALL)
    records = run.branch(run.history(chosen, "village"), chosen)
    cases = {name: records.villages[name].sum(axis=1) for name in ("raised", "closed", "withdrawn", "open")}
    for name, total in cases.items():
        assert np.array_equal(total, records.tallies[name])
    each = (
        records.villages["closed"]
        + records.villages["withdrawn"]
        + np.diff(records.villages["open"], axis=0, prepend=0)
    )
    assert np.array_equal(records.villages["raised"][1:], each[1:])


def test_every_figure_is_a_number_or_missing_by_design():
    """A ratio is missing where its denominator is 0, a quantile where nothing was closed, and nothing else is."""
    for orders in NAMED.values():
        chosen = setting(**{"residents": 2_000, "weeks": 60, **orders})
        records = run.branch(run.history(chosen), chosen)
        figures = run.evaluate(records)
        assert {name.split("__")[0] for name in figures} == set(INDICATORS)
        for suffix, part in run.periods(records.weeks).items():
            for name, indicator in INDICATORS.items():
                value, rows = figures[name + suffix], records.tallies[part]
                if indicator.kind == "quantile":
                    missing = rows[indicator.over[0]].sum() == 0
                else:
                    parts = [names for names in (indicator.under, indicator.less_under) if names]
                    missing = (summed(rows, tuple(parts)).sum(axis=0) <= 0).any()
                assert np.isnan(value) == missing, name + suffix
                assert np.isfinite(value) or missing, name + suffix
            for name in OUTCOMES:
                assert np.isfinite(figures[name + suffix]), name + suffix
            assert 0.0 <= figures["service_efficiency" + suffix] <= 1.0
            assert 0.0 <= figures["satisfaction" + suffix] <= 100.0
            assert 0.0 <= figures["micro_corruption" + suffix] <= 1.0
            for channel in CHANNELS:
                share = figures[f"micro_corruption_in_{channel}{suffix}"]
                assert np.isnan(share) or 0.0 <= share <= 1.0


def two_years(dividend: float, stolen: bool, gifts: np.ndarray | None = None) -> tuple[np.ndarray, float, float]:
    """Two years in which assets are stolen or not, and nobody is found.

    gifts (weeks, villages): yuan put into the accounts besides. Returns the accounts' income (weeks, villages), last
    year's satisfaction, and yuan of dividends and projects.
    """
    levers = {"township_bookkeeping": 0.0}  # no clerk of the township takes part
    facts = {"switches": {"dividend": dividend}}
    frozen = ["oversight", "conduct", "departments"]  # nobody is caught, nobody adapts, and no department hears of it
    chosen = setting(residents=6_000, weeks=104, seed=3, levers=levers, facts=facts, knock_out=frozen)
    world = world_of(chosen)
    state = run.with_measures(run.history(chosen, "village").units[0].state, world)
    state.means_villages.view(state.villages.dtype)["hazard"] = 0.0
    usual = state.means_cadres.view(state.cadres.dtype)
    usual["dared"], usual["propensity"] = 1.0, 0.0
    state.cadres["rate"][:, CH_ASSETS] = 0.3 if stolen else 0.0
    state.cadres["owed"] = 0.0
    income, points, spent = [], 0.0, 0.0
    for week in range(chosen.weeks):
        after = run.run_unit(state, world, week, week + 1, week)
        state, tally = after.state, after.tallies[0]
        if gifts is not None:
            state.villages["account"] += gifts[week]
        income.append(tally["account_in"][:-1])
        points += tally["satisfaction"].sum() / tally["residents"].sum() / 52 if week >= 52 else 0.0
        spent += tally["dividends"].sum() + tally["account_projects"].sum()
    return np.array(income), points, spent


def test_a_saved_yuan_works_like_a_yuan_added_to_the_account_unless_the_account_leaks():
    """Assets that nobody takes, against assets that are taken and made good from outside, yuan by yuan."""
    kept, points_kept, spent_kept = two_years(1.0, stolen=False)
    lost, points_lost, spent_lost = two_years(1.0, stolen=True)
    _, points_given, spent_given = two_years(1.0, stolen=True, gifts=kept - lost)
    assert spent_kept > 1.05 * spent_lost
    assert spent_given - spent_lost == pytest.approx(spent_kept - spent_lost, rel=0.05)
    assert points_kept > points_lost
    assert points_given - points_lost == pytest.approx(points_kept - points_lost, rel=0.1)
    leaking = [two_years(0.0, stolen)[1:] for stolen in (False, True)]
    assert leaking[0] == leaking[1]
    assert leaking[0][1] == 0.0


@pytest.mark.parametrize("burden", [0.0, 1.5])
def test_cases_open_are_those_raised_in_a_day_times_the_days_they_take(burden):
    """Little's law over a long stationary run in which nobody gives up."""
    chosen = setting(residents=5_000, weeks=1_040, burden=burden, seed=1)
    chosen = chosen.replace(parameters={**chosen.parameters, "patience": 1e6})
    tallies = run.branch(run.history(chosen), chosen).tallies[-936:]
    assert tallies["withdrawn"].sum() == 0.0
    rate, days = tallies["closed"].sum() / (5 * len(tallies)), tallies["days"].sum() / tallies["closed"].sum()
    assert rate * days == pytest.approx(tallies["open"].mean(), rel=0.02)


def test_paper_of_the_township_is_what_its_villages_did_not_do():
    """Hours of all groups less those of villages are hours of township posts, and of paper among them."""
    chosen = setting(residents=3_000, weeks=52, seed=4)
    records = run.branch(run.history(chosen, "village"), chosen)
    for of_all, of_township in (("hours_available", "hours_township"), ("compliance", "compliance_township")):
        elsewhere = records.villages[of_all].sum(axis=1)
        assert np.all(records.villages[of_township] == 0.0)
        np.testing.assert_allclose(records.tallies[of_all] - elsewhere, records.tallies[of_township], rtol=1e-9)
    share = run.evaluate(records)["township_compliance_share"]
    last = records.tallies[-52:]
    assert share == pytest.approx(last["compliance_township"].sum() / last["hours_township"].sum())
