"""Conduct: who takes what, where, and when nobody looks.

Money passes cadres' hands in four channels: benefits (kin, false claims, ghost recipients), collective
assets (rents uncollected, money borrowed and partly returned), small projects (award, splitting, sizes
chosen around the ceiling) and expense claims. A cadre who meets an opportunity takes it if the gain
that stays hidden exceeds believed detection x sanction x follow-through plus the moral cost, with noise.
Closing one channel moves rent to the others: the opportunity goes where the net gain is. Township
bookkeeping closes village accounts to abuse and opens a smaller door at the township.

Theory   crime and punishment (Becker 1968), rival theory: peer norms (Bicchieri 2006); displacement
         (Yang 2008; Olken 2007)
Reads    levers tolerance, error_shelter, sanction_severity, sanction_follow_through, benefit_platform,
         asset_platform, township_bookkeeping, accounts_publicity, data_sharing, tender_compliance,
         direct_award_ceiling; cadre beliefs, integrity; village.norm, opacity
Writes   cadre.propensity (a week, by channel), rate, open_weeks, owed; diverted yuan by channel
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import rule, week
from sim.mechanisms.residents import bounded
from sim.state import CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, FINANCE, SECRETARY

DETERRENCE, PEER_NORM = 0, 1


@rule
def weekly_flow(channel, village, f):
    """Discretionary money that passes through a channel of a village in a week (yuan)."""
    if channel == CH_BENEFITS:
        return f.benefit_yuan_resident_year * village.residents / 52.0
    if channel == CH_ASSETS:
        return f.asset_share * village.income / 52.0
    if channel == CH_CLAIMS:
        return f.claims_yuan_cadre_year * village.cadres / 52.0
    return f.project_share * village.transfers / 52.0


@rule
def opacity(channel, village, lever, p):
    """Share of a channel that stays hidden from anyone who might look (0-1)."""
    hidden = village.opacity * (1.0 - p.publicity_opens * lever.accounts_publicity)
    if channel == CH_BENEFITS:
        return hidden * (1.0 - p.platform_opens * lever.benefit_platform) * (1.0 - p.data_opens * lever.data_sharing)
    if channel == CH_ASSETS:
        return (
            hidden
            * (1.0 - p.platform_opens * lever.asset_platform)
            * (1.0 - p.bookkeeping_opens * lever.township_bookkeeping)
        )
    if channel == CH_CLAIMS:
        return hidden * (1.0 - p.bookkeeping_opens * lever.township_bookkeeping)
    return hidden * (1.0 - p.tender_opens * lever.tender_compliance)


@rule
def seen_by_machine(channel, lever, p):
    """Yearly chance that a platform shows an irregularity, as every cadre knows it."""
    if channel == CH_BENEFITS:
        return p.platform_sees * lever.benefit_platform
    if channel == CH_ASSETS:
        return p.platform_sees * lever.asset_platform
    if channel == CH_CLAIMS:
        return p.bookkeeping_sees * lever.township_bookkeeping
    return 0.0


@rule
def expected_loss(detected, shelter, tolerance, follow_through, severity, pay, caution):
    """Yuan a year that a taker expects to lose; what passes as an honest error costs nothing."""
    return detected * (1.0 - shelter * tolerance) * follow_through * severity * pay * caution


@rule
def moral_cost(integrity, norm, stake, weight, norm_weight):
    """Yuan a year that taking costs one's conscience and standing, in proportion to the stake."""
    return stake * weight * (integrity + norm_weight * norm)


@rule
def takes(net, noise):
    """Probability that an opportunity is taken, given its net gain."""
    return 1.0 / (1.0 + np.exp(-bounded(net / noise, -30.0, 30.0)))


