"""Needs: residents raise cases at the desks, or settle them on the phone.

Each resident has a keyed random number a week. If it falls below the summed rates of the kinds of case, a case of one
kind is raised at a keyed moment. None is raised if an initiative has removed its cause. Eligible cases of able and
willing residents go online, as far as the service is offered. Older residents ask for care and insurance more often.
The aggrieved petition (see residents.py).

Theory   take-up and administrative burden (Herd & Moynihan 2018), digital divide (van Dijk 2020)
Reads    levers data_sharing, online_share, counters_kept, reporting_reach, reform_publicity; facts
         case_kinds; resident.digital, over_60
Writes   cases raised (see cases.py); township.online_use, repeat_norm, petition_rate; village.repeat
         (multiples); resident.visits
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import GOLDEN, mix, moment_key, unit, word
from sim.compiled import kernel
from sim.mechanisms.cases import raise_case
from sim.mechanisms.users import live_through
from sim.vocabulary import PETITION, PLOT

ONLINE, MOMENT = np.int64(0), np.int64(1)


@kernel
def goes_online(eligible, online_share, counters_kept, pushed, u):
    """Whether an able resident settles a case on the phone; closed counters push the able towards it."""
    offered = online_share + (1.0 - online_share) * (1.0 - counters_kept) * pushed
    return u < eligible * offered


@kernel
def causes_back(repeat, fading):
    """Causes of repeat cases a week later (multiple of case rates): those removed come back slowly."""
    return repeat + fading * (1.0 - repeat)


@kernel
def repeats_left(p, data_sharing):
    """Multiple of case rates that remains with shared data: nobody need ask again for what is known."""
    return 1.0 - p.repeats_spared * data_sharing


@kernel
def petitioning(p, reach, publicity):
    """Multiple of the petition hazard: channels that are known, and a reform that is announced, invite petitions."""
    return 1.0 + p.petition_reach * (reach + publicity)


@kernel
def case_rate(kind, over_60, rural, index):
    """Cases of a kind a resident raises in a week, as long as their causes stand."""
    if index == PLOT and rural == 0:
        return 0.0
    return kind.rate / 52.0 * (kind.over_60_factor if over_60 else kind.under_60_factor)


@kernel
def screened(i, key):
    """32 keyed bits for a resident of a village: cheap, and computed for all of them."""
    x = np.uint32(np.uint32(np.uint32(i) * np.uint32(0x9E3779B1)) + key)
    x = np.uint32(np.uint32(x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    x = np.uint32(np.uint32(x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(x ^ (x >> np.uint32(16)))


@kernel
def need_conditions(p, levers, township, villages):
    """What the week's levers make of demand: online use, repeat cases, heard grievances."""
    lever = levers[0]
    township.online_use = lever.online_share
    township.repeat_norm = repeats_left(p, lever.data_sharing)
    township.petition_rate = petitioning(p, lever.reporting_reach, lever.reform_publicity)
    for v in range(villages.shape[0]):
        villages[v].repeat = causes_back(villages[v].repeat, p.cleared_fading)


@kernel
def cumulated_rates(kinds):
    """Rates of kinds of case, added up kind by kind: array (4, kinds) by 2 · rural + over 60; and the largest sum."""
    rates = np.zeros((4, PETITION))
    ceiling = 0.0
    for where in range(2):
        for age in range(2):
            total = 0.0
            for k in range(PETITION):
                total += case_rate(kinds[k], age, where, k)
                rates[2 * where + age, k] = total
            ceiling = max(ceiling, total)
    return rates, ceiling


