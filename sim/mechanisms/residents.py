"""Residents: satisfaction, two trusts, grievance, petitions, and incidents that spread.

People judge government partly by its level and partly against what they have got used to, so that every
gain fades in part. Their own case weighs by the wait against what they expected, the trips and the
repetition. Misconduct made public costs trust, and the loss outlasts the news: trust waits until people see
money given back and sanctions. Neighbours talk. A grievance that is not answered grows into a petition; where
thresholds on the tie network are low, one open quarrel draws in others until it is answered.

Theory   expectation disconfirmation (Van Ryzin 2004), hierarchical trust (Li 2016), threshold models
         (Granovetter 1978), hedonic adaptation (Brickman & Campbell 1971)
Reads    levers reception_days, reporting_reach, inactive_members, reform_publicity; village performance,
         contact, exposure, unsettled, redress, wrong inclusion, closures, payment delay, projects
Writes   resident.satisfaction, trust, superior (points), grievance (0-1), expected_wait, joined;
         village.mood, mood_trust, mood_superior, expected, satisfaction_sum, trust_sum, superior_sum,
         satisfied, contact, exposure, unsettled, redress, closure_loss (0-1); place.incidents_recent;
         petitions (as cases); tallies incidents, response_days
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import moment_key, uniform, unit, word
from sim.compiled import kernel
from sim.state import TIES
from sim.vocabulary import SATISFIED

UNFAIR = np.uint64(1 << 31)
DRAWS = 2  # of INCIDENTS for a village in a week: DRAWS * now + one of these
SPARK, WHO = range(DRAWS)


@kernel
def bounded(x, low, high):
    """A number kept within its bounds."""
    return min(high, max(low, x))


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
def resent(resident, amount):
    """Add to a resident's grievance (0-1)."""
    resident.grievance = np.float32(min(1.0, resident.grievance + amount * (1.0 - resident.grievance)))


@kernel
def case_quality(wait, expected_wait, extra_trips, redone, p):
    """What a finished case feels like, 0-100: level, and surprise against what was expected."""
    level = p.case_best - p.case_wait * min(wait, p.case_wait_cap) - p.case_trip * extra_trips - p.case_redo * redone
    surprise = bounded(expected_wait - wait, -1.0, 1.0)
    return bounded(level + p.case_surprise * surprise, 0.0, 100.0)


@kernel
def experience(village, resident, wait, extra_trips, redone, p):
    """A resident lives through a case; `wait` is in shares of the statutory limit."""
    quality = case_quality(wait, np.float64(resident.expected_wait), extra_trips, redone, p)
    feel(village, resident, p.case_weight * (quality - resident.satisfaction))
    trust_more(village, resident, p.case_trust * (quality - resident.trust), 0.0)
    capped = min(wait, p.case_wait_cap)
    resident.expected_wait = np.float32(resident.expected_wait + p.wait_learned * (capped - resident.expected_wait))


@kernel
def government_quality(
    p, performance, contact, project_value, reception, unfair, excluded, exposure, redress, loss, delay_weeks
):
    """What residents see of local government apart from their own cases, 0-100. Weights are assumptions."""
    good = p.see_performance * performance + p.see_contact * contact + p.see_project * project_value
    good += p.see_reception * reception + p.see_redress * redress
    bad = p.see_unfair * unfair + p.see_excluded * excluded + p.see_exposure * exposure + p.see_loss * loss
    return bounded(p.see_base + good - bad - p.see_delay * delay_weeks, 0.0, 100.0)


@kernel
def mood_of(p, quality, expected):
    """Where satisfaction drifts to (0-100): partly the level, partly the surprise."""
    level = p.level_weight * quality + (1.0 - p.level_weight) * p.mood_neutral
    return bounded(level + p.surprise_weight * (quality - expected), 0.0, 100.0)


@kernel
def heard_by_leaders(p, reception_days):
    """Share of what open reception by leaders can do that is reached (0-1)."""
    return 1.0 - np.exp(-reception_days / p.reception_scale)


@kernel
def settled(p):
    """Part (0-1 a week) of an exposed wrong that residents see put right: money comes back, and they see some of it."""
    return p.redress_seen * p.restitution_year / 52.0


@kernel
def trust_target(p, mood, unsettled, redress):
    """Where trust in the township drifts to (0-100): exposure without redress shakes it, redress restores it."""
    shaken = p.trust_exposure * unsettled * (1.0 - redress)
    return bounded(p.trust_level * mood + p.trust_base + p.trust_redress * redress - shaken, 0.0, 100.0)


@kernel
def superior_target(p, redress, pressure, incidents_recent):
    """Where trust in the superiors drifts to (0-100): they are credited with redress, blamed for disorder."""
    disorder = p.superior_incidents * min(1.0, incidents_recent / p.incidents_scale)
    return bounded(
        p.superior_base + p.superior_redress * redress - p.superior_pressure * pressure - disorder, 0.0, 100.0
    )


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
def heat(p, joined, grievance, satisfaction):
    """How ready a resident is to join an open quarrel that so many acquaintances have joined (Granovetter 1978)."""
    return p.spread_heat * joined + grievance + (SATISFIED - satisfaction) / 100.0