@rule
def net_gain(channel, cadre, village, lever, p, f, theory):
    """Yuan a year that a channel would bring, after fear and conscience."""
    stake = p.share_usual * 52.0 * weekly_flow(channel, village, f) * cadre.access[channel]
    if channel == CH_BENEFITS:
        stake *= 1.0 + p.kin_pull * cadre.kin_share
    if channel == CH_PROJECTS:
        stake *= 1.0 + p.business_gain * cadre.business
    gain = stake * opacity(channel, village, lever, p)
    detected = 1.0 - (1.0 - cadre.believed_detection) * (1.0 - seen_by_machine(channel, lever, p))
    fear = 1.0
    norm_weight = p.norm_weight
    if theory[0] == PEER_NORM:
        fear = p.rival_fear
        norm_weight = p.rival_norm
    loss = fear * expected_loss(
        detected,
        lever.error_shelter,
        lever.tolerance,
        lever.sanction_follow_through,
        lever.sanction_severity,
        f.pay_yuan,
        cadre.caution,
    )
    return (
        gain
        - loss * stake / (stake + p.loss_stake)
        - moral_cost(cadre.integrity, village.norm, stake, p.moral_weight, norm_weight)
    )


@week
def propensities(p, f, theory, levers, villages, cadres):
    """Weekly probability that each cadre starts taking in each channel."""
    lever = levers[0]
    value = np.zeros(4)
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        row = cadre.village
        scale = 1.0
        if row < 0:
            if cadre.role != FINANCE:
                for k in range(4):
                    cadre.propensity[k] = 0.0
                continue
            row = np.int64(cadre.uid % villages.shape[0])
            scale = p.township_door * lever.township_bookkeeping * cadre.posts
        village = villages[row]
        top = -1e30
        for k in range(4):
            value[k] = net_gain(k, cadre, village, lever, p, f, theory)
            top = max(top, value[k])
        total = 0.0
        for k in range(4):
            total += cadre.access[k] * np.exp((value[k] - top) / p.channel_noise)
        for k in range(4):
            if total <= 0.0 or cadre.access[k] <= 0.0:
                cadre.propensity[k] = 0.0
                continue
            chosen = cadre.access[k] * np.exp((value[k] - top) / p.channel_noise) / total
            cadre.propensity[k] = scale * p.opportunities_year / 52.0 * chosen * takes(value[k], p.conduct_noise)


@week
def divert(now, p, f, keys, levers, place, villages, cadres, tallies):
    """Open episodes, let money flow, and award the week's projects."""
    for v in range(villages.shape[0]):
        village = villages[v]
        tally = tallies[village.group]
        for k in range(4):
            if k != CH_PROJECTS:
                tally.discretionary += weekly_flow(k, village, f)
                tally.delivered += weekly_flow(k, village, f)
        paid = p.restitution_year / 52.0 * village.restitution
        village.restitution -= paid
        tally.recovered += paid
        ghosts = 0.0
        for c in range(village.first_cadre, village.first_cadre + village.cadres):
            ghosts += take_from(now, p, f, keys, levers[0], village, cadres[c], tally)
        wrong = (
            p.wrong_usual
            * (1.0 - p.wrong_known * village.information)
            * (1.0 - p.wrong_shared * levers[0].data_sharing)
        )
        village.wrong_inclusion += p.roll_speed * (
            bounded(wrong + p.ghost_share * ghosts, 0.0, 0.9) - village.wrong_inclusion
        )
        village.wrong_exclusion += p.roll_speed * (
            bounded(
                p.excluded_usual * (1.0 - p.excluded_known * village.information) + p.ghost_crowding * ghosts, 0.0, 0.9
            )
            - village.wrong_exclusion
        )
        award_projects(now, p, f, keys, levers[0], village, cadres[village.desk[SECRETARY]], tally)
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        if cadre.village < 0 and cadre.role == FINANCE:
            village = villages[np.int64(cadre.uid % villages.shape[0])]
            take_from(now, p, f, keys, levers[0], village, cadre, tallies[cadre.group])


