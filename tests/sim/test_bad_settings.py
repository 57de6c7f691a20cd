"""What a user can get wrong: always a SettingError of one sentence with place, key, value, allowed.

Cases are generated from the tables wherever there is a table.
"""

from __future__ import annotations

import ast
import itertools
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from sim.inputs import wanted
from sim.inputs.facts import default_facts
from sim.inputs.files import CONFIGS
from sim.inputs.layers import KEYS
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting, setting_from_sources
from sim.inputs.validators import SettingError
from sim.inputs.wanted import SIM
from sim.levers import DIALS, LEVERS
from sim.vocabulary import MECHANISMS, THEORIES

NAN, INF = math.nan, math.inf
NOT_NUMBERS: tuple[Any, ...] = (NAN, INF, -INF, True, "0.5", "many", [0.5], None)


def refused(*parts: str, **keywords) -> str:
    """The sentence with which `setting(**keywords)` is refused; every part stands in it."""
    with pytest.raises(SettingError) as caught:
        setting(**keywords)
    return one_sentence(str(caught.value), "sim.simulate", *parts)


def one_sentence(message: str, *parts: str) -> str:
    assert "\n" not in message and len(message) < 400
    assert ", " in message and ": " in message
    for part in parts:
        assert part in message, (part, message)
    return message


def shown(value: Any) -> str:
    return repr(int(value) if isinstance(value, float) and value.is_integer() else value)


def bounds(id: str) -> str:
    return f"a number between {LEVERS[id].low:.12g} and {LEVERS[id].high:.12g} expected"


# levers and dials


def test_a_lever_outside_its_bounds(subtests):
    for id in LEVERS:
        with subtests.test(id=id):
            lever = LEVERS[id]
            width = lever.high - lever.low
            for value in (lever.low - 0.01, lever.high + 0.01 * width, -1.0, 1e12):
                refused(f"levers.{id}", f"{shown(value)} given", bounds(id), levers={id: value})
                window = {"value": value, "start": 3}
                refused(f"levers.{id}.value", bounds(id), levers={id: window})


def test_a_lever_that_is_no_number(subtests):
    for id, value in itertools.product(LEVERS, NOT_NUMBERS):
        with subtests.test(id=id, value=value):
            refused(f"levers.{id}", f"{value!r} given", bounds(id), levers={id: value})


def test_a_dial_that_is_no_number(subtests):
    for id, value in itertools.product(DIALS, [value for value in NOT_NUMBERS if value is not None]):
        with subtests.test(id=id, value=value):
            refused(f"{id}: ", f"{value!r} given", bounds(id), **{id: value})


def test_a_dial_given_twice(subtests):
    for id in DIALS:
        with subtests.test(id=id):
            refused(id, "given twice", "once expected", **{id: 0.5}, levers={id: 0.5})


def test_a_misspelt_lever(subtests):
    for id in LEVERS:
        with subtests.test(id=id):
            wrong = id[:-1] + "q"
            refused(f"levers.{wrong}: no such lever", "did you mean ", levers={wrong: 0.5})


# measures


def test_an_intensity_that_is_no_share(subtests):
    for id, value in itertools.product(MEASURES, (*NOT_NUMBERS, -0.01, 1.01, 50)):
        with subtests.test(id=id, value=value):
            allowed = "a number between 0 and 1 expected"
            refused(f"measures.{id}: {value!r} given", allowed, measures={id: value})
            window = {"intensity": value, "start": 1}
            refused(f"measures.{id}.intensity: {value!r} given", allowed, measures={id: window})


def test_a_percentage_is_recognised():
    refused("tolerance: 60 given", "did you mean 0.6?", tolerance=60)
    refused("one_window: 50 given", "did you mean 0.5?", measures={"one_window": 50})
    refused("tolerance: '60%' given", "did you mean 0.6?", tolerance="60%")


def test_a_misspelt_measure(subtests):
    for id in MEASURES:
        with subtests.test(id=id):
            wrong = id[:-1] + "q"
            refused(f"measures.{wrong}: no such measure", f"did you mean {id}?", measures={wrong: 0.5})


