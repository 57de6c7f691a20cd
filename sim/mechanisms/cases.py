"""Cases: their way from desk to desk, and the days they take.

A case is raised at a keyed moment; a finished step reaches the next desk the next working day; returns
for missing papers and passing-on cost days, and so do appointments, site visits and public notice.
Several departments work one after another, or at once when the case entered at one window. Hurried and
unskilled work is done again, and who waits far longer than expected gives up. A choking desk closes on paper
what is only counted: the file is closed, and the resident has no answer. Hard cases wait for somebody who
decides (hard_cases.py).

A desk alone follows Lindley's recursion: start = max(arrival, previous finish).

Theory   Lindley 1952; queues with abandonment (Palm 1957); boundary spanning and passing on (Hood 2011)
Times    working days since week 0 (five a week); work in standard staff hours
Writes   cases, steps, queues; cadre.backlog, free_at, used_hours, traces, wrong; resident.grievance;
         casework falling due; tallies of closed, withdrawn, trips, days, petitions by cause
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.maths import log
from sim.mechanisms.desks import (
    AT_VILLAGE,
    AT_WINDOW,
    HARD,
    HARSH,
    ON_PAPER,
    OUTSIDE,
    PAPER_DELAY,
    PAPERS,
    PARALLEL,
    PASS_DELAY,
    PASSED,
    PATIENCE,
    PAUSE,
    REDO,
    REFUSED,
    SEALS,
    SHUT,
    SHUT_DELAY,
    TOLD,
    UPWARD,
    WRONG,
    arrive,
    choose_desk,
    delay,
    draw,
    drop_step,
    expect,
    take_step,
)
from sim.mechanisms.hard_cases import DECIDED, PLAIN, UNDECIDED, is_hard, settle
from sim.mechanisms.initiative import fails
from sim.mechanisms.residents import resent
from sim.mechanisms.users import count_user, live_through, manner_of, told
from sim.state import DUE_RING, WAIT_BINS
from sim.vocabulary import BENEFIT, DISPUTE, G_CONDUCT, G_MONEY, G_SERVICE, HOTLINE, PETITION, PLOT

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
    return u < p.coercion * (1.0 - skill) * (1.0 - skill)


@kernel
def wait_bin(days):
    """Bin of a waiting time: widths grow in proportion to the wait (about 5 %)."""
    return min(WAIT_BINS - 1, int(log(1.0 + max(days, 0.0) / 0.25) * 18.0))


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
def lay_on(desk, arrival, hours, row, case, steps, office):
    """Let a case's step lie on a desk from a working day on."""
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
def decided_here(case, kind):
    """Whether a desk at this place of the route may decide: a township desk, or the village's if most ends there."""
    return case.position >= 0 or (case.position == AT_VILLAGE and kind.go_up < 1.0)


@kernel
def send(at, hours, row, p, f, kinds, place, village, cadres, cases, steps, office, tally):
    """Send a case's step to a desk: appointments, who passes it on, and missing papers cost days."""
    case = cases[row]
    kind = kinds[case.kind]
    desk = choose_desk(case, p, f, kinds, place, village, cadres, office)
    if kind.on_paper > 0.0 and draw(case, ON_PAPER) < cadres[desk].unanswered * kind.on_paper:
        case.unanswered = 1  # no visit, no papers, no other department: the file is written and closed within a day
        lay_on(desk, at + draw(case, PAUSE), p.tick_time * hours, row, case, steps, office)
        return
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
    if case.hard == UNDECIDED and decided_here(case, kind):
        arrival += settle(case, kind, desk, p, f, place, cadres[desk], tally)
    lay_on(desk, arrival, hours, row, case, steps, office)


@kernel
def count_petition(tally, cause):
    """Count a petition by what it is about."""
    if cause == G_CONDUCT:
        tally.petitions_conduct += 1.0
    elif cause == G_MONEY:
        tally.petitions_money += 1.0
    else:
        tally.petitions_service += 1.0


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
    case.unanswered = 0
    hard = f.hard_cases > 0.0 and kind.hard > 0.0 and is_hard(kind.hard, village.cleared[kind_index], draw(case, HARD))
    case.hard = UNDECIDED if hard else PLAIN
    case.raised = 5.0 * (now + moment)
    case.last = case.raised
    case.due_week = np.int64(np.floor((case.raised + kind.limit_days) / 5.0))
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
        count_petition(tally, resident.cause)
    case.draws += 1
    first_hours = step_hours(case, kind, place)
    wait = outside_wait(case, kind, p, village.misjudged) if case.position == 0 and case.left == 0 else 0.0
    send(case.raised + wait, first_hours, row, p, f, kinds, place, village, cadres, cases, steps, office, tally)


@kernel
def decided_wrongly(case, p, cadres):
    """Whether a hard case was decided wrongly: by chance and skill, which leaders have in full between them."""
    skill = cadres[case.decider].skill if case.hard == DECIDED else 1.0
    return fails(p, skill, draw(case, WRONG))


