"""Cases at desks: queues, hand-overs, and the days they take.

Every cadre is a desk with a queue of its own, served first come first served at the pace that the hours
kept for casework allow. A case is raised at a keyed moment; a finished step reaches the next desk the
next working day; returns for missing papers and passing-on cost days, and so do appointments, site visits and public notice. Several departments work one
after another, or at once when the case entered at one window. Colleagues help out at a choking desk,
and who waits far longer than expected gives up.

A desk alone follows Lindley's recursion: start = max(arrival, previous finish).

Theory   Lindley 1952; queues with abandonment (Palm 1957); boundary spanning and passing on (Hood 2011)
Times    working days since week 0 (five a week); work in standard staff hours
Writes   cases, steps, queues; tallies of due, on time, closed, withdrawn, trips, days
"""

from __future__ import annotations

import numpy as np

from sim.chance import GOLDEN, unit, word
from sim.compiled import rule, week
from sim.mechanisms.residents import experience, resent
from sim.state import DISPUTE, DUE_RING, HOTLINE, PETITION, WAIT_BINS

FREE, OPEN, WITHDRAWN = 0, 1, 2
AT_VILLAGE, AT_WINDOW = -1, -2
# Purposes of a case's draws; each step of its way adds PURPOSES to the moment of the draw.
DESK, PASSED, PASS_DELAY, PAPERS, PAPER_DELAY, UPWARD, PARALLEL, OUTSIDE, REDO, SEALS, HELP, PATIENCE, HARSH, OWNER, PAUSE = (
    np.int64(i) for i in range(15)
)
PURPOSES, FIRST = np.int64(16), np.int64(16)


@rule
def draw(case, purpose):
    """Keyed uniform number for one purpose at this point of a case's way."""
    return unit(word(case.key, GOLDEN, FIRST + case.draws * PURPOSES + purpose))


@rule
def delay(u, mean):
    """Exponential delay in working days."""
    return -mean * np.log1p(-u)


@rule
def seals_needed(norm, multiplier, u):
    """Whole number of seals, at least one; the fraction is settled by chance."""
    return max(1, int(np.floor(norm * multiplier + u)))


@rule
def wait_bin(days):
    """Bin of a waiting time: widths grow in proportion to the wait (about 5 %)."""
    return min(WAIT_BINS - 1, int(np.log1p(max(days, 0.0) / 0.25) * 18.0))


@rule
def bin_days(index):
    """Working days at the lower edge of a bin."""
    return 0.25 * np.expm1(index / 18.0)


@rule
def enqueue(steps, cadre, node):
    """Put a step into a desk's queue, in order of arrival."""
    step = steps[node]
    behind = cadre.tail
    while behind >= 0 and steps[behind].arrival > step.arrival:
        behind = steps[behind].before
    step.before = behind
    if behind >= 0:
        step.after = steps[behind].after
        steps[behind].after = node
    else:
        step.after = cadre.head
        cadre.head = node
    if step.after >= 0:
        steps[step.after].before = node
    else:
        cadre.tail = node
    cadre.backlog += step.remaining


@rule
def take_step(steps, pool):
    """A free row for a step."""
    node = pool[1]
    pool[1] = steps[node].after
    pool[3] -= 1
    return node


@rule
def drop_step(steps, pool, cadre, node):
    """Remove the first step of a queue and free its row."""
    cadre.head = steps[node].after
    if cadre.head >= 0:
        steps[cadre.head].before = -1
    else:
        cadre.tail = -1
    cadre.backlog = max(0.0, cadre.backlog - steps[node].remaining)
    steps[node].after = pool[1]
    pool[1] = node
    pool[3] += 1


@rule
def free_case(cases, pool, row):
    """Give a finished case's row back."""
    cases[row].state = FREE
    cases[row].next = pool[0]
    pool[0] = row
    pool[2] += 1


