"""Service: what a case meets on its way.

Shared data spare papers, checks and seals. Unclear ownership and caution make cadres pass a step on; itemised duties
and the risk that the work is examined make them keep it. One window handles departments in parallel. When counters are
closed there are fewer walk-in windows, and residents who come in person find some shut. Tired, hurried and unskilled
work has to be done again. Where appraisal counts closed cases, an overloaded desk closes matters on paper; calls back
by outsiders detect it. The queues themselves are in cases.py.

Theory   administrative burden (Herd & Moynihan 2018), blame avoidance (Hood 2011), "run once" reform
Reads    levers parallel_share, seals_multiplier, ownership_clarity, responsibility_coverage,
         data_sharing, counters_kept, trace_burden, results_weight, third_party, sanction_severity,
         sanction_follow_through, reward_spread, reporting_reach, reception_days; cadre beliefs, caution,
         skill, fatigue, backlog
Writes   township.missing_papers, parallel, seals, check_hours, windows, decision_gain, leaving_price,
         leader_hours, leaders_interval; cadre.ownership (probability that a
         step is passed on), haste (that it must be redone), unanswered (that a matter is closed on paper)
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.mechanisms.hard_cases import gain_of_deciding, hours_of_leaders, occasions_of_leaders, price_of_leaving


@kernel
def passed_on(p, clarity, listed, caution, risk):
    """Probability that a step is passed on; 0 when every owner is clear."""
    unclear = (1.0 - clarity) * (1.0 - p.listed_owned * listed)
    return min(p.pass_on_most, p.pass_on * unclear * caution / (1.0 + p.pass_on_deterred * risk))


@kernel
def choked(p, days_waiting):
    """How far a desk is overloaded (0-1), by the days of work that wait at it."""
    return days_waiting / (days_waiting + p.help_from_days)


@kernel
def redone(p, skill, fatigue, hurry):
    """Probability that a finished step must be done again: unskilled, tired, or hurried (0-1)."""
    return min(1.0, p.redo * (1.0 - skill) * (1.0 + p.haste * (fatigue + hurry)))


@kernel
def closed_without_answer(p, hurry, results_weight, third_party):
    """Probability that a matter is closed on paper where that is easy: hurry, counted closings, nobody who calls back.

    Assumption. Appraisal counts what is closed in time and cannot see an answer; outsiders ask the user.
    """
    return p.unanswered * hurry * results_weight * (1.0 - p.fabrication_checked * third_party)


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
def service_conditions(p, f, levers, township, cadres):
    """What this week's levers and beliefs make of every step."""
    lever = levers[0]
    township.missing_papers = papers_missing(p, lever.data_sharing)
    township.parallel = lever.parallel_share
    township.seals = seals_wanted(p, lever.seals_multiplier, lever.data_sharing)
    township.check_hours = hours_relative(p, lever.data_sharing, lever.trace_burden)
    township.windows = lever.counters_kept
    township.decision_gain = gain_of_deciding(p, lever.results_weight * lever.reward_spread)
    township.leaving_price = price_of_leaving(p, lever.results_weight, lever.reporting_reach)
    township.leader_hours = hours_of_leaders(f, township.residents, lever.reception_days)
    township.leaders_interval = occasions_of_leaders(f, lever.reception_days)
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        risk = p.work_examined * cadre.believed_examined * lever.sanction_follow_through * lever.sanction_severity
        cadre.ownership = passed_on(p, lever.ownership_clarity, lever.responsibility_coverage, cadre.caution, risk)
        waiting = cadre.backlog / max(cadre.pace, 1e-9) if cadre.backlog > 0.0 else 0.0
        hurry = choked(p, waiting)
        cadre.haste = redone(p, cadre.skill, cadre.fatigue, hurry)
        cadre.unanswered = closed_without_answer(p, hurry, lever.results_weight, lever.third_party)
