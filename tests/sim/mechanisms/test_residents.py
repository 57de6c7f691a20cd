"""Rules of residents: what people judge and how they feel it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import run
from sim.inputs.settings import setting
from sim.inputs.validators import Frozen
from sim.mechanisms import opinion, quarrels

from .rules import falls, parameters, plain, points, rises, share, steps_between

GOOD = ("performance", "contact", "project_value", "better_off")
BAD = ("unfair", "excluded", "wrongs", "loss")


@given(p=parameters, values=st.tuples(*[share] * 8))
def test_government_is_judged_better_for_good_and_worse_for_bad(p, values):
    order = (*GOOD[:-1], *BAD, GOOD[-1])

    def quality(**changed):
        return plain(opinion.government_quality)(p, **{**dict(zip(order, values, strict=True)), **changed})

    assert 0.0 <= quality() <= 100.0
    for name in GOOD:
        assert rises([quality(**{name: x}) for x in steps_between(0, 1, 11)]), name
    for name in BAD:
        assert falls([quality(**{name: x}) for x in steps_between(0, 1, 11)]), name


@given(p=parameters, quality=points, expected=points)
def test_moods_keep_their_bounds_and_hang_on_what_was_expected(p, quality, expected):
    mood = plain(opinion.mood_of)
    assert 0.0 <= mood(p, quality, expected) <= 100.0
    assert rises([mood(p, x, expected) for x in steps_between(0, 100)])
    assert falls([mood(p, quality, x) for x in steps_between(0, 100)])


def test_trust_waits_until_residents_see_an_exposed_wrong_put_right():
    """Points lost in the first and the fourth year without news: they come back only where redress is seen."""
    lost = {}
    for seen in (0.0, 0.45):
        chosen = setting(residents=4_000, weeks=208, seed=1, levers={"exposure": 0.0})
        chosen = replace(chosen, parameters=Frozen({**chosen.parameters, "redress_seen": seen}))
        history = run.history(chosen)
        state = history.units[0].state
        trust = {}
        for wrong in (0.0, 0.6):
            state.villages["wrongs_known"] = wrong
            found = run.evaluate(run.branch(history, chosen))
            trust[wrong] = np.array([found["trust_township__year1"], found["trust_township"]])
        lost[seen] = trust[0.0] - trust[0.6]
    assert lost[0.0][1] > lost[0.0][0] > 0.5 * 0.6 * chosen.parameters["see_wrongs"], "one stock, one weight"
    assert lost[0.45][1] < 0.6 * lost[0.45][0]


@given(p=parameters, known=share, information=share, ontime=share)
def test_quarrels_are_answered_sooner_by_those_who_know_the_place(p, known, information, ontime):
    days = plain(quarrels.response_time)

    def answered(p, known, information, ontime):
        return days(p, 4.0, 1.0 - known, information, ontime)

    assert days(p, 4.0, 1.0 - known, information, ontime) > 0.0
    for at in range(3):
        args = [known, information, ontime]
        assert falls([answered(p, *(x if i == at else v for i, v in enumerate(args))) for x in (0.0, 0.5, 1.0)])


def test_late_bills_bring_petitions_about_money_of_those_who_have_one(compiled_model):
    """Payment two weeks late and forty: claimants petition about money, and nobody else petitions more."""
    counted = {}
    for weeks in (2.0, 40.0):
        for share_of_claims in (0.0, 0.2):
            chosen = setting(residents=4_000, weeks=104, seed=1)
            odd = {"claim_share": share_of_claims, "delay_usual": weeks, "delay_bookkeeping": 0.0}
            chosen = replace(chosen, parameters=Frozen({**chosen.parameters, **odd}))
            records = run.branch(run.history(chosen), chosen)
            counted[weeks, share_of_claims] = records.tallies["petitions_money"].sum()
    assert counted[40.0, 0.2] > 3 * counted[40.0, 0.0] + 20
    assert counted[40.0, 0.2] > 3 * counted[2.0, 0.2] + 20
