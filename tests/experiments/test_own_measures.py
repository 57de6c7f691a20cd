"""Measures of one's own and experiments from any folder: where they are found, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from experiments import api, compare, rank
from sim.inputs.measures import MEASURES
from sim.inputs.settings import Setting, setting
from sim.inputs.validators import SettingError

from .finished import read, rows

CASE = Path(__file__).parents[1] / "cases" / "measures" / "night_duty.yaml"
ENTRY = "entries: [{lever: data_sharing, op: close, mode: 0.1}]\n"
SMALL = ["replicates=1", "quiet=true", "output=out"]
STUDY = """
settings:
  today: {}
  duty: {measures: {night_duty: 1, one_window: 0.5}}
"""


def used(place: Path, name: str = "duty") -> dict:
    return read(place / "out", "provenance.json")["settings"][name]["setting"]["definitions"]


def test_a_measure_is_found_in_the_folder_that_is_named(place, model, capfd):
    words = ["experiment=baseline", f"measures_dir={CASE.parent}", "settings.duty.measures.night_duty=1"]
    assert compare.main([*words, *SMALL]) == 0
    assert capfd.readouterr().err.startswith("Read measure night_duty, by default: nature rule, ramp_weeks 26.\n")
    assert used(place)["night_duty"]["hours_per_township_cadre_week"] == {"low": 1.5, "mode": 1.5, "high": 1.5}
    assert {row["label_zh"] for row in rows(place / "out", "names") if row["id"] == "night_duty"} == {"夜间窗口"}


@pytest.mark.parametrize("below", ["", "measures"])
def test_a_measure_is_found_beside_the_experiment_from_anywhere(place, model, below):
    folder = place / "研究" / "一"
    (folder / below).mkdir(parents=True)
    (folder / "winter.yaml").write_text(STUDY, encoding="utf-8")
    shutil.copy(CASE, folder / below / "night_duty.yaml")
    assert compare.main(["experiment=研究/一/winter.yaml", *SMALL]) == 0
    assert set(used(place)) == {"one_window", "night_duty"}


def test_paths_in_an_experiment_are_looked_for_beside_it(place, model):
    folder = place / "study"
    shutil.copytree(CASE.parent, folder / "mine")
    (folder / "a.csv").write_text("residents\n1200\n900\n", encoding="utf-8")
    (place / "b.csv").write_text("residents\n700\n", encoding="utf-8")
    text = "measures_dir: mine\ntown: {name: from_table, table: a.csv}\n" + STUDY
    (folder / "x.yaml").write_text(text + "  other: {town: {name: from_table, table: b.csv}}\n", encoding="utf-8")
    assert compare.main(["experiment=study/x.yaml", *SMALL]) == 0
    sizes = [row["residents"] for row in rows(place / "out", "villages")]
    assert sizes == ["1200", "900", "1200", "900", "700"] and "night_duty" in used(place)


def test_a_measure_in_the_experiment_itself_is_ranked_with_the_others(place, model):
    (place / "x.yaml").write_text(
        "own_measures: {night_duty: {"
        + ENTRY.strip()
        + "}}\n"
        + STUDY
        + "ranking: {setting: duty, methods: [shapley]}\n",
        encoding="utf-8",
    )
    assert rank.main(["experiment=x.yaml", "replicates=3", "quiet=true", "output=out"]) == 0
    assert {row["measure"] for row in rows(place / "out", "ranking")} == {"night_duty", "one_window"}
    assert {row["label_en"] for row in rows(place / "out", "names") if row["id"] == "night_duty"} == {"Night duty"}


def test_the_toolkits_own_experiments_are_no_measures_beside_each_other(place, model):
    assert compare.main(["experiment=" + str(Path("configs/harms/four_in_one.yaml").absolute()), *SMALL]) == 2
    root = Path(__file__).parents[2]
    assert compare.main([f"experiment={root}/configs/harms/four_in_one.yaml", *SMALL]) == 0
    assert MEASURES["four_in_one"].as_dict() in [
        {**one, "entries": one["entries"]}
        for name in read(place / "out", "provenance.json")["settings"]
        for one in used(place, name).values()
    ]


WRONG = """\
label_en: 3
nature: odd
ramp_week: 4
costs: {hours: 3, hours_per_village_cadre_week: -1}
entries:
  - {lever: data_sharin, op: close, mode: 0.2}
  - {lever: data_sharing, op: clos, mode: 0.2}
  - {lever: data_sharing, op: close, mode: 2}
  - {lever: data_sharing, op: close, weak: 0.5, mode: 0.2, strong: 0.4}
  - {op: close}
