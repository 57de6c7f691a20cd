"""Conduct: which cadres take money, from which channel, and when. *Taking* means misappropriation.

Money passes cadres' hands in four channels. They are benefits (kin, false claims, ghost recipients), collective assets
(rents uncollected, money borrowed and partly returned), small projects (rigged awards: projects.py) and expense claims.
A cadre who meets an opportunity takes it if the gain that stays hidden exceeds the expected loss: believed detection x
sanction x follow-through, plus the moral cost. The choice has noise in proportion to what is at stake. Once begun, an
episode goes on without weighing conscience again. It pauses while fear outweighs what stays hidden, and resumes when
fear fades. Some cadres reckon neither with being seen nor with sanctions. Closing one channel displaces rent to the
others, where the net gain is. Township bookkeeping closes village accounts to abuse and opens a smaller opportunity at
the township.

Theory   crime and punishment (Becker 1968), rival theory: peer norms (Bicchieri 2006); displacement
         (Yang 2008; Olken 2007); corruption that has become normal (Ashforth & Anand 2003); crackdowns (Sherman 1990)
Reads    levers tolerance, error_shelter, sanction_severity, sanction_follow_through, data_sharing,
         consultation, committee_independence, reporting_reach, accounts_publicity, benefit_platform,
         asset_platform, township_bookkeeping, tender_compliance, direct_award_ceiling; cadre beliefs,
         integrity, motivation; village.norm, opacity, account
Writes   cadre.propensity (a week, by channel), dared (share), rate, open_weeks, ring, taken, fresh (yuan);
         village.left (share, by channel), wrong_inclusion, wrong_exclusion (shares); tallies opportunity,
         discretionary, delivered (yuan by channel)
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.maths import bounded, exp
from sim.mechanisms.accounts import (
    borrow,
    collect_dues,
    hand_out,
    lose,
    return_loans,
    to_account,
)
from sim.mechanisms.adjudication import sanctioned
from sim.mechanisms.channels import known_to_be_watched, opacity, seen_by_machine, weekly_flow
from sim.mechanisms.delivery import wrongly_excluded, wrongly_included
from sim.mechanisms.projects import award_projects
from sim.vocabulary import CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, FINANCE, PEER_NORM, SECRETARY

# Numbers of the draws of OPPORTUNITY of a cadre in one week, DRAWS * now + number.
DRAWS = 8
BEGINS, PART, ENDS, RING = 0, 1, 2, 6  # ENDS + channel


@kernel
def expected_loss(detected, shelter, tolerance, follow_through, severity, pay, caution):
    """Yuan a year that a taker expects to lose; what passes as an honest error costs nothing if it is tolerated."""
    return detected * sanctioned(shelter, tolerance, follow_through) * severity * pay * caution


@kernel
def moral_cost(integrity, norm, taken, weight, norm_weight):
    """Yuan a year that taking costs one's conscience and standing, in proportion to what is felt as taking."""
    return taken * weight * (integrity + norm_weight * norm)


@kernel
def steadfast(p, f, integrity, motivation):
    """Integrity as motivation has it. No evidence is known that study moves conduct: the range holds 0."""
    return integrity * (1.0 + f.conviction * p.conviction * (motivation - 0.5))


@kernel
def takes(net, noise):
    """Probability that an opportunity is taken, given its net gain."""
    return 1.0 / (1.0 + exp(-bounded(net / noise, -30.0, 30.0)))


