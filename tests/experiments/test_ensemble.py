"""Ensembles: shared histories, what the store has is not run again, failures listed, nothing depends on order."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
from collections import Counter

import numpy as np
import pytest

from experiments.ensemble import (
    Executor,
    PartialDesign,
    Progress,
    coalition_members,
    rows_by_seeds,
    run_ensemble,
    run_members,
)
from experiments.ensemble.batches import SECONDS, Pace, Queue
from experiments.ensemble.members import DesignKey
from experiments.ensemble.work import Outcome, refuse_unfinite
from sim.inputs.settings import setting


def rows():
    return {
        "baseline": setting("demo_village", residents=500, weeks=52, seed=3),
        "relief": setting("demo_village", residents=500, weeks=52, seed=3, burden=0.5),
        "window": setting("demo_village", residents=500, weeks=52, seed=3, measures={"one_window": 1}),
    }


def threads(count):
    return Executor("threads", count)


def everything(results):
    """All figures of a design's members, by row and replicate."""
    return {(str(member.key), member.replicate): figures for member, figures in results.finished()}


def test_replicate_k_has_seed_plus_k_in_every_row():
    members = rows_by_seeds(rows(), 4)
    assert len(members) == 12
    assert all(member.seed == member.setting.seed == 3 + member.replicate for member in members)
    assert {str(member.key) for member in members} == {"baseline", "relief", "window"}


def test_a_member_is_named_as_its_setting_is():
    for member in rows_by_seeds(rows(), 3):
        assert member.fingerprint == member.setting.fingerprint
        assert member.history == member.setting.history_key
        fresh = setting("demo_village", residents=500, weeks=52, seed=member.seed)
        assert (fresh.fingerprint == member.fingerprint) == (str(member.key) == "baseline")


def test_a_history_is_made_once_for_all_rows_that_share_it(use_model):
    model = use_model()
    results = run_members(rows_by_seeds(rows(), 5), executor=threads(1))
    assert model.calls["history"] == results.histories == 5
    assert model.calls["branch"] == results.ran == len(everything(results)) == 15 and not results.failures


def test_rows_of_different_towns_do_not_share_a_history(use_model):
    model = use_model()
    run_members(rows_by_seeds({"a": setting("average", weeks=52), "b": setting("inspected", weeks=52)}, 3))
    assert model.calls["history"] == model.calls["branch"] == 6


def test_rows_that_say_the_same_are_run_once(use_model):
    model = use_model()
    twice = {"one": rows()["relief"], "other": rows()["relief"]}
    results = run_members(rows_by_seeds(twice, 3), weekly=[DesignKey("other")])
    assert model.calls["branch"] == 3
    assert repr(results.evaluations(DesignKey("one"))) == repr(results.evaluations(DesignKey("other")))
    assert results.dataset({"one": DesignKey("one")}, weekly=True).sizes["week"] == 104


def test_threads_at_two_histories_do_not_make_them_over_and_over(use_model):
    model = use_model(wait=lambda: time.sleep(0.02))
    variants = {f"b{i}": rows()["baseline"].replace(weeks=52 + i) for i in range(30)}
    results = run_members(rows_by_seeds(variants, 6), executor=threads(2))
    assert results.ran == 180 and model.calls["history"] <= 6 + 6


@pytest.mark.parametrize("count", [1, 2, 5])
def test_histories_are_not_piled_up(use_model, count):
    model = use_model(wait=lambda: time.sleep(0.001))
    run_members(rows_by_seeds(rows(), 20), executor=threads(count))
    assert model.most_alive <= count + 1
    assert model.alive == 0


def test_both_threads_are_busy_with_one_history(use_model):
    busy = threading.Barrier(2, timeout=10)
    turns = itertools.count()

    def wait():  # the first member is timed alone; the next two end only when both are under way
        turn = next(turns)
        if turn == 0:
            time.sleep(0.25)
        elif turn < 3:
            busy.wait()

    model = use_model(wait=wait)
    variants = {f"b{i}": rows()["baseline"].replace(weeks=52 + i) for i in range(7)}
    assert run_members(rows_by_seeds(variants, 1), executor=threads(2)).ran == 7
    assert model.calls["history"] == 1


def test_results_depend_neither_on_threads_nor_on_order(use_model):
    use_model()
    members = rows_by_seeds(rows(), 6)
    expected = repr(sorted(everything(run_members(members, executor=Executor("serial"))).items()))
    for count in (2, 3):
        random.Random(count).shuffle(members)
        assert repr(sorted(everything(run_members(members, executor=threads(count))).items())) == expected


# what is there is not run again


def test_what_the_store_has_is_not_run_again(use_model, place):
    model = use_model()
    first = run_members(rows_by_seeds(rows(), 3), store=place / "store")
    assert model.calls["branch"] == 9
    some = {name: rows()[name] for name in ("window", "relief")}
    more = run_members(rows_by_seeds(some, 5), store=place / "store")
    assert model.calls["branch"] == 9 + 4 and more.ran == 4
    old, new = everything(first), everything(more)
    assert all(repr(new[key]) == repr(old[key]) for key in old if key in new)


