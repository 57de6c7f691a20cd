"""Town files: what a town has been, and its place (configs/town/).

A town file says where a town departs from `average`: lever values it has had, facts, and its place. There are four
layouts. `one_unit` is a township from its totals; `divisions` are whole divisions from the two tables in
configs/town/data/. `sample` is one of their units, drawn by seed; `table` takes villages from a user's table.

Rules, the same for all:
- Residents go to units, then villages, in proportion to weight. It is 1 for a rural village and `community_size` for a
  community, times a quantile of a lognormal with the log-spread `village_size_spread`. Sums are exact and nothing is
  random.
- Village cadres go by size (facts), where a table does not give them.
- Township cadres go by residents, as in `average`, with at least `township_cadres_least` a unit
  in the layouts that know a unit only by its residents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.inputs.facts import checked_facts
from sim.inputs.files import CONFIGS, csv_rows, kept, read_yaml, yaml_files
from sim.inputs.places import KINDS, RESIDENTS, Note, TownSpec, UnitSpec, VillageSpec, letters
from sim.inputs.sampling import apportion
from sim.inputs.validators import (
    Frozen,
    SettingError,
    choice,
    known_keys,
    mapping,
    number,
    place_name,
    refuse,
    text,
    unknown,
    whole,
)
from sim.inputs.village_table import TableRequest, read_villages
from sim.levers import LEVERS

BASE = "average"  # the town from which the others depart
LAYOUTS = ("one_unit", "divisions", "sample", "table")
WEIGHTS = ("units", "residents")
LABELS = ("label_en", "label_zh")
TOWN_KEYS = ("table", "sheet", "sum_lines", "other_columns", *LABELS)  # typed as town.table=, ...
EXTREME = "inspected"  # towards which, or away from which, a drawn town stands


@dataclass(frozen=True)
class TownFile:
    """A town at its own size, with the facts in which it departs ({path: value})."""

    spec: TownSpec
    facts: Mapping[tuple[str, ...], float]


def town_names(configs: Path | None = None) -> tuple[str, ...]:
    """Names that `town=` accepts."""
    return tuple(path.stem for path in yaml_files((configs or CONFIGS) / "town"))


def check_town_name(name: Any, origin: str, key: str = "town", configs: Path | None = None) -> str:
    """`name` if there is such a town, or a SettingError with the nearest one."""
    names = town_names(configs)
    if isinstance(name, str) and name in names:
        return name
    if not isinstance(name, str):
        raise refuse(origin, key, name, "a town's name")
    raise unknown(origin, f"{key} {name}", "town", names, f"known: {', '.join(names)}")


def needs_table(name: str, configs: Path | None = None) -> bool:
    """Whether the town takes its villages from a user's table."""
    path = (configs or CONFIGS) / "town" / f"{name}.yaml"
    place = kept([path], "town file", lambda: read_yaml(path)).get("place")
    return isinstance(place, Mapping) and place.get("layout") == "table"


def read_town(
    name: str,
    residents: int | None = None,
    table: TableRequest | None = None,
    configs: Path | None = None,
) -> TownFile:
    """The town called `name` (checked before), scaled to `residents` where given.

    Raises SettingError naming the file and the key, or the table's line and column.
    """
    folder = (configs or CONFIGS) / "town"
    paths = [folder / f"{name}.yaml", folder / f"{BASE}.yaml", folder / f"{EXTREME}.yaml"]
    paths += [folder / "data" / "taizhou_divisions.csv", folder / "data" / "taizhou_townships.csv"]
    paths += yaml_files((configs or CONFIGS) / "facts")
    if table is not None:
        paths.append(table.path)
    town = kept(paths, f"town {name} {table}", lambda: _town(name, folder, table, configs))
    if residents is None or (residents == town.spec.residents and not town.spec.weight):
        return town
    return replace(town, spec=replace(town.spec, size=residents))


