"""Town files, their layouts, scaling, and a user's table of villages."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.files import CONFIGS
from sim.inputs.places import TownSpec, letters
from sim.inputs.sampling import apportion, committee
from sim.inputs.settings import setting
from sim.inputs.town_files import read_town, town_names
from sim.inputs.validators import SettingError
from sim.levers import LEVERS

WHOLE = ("average", "inspected", "remote_town", "subdistrict", "demo_village", "county", "city")
PRESETS = (*WHOLE, "sample", "sample_by_residents")


def villages(town: TownSpec):
    return [village for unit in town.units for village in unit.villages]


def cadres(town: TownSpec) -> float:
    return sum(unit.township_cadres for unit in town.units)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def from_table(path: Path, **more) -> TownSpec:
    return setting("from_table", table=path, **more).town


def test_the_presets_are_there():
    assert set(town_names()) == {*PRESETS, "from_table"}


def test_a_town_is_complete(subtests):
    for name in PRESETS:
        with subtests.test(name=name):
            town = read_town(name).spec
            assert list(town.levers) == list(LEVERS)
            assert all(LEVERS[id].low <= value <= LEVERS[id].high for id, value in town.levers.items())
            assert town.label_en.isascii() and not town.label_zh.isascii()
            assert all(village.residents >= 1 and village.cadres is None for village in villages(town))
            assert all(village.cadres >= 3 for village in villages(setting(name).drawn))
            assert all(unit.villages and unit.township_cadres > 0 for unit in town.units)
            assert TownSpec.from_dict(town.as_dict()) == town


def test_the_average_town():
    town = read_town("average").spec
    assert dict(town.levers) == {id: lever.default for id, lever in LEVERS.items()}
    assert town.residents == 48_700
    assert len(villages(town)) == 25
    assert sum(village.kind == "community" for village in villages(town)) == 3
    assert cadres(town) == 110
    sizes = [village.residents for village in villages(town)]
    assert len(set(sizes)) == 25 and max(sizes) < 4 * 48_700 / 25


def test_the_inspected_town_is_the_average_one_with_other_habits():
    town, average = read_town("inspected").spec, read_town("average").spec
    assert town.units == average.units
    assert town.levers["study_sessions"] == 12
    assert town.levers["study_discussion_share"] == 0.25
    assert town.levers["branch_meetings"] == 2
    assert town.levers["inactive_members"] == 0.22
    assert read_town("inspected").facts["staffing", "village_age"] == 58


def test_the_county_is_whole():
    town = read_town("county").spec
    assert town.residents == 474_711
    assert [unit.name for unit in town.units] == list("ABCDEFGHIJKLMNO")
    counts = [len(unit.villages) for unit in town.units]
    assert counts == [33, 36, 24, 49, 21, 29, 70, 30, 26, 15, 11, 7, 13, 14, 17]
    assert sum(counts) == 395
    assert sum(village.kind == "community" for village in villages(town)) == 21
    assert read_town("county").facts["population", "share_over_60"] == 0.2372


def test_the_city_is_whole():
    town = read_town("city").spec
    assert town.residents == 6_622_888
    assert len(town.units) == 136 and town.units[135].name == "EF"
    assert len(villages(town)) == 3_429
    assert sum(village.kind == "community" for village in villages(town)) == 394


def test_a_subdistrict_is_mostly_communities_and_a_remote_town_has_none():
    kinds = [village.kind for village in villages(read_town("subdistrict").spec)]
    assert kinds.count("community") > len(kinds) / 2
    remote = villages(read_town("remote_town").spec)
    assert {village.kind for village in remote} == {"rural"}


def test_no_place_is_named_in_a_town():
    known = (CONFIGS / "town" / "data" / "taizhou_divisions.csv").read_text(encoding="utf-8")
    names = [line.split(",")[1] for line in known.splitlines()[1:]]
    assert "Tiantai" in names
    for preset in PRESETS:
        words = str(read_town(preset).spec.as_dict())
        assert not any(name in words for name in names)


def test_scaling_keeps_village_size_and_staff_per_head(subtests):
    for name, residents in itertools.product(WHOLE, (100, 1_999, 5_000, 48_700, 250_001)):
        with subtests.test(name=name, residents=residents):
            town = read_town(name).spec
            scaled = setting(name, residents=residents, seed=residents % 7).drawn
            assert scaled.residents == residents
            per_head = cadres(town) / town.residents
            assert cadres(scaled) == pytest.approx(per_head * residents)
            size = town.residents / len(villages(town))
            expected = max(1, int(residents / size + 0.5))
            assert len(villages(scaled)) == expected == read_town(name, residents).spec.shape["villages"]
            assert scaled.levers == town.levers and scaled.id == town.id


def test_a_scaled_town_is_the_same_for_all_settings_of_a_seed_and_another_for_another_seed():
    one = [setting(residents=10_000, seed=3, burden=burden).drawn for burden in (0.0, 1.0)]
    assert one[0] == one[1]
    assert len({setting(residents=10_000, seed=seed).drawn for seed in range(20)}) == 5
    assert len({setting(seed=seed).drawn for seed in range(5)}) == 1, "a whole town hangs on no seed"


def test_every_village_is_as_likely_to_be_sampled_as_any_other():
    """A tenth of 25 villages: 100 seeds in systematic samples of 2 or 3 villages take each in one of ten."""
    kinds = [v.kind for seed in range(400) for v in villages(setting(residents=4_870, seed=seed).drawn)]
    assert kinds.count("community") / len(kinds) == pytest.approx(3 / 25, abs=0.04)


def test_committees_go_by_size_and_the_switch_gives_six_to_every_village():
    facts = setting().facts["population"]
    assert [committee(n, facts) for n in (100, 1_625, 1_950, 5_050)] == [3, 5, 6, 16]
    town = setting().drawn
    assert len({village.cadres for village in villages(town)}) > 5
    assert sum(village.cadres for village in villages(town)) == pytest.approx(48_700 / 325, rel=0.1)
    six = setting(facts={"switches": {"seats_by_size": 0}}).drawn
    assert {village.cadres for village in villages(six)} == {6}


# a population of towns


def test_seeds_in_a_row_go_evenly_through_all_units_and_all_residents():
    city = {unit.name: unit for unit in read_town("city").spec.units}
    drawn = [setting("sample", seed=seed).drawn.units for seed in range(136)]
    names = [unit.name for (unit,) in drawn]
    assert len(set(names)) > 100 and all(unit.residents == city[unit.name].residents for (unit,) in drawn)
    mean = sum(unit.residents for unit in city.values()) / 136
    assert sum(unit.residents for (unit,) in drawn) / 136 == pytest.approx(mean, rel=0.03)
    by_residents = sum(unit.residents**2 for unit in city.values()) / sum(unit.residents for unit in city.values())
    heavy = [setting("sample_by_residents", seed=seed).drawn.residents for seed in range(136)]
    assert sum(heavy) / 136 == pytest.approx(by_residents, rel=0.03) and by_residents > 1.2 * mean


def test_habits_of_drawn_towns_lie_around_the_average_and_go_together():
    inspected, average = read_town("inspected").spec.levers, read_town("average").spec.levers
    moved = [setting("sample", seed=seed).drawn.levers for seed in range(200)]
    apart = [name for name in average if inspected[name] != average[name]]

    def way(levers, name):
        return (levers[name] - average[name]) / (inspected[name] - average[name])

    ways = [way(levers, "meeting_hours") for levers in moved]
    assert abs(sum(ways) / 200) < 0.05 and 0.3 < max(ways) <= 0.5 and -0.5 <= min(ways) < -0.3
    assert all(way(moved[0], name) == pytest.approx(ways[0]) for name in apart if 0 < moved[0][name] < 1)
    assert all(LEVERS[id].low <= value <= LEVERS[id].high for levers in moved for id, value in levers.items())
    same = setting("sample", seed=1, facts={"switches": {"town_effect": 0}}).drawn.levers
    assert same == average


def test_the_town_of_a_seed_is_the_same_for_all_settings_of_the_seed():
    one, other = setting("sample", seed=5, burden=0.0), setting("sample", seed=5, measures={"one_window": 1.0})
    assert one.drawn == other.drawn and one.history_key == other.history_key
    assert one.drawn != setting("sample", seed=6).drawn
    assert setting("sample", seed=5, residents=3_000).drawn.residents == 3_000


def test_a_town_at_its_own_size_is_the_town_itself():
    assert read_town("county", 474_711).spec == read_town("county").spec


def test_a_scaled_county_keeps_its_units_while_there_are_villages_enough():
    assert len(setting("county", residents=150_000).drawn.units) == 15
    assert len(setting("county", residents=5_000).drawn.units) == 4


@given(
    total=st.integers(50, 10_000_000),
    weights=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=50),
    least=st.integers(0, 1),
)
def test_apportioning_is_exact_and_near_the_quota(total, weights, least):
    parts = apportion(total, weights, least)
    assert sum(parts) == total and min(parts) >= least
    rest = total - least * len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - least - rest * weight / sum(weights)) <= 1 + 1e-6


def test_letters_go_on_after_z():
    assert [letters(i) for i in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]


# a town file that is wrong


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    for part in ("measures", "town", "facts", "parameters"):
        shutil.copytree(CONFIGS / part, tmp_path / part)
    return tmp_path


BAD_TOWNS = {
    "levers: {toleranse: 0.3}": "levers.toleranse: no such lever; did you mean tolerance?",
    "levers: {tolerance: 30}": "levers.tolerance: 30 given, a number between 0 and 1",
    "levers: {tolerance: yes}": "levers.tolerance: 'yes' given",
    "levers: {tolerance: .nan}": "line 4: .nan given",
    "levers: {tolerance: 0.1, tolerance: 0.2}": "line 4: key tolerance given twice",
    "levers: [tolerance]": "levers: ['tolerance'] given, a mapping",
    "lever: {}": "lever: no such key; did you mean levers?",
    "place: {villages: 0}": "place.villages: 0 given",
    "place: {villages: 2.5}": "place.villages: 2.5 given, a whole number",
    "place: {communities: 30}": "place.communities: 30 given, a whole number between 0 and 25",
    "place: {vilages: 20}": "place.vilages: no such key; did you mean villages?",
    "place: {layout: devisions}": "place.layout: 'devisions' given",
    "place: {layout: divisions}": "place.divisions: None given",
    "place: {layout: divisions, divisions: ['331099']}": "place.divisions 331099: no such division",
    "place: {residents: 50}": "place.residents: 50 given",
    "facts: {nothing: {a: 1}}": "facts.nothing: no such fact",
    "levers: {tolerance: 0.1": "line 5: ",
}


def test_a_bad_town_file_is_refused_in_one_sentence(configs, subtests):
    for line in BAD_TOWNS:
        with subtests.test(line=line):
            head = "label_en: My town\nlabel_zh: 我的乡镇\nsource: test\n"
            write(configs / "town" / "mine.yaml", head + line + "\n")
            with pytest.raises(SettingError) as caught:
                setting("mine", configs=configs)
            message = str(caught.value)
            assert message.startswith(("mine.yaml, ", "mine.yaml: ")) and "\n" not in message
            assert BAD_TOWNS[line] in message


def test_a_new_town_file_is_a_new_town(configs):
    data = {"label_en": "Mine", "label_zh": "我的", "source": "test", "levers": {"burden": 1.2}}
    write(configs / "town" / "mine.yaml", yaml.safe_dump(data, allow_unicode=True))
    town = setting("mine", configs=configs).town
    assert town.levers["burden"] == 1.2 and len(villages(town)) == 25
