"""Rules of the mechanisms as plain functions: bounds and directions; and a desk alone."""

from __future__ import annotations

import inspect
import itertools
import re
import types
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import sim.week
from sim import run
from sim.compiled import entry
from sim.evidence import read_parameters
from sim.levers import LEVERS
from sim.mechanisms import (
    cases,
    conduct,
    delivery,
    departments,
    desks,
    implementation,
    initiative,
    needs,
    oversight,
    people,
    residents,
    service,
    tasks,
    time_use,
)
from sim.mechanisms.cases import OPEN, serve
from sim.mechanisms.desks import expect, take_step
from sim.settings import setting
from sim.state import CERTIFICATE, CHANNELS, TALLY_TYPE, WAIT_BINS
from sim.town import build_unit, units_of
from sim.world import world_of

FILES = (
    cases, conduct, delivery, departments, desks, implementation, initiative, needs, oversight, people, residents,
    service, tasks, time_use,
)  # fmt: skip


@cache
def plain(rule):
    """A rule as the Python function it was written as, together with the rules it calls."""
    function = rule.py_func
    names = dict(function.__globals__)
    for name in function.__code__.co_names:
        if name != function.__name__ and hasattr(names.get(name), "py_func"):
            names[name] = plain(names[name])
    return types.FunctionType(function.__code__, names, function.__name__, function.__defaults__)


PRIORS = read_parameters()
share = st.floats(0.0, 1.0)
some = st.floats(0.0, 50.0)
points = st.floats(0.0, 100.0)


@st.composite
def drawn_parameters(draw):
    """A draw of every parameter within its prior: what must hold, holds for all of them."""
    where = np.random.default_rng(draw(st.integers(0, 10**9))).random(len(PRIORS))
    where = where if draw(st.booleans()) else np.round(where)  # corners too
    return SimpleNamespace(**{p.id: p.low + u * (p.high - p.low) for u, p in zip(where, PRIORS.values(), strict=True)})


@st.composite
def levers(draw, *names):
    """Some levers anywhere within their bounds."""
    return SimpleNamespace(**{name: draw(st.floats(LEVERS[name].low, LEVERS[name].high)) for name in names})


parameters = drawn_parameters()
MODE = SimpleNamespace(**{p.id: p.mode for p in PRIORS.values()})


def steps_between(low: float, high: float, count: int = 41) -> list[float]:
    return [float(x) for x in np.linspace(low, high, count)]


def rises(values) -> bool:
    return all(b >= a - 1e-12 for a, b in itertools.pairwise(values))


def falls(values) -> bool:
    return rises([-value for value in values])


# --- the shape of the code


def test_every_rule_says_what_it_is_and_every_parameter_is_read():
    code = "".join(inspect.getsource(file) for file in (*FILES, sim.week))
    read = set(re.findall(r"\bp\.(\w+)", code)) | {"disposition_spread"}  # the last where towns are built
    for file in FILES:
        for name, rule in vars(file).items():
            if hasattr(rule, "py_func") and rule.py_func.__module__ == file.__name__:
                assert rule.py_func.__doc__, f"{file.__name__}.{name}"
    assert set(PRIORS) == read


# --- 1 implementation


@given(intensity=share, start=st.integers(0, 200), length=st.integers(1, 200), now=st.integers(-300, 500))
def test_a_measure_is_ordered_in_its_window_only(intensity, start, length, now):
    value = plain(implementation.ordered)(intensity, start, start + length, now)
    assert value == (intensity if start <= now < start + length else 0.0)


@given(attention=st.floats(0.5, 20), load=st.floats(0, 19))
def test_attention_is_shared_out_and_never_more_than_there_is(attention, load):
    carry = plain(implementation.carried)(attention, load)
    assert 0.0 < carry <= 1.0
    assert carry * load <= max(attention, 0.0) * (1 + 1e-12) or carry == 1.0
    assert falls([plain(implementation.carried)(attention, x) for x in steps_between(0, 19)])


@given(persistence=share, rules=share)
def test_what_is_kept_of_a_measure_is_a_share_that_rules_raise(persistence, rules):
    kept = plain(implementation.floor_kept)(persistence, rules)
    assert persistence - 1e-12 <= kept <= 1.0
    assert rises([plain(implementation.floor_kept)(persistence, x) for x in steps_between(0, 1)])


