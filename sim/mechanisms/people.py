"""People: tiredness, motivation, skill, branch life, leaving, elections, promotion.

Load tires; rest restores. Motivation rises with study that is more than reading aloud, with branch life, and with work
that is seen and rewarded. It falls with fatigue, with the expectation of being examined, and with being passed over.
Training and practice build skill, which declines without them. The able leave first where effort and slack are paid
alike. Elections renew a part of each committee, out of trained reserves where there are any; the young are better
schooled, less experienced, less cautious, likelier to leave. Village cadres are not civil servants: no promotion for
them.

Theory   public-service motivation (Perry & Wise 1990), adverse exit (Akerlof 1970), peer norms (Bicchieri
         2006), promotion as a tournament (Lazear & Rosen 1981; Zhou 2007), control that crowds out motivation (Frey &
         Jegen 2001; Falk & Kosfeld 2006)
Reads    levers study_sessions, study_discussion_share, branch_meetings, inactive_members, young_recruits,
         leader_renewal, reserve_cadres, training_hours, reward_spread, results_weight, promotion_slots
Writes   cadre.fatigue, motivation, skill, prospects (0-1), age (years), tenure (weeks); village.norm, active (0-1),
         knowledge_lost, reserves (persons);
         township.study_quality, discussed, branch_life (0-1), meetings_held (a year); tallies exits,
         exits_village, exits_township
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.maths import bounded, exp
from sim.mechanisms.newcomers import renew, skill_target
from sim.vocabulary import A_CASEWORK, A_INITIATIVE


@kernel
def approach(x, target, speed):
    """Move a part of the way towards a target."""
    return x + speed * (target - x)


@kernel
def past_promotion(p, f, age, prospects):
    """Motivation lost (0-1) by cadres past the age of last promotion who have no prospects left."""
    return f.conviction * p.motive_past * max(0.0, age - f.last_promotion_age) * (1.0 - prospects)


@kernel
def motivation_target(p, study, branch, norm, appraised, prospects, fatigue, initiative_share, examined, past):
    """Where a cadre's motivation drifts to (0-1).

    Who expects to be examined does less of their own accord, whether errors are tolerated or not (Frey & Jegen 2001;
    Falk & Kosfeld 2006). examined: chance a year of being examined, as it is believed.
    """
    return bounded(
        p.motive_base
        + p.motive_study * study
        + p.motive_branch * branch * norm
        + p.motive_reward * appraised
        + p.motive_prospects * prospects
        + p.motive_meaning * initiative_share
        - p.motive_fatigue * fatigue
        - p.motive_examined * examined
        - past,
        0.0,
        1.0,
    )


@kernel
def held(prescribed, fabricated):
    """Meetings or sessions a year that really take place: where paper is ticked, so are minutes."""
    return prescribed * (1.0 - fabricated)


@kernel
def half_way(x, half):
    """Effect (0-1) that rises with x and is half there at `half`."""
    return x / (x + half)


@kernel
def members_active(p, branch_life, young_recruits, visibility):
    """Share of willing members who take part, where it drifts to; young ones leave remote villages for work."""
    young = young_recruits * (p.active_young - p.active_away * (1.0 - visibility))
    return bounded(p.active_usual + p.active_branch * branch_life + young, 0.0, 1.0)


@kernel
def norm_target(p, branch_life, taking_part, sanction_seen, wrong_inclusion):
    """Where a branch's norm drifts to (0-1): branch life among those who take part, sanctions seen, unfair rolls."""
    lived = (p.norm_base + p.norm_branch * branch_life) * taking_part
    return bounded(lived + p.norm_seen * sanction_seen - p.norm_dirty * wrong_inclusion, 0.0, 1.0)


@kernel
def tiredness(p, load):
    """Where fatigue drifts to (0-1), by paper, casework and overtime over regular hours; convex in the load."""
    return bounded(p.fatigue_load * load * load, 0.0, 1.0)


@kernel
def merit(results_weight, skill, intensity, paper):
    """Standing of a township cadre (0-1): results as far as they weigh, paper traces for the rest."""
    return results_weight * skill * intensity + (1.0 - results_weight) * paper


@kernel
def prospects_felt(p, slots, standing):
    """Chance of promotion as a township cadre feels it (0-1): openings, by what appraisal counts."""
    return min(1.0, slots * p.prospects_scale * standing)


@kernel
def promoted_now(slots, standing, mean):
    """Weekly chance of promotion: openings a post, by how one stands against the mean of the township."""
    return slots / 52.0 * standing / max(mean, 1e-9)


@kernel
def leaves(p, base, skill, fatigue, reward_spread, young, motivation, harsh):
    """Weekly probability of a voluntary exit: the able first where work and slack are paid alike.

    base: a year; harsh: punishments in force for honest errors, after which village cadres leave sooner.
    """
    flat = 1.0 - reward_spread
    yearly = base * exp(
        p.exit_skill * (skill - p.skill_middle) * flat
        + p.exit_fatigue * fatigue
        + p.exit_young * young
        - p.exit_motive * motivation
        + p.exit_harsh * harsh
    )
    return min(1.0, yearly / 52.0)


@kernel
def transferred(p, skill):
    """Weekly chance that a township cadre is drawn away to a higher level: the able first."""
    return min(1.0, p.transfer_base * exp(p.exit_skill * (skill - p.skill_middle)) / 52.0)


