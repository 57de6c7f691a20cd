"""Time use: how a cadre spends the week.

Mandated paper comes first, because it has deadlines and somebody checks it; when it exceeds the hours
there are, part of it is ticked rather than done. Prescribed field days come next, some of them staged.
What is left goes to casework, policy tasks, field visits of one's own accord, initiative or slack, by
discrete choice on expected value.
Beside hours there is effort: it stops at "good enough" where work and slack are paid alike, and rises
with motivation and with the risk that slack is seen and sanctioned. Initiative is chilled by blame.

Theory   multitasking (Holmström & Milgrom 1991), blame avoidance (Hood 2011), satisficing (Simon 1956),
         public-service motivation (Perry & Wise 1990), discrete choice (McFadden 1974)
Reads    levers results_weight, reward_spread, error_harshness, sanction_severity, sanction_follow_through,
         field_days, reporting_reach, third_party; cadre.demanded, backlog, beliefs
Writes   cadre.fabricated (share of demanded paper), compliance_hours, field_hours (prescribed), desk_hours
         (hours a week of the row), priority (shares of the rest), intensity, blame (units of appraisal),
         pace (standard hours a working day), spent (hours a week by activity, sum to all hours)
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.mechanisms.tasks import near_deadline
from sim.vocabulary import A_CASEWORK, A_COMPLIANCE, A_FIELD, A_INITIATIVE, A_POLICY, A_SLACK, OPTIMISATION, ROLES


@kernel
def fabricated_share(demanded, available, onset, half, outsiders, third_party):
    """Share of demanded paper that is ticked: 0 below `onset`, then convex up to a quarter. Assumption."""
    overload = max(0.0, demanded / available - onset)
    share = overload * overload / (overload * overload + half * half)
    return share * (1.0 - outsiders * third_party)


@kernel
def paper_hours(demanded, fabricated, tick_time, available, most):
    """Hours that paper really takes: ticking is quick, and something is always left for other work."""
    return min(demanded * (1.0 - fabricated * (1.0 - tick_time)), most * available)


@kernel
def field_made(p, required, staged, motivation, room):
    """Prescribed field hours really spent in the field: not the staged ones, fewer without motivation."""
    wanted = required * (1.0 - staged) * (p.field_least + (1.0 - p.field_least) * motivation)
    return min(p.field_most * room, wanted)


@kernel
def inspected_try(p, visits):
    """Chance that visits to a village meet a try that has failed."""
    return 1.0 - np.exp(-p.inspected_village * visits)


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
def dereliction_risk(believed_detection, follow_through, severity, weight):
    """What a slacker expects to lose, from believed examination of the work."""
    return believed_detection * follow_through * severity * weight


@kernel
def effort(p, motivation, fatigue, appraised, risk):
    """Intensity of effort per hour: good enough, more with motive, appraisal and the risk of being seen."""
    return min(
        p.effort_most,
        max(
            p.effort_least,
            p.effort_enough
            + p.effort_motivation * motivation
            + p.effort_appraised * appraised
            + p.effort_risk * risk / (1.0 + risk)
            - p.effort_fatigue * fatigue,
        ),
    )


@kernel
def value_of_casework(p, backlog, room, motivation, results_weight):
    """Value of an hour of casework: duty, the queue at the door, motive, results that count."""
    waiting = min(p.case_pressure_cap, backlog / max(room, 1.0))
    return p.case_duty + p.case_pressure * waiting + p.case_motive * motivation + p.case_results * results_weight


@kernel
def value_of_policy(p, deadline, visits_usual, visibility, prospects, results_weight, weight):
    """Value of an hour of policy tasks: deadlines, visits where one is seen, promotion on paper traces."""
    watched = min(p.watched_most, visits_usual) * (p.policy_unseen + (1.0 - p.policy_unseen) * visibility)
    return (
        p.policy_duty
        + np.log(weight)
        + p.policy_deadline * deadline
        + p.policy_watched * watched
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
    a = np.exp((v0 - top) / temperature)
    b = np.exp((v1 - top) / temperature)
    c = np.exp((v2 - top) / temperature)
    d = np.exp((v3 - top) / temperature)
    e = np.exp((v4 - top) / temperature)
    total = a + b + c + d + e
    return a / total, b / total, c / total, d / total, e / total


@kernel
def speed(p, skill):
    """Standard hours of casework that an hour of full effort yields; 1 at middling skill."""
    return p.speed_least + (1.0 - p.speed_least) * skill / p.skill_middle


@kernel
def pace_of(p, desk_hours, intensity, skill, posts):
    """Standard hours of casework that a desk finishes in a working day; a little is always done."""
    return max(p.pace_least * posts, desk_hours * intensity * speed(p, skill) / 5.0)


@kernel
def spend_the_week(now, p, f, theory, levers, villages, cadres):
    """Set paper, field days, priorities, effort and the pace of every desk."""
    lever = levers[0]
    deadline = near_deadline(now, f.deadline_every, f.deadline_length)
    appraised = lever.results_weight * lever.reward_spread
    loss = loss_of_a_failure(p, lever.sanction_severity, lever.error_harshness)
    follow = 1.0 if theory == OPTIMISATION else p.habit
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        hours = cadre.hours * cadre.posts
        inspected = p.inspected_township
        visits = p.visits_township
        visibility = 1.0
        complained = p.complained * lever.reporting_reach
        if cadre.village >= 0:
            village = villages[cadre.village]
            visits = village.visits_usual
            visibility = village.visibility
            inspected = inspected_try(p, visits)
        fabricated = fabricated_share(
            cadre.demanded,
            cadre.hours,
            p.fabrication_onset,
            p.fabrication_half,
            p.fabrication_checked,
            lever.third_party,
        )
        paper = paper_hours(cadre.demanded, fabricated, p.tick_time, cadre.hours, p.paper_most) * cadre.posts
        required = (
            lever.field_days * f.field_day_hours * cadre.posts * (1.0 if cadre.village >= 0 else p.field_township)
        )
        staged = fabricated_share(
            cadre.demanded + required / cadre.posts, cadre.hours, p.fabrication_onset, p.fabrication_half, 0.0, 0.0
        )
        field = field_made(p, required, staged, cadre.motivation, hours - paper)
        paper = min(p.paper_most * hours, paper + required * staged * p.tick_time)
        field = min(field, hours - paper)
        rest = hours - paper - field
        risk = dereliction_risk(
            cadre.believed_detection, lever.sanction_follow_through, lever.sanction_severity, p.dereliction_weight
        )
        blame = blame_of_a_try(
            cadre.believed_detection,
            inspected,
            complained,
            cadre.believed_tolerance,
            p.failure * (1.0 - p.failure_skill * cadre.skill),
            loss,
            cadre.caution,
        )
        shares = choose(
            value_of_casework(
                p, cadre.backlog / cadre.posts, rest / cadre.posts, cadre.motivation, lever.results_weight
            ),
            value_of_policy(
                p, deadline, visits, visibility, cadre.prospects, lever.results_weight, cadre.policy_weight
            ),
            value_of_field(p, cadre.motivation, lever.results_weight),
            value_of_initiative(p, cadre.motivation, appraised, cadre.prospects, blame),
            value_of_slack(p, cadre.fatigue, cadre.motivation, appraised, risk),
            p.choice_noise,
        )
        wanted = effort(p, cadre.motivation, cadre.fatigue, appraised, risk)
        cadre.fabricated = fabricated
        cadre.compliance_hours = paper
        cadre.field_hours = field
        for k in range(5):
            cadre.priority[k] += follow * (shares[k] - cadre.priority[k])
        cadre.intensity += follow * (wanted - cadre.intensity)
        cadre.blame = blame
        cadre.desk_hours = rest * cadre.priority[0]
        cadre.pace = pace_of(p, cadre.desk_hours, cadre.intensity, cadre.skill, cadre.posts)


@kernel
def account_for_hours(p, cadres, tallies):
    """Close the week's hours: desk hours that found no case go to the other activities."""
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        hours = cadre.hours * cadre.posts
        casework = min(cadre.used_hours, cadre.desk_hours)
        left = hours - cadre.compliance_hours - cadre.field_hours - casework
        other = cadre.priority[1] + cadre.priority[2] + cadre.priority[3] + cadre.priority[4]
        cadre.spent[A_COMPLIANCE] = cadre.compliance_hours
        cadre.spent[A_CASEWORK] = casework
        cadre.spent[A_POLICY] = left * cadre.priority[1] / other
        own_visits = left * cadre.priority[2] / other
        cadre.spent[A_FIELD] = cadre.field_hours + own_visits
        cadre.spent[A_INITIATIVE] = left * cadre.priority[3] / other
        cadre.spent[A_SLACK] = left - cadre.spent[A_POLICY] - own_visits - cadre.spent[A_INITIATIVE]
        tally = tallies[cadre.group]
        tally.hours_available += hours
        tally.compliance += cadre.spent[A_COMPLIANCE]
        tally.casework += cadre.spent[A_CASEWORK]
        tally.policy += cadre.spent[A_POLICY]
        tally.field += cadre.spent[A_FIELD]
        tally.initiative += cadre.spent[A_INITIATIVE]
        tally.slack += cadre.spent[A_SLACK]
        tally.paper_demanded += cadre.demanded * cadre.posts
        tally.paper_fabricated += cadre.demanded * cadre.fabricated * cadre.posts
        tally.effort_high += cadre.posts if cadre.intensity >= p.effort_notable else 0.0
        role = cadre.role if cadre.village >= 0 else len(ROLES) + cadre.role
        tally.busy_hours[role] += casework
        tally.desk_hours[role] += cadre.desk_hours
