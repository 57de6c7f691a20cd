"""Hard cases (several owners, no precedent, money): who decides them, and who avoids the decision.

A hard case needs somebody to answer for it. The township desk that keeps it (for matters settled in the village, the
mediator) decides it, asks its superiors (asks up), or leaves it, by discrete choice. Motive and appraisal favour
deciding, blame the opposite. Asking up gives cover; leaving a case shows in no file until someone complains. The
leaders hear what is asked up at their meetings and on reception days, as far as their hours go. These matters form a
queue of their own, and nothing is asked up that would fall due in it. Any decision can be wrong, those of leaders less
often. A wrong decision is done again and the resident resents it; if a desk took it alone it is judged like a failed
try (initiative.py).

Theory   blame avoidance (Weaver 1986; Hood 2011), discrete choice (McFadden 1974), deciding by meeting; shares,
         prices and hours are assumptions
Reads    township.decision_gain, leaving_price, leader_hours, leaders_interval (service.py); cadre.motivation, blame
Writes   township.leaders_backlog (leader-hours), leaders_wait (days), leaders_asked; cases; tallies hard_decided,
         hard_asked, hard_left
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.maths import exp
from sim.mechanisms.desks import ASKED, CHOICE, LEFT, delay, draw

PLAIN, UNDECIDED, DECIDED, COVERED = range(4)


@kernel
def is_hard(share, cleared, u):
    """Whether a case is hard: a share of its kind, less what initiatives have given precedents for (0-1)."""
    return u < share * (1.0 - cleared)


@kernel
def gain_of_deciding(p, appraised):
    """What appraisal adds to the value of deciding a hard case: as for a try of one's own."""
    return p.try_appraised * appraised


@kernel
def price_of_leaving(p, results_weight, reporting_reach):
    """What leaving a hard case costs, in value: results that are missed, complaints that are heard."""
    return p.leaving_price * (results_weight + reporting_reach)


@kernel
def value_of_deciding(p, motivation, gain, blame):
    """Value of deciding a hard case alone, against asking up: motive and appraisal, less the blame at stake."""
    return p.try_motive * motivation + gain - p.try_blame * p.hard_stakes * blame


@kernel
def odds(value, noise):
    """Weight of a choice of this value in a multinomial logit; that of asking up has value 0 and weight 1."""
    return exp(value / noise)


@kernel
def hours_of_leaders(f, residents, reception_days):
    """Hours a week that the township's leaders have for matters asked up: meetings, and open reception."""
    leaders = f.leaders_per_1000 * residents / 1000.0
    return leaders * (f.leader_decision_hours + reception_days * f.reception_hours * 5.0 / f.month_days)


@kernel
def occasions_of_leaders(f, reception_days):
    """Working days between two occasions to put a matter before its leader: joint meetings, the leader's reception."""
    return 1.0 / (1.0 / f.meeting_days + reception_days / f.month_days)


@kernel
def queue_later(backlog, asked, matter_hours, hours):
    """Leader-hours that still wait after a week's meetings."""
    return max(0.0, backlog + asked * matter_hours - hours)


@kernel
def leaders_meet(p, township):
    """The leaders hear a week's hours of what was asked up; the rest waits."""
    township.leaders_backlog = queue_later(
        township.leaders_backlog, township.leaders_asked, p.leader_hours, township.leader_hours
    )
    township.leaders_asked = 0.0
    township.leaders_wait = 5.0 * township.leaders_backlog / max(township.leader_hours, 1e-9)


@kernel
def days_upstairs(interval, wait, limit_days, u):
    """Working days until a matter asked up is answered: the next occasion, within the limit, and the queue."""
    return u * min(interval, limit_days) + wait


@kernel
def settle(case, kind, desk, p, f, township, cadre, tally):
    """Decide a hard case, ask up or leave it, until it is decided or asked; returns the working days that takes.

    A case left as often as a matter can be passed on is asked up: by then its resident has complained to the leaders.
    """
    days = 0.0
    blame = cadre.blame * f.blame_delays
    decide = odds(value_of_deciding(p, cadre.motivation, township.decision_gain, blame), p.choice_noise)
    leave = odds(-township.leaving_price, p.choice_noise)
    ask = 1.0 if township.leaders_wait < kind.limit_days else 0.0
    left = 0
    chosen = draw(case, CHOICE) * (decide + ask + leave)
    while chosen >= decide + ask and left < f.passes_most:
        days += delay(draw(case, LEFT), f.left_days)
        tally.hard_left += 1.0
        left += 1
        case.draws += 1
        chosen = draw(case, CHOICE) * (decide + ask + leave)
    case.decider = desk
    if chosen < decide:
        case.hard = DECIDED
        tally.hard_decided += 1.0
        return days
    case.hard = COVERED
    tally.hard_asked += 1.0
    if f.leaders_desk > 0.0:
        township.leaders_asked += 1.0
        days += days_upstairs(township.leaders_interval, township.leaders_wait, kind.limit_days, draw(case, ASKED))
    return days
