"""Cases: their way from desk to desk, and the days they take.

A case is raised at a keyed moment; a finished step reaches the next desk the next working day; returns
for missing papers and passing-on cost days, and so do appointments, site visits and public notice.
Several departments work one after another, or at once when the case entered at one window. Hurried and
unskilled work is done again, and who waits far longer than expected gives up.

A desk alone follows Lindley's recursion: start = max(arrival, previous finish).

Theory   Lindley 1952; queues with abandonment (Palm 1957); boundary spanning and passing on (Hood 2011)
Times    working days since week 0 (five a week); work in standard staff hours
Writes   cases, steps, queues; cadre.backlog, free_at, used_hours, traces; resident.grievance; casework
         falling due; tallies of closed, withdrawn, trips, days
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.mechanisms.desks import (
    AT_VILLAGE,
    AT_WINDOW,
    HARSH,
    OUTSIDE,
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
    arrive,
    choose_desk,
    delay,
    draw,
    drop_step,
    expect,
    take_step,
)
from sim.mechanisms.residents import experience, resent
from sim.state import DUE_RING, WAIT_BINS
from sim.vocabulary import DISPUTE, HOTLINE, PETITION, PLOT

FREE, OPEN, WITHDRAWN = 0, 1, 2


@kernel
def seals_needed(norm, multiplier, u):
    """Whole number of seals, at least one; the fraction is settled by chance."""
    return max(1, int(np.floor(norm * multiplier + u)))


@kernel
def given_up(p, expected_wait, limit_days, u):
    """Working days after which a resident gives up: a multiple of the wait that was expected, keyed."""
    waited = max(expected_wait, p.patience_floor) * p.patience * limit_days
    return waited * (1.0 + p.patience_spread * (2.0 * u - 1.0))


@kernel
def shut_out(p, windows):
    """Chance that who comes in person finds the counter shut and has to come again."""
    return p.counters_missed * (1.0 - windows)


@kernel
def coerces(p, skill, u):
    """Whether a mediator presses instead of mediating: the unskilled do (threat, pressure, fraud)."""
    return u < p.coercion * (1.0 - skill) ** 2


@kernel
def wait_bin(days):
    """Bin of a waiting time: widths grow in proportion to the wait (about 5 %)."""
    return min(WAIT_BINS - 1, int(np.log(1.0 + max(days, 0.0) / 0.25) * 18.0))


@kernel
def free_case(cases, office, row):
    """Give a finished case's row back."""
    office.many_desk_cases -= cases[row].many_desk
    cases[row].state = FREE
    cases[row].next = office.free_case
    office.free_case = row
    office.cases_free += 1


@kernel
def step_hours(case, kind, place):
    """Standard hours of the step at hand."""
    if case.position == AT_VILLAGE:
        return kind.hours * kind.village_hours * place.check_hours
    share = 1.0 - kind.village_hours if kind.village_first > 0.0 and kind.go_up >= 1.0 else 1.0
    return kind.hours * share / max(kind.seals, 1.0) * place.check_hours


@kernel
def send(at, hours, row, p, f, kinds, place, village, cadres, cases, steps, office):
    """Send a case's step to a desk: appointments, who passes it on, and missing papers cost days."""
    case = cases[row]
    kind = kinds[case.kind]
    desk = choose_desk(case, p, f, kinds, place, village, cadres, office)
    arrival = at
    if kind.pause_days > 0.0:
        arrival += delay(draw(case, PAUSE), kind.pause_days)
    if kind.walk_in > 0.0 and draw(case, SHUT) < shut_out(p, place.windows):
        arrival += delay(draw(case, SHUT_DELAY), f.shut_days)
        case.trips += 1.0
    cleared = 1.0 - village.cleared[case.kind]
    passes = 0
    while passes < f.passes_most and draw(case, PASSED) < cadres[desk].ownership * cleared * kind.owners:
        arrival += delay(draw(case, PASS_DELAY), f.pass_on_days)
        case.trips += 1.0
        case.draws += 1
        passes += 1
        other = choose_desk(case, p, f, kinds, place, village, cadres, office)
        if other != desk:  # where one person owns such matters, passing on means: come back another day
            case.handoffs += 1
        desk = other
    if draw(case, PAPERS) < place.missing_papers * kind.papers * cleared:
        arrival += delay(draw(case, PAPER_DELAY), f.return_days)
        case.trips += 1.0
    case.draws += 1
    case.handoffs += 1
    node = take_step(steps, office)
    step = steps[node]
    step.case = row
    step.desk = desk
    step.arrival = arrival
    step.remaining = hours
    case.open += 1
    expect(steps, office, node)