@kernel
def acquaintances_joined(row, residents, ties):
    """How many of those whom a resident knows take part in the quarrel."""
    count = 0
    for t in range(TIES):
        count += residents[ties[row, t]].joined
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
def judge_government(p, levers, place, villages):
    """Per village: what people see, what they had got used to, and where moods drift to."""
    lever = levers[0]
    reception = heard_by_leaders(p, lever.reception_days)
    promised = p.promise * lever.reform_publicity * place.announced
    volunteers = 1.0 - lever.inactive_members
    for v in range(villages.shape[0]):
        village = villages[v]
        village.contact += p.contact_memory * (village.information - village.contact)
        quality = government_quality(
            p,
            village.performance,
            village.contact,
            village.project_value,
            reception,
            village.wrong_inclusion,
            village.wrong_exclusion,
            village.exposure,
            village.redress,
            village.closure_loss,
            village.payment_delay,
        )
        quality = min(100.0, quality + p.see_volunteers * volunteers * village.active)
        village.expected += p.expectation_speed * (quality - village.expected)
        village.mood = mood_of(p, quality, village.expected + promised)
        village.mood_trust = trust_target(p, village.mood, village.unsettled, village.redress)
        village.mood_superior = superior_target(p, village.redress, place.pressure, place.incidents_recent)


@kernel
def live(now, p, keys, levers, place, villages, residents, ties, waiting, tallies):
    """A part of the residents each week: mood, talk, and grievance; returns who petitions.

    `waiting` (int64, residents) receives the rows of petitioners; their number is returned.
    """
    petitioners = 0
    every = np.int64(p.talk_every)
    phase = now % every
    tie = (now // every) % TIES
    reach = levers[0].reporting_reach
    key = moment_key(keys, chance.PETITIONS, now)
    increment = keys[chance.PETITIONS, 1]
    reception = heard_by_leaders(p, levers[0].reception_days)
    forget = (1.0 - p.grievance_fading * (1.0 + reception)) ** every
    drift = 1.0 - (1.0 - p.mood_speed) ** every
    heard = np.empty(residents.shape[0] // every + villages.shape[0], np.float32)
    visited = 0
    for v in range(villages.shape[0]):  # what neighbours say is what they felt before this week's talks
        village = villages[v]
        first = village.first_resident
        for row in range(first + phase * village.residents // every, first + (phase + 1) * village.residents // every):
            heard[visited] = residents[ties[row, tie]].satisfaction
            visited += 1
    visited = 0
    for v in range(villages.shape[0]):
        village = villages[v]
        village.exposure *= 1.0 - p.exposure_fading
        village.redress *= 1.0 - p.redress_fading
        village.unsettled *= 1.0 - settled(p)
        village.closure_loss *= 1.0 - p.loss_healing
        tally = tallies[village.group]
        first = village.first_resident
        begin = first + phase * village.residents // every
        end = first + (phase + 1) * village.residents // every
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
            neighbour = np.float64(heard[visited])
            visited += 1
            aim = village.mood + np.float64(resident.disposition)
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
        who = np.uint64(village.uid) << np.uint64(32)
        for row in range(begin, end):
            resident = residents[row]
            if resident.grievance > p.petition_floor:
                u = unit(word(key, increment, who + np.uint64(row - first)))
                if u < petitions_now(p, every, place.petition_rate, reach, np.float64(resident.grievance)):
                    waiting[petitioners] = row
                    petitioners += 1
                    resident.grievance *= np.float32(1.0 - p.petition_relief)
        unfair = wronged_share(p, village.wrong_exclusion, village.closure_loss) * (end - begin)
        wronged = int(unfair + unit(word(key, increment, who + UNFAIR)))
        for n in range(wronged):
            u = unit(word(key, increment, who + UNFAIR + np.uint64(n + 1)))
            resent(residents[begin + int(u * (end - begin))], p.unfair_step)
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
    return petitioners


@kernel
def response_time(p, base_days, reporting, information, ontime):
    """Working days until an open quarrel is answered: news from below, contact, and free hands."""
    return (
        base_days
        * (1.0 + p.response_blind * (1.0 - reporting))
        * (1.0 - p.response_contact * information)
        * (1.0 + p.response_choked * (1.0 - ontime))
    )


@kernel
def incidents(now, p, f, keys, place, villages, residents, ties, threshold, queue, tallies):
    """Open quarrels: keyed sparks among the aggrieved, spreading over ties until answered."""
    total = 0.0
    for v in np.argsort(villages["uid"]):  # two quarrels of one week that meet do so in an order no row decides
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
        days = response_time(p, f.response_days, place.reporting, village.information, place.ontime_recent)
        rounds = rounds_of(days, p.spread_days)
        queue[0] = spark
        residents[spark].joined = 1
        size = 1
        begin = 0
        for _ in range(rounds):
            end = size
            for q in range(begin, end):
                for t in range(TIES):
                    row = ties[queue[q], t]
                    other = residents[row]
                    if other.joined == 1 or size == queue.shape[0]:
                        continue
                    joined = max(1, acquaintances_joined(row, residents, ties))
                    ready = heat(p, joined, np.float64(other.grievance), np.float64(other.satisfaction))
                    if ready > threshold[row]:
                        other.joined = 1
                        queue[size] = row
                        size += 1
            if size == end:
                break
            begin = end
        for q in range(size):
            person = residents[queue[q]]
            person.joined = 0
            resent(person, p.incident_grievance)
            feel(villages[np.int64(person.village)], person, -quarrel_points(p, days, f.response_days))
        tally.incidents += 1.0
        tally.incident_people += size
        tally.incident_people_squared += np.float64(size) * size
        tally.response_days += days
        total += 1.0 + p.incident_people_weight * (size - 1.0)
    yearly = total * 52.0 * 1000.0 / max(place.residents, 1.0)
    place.incidents_recent += p.incident_memory * (yearly - place.incidents_recent)
