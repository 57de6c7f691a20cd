"""Settings as values: what changes their keys and what does not, merging, the YAML reader."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from sim.inputs.facts import fact_labels, read_facts
from sim.inputs.files import CONFIGS
from sim.inputs.measures import MEASURES
from sim.inputs.priors import read_parameters
from sim.inputs.settings import Setting, setting, setting_from_sources
from sim.inputs.validators import SettingError
from sim.inputs.windows import LeverChange, MeasureUse
from sim.levers import DIALS, LEVERS
from sim.vocabulary import MECHANISMS, THEORIES

ROOT = Path(__file__).resolve().parents[2]

TOWN = """
label_en: Made up
label_zh: 虚构
source: test
facts: {calendar: {election_week: 100}, case_kinds: {plot: {hours: 20}}}
"""


@pytest.fixture(scope="module")
def configs(tmp_path_factory) -> Path:
    """The project's configs with a town made up for these tests."""
    folder = tmp_path_factory.mktemp("configs")
    for part in ("measures", "town", "facts", "parameters"):
        shutil.copytree(CONFIGS / part, folder / part)
    (folder / "town" / "made_up.yaml").write_text(TOWN, encoding="utf-8")
    return folder


FULL = {
    "town": "county",
    "tolerance": 0.6,
    "burden": {"value": 0.5, "start": 10, "end": 100},
    "measures": {"one_window": 1.0, "burden_relief": {"intensity": 0.5, "start": 4, "end": 60}},
    "levers": {"error_shelter": 0.1},
    "parameters": {"moral_weight": 0.5},
    "facts": {"case_kinds": {"plot": {"hours": 10}}, "calendar": {"election_week": 30}},
    "residents": 5_000,
    "weeks": 104,
    "seed": 7,
    "theory": {"conduct": "peer_norm"},
    "knock_out": ["service", "tasks"],
    "coupling": False,
    "potency": "draw",
}


def full(configs: Path, **changes) -> Setting:
    return setting(**{**FULL, **changes}, configs=configs)


# what a setting holds


def test_without_arguments_it_is_the_average_town():
    plain = setting()
    assert plain.town.id == "average" and plain.town.residents == 48_700
    assert plain.levers == plain.measures == plain.knock_out == ()
    assert (plain.weeks, plain.seed, plain.coupling, plain.potency) == (208, 0, True, "mode")
    assert dict(plain.theory) == {key: options[0] for key, options in THEORIES.items()}
    assert set(plain.parameters) == set(read_parameters())
    assert all(plain.parameters[p.id] == p.mode for p in read_parameters().values())


def test_what_is_given_is_held(configs):
    held = full(configs)
    assert held.levers == (
        LeverChange("burden", 0.5, 10, 100),
        LeverChange("tolerance", 0.6),
        LeverChange("error_shelter", 0.1),
    )
    assert held.measures == (
        MeasureUse("one_window", 1.0),
        MeasureUse("burden_relief", 0.5, 4, 60),
    )
    assert held.parameters["moral_weight"] == 0.5 and held.parameters["rival_fear"] == 0.3
    assert set(held.parameters) == set(read_parameters(configs))
    assert held.facts["case_kinds"]["plot"]["hours"] == 10
    assert held.facts["case_kinds"]["hotline"]["hours"] == 0.75
    assert held.facts["calendar"]["election_week"] == 30
    assert held.theory["conduct"] == "peer_norm" and held.theory["effort"] == "optimisation"
    assert held.knock_out == ("tasks", "service")
    assert list(held.definitions) == ["one_window", "burden_relief"]


def test_a_town_departs_in_facts_and_the_user_has_the_last_word(configs):
    town = setting("made_up", configs=configs)
    assert town.facts["calendar"]["election_week"] == 100
    assert town.facts["case_kinds"]["plot"]["hours"] == 20
    assert town.facts["case_kinds"]["plot"]["rate"] == 0.008
    user = setting("made_up", facts={"calendar": {"election_week": 5}}, configs=configs)
    assert user.facts["calendar"]["election_week"] == 5
    assert setting("average", configs=configs).facts["calendar"]["election_week"] == 52


def test_records_of_facts_and_parameters_carry_unit_source_and_labels(configs):
    fact = read_facts(configs)["case_kinds", "plot", "hours"]
    assert (fact.value, fact.unit, fact.low, fact.high) == (15, "hours", 0.01, 200)
    assert fact_labels(configs)["case_kinds"]["plot"] == {
        "en": "Homestead plots",
        "zh": "宅基地审批",
    }
    prior = read_parameters(configs)["moral_weight"]
    assert (prior.reader, prior.low, prior.mode, prior.high) == ("conduct", 0.45, 0.75, 1.125)