@given(p=parameters, carry=share, third_party=share)
def test_faking_is_a_share_that_rises_with_scarce_attention_and_falls_with_outsiders(p, carry, third_party):
    def faked(carry, third_party):
        return plain(implementation.faked_share)(carry, third_party, p.fake_base, p.fake_scarce, p.fake_outsiders)

    assert 0.0 <= faked(carry, third_party) <= 1.0
    assert falls([faked(x, third_party) for x in steps_between(0, 1)])
    assert falls([faked(carry, x) for x in steps_between(0, 1)])


@given(
    lever=st.sampled_from(list(LEVERS.values())),
    at=share,
    norm=share,
    strengths=st.lists(st.tuples(share, share), max_size=5),
    factors=st.lists(st.tuples(share, st.floats(0.1, 3)), max_size=5),
    shuffle=st.randoms(use_true_random=False),
)
def test_a_lever_under_measures_stays_within_bounds_and_hangs_on_no_order(lever, at, norm, strengths, factors, shuffle):
    value = lever.low + at * (lever.high - lever.low)
    floor = lever.low + norm * (lever.high - lever.low)

    def composed(strengths, factors):
        close = float(np.prod([1.0 - s * a for s, a in strengths]))
        scale = float(np.prod([f**s for s, f in factors]))
        return plain(implementation.composed)(value, floor, close, scale, lever.low, lever.high)

    found = composed(strengths, factors)
    assert lever.low <= found <= lever.high
    shuffle.shuffle(strengths)
    shuffle.shuffle(factors)
    assert composed(strengths, factors) == pytest.approx(found, rel=1e-12, abs=1e-12)


@given(lever=st.sampled_from(list(LEVERS.values())), at=share)
def test_a_lever_that_no_measure_moves_stays_what_it_is(lever, at):
    value = lever.low + at * (lever.high - lever.low)
    assert plain(implementation.composed)(value, 0.0, 1.0, 1.0, lever.low, lever.high) == value


@given(value=share, strength=share, target=share)
def test_closing_shrinks_the_gap_and_never_overshoots(value, strength, target):
    closed = plain(implementation.composed)(value, 0.0, 1.0 - strength * target, 1.0, 0.0, 1.0)
    assert value - 1e-12 <= closed <= 1.0
    assert 1.0 - closed == pytest.approx((1.0 - value) * (1.0 - strength * target), abs=1e-12)


# --- 2 tasks


@given(length=st.integers(1, 26), every=st.integers(26, 52), now=st.integers(-400, 400))
def test_a_deadline_is_felt_in_the_weeks_before_it(length, every, now):
    near = plain(tasks.near_deadline)
    assert near(now, every, length) in (0.0, 1.0)
    assert sum(near(week, every, length) for week in range(now, now + every)) == length


@given(forms=st.floats(0, 3_000), hours=st.floats(0.3, 4), duplicate=share, repeat=share, shared=share, spared=share)
def test_shared_data_and_quick_repeats_spare_hours_of_forms(forms, hours, duplicate, repeat, shared, spared):
    def took(shared, duplicate):
        return plain(tasks.form_hours)(forms, hours, duplicate, repeat, shared, spared)

    assert 0.0 <= took(shared, duplicate) <= forms / 52 * hours * (1 + 1e-12)
    assert falls([took(x, duplicate) for x in steps_between(0, 1)])
    assert falls([took(shared, x) for x in steps_between(0, 1)])


@given(seen=st.lists(st.floats(0.05, 1), min_size=2, max_size=30), bias=share, bunching=st.floats(0, 5))
def test_bias_and_bunching_move_visits_about_but_add_none(seen, bias, bunching):
    every, length = 26, 3
    mean = float(np.mean(seen))
    total = np.mean(
        [
            plain(tasks.visits_expected)(12.0, bias, v, mean, float(week < length), bunching, length / every)
            for v in seen
            for week in range(every)
        ]
    )
    assert total == pytest.approx(12.0 / 52, rel=1e-9)


