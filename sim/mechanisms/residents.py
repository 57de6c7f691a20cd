"""Residents: satisfaction, two trusts, grievance, petitions, and incidents that spread.

People judge government partly by its level and partly against what they have got used to, so that every
gain fades in part. Their own case, and those they hear of, weigh besides (users.py), and so does what is known of
cases here, as much as cases are usual. Misconduct made public costs trust, and the loss outlasts the news: trust
waits until people see money given back. Who has a bill on the village suffers while it is late, and resents it.
Neighbours talk. A grievance that is not answered grows into a petition; where thresholds on the tie network are low,
one open quarrel draws in others of the village until it is answered.

Theory   expectation disconfirmation (Van Ryzin 2004), hierarchical trust (Li 2016), threshold models
         (Granovetter 1978), hedonic adaptation (Brickman & Campbell 1971)
Reads    levers reporting_reach, reform_publicity; village performance, contact, wrongs_known, wrong inclusion,
         closures, payment delay, projects, dividend, service_seen
Writes   resident.satisfaction, trust, superior (points), grievance (0-1), cause; village.mood,
         mood_trust, mood_superior, expected, satisfaction_sum, trust_sum, superior_sum, satisfied, contact,
         wrongs_known, closure_loss (0-1); place.promised, incidents_recent; petitions (as cases); tallies
         incidents, response_days
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import mix, moment_key, uniform, unit, word
from sim.compiled import kernel
from sim.maths import log, power
from sim.state import TIES
from sim.vocabulary import G_CONDUCT, G_MONEY, SATISFIED

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
def resent(resident, amount, cause):
    """Add to a resident's grievance (0-1); what was felt last is what it is about."""
    resident.cause = np.uint8(cause)
    resident.grievance = np.float32(min(1.0, resident.grievance + amount * (1.0 - resident.grievance)))


@kernel
def government_quality(p, performance, contact, project_value, unfair, excluded, wrongs, loss, better_off):
    """What residents see of local government apart from their own cases, 0-100. Weights are assumptions."""
    good = p.see_performance * performance + p.see_contact * contact + p.see_project * project_value
    good += p.see_dividend * better_off
    bad = p.see_unfair * unfair + p.see_excluded * excluded + p.see_wrongs * wrongs + p.see_loss * loss
    return bounded(p.see_base + good - bad, 0.0, 100.0)


@kernel
def better_off(f, dividend):
    """How much better off a dividend makes residents: the logarithm of what it adds to income."""
    return log(1.0 + dividend / f.income_head)


@kernel
def cases_met(p, f, kinds):
    """Cases that a resident lives through or hears of in a week, at the usual rates, an own case counting 1."""
    total = 0.0
    for k in range(kinds.shape[0]):
        heard = p.heard * min(TIES, kinds[k].hours) if f.learning_from_users > 0.0 else 0.0
        total += kinds[k].rate / 52.0 * (1.0 + heard)
    return total


@kernel
def with_service(target, service_seen, met, weight, speed):
    """Where a view drifts to (0-100), when `met` cases a week pull at it by `weight` beside a drift at `speed`."""
    part = met * weight / (speed + met * weight)
    return target + part * (service_seen - target)


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
def mood_of(p, quality, expected):
    """Where satisfaction drifts to (0-100): partly the level, partly the surprise."""
    level = p.level_weight * quality + (1.0 - p.level_weight) * p.mood_neutral
    return bounded(level + p.surprise_weight * (quality - expected), 0.0, 100.0)


@kernel
def settled(p):
    """Part (0-1 a week) of the wrongs they know put right: money comes back, and residents see some of it."""
    return p.redress_seen * p.restitution_year / 52.0


@kernel
def trust_target(p, mood, wrongs):
    """Where trust in the township drifts to (0-100): wrongs that are known shake it until they are put right."""
    return bounded(p.trust_level * mood + p.trust_base - p.see_wrongs * wrongs, 0.0, 100.0)


