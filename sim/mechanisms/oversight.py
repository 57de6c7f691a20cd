"""Oversight: who finds what, how it is judged, and what cadres come to believe.

A village is examined in depth at most once a year, in a keyed week. Detection combines independent channels:
the examination (as deep as it can see), an oversight committee that does not answer to the secretary, residents
who know how and dare to report, platforms, cross-checked data (wrong claims), township bookkeeping, tender
rules. What is found is sanctioned or goes free: free goes what passes as an honest error and is tolerated, and
what is not followed through. A sanction brings repayment, a record, perhaps removal and publicity. Most of what
is sanctioned ends with criticism and a talk; the rest is filed as a case, and only filed cases are recorded.
Residents know of the wrongs that are made public. An episode found but not sanctioned may go on; what it took
until then is not pursued again. What is to be examined is announced, and its end is too; cadres take the plan
at its word in part, and for the rest go by memory: a count of examinations by what they can see, in which old
ones fade. What is believed of being examined, and of being found, are two things. Examinations are done by
people: where posts are too few for the plan, examinations are fewer and above all shallower, and nobody is told.
Episodes that others cover hide from committee and bookkeeping; one found is all found.

Theory   audit experiments (Olken 2007; Avis, Ferraz & Finan 2018), learning of enforcement (Sah 1991),
         audits announced and withdrawn (Kleven et al. 2011; Dai, Hogarth & Villeval 2015), availability (Tversky
         & Kahneman 1973)
Reads    levers supervision, audit_depth, committee_independence, reporting_reach, accounts_publicity,
         benefit_platform, asset_platform, township_bookkeeping, exposure, tolerance, error_shelter,
         error_harshness, sanction_follow_through, data_sharing, tender_compliance
Facts    examiners' hours, filed_share, other_offences_village_year
Writes   village.examined, depth (0-1), hazard, covered_hazard (a week, by channel), ring_found,
         sanction_probability, wrongs_known (0-1), restitution, restitution_fresh (yuan);
         cadre.remembered_examined, remembered_detection, believed_examined, believed_detection,
         believed_tolerance, record, harsh, motivation, rate, taken, fresh, owed, owed_fresh (at a verdict);
         place.examiners (0-1), leads, examined_seen, audit_seen (a year), sanction_seen;
         tallies detected, recorded, examined, found, sanctioned (yuan by channel)
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.maths import exp, log, power
from sim.vocabulary import AVAILABILITY, CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, DISCIPLINE, UNHEEDED

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
    return 1.0 - exp(log(1.0 - yearly) / 52.0)


@kernel
def hours_needed(p, f, villages, coverage, depth, leads):
    """Hours a year that examiners need: for examinations, the deeper the longer, and to follow up leads."""
    return villages * coverage * (f.examination_least + f.examination_deep * depth) + leads * p.lead_hours


@kernel
def hours_there(f, posts, villages):
    """Hours a year that examiners have: those of the township's posts, and those bought from outside."""
    return posts * f.township_hours * f.examiner_weeks * f.examiner_share + villages * f.examiners_bought


@kernel
def reached(f, needed, there):
    """Part of the hours they need that examiners have (0-1); all of them where the rule is switched off."""
    return there / needed if f.examiners * needed > there else 1.0


@kernel
def detection_hazard(
    channel, examined, depth, independent, reach, publicity, platform, bookkeeping, data, tender, inside, p
):
    """Weekly probability that an open episode is detected, over independent channels.

    inside: what committee and bookkeeping see of it, 1 if nobody covers it.
    """
    sight = p.sees_projects if channel == CH_PROJECTS else p.sees_books
    examination = examined * depth * sight
    committee = weekly(inside * p.committee_sees * independent * (p.unpublished + (1.0 - p.unpublished) * publicity))
    residents = weekly(p.residents_see * reach * (p.unpublished + (1.0 - p.unpublished) * publicity))
    machine = weekly(p.platform_detects * platform)
    crossed = weekly(p.data_detects * data)
    audit = weekly(inside * p.bookkeeping_detects * bookkeeping)
    rules = weekly(p.tender_detects * tender) if channel == CH_PROJECTS else 0.0
    return 1.0 - (1.0 - examination) * (1.0 - committee) * (1.0 - residents) * (1.0 - machine) * (1.0 - crossed) * (
        1.0 - audit
    ) * (1.0 - rules)


