"""What is demanded: measures in force, paper and visits, and the cases that residents raise."""

from __future__ import annotations

import numpy as np

from sim.chance import GOLDEN, NEEDS, VISITS_RECEIVED
from sim.levers import LEVERS
from sim.mechanisms.needs import MOMENT, ONLINE
from sim.vocabulary import NATURES
from tests.reference.office import case_key, live_through, raise_case
from tests.reference.rules import chance, implementation, needs, tasks

# --- 1 Implementation


def implement(town, now):
    """Move every measure a week on, then compose this week's levers."""
    p, f, levers, place = town.p, town.f, town.levers, town.place
    wanted = [implementation.ordered(order.intensity, order.start, order.end, now) for order in town.orders]
    load = sum(wanted)
    carry = implementation.carried(levers.attention, load)
    faking = implementation.faked_share(carry, levers.third_party, p.fake_base, p.fake_scarce, p.fake_outsiders)
    begun = [(order, target) for order, target in zip(town.orders, wanted, strict=True) if target or order.stock]
    village_hours = township_hours = 0.0
    for order, target in begun:
        trying = live_on(town, order, target, carry, faking)
        by_order = town.theory["upkeep"] == "ordered" or not f.upkeep
        hours = implementation.own_hours(
            f.own_hours,
            target if by_order else order.stock * order.run,
            order.faked,
            p.fake_paper,
            trying,
            p.set_up_weeks,
        )
        village_hours += hours * order.measure.hours_per_village_cadre_week.mode
        township_hours += hours * order.measure.hours_per_township_cadre_week.mode
    place.carry = carry
    place.own_village_hours, place.own_township_hours = village_hours, township_hours
    drives = [order for order, target in begun if target and order.measure.nature == "drive"]
    driven = sum(order.stock for order in drives)
    place.tired = sum(order.stock * (1.0 - order.energy) for order in drives) / driven if driven else 0.0
    place.remembered_load = (
        implementation.remembered(load, place.remembered_load, p.load_heard, p.load_forgotten)
        if f.remembered_load
        else load
    )
    real = sum(strength(order) for order, _ in begun)
    place.announced = implementation.announced_share(place.remembered_load, real, p.announce_load)
    for name in LEVERS:
        setattr(levers, name, composed_lever(town, name, now))


def live_on(town, order, target: float, carry: float, faking: float) -> float:
    """A week of one measure: it is run, it wears, it is built up, people tire; returns what was to be set up."""
    p, f, levers, nature = town.p, town.f, town.levers, order.measure.nature
    if not order.stock:
        order.faked = faking
    tires = nature == "drive" and f.tiredness
    order.energy = implementation.energy_left(order.age, p.tired_half, p.tired_least) if tires else 1.0
    own = implementation.own_accord(
        NATURES.index(nature),
        1.0 - order.faked,
        levers.reporting_reach,
        levers.sanction_follow_through,
        levers.institutionalised,
        p.own_built,
    )
    told = target if f.upkeep else order.stock
    order.run = implementation.run_share(told, order.stock, order.energy, own)
    if f.upkeep:
        wear = {"built": p.wear_built, "rule": p.wear_rule, "drive": p.wear_drive}[nature]
        order.stock = implementation.worn(order.stock, order.run, wear)
    if not target:
        town.happened["measure goes on unordered"] += 1
    order.faked = implementation.faked_later(order.faked, faking, p.fake_habit, target > 0.0)
    before = order.stock
    order.stock = implementation.built_up(before, target, carry, max(order.measure.ramp_weeks, 1))
    if target and (order.age or order.stock >= target):
        order.age += 1.0
        town.happened["people tire of a drive"] += order.energy < 1.0
    return (order.stock - before) / carry


def strength(order) -> float:
    """How far a measure is really in force (0-1)."""
    return order.stock * order.run * (1.0 - order.faked)


def composed_lever(town, name: str, now: int) -> float:
    """A lever this week: what it is without measures, then their floors, gaps closed and scales, then bounds."""
    before, change = getattr(town.base, name), town.changes.get(name)
    if change and now >= 0 and change.start <= now < (np.inf if change.end is None else change.end):
        before = change.value
    floor, gap, scale = 0.0, 1.0, 1.0
    for order in town.orders:
        real = strength(order)
        for entry in order.measure.entries:
            if entry.lever != name or real <= 0.0:
                continue
            if entry.op == "scale":
                scale *= entry.mode**real
            elif entry.op == "close":
                gap *= 1.0 - real * entry.mode
            else:
                floor = max(floor, before + real * max(0.0, entry.mode - before))
    return implementation.composed(before, floor, gap, scale, LEVERS[name].low, LEVERS[name].high)


# --- 2 Tasks


def mean_visibility(town) -> float:
    """Mean over villages."""
    return sum(village.visibility / len(town.villages) for village in town.villages)