def town_as_asked(
    name: str, asked: Mapping[str, Any], origins: Mapping[str, str], residents: int | None, configs: Path | None = None
) -> TownFile:
    """The town called `name` with checked values of TOWN_KEYS: a table for a town that reads one, and own labels.

    origins: where "town" and each key asked for was given. Raises SettingError.
    """
    labels = {key: asked[key] for key in LABELS if key in asked}
    of_table = {key: value for key, value in asked.items() if key not in LABELS}
    table = None
    if needs_table(name, configs):
        if "table" not in asked:
            raise SettingError(
                f"{origins['town']}, town.table: missing, town {name} needs the path of a CSV or XLSX file"
            )
        table = TableRequest(path=of_table.pop("table"), **of_table)
    else:
        for key, value in of_table.items():
            raise SettingError(
                f"{origins[key]}, town.{key}: {str(value)!r} given with town {name}, "
                "a town that reads a table expected; did you mean town=from_table?"
            )
    town = read_town(name, residents, table, configs)
    return replace(town, spec=replace(town.spec, **labels)) if labels else town


_KEYS = (*LABELS, "source", "levers", "facts", "place")


def _town(name: str, folder: Path, table: TableRequest | None, configs: Path | None) -> TownFile:
    path = folder / f"{name}.yaml"
    origin, data = place_name(path), read_yaml(path)
    known_keys(data, _KEYS, origin)
    for key in (*LABELS, "source"):
        text(data.get(key), origin, key)
    levers = _levers(data, origin)
    place = _place(mapping(data.get("place"), origin, "place"), origin, name, folder)
    notes: tuple[Note, ...]
    weight, extreme = "", None
    if place["layout"] == "divisions":
        units, notes = _from_divisions(place, folder, origin), ()
    elif place["layout"] == "sample":
        units, notes = _frame(place, folder, origin), ()
        other = folder / f"{EXTREME}.yaml"
        weight, extreme = place["weight"], Frozen(_levers(read_yaml(other), place_name(other)))
    elif place["layout"] == "table":
        villages, notes = read_villages(table or TableRequest(Path()))
        units = (UnitSpec("A", villages, _cadres_of(sum(v.residents for v in villages), place)),)
    else:
        units, notes = _one_unit(place, origin), ()
    spec = TownSpec(name, data["label_en"], data["label_zh"], Frozen(levers), units, notes, None, weight, extreme)
    return TownFile(spec, Frozen(checked_facts(data.get("facts"), origin, configs)))


def _levers(data: Mapping[str, Any], origin: str) -> dict[str, float]:
    """Every lever's value in a town file."""
    levers = {lever.id: lever.default for lever in LEVERS.values()}
    for key, value in mapping(data.get("levers"), origin, "levers").items():
        if key not in LEVERS:
            raise unknown(origin, f"levers.{key}", "lever", LEVERS)
        lever = LEVERS[key]
        levers[key] = number(value, lever.low, lever.high, origin, f"levers.{key}")
    return levers


def _place(given: Mapping, origin: str, name: str, folder: Path) -> dict[str, Any]:
    """The place of a town: the records of `average`, departures put in and held to their bounds."""
    base_origin = f"{BASE}.yaml"
    records = mapping(read_yaml(folder / base_origin).get("place"), base_origin, "place")
    known_keys(given, ("layout", "divisions", "weight", *records), origin, "place.")
    place: dict[str, Any] = {
        "layout": choice(given.get("layout", LAYOUTS[0]), LAYOUTS, origin, "place.layout"),
        "divisions": given.get("divisions"),
        "weight": choice(given.get("weight", WEIGHTS[0]), WEIGHTS, origin, "place.weight"),
    }
    for key, record in records.items():
        if key == "layout":
            continue
        record = mapping(record, base_origin, f"place.{key}")
        for part in ("value", "unit", "low", "high", "source"):
            if part not in record:
                raise SettingError(f"{base_origin}, place.{key}.{part}: missing, every record states it")
        value = record["value"] if name == BASE else given.get(key, record["value"])
        place[key] = number(value, record["low"], record["high"], origin, f"place.{key}")
    return place