@kernel
def superior_target(p, pressure, incidents_recent):
    """Where trust in the superiors drifts to (0-100): they are blamed for pressure and disorder.

    Whether punishing subordinates wins or costs superiors support is contested (Tsai, Trinh & Liu 2021; Wang &
    Dickson 2022): neither is in the rule.
    """
    disorder = p.superior_incidents * min(1.0, incidents_recent / p.incidents_scale)
    return bounded(p.superior_base - p.superior_pressure * pressure - disorder, 0.0, 100.0)


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
def judge_government(p, f, kinds, levers, place, villages):
    """Per village: what people see, what they had got used to, and where moods drift to."""
    lever = levers[0]
    place.promised = lever.reform_publicity * place.announced
    met = cases_met(p, f, kinds)
    for v in range(villages.shape[0]):
        village = villages[v]
        village.contact += p.contact_memory * (village.information - village.contact)
        quality = government_quality(
            p,
            village.performance,
            village.contact,
            village.project_value,
            village.wrong_inclusion,
            village.wrong_exclusion,
            village.wrongs_known,
            village.closure_loss,
            better_off(f, village.dividend),
        )
        village.expected += p.expectation_speed * (quality - village.expected)
        mood = mood_of(p, quality, village.expected)
        trust = trust_target(p, mood, village.wrongs_known)
        known = met if village.cases_known > 0.0 else 0.0
        village.mood = with_service(mood, village.service_seen, known, p.case_weight, p.mood_speed)
        village.mood_trust = with_service(trust, village.service_seen, known, p.case_trust, p.mood_speed)
        village.mood_superior = superior_target(p, place.pressure, place.incidents_recent)


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
    forget = power(1.0 - p.grievance_fading, every)
    drift = 1.0 - power(1.0 - p.mood_speed, every)
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
        village.wrongs_known *= 1.0 - settled(p)
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
        who = np.uint64(village.uid) << np.uint64(32)
        for row in range(begin, end):
            resident = residents[row]
            if resident.grievance > p.petition_floor:
                bits = word(key, increment, who + np.uint64(row - first))
                felt = np.float64(resident.grievance)
                if unit(bits) < petitions_now(p, every, place.petition_rate, reach, felt):
                    waiting[petitioners] = row
                    petitioners += 1
                    late = late_bill(p, np.float64(resident.claimant), village.payment_delay)
                    if unit(mix(bits)) < about_bill(resented_bill(late), felt):
                        resident.cause = np.uint8(G_MONEY)
                    resident.grievance *= np.float32(1.0 - p.petition_relief)
        unfair = wronged_share(p, village.wrong_exclusion, village.closure_loss) * (end - begin)
        wronged = int(unfair + unit(word(key, increment, who + UNFAIR)))
        for n in range(wronged):
            bits = word(key, increment, who + UNFAIR + np.uint64(n + 1))
            lost = unit(mix(bits)) * (village.wrong_exclusion + village.closure_loss) < village.closure_loss
            chosen = begin + int(unit(bits) * (end - begin))
            resent(residents[chosen], p.unfair_step, G_MONEY if lost else G_CONDUCT)
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
def response_time(p, base_days, misjudged, information, ontime):
    """Working days until an open quarrel is answered: who knows the place, contact, and free hands."""
    return (
        base_days
        * (1.0 + p.response_blind * misjudged)
        * (1.0 - p.response_contact * information)
        * (1.0 + p.response_choked * (1.0 - ontime))
    )


@kernel
def incidents(now, p, f, keys, place, villages, residents, ties, threshold, queue, joined, tallies):
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
        days = response_time(p, f.response_days, village.misjudged, village.information, place.ontime_recent)
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
    yearly = total * 52.0 * 1000.0 / max(place.residents, 1.0)
    place.incidents_recent += p.incident_memory * (yearly - place.incidents_recent)
