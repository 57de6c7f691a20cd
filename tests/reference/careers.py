"""People in office: branch life, tiredness, motivation, skill, leaving, elections, promotion; and the departments."""

from __future__ import annotations

import numpy as np

from sim.chance import ELECTION, NEWCOMER, PEOPLE, PROMOTION, TRANSFER
from sim.maths import bounded
from sim.mechanisms.newcomers import BACKGROUND, CAREFUL, DRAWS, HEEDLESS, HONEST, MOVED, SKILLED, YOUNG
from sim.vocabulary import A_CASEWORK, A_INITIATIVE, HOTLINE
from tests.reference.rules import departments, people, plain

bounded = plain(bounded)

# --- 10 People


def branches(town, now):
    """A week of every branch: study and meetings held, members who take part, the norm, the reserve."""
    p, place, lever = town.p, town.place, town.obeyed("people", now)
    ticked = sum(cadre.fabricated / len(town.cadres) for cadre in town.cadres)
    sessions = people.held(lever.study_sessions, ticked)
    place.meetings_held = people.held(lever.branch_meetings, ticked)
    place.study_quality = lever.study_discussion_share * people.half_way(sessions, p.study_half)
    place.discussed = lever.study_discussion_share * (1.0 - ticked)
    place.branch_life = people.half_way(place.meetings_held, p.branch_half)
    for village in town.villages:
        active = people.members_active(p, place.branch_life, lever.young_recruits, village.visibility)
        village.active = people.approach(village.active, active, p.branch_speed)
        taking_part = village.active * (1.0 - lever.inactive_members)
        norm = people.norm_target(p, place.branch_life, taking_part, place.sanction_seen, village.wrong_inclusion)
        village.norm = people.approach(village.norm, norm, p.norm_speed)
        village.knowledge_lost = 0.0
        village.reserves = people.approach(village.reserves, lever.reserve_cadres, p.reserve_speed)


def live_and_learn(town, now):
    """A week in the life of every cadre; who leaves, who is elected, who is promoted."""
    p, f, lever = town.p, town.f, town.obeyed("people", now)
    slots = lever.promotion_slots / 100.0
    election = (now - int(f.election_week)) % int(f.election_interval) == 0
    standing = {id(cadre): standing_of(lever, cadre) for cadre in town.township_cadres()}
    posts = sum(cadre.posts for cadre in town.township_cadres())
    mean = sum(cadre.posts * standing[id(cadre)] for cadre in town.township_cadres()) / posts
    for cadre in town.cadres:
        trained = people.half_way(cadre.home.reserves, p.reserve_half) if cadre.home else 0.0
        skill, here = cadre.skill, standing.get(id(cadre), 0.0)
        age_and_learn(town, cadre, lever, people.prospects_felt(p, slots, here) if not cadre.home else 0.0)
        young = 1.0 if cadre.age < f.young_age else 0.0
        gone = town.chance(PEOPLE, cadre.uid, now) < people.leaves(
            p,
            p.exit_base if cadre.home else p.exit_township,
            cadre.skill,
            cadre.fatigue,
            lever.reward_spread,
            young,
            cadre.motivation,
            cadre.harsh,
        )
        town.tally(cadre).exits += cadre.posts if gone else 0.0
        town.tally(cadre).exits_village += 1.0 if gone and cadre.home else 0.0
        town.tally(cadre).exits_township += cadre.posts if gone and not cadre.home else 0.0
        voted_out = bool(election and cadre.home) and town.chance(ELECTION, cadre.uid, now) < lever.leader_renewal
        reasons = {
            "left": gone,
            "retired": cadre.age > f.retirement_age,
            "removed": cadre.record > p.removal_record,
            "voted out": voted_out,
            "promoted": not cadre.home
            and town.chance(PROMOTION, cadre.uid, now) < people.promoted_now(slots, here, mean),
            "transferred": not cadre.home and town.chance(TRANSFER, cadre.uid, now) < people.transferred(p, skill),
        }
        town.happened.update(reason for reason, holds in reasons.items() if holds)
        if any(reasons.values()):
            able = lever.leader_renewal if voted_out else 0.0
            renew(town, cadre, lever.young_recruits, trained, able)
            if cadre.home:
                cadre.home.reserves *= p.reserve_used
                cadre.home.knowledge_lost = min(
                    1.0, cadre.home.knowledge_lost + p.knowledge_lost / len(cadre.home.committee)
                )


def standing_of(lever, cadre) -> float:
    """How a township cadre stands in appraisal."""
    paper = cadre.compliance_hours / (cadre.hours * cadre.posts)
    return people.merit(lever.results_weight, cadre.skill, cadre.intensity, paper)


def age_and_learn(town, cadre, lever, prospects):
    """A week older: fatigue, motivation and skill drift to where the week's work takes them."""
    p, f, place = town.p, town.f, town.place
    hours = cadre.hours * cadre.posts
    cadre.prospects = prospects
    load = cadre.demanded / cadre.hours + (cadre.spent[A_CASEWORK] + cadre.overtime) / hours
    cadre.fatigue = people.approach(cadre.fatigue, people.tiredness(p, load), p.fatigue_speed)
    motive = people.motivation_target(
        p,
        place.study_quality,
        place.branch_life,
        cadre.home.norm if cadre.home else p.norm_township,
        lever.results_weight * lever.reward_spread,
        cadre.prospects,
        cadre.fatigue,
        cadre.spent[A_INITIATIVE] / hours,
        cadre.believed_examined,
        people.past_promotion(p, f, cadre.age, cadre.prospects),
    )
    cadre.motivation = people.approach(cadre.motivation, motive, p.motive_speed)
    skill = people.skill_target(
        p, f.schooling_compulsory, lever.training_hours, cadre.schooling, cadre.age, cadre.tenure
    )
    cadre.skill = people.approach(cadre.skill, skill, p.skill_speed)
    cadre.tenure += 1.0
    cadre.age += 1.0 / 52.0