@kernel
def who_raises(key, increment, village, rates, ceiling, stands, residents, waiting, passing):
    """How many raise a case in a village this week; their numbers go to `waiting`, in order, the kinds to `passing`.

    The kind does not depend on how many causes remain, so two settings share the cases that both have. The loop has no
    branch, because the processor could predict neither who passes nor the kind.
    """
    who = np.uint64(village.uid) << np.uint64(32)
    first = village.first_resident
    cut = np.uint32(min(ceiling, 1.0) * 4294967295.0)
    village_key = np.uint32(word(key, increment, who) >> np.uint64(32))
    for i in range(village.residents):
        passing[i] = screened(i, village_key) < cut
    picked = 0
    for i in range(village.residents):
        waiting[picked] = i
        picked += passing[i]
    for n in range(picked):  # fetch the few, before dealing with any
        passing[n] = residents[first + waiting[n]].over_60
    raising = 0
    for n in range(picked):
        i = waiting[n]
        group = 2 * village.rural + passing[n]
        bits = word(key, increment, who + np.uint64(i) + np.uint64(1))
        u = unit(bits) * ceiling
        kind = np.int64(0)
        for k in range(PETITION):
            kind += u >= rates[group, k]
        waiting[raising] = i
        passing[raising] = kind
        raising += (kind < PETITION) & (unit(mix(bits)) < stands)
    return raising


@kernel
def next_case_key(resident, village, number, keys):
    """Key of all chance of a resident's next case: by resident and visit, whatever the week; counts the visit."""
    visit = resident.visits
    resident.visits = visit + np.uint16(1)
    who = (np.uint64(village.uid) << np.uint64(32)) + np.uint64(number)
    return word(moment_key(keys, chance.CASE, visit), keys[chance.CASE, 1], who)


@kernel
def settles_online(kind, resident, p, lever, township, case_key):
    """Whether a resident settles a case on the phone."""
    if kind.online_eligible <= 0.0 or resident.digital == 0:
        return False
    u = unit(word(case_key, GOLDEN, ONLINE))
    return goes_online(kind.online_eligible, township.online_use, lever.counters_kept, p.counters_push, u)


@kernel
def raise_needs(
    now, p, f, kinds, levers, keys, township, villages, cadres, residents, ties, cases, steps, office, due, tallies,
    waiting, passing,
):  # fmt: skip
    """One keyed number a resident: most weeks nothing happens, else a case is raised, or settled on the phone.

    `waiting` (int64, residents) and `passing` (uint8, residents) are scratch.
    """
    key = moment_key(keys, chance.NEEDS, now)
    increment = keys[chance.NEEDS, 1]
    rates, ceiling = cumulated_rates(kinds)
    for v in range(villages.shape[0]):
        village = villages[v]
        tally = tallies[village.group]
        stands = village.repeat * township.repeat_norm
        raising = who_raises(key, increment, village, rates, ceiling, stands, residents, waiting, passing)
        for n in range(raising):
            row = village.first_resident + waiting[n]
            kind = np.int64(passing[n])
            resident = residents[row]
            case_key = next_case_key(resident, village, waiting[n], keys)
            if settles_online(kinds[kind], resident, p, levers[0], township, case_key):
                tally.online += 1.0
                saved = -kinds[kind].trips
                live_through(row, 0, 0.0, saved, 0.0, 0.0, p, f, township, villages, residents, ties)
            else:
                raise_case(
                    now, unit(word(case_key, GOLDEN, MOMENT)), kind, row, case_key, p, f, kinds, township, village, v,
                    cadres, resident, cases, steps, office, due[village.group], tally,
                )  # fmt: skip


@kernel
def raise_petitions(
    now, p, f, kinds, keys, township, villages, cadres, residents, cases, steps, office, due, tallies, waiting,
    petitioners,
):  # fmt: skip
    """Open a case, at the week's end, for each of the petitioners whose rows stand first in `waiting`."""
    for n in range(petitioners):
        row = waiting[n]
        resident = residents[row]
        v = np.int64(resident.village)
        village = villages[v]
        case_key = next_case_key(resident, village, row - village.first_resident, keys)
        raise_case(
            now, 1.0, PETITION, row, case_key, p, f, kinds, township, village, v, cadres, resident,
            cases, steps, office, due[village.group], tallies[village.group],
        )  # fmt: skip
