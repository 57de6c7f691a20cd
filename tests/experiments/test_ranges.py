"""Levers that are ranked over a range: known answers, what is run, what is said; refusals are in test_bad_lines."""

from __future__ import annotations

import math

import pytest

from experiments import rank, report
from experiments.ensemble.members import DesignKey, between, coalition_members
from experiments.job import study_of as compose
from experiments.ranking.questions.variance import intensity
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.inputs.windows import LeverChange
from sim.levers import DIALS

from .fake_model import OUTCOMES, SCALE
from .finished import read, rows

ONE = next(iter(MEASURES))
# Without a measure, all that the stand-in has beside its levers is a seed's own level.
LEVERS_ONLY = """
settings:
  today: {}
  turned: {tolerance: 0.4}
ranking:
  levers: [tolerance]
  ranges: {burden: [0.5, 1.5], attention: [3, 4]}
"""
MIXED = f"""
settings:
  today: {{}}
  both:
    measures: {{{ONE}: 1}}
    tolerance: 0.4
    levers: {{amplification: 0.7}}
ranking: {{levers: [tolerance], ranges: {{burden: [0.5, 1.5]}}}}
"""
BRIEF = ["residents=900", "weeks=60", "replicates=3", "output=out", "quiet=true"]


def number(row, key="contribution"):
    return float(row[key])


@pytest.fixture
def only(place):
    (place / "only.yaml").write_text(LEVERS_ONLY, encoding="utf-8")
    return ["experiment=only.yaml", *BRIEF[:2], "output=out", "quiet=true"]


@pytest.fixture
def mixed(place):
    (place / "mixed.yaml").write_text(MIXED, encoding="utf-8")
    return ["experiment=mixed.yaml", *BRIEF]


@pytest.fixture
def seen(use_model, no_drawing):
    """The settings that are run, as they come."""
    found: list = []
    model = use_model()
    model.fail = lambda kind, given, attempt: found.append(given) if kind == "branch" else None
    return found


# known answers


def test_a_lever_that_acts_linearly_contributes_its_slope_times_its_range(place, only, model):
    methods = "ranking.methods=[shapley, leave_one_out, add_one_in, morris, sobol]"
    assert rank.main([*only, "replicates=512", methods]) == 0
    wide = {"tolerance": 0.4 - 1.0, "burden": 1.0, "attention": 1.0}  # the switch counts against the value 1, as today
    # What a switch owns of the spread is a quarter of its square, what a range owns a twelfth.
    own = {"tolerance": 0.36 / 4, "burden": 1 / 12, "attention": 1 / 12}
    found = rows(place / "out", "ranking")
    assert {row["measure"] for row in found} == set(wide)
    for row in found:
        if row["method"] in ("shapley", "leave_one_out", "add_one_in", "morris"):
            assert number(row) == pytest.approx(SCALE[row["outcome"]] * wide[row["measure"]], abs=1e-9), row
        elif row["method"] == "morris_strength":
            assert number(row) == pytest.approx(abs(SCALE[row["outcome"]] * wide[row["measure"]]), abs=1e-9)
        else:
            assert number(row) == pytest.approx(own[row["measure"]] / sum(own.values()), abs=0.09), row
    assert {"sobol_first", "sobol_total"} <= {row["method"] for row in found}


def test_the_whole_package_is_all_at_the_high_end_against_all_at_the_low_end(place, mixed, model):
    assert rank.main(mixed) == 0
    summary, table = read(place / "out", "summary.json"), rows(place / "out", "ranking")
    alone = {(r["outcome"], r["measure"]): number(r) for r in table if r["method"] == "shapley"}
    for outcome in OUTCOMES:
        assert alone[outcome, "burden"] == pytest.approx(SCALE[outcome] * 1.0, abs=1e-9)
        parts = math.fsum(alone[outcome, player] for player in (ONE, "tolerance", "burden"))
        assert summary[f"package_effect_{outcome}"] == pytest.approx(parts, abs=1e-9)


def test_a_group_takes_its_ranges_from_end_to_end(place, mixed, model):
    assert rank.main([*mixed, "ranking.methods=[add_one_in]", "ranking.groups.dials=[tolerance, burden]"]) == 0
    assert {row["burden"] for row in rows(place / "out", "coalitions")} == {"0", "1"}
    for row in rows(place / "out", "groups"):
        if row["measure"] == "dials":  # up with burden and down with tolerance, or both the same way
            sizes = [abs(SCALE[row["outcome"]]) * size for size in (1.0 - 0.6, 1.0 + 0.6)]
            assert min(sizes) - 1e-9 <= number(row) <= max(sizes) + 1e-9


# what is run


def test_a_range_is_held_from_week_0_between_its_ends_and_the_rest_as_the_setting_says(place, only, seen):
    assert rank.main([*only, "replicates=8", "ranking.methods=[shapley, morris]"]) == 0
    held = [change for one in seen for change in one.levers if change.id == "burden"]
    assert {(change.start, change.end) for change in held} == {(0, None)}
    values = sorted({change.value for change in held})
    assert values == pytest.approx([0.5, 0.5 + 1 / 3, 0.5 + 2 / 3, 1.5]) and values[0] == 0.5 and values[-1] == 1.5
    assert {change.value for one in seen for change in one.levers if change.id == "tolerance"} == {0.4}
    table = rows(place / "out", "coalitions")
    assert {row["tolerance"] for row in table} == {"0", "1"}
    levels = {row["burden"] for row in table}
    assert {"0", "1"} < levels and all(0.0 <= float(level) <= 1.0 for level in levels)
    record = read(place / "out", "provenance.json")["ranking"]
    assert record["ranges"] == {"burden": [0.5, 1.5], "attention": [3.0, 4.0]}
    names = (place / "out" / "tables" / "names.csv").read_text(encoding="utf-8-sig").splitlines()
    assert {"lever,burden", "lever,attention"} <= {",".join(line.split(",")[:2]) for line in names}


