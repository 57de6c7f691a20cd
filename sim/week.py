"""The order of a week. Reads like the table of contents of the model.

`run_weeks` is the model: one compiled loop over the weeks of one township unit. Each of the eleven mechanisms gives its
response (state.RESPONSES) to the rest of the week. From week 0 on, a knocked-out mechanism gives its average response
of the baseline year instead. Events that it still has to produce each week (cases to raise, verdicts to reach) follow
its levers' values before week 0. The twelfth step records.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import entry, kernel, unowned
from sim.levers import LEVERS
from sim.mechanisms.beliefs import believe
from sim.mechanisms.casework import serve
from sim.mechanisms.conduct import divert, propensities
from sim.mechanisms.delivery import closures, deliver
from sim.mechanisms.departments import learn, respond
from sim.mechanisms.endings import give_up
from sim.mechanisms.hard_cases import leaders_meet
from sim.mechanisms.implementation import implement
from sim.mechanisms.initiative import try_things
from sim.mechanisms.needs import need_conditions, raise_needs, raise_petitions
from sim.mechanisms.opinion import judge_government
from sim.mechanisms.oversight import examine, find_and_judge, look
from sim.mechanisms.people import branches, live_and_learn
from sim.mechanisms.quarrels import incidents
from sim.mechanisms.residents import live
from sim.mechanisms.service import service_conditions
from sim.mechanisms.tasks import set_tasks
from sim.mechanisms.time_use import account_for_hours, spend_the_week
from sim.recording import counted_in, record
from sim.vocabulary import BASELINE_WEEKS, PETITION

(IMPLEMENTATION, TASKS, NEEDS, TIME_USE, SERVICE, DELIVERY, CONDUCT, OVERSIGHT, RESIDENTS, PEOPLE, DEPARTMENTS) = (
    np.int64(i) for i in range(11)
)
SEALS = list(LEVERS).index("seals_multiplier")


@kernel
def responses(world, state, flat):
    """Where the mechanisms' responses stand: (mechanism and column of each, rows, their means) of the four tables."""
    return (
        (unowned(world.township_columns), unowned(flat[0]), unowned(state.means_township)),
        (unowned(world.village_columns), unowned(flat[1]), unowned(state.means_villages)),
        (unowned(world.cadre_columns), unowned(flat[2]), unowned(state.means_cadres)),
        (unowned(world.lever_columns), unowned(flat[3]), unowned(state.means_levers)),
    )


@kernel
def put_back(mechanism, columns, rows, means):
    """Put a mechanism's responses in one table back to their means of the baseline year."""
    for i in range(columns.shape[0]):
        if columns[i, 0] == mechanism:
            for r in range(rows.shape[0]):
                rows[r, columns[i, 1]] = means[r, columns[i, 1]]


@kernel
def hold(mechanism, tables):
    """Put all responses of a knocked-out mechanism back to their means of the baseline year."""
    for columns, rows, means in tables:
        put_back(mechanism, columns, rows, means)


@kernel
def answers(mechanism, frozen, tables):
    """Whether a mechanism answers this week's conditions; a knocked-out one gives its usual responses instead."""
    if frozen[mechanism]:
        hold(mechanism, tables)
    return not frozen[mechanism]


@kernel
def obeyed(mechanism, frozen, base, levers):
    """The levers that a mechanism's events obey: this week's, or those of before week 0 if it is knocked out."""
    return base if frozen[mechanism] else levers


@kernel
def add_week(columns, rows, means, first):
    """Add a week of the baseline year to the mean responses in one table."""
    for i in range(columns.shape[0]):
        k = columns[i, 1]
        for r in range(rows.shape[0]):
            if first:
                means[r, k] = 0.0
            means[r, k] += rows[r, k] / BASELINE_WEEKS


@kernel
def remember(now, tables):
    """Add a week of the baseline year to the mean responses of all mechanisms."""
    for columns, rows, means in tables:
        add_week(columns, rows, means, now == -BASELINE_WEEKS)


@kernel
def most_cases(kinds, residents, several_desks):
    """Cases that a week raises at most: eight standard deviations above the mean of a keyed count."""
    rate = 0.0
    for k in range(PETITION):
        if kinds[k].seals > 1.0 or not several_desks:
            rate += kinds[k].rate / 52.0 * max(kinds[k].over_60_factor, kinds[k].under_60_factor)
    mean = min(rate, 1.0) * residents
    return min(mean + 8.0 * np.sqrt(mean) + 16.0, residents)


@kernel
def most_of_a_week(p, policy, kinds, villages, residents):
    """What a week brings at most: new cases, those of them that go to several desks, desks at once of such a case."""
    petitions = residents / np.int64(p.talk_every) + villages
    desks = 1.0
    for k in range(kinds.shape[0]):
        desks = max(desks, kinds[k].seals * policy.high[SEALS] + 1.0)
    return most_cases(kinds, residents, False) + petitions, most_cases(kinds, residents, True), desks


@kernel
def room_is_short(office, cases, steps, most):
    """Whether a week might need more rows than there are, if every case open at several desks goes to all."""
    raised, many_desk_raised, desks = most
    in_use = cases - office.cases_free
    at_desks = in_use + raised + (office.many_desk_cases + many_desk_raised) * (desks - 1.0)
    return office.cases_free < raised or steps < at_desks