WINDOWS = [
    ({"start": -1}, "start: -1 given", "between 0 and"),
    ({"start": 1.5}, "start: 1.5 given", "a week between"),
    ({"start": "week 3"}, "start: 'week 3' given", "a week between"),
    ({"start": True}, "start: True given", "a week between"),
    ({"start": NAN}, "start: nan given", "a week between"),
    ({"start": 208}, "start: 208 given", "between 0 and 207"),
    ({"start": 10**9}, "start: 1000000000 given", "between 0 and"),
    ({"start": 10, "end": 10}, "end: 10 given", "after start 10 and at most weeks 208"),
    ({"start": 10, "end": 9}, "end: 9 given", "after start 10"),
    ({"end": 0}, "end: 0 given", "after start 0"),
    ({"end": 209}, "end: 209 given", "at most weeks 208"),
    ({"end": -5}, "end: -5 given", "between 0 and"),
    ({"stop": 9}, "stop: no such key", "known"),
    ({"ends": 9}, "ends: no such key", "did you mean end?"),
]


def test_a_window_that_cannot_be(subtests):
    for group, (window, key, allowed) in itertools.product(("levers", "measures"), WINDOWS):
        with subtests.test(group=group, window=window):
            id, name = ("error_shelter", "value") if group == "levers" else ("one_window", "intensity")
            refused(f"{group}.{id}.{key}", allowed, **{group: {id: {name: 0.5, **window}}})


def test_a_window_without_intensity(subtests):
    for id in MEASURES:
        with subtests.test(id=id):
            refused(f"measures.{id}.intensity: missing", measures={id: {"start": 3}})


def test_a_name_in_the_wrong_place_is_shown_the_right_one():
    refused("levers.one_window", "did you mean measures.one_window?", levers={"one_window": 1})
    refused("measures.exposure", "did you mean levers.exposure?", measures={"exposure": 1})


# single values

WHOLE = {"residents": (100, 10_000_000), "weeks": (52, 2_600), "seed": (0, 2**63 - 1)}


def test_a_count_that_is_no_whole_number(subtests):
    for key, value in itertools.product(WHOLE, [v for v in NOT_NUMBERS if v is not None] + [60.5]):
        with subtests.test(key=key, value=value):
            low, _ = WHOLE[key]
            refused(f"{key}: {value!r} given", "whole number", str(low), **{key: value})


def test_a_count_outside_its_bounds(subtests):
    for key, step in itertools.product(WHOLE, (-1, -1_000, 10**30)):
        with subtests.test(key=key, step=step):
            low, high = WHOLE[key]
            value = low + step if step < 0 else high + step
            refused(f"{key}: {value!r} given", f"between {low} and {high}", **{key: value})


def test_a_theory_nobody_holds(subtests):
    for key in THEORIES:
        with subtests.test(key=key):
            known = " or ".join(THEORIES[key])
            refused(f"theory.{key}: 'magic' given", known, theory={key: "magic"})
            refused(f"theory.{key}: 1 given", known, theory={key: 1})
            refused(f"theory.{key}s: no such key", f"did you mean {key}?", theory={f"{key}s": "magic"})


def test_a_misspelt_knock_out(subtests):
    for name in MECHANISMS:
        with subtests.test(name=name):
            refused(f"knock_out {name}x", f"did you mean {name}?", knock_out=[name + "x"])


