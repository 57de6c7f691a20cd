"""Rules of delivery: tasks delivered or closed on paper, tilt and misfit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import delivery

from .rules import falls, parameters, plain, rises, share, steps_between


@given(p=parameters, supply=st.floats(0, 5), listed=share, paper=st.floats(0, 0.9), ledger=share, results=share)
def test_delivery_is_a_share_that_work_raises_and_paper_closing_lowers(p, supply, listed, paper, ledger, results):
    done = plain(delivery.task_delivery)
    assert 0.0 <= done(p, supply, listed, paper) <= 1.0
    assert done(p, 0.0, listed, paper) == 0.0
    assert rises([done(p, x, listed, paper) for x in steps_between(0, 5)])
    assert falls([done(p, supply, listed, x) for x in steps_between(0, 0.9)])
    closed = plain(delivery.closed_on_paper)
    assert 0.0 <= closed(p, listed, ledger, results) <= 0.9
    assert falls([closed(p, listed, ledger, x) for x in steps_between(0, 1)])
    assert closed(p, listed, ledger, 1.0) == 0.0


@given(p=parameters, seen=share, bias=share, ledger=share, known=share, consulted=share, gained=share)
def test_tilt_misfit_and_knowledge_are_shares(p, seen, bias, ledger, known, consulted, gained):
    tilt = plain(delivery.roadside_tilt)
    assert 0.0 <= tilt(p, seen, bias, ledger) <= 1.0
    assert rises([tilt(p, x, bias, ledger) for x in steps_between(0, 1)])
    assert falls([tilt(p, seen, bias, x) for x in steps_between(0, 1)])
    misfit = plain(delivery.project_misfit)
    assert 0.0 <= misfit(p, known, consulted, gained) <= 1.0
    for at in range(3):
        path = [
            misfit(p, *(x if i == at else v for i, v in enumerate((known, consulted, gained)))) for x in (0, 0.5, 1)
        ]
        assert falls(path)
    knowledge = plain(delivery.knowledge)
    assert 0.0 <= knowledge(p, 40.0, 2_000.0, 60.0) <= 1.0
    assert rises([knowledge(p, x, 2_000.0, 60.0) for x in steps_between(0, 200)])


@given(p=parameters, pressure=share, results=share, consulted=share)
def test_one_size_closures_come_with_pressure_near_deadlines(p, pressure, results, consulted):
    expected = plain(delivery.closures_expected)
    assert expected(p, 0.3, 0.0, results, consulted, 0.0) == expected(p, 0.3, 0.0, results, consulted, pressure) >= 0.0
    assert rises([expected(p, 0.3, 1.0, results, consulted, x) for x in steps_between(0, 1)])
    assert falls([expected(p, 0.3, 1.0, x, consulted, pressure) for x in steps_between(0, 1)])
    assert falls([expected(p, 0.3, 1.0, results, x, pressure) for x in steps_between(0, 1)])
