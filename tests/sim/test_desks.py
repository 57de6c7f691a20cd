"""Desks against the theory of queues: Lindley's recursion, the means that are known, and Little's law.

A working day is the unit of time, and there are five a week: nobody waits over a weekend. `rho` is the
utilisation, arrivals a day times mean days of work a step. Means are held within the 99 % interval of
independent runs, and every interval is shown to be narrow enough to refuse the nearest wrong formula.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats

from sim import run
from sim.compiled import entry
from sim.inputs.settings import setting
from sim.mechanisms.cases import OPEN, WITHDRAWN
from sim.mechanisms.casework import serve
from sim.mechanisms.desks import expect, holder, take_step
from sim.state import TALLY_TYPE
from sim.town import build_unit, grow_pools, role_of, units_of
from sim.vocabulary import CERTIFICATE, KINDS, ROLES, SERVICE
from sim.world import world_of
from tests.sim.mechanisms.rules import plain

DESK = 3


def interval(values) -> tuple[float, float]:
    """99 % interval of the mean of independent values (Student)."""
    values = np.asarray(values, np.float64)
    half = stats.t.ppf(0.995, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5
    return values.mean() - half, values.mean() + half


# --- a desk alone


@entry
def serve_at_one_desk(desk, arrivals, hours, weeks, world, state, tallies, finished):
    """Put steps into the calendar of one desk, let it work, and say when each was finished (working days)."""
    office = state.office[0]
    rows = np.empty(arrivals.shape[0], np.int64)
    for i in range(arrivals.shape[0]):
        row = office.free_case
        case = state.cases[row]
        office.free_case = case.next
        office.cases_free -= 1
        case.state = OPEN
        case.kind = CERTIFICATE
        case.position = 0
        case.left = 0
        case.open = 1
        case.redone = 1.0
        case.raised = arrivals[i]
        case.last = arrivals[i]
        case.patience = 1e18
        node = take_step(state.steps, office)
        step = state.steps[node]
        step.case = row
        step.desk = desk
        step.arrival = arrivals[i]
        step.remaining = hours[i]
        expect(state.steps, office, node)
        rows[i] = row
    for now in range(weeks):
        serve(
            now, world.parameters[0], world.facts[0], world.kinds, state.township[0], state.villages, state.cadres,
            state.residents, state.ties, state.cases, state.steps, office, state.due, tallies,
        )  # fmt: skip
    for i in range(arrivals.shape[0]):
        finished[i] = state.cases[rows[i]].last


@pytest.fixture(scope="module")
def lone_desk(compiled_model):
    """Function: (arrivals in working days, standard hours, pace) -> finishing times and the state afterwards."""
    chosen = setting("demo_village", residents=200)
    world = world_of(chosen)
    ((number, first, unit),) = units_of(chosen)
    built = build_unit(chosen, world, number, first, unit, False)

    def finish(arrivals, hours, pace, weeks):
        state = grow_pools(built.copy(), len(arrivals))
        state.cadres["pace"][DESK] = pace
        finished = np.empty(len(arrivals))
        tallies = np.zeros(1, TALLY_TYPE)
        serve_at_one_desk(np.int64(DESK), arrivals, hours, np.int64(weeks), world, state, tallies, finished)
        return finished, state, tallies

    return finish


def lindley(arrivals, hours, pace) -> np.ndarray:
    """start = max(arrival, previous finish), first come first served."""
    found, free = np.empty(len(arrivals)), 0.0
    for i in np.argsort(arrivals, kind="stable"):
        free = max(arrivals[i], free) + hours[i] / pace
        found[i] = free
    return found


jobs = st.lists(
    st.tuples(st.floats(0, 60), st.floats(0.001, 40)), min_size=1, max_size=60, unique_by=lambda job: job[0]
)


@given(jobs=jobs, pace=st.floats(0.5, 8))
@hypothesis_settings(max_examples=60)
def test_a_desk_alone_follows_lindleys_recursion(jobs, pace, lone_desk):
    arrivals, hours = (np.array(column) for column in zip(*jobs, strict=True))
    expected = lindley(arrivals, hours, pace)
    weeks = int(expected.max() // 5) + 2
    finished, state, tallies = lone_desk(arrivals, hours, pace, weeks)
    np.testing.assert_allclose(finished, expected, rtol=1e-12, atol=1e-12)
    assert tallies["closed"][0] == len(jobs)
    assert state.cadres["head"][DESK] == state.cadres["tail"][DESK] == -1
    assert state.cadres["backlog"][DESK] == pytest.approx(0.0, abs=1e-6)


def test_a_desk_that_works_all_week_uses_all_its_hours(lone_desk):
    arrivals, hours = np.arange(10) * 0.1, np.full(10, 100.0)
    _, state, _ = lone_desk(arrivals, hours, 4.0, 3)
    assert state.cadres["used_hours"][DESK] == pytest.approx(state.cadres["desk_hours"][DESK], rel=1e-12)
    assert state.cadres["backlog"][DESK] == pytest.approx(1_000.0 - 4.0 * 15, rel=1e-12)


def waits_by_recursion(arrivals, work) -> np.ndarray:
    """W[n+1] = max(0, W[n] + S[n] − A[n]): Lindley's own form, from gaps A and days of work S."""
    waits = np.zeros(len(arrivals))
    gaps = np.diff(arrivals)
    for n in range(len(gaps)):
        waits[n + 1] = max(0.0, waits[n] + work[n] - gaps[n])
    return waits


