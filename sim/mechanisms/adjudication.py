"""Adjudication: what is found is judged, sanctioned and recovered; some honest errors are taken for misconduct.

Investigators decide with error. Tolerance spares honest errors, and shelters a part of misconduct where both look
alike.

What is not followed through goes unpunished. A sanction brings repayment, a record, perhaps publicity; most of what is
sanctioned ends with criticism and a talk, and only filed cases are recorded. An episode found but not sanctioned may go
on; what it took until then is not pursued again.

Theory   both errors of a judgement, and tolerance that shelters as well as spares: assumptions
Reads    levers tolerance, error_harshness, exposure, reporting_reach, sanction_follow_through
Writes   cadre.believed_tolerance, record, harsh, motivation, rate, taken, fresh, owed, owed_fresh (at a verdict);
         village.restitution, restitution_fresh (yuan), wrongs_known (0-1); tallies detected, recorded, found,
         sanctioned (yuan by channel)
"""

from __future__ import annotations

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.vocabulary import CH_ASSETS, CH_PROJECTS

# Numbers of draws of DETECTION and ADJUDICATION for a cadre in a week, WEEKLY * now + number, and the channel where
# there is one episode a channel.
WEEKLY = 16
FOUND, PUBLIC, TOLERATED, PUNISHED = 0, 4, 8, 9
VERDICT, STOPS, NOTICED, HARSH, FILED, FILED_ERROR = 0, 4, 8, 9, 10, 14


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
def filed(f, u):
    """1 if what was sanctioned becomes a filed case, 0 if it ends with criticism and a talk."""
    return 1.0 if u < f.filed_share else 0.0


@kernel
def shown(p, channel, taken, owed):
    """Yuan that a taker still has of what is found: of what was borrowed from assets, what is not yet returned."""
    return (1.0 - p.borrowed) * taken + owed if channel == CH_ASSETS else taken


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

    Of cadres who cover each other, if one is found all are found.
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