@rule
def helped(p, case, cadres, desk, first, count):
    """The desk itself, or a colleague with little to do when it chokes. Assumption."""
    if cadres[desk].backlog <= p.help_from_days * cadres[desk].pace or draw(case, HELP) >= p.help_share:
        return desk
    best = desk
    for c in range(first, first + count):
        if cadres[c].backlog * cadres[best].pace < cadres[best].backlog * cadres[c].pace:
            best = c
    return best


@rule
def choose_desk(case, p, f, kinds, routes, place, village, cadres, clusters):
    """The desk that a step goes to: a village role, a walk-in window, or an officer of a cluster."""
    if case.position == AT_VILLAGE:
        desk = village.desk[np.int64(kinds[case.kind].role)]
        return helped(p, case, cadres, desk, village.first_cadre, village.cadres)
    if case.position == AT_WINDOW:
        cluster = np.int64(f.window_cluster)
    else:
        cluster = routes[case.kind, case.position % routes.shape[1]]
    if cluster < 0:  # whoever owns the matter
        owner = draw(case, OWNER)
        cluster = np.int64(0)
        while cluster < clusters.shape[0] - 2 and owner >= routes_share(routes, cluster):
            cluster += 1
    first = clusters[cluster]
    count = clusters[cluster + 1] - first
    if kinds[case.kind].walk_in > 0.0 or case.position == AT_WINDOW:
        count = max(1, int(np.ceil(count * place.windows - 1e-9)))
    desk = first + min(count - 1, int(draw(case, DESK) * count))
    return helped(p, case, cadres, desk, first, count)


@rule
def routes_share(routes, cluster):
    """Cumulated chance that a matter belongs to one of the first clusters (last row of the routes, in 1e-6)."""
    return routes[routes.shape[0] - 1, cluster] * 1e-6


@rule
def step_hours(case, kind, place):
    """Standard hours of the step at hand."""
    if case.position == AT_VILLAGE:
        return kind.hours * kind.village_hours * place.check_hours
    share = 1.0 - kind.village_hours if kind.village_first > 0.0 and kind.go_up >= 1.0 else 1.0
    return kind.hours * share / max(kind.seals, 1.0) * place.check_hours


@rule
def send(at, hours, row, p, f, kinds, routes, place, village, cadres, cases, steps, pool, clusters):
    """Send a case's step to a desk: who passes it on, and what papers are missing, cost days."""
    case = cases[row]
    kind = kinds[case.kind]
    desk = choose_desk(case, p, f, kinds, routes, place, village, cadres, clusters)
    arrival = at
    if kind.pause_days > 0.0:
        arrival += delay(draw(case, PAUSE), kind.pause_days)
    cleared = 1.0 - village.cleared[case.kind]
    passes = 0
    while passes < 4 and draw(case, PASSED) < cadres[desk].ownership * cleared * kind.owners:
        arrival += delay(draw(case, PASS_DELAY), f.pass_on_days)
        case.trips += 1.0
        case.draws += 1
        passes += 1
        desk = choose_desk(case, p, f, kinds, routes, place, village, cadres, clusters)
    if draw(case, PAPERS) < place.missing_papers * kind.papers * cleared:
        arrival += delay(draw(case, PAPER_DELAY), f.return_days)
        case.trips += 1.0
    case.draws += 1
    node = take_step(steps, pool)
    step = steps[node]
    step.case = row
    step.desk = desk
    step.arrival = arrival
    step.remaining = hours
    case.open += 1
    enqueue(steps, cadres[desk], node)


