"""How strong measures are and what they cost: stated by a word, or drawn from their triangles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim import run
from sim.inputs.measures import MEASURES, Cost
from sim.inputs.settings import setting
from sim.vocabulary import COSTS
from sim.world import cost, policy_of

pytestmark = pytest.mark.usefixtures("compiled_model")

ALL = dict.fromkeys(MEASURES, 1.0)


def test_drawn_potency_differs_by_seed_and_stays_between_weak_and_strong():
    entries = [entry for measure in MEASURES.values() for entry in measure.entries]
    low = np.array([min(entry.weak, entry.strong) for entry in entries])
    high = np.array([max(entry.weak, entry.strong) for entry in entries])
    mode = np.array([entry.mode for entry in entries])
    values = np.array([policy_of(setting(measures=ALL, potency="draw", seed=seed)).entry_value for seed in range(150)])
    assert np.all((low <= values) & (values <= high))
    uncertain = high > low
    assert np.all(np.ptp(values, axis=0)[uncertain] > 0.5 * (high - low)[uncertain])
    mean = (low + mode + high) / 3
    error = (high - low) / 24**0.5 / len(values) ** 0.5
    assert np.all(np.abs(values.mean(axis=0) - mean)[uncertain] < 5 * error[uncertain])
    spread = np.corrcoef(values[:, uncertain], rowvar=False)
    assert np.abs(spread - np.eye(len(spread))).max() < 6 / len(values) ** 0.5
    assert np.array_equal(policy_of(setting(measures=ALL, seed=4)).entry_value, mode)


def test_potency_by_a_number_is_the_same_for_every_seed_and_by_a_word_that_end():
    def values(potency, seed=0):
        return policy_of(setting(measures=ALL, potency=potency, seed=seed)).entry_value

    assert np.array_equal(values(7, seed=1), values(7, seed=2))
    assert np.array_equal(values(7), values("draw", seed=7))
    assert not np.array_equal(values(7), values(8))
    entries = [entry for measure in MEASURES.values() for entry in measure.entries]
    assert np.array_equal(values("weak"), [entry.weak for entry in entries])
    assert np.array_equal(values("strong"), [entry.strong for entry in entries])


def test_potency_of_a_measure_does_not_hang_on_which_others_are_ordered():
    alone = policy_of(setting(measures={"one_window": 1.0}, potency="draw", seed=3)).entry_value
    among = policy_of(setting(measures=ALL, potency="draw", seed=3))
    assert np.array_equal(among.entry_value[among.entry_measure == list(MEASURES).index("one_window")], alone)


def costs(**words):
    """Every cost of every measure as a setting takes it [measure, cost]."""
    chosen = setting(measures=ALL, **words)
    return np.array([[cost(chosen, measure, name) for name in COSTS] for measure in MEASURES.values()])


def test_drawn_costs_differ_by_seed_stay_between_low_and_high_and_hang_on_nothing_else():
    low, mode, high = (
        np.array([[getattr(getattr(m, name), part) for name in COSTS] for m in MEASURES.values()])
        for part in ("low", "mode", "high")
    )
    values = np.array([costs(potency="draw", seed=seed) for seed in range(150)])
    assert np.all((low <= values) & (values <= high))
    error = np.sqrt((low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18 / len(values))
    assert np.all(np.abs(values.mean(axis=0) - (low + mode + high) / 3) < 5 * error)
    entries = [policy_of(setting(measures=ALL, potency="draw", seed=seed)).entry_value for seed in range(150)]
    whole = np.hstack([values.reshape(len(values), -1), entries])
    whole = whole[:, np.ptp(whole, axis=0) > 0]
    spread = np.corrcoef(whole, rowvar=False)
    assert np.abs(spread - np.eye(len(spread))).max() < 6 / len(values) ** 0.5
    assert np.array_equal(costs(potency=7, seed=1), costs(potency="draw", seed=7))
    for word in ("weak", "mode", "strong"):
        assert np.array_equal(costs(potency=word, seed=7), mode)


def test_the_hours_of_the_week_are_the_drawn_ones_and_an_exact_cost_is_never_drawn():
    chosen = setting(residents=300, weeks=52, measures={"one_window": 1.0}, potency="draw", seed=3)
    measure = chosen.definitions["one_window"]
    policy, own = policy_of(chosen), [cost(chosen, measure, name) for name in COSTS]
    assert [policy.village_hours[0], policy.township_hours[0]] == own[:2]

    def with_exactly(costs):
        exact = {name: Cost(value, value, value) for name, value in zip(COSTS, costs, strict=True)}
        return replace(chosen, definitions={"one_window": replace(measure, **exact)})

    settings = (chosen, with_exactly(own), with_exactly([getattr(measure, name).mode for name in COSTS]))
    drawn, exact, mode = (run.branch(run.history(one), one).tallies for one in settings)
    assert drawn.tobytes() == exact.tobytes()
    assert drawn.tobytes() != mode.tobytes()
