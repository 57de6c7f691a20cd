"""What a sweep moves: keys with their values, the points of the full grid, draws of behaviour and outcomes.

    sweep={burden: [0, 0.5, 1], supervision: 0..1/5}      a list, or low..high/count: evenly spaced, both ends included

A key is one of the three dials, levers.<id>, measures.<id> (an intensity), facts.<file>.<...> or parameters.<id>.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isfinite, prod
from numbers import Real
from typing import Any

from experiments.study.behaviour import Behaviour
from experiments.study.keys import HEADLINE, MOST_POINTS
from experiments.study.values import ORIGIN, Source, Whole, nest
from sim.inputs import validators
from sim.inputs.settings import Setting
from sim.inputs.validators import SettingError
from sim.levers import DIALS

GROUPS = ("levers", "measures", "facts", "parameters")
MOST_KEYS = 6
DRAWS = (2, 100_000)
REPLICATES = 2  # seeds of each draw where there are draws: the fewest that tell chance from what is not known

_NUMBER = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*/\s*(\d+)\s*")
_ALLOWED = "a list of two numbers or more, or low..high/count as in 0..1/5,"

Point = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SweepSpec:
    """A full grid: `points` holds the setting of every combination of `values` (key -> its values), first key slowest.

    setting: name of the one that is moved. draws: of behaviour, 0 for none; outcomes: on what the best are told.
    """

    setting: str
    values: Mapping[str, tuple[float, ...]]
    points: Mapping[Point, Setting]
    draws: int
    outcomes: tuple[str, ...]

    def seeds(self, replicates: int) -> int:
        """How many runs a point has: draws times the seeds of each, or the seeds."""
        return replicates * max(self.draws, 1)


def read(
    source: Source,
    name: str,
    moved: Callable[[str, Mapping[str, Any]], Setting],
    outcomes: Callable[[Any, str, str], tuple[str, ...]],
) -> SweepSpec:
    """The sweep of a source's setting `name`; moved(place, words) is that setting after further words. SettingError."""
    values, places = _axes(source)
    count = prod(map(len, values.values()))
    last = places[next(reversed(places))]
    if count > MOST_POINTS:
        sizes = " x ".join(str(len(one)) for one in values.values())
        raise SettingError(f"{last}, sweep: {sizes} = {count} points given, at most {MOST_POINTS} expected")
    for key in values:
        if _given(source.line, key):
            raise SettingError(f"{ORIGIN}, {key}: given beside sweep.{key}, one of them expected")
    for key, own in values.items():  # so that an error names the one key and its value
        for value in own:
            moved(f"{places[key]}, sweep", nest({key: value}))
    points = {
        point: moved(f"{last}, sweep", nest(dict(zip(values, point, strict=True))))
        for point in product(*values.values())
    }
    given, place = source.choose("draws", 0)
    draws = given if given == 0 and not isinstance(given, bool) else validators.whole(given, *DRAWS, place, "draws")
    named, where = source.choose("outcomes", list(HEADLINE))
    return SweepSpec(name, values, points, draws, outcomes(named, where, "outcomes"))


def draws_of(spec_draws: int, behaviour: Behaviour | None, place: str) -> int:
    """How many draws of a set are used: as many as asked for, or all; refuses more than it has. SettingError."""
    if behaviour is None:
        return 0
    most = len(behaviour.draws)
    if spec_draws > most:
        raise validators.refuse(place, "draws", spec_draws, f"at most the {most} of behaviour={behaviour.name}")
    return spec_draws or most


def replicates_of(source: Source) -> tuple[Any, str]:
    """Seeds of a point and where that is said; where draws are asked for, those of each draw."""
    own = source.line.get("replicates"), source.file.get("replicates") if "sweep" in source.file else None
    if own == (None, None) and (source.choose("draws", 0)[0] or source.choose("behaviour", None)[0]):
        return REPLICATES, ORIGIN
    return source.choose("replicates", 10)


def _axes(source: Source) -> tuple[dict[str, tuple[float, ...]], dict[str, str]]:
    """Values by key and where each is said; one given whole on the line takes the place of the file's."""
    values: dict[str, tuple[float, ...]] = {}
    places: dict[str, str] = {}
    sources = [(source.file, source.origin), (source.line, ORIGIN)]
    for given, place in sources[isinstance(source.line.get("sweep"), Whole) :]:
        for key, value in _flat(validators.mapping(given.get("sweep"), place, "sweep")):
            _check_key(key, place)
            values[key] = _values(value, place, f"sweep.{key}")
            places[key] = place
    for key in values:
        if key.removeprefix("levers.") in DIALS and f"levers.{key}" in values:
            raise SettingError(f"{places[key]}, sweep.{key}: given twice (also as levers.{key}), once expected")
    if not values:
        raise SettingError(
            f"{source.origin}, sweep: none given, keys with values expected, as in 'sweep={{burden: 0..1/5}}'"
        )
    if len(values) > MOST_KEYS:
        place = places[list(values)[MOST_KEYS]]
        raise SettingError(f"{place}, sweep: {len(values)} keys given, at most {MOST_KEYS} expected")
    return values, places


def _flat(given: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in given.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def _check_key(key: str, place: str) -> None:
    group, _, rest = key.partition(".")
    if key not in DIALS and (group not in GROUPS or not rest):
        known = (*DIALS, *(f"{one}.<id>" for one in GROUPS))
        raise validators.unknown(place, f"sweep.{key}", "key to be swept", DIALS, f"one of {', '.join(known)} expected")


def _values(given: Any, place: str, key: str) -> tuple[float, ...]:
    """The values of a list or a range, the smallest first."""
    if isinstance(given, str) and (found := _RANGE.fullmatch(given)):
        low, high, count = float(found[1]), float(found[2]), int(found[3])
        if not 2 <= count <= MOST_POINTS or low == high:
            raise validators.refuse(place, key, given, f"two different ends and a count from 2 to {MOST_POINTS}")
        return tuple(sorted(float(f"{low + (high - low) * i / (count - 1):.12g}") for i in range(count)))
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise validators.refuse(place, key, given, _ALLOWED)
    plain = [isinstance(value, Real) and not isinstance(value, bool) and isfinite(value) for value in given]
    values = tuple(float(value) for value, good in zip(given, plain, strict=True) if good)
    if len(values) < 2 or not all(plain):
        raise validators.refuse(place, key, given, _ALLOWED)
    for i, value in enumerate(values):
        if value in values[:i]:
            raise SettingError(f"{place}, {key}: {validators.plain(value)} given twice, different values expected")
    return tuple(sorted(values))


def _given(line: Mapping[str, Any], key: str) -> bool:
    """Whether the line gives the key itself as well."""
    found: Any = line
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return False
        found = found[part]
    return True
