"""Implementation: how a measure is built up, run and abandoned, and what this week's levers are.

A measure is ordered at an intensity and built up over its ramp, as fast as leaders' attention carries it. The part
built up (its stock) works as far as it is run: by order while the order lasts, later of its own accord. It runs of its
own accord as far as it has become a rule, has users, or is watched by those it concerns. People tire of a drive (a
campaign) that goes on. What nobody runs wears away, and what is run takes hours of those who run it. Part of a measure
exists only on paper where outsiders don't check and where too many run at once. That part costs paperwork and moves
reported figures only. Faking is a habit, and an announcement is remembered.

Theory   campaign-style governance (Zhou 2012), monitoring that fades (Callen et al. 2020; Karplus & Wu 2023),
         symbolic compliance (Meyer & Rowan 1977), scarce attention (Jones & Baumgartner 2005)
Reads    levers attention, third_party, institutionalised, reporting_reach, sanction_follow_through (last week's);
         measures ordered [measure]
Writes   levers (this week's, in their units); strength [measure]: stock, run, faked, energy (0-1), age (weeks);
         township.own_village_hours, own_township_hours (hours a cadre-week), carry, tired, announced (0-1),
         remembered_load (measures)
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.maths import power
from sim.vocabulary import BUILT, CLOSE, DRIVE, RULE, RUN, SCALE


@kernel
def ordered(intensity, start, end, now):
    """Intensity at which a measure is ordered this week."""
    return intensity if start <= now < end else 0.0


@kernel
def carried(attention, load):
    """Share of the push that each measure in force gets when leaders' attention is divided (0-1)."""
    return 1.0 if load <= attention else attention / load


@kernel
def energy_left(age, half_life, least):
    """Share of a drive that is still run `age` weeks after its full ramp: 1, then falling to `least`.

    An app that monitored health inspectors raised inspections by 104 % after six months and by 44 % after twelve
    (Callen, Gulzar, Hasanain, Khan & Rezaee 2020, J. Development Economics): a half-life of some 21 weeks.
    """
    return least + (1.0 - least) * power(0.5, age / half_life)


@kernel
def own_accord(nature, real, reach, follow_through, institutionalised, own_built):
    """Share of the stock that is run without an order (0-1). Assumption.

    The institutionalised part is run. Of the rest, something built runs as far as it has users (its real part, not what
    is on paper). A rule runs as far as breaches are reported and followed up, a drive not at all.
    """
    own = 0.0
    if nature == BUILT:
        own = own_built * real
    elif nature == RULE:
        own = reach * follow_through
    return institutionalised + (1.0 - institutionalised) * own


@kernel
def run_share(ordered_now, stock, energy, own):
    """Share of the stock that is run (0-1): what is ordered, with the energy left; of the rest its own accord."""
    told = energy if ordered_now >= stock else energy * ordered_now / stock
    return told + (1.0 - told) * own


@kernel
def worn(stock, run, wear):
    """What is left of a measure a week later: the part that is not run wears away at `wear` a year."""
    return stock * (1.0 - (1.0 - run) * wear / 52.0)


@kernel
def faked_share(carry, third_party, fake_base, fake_scarce, outsiders):
    """Share of a measure that exists on paper only. Assumption."""
    return min(1.0, (fake_base + fake_scarce * (1.0 - carry)) * (1.0 - outsiders * third_party))


@kernel
def faked_later(faked, target, speed, in_force):
    """Part on paper only, a week later: a habit that follows its reasons slowly and outlives the order. Assumption."""
    step = speed * (target - faked)
    return faked + step if in_force else faked + max(0.0, step)


@kernel
def built_up(stock, target, carry, ramp):
    """Stock of a measure a week later (0-1): a ramp up to what is ordered, as fast as attention carries it."""
    return stock if stock >= target else min(target, stock + target * carry / ramp)


@kernel
def own_hours(hours, running, faking, fake_paper, trying, set_up):
    """Hours a cadre-week that a measure itself costs those who run it. Assumption.

    hours: at full strength, from its file. running: what is run, of which the faked part takes `fake_paper` of its
    time. trying: what was to be set up this week, whether or not attention carried it, at `set_up` weeks' work each.
    """
    return hours * (running * (1.0 - faking + fake_paper * faking) + set_up * trying)


@kernel
def remembered(load, memory, heard, forgotten):
    """Announced measures as people remember them a week later: heard soon, forgotten slowly. Assumption."""
    return memory + (heard if load > memory else forgotten) * (load - memory)


@kernel
def announced_share(memory, real, announce_load):
    """How far the announced reform, as it is remembered, exceeds what is really in force (0-1)."""
    return min(1.0, memory / announce_load) * (1.0 - min(1.0, real / max(memory, 1e-9)))


