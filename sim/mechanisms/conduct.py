"""Conduct: who takes what, where, and when nobody looks.

Money passes cadres' hands in four channels: benefits (kin, false claims, ghost recipients), collective
assets (rents uncollected, money borrowed and partly returned), small projects (awards steered, projects
split or kept just under the direct-award ceiling) and expense claims. A cadre who meets an opportunity
takes it if the gain that stays hidden exceeds believed detection x sanction x follow-through plus the moral
cost, with noise in proportion to what is at stake.
Once begun, taking goes on without asking conscience again: who takes lies low while fear outweighs what stays
hidden, and takes again when fear fades.
Closing one channel moves rent to the others: the opportunity goes where the net gain is. Township
bookkeeping closes village accounts to abuse and opens a smaller door at the township.

Theory   crime and punishment (Becker 1968), rival theory: peer norms (Bicchieri 2006); displacement
         (Yang 2008; Olken 2007); corruption that has become normal (Ashforth & Anand 2003); crackdowns (Sherman 1990)
Reads    levers tolerance, error_shelter, sanction_severity, sanction_follow_through, data_sharing,
         consultation, committee_independence, reporting_reach, accounts_publicity, benefit_platform,
         asset_platform, township_bookkeeping, tender_compliance, direct_award_ceiling; cadre beliefs,
         integrity; village.norm, opacity
Writes   cadre.propensity (a week, by channel), dared (share), rate, open_weeks, taken, owed, skimmed (yuan);
         village.wrong_inclusion, wrong_exclusion (shares), project_value (0-1), restitution (yuan); diverted
         yuan by channel
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.mechanisms.residents import bounded
from sim.vocabulary import CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, FINANCE, PEER_NORM, SECRETARY

# Numbers of the draws of one week, DRAWS * now + number: a cadre's of OPPORTUNITY, a village's of PROJECTS.
DRAWS = 8
BEGINS, PART, ENDS = range(3)  # ENDS + channel
DUE, SIZE, SIZE_TOO, WANTED, BY_RULES, MISSES, SHUNS, CUT = range(DRAWS)


@kernel
def weekly_flow(channel, village, f):
    """Discretionary money that passes through a channel of a village in a week (yuan)."""
    if channel == CH_BENEFITS:
        return f.benefit_yuan_resident_year * village.residents / 52.0
    if channel == CH_ASSETS:
        return f.asset_share * village.income / 52.0
    if channel == CH_CLAIMS:
        return f.claims_yuan_cadre_year * village.cadres / 52.0
    return f.project_share * village.transfers / 52.0


@kernel
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


@kernel
def seen_by_machine(channel, lever, p):
    """Yearly chance that a platform shows an irregularity, as every cadre knows it."""
    if channel == CH_BENEFITS:
        return p.platform_sees * lever.benefit_platform
    if channel == CH_ASSETS:
        return p.platform_sees * lever.asset_platform
    if channel == CH_CLAIMS:
        return p.bookkeeping_sees * lever.township_bookkeeping
    return 0.0


@kernel
def known_to_be_watched(p, independent, reach, publicity):
    """Yearly chance of detection by those whom everybody in the village knows: a free committee, residents who dare."""
    sight = p.unpublished + (1.0 - p.unpublished) * publicity
    return 1.0 - (1.0 - p.committee_sees * independent * sight) * (1.0 - p.residents_see * reach * sight)


@kernel
def expected_loss(p, detected, shelter, tolerance, follow_through, severity, pay, caution):
    """Yuan a year that a taker expects to lose.

    What passes as an honest error costs nothing if it is tolerated, and part of the sanction if it is not.
    """
    punished = follow_through * ((1.0 - shelter) + shelter * (1.0 - tolerance) * p.lapse_loss)
    return detected * punished * severity * pay * caution


@kernel
def moral_cost(integrity, norm, taken, weight, norm_weight):
    """Yuan a year that taking costs one's conscience and standing, in proportion to what is felt as taking."""
    return taken * weight * (integrity + norm_weight * norm)


