"""Draws of the priors, and the behavioural set: draws that meet every target of a town.

Draw i is the same everywhere: each parameter has a keyed number of (seed, the parameter's name, i), so that a
new parameter shifts no other. Priors are triangular on low, mode, high, and parameters are independent.
A set is two files: <name>.csv, one row a draw with all its parameters, and <name>.yaml, which says where it is from.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.command_line import check_text
from experiments.files import put
from experiments.folder import path_of
from sim.inputs.files import CONFIGS, read_yaml
from sim.inputs.priors import Parameter, read_parameters
from sim.inputs.validators import SettingError, place_name, unknown

if TYPE_CHECKING:
    import numpy

SETS = CONFIGS / "behaviour"
DIGITS = 4
_APART = 1 << 40  # seeds of draws are far from seeds of runs


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A behavioural set: parameters by draw number, and its provenance."""

    name: str
    draws: Mapping[int, Mapping[str, float]]
    provenance: Mapping[str, Any]


def priors_hash(configs: Path | None = None) -> str:
    """sha256 of every prior's name, low, mode and high; words about them do not count."""
    rows = [[p.id, p.low, p.mode, p.high] for p in sorted(read_parameters(configs).values(), key=lambda p: p.id)]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def drawn(numbers: Sequence[int], seed: int = 0) -> list[dict[str, float]]:
    """The draws of the given numbers: parameter -> value, rounded to four digits, for each of them."""
    from sim.chance import TOWN, stream_keys, uniforms

    keys = stream_keys(_APART + seed)
    import numpy as np

    which = np.asarray(numbers)
    columns = {}
    for parameter in read_parameters().values():
        name = int.from_bytes(hashlib.sha256(parameter.id.encode()).digest()[:7], "big")
        columns[parameter.id] = triangular(uniforms(keys, TOWN, which, name), parameter)
    return [{id: values[i] for id, values in columns.items()} for i in range(len(which))]


def triangular(u: numpy.ndarray, prior: Parameter) -> list[float]:
    """Quantiles of a prior at numbers in [0, 1), as values that survive being written down."""
    import numpy as np

    low, mode, high = prior.low, prior.mode, prior.high
    if high == low:
        return [low] * len(u)
    corner = (mode - low) / (high - low)
    below = low + np.sqrt(u * (high - low) * (mode - low))
    above = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    values = np.where(u < corner, below, above)
    return [min(high, max(low, float(f"{value:.{DIGITS}g}"))) for value in values]


# ---------------------------------------------------------------- the set as files


def write_set(folder: Path, name: str, draws: Mapping[int, Mapping[str, float]], provenance: Mapping[str, Any]) -> None:
    """Write <name>.csv and <name>.yaml. Raises OSError."""
    import yaml

    folder.mkdir(parents=True, exist_ok=True)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["draw", *next(iter(draws.values()))])
    for number, parameters in draws.items():
        writer.writerow([number, *(f"{value:.{DIGITS}g}" for value in parameters.values())])
    put(folder / f"{name}.csv", table.getvalue().encode())
    text = "# Where the behavioural set beside this file is from.\n" + yaml.safe_dump(dict(provenance), sort_keys=False)
    put(folder / f"{name}.yaml", text.encode())


def set_names() -> list[str]:
    """Behavioural sets that come with the toolkit."""
    return sorted(path.stem for path in SETS.glob("*.csv"))


def read_set(given: str, origin: str = "command line") -> Behaviour:
    """A behavioural set by its name in configs/behaviour, or by the path of its CSV file. Raises SettingError."""
    path = path_of(given, "behaviour", origin) if given.endswith(".csv") else SETS / f"{given}.csv"
    if not path.is_file():
        raise unknown(origin, f"behaviour={given}", "behavioural set", set_names(), "experiments.calibrate makes one")
    known = read_parameters()
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = set(rows[0]) - {"draw"} if rows else set()
    if columns != set(known):
        off = sorted(columns ^ set(known))[:3]
        raise SettingError(f"{place_name(path)}: other parameters than configs/parameters has ({', '.join(off)}, ...)")
    try:
        draws = {int(row.pop("draw")): {id: float(row[id]) for id in known} for row in rows}
    except (TypeError, ValueError) as error:
        raise SettingError(f"{place_name(path)}: {error}, a number in every cell expected") from None
    for number, parameters in draws.items():
        for id, value in parameters.items():
            if not known[id].low <= value <= known[id].high:
                raise SettingError(f"{place_name(path)}, draw {number}, {id}: {value:g} given, outside its prior")
    notes = path.with_suffix(".yaml")
    provenance = read_yaml(notes) if notes.is_file() else {}
    check_text(provenance, place_name(notes))
    return Behaviour(path.stem, draws, provenance)
