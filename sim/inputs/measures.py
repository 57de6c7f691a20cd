"""Measures: what a government decides, as data.

A measure is a file in configs/measures/. It moves levers and nothing else; what that does to people
is the mechanisms' business. A new file there is a new measure, without code. How the measures in
force combine week by week stands in sim/mechanisms/implementation.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from sim.inputs.files import CONFIGS, kept, read_yaml, yaml_files
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
from sim.levers import LEVERS
from sim.vocabulary import COSTS, NATURES, OPERATIONS

LONGEST = 10_000  # weeks; nothing in a file lasts longer


@dataclass(frozen=True, slots=True)
class Entry:
    """How a measure at full strength moves one lever.

    `scale` multiplies by the value, `close` closes that share of the gap to 1, `norm` is a floor in
    the lever's own unit. weak, mode and strong say how uncertain the strength is.
    """

    lever: str
    op: str
    weak: float
    mode: float
    strong: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a measure takes, as a triangle from low over mode to high; three equal numbers are an exact cost."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Weeks count from the start of rectification. Costs hold at full intensity for the default
    township, in hours per cadre-week (of running what stands) and thousand yuan a year.
    """

    id: str
    label_en: str
    label_zh: str
    sentence_en: str
    sentence_zh: str
    risk_en: str
    risk_zh: str
    source: str
    nature: str
    start: int
    ramp_weeks: float
    hours_per_village_cadre_week: Cost
    hours_per_township_cadre_week: Cost
    thousand_yuan_per_township_year: Cost
    entries: tuple[Entry, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**asdict(self), "entries": [asdict(entry) for entry in self.entries]}


WORDS = (
    "label_en",
    "label_zh",
    "sentence_en",
    "sentence_zh",
    "risk_en",
    "risk_zh",
    "source",
)
_KEYS = ("id", "order", *WORDS, "nature", "start", "ramp_weeks", "costs", "entries")


def measure_from_dict(data: Mapping[str, Any]) -> Measure:
    """The measure that `Measure.as_dict` describes (no checks)."""
    known = {field.name: data[field.name] for field in fields(Measure)}
    costs = {key: Cost(**data[key]) for key in COSTS}
    return Measure(**{**known, **costs, "entries": tuple(Entry(**entry) for entry in data["entries"])})


def read_measures(configs: Path | None = None) -> Mapping[str, Measure]:
    """All measures of a configs folder, id -> record: the essay's in its order, then the others.

    Raises SettingError naming the file and the key that cannot be used.
    """
    paths = yaml_files((configs or CONFIGS) / "measures")

    def parse() -> Mapping[str, Measure]:
        found = [_measure(path, read_yaml(path)) for path in paths]
        return Frozen({m.id: m for _, m in sorted(found, key=lambda pair: (pair[0], pair[1].id))})

    return kept(paths, "measures", parse)


def _measure(path: Path, data: Mapping[str, Any]) -> tuple[float, Measure]:
    """The measure in one file, with its place in the order."""
    origin = place_name(path)
    known_keys(data, _KEYS, origin)
    for key in _KEYS:
        if key not in data and key not in ("order", "start"):
            raise SettingError(f"{origin}, {key}: missing, every measure states it")
    if data["id"] != path.stem:
        raise refuse(origin, "id", data["id"], f"the file's name {path.stem}")
    costs = mapping(data["costs"], origin, "costs")
    known_keys(costs, COSTS, origin, "costs.")
    order = number(data.get("order", 1e6), 0.0, 1e6, origin, "order")
    words: dict[str, Any] = {key: text(data[key], origin, key) for key in WORDS}
    taken: dict[str, Any] = {key: _cost(costs.get(key, 0.0), origin, f"costs.{key}") for key in COSTS}
    return order, Measure(
        id=path.stem,
        **words,
        **taken,
        nature=choice(data["nature"], NATURES, origin, "nature"),
        start=whole(data.get("start", 0), 0, LONGEST, origin, "start"),
        ramp_weeks=number(data["ramp_weeks"], 0.0, LONGEST, origin, "ramp_weeks"),
        entries=_entries(data["entries"], origin),
    )


def _cost(given: Any, origin: str, key: str) -> Cost:
    """A cost as {low, mode, high}, or as a number, which is exact."""
    if not isinstance(given, Mapping):
        exact = number(given, 0.0, 1e6, origin, key, "{low, mode, high} or a number")
        return Cost(exact, exact, exact)
    names = ("low", "mode", "high")
    known_keys(given, names, origin, f"{key}.")
    for name in names:
        if name not in given:
            raise SettingError(f"{origin}, {key}.{name}: missing, a cost is {{low, mode, high}} or a number")
    low, mode, high = (number(given[name], 0.0, 1e6, origin, f"{key}.{name}") for name in names)
    if not low <= mode <= high:
        raise refuse(origin, key, f"low {low:g}, mode {mode:g}, high {high:g}", "low <= mode <= high")
    return Cost(low, mode, high)


def _entries(given: Any, origin: str) -> tuple[Entry, ...]:
    if not isinstance(given, (list, tuple)) or not given:
        raise refuse(origin, "entries", given, "a list of {lever, op, weak, mode, strong}")
    entries = tuple(_entry(row, origin, f"entries[{i}]") for i, row in enumerate(given))
    levers = [entry.lever for entry in entries]
    for lever in levers:
        if levers.count(lever) > 1:
            raise SettingError(f"{origin}, entries: lever {lever} given twice, once expected")
    return entries


def _entry(given: Any, origin: str, key: str) -> Entry:
    row = mapping(given, origin, key)
    names = ("lever", "op", "weak", "mode", "strong")
    known_keys(row, names, origin, f"{key}.")
    for name in names:
        if name not in row:
            raise SettingError(f"{origin}, {key}.{name}: missing, every entry states it")
    if row["lever"] not in LEVERS:
        raise unknown(origin, f"{key}.lever {row['lever']}", "lever", LEVERS)
    lever = LEVERS[row["lever"]]
    op = choice(row["op"], OPERATIONS, origin, f"{key}.op")
    low, high = {"scale": (0.0, 10.0), "close": (0.0, 1.0), "norm": (lever.low, lever.high)}[op]
    weak, mode, strong = (number(row[name], low, high, origin, f"{key}.{name}") for name in ("weak", "mode", "strong"))
    if not min(weak, strong) <= mode <= max(weak, strong):
        raise refuse(origin, f"{key}.mode", mode, f"a value between weak {weak} and strong {strong}")
    if op == "close" and lever.high < 1.0:
        raise refuse(origin, f"{key}.op", op, f"scale or norm ({lever.id} cannot reach 1)")
    return Entry(lever.id, op, weak, mode, strong)


class _Measures(Mapping):
    """The measures of configs/measures/, read when first looked at."""

    def __getitem__(self, key: str) -> Measure:
        return read_measures()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(read_measures())

    def __len__(self) -> int:
        return len(read_measures())

    def __repr__(self) -> str:
        return repr(dict(self))


MEASURES: Mapping[str, Measure] = _Measures()
