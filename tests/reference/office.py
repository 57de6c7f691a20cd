"""Cases and desks: how a case goes from desk to desk, and what becomes of it.

A desk's queue is a list in order of arrival. Steps on their way stand in a dictionary by the day on which they
arrive. A case is finished when it lies at no desk and needs no further one.
"""

from __future__ import annotations

import math
from bisect import insort

import numpy as np

from sim.chance import CASE
from sim.mechanisms.desks import (
    AT_VILLAGE,
    AT_WINDOW,
    DESK,
    HARSH,
    HELP,
    OWNER,
    PAPER_DELAY,
    PAPERS,
    PARALLEL,
    PASS_DELAY,
    PASSED,
    PATIENCE,
    PAUSE,
    REDO,
    SEALS,
    SHUT,
    SHUT_DELAY,
    UPWARD,
)
from sim.vocabulary import DISPUTE, HOTLINE, PETITION, PLOT
from tests.reference.rules import cases, chance, desks, residents
from tests.reference.town import Case, Step


def case_key(town, resident):
    """The key of all chance of a resident's next case: by visit number, whenever it comes."""
    visit = resident.visits
    resident.visits = visit + 1
    who = np.uint64((resident.home.uid << 32) + resident.place)
    return chance.word(chance.moment_key(town.keys, CASE, np.int64(visit)), town.keys[CASE, 1], who)


def raise_case(town, now, moment, kind_index, resident, key):
    """A resident comes with a case at a moment of the week (0-1)."""
    p, kind, village = town.p, town.kinds[kind_index], resident.home
    raised = 5.0 * (now + moment)
    case = Case(
        key, kind_index, resident, raised, math.floor((raised + kind.limit_days) / 5.0), kind.trips, last=raised
    )
    case.patience = raised + cases.given_up(p, resident.expected_wait, kind.limit_days, desks.draw(case, PATIENCE))
    several = kind.seals > 1.0
    case.left = cases.seals_needed(kind.seals, town.place.seals if several else 1.0, desks.draw(case, SEALS))
    tally = town.tally(village)
    tally.seals_kind[kind_index] += case.left
    tally.raised += 1.0
    tally.raised_kind[kind_index] += 1.0
    tally.petitions_raised += 1.0 if kind_index == PETITION else 0.0
    falling_due = town.due[village.group][case.due_week]
    falling_due.hours += kind.hours
    falling_due.cases[kind_index] += 1.0
    if desks.draw(case, UPWARD) < kind.village_first:
        case.position = AT_VILLAGE
    else:
        case.position = 0
        case.left -= 1
    case.draws += 1
    town.cases.append(case)
    outside = cases.outside_wait(case, kind, p, town.place.reporting) if is_last_seal(case) else 0.0
    send(town, case, raised + outside, cases.step_hours(case, kind, town.place))


def send(town, case, at, hours):
    """Send a case to the desk its position asks for; it may take days until it lies there."""
    f, kind = town.f, town.kinds[case.kind]
    settled = 1.0 - case.resident.home.cleared[case.kind]
    desk = desk_for(town, case)
    arrival = at
    if kind.pause_days > 0.0:
        arrival += desks.delay(desks.draw(case, PAUSE), kind.pause_days)
    if kind.walk_in > 0.0 and desks.draw(case, SHUT) < cases.shut_out(town.p, town.place.windows):
        arrival += desks.delay(desks.draw(case, SHUT_DELAY), f.shut_days)
        case.trips += 1.0
        town.happened["found the counter shut"] += 1
    passes = 0
    while passes < f.passes_most and desks.draw(case, PASSED) < desk.ownership * settled * kind.owners:
        arrival += desks.delay(desks.draw(case, PASS_DELAY), f.pass_on_days)
        case.trips += 1.0
        case.draws += 1
        passes += 1
        before, desk = desk, desk_for(town, case)
        case.handoffs += desk is not before
        town.happened["passed on" if desk is not before else "asked to come back"] += 1
    if desks.draw(case, PAPERS) < town.place.missing_papers * kind.papers * settled:
        arrival += desks.delay(desks.draw(case, PAPER_DELAY), f.return_days)
        case.trips += 1.0
        town.happened["papers missing"] += 1
    case.draws += 1
    case.handoffs += 1
    case.open += 1
    town.under_way[math.floor(arrival)].append(Step(case, desk, arrival, hours))


def desk_for(town, case):
    """Whose desk it is: a village role, a walk-in window, an officer of the department whose turn it is."""
    kind = town.kinds[case.kind]
    if case.position == AT_VILLAGE:
        village = case.resident.home
        return helped(town, case, village.holder[int(kind.role)], village.committee)
    if case.position == AT_WINDOW:
        cluster = int(town.f.window_cluster)
    else:
        route = town.routes[case.kind]
        cluster = route[case.position % len(route)]
    if cluster < 0:
        u = desks.draw(case, OWNER)
        cluster = sum(u >= share for share in town.owners[:-1])
    officers = town.clusters[cluster]
    if kind.walk_in > 0.0 or case.position == AT_WINDOW:
        officers = officers[: max(1, math.ceil(len(officers) * town.place.windows - 1e-9))]
    desk = officers[min(len(officers) - 1, int(desks.draw(case, DESK) * len(officers)))]
    return helped(town, case, desk, officers)


def helped(town, case, desk, colleagues):
    """The desk itself, or the colleague who is through soonest if it chokes."""
    chokes = desk.backlog > town.p.help_from_days * desk.pace
    if not chokes or desks.draw(case, HELP) >= town.p.help_share:
        return desk
    best = min([desk, *colleagues], key=lambda cadre: cadre.backlog / cadre.pace)
    town.happened["helped out"] += best is not desk
    return best