@given(expected=st.floats(0, 20))
def test_a_whole_number_has_the_expected_mean(expected):
    values = [plain(tasks.whole_number)(expected, u) for u in np.arange(0.0005, 1, 0.001)]
    assert np.mean(values) == pytest.approx(expected, abs=2e-3)
    assert {v % 1 for v in values} == {0.0}


# --- 3 needs


@given(eligible=share, online=share, counters=share, pushed=share, u=st.floats(0, 0.999))
def test_closing_counters_never_sends_anybody_back_to_the_window(eligible, online, counters, pushed, u):
    online_now = [plain(needs.goes_online)(eligible, online, x, pushed, u) for x in (1.0, counters, 0.0)]
    assert rises([float(x) for x in online_now])
    assert not plain(needs.goes_online)(0.0, online, counters, pushed, u)


# --- 4 time use

ONSET, HALF = MODE.fabrication_onset, MODE.fabrication_half


def ticked(demanded, onset=ONSET, half=HALF, third_party=0.0, outsiders=0.0):
    return plain(time_use.fabricated_share)(demanded, 1.0, onset, half, outsiders, third_party)


@given(p=parameters, demanded=st.floats(0, 10), third_party=share)
def test_fabricated_share_is_zero_up_to_its_onset_and_rises_after_it(p, demanded, third_party):
    def of(demanded, third_party=third_party):
        return ticked(demanded, p.fabrication_onset, p.fabrication_half, third_party, p.fabrication_checked)

    assert 0.0 <= of(demanded) <= 1.0
    assert of(min(demanded, p.fabrication_onset)) == 0.0
    assert of(p.fabrication_onset + 1e-3, 0.0) > 0.0
    assert rises([of(x) for x in steps_between(0, 10)])
    assert falls([of(demanded, x) for x in steps_between(0, 1)])


@given(p=parameters)
def test_fabricated_share_is_convex_up_to_a_quarter_of_all_paper(p):
    """Above it the share must bend back, since no more than everything can be ticked."""
    last = p.fabrication_onset + p.fabrication_half / 3**0.5
    shares = np.array([ticked(x, p.fabrication_onset, p.fabrication_half) for x in steps_between(0, last, 101)])
    assert np.all(np.diff(shares, 2) >= -1e-12)
    assert shares[-1] == pytest.approx(0.25)


@given(demanded=st.floats(0, 200), fabricated=share, tick=share, available=st.floats(1, 60), most=share)
def test_paper_takes_no_more_than_there_is_and_ticking_relieves(demanded, fabricated, tick, available, most):
    def hours(demanded, fabricated):
        return plain(time_use.paper_hours)(demanded, fabricated, tick, available, most)

    assert 0.0 <= hours(demanded, fabricated) <= min(demanded, most * available) * (1 + 1e-12)
    assert falls([hours(demanded, x) for x in steps_between(0, 1)])
    assert rises([hours(x, fabricated) for x in steps_between(0, 200)])


BLAME = ("examined", "inspected", "complained", "tolerance_believed", "failure", "loss", "caution")


@given(values=st.tuples(*[share] * 5, st.floats(0, 5), st.floats(0, 5)))
def test_blame_rises_with_eyes_and_stakes_and_falls_with_tolerance(values):
    def blame(**changed):
        return plain(time_use.blame_of_a_try)(**{**dict(zip(BLAME, values, strict=True)), **changed})

    loss, caution = values[-2:]
    assert 0.0 <= blame() <= loss * caution * (1 + 1e-12)
    assert blame(tolerance_believed=1.0) == 0.0
    assert blame(examined=0.0, inspected=0.0, complained=0.0) == 0.0
    for name in BLAME:
        path = [blame(**{name: x}) for x in steps_between(0, 1)]
        assert falls(path) if name == "tolerance_believed" else rises(path), name


@given(p=parameters, motivation=share, fatigue=share, appraised=share, risk=st.floats(0, 10))
def test_effort_keeps_its_bounds_and_rises_with_motive_reward_and_risk(p, motivation, fatigue, appraised, risk):
    def effort(motivation=motivation, fatigue=fatigue, appraised=appraised, risk=risk):
        return plain(time_use.effort)(p, motivation, fatigue, appraised, risk)

    assert p.effort_least <= effort() <= p.effort_most
    for name in ("motivation", "appraised", "risk"):
        assert rises([effort(**{name: x}) for x in steps_between(0, 1)]), name
    assert falls([effort(fatigue=x) for x in steps_between(0, 1)])


