"""Needs: residents raise cases at the desks, or settle them on the phone.

Each resident has a keyed number a week; if it falls below the summed rates of the kinds of case, a case
of one kind is raised at a keyed moment, unless its cause has been removed by an initiative. Eligible
cases of able and willing residents go online, as far as the service is offered. Older residents ask for
care and insurance more often. The aggrieved petition (see residents.py).

Theory   take-up and administrative burden (Herd & Moynihan 2018), digital divide (van Dijk 2020)
Reads    levers data_sharing, online_share, counters_kept, reporting_reach, reform_publicity; facts
         case_kinds; resident.digital, over_60
Writes   cases raised (see cases.py); place.online_use, repeat_norm, petition_rate; village.repeat
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
    """Multiple of case rates that shared data leave: nobody need ask again for what is known."""
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
def need_conditions(p, levers, place, villages):
    """What the week's levers make of demand: online use, repeat cases, heard grievances."""
    lever = levers[0]
    place.online_use = lever.online_share
    place.repeat_norm = repeats_left(p, lever.data_sharing)
    place.petition_rate = petitioning(p, lever.reporting_reach, lever.reform_publicity)
    for v in range(villages.shape[0]):
        villages[v].repeat = causes_back(villages[v].repeat, p.cleared_fading)


@kernel
def raise_needs(
    now,
    p,
    f,
    kinds,
    levers,
    keys,
    place,
    villages,
    cadres,
    residents,
    ties,
    cases,
    steps,
    office,
    due,
    tallies,
    waiting,
    passing,
):
    """One keyed number a resident: most weeks nothing happens, else a case is raised.

    `waiting` (int64, residents) and `passing` (uint8, residents) are scratch. The kind of a case does not
    depend on how many causes still stand, so that two settings share the cases that both have.
    """
    lever = levers[0]
    key = moment_key(keys, chance.NEEDS, now)
    increment = keys[chance.NEEDS, 1]
    cumulative = np.zeros((2, 2, 6))  # rural, over 60, kind
    ceiling = 0.0
    for where in range(2):
        for age in range(2):
            total = 0.0
            for k in range(6):
                total += case_rate(kinds[k], age, where, k)
                cumulative[where, age, k] = total
            ceiling = max(ceiling, total)
    cut = np.uint32(min(ceiling, 1.0) * 4294967295.0)
    for v in range(villages.shape[0]):
        village = villages[v]
        tally = tallies[village.group]
        stands = village.repeat * place.repeat_norm
        rural = village.rural
        who = np.uint64(village.uid) << np.uint64(32)
        first = village.first_resident
        village_key = np.uint32(word(key, increment, who) >> np.uint64(32))
        for i in range(village.residents):
            passing[i] = screened(i, village_key) < cut
        raising = 0
        for i in range(village.residents):  # without a branch: whether one passes cannot be foretold
            waiting[raising] = i
            raising += passing[i]
        for n in range(raising):  # fetch the few who may raise a case, before dealing with any
            passing[n] = residents[first + waiting[n]].over_60
        for n in range(raising):
            i = waiting[n]
            bits = word(key, increment, who + np.uint64(i) + np.uint64(1))
            u = unit(bits) * ceiling
            old = passing[n]
            if (u >= cumulative[rural, old, 5]) | (unit(mix(bits)) >= stands):
                continue
            kind = np.int64(0)
            for k in range(5):  # without a branch: neither can be foretold
                kind += u >= cumulative[rural, old, k]
            resident = residents[first + i]
            visit = resident.visits
            resident.visits = visit + np.uint16(1)
            case_key = word(moment_key(keys, chance.CASE, visit), keys[chance.CASE, 1], who + np.uint64(i))
            if (
                kinds[kind].online_eligible > 0.0
                and resident.digital > 0
                and goes_online(
                    kinds[kind].online_eligible,
                    place.online_use,
                    lever.counters_kept,
                    p.counters_push,
                    unit(word(case_key, GOLDEN, ONLINE)),
                )
            ):
                tally.online += 1.0
                saved = -kinds[kind].trips
                live_through(first + i, 0, 0.0, saved, 0.0, 0.0, p, f, place, villages, residents, ties)
                continue
            moment = unit(word(case_key, GOLDEN, MOMENT))
            raise_case(
                now,
                moment,
                kind,
                first + i,
                case_key,
                p,
                f,
                kinds,
                place,
                village,
                v,
                cadres,
                resident,
                cases,
                steps,
                office,
                due[village.group],
                tally,
            )


@kernel
def raise_petitions(
    now, p, f, kinds, keys, place, villages, cadres, residents, cases, steps, office, due, tallies, waiting, petitioners
):
    """Open a case, at the week's end, for each of the petitioners whose rows stand first in `waiting`."""
    for n in range(petitioners):
        row = waiting[n]
        resident = residents[row]
        v = np.int64(resident.village)
        village = villages[v]
        who = (np.uint64(village.uid) << np.uint64(32)) + np.uint64(row - village.first_resident)
        visit = resident.visits
        resident.visits = visit + np.uint16(1)
        case_key = word(moment_key(keys, chance.CASE, visit), keys[chance.CASE, 1], who)
        raise_case(
            now, 1.0, PETITION, row, case_key, p, f, kinds, place, village, v, cadres, resident,
            cases, steps, office, due[village.group], tallies[village.group],
        )  # fmt: skip
