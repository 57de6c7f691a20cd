"""Initiative: what a try (an attempt to do something in a new way) achieves, and what happens when it fails.

A cadre who puts hours into a matter of their own choice starts, every so often, a try. A success clarifies owners and
steps of one kind of case in the village and sets a precedent for hard ones. It also removes causes of repeat cases, and
fits projects to needs. A failure is honest; it may be noticed, and is then adjudicated (oversight.py).

Theory   street-level discretion (Lipsky 1980), experimentation (Heilmann 2008), failure and blame
Reads    levers tolerance, error_harshness, sanction_follow_through, reporting_reach (when a failure is
         judged); cadre.spent[initiative] (hours), skill; village.examined, depth, visits
Writes   village.cleared, repeat, fit_gained; cadre.wrong; tallies initiatives, tries_failed; beliefs after a failure
         (oversight.py)
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.mechanisms.adjudication import judge_honest_error
from sim.vocabulary import A_INITIATIVE, KINDS

DRAWS = 4  # of INITIATIVE for a cadre in a week: DRAWS * now + one of these
STARTS, WHICH, FAILS = range(3)
ERRORS = np.uint64(1 << 48)  # numbers of a cadre's wrong decisions in a week lie that far apart


@kernel
def fails(p, skill, u):
    """Whether a try honestly fails; the skilled fail less."""
    return u < p.failure * (1.0 - p.failure_skill * skill)


@kernel
def started(hours, try_hours):
    """Chance that a week's hours of initiative start a try."""
    return hours / try_hours


@kernel
def grown(gain, part):
    """A gain (0-1) after one more success, which takes a part of what is still to be gained."""
    return gain + part * (1.0 - gain)


@kernel
def try_things(now, p, f, keys, levers, villages, cadres, tallies):
    """Start tries out of the hours given to initiative, and let them succeed or fail."""
    lever = levers[0]
    fade = 1.0 - p.cleared_fading
    for v in range(villages.shape[0]):
        village = villages[v]
        for k in range(len(KINDS)):
            village.cleared[k] *= fade
        village.fit_gained *= fade
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        tally = tallies[cadre.group]
        for n in range(int(cadre.wrong)):  # hard cases decided wrongly (cases.py), judged like failed tries
            who = np.uint64(cadre.uid) + np.uint64(n + 1) * ERRORS
            judge_honest_error(now, p, f, keys, lever, villages[cadre.assigned], cadre, tally, who)
        cadre.wrong = 0.0
        likely = started(cadre.spent[A_INITIATIVE], p.try_hours)
        if uniform(keys, chance.INITIATIVE, cadre.uid, DRAWS * now + STARTS) >= likely:
            continue
        tally.initiatives += 1.0
        where = uniform(keys, chance.INITIATIVE, cadre.uid, DRAWS * now + WHICH)
        if fails(p, cadre.skill, uniform(keys, chance.INITIATIVE, cadre.uid, DRAWS * now + FAILS)):
            tally.tries_failed += 1.0
            judge_honest_error(now, p, f, keys, lever, villages[cadre.assigned], cadre, tally, np.uint64(cadre.uid))
            continue
        kind = int(where * len(KINDS))
        if cadre.village >= 0:
            village = villages[cadre.village]
            village.cleared[kind] = grown(village.cleared[kind], p.try_clears)
            village.repeat *= 1.0 - p.try_repeats
            village.fit_gained = grown(village.fit_gained, p.try_fits)
        else:
            share = min(1.0, p.try_township / villages.shape[0])
            for v in range(villages.shape[0]):
                village = villages[v]
                village.cleared[kind] = grown(village.cleared[kind], share * p.try_clears)
                village.repeat *= 1.0 - share * p.try_repeats
