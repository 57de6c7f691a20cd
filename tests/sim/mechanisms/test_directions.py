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
    adjudication,
    beliefs,
    cases,
    casework,
    channels,
    conduct,
    delivery,
    departments,
    implementation,
    initiative,
    needs,
    opinion,
    oversight,
    people,
    priorities,
    projects,
    quarrels,
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
        SHARE, {"stock": SHARE, "target": SHARE, "carry": SHARE, "ramp": (1, 100)}, "stock carry target", "ramp"),
    implementation.energy_left: (
        SHARE, {"age": (0, 500), "half_life": (1, 100), "least": SHARE}, "half_life least", "age"),
    implementation.own_accord: (
        SHARE,
        {"nature": (0, 2.9), "real": SHARE, "reach": SHARE, "follow_through": SHARE, "institutionalised": SHARE,
         "own_built": SHARE},
        "real reach follow_through institutionalised own_built", ""),
    implementation.run_share: (
        SHARE, {"ordered_now": SHARE, "stock": (0.01, 1), "energy": SHARE, "own": SHARE},
        "ordered_now energy own", "stock"),
    implementation.worn: (SHARE, {"stock": SHARE, "run": SHARE, "wear": (0, 5)}, "stock run", "wear"),
    implementation.faked_later: (
        SHARE, {"faked": SHARE, "target": SHARE, "speed": SHARE, "in_force": (0.0, 0.0)}, "faked target speed", ""),
    implementation.own_hours: (
        POSITIVE,
        {"hours": HOURS, "running": SHARE, "faking": SHARE, "fake_paper": SHARE, "trying": SHARE, "set_up": (0, 30)},
        "hours running fake_paper trying set_up", "faking"),
    implementation.remembered: (
        (0, 19), {"load": (0, 19), "memory": (0, 19), "heard": (0.1, 1), "forgotten": (0, 0.1)}, "load memory heard",
        ""),
    implementation.announced_share: (
        SHARE, {"memory": (0, 19), "real": (0, 19), "announce_load": (1, 20)}, "", "real announce_load"),
    tasks.passed_down: (
        POSITIVE, {"burden": (0, 2.5), "amplification": (0.5, 2), "levels": (1, 2)}, "burden amplification", ""),
    tasks.village_paper: (
        POSITIVE,
        dict.fromkeys(("forms", "received", "examined", "common", "traces", "own"), HOURS) | {"weight": (0.1, 5)},
        "forms received examined weight common traces own", ""),
    tasks.township_paper_of: (
        POSITIVE, dict.fromkeys(("paper", "common", "traces", "own"), HOURS) | {"weight": (0.1, 5)},
        "paper weight common traces own", ""),
    tasks.watched: (SHARE, {"visits": (0, 20)}, "visits", ""),
    needs.causes_back: (SHARE, {"repeat": SHARE, "fading": SHARE}, "repeat fading", ""),
    time_use.field_made: (
        POSITIVE, {"required": HOURS, "staged": SHARE, "motivation": SHARE, "room": HOURS},
        "required motivation room", "staged"),
    priorities.inspected_try: (SHARE, {"visits": (0, 20)}, "visits", ""),
    priorities.loss_of_a_failure: (POSITIVE, {"severity": (0, 6), "harshness": SHARE}, "severity harshness", ""),
    priorities.dereliction_risk: (
        POSITIVE,
        {"late": SHARE, "reach": SHARE, "examined": SHARE, "follow_through": SHARE, "severity": (0, 6)},
        "late reach examined follow_through severity", ""),
    time_use.hours_short: (
        POSITIVE, {"hours": HOURS, "paper": HOURS, "field": HOURS}, "paper field", "hours"),
    time_use.overtime_worked: (POSITIVE, {"hours": HOURS, "short": HOURS}, "hours short", ""),
    priorities.effort_beside: (
        POSITIVE, {"pull": SHARE, "wanted": (0, 1.5), "others": (0, 1.5)}, "wanted others", ""),
    priorities.left: (POSITIVE, {"wanted": HOURS, "depth": (0, 50), "weight": SHARE}, "wanted", "depth weight"),
    priorities.value_of_field: (ANY, {"motivation": SHARE, "results_weight": SHARE}, "motivation results_weight", ""),
    time_use.pace_of: (
        POSITIVE, {"desk_hours": HOURS, "intensity": (0, 1.5), "skill": SHARE, "posts": (0.1, 3)},
        "desk_hours intensity skill", ""),
    cases.shut_out: (SHARE, {"windows": SHARE}, "", "windows"),
    delivery.information_later: (SHARE, {"information": SHARE, "known": SHARE}, "information known", ""),
    delivery.seen_delivery: (
        SHARE, {"done": SHARE, "tilt": SHARE, "visibility": SHARE, "mean_visibility": SHARE},
        "done visibility", "mean_visibility"),
    delivery.hamlet_delivery: (SHARE, {"done": SHARE, "tilt": SHARE}, "done", "tilt"),
    delivery.payment_delay: (POSITIVE, {"bookkeeping": SHARE, "pressure": SHARE}, "bookkeeping pressure", ""),
    delivery.closures_expected: (
        POSITIVE,
        {"occasions_year": (0, 20), "deadline": SHARE, "results_weight": SHARE, "consultation": SHARE,
         "pressure": SHARE},
        "occasions_year deadline pressure", "results_weight consultation"),
    channels.known_to_be_watched: (
        SHARE, {"independent": SHARE, "reach": SHARE, "publicity": SHARE}, "independent reach publicity", ""),
    conduct.taken_seriously: (SHARE, {"stake": YUAN}, "stake", ""),
    conduct.episode_part: (SHARE, {"u": SHARE}, "u", ""),
    delivery.wrongly_included: (
        SHARE, {"information": SHARE, "data_sharing": SHARE, "ghosts": SHARE}, "ghosts", "information data_sharing"),
    delivery.wrongly_excluded: (SHARE, {"information": SHARE, "ghosts": SHARE}, "ghosts", "information"),
    projects.kickback: (SHARE, {"business": SHARE}, "business", ""),
    projects.project_use: (SHARE, {"taken": (0, 0.6), "slow": (0, 1)}, "", "taken slow"),
    projects.slowed: (POSITIVE, {"tender": SHARE, "consultation": SHARE}, "tender consultation", ""),
    adjudication.sanctioned: (
        SHARE, {"shelter": SHARE, "tolerance": SHARE, "follow_through": SHARE}, "follow_through", "shelter tolerance"),
    adjudication.noticed_failure: (
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
        SHARE, {"slots": (0, 0.12), "standing": SHARE}, "slots standing", ""),
    people.promoted_now: (
        POSITIVE, {"slots": (0, 0.12), "standing": SHARE, "mean": (0.1, 1)}, "slots standing", "mean"),
    people.transferred: (SHARE, {"skill": SHARE}, "skill", ""),
    people.merit: (
        POSITIVE,
        {"results_weight": SHARE, "skill": SHARE, "intensity": (0, 1.5), "paper": SHARE},
        "skill intensity paper", ""),
    opinion.trust_target: (POINTS, {"mood": POINTS, "wrongs": SHARE}, "mood", "wrongs"),
    opinion.superior_target: (
        POINTS, {"pressure": SHARE, "incidents_recent": (0, 20)}, "", "pressure incidents_recent"),
    residents.late_bill: (POSITIVE, {"claimant": SHARE, "delay_weeks": (0, 30)}, "claimant delay_weeks", ""),
    residents.resented_bill: (SHARE, {"late": (0, 150)}, "late", ""),
    residents.about_bill: (SHARE, {"owed": SHARE, "grievance": (0.01, 1)}, "owed", "grievance"),
    residents.satisfaction_later: (
        POINTS, {"satisfaction": POINTS, "aim": POINTS, "neighbour": POINTS, "drift": (0, 0.5)},
        "satisfaction aim neighbour", ""),
    residents.wronged_share: (
        SHARE, {"wrong_exclusion": SHARE, "closure_loss": SHARE}, "wrong_exclusion closure_loss", ""),
    quarrels.heat: (
        ANY, {"joined": (1, 6), "grievance": SHARE, "satisfaction": POINTS}, "joined grievance", "satisfaction"),
    quarrels.quarrel_points: (POSITIVE, {"days": (0, 60), "usual": (1, 20)}, "days", "usual"),
    quarrels.rounds_of: (POSITIVE, {"days": (0, 60), "spread_days": (1, 5)}, "days", "spread_days"),
    departments.news: (
        SHARE, {"forms": (0, 150), "visits": (0, 10), "voices": (0, 2), "machines": SHARE},
        "forms visits voices machines", ""),
    departments.calls_that_tell: (
        POSITIVE, {"before": (0, 60), "formal": (0, 150), "pressure": SHARE}, "before pressure", "formal"),
    departments.believed_later: (
        SHARE, {"believed": SHARE, "report": SHARE, "learned": SHARE}, "report", ""),
    departments.cases_that_wait: (SHARE, {"days": (0, 500), "usual": (1, 30)}, "days", "usual"),
    delivery.call_for_support: (
        POSITIVE, {"believed_trouble": SHARE, "used": SHARE}, "believed_trouble used", ""),
    delivery.what_fits: (SHARE, {"done": SHARE, "misjudged": SHARE}, "done", "misjudged"),
    departments.pressure_target: (
        SHARE, {"believed": SHARE, "incidents_recent": (0, 20)}, "believed incidents_recent", ""),
    departments.checked_share: (SHARE, {"third_party": SHARE, "machines": SHARE}, "third_party machines", ""),
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


