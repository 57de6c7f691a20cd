"""Draws of the priors, and the behavioural set: draws that meet every target of a town.

Draw i is the same everywhere: each parameter has a keyed number of (seed, the parameter's name, i), so that a
new parameter shifts no other. Priors are triangular on low, mode, high, and parameters are independent.
A set is two files: <name>.csv, one row a draw with all its parameters, and <name>.yaml, which says where it is from
and with which priors it was made. It survives a change of the priors: see `read_set`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.ensemble.whole_files import put
from experiments.study.values import check_text, path_of
from sim.inputs.files import CONFIGS, csv_rows, read_yaml
from sim.inputs.priors import Parameter, read_parameters
from sim.inputs.validators import SettingError, mapping, place_name, refuse, unknown, whole

if TYPE_CHECKING:
    import numpy

SETS = CONFIGS / "behaviour"
DIGITS = 4
_APART = 1 << 40  # seeds of draws are far from seeds of runs


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A behavioural set: parameters by draw number, and its provenance.

    `differences` says in words how the present priors differ from those of the set, `keyed` counts the values that
    draws therefore took of the present priors.
    """

    name: str
    draws: Mapping[int, Mapping[str, float]]
    provenance: Mapping[str, Any]
    differences: str = ""
    keyed: int = 0

    @property
    def changed(self) -> str:
        """What is no longer as it was when the set was made, in one sentence; "" if nothing is."""
        if not self.differences:
            return ""
        text = f"behaviour={self.name}: {self.differences}"
        if self.keyed:
            text += f": each draw takes its own keyed value of the present prior there ({self.keyed} values in all)"
        version, priors = (str(self.provenance.get(key, "not told")) for key in ("model_version", "priors_hash"))
        return f"{text}; the set was made with model version {version}, priors {priors[:16]}"


def priors_hash(configs: Path | None = None) -> str:
    """sha256 of every prior's name, low, mode and high; words about them do not count."""
    rows = [[p.id, p.low, p.mode, p.high] for p in sorted(read_parameters(configs).values(), key=lambda p: p.id)]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def draw_priors(
    numbers: Sequence[int], seed: int = 0, told: Mapping[str, Callable[[numpy.ndarray], numpy.ndarray]] | None = None
) -> list[dict[str, float]]:
    """The draws of the given numbers: parameter -> value, rounded to four digits, for each of them.

    `told` has another distribution for some parameters: numbers in [0, 1) -> its quantiles, within the prior's ends.
    """
    from sim.chance import TOWN, stream_keys, uniforms

    keys = stream_keys(_APART + seed)
    import numpy as np

    which, others = np.asarray(numbers), told or {}
    columns = {}
    for parameter in read_parameters().values():
        name = int.from_bytes(hashlib.sha256(parameter.id.encode()).digest()[:7], "big")
        u = uniforms(keys, TOWN, which, name)
        found = others[parameter.id](u) if parameter.id in others else triangular(u, parameter)
        columns[parameter.id] = [_written(value, parameter) for value in found]
    return [{id: values[i] for id, values in columns.items()} for i in range(len(which))]


def triangular(u: numpy.ndarray, prior: Parameter) -> numpy.ndarray:
    """Quantiles of a prior at numbers in [0, 1)."""
    import numpy as np

    low, mode, high = prior.low, prior.mode, prior.high
    if high == low:
        return np.full(len(u), low)
    corner = (mode - low) / (high - low)
    below = low + np.sqrt(u * (high - low) * (mode - low))
    above = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u < corner, below, above)


def _written(value: float, prior: Parameter) -> float:
    """A value as it survives being written down, within the prior's ends."""
    return min(prior.high, max(prior.low, float(f"{value:.{DIGITS}g}")))


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
    priors = {p.id: _ends(p) for p in read_parameters().values()}
    words = yaml.safe_dump({**provenance, "priors": priors}, sort_keys=False, default_flow_style=None, width=200)
    text = f"# Where the behavioural set beside this file is from. Priors: low, mode, high.\n{words}"
    put(folder / f"{name}.yaml", text.encode())


def set_names() -> list[str]:
    """Behavioural sets that come with the toolkit."""
    return sorted(path.stem for path in SETS.glob("*.csv"))