@kernel
def takes(net, noise):
    """Probability that an opportunity is taken, given its net gain."""
    return 1.0 / (1.0 + np.exp(-bounded(net / noise, -30.0, 30.0)))


@kernel
def stake_of(channel, cadre, village, p, f):
    """Yuan a year that a cadre could take from a channel: what is in reach, more with kin or an own business."""
    stake = p.share_usual * 52.0 * weekly_flow(channel, village, f) * cadre.access[channel]
    if channel == CH_BENEFITS:
        return stake * (1.0 + p.kin_pull * cadre.kin_share)
    if channel == CH_PROJECTS:
        return stake * (1.0 + p.business_gain * cadre.business)
    return stake


@kernel
def taken_seriously(p, stake):
    """Weight (0-1) that sanction and hesitation have at a stake: small sums bring small sanctions. Assumption."""
    return stake / (stake + p.loss_stake)


@kernel
def net_gain(channel, stake, cadre, village, lever, p, f, theory):
    """Yuan a year that stay hidden in a channel, less what is feared."""
    independent = 1.0 if village.chair_rank < lever.committee_independence else 0.0
    watched = known_to_be_watched(
        p, independent, lever.reporting_reach * lever.sanction_follow_through, lever.accounts_publicity
    )
    unseen = (1.0 - cadre.believed_detection) * (1.0 - seen_by_machine(channel, lever, p)) * (1.0 - watched)
    loss = expected_loss(
        p,
        1.0 - unseen,
        lever.error_shelter,
        lever.tolerance,
        lever.sanction_follow_through,
        lever.sanction_severity,
        f.pay_yuan,
        cadre.caution,
    )
    fear = p.rival_fear if theory == PEER_NORM else 1.0
    return stake * opacity(channel, village, lever, p) - fear * loss * taken_seriously(p, stake)


@kernel
def conscience(channel, stake, cadre, village, p, theory):
    """Yuan a year that the first step costs in conscience and standing."""
    felt = stake
    if channel == CH_PROJECTS:  # what one's own firm earns by an award is not felt as taking
        felt = stake / (1.0 + p.business_gain * cadre.business)
    norm_weight = p.rival_norm if theory == PEER_NORM else p.norm_weight
    return moral_cost(cadre.integrity, village.norm, felt, p.moral_weight, norm_weight)


@kernel
def pull(access, value, top, noise):
    """Weight of a channel in the choice where to look for gain; 0 without access."""
    return access * np.exp((value - top) / noise)


@kernel
def begins(p, chosen, value, stake):
    """Weekly probability that an episode begins in a channel: an opportunity, there, taken."""
    return p.opportunities_year / 52.0 * chosen * takes(value, p.conduct_noise * taken_seriously(p, stake))


@kernel
def still_dared(p, value, stake):
    """Part (0-1) of what one used to take that one dares to take now; the rest waits until fear fades. Assumption."""
    return takes(value, p.conduct_noise * taken_seriously(p, stake))


@kernel
def episode_part(p, u):
    """Part of a channel's flow that an episode diverts."""
    return p.share_least + (p.share_most - p.share_least) * u


@kernel
def wrongly_included(p, information, data_sharing, ghosts):
    """Share of a village's benefit roll that should not be on it: errors, kin and ghosts (0-1)."""
    errors = p.wrong_usual * (1.0 - p.wrong_known * information) * (1.0 - p.wrong_shared * data_sharing)
    return bounded(errors + p.ghost_share * ghosts, 0.0, 1.0)


@kernel
def wrongly_excluded(p, information, ghosts):
    """Share of the eligible who are left out: unknown needs, and places that ghosts take (0-1)."""
    return bounded(p.excluded_usual * (1.0 - p.excluded_known * information) + p.ghost_crowding * ghosts, 0.0, 1.0)