@given(values=st.tuples(*[st.floats(-30, 30)] * 4), temperature=st.floats(0.2, 3), shift=st.floats(-100, 100))
def test_shares_of_a_choice_sum_to_one_and_hang_on_differences_only(values, temperature, shift):
    shares = plain(time_use.choose)(*values, temperature)
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)
    assert all(0.0 <= part <= 1.0 for part in shares)
    moved = plain(time_use.choose)(*(v + shift for v in values), temperature)
    assert moved == pytest.approx(shares, abs=1e-9)
    assert [shares[i] for i in np.argsort(values)] == sorted(shares)


@given(values=st.tuples(*[st.floats(-5, 5)] * 4), temperature=st.floats(0.2, 3), which=st.integers(0, 3))
def test_an_activity_gets_more_when_it_is_worth_more(values, temperature, which):
    def part(value):
        changed = [*values]
        changed[which] = value
        return plain(time_use.choose)(*changed, temperature)[which]

    assert rises([part(x) for x in steps_between(-5, 5)])


@given(p=parameters, motivation=share, fatigue=share, appraised=share, prospects=share, blame=st.floats(0, 3))
def test_values_of_activities_follow_their_reasons(p, motivation, fatigue, appraised, prospects, blame):
    value = plain(time_use.value_of_initiative)
    grid = steps_between(0, 1)
    assert falls([value(p, motivation, appraised, prospects, x) for x in grid])
    assert rises([value(p, x, appraised, prospects, blame) for x in grid])
    slack = plain(time_use.value_of_slack)
    assert falls([slack(p, fatigue, motivation, appraised, x) for x in grid])
    assert rises([slack(p, x, motivation, appraised, blame) for x in grid])
    casework = plain(time_use.value_of_casework)
    assert rises([casework(p, x, 10.0, motivation, appraised) for x in steps_between(0, 100)])
    policy = plain(time_use.value_of_policy)
    assert rises([policy(p, 0.0, 1.0, x, prospects, appraised, 1.0) for x in grid])
    assert policy(p, 1.0, 1.0, 0.5, prospects, appraised, 1.0) >= policy(p, 0.0, 1.0, 0.5, prospects, appraised, 1.0)


# --- 5 service, cases and desks


@given(p=parameters, clarity=share, listed=share, caution=st.floats(0, 5), risk=st.floats(0, 10))
def test_a_step_is_passed_on_only_where_its_owner_is_unclear(p, clarity, listed, caution, risk):
    def passed(clarity=clarity, listed=listed, caution=caution, risk=risk):
        return plain(service.passed_on)(p, clarity, listed, caution, risk)

    assert 0.0 <= passed() <= p.pass_on_most <= 1.0
    assert passed(clarity=1.0) == 0.0
    for name in ("clarity", "listed", "risk"):
        assert falls([passed(**{name: x}) for x in steps_between(0, 1)]), name
    assert rises([passed(caution=x) for x in steps_between(0, 5)])


@given(p=parameters, skill=share, fatigue=share, days=st.floats(0, 1_000))
def test_haste_is_a_probability_that_skill_cuts(p, skill, fatigue, days):
    def redone(skill=skill, fatigue=fatigue, days=days):
        return plain(service.redone)(p, skill, fatigue, days)

    assert 0.0 <= redone() <= 1.0
    assert redone(skill=1.0) == 0.0
    assert falls([redone(skill=x) for x in steps_between(0, 1)])
    assert rises([redone(fatigue=x) for x in steps_between(0, 1)])
    assert rises([redone(days=x) for x in steps_between(0, 100)])


@given(norm=st.floats(1, 20), multiplier=st.floats(0.3, 2))
def test_seals_are_whole_at_least_one_and_right_on_average(norm, multiplier):
    seals = [plain(cases.seals_needed)(norm, multiplier, u) for u in np.arange(0.0005, 1, 0.001)]
    assert min(seals) >= 1
    assert {s % 1 for s in seals} == {0}
    assert np.mean(seals) == pytest.approx(max(1.0, norm * multiplier), abs=2e-3) or norm * multiplier < 1


