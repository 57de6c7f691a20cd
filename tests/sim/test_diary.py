"""One resident's diary: it changes nothing, and all diaries together are what the town has counted."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sim import diary, run
from sim.diary_events import CLOSED, EVENTS, NUMBER, OPENED
from sim.inputs.settings import SettingError, setting
from sim.vocabulary import CLUSTERS, GRIEVANCES, KINDS, PETITION, ROLES
from sim.world import world_of

pytestmark = pytest.mark.usefixtures("compiled_model")
WEEKS, RESIDENTS = 52, 100


@pytest.fixture(scope="module")
def town():
    """A small troubled village: history, setting, tallies without a diary, and the diary of each resident."""
    chosen = setting(
        "demo_village",
        residents=RESIDENTS,
        weeks=WEEKS,
        seed=3,
        burden=2.0,
        facts={
            "calendar": {"settling_weeks": 0},
            "population": {"sparks_per_1000_year": 100.0, "threshold_low": 0.0, "threshold_high": 0.01},
        },
    )
    history = run.history(chosen)
    history.units[0].state.residents["grievance"][::2] = 0.7
    tallies = run.branch(history, chosen).tallies[52:]
    return history, chosen, tallies, [diary.keep(history, chosen, 0, i) for i in range(RESIDENTS)]


def of(kept, *events: str) -> np.ndarray:
    """Entries of some events in a diary."""
    return kept.entries[np.isin(kept.entries["event"], [NUMBER[event] for event in events])]


def test_a_run_with_a_diary_is_the_same_bit_by_bit(town):
    history, chosen, _, _ = town
    world = world_of(chosen)
    state = history.units[0].state
    plain = run.run_unit(run.with_measures(state, world), world, 0, WEEKS, 0)
    read = diary.follow(run.with_measures(state, world), world, WEEKS, diary.Reader(7, world))
    assert read.tallies.tobytes() == plain.tallies.tobytes()
    for name, one, other in zip(plain.state._fields, read.state, plain.state, strict=True):
        assert np.array_equal(one, other), name


def test_a_diary_adds_up_week_by_week(town):
    for kept in town[-1]:
        entries, weeks = kept
        assert weeks["week"].tolist() == list(range(WEEKS))
        assert np.all(np.diff(entries["week"]) >= 0)
        under_way = np.zeros(WEEKS, int)
        for events, sign in ((OPENED, 1), ((*CLOSED, "withdrawn"), -1)):
            under_way += sign * np.bincount(of(kept, *events)["week"], minlength=WEEKS).cumsum()
        assert np.array_equal(under_way, weeks["open"])
        cases = set(entries["case"][entries["case"] >= 0].tolist())
        assert cases == set(range(len(cases))), "cases are numbered as they come"


def test_every_open_case_lies_somewhere_at_every_weeks_end(town):
    for kept in town[-1]:
        waits = of(kept, "at_desk", "on_the_way")
        for week in kept.weeks:
            assert len(set(waits["case"][waits["week"] == week["week"]].tolist())) == week["open"]
        assert np.all((waits["desk"] >= 0) & (waits["desk"] < len(ROLES) + len(CLUSTERS)))
        assert np.all(waits["number"] >= 0.0)


def test_all_diaries_together_are_what_the_town_has_counted(town):
    _, _, counts, diaries = town

    def entries(*events: str) -> np.ndarray:
        return np.concatenate([of(kept, *events) for kept in diaries])

    assert len(entries("raised", "petitioned")) == counts["raised"].sum()
    assert len(entries("petitioned")) == counts["raised_kind"][:, PETITION].sum() > 0
    assert len(entries(*CLOSED)) == counts["closed"].sum() > 0
    assert len(entries("withdrawn")) == counts["withdrawn"].sum() > 0
    assert len(entries("quarrel")) == counts["incident_people"].sum() > 0
    assert len(entries("withdrawn", "closed_on_paper")) == (counts["users"] - counts["answered"]).sum()
    assert entries("online")["number"].sum() == counts["online"].sum() > 0
    for cause, name in enumerate(GRIEVANCES):
        assert np.sum(entries("petitioned")["number"] == cause) == counts[f"petitions_{name}"].sum(), name
    closed = entries(*CLOSED)
    for kind in range(len(KINDS)):
        days = closed["number"][closed["kind"] == kind].sum()
        assert days == pytest.approx(counts["days"][:, kind].sum()), KINDS[kind]
    satisfaction = sum(kept.weeks["satisfaction"] for kept in diaries)
    np.testing.assert_allclose(satisfaction, counts["satisfaction"], rtol=1e-6)


def test_who_does_not_live_there_has_no_diary(town):
    history, chosen, _, _ = town
    for village, resident in ((1, 0), (0, RESIDENTS), (-1, 0), (0, -1)):
        with pytest.raises(SettingError, match=f"village {village}, resident {resident} given"):
            diary.keep(history, chosen, village, resident)


def test_every_event_has_its_name_in_two_languages():
    assert len({event.id for event in EVENTS}) == len(EVENTS)
    for event in EVENTS:
        assert all(re.search(r"[一-鿿]", text) for text in (event.label_zh, event.number_zh)), event.id
        assert not re.search(r"[一-鿿]", event.label_en + event.number_en), event.id
