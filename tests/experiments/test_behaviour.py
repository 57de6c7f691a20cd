"""Over a behavioural set: each replicate has its own parameters, the same in every row of a design."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import sim.inputs.priors
from experiments import compare
from experiments.job import study_of as compose
from experiments.study import behaviour
from sim.inputs.files import CONFIGS
from sim.inputs.validators import SettingError

from .finished import SMALL, read, rows


def test_a_behavioural_set_gives_each_replicate_its_own_parameters(place, model):
    from experiments.study.behaviour import read_set

    draws = read_set("average").draws
    assert compare.main([*SMALL, "behaviour=average", "replicates=3", "output=out", "quiet=true"]) == 0
    first = list(draws)[:3]
    assert [int(row["draw"]) for row in rows(place / "out", "runs")] == [*first, *first]
    record = read(place / "out", "provenance.json")["behaviour"]
    assert record["set"] == "average"
    assert record["draws"] == first
    assert record["from"]["town"] == "average"


def test_members_over_a_set_share_seed_and_parameters_across_rows_and_come_round_again():
    from experiments.ensemble.members import coalition_members, rows_by_seeds
    from sim.inputs.settings import setting

    draws = [{**setting("demo_village").parameters, "talk_every": value} for value in (4.0, 9.0)]
    full = setting("demo_village", measures={"one_window": 1.0, "burden_relief": 0.5})
    members = rows_by_seeds({"none": setting("demo_village"), "full": full}, 3, draws)
    found = {(str(member.key), member.replicate): member.setting for member in members}
    assert [found["full", k].parameters["talk_every"] for k in range(3)] == [4.0, 9.0, 4.0]
    assert [found["full", k].seed for k in range(3)] == [0, 1, 2]
    for k in range(3):
        assert found["full", k].history_key == found["none", k].history_key
    asked = [((bit, bit), k) for k in range(3) for bit in (0, 1)]
    coalitions = coalition_members(full, ("one_window", "burden_relief"), asked, draws)
    for member in coalitions:
        same = members[2 * member.replicate + (str(member.key) == "11")]
        assert (member.fingerprint, member.history) == (same.fingerprint, same.history)


def test_a_study_is_read_without_numpy():
    """So that help and refusals come at once."""
    loaded = "experiments.study.compose, experiments.rank, experiments.cli.help"
    asked = f"import sys, {loaded}; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


# --- a set survives a change of the priors


NEW = "made_up: {low: 0.1, mode: 0.3, high: 0.8, unit: share, source: assumption}\n"


@pytest.fixture
def mine(place) -> behaviour.Behaviour:
    """A set of the present priors in the working folder, as calibrate would write it: behaviour=mine.csv."""
    numbers = range(0, 750, 3)
    draws = dict(zip(numbers, behaviour.draw_priors(numbers, 5), strict=True))
    told = {"seed": 5, "priors_hash": behaviour.priors_hash(), "model_version": "0123456789abcdef"}
    behaviour.write_set(place, "mine", draws, told)
    found = behaviour.read_set("mine.csv")
    assert (found.draws, found.changed, found.keyed) == (draws, "", 0)
    return found


@pytest.fixture
def priors(place, monkeypatch) -> Callable[[str, str], None]:
    """Function: replace words in the one file of a copy of configs/parameters that has them; the model reads it."""
    shutil.copytree(CONFIGS / "parameters", place / "configs" / "parameters")
    monkeypatch.setattr(sim.inputs.priors, "CONFIGS", place / "configs")
    monkeypatch.setattr(sim.inputs.priors, "check_parameters", lambda found: None)

    def change(old: str, new: str) -> None:
        texts = {path: path.read_text(encoding="utf-8") for path in (place / "configs" / "parameters").iterdir()}
        ((path, text),) = ((path, text) for path, text in texts.items() if f"\n{old}" in text)
        path.write_text(text.replace(f"\n{old}", f"\n{new}", 1), encoding="utf-8")

    return change


def test_a_new_parameter_leaves_the_full_ranking_usable_and_is_said(mine, priors):
    priors("moral_weight:", f"{NEW}moral_weight:")
    study = compose("rank", {"experiment": "full_ranking", "behaviour": "mine.csv"})
    assert study.behaviour.changed == (
        "behaviour=mine: 1 parameter is new (made_up): each draw takes its own keyed value of the present prior "
        f"there ({len(mine.draws)} values in all); the set was made with model version "
        f"{mine.provenance['model_version']}, priors {mine.provenance['priors_hash'][:16]}"
    )
    keyed = behaviour.draw_priors(list(mine.draws), mine.provenance["seed"])
    for (number, draw), own in zip(study.behaviour.draws.items(), keyed, strict=True):
        assert draw == {**mine.draws[number], "made_up": own["made_up"]}
        assert list(draw) == list(sim.inputs.priors.read_parameters())
    assert len({draw["made_up"] for draw in study.draws}) > 200


def test_a_renamed_parameter_and_another_range(mine, priors):
    priors("kickback:", "kick_back:")
    priors("moral_weight: {low: 0.45, mode: 0.75, high: 1.125", "moral_weight: {low: 0.45, mode: 0.55, high: 0.7")
    after = behaviour.read_set("mine.csv")
    assert after.differences == (
        "1 parameter is new (kick_back), 1 parameter is gone (kickback), 1 parameter has another range (moral_weight)"
    )
    keyed = dict(zip(mine.draws, behaviour.draw_priors(list(mine.draws), 5), strict=True))
    outside = [number for number, draw in mine.draws.items() if draw["moral_weight"] > 0.7]
    assert 0 < len(outside) < len(mine.draws)
    assert after.keyed == len(outside) + len(mine.draws)
    for number, draw in after.draws.items():
        own = keyed[number] if number in outside else mine.draws[number]
        assert draw["moral_weight"] == own["moral_weight"] <= 0.7
        assert draw["kick_back"] == keyed[number]["kick_back"]
        assert "kickback" not in draw
    # Not clipped: what lay above the new bound does not pile up at it.
    assert sum(draw["moral_weight"] == 0.7 for draw in after.draws.values()) <= 1


def test_a_set_tells_its_priors_and_so_a_mode_that_moved(mine, priors):
    priors("moral_weight: {low: 0.45, mode: 0.75", "moral_weight: {low: 0.45, mode: 0.8")
    found = behaviour.read_set("mine.csv")
    assert (found.draws, found.keyed) == (mine.draws, 0)
    assert found.differences == "1 parameter has another range (moral_weight)"
    assert "priors" not in found.provenance
    priors("moral_weight:", f"{NEW}moral_weight:")
    own = behaviour.draw_priors(list(mine.draws), 5)
    assert [draw["made_up"] for draw in behaviour.read_set("mine.csv").draws.values()] == [
        draw["made_up"] for draw in own
    ]


def test_a_set_that_tells_a_hash_only_says_that_priors_have_changed(mine, priors, place):
    notes = place / "mine.yaml"
    notes.write_text(yaml.safe_dump(dict(mine.provenance)), encoding="utf-8")  # as sets were written before
    assert behaviour.read_set("mine.csv").changed == ""
    priors("moral_weight: {low: 0.45, mode: 0.75", "moral_weight: {low: 0.45, mode: 0.8")
    found = behaviour.read_set("mine.csv")
    assert found.keyed == 0 and found.changed.startswith("behaviour=mine: priors have changed, in their modes or")


def test_what_changed_stands_on_the_console_and_in_the_provenance(mine, priors, place, model, capsys):
    priors("moral_weight:", f"{NEW}moral_weight:")
    assert compare.main([*SMALL, "behaviour=mine.csv", "replicates=3", "output=out", "quiet=true"]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("behaviour=mine: 1 parameter")]
    assert len(lines) == 1
    assert read(place / "out", "provenance.json")["behaviour"]["changed"] == lines[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.csv: no draws"),
        ("draw,moral_weight\n", "mine.csv: no draws"),
        ("moral_weight\n0.5\n", "mine.csv: no draws, a column draw"),
        ("draw,moral_weight\n1,high\n", "draw 1: could not convert"),
        ("draw,moral_weight\n1,\n", "draw 1: could not convert"),
        ("draw,moral_weight\n1,nan\n", "draw 1, moral_weight: nan given, a finite number"),
        ("draw,moral_weight,gone\n1,0.5,x\n", "draw 1: could not convert"),
        ("draw,moral_weight\none,0.5\n", "draw one: invalid literal"),
        ("draw,moral_weight\n1,0.5\n1,0.6\n", "draw 1: given twice"),
        ("draw,moral_weight\n-1,0.5\n", "draw -1: given twice or out of range"),
        ("draw,moral_weight\n1\n", "line 2: 1 cells given, 2 expected"),
        ("draw,residents\n1,5\n", "no parameter of configs/parameters among its columns"),
    ],
)
def test_a_malformed_set_is_refused(place, text, said):
    (place / "mine.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SettingError) as caught:
        behaviour.read_set("mine.csv")
    assert said in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("notes", ["seed: x", "seed: -1", "priors: 3", "priors: {moral_weight: 1}", "- 1"])
def test_bad_notes_of_a_set_are_refused(place: Path, notes):
    (place / "mine.csv").write_text("draw,moral_weight\n1,0.5\n", encoding="utf-8")
    (place / "mine.yaml").write_text(notes, encoding="utf-8")
    with pytest.raises(SettingError, match=r"^mine.yaml"):
        behaviour.read_set("mine.csv")