@kernel
def raise_case(
    now,
    moment,
    kind_index,
    resident_row,
    key,
    p,
    f,
    kinds,
    place,
    village,
    village_row,
    cadres,
    resident,
    cases,
    steps,
    office,
    due,
    tally,
):
    """Open a case at a moment of this week (0-1) and send it to its first desk."""
    kind = kinds[kind_index]
    row = office.free_case
    case = cases[row]
    office.free_case = case.next
    office.cases_free -= 1
    office.highest_case = max(office.highest_case, row + 1)
    case.key = key
    case.resident = resident_row
    case.village = village_row
    case.group = village.group
    case.kind = kind_index
    case.draws = 0
    case.open = 0
    case.state = OPEN
    case.many_desk = 1 if kind.seals > 1.0 else 0
    office.many_desk_cases += case.many_desk
    case.trips = kind.trips
    case.redone = 0.0
    case.handoffs = 0
    case.raised = 5.0 * (now + moment)
    case.last = case.raised
    case.due = case.raised + kind.limit_days
    case.due_week = np.int64(np.floor(case.due / 5.0))
    case.patience = case.raised + given_up(p, resident.expected_wait, kind.limit_days, draw(case, PATIENCE))
    case.left = seals_needed(kind.seals, place.seals if kind.seals > 1.0 else 1.0, draw(case, SEALS))
    tally.seals_kind[kind_index] += case.left
    case.position = AT_VILLAGE if draw(case, UPWARD) < kind.village_first else 0
    if case.position == 0:
        case.left -= 1
    due.hours[case.due_week % DUE_RING] += kind.hours
    due.cases[case.due_week % DUE_RING, kind_index] += 1.0
    tally.raised += 1.0
    tally.raised_kind[kind_index] += 1.0
    if kind_index == PETITION:
        tally.petitions_raised += 1.0
    case.draws += 1
    first_hours = step_hours(case, kind, place)
    wait = outside_wait(case, kind, p, place.reporting) if case.position == 0 and case.left == 0 else 0.0
    send(case.raised + wait, first_hours, row, p, f, kinds, place, village, cadres, cases, steps, office)


@kernel
def next_steps(case, kind, p, f, place, resident, skill, haste):
    """What follows a finished step: how many desks get the case now (0: it is closed), and the hours each.

    Work that has to be done again goes to the department that had the case last, also after a parallel round.
    """
    if case.position == AT_VILLAGE:
        case.draws += 1
        if draw(case, UPWARD) >= kind.go_up:
            case.left = 0
        elif case.left > 1 and draw(case, PARALLEL) < place.parallel:
            case.position = AT_WINDOW
            return 1, f.window_hours
        if case.kind == DISPUTE and coerces(p, skill, draw(case, HARSH)):
            resent(resident, p.coercion_grievance)
            case.left = max(case.left, 1)
    elif case.position == AT_WINDOW:
        desks = case.left
        case.left = 0
        case.position = 0
        return desks, step_hours(case, kind, place)
    if case.open > 0:
        return 0, 0.0
    if case.left > 0:
        case.left -= 1
        case.position = max(case.position, -1) + 1
        return 1, step_hours(case, kind, place)
    if case.redone == 0.0 and draw(case, REDO) < haste:
        case.redone = 1.0
        case.trips += 1.0
        case.draws += 1
        return 1, p.redo_hours * step_hours(case, kind, place)
    return 0, 0.0


@kernel
def finish_step(
    t,
    tomorrow,
    row,
    skill,
    haste,
    p,
    f,
    kinds,
    place,
    village,
    cadres,
    residents,
    cases,
    steps,
    office,
    due,
    tally,
):
    """After a step: the next desk, all remaining desks at once, the work again, or the end."""
    case = cases[row]
    kind = kinds[case.kind]
    case.open -= 1
    case.last = max(case.last, t)
    desks, hours = next_steps(case, kind, p, f, place, residents[case.resident], skill, haste)
    position = case.position
    for n in range(desks):
        case.position = position + n
        wait = (
            outside_wait(case, kind, p, place.reporting)
            if n == desks - 1 and case.left == 0 and case.redone == 0.0 and position >= 0
            else 0.0
        )
        send(tomorrow + wait, hours, row, p, f, kinds, place, village, cadres, cases, steps, office)
    if case.open == 0:
        close_case(row, p, kinds, village, residents, cases, office, due, tally)