@given(days=st.floats(0, 2_000))
def test_a_wait_is_counted_between_the_edges_of_its_bin(days):
    at = plain(cases.wait_bin)(days)
    low, high = run.WAIT_EDGES[at], run.WAIT_EDGES[at + 1]
    assert low - 1e-9 <= days
    assert days <= high + 1e-9 or at == WAIT_BINS - 1


def test_delays_are_exponential_with_the_given_mean():
    u = np.arange(0.5e-5, 1, 1e-5)
    days = plain(desks.delay)(u, 4.0)
    assert days.mean() == pytest.approx(4.0, rel=1e-3)
    assert np.median(days) == pytest.approx(4.0 * np.log(2), rel=1e-3)
    assert plain(desks.delay)(0.0, 4.0) == 0.0


# --- 6 delivery


@given(p=parameters, supply=st.floats(0, 5), listed=share, paper=st.floats(0, 0.9), ledger=share, results=share)
def test_delivery_is_a_share_that_work_raises_and_paper_closing_lowers(p, supply, listed, paper, ledger, results):
    done = plain(delivery.task_delivery)
    assert 0.0 <= done(p, supply, listed, paper) <= 1.0
    assert done(p, 0.0, listed, paper) == 0.0
    assert rises([done(p, x, listed, paper) for x in steps_between(0, 5)])
    assert falls([done(p, supply, listed, x) for x in steps_between(0, 0.9)])
    closed = plain(delivery.closed_on_paper)
    assert 0.0 <= closed(p, listed, ledger, results) <= 0.9
    assert falls([closed(p, listed, ledger, x) for x in steps_between(0, 1)])
    assert closed(p, listed, ledger, 1.0) == 0.0


@given(p=parameters, visits=st.floats(0, 5), bias=share, ledger=share, known=share, consulted=share, gained=share)
def test_tilt_misfit_and_knowledge_are_shares(p, visits, bias, ledger, known, consulted, gained):
    tilt = plain(delivery.roadside_tilt)
    assert 0.0 <= tilt(p, visits, bias, ledger) <= 1.0
    assert rises([tilt(p, x, bias, ledger) for x in steps_between(0, 5)])
    assert falls([tilt(p, visits, bias, x) for x in steps_between(0, 1)])
    misfit = plain(delivery.project_misfit)
    assert 0.0 <= misfit(p, known, consulted, gained) <= 1.0
    for at in range(3):
        path = [
            misfit(p, *(x if i == at else v for i, v in enumerate((known, consulted, gained)))) for x in (0, 0.5, 1)
        ]
        assert falls(path)
    knowledge = plain(delivery.knowledge)
    assert 0.0 <= knowledge(p, 40.0, 2_000.0, 60.0) <= 1.0
    assert rises([knowledge(p, x, 2_000.0, 60.0) for x in steps_between(0, 200)])


# --- 7 conduct


@given(net=st.floats(-1e6, 1e6), noise=st.floats(10, 1e5))
def test_an_opportunity_is_taken_with_a_probability_that_rises_with_its_gain(net, noise):
    takes = plain(conduct.takes)
    assert 0.0 < takes(net, noise) < 1.0
    assert takes(0.0, noise) == 0.5
    assert rises([takes(x, noise) for x in steps_between(-1e5, 1e5)])


LOSS = ("detected", "shelter", "tolerance", "follow_through", "severity", "pay", "caution")


@given(values=st.tuples(*[share] * 4, st.floats(0, 5), st.floats(0, 1e6), st.floats(0, 5)))
def test_what_a_taker_fears_hangs_on_detection_and_on_what_follows(values):
    def loss(**changed):
        return plain(conduct.expected_loss)(**{**dict(zip(LOSS, values, strict=True)), **changed})

    assert loss() >= 0.0
    assert loss(detected=0.0) == loss(follow_through=0.0) == loss(shelter=1.0, tolerance=1.0) == 0.0
    for name in LOSS:
        path = [loss(**{name: x}) for x in steps_between(0, 1)]
        assert falls(path) if name in ("shelter", "tolerance") else rises(path), name
    assert loss(shelter=0.0, tolerance=0.0) == loss(shelter=0.0, tolerance=1.0), "tolerance alone shelters nobody"


