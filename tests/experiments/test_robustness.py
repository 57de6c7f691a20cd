"""A ranking in other circumstances, on made-up outcomes whose answer is known, and in a tiny town."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis import figures
from experiments import rank, report
from experiments.job import study_of as compose
from experiments.study.contexts import contexts
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from sim.vocabulary import THEORIES

from .fake_model import BASE, OUTCOMES, SCALE, _unit
from .finished import SMALL, read, rows

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
FEW = list(MEASURES)[:3]
WORDS = [*SMALL, *(f"measures.{id}=0" for id in list(MEASURES)[3:]), "output=out", "quiet=true"]
PLACES = {
    ("town", "inspected"), ("town", "remote_town"), ("town", "subdistrict"),
    *(("theory", name) for _, *rivals in THEORIES.values() for name in rivals),
    ("election", "104"), ("election", "182"), ("potency", "weak"), ("potency", "strong"),
}  # fmt: skip


def at(row) -> tuple[str, str]:
    return row["context"], row["value"]


def test_a_theory_is_known_by_its_name_alone():
    names = [*THEORIES, *(name for choices in THEORIES.values() for name in choices)]  # words know both kinds
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", ["stability.md", "stability.zh.md"])
def test_the_guide_names_every_rival_theory(name):
    lines = (GUIDE / name).read_text(encoding="utf-8").splitlines()
    (row,) = (line for line in lines if line.startswith("| `theory`"))
    assert re.findall("`([a-z_]+)`", row)[1:] == [name for _, *rivals in THEORIES.values() for name in rivals]


def test_each_circumstance_changes_one_thing_and_the_own_one_is_left_out():
    measures = {"one_window": 1}
    own = setting("average", measures=measures)
    assert set(contexts(own)) == PLACES
    no_measures = setting("average", burden=0.5)
    assert set(contexts(no_measures)) == {at for at in PLACES if at[0] != "potency"}
    facts = {"calendar": {"election_week": 104}}
    other = setting("inspected", theory={"effort": "habit"}, facts=facts, potency="weak", measures=measures)
    found = set(contexts(other))
    assert ("town", "average") in found and ("town", "inspected") not in found
    assert ("theory", "optimisation") in found and ("theory", "habit") not in found
    assert {value for kind, value in found if kind == "election"} == {"156", "234"}
    assert ("potency", "strong") in found and ("potency", "weak") not in found


def test_everything_else_is_as_in_the_study():
    words = {"tolerance": 0.3, "residents": 3000, "facts.calendar.settling_weeks": 100, "ranking.contexts": 4}
    study = compose("rank", {"experiment": "quick_ranking", **words})
    own = study.ranked
    assert set(study.value("contexts").settings) == PLACES
    for (kind, _), there in study.value("contexts").settings.items():
        assert there.measures == own.measures
        assert there.levers == own.levers
        assert (there.weeks, there.seed, there.town.residents) == (own.weeks, own.seed, 3000)
        assert there.facts["calendar"]["settling_weeks"] == 100
        assert (there.town.id == own.town.id) == (kind != "town")
        assert (there.theory == own.theory) == (kind != "theory")
        assert (there.potency == own.potency) == (kind != "potency")
    assert (
        study.value("contexts").settings["town", "inspected"].facts["staffing"]["village_age"] == 58
    )  # the town's own fact
    assert study.value("contexts").settings["election", "104"].facts["calendar"]["election_week"] == 104
    assert compose("rank", {"experiment": "quick_ranking"}).value("contexts") is None


@pytest.fixture
def turned(use_model, no_drawing):
    """The first measure is the best, but the worst in the inspected town; the last does harm in the subdistrict.

    The habit hides all.
    """
    model = use_model()
    whole = model.evaluate

    def evaluate(records):
        one = records["setting"]
        of_town = {"inspected": (1.0, 3.0, 5.0), "subdistrict": (5.0, 3.0, -1.0)}
        sizes = dict(zip(FEW, of_town.get(one.town.id, (5.0, 3.0, 1.0)), strict=True))
        found = whole(records)
        for name in OUTCOMES:
            noise = 40.0 if one.theory["effort"] == "habit" else 0.2
            added = sum(sizes[u.id] + noise * (_unit(one.seed, u.id, name) - 0.5) for u in one.measures)
            found[name] = BASE[name] + SCALE[name] * (added + _unit(one.seed, name))
        return found

    model.evaluate = evaluate
    return model


def test_an_order_holds_is_reversed_or_cannot_be_told(place, turned):
    assert rank.main([*WORDS, "replicates=12", "ranking.contexts=8"]) == 0
    found = rows(place / "out", "statements")
    assert {at(row) for row in found} == PLACES
    assert {(row["upper"], row["lower"]) for row in found} == {(FEW[0], FEW[1]), (FEW[1], FEW[2])}
    for row in found:
        expected = {("town", "inspected"): "reversed", ("theory", "habit"): "unclear"}.get(at(row), "holds")
        assert row["verdict"] == expected, row
        assert row["replicates"] == "8"


def test_orders_elsewhere_share_the_error_of_a_ranking_whose_order_may_be_looked_at_again(place, turned):
    widths = []
    for wish in ([], ["ranking.until.top=1", "ranking.until.most=96"]):
        assert rank.main([*WORDS, "replicates=12", "ranking.contexts=8", *wish]) == 0
        found = rows(place / "out", "statements")
        assert {row["verdict"] for row in found} == {"holds", "reversed", "unclear"}
        widths.append([float(row["ci_high"]) - float(row["ci_low"]) for row in found])
    assert read(place / "out", "summary.json")["precision_replicates"] == 12  # content with the first batch
    assert all(often > once for once, often in zip(*widths, strict=True))


def test_what_helps_in_the_study_helps_there_or_turns_round(place, turned):
    assert rank.main([*WORDS, "replicates=12", "ranking.contexts=8"]) == 0
    found = rows(place / "out", "signs")
    assert {(row["outcome"], row["measure"], at(row)) for row in found} == {
        (outcome, measure, there) for outcome in OUTCOMES for measure in FEW for there in PLACES
    }
    own = {(r["outcome"], r["measure"]): r for r in rows(place / "out", "ranking") if r["method"] == "shapley"}
    for row in found:
        harmful = at(row) == ("town", "subdistrict") and row["measure"] == FEW[2]
        hidden = at(row) == ("theory", "habit")
        assert row["verdict"] == ("reversed" if harmful else "unclear" if hidden else "holds"), row
        assert row["study"] == own[row["outcome"], row["measure"]]["contribution"]
        if harmful:
            assert float(row["contribution"]) == pytest.approx(
                -SCALE[row["outcome"]], abs=0.3 * abs(SCALE[row["outcome"]])
            )


def test_a_measure_without_a_sure_sign_in_the_study_is_not_asked_about(place, turned):
    assert rank.main([*WORDS, "replicates=12", "ranking.contexts=8", "theory.effort=habit"]) == 0
    asked = {(row["outcome"], row["measure"]) for row in rows(place / "out", "signs")}
    every = [row for row in rows(place / "out", "ranking") if row["method"] == "shapley"]
    sure = {(r["outcome"], r["measure"]) for r in every if float(r["ci_low"]) > 0.0 or float(r["ci_high"]) < 0.0}
    assert asked == sure and len(sure) < len(every)


def test_the_study_itself_is_the_reference(place, turned):
    assert rank.main([*WORDS, "replicates=12", "ranking.contexts=8"]) == 0
    found = rows(place / "out", "contexts")
    assert {at(row) for row in found} == {("study", "study"), *PLACES}
    own = {(row["outcome"], row["measure"]): row for row in found if at(row) == ("study", "study")}
    for row in rows(place / "out", "ranking"):
        if row["method"] == "shapley":
            same = own[row["outcome"], row["measure"]]
            for key in ("contribution", "ci_low", "ci_high", "rank", "rank_low", "rank_high"):
                assert same[key] == row[key]
    for row in found:
        if at(row) in (("election", "104"), ("potency", "weak")):  # the stand-in reads neither
            assert float(row["change"]) == pytest.approx(0.0, abs=1e-12)
        if at(row) == ("town", "inspected"):
            change = {FEW[0]: -4.0, FEW[1]: 0.0, FEW[2]: 4.0}[row["measure"]] * SCALE[row["outcome"]]
            assert float(row["change"]) == pytest.approx(change, abs=1e-9)
    names = {row["id"]: row for row in _names(place / "out")}
    assert names["remote_town"]["kind"] == "town"
    assert names["remote_town"]["label_zh"] == "山区乡镇"
    assert set(read(place / "out", "provenance.json")["contexts"]) == {" ".join(one) for one in PLACES}


def test_a_composite_is_followed_like_any_outcome_with_the_scales_of_the_ranking(place, turned):
    weights = {"service_efficiency": 3, "micro_corruption": 1}
    asked = [f"ranking.composite.{name}={weight}" for name, weight in weights.items()]
    assert rank.main([*WORDS, "replicates=12", "ranking.contexts=8", *asked]) == 0
    summary = read(place / "out", "summary.json")
    found = {(row["outcome"], row["measure"], at(row)): row for row in rows(place / "out", "contexts")}
    factors = {
        name: (-1.0 if name == "micro_corruption" else 1.0)
        * summary[f"composite_weight_{name}"]
        / summary[f"composite_scale_{name}"]
        for name in weights
    }
    for there in (("study", "study"), *PLACES):
        for measure in FEW:
            for key in ("contribution", "change"):
                parts = [factor * float(found[name, measure, there][key]) for name, factor in factors.items()]
                assert float(found["composite", measure, there][key]) == pytest.approx(sum(parts), abs=1e-9)
    for table, reversed_there in (("statements", ("town", "inspected")), ("signs", ("town", "subdistrict"))):
        own = [row for row in rows(place / "out", table) if row["outcome"] == "composite"]
        assert {at(row) for row in own} == PLACES
        assert {at(row) for row in own if row["verdict"] == "reversed"} == {reversed_there}


def _names(folder):
    import csv

    with open(folder / "tables" / "names.csv", newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_replicates_elsewhere_are_at_most_the_study_s_own(place, turned):
    assert rank.main([*WORDS, "replicates=4", "ranking.contexts=50"]) == 0
    assert {row["replicates"] for row in rows(place / "out", "contexts")} == {"4"}


def test_a_failed_run_in_one_circumstance_fails_the_job(place, use_model, no_drawing, capfd):
    def fail(kind, one, attempt):
        if kind == "branch" and one.town.id == "subdistrict":
            raise ValueError("broken on purpose")

    use_model(fail=fail)
    assert rank.main([*WORDS, "replicates=3", "ranking.contexts=3"]) == 1
    assert "broken on purpose" in capfd.readouterr().err
    assert "town/subdistrict/" in (place / "out" / "failures.csv").read_text(encoding="utf-8")


def test_a_tiny_town_from_runs_to_page(place, compiled_model, monkeypatch):
    drawn, of = [], figures.draw_figures
    monkeypatch.setattr(
        figures, "draw_figures", lambda given, *more, **only: drawn.append(more[0]) or of(given, *more, **only)
    )
    tiny = ["town=demo_village", "residents=300", "weeks=52", *WORDS[2:]]
    words = ["replicates=3", "ranking.variance=5", "ranking.contexts=3", "behaviour=average", "language=zh"]
    words.append("ranking.composite={service_efficiency: 1, satisfaction: 1}")
    assert rank.main([*tiny, *words]) == 0
    assert {at(row) for row in rows(place / "out", "contexts")} >= {("town", "average"), ("town", "inspected")}
    assert {row["factor"] for row in rows(place / "out", "variance")} >= {"seed", "behaviour", "potency", "intensity"}
    for name in ("variance", "variance_by_measure", "contexts"):
        assert (place / "out" / "figures" / f"{name}.png").is_file()
    readers = {id(reader): reader for reader in drawn}.values()
    assert len(readers) == 3 and all("composite" in reader.outcomes for reader in readers)  # folder, two sections
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert "差异来自哪里" in page
    assert "换一种情形" in page
    assert report.main(["from=out", "language=en"]) == 0
    again = (place / "out" / "report_en.html").read_text(encoding="utf-8")
    assert "Where the spread comes from" in again
    assert "Weighted composite: of the spread" in again
    assert "In other circumstances" in again