@entry
def run_weeks(state, flat, world, first, last, begin, series, series_flat, waiting, passing):
    """Run weeks first … last − 1 of one unit in place.

    flat: float64 views of (township, villages, cadres, levers). Week w is counted in series[w − begin];
    weeks before `begin` go to the last row, which is scratch. Stops early, before a week for which the
    pool of cases or steps might be too small. Returns the next week to run.
    """
    p = world.parameters[0]
    f = world.facts[0]
    theory = world.theory[0]
    kinds, keys, policy = unowned(world.kinds), unowned(world.keys), world.policy
    levers, base = unowned(state.levers), unowned(world.base)
    township, office = state.township[0], state.office[0]
    villages, cadres, residents = unowned(state.villages), unowned(state.cadres), unowned(state.residents)
    cases, steps, due = unowned(state.cases), unowned(state.steps), unowned(state.due)
    ties, threshold = unowned(state.ties), unowned(state.threshold)
    series, waiting, passing = unowned(series), unowned(waiting), unowned(passing)
    tables = responses(world, state, flat)
    most = most_of_a_week(p, policy, kinds, villages.shape[0], residents.shape[0])
    nobody = np.zeros_like(world.frozen)
    for now in range(first, last):
        if room_is_short(office, cases.shape[0], steps.shape[0], most):
            return now
        tallies = counted_in(now, begin, series, series_flat)
        frozen = world.frozen if now >= 0 else nobody

        # 1 Implementation
        if answers(IMPLEMENTATION, frozen, tables):
            implement(now, policy, p, f, theory.upkeep, township, state.strength, levers, flat[3])
        # 2 Tasks
        if answers(TASKS, frozen, tables):
            set_tasks(now, p, f, levers, keys, township, villages, cadres)
        # 5 Service, its conditions: what a case meets from this Monday on
        if answers(SERVICE, frozen, tables):
            service_conditions(p, f, levers, township, cadres)
        # 3 Needs
        if answers(NEEDS, frozen, tables):
            need_conditions(p, levers, township, villages)
        raise_needs(
            now, p, f, kinds, obeyed(NEEDS, frozen, base, levers), keys, township, villages, cadres, residents, ties,
            cases, steps, office, due, tallies, waiting, passing,
        )  # fmt: skip
        # 4 Time use
        if answers(TIME_USE, frozen, tables):
            spend_the_week(now, p, f, theory, levers, township, villages, cadres)
        # 5 Service, the work itself
        leaders_meet(p, township)
        serve(now, p, f, kinds, township, villages, cadres, residents, ties, cases, steps, office, due, tallies)
        account_for_hours(p, township, cadres, tallies)
        judged_by = obeyed(OVERSIGHT, frozen, base, levers)
        try_things(now, p, f, keys, judged_by, villages, cadres, tallies)
        # 6 Policy delivery
        if answers(DELIVERY, frozen, tables):
            deliver(now, p, f, levers, township, villages, cadres)
        closures(now, p, keys, villages, tallies)
        # 7 Conduct
        if answers(CONDUCT, frozen, tables):
            propensities(p, f, theory.conduct, levers, villages, cadres)
        divert(now, p, f, keys, obeyed(CONDUCT, frozen, base, levers), villages, cadres, tallies)
        # 8 Oversight
        examine(now, p, f, judged_by[0], keys, township, villages, cadres)
        if answers(OVERSIGHT, frozen, tables):
            look(p, levers, villages)
        find_and_judge(now, p, f, keys, judged_by, township, villages, cadres, tallies)
        if not frozen[OVERSIGHT]:
            believe(p, theory, levers, township, villages, cadres)
        # 9 Residents
        if answers(RESIDENTS, frozen, tables):
            judge_government(p, f, kinds, levers, township, villages)
        heard_by = obeyed(RESIDENTS, frozen, base, levers)
        petitioners = live(now, p, keys, heard_by, township, villages, residents, ties, waiting, tallies)
        raise_petitions(
            now, p, f, kinds, keys, township, villages, cadres, residents, cases, steps, office, due, tallies,
            waiting, petitioners,
        )  # fmt: skip
        incidents(now, p, f, keys, township, villages, residents, ties, threshold, waiting, passing, tallies)
        give_up(now, p, f, kinds, township, villages, residents, ties, cases, office, waiting, tallies)
        # 10 People
        lived_under = obeyed(PEOPLE, frozen, base, levers)
        branches(p, lived_under, township, villages, cadres)
        live_and_learn(now, p, f, keys, lived_under, township, villages, cadres, tallies)
        if frozen[PEOPLE]:
            hold(PEOPLE, tables)
        # 11 Departments
        asked_by = obeyed(DEPARTMENTS, frozen, base, levers)
        learn(p, f, kinds, asked_by, base, township, villages, cadres)
        respond(p, f, asked_by, base, township, villages)
        if frozen[DEPARTMENTS]:
            hold(DEPARTMENTS, tables)
        # 12 Record
        record(now, p, state, township, tallies)
        if -BASELINE_WEEKS <= now < 0:
            remember(now, tables)
    return last
