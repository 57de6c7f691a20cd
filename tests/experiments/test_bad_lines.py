"""What a user can get wrong on a command line: exit code 2, one sentence, no folder."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.study.behaviour import read_set
from experiments.study.keys import JOBS
from sim.inputs.facts import read_facts
from sim.inputs.measures import MEASURES
from sim.inputs.priors import read_parameters
from sim.levers import DIALS, LEVERS
from sim.vocabulary import MECHANISMS, THEORIES

ROOT = Path(__file__).resolve().parents[2]

NOT_NUMBERS = ("nan", ".nan", "inf", "-inf", "true", "on", "many", "一", "[0.5]", "{a: 1}", "1,2")


def misspelt(name: str) -> str:
    """The name with two neighbouring letters exchanged."""
    for i in range(1, len(name) - 1):
        if name[i] != name[i + 1]:
            return name[:i] + name[i + 1] + name[i] + name[i + 2 :]
    return name + "x"


def outside(low: float, high: float) -> tuple[str, str]:
    return f"{low - 1:.12g}", f"{high + max(1.0, abs(high)):.12g}"


GENERATED = {
    "lever out of bounds": [f"levers.{id}={v}" for id, it in LEVERS.items() for v in outside(it.low, it.high)],
    "lever misspelt": [f"levers.{misspelt(id)}={lever.default}" for id, lever in LEVERS.items()],
    "dial not a number": [f"{id}={value}" for id in DIALS for value in NOT_NUMBERS],
    "dial misspelt": [f"{misspelt(id)}=0.5" for id in DIALS],
    "intensity": [f"measures.{id}={value}" for id in MEASURES for value in ("-0.1", "1.01", "nan", "full")],
    "measure misspelt": [f"measures.{misspelt(id)}=1" for id in MEASURES],
    "measure out of place": [f"{id}=1" for id in MEASURES],
    "part of a measure": [f"measures.{id}={{intensity: 0.5, strat: 3}}" for id in MEASURES],
    "parameter": [f"parameters.{p.id}={v}" for p in read_parameters().values() for v in outside(p.low, p.high)],
    "fact": [f"facts.{'.'.join(f.path)}={f.high + 1 + abs(f.high):.12g}" for f in read_facts().values()],
    "theory": [f"theory.{name}={misspelt(known[0])}" for name, known in THEORIES.items()],
    "knock-out": [f"knock_out=[{misspelt(name)}]" for name in MECHANISMS],
}

WRITTEN = [
    # keys
    "residnets=5000", "wekes=60", "tolerance.vlaue=0.3", "seed.first=3", "town.residents=900",
    "levers=0.5", "measures=1", "theory=bayesian",
    "parameters.no_such=1", "facts.no_such.thing=1", "theory.mood=habit",
    "hydra.job.chdir=true", "hydra/launcher=joblib", "from=results/demo", "名称=1",
    "_target_=os.system",
    # behavioural sets and methods
    "behaviour=averge", "behaviour=3", "behaviour=[average]", "behaviour=no/such.csv", "behaviour=README.md",
    # words that are no key=value
    "tolerance", "=0.5", "tolerance=", "--tolerance", "-m", "--multirun", "~tolerance",
    "--help=levers", "tolerance==0.5", "tolerance:0.5", "measures.=1", ".=1",
    # sweeps and broken brackets
    "tolerance=0.1,0.2", "burden=choice(1,2)", "seed=range(1,5)", "tolerance=interval(0,1)",
    "knock_out=[tasks", "measures={one_window: 1", "measures={one_window}", "knock_out=[[[[",
    "measures={one_window: 1, one_window: 0}", "town=*all", "town=!!python/object:os.system",
    # numbers
    "residents=0", "residents=-5", "residents=5000.5", "residents=1e12", "residents=many",
    "weeks=51", "weeks=208.5", "weeks=99999", "seed=-1", "seed=0.5",
    "seed=9223372036854775807", "replicates=0", "replicates=2.5", "replicates=ten",
    "replicates=nan", "executor.threads=0", "executor.threads=two",
    "executor.workers=2", "executor.address=tcp://127.0.0.1:8786",
    # names
    "town=averge", "town=Average", "town=平均", "town=3", "town=../average", "town=[average]",
    "town=from_table", "town.table=my_villages.csv", "experiment=rectificatoin",
    "experiment=基线", "experiment=../config", "experiment=no/such/file.yaml", "experiment=3",
    "experiment=a,b", "executor=slurm", "executor=Threads", "executor={kind: threads}",
    "language=fr", "language=1", "quiet=on", "quiet=1", "coupling=no", "coupling=0",
    "potency=stronger", "knock_out=tasks.yaml", "knock_out=3",
    # settings of the experiment
    "settings=1", "settings.Relief.burden=0.5", "settings.a__b.burden=0.5",
    "settings.减负.burden=1", "settings.relief.burden=9", "settings.relief.seed=3",
    "settings.relief.weeks=60", "settings.relief.experiment=baseline",
    "settings.relief.measures.one_windw=1",
    # folders
    "output=.", "output=..", "output=/", "output=/dev/null", "output=/dev/null/x",
    "output=full", "output=a_file", "output=a_file/below", "output=" + "x" * 300,
    "hydra.run.dir=full",
    "store=.", "store=..", "store=/", "store=/dev/null", "store=/dev/null/x", "store=full", "store=a_file",
    "store=a_file/below", "store=later", "store=" + "x" * 300, "store=", "store.folder=x",
]  # fmt: skip

SEVERAL = [
    ["behaviour=average", "parameters.moral_weight=0.8"],
    ["behaviour=average", "replicates=300"],
    ["tolerance=0.2", "tolerance=0.3"],
    ["tolerance=0.2", "+tolerance=0.3"],
    ["tolerance=0.2", "levers.tolerance=0.3"],
    ["measures.one_window=1", "measures={one_window: 0.5}"],
    ["measures.one_window=1", "measures.one_window.start=4"],
    ["levers.attention=4", "levers.attention.end=9"],
    ["output=a", "hydra.run.dir=b"],
    ["town=from_table", "town.table=missing.csv"],
    ["town=from_table", "town.table=bad.csv"],
    ["town=average", "town.table=good.csv"],
    ["executor=serial", "executor.threads=2"],
    ["executor=dask", "executor.threads=2"],
    ["executor=dask", "executor.workers=0"],
    ["executor=dask", "executor.address=here"],
    ["executor=dask", "executor.address=os.system"],
    ["executor=dask", "executor.address=tcp://127.0.0.1:8786", "executor.workers=2"],
    ["store=here", "output=here"],
    ["store=here/store", "output=here"],
    ["town", "=", "average"],
    ["town=from_table", "town.table=/dev/zero"],
    ["town=from_table", "town.table=pipe.csv"],
    ["behaviour=pipe.csv"],
    ["experiment=pipe.csv/x.yaml"],
    ["experiment=/dev/zero"],
]

FOR_ONE_JOB = {
    "run": [["setting=rectification"], ["setting=3"], ["ranking.methods=[shapley]"]],
    "compare": [["experiment=baseline"], ["setting=baseline"], ["ranking.setting=baseline"]],
    "rank": [
        ["replicates=2"],
        ["experiment=baseline"],
        ["experiment=three_dials"],
        ["setting=baseline"],
        ["ranking.setting=nobody"],
        ["ranking.methods=[sobol]"],
        ["ranking.methods=[morris]"],
        ["ranking.budgets=21"],
        ["ranking.budgets=some"],
        ["ranking.scenarios=1"],
        ["ranking.scenarios=99"],
        ["ranking.scenarios=true"],
        ["ranking.scenarios=100.5"],
        ["behaviour=average", "ranking.scenarios=300"],
        ["ranking.variance=1"],
        ["ranking.variance=3"],
        ["ranking.variance=9"],
        ["ranking.variance=[5]"],
        ["ranking.variance=true"],
        ["ranking.variance=all"],
        ["ranking.contexts=2"],
        ["ranking.contexts=-3"],
        ["ranking.contexts=[town]"],
        ["ranking.interactions=2"],
        ["ranking.interactions=many"],
        ["ranking.start_weeks=-1"],
        ["ranking.start_weeks=2.5"],
        ["ranking.composite.votes=1"],
        ["ranking.composite=0.5"],
        ["ranking.composite={}", "ranking.until.outcome=composite"],
        ["ranking.composite.satisfaction=0"],
        ["ranking.composite={satisfaction: 0, micro_corruption: 0}"],
        ["ranking.composite.satisfaction=-1"],
        ["ranking.composite.satisfaction=nan"],
        ["ranking.composite.satisfaction=much"],
        ["ranking.until.half_width=0.5"],
        ["ranking.until.most=60"],
        ["ranking.until.half_width=0", "ranking.until.most=60"],
        ["ranking.until.half_width=wide", "ranking.until.most=60"],
        ["ranking.until.rank_width=0.5", "ranking.until.most=60"],
        ["ranking.until.top=0", "ranking.until.most=60"],
        ["ranking.until.top=19", "ranking.until.most=60"],
        ["ranking.until.top=1.5", "ranking.until.most=60"],
        ["ranking.until.top=3", "ranking.until.most=7"],
        ["ranking.until.top=3", "ranking.until.most=60", "ranking.until.outcome=trips_per_case"],
        ["ranking.until.top=3", "ranking.until.most=60", "ranking.until.outcome=composite"],
        ["ranking.until.tpo=3", "ranking.until.most=60"],
        ["behaviour=average", "ranking.until.top=3", "ranking.until.most=300"],
        ["ranking.until=3"],
        ["ranking.methods=[shapley,sobol]", "replicates=128", "ranking.until.top=3", "ranking.until.most=201"],
        ["ranking.methods=[shapley,sobol]"],
        ["ranking.methods=[shapley,sobol]", "replicates=131"],
        ["ranking.methods=[]"],
        ["ranking.methods=shapley"],
        ["ranking.depth=2"],
        ["ranking.outcomes=[]"],
        ["ranking.outcomes=satisfaction"],
        ["ranking.outcomes=[satisfaction, 3]"],
        ["ranking.outcomes=[satisfactoin]"],
        ["ranking.outcomes=[casework_share]"],
        ["ranking.outcomes=[composite]"],
        ["ranking.outcomes=[satisfaction]", "ranking.composite.micro_corruption=1"],
        [
            "ranking.outcomes=[satisfaction]",
            "ranking.until.top=3",
            "ranking.until.most=60",
            "ranking.until.outcome=micro_corruption",
        ],
        ["ranking.levers=all"],
        ["ranking.levers=burden"],
        ["burden=0.5", "ranking.levers=[tolerance]"],
        ["burden=0.5", "ranking.levers=[one_window]"],
        ["burden=0.5", "ranking.levers={burden: 1}"],
        ["ranking.ranges=3"],
        ["ranking.ranges=[burden]"],
        ["ranking.ranges.burden=0.5"],
        ["ranking.ranges.burden=[0.5]"],
        ["ranking.ranges.burden=[0.5, 1, 1.5]"],
        ["ranking.ranges.burden=[1.5, 0.5]"],
        ["ranking.ranges.burden=[1, 1]"],
        ["ranking.ranges.burden=[0.5, 2.6]"],
        ["ranking.ranges.burden=[-0.1, 1]"],
        ["ranking.ranges.burden=[low, high]"],
        ["ranking.ranges.burden=[true, 2]"],
        ["ranking.ranges.burden={low: 0.5, high: 1.5}"],
        ["ranking.ranges.burden.low=0.5"],
        ["ranking.ranges.burdne=[0.5, 1.5]"],
        ["ranking.ranges.one_window=[0, 1]"],
        ["burden=0.6", "ranking.ranges.burden=[0.5, 1.5]"],
        ["burden=0.6", "ranking.levers=[burden]", "ranking.ranges.burden=[0.5, 1.5]"],
        ["ranking.ranges.burden=[0.5, 1.5]", "ranking.budgets=2"],
        ["ranking.ranges.burden=[0.5, 1.5]", "ranking.start_weeks=3"],
        ["experiment=dials_range", "ranking.ranges={burden: null, tolerance: null}"],
        ["experiment=dials_range", "replicates=64"],
        ["experiment=dials_range", "settings.today.burden=1"],
        ["experiment=dials_ranking", "ranking.levers=[]"],
        ["experiment=dials_ranking", "ranking.levers=[burden]"],
        ["experiment=dials_ranking", "ranking.budgets=2"],
        ["experiment=dials_ranking", "ranking.variance=2"],
        ["experiment=dials_ranking", "ranking.until.top=3", "ranking.until.most=60"],
        ["experiment=dials_ranking", "ranking.levers=[burden, tolerance]", "ranking.interactions=3"],
        ["ranking.setting=baseline"],
    ],
    "demo": [["replicates=2"], ["setting=baseline"], ["town=nowhere"]],
    "report": [
        [],
        ["from=nowhere"],
        ["from=full"],
        ["from=piped"],
        ["from=other_job"],
        ["from=/dev/zero"],
        ["from=.", "language=fr"],
        ["from=.", "format=odt"],
        ["from=.", "sections=nothing"],
        ["from=.", f"title={'t' * 301}"],
        ["burden=1"],
        ["from"],
    ],
}

BAD_FILES = {
    "broken.yaml": "settings: {a: {measures: {one_window: 1}\n",
    "twice.yaml": "settings:\n  a: {burden: 1}\n  a: {burden: 2}\n",
    "no_settings.yaml": "label_en: nothing\n",
    "list.yaml": "- a\n- b\n",
    "key.yaml": "settings: {a: {}}\nburdne: 2\n",
    "value.yaml": "settings: {a: {burden: 7}}\n",
    "shared.yaml": "burden: [1, 2]\nsettings: {a: {}}\n",
    "word.yaml": "settings: {a: {tolerance: on}}\n",
    "not_a_number.yaml": "settings: {a: {tolerance: .nan}}\n",
    "reference.yaml": "settings: {a: {town: '${oc.env:HOME}'}}\n",
    "target.yaml": "settings: {a: {_target_: os.system}}\n",
    "defaults.yaml": "defaults: [baseline]\nsettings: {a: {}}\n",
    "replicates.yaml": "replicates: many\nsettings: {a: {}}\n",
    "ranking.yaml": "ranking: {setting: b}\nsettings: {a: {}}\n",
    "scalar.yaml": "settings: {a: 3}\n",
    "empty.yaml": "",
    "label.yaml": "settings: {a: {label_en: 2024}}\n",
    "label_of_study.yaml": "label_zh: {减负: 一半}\nsettings: {a: {}}\n",
    "question.yaml": "question: [does, relief, help]\nsettings: {a: {}}\n",
    "no_text.yaml": "settings: {a: {label_zh: ' '}}\n",
    "deep.yaml": "settings: " + "[" * 50_000,
    "bomb.yaml": (ROOT / "tests" / "cases" / "experiments" / "alias_bomb.yaml").read_text(encoding="utf-8"),
}


@pytest.fixture(autouse=True)
def furnished(place, use_model):
    """A working folder with a foreign folder, a file and three tables of villages; no real runs."""
    use_model()
    (place / "full").mkdir()
    (place / "full" / "thesis.txt").write_text("mine", encoding="utf-8")
    (place / "a_file").write_text("mine", encoding="utf-8")
    (place / "later").mkdir()
    (place / "later" / "store.json").write_text('{"format": 99}', encoding="utf-8")
    (place / "piped").mkdir()
    if hasattr(os, "mkfifo"):  # elsewhere there is nothing of that name
        os.mkfifo(place / "pipe.csv")
        os.mkfifo(place / "piped" / "provenance.json")
    (place / "other_job").mkdir()
    for name in ("provenance", "summary"):
        (place / "other_job" / f"{name}.json").write_text('{"job": "calibrate"}', encoding="utf-8")
    (place / "good.csv").write_text("residents\n900\n", encoding="utf-8")
    (place / "bad.csv").write_text("residents,share_over_60\n900,23.7\n", encoding="utf-8")
    return place


def refused(job: str, words: list[str], place: Path, capfd) -> str:
    """The sentence with which the job refuses the words, having left nothing behind."""
    before = sorted(place.rglob("*"))
    main = importlib.import_module(f"experiments.{job}").main
    assert main(words) == 2, words
    out, err = capfd.readouterr()
    assert out == ""
    assert sorted(place.rglob("*")) == before
    assert len(err.splitlines()) == 1, err
    assert "Traceback" not in err and 15 < len(err) < 700, err
    return err


@pytest.mark.parametrize("family", GENERATED)
def test_a_generated_bad_word_is_refused(family, place, capfd):
    assert len(GENERATED[family]) >= 3
    for word in GENERATED[family]:
        sentence = refused("run", [word], place, capfd)
        assert word.split("=")[0].split(".")[0] in sentence


def test_a_bad_word_is_refused(place, capfd, subtests):
    for word in WRITTEN:
        with subtests.test(word=word):
            sentence = refused("run", [word], place, capfd)
            assert word.lstrip("~-").split("=")[0].split(".")[0] in sentence


@pytest.mark.parametrize("word", ["tolerence=0.3", "measures.one_window=2", "experiment=nothing"])
@pytest.mark.parametrize("job", [*JOBS, "demo"])
def test_every_job_refuses(job, word, place, capfd):
    refused(job, [word], place, capfd)


def test_words_that_do_not_go_together(place, capfd, subtests):
    for words in SEVERAL:
        with subtests.test(words=" ".join(words)):
            refused("run", words, place, capfd)


def test_what_only_one_job_refuses(place, capfd, subtests):
    for job, words in [(job, words) for job, lines in FOR_ONE_JOB.items() for words in lines]:
        with subtests.test(job=job, words=" ".join(words)):
            refused(job, words, place, capfd)


def test_a_bad_experiment_file_is_named(place, capfd, subtests):
    for name in BAD_FILES:
        with subtests.test(name=name):
            (place / name).write_text(BAD_FILES[name], encoding="utf-8")
            assert name in refused("run", [f"experiment={place / name}"], place, capfd)


def test_the_nearest_name_is_offered(place, capfd):
    for word, meant in (
        ("tolerence=0.2", "tolerance"),
        ("measures.one_windwo=1", "one_window"),
        ("levers.atention=4", "attention"),
        ("town=inspectd", "inspected"),
        ("experiment=rectificatoin", "rectification"),
        ("one_window=1", "measures.one_window"),
        ("attention=4", "levers.attention"),
        ("tolerance=60%", "0.6"),
    ):
        assert f"did you mean {meant}?" in refused("run", [word], place, capfd)


@pytest.mark.parametrize(
    "words",
    [["tolerance=2"], ["~burden"], ["experiment=nothing"], ["output=full"], ["knock_out=[a"]],
    ids=" ".join,
)
def test_a_process_refuses_as_well(words, place):
    before = sorted(place.rglob("*"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "experiments.run", *words],
        cwd=place, env=environment, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert sorted(place.rglob("*")) == before


def test_a_refusal_inside_ranking_names_the_key_and_where_it_was_given(place, capfd):
    draws = len(read_set("average").draws)
    for words, said in (
        (["ranking.intractions=3"], "command line, ranking.intractions: no such key; did you mean interactions?"),
        (["ranking.circumstances=3"], "command line, ranking.circumstances: is called ranking.contexts since 0.2"),
        (["ranking.sources=7"], "command line, ranking.sources: is called ranking.variance since 0.2"),
        (["ranking.until.tpo=3"], "command line, ranking.until.tpo: no such key; did you mean top?"),
        (["ranking.until.top=19", "ranking.until.most=60"], "command line, ranking.until.top: 19 given"),
        (["ranking.outcomes=[satisfactoin]"], "ranking.outcomes satisfactoin: no such indicator; did you mean satisf"),
        (["ranking.outcomes=[casework_share]"], "command line, ranking.outcomes: 'casework_share' given, an indicator"),
        (
            ["burden=0.5", "ranking.levers=[tolerance]"],
            "command line, ranking.levers: 'tolerance' given, burden expect",
        ),
        (
            ["ranking.levers=[burden]"],
            "command line, ranking.levers: ['burden'] given, [] for a setting that changes no",
        ),
        (["experiment=dials_ranking", "ranking.levers=[]"], "0 measures in force and 0 of its lever changes"),
        (
            ["ranking.ranges.burden=[1.5, 0.5]"],
            "command line, ranking.ranges.burden: [1.5, 0.5] given, [low, high] with low below high, both between 0 "
            "and 2.5, expected",
        ),
        (
            ["ranking.ranges.burdne=[0.5, 1.5]"],
            "command line, ranking.ranges.burdne: no such lever; did you mean burden",
        ),
        (
            ["burden=0.6", "ranking.ranges.burden=[0.5, 1.5]"],
            "burden is changed by the ranked setting too, a lever that",
        ),
        (
            ["burden=0.6", "ranking.levers=all", "ranking.ranges.burden=[0.5, 1.5]"],
            "command line, ranking.ranges.burden: burden is in ranking.levers too, one of them expected",
        ),
        (
            ["experiment=dials_range", "ranking.start_weeks=3"],
            "command line, ranking.start_weeks: 3 given, beside ranking.ranges (a range has no start), 0 expected",
        ),
        (
            ["experiment=dials_range", "ranking.budgets=2"],
            "command line, ranking.budgets: 2 given, beside ranking.ranges",
        ),
        (
            ["experiment=dials_range", "ranking.ranges={burden: null, tolerance: null}"],
            "ranking.levers, 1 levers in ranking.ranges, at least two together expected by rank",
        ),
        (["experiment=dials_ranking", "ranking.budgets=2"], "command line, ranking.budgets: 2 given, for fewer than"),
        (
            ["behaviour=average", "ranking.until.top=3", "ranking.until.most=300"],
            f"command line, ranking.until.most: 300 given, at most the {draws} draws of behaviour=average expected",
        ),
        (
            ["seed=9223372036854775780", "ranking.budgets=2", "replicates=20"],
            "seed: 40 replicates end at 9223372036854775819, at most 9223372036854775807 expected",
        ),
        (
            ["ranking.scenarios=50"],
            "command line, ranking.scenarios: 50 given, 0 (off) or a whole number from 100 expected",
        ),
        (["behaviour=average", "ranking.scenarios=300"], f"ranking.scenarios: 300 given, at most the {draws} draws of"),
        (["behaviour=average", "replicates=300"], f"command line, replicates: 300 given, at most the {draws} draws of"),
    ):
        assert said in refused("rank", words, place, capfd)


def test_a_mistyped_line_of_the_configs_is_refused_before_anything_is_compiled(place):
    """A copied checkout, one line of it renamed: one sentence from a process that never compiles."""
    for part in ("sim", "experiments", "analysis", "configs"):
        shutil.copytree(ROOT / part, place / "copy" / part, ignore=shutil.ignore_patterns("__pycache__"))
    path = place / "copy" / "configs" / "parameters" / "conduct.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("moral_weight:", "moral_wieght:"), encoding="utf-8")
    before = [path for path in sorted(place.rglob("*")) if path.is_file()]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TOWNSHIP_LAB_CACHE": str(place / "cache")}
    environment["PYTHONPATH"] = str(place / "copy")
    for job in ("run", "validate"):
        done = subprocess.run(
            [sys.executable, "-m", f"experiments.{job}"],
            cwd=place, env=environment, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr == "conduct.yaml, moral_wieght: no such parameter; did you mean moral_weight?\n"
        assert [path for path in sorted(place.rglob("*")) if path.is_file()] == before


def test_a_label_that_is_no_text_is_named(place, capfd):
    (place / "label.yaml").write_text(BAD_FILES["label.yaml"], encoding="utf-8")
    sentence = refused("run", [f"experiment={place / 'label.yaml'}"], place, capfd)
    assert sentence.endswith("label.yaml, settings.a.label_en: 2024 given, a text expected\n")


@pytest.mark.parametrize("word", ["facts.start.norm.place=1", "facts.start.pace.village=0.5"])
def test_a_field_is_not_started_where_there_is_none(word, place, capfd):
    assert "is a field of " in refused("run", [word], place, capfd)
