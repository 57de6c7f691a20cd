"""Parameters: priors of behaviour that no policy moves (configs/parameters/, one file a mechanism).

A prior states low, mode, high, unit and source, and a value outside its bounds is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.inputs.files import CONFIGS, kept, read_yaml, yaml_files
from sim.inputs.records import LABELS, bounds_of, words_of
from sim.inputs.validators import Frozen, SettingError, mapping, number, place_name, unknown
from sim.inputs.wanted import check_parameters


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


_PRIOR = ("low", "mode", "high", "unit", "source", "text", *LABELS)


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
        check_parameters({parameter.id: parameter.reader for parameter in found.values()})
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
        low, high = bounds_of(record, _PRIOR, origin, name)
        mode = number(record["mode"], low, high, origin, f"{name}.mode")
        unit, source, words = words_of(record, origin, name)
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
