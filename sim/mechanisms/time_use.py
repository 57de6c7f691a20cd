"""Time use: how a cadre spends the week.

Mandated paper comes first, because it has deadlines and somebody checks it. When it exceeds the hours there are, part
of it is ticked (filled in for form's sake) rather than done. Prescribed field days come next, some of them staged. What
a usual week leaves goes to casework, policy tasks, field visits of one's own accord, initiative or slack, by discrete
choice on expected value. Where paper and field days leave less than that, cadres first work overtime, which tires them,
and then cut. They cut rest and idle desk hours before unwatched tasks, and what residents wait for last. Besides hours
there is effort. It stops at "good enough" where work and slack are paid alike. It rises with motivation, and with the
risk that residents complain of slack and it is sanctioned. By a rival theory it also follows what colleagues do.
Initiative is chilled by blame.

Theory   multitasking (Holmström & Milgrom 1991), blame avoidance (Hood 2011), satisficing (Simon 1956),
         public-service motivation (Perry & Wise 1990), peers at work (Mas & Moretti 2009), discrete choice
         (McFadden 1974), rationing by who would notice (Lipsky 1980)
Reads    levers results_weight, reward_spread, error_harshness, sanction_severity, sanction_follow_through,
         field_days, reporting_reach, third_party; cadre.demanded, backlog, used_hours, beliefs
Writes   cadre.fabricated (share of demanded paper), compliance_hours, field_hours (prescribed), overtime, desk_hours
         (hours a week of the row), priority (shares of the rest), intensity, blame (units of appraisal),
         pace (standard hours a working day), spent (hours a week by activity, sum to all hours, overtime included)
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.mechanisms.priorities import (
    after_cuts,
    blame_of_a_try,
    choose,
    compared,
    dereliction_risk,
    effort,
    effort_around,
    inspected_try,
    late_weights,
    loss_of_a_failure,
    side_by_side,
    value_of_casework,
    value_of_field,
    value_of_initiative,
    value_of_policy,
    value_of_slack,
)
from sim.mechanisms.tasks import near_deadline, watched
from sim.vocabulary import (
    A_CASEWORK,
    A_COMPLIANCE,
    A_FIELD,
    A_INITIATIVE,
    A_POLICY,
    A_SLACK,
    OPTIMISATION,
    PEERS,
    PROPORTIONAL,
    ROLES,
)


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
def hours_short(p, hours, paper, field):
    """Hours a week that paper and prescribed field days take beyond the part of a usual week they are reckoned with."""
    return max(0.0, paper + field - p.paper_usual * hours)


@kernel
def overtime_worked(p, hours, short):
    """Hours a week beyond the regular ones: a part of what is short, up to a limit."""
    return min(p.overtime_most * hours, p.overtime_part * short)


@kernel
def speed(p, skill):
    """Standard hours of casework that an hour of full effort yields; 1 at middling skill."""
    return p.speed_least + (1.0 - p.speed_least) * skill / p.skill_middle


@kernel
def pace_of(p, desk_hours, intensity, skill, posts):
    """Standard hours of casework that a desk finishes in a working day; a little is always done."""
    return max(p.pace_least * posts, desk_hours * intensity * speed(p, skill) / 5.0)


@kernel
def casework_needed(p, cadre):
    """Hours of casework that a desk needs this week: as many as it used last week, or as the queue takes."""
    pace = cadre.intensity * speed(p, cadre.skill)
    return max(cadre.used_hours, cadre.backlog / max(pace, 1e-9))


@kernel
def paper_and_field(p, f, lever, cadre, hours):
    """Share of demanded paper that is ticked, hours of paper, hours of prescribed field days (all posts of the row)."""
    fabricated = fabricated_share(
        cadre.demanded,
        cadre.hours,
        p.fabrication_onset,
        p.fabrication_half,
        p.fabrication_checked,
        lever.third_party,
    )
    paper = paper_hours(cadre.demanded, fabricated, p.tick_time, cadre.hours, p.paper_most) * cadre.posts
    required = lever.field_days * f.field_day_hours * cadre.posts * (1.0 if cadre.village >= 0 else p.field_township)
    staged = fabricated_share(
        cadre.demanded + required / cadre.posts, cadre.hours, p.fabrication_onset, p.fabrication_half, 0.0, 0.0
    )
    field = field_made(p, required, staged, cadre.motivation, hours - paper)
    paper = min(p.paper_most * hours, paper + required * staged * p.tick_time)
    return fabricated, paper, min(field, hours - paper)


@kernel
def spend_the_week(now, p, f, theory, levers, township, villages, cadres):
    """Set paper, field days, overtime, priorities, effort and the pace of every desk."""
    lever = levers[0]
    deadline = near_deadline(now, f.deadline_every, f.deadline_length)
    appraised = lever.results_weight * lever.reward_spread
    loss = loss_of_a_failure(p, lever.sanction_severity, lever.error_harshness)
    follow = 1.0 if theory.effort == OPTIMISATION else p.habit
    weights = late_weights(0.0 if theory.squeeze == PROPORTIONAL else f.order_of_cuts * p.cut_order)
    total, posts = 0.0, 0.0  # of those side by side, where effort is compared
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        if theory.peer_effort == PEERS and (c == 0 or not side_by_side(cadres[c - 1], cadre)):
            total, posts = effort_around(c, cadres)
        hours = cadre.hours * cadre.posts
        inspected, visits = p.inspected_township, p.visits_township
        if cadre.village >= 0:
            visits = villages[cadre.village].visits_usual
            inspected = inspected_try(p, visits)
        fabricated, paper, field = paper_and_field(p, f, lever, cadre, hours)
        short = hours_short(p, hours, paper, field)
        overtime = f.overtime * overtime_worked(p, hours, short)
        room = hours + overtime - paper - field
        risk = dereliction_risk(
            p, 1.0 - township.ontime_recent, lever.reporting_reach, cadre.believed_examined,
            lever.sanction_follow_through, lever.sanction_severity,
        )  # fmt: skip
        blame = blame_of_a_try(
            cadre.believed_examined,
            inspected,
            p.complained * lever.reporting_reach,
            cadre.believed_tolerance,
            p.failure * (1.0 - p.failure_skill * cadre.skill),
            loss,
            cadre.caution,
        )
        chosen = choose(
            value_of_casework(
                p, cadre.backlog / cadre.posts, room / cadre.posts, cadre.motivation, lever.results_weight
            ),
            value_of_policy(p, deadline, cadre.prospects, lever.results_weight, cadre.policy_weight),
            value_of_field(p, cadre.motivation, lever.results_weight),
            value_of_initiative(p, cadre.motivation, appraised, cadre.prospects, blame),
            value_of_slack(p, cadre.fatigue, cadre.motivation, appraised, risk),
            p.choice_noise,
        )
        usual = room - overtime + short
        shares = after_cuts(chosen, usual, room, casework_needed(p, cadre), watched(p, visits), weights)
        flat = blame if cadre.village < 0 else 0.0
        wanted = effort(p, cadre.motivation, cadre.fatigue, appraised, risk, flat)
        wanted = compared(f.peer_pull, wanted, cadre, total, posts)
        cadre.fabricated = fabricated
        cadre.compliance_hours = paper
        cadre.field_hours = field
        cadre.overtime = overtime
        for k in range(5):
            cadre.priority[k] += follow * (shares[k] - cadre.priority[k])
        cadre.intensity += follow * (wanted - cadre.intensity)
        cadre.blame = blame
        cadre.desk_hours = room * cadre.priority[0]
        cadre.pace = pace_of(p, cadre.desk_hours, cadre.intensity, cadre.skill, cadre.posts)


@kernel
def account_for_hours(p, township, cadres, tallies):
    """Close the week's hours: desk hours that found no case go to the other activities."""
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        hours = cadre.hours * cadre.posts + cadre.overtime
        casework = min(cadre.used_hours, cadre.desk_hours)
        unused = hours - cadre.compliance_hours - cadre.field_hours - casework
        other = cadre.priority[1] + cadre.priority[2] + cadre.priority[3] + cadre.priority[4]
        for_each = unused / other if other > 0.0 else 0.0  # where all else was cut, a desk without cases rests
        cadre.spent[A_COMPLIANCE] = cadre.compliance_hours
        cadre.spent[A_CASEWORK] = casework
        cadre.spent[A_POLICY] = for_each * cadre.priority[1]
        own_visits = for_each * cadre.priority[2]
        cadre.spent[A_FIELD] = cadre.field_hours + own_visits
        cadre.spent[A_INITIATIVE] = for_each * cadre.priority[3]
        cadre.spent[A_SLACK] = unused - cadre.spent[A_POLICY] - own_visits - cadre.spent[A_INITIATIVE]
        tally = tallies[cadre.group]
        tally.hours_available += hours
        tally.overtime += cadre.overtime
        tally.compliance += cadre.spent[A_COMPLIANCE]
        tally.casework += cadre.spent[A_CASEWORK]
        tally.policy += cadre.spent[A_POLICY]
        tally.field += cadre.spent[A_FIELD]
        tally.initiative += cadre.spent[A_INITIATIVE]
        tally.slack += cadre.spent[A_SLACK]
        tally.paper_demanded += cadre.demanded * cadre.posts
        own = township.own_village_hours if cadre.village >= 0 else township.own_township_hours
        tally.own_hours += own * cadre.posts
        tally.paper_fabricated += cadre.demanded * cadre.fabricated * cadre.posts
        tally.effort_high += cadre.posts if cadre.intensity >= p.effort_notable else 0.0
        if cadre.village < 0:
            tally.hours_township += hours
            tally.compliance_township += cadre.spent[A_COMPLIANCE]
        role = cadre.role if cadre.village >= 0 else len(ROLES) + cadre.role
        tally.busy_hours[role] += casework
        tally.desk_hours[role] += cadre.desk_hours
