"""Ensembles: shared histories, bounded memory, failures listed, threads without influence."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter

import pytest

from experiments.ensemble import Member, coalition_members, rows_by_seeds, run_members
from sim.settings import setting


def rows():
    return {
        "baseline": setting("demo_village", residents=500, weeks=52, seed=3),
        "relief": setting("demo_village", residents=500, weeks=52, seed=3, burden=0.5),
        "window": setting("demo_village", residents=500, weeks=52, seed=3, measures={"one_window": 1}),
    }


def kept(member, records):
    return records["setting"].fingerprint


def test_replicate_k_has_seed_plus_k_in_every_row():
    members = rows_by_seeds(rows(), 4)
    assert len(members) == 12
    assert all(member.setting.seed == 3 + member.replicate for member in members)
    assert {member.row for member in members} == {"baseline", "relief", "window"}


def test_a_history_is_made_once_for_all_rows_that_share_it(use_model):
    model = use_model()
    results = run_members(rows_by_seeds(rows(), 5), kept, threads=2)
    assert model.calls == Counter(history=5, branch=15)
    assert results.histories == 5 and len(results.values) == 15 and not results.failures


def test_rows_of_different_towns_do_not_share_a_history(use_model):
    model = use_model()
    settings = {"a": setting("average", weeks=52), "b": setting("inspected", weeks=52)}
    run_members(rows_by_seeds(settings, 3), kept, threads=2)
    assert model.calls == Counter(history=6, branch=6)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_no_more_histories_are_alive_than_threads(use_model, threads):
    model = use_model(wait=lambda: time.sleep(0.001))
    run_members(rows_by_seeds(rows(), 20), kept, threads=threads)
    assert model.most_alive <= threads
    assert model.alive == 0


def test_both_threads_are_busy_with_one_history(use_model):
    busy = threading.Barrier(2, timeout=10)
    use_model(wait=busy.wait)  # a branch ends only when two are under way
    variants = {f"b{i}": rows()["baseline"].replace(weeks=52 + i) for i in range(6)}
    assert len(run_members(rows_by_seeds(variants, 1), kept, threads=2).values) == 6


def test_results_depend_neither_on_threads_nor_on_order(use_model):
    use_model()
    members = rows_by_seeds(rows(), 6)
    expected = run_members(members, kept, threads=1).values
    for threads in (2, 3):
        random.Random(threads).shuffle(members)
        assert run_members(members, kept, threads=threads).values == expected


def test_a_member_that_fails_once_is_run_again_with_the_same_seed(use_model):
    def once(kind, setting, attempt):
        if kind == "branch" and setting.seed == 4 and attempt == 1:
            raise RuntimeError("a passing trouble")

    model = use_model(fail=once)
    results = run_members(rows_by_seeds(rows(), 3), kept, threads=2)
    assert len(results.values) == 9 and not results.failures
    assert model.calls["branch"] == 9 + 3


def test_a_member_that_fails_twice_is_listed_and_the_rest_goes_on(use_model):
    def always(kind, setting, attempt):
        if kind == "branch" and setting.seed == 4 and setting.levers:
            raise RuntimeError("no way\nout")

    model = use_model(fail=always)
    results = run_members(rows_by_seeds(rows(), 3), kept, threads=2)
    assert len(results.values) == 8
    (failure,) = results.failures
    assert (failure.member.row, failure.member.setting.seed) == ("relief", 4)
    assert failure.error == "RuntimeError: no way out"
    assert model.calls["branch"] == 10


def test_a_failing_history_fails_its_members_only(use_model):
    def always(kind, setting, attempt):
        if kind == "history" and setting.seed == 5:
            raise RuntimeError("no town")

    model = use_model(fail=always)
    results = run_members(rows_by_seeds(rows(), 3), kept, threads=2)
    assert sorted(f.member.row for f in results.failures) == ["baseline", "relief", "window"]
    assert len(results.values) == 6 and model.calls["history"] == 4


def test_an_infinite_or_missing_headline_figure_is_a_failure(use_model):
    from experiments.findings import _refuse_infinite

    outcomes = ("satisfaction",)
    _refuse_infinite({"satisfaction": 60.0, "plots": float("nan")}, outcomes)
    for value in (float("nan"), float("inf")):
        with pytest.raises(ArithmeticError, match="satisfaction"):
            _refuse_infinite({"satisfaction": value}, outcomes)
    with pytest.raises(ArithmeticError, match="plots"):
        _refuse_infinite({"satisfaction": 60.0, "plots": float("-inf")}, outcomes)


def test_progress_ends_at_the_total(use_model):
    use_model()
    seen: list[tuple[int, int]] = []
    members = rows_by_seeds(rows(), 4)
    run_members(members, kept, threads=2, progress=lambda *now: seen.append(now))
    assert seen[-1] == (12, 12) and sorted(seen) == seen


def test_an_interrupt_stops_the_workers(use_model):
    calls = []

    def interrupt():
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.02)

    model = use_model(wait=interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_members(rows_by_seeds(rows(), 50), kept, threads=2)
    done = model.calls["branch"]
    assert done < 30
    time.sleep(0.1)
    assert model.calls["branch"] == done


def test_coalitions_hold_their_measures_and_keep_the_others():
    whole = setting(
        "average",
        weeks=52,
        measures={
            "one_window": 0.5, "publicity": {"intensity": 1, "start": 9}, "burden_relief": 1
        },
        burden=1.5,
    )  # fmt: skip
    players = ("one_window", "publicity")
    members = coalition_members(whole, players, [((0, 1), 0), ((0, 0), 2), ((1, 1), 0)])
    assert [member.row for member in members] == ["01", "00", "11"]
    assert [use.id for use in members[0].setting.measures] == ["burden_relief", "publicity"]
    assert members[0].setting.measures[1].start == 9
    assert [use.id for use in members[1].setting.measures] == ["burden_relief"]
    assert members[1].setting.seed == 2 and members[1].setting.levers == whole.levers
    assert members[2].setting.fingerprint == whole.fingerprint


def test_the_model_gives_identical_runs_for_one_thread_and_two():
    import numpy as np

    from sim import run as model

    model.compile()
    settings = {name: row.replace(weeks=60) for name, row in rows().items() if name != "relief"}
    members = rows_by_seeds(settings, 2)

    def arrays(member: Member, records):
        return (records.tallies.copy(),)

    one = run_members(members, arrays, threads=1).values
    two = run_members(members[::-1], arrays, threads=2).values
    assert one.keys() == two.keys() and len(one) == 4
    for key, found in one.items():
        for a, b in zip(found, two[key], strict=True):
            assert np.array_equal(a.view(np.float64), b.view(np.float64), equal_nan=True), key