@given(p=parameters, fear=st.floats(0, 1), wants=st.booleans(), compliance=st.floats(0, 1), above=st.booleans())
def test_fear_quickness_and_friends_speak_for_a_direct_award_and_rules_against_it(p, fear, wants, compliance, above):
    facts = SimpleNamespace(procedure_choice=1.0, checks_of_tenders=2.0)
    switched_off = SimpleNamespace(procedure_choice=0.0, checks_of_tenders=2.0)

    def direct(facts=facts, **changed):
        given = {"above": float(above), "fear": fear, "wants": float(wants), "tender_compliance": compliance}
        return plain(projects.direct_award)(p, facts, **{**given, **changed})

    assert 0.0 < direct() < 1.0
    assert rises([direct(fear=x) for x in steps_between(0, 1, 9)])
    assert rises([direct(wants=0.0), direct(wants=1.0)])
    assert falls([direct(tender_compliance=x) for x in steps_between(0, 1, 9)])
    assert falls([direct(above=0.0), direct(above=1.0)])
    assert direct(above=0.0, tender_compliance=1.0) == direct(above=0.0, tender_compliance=0.0)
    assert direct(switched_off, fear=1.0) == direct(switched_off, fear=0.0)


@given(p=parameters, coverage=st.floats(0, 1), depth=st.floats(0.1, 0.95), leads=st.floats(0, 100))
def test_examiners_hours_are_short_where_much_is_examined_deeply_and_never_without_limit(p, coverage, depth, leads):
    facts = SimpleNamespace(
        examination_least=200.0, examination_deep=800.0, township_hours=48.0, examiner_weeks=46.0, examiner_share=0.5,
        examiners_bought=0.0, examiners=1.0,
    )  # fmt: skip

    def part(coverage=coverage, depth=depth, leads=leads, posts=5.0, bought=0.0, limit=1.0):
        given = SimpleNamespace(**{**vars(facts), "examiners_bought": bought, "examiners": limit})
        needed = plain(oversight.hours_needed)(p, given, 25.0, coverage, depth, leads)
        return plain(oversight.reached)(given, needed, plain(oversight.hours_there)(given, posts, 25.0))

    assert 0.0 <= part() <= 1.0
    assert falls([part(coverage=x) for x in steps_between(0, 1, 9)])
    assert falls([part(depth=x) for x in steps_between(0.1, 0.95, 9)])
    assert falls([part(leads=x) for x in steps_between(0, 200, 9)])
    assert rises([part(posts=x) for x in steps_between(0, 20, 9)])
    assert rises([part(bought=x) for x in steps_between(0, 1_000, 9)])
    assert part(limit=0.0) == 1.0


