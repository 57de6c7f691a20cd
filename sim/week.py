"""The order of a week. Reads like the table of contents of the model.

`run_weeks` is the model: one compiled loop over the weeks of one township unit. Each of the eleven
mechanisms gives its response (state.RESPONSES) to the rest of the week; a knocked-out mechanism holds,
from week 0 on, what it gave on average in the baseline year, and what it still has to do each week (cases to
raise, verdicts to reach) it does as if its levers stood where they stood before. The twelfth step records.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import entry, kernel, unowned
from sim.levers import LEVERS
from sim.mechanisms.cases import give_up, serve
from sim.mechanisms.conduct import divert, propensities
from sim.mechanisms.delivery import closures, deliver
from sim.mechanisms.departments import learn, respond
from sim.mechanisms.hard_cases import leaders_meet
from sim.mechanisms.implementation import implement, realised
from sim.mechanisms.initiative import try_things
from sim.mechanisms.needs import need_conditions, raise_needs, raise_petitions
from sim.mechanisms.oversight import believe, examine, find_and_judge, look
from sim.mechanisms.people import branches, live_and_learn
from sim.mechanisms.residents import incidents, judge_government, live
from sim.mechanisms.service import service_conditions
from sim.mechanisms.tasks import set_tasks
from sim.mechanisms.time_use import account_for_hours, spend_the_week
from sim.state import DUE_RING
from sim.vocabulary import BASELINE_WEEKS, PETITION

(IMPLEMENTATION, TASKS, NEEDS, TIME_USE, SERVICE, DELIVERY, CONDUCT, OVERSIGHT, RESIDENTS, PEOPLE, DEPARTMENTS) = (
    np.int64(i) for i in range(11)
)
SEALS = list(LEVERS).index("seals_multiplier")


class Policy(NamedTuple):
    """What has been ordered: measures, their entries, and the user's own lever values."""

    intensity: np.ndarray  # (measures,) 0-1
    start: np.ndarray  # (measures,) week
    end: np.ndarray  # (measures,) week
    ramp: np.ndarray  # (measures,) weeks
    nature: np.ndarray  # (measures,) 0 built, 1 rule, 2 drive
    village_hours: np.ndarray  # (measures,) hours a village-cadre-week at full intensity
    township_hours: np.ndarray  # (measures,) hours a township-cadre-week at full intensity
    entry_measure: np.ndarray  # (entries,) row of the measure
    entry_lever: np.ndarray  # (entries,) column of the lever
    entry_op: np.ndarray  # (entries,) 0 scale, 1 close, 2 norm
    entry_value: np.ndarray  # (entries,)
    base: np.ndarray  # (levers,) what the town has been
    change_value: np.ndarray  # (levers,) what the user set
    change_start: np.ndarray  # (levers,) week
    change_end: np.ndarray  # (levers,) week
    low: np.ndarray  # (levers,)
    high: np.ndarray  # (levers,)


class World(NamedTuple):
    """What does not change while a unit runs: parameters, facts, routes, keys, policy, theories."""

    parameters: np.ndarray  # (1,) record
    facts: np.ndarray  # (1,) record
    kinds: np.ndarray  # (7,) record
    keys: np.ndarray  # (streams, 2) uint64
    base: np.ndarray  # (1,) levers before week 0, record
    policy: Policy
    theory: np.ndarray  # (1,) record of numbers (sim.vocabulary.THEORIES)
    frozen: np.ndarray  # (11,) int64: 1 = knocked out from week 0
    place_columns: np.ndarray  # (n, 2) int64: mechanism, column of its responses
    village_columns: np.ndarray
    cadre_columns: np.ndarray
    lever_columns: np.ndarray