def read_set(given: str, origin: str = "command line") -> Behaviour:
    """A behavioural set by its name in configs/behaviour, or by the path of its CSV file. Raises SettingError.

    Where the priors have changed since, a parameter may have no value within its present prior. The draw then takes the
    value of the present prior at its own keyed quantile. Moving values to the nearest bound instead would make them
    pile up there. Columns that are no parameter any more are left out.
    """
    path = path_of(given, "behaviour", origin) if given.endswith(".csv") else SETS / f"{given}.csv"
    if not os.path.exists(path):
        raise unknown(origin, f"behaviour={given}", "behavioural set", set_names(), "experiments.calibrate makes one")
    columns, draws = _draws(path)
    notes = path.with_suffix(".yaml")
    told = read_yaml(notes) if os.path.exists(notes) else {}
    check_text(told, place_name(notes))
    then = _read_priors(told.pop("priors", None), place_name(notes))
    seed = whole(told.get("seed", 0), 0, _APART, place_name(notes), "seed")
    known = read_parameters()
    lacking = {
        number: [id for id, p in known.items() if not p.low <= own.get(id, math.nan) <= p.high]
        for number, own in draws.items()
    }
    needy = [number for number, ids in lacking.items() if ids]
    for number, keyed in zip(needy, draw_priors(needy, seed) if needy else (), strict=True):
        draws[number] |= {id: keyed[id] for id in lacking[number]}
    outside = {id for ids in lacking.values() for id in ids}.intersection(columns)
    differences = _differences(columns, then, outside)
    if not differences and told.get("priors_hash") not in (None, priors_hash()):
        differences = "priors have changed, in their modes or beyond the values that the set has"
    return Behaviour(
        path.stem,
        {number: {id: own[id] for id in known} for number, own in draws.items()},
        told,
        differences,
        sum(map(len, lacking.values())),
    )


def _draws(path: Path) -> tuple[list[str], dict[int, dict[str, float]]]:
    """The columns of a set's CSV file but for `draw`, and its values by draw number. Raises SettingError."""
    origin, rows = place_name(path), csv_rows(path)
    if not rows or "draw" not in rows[0]:
        raise SettingError(f"{origin}: no draws, a column draw and a line a draw expected")
    columns = [name for name in rows[0] if name != "draw"]
    if not set(columns) & set(read_parameters()):
        raise SettingError(f"{origin}: no parameter of configs/parameters among its columns, a set of them expected")
    draws: dict[int, dict[str, float]] = {}
    for row in rows:
        try:
            number, values = int(row["draw"]), {name: float(row[name]) for name in columns}
        except ValueError as error:
            raise SettingError(f"{origin}, draw {row['draw'][:20]}: {error}, a number in every cell expected") from None
        if number in draws or not 0 <= number < _APART:
            raise SettingError(f"{origin}, draw {number}: given twice or out of range, each draw's own number expected")
        for name, value in values.items():
            if not math.isfinite(value):
                raise refuse(f"{origin}, draw {number}", name, value, "a finite number")
        draws[number] = values
    return columns, draws


def _read_priors(given: Any, origin: str) -> dict[str, list[float]]:
    """Low, mode and high of the priors that a set was made with; {} for a set that does not say."""
    found = dict(mapping(given, origin, "priors"))
    for id, ends in found.items():
        if not isinstance(ends, list) or len(ends) != 3:
            raise refuse(origin, f"priors.{id}", ends, "[low, mode, high]")
    return found


def _differences(columns: Sequence[str], then: Mapping[str, Sequence[float]], outside: Collection[str]) -> str:
    """Which parameters are new, gone, or have another range than in a set with these columns; "" if none.

    A set that does not tell its priors (`then`) shows another range only where a value lies `outside`.
    """
    known = read_parameters()
    new = [id for id in known if id not in columns]
    gone = [id for id in columns if id not in known]
    moved = [id for id, p in known.items() if id in outside or (id in columns and then.get(id, _ends(p)) != _ends(p))]
    return ", ".join(
        f"{len(ids)} {one if len(ids) == 1 else more} ({', '.join(ids[:6])}{', ...' if len(ids) > 6 else ''})"
        for ids, one, more in (
            (new, "parameter is new", "parameters are new"),
            (gone, "parameter is gone", "parameters are gone"),
            (moved, "parameter has another range", "parameters have another range"),
        )
        if ids
    )


def _ends(prior: Parameter) -> list[float]:
    return [prior.low, prior.mode, prior.high]