def set_tasks(town, now):
    """Demand paper of every cadre, and visit the villages."""
    p, f, lever, place = town.p, town.f, town.levers, town.place
    deadline = tasks.near_deadline(now, f.deadline_every, f.deadline_length)
    to_township = tasks.passed_down(lever.burden, lever.amplification, 1.0)
    to_village = tasks.passed_down(lever.burden, lever.amplification, 2.0)
    forms = (
        to_village
        * place.form_push
        * tasks.form_hours(
            lever.forms_per_village_year,
            lever.hours_per_form,
            lever.duplicate_form_share,
            f.repeat_form_time,
            lever.data_sharing,
            p.forms_spared,
        )
    )
    common = (
        lever.meeting_hours * to_township + lever.study_sessions * f.study_session_hours / 52.0 + place.informal_hours
    )
    mean = mean_visibility(town)
    for village in town.villages:
        village.visits_usual = tasks.visits_expected(
            lever.visits_per_village_year * to_township * place.visit_push,
            lever.roadside_bias,
            village.visibility,
            mean,
            deadline,
            p.visit_bunching,
            f.deadline_length / f.deadline_every,
        )
        village.visits = tasks.whole_number(village.visits_usual, town.chance(VISITS_RECEIVED, village.uid, now))
        for cadre in village.committee:
            cadre.demanded = tasks.village_paper(
                forms / f.village_cadres,
                village.visits * lever.hours_per_visit / len(village.committee),
                f.examination_hours * village.examined / len(village.committee)
                + tasks.prepared(p, f, cadre.believed_examined, len(village.committee)),
                cadre.paper_weight,
                common,
                cadre.traces * lever.trace_burden * covering(town, cadre),
                place.own_village_hours,
            )
    for cadre in town.township_cadres():
        cadre.demanded = tasks.township_paper_of(
            lever.township_paper_hours * to_township * place.form_push,
            cadre.paper_weight,
            common,
            cadre.traces * lever.trace_burden * covering(town, cadre) / cadre.posts,
            place.own_township_hours,
        )


def covering(town, cadre) -> float:
    """Multiple of the norm of record-keeping by which a cadre covers what may be blamed."""
    return tasks.cover(town.p, town.f, cadre.believed_examined, cadre.believed_tolerance)


# --- 3 Needs


def need_conditions(town):
    """What the week's levers make of demand."""
    p, lever, place = town.p, town.levers, town.place
    place.online_use = lever.online_share
    place.repeat_norm = needs.repeats_left(p, lever.data_sharing)
    place.petition_rate = needs.petitioning(p, lever.reporting_reach, lever.reform_publicity)
    for village in town.villages:
        village.repeat = needs.causes_back(village.repeat, p.cleared_fading)


def cumulated_rates(town, over_60: int, rural: int) -> list[float]:
    """Weekly rates of the kinds of case that come by themselves, each added to those before."""
    found, total = [], 0.0
    for index, kind in enumerate(town.kinds[:-1]):
        total += needs.case_rate(kind, over_60, rural, index)
        found.append(total)
    return found


def raise_needs(town, now):
    """Every resident draws a number: most weeks nothing happens, else one kind of case is raised."""
    lever = town.obeyed("needs", now)
    key, increment = chance.moment_key(town.keys, NEEDS, np.int64(now)), town.keys[NEEDS, 1]
    ceiling = max(cumulated_rates(town, age, where)[-1] for age in (0, 1) for where in (0, 1))
    cut = np.uint32(min(ceiling, 1.0) * 4294967295.0)
    for village in town.villages:
        village_key = np.uint32(chance.word(key, increment, np.uint64(village.uid << 32)) >> np.uint64(32))
        for resident in village.people:
            if needs.screened(resident.place, village_key) >= cut:
                continue
            bits = chance.word(key, increment, np.uint64((village.uid << 32) + resident.place + 1))
            u = chance.unit(bits) * ceiling
            rates = cumulated_rates(town, resident.over_60, village.rural)
            caused = chance.unit(chance.mix(bits)) < village.repeat * town.place.repeat_norm
            if u < rates[-1] and caused:
                come(town, now, resident, sum(u >= rate for rate in rates), lever)


def come(town, now, resident, kind_index, lever):
    """Settle a case on the phone or go to a desk."""
    p, kind = town.p, town.kinds[kind_index]
    case = case_key(town, resident)
    able = kind.online_eligible > 0.0 and resident.digital > 0
    if able and needs.goes_online(
        kind.online_eligible,
        town.place.online_use,
        lever.counters_kept,
        p.counters_push,
        chance.unit(chance.word(case, GOLDEN, ONLINE)),
    ):
        town.tally(resident.home).online += 1.0
        live_through(town, resident, 0, 0.0, -kind.trips, 0.0, 0.0)
    else:
        raise_case(town, now, chance.unit(chance.word(case, GOLDEN, MOMENT)), kind_index, resident, case)
