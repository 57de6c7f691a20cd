"""People: tiredness, motivation, skill, branch life, leaving, elections, promotion.

Load tires; rest restores. Motivation is fed by study that is more than reading aloud, by branch life and
by work that is seen and rewarded; it is worn by fatigue and by being passed over. Training and practice
build skill, which ages without them. The able leave first where effort and slack are paid alike. Elections
renew a part of each committee, out of trained reserves where there are any; the young are abler and more
digital, less experienced, likelier to leave. Village cadres are not civil servants: no promotion for them.

Theory   public-service motivation (Perry & Wise 1990), adverse exit (Akerlof 1970), peer norms
Reads    levers study_sessions, study_discussion_share, branch_meetings, inactive_members, young_recruits,
         leader_renewal, reserve_cadres, training_hours, reward_spread, results_weight, promotion_slots
Writes   cadre.fatigue, motivation, skill, prospects, age, tenure and, with a new person, all traits;
         village.norm, active, reserves; place.study_quality, branch_life; tally exits
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import rule, week
from sim.mechanisms.residents import bounded
from sim.state import A_INITIATIVE


@rule
def approach(x, target, speed):
    """Move a part of the way towards a target."""
    return x + speed * (target - x)


@rule
def motivation_target(p, study, branch, norm, appraised, prospects, fatigue, initiative_share):
    """Where a cadre's motivation drifts to (0-1)."""
    return bounded(
        p.motive_base
        + p.motive_study * study
        + p.motive_branch * branch * norm
        + p.motive_reward * appraised
        + p.motive_prospects * prospects
        + p.motive_meaning * initiative_share
        - p.motive_fatigue * fatigue,
        0.02,
        0.98,
    )


@rule
def skill_target(p, training_hours, schooling, age, tenure):
    """Where a cadre's skill drifts to (0-1): schooling, training and practice, against age."""
    practice = tenure / (tenure + p.practice_half)
    training = training_hours / (training_hours + p.training_half)
    older = max(0.0, age - p.prime_age) / 20.0
    return bounded(
        p.skill_base
        + p.skill_school * (schooling - 9.0) / 7.0
        + p.skill_training * training
        + p.skill_practice * practice
        - p.skill_age * older,
        0.02,
        0.98,
    )


@rule
def leaves(p, skill, fatigue, reward_spread, young, motivation):
    """Weekly probability of a voluntary exit: the able first where work and slack are paid alike."""
    flat = 1.0 - reward_spread
    yearly = p.exit_base * np.exp(
        p.exit_skill * (skill - 0.5) * flat
        + p.exit_fatigue * fatigue
        + p.exit_young * young
        - p.exit_motive * motivation
    )
    return min(1.0, yearly / 52.0)


@rule
def standard_normal(u, v):
    """A standard normal number from two keyed ones (Box and Muller 1958)."""
    return np.sqrt(-2.0 * np.log(1.0 - u)) * np.cos(2.0 * np.pi * v)


@week
def renew(cadre, p, f, keys, young_share, trained, able, business):
    """A new person takes a seat: keyed traits, with the share of the young and the training of reserves."""
    cadre.person += 1
    moment = cadre.person * 16
    young = uniform(keys, chance.NEWCOMER, cadre.uid, moment) < young_share
    z1 = standard_normal(
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + 1), uniform(keys, chance.NEWCOMER, cadre.uid, moment + 2)
    )
    z2 = standard_normal(
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + 3), uniform(keys, chance.NEWCOMER, cadre.uid, moment + 4)
    )
    z3 = standard_normal(
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + 5), uniform(keys, chance.NEWCOMER, cadre.uid, moment + 6)
    )
    z4 = standard_normal(
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + 7), uniform(keys, chance.NEWCOMER, cadre.uid, moment + 8)
    )
    u = uniform(keys, chance.NEWCOMER, cadre.uid, moment + 9)
    if cadre.village < 0:
        cadre.age = f.township_age_young if young else f.township_age
        cadre.schooling = f.township_schooling
        cadre.kin_share = 0.0
    else:
        cadre.age = f.village_age_young if young else f.village_age
        cadre.schooling = f.village_schooling_young if young else f.village_schooling
        cadre.kin_share = f.kin_share * 2.0 * u
    cadre.age += 12.0 * (u - 0.5) * (0.5 if young else 1.0)
    cadre.tenure = 0.0
    cadre.fatigue = p.fatigue_new
    target = skill_target(p, 0.0, cadre.schooling, cadre.age, 0.0)
    cadre.skill = bounded(target + p.skill_spread * z1 + p.reserve_skill * trained + p.able_skill * able, 0.05, 0.95)
    cadre.motivation = bounded(p.motive_new + p.motive_spread * z2, 0.05, 0.95)
    cadre.integrity = bounded(p.integrity_mean + p.integrity_spread * z3, 0.02, 2.0)
    cadre.caution = np.exp(p.caution_spread * z4 - 0.5 * p.caution_spread * p.caution_spread) * (
        1.0 - p.caution_young * (1.0 if young else 0.0)
    )
    cadre.business = 1.0 if cadre.village >= 0 and u < business else 0.0
    cadre.record = 0.0
    cadre.owed = 0.0
    cadre.skimmed = 0.0
    for k in range(4):
        cadre.rate[k] = 0.0
        cadre.open_weeks[k] = 0.0


