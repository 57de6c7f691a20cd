"""The week, in order; and what a knocked-out mechanism gives instead."""

from __future__ import annotations

from copy import copy

from sim.state import RESPONSES
from sim.vocabulary import BASELINE_WEEKS
from tests.reference import careers, conduct, demand, office, oversight, society, work
from tests.reference.town import Tally


def week(town, now: int) -> list[Tally]:
    """Simulate one week of a town in place; returns what it has counted, by group."""
    town.tallies = [Tally() for _ in range(town.groups)]

    # 1 Implementation
    answer(town, now, "implementation", lambda: demand.implement(town, now))
    # 2 Tasks
    answer(town, now, "tasks", lambda: demand.set_tasks(town, now))
    # 5 Service, its conditions: what a case meets from this Monday on
    answer(town, now, "service", lambda: work.service_conditions(town))
    # 3 Needs
    answer(town, now, "needs", lambda: demand.need_conditions(town))
    demand.raise_needs(town, now)
    # 4 Time use
    answer(town, now, "time_use", lambda: work.spend_the_week(town, now))
    # 5 Service, the work itself
    office.leaders_meet(town)
    office.serve(town, now)
    work.account_for_hours(town)
    work.try_things(town, now)
    # 6 Policy delivery
    answer(town, now, "delivery", lambda: work.deliver(town, now))
    work.closures(town, now)
    # 7 Conduct
    answer(town, now, "conduct", lambda: conduct.propensities(town))
    conduct.divert(town, now)
    # 8 Oversight
    oversight.examine(town, now)
    answer(town, now, "oversight", lambda: oversight.look(town))
    oversight.find_and_judge(town, now)
    if not town.frozen("oversight", now):
        oversight.believe(town)
    # 9 Residents
    answer(town, now, "residents", lambda: society.judge_government(town))
    society.live(town, now)
    society.incidents(town, now)
    office.give_up(town, now)
    # 10 People
    careers.branches(town, now)
    careers.live_and_learn(town, now)
    if town.frozen("people", now):
        hold(town, "people")
    # 11 Departments
    careers.learn(town, now)
    careers.respond(town, now)
    if town.frozen("departments", now):
        hold(town, "departments")
    # 12 Record
    record(town, now)
    if -BASELINE_WEEKS <= now < 0:
        remember(town)
    return town.tallies


def answer(town, now: int, mechanism: str, work_out):
    """Let a mechanism answer this week's conditions, or hold its usual answer if it is knocked out."""
    if town.frozen(mechanism, now):
        hold(town, mechanism)
    else:
        work_out()


def answers(town, mechanism: str):
    """Everything a mechanism gives to the rest of the week: (who, name of the attribute)."""
    whose = {"township": [town.place], "levers": [town.levers], "village": town.villages, "cadre": town.cadres}
    return [(who, name) for kind, names in RESPONSES[mechanism].items() for who in whose[kind] for name in names]


def remember(town):
    """Add a week of the baseline year to everybody's usual answers."""
    for mechanism in RESPONSES:
        for who, name in answers(town, mechanism):
            value = getattr(who, name)
            parts = value if isinstance(value, list) else [value]
            usual = town.usual.get((id(who), name), [0.0] * len(parts))
            town.usual[id(who), name] = [mean + part / BASELINE_WEEKS for mean, part in zip(usual, parts, strict=True)]


def hold(town, mechanism: str):
    """Put a knocked-out mechanism's answers back to their mean of the baseline year."""
    for who, name in answers(town, mechanism):
        usual = town.usual[id(who), name]
        setattr(who, name, copy(usual) if isinstance(getattr(who, name), list) else usual[0])


def record(town, now: int):
    """Count what stands at the week's end, and what fell due."""
    place, lever = town.place, town.levers
    built = sum(demand.strength(order) for order in town.orders)
    for tally, due in zip(town.tallies, town.due, strict=True):
        fell = due.pop(now, None)
        if fell:
            tally.due_hours, tally.ontime_hours = fell.hours, fell.ontime_hours
            tally.due, tally.ontime = fell.cases, fell.ontime_cases
    for village in town.villages:
        counted = {
            "residents": village.residents,
            "satisfaction": village.satisfaction_sum,
            "satisfied": village.satisfied,
            "trust": village.trust_sum,
            "superior": village.superior_sum,
            "villages": 1.0,
            "performance": village.performance,
            "remote_performance": village.remote_performance,
            "wrong_inclusion": village.wrong_inclusion,
            "wrong_exclusion": village.wrong_exclusion,
            "visits": village.visits,
            "misfit": village.misfit,
            "account": village.account,
            "lost": village.lost,
            "back": village.back,
            "examiners": place.examiners,
            "study": place.study_quality,
            "discussed": place.discussed,
            "branch_life": place.meetings_held,
            "trouble": village.trouble,
            "misjudged": village.misjudged,
            "reported": village.reported,
            "pressure": place.pressure,
            "leaders_wait": place.leaders_wait,
            "informal_hours": place.informal_hours,
            "announced": place.announced,
            "tired": place.tired,
            "inactive": lever.inactive_members,
            "reward_spread": lever.reward_spread,
            "amplification": lever.amplification,
            "strength": built,
        }
        count(town.tally(village), counted)
    for cadre in town.cadres:
        posts = cadre.posts
        counted = {"cadres": posts}
        for name in ("believed_examined", "believed_detection", "motivation", "skill", "fatigue", "blame"):
            counted[name] = posts * getattr(cadre, name)
        if cadre.home:
            counted |= {
                "age": cadre.age,
                "schooling": cadre.schooling,
                "committee_skill": cadre.skill,
                "committee": 1.0,
                "paper_village": cadre.demanded,
            }
        else:
            counted["posts_township"] = posts
        count(town.tally(cadre), counted)
    due = sum(tally.due_hours for tally in town.tallies)
    if due > 0.0:
        on_time = sum(tally.ontime_hours for tally in town.tallies) / due
        place.ontime_recent += town.p.ontime_memory * (on_time - place.ontime_recent)


def count(tally, counted: dict[str, float]):
    """Add to a tally."""
    for name, value in counted.items():
        setattr(tally, name, getattr(tally, name) + value)