def serve(town, now):
    """Five working days at all desks."""
    for cadre in town.cadres:
        cadre.used_hours = 0.0
        cadre.traces = 0.0
    for day in range(5):
        morning = 5.0 * now + day
        for step in town.under_way.pop(int(morning), []):
            insort(step.desk.queue, step, key=lambda waiting: waiting.arrival)
        for cadre in town.cadres:
            if cadre.queue:
                work_a_day(town, cadre, morning)


def work_a_day(town, cadre, morning):
    """First come, first served, until the day or the queue ends."""
    evening = morning + 1.0
    cadre.free_at = max(cadre.free_at, morning)
    while cadre.queue:
        step = cadre.queue[0]
        case = step.case
        if case.state == "withdrawn":
            cadre.queue.pop(0)
            continue
        begin = max(step.arrival, cadre.free_at)
        if begin >= evening:
            break
        finish = begin + step.remaining / cadre.pace
        cadre.free_at = min(finish, evening)
        cadre.used_hours += (cadre.free_at - begin) * cadre.desk_hours / 5.0
        if finish > evening:
            step.remaining -= (evening - begin) * cadre.pace
            break
        cadre.queue.pop(0)
        cadre.traces += town.kinds[case.kind].trace_hours
        go_on(town, case, cadre, finish, evening)


def go_on(town, case, cadre, finish, tomorrow):
    """What follows a finished step: another desk, all remaining desks at once, the same again, or the end."""
    case.open -= 1
    case.last = max(case.last, finish)
    positions, hours = next_desks(town, case, cadre)
    for position in positions:
        case.position = position
        kind = town.kinds[case.kind]
        last = position == positions[-1] and is_last_seal(case)
        outside = cases.outside_wait(case, kind, town.p, town.place.reporting) if last else 0.0
        send(town, case, tomorrow + outside, hours)
    if case.open == 0:
        close(town, case)


def is_last_seal(case) -> bool:
    """Whether the county has to approve before the step at hand: the last one of the way, in the township."""
    return case.position >= 0 and case.left == 0 and case.redone == 0.0


def next_desks(town, case, cadre):
    """The places in the route that get the case now, and the standard hours it takes at each."""
    p, kind = town.p, town.kinds[case.kind]
    if case.position == AT_WINDOW:  # all departments at once
        departments = list(range(case.left))
        case.left = 0
        case.position = 0
        return departments, cases.step_hours(case, kind, town.place)
    if case.position == AT_VILLAGE:
        case.draws += 1
        goes_up = desks.draw(case, UPWARD) < kind.go_up
        if goes_up and case.left > 1 and desks.draw(case, PARALLEL) < town.place.parallel:
            town.happened["one window"] += 1
            return [AT_WINDOW], town.f.window_hours
        if not goes_up:
            case.left = 0
        if case.kind == DISPUTE and cases.coerces(p, cadre.skill, desks.draw(case, HARSH)):
            residents.resent(case.resident, p.coercion_grievance)
            case.left = max(case.left, 1)
            town.happened["coerced"] += 1
    if case.open > 0:  # others still have it
        return [], 0.0
    if case.left > 0:
        case.left -= 1
        case.position = max(case.position, -1) + 1
        return [case.position], cases.step_hours(case, kind, town.place)
    if case.redone == 0.0 and desks.draw(case, REDO) < cadre.haste:
        case.redone = 1.0
        case.trips += 1.0
        case.draws += 1
        town.happened["done again"] += 1
        return [case.position], p.redo_hours * cases.step_hours(case, kind, town.place)
    return [], 0.0


def close(town, case):
    """The case is done: count it, and let the resident live through it."""
    p, kind, resident = town.p, town.kinds[case.kind], case.resident
    case.state = "closed"
    days = case.last - case.raised
    on_time = days <= kind.limit_days
    if on_time:
        falling_due = town.due[resident.home.group][case.due_week]
        falling_due.ontime_hours += kind.hours
        falling_due.ontime_cases[case.kind] += 1.0
    tally = town.tally(resident.home)
    tally.closed += 1.0
    tally.closed_kind[case.kind] += 1.0
    tally.days[case.kind] += days
    tally.trips += case.trips
    tally.trips_kind[case.kind] += case.trips
    tally.handoffs += case.handoffs
    tally.waits[cases.wait_bin(days)] += 1.0
    if case.kind == PLOT:
        tally.waits_plot[cases.wait_bin(days)] += 1.0
    residents.experience(resident.home, resident, days / kind.limit_days, case.trips - kind.trips, case.redone, p)
    if not on_time:
        residents.resent(resident, p.late_grievance)
    elif case.kind in (HOTLINE, PETITION, DISPUTE):
        resident.grievance *= 1.0 - p.answer_relief


def give_up(town, now):
    """Who has waited far longer than expected withdraws the case, the least patient first."""
    still_open = [case for case in town.cases if case.state == "open"]
    town.cases = [case for case in still_open if case.patience >= 5.0 * (now + 1)]
    for case in town.cases:
        town.tally(case.resident.home).open += 1.0
    for case in sorted(still_open, key=lambda case: case.patience):
        if case.patience < 5.0 * (now + 1):
            case.state = "withdrawn"
            town.tally(case.resident.home).withdrawn += 1.0
            residents.experience(case.resident.home, case.resident, town.p.withdrawn_wait, case.trips, 0.0, town.p)
            residents.resent(case.resident, town.p.late_grievance)