@given(
    p=parameters,
    channel=st.integers(0, 3),
    lever=levers(
        "accounts_publicity",
        "benefit_platform",
        "asset_platform",
        "data_sharing",
        "township_bookkeeping",
        "tender_compliance",
    ),
    hidden=share,
)
def test_opacity_is_a_share_that_every_light_lowers(p, channel, lever, hidden):
    opacity = plain(conduct.opacity)
    village = SimpleNamespace(opacity=hidden)
    assert 0.0 <= opacity(channel, village, lever, p) <= 1.0
    seen = plain(conduct.seen_by_machine)
    assert 0.0 <= seen(channel, lever, p) <= 1.0
    for name in vars(lever):
        paths = [SimpleNamespace(**{**vars(lever), name: x}) for x in steps_between(0, 1, 11)]
        assert falls([opacity(channel, village, changed, p) for changed in paths]), name
        assert rises([seen(channel, changed, p) for changed in paths]), name


@given(integrity=st.floats(0, 2), norm=share, stake=st.floats(0, 1e6), weight=st.floats(0, 3), by_norm=st.floats(0, 3))
def test_conscience_costs_in_proportion_to_what_is_at_stake(integrity, norm, stake, weight, by_norm):
    cost = plain(conduct.moral_cost)
    assert cost(integrity, norm, 2 * stake, weight, by_norm) == pytest.approx(
        2 * cost(integrity, norm, stake, weight, by_norm)
    )
    assert rises([cost(x, norm, stake, weight, by_norm) for x in steps_between(0, 2)])
    assert rises([cost(integrity, x, stake, weight, by_norm) for x in steps_between(0, 1)])


def test_project_sizes_have_the_given_mean():
    rng = np.random.default_rng(0)
    sizes = plain(conduct.project_size)(100.0, 0.9, rng.random(400_000), rng.random(400_000))
    assert sizes.mean() == pytest.approx(100.0, rel=0.01)
    assert sizes.min() > 0.0


# --- 8 oversight


@given(yearly=st.floats(0, 0.999))
def test_a_weekly_chance_makes_the_yearly_one(yearly):
    assert 1.0 - (1.0 - plain(oversight.weekly)(yearly)) ** 52 == pytest.approx(yearly, abs=1e-12)


WATCH = ("examined", "depth", "independent", "reach", "publicity", "platform", "bookkeeping", "tender")


@given(p=parameters, channel=st.integers(0, 3), values=st.tuples(*[share] * 8))
def test_detection_is_a_probability_that_every_channel_raises(p, channel, values):
    def hazard(**changed):
        return plain(oversight.detection_hazard)(channel, **{**dict(zip(WATCH, values, strict=True)), **changed}, p=p)

    assert 0.0 <= hazard() <= 1.0
    assert hazard(**dict.fromkeys(WATCH, 0.0)) == 0.0
    for name in WATCH:
        assert rises([hazard(**{name: x}) for x in steps_between(0, 1, 11)]), name


@given(year=st.integers(-6, 10), supervision=share, chosen=st.floats(0, 0.999), at=st.floats(0, 0.999))
def test_a_village_is_examined_at_most_once_a_year(year, supervision, chosen, at):
    weeks = [plain(oversight.examined_now)(52 * year + w, supervision, chosen, at) for w in range(52)]
    assert sum(weeks) == (1.0 if chosen < supervision else 0.0)


@given(belief=share, seen=share, speed=share)
def test_a_belief_stays_between_itself_and_what_is_seen(belief, seen, speed):
    now = plain(oversight.learned)(belief, seen, speed)
    assert min(belief, seen) - 1e-12 <= now <= max(belief, seen) + 1e-12


# --- 9 residents

GOOD = ("performance", "contact", "project_value", "reception", "redress")
BAD = ("unfair", "excluded", "exposure", "loss", "delay_weeks")


