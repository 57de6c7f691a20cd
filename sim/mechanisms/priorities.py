"""Priorities: what a cadre does with the hours that paper and field days leave, and what gives way when few are left.

Five activities are valued by duty, motive, appraisal, prospects and fear, and chosen by a multinomial logit. What does
not fit is cut in an order; residents who wait at the desk come last. Effort an hour satisfices, and rises with motive
and the risk of being seen. Blame makes cadres who cannot leave withdraw effort (lie flat).

Theory   street-level bureaucracy (Lipsky 1980), multitasking (Holmström & Milgrom 1991), discrete choice (McFadden
         1974), blame avoidance (Hood 2011)
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.maths import exp, log

# How late a thing is cut when hours are short (0 first, 1 last): idle desk hours, rest, policy tasks nobody watches,
# initiative, field visits of one's own accord, watched policy tasks, casework that waits. Evenly spaced: assumption.
CUT_LATE = (0.0, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@kernel
def inspected_try(p, visits):
    """Chance that visits to a village meet a try that has failed."""
    return 1.0 - exp(-p.inspected_village * visits)


@kernel
def loss_of_a_failure(p, severity, harshness):
    """What a noticed failure costs, in units of appraisal: the sanction if judged misconduct, some blame anyway."""
    return severity * (harshness + p.blame_floor)


@kernel
def blame_of_a_try(examined, inspected, complained, tolerance_believed, failure, loss, caution):
    """Expected loss of a try that may honestly fail, in units of appraisal. Hood 2011; Wang 2022."""
    noticed = 1.0 - (1.0 - examined) * (1.0 - inspected) * (1.0 - complained)
    return noticed * (1.0 - tolerance_believed) * failure * loss * caution


@kernel
def dereliction_risk(p, late, reach, examined, follow_through, severity):
    """What a slacker expects to lose: by residents who complain of what is late, and perhaps a little by examiners.

    late: share of casework that is late; reach: residents who dare to complain; examined: a year, as it is believed.
    """
    unseen = (1.0 - p.complained * reach * late) * (1.0 - p.work_examined * examined)
    return (1.0 - unseen) * follow_through * severity * p.dereliction_weight


@kernel
def effort(p, motivation, fatigue, appraised, risk, blame):
    """Intensity of effort per hour: good enough, more with motive, appraisal and the risk of being seen.

    blame: of those who cannot leave; they lie flat.
    """
    return min(
        p.effort_most,
        max(
            p.effort_least,
            p.effort_enough
            + p.effort_motivation * motivation
            + p.effort_appraised * appraised
            + p.effort_risk * risk / (1.0 + risk)
            - p.effort_fatigue * fatigue
            - p.effort_blame * blame,
        ),
    )


@kernel
def side_by_side(one, other):
    """Whether two cadres see each other work: those of a village, or of a township cluster."""
    return one.village == other.village and (one.village >= 0 or one.role == other.role)


@kernel
def effort_around(c, cadres):
    """Effort last week of those who work side by side and whose rows begin at c: posts · effort summed, and posts."""
    total = 0.0
    posts = 0.0
    for row in range(c, cadres.shape[0]):
        if not side_by_side(cadres[c], cadres[row]):
            break
        total += cadres[row].posts * cadres[row].intensity
        posts += cadres[row].posts
    return total, posts


@kernel
def effort_beside(pull, wanted, others):
    """Effort by the rival theory of social comparison: part of the way from one's own to colleagues' of last week."""
    return wanted + pull * (others - wanted)


@kernel
def compared(pull, wanted, cadre, total, posts):
    """The effort a cadre wants, given posts · effort and posts summed over those side by side; alone, one's own."""
    if posts <= cadre.posts:
        return wanted
    return effort_beside(pull, wanted, (total - cadre.posts * cadre.intensity) / (posts - cadre.posts))


@kernel
def value_of_casework(p, backlog, room, motivation, results_weight):
    """Value of an hour of casework: duty, the queue at the door, motive, results that count."""
    waiting = min(p.case_pressure_cap, backlog / max(room, 1.0))
    return p.case_duty + p.case_pressure * waiting + p.case_motive * motivation + p.case_results * results_weight