@week
def raise_case(now, moment, kind_index, resident_row, key, p, f, kinds, routes, place, village, village_row, cadres, resident, cases, steps, pool, clusters, due, due_kind, tally):
    """Open a case at a moment of this week (0-1) and send it to its first desk."""
    kind = kinds[kind_index]
    row = pool[0]
    case = cases[row]
    pool[0] = case.next
    pool[2] -= 1
    pool[4] = max(pool[4], row + 1)
    case.key = key
    case.resident = resident_row
    case.village = village_row
    case.group = village.group
    case.kind = kind_index
    case.draws = 0
    case.open = 0
    case.state = OPEN
    case.trips = kind.trips
    case.redone = 0.0
    case.raised = 5.0 * (now + moment)
    case.last = case.raised
    case.due = case.raised + kind.limit_days
    case.due_week = np.int64(np.floor(case.due / 5.0))
    patience = max(resident.expected_wait, p.patience_floor) * p.patience * kind.limit_days
    case.patience = case.raised + patience * (0.5 + draw(case, PATIENCE))
    case.left = seals_needed(kind.seals, place.seals if kind.seals > 1.0 else 1.0, draw(case, SEALS))
    case.position = AT_VILLAGE if draw(case, UPWARD) < kind.village_first else 0
    if case.position == 0:
        case.left -= 1
    due[case.group, case.due_week % DUE_RING, 0] += kind.hours
    due_kind[case.group, case.due_week % DUE_RING, kind_index] += 1.0
    tally.raised += 1.0
    if kind_index == PETITION:
        tally.petitions_raised += 1.0
    case.draws += 1
    first_hours = step_hours(case, kind, place)
    send(case.raised, first_hours, row, p, f, kinds, routes, place, village, cadres, cases, steps, pool, clusters)


@rule
def finish_step(t, tomorrow, row, skill, haste, p, f, kinds, routes, place, village, cadres, residents, cases, steps, pool, clusters, due, due_kind, tally, waits):
    """After a step: the next desk, all remaining desks at once, the work again, or the end."""
    case = cases[row]
    kind = kinds[case.kind]
    case.open -= 1
    case.last = max(case.last, t)
    if case.state == WITHDRAWN:
        if case.open == 0:
            free_case(cases, pool, row)
        return
    if case.position == AT_VILLAGE:
        case.draws += 1
        if draw(case, UPWARD) >= kind.go_up:
            case.left = 0
        elif case.left > 1 and draw(case, PARALLEL) < place.parallel:
            case.position = AT_WINDOW
            send(tomorrow, f.window_hours, row, p, f, kinds, routes, place, village, cadres, cases, steps, pool, clusters)
            return
        if case.kind == DISPUTE and draw(case, HARSH) < p.coercion * (1.0 - skill) ** 2:
            resent(residents[case.resident], p.coercion_grievance)
            case.left = max(case.left, 1)
    elif case.position == AT_WINDOW:
        case.position = 0
        hours = step_hours(case, kind, place)
        desks = case.left
        case.left = 0
        for n in range(desks):
            case.position = n
            wait = outside_wait(case, kind) if n == desks - 1 else 0.0
            send(tomorrow + wait, hours, row, p, f, kinds, routes, place, village, cadres, cases, steps, pool, clusters)
        return
    if case.open > 0:
        return
    if case.left > 0:
        case.left -= 1
        case.position = max(case.position, -1) + 1
        wait = outside_wait(case, kind) if case.left == 0 else 0.0
        send(tomorrow + wait, step_hours(case, kind, place), row, p, f, kinds, routes, place, village, cadres, cases, steps, pool, clusters)
        return
    if case.redone == 0.0 and draw(case, REDO) < haste:
        case.redone = 1.0
        case.trips += 1.0
        case.draws += 1
        send(tomorrow, p.redo_hours * step_hours(case, kind, place), row, p, f, kinds, routes, place, village, cadres, cases, steps, pool, clusters)
        return
    close_case(row, p, kinds, village, residents, cases, pool, due, due_kind, tally, waits)


@rule
def outside_wait(case, kind):
    """Working days that the county's approval takes before the last seal."""
    if kind.outside_days <= 0.0:
        return 0.0
    return delay(draw(case, OUTSIDE), kind.outside_days)


