"""Facts and parameters: the numbers that no policy moves.

Facts (configs/facts/) are case kinds, statutory limits, staffing, populations; parameters
(configs/parameters/, one file a mechanism) are priors of behaviour: low, mode, high and a source.
Every record states unit, bounds and source, and a value outside its bounds is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.reading import (
    CONFIGS,
    Frozen,
    SettingError,
    kept,
    known_keys,
    mapping,
    number,
    place_name,
    read_yaml,
    text,
    unknown,
    yaml_files,
)

ANY = 1e15  # bound of bounds: nothing in a file is larger


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact; `path` is (file, name) or, in a table, (file, row, column)."""

    path: tuple[str, ...]
    value: float
    low: float
    high: float
    unit: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A prior of behaviour on [low, high] with its mode; `reader` is the mechanism's file."""

    id: str
    low: float
    mode: float
    high: float
    unit: str
    reader: str
    source: str
    text: str


_RECORD = ("value", "unit", "low", "high", "source", "text", "label_en", "label_zh")
_PRIOR = ("low", "mode", "high", "unit", "source", "text", "label_en", "label_zh")
_ROW_LABELS = ("label_en", "label_zh")


def read_facts(configs: Path | None = None) -> Mapping[tuple[str, ...], Fact]:
    """Every fact of a configs folder, path -> record, in the order of the files."""
    paths = yaml_files((configs or CONFIGS) / "facts")

    def parse() -> Mapping[tuple[str, ...], Fact]:
        return Frozen({fact.path: fact for path in paths for fact in _facts_in(path)})

    return kept(paths, "facts", parse)


def default_facts(configs: Path | None = None) -> Frozen:
    """Facts as {file: {name: number}}, for tables {file: {row: {column: number}}}."""
    paths = yaml_files((configs or CONFIGS) / "facts")
    return kept(paths, "default facts", lambda: _nested(read_facts(configs)))


