"""Implementation: how far the measures are really in force, and what this week's levers are.

A measure is ordered at an intensity. It is built up over its ramp, as fast as leaders' attention
carries it; what is built stays, what is a drive fades with attention (half-life) down to its
persistence, which rules raise. Part of it is only on paper where outsiders don't check and where too
many measures run at once: faked strength costs paper and moves reported figures only.

Theory   campaign-style governance (Zhou 2012), symbolic compliance (Meyer & Rowan 1977), scarce
         attention (Jones & Baumgartner 2005)
Reads    levers attention, third_party, institutionalised (last week's); measures ordered [measure]
Writes   levers (this week's, in their units); strength [measure]: built, kept, faked (0-1);
         place.own_village_hours, own_township_hours (hours a cadre-week), carry, faked, announced (0-1)
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.vocabulary import CLOSE, SCALE


@kernel
def ordered(intensity, start, end, now):
    """Intensity at which a measure is ordered this week."""
    return intensity if start <= now < end else 0.0


@kernel
def carried(attention, load):
    """Share of the push that each measure in force gets when leaders' attention is divided (0-1)."""
    return 1.0 if load <= attention else attention / load


@kernel
def floor_kept(persistence, institutionalised):
    """Share of a measure that stays when attention has moved on; rules raise it. Assumption."""
    return persistence + (1.0 - persistence) * institutionalised


@kernel
def faked_share(carry, third_party, fake_base, fake_scarce, outsiders):
    """Share of a measure that exists on paper only. Assumption."""
    return min(1.0, (fake_base + fake_scarce * (1.0 - carry)) * (1.0 - outsiders * third_party))


@kernel
def built_up(built, target, carry, ramp):
    """What is built of a measure a week later (0-1): a ramp, as fast as attention carries it."""
    return min(target, built + target * carry / ramp)


@kernel
def kept_of(p, kept, persistence, institutionalised, in_force, carry, half_life):
    """What is kept of a built measure a week later (0-1): it fades to a floor, which a running drive holds up."""
    keep = floor_kept(persistence, institutionalised)
    keep += (1.0 - keep) * p.drive_held * carry * in_force
    return kept + (keep - kept) * (1.0 - 0.5 ** (1.0 / half_life))


@kernel
def own_hours(hours, ordered_now, faking, fake_paper):
    """Hours a cadre-week that a measure itself costs: in proportion to what is ordered, and faking is paper too."""
    return hours * ordered_now * (1.0 + fake_paper * faking)


@kernel
def announced_share(load, real, announce_load):
    """How loudly the reform stands announced beyond what is really in force (0-1)."""
    return min(1.0, load / announce_load) * (1.0 - min(1.0, real / max(load, 1e-9)))


@kernel
def composed(value, norm, close, scale, low, high):
    """A lever under several measures: first the norm, then the shares closed, then scaled, then bounds."""
    value = max(value, norm)
    if close < 1.0:
        value = 1.0 - (1.0 - value) * close
    return min(high, max(low, value * scale))


@kernel
def realised(measure):
    """How far a measure is really in force (0-1): what is built, not faded, and more than paper."""
    return measure.built * measure.kept * (1.0 - measure.faked)


@kernel
def implement(now, policy, p, place, strength, levers, lever_columns):
    """Move every measure a week on, then compose this week's levers."""
    measures = policy.intensity.shape[0]
    load = 0.0
    for m in range(measures):
        load += ordered(policy.intensity[m], policy.start[m], policy.end[m], now)
    lever = levers[0]
    carry = carried(lever.attention, load)
    faking = faked_share(carry, lever.third_party, p.fake_base, p.fake_scarce, p.fake_outsiders)
    rules = lever.institutionalised
    village_hours = 0.0
    township_hours = 0.0
    paper_only = 0.0
    total = 0.0
    real = 0.0
    for m in range(measures):
        target = ordered(policy.intensity[m], policy.start[m], policy.end[m], now)
        measure = strength[m]
        built = measure.built
        kept = measure.kept
        if target == 0.0 and built == 0.0:
            continue
        if built < target:
            built = built_up(built, target, carry, policy.ramp[m])
            kept = 1.0
        else:
            in_force = 1.0 if target > 0.0 else 0.0
            kept = kept_of(p, kept, policy.persistence[m], rules, in_force, carry, policy.half_life[m])
        measure.built = built
        measure.kept = kept
        measure.faked = faking
        village_hours += own_hours(policy.village_hours[m], target, faking, p.fake_paper)
        township_hours += own_hours(policy.township_hours[m], target, faking, p.fake_paper)
        total += built
        real += realised(measure)
        paper_only += built * faking
    place.carry = carry
    place.own_village_hours = village_hours
    place.own_township_hours = township_hours
    place.faked = paper_only / total if total > 0.0 else 0.0
    place.announced = announced_share(load, real, p.announce_load)

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
            scale[k] *= value**s
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
