"""Residents: what they see of government, talk, grievance, petitions, and quarrels that spread."""

from __future__ import annotations

import numpy as np

from sim.chance import INCIDENTS, PETITIONS
from sim.mechanisms.quarrels import DRAWS, SPARK, WHO
from sim.mechanisms.residents import UNFAIR
from sim.state import TIES
from sim.vocabulary import G_CONDUCT, G_MONEY, PETITION
from tests.reference.office import case_key, raise_case
from tests.reference.rules import chance, residents


def judge_government(town):
    """What people see, what they had got used to, and where moods drift to."""
    p, lever, place = town.p, town.levers, town.place
    place.promised = lever.reform_publicity * place.announced
    met = 0.0
    for kind in town.kinds:
        heard = p.heard * min(TIES, kind.hours) if town.f.learning_from_users > 0 else 0.0
        met += kind.rate / 52.0 * (1.0 + heard)
    for village in town.villages:
        village.contact += p.contact_memory * (village.information - village.contact)
        quality = residents.government_quality(
            p,
            village.performance,
            village.contact,
            village.project_value,
            village.wrong_inclusion,
            village.wrong_exclusion,
            village.wrongs_known,
            village.closure_loss,
            residents.better_off(town.f, village.dividend),
        )
        village.expected += p.expectation_speed * (quality - village.expected)
        mood = residents.mood_of(p, quality, village.expected)
        trust = residents.trust_target(p, mood, village.wrongs_known)
        weighed = met if village.cases_known > 0 else 0.0
        village.mood = residents.with_service(mood, village.service_seen, weighed, p.case_weight, p.mood_speed)
        village.mood_trust = residents.with_service(trust, village.service_seen, weighed, p.case_trust, p.mood_speed)
        village.mood_superior = residents.superior_target(p, place.pressure, place.incidents_recent)


