"""Service: what a case meets on its way.

Shared data spare papers, checks and seals; unclear ownership and caution make people pass a step on,
itemised duties and the risk of an examination of the work make them keep it; one window handles
departments in parallel but narrows to fewer walk-in windows when counters are closed, and who comes in
person finds some shut. Tired, hurried and unskilled work has to be done again, and so has work done to be
counted, where closed cases are what is rewarded. The queues themselves are in cases.py.

Theory   administrative burden (Herd & Moynihan 2018), blame avoidance (Hood 2011), "run once" reform
Reads    levers parallel_share, seals_multiplier, ownership_clarity, responsibility_coverage,
         data_sharing, counters_kept, trace_burden, results_weight, reward_spread, sanction_severity,
         sanction_follow_through; cadre beliefs, caution, skill, fatigue, backlog
Writes   place.missing_papers, parallel, seals, check_hours, windows; cadre.ownership (probability that a step
         is passed on), haste (probability that it must be redone)
"""

from __future__ import annotations

from sim.compiled import kernel


@kernel
def passed_on(p, clarity, listed, caution, risk):
    """Probability that a step is passed on; 0 when every owner is clear."""
    unclear = (1.0 - clarity) * (1.0 - p.listed_owned * listed)
    return min(p.pass_on_most, p.pass_on * unclear * caution / (1.0 + p.pass_on_deterred * risk))


@kernel
def redone(p, skill, fatigue, days_waiting, appraised):
    """Probability that a finished step must be done again: unskilled, tired, hurried, or done to be counted."""
    hurry = days_waiting / (days_waiting + p.hurry_half)
    haste = 1.0 + p.redo_fatigue * fatigue + p.redo_hurry * hurry + p.redo_counted * appraised
    return min(1.0, p.redo * (1.0 - skill) * haste)


@kernel
def papers_missing(p, data_sharing):
    """Chance that a step sends the resident back for papers; shared data spare it."""
    return p.missing_papers * (1.0 - p.papers_shared * data_sharing)


@kernel
def seals_wanted(p, multiplier, data_sharing):
    """Seals relative to the norm; shared data make some unnecessary."""
    return multiplier * (1.0 - p.seals_shared * data_sharing)


@kernel
def hours_relative(p, data_sharing, trace_burden):
    """Hours of a step relative to standard: checks spared by shared data, record-keeping added."""
    return (1.0 - p.checks_shared * data_sharing) * (1.0 + p.trace_time * (trace_burden - 1.0))


@kernel
def service_conditions(p, levers, place, cadres):
    """What this week's levers and beliefs make of every step."""
    lever = levers[0]
    place.missing_papers = papers_missing(p, lever.data_sharing)
    place.parallel = lever.parallel_share
    place.seals = seals_wanted(p, lever.seals_multiplier, lever.data_sharing)
    place.check_hours = hours_relative(p, lever.data_sharing, lever.trace_burden)
    place.windows = lever.counters_kept
    appraised = lever.results_weight * lever.reward_spread
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        risk = cadre.believed_detection * lever.sanction_follow_through * lever.sanction_severity
        cadre.ownership = passed_on(p, lever.ownership_clarity, lever.responsibility_coverage, cadre.caution, risk)
        waiting = cadre.backlog / max(cadre.pace, 1e-9) if cadre.backlog > 0.0 else 0.0
        cadre.haste = redone(p, cadre.skill, cadre.fatigue, waiting, appraised)