@rule
def take_from(now, p, f, keys, lever, village, cadre, tally):
    """One cadre's week: perhaps a new episode, and the money of the open ones; returns the benefit rate."""
    u = uniform(keys, chance.OPPORTUNITY, cadre.uid, 2 * now)
    size = uniform(keys, chance.OPPORTUNITY, cadre.uid, 2 * now + 1)
    for k in range(4):
        if k != CH_PROJECTS:
            if u < cadre.propensity[k]:
                if cadre.rate[k] == 0.0:
                    cadre.rate[k] = p.share_least + (p.share_most - p.share_least) * size
                    cadre.open_weeks[k] = 0.0
                    tally.episodes += 1.0
                u = 2.0
            else:
                u -= cadre.propensity[k]
    for k in range(4):
        if cadre.rate[k] > 0.0 and k != CH_PROJECTS:
            yuan = cadre.rate[k] * cadre.access[k] * weekly_flow(k, village, f)
            tally.delivered -= yuan
            if k == CH_BENEFITS:
                tally.diverted_benefits += yuan
            elif k == CH_CLAIMS:
                tally.diverted_claims += yuan
            else:
                tally.diverted_assets += yuan
                cadre.owed += p.borrowed * yuan
            cadre.open_weeks[k] += 1.0
            tally.open_episodes += 1.0
            lapse = uniform(keys, chance.OPPORTUNITY, cadre.uid + 1000003 * (k + 1), now)
            if lapse < p.lapse_year / 52.0:
                cadre.rate[k] = 0.0
    returned = p.returned_year / 52.0 * cadre.owed
    cadre.owed -= returned
    tally.recovered += returned
    return cadre.rate[CH_BENEFITS] * cadre.access[CH_BENEFITS]


@rule
def project_size(mean, spread, u, v):
    """Lognormal project size in yuan with the given mean (Box and Muller 1958)."""
    z = np.sqrt(-2.0 * np.log(1.0 - u)) * np.cos(2.0 * np.pi * v)
    return mean * np.exp(spread * z - 0.5 * spread * spread)


@rule
def award_projects(now, p, f, keys, lever, village, secretary, tally):
    """Small projects of the week: size around the ceiling, award, splitting, quality, fit."""
    yearly = f.project_share * village.transfers / f.project_yuan
    if uniform(keys, chance.PROJECTS, village.uid, 8 * now) >= yearly / 52.0:
        return
    size = project_size(
        f.project_yuan,
        f.project_spread,
        uniform(keys, chance.PROJECTS, village.uid, 8 * now + 1),
        uniform(keys, chance.PROJECTS, village.uid, 8 * now + 2),
    )
    tally.projects += 1.0
    tally.discretionary += size
    tally.delivered += size
    wants = (
        uniform(keys, chance.PROJECTS, village.uid, 8 * now + 3)
        < p.project_opportunity * secretary.propensity[CH_PROJECTS] * 52.0 / p.opportunities_year
    )
    by_rules = uniform(keys, chance.PROJECTS, village.uid, 8 * now + 4) < lever.tender_compliance
    direct = size <= lever.direct_award_ceiling
    split = wants and not direct and (not by_rules or size < p.split_up_to * lever.direct_award_ceiling)
    taken = 0.0
    if wants and (direct or split or not by_rules):
        tally.projects_rigged += 1.0
        taken = p.kickback
        tally.diverted_projects += taken * size
        tally.delivered -= taken * size
        secretary.skimmed += taken * size
    if split:
        tally.projects_split += 1.0
    misses = uniform(keys, chance.PROJECTS, village.uid, 8 * now + 5) < village.misfit
    tally.misfit += village.misfit
    slow = p.project_slow * lever.tender_compliance + p.project_consult * lever.consultation
    if misses:
        tally.projects_redone += 1.0
    else:
        gain = (
            p.project_gain * (1.0 - p.quality_loss * taken) * (1.0 + p.business_fit * secretary.business) / (1.0 + slow)
        )
        village.project_value = min(1.0, village.project_value + gain * (1.0 - village.project_value))
