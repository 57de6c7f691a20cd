"""Oversight: who examines and who finds what; it is judged in adjudication.py and believed in beliefs.py.

A village is examined in depth at most once a year, in a keyed week. Detection combines independent channels. They are
the examination (by its depth), an oversight committee independent of the secretary, and residents who know how and dare
to report. Platforms, cross-checked data (wrong claims), township bookkeeping and tender rules detect too. The plan of
examinations is announced, and so is its end. Examinations are done by people: where posts are too few for the plan,
examinations are fewer and above all shallower, which is not announced. Episodes that others cover are hidden from
committee and bookkeeping; if one is found, all are.

Theory   audit experiments (Olken 2007; Avis, Ferraz & Finan 2018)
Reads    levers supervision, audit_depth, committee_independence, reporting_reach, accounts_publicity,
         benefit_platform, asset_platform, township_bookkeeping, exposure, tolerance, error_shelter,
         sanction_follow_through, data_sharing, tender_compliance
Facts    examiners' hours, filed_share, other_offences_village_year
Writes   village.examined, depth (0-1), hazard, covered_hazard (a week, by channel), ring_found,
         sanction_probability (0-1);
         township.examiners (0-1), leads, examined_seen, audit_seen (a year), sanction_seen;
         tallies examined
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.maths import exp, log, power
from sim.mechanisms.adjudication import is_open, judge_cadre, sanctioned, stumbled_on
from sim.mechanisms.beliefs import learned
from sim.vocabulary import CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, DISCIPLINE

YEARLY = 2  # draws of EXAMINATION for a village in a year: YEARLY * year + one of these
CHOSEN, WEEK = range(YEARLY)


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
def examine(now, p, f, lever, keys, township, villages, cadres):
    """Examinations in depth of one week: as many and as deep as examiners' hours allow, which nobody is told."""
    year = np.int64(np.floor(now / 52.0))
    posts = 0.0
    for c in range(cadres.shape[0]):
        if cadres[c].village < 0 and cadres[c].role == DISCIPLINE:
            posts += cadres[c].posts
    count = villages.shape[0]
    needed = hours_needed(p, f, count, lever.supervision, lever.audit_depth, township.leads)
    township.examiners = reached(f, needed, hours_there(f, posts, count))
    coverage = lever.supervision * power(township.examiners, f.coverage_yields)
    depth = lever.audit_depth * power(township.examiners, f.depth_yields)
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
def find_and_judge(now, p, f, keys, levers, township, villages, cadres, tallies):
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
    township.examined_seen = 52.0 * seen / count
    township.audit_seen = 52.0 * visible / count
    township.sanction_seen = learned(township.sanction_seen, 52.0 * sanctions / count, p.news_speed)
    township.leads = learned(township.leads, 52.0 * leads + f.idle_leads_village_year * count, p.news_speed)
