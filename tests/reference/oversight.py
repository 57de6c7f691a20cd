"""Oversight: who finds what, how it is judged, and what cadres come to believe."""

from __future__ import annotations

import math
from types import SimpleNamespace

from sim.chance import ADJUDICATION, DETECTION, EXAMINATION, RECORDED
from sim.mechanisms.adjudication import (
    FILED,
    FILED_ERROR,
    FOUND,
    HARSH,
    NOTICED,
    PUBLIC,
    PUNISHED,
    STOPS,
    TOLERATED,
    VERDICT,
    WEEKLY,
)
from sim.mechanisms.oversight import CHOSEN, WEEK, YEARLY
from sim.vocabulary import AVAILABILITY, CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, DISCIPLINE, THEORIES
from tests.reference.rules import oversight

CHANNELS = (CH_BENEFITS, CH_ASSETS, CH_PROJECTS, CH_CLAIMS)


def examine(town, now):
    """Examinations in depth of one week: at most one a village-year, by the hours there are."""
    p, f, place, lever = town.p, town.f, town.place, town.obeyed("oversight", now)
    year, count = math.floor(now / 52.0), len(town.villages)
    posts = sum(cadre.posts for cadre in town.clusters[DISCIPLINE])
    needed = oversight.hours_needed(p, f, count, lever.supervision, lever.audit_depth, place.leads)
    place.examiners = oversight.reached(f, needed, oversight.hours_there(f, posts, count))
    if place.examiners < 1.0:
        town.happened["examiners short"] += 1
    for village in town.villages:
        village.examined = oversight.examined_now(
            now,
            lever.supervision * place.examiners**f.coverage_yields,
            town.chance(EXAMINATION, village.uid, YEARLY * year + CHOSEN),
            town.chance(EXAMINATION, village.uid, YEARLY * year + WEEK),
        )
        village.depth = lever.audit_depth * place.examiners**f.depth_yields


def look(town):
    """The chance that an open episode is found in each village this week, and then sanctioned."""
    lever = town.levers
    for village in town.villages:
        village.hazard = [hazard(town, village, k, 1.0) for k in CHANNELS]
        village.covered_hazard = [hazard(town, village, k, town.p.covered_seen) for k in CHANNELS]
        village.sanction_probability = oversight.sanctioned(
            lever.error_shelter, lever.tolerance, lever.sanction_follow_through
        )


def hazard(town, village, k, inside: float) -> float:
    """The chance that an open episode is found, if committee and bookkeeping see so much of it."""
    lever = town.levers
    machines = {CH_BENEFITS: lever.benefit_platform, CH_ASSETS: lever.asset_platform}
    books = {CH_ASSETS: lever.township_bookkeeping, CH_CLAIMS: lever.township_bookkeeping}
    return oversight.detection_hazard(
        k,
        village.examined,
        village.depth,
        1.0 if village.chair_rank < lever.committee_independence else 0.0,
        lever.reporting_reach * lever.sanction_follow_through,
        lever.accounts_publicity,
        machines.get(k, 0.0),
        books.get(k, 0.0),
        lever.data_sharing if k == CH_BENEFITS else 0.0,
        lever.tender_compliance,
        inside,
        town.p,
    )


def find_and_judge(town, now):
    """Detect open episodes, judge them, and let the news travel."""
    p, f, place, lever = town.p, town.f, town.place, town.obeyed("oversight", now)
    offences = 0
    for village in town.villages:
        village.ring_found = 0.0
        town.tally(village).examined += village.examined
        if town.chance(RECORDED, village.uid, now) < f.other_offences_village_year / 52.0:
            town.tally(village).recorded += 1.0
            town.happened["other offence"] += 1
            offences += 1
    for cadre in town.cadres:
        if any(cadre.ring[k] and is_open(p, cadre, k) and stumbled_on(town, now, cadre, k) for k in CHANNELS):
            cadre.duty.ring_found = 1.0
    found, sanctions = (sum(column) for column in zip(*[judge(town, now, c, lever) for c in town.cadres], strict=True))
    count = len(town.villages)
    seen = sum(village.examined for village in town.villages)
    place.examined_seen = 52.0 * seen / count
    place.audit_seen = 52.0 * sum(village.examined * village.depth for village in town.villages) / count
    place.sanction_seen = oversight.learned(place.sanction_seen, 52.0 * sanctions / count, p.news_speed)
    leads = 52.0 * (offences + found) + f.idle_leads_village_year * count
    place.leads = oversight.learned(place.leads, leads, p.news_speed)


def is_open(p, cadre, k) -> bool:
    """Whether something is open that can be found: of projects, traces."""
    return cadre.taken[k] > p.evidence_least if k == CH_PROJECTS else cadre.rate[k] > 0.0


def stumbled_on(town, now, cadre, k) -> bool:
    """Whether an open episode is found by itself."""
    chances = cadre.duty.covered_hazard if cadre.ring[k] else cadre.duty.hazard
    return town.chance(DETECTION, cadre.uid, WEEKLY * now + FOUND + k) < chances[k]