def fact_labels(configs: Path | None = None) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Names of table rows in both languages: {file: {row: {"en": ..., "zh": ...}}}."""
    paths = yaml_files((configs or CONFIGS) / "facts")

    def parse() -> Frozen:
        tables = ((path.stem, read_yaml(path).get("rows")) for path in paths)
        return Frozen(
            {
                stem: {
                    row: {"en": cells.get("label_en", row), "zh": cells.get("label_zh", row)}
                    for row, cells in rows.items()
                }
                for stem, rows in tables
                if rows
            }
        )

    return kept(paths, "fact labels", parse)


def _nested(facts: Mapping[tuple[str, ...], Fact]) -> Frozen:
    result: dict[str, Any] = {}
    for path, fact in facts.items():
        inner = result
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = fact.value
    return Frozen(result)


def _facts_in(path: Path) -> Iterator[Fact]:
    origin, data = place_name(path), read_yaml(path)
    if "columns" not in data and "rows" not in data:
        for name, given in data.items():
            record = mapping(given, origin, name)
            low, high = _bounds(record, _RECORD, origin, name)
            value = number(record["value"], low, high, origin, f"{name}.value")
            yield Fact((path.stem, name), value, low, high, *_words(record, origin, name))
        return
    known_keys(data, ("columns", "rows"), origin)
    columns = mapping(data.get("columns"), origin, "columns")
    bounds = {
        name: _bounds(mapping(given, origin, f"columns.{name}"), _RECORD[1:], origin, f"columns.{name}")
        for name, given in columns.items()
    }
    for row, given in mapping(data.get("rows"), origin, "rows").items():
        cells = mapping(given, origin, f"rows.{row}")
        known_keys(cells, (*_ROW_LABELS, *columns), origin, f"rows.{row}.")
        for name, record in columns.items():
            key = f"rows.{row}.{name}"
            if name not in cells:
                raise SettingError(f"{origin}, {key}: missing, every row states every column")
            value = number(cells[name], *bounds[name], origin, key)
            words = _words(record, origin, f"columns.{name}")
            yield Fact((path.stem, row, name), value, *bounds[name], *words)


def _bounds(record: Mapping, keys: tuple[str, ...], origin: str, key: str) -> tuple[float, float]:
    """(low, high) of a record; also checks that its keys are known and complete."""
    known_keys(record, keys, origin, f"{key}.")
    for name in keys:
        if name not in record and name not in ("text", *_ROW_LABELS):
            raise SettingError(f"{origin}, {key}.{name}: missing, every record states it")
    low = number(record["low"], -ANY, ANY, origin, f"{key}.low")
    return low, number(record["high"], low, ANY, origin, f"{key}.high")


def _words(record: Mapping, origin: str, key: str) -> tuple[str, str, str]:
    """(unit, source, text) of a record."""
    return (
        text(record["unit"], origin, f"{key}.unit"),
        text(record["source"], origin, f"{key}.source"),
        text(record["text"], origin, f"{key}.text") if record.get("text") is not None else "",
    )


def checked_facts(given: Any, origin: str, configs: Path | None = None) -> dict[tuple[str, ...], float]:
    """Departures `{file: {name: value}}` (tables one level deeper) as {path: value}, checked."""
    facts = read_facts(configs)
    known: set[tuple[str, ...]] = {path[:i] for path in facts for i in range(1, len(path) + 1)}
    result: dict[tuple[str, ...], float] = {}

    def walk(value: Any, path: tuple[str, ...]) -> None:
        key = ".".join(("facts", *path))
        if path and path not in known:
            siblings = sorted({p[len(path) - 1] for p in known if p[:-1] == path[:-1]})
            raise unknown(origin, key, "fact", siblings)
        if path in facts:
            fact = facts[path]
            result[path] = number(value, fact.low, fact.high, origin, key)
            return
        for name, inner in mapping(value, origin, key).items():
            walk(inner, (*path, name))

    walk(given, ())
    return result


def facts_with(departures: Mapping[tuple[str, ...], float], configs: Path | None = None) -> Frozen:
    """The complete facts, with checked departures put in."""
    base = default_facts(configs)
    if not departures:
        return base

    def put(part: Mapping, path: tuple[str, ...]) -> dict:
        return {
            name: put(inner, (*path, name)) if isinstance(inner, Mapping) else departures.get((*path, name), inner)
            for name, inner in part.items()
        }

    return Frozen(put(base, ()))


def read_parameters(configs: Path | None = None) -> Mapping[str, Parameter]:
    """Every prior of a configs folder, id -> record, in the order of the files."""
    paths = yaml_files((configs or CONFIGS) / "parameters")

    def parse() -> Mapping[str, Parameter]:
        found: dict[str, Parameter] = {}
        for path in paths:
            for parameter in _parameters_in(path):
                if parameter.id in found:
                    other = found[parameter.id].reader
                    raise SettingError(
                        f"{place_name(path)}, {parameter.id}: stands in {other}.yaml too, a name of its own expected"
                    )
                found[parameter.id] = parameter
        return Frozen(found)

    return kept(paths, "parameters", parse)


def default_parameters(configs: Path | None = None) -> Frozen:
    """The mode of every prior, id -> number."""
    paths = yaml_files((configs or CONFIGS) / "parameters")
    return kept(
        paths,
        "default parameters",
        lambda: Frozen({p.id: p.mode for p in read_parameters(configs).values()}),
    )


def _parameters_in(path: Path) -> Iterator[Parameter]:
    origin = place_name(path)
    for name, given in read_yaml(path).items():
        record = mapping(given, origin, name)
        low, high = _bounds(record, _PRIOR, origin, name)
        mode = number(record["mode"], low, high, origin, f"{name}.mode")
        unit, source, words = _words(record, origin, name)
        yield Parameter(name, low, mode, high, unit, path.stem, source, words)


def checked_parameters(given: Any, origin: str, configs: Path | None = None) -> dict[str, float]:
    """Departures {id: value} within the priors' bounds."""
    known = read_parameters(configs)
    result = {}
    for name, value in mapping(given, origin, "parameters").items():
        if name not in known:
            raise unknown(origin, f"parameters.{name}", "parameter", known)
        prior = known[name]
        result[name] = number(value, prior.low, prior.high, origin, f"parameters.{name}")
    return result
