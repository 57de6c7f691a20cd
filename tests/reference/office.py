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
    ASKED,
    AT_VILLAGE,
    AT_WINDOW,
    CHOICE,
    DESK,
    HARD,
    HARSH,
    HELP,
    LEFT,
    ON_PAPER,
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
    TOLD,
    UPWARD,
    WRONG,
)
from sim.vocabulary import DISPUTE, G_CONDUCT, G_SERVICE, GRIEVANCES, HOTLINE, PETITION, PLOT
from tests.reference.rules import cases, chance, desks, hard_cases, initiative, residents, users
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
    if town.f.hard_cases and hard_cases.is_hard(kind.hard, village.cleared[kind_index], desks.draw(case, HARD)):
        case.hard = "undecided"
    tally = town.tally(village)
    tally.seals_kind[kind_index] += case.left
    tally.raised += 1.0
    tally.raised_kind[kind_index] += 1.0
    if kind_index == PETITION:
        about = f"petitions_{GRIEVANCES[resident.cause]}"
        setattr(tally, about, getattr(tally, about) + 1.0)
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
    outside = cases.outside_wait(case, kind, p, village.misjudged) if is_last_seal(case) else 0.0
    send(town, case, raised + outside, cases.step_hours(case, kind, town.place))


def send(town, case, at, hours):
    """Send a case to the desk its position asks for; it may take days until it lies there."""
    f, kind = town.f, town.kinds[case.kind]
    settled = 1.0 - case.resident.home.cleared[case.kind]
    desk = desk_for(town, case)
    if kind.on_paper > 0.0 and desks.draw(case, ON_PAPER) < desk.unanswered * kind.on_paper:
        case.unanswered = 1
        lay_on(town, case, desk, at + desks.draw(case, PAUSE), hours * town.p.tick_time)
        town.happened["closed on paper"] += 1
        return
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
    mediated = case.position == AT_VILLAGE and kind.go_up < 1.0
    if case.hard == "undecided" and (case.position >= 0 or mediated):
        arrival += settle(town, case, desk)
    lay_on(town, case, desk, arrival, hours)


def settle(town, case, desk) -> float:
    """Let a desk decide a hard case, ask up, or leave it for a while and choose again; returns the days it takes."""
    p, f, place, kind = town.p, town.f, town.place, town.kinds[case.kind]
    tally = town.tally(case.resident.home)
    value = hard_cases.value_of_deciding(p, desk.motivation, place.decision_gain, desk.blame * f.blame_delays)
    decide, leave = (hard_cases.odds(worth, p.choice_noise) for worth in (value, -place.leaving_price))
    ask = 1.0 if place.leaders_wait < kind.limit_days else 0.0
    days, times_left, case.decider = 0.0, 0, desk
    while True:
        chosen = desks.draw(case, CHOICE) * (decide + ask + leave)
        if chosen < decide:
            case.hard = "decided"
            tally.hard_decided += 1.0
            return days
        if chosen < decide + ask or times_left >= f.passes_most:
            break
        times_left += 1
        days += desks.delay(desks.draw(case, LEFT), f.left_days)
        tally.hard_left += 1.0
        case.draws += 1
    case.hard = "covered"
    tally.hard_asked += 1.0
    if not f.leaders_desk:
        return days
    place.leaders_asked += 1.0
    return days + hard_cases.days_upstairs(
        place.leaders_interval, place.leaders_wait, kind.limit_days, desks.draw(case, ASKED)
    )


def leaders_meet(town):
    """The leaders hear a week's hours of what was asked up; the rest waits."""
    place = town.place
    place.leaders_backlog = hard_cases.queue_later(
        place.leaders_backlog, place.leaders_asked, town.p.leader_hours, place.leader_hours
    )
    place.leaders_asked = 0.0
    place.leaders_wait = 5.0 * place.leaders_backlog / max(place.leader_hours, 1e-9)
    town.happened["leaders' queue"] += place.leaders_wait > 0.0


def lay_on(town, case, desk, arrival, hours):
    """Let a case lie on a desk from a working day on."""
    case.draws += 1
    case.handoffs += 1
    case.open += 1
    town.under_way[math.floor(arrival)].append(Step(case, desk, arrival, hours))