def judge(town, now, cadre, lever) -> tuple[int, int]:
    """Find and judge a cadre's open episodes of this week: numbers found and punished."""
    p, village, tally = town.p, cadre.duty, town.tally(cadre)
    found = sanctions = 0
    for k in CHANNELS:
        if not is_open(p, cadre, k):
            continue
        tally.open_episodes += 1.0
        alone = stumbled_on(town, now, cadre, k)
        if not alone and not (cadre.ring[k] and village.ring_found):
            continue
        town.happened["found with others"] += not alone
        found += 1
        tally.detected += 1.0
        tally.found[k] += cadre.taken[k]
        if k != CH_PROJECTS:
            tally.detected_running += 1.0
            tally.detection_weeks += cadre.open_weeks[k]
        if town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + VERDICT + k) >= village.sanction_probability:
            town.happened["found and not sanctioned"] += 1  # it goes free, and may go on
            cadre.taken[k] = cadre.fresh[k] = 0.0
            if town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + STOPS + k) < p.stops_unpunished:
                cadre.rate[k] = 0.0
                town.happened["stopped unpunished"] += 1
            continue
        sanctions += 1
        town.happened["sanctioned"] += 1
        tally.sanctioned[k] += cadre.taken[k]
        tally.recorded += oversight.filed(town.f, town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + FILED + k))
        village.restitution[k] += p.repaid * oversight.shown(p, k, cadre.taken[k], cadre.owed)
        village.restitution_fresh += p.repaid * oversight.shown(p, k, cadre.fresh[k], cadre.owed_fresh)
        cadre.taken[k] = cadre.fresh[k] = cadre.rate[k] = 0.0
        if k == CH_ASSETS:
            cadre.owed = cadre.owed_fresh = 0.0
        cadre.record += 1.0
        cadre.motivation *= 1.0 - p.sanction_spirit
        if town.chance(DETECTION, cadre.uid, WEEKLY * now + PUBLIC + k) < lever.exposure:
            village.wrongs_known += p.wrong_felt * (1.0 - village.wrongs_known)
            town.happened["made public"] += 1
    for money in (cadre.taken, cadre.fresh):
        money[CH_PROJECTS] *= 1.0 - p.evidence_fading
    cadre.record *= 1.0 - p.record_fading
    cadre.harsh *= 1.0 - p.record_fading
    return found, sanctions


def judge_honest_error(town, now, cadre, who: int):
    """A failed try, or a wrong decision, comes before the judges, if anyone notices; `who` keys its chance."""
    p, village, lever = town.p, cadre.duty, town.obeyed("oversight", now)
    noticed = oversight.noticed_failure(p, village.examined * village.depth, village.visits, lever.reporting_reach)
    if town.chance(ADJUDICATION, who, WEEKLY * now + NOTICED) >= noticed:
        return
    tolerated = 0.0
    if town.chance(ADJUDICATION, who, WEEKLY * now + HARSH) < lever.error_harshness:
        town.happened["judged harshly"] += 1
        if town.chance(DETECTION, who, WEEKLY * now + PUNISHED) < lever.sanction_follow_through:
            u = town.chance(ADJUDICATION, who, WEEKLY * now + FILED_ERROR)
            town.tally(cadre).recorded += oversight.filed(town.f, u)
            cadre.record += 1.0
            cadre.harsh += 1.0
            cadre.motivation *= 1.0 - p.harsh_spirit
    elif town.chance(DETECTION, who, WEEKLY * now + TOLERATED) < lever.tolerance:
        tolerated = 1.0
        town.happened["tolerated"] += 1
    else:
        town.happened["not tolerated"] += 1
    cadre.believed_tolerance += p.own_lesson * (tolerated - cadre.believed_tolerance)


def believe(town):
    """Cadres learn how likely it is to be examined and to be found, and how honest errors are judged."""
    p, lever, place = town.p, town.levers, town.place
    theory = SimpleNamespace(**{name: choices.index(town.theory[name]) for name, choices in THEORIES.items()})
    seen = oversight.seen_detection(p, theory.belief, place.audit_seen, place.sanction_seen)
    speed = p.belief_speed * (p.vivid_speed if theory.belief == AVAILABILITY else 1.0)
    heeded = oversight.plan_weight(p, theory)
    tolerated = (1.0 - lever.error_harshness) * lever.tolerance
    for cadre in town.cadres:
        own, depth = (cadre.home.examined, cadre.home.depth) if cadre.home else (0.0, 0.0)
        cadre.remembered_examined = oversight.memory_later(
            p, cadre.remembered_examined, place.examined_seen, own, speed
        )
        cadre.remembered_detection = oversight.memory_later(p, cadre.remembered_detection, seen, own * depth, speed)
        cadre.believed_examined = oversight.believed(heeded, cadre.remembered_examined, lever.supervision)
        plan = lever.supervision * lever.audit_depth
        cadre.believed_detection = oversight.believed(heeded, cadre.remembered_detection, plan)
        cadre.believed_tolerance = oversight.learned(cadre.believed_tolerance, tolerated, p.tolerance_speed)