def renew(town, cadre, young_share, trained, able):
    """A new person takes a seat: keyed traits, with the share of the young and the training of reserves."""
    p, f = town.p, town.f
    cadre.person += 1

    def chance(purpose: int) -> float:
        return town.chance(NEWCOMER, cadre.uid, DRAWS * cadre.person + purpose)

    young = chance(YOUNG) < young_share
    skilled, moved, honest, careful = (
        people.standard_normal(chance(i), chance(i + 1)) for i in (SKILLED, MOVED, HONEST, CAREFUL)
    )
    u = chance(BACKGROUND)
    if cadre.home:
        cadre.age = f.village_age_young if young else f.village_age
        cadre.schooling = f.village_schooling_young if young else f.village_schooling
        cadre.kin_share = f.kin_share * 2.0 * u
        cadre.business = 1.0 if u < people.own_business(f, able) else 0.0
    else:
        cadre.age = f.township_age_young if young else f.township_age
        cadre.schooling = f.township_schooling
        cadre.kin_share = 0.0
        cadre.business = 0.0
    cadre.age += (f.age_spread_young if young else f.age_spread) * (2.0 * u - 1.0)
    cadre.tenure = 0.0
    cadre.fatigue = p.fatigue_new
    unpractised = people.skill_target(p, f.schooling_compulsory, 0.0, cadre.schooling, cadre.age, 0.0)
    cadre.skill = bounded(
        unpractised + p.skill_spread * skilled + p.reserve_skill * trained + p.able_skill * able, 0.0, 1.0
    )
    cadre.motivation = bounded(p.motive_new + p.motive_spread * moved, 0.0, 1.0)
    cadre.integrity = max(0.0, p.integrity_mean + p.integrity_spread * honest)
    cadre.caution = np.exp(p.caution_spread * careful - 0.5 * p.caution_spread**2) * (
        1.0 - (p.caution_young if young else 0.0)
    )
    cadre.heedless = 1.0 if chance(HEEDLESS) < p.heedless else 0.0
    cadre.record = cadre.harsh = cadre.owed = cadre.owed_fresh = 0.0
    cadre.fresh = [0.0] * 4
    cadre.rate = [0.0] * 4
    cadre.open_weeks = [0.0] * 4
    cadre.taken = [0.0] * 4


# --- 11 Departments


def respond(town, now):
    """Pressure after this week's news and incidents, and what departments send down next week."""
    p, place, lever = town.p, town.place, town.obeyed("departments", now)
    believed = sum(village.believed_trouble for village in town.villages) / len(town.villages)
    target = departments.pressure_target(p, believed, place.incidents_recent)
    place.pressure += p.pressure_speed * (target - place.pressure)
    place.form_push = departments.push(p, p.push_forms, place.pressure)
    place.visit_push = departments.push(p, p.push_visits, place.pressure)
    place.informal_hours = departments.asked_again(p, paper(town, town.base) - paper(town, lever), place.pressure)


def learn(town, now):
    """What is wrong in every village, and how far the week's news carries the departments' belief towards it."""
    p, f, place, lever = town.p, town.f, town.place, town.obeyed("departments", now)
    formal = departments.forms_that_tell(lever)
    calls = departments.calls_that_tell(p, departments.forms_that_tell(town.base), formal, place.pressure)
    machines = (lever.benefit_platform + lever.asset_platform + lever.data_sharing) / 3
    checked = departments.checked_share(lever.third_party, machines)
    aid = min(1.0, place.support) if f.knowledge_use and f.pleading else 0.0
    hides = place.hides if f.hiding else 0.0
    heard = []
    for village in town.villages:
        committee = village.committee
        queue = max(cadre.backlog / cadre.pace for cadre in committee)
        taking = sum(any(rate > 0.0 for rate in cadre.rate) for cadre in committee) / len(committee)
        discontent = 1.0 - village.satisfied / village.residents
        waiting = departments.cases_that_wait(queue, town.kinds[HOTLINE].limit_days)
        wrong = departments.trouble_of(waiting, discontent, taking, village.misfit)
        village.trouble += p.ontime_memory * (wrong - village.trouble)
        village.wrongdoing += p.ontime_memory * (taking / 4 - village.wrongdoing)
        left_out = village.wrongdoing if f.hiding else 0.0
        village.reported = departments.report_of(p, village.trouble, left_out, hides, aid, checked)
        ticked = sum(cadre.fabricated for cadre in committee) / len(committee)
        voices = lever.third_party + lever.reporting_reach
        learned = departments.news(p, formal * (1.0 - ticked) + calls, village.visits, voices, machines)
        village.believed_trouble = departments.believed_later(p, village.believed_trouble, village.reported, learned)
        off = departments.misjudgement(village.trouble, village.believed_trouble)
        village.misjudged = off if f.knowledge_use else 0.0
        heard.append(learned)
    place.knowledge = sum(heard) / len(heard)


def paper(town, lever) -> float:
    """Hours a cadre-week of forms and meetings at given levers."""
    return departments.hours_of_paper(town.p, lever, town.f.repeat_form_time, town.f.village_cadres)