@kernel
def sanctioned(shelter, tolerance, follow_through):
    """Probability that detected misconduct is sanctioned: not what passes as an honest error and is tolerated."""
    return (1.0 - shelter * tolerance) * follow_through


@kernel
def noticed_failure(p, examined, visits, reach):
    """Probability that anyone notices a failed try: an examination, a visit, a complaint."""
    unseen = (1.0 - p.failure_seen * examined) * (1.0 - p.failure_inspected * min(1.0, visits))
    return 1.0 - unseen * (1.0 - p.failure_complained * reach)


@kernel
def seen_detection(p, theory, audit_seen, sanction_seen):
    """Yearly chance of detection that this week suggests; by the rival theory vivid cases count beyond their number.

    A week's count is a rate and may exceed 1; belief, which averages it over years, does not.
    """
    if theory != AVAILABILITY:
        return audit_seen
    return 1.0 - (1.0 - audit_seen) * (1.0 - min(1.0, p.vivid * sanction_seen))


@kernel
def learned(belief, seen, speed):
    """A belief moves towards what is seen, and is forgotten without reminders at the same speed."""
    return belief + speed * (seen - belief)


@kernel
def plan_weight(p, theory):
    """Part of a plan of examinations that is taken at its word: none by the rival theories (vivid cases, experience).

    A plan for which there are too few examiners is announced like any other, and believed in the same part.
    """
    return 0.0 if theory.belief == AVAILABILITY or theory.plan == UNHEEDED else p.plan_heeded


@kernel
def believed(heeded, remembered, planned):
    """A belief (0-1 a year): the announced plan, as far as it is taken at its word, and memory."""
    return remembered + heeded * (planned - remembered)


@kernel
def memory_later(p, remembered, seen, own, speed):
    """Memory of examinations (0-1 a year) a week later: it follows what is seen, and jumps by one's own."""
    memory = min(1.0, learned(remembered, seen, speed))
    return memory + p.belief_own * own * (1.0 - memory)


@kernel
def filed(f, u):
    """1 if what was sanctioned becomes a filed case, 0 if it ends with criticism and a talk."""
    return 1.0 if u < f.filed_share else 0.0


@kernel
def shown(p, channel, taken, owed):
    """Yuan that a taker still has of what is found: of what was borrowed from assets, what is not yet returned."""
    return (1.0 - p.borrowed) * taken + owed if channel == CH_ASSETS else taken


@kernel
def examine(now, p, f, lever, keys, place, villages, cadres):
    """Examinations in depth of one week: as many and as deep as examiners' hours allow, which nobody is told."""
    year = np.int64(np.floor(now / 52.0))
    posts = 0.0
    for c in range(cadres.shape[0]):
        if cadres[c].village < 0 and cadres[c].role == DISCIPLINE:
            posts += cadres[c].posts
    count = villages.shape[0]
    needed = hours_needed(p, f, count, lever.supervision, lever.audit_depth, place.leads)
    place.examiners = reached(f, needed, hours_there(f, posts, count))
    coverage = lever.supervision * power(place.examiners, f.coverage_yields)
    depth = lever.audit_depth * power(place.examiners, f.depth_yields)
    for v in range(villages.shape[0]):
        village = villages[v]
        village.examined = examined_now(
            now,
            coverage,
            uniform(keys, chance.EXAMINATION, village.uid, YEARLY * year + CHOSEN),
            uniform(keys, chance.EXAMINATION, village.uid, YEARLY * year + WEEK),
        )
        village.depth = depth


@kernel
def hazard_here(p, lever, channel, examined, depth, independent, covered):
    """Weekly probability that an open episode is detected, in a village under this week's levers."""
    platform = 0.0
    data = 0.0
    if channel == CH_BENEFITS:
        platform = lever.benefit_platform
        data = lever.data_sharing
    elif channel == CH_ASSETS:
        platform = lever.asset_platform
    return detection_hazard(
        channel,
        examined,
        depth,
        independent,
        lever.reporting_reach * lever.sanction_follow_through,
        lever.accounts_publicity,
        platform,
        lever.township_bookkeeping if channel in (CH_ASSETS, CH_CLAIMS) else 0.0,
        data,
        lever.tender_compliance,
        p.covered_seen if covered else 1.0,
        p,
    )