@kernel
def responses(world, state, flat):
    """Where the mechanisms' responses stand: (mechanism and column of each, rows, their means) of the four tables."""
    return (
        (unowned(world.place_columns), unowned(flat[0]), unowned(state.means_place)),
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


@kernel
def counted_in(now, begin, series, series_flat):
    """The tallies of a week: those of weeks before `begin` are scratch, and are emptied."""
    row = now - begin
    if row < 0:
        row = series.shape[0] - 1
        series_flat[row, :, :] = 0.0
    return series[row]


@kernel
def fall_due(now, p, place, due, tallies):
    """Count the casework that fell due this week, and what of it was closed in time."""
    slot = now % DUE_RING
    hours = 0.0
    ontime_hours = 0.0
    for g in range(tallies.shape[0]):
        tally = tallies[g]
        fell = due[g]
        tally.due_hours = fell.hours[slot]
        tally.ontime_hours = fell.ontime_hours[slot]
        fell.hours[slot] = 0.0
        fell.ontime_hours[slot] = 0.0
        for k in range(7):
            tally.due[k] = fell.cases[slot, k]
            tally.ontime[k] = fell.ontime_cases[slot, k]
            fell.cases[slot, k] = 0.0
            fell.ontime_cases[slot, k] = 0.0
        hours += tally.due_hours
        ontime_hours += tally.ontime_hours
    if hours > 0.0:
        place.ontime_recent += p.ontime_memory * (ontime_hours / hours - place.ontime_recent)


@kernel
def record(now, p, state, place, tallies):
    """Count what stands at the week's end, and what fell due."""
    fall_due(now, p, place, state.due, tallies)
    lever = state.levers[0]
    built = 0.0
    for m in range(state.strength.shape[0]):
        built += realised(state.strength[m])
    for v in range(state.villages.shape[0]):
        village = state.villages[v]
        tally = tallies[village.group]
        tally.residents += village.residents
        tally.satisfaction += village.satisfaction_sum
        tally.satisfied += village.satisfied
        tally.trust += village.trust_sum
        tally.superior += village.superior_sum
        tally.villages += 1.0
        tally.performance += village.performance
        tally.remote_performance += village.remote_performance
        tally.wrong_inclusion += village.wrong_inclusion
        tally.wrong_exclusion += village.wrong_exclusion
        tally.visits += village.visits
        tally.study += place.study_quality
        tally.discussed += place.discussed
        tally.branch_life += place.meetings_held
        tally.inactive += lever.inactive_members
        tally.reward_spread += lever.reward_spread
        tally.amplification += lever.amplification
        tally.misfit += village.misfit
        tally.account += village.account
        tally.lost += village.lost
        tally.back += village.back
        tally.examiners += place.examiners
        tally.trouble += village.trouble
        tally.reported += village.reported
        tally.misjudged += village.misjudged
        tally.pressure += place.pressure
        tally.leaders_wait += place.leaders_wait
        tally.informal_hours += place.informal_hours
        tally.strength += built
        tally.announced += place.announced
        tally.tired += place.tired
    for c in range(state.cadres.shape[0]):
        cadre = state.cadres[c]
        tally = tallies[cadre.group]
        tally.cadres += cadre.posts
        tally.believed_detection += cadre.posts * cadre.believed_detection
        tally.motivation += cadre.posts * cadre.motivation
        tally.skill += cadre.posts * cadre.skill
        tally.fatigue += cadre.posts * cadre.fatigue
        tally.blame += cadre.posts * cadre.blame
        tally.believed_examined += cadre.posts * cadre.believed_examined
        if cadre.village >= 0:
            tally.age += cadre.age
            tally.schooling += cadre.schooling
            tally.committee_skill += cadre.skill
            tally.committee += 1.0
            tally.paper_village += cadre.demanded
        else:
            tally.posts_township += cadre.posts


@entry
def run_weeks(state, flat, world, first, last, begin, series, series_flat, waiting, passing):
    """Run weeks first … last − 1 of one unit in place.

    flat: float64 views of (place, villages, cadres, levers). Week w is counted in series[w − begin];
    weeks before `begin` go to the last row, which is scratch. Stops early, before a week for which the
    pool of cases or steps might be too small. Returns the next week to run.
    """
    p = world.parameters[0]
    f = world.facts[0]
    theory = world.theory[0]
    kinds, keys, policy = unowned(world.kinds), unowned(world.keys), world.policy
    levers, base = unowned(state.levers), unowned(world.base)
    place, office = state.place[0], state.office[0]
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
            implement(now, policy, p, f, theory.upkeep, place, state.strength, levers, flat[3])
        # 2 Tasks
        if answers(TASKS, frozen, tables):
            set_tasks(now, p, f, levers, keys, place, villages, cadres)
        # 5 Service, its conditions: what a case meets from this Monday on
        if answers(SERVICE, frozen, tables):
            service_conditions(p, f, levers, place, cadres)
        # 3 Needs
        if answers(NEEDS, frozen, tables):
            need_conditions(p, levers, place, villages)
        raise_needs(
            now, p, f, kinds, obeyed(NEEDS, frozen, base, levers), keys, place, villages, cadres, residents, ties,
            cases, steps, office, due, tallies, waiting, passing,
        )  # fmt: skip
        # 4 Time use
        if answers(TIME_USE, frozen, tables):
            spend_the_week(now, p, f, theory, levers, place, villages, cadres)
        # 5 Service, the work itself
        leaders_meet(p, place)
        serve(now, p, f, kinds, place, villages, cadres, residents, ties, cases, steps, office, due, tallies)
        account_for_hours(p, place, cadres, tallies)
        judged_by = obeyed(OVERSIGHT, frozen, base, levers)
        try_things(now, p, f, keys, judged_by, villages, cadres, tallies)
        # 6 Policy delivery
        if answers(DELIVERY, frozen, tables):
            deliver(now, p, f, levers, place, villages, cadres)
        closures(now, p, keys, villages, tallies)
        # 7 Conduct
        if answers(CONDUCT, frozen, tables):
            propensities(p, f, theory.conduct, levers, villages, cadres)
        divert(now, p, f, keys, obeyed(CONDUCT, frozen, base, levers), villages, cadres, tallies)
        # 8 Oversight
        examine(now, p, f, judged_by[0], keys, place, villages, cadres)
        if answers(OVERSIGHT, frozen, tables):
            look(p, levers, villages)
        find_and_judge(now, p, f, keys, judged_by, place, villages, cadres, tallies)
        if not frozen[OVERSIGHT]:
            believe(p, theory, levers, place, villages, cadres)
        # 9 Residents
        if answers(RESIDENTS, frozen, tables):
            judge_government(p, f, kinds, levers, place, villages)
        heard_by = obeyed(RESIDENTS, frozen, base, levers)
        petitioners = live(now, p, keys, heard_by, place, villages, residents, ties, waiting, tallies)
        raise_petitions(
            now, p, f, kinds, keys, place, villages, cadres, residents, cases, steps, office, due, tallies,
            waiting, petitioners,
        )  # fmt: skip
        incidents(now, p, f, keys, place, villages, residents, ties, threshold, waiting, passing, tallies)
        give_up(now, p, f, kinds, place, villages, residents, ties, cases, office, waiting, tallies)
        # 10 People
        lived_under = obeyed(PEOPLE, frozen, base, levers)
        branches(p, lived_under, place, villages, cadres)
        live_and_learn(now, p, f, keys, lived_under, place, villages, cadres, tallies)
        if frozen[PEOPLE]:
            hold(PEOPLE, tables)
        # 11 Departments
        asked_by = obeyed(DEPARTMENTS, frozen, base, levers)
        learn(p, f, kinds, asked_by, base, place, villages, cadres)
        respond(p, f, asked_by, base, place, villages)
        if frozen[DEPARTMENTS]:
            hold(DEPARTMENTS, tables)
        # 12 Record
        record(now, p, state, place, tallies)
        if -BASELINE_WEEKS <= now < 0:
            remember(now, tables)
    return last