"""


def test_all_that_is_wrong_with_a_file_is_said_at_once(place, model, capfd):
    (place / "bad.yaml").write_text(WRONG, encoding="utf-8")
    words = ["experiment=baseline", "measures_dir=.", "settings.duty.measures.bad=1"]
    assert compare.main([*words, *SMALL]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("bad.yaml, ramp_week: no such key; did you mean ramp_weeks?; also costs.hours: no such key")
    for part in (
        "label_en: 3 given, a text expected",
        "nature: 'odd' given, built or rule or drive expected",
        "costs.hours_per_village_cadre_week: -1 given",
        "entries[0].lever data_sharin: no such lever; did you mean data_sharing?",
        "entries[1].op: 'clos' given, scale or close or norm expected; did you mean close?",
        "entries[2].mode: 2 given, a number between 0 and 1 expected",
        "entries[3].mode: 0.2 given, a value between weak 0.5 and strong 0.4",
        "entries[4].lever: missing, every entry states it",
        "entries[4].mode: missing, every entry states it",
    ):
        assert part in line, part
    assert line.count("bad.yaml") == 1 and not (place / "out").exists()


def test_where_a_measure_is_not_found_the_folder_is_named(place, model, capfd, subtests):
    shutil.copy(CASE, place / "night_duty.yaml")
    (place / "one_window.yaml").write_text(ENTRY, encoding="utf-8")
    (place / "x.yaml").write_text("own_measures: {night duty: {}}\n" + STUDY, encoding="utf-8")
    (place / "code.yaml").write_text("_target_: os.system\n" + ENTRY, encoding="utf-8")
    (place / "tag.yaml").write_text("label_en: !!python/object/apply:os.getcwd []\n" + ENTRY, encoding="utf-8")
    (place / "empty.yaml").touch()
    for words, part in (
        (["measures_dir=.", "measures.night_dty=1"], "measures.night_dty: no such measure; did you mean night_duty?"),
        (["measures_dir=.", "measures.zzz=1"], "measures.zzz: no such measure; no zzz.yaml in ."),
        (
            ["measures_dir=none", "measures.night_duty=1"],
            "measures_dir: 'none' given, a folder of measure files expected",
        ),
        (["measures_dir=x.yaml", "measures.night_duty=1"], "measures_dir: 'x.yaml' given, a folder"),
        (
            ["measures_dir=.", "measures.one_window=1"],
            "one_window.yaml: a measure of the toolkit has the name one_window",
        ),
        (["measures_dir=.", "measures.burden=1"], "measures.burden: no such key; did you mean levers.burden?"),
        (["measures_dir=.", "measures.empty=1"], "empty.yaml, entries: missing"),
        (["measures_dir=.", "measures.code=1"], "code.yaml, _target_: no such key"),
        (["measures_dir=.", "measures.tag=1"], "tag.yaml, line 1: could not determine a constructor"),
        (["experiment=x.yaml"], "own_measures.night duty: 'night duty' given, a name of ASCII letters"),
    ):
        with subtests.test(words=words):
            assert compare.main(["experiment=rectification", *words, *SMALL][words[0].startswith("experiment") :]) == 2
            (line,) = capfd.readouterr().err.splitlines()
            assert part in line, line


def test_the_same_from_python(place, model):
    own = {"night_duty": {"entries": [{"lever": "data_sharing", "op": "close", "mode": 0.1}]}}
    inline = setting(own_measures=own, measures={"night_duty": 1})
    again = Setting.from_dict(inline.as_dict())
    assert again.fingerprint == inline.fingerprint and again.definitions["night_duty"].notes
    assert inline.fingerprint != setting(measures_dir=CASE.parent, measures={"night_duty": 1}).fingerprint
    assert inline.replace(measures=inline.measures).definitions == inline.definitions
    with pytest.raises(SettingError, match=r"measures.night_duty: no such measure"):
        setting(measures={"night_duty": 1})
    answer = api.run({"measures_dir": str(CASE.parent), "measures.night_duty": 1, "replicates": 1})
    assert answer.accounts == ["measure night_duty, by default: nature rule, ramp_weeks 26"]


def test_a_label_changes_no_fingerprint(place):
    entries = [{"lever": "data_sharing", "op": "close", "mode": 0.1}]
    one = setting(own_measures={"duty": {"entries": entries}}, measures={"duty": 1})
    two = setting(
        own_measures={"duty": {"entries": entries, "label_zh": "值班", "nature": "rule"}}, measures={"duty": 1}
    )
    assert one.fingerprint == two.fingerprint


def test_all_that_is_wrong_with_an_experiment_is_said_at_once(place, model, capfd):
    shutil.copy(CASE, place / "night_duty.yaml")
    (place / "bad.yaml").write_text(WRONG, encoding="utf-8")
    (place / "x.yaml").write_text(
        "burden: 9\n"
        "facts: {calendar: {election_wek: 3}}\n"
        "settings:\n"
        "  a: {tolerance: 2, measures: {night_duty: 1, one_windw: 1, publicity: 3}}\n"
        "  b: {levers: {attention: -1, atention: 1}, measures: {bad: 1}, theory: {conduct: odd}}\n",
        encoding="utf-8",
    )
    assert compare.main(["experiment=x.yaml", *SMALL]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    for part in (
        "burden: 9 given",
        "facts.calendar.election_wek: no such fact",
        "settings.a, tolerance: 2 given",
        "settings.a, measures.one_windw: no such measure; did you mean one_window?",
        "settings.a, measures.publicity: 3 given",
        "settings.b, levers.attention: -1 given",
        "settings.b, levers.atention: no such lever; did you mean attention?",
        "settings.b, theory.conduct: 'odd' given",
        "bad.yaml, ramp_week: no such key",
    ):
        assert line.count(part) == 1, (part, line)