@kernel
def outside_wait(case, kind, p, reporting):
    """Working days that the county's approval takes before the last seal; it is slower the less it hears from below."""
    if kind.outside_days <= 0.0:
        return 0.0
    blind = max(0.0, p.reporting_usual - reporting)
    return delay(draw(case, OUTSIDE), kind.outside_days * (1.0 + p.answers_blind * blind))


@kernel
def close_case(row, p, kinds, village, residents, cases, office, due, tally):
    """Count a closed case and let the resident live through it."""
    case = cases[row]
    kind = kinds[case.kind]
    days = case.last - case.raised
    on_time = days <= kind.limit_days
    if on_time:
        due.ontime_hours[case.due_week % DUE_RING] += kind.hours
        due.ontime_cases[case.due_week % DUE_RING, case.kind] += 1.0
    tally.closed += 1.0
    tally.closed_kind[case.kind] += 1.0
    tally.days[case.kind] += days
    tally.trips += case.trips
    tally.trips_kind[case.kind] += case.trips
    tally.handoffs += case.handoffs
    if case.kind == PLOT:
        tally.waits_plot[wait_bin(days)] += 1.0
    tally.waits[wait_bin(days)] += 1.0
    experience(village, residents[case.resident], days / kind.limit_days, case.trips - kind.trips, case.redone, p)
    if not on_time:
        resent(residents[case.resident], p.late_grievance)
    elif case.kind == HOTLINE or case.kind == PETITION or case.kind == DISPUTE:
        residents[case.resident].grievance *= 1.0 - p.answer_relief
    free_case(cases, office, row)


@kernel
def serve_day(morning, desk, p, f, kinds, place, villages, cadres, residents, cases, steps, office, due, tallies):
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
            drop_step(steps, office, cadre, node)
            case.open -= 1
            if case.open == 0:
                free_case(cases, office, row)
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
        drop_step(steps, office, cadre, node)
        village = villages[case.village]
        group = case.group
        finish_step(
            finish,
            evening,
            row,
            cadre.skill,
            cadre.haste,
            p,
            f,
            kinds,
            place,
            village,
            cadres,
            residents,
            cases,
            steps,
            office,
            due[group],
            tallies[group],
        )


@kernel
def serve(now, p, f, kinds, place, villages, cadres, residents, cases, steps, office, due, tallies):
    """Five working days at all desks."""
    for c in range(cadres.shape[0]):
        cadres[c].used_hours = 0.0
        cadres[c].traces = 0.0
    for day in range(5):
        morning = 5.0 * now + day
        arrive(morning, cadres, steps, office)
        for c in range(cadres.shape[0]):
            if cadres[c].head >= 0:
                serve_day(
                    morning,
                    c,
                    p,
                    f,
                    kinds,
                    place,
                    villages,
                    cadres,
                    residents,
                    cases,
                    steps,
                    office,
                    due,
                    tallies,
                )


@kernel
def give_up(now, p, villages, residents, cases, office, waiting, tallies):
    """Residents who have waited far longer than they expected withdraw their case, the least patient first.

    All trips they made were made in vain, and count as such.
    `waiting` (int64, residents) is scratch. The order is by patience, not by row: rows hang on who came first.
    """
    end_of_week = 5.0 * (now + 1)
    leaving = 0
    for row in range(office.highest_case):
        case = cases[row]
        if case.state == OPEN:
            if case.patience < end_of_week and leaving < waiting.shape[0]:
                at = leaving
                while at > 0 and cases[waiting[at - 1]].patience > case.patience:
                    waiting[at] = waiting[at - 1]
                    at -= 1
                waiting[at] = row
                leaving += 1
            else:
                tallies[case.group].open += 1.0
    for n in range(leaving):
        case = cases[waiting[n]]
        case.state = WITHDRAWN
        tallies[case.group].withdrawn += 1.0
        resident = residents[case.resident]
        experience(villages[case.village], resident, p.withdrawn_wait, case.trips, 0.0, p)
        resent(resident, p.late_grievance)
