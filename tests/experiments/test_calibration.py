"""Calibrate and validate: priors and pass rules as committed, and both jobs end to end in tiny towns."""

from __future__ import annotations

import csv
import errno
import json
import math
from pathlib import Path

import numpy as np
import pytest

from analysis.calibration import matching
from experiments import calibrate, validate
from experiments.job import JobError
from experiments.study import behaviour
from experiments.validation import calibration_run, plans, rules
from sim.inputs.files import read_yaml
from sim.inputs.priors import read_parameters
from sim.inputs.validators import SettingError
from sim.vocabulary import THEORIES

# The patterns and hypotheses as the model's description lists them, the six effects of the evidence list that nothing
# was written after, and those that are told as assumed: the description's nine, and four that shaped mechanisms.
PATTERNS = (
    "waiting_convex", "supervision_needs_sanction", "campaign_fades", "tolerance_and_shelter", "tolerance_needs_time",
    "before_visits", "app_and_counters", "publicity_and_adaptation", "exposure_and_redress",
    "participation_needs_sanction", "fabrication_convex",
)  # fmt: skip
HYPOTHESES = ("supervision_hump", "incidents_spread", "diversion_subadditive", "fifteen_at_once")
NINE = (
    "olken_2007", "avis_2018", "bobonis_2016", "banerjee_2008", "reinikka_svensson_2005", "rasul_rogger_2018",
    "wang_2022", "run_once_2017", "relief_daqing_shiquan",
)  # fmt: skip
SIX = (
    "filings_step_2024", "inspection_rebound", "exposure_by_level", "authority_2021", "coverage_2018",
    "public_appeals_2024",
)  # fmt: skip
SEEN = ("closed_is_not_satisfied", "hidden_complaints", "audit_distorts_2024", "monitoring_fades_2020")
EFFECTS = (*NINE, *SIX, *SEEN)
NUMBERS = {"pattern": (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), "hypothesis": (2, 13, 14, 15), "effect": range(1, 20)}
TARGETS = {
    "compliance_share": (0.30, 0.70), "township_paper": (0.25, 0.55), "slack": (0.0, 0.35), "on_time": (0.55, 0.85),
    "plot_days": (45, 120), "hotline_days": (1.4, 5.5), "hotline_satisfied": (0.65, 0.90),
    "value_diverted": (0.01, 0.08), "detected": (0.03, 0.2), "recorded": (0.10, 0.22),
    "wrong_inclusion": (0.08, 0.30), "wrong_exclusion": (0.09, 0.60),
    "share_satisfied": (0.44, 0.75), "petitions": (3, 12), "app_use": (0.3, 0.7), "exits_village": (0.03, 0.10),
    "exits_township": (0.0005, 0.006),
}  # fmt: skip
COLUMNS = [
    "id", "kind", "standing", "counted", "statistic", "value", "ci_low", "ci_high", "expected", "verdict",
    "share_of_behavioural_set", "knock_out_verdict", "base_rate_random_draws",
]  # fmt: skip


