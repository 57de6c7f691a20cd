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
from sim.inputs.places import Note
from sim.inputs.validators import (
    Frozen,
    Problems,
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
    notes: tuple[Note, ...] = ()  # what a file of the user's own leaves open, and what stands there

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        entries, notes = [asdict(entry) for entry in self.entries], [note._asdict() for note in self.notes]
        return {**asdict(self), "entries": entries, "notes": notes}


WORDS = (
    "label_en",
    "label_zh",
    "sentence_en",
    "sentence_zh",
    "risk_en",
    "risk_zh",
    "source",
)
NO_NUMBERS = (*WORDS, "notes")  # fields that no result depends on
_KEYS = ("id", "order", *WORDS, "nature", "start", "ramp_weeks", "costs", "entries")


def measure_from_dict(data: Mapping[str, Any]) -> Measure:
    """The measure that `Measure.as_dict` describes (no checks)."""
    known = {field.name: data[field.name] for field in fields(Measure) if field.name in data}
    costs = {key: Cost(**data[key]) for key in COSTS}
    entries = tuple(Entry(**entry) for entry in data["entries"])
    return Measure(**{**known, **costs, "entries": entries, "notes": tuple(Note(**n) for n in data.get("notes", ()))})


def read_measures(configs: Path | None = None) -> Mapping[str, Measure]:
    """All measures of a configs folder, id -> record: the essay's in its order, then the others.

    Raises SettingError naming the file and the key that cannot be used.
    """
    paths = yaml_files((configs or CONFIGS) / "measures")

    def parse() -> Mapping[str, Measure]:
        found = [measure_of(path.stem, read_yaml(path), place_name(path)) for path in paths]
        return Frozen({m.id: m for _, m in sorted(found, key=lambda pair: (pair[0], pair[1].id))})

    return kept(paths, "measures", parse)


def measure_of(id: str, data: Mapping[str, Any], origin: str, notes: tuple[Note, ...] = ()) -> tuple[float, Measure]:
    """The measure that a file describes, with its place in the order. Raises SettingError with all that is wrong."""
    wrong = Problems()
    for key in data:
        wrong.look(known_keys, {key: None}, _KEYS, origin)
    for key in _KEYS:
        if key not in data and key not in ("order", "start"):
            wrong.found.append(f"{origin}, {key}: missing, every measure states it")
    given = {"order": 1e6, "start": 0, **data}
    if given.get("id", id) != id:
        wrong.found.append(str(refuse(origin, "id", given["id"], f"the file's name {id}")))
    costs = wrong.look(mapping, given.get("costs"), origin, "costs") or {}
    for key in costs:
        wrong.look(known_keys, {key: None}, COSTS, origin, "costs.")
    words: dict[str, Any] = {key: wrong.look(text, given[key], origin, key) for key in WORDS if key in given}
    taken: dict[str, Any] = {key: wrong.look(_cost, costs.get(key, 0.0), origin, f"costs.{key}") for key in COSTS}
    order = wrong.look(number, given["order"], 0.0, 1e6, origin, "order")
    others: dict[str, Any] = {"start": wrong.look(whole, given["start"], 0, LONGEST, origin, "start")}
    if "nature" in given:
        others["nature"] = wrong.look(choice, given["nature"], NATURES, origin, "nature")
    if "ramp_weeks" in given:
        others["ramp_weeks"] = wrong.look(number, given["ramp_weeks"], 0.0, LONGEST, origin, "ramp_weeks")
    if "entries" in given:
        others["entries"] = _entries(given["entries"], origin, wrong)
    wrong.end()
    return order or 0.0, Measure(id=id, **words, **taken, **others, notes=notes)


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


def _entries(given: Any, origin: str, wrong: Problems) -> tuple[Entry, ...]:
    if not isinstance(given, (list, tuple)) or not given:
        wrong.found.append(str(refuse(origin, "entries", given, "a list of {lever, op, weak, mode, strong}")))
        return ()
    found = (wrong.look(_entry, row, origin, f"entries[{i}]") for i, row in enumerate(given))
    entries = tuple(entry for entry in found if entry is not None)
    levers = [entry.lever for entry in entries]
    for lever in dict.fromkeys(levers):
        if levers.count(lever) > 1:
            wrong.found.append(f"{origin}, entries: lever {lever} given twice, once expected")
    return entries


def _entry(given: Any, origin: str, key: str) -> Entry:
    row = mapping(given, origin, key)
    names = ("lever", "op", "weak", "mode", "strong")
    wrong = Problems()
    for name in row:
        wrong.look(known_keys, {name: None}, names, origin, f"{key}.")
    for name in names:
        if name not in row:
            wrong.found.append(f"{origin}, {key}.{name}: missing, every entry states it")
    op = wrong.look(choice, row["op"], OPERATIONS, origin, f"{key}.op") if "op" in row else None
    if "lever" in row and row["lever"] not in LEVERS:
        wrong.found.append(str(unknown(origin, f"{key}.lever {row['lever']}", "lever", LEVERS)))
    elif "lever" in row and op is not None:
        lever = LEVERS[row["lever"]]
        low, high = {"scale": (0.0, 10.0), "close": (0.0, 1.0), "norm": (lever.low, lever.high)}[op]
        for name in ("weak", "mode", "strong"):
            if name in row and (name == "mode" or row[name] != row.get("mode")):
                wrong.look(number, row[name], low, high, origin, f"{key}.{name}")
        if op == "close" and lever.high < 1.0:
            wrong.found.append(str(refuse(origin, f"{key}.op", op, f"scale or norm ({lever.id} cannot reach 1)")))
    wrong.end()
    assert op is not None
    weak, mode, strong = (float(row[name]) + 0.0 for name in ("weak", "mode", "strong"))
    if not min(weak, strong) <= mode <= max(weak, strong):
        raise refuse(origin, f"{key}.mode", mode, f"a value between weak {weak} and strong {strong}")
    return Entry(row["lever"], op, weak, mode, strong)


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