def test_the_same_line_again_makes_no_run_and_another_method_only_its_own(only, place, use_model, no_drawing):
    runs = []
    for k, methods in enumerate(("shapley", "shapley", "shapley, morris")):
        model = use_model()
        words = [word for word in only if word != "output=out"]
        assert rank.main([*words, "replicates=5", f"ranking.methods=[{methods}]", f"output=out{k}"]) == 0
        runs.append((model.calls["branch"], len(rows(place / f"out{k}", "coalitions"))))
    (made, few), (again, same), (more, all_runs) = runs
    assert made >= few == same and again == 0 and 0 < more == all_runs - few


def test_a_setting_that_gives_the_ends_is_the_same_run_as_the_ranking_has(place, model):
    words = ["experiment=dials_range", *BRIEF, "ranking.methods=[shapley]"]
    assert rank.main(words) == 0
    assert len(rows(place / "out", "coalitions")) == 3 * 8
    assert read(place / "out", "provenance.json")["runs"] == 3 * 8 + 3  # low and high are there, today is not
    summary = read(place / "out", "summary.json")
    for outcome in OUTCOMES:
        between_ends = summary[f"{outcome}__high"] - summary[f"{outcome}__low"]
        assert between_ends == pytest.approx(summary[f"package_effect_{outcome}"], abs=1e-12)


def test_circumstances_hold_ranges_at_their_ends_and_sources_turn_them_in_part(mixed, place, seen):
    words = ["replicates=12", "ranking.variance=5", "ranking.contexts=3", "ranking.interactions=3"]
    assert rank.main([*(word for word in mixed if "replicates" not in word), *words]) == 0
    ends = [tuple(c.value for c in one.levers if c.id == "burden") for one in seen]
    assert {end for end in ends if end not in ((), (0.5,), (1.5,))} == {(0.5 + intensity(k, 5),) for k in range(5)}
    assert {(), (0.5,), (1.5,)} < set(ends)
    assert ends.count(()) == 2 * 12  # today and both in the comparison, nothing of the ranking
    for table in ("contexts", "interactions"):
        assert "burden" in {value for row in rows(place / "out", table) for value in row.values()}, table


def test_players_are_measures_then_levers_then_ranges_and_null_takes_one_out(mixed, place):
    asked = {"experiment": "mixed.yaml", "ranking.ranges": {"attention": [3, 7], "burden": [0, 1]}}
    study = compose("rank", asked)
    assert study.players == (ONE, "tolerance", "burden", "attention")
    assert study.ranking.ranges == {"burden": (0.0, 1.0), "attention": (3.0, 7.0)}
    without = {"experiment": "mixed.yaml", "ranking.ranges.burden": None, "ranking.ranges.attention": [3, 7]}
    assert compose("rank", without).ranking.ranges == {"attention": (3.0, 7.0)}


def test_the_shipped_ranges_are_those_of_its_two_ends():
    study = compose("rank", {"experiment": "dials_range"})
    assert set(study.ranking.ranges) == set(DIALS) == set(study.players)
    for name, end in (("low", 0), ("high", 1)):
        assert {c.id: c.value for c in study.settings[name].levers} == {
            k: v[end] for k, v in study.ranking.ranges.items()
        }


# names of rows


def test_a_row_is_named_for_its_levels_and_no_two_levels_share_a_name():
    assert str(DesignKey(levels=(0, 1, 1.0))) == "011"
    near = [1 / 3, math.nextafter(1 / 3, 1), 1e-7, 0.0, 1.0, math.nextafter(1.0, 0)]
    names = {str(DesignKey(levels=(0, level, 1))) for level in near}
    assert len(names) == len(near)
    for level in near:
        assert DesignKey(levels=(0, level, 1)).levels == (0, level, 1)
    assert str(DesignKey(levels=(0, 0.25, 1))) == "0 0.25 1"


def test_members_over_a_range_have_the_users_own_ends_and_the_order_of_the_lever_table():
    whole = setting("average", weeks=52, levers={"attention": 4})
    ends = {"burden": (0.02, 0.3)}
    low, high, half = coalition_members(
        whole, ("attention", "burden"), [((1, 0), 0), ((1.0, 1.0), 0), ((0, 0.5), 0)], ranges=ends
    )
    typed = setting("average", weeks=52, burden=0.3, levers={"attention": 4})
    assert high.fingerprint == typed.fingerprint and str(high.key) == "11"
    assert low.setting.levers[0] == LeverChange("burden", 0.02)
    assert half.setting.levers == (LeverChange("burden", between((0.02, 0.3), 0.5)),)
    assert between((0.3, 0.9), 1.0) == 0.9  # low + (high - low) is not
    assert str(half.key) == "0 0.5" and between((0.02, 0.3), 0.5) == pytest.approx(0.16)


# the page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_between_which_values_and_nothing_of_mere_switching(only, place, use_model, language):
    from analysis.words import words

    use_model()
    given = [*(word for word in only if not word.startswith("quiet")), "quiet=true", "replicates=128"]
    assert rank.main([*given, "ranking.methods=[shapley, morris, sobol]"]) == 0
    assert report.main(["from=out", f"language={language}"]) == 0
    page = (place / "out" / ("report.html" if language == "en" else "report_zh.html")).read_text(encoding="utf-8")
    text = words(language)
    for key in ("say_morris", "say_morris_not", "say_sobol", "cap_ranking_morris"):
        said = text[f"{key}_ranges"].replace("'", "&#39;")
        assert said in page, key
        assert text[key].replace("'", "&#39;") not in page
    assert "0.5 → 1.5" in page and "3 → 4" in page