def rows_of(path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# --- what was written before


def test_priors_are_those_that_were_frozen():
    frozen = read_yaml(plans.TARGETS / "average.yaml")["priors"]
    assert frozen["hash"] == behaviour.priors_hash()
    assert frozen["count"] == len(read_parameters())


def test_changed_priors_are_said_before_the_first_run(monkeypatch, capsys, place, compiled_model):
    assert plans.targets_of().changed == ""
    monkeypatch.setattr(behaviour, "priors_hash", lambda: "0" * 64)

    def stop(*_):
        raise JobError("Stopped.")

    monkeypatch.setattr(calibration_run, "run_stages", stop)
    assert calibrate.main(["experiment=quick", "quiet=true"]) == 1
    *said, last = capsys.readouterr().err.splitlines()
    frozen = "configs/calibration/average.yaml: the priors have changed since they were frozen with the"
    assert [line.startswith(frozen) for line in said] == [True]
    assert last == "Stopped."


def test_targets_are_those_of_the_description():
    given = read_yaml(plans.TARGETS / "average.yaml")["targets"]
    assert {name: (target["low"], target["high"]) for name, target in given.items()} == TARGETS
    for target in given.values():
        assert target["standing"] in matching.ROOM and target["source"]


def test_a_target_whose_figure_the_model_lacks_is_refused_by_name(monkeypatch):
    given = read_yaml(plans.TARGETS / "average.yaml")
    assert set(calibration_run.targets_of().records) == set(TARGETS)
    given["targets"]["recorded"] = {**given["targets"]["recorded"], "figure": "luck"}
    monkeypatch.setattr(plans, "read_yaml", lambda path: given)
    with pytest.raises(SettingError, match=r"targets\.recorded\.figure luck"):
        calibration_run.targets_of()


def test_what_is_observed_must_be_met_and_a_guess_may_miss_by_half_its_width():
    found = calibration_run.targets_of()
    ends = {name: ends for name, *ends in zip(found.records, found.low, found.high, strict=True)}
    assert ends["recorded"] == pytest.approx([0.10, 0.22])
    assert ends["on_time"] == pytest.approx([0.40, 1.00])
    assert ends["detected"] == pytest.approx([0.0, 0.285])  # a rate cannot be negative


def test_patterns_hypotheses_and_effects_are_complete():
    found = rules.read_rules()
    assert set(found) == {*PATTERNS, *HYPOTHESES, *EFFECTS}
    for kind, names in (("pattern", PATTERNS), ("hypothesis", HYPOTHESES), ("effect", EFFECTS)):
        for number, id in zip(NUMBERS[kind], names, strict=True):
            rule = found[id]
            assert (rule.kind, rule.number) == (kind, number)
            assert rule.reason and all(rule.question.values()) and all(rule.label.values())
            assert bool(rule.knock_out) == (kind != "effect")
            sized = [{"published", "sign"} & condition.keys() for condition in rule.conditions]
            assert any(sized) if kind == "effect" else not any(sized), id
    overlapping = {rule.number for rule in found.values() if rule.kind != "effect" and rule.overlaps}
    assert overlapping == {2, 3, 4, 5, 11}


def test_only_patterns_and_effects_that_nothing_was_written_after_count():
    counted = {rule.id for rule in rules.read_rules().values() if rule.counted}
    assert counted == {*PATTERNS, *SIX}


def test_every_setting_of_every_rule_can_be_built():
    for rule in rules.read_rules().values():
        named = {name for condition in rule.conditions for name in rules.statistics.settings_of(condition)}
        assert named == set(rule.settings), rule.id
        for name in rule.settings:
            whole = rules.built(rule, name, residents=2_000, seed=1, frozen=False, theory={})
            frozen = rules.built(rule, name, residents=2_000, seed=1, frozen=True, theory={})
            assert (whole.fingerprint != frozen.fingerprint) == bool(rule.knock_out)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"conditions": [{"statistic": "eval", "at_least": 0}]}, "statistic 'eval'"),
        ({"conditions": [{"statistic": "level", "of": "luck", "at": "today", "at_least": 0}]}, "indicator"),
        ({"conditions": [{"statistic": "level", "of": "skill", "at": "later", "at_least": 0}]}, "setting of this file"),
        ({"knock_out": {"mechanisms": ["weather"]}}, "mechanism"),
        ({"standing": "proven"}, "assumed or emergent"),
        ({"overlaps": ["nobody_1999"]}, "pattern or effect"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(tmp_path, change, says):
    import yaml

    given = {**read_yaml(rules.FOLDER / "before_visits.yaml"), **change}
    (tmp_path / "before_visits.yaml").write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SettingError, match=says):
        rules.read_rules(tmp_path)


# --- draws


def test_draw_i_is_the_same_everywhere_and_keeps_to_its_prior():
    many = behaviour.draw_priors(range(300), 4)
    assert behaviour.draw_priors([17], 4)[0] == many[17]
    assert behaviour.draw_priors([17], 5)[0] != many[17]
    for id, prior in read_parameters().items():
        values = np.array([draw[id] for draw in many])
        assert prior.low <= values.min() <= values.max() <= prior.high
        mean = (prior.low + prior.mode + prior.high) / 3
        assert abs(values.mean() - mean) < 4.5 * values.std() / math.sqrt(300) + 1e-12, id
    table = np.array([list(draw.values()) for draw in many])
    moving = table[:, np.ptp(table, axis=0) > 0]  # the spread of a constant is not 0 once it is rounded
    apart = np.corrcoef(moving.T)[np.triu_indices(moving.shape[1], 1)]
    assert np.abs(apart).max() < 0.35  # 56,000 pairs of 300 independent numbers


def test_a_set_comes_back_as_it_was_written(tmp_path):
    made = dict(zip([3, 8], behaviour.draw_priors([3, 8]), strict=True))
    behaviour.write_set(tmp_path, "mine", made, {"town": "average"})
    found = behaviour.read_set(str(tmp_path / "mine.csv"))
    assert found.draws == made
    assert found.provenance == {"town": "average"}
    assert found.changed == ""


