"""Endings: how a case is closed, given up or refused, what is counted of it, and what its resident makes of that.

A resident who has waited far longer than expected withdraws the case. Residents without an answer, or with a late one,
resent it.

Theory   queues with abandonment (Palm 1957)
Writes   resident.grievance; casework falling due; tallies of closed, withdrawn, trips, days, answers
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.maths import log
from sim.mechanisms.cases import FREE, OPEN, WITHDRAWN
from sim.mechanisms.desks import REFUSED, TOLD, draw
from sim.mechanisms.hard_cases import PLAIN
from sim.mechanisms.residents import resent
from sim.mechanisms.users import count_user, live_through, told
from sim.state import DUE_RING, WAIT_BINS
from sim.vocabulary import BENEFIT, DISPUTE, G_SERVICE, HOTLINE, PETITION, PLOT


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
def refused(case, wrong_exclusion):
    """Whether a benefit is refused to one who applies: the village's roll leaves out that share of the eligible."""
    return case.kind == BENEFIT and draw(case, REFUSED) < wrong_exclusion


@kernel
def close_case(row, manner, p, f, kinds, township, villages, residents, ties, cases, office, due, tally):
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
        p, f, township, villages, residents, ties,
    )  # fmt: skip
    count_user(tally, case.kind, kind.hours, points, 1.0 - case.unanswered)
    if not on_time or case.unanswered > 0:
        resent(resident, p.late_grievance, G_SERVICE)
    elif case.kind == HOTLINE or case.kind == PETITION or case.kind == DISPUTE:
        resident.grievance *= 1.0 - p.answer_relief
    free_case(cases, office, row)


@kernel
def give_up(now, p, f, kinds, township, villages, residents, ties, cases, office, waiting, tallies):
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
            p, f, township, villages, residents, ties,
        )  # fmt: skip
        count_user(tallies[case.group], case.kind, hours, points, 0.0)
        resent(residents[case.resident], p.late_grievance, G_SERVICE)