@kernel
def standing_of(lever, cadre):
    """How a township cadre stands in appraisal."""
    paper = cadre.compliance_hours / (cadre.hours * cadre.posts)
    return merit(lever.results_weight, cadre.skill, cadre.intensity, paper)


@kernel
def branches(p, levers, township, villages, cadres):
    """A week of every branch: study and meetings held, members who take part, the norm, the reserve."""
    lever = levers[0]
    ticked = 0.0
    for c in range(cadres.shape[0]):
        ticked += cadres[c].fabricated / cadres.shape[0]
    township.meetings_held = held(lever.branch_meetings, ticked)
    sessions = held(lever.study_sessions, ticked)
    township.study_quality = lever.study_discussion_share * half_way(sessions, p.study_half)
    township.discussed = lever.study_discussion_share * (1.0 - ticked)
    township.branch_life = half_way(township.meetings_held, p.branch_half)
    for v in range(villages.shape[0]):
        village = villages[v]
        active = members_active(p, township.branch_life, lever.young_recruits, village.visibility)
        village.active = approach(village.active, active, p.branch_speed)
        taking_part = village.active * (1.0 - lever.inactive_members)
        norm = norm_target(p, township.branch_life, taking_part, township.sanction_seen, village.wrong_inclusion)
        village.norm = approach(village.norm, norm, p.norm_speed)
        village.knowledge_lost = 0.0
        village.reserves = approach(village.reserves, lever.reserve_cadres, p.reserve_speed)


@kernel
def tire_and_learn(p, f, lever, township, cadre, norm, appraised, hours):
    """A week's tiredness, motivation and skill of a cadre, who is then a week older; hours: of the row's posts."""
    load = cadre.demanded / cadre.hours + (cadre.spent[A_CASEWORK] + cadre.overtime) / hours
    cadre.fatigue = approach(cadre.fatigue, tiredness(p, load), p.fatigue_speed)
    aim = motivation_target(
        p,
        township.study_quality,
        township.branch_life,
        norm,
        appraised,
        cadre.prospects,
        cadre.fatigue,
        cadre.spent[A_INITIATIVE] / hours,
        cadre.believed_examined,
        past_promotion(p, f, cadre.age, cadre.prospects),
    )
    cadre.motivation = approach(cadre.motivation, aim, p.motive_speed)
    skill = skill_target(p, f.schooling_compulsory, lever.training_hours, cadre.schooling, cadre.age, cadre.tenure)
    cadre.skill = approach(cadre.skill, skill, p.skill_speed)
    cadre.tenure += 1.0
    cadre.age += 1.0 / 52.0


@kernel
def live_and_learn(now, p, f, keys, levers, township, villages, cadres, tallies):
    """A week in the life of every cadre; who leaves, who is elected, who is promoted."""
    lever = levers[0]
    appraised = lever.results_weight * lever.reward_spread
    slots = lever.promotion_slots / 100.0
    election = (now - np.int64(f.election_week)) % np.int64(f.election_interval) == 0
    posts = 0.0
    standings = 0.0
    for c in range(cadres.shape[0]):
        if cadres[c].village < 0:
            posts += cadres[c].posts
            standings += cadres[c].posts * standing_of(lever, cadres[c])
    mean = standings / posts
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        in_village = cadre.village >= 0
        hours = cadre.hours * cadre.posts
        norm = p.norm_township
        trained = 0.0
        promoted = False
        moved = False
        cadre.prospects = 0.0
        if in_village:
            norm = villages[cadre.village].norm
            trained = half_way(villages[cadre.village].reserves, p.reserve_half)
        else:
            standing = standing_of(lever, cadre)
            cadre.prospects = prospects_felt(p, slots, standing)
            promoted = uniform(keys, chance.PROMOTION, cadre.uid, now) < promoted_now(slots, standing, mean)
            moved = uniform(keys, chance.TRANSFER, cadre.uid, now) < transferred(p, cadre.skill)
        tire_and_learn(p, f, lever, township, cadre, norm, appraised, hours)
        young = 1.0 if cadre.age < f.young_age else 0.0
        base = p.exit_base if in_village else p.exit_township
        gone = uniform(keys, chance.PEOPLE, cadre.uid, now) < leaves(
            p, base, cadre.skill, cadre.fatigue, lever.reward_spread, young, cadre.motivation, cadre.harsh
        )
        if gone:
            tallies[cadre.group].exits += cadre.posts
            tallies[cadre.group].exits_village += 1.0 if in_village else 0.0
            tallies[cadre.group].exits_township += 0.0 if in_village else cadre.posts
        retired = cadre.age > f.retirement_age
        disgraced = cadre.record > p.removal_record
        voted_out = election and in_village and uniform(keys, chance.ELECTION, cadre.uid, now) < lever.leader_renewal
        if gone or retired or disgraced or voted_out or promoted or moved:
            able = lever.leader_renewal if voted_out else 0.0
            renew(cadre, p, f, keys, lever.young_recruits, trained, able)
            if in_village:
                village = villages[cadre.village]
                village.reserves *= p.reserve_used
                village.knowledge_lost = min(1.0, village.knowledge_lost + p.knowledge_lost / village.cadres)