@kernel
def look(p, levers, villages):
    """The chance that an open episode is found in each village this week, and then sanctioned.

    Villages that are not examined differ by their committee only, so that theirs are worked out once.
    """
    lever = levers[0]
    usual = np.empty((4, 2, 2))
    for k in range(4):
        for independent in range(2):
            for covered in range(2):
                usual[k, independent, covered] = hazard_here(p, lever, k, 0.0, 0.0, independent, covered)
    for v in range(villages.shape[0]):
        village = villages[v]
        independent = 1 if village.chair_rank < lever.committee_independence else 0
        for k in range(4):
            village.hazard[k] = usual[k, independent, 0]
            village.covered_hazard[k] = usual[k, independent, 1]
            if village.examined > 0.0:
                depth = village.depth
                village.hazard[k] = hazard_here(p, lever, k, village.examined, depth, independent, 0)
                village.covered_hazard[k] = hazard_here(p, lever, k, village.examined, depth, independent, 1)
        village.sanction_probability = sanctioned(lever.error_shelter, lever.tolerance, lever.sanction_follow_through)


@kernel
def find_and_judge(now, p, f, keys, levers, place, villages, cadres, tallies):
    """Detect open episodes, judge them, and let the news travel: of examinations, by what they can see."""
    lever = levers[0]
    seen = 0.0
    visible = 0.0
    sanctions = 0.0
    leads = 0.0
    for v in range(villages.shape[0]):
        village = villages[v]
        tally = tallies[village.group]
        village.ring_found = 0.0
        seen += village.examined
        visible += village.examined * village.depth
        tally.examined += village.examined
        if uniform(keys, chance.RECORDED, village.uid, now) < f.other_offences_village_year / 52.0:
            tally.recorded += 1.0
            leads += 1.0
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        village = villages[cadre.assigned]
        for k in range(4):
            if cadre.ring[k] > 0.0 and is_open(p, cadre, k) and stumbled_on(now, keys, village, cadre, k):
                village.ring_found = 1.0
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        found, punished = judge_cadre(now, p, f, keys, lever, villages[cadre.assigned], cadre, tallies[cadre.group])
        leads += found
        sanctions += punished
    count = villages.shape[0]
    place.examined_seen = 52.0 * seen / count
    place.audit_seen = 52.0 * visible / count
    place.sanction_seen = learned(place.sanction_seen, 52.0 * sanctions / count, p.news_speed)
    place.leads = learned(place.leads, 52.0 * leads + f.idle_leads_village_year * count, p.news_speed)


@kernel
def is_open(p, cadre, k):
    """Whether a cadre has something open in a channel that can be found."""
    return cadre.rate[k] > 0.0 if k != CH_PROJECTS else cadre.taken[k] > p.evidence_least


@kernel
def stumbled_on(now, keys, village, cadre, k):
    """Whether an open episode is found this week by itself; what others cover is harder to see from inside."""
    hazard = village.covered_hazard[k] if cadre.ring[k] > 0.0 else village.hazard[k]
    return uniform(keys, chance.DETECTION, cadre.uid, WEEKLY * now + FOUND + k) < hazard


@kernel
def judge_cadre(now, p, f, keys, lever, village, cadre, tally):
    """Find and judge a cadre's open episodes of this week; returns how many were found, and how many punished.

    Of those who cover each other one found is all found.
    """
    found = 0.0
    sanctions = 0.0
    for k in range(4):
        if not is_open(p, cadre, k):
            continue
        tally.open_episodes += 1.0
        moment = WEEKLY * now + k
        if not stumbled_on(now, keys, village, cadre, k) and cadre.ring[k] * village.ring_found == 0.0:
            continue
        found += 1.0
        tally.detected += 1.0
        tally.found[k] += cadre.taken[k]
        if k != CH_PROJECTS:
            tally.detected_running += 1.0
            tally.detection_weeks += cadre.open_weeks[k]
        if uniform(keys, chance.ADJUDICATION, cadre.uid, moment + VERDICT) < village.sanction_probability:
            sanctions += 1.0
            tally.recorded += filed(f, uniform(keys, chance.ADJUDICATION, cadre.uid, moment + FILED))
            made_public = uniform(keys, chance.DETECTION, cadre.uid, moment + PUBLIC) < lever.exposure
            sanction(p, village, cadre, k, made_public, tally)
        else:
            cadre.taken[k] = 0.0
            cadre.fresh[k] = 0.0
            if uniform(keys, chance.ADJUDICATION, cadre.uid, moment + STOPS) < p.stops_unpunished:
                cadre.rate[k] = 0.0
    cadre.taken[CH_PROJECTS] *= 1.0 - p.evidence_fading
    cadre.fresh[CH_PROJECTS] *= 1.0 - p.evidence_fading
    cadre.record *= 1.0 - p.record_fading
    cadre.harsh *= 1.0 - p.record_fading
    return found, sanctions


