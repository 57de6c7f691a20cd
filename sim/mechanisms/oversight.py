"""Oversight: who finds what, how it is judged, and what cadres come to believe.

A village is examined in depth at most once a year, in a keyed week. Detection combines independent
channels: the examination (as deep as it can see), an oversight committee that does not answer to the
secretary, residents who know how and dare to report, platforms, cross-checked data (wrong claims), township
bookkeeping, tender rules. What is found is first judged honest or not, with both errors; what passes as an
honest error goes free if it is tolerated and is put right without a sanction if not; the rest is sanctioned or
not, with repayment, removal, exposure. Most of what is sanctioned ends with criticism and a talk; the rest is filed
as a case, and only filed cases are recorded. Of a sanction that is not made public residents hear less. An
episode found but not sanctioned may go on. What is to be examined is announced, and its end is too; cadres take
the plan at its word in part, and for the rest go by memory: a count of examinations by what they can see, in
which old ones fade.

Theory   audit experiments (Olken 2007; Avis, Ferraz & Finan 2018), learning of enforcement (Sah 1991),
         audits announced and withdrawn (Kleven et al. 2011; Dai, Hogarth & Villeval 2015), availability (Tversky
         & Kahneman 1973)
Reads    levers supervision, audit_depth, committee_independence, reporting_reach, accounts_publicity,
         benefit_platform, asset_platform, township_bookkeeping, exposure, tolerance, error_shelter,
         error_harshness, sanction_follow_through, data_sharing, tender_compliance
Facts    filed_share, other_offences_village_year
Writes   village.examined, hazard (a week, by channel), sanction_probability, lapse_probability, exposure,
         unsettled, redress (0-1), restitution (yuan); cadre.remembered_detection, believed_detection,
         believed_tolerance, record, motivation, rate, owed, skimmed (at a verdict); place.audit_seen,
         sanction_seen, exposure_seen; tallies detected, recorded, examined
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.vocabulary import AVAILABILITY, CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS

# Numbers of draws: of EXAMINATION for a village in a year, YEARLY * year + number; of DETECTION and ADJUDICATION for a
# cadre in a week, WEEKLY * now + number, and the channel where there is one episode a channel.
YEARLY, WEEKLY = 2, 16
CHOSEN, WEEK = range(YEARLY)
FOUND, PUBLIC, TOLERATED, PUNISHED = 0, 4, 8, 9
VERDICT, STOPS, NOTICED, HARSH, FILED, FILED_ERROR = 0, 4, 8, 9, 10, 14


@kernel
def examined_now(now, supervision, chosen, week_of_year):
    """1 if this is the week of the village's examination: one keyed week a year, by probability."""
    return 1.0 if now % 52 == np.int64(week_of_year * 52.0) and chosen < supervision else 0.0


@kernel
def weekly(yearly):
    """Weekly probability with the same yearly probability."""
    return 1.0 - (1.0 - yearly) ** (1.0 / 52.0)


@kernel
def detection_hazard(channel, examined, depth, independent, reach, publicity, platform, bookkeeping, data, tender, p):
    """Weekly probability that an open episode is detected, over independent channels."""
    sight = p.sees_projects if channel == CH_PROJECTS else p.sees_books
    examination = examined * depth * sight
    committee = weekly(p.committee_sees * independent * (p.unpublished + (1.0 - p.unpublished) * publicity))
    residents = weekly(p.residents_see * reach * (p.unpublished + (1.0 - p.unpublished) * publicity))
    machine = weekly(p.platform_detects * platform)
    crossed = weekly(p.data_detects * data)
    audit = weekly(p.bookkeeping_detects * bookkeeping)
    rules = weekly(p.tender_detects * tender) if channel == CH_PROJECTS else 0.0
    return 1.0 - (1.0 - examination) * (1.0 - committee) * (1.0 - residents) * (1.0 - machine) * (1.0 - crossed) * (
        1.0 - audit
    ) * (1.0 - rules)


@kernel
def sanctioned(shelter, follow_through):
    """Probability that detected misconduct is judged as what it is, and sanctioned."""
    return (1.0 - shelter) * follow_through


@kernel
def reproached(shelter, tolerance, follow_through):
    """Probability that detected misconduct passes as an honest error that is not tolerated: put right, no more."""
    return shelter * (1.0 - tolerance) * follow_through


@kernel
def noticed_failure(p, examined, visits, reach):
    """Probability that anyone notices a failed try: an examination, a visit, a complaint."""
    unseen = (1.0 - p.failure_seen * examined) * (1.0 - p.failure_inspected * min(1.0, visits))
    return 1.0 - unseen * (1.0 - p.failure_complained * reach)


