"""Cases: their way from desk to desk, and the days they take.

A case is raised at a keyed moment (drawn with keyed random numbers, sim/chance.py). A finished step reaches the next
desk the next working day. Returns for missing papers, passing-on, appointments, site visits and public notice cost
days. Several departments work one after another, or at once when the case entered at one window. An overloaded desk
closes some matters on paper only: the file is closed, and the resident has no answer. Hard cases wait for somebody to
decide (hard_cases.py). How desks work on them: casework.py; how they end: endings.py.

Theory   boundary spanning and passing on (Hood 2011)
Times    working days since week 0 (five a week); work in standard staff hours
Writes   cases, steps; casework falling due; tallies of what is raised, seals, petitions by cause
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.mechanisms.desks import (
    AT_VILLAGE,
    HARD,
    ON_PAPER,
    OUTSIDE,
    PAPER_DELAY,
    PAPERS,
    PASS_DELAY,
    PASSED,
    PATIENCE,
    PAUSE,
    SEALS,
    SHUT,
    SHUT_DELAY,
    UPWARD,
    choose_desk,
    delay,
    draw,
    expect,
    take_step,
)
from sim.mechanisms.hard_cases import PLAIN, UNDECIDED, is_hard, settle
from sim.state import DUE_RING
from sim.vocabulary import G_CONDUCT, G_MONEY, PETITION

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
def outside_wait(case, kind, p, misjudged):
    """Working days that the county's approval takes before the last seal: it asks back where it is in the dark."""
    if kind.outside_days <= 0.0:
        return 0.0
    return delay(draw(case, OUTSIDE), kind.outside_days * (1.0 + p.answers_blind * misjudged))


@kernel
def step_hours(case, kind, township):
    """Standard hours of the step at hand."""
    if case.position == AT_VILLAGE:
        return kind.hours * kind.village_hours * township.check_hours
    share = 1.0 - kind.village_hours if kind.village_first > 0.0 and kind.go_up >= 1.0 else 1.0
    return kind.hours * share / max(kind.seals, 1.0) * township.check_hours


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
def send(at, hours, row, p, f, kinds, township, village, cadres, cases, steps, office, tally):
    """Send a case's step to a desk: appointments, who passes it on, and missing papers cost days."""
    case = cases[row]
    kind = kinds[case.kind]
    desk = choose_desk(case, p, f, kinds, township, village, cadres, office)
    if kind.on_paper > 0.0 and draw(case, ON_PAPER) < cadres[desk].unanswered * kind.on_paper:
        case.unanswered = 1  # no visit, no papers, no other department: the file is written and closed within a day
        lay_on(desk, at + draw(case, PAUSE), p.tick_time * hours, row, case, steps, office)
        return
    arrival = at
    if kind.pause_days > 0.0:
        arrival += delay(draw(case, PAUSE), kind.pause_days)
    if kind.walk_in > 0.0 and draw(case, SHUT) < shut_out(p, township.windows):
        arrival += delay(draw(case, SHUT_DELAY), f.shut_days)
        case.trips += 1.0
    cleared = 1.0 - village.cleared[case.kind]
    passes = 0
    while passes < f.passes_most and draw(case, PASSED) < cadres[desk].ownership * cleared * kind.owners:
        arrival += delay(draw(case, PASS_DELAY), f.pass_on_days)
        case.trips += 1.0
        case.draws += 1
        passes += 1
        other = choose_desk(case, p, f, kinds, township, village, cadres, office)
        if other != desk:  # where one person owns such matters, passing on means: come back another day
            case.handoffs += 1
        desk = other
    if draw(case, PAPERS) < township.missing_papers * kind.papers * cleared:
        arrival += delay(draw(case, PAPER_DELAY), f.return_days)
        case.trips += 1.0
    if case.hard == UNDECIDED and decided_here(case, kind):
        arrival += settle(case, kind, desk, p, f, township, cadres[desk], tally)
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
    now, moment, kind_index, resident_row, key, p, f, kinds, township, village, village_row, cadres, resident,
    cases, steps, office, due, tally,
):  # fmt: skip
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
    case.left = seals_needed(kind.seals, township.seals if kind.seals > 1.0 else 1.0, draw(case, SEALS))
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
    first_hours = step_hours(case, kind, township)
    wait = outside_wait(case, kind, p, village.misjudged) if case.position == 0 and case.left == 0 else 0.0
    send(case.raised + wait, first_hours, row, p, f, kinds, township, village, cadres, cases, steps, office, tally)