def test_a_setting_cannot_be_changed(configs):
    held = full(configs)
    with pytest.raises(dataclasses.FrozenInstanceError):
        held.seed = 8  # type: ignore[misc]
    for mapping in (held.parameters, held.facts, held.facts["calendar"], held.town.levers):
        with pytest.raises(TypeError):
            mapping["rival_fear"] = 0.2  # type: ignore[index]
    assert len({held, full(configs)}) == 1


def test_a_setting_survives_pickle_and_json(configs):
    held = full(configs)
    copy = pickle.loads(pickle.dumps(held))
    assert copy == held and hash(copy) == hash(held)
    assert copy.fingerprint == held.fingerprint
    text = json.dumps(held.as_dict(), allow_nan=False)
    again = Setting.from_dict(json.loads(text))
    assert again == held and again.fingerprint == held.fingerprint
    assert again.history_key == held.history_key


# keys


def test_the_fingerprint_is_the_same_in_another_process():
    code = (
        "from sim.inputs.settings import setting;"
        "s = setting('county', measures={'one_window': 1}, tolerance=.6, seed=3);"
        "print(s.fingerprint, s.history_key)"
    )
    here = setting("county", measures={"one_window": 1}, tolerance=0.6, seed=3)
    for hash_seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", code]
        out = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert out.stdout.split() == [here.fingerprint, here.history_key]


def test_order_and_spelling_of_what_is_given_do_not_matter(configs):
    held = full(configs)
    turned = {key: FULL[key] for key in reversed(FULL)}
    turned["measures"] = dict(reversed(FULL["measures"].items()))
    turned["knock_out"] = ("tasks", "service", "tasks")
    turned["levers"] = {"tolerance": {"value": 0.6, "start": 0, "end": None}, "error_shelter": 0.1}
    del turned["tolerance"]
    assert setting(**turned, configs=configs) == held
    assert full(configs, seed=7.0, weeks=104.0).fingerprint == held.fingerprint
    nought = setting(levers={"error_shelter": -0.0}).fingerprint
    assert nought == setting(levers={"error_shelter": 0}).fingerprint


CHANGES = {  # what is changed -> (change, whether the history changes too)
    "town": ({"town": "city"}, True),
    "a lever": ({"tolerance": 0.7}, False),
    "no lever": ({"levers": {}}, False),
    "a lever's start": ({"burden": {"value": 0.5, "start": 11, "end": 100}}, False),
    "a lever's end": ({"burden": {"value": 0.5, "start": 10}}, False),
    "an intensity": ({"measures": {"one_window": 0.9}}, False),
    "a measure's start": ({"measures": {"one_window": {"intensity": 1, "start": 1}}}, False),
    "a measure's end": ({"measures": {"one_window": {"intensity": 1, "end": 50}}}, False),
    "a parameter": ({"parameters": {"moral_weight": 0.51}}, True),
    "another parameter": ({"parameters": {"rival_fear": 0.2}}, True),
    "a fact": ({"facts": {"calendar": {"election_week": 31}}}, True),
    "a fact in a table": ({"facts": {"case_kinds": {"plot": {"rate": 0.01}}}}, True),
    "residents": ({"residents": 5_001}, True),
    "weeks": ({"weeks": 105}, False),
    "seed": ({"seed": 8}, True),
    "a theory": ({"theory": {"conduct": "peer_norm", "belief": "availability"}}, True),
    "knock-outs": ({"knock_out": ["service"]}, False),
    "coupling": ({"coupling": True}, True),
    "potency": ({"potency": "mode"}, False),
}


def test_any_change_changes_the_fingerprint_and_only_some_the_history(configs, subtests):
    for what in CHANGES:
        with subtests.test(what=what):
            change, history = CHANGES[what]
            before, after = full(configs), full(configs, **change)
            assert after.fingerprint != before.fingerprint
            assert (after.history_key != before.history_key) == history


def test_every_lever_changes_the_fingerprint_but_not_the_history(subtests):
    for id in LEVERS:
        with subtests.test(id=id):
            lever = LEVERS[id]
            plain, low = setting(), setting(levers={id: lever.low})
            high = setting(levers={id: lever.high})
            assert len({plain.fingerprint, low.fingerprint, high.fingerprint}) == 3
            assert plain.history_key == low.history_key == high.history_key


def test_intensity_zero_is_the_same_setting_as_absence(subtests):
    for id in MEASURES:
        with subtests.test(id=id):
            assert setting(measures={id: 0}) == setting()
            assert setting(measures={id: {"intensity": 0.0, "start": 20}}) == setting()
            used = setting(measures={id: 1})
            assert used.fingerprint != setting().fingerprint
            assert used.history_key == setting().history_key


