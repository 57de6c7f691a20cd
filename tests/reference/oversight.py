"""Oversight: who finds what, how it is judged, and what cadres come to believe."""

from __future__ import annotations

import math

from sim.chance import ADJUDICATION, DETECTION, EXAMINATION, RECORDED
from sim.mechanisms.oversight import (
    CHOSEN,
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
    WEEK,
    WEEKLY,
    YEARLY,
)  # fmt: skip
from sim.vocabulary import AVAILABILITY, CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, THEORIES
from tests.reference.rules import oversight

CHANNELS = (CH_BENEFITS, CH_ASSETS, CH_PROJECTS, CH_CLAIMS)


def examine(town, now):
    """Examinations in depth of one week: a village's year has one keyed week at most."""
    year = math.floor(now / 52.0)
    for village in town.villages:
        village.examined = oversight.examined_now(
            now,
            town.obeyed("oversight", now).supervision,
            town.chance(EXAMINATION, village.uid, YEARLY * year + CHOSEN),
            town.chance(EXAMINATION, village.uid, YEARLY * year + WEEK),
        )


def look(town):
    """The chance that an open episode is found in each village this week, and then sanctioned."""
    lever = town.levers
    machines = {CH_BENEFITS: lever.benefit_platform, CH_ASSETS: lever.asset_platform}
    books = {CH_ASSETS: lever.township_bookkeeping, CH_CLAIMS: lever.township_bookkeeping}
    data = {CH_BENEFITS: lever.data_sharing}
    for village in town.villages:
        village.hazard = [
            oversight.detection_hazard(
                k,
                village.examined,
                lever.audit_depth,
                1.0 if village.chair_rank < lever.committee_independence else 0.0,
                lever.reporting_reach * lever.sanction_follow_through,
                lever.accounts_publicity,
                machines.get(k, 0.0),
                books.get(k, 0.0),
                data.get(k, 0.0),
                lever.tender_compliance,
                town.p,
            )
            for k in CHANNELS
        ]
        village.sanction_probability = oversight.sanctioned(lever.error_shelter, lever.sanction_follow_through)
        village.lapse_probability = oversight.reproached(
            lever.error_shelter, lever.tolerance, lever.sanction_follow_through
        )


def find_and_judge(town, now):
    """Detect open episodes, judge them, and let the news travel."""
    p, place, lever = town.p, town.place, town.obeyed("oversight", now)
    for village in town.villages:
        town.tally(village).examined += village.examined
        if town.chance(RECORDED, village.uid, now) < town.f.other_offences_village_year / 52.0:
            town.tally(village).recorded += 1.0
            town.happened["other offence"] += 1
    verdicts = [judge(town, now, cadre, lever) for cadre in town.cadres]
    sanctions, exposed = (sum(column) for column in zip(*verdicts, strict=True))
    seen, count = sum(village.examined for village in town.villages), len(town.villages)
    place.audit_seen = 52.0 * seen * lever.audit_depth / count
    place.sanction_seen = oversight.learned(place.sanction_seen, 52.0 * sanctions / count, p.news_speed)
    place.exposure_seen += min(1.0, p.exposure_news * exposed / count) * (1.0 - place.exposure_seen)