@kernel
def composed(value, norm, close, scale, low, high):
    """A lever under several measures: first the norm, then the shares closed, then scaled, then bounds."""
    value = max(value, norm)
    if close < 1.0:
        value = 1.0 - (1.0 - value) * close
    return min(high, max(low, value * scale))


@kernel
def realised(measure):
    """How far a measure is really in force (0-1): the stock that is run and is more than paper."""
    return measure.stock * measure.run * (1.0 - measure.faked)


@kernel
def wear_of(p, nature):
    """Part of a measure that wears away in a year in which nobody runs it."""
    if nature == BUILT:
        return p.wear_built
    return p.wear_rule if nature == RULE else p.wear_drive


@kernel
def live_on(p, f, lever, nature, ramp, target, carry, faking, measure):
    """A week in the life of a measure; returns what was to be set up of it, whether or not attention carried it."""
    if measure.stock == 0.0:
        measure.faked = faking
    measure.energy = 1.0
    if nature == DRIVE and f.tiredness > 0.0:
        measure.energy = energy_left(measure.age, p.tired_half, p.tired_least)
    own = own_accord(
        nature,
        1.0 - measure.faked,
        lever.reporting_reach,
        lever.sanction_follow_through,
        lever.institutionalised,
        p.own_built,
    )
    left = measure.stock
    if f.upkeep > 0.0:
        measure.run = run_share(target, measure.stock, measure.energy, own)
        left = worn(measure.stock, measure.run, wear_of(p, nature))
    else:
        measure.run = run_share(measure.stock, measure.stock, measure.energy, own)
    measure.faked = faked_later(measure.faked, faking, p.fake_habit, target > 0.0)
    measure.stock = built_up(left, target, carry, ramp)
    if target > 0.0 and (measure.age > 0.0 or measure.stock >= target):
        measure.age += 1.0
    return (measure.stock - left) / carry


@kernel
def implement(now, policy, p, f, upkeep, township, strength, levers, lever_columns):
    """Move every measure a week on, then compose this week's levers."""
    measures = policy.intensity.shape[0]
    load = 0.0
    for m in range(measures):
        load += ordered(policy.intensity[m], policy.start[m], policy.end[m], now)
    lever = levers[0]
    carry = carried(lever.attention, load)
    faking = faked_share(carry, lever.third_party, p.fake_base, p.fake_scarce, p.fake_outsiders)
    village_hours = 0.0
    township_hours = 0.0
    real = 0.0
    driven = 0.0
    tired = 0.0
    for m in range(measures):
        target = ordered(policy.intensity[m], policy.start[m], policy.end[m], now)
        measure = strength[m]
        if target == 0.0 and measure.stock == 0.0:
            continue
        nature = policy.nature[m]
        trying = live_on(p, f, lever, nature, policy.ramp[m], target, carry, faking, measure)
        running = measure.stock * measure.run if upkeep == RUN and f.upkeep > 0.0 else target
        for_each = own_hours(f.own_hours, running, measure.faked, p.fake_paper, trying, p.set_up_weeks)
        village_hours += policy.village_hours[m] * for_each
        township_hours += policy.township_hours[m] * for_each
        real += realised(measure)
        if nature == DRIVE and target > 0.0:
            driven += measure.stock
            tired += measure.stock * (1.0 - measure.energy)
    township.carry = carry
    township.own_village_hours = village_hours
    township.own_township_hours = township_hours
    township.tired = tired / driven if driven > 0.0 else 0.0
    if f.remembered_load > 0.0:
        township.remembered_load = remembered(load, township.remembered_load, p.load_heard, p.load_forgotten)
    else:
        township.remembered_load = load
    township.announced = announced_share(township.remembered_load, real, p.announce_load)
    compose(now, policy, strength, lever_columns)


@kernel
def compose(now, policy, strength, lever_columns):
    """Set the levers of this week, from what stood before and what is really in force of each measure."""
    count = lever_columns.shape[1]
    norm = np.zeros(count)
    close = np.ones(count)
    scale = np.ones(count)
    for e in range(policy.entry_measure.shape[0]):
        m = policy.entry_measure[e]
        s = realised(strength[m])
        if s <= 0.0:
            continue
        k = policy.entry_lever[e]
        value = policy.entry_value[e]
        if policy.entry_op[e] == SCALE:
            scale[k] *= power(value, s)
        elif policy.entry_op[e] == CLOSE:
            close[k] *= 1.0 - s * value
        else:
            x = standing(policy, k, now)
            norm[k] = max(norm[k], x + s * max(0.0, value - x))
    for k in range(count):
        x = standing(policy, k, now)
        lever_columns[0, k] = composed(x, norm[k], close[k], scale[k], policy.low[k], policy.high[k])


@kernel
def standing(policy, k, now):
    """A lever before measures: what the town has been, or what the user set from its start week on."""
    if now >= 0 and policy.change_start[k] <= now < policy.change_end[k]:
        return policy.change_value[k]
    return policy.base[k]