def test_thousands_of_waits_follow_lindleys_recursion_bit_by_bit(lone_desk):
    """Times in 1024ths of a day and a pace of 4 can be added without rounding: nothing may differ at all."""
    rng = np.random.default_rng(2)
    count, pace = 6_000, 4.0
    arrivals = np.cumsum(rng.integers(1, 2 * 1024, count)) / 1024.0
    hours = rng.choice([1, 64, 4096, 3 * 4096], count, p=[0.2, 0.3, 0.4, 0.1]) / 1024.0
    finished, _, tallies = lone_desk(arrivals, hours, pace, int(arrivals[-1] // 5) + 60)
    waits = finished - hours / pace - arrivals
    assert tallies["closed"][0] == count
    assert np.array_equal(waits, waits_by_recursion(arrivals, hours / pace))
    assert np.mean(waits == 0.0) > 0.1
    assert waits.max() > 5.0, "some wait for more than a week"


def test_thousands_of_waits_follow_lindleys_recursion_on_any_clock(lone_desk):
    """With real numbers, rounding is the only difference: 1e-12 of the clock's reading."""
    rng = np.random.default_rng(3)
    count, pace = 6_000, 3.7
    arrivals = np.cumsum(rng.exponential(1.0, count))
    hours = rng.exponential(0.85 * pace, count)
    finished, *_ = lone_desk(arrivals, hours, pace, int(arrivals[-1] // 5) + 60)
    waits = finished - hours / pace - arrivals
    np.testing.assert_allclose(waits, waits_by_recursion(arrivals, hours / pace), rtol=0, atol=1e-12 * finished[-1])


# --- the mean wait


def mean_waits(lone_desk, gaps, hours, pace, runs: int, count: int, cut: int) -> np.ndarray:
    """Mean wait of each of several independent runs of one desk; the first `cut` steps fill the queue."""
    found = []
    for seed in range(runs):
        rng = np.random.default_rng([7, seed])
        arrivals, work = np.cumsum(gaps(rng, count)), hours(rng, count)
        finished, *_ = lone_desk(arrivals, work, pace, int((arrivals[-1] + 40) // 5) + 20)
        found.append(np.mean((finished - work / pace - arrivals)[cut:]))
    return np.array(found)


def test_the_mean_wait_is_that_of_the_discrete_time_queue(lone_desk):
    """Geo/G/1. Days of eight slots; a step arrives at a slot with probability a and takes whole slots S.

    E[wait] = a E[S (S − 1)] / (2 (1 − rho)) slots (Hunter 1983; Takagi 1993). In continuous time it would
    be a E[S²] / (2 (1 − rho)), longer by rho / (2 (1 − rho)) slots: the interval tells them apart.
    """
    slots, a, pace = 8, 0.3, 4.0
    sizes, chances = np.array([1, 2, 5]), np.array([0.5, 0.3, 0.2])
    rho = a * float(sizes @ chances)
    theory = a * float((sizes * (sizes - 1)) @ chances) / (2 * (1 - rho)) / slots
    continuous = a * float(sizes**2 @ chances) / (2 * (1 - rho)) / slots
    waits = mean_waits(
        lone_desk,
        lambda rng, n: rng.geometric(a, n) / slots,
        lambda rng, n: rng.choice(sizes, n, p=chances) / slots * pace,
        pace, runs=200, count=6_000, cut=500,
    )  # fmt: skip
    low, high = interval(waits)
    assert low < theory < high, (low, theory, high)
    assert high - low < 0.04 * theory
    assert high < continuous


def test_the_mean_wait_is_that_of_pollaczek_and_khinchine(lone_desk):
    """M/G/1: gaps and work exponential, E[wait] = rate E[S²] / (2 (1 − rho))."""
    pace, rho = 4.0, 0.7
    theory = rho * rho / (1 - rho)  # S has mean rho days and E[S²] = 2 rho²
    waits = mean_waits(
        lone_desk,
        lambda rng, n: rng.exponential(1.0, n),
        lambda rng, n: rng.exponential(rho * pace, n),
        pace, runs=200, count=6_000, cut=500,
    )  # fmt: skip
    low, high = interval(waits)
    assert low < theory < high, (low, theory, high)
    assert high - low < 0.05 * theory
    assert high < 0.72 * 0.72 / (1 - 0.72), "a desk that is a little busier would be told apart"


# --- a desk in a town

ONE_STEP = {
    "over_60_factor": 1, "under_60_factor": 1, "online_eligible": 0, "role": SERVICE, "village_first": 1,
    "village_hours": 1, "go_up": 0, "seals": 1, "outside_days": 0, "pause_days": 0, "papers": 0, "owners": 0,
}  # fmt: skip
SHORT, LONG, RATE = 0.8, 1.6, 0.08
TWO_KINDS = {
    **{kind: {"rate": 0} for kind in KINDS[:6]},
    "insurance": {**ONE_STEP, "rate": RATE, "hours": SHORT},
    "certificate": {**ONE_STEP, "rate": RATE, "hours": LONG},
}


def waits_at_service_desks(seed: int) -> np.ndarray:
    """(wait, its theory) in working days of the service desk of each village of a town: array (villages, 2)."""
    weeks, cut = 1_040, 52
    chosen = setting(
        residents=12_000, weeks=weeks, seed=seed, facts={"case_kinds": TWO_KINDS, "switches": {"seats_by_size": 0}},
        knock_out=["time_use", "service", "needs"],
    )  # fmt: skip
    nobody = {"patience": 1e6, "redo": 0.0, "help_share": 0.0, "petition_hazard": 0.0}
    chosen = chosen.replace(parameters={**chosen.parameters, **nobody})
    history, world = run.history(chosen, "village"), world_of(chosen)
    after = run.run_unit(run.with_measures(history.units[0].state, world), world, 0, weeks, 0)
    desks = after.state.cadres[after.state.villages["desk"][:, SERVICE]]
    day = np.outer(1.0 / desks["pace"], [SHORT, LONG]) * after.state.township["check_hours"][0]
    counts = after.tallies[cut:, :-1]
    raised, closed, days = (counts[name].sum(axis=0) for name in ("raised", "closed_kind", "days"))
    assert counts["withdrawn"].sum() == 0.0
    rate = raised / (5.0 * len(counts))
    shares = closed[:, :2] / closed.sum(axis=1, keepdims=True)
    work, square = (day * shares).sum(axis=1), (day**2 * shares).sum(axis=1)
    assert np.all(rate * work < 0.9)
    return np.stack([days.sum(axis=1) / closed.sum(axis=1) - work, rate * square / (2 * (1 - rate * work))], axis=1)


def test_service_desks_of_a_town_wait_as_the_theory_says(compiled_model):
    """M/G/1 in the whole model, with keyed residents for arrivals and two kinds of case for work.

    A resident raises a case with probability q a week at a keyed moment of it: binomial arrivals, Poisson
    but for a part of the order of q (here .3 %). Hours, conditions of service and needs are frozen, and
    nobody helps, repeats or gives up, so that a desk's pace is its baseline mean.
    """
    found = np.concatenate([waits_at_service_desks(seed) for seed in range(8)])
    low, high = interval(found[:, 0] / found[:, 1])
    assert low < 1.0 < high, (low, high)
    assert high - low < 0.05


# --- Little's law


def open_and_stay(weeks: int, cut: int, **orders) -> dict[str, float]:
    """What a whole town shows of open cases after `cut` weeks; every withdrawal is looked up in the state."""
    chosen = setting(weeks=weeks, **orders)
    world = world_of(chosen)
    state = run.with_measures(run.history(chosen).units[0].state, world)
    counted, stay, given_up, before = [], 0.0, 0.0, 0.0
    known: set[int] = set()
    for week in range(weeks):
        after = run.run_unit(state, world, week, week + 1, week)
        state = after.state
        gone = state.cases[state.cases["state"] == WITHDRAWN]
        new = np.array([key not in known for key in gone["key"].tolist()], bool)
        known = set(gone["key"].tolist())
        if week < cut:
            still = state.cases[state.cases["state"] == OPEN]
            before = float(np.sum(5.0 * (week + 1) - still["raised"]))
            continue
        tally = after.tallies[0, 0]
        assert new.sum() == tally["withdrawn"]
        counted.append([tally[name] for name in ("raised", "closed", "withdrawn", "open")])
        stay += float(tally["days"].sum())
        given_up += float(np.sum((gone["patience"] - gone["raised"])[new]))
    raised, closed, withdrawn, still_open = np.array(counted).T
    left = state.cases[state.cases["state"] == OPEN]
    return {
        "open": still_open.mean(),
        "rate": raised.sum() / (5.0 * len(counted)),
        "time": (stay + given_up) / (closed.sum() + withdrawn.sum()),
        "given up": given_up / (stay + given_up),
        "edges": max(before, float(np.sum(5.0 * weeks - left["raised"]))) / (stay + given_up),
    }


@pytest.mark.parametrize(
    "orders",
    [{"seed": 1}, {"seed": 2, "burden": 2.0}, {"seed": 3, "town": "inspected"}],
    ids=["average", "burden", "inspected"],
)
def test_open_cases_are_those_raised_a_day_times_the_days_they_stay(orders, compiled_model):
    """Little's law, L = rate x time, within 2 % over 36 stationary years of a whole town, withdrawals and all.

    Time is in working days, five a week. A closed case stays from its moment to the end of its last step;
    a withdrawn one until its patience ends, which the model notices at the end of that week. Open cases
    are counted at the ends of weeks, not all the time: a case raised at a uniform moment of a week and
    open for d days is seen d / 5 times on average. What remains are the edges: days that cases open at
    the start had stayed before (counted in time, not in open) and days that cases open at the end have
    yet to stay (the reverse). Each is less than 1 % of all days, and they nearly cancel.
    """
    found = open_and_stay(weeks=2_000, cut=104, residents=8_000, **orders)
    assert found["rate"] * found["time"] == pytest.approx(found["open"], rel=0.02)
    assert found["edges"] < 0.01
    closed_only = found["rate"] * found["time"] * (1.0 - found["given up"])
    assert closed_only != pytest.approx(found["open"], rel=0.02), "the law fails if those who give up are left out"


# --- who sits at a village desk


def test_every_holder_of_a_role_serves_at_its_desk(subtests):
    """What the town builder seats and where cases go agree: every seat is reached under its role, and no other."""
    for cadres in range(1, 31):
        with subtests.test(cadres=cadres):
            roles = [role_of(seat) for seat in range(cadres)]
            for role in range(len(ROLES)):
                holding = [seat for seat in range(cadres) if roles[seat] == role] or [role % cadres]
                first, before = 100, 100 + role % cadres
                reached = {plain(holder)(first, cadres, role, before, u / 1000) - first for u in range(1000)}
                assert reached == set(holding)
            assert roles.count(0) == 1