WRONG_KINDS = [
    ({"knock_out": 5}, ("knock_out: 5 given", "a list")),
    ({"knock_out": [5]}, ("knock_out: 5 given", "name")),
    ({"knock_out": {"service": 1}}, ("knock_out: {'service': 1} given", "a list")),
    ({"knock_out": ["q"]}, ("knock_out q: no such mechanism", "known: implementation")),
    ({"coupling": "false"}, ("coupling: 'false' given", "true or false")),
    ({"coupling": 0}, ("coupling: 0 given", "true or false")),
    ({"potency": "weakest"}, ("potency: 'weakest' given", "mode, weak, strong, draw or a whole number from 0")),
    ({"potency": -1}, ("potency: -1 given", "a whole number from 0")),
    ({"potency": True}, ("potency: True given", "a whole number from 0")),
    ({"levers": [1]}, ("levers: [1] given", "a mapping")),
    ({"levers": {1: 1}}, ("levers: 1 given", "a name")),
    ({"measures": "all"}, ("measures: 'all' given", "a mapping")),
    ({"theory": "habit"}, ("theory: 'habit' given", "a mapping")),
    ({"parameters": 3}, ("parameters: 3 given", "a mapping")),
    ({"facts": 3}, ("facts: 3 given", "a mapping")),
    ({"parameters": {"nothing": 1}}, ("parameters.nothing: no such parameter",)),
    ({"facts": {"nothing": {"a": 1}}}, ("facts.nothing: no such fact",)),
    ({"town": "averge"}, ("town averge: no such town", "did you mean average?")),
    ({"town": "台州"}, ("town 台州: no such town", "known: average")),
    ({"town": "../town/average"}, ("no such town",)),
    ({"town": 3}, ("town: 3 given", "a town's name")),
    ({"town": {"nam": "average"}}, ("town.nam: no such key", "did you mean name?")),
    ({"town": {"name": "averge"}}, ("town.name averge", "did you mean average?")),
    ({"town": "from_table"}, ("town.table: missing", "CSV")),
    ({"table": "my.csv"}, ("town.table: 'my.csv' given", "did you mean town=from_table?")),
    ({"town": "from_table", "table": "a\0b"}, ("town.table: 'a\\x00b' given", "path")),
    ({"town": "from_table", "table": 3}, ("town.table: 3 given", "path of a CSV or XLSX file")),
    (
        {"town": {"name": "from_table", "table": "a.csv"}, "table": "b.csv"},
        ("town.table: given twice",),
    ),
]


def test_a_value_of_the_wrong_kind(subtests):
    for keywords, parts in WRONG_KINDS:
        with subtests.test(keywords=keywords):
            refused(*parts, **keywords)


UNKNOWN_KEYS = [
    ("tolerence", "tolerance"),
    ("wheeks", "weeks"),
    ("measure", "measures"),
    ("knockout", "knock_out"),
    ("rng", "seed"),
    ("random_state", "seed"),
    ("one_window", "measures.one_window"),
    ("error_shelter", "levers.error_shelter"),
]


def test_an_unknown_key_of_a_source(subtests):
    for key, meant in UNKNOWN_KEYS:
        with subtests.test(key=key):
            with pytest.raises(SettingError) as caught:
                setting_from_sources([("winter.yaml", {key: 1})])
            one_sentence(str(caught.value), f"winter.yaml, {key}: no such key", f"did you mean {meant}?")


UNKNOWN_KEYWORDS = [
    ("residentz", "residents"),
    ("tabel", "table"),
    ("detial", "detail"),
    ("knockout", "knock_out"),
    ("one_window", "measures.one_window"),
    ("error_shelter", "levers.error_shelter"),
    ("moral_weight", "parameters.moral_weight"),
]


def test_an_unknown_keyword_of_the_one_call(subtests):
    for key, meant in UNKNOWN_KEYWORDS:
        with subtests.test(key=key):
            import sim

            with pytest.raises(SettingError) as caught:
                sim.simulate("demo_village", **{key: 3})
            one_sentence(str(caught.value), f"sim.simulate, {key}: no such key; did you mean {meant}?")


def test_a_newline_in_what_is_given_does_not_break_the_sentence():
    refused("levers.a\\nb", levers={"a\nb": 1})
    refused("tolerance", tolerance="0\n1")
    refused("no such town", town="a\nb")


def test_a_number_with_more_digits_than_python_prints():
    refused("tolerance: a int too large to show given", tolerance=10**6000)
    refused("weeks: a int too large to show given", weeks=10**6000)


# facts and parameters