def _one_unit(place: Mapping[str, Any], origin: str) -> tuple[UnitSpec, ...]:
    count = whole(place["villages"], 1, 10_000, origin, "place.villages")
    communities = whole(place["communities"], 0, count, origin, "place.communities")
    residents = whole(place["residents"], *RESIDENTS, origin, "place.residents")
    villages = _villages(residents, count - communities, communities, place)
    return (UnitSpec("A", villages, place["township_cadres"]),)


def _from_divisions(place: Mapping[str, Any], folder: Path, origin: str) -> tuple[UnitSpec, ...]:
    """All units of the divisions listed in the town file, from the two tables."""
    return tuple(unit for _, unit in _kinds_and_units(place, folder, origin))


def _frame(place: Mapping[str, Any], folder: Path, origin: str) -> tuple[UnitSpec, ...]:
    """All units there are, by kind and then by size: what a systematic draw goes down."""
    found = _kinds_and_units({**place, "divisions": "all"}, folder, origin)
    return tuple(unit for _, unit in sorted(found, key=lambda pair: (pair[0], pair[1].residents, pair[1].name)))


def _kinds_and_units(place: Mapping[str, Any], folder: Path, origin: str) -> list[tuple[str, UnitSpec]]:
    """(kind, unit) of the divisions listed, in the order of the tables."""
    divisions = _rows(folder / "data" / "taizhou_divisions.csv", "division_code")
    townships = _rows(folder / "data" / "taizhou_townships.csv", "unit_id")
    wanted = place["divisions"]
    codes = list(divisions) if wanted == "all" else wanted
    if not isinstance(codes, list) or not codes:
        raise refuse(origin, "place.divisions", wanted, "all or a list of division codes")
    units: list[tuple[str, UnitSpec]] = []
    for code in map(str, codes):
        if code not in divisions:
            raise unknown(origin, f"place.divisions {code}", "division", divisions)
        rows = [row for row in townships.values() if row["division_code"] == code]
        counts = [(row["kind"], int(row["villages"]), int(row["communities"])) for row in rows]
        weights = [rural + place["community_size"] * others for _, rural, others in counts]
        shares = apportion(int(divisions[code]["residents"]), weights)
        for (kind, rural, others), residents in zip(counts, shares, strict=True):
            villages = _villages(residents, rural, others, place)
            units.append((kind, UnitSpec(letters(len(units)), villages, _cadres_of(residents, place))))
    return units


def _rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    return {row[key]: row for row in csv_rows(path)}


def _cadres_of(residents: int, place: Mapping[str, Any]) -> float:
    """Township cadres of a unit known by its residents only."""
    proportional = residents * place["township_cadres"] / place["residents"]
    return max(proportional, place["township_cadres_least"])


def _villages(residents: int, rural: int, communities: int, place: Mapping[str, Any]) -> tuple[VillageSpec, ...]:
    """Rural villages, then communities, each from small to large; the sum is `residents`."""
    spread = place["village_size_spread"]
    weights = _quantiles(rural, spread)
    weights += [place["community_size"] * weight for weight in _quantiles(communities, spread)]
    return tuple(
        VillageSpec(
            kind=KINDS[index >= rural],
            residents=size,
            share_over_60=None,
            cadres=None,
            visibility=None,
            income=None,
        )
        for index, size in enumerate(apportion(residents, weights, least=1))
    )


def _quantiles(count: int, spread: float) -> list[float]:
    """`count` mid-quantiles of a lognormal with log-spread `spread`, scaled to mean 1."""
    from math import exp
    from statistics import NormalDist

    raw = [exp(spread * NormalDist().inv_cdf((i + 0.5) / count)) for i in range(count)]
    return [value * count / sum(raw) for value in raw]