shares = st.floats(0, 1)
policies = st.fixed_dictionaries(
    {},
    optional={
        "tolerance": shares,
        "burden": st.floats(0, 2.5),
        "levers": st.dictionaries(
            st.sampled_from([id for id in LEVERS if id not in DIALS and LEVERS[id].high == 1]),
            st.floats(0.1, 0.9),
        ),
        "measures": st.dictionaries(st.sampled_from(list(MEASURES)), shares),
        "knock_out": st.lists(st.sampled_from(MECHANISMS)),
        "weeks": st.integers(52, 300),
        "potency": st.sampled_from(["mode", "draw", "weak", 3]),
    },
)


@given(policy=policies, seed=st.integers(0, 2**63 - 1))
@trials(max_examples=40, deadline=None)
def test_any_policy_round_trips_and_shares_the_history(policy, seed):
    held = setting(**policy, seed=seed)
    assert Setting.from_dict(json.loads(json.dumps(held.as_dict()))) == held
    assert pickle.loads(pickle.dumps(held)).fingerprint == held.fingerprint
    assert held.history_key == setting(seed=seed).history_key
    shuffled = {key: policy[key] for key in sorted(policy, reverse=True)}
    assert setting(**shuffled, seed=seed).fingerprint == held.fingerprint


def test_replacing_gives_what_building_anew_gives(configs):
    held = full(configs)
    assert held.replace(seed=8) == full(configs, seed=8)
    uses = (MeasureUse("burden_relief", 0.25), MeasureUse("one_window", 0.0))
    assert held.replace(measures=uses) == full(configs, measures={"burden_relief": 0.25})
    more = (MeasureUse("publicity", 1.0), *held.measures)
    assert [use.id for use in held.replace(measures=more).measures] == [
        "one_window",
        "burden_relief",
        "publicity",
    ]
    with pytest.raises(SettingError, match="did you mean publicity"):
        held.replace(measures=[MeasureUse("publicty", 1.0)])


def test_a_second_setting_opens_no_file(monkeypatch):
    """A job builds thousands of settings: what a file says is read once."""
    setting("county", measures={"one_window": 1})

    def opened(file, *arguments, **keywords):
        raise AssertionError(f"opened again: {file}")

    monkeypatch.setattr("io.open", opened)  # behind Path.open and Path.read_text
    monkeypatch.setattr("builtins.open", opened)
    assert setting("county", measures={"one_window": 1}, seed=1).fingerprint


# merging sources


def test_later_sources_win_value_by_value(configs):
    file = {
        "town": "inspected",
        "tolerance": 0.5,
        "measures": {"one_window": {"intensity": 1, "start": 20, "end": 60}, "publicity": 1},
        "theory": {"conduct": "peer_norm"},
        "seed": None,
    }
    line = {
        "levers": {"tolerance": 0.4},
        "measures": {"one_window": 0.5, "publicity": 0},
        "theory": {"effort": "habit"},
        "seed": 3,
    }
    held = setting_from_sources([("winter.yaml", file), ("command line", line)], configs=configs)
    assert held.town.id == "inspected" and held.seed == 3
    assert held.levers == (LeverChange("tolerance", 0.4),)
    assert held.measures == (MeasureUse("one_window", 0.5, 20, 60),)
    assert (held.theory["conduct"], held.theory["effort"]) == ("peer_norm", "habit")


def test_a_later_source_may_move_a_window_only():
    file = {"measures": {"one_window": {"intensity": 1, "end": 60}}}
    line = {"measures": {"one_window": {"start": 8, "end": None}}}
    held = setting_from_sources([("winter.yaml", file), ("command line", line)])
    assert held.measures == (MeasureUse("one_window", 1.0, 8, None),)


def test_a_later_town_leaves_the_earlier_table_behind(tmp_path):
    table = tmp_path / "my.csv"
    table.write_text("residents\n1200\n", encoding="utf-8")
    file = {"town": {"name": "from_table", "table": str(table)}}
    assert setting_from_sources([("winter.yaml", file)]).town.residents == 1200
    held = setting_from_sources([("winter.yaml", file), ("command line", {"town": "average"})])
    assert held.town.id == "average"
    line = {"town": "from_table", "town_table": str(table)}
    assert setting_from_sources([("command line", line)]).town.residents == 1200


def test_no_source_at_all_is_the_default():
    assert setting_from_sources([]) == setting()


def test_errors_name_the_source_that_gave_the_value():
    file = {"measures": {"one_window": {"intensity": 1, "end": 200}}}
    with pytest.raises(SettingError, match=r"^winter.yaml, measures.one_window.end: 200 given"):
        setting_from_sources([("winter.yaml", file), ("command line", {"weeks": 104})])
    with pytest.raises(SettingError, match=r"^command line, burden: 5 given"):
        setting_from_sources([("winter.yaml", file), ("command line", {"burden": 5})])
    with pytest.raises(SettingError, match=r"^winter.yaml, measures.one_window.intensity: missing"):
        window = {"measures": {"one_window": {"start": 3}}}
        setting_from_sources([("winter.yaml", window), ("command line", {"burden": 1})])