@pytest.mark.parametrize("name", behaviour.set_names())
def test_sets_in_the_repository_can_be_read_and_are_of_the_present_priors_or_say_that_they_are_not(name):
    found = behaviour.read_set(name)
    assert len(found.draws) >= 200
    fresh = found.provenance["priors_hash"] == behaviour.priors_hash()
    assert fresh == (found.changed == "") == (found.keyed == 0 and found.differences == "")
    if not fresh:
        assert found.changed.startswith(f"behaviour={name}: {found.differences}")
        assert f"priors {found.provenance['priors_hash'][:16]}" in found.changed
    # Every draw is whole and within the present priors: its own value where it has one, else the keyed one.
    keyed = behaviour.draw_priors(list(found.draws), found.provenance["seed"])
    columns = rows_of(behaviour.SETS / f"{name}.csv")
    for own, new, (number, draw) in zip(columns, keyed, found.draws.items(), strict=True):
        assert int(own["draw"]) == number and list(draw) == list(read_parameters())
        for id, prior in read_parameters().items():
            within = id in own and prior.low <= float(own[id]) <= prior.high
            assert draw[id] == (float(own[id]) if within else new[id])
            assert prior.low <= draw[id] <= prior.high
    if fresh:
        assert keyed == list(found.draws.values())


# --- the jobs


@pytest.mark.parametrize(
    ("job", "word"),
    [
        (calibrate, "experiment=huge"),
        (calibrate, "draws=3"),
        (calibrate, "tolerance=0.5"),
        (calibrate, "residents=7"),
        (validate, "theories=2"),
        (validate, "behaviour=nobody"),
        (validate, "draws=0"),
        (validate, "threads=0"),
    ],
)
def test_a_bad_word_is_one_sentence_and_makes_nothing(place, capsys, job, word):
    assert job.main([word]) == 2
    said = capsys.readouterr()
    assert len(said.err.strip().splitlines()) == 1
    assert not list(place.iterdir())


@pytest.fixture(scope="module")
def finished(tmp_path_factory, compiled_model):
    """A calibration in tiny towns whose targets are wide, and its folder."""
    folder = tmp_path_factory.mktemp("calibration")
    words = ["experiment=quick", "draws=16", "residents=1000", "threads=1", "quiet=true", f"store={folder / 'store'}"]
    wide = calibration_run.Targets(
        {name: {**target, "low": -1e9, "high": 1e9} for name, target in calibration_run.targets_of().records.items()},
        calibration_run.targets_of().priors_hash,
    )
    patch = pytest.MonkeyPatch()
    patch.setattr(calibration_run, "targets_of", lambda: wide)
    code = calibrate.main([*words, f"output={folder / 'out'}"])
    again = calibrate.main([*words, f"output={folder / 'again'}"])
    patch.undo()
    return folder, (code, again)


def test_calibrate_end_to_end_and_the_same_line_goes_on_from_the_store(finished):
    folder, codes = finished
    assert codes == (0, 0)
    out, again = folder / "out", folder / "again"
    for table in ("stages", "targets", "parameters", "misfits", "draws"):
        name = f"tables/{table}.csv"
        assert (out / name).read_bytes() == (again / name).read_bytes()
    assert (out / "behaviour.csv").read_bytes() == (again / "behaviour.csv").read_bytes()
    stages = rows_of(out / "tables" / "stages.csv")
    # Every range is met, but a draw of whose figures one cannot be had does not meet it.
    whole = [row for row in rows_of(out / "tables" / "draws.csv") if all(row.values())]
    assert [int(row["draws_out"]) for row in stages] == [16, len(whole)]
    assert json.loads((out / "summary.json").read_text())["behavioural_draws"] == len(whole) > 10
    assert {path.stem for path in (out / "figures").iterdir()} == {"targets", "parameters", "misfits"}
    record = json.loads((out / "provenance.json").read_text())
    assert record["priors_hash"] == behaviour.priors_hash()


