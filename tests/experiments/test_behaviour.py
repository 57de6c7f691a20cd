"""Over a behavioural set: each replicate has its own parameters, the same in every row of a design."""

from __future__ import annotations

import subprocess
import sys

from experiments import compare

from .finished import SMALL, read, rows


def test_a_behavioural_set_gives_each_replicate_its_own_parameters(place, model):
    from experiments.behaviour import read_set

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
    found = {member.place: member.setting for member in members}
    assert [found["full", k].parameters["talk_every"] for k in range(3)] == [4.0, 9.0, 4.0]
    assert [found["full", k].seed for k in range(3)] == [0, 1, 2]
    for k in range(3):
        assert found["full", k].history_key == found["none", k].history_key
    asked = [((bit, bit), k) for k in range(3) for bit in (0, 1)]
    coalitions = coalition_members(full, ("one_window", "burden_relief"), asked, draws)
    for member in coalitions:
        same = members[2 * member.replicate + (member.row == "11")]
        assert (member.fingerprint, member.history) == (same.fingerprint, same.history)


def test_a_study_is_read_without_numpy():
    """So that help and refusals come at once."""
    asked = "import sys, experiments.compose, experiments.rank, experiments.help; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
