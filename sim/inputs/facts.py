"""Facts: case kinds, statutory limits, staffing, populations (configs/facts/).

Every record states unit, bounds and source, and a value outside its bounds is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.inputs.files import CONFIGS, kept, read_yaml, yaml_files
from sim.inputs.records import LABELS, bounds_of, words_of
from sim.inputs.validators import Frozen, SettingError, known_keys, mapping, number, place_name, text, unknown
from sim.inputs.wanted import check_columns, check_facts, check_start


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


_RECORD = ("value", "unit", "low", "high", "source", "text", *LABELS)


def read_facts(configs: Path | None = None) -> Mapping[tuple[str, ...], Fact]:
    """Every fact of a configs folder, path -> record, in the order of the files."""
    paths = yaml_files((configs or CONFIGS) / "facts")

    def parse() -> Mapping[tuple[str, ...], Fact]:
        found = {fact.path: fact for path in paths for fact in _facts_in(path)}
        check_facts(found)
        return Frozen(found)

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
            low, high = bounds_of(record, _RECORD, origin, name)
            value = number(record["value"], low, high, origin, f"{name}.value")
            yield Fact((path.stem, name), value, low, high, *words_of(record, origin, name))
        return
    known_keys(data, ("columns", "rows"), origin)
    columns = mapping(data.get("columns"), origin, "columns")
    check_columns(path.stem, columns)
    bounds = {
        name: bounds_of(mapping(given, origin, f"columns.{name}"), _RECORD[1:], origin, f"columns.{name}")
        for name, given in columns.items()
    }
    for row, given in mapping(data.get("rows"), origin, "rows").items():
        cells = mapping(given, origin, f"rows.{row}")
        known_keys(cells, (*LABELS, *columns), origin, f"rows.{row}.")
        for name in LABELS:
            text(cells.get(name, row), origin, f"rows.{row}.{name}")
        for name, record in columns.items():
            key = f"rows.{row}.{name}"
            if name not in cells:
                raise SettingError(f"{origin}, {key}: missing, every row states every column")
            value = number(cells[name], *bounds[name], origin, key)
            check_start((path.stem, row, name), value, origin, key)
            words = words_of(record, origin, f"columns.{name}")
            yield Fact((path.stem, row, name), value, *bounds[name], *words)


def checked_facts(given: Any, origin: str, configs: Path | None = None) -> dict[tuple[str, ...], float]:
    """Departures `{file: {name: value}}` (tables one level deeper) as {path: value}, checked."""
    if given is None:
        return {}
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
            check_start(path, result[path], origin, key)
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