def test_targets_that_conflict_are_said_and_the_ranges_stand(finished, place, monkeypatch, capsys):
    folder, _ = finished
    given = calibration_run.targets_of()
    never = {**given.records, "slack": {**given.records["slack"], "low": 2.0, "high": 3.0}}
    monkeypatch.setattr(calibration_run, "targets_of", lambda: calibration_run.Targets(never, given.priors_hash))
    words = ["experiment=quick", "draws=16", "residents=1000", "threads=1", "quiet=true", f"store={folder / 'store'}"]
    assert calibrate.main([*words, "output=out"]) == 1
    assert "conflict" in capsys.readouterr().err
    by_target = {row["target"]: row for row in rows_of(place / "out" / "tables" / "targets.csv")}
    assert float(by_target["slack"]["low"]) == 2.0
    assert not (place / "out" / "behaviour.csv").exists()


@pytest.mark.parametrize("name", ["draws.csv", "behaviour.yaml", "misfits.pdf"])
def test_a_full_disk_is_one_sentence_and_the_runs_are_kept(finished, place, monkeypatch, capsys, name):
    folder, _ = finished
    wide = {key: {**target, "low": -1e9, "high": 1e9} for key, target in calibration_run.targets_of().records.items()}
    monkeypatch.setattr(calibration_run, "targets_of", lambda: calibration_run.Targets(wide, ""))
    write = Path.write_bytes

    def full(path, content):
        if path.name == name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    words = ["experiment=quick", "draws=16", "residents=1000", "threads=1", "quiet=true", f"store={folder / 'store'}"]
    assert calibrate.main([*words, "output=out"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert "No space left" in said and "steps so far are stored" in said and "the folder out is missing" in said
    assert not list(place.iterdir())


def test_validate_end_to_end(finished, place, monkeypatch, capsys):
    folder, _ = finished
    words = ["experiment=quick_validation", "draws=2", "random=2", "residents=1000", "threads=1", "quiet=true"]
    words += [f"behaviour={folder / 'out' / 'behaviour.csv'}", f"store={folder / 'store'}", "theories=true"]
    assert validate.main([*words, "output=out"]) == 0
    rows = rows_of(place / "out" / "tables" / "validation.csv")
    assert [row["id"] for row in rows] == [*PATTERNS, *HYPOTHESES, *EFFECTS]
    assert list(rows[0])[: len(COLUMNS)] == COLUMNS
    found = json.loads((place / "out" / "summary.json").read_text())
    held = [row for row in rows if row["kind"] == "pattern" and row["verdict"] == "holds"]
    assert found["patterns_held"] == len(held)
    assert (found["patterns_total"], found["hypotheses_total"]) == (11, 4)
    assert found["effects_total"] == len(SIX)
    assert found["assumed_effects_total"] == len((*NINE, *SEEN))
    assert found["emergent_total"] == sum(row["standing"] == "emergent" for row in rows[:11])
    assert found["emergent_held"] <= found["patterns_held"]
    assert found["effects_within_factor_two"] <= found["effects_right_sign"] <= 6
    assert {row["verdict"] for row in rows} <= {"holds", "fails", "within_factor_two", "right_sign", "wrong_sign"}
    theories = rows_of(place / "out" / "tables" / "theories.csv")
    rivals = {f"{part}_{name}" for part, (_, *others) in THEORIES.items() for name in others}
    assert {f"share__{name}" for name in ("set", *rivals)} == {key for key in theories[0] if key.startswith("share__")}
    assert rivals <= theories[0].keys()
    record = json.loads((place / "out" / "provenance.json").read_text())
    assert len(record["best"]["fifteen_at_once.seven"]) == 7
    numbers = record["draws"]
    assert set(numbers["set"]).isdisjoint(numbers["random"])
    assert (place / "out" / "figures" / "validation.svg").is_file()

    def broken(path, content):
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(Path, "write_bytes", broken)
    before = {path: path.read_bytes() for path in (place / "out").rglob("*.csv")}
    assert validate.main([*words, "output=out"]) == 1
    assert "broken disk" in capsys.readouterr().err and sorted(place.iterdir()) == [place / "out"]
    assert before == {path: path.read_bytes() for path in (place / "out").rglob("*.csv")}


def test_validate_says_what_the_repository_s_set_is(place, capsys, compiled_model):
    """The set of the repository is usable though it was made with other priors, and the job says so before it runs."""
    found = behaviour.read_set("average")
    words = ["experiment=quick_validation", "draws=2", "random=0", "residents=1000", "threads=1", "quiet=true"]
    assert validate.main([*words, "output=out"]) == 0
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.startswith("behaviour=average")] == [found.changed] * bool(found.changed)
    record = json.loads((place / "out" / "provenance.json").read_text())
    assert record["behaviour"]["name"] == "average"
    assert record["behaviour"]["changed"] == (found.changed or None)