def test_paths_that_are_wanted_later_are_made_later(use_model, place):
    model = use_model()
    members = rows_by_seeds(rows(), 3)
    run_members(members, store=place / "store", weekly=[DesignKey("relief")])
    run_members(members, store=place / "store", weekly=[DesignKey("relief")])
    assert model.calls["branch"] == 9
    again = run_members(members, store=place / "store", weekly=[DesignKey("relief"), DesignKey("window")])
    assert model.calls["branch"] == 12 and again.ran == 3
    assert again.dataset({"r": DesignKey("relief"), "w": DesignKey("window")}, weekly=True)["satisfaction"].shape == (
        2,
        3,
        104,
    )


def test_without_a_store_nothing_stays_and_nothing_is_written(use_model, place, monkeypatch):
    """Figures and paths are the same bits as those that went through a store."""
    use_model()
    members = rows_by_seeds(rows(), 2)
    kept = run_members(members, store=place / "store", weekly=[DesignKey("relief")])

    def refuse(*arguments, **keywords):
        raise AssertionError("a file is written")

    monkeypatch.setattr("experiments.ensemble.chunks.write", refuse)
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    results = run_members(members, weekly=[DesignKey("relief")])
    assert results.store.folder == "memory" and results.ran == 6
    for key in map(DesignKey, rows()):
        assert repr(results.evaluations(key)) == repr(kept.evaluations(key))
    one, other = (found.dataset({"r": DesignKey("relief")}, weekly=True) for found in (results, kept))
    assert one.identical(other)
    assert [path.name for path in place.iterdir()] == ["store"]


# failures


def test_a_member_that_fails_once_is_run_again_with_the_same_seed(use_model):
    def once(kind, setting, attempt):
        if kind == "branch" and setting.seed == 4 and attempt == 1:
            raise RuntimeError("a passing trouble")

    model = use_model(fail=once)
    results = run_members(rows_by_seeds(rows(), 3), executor=threads(2))
    assert results.ran == 9 and not results.failures
    assert model.calls["branch"] == 9 + 3


def test_a_member_that_fails_twice_is_listed_and_the_rest_goes_on(use_model, place):
    def always(kind, setting, attempt):
        if kind == "branch" and setting.seed == 4 and setting.levers:
            raise RuntimeError("no way\nout")

    model = use_model(fail=always)
    results = run_members(rows_by_seeds(rows(), 3), executor=threads(2), store=place / "store")
    (failure,) = results.failures
    assert (str(failure.member.key), failure.member.seed) == ("relief", 4)
    assert failure.error == "RuntimeError: no way out"
    assert model.calls["branch"] == 10 and len(everything(results)) == 8
    with pytest.raises(PartialDesign, match="1 of 9 runs failed twice") as partial:
        run_ensemble(rows(), 3, store=place / "store")
    assert [f.member.place for f in partial.value.failures] == [(DesignKey("relief"), 1)]
    assert model.calls["branch"] == 12  # the failed one was tried again, and nothing else


def test_a_failing_history_fails_its_members_only(use_model):
    def always(kind, setting, attempt):
        if kind == "history" and setting.seed == 5:
            raise RuntimeError("no town")

    use_model(fail=always)
    results = run_members(rows_by_seeds(rows(), 3), executor=threads(2))
    assert sorted(str(f.member.key) for f in results.failures) == ["baseline", "relief", "window"]
    assert len(everything(results)) == 6


def test_the_first_member_may_fail(use_model):
    def always(kind, setting, attempt):
        if setting.seed == 3:
            raise RuntimeError("no start")

    use_model(fail=always)
    results = run_members(rows_by_seeds(rows(), 3), executor=threads(2))
    assert len(results.failures) == 3 and results.ran == 6


def test_an_infinite_or_missing_headline_figure_is_a_failure():
    outcomes = ("satisfaction",)
    refuse_unfinite({"satisfaction": 60.0, "plots": float("nan")}, outcomes)
    for value in (float("nan"), float("inf")):
        with pytest.raises(ArithmeticError, match="satisfaction"):
            refuse_unfinite({"satisfaction": value}, outcomes)
    with pytest.raises(ArithmeticError, match="plots"):
        refuse_unfinite({"satisfaction": 60.0, "plots": float("-inf")}, outcomes)


# what it tells, and how it ends


class Heard(Progress):
    def __init__(self):
        self.estimates, self.notes, self.updates = [], [], []

    def estimate(self, estimate):
        self.estimates.append(estimate)

    def note(self, text):
        self.notes.append(text)

    def update(self, done, total, found, left):
        self.updates.append((done, total, found))