@kernel
def stake_of(channel, cadre, village, p, f):
    """Yuan a year that a cadre could take from a channel: what is in reach, more with kin or an own business."""
    stake = p.share_usual * 52.0 * weekly_flow(channel, village, p, f) * cadre.access[channel]
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
    """Yuan a year that stay hidden in a channel, less what is feared.

    Who is heedless reckons neither with being seen nor with what would follow.
    """
    if cadre.heedless > 0.0:
        return stake * village.opacity
    independent = 1.0 if village.chair_rank < lever.committee_independence else 0.0
    watched = known_to_be_watched(
        p, independent, lever.reporting_reach * lever.sanction_follow_through, lever.accounts_publicity
    )
    unseen = (1.0 - cadre.believed_detection) * (1.0 - seen_by_machine(channel, lever, p)) * (1.0 - watched)
    loss = expected_loss(
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
def conscience(channel, stake, cadre, village, p, f, theory):
    """Yuan a year that the first step costs in conscience and standing."""
    felt = stake
    if channel == CH_PROJECTS:  # what one's own firm earns by an award is not felt as taking
        felt = stake / (1.0 + p.business_gain * cadre.business)
    norm_weight = p.rival_norm if theory == PEER_NORM else p.norm_weight
    integrity = steadfast(p, f, cadre.integrity, cadre.motivation)
    return moral_cost(integrity, village.norm, felt, p.moral_weight, norm_weight)


@kernel
def pull(access, value, top, noise):
    """Weight of a channel in the choice where to look for gain; 0 without access."""
    return access * exp((value - top) / noise)


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
def propensities(p, f, theory, levers, villages, cadres):
    """Weekly probability that each cadre starts taking in each channel, and what those who take still dare."""
    lever = levers[0]
    stake = np.zeros(4)
    gain = np.zeros(4)
    value = np.zeros(4)
    drawn = np.zeros(4)
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
            value[k] = gain[k] - conscience(k, stake[k], cadre, village, p, f, theory)
            top = max(top, value[k])
        total = 0.0
        for k in range(4):
            drawn[k] = pull(cadre.access[k], value[k], top, p.channel_noise)
            total += drawn[k]
        for k in range(4):
            if stake[k] <= 0.0:
                cadre.propensity[k] = 0.0
                cadre.dared[k] = 0.0
                continue
            cadre.dared[k] = still_dared(p, gain[k], stake[k]) if k != CH_PROJECTS else 0.0
            cadre.propensity[k] = scale * begins(p, drawn[k] / total, value[k], stake[k])


@kernel
def divert(now, p, f, keys, levers, villages, cadres, tallies):
    """Open episodes, let money flow, keep the villages' accounts, and award the week's projects."""
    lever = levers[0]
    for v in range(villages.shape[0]):
        village = villages[v]
        collect_dues(p, f, village, tallies[village.group])
        for k in range(4):
            village.left[k] = 1.0
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        if cadre.village >= 0:
            take_from(now, p, f, keys, 1.0, villages[cadre.village], cadre, tallies[cadre.group])
    for v in range(villages.shape[0]):
        village = villages[v]
        ghosts = 1.0 - village.left[CH_BENEFITS]
        included = wrongly_included(p, village.information, lever.data_sharing, ghosts)
        excluded = wrongly_excluded(p, village.information, ghosts)
        village.wrong_inclusion += p.roll_speed * (included - village.wrong_inclusion)
        village.wrong_exclusion += p.roll_speed * (excluded - village.wrong_exclusion)
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        if cadre.village < 0 and cadre.role == FINANCE:
            door = p.township_door * lever.township_bookkeeping * cadre.posts
            take_from(now, p, f, keys, door, villages[cadre.assigned], cadre, tallies[cadre.group])
    for v in range(villages.shape[0]):
        village = villages[v]
        tally = tallies[village.group]
        keep_account(p, f, village, tally)
        award_projects(now, p, f, keys, lever, village, cadres[village.desk[SECRETARY]], tally)


@kernel
def take_from(now, p, f, keys, door, village, cadre, tally):
    """One cadre's week: perhaps a new episode, and the money of the open ones. `door`: part of the openings met."""
    u = uniform(keys, chance.OPPORTUNITY, cadre.uid, DRAWS * now + BEGINS)
    for k in range(4):
        tally.opportunity[k] += door * stake_of(k, cadre, village, p, f) / 52.0
        if k != CH_PROJECTS:
            if u < cadre.propensity[k]:
                if cadre.rate[k] == 0.0:
                    u = uniform(keys, chance.OPPORTUNITY, cadre.uid, DRAWS * now + RING)
                    cadre.ring[k] = 1.0 if u < f.collusion * p.collusion else 0.0
                    cadre.rate[k] = episode_part(p, uniform(keys, chance.OPPORTUNITY, cadre.uid, DRAWS * now + PART))
                    cadre.open_weeks[k] = 0.0
                    cadre.taken[k] = 0.0
                    cadre.fresh[k] = 0.0
                    tally.episodes += 1.0
                u = 1.0
            else:
                u -= cadre.propensity[k]
    for k in range(4):
        if cadre.rate[k] > 0.0 and k != CH_PROJECTS:
            part = cadre.dared[k] * cadre.rate[k] * cadre.access[k]
            yuan = part * village.left[k] * weekly_flow(k, village, p, f)
            village.left[k] *= 1.0 - part
            lose(now, village, cadre, k, yuan, tally)
            if k == CH_ASSETS:
                borrow(now, p, cadre, yuan)
            cadre.open_weeks[k] += 1.0
            if uniform(keys, chance.OPPORTUNITY, cadre.uid, DRAWS * now + ENDS + k) < p.lapse_year / 52.0:
                cadre.rate[k] = 0.0
    return_loans(p, f, village, cadre, tally)


@kernel
def keep_account(p, f, village, tally):
    """Close a village's week: what was delivered, what of it the account gets, and the dividend."""
    for k in range(4):
        if k != CH_PROJECTS:
            flow = weekly_flow(k, village, p, f)
            tally.discretionary[k] += flow
            tally.delivered[k] += flow * village.left[k]
    to_account(f, village, weekly_flow(CH_ASSETS, village, p, f) * village.left[CH_ASSETS], tally)
    to_account(f, village, weekly_flow(CH_CLAIMS, village, p, f) * (village.left[CH_CLAIMS] - 1.0), tally)
    to_account(f, village, f.subsidy_yuan_village_year / 52.0, tally)
    hand_out(p, f, village, tally)