@rule
def close_case(row, p, kinds, village, residents, cases, pool, due, due_kind, tally, waits):
    """Count a closed case and let the resident live through it."""
    case = cases[row]
    kind = kinds[case.kind]
    days = case.last - case.raised
    on_time = days <= kind.limit_days
    if on_time:
        due[case.group, case.due_week % DUE_RING, 1] += kind.hours
        due_kind[case.group, case.due_week % DUE_RING, 7 + case.kind] += 1.0
    tally.closed += 1.0
    tally.closed_kind[case.kind] += 1.0
    tally.days[case.kind] += days
    tally.trips += case.trips
    waits[wait_bin(days)] += 1.0
    experience(village, residents[case.resident], days / kind.limit_days, case.trips - kind.trips, case.redone, p)
    if not on_time:
        resent(residents[case.resident], p.late_grievance)
    elif case.kind == HOTLINE or case.kind == PETITION or case.kind == DISPUTE:
        residents[case.resident].grievance *= 1.0 - p.answer_relief
    free_case(cases, pool, row)


@rule
def serve_day(morning, desk, p, f, kinds, routes, place, villages, cadres, residents, cases, steps, pool, clusters, due, due_kind, tallies, waits):
    """One desk's working day: first come, first served, until the day or the queue ends."""
    cadre = cadres[desk]
    evening = morning + 1.0
    if cadre.free_at < morning:
        cadre.free_at = morning
    while cadre.head >= 0:
        node = cadre.head
        step = steps[node]
        row = np.int64(step.case)
        case = cases[row]
        if case.state == WITHDRAWN:
            drop_step(steps, pool, cadre, node)
            case.open -= 1
            if case.open == 0:
                free_case(cases, pool, row)
            continue
        begin = max(step.arrival, cadre.free_at)
        if begin >= evening:
            break
        finish = begin + step.remaining / cadre.pace
        if finish > evening:
            done = (evening - begin) * cadre.pace
            step.remaining -= done
            cadre.backlog = max(0.0, cadre.backlog - done)
            cadre.used_hours += (evening - begin) * cadre.desk_hours / 5.0
            cadre.free_at = evening
            break
        cadre.used_hours += (finish - begin) * cadre.desk_hours / 5.0
        cadre.free_at = finish
        cadre.traces += kinds[case.kind].trace_hours
        drop_step(steps, pool, cadre, node)
        village = villages[case.village]
        group = case.group
        finish_step(
            finish, evening, row, cadre.skill, cadre.haste, p, f, kinds, routes, place, village, cadres,
            residents, cases, steps, pool, clusters, due, due_kind, tallies[group], waits[group],
        )  # fmt: skip


@week
def serve(now, p, f, kinds, routes, place, villages, cadres, residents, cases, steps, pool, clusters, due, due_kind, tallies, waits):
    """Five working days at all desks."""
    for c in range(cadres.shape[0]):
        cadres[c].used_hours = 0.0
        cadres[c].traces = 0.0
    for day in range(5):
        morning = 5.0 * now + day
        for c in range(cadres.shape[0]):
            if cadres[c].head >= 0:
                serve_day(
                    morning, c, p, f, kinds, routes, place, villages, cadres, residents, cases, steps,
                    pool, clusters, due, due_kind, tallies, waits,
                )  # fmt: skip


@week
def give_up(now, p, villages, residents, cases, pool, tallies):
    """Residents who have waited far longer than they expected withdraw their case."""
    end_of_week = 5.0 * (now + 1)
    for row in range(pool[4]):
        case = cases[row]
        if case.state == OPEN:
            if case.patience < end_of_week:
                case.state = WITHDRAWN
                tallies[case.group].withdrawn += 1.0
                resident = residents[case.resident]
                experience(villages[case.village], resident, p.withdrawn_wait, case.trips, 0.0, p)
                resent(resident, p.late_grievance)
            else:
                tallies[case.group].open += 1.0
