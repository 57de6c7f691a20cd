"""Desks: queues, the calendar of steps under way, and who takes a step.

Every cadre is a desk with a queue of its own, served first come first served. A step that is under way
stands in the calendar of the day on which it arrives and joins the queue that morning, at its keyed
moment. Colleagues help out at a choking desk, up to a point.

Theory   single-server queues (Lindley 1952); work sharing is an assumption
Times    working days since week 0 (five a week); work in standard staff hours
Writes   steps, calendar; cadre.head, tail, backlog (hours)
"""

from __future__ import annotations

import numpy as np

from sim.chance import GOLDEN, unit, word
from sim.compiled import kernel
from sim.maths import log
from sim.state import CALENDAR, ROUTE
from sim.vocabulary import CLUSTERS, ROLES

AT_VILLAGE, AT_WINDOW = -1, -2
# Purposes of a case's draws; each step of its way adds PURPOSES to the moment of the draw.
(
    DESK,
    PASSED,
    PASS_DELAY,
    PAPERS,
    PAPER_DELAY,
    UPWARD,
    PARALLEL,
    OUTSIDE,
    REDO,
    SEALS,
    HELP,
    PATIENCE,
    HARSH,
    OWNER,
    PAUSE,
    SHUT,
    SHUT_DELAY,
    ON_PAPER,
    REFUSED,
    HARD,
    CHOICE,
    LEFT,
    ASKED,
    WRONG,
    TOLD,
) = (np.int64(i) for i in range(25))
COLLEAGUES = len(ROLES) - 1  # roles that the seats beyond six go round: not the secretary's, the service desk last
PURPOSES, FIRST = np.int64(32), np.int64(32)


@kernel
def draw(case, purpose):
    """Keyed uniform number for one purpose at this point of a case's way."""
    return unit(word(case.key, GOLDEN, FIRST + case.draws * PURPOSES + purpose))


@kernel
def delay(u, mean):
    """Exponential delay in working days."""
    return -mean * log(1.0 - u)


@kernel
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


@kernel
def expect(steps, office, node):
    """Enter a step in the calendar of the day on which it reaches its desk."""
    day = np.int64(np.floor(steps[node].arrival)) % CALENDAR
    steps[node].after = office.calendar[day]
    office.calendar[day] = node


@kernel
def arrive(morning, cadres, steps, office):
    """Move the day's steps from the calendar into the queues of their desks."""
    slot = np.int64(morning) % CALENDAR
    node = office.calendar[slot]
    office.calendar[slot] = -1
    while node >= 0:
        following = np.int64(steps[node].after)
        if steps[node].arrival < morning + 1.0:
            enqueue(steps, cadres[steps[node].desk], node)
        else:  # a whole round of the calendar too early
            steps[node].after = office.calendar[slot]
            office.calendar[slot] = node
        node = following


@kernel
def take_step(steps, office):
    """A free row for a step."""
    node = office.free_step
    office.free_step = steps[node].after
    office.steps_free -= 1
    return node


@kernel
def drop_step(steps, office, cadre, node):
    """Remove the first step of a queue and free its row."""
    cadre.head = steps[node].after
    if cadre.head >= 0:
        steps[cadre.head].before = -1
    else:
        cadre.tail = -1
    cadre.backlog = max(0.0, cadre.backlog - steps[node].remaining) if cadre.head >= 0 else 0.0
    steps[node].after = office.free_step
    office.free_step = node
    office.steps_free += 1


@kernel
def helped(p, case, cadres, desk, first, count):
    """The desk itself, or a colleague with little to do when it chokes. Assumption."""
    if cadres[desk].backlog <= p.help_from_days * cadres[desk].pace or draw(case, HELP) >= p.help_share:
        return desk
    best = desk
    for c in range(first, first + count):
        if cadres[c].backlog * cadres[best].pace < cadres[best].backlog * cadres[c].pace:
            best = c
    return best


@kernel
def turn(role):
    """Place of a role (row) among those that the seats beyond six go round: the service desk is last."""
    return (role + COLLEAGUES - 2) % COLLEAGUES


@kernel
def holder(first, cadres, role, before, u):
    """Row of one of a role's holders, by a keyed number: who held it `before`, or a seat beyond the sixth.

    first, cadres: first row and number of a village's cadres.
    """
    if cadres <= len(ROLES) or role == 0:
        return before
    others = (cadres - len(ROLES) + COLLEAGUES - 1 - turn(role)) // COLLEAGUES
    n = int(u * (1 + others))
    return before if n == 0 else first + len(ROLES) + turn(role) + COLLEAGUES * (n - 1)


@kernel
def choose_desk(case, p, f, kinds, township, village, cadres, office):
    """The desk that a step goes to: a village role, a walk-in window, or an officer of a cluster."""
    if case.position == AT_VILLAGE:
        role = np.int64(kinds[case.kind].role)
        desk = holder(village.first_cadre, village.cadres, role, village.desk[role], draw(case, DESK))
        return helped(p, case, cadres, desk, village.first_cadre, village.cadres)
    if case.position == AT_WINDOW:
        cluster = np.int64(f.window_cluster)
    else:
        cluster = office.routes[case.kind, case.position % ROUTE]
    if cluster < 0:  # whoever owns the matter
        owner = draw(case, OWNER)
        cluster = np.int64(0)
        while cluster < len(CLUSTERS) - 1 and owner >= office.owners[cluster]:
            cluster += 1
    first = office.clusters[cluster]
    count = office.clusters[cluster + 1] - first
    if kinds[case.kind].walk_in > 0.0 or case.position == AT_WINDOW:
        count = max(1, int(np.ceil(count * township.windows - 1e-9)))
    desk = first + min(count - 1, int(draw(case, DESK) * count))
    return helped(p, case, cadres, desk, first, count)