@kernel
def value_of_policy(p, deadline, prospects, results_weight, weight):
    """Value of an hour of policy tasks: deadlines, promotion on paper traces."""
    return (
        p.policy_duty
        + log(weight)
        + p.policy_deadline * deadline
        + p.policy_prospects * prospects * (1.0 - results_weight)
    )


@kernel
def value_of_field(p, motivation, results_weight):
    """Value of an hour in the field beyond what is prescribed: motive, and results that count."""
    return p.field_base + p.field_motive * motivation + p.field_results * results_weight


@kernel
def value_of_initiative(p, motivation, appraised, prospects, blame):
    """Value of an hour of initiative: motive and appraisal gain against blame."""
    return (
        p.try_base
        + p.try_motive * motivation
        + p.try_appraised * appraised
        + p.try_prospects * prospects
        - p.try_blame * blame
    )


@kernel
def value_of_slack(p, fatigue, motivation, appraised, risk):
    """Value of an hour at rest: tiredness, against motive, appraisal and the risk of being seen."""
    return (
        p.slack_base
        + p.slack_fatigue * fatigue
        - p.slack_motive * motivation
        - p.slack_appraised * appraised
        - p.slack_risk * risk
    )


@kernel
def choose(v0, v1, v2, v3, v4, temperature):
    """Shares of five activities by expected value (multinomial logit)."""
    top = max(max(v0, v1), max(v2, v3), v4)
    a = exp((v0 - top) / temperature)
    b = exp((v1 - top) / temperature)
    c = exp((v2 - top) / temperature)
    d = exp((v3 - top) / temperature)
    e = exp((v4 - top) / temperature)
    total = a + b + c + d + e
    return a / total, b / total, c / total, d / total, e / total


@kernel
def late_weights(spare):
    """How readily each of seven things is cut (1 the most), in the order of CUT_LATE; alike if `spare` is 0."""
    return (
        exp(-spare * CUT_LATE[0]),
        exp(-spare * CUT_LATE[1]),
        exp(-spare * CUT_LATE[2]),
        exp(-spare * CUT_LATE[3]),
        exp(-spare * CUT_LATE[4]),
        exp(-spare * CUT_LATE[5]),
        exp(-spare * CUT_LATE[6]),
    )


@kernel
def depth_of_cut(wanted, weights, cut):
    """How deep to cut, so that sum of wanted · min(1, depth · weight) is `cut`; weights fall from first to last."""
    if cut <= 0.0:
        return 0.0
    pull = 0.0
    for k in range(len(wanted)):
        pull += wanted[k] * weights[k]
    gone = 0.0
    for k in range(len(wanted)):
        if gone + pull / weights[k] >= cut:
            return (cut - gone) / pull if pull > 0.0 else 1.0 / weights[k]
        gone += wanted[k]
        pull = max(0.0, pull - wanted[k] * weights[k])
    return 1.0 / weights[len(weights) - 1]


@kernel
def left(wanted, depth, weight):
    """Hours left of a thing after a cut."""
    return wanted * (1.0 - min(1.0, depth * weight))


@kernel
def after_cuts(shares, usual, room, needed, seen, weights):
    """Shares of the room there is for casework, policy, field, initiative and slack, when less than wanted fits.

    shares: of the `usual` hours, as chosen; needed: hours of casework that wait or were used last week; seen: part of
    policy tasks that is watched. The room is what is really left (hours); what does not fit is cut by `weights`.
    """
    casework, policy, field, trying, rest = shares
    asked = min(casework * usual, needed)
    wanted = (
        casework * usual - asked,
        rest * usual,
        policy * usual * (1.0 - seen),
        trying * usual,
        field * usual,
        policy * usual * seen,
        asked,
    )
    depth = depth_of_cut(wanted, weights, usual - room)
    return (
        (left(wanted[0], depth, weights[0]) + left(wanted[6], depth, weights[6])) / room,
        (left(wanted[2], depth, weights[2]) + left(wanted[5], depth, weights[5])) / room,
        left(wanted[4], depth, weights[4]) / room,
        left(wanted[3], depth, weights[3]) / room,
        left(wanted[1], depth, weights[1]) / room,
    )
