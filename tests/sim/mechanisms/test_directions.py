"""Which way each rule goes: one row a rule, readable without the code.

A row names a rule, the range of its numbers, where its result must lie, and for each argument whether the result
rises (+) or falls (−) in it. It must hold for every draw of parameters within their priors.
"""

from __future__ import annotations

import inspect
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sim.mechanisms import (
    cases,
    conduct,
    delivery,
    departments,
    implementation,
    initiative,
    needs,
    oversight,
    people,
    residents,
    service,
    tasks,
    time_use,
)
from sim.vocabulary import AVAILABILITY, BAYESIAN

from .rules import falls, parameters, plain, rises, steps_between

SHARE, POINTS, YEARS, HOURS, YUAN = (0.0, 1.0), (0.0, 100.0), (18.0, 70.0), (0.0, 60.0), (0.0, 1e6)
ANY = (-1e12, 1e12)
POSITIVE = (0.0, 1e12)

# rule: (result lies in, {argument: range}, rises in, falls in)
DIRECTIONS = {
    implementation.built_up: (
        SHARE, {"built": SHARE, "target": SHARE, "carry": SHARE, "ramp": (1, 100)}, "carry target", "ramp"),
    implementation.kept_of: (
        SHARE,
        {"kept": SHARE, "persistence": SHARE, "institutionalised": SHARE, "in_force": SHARE, "carry": SHARE,
         "half_life": (1, 200)},
        "kept persistence institutionalised carry in_force", ""),
    implementation.own_hours: (
        POSITIVE, {"hours": HOURS, "ordered_now": SHARE, "faking": SHARE, "fake_paper": SHARE},
        "hours ordered_now faking fake_paper", ""),
    implementation.announced_share: (
        SHARE, {"load": (0, 19), "real": (0, 19), "announce_load": (1, 20)}, "", "real announce_load"),
    tasks.passed_down: (
        POSITIVE, {"burden": (0, 2.5), "amplification": (0.5, 2), "levels": (1, 2)}, "burden amplification", ""),
    tasks.village_paper: (
        POSITIVE,
        dict.fromkeys(("forms", "received", "examined", "common", "traces", "own"), HOURS) | {"weight": (0.1, 5)},
        "forms received examined weight common traces own", ""),
    tasks.township_paper_of: (
        POSITIVE, dict.fromkeys(("paper", "common", "traces", "own"), HOURS) | {"weight": (0.1, 5)},
        "paper weight common traces own", ""),
    needs.causes_back: (SHARE, {"repeat": SHARE, "repeat_return": SHARE}, "repeat repeat_return", ""),
    time_use.field_made: (
        POSITIVE, {"required": HOURS, "staged": SHARE, "motivation": SHARE, "room": HOURS},
        "required motivation room", "staged"),
    time_use.inspected_try: (SHARE, {"visits": (0, 20)}, "visits", ""),
    time_use.loss_of_a_failure: (POSITIVE, {"severity": (0, 6), "harshness": SHARE}, "severity harshness", ""),
    time_use.dereliction_risk: (
        POSITIVE, {"believed_detection": SHARE, "follow_through": SHARE, "severity": (0, 6), "weight": (0, 2)},
        "believed_detection follow_through severity weight", ""),
    time_use.value_of_field: (ANY, {"motivation": SHARE, "results_weight": SHARE}, "motivation results_weight", ""),
    time_use.pace_of: (
        POSITIVE, {"desk_hours": HOURS, "intensity": (0, 1.5), "skill": SHARE, "posts": (0.1, 3)},
        "desk_hours intensity skill", ""),
    cases.shut_out: (SHARE, {"windows": SHARE}, "", "windows"),
    delivery.information_later: (SHARE, {"information": SHARE, "known": SHARE}, "information known", ""),
    delivery.seen_delivery: (
        SHARE, {"done": SHARE, "tilt": SHARE, "visibility": SHARE, "mean_visibility": SHARE},
        "done visibility", "mean_visibility"),
    delivery.hamlet_delivery: (SHARE, {"done": SHARE, "tilt": SHARE, "visibility": SHARE}, "done visibility", "tilt"),
    delivery.payment_delay: (POSITIVE, {"bookkeeping": SHARE, "pressure": SHARE}, "bookkeeping pressure", ""),
    delivery.closures_expected: (
        POSITIVE,
        {"occasions_year": (0, 20), "deadline": SHARE, "results_weight": SHARE, "consultation": SHARE,
         "pressure": SHARE},
        "occasions_year deadline pressure", "results_weight consultation"),
    conduct.known_to_be_watched: (
        SHARE, {"independent": SHARE, "reach": SHARE, "publicity": SHARE}, "independent reach publicity", ""),
    conduct.taken_seriously: (SHARE, {"stake": YUAN}, "stake", ""),
    conduct.episode_part: (SHARE, {"u": SHARE}, "u", ""),
    conduct.wrongly_included: (
        SHARE, {"information": SHARE, "data_sharing": SHARE, "ghosts": SHARE}, "ghosts", "information data_sharing"),
    conduct.wrongly_excluded: (SHARE, {"information": SHARE, "ghosts": SHARE}, "ghosts", "information"),
    conduct.kickback: (SHARE, {"business": SHARE}, "business", ""),
    conduct.project_use: (
        SHARE,
        {"taken": (0, 0.6), "served": SHARE, "business": SHARE, "tender_compliance": SHARE, "consultation": SHARE},
        "served business", "taken tender_compliance consultation"),
    oversight.sanctioned: (SHARE, {"shelter": SHARE, "follow_through": SHARE}, "follow_through", "shelter"),
    oversight.reproached: (
        SHARE, {"shelter": SHARE, "tolerance": SHARE, "follow_through": SHARE}, "shelter follow_through", "tolerance"),
    oversight.noticed_failure: (
        SHARE, {"examined": SHARE, "visits": (0, 20), "reach": SHARE}, "examined visits reach", ""),
    people.half_way: (SHARE, {"x": HOURS, "half": (0.1, 50)}, "x", "half"),
    people.held: (POSITIVE, {"prescribed": (0, 60), "fabricated": SHARE}, "prescribed", "fabricated"),
    people.members_active: (
        SHARE, {"branch_life": SHARE, "young_recruits": SHARE, "visibility": SHARE}, "branch_life visibility", ""),
    people.norm_target: (
        SHARE,
        {"branch_life": SHARE, "taking_part": SHARE, "sanction_seen": SHARE, "wrong_inclusion": SHARE},
        "branch_life taking_part sanction_seen", "wrong_inclusion"),
    people.tiredness: (SHARE, {"load": (0, 3)}, "load", ""),
    people.prospects_felt: (
        SHARE, {"slots": (0, 0.12), "results_weight": SHARE, "skill": SHARE, "paper": SHARE}, "slots skill paper", ""),
    people.merit: (
        POSITIVE,
        {"results_weight": SHARE, "skill": SHARE, "intensity": (0, 1.5), "paper": SHARE, "luck": SHARE},
        "skill intensity paper luck", ""),
    residents.heard_by_leaders: (SHARE, {"reception_days": (0, 4)}, "reception_days", ""),
    residents.trust_target: (
        POINTS, {"mood": POINTS, "unsettled": SHARE, "redress": SHARE}, "mood redress", "unsettled"),
    residents.superior_target: (
        POINTS, {"redress": SHARE, "pressure": SHARE, "incidents_recent": (0, 20)},
        "redress", "pressure incidents_recent"),
    residents.satisfaction_later: (
        POINTS, {"satisfaction": POINTS, "aim": POINTS, "neighbour": POINTS, "drift": (0, 0.5)},
        "satisfaction aim neighbour", ""),
    residents.wronged_share: (
        SHARE, {"wrong_exclusion": SHARE, "closure_loss": SHARE}, "wrong_exclusion closure_loss", ""),
    residents.heat: (
        ANY, {"joined": (1, 6), "grievance": SHARE, "satisfaction": POINTS}, "joined grievance", "satisfaction"),
    residents.quarrel_points: (POSITIVE, {"days": (0, 60), "usual": (1, 20)}, "days", "usual"),
    residents.rounds_of: (POSITIVE, {"days": (0, 60), "spread_days": (1, 5)}, "days", "spread_days"),
    departments.heard_from_below: (
        SHARE, {"formal": (0, 3), "third_party": SHARE, "reach": SHARE}, "formal third_party reach", ""),
    departments.pressure_target: (
        SHARE, {"reported": SHARE, "incidents_recent": (0, 20)}, "incidents_recent", "reported"),
    departments.performance: (SHARE, {"ontime": SHARE, "delivered": SHARE}, "ontime delivered", ""),
    service.papers_missing: (SHARE, {"data_sharing": SHARE}, "", "data_sharing"),
    service.seals_wanted: (POSITIVE, {"multiplier": (0.2, 2), "data_sharing": SHARE}, "multiplier", "data_sharing"),
    service.hours_relative: (
        POSITIVE, {"data_sharing": SHARE, "trace_burden": (0, 3)}, "trace_burden", "data_sharing"),
    needs.repeats_left: (SHARE, {"data_sharing": SHARE}, "", "data_sharing"),
    needs.petitioning: (POSITIVE, {"reach": SHARE, "publicity": SHARE}, "reach publicity", ""),
    departments.push: (POSITIVE, {"strength": (0, 2), "pressure": SHARE}, "pressure", ""),
    initiative.started: (POSITIVE, {"hours": HOURS, "try_hours": (50, 200)}, "hours", "try_hours"),
    initiative.grown: (SHARE, {"gain": SHARE, "part": SHARE}, "gain part", ""),
}  # fmt: skip


