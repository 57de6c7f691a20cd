"""The laws of the sanity check, as configs/sanity states them: settings, clauses, knock-outs and further figures.

A file's settings hold the keys of an experiment's settings, and `package` for all nineteen measures at once. A law is a
statement that any model of this kind must satisfy. A clause of it names the result required
(analysis/calibration/laws.py); `judge: together` judges it over all draws, else draw by draw. `breaks` lists
knock-outs: each changes every setting of the clauses that it must break. `told` is reported without a verdict. A name
that the model does not have is refused when the file is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.indicators import INDICATORS
from sim.inputs.files import CONFIGS, read_yaml, yaml_files
from sim.inputs.measures import MEASURES
from sim.inputs.settings import Setting, setting_from_sources
from sim.inputs.validators import SettingError, known_keys, place_name, unknown

FOLDER = CONFIGS / "sanity"
HELPS = CONFIGS / "helps"
CHANGES, LOOPS = "changes", "loops"  # files of the folder that hold no law
KEYS = (
    *("number", "must_hold", "label_en", "label_zh", "statement_en", "statement_zh", "note", "seeds", "villages"),
    *("settings", "clauses", "breaks", "told", "from_helps"),
)
WORDS = ("label_en", "label_zh")
TESTS = ("above", "below", "not_all", "between", "every_week", "within", "same", "equal")
BUSY = "busy_on_time"  # figures that only villages show: see desks.py
WHOLE = ""  # the change that is none


@dataclass(frozen=True, slots=True)
class Law:
    """One law: what it says, what is run, and how it is judged."""

    id: str
    number: int
    must_hold: bool
    label: Mapping[str, str]
    statement: Mapping[str, str]
    note: str
    seeds: int | None
    villages: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]
    clauses: Mapping[str, Mapping[str, Any]]
    breaks: Mapping[str, Mapping[str, Any]]
    told: Mapping[str, Mapping[str, Any]]

    def change(self, name: str) -> Mapping[str, Any]:
        """What a knock-out changes in every setting; nothing for the law itself."""
        return {} if name == WHOLE else self.breaks[name]["change"]

    def concerned(self, change: str) -> list[str]:
        """The clauses that a knock-out must break; all for the law itself."""
        return list(self.clauses) if change == WHOLE else list(self.breaks[change]["clauses"])

    def built(self, name: str, change: str, residents: int) -> Setting:
        """A setting at the modes of the priors, with a knock-out's change. Raises SettingError."""
        given = {"residents": residents, **merged(self.settings[name], self.change(change))}
        return setting_from_sources([(f"{self.id}.yaml, settings.{name}", expanded(given))])


def read_laws(folder: Path | None = None) -> dict[str, Law]:
    """Every law of a folder by id, in the order of their numbers. Raises SettingError."""
    paths = [path for path in yaml_files(folder or FOLDER) if path.stem not in (CHANGES, LOOPS)]
    found = [_law(path) for path in paths]
    return {law.id: law for law in sorted(found, key=lambda law: law.number)}


def _law(path: Path) -> Law:
    origin = place_name(path)
    given = read_yaml(path)
    known_keys(given, KEYS, origin)
    if given.get("from_helps"):
        given = {**given, **from_helps()}
    law = Law(
        path.stem,
        given["number"],
        given["must_hold"],
        {"en": given["label_en"], "zh": given["label_zh"]},
        {"en": given["statement_en"], "zh": given["statement_zh"]},
        given.get("note", ""),
        given.get("seeds"),
        given.get("villages", {}),
        given["settings"],
        given["clauses"],
        given.get("breaks", {}),
        given.get("told", {}),
    )
    for name, clause in law.clauses.items():
        if not set(TESTS) & clause.keys():
            raise SettingError(f"{origin}, clauses.{name}: no test, one of {', '.join(TESTS)} expected")
    for name, clause in (*law.clauses.items(), *law.told.items()):
        for setting in settings_of(clause):
            if setting not in law.settings:
                raise unknown(origin, f"{name}.{setting}", "setting of this file", law.settings)
        for figure in figures_of(clause):
            if plain(figure) not in INDICATORS and figure != BUSY:
                raise unknown(origin, f"{name}.of {figure}", "indicator", INDICATORS)
    for name, knock_out in law.breaks.items():
        for clause in knock_out["clauses"]:
            if clause not in law.clauses:
                raise unknown(origin, f"breaks.{name}.{clause}", "clause of this file", law.clauses)
    return law