@kernel
def propensities(p, f, theory, levers, villages, cadres):
    """Weekly probability that each cadre starts taking in each channel, and what those who take still dare."""
    lever = levers[0]
    stake = np.zeros(4)
    gain = np.zeros(4)
    value = np.zeros(4)
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        row = cadre.village
        scale = 1.0
        if row < 0:
            if cadre.role != FINANCE:
                for k in range(4):
                    cadre.propensity[k] = 0.0
                    cadre.dared[k] = 0.0
                continue
            row = cadre.assigned
            scale = p.township_door * lever.township_bookkeeping * cadre.posts
        village = villages[row]
        top = -1e30
        for k in range(4):
            stake[k] = stake_of(k, cadre, village, p, f)
            gain[k] = net_gain(k, stake[k], cadre, village, lever, p, f, theory)
            value[k] = gain[k] - conscience(k, stake[k], cadre, village, p, theory)
            top = max(top, value[k])
        total = 0.0
        for k in range(4):
            total += pull(cadre.access[k], value[k], top, p.channel_noise)
        for k in range(4):
            if stake[k] <= 0.0:
                cadre.propensity[k] = 0.0
                cadre.dared[k] = 0.0
                continue
            cadre.dared[k] = still_dared(p, gain[k], stake[k]) if k != CH_PROJECTS else 0.0
            chosen = pull(cadre.access[k], value[k], top, p.channel_noise) / total
            cadre.propensity[k] = scale * begins(p, chosen, value[k], stake[k])


@kernel
def divert(now, p, f, keys, levers, villages, cadres, tallies):
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
            ghosts += take_from(now, p, f, keys, village, cadres[c], tally)
        included = wrongly_included(p, village.information, levers[0].data_sharing, ghosts)
        excluded = wrongly_excluded(p, village.information, ghosts)
        village.wrong_inclusion += p.roll_speed * (included - village.wrong_inclusion)
        village.wrong_exclusion += p.roll_speed * (excluded - village.wrong_exclusion)
        award_projects(now, p, f, keys, levers[0], village, cadres[village.desk[SECRETARY]], tally)
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        if cadre.village < 0 and cadre.role == FINANCE:
            take_from(now, p, f, keys, villages[cadre.assigned], cadre, tallies[cadre.group])


@kernel
def take_from(now, p, f, keys, village, cadre, tally):
    """One cadre's week: perhaps a new episode, and the money of the open ones; returns the benefit rate."""
    u = uniform(keys, chance.OPPORTUNITY, cadre.uid, DRAWS * now + BEGINS)
    for k in range(4):
        if k != CH_PROJECTS:
            if u < cadre.propensity[k]:
                if cadre.rate[k] == 0.0:
                    cadre.rate[k] = episode_part(p, uniform(keys, chance.OPPORTUNITY, cadre.uid, DRAWS * now + PART))
                    cadre.open_weeks[k] = 0.0
                    cadre.taken[k] = 0.0
                    tally.episodes += 1.0
                u = 1.0
            else:
                u -= cadre.propensity[k]
    for k in range(4):
        if cadre.rate[k] > 0.0 and k != CH_PROJECTS:
            yuan = cadre.dared[k] * cadre.rate[k] * cadre.access[k] * weekly_flow(k, village, f)
            cadre.taken[k] += yuan
            tally.delivered -= yuan
            if k == CH_BENEFITS:
                tally.diverted_benefits += yuan
            elif k == CH_CLAIMS:
                tally.diverted_claims += yuan
            else:
                tally.diverted_assets += yuan
                cadre.owed += p.borrowed * yuan
            cadre.open_weeks[k] += 1.0
            if uniform(keys, chance.OPPORTUNITY, cadre.uid, DRAWS * now + ENDS + k) < p.lapse_year / 52.0:
                cadre.rate[k] = 0.0
    returned = p.returned_year / 52.0 * cadre.owed
    cadre.owed -= returned
    tally.recovered += returned
    return cadre.dared[CH_BENEFITS] * cadre.rate[CH_BENEFITS] * cadre.access[CH_BENEFITS]


@kernel
def project_size(mean, spread, u, v):
    """Lognormal project size in yuan with the given mean (Box and Muller 1958)."""
    z = np.sqrt(-2.0 * np.log(1.0 - u)) * np.cos(2.0 * np.pi * v)
    return mean * np.exp(spread * z - 0.5 * spread * spread)


