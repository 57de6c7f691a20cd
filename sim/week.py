"""The order of a week. Reads like the table of contents of the model.

`run_weeks` is the model: one compiled loop over the weeks of one township unit. Each of the eleven
mechanisms gives its response (state.RESPONSES) to the rest of the week; a knocked-out mechanism holds,
from week 0 on, what it gave on average in the baseline year, and what it still has to do each week (cases to
raise, verdicts to reach) it does as if its levers stood where they stood before. The twelfth step records.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import chance
from sim.chance import moment_key, word
from sim.compiled import entry, lent, rule, week
from sim.levers import LEVERS
from sim.mechanisms.cases import give_up, raise_case, serve
from sim.mechanisms.conduct import divert, propensities
from sim.mechanisms.delivery import closures, deliver
from sim.mechanisms.departments import respond
from sim.mechanisms.implementation import implement
from sim.mechanisms.initiative import try_things
from sim.mechanisms.needs import need_conditions, raise_needs
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
    half_life: np.ndarray  # (measures,) weeks
    persistence: np.ndarray  # (measures,) 0-1
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
    theory: np.ndarray  # (3,) int64: conduct, effort, belief
    frozen: np.ndarray  # (11,) int64: 1 = knocked out from week 0
    place_columns: np.ndarray  # (n, 2) int64: mechanism, column of its responses
    village_columns: np.ndarray
    cadre_columns: np.ndarray
    lever_columns: np.ndarray


@rule
def hold(mechanism, columns, rows, means):
    """Put a knocked-out mechanism's response back to its baseline-year mean."""
    for i in range(columns.shape[0]):
        if columns[i, 0] == mechanism:
            for r in range(rows.shape[0]):
                rows[r, columns[i, 1]] = means[r, columns[i, 1]]


@rule
def remember(columns, rows, means, first):
    """Add a week of the baseline year to the mean responses."""
    for i in range(columns.shape[0]):
        k = columns[i, 1]
        for r in range(rows.shape[0]):
            if first:
                means[r, k] = 0.0
            means[r, k] += rows[r, k] / BASELINE_WEEKS


@rule
def most_cases(kinds, residents, several_desks):
    """Cases that a week raises at most: eight standard deviations above the mean of a keyed count."""
    rate = 0.0
    for k in range(PETITION):
        if kinds[k].seals > 1.0 or not several_desks:
            rate += kinds[k].rate / 52.0 * max(kinds[k].over_60_factor, kinds[k].under_60_factor)
    mean = min(rate, 1.0) * residents
    return min(mean + 8.0 * np.sqrt(mean) + 16.0, residents)


@rule
def room_is_short(office, cases, steps, raised, many_desk_raised, petitions, seals):
    """Whether a week might need more rows than there are, if every case open at several desks goes to all."""
    needed = raised + petitions
    in_use = cases - office.cases_free
    at_desks = in_use + needed + (office.many_desk_cases + many_desk_raised) * (seals - 1.0)
    return office.cases_free < needed or steps < at_desks


@week
def record(now, state, place, tallies):
    """Count what stands at the week's end, and what fell due."""
    slot = now % DUE_RING
    for g in range(tallies.shape[0]):
        tally = tallies[g]
        due = state.due[g]
        tally.due_hours = due.hours[slot]
        tally.ontime_hours = due.ontime_hours[slot]
        due.hours[slot] = 0.0
        due.ontime_hours[slot] = 0.0
        for k in range(7):
            tally.due[k] = due.cases[slot, k]
            tally.ontime[k] = due.ontime_cases[slot, k]
            due.cases[slot, k] = 0.0
            due.ontime_cases[slot, k] = 0.0
    lever = state.levers[0]
    built = 0.0
    for m in range(state.strength.shape[0]):
        built += state.strength[m, 0] * state.strength[m, 1] * (1.0 - state.strength[m, 2])
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
        tally.reported += place.reported
        tally.true_performance += place.true_performance
        tally.pressure += place.pressure
        tally.informal_hours += place.informal_hours
        tally.strength += built
        tally.faked += place.faked
    for c in range(state.cadres.shape[0]):
        cadre = state.cadres[c]
        tally = tallies[cadre.group]
        tally.cadres += cadre.posts
        tally.believed_detection += cadre.posts * cadre.believed_detection
        tally.motivation += cadre.posts * cadre.motivation
        tally.skill += cadre.posts * cadre.skill
        tally.fatigue += cadre.posts * cadre.fatigue
        tally.blame += cadre.posts * cadre.blame
        if cadre.village >= 0:
            tally.age += cadre.age
            tally.schooling += cadre.schooling
            tally.committee_skill += cadre.skill
            tally.committee += 1.0


