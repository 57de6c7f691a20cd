"""Residents: satisfaction, two trusts, grievance and petitions.

Each quarter a resident's mood drifts to where opinion stands (opinion.py); one's own case, and those one hears of,
weigh besides (users.py). Who has a bill on the village suffers while it is late, and resents it. Neighbours talk. A
grievance that is not answered grows into a petition, or into an open quarrel (quarrels.py).

Theory   hierarchical trust (Li 2016); talk and the way from grievance to petition are assumptions
Reads    levers reporting_reach; village moods, payment delay, wrong inclusion and exclusion, closures
Writes   resident.satisfaction, trust, superior (points), grievance (0-1), cause; village.satisfaction_sum, trust_sum,
         superior_sum, satisfied, wrongs_known, closure_loss (0-1); petitions (as cases)
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import mix, moment_key, unit, word
from sim.compiled import kernel
from sim.maths import bounded, power
from sim.mechanisms.opinion import settled
from sim.state import TIES
from sim.vocabulary import G_CONDUCT, G_MONEY, SATISFIED

UNFAIR = np.uint64(1 << 31)


@kernel
def content(points):
    """1 if satisfied by the usual reading of such surveys (60 points of 100 or more), else 0."""
    return 1.0 if points >= SATISFIED else 0.0


@kernel
def feel(village, resident, change):
    """Shift a resident's satisfaction, keeping the village's sums."""
    before = np.float64(resident.satisfaction)
    resident.satisfaction = np.float32(bounded(before + change, 0.0, 100.0))
    after = np.float64(resident.satisfaction)
    village.satisfaction_sum += after - before
    village.satisfied += content(after) - content(before)


@kernel
def trust_more(village, resident, township, superior):
    """Shift a resident's two trusts, keeping the village's sums."""
    before = np.float64(resident.trust)
    resident.trust = np.float32(bounded(before + township, 0.0, 100.0))
    village.trust_sum += np.float64(resident.trust) - before
    before = np.float64(resident.superior)
    resident.superior = np.float32(bounded(before + superior, 0.0, 100.0))
    village.superior_sum += np.float64(resident.superior) - before


@kernel
def resent(resident, amount, cause):
    """Add to a resident's grievance (0-1); what was felt last is what it is about."""
    resident.cause = np.uint8(cause)
    resident.grievance = np.float32(min(1.0, resident.grievance + amount * (1.0 - resident.grievance)))


@kernel
def late_bill(p, claimant, delay_weeks):
    """Points that a resident with a bill on the village loses by waiting for the money."""
    return claimant * p.see_delay * delay_weeks


@kernel
def resented_bill(late):
    """Grievance (0-1) that a bill keeps up while it is late: the points it costs, a hundred to 1 as in `heat`."""
    return min(1.0, late / 100.0)


@kernel
def about_bill(owed, grievance):
    """Chance that a petition is about a late bill: the part of the grievance (0-1) that the bill keeps up."""
    return min(1.0, owed / grievance)


@kernel
def satisfaction_later(p, satisfaction, aim, neighbour, drift):
    """Satisfaction (0-100) after a quarter's drift towards what one aims at, and a talk with a neighbour."""
    moved = satisfaction + drift * (aim - satisfaction) + p.talk_weight * (neighbour - satisfaction)
    return bounded(moved, 0.0, 100.0)


@kernel
def petitions_now(p, every, rate, reach, grievance):
    """Chance of petitioning at one of the quarterly talks, above a floor of grievance."""
    return every * p.petition_hazard * rate * (p.petition_alone + reach) * (grievance - p.petition_floor)


@kernel
def wronged_share(p, wrong_exclusion, closure_loss):
    """Share of those visited whom unfair rolls or a closure hit."""
    return p.unfair_grievance * (wrong_exclusion + closure_loss)


@kernel
def turn_of(village, phase, every):
    """Rows of a village's residents whose turn it is this week: first, and one past the last."""
    first = village.first_resident
    return first + phase * village.residents // every, first + (phase + 1) * village.residents // every


