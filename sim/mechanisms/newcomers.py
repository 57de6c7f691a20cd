"""Newcomers: who takes a vacant seat, by age, schooling, skill, motivation and integrity.

The young are better schooled, less experienced and less cautious; reserves come trained. Traits are keyed by the seat
and by how many have held it before.

Theory   assumption
Writes   cadre.person, age, tenure (weeks), schooling (years), skill, motivation, fatigue, kin_share, business,
         integrity, caution, heedless, record, harsh, rate, open_weeks, taken, owed, owed_fresh, fresh
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.maths import bounded, cosine, exp, log

# Numbers of a newcomer's draws, DRAWS * person + number; those that make a normal number take the next one too.
DRAWS = 16
YOUNG, SKILLED, MOVED, HONEST, CAREFUL, BACKGROUND, HEEDLESS = 0, 1, 3, 5, 7, 9, 10


@kernel
def skill_target(p, compulsory, training_hours, schooling, age, tenure):
    """Where a cadre's skill drifts to (0-1): schooling beyond the compulsory, training, practice, against age."""
    practice = tenure / (tenure + p.practice_half)
    training = training_hours / (training_hours + p.training_half)
    older = max(0.0, age - p.prime_age)
    return bounded(
        p.skill_base
        + p.skill_school * (schooling - compulsory)
        + p.skill_training * training
        + p.skill_practice * practice
        - p.skill_age * older,
        0.0,
        1.0,
    )


@kernel
def standard_normal(u, v):
    """A standard normal number from two keyed ones (Box and Muller 1958)."""
    return np.sqrt(-2.0 * log(1.0 - u)) * cosine(v)


@kernel
def own_business(f, able):
    """Chance that a new village cadre has a firm of their own: the more open the election (0-1), the likelier."""
    return f.business_share * (1.0 + able)


@kernel
def renew(cadre, p, f, keys, young_share, trained, able):
    """A new person takes a seat: keyed traits, with the share of the young and the training of reserves.

    What the former holder owed or took is not pursued. Assumption: cases against those who have left are rare.
    """
    cadre.person += 1
    moment = DRAWS * cadre.person
    young = uniform(keys, chance.NEWCOMER, cadre.uid, moment + YOUNG) < young_share
    skilled = standard_normal(
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + SKILLED),
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + SKILLED + 1),
    )
    moved = standard_normal(
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + MOVED),
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + MOVED + 1),
    )
    honest = standard_normal(
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + HONEST),
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + HONEST + 1),
    )
    careful = standard_normal(
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + CAREFUL),
        uniform(keys, chance.NEWCOMER, cadre.uid, moment + CAREFUL + 1),
    )
    u = uniform(keys, chance.NEWCOMER, cadre.uid, moment + BACKGROUND)
    if cadre.village < 0:
        cadre.age = f.township_age_young if young else f.township_age
        cadre.schooling = f.township_schooling
        cadre.kin_share = 0.0
    else:
        cadre.age = f.village_age_young if young else f.village_age
        cadre.schooling = f.village_schooling_young if young else f.village_schooling
        cadre.kin_share = f.kin_share * 2.0 * u
    cadre.age += (f.age_spread_young if young else f.age_spread) * (2.0 * u - 1.0)
    cadre.tenure = 0.0
    cadre.fatigue = p.fatigue_new
    target = skill_target(p, f.schooling_compulsory, 0.0, cadre.schooling, cadre.age, 0.0)
    cadre.skill = bounded(target + p.skill_spread * skilled + p.reserve_skill * trained + p.able_skill * able, 0.0, 1.0)
    cadre.motivation = bounded(p.motive_new + p.motive_spread * moved, 0.0, 1.0)
    cadre.integrity = max(0.0, p.integrity_mean + p.integrity_spread * honest)
    cadre.caution = exp(p.caution_spread * careful - 0.5 * p.caution_spread * p.caution_spread) * (
        1.0 - p.caution_young * (1.0 if young else 0.0)
    )
    cadre.business = 1.0 if cadre.village >= 0 and u < own_business(f, able) else 0.0
    heedless = uniform(keys, chance.NEWCOMER, cadre.uid, moment + HEEDLESS) < p.heedless
    cadre.heedless = 1.0 if heedless else 0.0
    cadre.record = 0.0
    cadre.harsh = 0.0
    cadre.owed = 0.0
    cadre.owed_fresh = 0.0
    for k in range(4):
        cadre.fresh[k] = 0.0
        cadre.rate[k] = 0.0
        cadre.open_weeks[k] = 0.0
        cadre.taken[k] = 0.0