@pytest.fixture(scope="module")
def configs(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("configs")
    for part in ("measures", "town", "facts", "parameters"):
        shutil.copytree(CONFIGS / part, folder / part)
    return folder


FACT = "{value: 2, unit: weeks, low: 0, high: 5, source: assumption}"
PRIOR = "{low: 0.1, mode: 0.3, high: 0.8, unit: share, source: assumption}"
TABLE = (
    "columns: {rate: {unit: share, low: 0, high: 1, source: assumption}}\n"
    "rows: {plot: {label_en: Plot, label_zh: 宅基地, rate: 0.5}}\n"
)
BAD_FILES = {
    "facts/a": {
        "delay: 3": "delay: 3 given, a mapping",
        f"delay: {FACT[:-1]}, unti: 1}}": "delay.unti: no such key; did you mean unit?",
        "delay: {value: 2, unit: weeks, low: 0, high: 5}": "delay.source: missing",
        "delay: {value: 2, unit: 7, low: 0, high: 5, source: a}": "delay.unit: 7 given, a text",
        FACT.replace("2", "9").join(("delay: ", "")): "delay.value: 9 given, a number between 0",
        FACT.replace("2", "'2'").join(("delay: ", "")): "delay.value: '2' given, a number",
        FACT.replace("5", "-5").join(("delay: ", "")): "delay.high: -5 given",
        f"delay: {FACT}\ndelay: {FACT}": "line 2: key delay given twice",
        TABLE.replace("rate: 0.5", "rate: 50"): "rows.plot.rate: 50 given, a number between 0 and "
        "1 expected; did you mean 0.5?",
        TABLE.replace(", rate: 0.5", ""): "rows.plot.rate: missing",
        TABLE.replace("rate: 0.5", "rate: 0.5, rat: 1"): "rows.plot.rat: no such key",
        TABLE + "row: {}\n": "row: no such key; did you mean rows?",
    },
    "parameters/a": {
        PRIOR.replace("0.3", "0.9").join(("noise: ", "")): "noise.mode: 0.9 given",
        PRIOR.replace("0.8", "0.05").join(("noise: ", "")): "noise.high: 0.05 given",
        PRIOR.replace("mode: 0.3, ", "").join(("noise: ", "")): "noise.mode: missing",
        f"noise: {PRIOR[:-1]}, value: 1}}": "noise.value: no such key",
        "noise: [1]": "noise: [1] given, a mapping",
    },
}


def test_a_bad_file_of_facts_or_parameters(configs, subtests):
    for name, content in [(file, content) for file, contents in BAD_FILES.items() for content in contents]:
        with subtests.test(name=name, content=content):
            path = configs / f"{name}.yaml"
            path.write_text(content, encoding="utf-8")
            try:
                with pytest.raises(SettingError) as caught:
                    setting(configs=configs)
            finally:
                path.unlink()
            one_sentence(str(caught.value), path.name, BAD_FILES[name][content])


def test_departures_stay_within_the_bounds_of_the_files(configs):
    refused("facts.calendar.election_week: 700 given", "0 and 519", facts={"calendar": {"election_week": 700}})
    refused("facts.calendar.election_wek", "did you mean election_week?", facts={"calendar": {"election_wek": 7}})
    refused("facts.case_kinds.plot.rate: nan given", facts={"case_kinds": {"plot": {"rate": NAN}}})
    refused("facts.case_kinds.plot: 1 given", "a mapping", facts={"case_kinds": {"plot": 1}})
    refused("facts.case_kinds.plott", "did you mean plot?", facts={"case_kinds": {"plott": {"rate": 1}}})
    refused("parameters.moral_weight: 9 given", parameters={"moral_weight": 9})
    refused("parameters.moral_weight: True", parameters={"moral_weight": True})
    refused("parameters.moral_wieght", "did you mean moral_weight?", parameters={"moral_wieght": 0.5})
    refused("parameters.moral_weight", "levers.moral_weight", levers={"moral_weight": 1})
    twin = configs / "parameters" / "a.yaml"
    twin.write_text(f"moral_weight: {PRIOR}", encoding="utf-8")
    try:
        with pytest.raises(SettingError, match=r"conduct.yaml, moral_weight: stands in a.yaml too"):
            setting(configs=configs)
    finally:
        twin.unlink()


# lines of configs/ that are mistyped, missing, or that nothing reads


RENAMED = {  # file -> the word that is mistyped, and the sentence about it
    "parameters/conduct": (
        "moral_weight:",
        "conduct.yaml, moral_weighx: no such parameter; did you mean moral_w",
    ),
    "facts/calendar": ("election_week:", "calendar.yaml, election_weex: no such fact; did you mean election_week?"),
    "facts/money": ("transfers_yuan:", "money.yaml, transfers_yuax: no such fact; did you mean transfers_yuan?"),
    "facts/case_kinds": ("  plot:", "case_kinds.yaml, rows.plox: no such row; did you mean plot?"),
    "facts/township_clusters": ("  housing:", "rows.housinx: no such row; did you mean housing?"),
    "facts/village_roles": ("  accounts:", "rows.accountx: no such row; did you mean accounts?"),
    "facts/start": ("  norm:", "start.yaml, rows.norx: no such row; did you mean norm?"),
}
MISSING = {
    "parameters/conduct": "configs/parameters, moral_weight: missing, sim/mechanisms/conduct.py reads it",
    "facts/calendar": "configs/facts, election_week: missing, sim/mechanisms/people.py reads it",
    "facts/money": "configs/facts, transfers_yuan: missing, sim/town.py reads it",
    "facts/case_kinds": "configs/facts/case_kinds.yaml, rows.plot: missing, the model reads it",
    "facts/township_clusters": "configs/facts/township_clusters.yaml, rows.housing: missing, the model reads it",
    "facts/village_roles": "configs/facts/village_roles.yaml, rows.accounts: missing, the model reads it",
    "facts/start": "configs/facts/start.yaml, rows.norm: missing, the model reads it",
}
NEW = {
    ("parameters/conduct", f"quux: {PRIOR}\n"): "conduct.yaml, quux: no such parameter; nothing in sim/ reads it",
    ("facts/calendar", f"quux: {FACT}\n"): "calendar.yaml, quux: no such fact; nothing in sim/ reads it",
    ("facts/calendar", f"pay_yuan: {FACT}\n"): "staffing.yaml, pay_yuan: stands in calendar.yaml too",
    ("facts/mine", TABLE): "mine.yaml, mine: no such table of facts; known: case_kinds, village_roles",
    (
        "facts/start",
        "  uid: {value: 1, place: 1, village: 0, cadre: 0, resident: 0}\n",
    ): "start.yaml, rows.uid.place: 1 given, 0 (uid is a field of village and cadre) expected",
}


def changed(configs: Path, name: str, change: Callable[[str], str]) -> str:
    """The sentence with which a copy of configs/ is refused, one file of it changed."""
    path = configs / f"{name}.yaml"
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(change(before or ""), encoding="utf-8")
    try:
        with pytest.raises(SettingError) as caught:
            setting(configs=configs)
    finally:
        path.write_text(before, encoding="utf-8") if before is not None else path.unlink()
    return one_sentence(str(caught.value))


def mistyped(text: str, word: str) -> str:
    return text.replace(f"\n{word}", f"\n{word[:-2]}x:", 1)


def without(text: str, word: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(word))


def test_a_mistyped_line_is_named_with_the_nearest_name(configs, subtests):
    for name in RENAMED:
        with subtests.test(name=name):
            word, sentence = RENAMED[name]
            assert sentence in changed(configs, name, lambda text, word=word: mistyped(text, word))


def test_a_missing_line_is_named_with_who_reads_it(configs, subtests):
    for name in MISSING:
        with subtests.test(name=name):
            word = RENAMED[name][0]
            assert changed(configs, name, lambda text, word=word: without(text, word)) == MISSING[name]


def test_a_line_that_nothing_reads_is_refused(configs, subtests):
    for name, line in NEW:
        with subtests.test(line=line):
            assert NEW[name, line] in changed(configs, name, lambda text, line=line: text + line)


def test_a_column_of_a_table_is_looked_at_before_its_rows(configs):
    sentence = changed(configs, "facts/case_kinds", lambda text: text.replace("walk_in:", "walk_inn:", 1))
    assert sentence == "case_kinds.yaml, columns.walk_inn: no such column; did you mean walk_in?"
    moved = configs / "facts" / "money.yaml"
    line = next(line for line in moved.read_text(encoding="utf-8").split("\n") if line.startswith("transfers_yuan"))
    try:
        moved.write_text(moved.read_text(encoding="utf-8").replace(line, ""), encoding="utf-8")
        sentence = changed(configs, "facts/staffing", lambda text: f"{text}{line}\n")
    finally:
        shutil.copy(CONFIGS / "facts" / "money.yaml", moved)
    assert sentence == "staffing.yaml, transfers_yuan: given, money.yaml expected (sim/town.py reads it there)"


def test_a_field_starts_only_where_it_is_one():
    refused("facts.start.norm.place: 1 given", "norm is a field of village", facts={"start": {"norm": {"place": 1}}})
    refused("facts.start.pace.resident: 1 given", "a field of cadre", facts={"start": {"pace": {"resident": 1}}})
    assert setting(facts={"start": {"norm": {"village": 1, "place": 0}}}) == setting()


def test_names_that_the_model_reads_are_those_of_its_syntax_trees():
    """The names are found as text; here by attribute and by constant index of the code that runs."""
    parameters, facts, placed, columns = set(), set(), set(), set()
    files = [
        *(SIM / "mechanisms").glob("*.py"),
        *(SIM / f"{name}.py" for name in ("week", "recording", "town", "population", "inputs/sampling", "run")),
    ]
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            if owner in ("p", "p[0]"):
                parameters.add(node.attr)
            elif owner in ("f", "f[0]"):
                facts.add(node.attr)
            elif owner == "kind" or owner.startswith("kinds["):
                columns.add(node.attr)
        elif isinstance(node, ast.Subscript) and isinstance(getattr(node.slice, "value", None), str):
            owner = ast.unparse(node.value)
            if owner.endswith(".parameters"):
                parameters.add(node.slice.value)
            elif owner in (
                "population",
                "money",
                "staffing",
                "switches",
                "setting.facts['calendar']",
                "setting.facts['population']",
            ):
                placed.add(node.slice.value)
    read = wanted.reading()
    assert set(read.parameters) == parameters and len(parameters) > 300
    assert set(read.facts) == facts | placed and set(read.files) == placed
    assert set(read.columns) == columns


def test_fields_and_start_rows_are_those_of_the_state_and_of_the_facts():
    from sim import state

    types = {"place": state.TOWNSHIP_TYPE, "village": state.VILLAGE_TYPE, "cadre": state.CADRE_TYPE}
    assert wanted.fields() == {
        entity: frozenset(one.names) for entity, one in {**types, "resident": state.RESIDENT}.items()
    }
    assert tuple(default_facts()["start"]) == wanted.START


def test_a_file_name_that_is_no_id(configs):
    path = configs / "measures" / "一窗.yaml"
    path.write_text("id: 1", encoding="utf-8")
    try:
        with pytest.raises(SettingError, match="ASCII"):
            setting(configs=configs)
    finally:
        path.unlink()


# anything at all

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**320, -(10**320)])
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*LEVERS, *MEASURES, *MECHANISMS, "average", "from_table", "intensity"])
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers() | scalars, inner, max_size=3)
    ),
    max_leaves=8,
)
windows = st.dictionaries(st.sampled_from(["value", "intensity", "start", "end"]), scalars)


@given(
    source=st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), anything, max_size=4),
    lever=st.sampled_from(list(LEVERS)),
    measure=st.sampled_from(list(MEASURES)),
    window=windows | scalars,
)
@trials(max_examples=max(150, trials().max_examples))
def test_whatever_is_given_ends_in_a_setting_or_in_one_sentence(source, lever, measure, window):
    for more in ({}, {"levers": {lever: window}}, {"measures": {measure: window}}):
        try:
            held = setting_from_sources([("winter.yaml", {**source, **more})])
        except SettingError as error:
            assert "\n" not in str(error) and 10 < len(str(error)) < 600
        else:
            assert held.fingerprint