def judge(town, now, cadre, lever):
    """Find and judge a cadre's open episodes of this week: numbers of sanctions and of exposures."""
    p, village, tally = town.p, cadre.duty, town.tally(cadre)
    sanctions = exposed = 0
    for k in CHANNELS:
        if not (cadre.skimmed > p.evidence_least if k == CH_PROJECTS else cadre.rate[k] > 0.0):
            continue
        tally.open_episodes += 1.0
        if town.chance(DETECTION, cadre.uid, WEEKLY * now + FOUND + k) >= village.hazard[k]:
            continue
        tally.detected += 1.0
        if k != CH_PROJECTS:
            tally.detected_running += 1.0
            tally.detection_weeks += cadre.open_weeks[k]
        u = town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + VERDICT + k)
        if u >= village.sanction_probability + village.lapse_probability:  # it goes free, and may go on
            town.happened["found and not sanctioned"] += 1
            if town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + STOPS + k) < p.stops_unpunished:
                stop(cadre, k)
                town.happened["stopped unpunished"] += 1
            continue
        village.restitution += p.repaid * taken(town, cadre, k)
        stop(cadre, k)
        if k == CH_ASSETS:
            cadre.owed = 0.0
        if u >= village.sanction_probability:  # put right as an honest error
            cadre.motivation *= 1.0 - p.reproach_spirit
            town.happened["put right"] += 1
            continue
        sanctions += 1
        tally.recorded += oversight.filed(town.f, town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + FILED + k))
        cadre.record += 1.0
        cadre.motivation *= 1.0 - p.sanction_spirit
        made_public = town.chance(DETECTION, cadre.uid, WEEKLY * now + PUBLIC + k) < lever.exposure
        village.redress += oversight.redress_of(p, float(made_public)) * (1.0 - village.redress)
        town.happened["sanctioned"] += 1
        if made_public:
            village.exposure += p.exposure_felt * (1.0 - village.exposure)
            village.unsettled += p.exposure_felt * (1.0 - village.unsettled)
            exposed += 1
            town.happened["made public"] += 1
    cadre.skimmed *= 1.0 - p.evidence_fading
    cadre.record *= 1.0 - p.record_fading
    return sanctions, exposed


def stop(cadre, k):
    """An episode is over: no more money flows; what projects left behind counts as dealt with."""
    cadre.rate[k] = 0.0
    if k == CH_PROJECTS:
        cadre.skimmed = 0.0


def taken(town, cadre, k) -> float:
    """Yuan that an episode has taken; what was borrowed from assets counts by what is still owed."""
    if k == CH_PROJECTS:
        return cadre.skimmed
    yuan = cadre.taken[k]
    if k == CH_ASSETS:
        return max(0.0, yuan - town.p.borrowed * yuan) + cadre.owed
    return yuan


def judge_honest_error(town, now, cadre):
    """A failed try comes before the judges, if anyone notices: harsh judgement, tolerance, or reproach."""
    p, village, lever = town.p, cadre.duty, town.obeyed("oversight", now)
    noticed = oversight.noticed_failure(p, village.examined * lever.audit_depth, village.visits, lever.reporting_reach)
    if town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + NOTICED) >= noticed:
        return
    tolerated = 0.0
    if town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + HARSH) < lever.error_harshness:
        town.happened["judged harshly"] += 1
        if town.chance(DETECTION, cadre.uid, WEEKLY * now + PUNISHED) < lever.sanction_follow_through:
            u = town.chance(ADJUDICATION, cadre.uid, WEEKLY * now + FILED_ERROR)
            town.tally(cadre).recorded += oversight.filed(town.f, u)
            cadre.record += 1.0
            cadre.motivation *= 1.0 - p.harsh_spirit
    elif town.chance(DETECTION, cadre.uid, WEEKLY * now + TOLERATED) < lever.tolerance:
        tolerated = 1.0
        town.happened["tolerated"] += 1
    else:
        cadre.motivation *= 1.0 - p.reproach_spirit
        town.happened["reproached"] += 1
    cadre.believed_tolerance += p.own_lesson * (tolerated - cadre.believed_tolerance)


def believe(town):
    """Cadres learn how likely detection is, and how honest errors are judged."""
    p, lever, place = town.p, town.levers, town.place
    theory = THEORIES["belief"].index(town.theory["belief"])
    seen = oversight.seen_detection(p, theory, place.audit_seen, place.sanction_seen, place.exposure_seen)
    speed = p.belief_speed * (p.vivid_speed if theory == AVAILABILITY else 1.0)
    covered = (1.0 - lever.error_harshness) * lever.tolerance
    for cadre in town.cadres:
        own = cadre.home.examined if cadre.home else 0.0
        memory = min(1.0, oversight.learned(cadre.remembered_detection, seen, speed))
        cadre.remembered_detection = memory + p.belief_own * own * lever.audit_depth * (1.0 - memory)
        plan = lever.supervision * lever.audit_depth
        cadre.believed_detection = oversight.believed(p, theory, cadre.remembered_detection, plan)
        cadre.believed_tolerance = oversight.learned(cadre.believed_tolerance, covered, p.tolerance_speed)
    place.exposure_seen *= 1.0 - p.exposure_fading