@given(p=parameters, believed=st.floats(0, 1), tolerated=st.floats(0, 1))
def test_who_expects_examiners_prepares_and_covers_and_tolerance_spares_the_cover(p, believed, tolerated):
    on = SimpleNamespace(preparation=1.0, traces_of_fear=1.0)
    off = SimpleNamespace(preparation=0.0, traces_of_fear=0.0)
    prepared, cover = plain(tasks.prepared), plain(tasks.cover)
    assert rises([prepared(p, on, x, 6) for x in steps_between(0, 1, 9)])
    assert rises([cover(p, on, x, tolerated) for x in steps_between(0, 1, 9)])
    assert falls([cover(p, on, believed, x) for x in steps_between(0, 1, 9)])
    assert prepared(p, off, 1.0, 6) == 0.0
    assert cover(p, off, 1.0, 0.0) == cover(p, on, believed, 1.0) == cover(p, on, 0.0, tolerated) == 1.0


@given(p=parameters, skill=st.floats(0, 1), u=st.floats(0, 0.999))
def test_the_skilled_do_not_coerce(p, skill, u):
    coerces = plain(casework.coerces)
    assert not coerces(p, 1.0, u)
    assert coerces(p, skill, u) <= coerces(p, 0.0, u)


@given(p=parameters, seen=st.tuples(*[st.floats(0, 2)] * 2))
def test_vivid_cases_count_only_in_the_rival_theory(p, seen):
    counted, vivid = (plain(beliefs.seen_detection)(p, theory, *seen) for theory in (BAYESIAN, AVAILABILITY))
    assert counted == seen[0]
    assert seen[0] > 1.0 or counted <= vivid + 1e-12 <= 1.0 + 1e-9


@given(flow=st.floats(1e3, 1e6), access=st.floats(0, 1), kin=st.floats(0, 1), business=st.booleans(), p=parameters)
def test_kin_pull_on_benefits_and_business_on_projects_only(flow, access, kin, business, p):
    facts = SimpleNamespace(
        benefit_yuan_resident_year=flow,
        asset_share=0.5,
        claims_yuan_cadre_year=flow,
        project_share=0.5,
        account_spent_year=1.0,
    )
    village = SimpleNamespace(residents=1.0, income=flow, cadres=6, transfers=flow, account=flow)

    def stake(channel, kin, business):
        cadre = SimpleNamespace(access=[access] * 4, kin_share=kin, business=float(business))
        namespace = plain(conduct.stake_of)
        return namespace(channel, cadre, village, p, facts)

    for channel in (conduct.CH_ASSETS, conduct.CH_CLAIMS):
        assert stake(channel, kin, business) == stake(channel, 0.0, False)
    assert stake(conduct.CH_BENEFITS, kin, business) >= stake(conduct.CH_BENEFITS, 0.0, business)
    assert stake(conduct.CH_PROJECTS, kin, True) >= stake(conduct.CH_PROJECTS, kin, False)