@given(p=parameters, values=st.tuples(*[share] * 9, st.floats(0, 30)))
def test_government_is_judged_better_for_good_and_worse_for_bad(p, values):
    order = (
        "performance",
        "contact",
        "project_value",
        "reception",
        *BAD[:2],
        "exposure",
        "redress",
        "loss",
        "delay_weeks",
    )

    def quality(**changed):
        return plain(residents.government_quality)(p, **{**dict(zip(order, values, strict=True)), **changed})

    assert 0.0 <= quality() <= 100.0
    for name in GOOD:
        assert rises([quality(**{name: x}) for x in steps_between(0, 1, 11)]), name
    for name in BAD:
        assert falls([quality(**{name: x}) for x in steps_between(0, 1, 11)]), name


@given(quality=points, expected=points, level=share, surprise=st.floats(0, 2))
def test_moods_keep_their_bounds_and_hang_on_what_was_expected(quality, expected, level, surprise):
    mood = plain(residents.mood_of)
    assert 0.0 <= mood(quality, expected, level, surprise) <= 100.0
    assert rises([mood(x, expected, level, surprise) for x in steps_between(0, 100)])
    assert falls([mood(quality, x, level, surprise) for x in steps_between(0, 100)])


@given(p=parameters, wait=st.floats(0, 20), expected=st.floats(0, 3), trips=st.floats(0, 20), redone=share)
def test_a_case_feels_worse_the_longer_the_further_and_the_more_often(p, wait, expected, trips, redone):
    feels = plain(residents.case_quality)
    assert 0.0 <= feels(wait, expected, trips, redone, p) <= 100.0
    assert falls([feels(x, expected, trips, redone, p) for x in steps_between(0, 20)])
    assert falls([feels(wait, expected, x, redone, p) for x in steps_between(0, 20)])
    assert rises([feels(wait, x, trips, redone, p) for x in steps_between(0, 3)])


@given(p=parameters, reporting=share, information=share, ontime=share)
def test_quarrels_are_answered_sooner_by_those_who_hear_of_them(p, reporting, information, ontime):
    days = plain(residents.response_time)
    assert days(p, 4.0, reporting, information, ontime) > 0.0
    for at in range(3):
        args = [reporting, information, ontime]
        assert falls([days(p, 4.0, *(x if i == at else v for i, v in enumerate(args))) for x in (0.0, 0.5, 1.0)])


# --- 10 people


@given(p=parameters, values=st.tuples(*[share] * 7))
def test_motivation_drifts_to_a_share(p, values):
    target = plain(people.motivation_target)
    assert 0.02 <= target(p, *values) <= 0.98
    for at in (0, 1, 3, 4, 6):
        assert rises([target(p, *(x if i == at else v for i, v in enumerate(values))) for x in (0.0, 0.5, 1.0)])
    assert falls([target(p, *values[:5], x, values[6]) for x in (0.0, 0.5, 1.0)])


@given(
    p=parameters, hours=st.floats(0, 80), schooling=st.floats(0, 22), age=st.floats(20, 80), tenure=st.floats(0, 2_000)
)
def test_skill_drifts_to_a_share_that_training_and_practice_raise(p, hours, schooling, age, tenure):
    target = plain(people.skill_target)
    assert 0.02 <= target(p, hours, schooling, age, tenure) <= 0.98
    assert rises([target(p, x, schooling, age, tenure) for x in steps_between(0, 80)])
    assert rises([target(p, hours, schooling, age, x) for x in steps_between(0, 2_000)])
    assert falls([target(p, hours, schooling, x, tenure) for x in steps_between(20, 80)])


@given(p=parameters, skill=share, fatigue=share, spread=share, young=st.sampled_from([0.0, 1.0]), motivation=share)
def test_the_able_leave_first_where_work_and_slack_are_paid_alike(p, skill, fatigue, spread, young, motivation):
    leaves = plain(people.leaves)
    assert 0.0 <= leaves(p, skill, fatigue, spread, young, motivation) <= 1.0
    assert rises([leaves(p, x, fatigue, 0.0, young, motivation) for x in steps_between(0, 1)])
    assert leaves(p, 0.9, fatigue, 1.0, young, motivation) == leaves(p, 0.1, fatigue, 1.0, young, motivation)
    assert falls([leaves(p, skill, fatigue, spread, young, x) for x in steps_between(0, 1)])


