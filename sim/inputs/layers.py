"""Sources: what one experiment file, one command line or one call says, checked by itself.

A checked source is flat: where a value stands ("measures", "one_window", "intensity") -> the value.
Dials have become levers. Sources can then be merged value by value (sim/inputs/settings.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.inputs.facts import checked_facts
from sim.inputs.measures import read_measures
from sim.inputs.places import RESIDENTS
from sim.inputs.priors import checked_parameters, read_parameters
from sim.inputs.town_files import TOWN_KEYS, check_town_name
from sim.inputs.validators import SettingError, choice, known_keys, mapping, number, refuse, text, unknown, whole
from sim.inputs.village_table import OTHER_COLUMNS, SUM_LINES
from sim.levers import DIALS, LEVERS
from sim.vocabulary import MECHANISMS, STATED, THEORIES

POTENCY = (*STATED, "draw")  # or a whole number: the draw of that number, for any seed
WEEKS = (52, 2_600)
SEEDS = (0, 2**63 - 1)
SEED_WORDS = ("rng", "random_seed", "random_state")  # what others call it
KEYS = (
    "town",
    *(f"town_{key}" for key in TOWN_KEYS),
    *DIALS,
    "levers",
    "measures",
    "measures_dir",
    "own_measures",
    "parameters",
    "facts",
    "residents",
    "weeks",
    "seed",
    "theory",
    "knock_out",
    "coupling",
    "potency",
)

Place = tuple[str, ...]
Leaves = dict[Place, Any]  # where a value stands -> the value


def checked_source(
    given: Mapping[str, Any], origin: str, configs: Path | None, measures: Collection[str] | None = None
) -> Leaves:
    """One source (keys among KEYS) as checked leaves; None says nothing. Raises SettingError.

    measures: the ids that may be used, where there are others than those of the toolkit.
    """
    measures = read_measures(configs) if measures is None else measures
    for key in given:
        if key not in KEYS:
            raise misplaced(key, origin, configs)
    given = {key: value for key, value in given.items() if value is not None}
    leaves: Leaves = {}
    if "town" in given:
        leaves.update(_town_leaves(given["town"], origin, configs))
    for key in TOWN_KEYS:
        if f"town_{key}" in given:
            if (f"town_{key}",) in leaves:
                raise SettingError(f"{origin}, town.{key}: given twice, once expected")
            leaves[f"town_{key}",] = _of_town(key, given[f"town_{key}"], origin)
    leaves.update(_lever_leaves(given, origin, configs))
    for id, value in mapping(given.get("measures"), origin, "measures").items():
        if id not in measures:
            raise misplaced(f"measures.{id}", origin, configs, measures=measures)
        leaves.update(_window_leaves("measures", id, "intensity", value, (0.0, 1.0), origin))
    for id, value in checked_parameters(given.get("parameters"), origin, configs).items():
        leaves["parameters", id] = value
    for path, value in checked_facts(given.get("facts"), origin, configs).items():
        leaves["facts", *path] = value
    for key, bounds in (("residents", RESIDENTS), ("weeks", WEEKS), ("seed", SEEDS)):
        if key in given:
            leaves[key,] = whole(given[key], *bounds, origin, key)
    theory = mapping(given.get("theory"), origin, "theory")
    known_keys(theory, THEORIES, origin, "theory.")
    for key, value in theory.items():
        leaves["theory", key] = choice(value, THEORIES[key], origin, f"theory.{key}")
    if "knock_out" in given:
        leaves["knock_out",] = _knock_out(given["knock_out"], origin)
    if "coupling" in given:
        if not isinstance(given["coupling"], bool):
            raise refuse(origin, "coupling", given["coupling"], "true or false")
        leaves["coupling",] = given["coupling"]
    if "potency" in given:
        leaves["potency",] = _potency(given["potency"], origin)
    return leaves


def misplaced(
    key: str,
    origin: str,
    configs: Path | None,
    keys: Sequence[str] = KEYS,
    measures: Collection[str] | None = None,
) -> SettingError:
    """The error for a key that is none of `keys`, with the place where it would be right."""
    group, _, name = str(key).rpartition(".")
    homes: dict[str, Collection[str]] = {"levers": LEVERS, "measures": measures or read_measures(configs)}
    homes["parameters"] = read_parameters(configs)
    for home, known in homes.items():
        if home != group and name in known:
            return SettingError(f"{origin}, {key}: no such key; did you mean {home}.{name}?")
    if key in SEED_WORDS:
        return SettingError(f"{origin}, {key}: no such key; did you mean seed?")
    return unknown(origin, str(key), group.removesuffix("s") or "key", homes.get(group, keys))


def _town_leaves(given: Any, origin: str, configs: Path | None) -> Leaves:
    if not isinstance(given, Mapping):
        return {("town",): check_town_name(given, origin, "town", configs)}
    known_keys(given, ("name", *TOWN_KEYS), origin, "town.")
    leaves: Leaves = {}
    if given.get("name") is not None:
        leaves["town",] = check_town_name(given["name"], origin, "town.name", configs)
    for key in TOWN_KEYS:
        if given.get(key) is not None:
            leaves[f"town_{key}",] = _of_town(key, given[key], origin)
    return leaves


def _of_town(key: str, given: Any, origin: str) -> Any:
    """The checked value of town.<key>."""
    if key == "table":
        if not isinstance(given, (str, Path)) or not str(given).strip() or "\0" in str(given):
            raise refuse(origin, "town.table", given, "the path of a CSV or XLSX file")
        return Path(given)
    if key in ("sum_lines", "other_columns"):
        return choice(given, SUM_LINES if key == "sum_lines" else OTHER_COLUMNS, origin, f"town.{key}")
    return text(given, origin, f"town.{key}")


def _lever_leaves(given: Mapping[str, Any], origin: str, configs: Path | None) -> Leaves:
    levers = mapping(given.get("levers"), origin, "levers")
    values = {f"levers.{id}": (id, value) for id, value in levers.items()}
    for id in DIALS:
        if id in given:
            if id in levers:
                raise SettingError(f"{origin}, {id}: given twice (also as levers.{id}), once expected")
            values[id] = (id, given[id])
    leaves: Leaves = {}
    for key, (id, value) in values.items():
        if id not in LEVERS:
            raise misplaced(key, origin, configs)
        bounds = (LEVERS[id].low, LEVERS[id].high)
        leaves.update(_window_leaves("levers", id, "value", value, bounds, origin, key))
    return leaves


def _window_leaves(
    group: str,
    id: str,
    name: str,
    given: Any,
    bounds: tuple[float, float],
    origin: str,
    key: str = "",
) -> Leaves:
    """A number, or a mapping {name, start, end}, as leaves."""
    key = key or f"{group}.{id}"
    if not isinstance(given, Mapping):
        return {(group, id, name): number(given, *bounds, origin, key)}
    known_keys(given, (name, "start", "end"), origin, f"{key}.")
    leaves: Leaves = {}
    for part, value in given.items():
        if part == name:
            leaves[group, id, part] = number(value, *bounds, origin, f"{key}.{part}")
        elif value is None:
            leaves[group, id, part] = None
        else:
            leaves[group, id, part] = whole(value, 0, WEEKS[1], origin, f"{key}.{part}", "a week")
    return leaves


def _potency(given: Any, origin: str) -> str | int:
    if given in POTENCY and isinstance(given, str):
        return given
    if isinstance(given, int) and not isinstance(given, bool) and SEEDS[0] <= given <= SEEDS[1]:
        return given
    raise refuse(origin, "potency", given, f"{', '.join(POTENCY)} or a whole number from {SEEDS[0]}")


def _knock_out(given: Any, origin: str) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, Sequence):
        raise refuse(origin, "knock_out", given, "a list of mechanisms")
    for name in names:
        if not isinstance(name, str):
            raise refuse(origin, "knock_out", name, "a mechanism's name")
        if name not in MECHANISMS:
            raise unknown(origin, f"knock_out {name}", "mechanism", MECHANISMS)
    return tuple(name for name in MECHANISMS if name in names)