@kernel
def seen_detection(p, theory, audit_seen, sanction_seen, exposure_seen):
    """Yearly chance of detection that this week suggests; by the rival theory vivid cases count beyond their number.

    A week's count is a rate and may exceed 1; belief, which averages it over years, does not.
    """
    if theory != AVAILABILITY:
        return audit_seen
    return 1.0 - (1.0 - audit_seen) * (1.0 - min(1.0, p.vivid * (sanction_seen + exposure_seen)))


@kernel
def learned(belief, seen, speed):
    """A belief moves towards what is seen, and is forgotten without reminders at the same speed."""
    return belief + speed * (seen - belief)


@kernel
def believed(p, theory, remembered, planned):
    """Believed detection (0-1 a year): the announced plan, as far as it is taken at its word, and memory.

    By the rival theory what is vivid counts, and a plan on paper is not.
    """
    heeded = 0.0 if theory == AVAILABILITY else p.plan_heeded
    return remembered + heeded * (planned - remembered)


@kernel
def filed(f, u):
    """1 if what was sanctioned becomes a filed case, 0 if it ends with criticism and a talk."""
    return 1.0 if u < f.filed_share else 0.0


@kernel
def redress_of(p, made_public):
    """Redress (0-1) that residents see in one sanction: all of it where the case is made public."""
    return p.redress_seen * (made_public + p.redress_quiet * (1.0 - made_public))


@kernel
def examine(now, supervision, keys, villages):
    """Examinations in depth of one week."""
    year = np.int64(np.floor(now / 52.0))
    for v in range(villages.shape[0]):
        village = villages[v]
        village.examined = examined_now(
            now,
            supervision,
            uniform(keys, chance.EXAMINATION, village.uid, YEARLY * year + CHOSEN),
            uniform(keys, chance.EXAMINATION, village.uid, YEARLY * year + WEEK),
        )


@kernel
def look(p, levers, villages):
    """The chance that an open episode is found in each village this week, and then sanctioned."""
    lever = levers[0]
    for v in range(villages.shape[0]):
        village = villages[v]
        independent = 1.0 if village.chair_rank < lever.committee_independence else 0.0
        backing = lever.sanction_follow_through
        for k in range(4):
            platform = 0.0
            bookkeeping = 0.0
            data = 0.0
            if k == CH_BENEFITS:
                platform = lever.benefit_platform
                data = lever.data_sharing
            elif k == CH_ASSETS:
                platform = lever.asset_platform
            if k in (CH_ASSETS, CH_CLAIMS):
                bookkeeping = lever.township_bookkeeping
            village.hazard[k] = detection_hazard(
                k,
                village.examined,
                lever.audit_depth,
                independent,
                lever.reporting_reach * backing,
                lever.accounts_publicity,
                platform,
                bookkeeping,
                data,
                lever.tender_compliance,
                p,
            )
        village.sanction_probability = sanctioned(lever.error_shelter, lever.sanction_follow_through)
        village.lapse_probability = reproached(lever.error_shelter, lever.tolerance, lever.sanction_follow_through)


@kernel
def find_and_judge(now, p, f, keys, levers, place, villages, cadres, tallies):
    """Detect open episodes, judge them, and let the news travel: of examinations, by what they can see."""
    lever = levers[0]
    seen = 0.0
    sanctions = 0.0
    exposed = 0.0
    for v in range(villages.shape[0]):
        village = villages[v]
        tally = tallies[village.group]
        seen += village.examined
        tally.examined += village.examined
        if uniform(keys, chance.RECORDED, village.uid, now) < f.other_offences_village_year / 52.0:
            tally.recorded += 1.0
        for c in range(village.first_cadre, village.first_cadre + village.cadres):
            one, made_public = judge_cadre(now, p, f, keys, lever, village, cadres[c], tally)
            sanctions += one
            exposed += made_public
    for c in range(cadres.shape[0]):
        if cadres[c].village < 0:
            village = villages[cadres[c].assigned]
            one, made_public = judge_cadre(now, p, f, keys, lever, village, cadres[c], tallies[cadres[c].group])
            sanctions += one
            exposed += made_public
    count = villages.shape[0]
    place.audit_seen = 52.0 * seen * lever.audit_depth / count
    place.sanction_seen = learned(place.sanction_seen, 52.0 * sanctions / count, p.news_speed)
    place.exposure_seen += min(1.0, p.exposure_news * exposed / count) * (1.0 - place.exposure_seen)