@kernel
def neighbours_say(phase, every, tie, villages, residents, ties):
    """What those whose turn it is hear: what a neighbour felt before this week's talks (points, in order of rows)."""
    heard = np.empty(residents.shape[0] // every + villages.shape[0], np.float32)
    count = 0
    for v in range(villages.shape[0]):
        begin, end = turn_of(villages[v], phase, every)
        for row in range(begin, end):
            heard[count] = residents[ties[row, tie]].satisfaction
            count += 1
    return heard


@kernel
def drift_and_talk(begin, end, p, village, residents, heard, first_heard, forget, drift, tally):
    """A quarter's drift of mood and trusts, a talk with a neighbour; grievance fades, or a bill keeps it up."""
    old = 0.0
    old_points = 0.0
    offline = 0.0
    offline_points = 0.0
    points = 0.0
    moved = 0.0
    moved_trust = 0.0
    moved_superior = 0.0
    satisfied = 0.0
    for row in range(begin, end):
        resident = residents[row]
        before = np.float64(resident.satisfaction)
        is_old = np.float64(resident.over_60)
        is_offline = 1.0 - np.float64(resident.digital)
        old += is_old
        old_points += is_old * before
        offline += is_offline
        offline_points += is_offline * before
        neighbour = np.float64(heard[first_heard + row - begin])
        late = late_bill(p, np.float64(resident.claimant), village.payment_delay)
        aim = village.mood + np.float64(resident.disposition) - late
        after = np.float32(satisfaction_later(p, before, aim, neighbour, drift))
        resident.satisfaction = after
        moved += after - before
        satisfied += content(after) - content(before)
        points += before
        trust = np.float64(resident.trust)
        resident.trust = np.float32(trust + drift * (village.mood_trust - trust))
        moved_trust += resident.trust - trust
        superior = np.float64(resident.superior)
        resident.superior = np.float32(superior + drift * (village.mood_superior - superior))
        moved_superior += resident.superior - superior
        resident.grievance = np.float32(resident.grievance * forget)
        if late > 0.0:  # as much as fades between two talks, so that it stays
            resent(resident, (1.0 - forget) * resented_bill(late), resident.cause)
    village.satisfaction_sum += moved
    village.satisfied += satisfied
    village.trust_sum += moved_trust
    village.superior_sum += moved_superior
    tally.satisfaction_visited += points
    tally.residents_visited += end - begin
    tally.satisfaction_old += old_points
    tally.residents_old += old
    tally.satisfaction_offline += offline_points
    tally.residents_offline += offline


@kernel
def petition(begin, end, p, key, increment, every, rate, reach, village, residents, waiting, petitioners):
    """Which of the aggrieved petition: their rows go to `waiting` from `petitioners` on; returns the number so far."""
    who = (np.uint64(village.uid) << np.uint64(32)) - np.uint64(village.first_resident)
    for row in range(begin, end):
        resident = residents[row]
        if resident.grievance > p.petition_floor:
            bits = word(key, increment, who + np.uint64(row))
            felt = np.float64(resident.grievance)
            if unit(bits) < petitions_now(p, every, rate, reach, felt):
                waiting[petitioners] = row
                petitioners += 1
                late = late_bill(p, np.float64(resident.claimant), village.payment_delay)
                if unit(mix(bits)) < about_bill(resented_bill(late), felt):
                    resident.cause = np.uint8(G_MONEY)
                resident.grievance *= np.float32(1.0 - p.petition_relief)
    return petitioners


@kernel
def wrong_some(begin, end, p, key, increment, village, residents):
    """Unfair rolls and closures wrong some of those whose turn it is, by lot."""
    who = np.uint64(village.uid) << np.uint64(32)
    unfair = wronged_share(p, village.wrong_exclusion, village.closure_loss) * (end - begin)
    wronged = int(unfair + unit(word(key, increment, who + UNFAIR)))
    for n in range(wronged):
        bits = word(key, increment, who + UNFAIR + np.uint64(n + 1))
        lost = unit(mix(bits)) * (village.wrong_exclusion + village.closure_loss) < village.closure_loss
        chosen = begin + int(unit(bits) * (end - begin))
        resent(residents[chosen], p.unfair_step, G_MONEY if lost else G_CONDUCT)


@kernel
def live(now, p, keys, levers, township, villages, residents, ties, waiting, tallies):
    """A part of the residents each week: mood, talk, and grievance; returns who petitions.

    `waiting` (int64, residents) receives the rows of petitioners; their number is returned.
    """
    petitioners = 0
    every = np.int64(p.talk_every)
    phase = now % every
    reach = levers[0].reporting_reach
    key = moment_key(keys, chance.PETITIONS, now)
    increment = keys[chance.PETITIONS, 1]
    forget = power(1.0 - p.grievance_fading, every)
    drift = 1.0 - power(1.0 - p.mood_speed, every)
    heard = neighbours_say(phase, every, (now // every) % TIES, villages, residents, ties)
    visited = 0
    for v in range(villages.shape[0]):
        village = villages[v]
        village.wrongs_known *= 1.0 - settled(p)
        village.closure_loss *= 1.0 - p.loss_healing
        begin, end = turn_of(village, phase, every)
        drift_and_talk(begin, end, p, village, residents, heard, visited, forget, drift, tallies[village.group])
        visited += end - begin
        petitioners = petition(
            begin,
            end,
            p,
            key,
            increment,
            every,
            township.petition_rate,
            reach,
            village,
            residents,
            waiting,
            petitioners,
        )
        wrong_some(begin, end, p, key, increment, village, residents)
    return petitioners