@kernel
def steered(p, propensity):
    """Probability that an award is wanted to go to a friend, where it can be steered."""
    return p.project_opportunity * propensity * 52.0 / max(p.opportunities_year, 1e-9)


@kernel
def kickback(p, business):
    """Part of a rigged project that is taken; more where one's own firm gets the job."""
    return p.kickback * (1.0 + p.business_gain * business)


@kernel
def shuns_tender(p, wants, tender_compliance, u):
    """Whether a tender is avoided: by who wants to steer the award, and by the honest where rules make it slow."""
    return wants or u < p.tender_shunned * tender_compliance


@kernel
def kept_under(p, size, ceiling, shuns, u):
    """Size a project is given (yuan): a little above the ceiling, it is cut to just under it to avoid a tender."""
    if shuns and ceiling < size <= p.bunch_up_to * ceiling:
        return ceiling * (1.0 - p.bunch_width * u)
    return size


@kernel
def is_split(p, size, ceiling, wants, by_rules):
    """Whether a project above the ceiling is split so that no tender is needed."""
    return wants and size > ceiling and (not by_rules or size < p.split_up_to * ceiling)


@kernel
def is_rigged(wants, size, ceiling, split, by_rules):
    """Whether an award is steered: wanted, and possible without a tender, by splitting or against the rules."""
    return wants and (size <= ceiling or split or not by_rules)


@kernel
def project_use(p, taken, served, business, tender_compliance, consultation):
    """Use that residents have of a fitting project: quality, the part of the need it serves, and how late it comes."""
    slow = p.project_slow * tender_compliance + p.project_consult * consultation
    return p.project_gain * (1.0 - p.quality_loss * taken) * served * (1.0 + p.business_fit * business) / (1.0 + slow)


@kernel
def award_projects(now, p, f, keys, lever, village, secretary, tally):
    """Small projects of the week: size around the ceiling, award, splitting, quality, fit."""
    yearly = f.project_share * village.transfers / f.project_yuan
    if uniform(keys, chance.PROJECTS, village.uid, DRAWS * now + DUE) >= yearly / 52.0:
        return
    need = project_size(
        f.project_yuan,
        f.project_spread,
        uniform(keys, chance.PROJECTS, village.uid, DRAWS * now + SIZE),
        uniform(keys, chance.PROJECTS, village.uid, DRAWS * now + SIZE_TOO),
    )
    ceiling = lever.direct_award_ceiling
    opportunity = steered(p, secretary.propensity[CH_PROJECTS])
    wants = uniform(keys, chance.PROJECTS, village.uid, DRAWS * now + WANTED) < opportunity
    by_rules = uniform(keys, chance.PROJECTS, village.uid, DRAWS * now + BY_RULES) < lever.tender_compliance
    shuns = shuns_tender(
        p, wants, lever.tender_compliance, uniform(keys, chance.PROJECTS, village.uid, DRAWS * now + SHUNS)
    )
    size = kept_under(p, need, ceiling, shuns, uniform(keys, chance.PROJECTS, village.uid, DRAWS * now + CUT))
    split = is_split(p, size, ceiling, wants, by_rules)
    tally.projects += 1.0
    tally.discretionary += size
    tally.delivered += size
    taken = 0.0
    if is_rigged(wants, size, ceiling, split, by_rules):
        tally.projects_rigged += 1.0
        taken = kickback(p, secretary.business)
        tally.diverted_projects += taken * size
        tally.delivered -= taken * size
        secretary.skimmed += taken * size
    if split:
        tally.projects_split += 1.0
    if size < need:
        tally.projects_bunched += 1.0
    use = project_use(p, taken, size / need, secretary.business, lever.tender_compliance, lever.consultation)
    tally.project_quality += use / p.project_gain
    if uniform(keys, chance.PROJECTS, village.uid, DRAWS * now + MISSES) < village.misfit:
        tally.projects_redone += 1.0
    else:
        village.project_value += use * (1.0 - village.project_value)