@kernel
def sanction(p, village, cadre, k, made_public, tally):
    """End an episode: a record, repayment of a part, and perhaps news of it in the village."""
    tally.sanctioned[k] += cadre.taken[k]
    village.restitution[k] += p.repaid * shown(p, k, cadre.taken[k], cadre.owed)
    village.restitution_fresh += p.repaid * shown(p, k, cadre.fresh[k], cadre.owed_fresh)
    cadre.taken[k] = 0.0
    cadre.fresh[k] = 0.0
    cadre.rate[k] = 0.0
    if k == CH_ASSETS:
        cadre.owed = 0.0
        cadre.owed_fresh = 0.0
    cadre.record += 1.0
    cadre.motivation *= 1.0 - p.sanction_spirit
    if made_public:
        village.wrongs_known += p.wrong_felt * (1.0 - village.wrongs_known)


@kernel
def judge_honest_error(now, p, f, keys, lever, village, cadre, tally, who):
    """A failed try, or a wrong decision, comes before the judges, if anyone notices: punished, or it goes free.

    What is neither punished nor expressly tolerated still teaches that trying is not safe.
    who: the number that keys its chance, the cadre's uid for a try.
    """
    noticed = noticed_failure(p, village.examined * village.depth, village.visits, lever.reporting_reach)
    if uniform(keys, chance.ADJUDICATION, who, WEEKLY * now + NOTICED) >= noticed:
        return
    if uniform(keys, chance.ADJUDICATION, who, WEEKLY * now + HARSH) < lever.error_harshness:
        tolerated = 0.0
        if uniform(keys, chance.DETECTION, who, WEEKLY * now + PUNISHED) < lever.sanction_follow_through:
            tally.recorded += filed(f, uniform(keys, chance.ADJUDICATION, who, WEEKLY * now + FILED_ERROR))
            cadre.record += 1.0
            cadre.harsh += 1.0
            cadre.motivation *= 1.0 - p.harsh_spirit
    else:
        u = uniform(keys, chance.DETECTION, who, WEEKLY * now + TOLERATED)
        tolerated = 1.0 if u < lever.tolerance else 0.0
    cadre.believed_tolerance += p.own_lesson * (tolerated - cadre.believed_tolerance)


@kernel
def believe(p, theory, levers, place, villages, cadres):
    """Cadres learn how likely it is to be examined and to be found, and how honest errors are judged."""
    lever = levers[0]
    tolerated = (1.0 - lever.error_harshness) * lever.tolerance
    seen = seen_detection(p, theory.belief, place.audit_seen, place.sanction_seen)
    speed = p.belief_speed * (p.vivid_speed if theory.belief == AVAILABILITY else 1.0)
    heeded = plan_weight(p, theory)
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        own = 0.0
        depth = 0.0
        if cadre.village >= 0:
            own = villages[cadre.village].examined
            depth = villages[cadre.village].depth
        cadre.remembered_examined = memory_later(p, cadre.remembered_examined, place.examined_seen, own, speed)
        cadre.remembered_detection = memory_later(p, cadre.remembered_detection, seen, own * depth, speed)
        cadre.believed_examined = believed(heeded, cadre.remembered_examined, lever.supervision)
        cadre.believed_detection = believed(heeded, cadre.remembered_detection, lever.supervision * lever.audit_depth)
        cadre.believed_tolerance = learned(cadre.believed_tolerance, tolerated, p.tolerance_speed)