def desk_for(town, case):
    """Whose desk it is: a village role, a walk-in window, an officer of the department whose turn it is."""
    kind = town.kinds[case.kind]
    if case.position == AT_VILLAGE:
        village = case.resident.home
        first = village.holder[int(kind.role)]
        holders = [first] + [c for c in village.committee if c.role == int(kind.role) and c is not first]
        desk = holders[int(desks.draw(case, DESK) * len(holders))]
        return helped(town, case, desk, village.committee)
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
        outside = cases.outside_wait(case, kind, town.p, case.resident.home.misjudged) if last else 0.0
        send(town, case, tomorrow + outside, hours)
    if case.open == 0:
        close(town, case, cadre)


def is_last_seal(case) -> bool:
    """Whether the county has to approve before the step at hand: the last one of the way, in the township."""
    return case.position >= 0 and case.left == 0 and case.redone == 0.0


def next_desks(town, case, cadre):
    """The places in the route that get the case now, and the standard hours it takes at each."""
    p, kind = town.p, town.kinds[case.kind]
    if case.unanswered:
        return [], 0.0
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
            residents.resent(case.resident, p.coercion_grievance, G_CONDUCT)
            case.left = max(case.left, 1)
            town.happened["coerced"] += 1
    if case.open > 0:  # others still have it
        return [], 0.0
    if case.left > 0:
        case.left -= 1
        case.position = max(case.position, -1) + 1
        return [case.position], cases.step_hours(case, kind, town.place)
    wrong = False
    if case.hard in ("decided", "covered") and case.redone == 0.0:
        skill = case.decider.skill if case.hard == "decided" else 1.0
        wrong = initiative.fails(p, skill, desks.draw(case, WRONG))
    if wrong:
        residents.resent(case.resident, p.late_grievance, G_CONDUCT)
        case.decider.wrong += 1.0 if case.hard == "decided" else 0.0
        town.happened["decided wrongly" if case.hard == "decided" else "leaders decided wrongly"] += 1
    if case.redone == 0.0 and (wrong or desks.draw(case, REDO) < cadre.haste):
        case.redone = 1.0
        case.trips += 1.0
        case.draws += 1
        town.happened["done again"] += 1
        return [case.position], p.redo_hours * cases.step_hours(case, kind, town.place)
    return [], 0.0


def close(town, case, cadre):
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
    if case.hard:
        tally.hard_ended += 1.0
        tally.hard_days += days
    if case.kind == PLOT:
        tally.waits_plot[cases.wait_bin(days)] += 1.0
    felt = days / kind.limit_days
    refused = cases.refused(case, resident.home.wrong_exclusion)
    if refused or case.unanswered:
        felt = max(felt, p.case_wait_cap)
    town.happened["refused"] += refused
    manner = users.manner_of(cadre.motivation, cadre.fatigue)
    points = live_through(town, resident, listeners(case, kind), felt, case.trips - kind.trips, case.redone, manner)
    count_user(tally, case, kind, points, 1.0 - case.unanswered)
    if not on_time or case.unanswered:
        residents.resent(resident, p.late_grievance, G_SERVICE)
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
            tally, kind = town.tally(case.resident.home), town.kinds[case.kind]
            tally.withdrawn += 1.0
            if case.hard:
                tally.hard_ended += 1.0
                tally.hard_days += 5.0 * (now + 1) - case.raised
            points = live_through(
                town, case.resident, listeners(case, kind), town.p.case_wait_cap, case.trips, 0.0, 0.0
            )
            count_user(tally, case, kind, points, 0.0)
            residents.resent(case.resident, town.p.late_grievance, G_SERVICE)


def listeners(case, kind) -> int:
    """How many hear of a case."""
    return users.told(kind.hours, desks.draw(case, TOLD))


def live_through(town, resident, told, wait, extra_trips, redone, manner) -> float:
    """A user judges a case and tells those whose turn it is, if they live in the village; returns the points."""
    p = town.p
    expected = users.expected_now(resident.expected_wait, town.place.promised)
    points = users.judged(users.case_quality(p, wait, expected, extra_trips, redone, manner), resident.disposition)
    users.learn(p, resident.home, resident, 1.0, points, wait)
    if town.f.learning_from_users > 0.0:
        for turn in range(told):
            friend = resident.ties[(resident.visits + turn) % len(resident.ties)]
            if friend.home is resident.home:
                users.learn(p, friend.home, friend, p.heard, points, wait)
                town.happened["heard of a case"] += 1
    return points


def count_user(tally, case, kind, points, answered):
    """Count what the user of a case that has ended says."""
    tally.users[case.kind] += 1.0
    tally.user_points[case.kind] += points
    tally.users_content[case.kind] += residents.content(points)
    tally.answered[case.kind] += answered
    tally.user_hours += kind.hours
    tally.user_hour_points += kind.hours * points