def test_progress_ends_at_the_total_and_an_estimate_comes_first(use_model, place):
    use_model(wait=lambda: time.sleep(0.01))
    heard = Heard()
    run_members(rows_by_seeds(rows(), 20), store=place / "store", executor=threads(2), progress=heard)
    assert heard.updates[-1] == (60, 60, 0) and sorted(heard.updates) == heard.updates
    (estimate,) = heard.estimates
    assert (estimate.to_do, estimate.total, estimate.side_by_side) == (59, 60, 2)
    assert 59 * 0.01 / 2 < estimate.seconds < 3 and estimate.free_bytes > estimate.bytes > 60 * 8
    heard = Heard()
    run_members(rows_by_seeds(rows(), 20), store=place / "store", progress=heard)
    assert heard.updates == [(60, 60, 60)] and not heard.estimates


def test_an_interrupt_keeps_what_is_finished(use_model, place):
    calls = []

    def interrupt():
        calls.append(1)
        if len(calls) == 5:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.02)

    model = use_model(wait=interrupt)
    members = rows_by_seeds(rows(), 50)
    with pytest.raises(KeyboardInterrupt) as stop:
        run_members(members, store=place / "store", executor=threads(2))
    done = model.calls["branch"]
    assert done < 60
    time.sleep(0.1)
    assert model.calls["branch"] == done
    assert stop.value.__notes__ == [f"{done} of 150 runs are stored in {place / 'store'}"]
    calls.extend([1] * 10)
    results = run_members(members, store=place / "store", executor=threads(2))
    assert results.ran == 150 - done and model.calls["branch"] == 150


# batches


def timed(history: float, branch: float) -> Pace:
    pace = Pace()
    pace.learn(
        Outcome(None, figures=dict.fromkeys(range(4)), histories=1, history_seconds=history, branch_seconds=4 * branch)
    )
    return pace


def test_batches_take_some_seconds_and_keep_histories_together():
    members = rows_by_seeds({f"r{i}": rows()["baseline"].replace(weeks=52 + i) for i in range(72)}, 100)
    queue, pace = Queue(members, range(len(members))), timed(0.16, 0.1)
    assert queue.seconds(pace) == pytest.approx(100 * 0.16 + 7200 * 0.1)
    seen, switches = [], 0
    while queue:
        left = queue.seconds(pace)
        batch = queue.take(pace, 2)
        histories = [members[i].history for i in batch]
        opened = sum(a != b for a, b in zip([seen[-1] if seen else None, *histories], histories, strict=False))
        switches += opened
        cost = 0.16 * opened + 0.1 * len(batch)
        assert cost <= SECONDS + 0.3
        assert cost <= max(0.5, left / 4) + 0.3
        seen += histories
    assert switches == 100 and len(seen) == len(members)


def test_cheap_members_of_many_histories_go_into_one_batch():
    members = rows_by_seeds({"one": rows()["baseline"]}, 10_000)
    batch = Queue(members, range(len(members))).take(timed(0.005, 0.005), 2)
    assert 300 <= len(batch) <= 500


def test_before_anything_is_timed_a_batch_is_one_member():
    members = rows_by_seeds(rows(), 3)
    queue = Queue(members, [0, 4, 8])
    assert [queue.take(Pace(), 2) for _ in range(3)] == [[0], [4], [8]] and not queue


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
    assert [str(member.key) for member in members] == ["01", "00", "11"]
    assert [use.id for use in members[0].setting.measures] == ["burden_relief", "publicity"]
    assert members[0].setting.measures[1].start == 9
    assert [use.id for use in members[1].setting.measures] == ["burden_relief"]
    assert members[1].setting.seed == 2 and members[1].setting.levers == whole.levers
    assert members[2].setting.fingerprint == whole.fingerprint


# the model itself


def test_the_dataset_of_an_ensemble_is_that_of_its_runs(compiled_model, place):
    import xarray

    from sim import run as model
    from tests.labelled import labelled

    settings = {name: row.replace(weeks=60) for name, row in rows().items() if name != "relief"}
    one = run_ensemble(settings, 2, weekly=True, store=place / "store", executor=threads(2))
    from_store = run_ensemble(settings, 2, weekly=True, store=place / "store", executor=threads(1))
    alone = {
        name: [model.branch(model.history(s), s) for s in (row.replace(seed=row.seed + k) for k in range(2))]
        for name, row in settings.items()
    }
    expected = labelled(alone)
    expected.attrs["unchanged"] = " ".join(name for name, s in settings.items() if not (s.measures or s.levers))
    assert expected.attrs["unchanged"] == "baseline"
    xarray.testing.assert_identical(one, expected)
    xarray.testing.assert_identical(from_store, expected)
    short = run_ensemble(settings, 2, store=place / "store")
    assert dict(short.sizes) == {"setting": 2, "replicate": 2, "period": 3}
    for name in ("satisfaction_in", "detection_share_in"):
        assert np.array_equal(short[name], expected[name], equal_nan=True)


def test_a_dataset_needs_no_replicates_but_one(use_model):
    use_model()
    assert run_ensemble({"today": rows()["baseline"]})["satisfaction_in"].shape == (1, 1, 3)
    assert Counter(run_ensemble(rows(), 2).sizes) == Counter(setting=3, replicate=2, period=3)
