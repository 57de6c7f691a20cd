"""Each measure, and the package, kept or ended half-way: which runs are made, and what is told of them."""

from __future__ import annotations

import pytest

from experiments import rank
from experiments.job import study_of
from experiments.ranking.questions import persistence
from sim.inputs.measures import MEASURES

from .finished import read, rows

FOUR = list(MEASURES)[:4]
REST = ["residents=900", *(f"measures.{id}=0" for id in list(MEASURES)[4:]), "output=out", "quiet=true"]
WORDS = ["experiment=end_and_look", *REST, "weeks=156", "replicates=4", "ranking.persistence=3"]


@pytest.fixture
def study():
    values = {f"measures.{id}": 0 for id in list(MEASURES)[4:]}
    return study_of("rank", {"experiment": "end_and_look", "residents": 900, **values, "ranking.persistence": 3})


def test_nothing_the_package_and_each_measure_are_run_kept_and_ended(study):
    players = tuple(study.players)
    members = persistence.members_of(study, players)
    assert len(members) == 3 * (1 + 2 * 5)
    found = {(member.key.context[-1], member.key.name): member.base for member in members}
    assert not found["package", "nothing"].measures
    for name in ("package", *players):
        ids = set(players) if name == "package" else {name}
        kept, ended = (found[name, case].measures for case in ("kept", "ended"))
        assert {use.id for use in kept} == {use.id for use in ended} == ids
        assert {use.end for use in ended} == {156} and study.ranked.weeks == 312
        assert kept == tuple(use for use in study.ranked.measures if use.id in ids)
    assert len({member.setting.history_key for member in members}) == 3  # one history a replicate


def test_a_measure_that_is_to_end_sooner_ends_when_it_is_to(study):
    used = tuple(use if use.id != FOUR[0] else use.__class__(use.id, 1.0, 0, 60) for use in study.ranked.measures)
    made = persistence.cases(study.ranked.replace(measures=used), tuple(study.players))[FOUR[0], "ended"](study.ranked)
    assert [use.end for use in made.measures] == [60]


def test_the_folder_has_the_table(place, model):
    assert rank.main([*WORDS, "language=zh"]) == 0
    table = rows(place / "out", "persistence")
    outcomes = list(dict.fromkeys(row["outcome"] for row in table))
    assert len(outcomes) == 3
    for outcome in outcomes:
        own = [row for row in table if row["outcome"] == outcome]
        assert own[0]["name"] == "package" and {row["name"] for row in own[1:]} == set(FOUR)
        assert {row["weeks"] for row in own} == {"78"} and {row["seeds"] for row in own} == {"3"}
    assert read(place / "out", "provenance.json")["ranking"]["persistence"] == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ranking.persistence=2"], "ranking.persistence: 2 given, 0 (off) or a whole number from 3"),
        (["weeks=60"], "ranking.persistence: 3 given, 0, or weeks from 156 on expected"),
        (
            [f"measures.{FOUR[0]}={{intensity: 1, start: 100}}"],
            "ranking.persistence: 3 given, 0, or measures that start before week 78, "
            f"which {FOUR[0]} does not expected",
        ),
    ],
)
def test_what_cannot_be_ended_is_refused(place, capfd, words, said):
    given = [word for word in WORDS if word.split("=")[0] not in {one.split("=")[0] for one in words}]
    assert rank.main([*given, *words]) == 2
    assert said in capfd.readouterr().err
    assert list(place.iterdir()) == []
