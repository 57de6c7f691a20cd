"""Casework: what desks do with the cases that lie on them, and how cases end.

A desk works its queue first come, first served (Lindley's recursion: start = max(arrival, previous finish)). A finished
step sends the case on, back for hurried or unskilled work, or to its end; what follows an end is in
endings.py.

Theory   Lindley 1952
Times    working days since week 0 (five a week); work in standard staff hours
Writes   cases, steps, queues; cadre.backlog, free_at, used_hours, traces, wrong
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.mechanisms.cases import WITHDRAWN, outside_wait, send, step_hours
from sim.mechanisms.desks import (
    AT_VILLAGE,
    AT_WINDOW,
    HARSH,
    PARALLEL,
    REDO,
    UPWARD,
    WRONG,
    arrive,
    draw,
    drop_step,
)
from sim.mechanisms.endings import close_case, free_case
from sim.mechanisms.hard_cases import DECIDED, UNDECIDED
from sim.mechanisms.initiative import fails
from sim.mechanisms.residents import resent
from sim.mechanisms.users import manner_of
from sim.vocabulary import DISPUTE, G_CONDUCT


@kernel
def coerces(p, skill, u):
    """Whether a mediator presses instead of mediating: the unskilled do (threat, pressure, fraud)."""
    return u < p.coercion * (1.0 - skill) * (1.0 - skill)


@kernel
def decided_wrongly(case, p, cadres):
    """Whether a hard case was decided wrongly: by chance and skill, which leaders have in full between them."""
    skill = cadres[case.decider].skill if case.hard == DECIDED else 1.0
    return fails(p, skill, draw(case, WRONG))


@kernel
def next_steps(case, kind, p, f, township, resident, cadre, cadres):
    """What follows a finished step: how many desks get the case now (0: it is closed), and the hours each.

    Work that has to be done again goes to the department that had the case last, also after a parallel round.
    """
    if case.unanswered > 0:
        return 0, 0.0
    if case.position == AT_VILLAGE:
        case.draws += 1
        if kind.go_up <= 0.0 or draw(case, UPWARD) >= kind.go_up:
            case.left = 0
        elif case.left > 1 and draw(case, PARALLEL) < township.parallel:
            case.position = AT_WINDOW
            return 1, f.window_hours
        if case.kind == DISPUTE and coerces(p, cadre.skill, draw(case, HARSH)):
            resent(resident, p.coercion_grievance, G_CONDUCT)
            case.left = max(case.left, 1)
    elif case.position == AT_WINDOW:
        desks = case.left
        case.left = 0
        case.position = 0
        return desks, step_hours(case, kind, township)
    if case.open > 0:
        return 0, 0.0
    if case.left > 0:
        case.left -= 1
        case.position = max(case.position, -1) + 1
        return 1, step_hours(case, kind, township)
    wrong = case.hard > UNDECIDED and decided_wrongly(case, p, cadres)
    if case.redone == 0.0 and wrong:
        resent(resident, p.late_grievance, G_CONDUCT)
        if case.hard == DECIDED:
            cadres[case.decider].wrong += 1.0
    if case.redone == 0.0 and (wrong or draw(case, REDO) < cadre.haste):
        case.redone = 1.0
        case.trips += 1.0
        case.draws += 1
        return 1, p.redo_hours * step_hours(case, kind, township)
    return 0, 0.0


@kernel
def finish_step(
    t, tomorrow, row, cadre, p, f, kinds, township, villages, cadres, residents, ties, cases, steps, office, due, tally
):
    """After a step: the next desk, all remaining desks at once, the work again, or the end."""
    case = cases[row]
    kind = kinds[case.kind]
    village = villages[case.village]
    case.open -= 1
    case.last = max(case.last, t)
    desks, hours = next_steps(case, kind, p, f, township, residents[case.resident], cadre, cadres)
    position = case.position
    for n in range(desks):
        case.position = position + n
        wait = (
            outside_wait(case, kind, p, village.misjudged)
            if n == desks - 1 and case.left == 0 and case.redone == 0.0 and position >= 0
            else 0.0
        )
        send(tomorrow + wait, hours, row, p, f, kinds, township, village, cadres, cases, steps, office, tally)
    if case.open == 0:
        manner = manner_of(cadre.motivation, cadre.fatigue)
        close_case(row, manner, p, f, kinds, township, villages, residents, ties, cases, office, due, tally)


@kernel
def serve_day(
    morning, desk, p, f, kinds, township, villages, cadres, residents, ties, cases, steps, office, due, tallies
):
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
            finish, evening, row, cadre, p, f, kinds, township, villages, cadres, residents, ties, cases, steps, office,
            due[group], tallies[group],
        )  # fmt: skip


@kernel
def serve(now, p, f, kinds, township, villages, cadres, residents, ties, cases, steps, office, due, tallies):
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
                    morning, c, p, f, kinds, township, villages, cadres, residents, ties, cases, steps, office, due,
                    tallies,
                )  # fmt: skip