@entry
def run_weeks(state, flat, world, first, last, begin, series, series_flat, waiting, passing):
    """Run weeks first … last − 1 of one unit in place.

    flat: float64 views of (place, villages, cadres, levers). Week w is counted in series[w − begin];
    weeks before `begin` go to the last row, which is scratch. Stops early, before a week for which the
    pool of cases or steps might be too small. Returns the next week to run.
    """
    p = world.parameters[0]
    f = world.facts[0]
    kinds, keys, policy = lent(world.kinds), lent(world.keys), world.policy
    levers, base = lent(state.levers), lent(world.base)
    place, office = state.place[0], state.office[0]
    villages, cadres, residents = lent(state.villages), lent(state.cadres), lent(state.residents)
    cases, steps, due = lent(state.cases), lent(state.steps), lent(state.due)
    ties, threshold = lent(state.ties), lent(state.threshold)
    series, waiting, passing = lent(series), lent(waiting), lent(passing)
    place_flat, village_flat, cadre_flat, lever_flat = flat
    scratch = series.shape[0] - 1
    raised = most_cases(kinds, residents.shape[0], False)
    many_desk_raised = most_cases(kinds, residents.shape[0], True)
    petitions = residents.shape[0] / np.int64(p.talk_every) + villages.shape[0]
    seals = 1.0
    for k in range(kinds.shape[0]):
        seals = max(seals, kinds[k].seals * policy.high[SEALS] + 1.0)
    for now in range(first, last):
        if room_is_short(office, cases.shape[0], steps.shape[0], raised, many_desk_raised, petitions, seals):
            return now
        row = now - begin
        if row < 0:
            row = scratch
            series_flat[row, :, :] = 0.0
        tallies = series[row]
        frozen = world.frozen if now >= 0 else np.zeros(11, np.int64)

        # 1 Implementation
        if frozen[IMPLEMENTATION]:
            hold(IMPLEMENTATION, world.place_columns, place_flat, state.means_place)
            hold(IMPLEMENTATION, world.lever_columns, lever_flat, state.means_levers)
        else:
            implement(now, policy, p, place, state.strength, levers, lever_flat)

        # 2 Tasks
        if frozen[TASKS]:
            hold(TASKS, world.village_columns, village_flat, state.means_villages)
            hold(TASKS, world.cadre_columns, cadre_flat, state.means_cadres)
        else:
            set_tasks(now, p, f, levers, keys, place, villages, cadres)

        # 5 Service, its conditions: what a case meets from this Monday on
        if frozen[SERVICE]:
            hold(SERVICE, world.place_columns, place_flat, state.means_place)
            hold(SERVICE, world.cadre_columns, cadre_flat, state.means_cadres)
        else:
            service_conditions(p, levers, place, cadres)
        # 3 Needs
        if frozen[NEEDS]:
            hold(NEEDS, world.place_columns, place_flat, state.means_place)
            hold(NEEDS, world.village_columns, village_flat, state.means_villages)
        else:
            need_conditions(p, levers, place, villages)
        raise_needs(
            now,
            p,
            f,
            kinds,
            base if frozen[NEEDS] else levers,
            keys,
            place,
            villages,
            cadres,
            residents,
            cases,
            steps,
            office,
            due,
            tallies,
            waiting,
            passing,
        )

        # 4 Time use
        if frozen[TIME_USE]:
            hold(TIME_USE, world.cadre_columns, cadre_flat, state.means_cadres)
        else:
            spend_the_week(now, p, f, world.theory, levers, place, villages, cadres)

        # 5 Service, the work itself
        serve(now, p, f, kinds, place, villages, cadres, residents, cases, steps, office, due, tallies)
        account_for_hours(p, cadres, tallies)
        judged_by = base if frozen[OVERSIGHT] else levers
        try_things(now, p, f, keys, judged_by, place, villages, cadres, tallies)

        # 6 Policy delivery
        if frozen[DELIVERY]:
            hold(DELIVERY, world.village_columns, village_flat, state.means_villages)
        else:
            deliver(now, p, f, keys, levers, place, villages, cadres, tallies)
        closures(now, p, keys, villages, tallies)

        # 7 Conduct
        if frozen[CONDUCT]:
            hold(CONDUCT, world.cadre_columns, cadre_flat, state.means_cadres)
        else:
            propensities(p, f, world.theory, levers, villages, cadres)
        divert(now, p, f, keys, base if frozen[CONDUCT] else levers, place, villages, cadres, tallies)

        # 8 Oversight
        examine(now, judged_by[0].supervision, keys, villages)
        if frozen[OVERSIGHT]:
            hold(OVERSIGHT, world.village_columns, village_flat, state.means_villages)
            hold(OVERSIGHT, world.cadre_columns, cadre_flat, state.means_cadres)
        else:
            look(p, levers, villages)
        find_and_judge(now, p, f, keys, judged_by, place, villages, cadres, tallies)
        if not frozen[OVERSIGHT]:
            believe(p, world.theory, levers, place, villages, cadres)

        # 9 Residents
        if frozen[RESIDENTS]:
            hold(RESIDENTS, world.village_columns, village_flat, state.means_villages)
        else:
            judge_government(p, f, levers, place, villages)
        heard_by = base if frozen[RESIDENTS] else levers
        petitioners = live(now, p, keys, heard_by, place, villages, residents, ties, waiting, tallies)
        for i in range(petitioners):
            resident = residents[waiting[i]]
            v = np.int64(resident.village)
            village = villages[v]
            who = (np.uint64(village.uid) << np.uint64(32)) + np.uint64(waiting[i] - village.first_resident)
            visit = resident.visits
            resident.visits = visit + np.uint16(1)
            case_key = word(moment_key(keys, chance.CASE, visit), keys[chance.CASE, 1], who)
            raise_case(
                now,
                1.0,
                PETITION,
                waiting[i],
                case_key,
                p,
                f,
                kinds,
                place,
                village,
                v,
                cadres,
                resident,
                cases,
                steps,
                office,
                due[village.group],
                tallies[village.group],
            )
        incidents(now, p, f, keys, place, villages, residents, ties, threshold, waiting, tallies)
        give_up(now, p, villages, residents, cases, office, waiting, tallies)

        # 10 People
        lived_under = base if frozen[PEOPLE] else levers
        branches(p, lived_under, place, villages, cadres)
        live_and_learn(now, p, f, keys, lived_under, place, villages, cadres, tallies)
        if frozen[PEOPLE]:
            hold(PEOPLE, world.place_columns, place_flat, state.means_place)
            hold(PEOPLE, world.village_columns, village_flat, state.means_villages)
            hold(PEOPLE, world.cadre_columns, cadre_flat, state.means_cadres)

        # 11 Departments
        respond(p, f, base if frozen[DEPARTMENTS] else levers, base, place, villages, cadres)
        if frozen[DEPARTMENTS]:
            hold(DEPARTMENTS, world.place_columns, place_flat, state.means_place)

        # 12 Record
        record(now, state, place, tallies)
        total_due = 0.0
        total_ontime = 0.0
        for g in range(tallies.shape[0]):
            total_due += tallies[g].due_hours
            total_ontime += tallies[g].ontime_hours
        if total_due > 0.0:
            place.ontime_recent += p.ontime_memory * (total_ontime / total_due - place.ontime_recent)
        if -BASELINE_WEEKS <= now < 0:
            start = now == -BASELINE_WEEKS
            remember(world.place_columns, place_flat, state.means_place, start)
            remember(world.village_columns, village_flat, state.means_villages, start)
            remember(world.cadre_columns, cadre_flat, state.means_cadres, start)
            remember(world.lever_columns, lever_flat, state.means_levers, start)
    return last
