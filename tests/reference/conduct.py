"""Conduct: who takes what, where, and when nobody looks."""

from __future__ import annotations

from sim.chance import OPPORTUNITY, PROJECTS
from sim.mechanisms.conduct import (
    BEGINS,
    BY_RULES,
    CUT,
    DRAWS,
    DUE,
    ENDS,
    MISSES,
    PART,
    SHUNS,
    SIZE,
    SIZE_TOO,
    WANTED,
)  # fmt: skip
from sim.vocabulary import CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, FINANCE, SECRETARY, THEORIES
from tests.reference.rules import conduct

CHANNELS = (CH_BENEFITS, CH_ASSETS, CH_PROJECTS, CH_CLAIMS)
FLOWS = (CH_BENEFITS, CH_ASSETS, CH_CLAIMS)  # money that passes every week; projects come one by one
TAKEN_FROM = {CH_BENEFITS: "diverted_benefits", CH_ASSETS: "diverted_assets", CH_CLAIMS: "diverted_claims"}


def keeps_accounts(cadre) -> bool:
    """Whether a township cadre has village accounts in reach."""
    return cadre.home is None and cadre.role == FINANCE


def propensities(town):
    """Weekly probability that each cadre starts taking in each channel, and what those who take still dare."""
    p, f, lever = town.p, town.f, town.levers
    theory = THEORIES["conduct"].index(town.theory["conduct"])
    for cadre in town.cadres:
        cadre.propensity, cadre.dared = [0.0] * 4, [0.0] * 4
        if cadre.home is None and not keeps_accounts(cadre):
            continue
        scale = 1.0 if cadre.home else p.township_door * lever.township_bookkeeping * cadre.posts
        village = cadre.duty
        stakes = [conduct.stake_of(k, cadre, village, p, f) for k in CHANNELS]
        gains = [conduct.net_gain(k, stakes[k], cadre, village, lever, p, f, theory) for k in CHANNELS]
        costs = [conduct.conscience(k, stakes[k], cadre, village, p, theory) for k in CHANNELS]
        values = [gain - cost for gain, cost in zip(gains, costs, strict=True)]
        pulls = [conduct.pull(cadre.access[k], values[k], max(values), p.channel_noise) for k in CHANNELS]
        for k in CHANNELS:
            if stakes[k] > 0.0:
                cadre.dared[k] = conduct.still_dared(p, gains[k], stakes[k]) if k in FLOWS else 0.0
                cadre.propensity[k] = scale * conduct.begins(p, pulls[k] / sum(pulls), values[k], stakes[k])


def divert(town, now):
    """Open episodes, let money flow, and award the week's projects."""
    p, lever = town.p, town.obeyed("conduct", now)
    for village in town.villages:
        tally = town.tally(village)
        for k in FLOWS:
            tally.discretionary += conduct.weekly_flow(k, village, town.f)
            tally.delivered += conduct.weekly_flow(k, village, town.f)
        paid = p.restitution_year / 52.0 * village.restitution
        village.restitution -= paid
        tally.recovered += paid
        for cadre in village.committee:
            take(town, now, cadre)
        ghosts = sum(part_taken(cadre, CH_BENEFITS) for cadre in village.committee)
        included = conduct.wrongly_included(p, village.information, lever.data_sharing, ghosts)
        excluded = conduct.wrongly_excluded(p, village.information, ghosts)
        village.wrong_inclusion += p.roll_speed * (included - village.wrong_inclusion)
        village.wrong_exclusion += p.roll_speed * (excluded - village.wrong_exclusion)
        award(town, now, village, lever)
    for cadre in town.cadres:
        if keeps_accounts(cadre):
            take(town, now, cadre)


def take(town, now, cadre):
    """One cadre's week: perhaps a new episode, and the money of the open ones."""
    p, tally, village = town.p, town.tally(cadre), cadre.duty

    def chance(purpose: int) -> float:
        return town.chance(OPPORTUNITY, cadre.uid, DRAWS * now + purpose)

    begun = first_below(chance(BEGINS), {k: cadre.propensity[k] for k in FLOWS})
    if begun is not None and cadre.rate[begun] == 0.0:
        cadre.rate[begun] = conduct.episode_part(p, chance(PART))
        cadre.open_weeks[begun] = cadre.taken[begun] = 0.0
        tally.episodes += 1.0
        town.happened["village episode" if cadre.home else "township episode"] += 1
    for k in FLOWS:
        if cadre.rate[k] == 0.0:
            continue
        yuan = part_taken(cadre, k) * conduct.weekly_flow(k, village, town.f)
        cadre.taken[k] += yuan
        tally.delivered -= yuan
        setattr(tally, TAKEN_FROM[k], getattr(tally, TAKEN_FROM[k]) + yuan)
        cadre.owed += p.borrowed * yuan if k == CH_ASSETS else 0.0
        cadre.open_weeks[k] += 1.0
        if chance(ENDS + k) < p.lapse_year / 52.0:
            cadre.rate[k] = 0.0
            town.happened["episode ends by itself"] += 1
    returned = p.returned_year / 52.0 * cadre.owed
    cadre.owed -= returned
    tally.recovered += returned


def part_taken(cadre, k) -> float:
    """Part of a channel's flow that a cadre takes this week: of what was begun, as much as is dared."""
    return cadre.dared[k] * cadre.rate[k] * cadre.access[k]


def first_below(u: float, probabilities: dict[int, float]) -> int | None:
    """Which of several exclusive things happens, by one number; None if none."""
    for k, probability in probabilities.items():
        if u < probability:
            return k
        u -= probability
    return None


def award(town, now, village, lever):
    """Perhaps a small project: size around the ceiling, award, splitting, quality, fit."""
    p, f, tally = town.p, town.f, town.tally(village)
    secretary = village.holder[SECRETARY]

    def chance(purpose: int) -> float:
        return town.chance(PROJECTS, village.uid, DRAWS * now + purpose)

    if chance(DUE) >= f.project_share * village.transfers / f.project_yuan / 52.0:
        return
    ceiling, rules = lever.direct_award_ceiling, lever.tender_compliance
    need = conduct.project_size(f.project_yuan, f.project_spread, chance(SIZE), chance(SIZE_TOO))
    wants = chance(WANTED) < conduct.steered(p, secretary.propensity[CH_PROJECTS])
    by_rules = chance(BY_RULES) < rules
    shuns = conduct.shuns_tender(p, wants, rules, chance(SHUNS))
    size = conduct.kept_under(p, need, ceiling, shuns, chance(CUT))
    split = conduct.is_split(p, size, ceiling, wants, by_rules)
    rigged = conduct.is_rigged(wants, size, ceiling, split, by_rules)
    part = conduct.kickback(p, secretary.business) if rigged else 0.0
    use = conduct.project_use(p, part, size / need, secretary.business, rules, lever.consultation)
    misses = chance(MISSES) < village.misfit
    secretary.skimmed += part * size
    tally.projects += 1.0
    tally.projects_rigged += rigged
    tally.projects_split += split
    tally.projects_bunched += size < need
    tally.projects_redone += misses
    tally.discretionary += size
    tally.delivered += size - part * size
    tally.diverted_projects += part * size
    tally.project_quality += use / p.project_gain
    if not misses:
        village.project_value += use * (1.0 - village.project_value)