def called(rule, p, values):
    """A rule at named values; `p` is handed over where it is asked for."""
    names = inspect.signature(rule.py_func).parameters
    assert set(names) - {"p"} == set(values), f"{rule.py_func.__name__}: {set(names) ^ set(values)}"
    return float(plain(rule)(**{name: p if name == "p" else values[name] for name in names}))


@pytest.mark.parametrize("rule", DIRECTIONS, ids=[rule.py_func.__name__ for rule in DIRECTIONS])
@hypothesis_settings(max_examples=25)
@given(p=parameters, data=st.data())
def test_a_rule_keeps_its_bounds_and_goes_the_way_it_should(rule, p, data):
    (low, high), ranges, up, down = DIRECTIONS[rule]
    values = {name: data.draw(st.floats(*ends), name) for name, ends in ranges.items()}
    assert low - 1e-9 <= called(rule, p, values) <= high + 1e-9
    for names, goes in ((up, rises), (down, falls)):
        for name in names.split():
            path = [called(rule, p, {**values, name: x}) for x in steps_between(*ranges[name], 9)]
            assert goes(path), f"{name}: {path}"


@given(p=parameters, need=st.floats(1.0, 1e6), ceiling=st.floats(0.0, 6e5), u=st.floats(0, 0.999))
def test_a_project_is_cut_only_to_fit_under_the_ceiling(p, need, ceiling, u):
    """Who shuns a tender cuts what lies a little above it; nobody cuts what fits, and nobody makes it larger."""
    size = plain(conduct.kept_under)(p, need, ceiling, True, u)
    assert size <= need
    assert plain(conduct.kept_under)(p, need, ceiling, False, u) == need
    if need <= ceiling or need > p.bunch_up_to * ceiling:
        assert size == need
    else:
        assert (1.0 - p.bunch_width) * ceiling <= size <= ceiling


