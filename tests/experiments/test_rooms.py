"""The rooms of experiments/: a question to a ranking is one file, and what has one home has no other."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from experiments import api, rank
from experiments.cli.doors import doors as listed
from experiments.cli.help import page
from experiments.ensemble.members import DesignKey, Member
from experiments.job import study_of
from experiments.ranking import questions as folder
from experiments.ranking.registry import questions
from sim.cores import pool_of
from sim.inputs.measures import MEASURES
from sim.inputs.settings import setting
from tests.guide import examples

from .finished import SMALL, read, rows

EXPERIMENTS = Path(__file__).resolve().parents[2] / "experiments"
FEW = {f"measures.{id}": 0 for id in list(MEASURES)[3:]}
WORDS = [*SMALL, *(f"{key}=0" for key in FEW), "replicates=3", "output=out", "quiet=true"]


@pytest.fixture
def widest(tmp_path, monkeypatch):
    """A file that is put beside the questions there are."""
    (tmp_path / "questions").mkdir()
    ((_, _, text),) = examples("A question to a ranking")
    (tmp_path / "questions" / "widest.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path / "questions")])
    yield
    sys.modules.pop(f"{folder.__name__}.widest", None)
    vars(folder).pop("widest", None)


def test_a_question_is_one_file(place, model, widest, capfd):
    assert rank.main([*WORDS, "ranking.widest=2"]) == 0
    found = rows(place / "out", "widest")
    assert [row["outcome"] for row in found] == ["service_efficiency", "micro_corruption", "satisfaction"]
    assert all(float(row["width"]) > 0 for row in found)
    assert read(place / "out", "provenance.json")["ranking"]["widest"] == 2
    assert "ranking.widest=0, or a whole number from 2" in page("rank", questions=questions())
    assert rank.main([*WORDS, "ranking.widest=1"]) == 2
    assert "command line, ranking.widest: 1 given, 0 (off) or a whole number from 2" in capfd.readouterr().err
    assert rank.main(WORDS) == 0
    assert not (place / "out" / "tables" / "widest.csv").exists()


def test_without_its_file_nobody_knows_it(place, model, capfd):
    assert rank.main([*WORDS, "ranking.widest=2"]) == 2
    assert "command line, ranking.widest: no such key" in capfd.readouterr().err


def test_nobody_but_a_question_names_a_question():
    inside = EXPERIMENTS / "ranking" / "questions"
    names = "|".join(path.stem for path in inside.glob("[a-z]*.py"))
    for path in EXPERIMENTS.rglob("*.py"):
        if path.parent != inside:
            text = path.read_text(encoding="utf-8")
            assert not re.search(rf"ranking\.questions(\.({names})| import ({names}))\b", text), path


def test_questions_have_names_and_places_of_their_own():
    found = questions()
    for of in ("key", "order"):
        assert max(Counter(getattr(one, of) for one in found).values()) == 1
    study = study_of("rank", {"experiment": "quick_ranking"})
    assert [one.key for one in study.asked] == [one.key for one in found if not one.keys]  # the others wait to be asked


# a row of a design

KEYS = {
    "relief": DesignKey("relief"),
    "0110": DesignKey(levels=(0, 1, 1, 0)),
    "0 0.25 1": DesignKey(levels=(0, 0.25, 1)),
    "late 0-26-104": DesignKey(late=(0, 26, 104)),
    "contexts/town/remote_town/01": DesignKey(levels=(0, 1)).within("contexts", "town", "remote_town"),
    "variance/3/4/1/11": DesignKey(levels=(1, 1), context=("variance", 3, 4, 1)),
    "scenarios/10": DesignKey(levels=(1.0, 0.0)).within("scenarios"),
}


def test_a_key_reads_as_rows_always_have():
    assert [str(key) for key in KEYS.values()] == list(KEYS)


def test_keys_are_told_apart_by_what_they_are_and_not_by_their_text():
    assert DesignKey("11") != DesignKey(levels=(1, 1))  # a setting may be called like a coalition
    assert DesignKey(levels=(1, 0)) == DesignKey(levels=(1.0, 0.0))
    assert len({*KEYS.values(), *KEYS.values()}) == len(KEYS)
    with pytest.raises(AttributeError):
        DesignKey("relief").name = "other"  # type: ignore[misc]
    member = Member(DesignKey(levels=(1, 0)), 4, setting(seed=3))
    assert member.place == (DesignKey(levels=(1, 0)), 4) and member.seed == 7


# from Python


def test_answers_have_names_beside_ids_and_a_figure(place, use_model):
    use_model()
    shared = {"residents": 900, "weeks": 60, "replicates": 3, **FEW}
    found = api.rank({"experiment": "quick_ranking", **shared}, language="zh")
    first = found.table("ranking")[0]
    assert first["measure_name"] == MEASURES[first["measure"]].label_zh
    assert set(found.tables) >= {"runs", "levels", "effects", "ranking", "coalitions"}
    assert [axes.get_title() for axes in found.plot().axes] != []
    with pytest.raises(KeyError, match="nothing"):
        found.plot("nothing")
    both = api.side_by_side({"today": {}, "relief": {"burden": 0.5}}, residents=900, weeks=60, replicates=3)
    assert both.dataset.sizes["setting"] == 2 and {row["other"] for row in both.tables["effects"]} == {"relief"}
    assert both.plot() is not None and both.plot("paths") is not None
    one = api.run(experiment="baseline", residents=900, weeks=60, replicates=2)
    assert one.plot() is not None and one.summary == one.findings.summary
    assert list(place.iterdir()) == []


# one home each


def test_the_ladder_of_exit_codes_has_one_home():
    """Elsewhere nobody ends the process, turns an error into a code, or looks at a signal."""
    allowed = {
        "job.py": {
            "sys.exit",
            "except KeyboardInterrupt",
            "except MemoryError",
            "except (SettingError, ExecutorError)",
        },
        "interrupts.py": {"os._exit", "SIGTERM"},  # the flag, and who asks a second time
        "run_design.py": {"except (KeyboardInterrupt, SystemExit)"},  # brings finished runs home, and passes it on
        "headlines.py": {"sys.exit"},  # is run in checkouts that have no ladder
    }
    for path in EXPERIMENTS.rglob("*.py"):
        code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        body = "\n".join(line for line in code.splitlines() if line[:1] in " disf")
        found = set(
            re.findall(
                r"sys\.exit|os\._exit|SIGTERM|except (?:KeyboardInterrupt|MemoryError|\(KeyboardInterrupt, SystemExit\)"
                r"|\(SettingError, ExecutorError\))",
                body,
            )
        )
        assert found == allowed.get(path.name, set()), path


def test_the_top_floor_holds_doors_only():
    doors = set(listed()) - {"page"}  # which is a room as well
    there = {path.stem for path in EXPERIMENTS.glob("*.py")}
    assert there == {*doors, "api", "job", "township", "__init__", "__main__"}
    for path in EXPERIMENTS.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(rf"(from|import) experiments\.({'|'.join(doors)})\b", text), path
        for names in re.findall(r"^ *from experiments import (.*)$", text, re.MULTILINE):
            assert not doors & set(re.split(r", | as ", names)), path


def test_no_file_name_has_two_meanings():
    found = Counter(path.name for path in EXPERIMENTS.rglob("*.py"))
    assert [name for name, count in found.items() if count > 1 and not name.startswith("__")] == []


def test_studies_are_composed_in_threads_too(monkeypatch):
    monkeypatch.setattr("sim.inputs.files._kept", {})  # so that Hydra has something to do
    names = ("rectification", "three_dials", "quick_ranking", "dials_ranking") * 3
    with pool_of(4) as pool:
        found = list(pool.map(lambda name: study_of("compare", {"experiment": name}), names))
    assert [study.experiment for study in found] == list(names)
