"""Recording: what stands at a week's end and what fell due, counted into the week's tallies."""

from __future__ import annotations

from sim.compiled import kernel
from sim.mechanisms.implementation import realised
from sim.state import DUE_RING


@kernel
def counted_in(now, begin, series, series_flat):
    """The tallies of a week: those of weeks before `begin` are scratch, and are emptied."""
    row = now - begin
    if row < 0:
        row = series.shape[0] - 1
        series_flat[row, :, :] = 0.0
    return series[row]


@kernel
def fall_due(now, p, township, due, tallies):
    """Count the casework that fell due this week, and what of it was closed in time."""
    slot = now % DUE_RING
    hours = 0.0
    ontime_hours = 0.0
    for g in range(tallies.shape[0]):
        tally = tallies[g]
        fell = due[g]
        tally.due_hours = fell.hours[slot]
        tally.ontime_hours = fell.ontime_hours[slot]
        fell.hours[slot] = 0.0
        fell.ontime_hours[slot] = 0.0
        for k in range(7):
            tally.due[k] = fell.cases[slot, k]
            tally.ontime[k] = fell.ontime_cases[slot, k]
            fell.cases[slot, k] = 0.0
            fell.ontime_cases[slot, k] = 0.0
        hours += tally.due_hours
        ontime_hours += tally.ontime_hours
    if hours > 0.0:
        township.ontime_recent += p.ontime_memory * (ontime_hours / hours - township.ontime_recent)


@kernel
def record(now, p, state, township, tallies):
    """Count what stands at the week's end, and what fell due."""
    fall_due(now, p, township, state.due, tallies)
    lever = state.levers[0]
    built = 0.0
    for m in range(state.strength.shape[0]):
        built += realised(state.strength[m])
    for v in range(state.villages.shape[0]):
        village = state.villages[v]
        tally = tallies[village.group]
        tally.residents += village.residents
        tally.satisfaction += village.satisfaction_sum
        tally.satisfied += village.satisfied
        tally.trust += village.trust_sum
        tally.superior += village.superior_sum
        tally.villages += 1.0
        tally.performance += village.performance
        tally.remote_performance += village.remote_performance
        tally.wrong_inclusion += village.wrong_inclusion
        tally.wrong_exclusion += village.wrong_exclusion
        tally.visits += village.visits
        tally.study += township.study_quality
        tally.discussed += township.discussed
        tally.branch_life += township.meetings_held
        tally.inactive += lever.inactive_members
        tally.reward_spread += lever.reward_spread
        tally.amplification += lever.amplification
        tally.misfit += village.misfit
        tally.account += village.account
        tally.lost += village.lost
        tally.back += village.back
        tally.examiners += township.examiners
        tally.trouble += village.trouble
        tally.reported += village.reported
        tally.misjudged += village.misjudged
        tally.pressure += township.pressure
        tally.leaders_wait += township.leaders_wait
        tally.informal_hours += township.informal_hours
        tally.strength += built
        tally.announced += township.announced
        tally.tired += township.tired
    for c in range(state.cadres.shape[0]):
        cadre = state.cadres[c]
        tally = tallies[cadre.group]
        tally.cadres += cadre.posts
        tally.believed_detection += cadre.posts * cadre.believed_detection
        tally.motivation += cadre.posts * cadre.motivation
        tally.skill += cadre.posts * cadre.skill
        tally.fatigue += cadre.posts * cadre.fatigue
        tally.blame += cadre.posts * cadre.blame
        tally.believed_examined += cadre.posts * cadre.believed_examined
        if cadre.village >= 0:
            tally.age += cadre.age
            tally.schooling += cadre.schooling
            tally.committee_skill += cadre.skill
            tally.committee += 1.0
            tally.paper_village += cadre.demanded
        else:
            tally.posts_township += cadre.posts