@given(p=parameters, size=st.floats(1.0, 1e6), ceiling=st.floats(0.0, 6e5), by_rules=st.booleans())
def test_only_who_wants_to_steer_splits_and_only_above_the_ceiling(p, size, ceiling, by_rules):
    split = plain(conduct.is_split)
    assert not split(p, size, ceiling, False, by_rules)
    assert not split(p, min(size, ceiling), ceiling, True, by_rules)
    if size > ceiling:
        assert split(p, size, ceiling, True, False)


@given(p=parameters, skill=st.floats(0, 1), u=st.floats(0, 0.999))
def test_the_skilled_do_not_coerce(p, skill, u):
    coerces = plain(cases.coerces)
    assert not coerces(p, 1.0, u)
    assert coerces(p, skill, u) <= coerces(p, 0.0, u)


@given(p=parameters, seen=st.tuples(*[st.floats(0, 2)] * 3))
def test_vivid_cases_count_only_in_the_rival_theory(p, seen):
    counted, vivid = (plain(oversight.seen_detection)(p, theory, *seen) for theory in (BAYESIAN, AVAILABILITY))
    assert counted == seen[0]
    assert seen[0] > 1.0 or counted <= vivid + 1e-12 <= 1.0 + 1e-9


@given(flow=st.floats(1e3, 1e6), access=st.floats(0, 1), kin=st.floats(0, 1), business=st.booleans(), p=parameters)
def test_kin_pull_on_benefits_and_business_on_projects_only(flow, access, kin, business, p):
    facts = SimpleNamespace(
        benefit_yuan_resident_year=flow, asset_share=0.5, claims_yuan_cadre_year=flow, project_share=0.5
    )
    village = SimpleNamespace(residents=1.0, income=flow, cadres=6, transfers=flow)

    def stake(channel, kin, business):
        cadre = SimpleNamespace(access=[access] * 4, kin_share=kin, business=float(business))
        namespace = plain(conduct.stake_of)
        return namespace(channel, cadre, village, p, facts)

    for channel in (conduct.CH_ASSETS, conduct.CH_CLAIMS):
        assert stake(channel, kin, business) == stake(channel, 0.0, False)
    assert stake(conduct.CH_BENEFITS, kin, business) >= stake(conduct.CH_BENEFITS, 0.0, business)
    assert stake(conduct.CH_PROJECTS, kin, True) >= stake(conduct.CH_PROJECTS, kin, False)
