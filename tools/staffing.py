"""The staffing rule on paper: what a week of the average town asks of its desks, and what is left to do it with.

No week is run. Levers, facts and parameters go through the rules of the model as plain functions; tools/tables.py
makes the tables of staffing.md of what comes out. `r` is a row of ROLES: village roles, then township clusters.
"""

from __future__ import annotations

import math
import types
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim import state, vocabulary
from sim.inputs.facts import fact_labels
from sim.inputs.settings import setting
from sim.mechanisms import people, priorities, tasks, time_use
from sim.town import build_cadres, build_office, build_villages

ROLES = vocabulary.ROLES + vocabulary.CLUSTERS
VILLAGE = len(vocabulary.ROLES)  # so many of them are village roles
BURDENS = (1.0, 1.5, 2.0)
PETITIONS = 2.0  # per 1,000 resident-years: they have no rate of their own; about what the average town comes to
MOTIVATION = 0.5  # of the middling cadre at the desk
LATE = 0.25  # casework late, of which residents may complain

Table = tuple[Sequence[str], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Desk:
    """A week at the mean desk of a role, hours a post.

    asked, quiet and full are standard hours of casework: what is asked, and what the desk yields with nobody waiting
    and when queues press as hard as they can. `left` is what demanded paper and field days leave of the paid hours.
    """

    posts: float
    paid: float
    asked: float
    paper: float
    field: float
    left: float
    given: float
    quiet: float
    full: float


def pencil(rule: Any, *arguments: Any) -> Any:
    """A rule of the model, worked out as plain Python."""
    return plain(rule)(*arguments)


@cache
def plain(rule: Any) -> types.FunctionType:
    """A rule as the Python function it was written as, together with the rules it calls."""
    names = dict(rule.py_func.__globals__)
    for name in rule.py_func.__code__.co_names:
        if hasattr(names.get(name), "py_func"):
            names[name] = plain(names[name])
    return types.FunctionType(rule.py_func.__code__, names)


@cache
def town() -> SimpleNamespace:
    """The average town: levers, parameters and facts by name; cadres, routes, owners, residents, rural share."""
    chosen = setting("average")
    unit = chosen.drawn.units[0]
    cadres, clusters = build_cadres(chosen, 0, 0, unit, build_villages(chosen, 0, 0, unit, False))
    office = build_office(chosen, clusters)[0]
    scalars = {k: v for group in chosen.facts.values() for k, v in group.items() if isinstance(v, int | float)}
    return SimpleNamespace(
        lever=SimpleNamespace(**chosen.town.levers),
        p=SimpleNamespace(**chosen.parameters),
        f=SimpleNamespace(**scalars),
        kinds={kind: SimpleNamespace(**chosen.facts["case_kinds"][kind]) for kind in vocabulary.KINDS},
        cadres=cadres,
        routes=office["routes"],
        owners=np.diff(office["owners"], prepend=0.0),
        residents=unit.residents,
        rural=sum(v.residents for v in unit.villages if v.kind == "rural") / unit.residents,
    )


def cases_a_week(name: str) -> tuple[float, float]:
    """Cases of a kind a week in the whole town: at desks, and online."""
    t = town()
    kind, lever, p, f = t.kinds[name], t.lever, t.p, t.f
    rate = PETITIONS / 1000.0 if name == "petition" else kind.rate * (1.0 - p.repeats_spared * lever.data_sharing)
    raised = rate * t.residents / 52.0 * (t.rural if name == "plot" else 1.0)
    old = raised * f.share_over_60 * kind.over_60_factor
    young = raised * (1.0 - f.share_over_60) * kind.under_60_factor
    online = kind.online_eligible * lever.online_share * (old * f.digital_over_60 + young * f.digital_under_60)
    return old + young - online, online


@cache
def asked() -> dict[str, np.ndarray]:
    """Standard hours, and hours of traces, that a week asks of every role in the town: kind -> (roles, 2)."""
    t = town()
    lever, p, f = t.lever, t.p, t.f
    check = (1.0 - p.checks_shared * lever.data_sharing) * (1.0 + p.trace_time * (lever.trace_burden - 1.0))
    found = {}
    for k, (name, kind) in enumerate(t.kinds.items()):
        hours = np.zeros((len(ROLES), 2))
        cases = cases_a_week(name)[0]
        begun = cases * kind.village_first
        hours[int(kind.role)] += begun * kind.hours * kind.village_hours * check, begun * kind.trace_hours
        up = cases - begun * (1.0 - kind.go_up)
        several = lever.seals_multiplier * (1.0 - p.seals_shared * lever.data_sharing) if kind.seals > 1.0 else 1.0
        seals = max(1.0, kind.seals * several)
        share = 1.0 - kind.village_hours if kind.village_first > 0.0 and kind.go_up >= 1.0 else 1.0
        for position in range(math.ceil(seals)):
            steps = up * min(1.0, seals - position)
            cluster = t.routes[k, position % state.ROUTE]
            parts = t.owners if cluster < 0 else np.eye(len(vocabulary.CLUSTERS))[cluster]
            work = steps * kind.hours * share / kind.seals * check, steps * kind.trace_hours
            hours[VILLAGE:] += np.outer(parts, work)
        if kind.seals > 1.0:
            taken_in = begun * kind.go_up * lever.parallel_share
            hours[VILLAGE + int(f.window_cluster)] += taken_in * f.window_hours, taken_in * kind.trace_hours
        found[name] = hours
    return found


def demanded(r: int, burden: float, weight: float, traces: float) -> float:
    """Hours of paper demanded of a post in a week."""
    t = town()
    lever, p, f = t.lever, t.p, t.f
    to_township = pencil(tasks.passed_down, burden, lever.amplification, 1.0)
    common = lever.meeting_hours * to_township + lever.study_sessions * f.study_session_hours / 52.0
    traces *= lever.trace_burden
    if r >= VILLAGE:
        return pencil(tasks.township_paper_of, lever.township_paper_hours * to_township, weight, common, traces, 0.0)
    forms = pencil(tasks.passed_down, burden, lever.amplification, 2.0) * pencil(
        tasks.form_hours, lever.forms_per_village_year, lever.hours_per_form, lever.duplicate_form_share,
        f.repeat_form_time, lever.data_sharing, p.forms_spared,
    )  # fmt: skip
    received = lever.visits_per_village_year / 52.0 * to_township * lever.hours_per_visit
    examined = lever.supervision / 52.0 * f.examination_hours
    parts = (forms / f.village_cadres, received / f.village_cadres, examined / f.village_cadres)
    return pencil(tasks.village_paper, *parts, weight, common, traces, 0.0)


def shares(r: int, burden: float, policy: float, paper: float, fatigue: float, waiting: float) -> tuple:
    """Shares of the usual free hours by activity, intensity, watched policy tasks; `waiting`: queue over those hours.

    A middling cadre: skill in the middle, caution 1, beliefs equal to what is ordered.
    """
    t = town()
    lever, p, f = t.lever, t.p, t.f
    village = r < VILLAGE
    visits = lever.visits_per_village_year / 52.0 * burden * lever.amplification if village else p.visits_township
    appraised = lever.results_weight * lever.reward_spread
    slots = 0.0 if village else lever.promotion_slots / 100.0
    standing = pencil(people.merit, lever.results_weight, p.skill_middle, 1.0, paper)
    prospects = pencil(people.prospects_felt, p, slots, standing)
    risk = pencil(
        priorities.dereliction_risk, p, LATE, lever.reporting_reach, lever.supervision, lever.sanction_follow_through,
        lever.sanction_severity,
    )  # fmt: skip
    blame = pencil(
        priorities.blame_of_a_try, lever.supervision,
        pencil(priorities.inspected_try, p, visits) if village else p.inspected_township,
        p.complained * lever.reporting_reach, (1.0 - lever.error_harshness) * lever.tolerance,
        p.failure * (1.0 - p.failure_skill * p.skill_middle),
        pencil(priorities.loss_of_a_failure, p, lever.sanction_severity, lever.error_harshness), 1.0,
    )  # fmt: skip
    deadline = f.deadline_length / f.deadline_every
    weight = lever.results_weight
    chosen = pencil(
        priorities.choose,
        pencil(priorities.value_of_casework, p, waiting, 1.0, MOTIVATION, weight),
        pencil(priorities.value_of_policy, p, deadline, prospects, weight, policy),
        pencil(priorities.value_of_field, p, MOTIVATION, weight),
        pencil(priorities.value_of_initiative, p, MOTIVATION, appraised, prospects, blame),
        pencil(priorities.value_of_slack, p, fatigue, MOTIVATION, appraised, risk),
        p.choice_noise,
    )
    flat = 0.0 if village else blame
    wanted = pencil(priorities.effort, p, MOTIVATION, fatigue, appraised, risk, flat)
    return chosen, wanted, pencil(tasks.watched, p, visits)


@cache
def desk(r: int, burden: float, stretched: bool = True) -> Desk:
    """A week at the mean desk of a role; not `stretched`: nobody stays longer, and all is cut alike (the knock-out)."""
    t = town()
    lever, p, f = t.lever, t.p, t.f
    village = r < VILLAGE
    rows = t.cadres[(t.cadres["village"] >= 0) == village]
    rows = rows[rows["role"] == (r if village else r - VILLAGE)]
    posts, paid = float(rows["posts"].sum()), float(rows["hours"][0])
    policy = float(rows["policy_weight"].mean())
    work, traces = np.sum([hours[r] for hours in asked().values()], axis=0) / posts
    paper = demanded(r, burden, float(rows["paper_weight"].mean()), traces)
    required = lever.field_days * f.field_day_hours * (1.0 if village else p.field_township)
    load = paper + required
    staged = pencil(time_use.fabricated_share, load, paid, p.fabrication_onset, p.fabrication_half, 0.0, 0.0)
    field = pencil(time_use.field_made, p, required, staged, MOTIVATION, max(paid - paper, 0.0))
    short = pencil(time_use.hours_short, p, paid, paper, field)
    overtime = pencil(time_use.overtime_worked, p, paid, short) if stretched else 0.0
    left = max(paid + overtime - paper - field, 0.0)
    fatigue = pencil(people.tiredness, p, (paper + work + overtime) / paid)
    weights = pencil(priorities.late_weights, p.cut_order if stretched else 0.0)
    yields = []
    for waiting in (0.0, p.case_pressure_cap):
        chosen, intensity, seen = shares(r, burden, policy, paper / paid, fatigue, waiting)
        pace = intensity * pencil(time_use.speed, p, p.skill_middle)
        usual = left + short - overtime
        needed = usual if waiting else work / pace
        casework = pencil(priorities.after_cuts, chosen, usual, left, needed, seen, weights)[0] if left > 0.0 else 0.0
        yields.append(left * casework * pace)
    given = f.policy_hours_village * policy if village else f.policy_hours_township
    return Desk(posts, paid, float(work), paper, field, left, given, *yields)


# --- tables: heads and rows


def hours(value: float) -> str:
    """Hours with one decimal."""
    return f"{value:,.1f}"


def labels() -> list[str]:
    """Names of village roles and township clusters."""
    names = fact_labels()
    return [names["village_roles"][r]["en"] for r in vocabulary.ROLES] + [
        names["township_clusters"][c]["en"] for c in vocabulary.CLUSTERS
    ]


def paid_hours() -> Table:
    """Hours the town pays for, and casework asked of them."""
    desks = [desk(r, 1.0) for r in range(len(ROLES))]
    lines = []
    for name, part in (("villages", desks[:VILLAGE]), ("township", desks[VILLAGE:]), ("all", desks)):
        paid = sum(d.posts * d.paid for d in part)
        work = sum(d.posts * d.asked for d in part)
        lines.append((name, f"{sum(d.posts for d in part):.0f}", f"{paid:,.0f}", f"{work:,.0f}", f"{work / paid:.1%}"))
    return ("", "posts", "hours paid a week", "standard hours of casework asked a week", "share"), lines


def casework() -> Table:
    """Cases and standard hours a week by kind of case."""
    lines = []
    for name, by_role in asked().items():
        label = fact_labels()["case_kinds"][name]["en"]
        if name == "petition":
            label += f" (taken at {PETITIONS:g} per 1,000 residents a year)"
        parts = (*cases_a_week(name), by_role[:VILLAGE, 0].sum(), by_role[VILLAGE:, 0].sum())
        lines.append((label, *map(hours, parts)))
    return ("kind", "cases at desks a week", "online", "standard hours in villages", "in the township"), lines


def paper() -> Table:
    """Hours a post and week by role: paid, paper demanded and what is left, by burden."""
    lines = []
    for r, label in enumerate(labels()):
        desks = [desk(r, burden) for burden in BURDENS]
        papers, lefts = [hours(d.paper) for d in desks], [hours(d.left) for d in desks]
        lines.append((label, hours(desks[0].posts), f"{desks[0].paid:g}", *papers, *lefts, hours(desks[0].given)))
    by_burden = [f"{what} at {burden:g}" for what in ("paper", "left") for burden in BURDENS]
    return ("role", "posts", "paid", *by_burden, "policy tasks given"), lines


def utilisation() -> Table:
    """Casework asked over what desks yield: nobody waiting / queues pressing as hard as they can."""
    lines = []
    for r, label in enumerate(labels()):
        desks = [desk(r, burden) for burden in BURDENS]
        cells = (f"{d.asked / d.quiet:.2f} / {d.asked / d.full:.2f}" if d.left > 0.0 else "no time" for d in desks)
        lines.append((label, hours(desks[0].asked), *cells))
    return ("role", "standard hours asked a post", *(f"burden {burden:g}" for burden in BURDENS)), lines
