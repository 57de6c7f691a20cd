"""Opinion: what residents see of government, what they are used to, and the level to which their satisfaction drifts.

People judge government partly by its level and partly against what they are used to, so every gain fades in part. What
is known of cases in the village counts too, the more so the more common cases are. Misconduct made public costs trust,
and the loss outlasts the news: trust waits until people see money given back.

Theory   expectation disconfirmation (Van Ryzin 2004), hierarchical trust (Li 2016), hedonic adaptation
         (Brickman & Campbell 1971)
Reads    levers reform_publicity; village performance, contact, wrongs_known, wrong inclusion, closures, projects,
         dividend, service_seen; township pressure, incidents
Writes   village.mood, mood_trust, mood_superior, expected, contact; township.promised
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.maths import bounded, log
from sim.state import TIES


@kernel
def government_quality(p, performance, contact, project_value, unfair, excluded, wrongs, loss, better_off):
    """What residents see of local government apart from their own cases, 0-100. Weights are assumptions."""
    good = p.see_performance * performance + p.see_contact * contact + p.see_project * project_value
    good += p.see_dividend * better_off
    bad = p.see_unfair * unfair + p.see_excluded * excluded + p.see_wrongs * wrongs + p.see_loss * loss
    return bounded(p.see_base + good - bad, 0.0, 100.0)


@kernel
def better_off(f, dividend):
    """How much better off a dividend makes residents: the logarithm of what it adds to income."""
    return log(1.0 + dividend / f.income_head)


@kernel
def cases_met(p, f, kinds):
    """Cases that a resident lives through or hears of in a week, at the usual rates, an own case counting 1."""
    total = 0.0
    for k in range(kinds.shape[0]):
        heard = p.heard * min(TIES, kinds[k].hours) if f.learning_from_users > 0.0 else 0.0
        total += kinds[k].rate / 52.0 * (1.0 + heard)
    return total


@kernel
def with_service(target, service_seen, met, weight, speed):
    """Where a view drifts to (0-100), when `met` cases a week pull at it by `weight` beside a drift at `speed`."""
    part = met * weight / (speed + met * weight)
    return target + part * (service_seen - target)


@kernel
def mood_of(p, quality, expected):
    """Where satisfaction drifts to (0-100): partly the level, partly the surprise."""
    level = p.level_weight * quality + (1.0 - p.level_weight) * p.mood_neutral
    return bounded(level + p.surprise_weight * (quality - expected), 0.0, 100.0)


@kernel
def settled(p):
    """Part (0-1 a week) of the wrongs they know put right: money comes back, and residents see some of it."""
    return p.redress_seen * p.restitution_year / 52.0


@kernel
def trust_target(p, mood, wrongs):
    """Where trust in the township drifts to (0-100): wrongs that are known shake it until they are put right."""
    return bounded(p.trust_level * mood + p.trust_base - p.see_wrongs * wrongs, 0.0, 100.0)


@kernel
def superior_target(p, pressure, incidents_recent):
    """Where trust in the superiors drifts to (0-100): they are blamed for pressure and disorder.

    Whether punishing subordinates wins or costs superiors support is contested (Tsai, Trinh & Liu 2021; Wang &
    Dickson 2022): neither is in the rule.
    """
    disorder = p.superior_incidents * min(1.0, incidents_recent / p.incidents_scale)
    return bounded(p.superior_base - p.superior_pressure * pressure - disorder, 0.0, 100.0)


@kernel
def judge_government(p, f, kinds, levers, township, villages):
    """Per village: what people see, what they had got used to, and where moods drift to."""
    lever = levers[0]
    township.promised = lever.reform_publicity * township.announced
    met = cases_met(p, f, kinds)
    for v in range(villages.shape[0]):
        village = villages[v]
        village.contact += p.contact_memory * (village.information - village.contact)
        quality = government_quality(
            p,
            village.performance,
            village.contact,
            village.project_value,
            village.wrong_inclusion,
            village.wrong_exclusion,
            village.wrongs_known,
            village.closure_loss,
            better_off(f, village.dividend),
        )
        village.expected += p.expectation_speed * (quality - village.expected)
        mood = mood_of(p, quality, village.expected)
        trust = trust_target(p, mood, village.wrongs_known)
        known = met if village.cases_known > 0.0 else 0.0
        village.mood = with_service(mood, village.service_seen, known, p.case_weight, p.mood_speed)
        village.mood_trust = with_service(trust, village.service_seen, known, p.case_trust, p.mood_speed)
        village.mood_superior = superior_target(p, township.pressure, township.incidents_recent)