@kernel
def judge_cadre(now, p, f, keys, lever, village, cadre, tally):
    """Find and judge a cadre's open episodes of this week; returns the numbers of sanctions and of exposures."""
    sanctions = 0.0
    exposed = 0.0
    for k in range(4):
        is_open = cadre.rate[k] > 0.0 if k != CH_PROJECTS else cadre.skimmed > p.evidence_least
        if not is_open:
            continue
        tally.open_episodes += 1.0
        moment = WEEKLY * now + k
        if uniform(keys, chance.DETECTION, cadre.uid, moment + FOUND) >= village.hazard[k]:
            continue
        tally.detected += 1.0
        if k != CH_PROJECTS:
            tally.detected_running += 1.0
            tally.detection_weeks += cadre.open_weeks[k]
        verdict = uniform(keys, chance.ADJUDICATION, cadre.uid, moment + VERDICT)
        if verdict >= village.sanction_probability + village.lapse_probability:
            if uniform(keys, chance.ADJUDICATION, cadre.uid, moment + STOPS) < p.stops_unpunished:
                cadre.rate[k] = 0.0
                if k == CH_PROJECTS:
                    cadre.skimmed = 0.0
            continue
        if k == CH_PROJECTS:
            taken = cadre.skimmed
            cadre.skimmed = 0.0
        else:
            taken = cadre.taken[k]
        if k == CH_ASSETS:
            taken = max(0.0, taken - p.borrowed * taken) + cadre.owed
            cadre.owed = 0.0
        village.restitution += p.repaid * taken
        cadre.rate[k] = 0.0
        if verdict >= village.sanction_probability:
            cadre.motivation *= 1.0 - p.reproach_spirit
            continue
        sanctions += 1.0
        tally.recorded += filed(f, uniform(keys, chance.ADJUDICATION, cadre.uid, moment + FILED))
        cadre.record += 1.0
        cadre.motivation *= 1.0 - p.sanction_spirit
        made_public = 1.0 if uniform(keys, chance.DETECTION, cadre.uid, moment + PUBLIC) < lever.exposure else 0.0
        village.redress += redress_of(p, made_public) * (1.0 - village.redress)
        village.exposure += made_public * p.exposure_felt * (1.0 - village.exposure)
        village.unsettled += made_public * p.exposure_felt * (1.0 - village.unsettled)
        exposed += made_public
    cadre.skimmed *= 1.0 - p.evidence_fading
    cadre.record *= 1.0 - p.record_fading
    return sanctions, exposed


@kernel
def judge_honest_error(now, p, f, keys, lever, village, cadre, tally):
    """A failed try comes before the judges, if anyone notices: harsh judgement, tolerance, or reproach."""
    noticed = noticed_failure(p, village.examined * lever.audit_depth, village.visits, lever.reporting_reach)
    if uniform(keys, chance.ADJUDICATION, cadre.uid, WEEKLY * now + NOTICED) >= noticed:
        return
    if uniform(keys, chance.ADJUDICATION, cadre.uid, WEEKLY * now + HARSH) < lever.error_harshness:
        tolerated = 0.0
        if uniform(keys, chance.DETECTION, cadre.uid, WEEKLY * now + PUNISHED) < lever.sanction_follow_through:
            tally.recorded += filed(f, uniform(keys, chance.ADJUDICATION, cadre.uid, WEEKLY * now + FILED_ERROR))
            cadre.record += 1.0
            cadre.motivation *= 1.0 - p.harsh_spirit
    else:
        u = uniform(keys, chance.DETECTION, cadre.uid, WEEKLY * now + TOLERATED)
        tolerated = 1.0 if u < lever.tolerance else 0.0
        if tolerated == 0.0:
            cadre.motivation *= 1.0 - p.reproach_spirit
    cadre.believed_tolerance += p.own_lesson * (tolerated - cadre.believed_tolerance)


@kernel
def believe(p, theory, levers, place, villages, cadres):
    """Cadres learn how likely detection is, and how honest errors are judged."""
    lever = levers[0]
    covered = (1.0 - lever.error_harshness) * lever.tolerance
    seen = seen_detection(p, theory, place.audit_seen, place.sanction_seen, place.exposure_seen)
    speed = p.belief_speed * (p.vivid_speed if theory == AVAILABILITY else 1.0)
    planned = lever.supervision * lever.audit_depth
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        own = 0.0
        if cadre.village >= 0:
            own = villages[cadre.village].examined
        remembered = min(1.0, learned(cadre.remembered_detection, seen, speed))
        remembered += p.belief_own * own * lever.audit_depth * (1.0 - remembered)
        cadre.remembered_detection = remembered
        cadre.believed_detection = believed(p, theory, remembered, planned)
        cadre.believed_tolerance = learned(cadre.believed_tolerance, covered, p.tolerance_speed)
    place.exposure_seen *= 1.0 - p.exposure_fading
