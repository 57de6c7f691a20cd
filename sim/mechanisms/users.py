"""Users: how the resident who had a case judges it, and who hears of it.

The user judges the wait against the promise, the trips, the repetition, and the manner of the last desk. A case without
an answer (refused, given up, or closed on paper) feels like the longest wait. This judgement is counted as user
satisfaction, and moves the user's satisfaction as a resident. Acquaintances in the village hear of it, one for each
hour that the case took. What a village so learns of its cases is its picture of the service, by which residents partly
judge government. A case moves them by how far it was better or worse than that picture. So a need that no longer arises
harms nobody's view. A reform that is announced and not seen shortens the wait that users expect, and so costs
satisfaction at the desk.

Theory   expectation disconfirmation (Van Ryzin 2004), procedural justice (Tyler 2006), word of mouth
         (Anderson 1998); weights are assumptions
Reads    resident.expected_wait, disposition, ties; township.promised; cadre.motivation, fatigue
Writes   resident.expected_wait (limits); village.service_seen (points), cases_known; satisfaction and trust
         (residents.py); tallies users, user_points, users_content, answered
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.maths import bounded
from sim.mechanisms.residents import content, feel, trust_more
from sim.state import TIES


@kernel
def manner_of(motivation, fatigue):
    """How one is treated at a desk (-1 to 1): willingly, or tiredly."""
    return motivation - fatigue


@kernel
def expected_now(expected_wait, promised):
    """The wait a user expects, in shares of the limit: what one knows, less what an announced reform promises."""
    return expected_wait * (1.0 - promised)


@kernel
def case_quality(p, wait, expected, extra_trips, redone, manner):
    """What a finished case feels like, in points: level, surprise against what was expected, and manner."""
    level = p.case_best - p.case_wait * min(wait, p.case_wait_cap) - p.case_trip * extra_trips - p.case_redo * redone
    return level + p.case_surprise * bounded(expected - wait, -1.0, 1.0) + p.case_manner * manner


@kernel
def judged(quality, disposition):
    """User satisfaction (0-100): what the case was like, by one easier or harder to please."""
    return bounded(quality + disposition, 0.0, 100.0)


@kernel
def told(hours, u):
    """Acquaintances who hear of a case: as many as it took standard hours, all at most; chance settles the fraction."""
    return min(TIES, int(hours + u))


@kernel
def picture_later(p, seen, known, people, weight, points):
    """What a village knows of its cases (points) after one more: a mean at first, then it fades like a wait learned.

    known: cases that the picture rests on; people: residents; weight: of this case, 1 for one's own.
    """
    return seen + weight * max(1.0 / (known + weight), p.wait_learned / people) * (points - seen)


@kernel
def learn(p, village, resident, weight, points, wait):
    """Let a case move a resident's satisfaction, trust and expected wait, and the village's picture of the service.

    weight: 1 for one's own case. What counts is how the case was against what is known of others here.
    """
    village.service_seen = picture_later(
        p, village.service_seen, village.cases_known, village.residents, weight, points
    )
    village.cases_known += weight
    surprise = points - village.service_seen
    feel(village, resident, weight * p.case_weight * surprise)
    trust_more(village, resident, weight * p.case_trust * surprise, 0.0)
    capped = min(wait, p.case_wait_cap)
    learned = weight * p.wait_learned * (capped - resident.expected_wait)
    resident.expected_wait = np.float32(resident.expected_wait + learned)


@kernel
def live_through(row, listeners, wait, extra_trips, redone, manner, p, f, township, villages, residents, ties):
    """A user lives through a case and tells of it; `wait` in shares of the limit. Returns the user's points.

    listeners: how many acquaintances are told. They live in the village, where the desks are the same; they are the
    next in turn by the user's cases.
    """
    resident = residents[row]
    village = villages[np.int64(resident.village)]
    expected = expected_now(np.float64(resident.expected_wait), township.promised)
    quality = case_quality(p, wait, expected, extra_trips, redone, manner)
    points = judged(quality, np.float64(resident.disposition))
    learn(p, village, resident, 1.0, points, wait)
    if f.learning_from_users > 0.0:
        for t in range(listeners):
            friend = residents[ties[row, (np.int64(resident.visits) + t) % TIES]]
            if friend.village == resident.village:
                learn(p, village, friend, p.heard, points, wait)
    return points


@kernel
def count_user(tally, kind, hours, points, answered):
    """Count the judgement of a user whose case at the desks has ended."""
    tally.users[kind] += 1.0
    tally.user_points[kind] += points
    tally.users_content[kind] += content(points)
    tally.answered[kind] += answered
    tally.user_hours += hours
    tally.user_hour_points += hours * points