# ---------------------------------------------------------------- what a clause names


def settings_of(clause: Mapping[str, Any]) -> list[str]:
    """The settings that a clause names, each once."""
    found: list[str] = list(clause.get("at", ()))
    for part in _parts(clause):
        found += list(part.get("sum", ()))
    if isinstance(clause.get("by"), Mapping) and "of" not in clause["by"]:
        found += list(clause["by"])
    for key in ("between", "same"):
        found += [value for value in clause.get(key, {}).values() if isinstance(value, str)]
    if "every_week" in clause:
        found.append(clause["every_week"]["at"])
    return list(dict.fromkeys(found))


def figures_of(clause: Mapping[str, Any]) -> list[str]:
    """The figures that a clause names, each once."""
    found: list[str] = []
    for part in _parts(clause):
        of = part.get("of", ())
        found += [of] if isinstance(of, str) else of
    if "every_week" in clause:
        found.append(clause["every_week"]["where"])
    return list(dict.fromkeys(found))


def _parts(clause: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The clause and all that stands in it with figures of its own."""
    yield clause
    yield from clause.get("terms", ())
    yield from clause.get("not_all", ())
    for one in (clause["equal"][key] for key in ("one", "other") if "equal" in clause):
        yield one
        yield one["by"]


def plain(name: str) -> str:
    """A figure's name without its period."""
    return name.removesuffix("__year1").removesuffix("__baseline")


def weekly_settings(law: Law, clauses: Iterable[str]) -> set[str]:
    """Settings whose weekly paths some clauses ask for."""
    return {name for id in clauses if "every_week" in law.clauses[id] for name in settings_of(law.clauses[id])}


# ---------------------------------------------------------------- settings


def merged(given: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A setting with a change applied to it, group by group."""
    found = dict(given)
    for key, value in change.items():
        inner = found.get(key)
        found[key] = merged(inner, value) if isinstance(value, Mapping) and isinstance(inner, Mapping) else value
    return found


def expanded(given: Mapping[str, Any]) -> dict[str, Any]:
    """A setting as an experiment would write it: the package measure by measure."""
    found = dict(given)
    if "package" in found:
        whole = found.pop("package")
        found["measures"] = {**dict.fromkeys(MEASURES, whole), **found.get("measures", {})}
    return found


# ---------------------------------------------------------------- the way in of every measure

HELP_KEYS = ("route_en", "route_zh", "indicator", "better", "route", "beside", "best_en", "best_zh", "best", "outcome")


def read_helps(folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """What a measure should move, by which route, and where it should help most, one file each."""
    found = {}
    paths = {path.stem: path for path in yaml_files(folder or HELPS)}
    for id, path in paths.items():
        if id not in MEASURES:
            raise unknown(place_name(path), id, "measure", MEASURES)
    for id in (id for id in MEASURES if id in paths):
        path = paths[id]
        given = read_yaml(path)
        known_keys(given, HELP_KEYS, place_name(path))
        if given["better"] not in ("higher", "lower"):
            raise SettingError(f"{place_name(path)}, better: {given['better']!r} given, higher or lower expected")
        found[id] = given
    return found


def with_and_without(id: str, given: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> Sequence[dict]:
    """A measure's setting without it and with it, what stands beside it in both, and departures if any."""
    without = {**(more or {}), "measures": dict(given.get("beside", {}))}
    return without, {**without, "measures": {**without["measures"], id: 1.0}}


def from_helps() -> dict[str, Any]:
    """Settings, clauses and knock-outs of the law that each measure works by its own route."""
    settings: dict[str, Any] = {}
    clauses: dict[str, Any] = {}
    breaks: dict[str, Any] = {}
    for id, given in read_helps().items():
        measure = MEASURES[id]
        names = f"{id}_without", f"{id}_with"
        settings.update(zip(names, with_and_without(id, given), strict=True))
        labels = dict(zip(WORDS, (measure.label_en, measure.label_zh), strict=True))
        clauses[id] = {
            **labels,
            "of": given["indicator"],
            "sum": {names[1]: 1, names[0]: -1},
            ("above" if given["better"] == "higher" else "below"): 0,
        }
        breaks[id] = {**labels, "clauses": [id], "change": {"knock_out": given["route"]}}
    return {"settings": settings, "clauses": clauses, "breaks": breaks}