@week
def live_and_learn(now, p, f, keys, levers, place, villages, cadres, tallies):
    """A week in the life of every cadre and branch; who leaves, who is elected, who is promoted."""
    lever = levers[0]
    appraised = lever.results_weight * lever.reward_spread
    place.study_quality = lever.study_discussion_share * lever.study_sessions / (lever.study_sessions + p.study_half)
    place.branch_life = lever.branch_meetings / (lever.branch_meetings + p.branch_half)
    election = (now - np.int64(f.election_week)) % np.int64(f.election_interval) == 0
    for v in range(villages.shape[0]):
        village = villages[v]
        village.active = approach(
            village.active,
            p.active_usual + p.active_branch * place.branch_life + p.active_young * lever.young_recruits,
            p.branch_speed,
        )
        target = bounded(
            (p.norm_base + p.norm_branch * place.branch_life) * village.active * (1.0 - lever.inactive_members)
            + p.norm_seen * place.sanction_seen
            - p.norm_dirty * village.wrong_inclusion,
            0.0,
            1.0,
        )
        village.norm = approach(village.norm, target, p.norm_speed)
        village.reserves = approach(village.reserves, lever.reserve_cadres, p.reserve_speed)
    slots = lever.promotion_slots / 100.0
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        in_village = cadre.village >= 0
        norm = 0.5
        trained = 0.0
        if in_village:
            village = villages[cadre.village]
            norm = village.norm
            trained = village.reserves / (village.reserves + p.reserve_half)
        load = cadre.demanded / cadre.hours + cadre.spent[1] / (cadre.hours * cadre.posts)
        cadre.fatigue = approach(cadre.fatigue, bounded(p.fatigue_load * load * load, 0.0, 1.0), p.fatigue_speed)
        cadre.prospects = (
            0.0 if in_village else min(1.0, slots * p.prospects_scale * (0.5 + lever.results_weight * cadre.skill))
        )
        tried = cadre.spent[A_INITIATIVE] / (cadre.hours * cadre.posts)
        passed_over = p.passed_over * slots if not in_village else 0.0
        aim = motivation_target(
            p, place.study_quality, place.branch_life, norm, appraised, cadre.prospects, cadre.fatigue, tried
        )
        cadre.motivation = approach(cadre.motivation, max(0.02, aim - passed_over), p.motive_speed)
        cadre.skill = approach(
            cadre.skill,
            skill_target(p, lever.training_hours, cadre.schooling, cadre.age, cadre.tenure),
            p.skill_speed,
        )
        cadre.tenure += 1.0
        cadre.age += 1.0 / 52.0
        young = 1.0 if cadre.age < 36.0 else 0.0
        gone = uniform(keys, chance.PEOPLE, cadre.uid, now) < leaves(
            p, cadre.skill, cadre.fatigue, lever.reward_spread, young, cadre.motivation
        )
        if gone:
            tallies[cadre.group].exits += cadre.posts
        promoted = not in_village and uniform(keys, chance.PROMOTION, cadre.uid, now) < slots / 52.0 * (
            0.5 + cadre.skill
        )
        retired = cadre.age > f.retirement_age
        disgraced = cadre.record > p.removal_record
        voted_out = election and in_village and uniform(keys, chance.ELECTION, cadre.uid, now) < lever.leader_renewal
        if gone or promoted or retired or disgraced or voted_out:
            able = lever.leader_renewal if voted_out else 0.0
            renew(cadre, p, f, keys, lever.young_recruits, trained, able, p.business_share + p.business_renewal * able)
            if trained > 0.0:
                villages[cadre.village].reserves *= p.reserve_used
