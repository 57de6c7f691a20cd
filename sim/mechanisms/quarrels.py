"""Quarrels: open incidents, keyed sparks among the aggrieved that spread over a village's ties until they are answered.

Theory   threshold models of collective behaviour (Granovetter 1978)
Reads    resident.grievance, satisfaction, ties, thresholds; village.misjudged, information; township.ontime_recent
Writes   township.incidents_recent; satisfaction and grievance of who takes part (residents.py); tallies
         incidents, incident_people, response_days
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.mechanisms.residents import feel, resent
from sim.state import TIES
from sim.vocabulary import SATISFIED

DRAWS = 2  # of INCIDENTS for a village in a week: DRAWS * now + one of these
SPARK, WHO = range(DRAWS)


@kernel
def heat(p, joined, grievance, satisfaction):
    """How ready a resident is to join an open quarrel that so many acquaintances have joined (Granovetter 1978)."""
    return p.spread_heat * joined + grievance + (SATISFIED - satisfaction) / 100.0


@kernel
def acquaintances_joined(row, joined, ties):
    """How many of those whom a resident knows take part in the quarrel."""
    count = 0
    for t in range(TIES):
        count += joined[ties[row, t]]
    return count


@kernel
def quarrel_points(p, days, usual):
    """Points of satisfaction that a quarrel costs who takes part, by how long it stays unanswered."""
    return p.quarrel_points * days / usual


@kernel
def rounds_of(days, spread_days):
    """Circles of acquaintance a quarrel reaches before it is answered."""
    return int(np.ceil(days / spread_days))


@kernel
def response_time(p, base_days, misjudged, information, ontime):
    """Working days until an open quarrel is answered: who knows the place, contact, and free hands."""
    return (
        base_days
        * (1.0 + p.response_blind * misjudged)
        * (1.0 - p.response_contact * information)
        * (1.0 + p.response_choked * (1.0 - ontime))
    )


@kernel
def incidents(now, p, f, keys, township, villages, residents, ties, threshold, queue, joined, tallies):
    """Open quarrels: keyed sparks among the aggrieved, spreading over a village's ties until answered.

    queue (int64, residents) and joined (uint8, residents or more) are scratch.
    """
    total = 0.0
    for v in range(villages.shape[0]):
        village = villages[v]
        tally = tallies[village.group]
        rate = f.sparks_per_1000_year / 1000.0 / 52.0 * village.residents
        if uniform(keys, chance.INCIDENTS, village.uid, DRAWS * now + SPARK) >= rate:
            continue
        who = np.int64(uniform(keys, chance.INCIDENTS, village.uid, DRAWS * now + WHO) * village.residents)
        spark = village.first_resident + min(who, village.residents - 1)
        person = residents[spark]
        if heat(p, 1.0, np.float64(person.grievance), np.float64(person.satisfaction)) <= threshold[spark]:
            continue  # a spark among the content goes out
        days = response_time(p, f.response_days, village.misjudged, village.information, township.ontime_recent)
        rounds = rounds_of(days, p.spread_days)
        cause = person.cause  # what the spark was about: all who join take it up
        joined[:] = 0
        queue[0] = spark
        joined[spark] = 1
        size = 1
        begin = 0
        for _ in range(rounds):
            end = size
            for q in range(begin, end):
                for t in range(TIES):
                    row = ties[queue[q], t]
                    other = residents[row]
                    if joined[row] == 1 or other.village != v:
                        continue
                    known = max(1, acquaintances_joined(row, joined, ties))
                    ready = heat(p, known, np.float64(other.grievance), np.float64(other.satisfaction))
                    if ready > threshold[row]:
                        joined[row] = 1
                        queue[size] = row
                        size += 1
            if size == end:
                break
            begin = end
        for q in range(size):
            person = residents[queue[q]]
            resent(person, p.incident_grievance, cause)
            feel(village, person, -quarrel_points(p, days, f.response_days))
        tally.incidents += 1.0
        tally.incident_people += size
        tally.incident_people_squared += np.float64(size) * size
        tally.response_days += days
        total += 1.0 + p.incident_people_weight * (size - 1.0)
    yearly = total * 52.0 * 1000.0 / max(township.residents, 1.0)
    township.incidents_recent += p.incident_memory * (yearly - township.incidents_recent)