@kernel
def next_steps(case, kind, p, f, place, resident, cadre, cadres):
    """What follows a finished step: how many desks get the case now (0: it is closed), and the hours each.

    Work that has to be done again goes to the department that had the case last, also after a parallel round.
    """
    if case.unanswered > 0:
        return 0, 0.0
    if case.position == AT_VILLAGE:
        case.draws += 1
        if kind.go_up <= 0.0 or draw(case, UPWARD) >= kind.go_up:
            case.left = 0
        elif case.left > 1 and draw(case, PARALLEL) < place.parallel:
            case.position = AT_WINDOW
            return 1, f.window_hours
        if case.kind == DISPUTE and coerces(p, cadre.skill, draw(case, HARSH)):
            resent(resident, p.coercion_grievance, G_CONDUCT)
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
    wrong = case.hard > UNDECIDED and decided_wrongly(case, p, cadres)
    if case.redone == 0.0 and wrong:
        resent(resident, p.late_grievance, G_CONDUCT)
        if case.hard == DECIDED:
            cadres[case.decider].wrong += 1.0
    if case.redone == 0.0 and (wrong or draw(case, REDO) < cadre.haste):
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
    cadre,
    p,
    f,
    kinds,
    place,
    villages,
    cadres,
    residents,
    ties,
    cases,
    steps,
    office,
    due,
    tally,
):
    """After a step: the next desk, all remaining desks at once, the work again, or the end."""
    case = cases[row]
    kind = kinds[case.kind]
    village = villages[case.village]
    case.open -= 1
    case.last = max(case.last, t)
    desks, hours = next_steps(case, kind, p, f, place, residents[case.resident], cadre, cadres)
    position = case.position
    for n in range(desks):
        case.position = position + n
        wait = (
            outside_wait(case, kind, p, village.misjudged)
            if n == desks - 1 and case.left == 0 and case.redone == 0.0 and position >= 0
            else 0.0
        )
        send(tomorrow + wait, hours, row, p, f, kinds, place, village, cadres, cases, steps, office, tally)
    if case.open == 0:
        manner = manner_of(cadre.motivation, cadre.fatigue)
        close_case(row, manner, p, f, kinds, place, villages, residents, ties, cases, office, due, tally)


@kernel
def outside_wait(case, kind, p, misjudged):
    """Working days that the county's approval takes before the last seal: it asks back where it is in the dark."""
    if kind.outside_days <= 0.0:
        return 0.0
    return delay(draw(case, OUTSIDE), kind.outside_days * (1.0 + p.answers_blind * misjudged))


@kernel
def refused(case, wrong_exclusion):
    """Whether a benefit is refused to one who applies: the village's roll leaves out that share of the eligible."""
    return case.kind == BENEFIT and draw(case, REFUSED) < wrong_exclusion


@kernel
def close_case(row, manner, p, f, kinds, place, villages, residents, ties, cases, office, due, tally):
    """Count a closed case and let the resident live through it."""
    case = cases[row]
    kind = kinds[case.kind]
    resident = residents[case.resident]
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
    if case.hard > PLAIN:
        tally.hard_ended += 1.0
        tally.hard_days += days
    if case.kind == PLOT:
        tally.waits_plot[wait_bin(days)] += 1.0
    tally.waits[wait_bin(days)] += 1.0
    felt = days / kind.limit_days
    if case.unanswered > 0 or refused(case, villages[case.village].wrong_exclusion):
        felt = max(felt, p.case_wait_cap)
    points = live_through(
        np.int64(case.resident), told(kind.hours, draw(case, TOLD)), felt, case.trips - kind.trips, case.redone, manner,
        p, f, place, villages, residents, ties,
    )  # fmt: skip
    count_user(tally, case.kind, kind.hours, points, 1.0 - case.unanswered)
    if not on_time or case.unanswered > 0:
        resent(resident, p.late_grievance, G_SERVICE)
    elif case.kind == HOTLINE or case.kind == PETITION or case.kind == DISPUTE:
        resident.grievance *= 1.0 - p.answer_relief
    free_case(cases, office, row)


@kernel
def serve_day(morning, desk, p, f, kinds, place, villages, cadres, residents, ties, cases, steps, office, due, tallies):
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
        group = case.group
        finish_step(
            finish,
            evening,
            row,
            cadre,
            p,
            f,
            kinds,
            place,
            villages,
            cadres,
            residents,
            ties,
            cases,
            steps,
            office,
            due[group],
            tallies[group],
        )


@kernel
def serve(now, p, f, kinds, place, villages, cadres, residents, ties, cases, steps, office, due, tallies):
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
                    ties,
                    cases,
                    steps,
                    office,
                    due,
                    tallies,
                )


@kernel
def give_up(now, p, f, kinds, place, villages, residents, ties, cases, office, waiting, tallies):
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
        if case.hard > PLAIN:
            tallies[case.group].hard_ended += 1.0
            tallies[case.group].hard_days += end_of_week - case.raised
        hours = kinds[case.kind].hours
        points = live_through(
            np.int64(case.resident), told(hours, draw(case, TOLD)), p.case_wait_cap, case.trips, 0.0, 0.0,
            p, f, place, villages, residents, ties,
        )  # fmt: skip
        count_user(tallies[case.group], case.kind, hours, points, 0.0)
        resent(residents[case.resident], p.late_grievance, G_SERVICE)