def live(town, now):
    """A part of every village's residents drift, talk to one they know, and petition if nobody answers."""
    p, lever = town.p, town.obeyed("residents", now)
    every = int(p.talk_every)
    turn, tie = now % every, (now // every) % TIES
    forget = (1.0 - p.grievance_fading) ** every
    drift = 1.0 - (1.0 - p.mood_speed) ** every
    key, increment = chance.moment_key(town.keys, PETITIONS, np.int64(now)), town.keys[PETITIONS, 1]
    felt = {id(resident): resident.satisfaction for village in town.villages for resident in village.people}

    def draw(village, who: int) -> float:
        return chance.unit(chance.word(key, increment, np.uint64((village.uid << 32) + who)))

    petitioners = []
    for village in town.villages:
        village.wrongs_known *= 1.0 - residents.settled(p)
        village.closure_loss *= 1.0 - p.loss_healing
        count = len(village.people)
        visited = village.people[turn * count // every : (turn + 1) * count // every]
        survey(town.tally(village), visited)
        for resident in visited:
            drift_and_talk(p, resident, felt[id(resident.ties[tie])], drift, forget)
        for resident in visited:
            if resident.grievance > p.petition_floor:
                likely = residents.petitions_now(
                    p, every, town.place.petition_rate, lever.reporting_reach, resident.grievance
                )
                if draw(village, resident.place) < likely:
                    petitioners.append(resident)
                    bits = chance.word(key, increment, np.uint64((village.uid << 32) + resident.place))
                    if chance.unit(chance.mix(bits)) * resident.grievance < owed_to(p, resident):
                        resident.cause = G_MONEY
                        town.happened["petitions about a bill"] += 1
                    resident.grievance *= float(np.float32(1.0 - p.petition_relief))
        unfair = residents.wronged_share(p, village.wrong_exclusion, village.closure_loss) * len(visited)
        for n in range(int(unfair + draw(village, int(UNFAIR)))):
            bits = chance.word(key, increment, np.uint64((village.uid << 32) + int(UNFAIR) + n + 1))
            wrongs = village.wrong_exclusion + village.closure_loss
            lost = chance.unit(chance.mix(bits)) * wrongs < village.closure_loss
            hit = visited[int(chance.unit(bits) * len(visited))]
            residents.resent(hit, p.unfair_step, G_MONEY if lost else G_CONDUCT)
            town.happened["wronged"] += 1
    for resident in petitioners:
        raise_case(town, now, 1.0, PETITION, resident, case_key(town, resident))


def owed_to(p, resident) -> float:
    """Grievance that a late bill keeps up: a hundredth of the points it costs."""
    return residents.resented_bill(residents.late_bill(p, resident.claimant, resident.home.payment_delay))


def survey(tally, visited):
    """Count what those whose turn it is feel before they talk."""
    tally.satisfaction_visited += sum(resident.satisfaction for resident in visited)
    tally.residents_visited += len(visited)
    tally.satisfaction_old += sum(resident.satisfaction for resident in visited if resident.over_60)
    tally.residents_old += sum(resident.over_60 for resident in visited)
    tally.satisfaction_offline += sum(resident.satisfaction for resident in visited if not resident.digital)
    tally.residents_offline += sum(not resident.digital for resident in visited)


def drift_and_talk(p, resident, neighbour: float, drift: float, forget: float):
    """A quarter's drift towards the village's mood, a talk, and grievance that fades."""
    village = resident.home
    before, trust, superior = resident.satisfaction, resident.trust, resident.superior
    aim = village.mood + resident.disposition - residents.late_bill(p, resident.claimant, village.payment_delay)
    resident.satisfaction = residents.satisfaction_later(p, before, aim, neighbour, drift)
    resident.trust = trust + drift * (village.mood_trust - trust)
    resident.superior = superior + drift * (village.mood_superior - superior)
    resident.grievance *= forget
    residents.resent(resident, (1.0 - forget) * owed_to(p, resident), resident.cause)
    village.satisfaction_sum += resident.satisfaction - before
    village.satisfied += residents.content(resident.satisfaction) - residents.content(before)
    village.trust_sum += resident.trust - trust
    village.superior_sum += resident.superior - superior


def incidents(town, now):
    """Open quarrels: keyed sparks among the aggrieved, spreading over ties until they are answered."""
    p, f, place = town.p, town.f, town.place
    total = 0.0
    for village in town.villages:
        rate = f.sparks_per_1000_year / 1000.0 / 52.0 * village.residents
        if town.chance(INCIDENTS, village.uid, DRAWS * now + SPARK) >= rate:
            continue
        who = int(town.chance(INCIDENTS, village.uid, DRAWS * now + WHO) * village.residents)
        spark = village.people[min(who, village.residents - 1)]
        if not ready(p, spark, 1):
            town.happened["spark went out"] += 1
            continue
        days = residents.response_time(p, f.response_days, village.misjudged, village.information, place.ontime_recent)
        crowd = spread(p, spark, residents.rounds_of(days, p.spread_days))
        cause = spark.cause
        for person in crowd:
            residents.resent(person, p.incident_grievance, cause)
            residents.feel(village, person, -residents.quarrel_points(p, days, f.response_days))
        town.happened["quarrel spread"] += len(crowd) > 1
        tally = town.tally(village)
        tally.incidents += 1.0
        tally.incident_people += len(crowd)
        tally.incident_people_squared += len(crowd) ** 2
        tally.response_days += days
        total += 1.0 + p.incident_people_weight * (len(crowd) - 1.0)
    yearly = total * 52.0 * 1000.0 / max(place.residents, 1.0)
    place.incidents_recent += p.incident_memory * (yearly - place.incidents_recent)


def ready(p, person, joined: int) -> bool:
    """Whether a resident joins an open quarrel in which so many acquaintances take part."""
    return residents.heat(p, joined, person.grievance, person.satisfaction) > person.threshold


def spread(p, spark, rounds: int) -> list:
    """All who join a quarrel: those whom the last to join know and who are ready, circle by circle."""
    crowd = {id(spark): spark}
    circle = [spark]
    for _ in range(rounds):
        asked = [other for person in circle for other in person.ties]
        circle = []
        for other in asked:
            joined = sum(id(known) in crowd for known in other.ties)
            at_home = other.home is spark.home
            if at_home and id(other) not in crowd and ready(p, other, max(1, joined)):
                crowd[id(other)] = other
                circle.append(other)
    return list(crowd.values())