# --- 11 departments


@given(p=parameters, true=share, fabricated=share, faked=share, third_party=share)
def test_reports_are_never_worse_than_the_truth_and_outsiders_bring_them_down_to_it(
    p, true, fabricated, faked, third_party
):
    reported = plain(departments.reported_performance)
    assert true - 1e-12 <= reported(true, fabricated, faked, third_party, p.shine) <= 1.0
    assert reported(true, fabricated, faked, 1.0, p.shine) == true
    assert rises([reported(true, x, faked, third_party, p.shine) for x in steps_between(0, 1)])


@given(p=parameters, formal=st.floats(0, 3), pressure=share, hours=st.floats(0, 60))
def test_what_relief_took_away_is_asked_again_as_far_as_departments_are_pressed(p, formal, pressure, hours):
    asked = plain(departments.asked_again)
    assert 0.0 <= asked(p, formal, pressure, hours) <= hours
    assert asked(p, max(formal, 1.0), pressure, hours) == 0.0
    assert falls([asked(p, x, pressure, hours) for x in steps_between(0, 3)])
    assert rises([asked(p, formal, x, hours) for x in steps_between(0, 1)])


def test_paper_against_today_is_one_today():
    town = SimpleNamespace(**{lever.id: lever.default for lever in LEVERS.values()})
    assert plain(departments.paper_against_today)(town, town, 300.0) == pytest.approx(1.0)
    half = SimpleNamespace(**{**vars(town), "burden": 0.5 * town.burden})
    assert plain(departments.paper_against_today)(half, town, 300.0) == pytest.approx(0.5)


# --- conduct in a town

DIVERTED = [f"diverted_{channel}" for channel in CHANNELS]
NO_FLOWS = {
    "money": {
        "benefit_yuan_resident_year": 0.0,
        "asset_share": 0.0,
        "project_share": 0.0,
        "claims_yuan_cadre_year": 0.0,
    }
}


def taken(tallies: np.ndarray) -> float:
    return float(sum(tallies[name].sum() for name in DIVERTED))


def test_where_no_money_flows_none_is_diverted(compiled_model):
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
    assert closed.tallies["discretionary"].sum() == open_door.tallies["discretionary"].sum()


def test_under_certain_and_heavy_sanction_far_less_is_diverted(compiled_model):
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
            now, world.parameters[0], world.facts[0], world.kinds, state.place[0], state.villages, state.cadres,
            state.residents, state.cases, state.steps, office, state.due, tallies,
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
        state = built.copy()
        state.cadres["pace"][3] = pace
        finished = np.empty(len(arrivals))
        tallies = np.zeros(1, TALLY_TYPE)
        serve_at_one_desk(np.int64(3), arrivals, hours, np.int64(weeks), world, state, tallies, finished)
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
    assert state.cadres["head"][3] == state.cadres["tail"][3] == -1
    assert state.cadres["backlog"][3] == pytest.approx(0.0, abs=1e-6)


def test_a_desk_that_works_all_week_uses_all_its_hours(lone_desk):
    arrivals, hours = np.arange(10) * 0.1, np.full(10, 100.0)
    _, state, _ = lone_desk(arrivals, hours, 4.0, 3)
    assert state.cadres["used_hours"][3] == pytest.approx(state.cadres["desk_hours"][3], rel=1e-12)
    assert state.cadres["backlog"][3] == pytest.approx(1_000.0 - 4.0 * 15, rel=1e-12)


def test_a_long_queue_waits_as_the_theory_of_queues_says(lone_desk):
    """Random arrivals, fixed service, utilisation 0.8: mean wait of Pollaczek and Khinchine (days)."""
    rng = np.random.default_rng(1)
    waits = []
    for _ in range(30):
        arrivals, hours = np.sort(rng.random(400) * 400.0), np.full(400, 3.2)
        finished, *_ = lone_desk(arrivals, hours, 4.0, 120)
        waits.append((finished - arrivals - 0.8)[100:])
    theory = 0.8 * 0.8 / (2 * (1 - 0.8))
    assert np.mean(waits) == pytest.approx(theory, rel=0.1)
